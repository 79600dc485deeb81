// # The simulation
//
// TestSim lives through whole days of a shop in a bubble of virtual time: the
// real register, the real journal in a file, the real client, and the simulated
// PayPay behind its transport. sim_people_test.go has cashiers and customers,
// sim_network_test.go and sim_journal_test.go spoil what they do and kill the
// till, sim_dice_test.go decides all of it by hashes of the seed, and
// sim_laws_test.go watches from outside. A seed has its own half of the classes
// of faults, at rates of 1 to 40 % that are scaled down together where no call
// would work any more, PayPay's clock up to ten minutes off, and its own rate of
// kills. Three of four seeds serve one customer after another and repeat to the
// letter; in the fourth several are served at once, which is for races, and
// does not repeat.
//
//	go test ./pos -run 'TestSim$' -sim.sales=1000000 -sim.seed=1 -timeout 8h
//	go test ./pos -run 'TestSim$' -sim.seed=586 -sim.trace=s10-1 -v
//	go test ./pos -run TestCrashEverywhere -sim.histories=200
//	go test -tags planted ./pos -run TestPlanted -timeout 30m -v
//
// # Laws that hold in another way than they sound
//
//   - I2, I15: late payments, second payments and holds end by a person, so that
//     in the end a dutiful cashier sees to every task first.
//   - I3: a capture that was refused at the door (401) was not looked at, and may
//     come again under its id; so may every other call that was not processed.
//   - I10: a PayPay that never says NOT_FOUND of a deleted code leaves a customer
//     whose confirm screen was open the time to pay. Another code may then exist:
//     what comes of the first is a late payment, and I2 counts.
//   - I13: within one poll period after a start every attempt is asked about that
//     is open, lost or held, or about which something is asked for. After the
//     network's return this is so of open ones; what has ended, or is held, is
//     asked about ever less often by design.
//   - I14: at most 12 calls about an attempt within a poll period and 40 within
//     ten, and two for each time that a person asked. More than the rounds alone,
//     because a step that was taken is looked at at once, and a signature that
//     PayPay did not take is made once more. A pause that PayPay has asked for is
//     forgotten by a till that is killed.
//   - I1: what somebody gives back in PayPay's own tools the till sees only where it
//     has a reason to look: of a hold, and of what was denied.
//   - I4, after an older copy of the journal was put in its place: of a sale that
//     is in neither the till cannot know. Of another code for a sale that it does
//     know it finds out, if that was paid; unless that one was made after
//     another gap, and the copy is older than that too: the codes of different
//     gaps are set apart by a mark, and that mark is lost.
//   - I22, our own: no receipt number is given to two sales, whatever was lost.
//   - I21, our own: what needs a person, by what is known outside the till, is on
//     its list of tasks; and when everything is seen to, the list is empty.
//   - I23, our own: what a customer is to get back is given back once; or else a
//     person is told of that. Nothing is called refused that was given back, nor
//     given twice that was not. Where somebody else gives money back too, nobody
//     but a person can tell for what.
//   - A copy of PayPay that lags knows nothing of the last six seconds. One that
//     hides a payment for longer than a code is watched cannot be told from one
//     that has none, by anybody.
//   - Where the till's clock is set while it runs, its pauses are set with it
//     here, though never on a machine, which counts them by another clock. I14 is
//     not asked of a pause in which that happened, nor whether a refusal was
//     doubted for long enough. Of a code that it never saw, the till counts the
//     life by its own clock, and by that much longer when that is set back (I15).
//
// Hazards that virtual time cannot have, a slow disk, a second process or a torn
// write, are for the tests of store and of the built program.
package pos_test

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"maps"
	"os"
	"reflect"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"example.jp/reji/pos"
	"example.jp/reji/store"
)

var (
	simSales = flag.Int("sim.sales", 400, "how many sales are simulated")
	simSeed  = flag.Uint64("sim.seed", 0, "the first seed; alone it is the only one")
	simTrace = flag.String("sim.trace", "", "log what happens to ids with this in them")
	simFor   = flag.Duration("sim.for", 0, "stop after this time, of whatever sales are left")
	simExact = flag.Bool("sim.exact", false, "leave out the seeds that do not repeat")
)

// salesOfSeed is how many sales one seed makes.
const salesOfSeed = 20

func given(name string) bool {
	is := false
	flag.Visit(func(f *flag.Flag) { is = is || f.Name == name })
	return is
}

