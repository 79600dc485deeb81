package pos_test

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.jp/reji/paypay/simulator"
	"example.jp/reji/pos"
	"example.jp/reji/store"
)

// backup is a copy of the journal as it is now.
func (r *rig) backup() string {
	r.Helper()
	to := filepath.Join(r.TempDir(), rand.Text()+".db")
	r.must(r.journal.Backup(r.Context(), to))
	return to
}

// restore puts a copy in the journal's place, and starts the till with it.
func (r *rig) restore(from string) {
	r.Helper()
	r.stop()
	_, err := store.Restore(r.Context(), from, r.path, false)
	r.must(err)
	r.start()
	synctest.Wait()
}

// gapTask is the one task about a gap.
func (r *rig) gapTask() (pos.Task, bool) {
	r.Helper()
	var found []pos.Task
	for _, t := range r.Tasks() {
		if t.Kind == pos.TaskGap {
			found = append(found, t)
		}
	}
	if len(found) > 1 {
		r.Fatalf("tasks %+v", found)
	}
	return append(found, pos.Task{})[0], len(found) == 1
}

func TestGap_isATaskUntilAPersonAccountsForIt(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		r.paid(500)
		copied := r.backup()
		r.tick(26 * time.Hour)
		r.paid(700)
		if _, ok := r.gapTask(); ok {
			r.Error("a gap before there is one")
		}
		r.restore(copied)
		now := time.Now()
		task, ok := r.gapTask()
		if !ok || r.Status().Tasks != 1 {
			r.Fatalf("tasks %+v", r.Tasks())
		}
		g := task.Gap
		if lost := g.To.Sub(g.From); lost < 26*time.Hour || lost > 27*time.Hour || g.To.After(now) || g.Missing < 4 || g.Last != g.First.Next() {
			r.Errorf("the gap is %+v", g)
		}
		for _, day := range []pos.Day{g.First.Prev(), g.First, g.Last, g.Last.Next()} {
			rep, err := r.Report(r.Context(), day)
			r.must(err)
			if rep.Incomplete != (day == g.First || day == g.Last) {
				r.Errorf("the report of %s says %+v", day, rep)
			}
		}
		r.tick(time.Hour) // it is looked up that the first sale is paid
		r.restart()
		if _, ok := r.gapTask(); !ok {
			r.Error("the task does not outlive a restart")
		}
		if err := r.Account(r.Context(), g.To, " \t"); !errors.Is(err, pos.ErrNoNote) {
			r.Errorf("accounted without a word: %v", err)
		}
		if err := r.Account(r.Context(), g.To.Add(time.Second), "x"); !errors.Is(err, pos.ErrNews) {
			r.Errorf("accounted for no gap: %v", err)
		}
		r.must(r.Account(r.Context(), g.To, "管理画面と照合した。1件700円"))
		r.must(r.Account(r.Context(), g.To, "twice"))
		if _, ok := r.gapTask(); ok {
			r.Error("the task is still there")
		}
		r.restart()
		if _, ok := r.gapTask(); ok {
			r.Error("the task is there again")
		}
		if rep, err := r.Report(r.Context(), g.First); err != nil || !rep.Incomplete {
			r.Errorf("the report says nothing of it: %+v, %v", rep, err)
		}
		var kinds []string
		for e, err := range r.journal.All(r.Context(), 0) {
			r.must(err)
			if e.Kind == string(pos.Restored) || e.Kind == string(pos.Accounted) {
				kinds = append(kinds, e.Kind+" by "+e.Actor)
			}
		}
		if diff := cmp.Diff([]string{"restored by till", "accounted by cashier"}, kinds); diff != "" {
			r.Errorf("-want +got\n%s", diff)
		}
	})
}

// The report tells of it also before a till was started again.
func TestDayReport_ofAnOlderCopy(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		r.paid(500)
		copied := r.backup()
		r.tick(26 * time.Hour)
		r.stop()
		_, err := store.Restore(r.Context(), copied, r.path, false)
		r.must(err)
		db, err := store.Inspect(r.Context(), r.path)
		r.must(err)
		c := pos.Calendar{Zone: time.FixedZone("JST", 9*3600), Starts: 5 * time.Hour}
		first := c.Day(time.Now().Add(-26 * time.Hour))
		for day, want := range map[pos.Day]bool{first.Prev(): false, first: true, first.Next(): true, first.Next().Next(): false} {
			if rep, err := pos.DayReport(r.Context(), db, c, day); err != nil || rep.Incomplete != want {
				r.Errorf("the report of %s: %+v, %v", day, rep, err)
			}
		}
		r.must(db.Close())
		r.start()
	})
}

