package pos_test

import (
	"errors"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"example.jp/reji/pos"
)

func TestTrouble_nothingIsSoldUntilTheJournalCanBeWritten(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		r.disk.fails.Store(3) // the sale, and two attempts to mend
		order := pos.NewOrder(pos.Line{Unit: 500, Quantity: 1, Rate: pos.Standard})
		if _, err := r.Charge(r.Context(), order, pos.Terms{}); !errors.Is(err, pos.ErrJournal) {
			r.Errorf("charging: %v", err)
		}
		r.disk.kept.Store(false)
		if r.Status().Trouble == nil {
			r.Error("nobody is told")
		}
		if _, err := r.Charge(r.Context(), order, pos.Terms{}); !errors.Is(err, pos.ErrJournal) {
			r.Errorf("charging while in trouble: %v", err)
		}
		if n := len(r.sim.State().Calls); n != 0 {
			r.Errorf("%d calls were made for a sale that is not written down", n)
		}
		r.tick(10 * time.Second)
		if err := r.Status().Trouble; err != nil {
			r.Fatalf("still in trouble: %v", err)
		}
		s, err := r.Charge(r.Context(), order, pos.Terms{Anyway: true})
		r.must(err)
		synctest.Wait()
		r.is(s.ID, pos.Live, pos.Waiting)
	})
}

// A write that failed may come to light all the same. Each does here, at every
// step of a sale, and each does not.
func TestTrouble_aFailedWriteMaySurface(t *testing.T) {
	t.Parallel()
	for _, kept := range []bool{false, true} {
		for step := range 6 {
			t.Run(map[bool]string{false: "gone ", true: "kept "}[kept]+string(rune('0'+step)), func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(r *rig) {
					r.disk.kept.Store(kept)
					fail := func(at int) {
						if at == step {
							r.disk.fails.Store(1)
						}
					}
					order := pos.NewOrder(pos.Line{Unit: 500, Quantity: 1, Rate: pos.Standard})
					fail(0)
					s, err := r.Charge(r.Context(), order, pos.Terms{Anyway: true})
					if err != nil {
						r.tick(5 * time.Second)
						s, err = r.Charge(r.Context(), order, pos.Terms{Anyway: true})
					}
					r.must(err)
					fail(1) // the code's arrival
					r.tick(10 * time.Second)
					if last := r.sale(s.ID).Last(); last.State == pos.Lost {
						r.must(r.NewCode(r.Context(), s.ID, pos.Terms{})) // the code came, but could not be written down
						r.tick(time.Second)
					}
					r.is(s.ID, pos.Live, pos.Waiting)
					fail(2)
					if err := r.GiveUp(r.Context(), s.ID); err != nil {
						r.tick(5 * time.Second)
						r.must(r.GiveUp(r.Context(), s.ID))
					}
					fail(3) // the deletion's answer
					r.tick(10 * time.Second)
					r.is(s.ID, pos.Closed, pos.Unpaid)
					fail(4)
					if err := r.MoveOn(r.Context(), s.ID, pos.Unpaid); err != nil {
						r.tick(5 * time.Second)
						r.must(r.MoveOn(r.Context(), s.ID, pos.Unpaid))
					}
					fail(5) // the end of the watch
					r.tick(10 * time.Minute)
					if err := r.Status().Trouble; err != nil {
						r.Errorf("still in trouble: %v", err)
					}
					if _, pending := r.Sale(s.ID); pending {
						r.Error("the sale is pending for ever")
					}
					for _, p := range r.sim.State().Payments {
						if err := r.sim.Pay(p.CodeID); err == nil && !p.CancelAccepted {
							r.Errorf("the code of %s can be paid in the end", p.MerchantPaymentID)
						}
					}
				})
			})
		}
	}
}

func TestTrouble_aCheckCutShortIsNoDamage(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		r.disk.crashed.Store(true)
		r.disk.cutShort.Store(2)
		r.restart()
		r.tick(5 * time.Minute)
		if err := r.Status().Trouble; err != nil {
			r.Errorf("in trouble: %v", err)
		}
		r.is(r.charge(500), pos.Live, pos.Waiting)
	})
}

func TestTrouble_journalRemovedWhileOpen(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		if err := os.Rename(r.path, r.path+".gone"); err != nil {
			r.Fatal(err)
		}
		order := pos.NewOrder(pos.Line{Unit: 500, Quantity: 1, Rate: pos.Standard})
		if _, err := r.Charge(r.Context(), order, pos.Terms{}); !errors.Is(err, pos.ErrJournal) {
			r.Errorf("charging into a file that nobody will find: %v", err)
		}
		if n := len(r.sim.State().Calls); n != 0 {
			r.Errorf("%d calls", n)
		}
		if err := os.Rename(r.path+".gone", r.path); err != nil {
			r.Fatal(err)
		}
		r.tick(10 * time.Second)
		_, err := r.Charge(r.Context(), order, pos.Terms{Anyway: true})
		r.must(err)
	})
}

// A person may verify the journal while the till sells.
func TestVerify_besideSales(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		for n := range 30 {
			r.charge(pos.Yen(100 + n))
		}
		verified := make(chan error)
		go func() {
			_, err := pos.Verify(r.Context(), r.journal)
			verified <- err
		}()
		for _, p := range r.sim.State().Payments {
			r.must(r.sim.Pay(p.CodeID))
		}
		r.tick(2 * poll)
		if err := <-verified; err != nil {
			r.Error(err)
		}
	})
}

func TestTasks_diskNearlyFull(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		r.disk.used.Store(true)
		r.tick(time.Minute)
		if tasks := r.Tasks(); len(tasks) != 1 || tasks[0].Kind != pos.TaskSpace {
			r.Errorf("the tasks are %+v", tasks)
		}
		r.charge(100) // there is room for that
		r.disk.used.Store(false)
		r.tick(time.Minute)
		if n := len(r.Tasks()); n != 0 {
			r.Errorf("%d tasks are left", n)
		}
	})
}
