package ui_test

import (
	"context"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"example.jp/reji/pos"
	"example.jp/reji/store"
)

var (
	faultKills = flag.Int("faults.kills", 2, "how often TestFaults kills the till in the middle of sales")
	faultCalls = flag.Int("faults.calls", 0, "how many system calls of the till it makes fail (with strace)")
	faultSeed  = flag.Uint64("faults.seed", 1, "which ones")
)

// fault is what happens to a till while it sells.
type fault struct {
	name string
	kill func(step string) (after time.Duration, now bool) // whether the till is killed when it has come to a step, and how long after
	call string                                            // strace's injection, of which there is one in the till's life or one in each thread's
	old  bool                                              // the till has been open before, and has a journal
	slow bool                                              // PayPay makes codes and takes a while to say so
	pays bool                                              // the customer pays what is still on the screen of a till that is gone
	does [2]deed                                           // with the money of each of the two sales
}

// deed is what a cashier does with a payment, key by key.
type deed struct {
	name  string
	hold  bool // the amount is held first
	types []keystroke
	sees  string // when it is done
}

// keystroke is what is typed when something has come on the screen: a number,
// and then a key.
type keystroke struct{ sees, number, key string }

// deeds are what can be done with a payment. The last key of each sets it in
// motion.
var deeds = []deed{
	{name: "sell", sees: "P A I D"},
	{name: "cancel", types: []keystroke{
		{"P A I D", "", "b"}, {`How much\?`, "", "\r"}, {"wrong amount", "", "\r"}, {"Cancel the payment of", "", "b"},
	}, sees: "Cancelled"},
	{name: "refund", types: []keystroke{
		{"P A I D", "", "b"},
		{`How much\?`, "", "3"},
		{"Amount to give back", "300", "\r"},
		{"The same amount once more", "300", "\r"},
		{"wrong amount", "", "\r"},
		{"Refund ¥300", "", "b"},
	}, sees: "Refund accepted|Refunded"},
	{name: "capture", hold: true, types: []keystroke{
		{"PayPay holds this", "", "k"}, {"Type an amount", "400", "\r"}, {"Capture ¥400", "", "k"},
	}, sees: "P A I D"},
	{name: "revert", hold: true, types: []keystroke{
		{"PayPay holds this", "", "x"}, {"Let go of ¥", "", "x"},
	}, sees: "Hold let go"},
}

// changes are the calls by which the deeds are done.
var changes = []string{"v2_cancelPayment", "v2_createRefundPayment", "v2_captureAuthorizedOrder", "v2_revertAuthorizedOrder"}

// twoDeeds are any two, and often just sales.
func twoDeeds(r *rand.Rand) (two [2]deed) {
	for i := range two {
		two[i] = deeds[max(r.IntN(len(deeds)+1)-1, 0)]
	}
	return two
}

func (f fault) String() string { return f.name + ", " + f.does[0].name + ", " + f.does[1].name }

// TestFaults ends or hurts the till while it sells, holds, takes and gives back,
// and starts it anew. Within two seconds the sale is back, as PayPay's books have
// it, and soon screen, journal and books say the same: nothing is taken or given
// back twice, nothing that was paid is lost, and of nothing it is unknown how it
// ended.
func TestFaults(t *testing.T) {
	t.Parallel()
	p := build(t)
	p.traced(t)
	for _, does := range [][2]deed{{deeds[1], deeds[3]}, {deeds[2], deeds[4]}} {
		f := fault{name: "unhurt", does: does, kill: func(string) (time.Duration, bool) { return 0, false }}
		t.Run(f.String(), func(t *testing.T) {
			t.Parallel()
			p.hurt(t, f)
		})
	}
	for i := range *faultKills {
		f := randomKill(rand.New(rand.NewPCG(*faultSeed, uint64(i))))
		t.Run(fmt.Sprintf("kill %d %s", i, f), func(t *testing.T) {
			t.Parallel()
			p.hurt(t, f)
		})
	}
	for i := range *faultCalls {
		f := failingCall(i, rand.New(rand.NewPCG(*faultSeed, uint64(i)|1<<32)))
		t.Run(fmt.Sprintf("call %d %s", i, f), func(t *testing.T) {
			t.Parallel()
			p.hurt(t, f)
		})
	}
}

// The steps of a sale at which something can be made to happen: the code is asked
// for, paid, the money is moved on, that is on the screen, and the next customer
// comes.
var steps = []string{"start", "F9", "pay", "change", "change", "change", "change", "changed", "Enter"}

