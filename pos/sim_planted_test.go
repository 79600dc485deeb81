//go:build planted

package pos_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// edit is a text of a file, and what stands there instead.
type edit struct{ file, right, wrong string }

// planted are defects as people make them. Each is put into a copy of the
// source that nothing but the test sees.
var planted = []struct {
	name  string
	edits []edit
}{
	{"a time-out means declined", []edit{{"watch.go", "class := paypay.ClassOf(err)", `class := paypay.ClassOf(err)
	if e, ok := errors.AsType[*paypay.Error](err); ok && e.Status == 0 {
		class = paypay.Failed
	}`}}},
	{"a 5xx means declined", []edit{{"watch.go", "class := paypay.ClassOf(err)", `class := paypay.ClassOf(err)
	if e, ok := errors.AsType[*paypay.Error](err); ok && e.Status >= 500 {
		class = paypay.Failed
	}`}}},
	{"the intent is written after the request", []edit{{"record.go", "	if _, err := r.journal.Append(ctx, c); err != nil {", `	if e.Kind == Charged || e.Kind == Recharged {
		r.work.Go(func() {
			<-time.After(time.Second)
			_, _ = r.journal.Append(context.WithoutCancel(ctx), c)
		})
		return nil
	}
	if _, err := r.journal.Append(ctx, c); err != nil {`}}},
	{"a deletion that was sent means closed", []edit{
		{"watch.go", "	case unsaid(err):\n		w.failed(err, w.pauseAfter(err))\n		return\n	case paypay.CodeOf(err) == paypay.CodeNotFound:", "	case paypay.CodeOf(err) == paypay.CodeNotFound:"},
		{"apply.go", "a.Deletion = Deletion(e.Done)", "a.State = Closed"},
	}},
	{"a deletion that was answered means closed", []edit{{"apply.go", "a.Deletion = Deletion(e.Done)", "a.State = Closed"}}},
	{"nothing is taken up at the start", []edit{{"register.go", "	r.resume()\n	r.work.Go(r.keep)", "	r.work.Go(r.keep)"}}},
	{"our clock alone says expired", []edit{
		{"apply.go", "		if n.Status == NotFound && !now.Before(a.ExpiresAt) {\n			a.Cause = ByExpiry\n			return a.ended(now)", "		if !now.Before(a.ExpiresAt) {\n			a.State = Expired\n			return a"},
		{"event.go", "return e.At.Add(e.Skew)", "return e.At"},
	}},
	{"a refund is repeated under another id", []edit{{"modify.go", "	r, err := w.r.gateway.Refund(ctx, m.refund(a))", `	request := m.refund(a)
	if w.m.doubtful {
		request.MerchantRefundID += "-again"
	}
	r, err := w.r.gateway.Refund(ctx, request)`}}},
	{"a late payment is dropped", []edit{{"apply.go", "		a.Late = true\n		return a.took(n, e)\n	case !a.Watched:", "		a.Watched = false\n		return a, nil\n	case !a.Watched:"}}},
	{"another code while the first is unknown", []edit{
		{"sale.go", "	case Requested, Unknown, Live, Closing:\n		return true\n	case Lost, Held,", "	case Requested, Live, Closing:\n		return true\n	case Unknown, Lost, Held,"},
	}},
	{"what the cashier has left is not followed", []edit{{"watch.go", "		if !ok || !known {\n			if w.atRest() {", "		if !ok || !known || s.Left {\n			return\n		}\n		if !ok || !known {\n			if w.atRest() {"}}},
	{"the amount of an answer is believed", []edit{
		{"answer.go", "	took := took(p.Status, true)\n", "	took := took(p.Status, true)\n	if took {\n		return true\n	}\n"},
		{"apply.go", `n.PaymentID == "" || Yen(n.Amount) != a.Amount && !a.Hold`, `n.PaymentID == ""`},
		{"apply.go", "a.State, a.Taken = Paid, a.Amount", "a.State, a.Taken = Paid, Yen(n.Amount)"},
	}},
	{"a cancel is sent to a live code", []edit{{"watch.go", "err := w.r.gateway.DeleteCode(ctx, a.CodeID)", "err := w.r.gateway.CancelPayment(ctx, w.attempt)"}}},
	{"a capture is repeated under the same id", []edit{{"modification.go", `return fmt.Sprintf("%s-%d", m.ID, m.Try) }`, `return m.ID + "-1" }`}}},
	{"a refusal is believed after a try that was not answered", []edit{{"modify.go", "	case !w.m.doubtful:", "	case true:"}}},
	{"the screen says what could not be written", []edit{{"record.go", "	if err := r.append(ctx, e, c); err != nil {\n		return s, err\n	}", "	_ = r.append(ctx, e, c)"}}},
	{"a write that failed is no trouble", []edit{{"record.go", "if errors.Is(err, store.ErrTrouble) {", "if errors.Is(err, store.ErrTrouble) && c.Sale == nil {"}}},
	{"PayPay's pause is not kept", []edit{{"status.go", "return c.Pause - max", "return 0*c.Pause - max"}}},
	{"PayPay's pause is cut short by a tenth", []edit{{"status.go", "return c.Pause - max", "return c.Pause/10*9 - max"}}},
	{"accepted is taken for done", []edit{{"modify.go", "		to, err = Accepted, w.r.gateway.CancelPayment(ctx, a.ID)", "		to, err = Carried, w.r.gateway.CancelPayment(ctx, a.ID)"}}},
	{"nobody is told of a late payment", []edit{{"task.go", "		case a.undecided():", "		case false:"}}},
	{"nobody is told of a refusal", []edit{{"task.go", "		for _, m := range a.refusals() {\n			t := add", "		for _, m := range a.refusals()[:0] {\n			t := add"}}},
	{"nobody is told that a hold was let go instead of taken", []edit{{"task.go", "	case Lapsed, Cancelled, Reverted: // the", "	case Lapsed, Cancelled: // the"}}},
	{"nobody is told of what was given back twice", []edit{{"claim.go", "c.given() <= seen {", "c.given() <= seen+1 {"}}},
	{"what was given back after all is called refused", []edit{{"claim.go", "		if !m.State.ended() {\n			return Modification{}, false\n		}\n		if !m.Outside {", "		if m.State == Asked {\n			return Modification{}, false\n		}\n		if m.State == Denied && !m.Outside {"}, {"claim.go", "return newest, is && c.given() == 0", "return newest, is && !c.dropped()"}}},
	{"a restored journal goes on with its own numbers", []edit{{"gap.go", "g.Number = r.number + max(seconds, lost.Missing) + spareNumbers", "g.Number = r.number"}}},
	{"a restored journal is not looked up again", []edit{{"review.go", "			if g.Again != again || g.Below == 1 {", "			if true {"}}},
	{"a capture takes what was held", []edit{{"modification.go", "a.State, a.Taken, a.OnHold, a.PaidAt = Paid, m.Amount, 0, m.DoneAt", "a.State, a.Taken, a.OnHold, a.PaidAt = Paid, a.Amount, 0, m.DoneAt"}}},
}