// Whatever was lost, and however often the same copy is put in place, no
// receipt number and no id comes again.
func TestGap_nothingIsGivenTwice(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		seen := map[any]bool{}
		once := func(s pos.Sale) {
			r.Helper()
			if first := s.Last().Number == 1; first && seen[s.Number] || seen[s.Last().ID] {
				r.Errorf("receipt %d or attempt %s comes again", s.Number, s.Last().ID)
			}
			seen[s.Number], seen[s.Last().ID] = true, true
			if n := len(s.Last().ID); n > 48 {
				r.Errorf("%s has %d characters: with those of a capture it is too long for PayPay", s.Last().ID, n)
			}
		}
		old := r.charge(300)
		once(r.sale(old))
		r.must(r.GiveUp(r.Context(), old))
		r.tick(time.Hour)
		r.is(old, pos.Closed, pos.Unpaid)
		copied := r.backup()
		for range 3 {
			for range 3 {
				once(r.sale(r.charge(100)))
				r.tick(7 * time.Minute)
			}
			r.must(r.NewCode(r.Context(), old, pos.Terms{}))
			synctest.Wait()
			once(r.sale(old))
			r.must(r.GiveUp(r.Context(), old))
			r.tick(time.Minute)
			r.restore(copied)
			r.restart() // before it has come to a sale
			once(r.sale(r.charge(200)))
		}
	})
}

// Nor when the clock is behind where the copy is put in place.
func TestGap_theClockIsBehind(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		asked := r.paid(1_000)
		r.restart(func(o *pos.Options) { o.Now = func() time.Time { return time.Now().Add(9 * time.Hour) } })
		r.wire.broken.Store(true)
		r.giveBack(asked, 300)
		synctest.Wait()
		copied := r.backup()
		r.stop()
		for _, suffix := range []string{"", ".anchor", ".lock"} {
			r.must(os.Remove(r.path + suffix))
		}
		_, err := store.Restore(r.Context(), copied, r.path, false)
		r.must(err)
		r.start()
		r.wire.broken.Store(false)
		first := r.sale(r.charge(10)).Number
		if first <= 60_000 {
			r.Errorf("the next receipt is %d", first)
		}
		if g := r.Gaps()[0]; g.Last < g.First {
			r.Errorf("the gap is %+v", g)
		}
		r.tick(time.Hour)
		if n := r.calls(simulator.OpCreateRefund); n != 0 {
			r.Error("what was asked for before the gap is asked for again")
		}
		r.restart()
		if n := r.sale(r.charge(10)).Number; n != first+1 {
			r.Errorf("after another start, receipt %d comes after %d", n, first)
		}
	})
}

// What the copy believes is settled may have been given back in the gap.
func TestGap_looksUpAgainWhatWasSettled(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		var ids []pos.SaleID
		for range 120 { // more than a page
			ids = append(ids, r.paid(500))
		}
		part, whole, open := ids[0], ids[70], r.charge(900)
		copied := r.backup()
		r.giveBack(part, 200)
		r.giveBack(whole, 500)
		r.must(r.sim.Pay(r.sale(open).Last().CodeID))
		r.tick(time.Minute)
		r.restore(copied)
		r.tick(3 * time.Second)
		r.is(open, pos.Paid, pos.Settled)
		r.tick(time.Minute)
		r.wire.broken.Store(true)
		r.tick(10 * time.Minute)
		r.wire.broken.Store(false)
		r.tick(15 * time.Minute)
		r.restart() // it goes on where it was
		r.tick(30 * time.Minute)
		r.is(part, pos.Paid, pos.PartReturned)
		if s := r.sale(whole).Standing(); s != pos.Returned {
			r.Errorf("the sale that was given back is %s", s)
		}
		r.books(120*500 + 900 - 700)
		if g := r.Gaps(); len(g) != 1 || g[0].Below != 1 {
			r.Errorf("gaps %+v", g)
		}
		before := r.wire.sent.Load()
		r.restart()
		r.tick(10 * time.Minute)
		if after := r.wire.sent.Load(); after != before {
			r.Errorf("%d more calls after all was looked up", after-before)
		}
	})
}