func TestSim(t *testing.T) {
	t.Parallel()
	seeds := uint64(max(1, *simSales/salesOfSeed))
	if given("sim.seed") && !given("sim.sales") && !given("sim.for") {
		seeds = 1
	}
	var (
		at    atomic.Uint64
		mu    sync.Mutex
		tally = map[string]int{}
		wg    sync.WaitGroup
		start = time.Now()
	)
	// Most of what is allocated dies with its sale, and there is room.
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for {
				n := at.Add(1) - 1
				if n >= seeds || *simFor > 0 && time.Since(start) > *simFor || t.Failed() {
					return
				}
				seed := *simSeed + n
				if *simExact && !repeats(seed) {
					continue
				}
				got := simulate(t, seed)
				mu.Lock()
				for k, v := range got.tally {
					tally[k] += v
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	took := time.Since(start)
	t.Logf("%d sales of the %d that were asked for, killed %d times, in %v: %.0f a second",
		tally["sales"], seeds*salesOfSeed, killed(tally), took.Round(time.Second), float64(tally["sales"])/took.Seconds())
	if tally["sales"] == 0 {
		t.Error("nothing was sold")
	}
	for _, k := range slices.Sorted(maps.Keys(tally)) {
		t.Logf("%9d %s", tally[k], k)
	}
}

func killed(tally map[string]int) int {
	n := 0
	for what, times := range tally {
		if strings.HasPrefix(what, "killed") {
			n += times
		}
	}
	return n
}

// TestSim_seeds lives again through what once broke a law.
func TestSim_seeds(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("testdata/seeds")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		number, found, _ := strings.Cut(strings.TrimSpace(line), " ")
		if number == "#" || number == "" {
			continue
		}
		seed, err := strconv.ParseUint(number, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSpace(found), func(t *testing.T) {
			t.Parallel()
			simulate(t, seed)
		})
	}
}

// TestSim_repeats lives through one seed twice: the journals have to be the
// same to the letter.
func TestSim_repeats(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		first, second := simulate(t, seed), simulate(t, seed)
		if first.journal == "" || first.journal != second.journal {
			t.Errorf("seed %d made journal %s, and then %s", seed, first.journal, second.journal)
		}
	}
}

// outcome is what became of a seed.
type outcome struct {
	tally   map[string]int // what happened how often
	journal string         // a hash of what the journal holds
}

// simulate lives through one seed.
func simulate(t *testing.T, seed uint64) outcome {
	t.Helper()
	folder, err := os.MkdirTemp(memory(), "reji-sim-") //nolint:usetesting // on a disk of memory
	if err != nil {
		t.Error(err)
		return outcome{}
	}
	defer func() { _ = os.RemoveAll(folder) }()
	var law atomic.Pointer[string] // the first that was broken
	stuck := time.AfterFunc(5*time.Minute, func() {
		if first := law.Load(); first != nil {
			panic(*first + "\n" + replay(seed))
		}
		panic("no end in sight\n" + replay(seed))
	})
	defer stuck.Stop()
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("%v", p)
			t.Log(replay(seed))
		}
	}()
	var got outcome
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, newSwarm(seed), folder)
		w.laws.broken = func(format string, args ...any) {
			first := fmt.Sprintf(format, args...)
			law.CompareAndSwap(nil, &first)
			t.Error(first)
		}
		names := make([]string, salesOfSeed)
		for i := range names {
			names[i] = fmt.Sprintf("s%d", i)
		}
		got.journal = w.live(names)
		w.tally["sales"] += len(w.laws.sales)
		got.tally = w.tally
		if t.Failed() {
			t.Log(replay(seed))
		} else if given("sim.seed") && !given("sim.sales") {
			t.Logf("seed %d: journal %s", seed, got.journal)
		}
	})
	return got
}

func replay(seed uint64) string {
	return fmt.Sprintf("replay: go test ./pos -run 'TestSim$' -sim.seed=%d", seed)
}

// memory is a folder on a disk without a disk, where there is one.
func memory() string {
	if _, err := os.Stat("/dev/shm"); err == nil {
		return "/dev/shm"
	}
	return ""
}

// trace logs what happens to an id, for who looks for the cause of a failure.
func (w *world) trace(id, format string, args ...any) {
	if *simTrace != "" && strings.Contains(id, *simTrace) {
		w.Logf("%s %s: %s", time.Now().Format("02 15:04:05.000"), id, fmt.Sprintf(format, args...))
	}
}

// live is a day in the shop: sales, one after another or several at once, and
// then all faults end, and somebody sees to what needs a person. It returns a
// hash of the journal.
func (w *world) live(names []string) string {
	w.work.Go(w.run)
	wait(time.Millisecond)
	if w.rates[deadline] > 0 {
		w.work.Go(w.midnight)
	}
	if w.parallel == 1 {
		for _, name := range names {
			w.sell(name)
		}
	} else {
		var cashiers sync.WaitGroup
		for i := range w.parallel {
			cashiers.Go(func() {
				for n := i; n < len(names); n += w.parallel {
					w.sell(names[n])
				}
			})
		}
		cashiers.Wait()
	}
	w.settle()
	return w.finish()
}

// settle ends all faults, and waits until nothing moves any more.
func (w *world) settle() {
	w.calm.Store(true)
	w.up()
	wait(5*time.Minute + time.Minute + 40*time.Second + 4*w.poll + w.setBack())
	w.up()
	if w.Failed() {
		return
	}
	w.laws.expired(6*time.Minute+10*time.Second+4*w.poll, w.setBack())
	for round := range 60 {
		r := w.up()
		w.tells(r)
		if !w.tidyUp(r, round) || w.Failed() {
			return
		}
		wait([]time.Duration{75 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour}[min(round/4, 4)])
	}
}