// randomKill kills at any moment of two sales, and as often just after
// something was set in motion, when most is under way.
func randomKill(r *rand.Rand) fault {
	f := fault{old: r.IntN(2) == 0, pays: r.IntN(2) == 0, does: twoDeeds(r)}
	step, nth, after := "start", 1, time.Duration(r.IntN(14_000))*time.Millisecond
	if r.IntN(3) > 0 {
		step, nth, after = steps[r.IntN(len(steps))], 1+r.IntN(2), time.Duration(r.IntN(60_000))*time.Microsecond
	}
	if step == "change" {
		f.does[0], nth = deeds[1+r.IntN(len(deeds)-1)], 1
	}
	if (step == "F9" || step == "change") && r.IntN(3) > 0 {
		f.slow, after = true, 5*after
	}
	f.name = fmt.Sprintf("%v after %s %d", after, step, nth)
	f.kill = func(s string) (time.Duration, bool) {
		if s == step {
			nth--
		}
		return after, s == step && nth == 0
	}
	return f
}

// injections are the calls that are made to fail, and how.
var injections = []struct {
	calls string
	how   []string
	most  int // times that a thread makes them in two sales
}{
	{"pwrite64", []string{"signal=KILL", "error=EIO", "error=ENOSPC"}, 150},
	{"fsync", []string{"signal=KILL", "error=EIO", "error=ENOSPC"}, 20},
	{"ftruncate", []string{"signal=KILL", "error=EIO", "error=ENOSPC"}, 4},
	{"write", []string{"signal=KILL", "error=EIO", "error=ENOSPC"}, 60},
	{"connect", []string{"signal=KILL", "error=ECONNREFUSED", "error=ENETUNREACH"}, 3},
	{"open,openat", []string{"signal=KILL", "error=EIO", "error=ENOSPC", "error=EMFILE"}, 50},
	{"renameat", []string{"signal=KILL", "error=EIO", "error=ENOSPC"}, 3},
	{"unlink,unlinkat", []string{"signal=KILL", "error=EIO"}, 8},
	{"read,pread64", []string{"signal=KILL", "error=EIO"}, 90},
}

// failingCall makes the n-th of some calls fail, or each from the n-th on.
func failingCall(i int, r *rand.Rand) fault {
	kind := injections[i%len(injections)]
	how := kind.how[i/len(injections)%len(kind.how)]
	when := strconv.Itoa(1 + min(r.IntN(kind.most), r.IntN(kind.most)))
	if !strings.HasPrefix(how, "signal") && r.IntN(2) == 0 {
		when += "+"
	}
	call := kind.calls + ":" + how + ":when=" + when
	f := fault{name: strings.ReplaceAll(call, ":", " "), call: call, old: r.IntN(3) > 0, pays: r.IntN(2) == 0, does: twoDeeds(r)}
	f.kill = func(string) (time.Duration, bool) { return 0, false }
	return f
}

func (p program) hurt(t *testing.T, f fault) {
	t.Helper()
	paypay, home := p.serve(t, "--cancel-delay", "100ms", "--refund-delay", "500ms"), t.TempDir()
	lookOften(t, home)
	if f.old {
		till := p.open(t, home, paypay.sandbox()...)
		till.await("Ready for the next", soon)
		till.kill()
	}
	env := paypay.sandbox()
	if f.slow {
		for _, operation := range append([]string{"v2_createDynamicQRCode"}, changes...) {
			paypay.fault(operation, "delay-after", map[string]any{"delay": "250ms"})
		}
	}
	hurt := p
	if f.call != "" {
		calls, _, _ := strings.Cut(f.call, ":")
		hurt, env = program{p.path + "-traced"}, append(env, "CALLS="+calls, "INJECT="+f.call)
	}
	shows := hurt.open(t, home, env...).sells(paypay, f)
	paypay.call(http.MethodDelete, "/simulator/faults", nil, nil)
	if f.pays && regexp.MustCompile(waiting).MatchString(shows) {
		paypay.customer()
	}

	till := p.open(t, home, paypay.sandbox()...)
	till.agrees(paypay)
	till.settles(paypay, home)
	till.kill()
	out, err := p.command(t, append([]string{"HOME=" + home, "REJI_LANG=en"}, paypay.sandbox()...), "journal", "verify").CombinedOutput()
	if err != nil {
		t.Fatalf("the journal: %v\n%s", err, out)
	}
}

