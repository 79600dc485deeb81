package pos_test

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"example.jp/reji/paypay"
	"example.jp/reji/paypay/simulator"
	"example.jp/reji/pos"
	"example.jp/reji/store"
)

// world is one seed's shop: a till that is killed and started again, a
// simulated PayPay, cashiers, customers, and the laws that watch them. It
// lives in a bubble of virtual time.
type world struct {
	*testing.T
	swarm

	service *simulator.Simulator
	laws    *laws
	calm    atomic.Bool // nothing goes wrong any more
	stopped atomic.Bool
	work    sync.WaitGroup
	folder  string

	mu      sync.Mutex // never held while anything waits
	till    *till      // nil while none runs
	db      *store.DB
	unclean bool // the journal was opened as a kill left it, and nobody has checked it since
	copies  int
	backup  string // the newest copy of the journal; empty when there is none
	counts  map[string]int
	touched map[string]time.Time
	step0   int  // of the history at hand, in TestCrashEverywhere
	killAt  int  // the step to be killed at; 0 is by chance
	killed  bool // that was done
	tally   map[string]int
	ids     int
	copied  int    // how often the journal was
	next    string // the key of the sale that is charged next

	offset  atomic.Int64    // the till's clock minus virtual time, when it is set
	ahead   atomic.Int64    // the most that was
	samples []time.Duration // PayPay's clock minus the till's, newest last
}

// till is one life of the till: from a start to a kill.
type till struct {
	number   int64
	register *pos.Register
	journal  *journal
	dead     atomic.Bool
	killed   chan struct{} // closed when it dies
	since    time.Time
	dying    bool // guarded by the world
}

// dies reports whether the till was killed.
func (t *till) dies() bool {
	select {
	case <-t.killed:
		return true
	default:
		return false
	}
}

// newWorld makes a shop with an empty journal, and opens it.
func newWorld(t *testing.T, s swarm, folder string) *world {
	t.Helper()
	w := &world{
		T: t, swarm: s, folder: folder,
		counts: map[string]int{}, touched: map[string]time.Time{}, tally: map[string]int{},
	}
	wait(s.begins)
	config := s.config
	config.Now = func() time.Time { return time.Now().Add(s.skew) }
	var err error
	if w.service, err = simulator.New(config); err != nil {
		t.Fatal(err)
	}
	w.laws = newLaws(t.Errorf, w.service.State, s.poll)
	files, err := emptyJournal()
	for name, content := range files {
		err = cmp.Or(err, put(filepath.Join(folder, "0", name), content))
	}
	if err != nil {
		t.Fatal(err)
	}
	if w.db, err = store.Open(t.Context(), filepath.Join(folder, "0", "journal.db")); err != nil {
		t.Fatal(err)
	}
	return w
}

// emptyJournal are the files of a journal that has been opened once: to write
// them is a tenth of the work of making them.
var emptyJournal = sync.OnceValues(func() (map[string][]byte, error) {
	folder, err := os.MkdirTemp(memory(), "reji-empty-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	db, err := store.Open(context.Background(), filepath.Join(folder, "journal.db"))
	if err == nil {
		err = db.Close()
	}
	if err != nil {
		return nil, err
	}
	return contents(folder)
})

// contents are the files in a folder.
func contents(folder string) (map[string][]byte, error) {
	files, err := os.ReadDir(folder)
	got := map[string][]byte{}
	for _, f := range files {
		b, unread := os.ReadFile(filepath.Join(folder, f.Name()))
		got[f.Name()], err = b, cmp.Or(err, unread)
	}
	return got, err
}

func put(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o600)
}

// wait lets virtual time pass.
func wait(d time.Duration) {
	if d > 0 {
		<-time.After(d)
	}
}

// now is the till's clock.
func (w *world) now() time.Time {
	return time.Now().Add(time.Duration(w.offset.Load())).In(w.zone)
}

// set sets the till's clock.
func (w *world) set(offset time.Duration) {
	w.offset.Store(int64(offset))
	w.ahead.Store(max(w.ahead.Load(), int64(offset)))
	w.laws.stepped()
}

// setBack is by how much the till's clock may be behind what it has shown before.
func (w *world) setBack() time.Duration {
	return time.Duration(w.ahead.Load() - w.offset.Load())
}

// key is an id without what differs between runs of one history: the date, the
// receipt number and the run.
func key(id string) string {
	parts := strings.SplitN(id, "-", 4)
	if len(parts) < 4 {
		return id
	}
	sale, rest, _ := strings.Cut(parts[3], "-")
	sale, _, _ = strings.Cut(sale, "run")
	return sale + "-" + rest
}

