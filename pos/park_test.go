package pos_test

import (
	"errors"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.jp/reji/pos"
)

func TestPark_outlivesARestart(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		one := pos.NewOrder(line("001", 150, 2, pos.Reduced), line("", 300, 1, pos.Standard))
		two := pos.NewOrder(line("002", 140, 1, pos.Reduced))
		r.must(r.Park(r.Context(), one, "ベビーカー\x1b[31m"))
		r.tick(time.Minute)
		r.must(r.Park(r.Context(), two, ""))
		r.restart()
		parked := r.Parked()
		if len(parked) != 2 || parked[0].Name != pos.Clean("ベビーカー\x1b[31m", 40) || parked[1].At.Sub(parked[0].At) < time.Minute {
			r.Fatalf("parked are %+v", parked)
		}
		if d := cmp.Diff(one, parked[0].Order); d != "" {
			r.Errorf("-parked +recalled\n%s", d)
		}

		// Taken up, changed and parked again, it is one order still.
		more, _, err := parked[0].Order.Add(line("003", 160, 1, pos.Reduced))
		r.must(err)
		r.must(r.Park(r.Context(), more, "ベビーカー"))
		if got := r.Parked(); len(got) != 2 || got[1].Order.ID != one.ID {
			r.Fatalf("parked are %+v", got)
		}

		s, err := r.Charge(r.Context(), more, pos.Terms{})
		r.must(err)
		synctest.Wait()
		if err := r.Park(r.Context(), more, ""); !errors.Is(err, pos.ErrNews) {
			r.Errorf("parking what was charged: %v", err)
		}
		r.must(r.Discard(r.Context(), two.ID))
		if err := r.Discard(r.Context(), two.ID); !errors.Is(err, pos.ErrNews) {
			r.Errorf("discarded twice: %v", err)
		}
		r.restart()
		if got := r.Parked(); len(got) != 0 {
			r.Errorf("still parked: %+v", got)
		}
		if got := r.sale(s.ID).Order; got.ID != one.ID || len(got.Lines) != 3 {
			r.Errorf("charged was %+v", got)
		}
	})
}

// Whatever is parked, parked again, given up or lived through besides, an order
// that waits is called by one number, and no other by the same.
func TestPark_numberIsTheOrdersOwn(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		dice := rand.New(rand.NewPCG(5, 5))
		called := map[string]int{}
		for step := range 150 {
			all := r.Parked()
			switch do := dice.IntN(8); {
			case do <= 3 || len(all) == 0:
				r.must(r.Park(r.Context(), pos.NewOrder(line("", pos.Yen(step+1), 1, pos.Standard)), ""))
			case do <= 5:
				r.must(r.Park(r.Context(), all[dice.IntN(len(all))].Order, "again"))
			case do == 6:
				r.must(r.Discard(r.Context(), all[dice.IntN(len(all))].Order.ID))
			default:
				r.restart()
			}
			now := map[string]int{}
			taken := map[int]bool{}
			for _, p := range r.Parked() {
				if was, ok := called[p.Order.ID]; p.No < 1 || taken[p.No] || ok && was != p.No || !ok && p.No > len(r.Parked()) {
					r.Fatalf("step %d: %s is %d now, was %d", step, p.Order.ID, p.No, was)
				}
				now[p.Order.ID], taken[p.No] = p.No, true
			}
			called = now
		}
		if len(called) < 3 {
			r.Errorf("only %d are parked", len(called))
		}
	})
}

func TestPark_refuses(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		if err := r.Park(r.Context(), pos.NewOrder(), ""); !errors.Is(err, pos.ErrEmptyOrder) {
			r.Errorf("nothing: %v", err)
		}
		for range 100 {
			r.must(r.Park(r.Context(), pos.NewOrder(line("", 1, 1, pos.Standard)), ""))
		}
		if err := r.Park(r.Context(), pos.NewOrder(line("", 1, 1, pos.Standard)), ""); !errors.Is(err, pos.ErrTooManyParked) {
			r.Errorf("one too many: %v", err)
		}
		r.disk.fails.Store(1)
		if err := r.Discard(r.Context(), r.Parked()[0].Order.ID); !errors.Is(err, pos.ErrJournal) || len(r.Parked()) != 100 {
			r.Errorf("not written down: %v, %d are parked", err, len(r.Parked()))
		}
		r.tick(5 * time.Second)
	})
}
