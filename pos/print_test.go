package pos_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.jp/reji/pos"
)

// press prints what it is asked to, unless it is broken.
type press struct {
	mu     sync.Mutex
	fails  error // nothing comes out, or perhaps something
	hangs  bool  // until it is told to stop
	papers []string
}

func (p *press) Print(ctx context.Context, s pos.Sale, which pos.Paper) error {
	p.mu.Lock()
	fails, hangs := p.fails, p.hangs
	p.mu.Unlock()
	if hangs {
		<-ctx.Done()
		return ctx.Err()
	}
	if fails != nil {
		return fails
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	text := fmt.Sprintf("%s %d of %d", which.Kind, which.Copy, s.Number)
	if which.Doubt {
		text += " in doubt"
	}
	p.papers = append(p.papers, text)
	return nil
}

func (p *press) set(fails error, hangs bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fails, p.hangs = fails, hangs
}

func (p *press) out(t *testing.T, want ...string) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if d := cmp.Diff(want, p.papers); d != "" {
		t.Errorf("-want +printed\n%s", d)
	}
}

// withPrinter is a till with a printer, and a sale that is paid.
func withPrinter(t *testing.T, test func(r *rig, p *press, id pos.SaleID, receipt pos.Paper)) {
	t.Helper()
	inBubble(t, func(r *rig) {
		p := &press{}
		r.printer = p
		r.restart()
		id := r.charge(500)
		r.must(r.sim.Pay(r.sale(id).Last().CodeID))
		r.tick(2 * poll)
		r.is(id, pos.Paid, pos.Settled)
		papers := r.sale(id).Papers()
		if len(papers) != 1 {
			r.Fatalf("papers: %+v", papers)
		}
		test(r, p, id, papers[0])
	})
}

func (r *rig) print(id pos.SaleID, p pos.Paper) {
	r.Helper()
	r.must(r.Print(r.Context(), id, p))
	synctest.Wait()
}

func TestPrint_countsItsCopies(t *testing.T) {
	t.Parallel()
	withPrinter(t, func(r *rig, p *press, id pos.SaleID, receipt pos.Paper) {
		r.print(id, receipt)
		r.print(id, receipt) // the first only once
		p.out(r.T, "receipt 1 of 1")
		receipt.Copy = 0
		r.print(id, receipt)
		addressed := pos.Paper{Kind: pos.AddressedPaper, Attempt: receipt.Attempt, Addressee: "茶屋"}
		r.print(id, addressed)
		addressed.Addressee = "another"
		r.restart()
		r.print(id, addressed)
		p.out(r.T, "receipt 1 of 1", "receipt 2 of 1", "addressed 1 of 1", "addressed 2 of 1")
		if st := r.Status(); st.Prints != 0 || st.Unprinted != nil {
			r.Errorf("still to print: %+v", st)
		}
		_, events, err := r.History(r.Context(), id)
		r.must(err)
		if all, copies := pos.CountPrints(events, addressed); all != 4 || copies != 2 {
			r.Errorf("%d papers, %d copies", all, copies)
		}
		if last := pos.PapersAsked(events)[3]; last.Copy != 2 || last.Addressee != "another" {
			r.Errorf("the last paper was %+v", last)
		}
	})
}

func TestPrint_waitsForThePrinter(t *testing.T) {
	t.Parallel()
	withPrinter(t, func(r *rig, p *press, id pos.SaleID, receipt pos.Paper) {
		p.set(fmt.Errorf("out of paper: %w", pos.ErrNotPrinted), false)
		r.print(id, receipt)
		receipt.Copy = 0
		r.print(id, receipt)
		r.tick(59 * time.Second)
		if tasks := r.Tasks(); len(tasks) != 0 {
			r.Errorf("too soon: %+v", tasks)
		}
		r.tick(2 * time.Second)
		if tasks := r.Tasks(); len(tasks) != 1 || tasks[0].Kind != pos.TaskPrinter {
			r.Errorf("tasks: %+v", tasks)
		}
		if st := r.Status(); st.Prints != 2 || !errors.Is(st.Unprinted, pos.ErrNotPrinted) || st.Trouble != nil {
			r.Errorf("status: %+v", st)
		}
		r.charge(300) // nothing waits for the printer
		p.set(nil, false)
		r.tick(time.Minute)
		p.out(r.T, "receipt 1 of 1", "receipt 2 of 1")
		if tasks := r.Tasks(); len(tasks) != 0 {
			r.Errorf("tasks: %+v", tasks)
		}
	})
}