// lookOften has the tills of a home look at what is open as often as they may.
func lookOften(t *testing.T, home string) {
	t.Helper()
	settings := filepath.Join(home, ".config", "reji", "config.toml")
	if err := os.MkdirAll(filepath.Dir(settings), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(settings, []byte("poll_seconds = 2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// traced writes the program that runs ours and makes its calls fail, as the
// environment says. The calls are counted by thread, so the fewer the better.
func (p program) traced(t *testing.T) {
	t.Helper()
	script := `#!/bin/sh
export GOMAXPROCS=1
exec strace -f -qqq -o /dev/null --seccomp-bpf -e signal=none -e trace="$CALLS" -e inject="$INJECT" "${0%-traced}" "$@"
`
	if err := os.WriteFile(p.path+"-traced", []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
}

// shut ends the till and whoever traces it, at once.
func (l *till) shut() {
	_ = syscall.Kill(-l.cmd.Process.Pid, syscall.SIGKILL)
	l.kill()
}

// sells makes two sales, or as much of them as a till comes to that is being
// hurt, and gives what its screen showed last.
func (l *till) sells(s *service, f fault) string {
	l.Helper()
	defer l.shut()
	l.Cleanup(func() { _ = syscall.Kill(-l.cmd.Process.Pid, syscall.SIGKILL) })
	at := func(step string) {
		if after, now := f.kill(step); now {
			time.AfterFunc(after, func() { _ = syscall.Kill(-l.cmd.Process.Pid, syscall.SIGKILL) })
		}
	}
	at("start")
	for i, price := range []string{"1280", "650"} {
		if !l.sell(s, price, f.does[i], at) {
			if f.name == "unhurt" {
				l.Errorf("the till does not come to the end of %s:\n%s", f.does[i].name, l.term.String())
			}
			break
		}
	}
	if _, now := f.kill("end"); !now && f.call == "" { // the moment is still to come
		select {
		case <-l.gone:
		case <-time.After(time.Second):
		}
	}
	return l.term.String()
}

// sell makes one sale, does something with its money, and turns to the next
// customer. It reports whether the till came so far.
func (l *till) sell(s *service, price string, d deed, at func(string)) bool {
	l.Helper()
	charge := map[bool]string{false: "\x1b[20~", true: "\x1b[21~"}[d.hold] // F9, F10
	if !l.comesTo("Ready for the next") || !l.types(price, "\r") || !l.types("", charge) {
		return false
	}
	at("F9")
	if !l.comesTo(waiting) {
		return false
	}
	s.customer()
	at("pay")
	for i, k := range d.types {
		if !l.comesTo(k.sees) {
			return false
		}
		if i == len(d.types)-1 {
			<-time.After(unpressed) // the question may have come up by the same key
		}
		if !l.types(k.number, k.key) {
			return false
		}
		if i == len(d.types)-1 {
			at("change")
		}
	}
	if !l.comesTo(d.sees) {
		return false
	}
	at("changed")
	if !l.types("", "\r") {
		return false
	}
	at("Enter")
	return true
}

// unpressed is how long a key must not have come before it answers a question.
const unpressed = 1100 * time.Millisecond

// waiting is what a screen says while its code can be paid.
const waiting = "Waiting for payment|Waiting for the hold"

// stuck is how long a till that is hurt may show the same thing.
const stuck = 4 * time.Second

// comesTo waits until the screen matches, and reports whether it did before the
// till ended or nothing more was to be expected.
func (l *till) comesTo(pattern string) bool {
	match := regexp.MustCompile(pattern)
	timeout := time.NewTimer(stuck)
	defer timeout.Stop()
	for !match.MatchString(l.term.String()) {
		select {
		case <-l.drawn:
		case <-l.gone:
			return false
		case <-timeout.C:
			return false
		}
	}
	return true
}

// types types a number, and then a key after a person's pause.
func (l *till) types(number, key string) bool {
	for _, digit := range number {
		<-time.After(60 * time.Millisecond)
		if _, err := l.tty.WriteString(string(digit)); err != nil {
			return false
		}
	}
	<-time.After(pace)
	_, err := l.tty.WriteString(key)
	return err == nil
}

// books are PayPay's.
type books struct {
	Taken    int64     `json:"taken"`
	Payments []payment `json:"payments"`
	Calls    []struct {
		Operation         string `json:"operation"`
		MerchantPaymentID string `json:"merchantPaymentId"`
		BodyHash          string `json:"bodyHash"`
	} `json:"calls"`
}

type payment struct {
	MerchantPaymentID string    `json:"merchantPaymentId"`
	CodeID            string    `json:"codeId"`
	Amount            int64     `json:"amount"`
	Held              int64     `json:"held"`
	Refunded          int64     `json:"refunded"`
	Refunding         int64     `json:"refunding"`
	Status            string    `json:"status"`
	Deleted           bool      `json:"deleted"`
	CancelAccepted    bool      `json:"cancelAccepted"`
	HeldAt            time.Time `json:"heldAt"`
	PaidAt            time.Time `json:"paidAt"`
}

// kept is what the shop has of a payment.
func (p payment) kept() int64 {
	if p.PaidAt.IsZero() || p.Status == "FAILED" {
		return 0
	}
	return p.Amount - p.Refunded - p.Refunding
}

func (s *service) books() books {
	s.Helper()
	var b books
	s.call(http.MethodGet, "/simulator/state", nil, &b)
	return b
}

// customer pays what can be paid.
func (s *service) customer() {
	s.Helper()
	for _, p := range s.books().Payments {
		if p.Status == "CREATED" && !p.Deleted && !p.CancelAccepted {
			s.call(http.MethodPost, "/simulator/codes/"+p.CodeID+"/pay", nil, nil)
		}
	}
}

var saleOf = regexp.MustCompile(`^R1-\d{8}-(\d{6})-`)

// agrees waits until the screen says what is in PayPay's books, and fails if that
// took longer than a till that was killed may be away. The time for which till
// and simulator stood in line for a processor does not count: a machine with a
// hundred other things to do is not what is tested.
func (l *till) agrees(s *service) {
	l.Helper()
	began, before := time.Now(), queued(s.cmd.Process.Pid)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		b, screen := s.books(), l.term.String()
		took := time.Since(began)
		if expected(b).MatchString(flat(screen)) {
			stood := queued(l.cmd.Process.Pid) + queued(s.cmd.Process.Pid) - before
			if took-stood > resume {
				l.Errorf("the screen came to what PayPay says after %v, %v of them in line", took, stood)
			}
			return
		}
		if took > soon {
			l.Fatalf("the screen does not come to %q; PayPay has %+v:\n%s", expected(b), b.Payments, screen)
		}
		select {
		case <-tick.C:
		case <-l.drawn:
		case <-l.gone:
			l.Fatalf("the till does not start:\n%s", screen)
		}
	}
}

// settles waits until what was being asked of PayPay has ended, and screen,
// journal and PayPay's books say the same.
func (l *till) settles(s *service, home string) {
	l.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for began := time.Now(); ; {
		screen := l.term.String()
		wrong := compare(replayed(l, home), screen, s.books())
		if len(wrong) == 0 {
			return
		}
		if time.Since(began) > soon {
			l.Errorf("%s\non the screen:\n%s", strings.Join(wrong, "\n"), screen)
			return
		}
		select {
		case <-tick.C:
		case <-l.gone:
			l.Fatalf("the till ended:\n%s", screen)
		}
	}
}

// queued is how long a process's threads were ready to run and did not.
func queued(pid int) time.Duration {
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	var sum time.Duration
	for _, name := range threads {
		b, _ := os.ReadFile(name)
		if f := strings.Fields(string(b)); len(f) == 3 {
			ns, _ := strconv.ParseInt(f[1], 10, 64)
			sum += time.Duration(ns)
		}
	}
	return sum
}

func flat(screen string) string { return strings.ReplaceAll(screen, "\n", " ") }

// expected is what a screen may say by PayPay's books alone: it shows the last
// sale, or what is being done with its money, or a later one that PayPay was
// never reached about, or the cashier has turned away from it.
func expected(b books) *regexp.Regexp {
	const none = `Ready for the next|No code.*Nothing (is|was) (charged|held)`
	if len(b.Payments) == 0 {
		return regexp.MustCompile(none)
	}
	last := b.Payments[len(b.Payments)-1]
	number := saleOf.FindStringSubmatch(last.MerchantPaymentID)[1]
	over := `|Ready for the next|No\.` + next(number) + `.*No code`
	switch {
	case !last.PaidAt.IsZero():
		return regexp.MustCompile(`(P A I D|was given back).*Receipt +` + number + `|` + number + `.*(Asking PayPay|Cancel|Refund|Asking for the capture|Capture not known)` + over)
	case !last.HeldAt.IsZero():
		return regexp.MustCompile(`(Held|Hold|Asking to let go|Asking for the capture|not known).*No\.` + number + over)
	case last.Status == "CREATED" && !last.CancelAccepted:
		return regexp.MustCompile(`No\.` + number + `.*(` + waiting + `)`)
	}
	return regexp.MustCompile(`No\.` + number + `.*No code`)
}

func next(number string) string {
	n, _ := strconv.Atoi(number)
	return fmt.Sprintf("%06d", n+1)
}

// compare holds the screen, the journal and PayPay's books against each other,
// and says what differs.
func compare(sales []pos.Sale, screen string, b books) (wrong []string) {
	differs := func(format string, about ...any) { wrong = append(wrong, fmt.Sprintf(format, about...)) }
	var unfinished pos.Sale
	known := map[string]pos.Attempt{}
	for _, s := range sales {
		if !s.Left {
			unfinished = s
		}
		brought := 0
		for _, a := range s.Attempts {
			known[a.ID] = a
			switch a.State {
			case pos.Paid, pos.Held:
				brought++
			case pos.Requested, pos.Unknown, pos.Closing:
				differs("attempt %s is %s at rest", a.ID, a.State)
			default:
			}
			for _, m := range a.Modifications {
				if !m.Outside && m.State == pos.Carried || m.Way == pos.WayRefund && m.State == pos.Accepted {
					continue
				}
				differs("the %s of %s is %s at rest, outside: %v", m.Way, a.ID, m.State, m.Outside)
			}
		}
		if brought > 1 {
			differs("sale %s was paid %d times", s.ID, brought)
		}
	}
	for _, p := range b.Payments {
		a, ok := known[p.MerchantPaymentID]
		if !ok {
			differs("PayPay has %s, and the journal nothing of it", p.MerchantPaymentID)
			continue
		}
		delete(known, p.MerchantPaymentID)
		want := pos.Lost
		switch {
		case p.Status == "CANCELED":
			want = pos.Reverted
		case !p.PaidAt.IsZero() && p.Status == "FAILED":
			want = pos.Cancelled
		case !p.PaidAt.IsZero() && p.kept() == 0:
			want = pos.Refunded
		case !p.PaidAt.IsZero():
			want = pos.Paid
		case p.Status == "AUTHORIZED":
			want = pos.Held
		case p.Status == "CREATED" && !p.CancelAccepted:
			want = pos.Live
		}
		onHold := int64(0)
		if want == pos.Held {
			onHold = p.Amount
		}
		if a.State != want || int64(a.Kept()) != p.kept() || int64(a.OnHold) != onHold {
			differs("PayPay has %+v, the journal %s, %d yen kept and %d held", p, a.State, a.Kept(), a.OnHold)
		}
	}
	for id, a := range known {
		if a.State != pos.Lost && a.State != pos.Refused {
			differs("the journal has %s as %s, and PayPay nothing", id, a.State)
		}
	}
	asked := map[string]string{}
	for _, c := range b.Calls {
		if c.Operation != "v2_createDynamicQRCode" && c.Operation != "v2_createRefundPayment" && c.Operation != "v2_revertAuthorizedOrder" {
			continue
		}
		of := c.Operation + " " + c.MerchantPaymentID // there is one of each
		if hash, ok := asked[of]; ok && hash != c.BodyHash {
			differs("%s was asked for with two contents", of)
		}
		asked[of] = c.BodyHash
	}
	want := "Ready for the next"
	if unfinished.ID != "" {
		want = map[pos.State]string{
			pos.Paid: "P A I D|was given back|Refund accepted|Refunded", pos.Live: waiting, pos.Lost: "No code", pos.Refused: "No code",
			pos.Held: "PayPay holds this", pos.Cancelled: "Cancelled", pos.Refunded: "Refunded|Refund accepted", pos.Reverted: "Hold let go",
		}[unfinished.Last().State]
	}
	if want == "" || !regexp.MustCompile(want).MatchString(screen) {
		differs("the journal has sale %d as %s, so the screen should say %q", unfinished.Number, unfinished.Last().State, want)
	}
	return wrong
}

// replayed are the sales that the only journal below a folder makes.
func replayed(t testing.TB, home string) []pos.Sale {
	t.Helper()
	var path string
	err := filepath.WalkDir(home, func(p string, _ fs.DirEntry, err error) error {
		if filepath.Base(p) == "journal.db" {
			path = p
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Inspect(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var ids []string
	entries := map[string][]store.Entry{}
	for e, err := range db.All(context.Background(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Sale == "" {
			continue
		}
		if entries[e.Sale] == nil {
			ids = append(ids, e.Sale)
		}
		entries[e.Sale] = append(entries[e.Sale], e)
	}
	var sales []pos.Sale
	for _, id := range ids {
		s, err := pos.Replay(entries[id])
		if err != nil {
			t.Fatal(err)
		}
		sales = append(sales, s)
	}
	return sales
}