// TestPlanted is the test of the test: each defect has to be found within
// 5,000 sales.
func TestPlanted(t *testing.T) {
	t.Parallel()
	for _, d := range planted {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			program := filepath.Join(folder, "pos.test")
			build := exec.CommandContext(t.Context(), "go", "test", "-c", "-overlay", overlay(t, folder, d.edits), "-o", program, ".")
			if out, err := build.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			// One seed after another, of those that repeat, so that it is the same
			// seed on every machine.
			out, err := exec.CommandContext(t.Context(), program, "-test.run=TestSim$", "-test.cpu=1", "-sim.exact", "-sim.sales=5000", "-sim.seed=0").CombinedOutput()
			if err == nil {
				t.Fatal("not found within 5,000 sales")
			}
			law := regexp.MustCompile(`I\d+: [^\n]*`).Find(out)
			seed := regexp.MustCompile(`-sim\.seed=(\d+)`).FindSubmatch(out)
			if law == nil || seed == nil {
				t.Fatalf("not found by a law:\n%s", out)
			}
			n, err := strconv.ParseUint(string(seed[1]), 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			sales := 0
			for s := range n + 1 {
				if repeats(s) {
					sales += salesOfSeed
				}
			}
			t.Logf("%s within %d sales: %s", d.name, sales, law)
		})
	}
}

// overlay is a file by which the compiler takes the edited sources.
func overlay(t *testing.T, folder string, edits []edit) string {
	t.Helper()
	replace := map[string]string{}
	for i, e := range edits {
		from, err := filepath.Abs(e.file)
		if err != nil {
			t.Fatal(err)
		}
		read := from
		if edited, again := replace[from]; again {
			read = edited
		}
		b, err := os.ReadFile(read)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Count(string(b), e.right) != 1 {
			t.Fatalf("%s has %d times %q", e.file, strings.Count(string(b), e.right), e.right)
		}
		replace[from] = filepath.Join(folder, strconv.Itoa(i)+".go")
		if err := os.WriteFile(replace[from], []byte(strings.Replace(string(b), e.right, e.wrong, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(folder, "overlay.json")
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}