// What was refused in the gap and lands after the review is seen a day later.
func TestGap_refusedInItAndCarriedOutAfterAll(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.paid(1_000)
		r.must(r.MoveOn(r.Context(), id, pos.Settled))
		copied := r.backup()
		r.refusedLater(simulator.OpCreateRefund, 2*time.Hour)
		r.giveBack(id, 300)
		r.denied(id)
		r.tick(time.Minute)
		r.restore(copied)
		r.tick(time.Hour)
		r.must(r.Account(r.Context(), r.Gaps()[0].To, "compared"))
		r.tick(22 * time.Hour)
		r.restart()
		r.tick(time.Hour + 10*time.Minute)
		r.is(id, pos.Paid, pos.PartReturned)
		if kept := r.sale(id).Last().Kept(); kept != 700 {
			r.Errorf("the till has %d yen", kept)
		}
		before := r.wire.sent.Load()
		r.restart()
		r.tick(48 * time.Hour)
		if after := r.wire.sent.Load(); after != before {
			r.Errorf("%d more calls after all was looked up twice", after-before)
		}
	})
}

// The review leaves old sales out, but none of them is paid twice.
func TestGap_oldSaleThatGotAnotherCode(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.charge(900)
		r.must(r.GiveUp(r.Context(), id))
		r.tick(2 * 24 * time.Hour)
		r.paid(10)
		copied := r.backup()
		r.must(r.NewCode(r.Context(), id, pos.Terms{Anyway: true}))
		synctest.Wait()
		r.must(r.sim.Pay(r.sale(id).Last().CodeID))
		r.tick(time.Minute)
		r.is(id, pos.Paid, pos.Settled)
		r.restore(copied)
		r.tick(2 * time.Hour)
		if err := r.NewCode(r.Context(), id, pos.Terms{Anyway: true}); !errors.Is(err, pos.ErrNews) {
			r.Errorf("another code: %v", err)
		}
		r.tick(time.Minute)
		r.is(id, pos.Paid, pos.Settled)
	})
}

// What was given back in the gap is not given back again, also before the till
// has come to that sale by itself.
func TestGap_givesNothingBackTwice(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.paid(1_000)
		for range 20 {
			r.paid(10)
		}
		copied := r.backup()
		r.giveBack(id, 300)
		r.tick(10 * time.Minute)
		r.restore(copied)
		want := r.wanted(id, 300)
		r.wire.broken.Store(true)
		if err := r.GiveBack(r.Context(), id, want); !errors.Is(err, pos.ErrUnsettled) {
			r.Errorf("given back without knowing: %v", err)
		}
		r.wire.broken.Store(false)
		if err := r.GiveBack(r.Context(), id, want); !errors.Is(err, pos.ErrNews) {
			r.Errorf("given back a second time: %v", err)
		}
		r.giveBack(id, 200) // what is left is shown right now
		r.tick(time.Hour)
		if kept := r.sale(id).Last().Kept(); kept != 500 {
			r.Errorf("%d yen are kept", kept)
		}
		r.books(20*10 + 500)
	})
}

// One wrong answer does not hide what was given back in the gap, and one that
// stays wrong is for a person.
func TestGap_wrongAnswers(t *testing.T) {
	t.Parallel()
	for _, kind := range []simulator.Kind{simulator.WrongAmount, simulator.WrongID, simulator.NotFound, simulator.UnknownStatus} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(r *rig) {
				id := r.paid(1_000)
				copied := r.backup()
				r.giveBack(id, 300)
				r.tick(time.Hour)
				r.fault(simulator.Fault{Operation: simulator.OpCodePayment, Kind: kind, Times: 1})
				r.restore(copied)
				r.tick(time.Hour)
				r.books(700)
			})
		})
	}
	for _, kind := range []simulator.Kind{simulator.WrongAmount, simulator.UnknownStatus} {
		t.Run(string(kind)+" and again", func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(r *rig) {
				id := r.paid(1_000)
				copied := r.backup()
				r.giveBack(id, 300)
				r.tick(time.Hour)
				r.fault(simulator.Fault{Operation: simulator.OpCodePayment, Kind: kind, Times: 20})
				r.restore(copied)
				r.tick(3 * time.Minute)
				if tasks := r.Tasks(); len(tasks) != 2 || tasks[1].Kind != pos.TaskUnfit || tasks[1].Sale != id {
					r.Errorf("tasks %+v", tasks)
				}
				r.tick(6 * time.Hour)
				r.books(700)
				if tasks := r.Tasks(); len(tasks) != 1 {
					r.Errorf("tasks %+v", tasks)
				}
			})
		})
	}
}