func TestPrint_isTriedAtOnceWhenAskedTo(t *testing.T) {
	t.Parallel()
	withPrinter(t, func(r *rig, p *press, id pos.SaleID, receipt pos.Paper) {
		p.set(pos.ErrNotPrinted, false)
		asked := time.Now()
		r.print(id, receipt)
		r.tick(2 * time.Minute) // long pauses by now
		if st := r.Status(); st.Prints != 1 || !st.Printing.Equal(asked) {
			r.Errorf("waits since %v, asked for at %v", st.Printing, asked)
		}
		p.set(nil, false)
		r.TryPrints()
		synctest.Wait()
		p.out(r.T, "receipt 1 of 1")
		r.TryPrints() // nothing waits
		receipt.Copy = 0
		r.print(id, receipt)
		p.out(r.T, "receipt 1 of 1", "receipt 2 of 1")
	})
}

func TestPrint_saysWhenItMayBeOutTwice(t *testing.T) {
	t.Parallel()
	withPrinter(t, func(r *rig, p *press, id pos.SaleID, receipt pos.Paper) {
		p.set(errors.New("connection reset"), false)
		r.print(id, receipt)
		p.set(nil, false)
		r.tick(time.Minute)
		p.out(r.T, "receipt 1 of 1 in doubt")
	})
}

func TestPrint_outlivesARestart(t *testing.T) {
	t.Parallel()
	withPrinter(t, func(r *rig, p *press, id pos.SaleID, receipt pos.Paper) {
		p.set(nil, true) // it takes the paper and never says that it printed it
		r.print(id, receipt)
		r.restart()
		p.set(nil, false)
		r.tick(2 * time.Minute)
		p.out(r.T, "receipt 1 of 1 in doubt")
		r.restart()
		r.tick(time.Minute)
		p.out(r.T, "receipt 1 of 1 in doubt")
	})
}

func TestPrint_isNotPrintedTwiceForTheJournal(t *testing.T) {
	t.Parallel()
	withPrinter(t, func(r *rig, p *press, id pos.SaleID, receipt pos.Paper) {
		r.disk.skips.Store(1) // the intent is written, and not that it was printed
		r.disk.fails.Store(1)
		r.print(id, receipt)
		r.tick(time.Minute)
		p.out(r.T, "receipt 1 of 1")
		if st := r.Status(); st.Prints != 0 || st.Trouble != nil {
			r.Errorf("status: %+v", st)
		}
	})
}

func TestPrint_canBeGivenUp(t *testing.T) {
	t.Parallel()
	withPrinter(t, func(r *rig, p *press, id pos.SaleID, receipt pos.Paper) {
		p.set(pos.ErrNotPrinted, false)
		r.print(id, receipt)
		r.must(r.DropPrints(r.Context()))
		p.set(nil, false)
		r.tick(time.Minute)
		r.restart()
		r.tick(time.Minute)
		p.out(r.T)
		receipt.Copy = 0
		r.print(id, receipt)
		p.out(r.T, "receipt 2 of 1")
	})
}

func TestPrint_refuses(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		if err := r.Print(r.Context(), r.charge(100), pos.Paper{}); !errors.Is(err, pos.ErrNoPrinter) {
			r.Errorf("without a printer: %v", err)
		}
	})
	withPrinter(t, func(r *rig, p *press, id pos.SaleID, receipt pos.Paper) {
		for name, c := range map[string]struct {
			sale  pos.SaleID
			paper pos.Paper
			want  error
		}{
			"no such sale":      {"none", receipt, pos.ErrNoSale},
			"a slip of nothing": {id, pos.Paper{Kind: pos.SlipPaper, Attempt: receipt.Attempt}, pos.ErrNews},
			"another payment":   {id, pos.Paper{Kind: pos.ReceiptPaper, Attempt: "none"}, pos.ErrNews},
			"not paid":          {r.charge(700), receipt, pos.ErrNews},
		} {
			if err := r.Print(r.Context(), c.sale, c.paper); !errors.Is(err, c.want) {
				r.Errorf("%s: %v", name, err)
			}
		}
		p.set(pos.ErrNotPrinted, false)
		receipt.Copy = 0
		for range 200 {
			r.must(r.Print(r.Context(), id, receipt))
		}
		if err := r.Print(r.Context(), id, receipt); !errors.Is(err, pos.ErrManyPrints) {
			r.Errorf("one too many: %v", err)
		}
		r.disk.fails.Store(1)
		if err := r.DropPrints(r.Context()); !errors.Is(err, pos.ErrJournal) || r.Status().Prints != 200 {
			r.Errorf("not written down: %v", err)
		}
		r.tick(5 * time.Second)
		p.out(r.T)
	})
}