// up is the till, as soon as one runs.
func (w *world) up() *pos.Register {
	for {
		if r, ok := w.register(); ok && (r.Status().Trouble == nil || w.Failed()) {
			return r
		}
		wait(time.Second)
	}
}

// tidyUp sees to every task and hold, and reports whether anything is left to
// wait for.
func (w *world) tidyUp(r *pos.Register, round int) bool {
	busy := len(r.Unsettled()) > 0
	for _, g := range r.Gaps() {
		if g.Open {
			w.did("account", r.Account(w.ctx(), g.To, "compared"))
		}
		busy = busy || g.Open || !g.Again || g.Below != 1
	}
	for _, name := range w.laws.pending() {
		v, ok := r.Sale(pos.SaleID(name))
		if !ok {
			continue
		}
		s := v.Sale
		for _, a := range s.Attempts {
			_, working := a.Working()
			doubtful := slices.ContainsFunc(a.Modifications, func(m pos.Modification) bool { return !m.Watched.IsZero() })
			busy = busy || working || doubtful || a.Watched || a.State == pos.Held || a.State == pos.Lost
		}
		switch s.Standing() {
		case pos.LatePaid:
			w.late(r, s, w.dice.chance(0.5, round, "attach", key(name)), name, round)
			busy = true
		case pos.HeldOpen:
			if w.dice.chance(0.3, round, "tidy", key(name)) {
				w.giveBack(r, s, 1, name, round)
			} else if w.dice.chance(0.5, round, "tidy on", key(name)) {
				w.capture(r, s, 1, name, round)
			}
		default:
		}
		tasks := s.Tasks(payPayNow(w, r), w.now())
		busy = busy || len(tasks) > 0
		if round > 4 {
			w.denied(r, s, round > 20 || w.dice.chance(0.7, round, "in cash", key(name)), name, round)
		}
		if !s.Left && len(tasks) == 0 {
			w.did("move on", r.MoveOn(w.ctx(), s.ID, s.Standing()))
			busy = true
		}
	}
	return busy
}

// finish closes the shop, checks the laws that hold in the end, and returns a
// hash of what the journal holds.
func (w *world) finish() string {
	r := w.up()
	list, err := r.List(w.ctx(), pos.ListQuery{Limit: 1000})
	if err != nil {
		w.Error(err)
	}
	if tasks := r.Tasks(); len(tasks) > 0 {
		w.laws.broken("I21: everything is seen to, and the tasks are %+v", tasks)
	}
	var screens []shown
	net, journal, days := int64(0), map[string]int64{}, map[pos.Day]bool{}
	for _, l := range list {
		s, events, err := r.History(w.ctx(), l.ID)
		if err != nil {
			w.Error(err)
			continue
		}
		if v, ok := r.Sale(l.ID); ok && !reflect.DeepEqual(v.Sale, s) {
			w.laws.broken("I8: the screen does not say what the journal says of sale %s", l.ID)
		}
		again := pos.Sale{}
		for _, e := range events {
			once, err := again.Apply(e.Event)
			if err != nil {
				w.laws.broken("I6: entry %d: %v", e.Seq, err)
				break
			}
			twice, err := once.Apply(e.Event)
			if err != nil || !reflect.DeepEqual(once, twice) {
				w.laws.broken("I6: entry %d (%s) twice is not the same as once: %v", e.Seq, e.Kind, err)
			}
			again = once
		}
		screens = append(screens, screen(s))
		moves, err := w.db.Movements(w.ctx(), string(l.ID))
		if err != nil {
			w.Error(err)
		}
		for _, m := range moves {
			journal[m.Attempt] += m.Amount
			net += m.Amount
			days[pos.Day(m.Day)] = true
		}
	}
	w.laws.ended(screens, journal)
	for day := range days {
		x, err := r.Report(w.ctx(), day)
		again, err2 := r.Report(w.ctx(), day)
		if err != nil || err2 != nil || x != again {
			w.laws.broken("I18: %v, %v: %+v and %+v", err, err2, x, again)
		}
		net -= int64(x.Net)
	}
	if net != 0 {
		w.laws.broken("I18: the days do not add up to the sales, by %d yen", net)
	}
	w.stopped.Store(true)
	w.restart()
	w.work.Wait()
	all := w.entries()
	w.laws.holds(all)
	if _, err := w.db.Verify(w.ctx()); err != nil {
		w.laws.broken("I5: %v", err)
	}
	if _, err := pos.Verify(w.ctx(), w.db); err != nil {
		w.laws.broken("I8: %v", err)
	}
	if err := w.db.Close(); err != nil {
		w.Error(err)
	}
	slices.SortStableFunc(all, func(a, b store.Entry) int { // of one moment, sale by sale
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Sale, b.Sale))
	})
	sum := sha256.New()
	for _, e := range all {
		_, _ = fmt.Fprintf(sum, "%d %s %s %s %s %s\n", e.At.UnixMilli(), e.Kind, e.Sale, e.Attempt, e.Actor, e.Body)
	}
	return hex.EncodeToString(sum.Sum(nil))[:16]
}