// A code that a sale got in the gap is found, and what it brought.
func TestGap_findsACodeThatWasLost(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.charge(500)
		copied := r.backup()
		r.must(r.NewCode(r.Context(), id, pos.Terms{}))
		r.tick(time.Minute)
		second := r.sale(id).Last()
		r.must(r.sim.Pay(second.CodeID))
		r.tick(time.Minute)
		r.restore(copied)
		r.tick(20 * time.Minute)
		s := r.sale(id)
		if by, ok := s.PaidBy(); !ok || by.ID != second.ID {
			r.Errorf("the sale is %s, by %+v", s.Standing(), by)
		}
		r.books(500)
	})
}

// So is one that came after others, and one of a sale that is older than an
// earlier gap.
func TestGap_findsACodeAfterOthers(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]func(r *rig, id pos.SaleID) string{
		"after others": func(r *rig, id pos.SaleID) string {
			copied := r.backup()
			for range 7 {
				r.must(r.NewCode(r.Context(), id, pos.Terms{Anyway: true}))
				r.tick(time.Second)
				r.must(r.GiveUp(r.Context(), id))
				r.tick(10 * time.Minute)
			}
			return copied
		},
		"made between two times that the same copy was put in place": func(r *rig, _ pos.SaleID) string {
			copied := r.backup()
			for range 2 {
				r.restore(copied)
				r.tick(10 * time.Minute)
			}
			return copied
		},
		"after a gap": func(r *rig, _ pos.SaleID) string {
			r.restore(r.backup())
			r.tick(10 * time.Minute)
			return r.backup()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(r *rig) {
				id := r.charge(900)
				r.must(r.GiveUp(r.Context(), id))
				r.tick(10 * time.Minute)
				copied := before(r, id)
				r.must(r.NewCode(r.Context(), id, pos.Terms{Anyway: true}))
				synctest.Wait()
				paid := r.sale(id).Last()
				r.must(r.sim.Pay(paid.CodeID))
				r.tick(time.Minute)
				r.is(id, pos.Paid, pos.Settled)
				r.restore(copied)
				r.tick(2 * time.Hour)
				if by, ok := r.sale(id).PaidBy(); !ok || by.ID != paid.ID {
					r.Errorf("the sale is %s", r.sale(id).Standing())
				}
				r.books(900)
			})
		})
	}
}

// What was decided in the gap about a return that the copy still holds for
// asked, nobody knows: the till does not ask for it again by itself.
func TestGap_asksForNothingAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		hold bool
		ask  func(r *rig, id pos.SaleID)
		op   simulator.Operation
	}{
		"refund":  {false, func(r *rig, id pos.SaleID) { r.giveBack(id, 200) }, simulator.OpCreateRefund},
		"cancel":  {false, func(r *rig, id pos.SaleID) { r.giveBack(id, 1_000) }, simulator.OpCancelPayment},
		"capture": {true, func(r *rig, id pos.SaleID) { r.must(r.Capture(r.Context(), id, r.sale(id).Last().ID, 600)) }, simulator.OpCapture},
		"revert":  {true, func(r *rig, id pos.SaleID) { r.giveBack(id, 1_000) }, simulator.OpRevert},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(r *rig) {
				id := map[bool]func(pos.Yen) pos.SaleID{false: r.paid, true: r.held}[c.hold](1_000)
				r.wire.broken.Store(true)
				c.ask(r, id)
				r.tick(time.Minute)
				copied := r.backup()
				r.tick(time.Hour)
				r.restore(copied)
				r.tick(time.Minute)
				r.wire.broken.Store(false)
				r.tick(10 * time.Minute)
				if n := r.calls(c.op); n != 0 {
					r.Errorf("asked for %d times", n)
				}
				a := r.sale(id).Last()
				if m := a.Modifications[0]; m.State != pos.Denied || m.Code != pos.NotRepeated {
					r.Errorf("it is %+v", m)
				}
				if tasks := r.Tasks(); len(tasks) != 2 || tasks[1].Kind != pos.TaskDenied {
					r.Errorf("tasks %+v", tasks)
				}
			}, mayHold)
		})
	}
}