// count is how often something was done before about an id, and what the id is
// called in decisions.
func (w *world) count(what, verb string, ids ...string) (string, int) {
	id := cmp.Or(ids...)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tally[verb]++
	k := what + verb + id
	n := w.counts[k]
	w.counts[k]++
	return key(id), n
}

func (w *world) touch(about string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.touched[about] = time.Now()
}

func (w *world) touchedAt(about string) time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.touched[about]
}

// paymentOf is the merchant's id of a payment.
func (w *world) paymentOf(is func(simulator.Payment) bool) string {
	for _, p := range slices.Backward(w.service.State().Payments) {
		if is(p) {
			return p.MerchantPaymentID
		}
	}
	return ""
}

// step is a moment at which the till may be killed, and reports whether it was.
func (w *world) step(t *till, what, key string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	k := "step" + what + key
	n := w.counts[k]
	w.counts[k]++ // also of one that is dead already: which of two steps comes first at one moment is nobody's choice
	if t.dead.Load() {
		return true
	}
	w.step0++
	kill := false
	switch {
	case w.killAt > 0:
		// Now and then once more while it recovers.
		kill = w.step0 == w.killAt || w.killAt%3 == 0 && w.step0 == w.killAt+1+w.killAt%5
	case w.calm.Load():
	case t.number > 1 && time.Since(t.since) < time.Second: // while it recovers
		kill = w.dice.chance(min(4*w.crash, 0.2), n, "kill", what, key)
	default:
		kill = w.dice.chance(w.crash, n, "kill", what, key)
	}
	if !kill {
		return false
	}
	w.killed = true
	w.tally["killed "+what]++
	w.trace(key, "killed %s", what)
	if strings.HasSuffix(what, "call") { // else whatever else is written at this moment is
		t.dead.Store(true)
	}
	if !t.dying {
		t.dying = true
		close(t.killed)
	}
	return true
}

// learn takes a Date header as the client does, but by a clock that can be set.
func (w *world) learn(h http.Header) {
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil || h.Get("Age") != "" {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.samples = append(w.samples, date.Add(500*time.Millisecond).Sub(w.now()))
	w.samples = w.samples[max(0, len(w.samples)-5):]
}

// gateway is the client, with a skew against a clock that can be set.
type gateway struct {
	*paypay.Client

	world *world
}

// Skew is the median of the last few answers, as the client's.
func (g gateway) Skew() (time.Duration, bool) {
	if g.world.rates[stepping] == 0 {
		return g.Client.Skew()
	}
	g.world.mu.Lock()
	defer g.world.mu.Unlock()
	if len(g.world.samples) == 0 {
		return 0, false
	}
	s := slices.Sorted(slices.Values(g.world.samples))
	return s[len(s)/2], true
}

// SkewAtLeast is the least of them.
func (g gateway) SkewAtLeast() (time.Duration, bool) {
	if g.world.rates[stepping] == 0 {
		return g.Client.SkewAtLeast()
	}
	g.world.mu.Lock()
	defer g.world.mu.Unlock()
	if len(g.world.samples) == 0 {
		return 0, false
	}
	return slices.Min(g.world.samples), true
}

// run keeps a till running until the world ends.
func (w *world) run() {
	for number := int64(1); !w.stopped.Load(); number++ {
		t := w.start(number)
		if t == nil {
			continue
		}
		<-t.killed
		w.mu.Lock()
		w.till = nil
		w.mu.Unlock()
		wait(time.Nanosecond)
		t.dead.Store(true)
		wait(time.Millisecond) // whatever it still does, it does without us
		_ = t.register.Close()
		if w.stopped.Load() {
			return
		}
		w.laws.excused()
		down := w.dice.between(100*time.Millisecond, 3*time.Second, int(number), "down")
		if !w.calm.Load() && w.killAt == 0 && w.dice.chance(0.1, int(number), "long down") {
			down = w.dice.between(time.Minute, 20*time.Minute, int(number), "down")
		}
		wait(down)
		switch {
		case w.backup != "" && !w.calm.Load() && w.dice.chance(2*w.rates[restoring], int(number), "restore"):
			w.reopen(w.restore)
		case w.dice.chance(0.03, int(number), "another process"):
			w.reopen(nil)
		}
	}
}

// start opens a register, which may be killed in it.
func (w *world) start(number int64) *till {
	t := &till{number: number, killed: make(chan struct{}), since: time.Now()}
	t.journal = &journal{DB: w.db, world: w, till: t, unclean: w.unclean}
	w.unclean = false // once is enough: a check costs as much as a sale
	// A part of opening the journal, and all of it that there is time for.
	if err := w.db.MarkAnchor(w.Context()); err != nil {
		w.Fatalf("marking the anchor: %v", err)
	}
	credentials, err := paypay.NewCredentials("key", "secret", "merchant")
	if err != nil {
		w.Fatal(err)
	}
	client, err := paypay.New(credentials, paypay.WithTries(1), paypay.WithBaseURL("https://paypay.example"),
		paypay.WithHTTPClient(&http.Client{Transport: &network{w, t}}))
	if err != nil {
		w.Fatal(err)
	}
	w.mu.Lock()
	w.samples = nil
	w.mu.Unlock()
	t.register, err = pos.Open(w.Context(), gateway{client, w}, t.journal, pos.Options{
		Register: "R1", Shop: "茶屋", Poll: w.poll, Now: w.now, ID: w.id,
		Calendar: pos.Calendar{Zone: time.FixedZone("JST", 9*3600), Starts: 5 * time.Hour},
	})
	if err != nil {
		t.dead.Store(true)
		w.mu.Lock()
		dying := t.dying
		w.mu.Unlock()
		if !dying && !t.journal.trouble {
			w.Errorf("the till does not start: %v", err)
			w.stopped.Store(true)
		}
		wait(w.dice.between(100*time.Millisecond, time.Second, int(number), "start again"))
		return nil
	}
	w.mu.Lock()
	w.till = t
	w.mu.Unlock()
	var asked []string
	for _, s := range t.register.Unsettled() {
		for _, a := range s.Sale.Attempts {
			if m, working := a.Working(); working && m.State == pos.Asked {
				asked = append(asked, a.ID)
			}
		}
	}
	w.laws.started(number, asked)
	w.work.Go(func() { w.eyes(t) })
	return t
}

// id is the part of an id that no other till makes. It says whose sale it is.
func (w *world) id() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ids++
	if n := w.tally["restored"]; n > 0 { // what was lost had the same
		return fmt.Sprintf("%srun%d", w.next, n)
	}
	return w.next
}