// An older copy that is put in place by hand is noticed where the anchor is
// missing, and refused where it is not.
func TestGap_byHand(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		r.paid(500)
		copied := r.backup()
		r.paid(700)
		r.stop()
		text, err := os.ReadFile(copied)
		r.must(err)
		r.must(os.WriteFile(r.path, text, 0o600))
		if _, err := store.Open(r.Context(), r.path); err == nil || !strings.Contains(err.Error(), "reji journal restore") {
			r.Errorf("an older copy is opened: %v", err)
		}
		r.must(os.Remove(r.path + ".anchor"))
		r.start()
		if _, ok := r.gapTask(); !ok {
			r.Error("nobody is told")
		}
		if id := r.charge(100); r.sale(id).Number < 1000 {
			r.Errorf("the next receipt is %d", r.sale(id).Number)
		}
	})
}

// The anchor follows also while a customer is always at the till.
func TestAnchor_moves(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		for range 3 {
			r.charge(100)
			n := 0
			for _, err := range r.journal.All(r.Context(), 0) {
				r.must(err)
				n++
			}
			r.tick(61 * time.Second)
			var anchor struct {
				Seq int `json:"seq"`
			}
			text, err := os.ReadFile(r.path + ".anchor")
			r.must(err)
			r.must(json.Unmarshal(text, &anchor))
			if len(r.Unsettled()) == 0 || anchor.Seq < n {
				r.Errorf("%d unsettled: the anchor is at %d, the journal at %d a minute ago", len(r.Unsettled()), anchor.Seq, n)
			}
		}
	})
}

// A paper of a sale that is older than the gap may have been printed in it.
func TestGap_papersAreInDoubt(t *testing.T) {
	t.Parallel()
	withPrinter(t, func(r *rig, p *press, old pos.SaleID, receipt pos.Paper) {
		r.restore(r.backup())
		fresh := r.paid(600)
		r.must(r.Print(r.Context(), old, receipt))
		receipt.Attempt = r.sale(fresh).Last().ID
		r.must(r.Print(r.Context(), fresh, receipt))
		r.tick(time.Second)
		p.out(r.T, "receipt 1 of 1 in doubt", fmt.Sprintf("receipt 1 of %d", r.sale(fresh).Number))
	})
}

// A cancel that PayPay accepted in the gap, and carries out after it, is seen.
func TestGap_cancelCarriedOutAfterIt(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.paid(1_000)
		copied := r.backup()
		r.giveBack(id, 1_000)
		r.tick(time.Second)
		r.restore(copied)
		r.tick(time.Hour)
		r.is(id, pos.Cancelled, pos.Returned)
		r.books(0)
	}, func(c *simulator.Config) { c.CancelDelay = 30 * time.Second })
}

// A pause that PayPay asks for is not over by the answer to a look-up that was
// under way already.
func TestGap_pauseAskedForWhileItLooks(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		const pause = 20 * time.Second
		id := r.paid(1_000)
		r.restore(r.backup())
		r.fault(simulator.Fault{Operation: simulator.OpCodePayment, Kind: simulator.DelayAfter, Delay: 5 * time.Second, Times: 1})
		for reads := r.wire.sent.Load(); r.wire.sent.Load() == reads; {
			r.tick(10 * time.Millisecond) // until the review looks
		}
		r.fault(simulator.Fault{Operation: simulator.OpCreateRefund, Kind: simulator.RateLimit, RetryAfter: pause, Times: 1})
		r.giveBack(id, 300)
		r.tick(time.Second)
		sent := r.wire.sent.Load()
		r.tick(pause - 2*time.Second)
		if n := r.wire.sent.Load() - sent; n > 0 {
			r.Errorf("%d calls within the pause", n)
		}
		r.tick(10 * time.Second)
		r.books(700)
	})
}