// copy makes a copy of the journal, while the till runs.
func (w *world) copy(name string, i int) {
	w.mu.Lock()
	w.copied++ // the same story may be lived through once more
	to := filepath.Join(w.folder, fmt.Sprintf("%s-%d-%d.db", name, i, w.copied))
	w.mu.Unlock()
	if err := w.db.Backup(w.ctx(), to); err != nil {
		w.Errorf("the journal is not copied: %v", err)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.backup = to
	w.tally["copied"]++
}

// restore puts the newest copy in the place of the journal at path. A person
// does that, who needs a few seconds for it.
func (w *world) restore(path string) {
	wait(5 * time.Second)
	report, err := store.Restore(w.ctx(), w.backup, path, false)
	if err != nil {
		w.Fatalf("the copy is not put in place: %v", err)
	}
	w.tally["restored"]++
	w.laws.restored(int(report.Entries))
}

// reopen goes on with the journal as a kill leaves it: its files are copied as
// they lie there, and opened by another store, after something is done to them.
func (w *world) reopen(change func(path string)) {
	from := filepath.Join(w.folder, strconv.Itoa(w.copies))
	w.copies++
	to := filepath.Join(w.folder, strconv.Itoa(w.copies))
	files, err := contents(from)
	for name, content := range files {
		if strings.HasSuffix(name, "-shm") {
			continue // an index of the log, made anew
		}
		err = cmp.Or(err, put(filepath.Join(to, name), content))
	}
	if err != nil {
		w.Fatal(err)
	}
	if change != nil {
		change(filepath.Join(to, "journal.db"))
	}
	after, err := store.Open(w.Context(), filepath.Join(to, "journal.db"))
	if err != nil {
		w.Fatalf("the journal that a kill left does not open: %v", err)
	}
	if err := w.db.Close(); err != nil {
		w.Fatal(err)
	}
	if err := os.RemoveAll(from); err != nil {
		w.Fatal(err)
	}
	w.mu.Lock()
	w.db = after
	w.mu.Unlock()
	w.unclean = after.Unclean()
	w.laws.holds(w.entries())
}

func (w *world) entries() []store.Entry {
	var all []store.Entry
	for e, err := range w.db.All(context.Background(), 0) {
		if err != nil {
			w.Errorf("reading the journal: %v", err)
			break
		}
		all = append(all, e)
	}
	return all
}

// register is the till that runs, if one does.
func (w *world) register() (*pos.Register, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.till == nil || w.till.dead.Load() {
		return nil, false
	}
	return w.till.register, true
}

// restart is a till that is closed and started again properly.
func (w *world) restart() {
	w.mu.Lock()
	t := w.till
	w.till = nil
	w.mu.Unlock()
	if t == nil {
		return
	}
	_ = t.register.Close()
	w.mu.Lock()
	defer w.mu.Unlock()
	t.dead.Store(true)
	if !t.dying {
		t.dying = true
		close(t.killed)
	}
}