// A code that a customer may have in hand since the gap gets no cancel, which
// would undo the payment: it is waited for.
func TestGap_foundCodeThatCanBePaid(t *testing.T) {
	t.Parallel()
	for name, pays := range map[string]bool{"it is paid": true, "nobody pays it": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(r *rig) {
				id := r.charge(500)
				r.must(r.GiveUp(r.Context(), id))
				r.tick(10 * time.Minute)
				copied := r.backup()
				r.must(r.NewCode(r.Context(), id, pos.Terms{Anyway: true}))
				r.tick(time.Second)
				code := r.sale(id).Last().CodeID
				r.restore(copied)
				if err := r.NewCode(r.Context(), id, pos.Terms{Anyway: true}); !errors.Is(err, pos.ErrNews) {
					r.Errorf("another code: %v", err)
				}
				r.tick(time.Minute)
				if err := r.NewCode(r.Context(), id, pos.Terms{Anyway: true}); !errors.Is(err, pos.ErrUnsettled) {
					r.Errorf("another code while the first can be paid: %v", err)
				}
				if pays {
					r.must(r.sim.Pay(code))
				}
				r.tick(20 * time.Minute)
				if n := r.calls(simulator.OpCancelPayment); n > 0 {
					r.Errorf("%d cancels", n)
				}
				if pays {
					r.is(id, pos.Paid, pos.Settled)
					return
				}
				r.is(id, pos.Closed, pos.Unpaid)
				r.must(r.NewCode(r.Context(), id, pos.Terms{Anyway: true}))
			})
		})
	}
}

// What was refused in the gap may land in the day after it: until that is over,
// nothing is given back without a look.
func TestGap_landedAfterTheReview(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.paid(1_000)
		copied := r.backup()
		r.refusedLater(simulator.OpCreateRefund, 2*time.Hour)
		r.giveBack(id, 300)
		r.denied(id)
		r.restore(copied)
		r.tick(3 * time.Hour)
		if r.back() != 300 {
			r.Fatalf("%d yen are back", r.back())
		}
		if err := r.GiveBack(r.Context(), id, r.wanted(id, 300)); !errors.Is(err, pos.ErrNews) {
			r.Errorf("given back without a look: %v", err)
		}
		r.tick(time.Minute)
		r.books(700)
	})
}

// One payment about which PayPay says nothing keeps no other from being looked
// up, and is asked about again until it does.
func TestGap_onePaymentIsNotAnswered(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		first, second := r.paid(1_000), r.paid(500)
		copied := r.backup()
		r.giveBack(first, 300)
		r.giveBack(second, 200)
		r.tick(10 * time.Minute)
		r.fault(simulator.Fault{
			Operation: simulator.OpCodePayment, Kind: simulator.StatusBefore, Status: 500, Code: "INTERNAL_SERVER_ERROR",
			MerchantPaymentID: r.sale(second).Last().ID, Times: 60,
		})
		r.restore(copied)
		r.tick(10 * time.Minute)
		if kept := r.sale(first).Last().Kept(); kept != 700 {
			r.Errorf("the till has %d yen of the first sale", kept)
		}
		if g := r.Gaps()[0]; g.Below != r.sale(second).Number+1 {
			r.Errorf("a start would begin below %d", g.Below)
		}
		r.restart()
		r.tick(12 * time.Hour)
		if kept := r.sale(second).Last().Kept(); kept != 300 {
			r.Errorf("the till has %d yen of the second sale", kept)
		}
		if g := r.Gaps()[0]; g.Below != 1 {
			r.Errorf("sales from %d on were looked up", g.Below)
		}
	})
}

// What the copy knew to be paid got no more codes: nothing is asked about them.
func TestGap_asksAboutNoCodeOfWhatWasPaid(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		for range 5 {
			r.paid(100)
		}
		copied := r.backup()
		r.paid(100)
		r.restore(copied)
		before := r.wire.sent.Load()
		r.tick(time.Hour)
		if n := r.wire.sent.Load() - before; n != 5 {
			r.Errorf("%d look-ups of five payments", n)
		}
	})
}

// A sale gets no more codes than can be looked for.
func TestNewCode_tooMany(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.charge(500)
		for range 19 {
			r.must(r.NewCode(r.Context(), id, pos.Terms{}))
			r.tick(time.Minute)
		}
		live := r.sale(id).Last()
		if err := r.NewCode(r.Context(), id, pos.Terms{}); !errors.Is(err, pos.ErrCodes) {
			r.Errorf("another code: %v", err)
		}
		r.must(r.sim.Pay(live.CodeID))
		r.tick(time.Minute)
		r.is(id, pos.Paid, pos.Settled)
	})
}
