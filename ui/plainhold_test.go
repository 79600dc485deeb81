package ui

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.jp/reji/pos"
)

// ofAHold is what was asked of PayPay about a hold.
type ofAHold struct {
	Way     pos.Way
	Attempt string
	Amount  pos.Yen
}

// holdsOne carries what is asked about the hold of its sale at once, but for more
// than is held, which waits for the customer, and notes it down.
func holdsOne(s pos.Sale) (*fake, *[]ofAHold) {
	f := booked(inHand(s))
	f.holds = f.sales
	var all []ofAHold
	f.capture = func(_ pos.SaleID, attempt string, amount pos.Yen) error {
		all = append(all, ofAHold{pos.WayCapture, attempt, amount})
		if amount > s.Last().OnHold {
			f.sales[0].Sale = held(consenting())
			return nil
		}
		f.sales[0].Sale = with(s, func(a *pos.Attempt) {
			a.State, a.OnHold, a.Taken, a.PaidAt = pos.Paid, 0, amount, noon
			a.Modifications = []pos.Modification{{ID: "c1", Way: pos.WayCapture, Amount: amount, State: pos.Carried, AskedAt: noon}}
		})
		return nil
	}
	f.giveBack = func(_ pos.SaleID, want pos.Return) error {
		all = append(all, ofAHold{want.Way, want.Attempt, want.Amount})
		f.sales[0].Sale = letGo()
		return nil
	}
	return f, &all
}

func TestPlain_holds(t *testing.T) {
	t.Parallel()
	left := func() pos.Sale { s := held(); s.Left = true; return s }
	for _, c := range []struct {
		name     string
		fake     func() *fake
		commands []string
	}{
		{"hold-all", func() *fake { f, _ := holdsOne(left()); return f }, []string{"holds", "hold", "hold 123", "k", "all", "k", "list"}},
		{"hold-less", func() *fake { f, _ := holdsOne(left()); return f }, []string{"hold 123", "k", "", "0", "1,000", "1000", "back", "900", "k"}},
		{"hold-let-go", func() *fake { f, _ := holdsOne(left()); return f }, []string{"hold 123", "x", "back", "x", "x", "k", "stop", "hold 123"}},
		{"hold-more", func() *fake { f, _ := holdsOne(left()); return f }, []string{"hold 123", "k", "1500", "k", "k", "x", "c", "stop"}},
		{"hold-paying", func() *fake { f, _ := holdsOne(held()); f.unfinished = held().ID; return f }, []string{"001", "hold", "k", "all", "k", "next"}},
		{"hold-task", func() *fake {
			f, _ := holdsOne(left())
			f.tasks = []pos.Task{{Kind: pos.TaskLapsing, Sale: held().ID, Number: 123, Amount: 1280, Until: held().Last().HoldEnds}}
			return f
		}, []string{"tasks", "task 1", "stop"}},
		{"hold-refused", func() *fake {
			f, _ := holdsOne(held(refusedWith(pos.WayRevert, 1280, "ORDER_NOT_REVERSIBLE", "00200044")))
			return f
		}, []string{"hold 123", "c", "stop"}},
		{"hold-unfit", func() *fake {
			f, _ := holdsOne(with(left(), func(a *pos.Attempt) { a.Mismatch = true }))
			return f
		}, []string{"hold 123", "k", "x"}},
	} {
		for _, lang := range []string{"ja", "en"} {
			goldenText(t, "Plain/"+c.name+"-"+lang, spokenWith(t, lang, c.fake(), c.commands...))
		}
	}
}

// What is held is taken by the key that the question names, after it was read
// out, and by nothing else.
func TestPlain_onlyTheNamedKeyTakes(t *testing.T) {
	t.Parallel()
	f, asked := holdsOne(held())
	spokenWith(t, "en", f, "hold 123", "", "1280", "all", "k", "", "y", "ok", "capture", "all", "", "enter", "x", "pay", "k k", "stop", "k",
		"hold 123", "x", "", "k", "yes", "all", "stop", "x", "k")
	if len(*asked) > 0 {
		t.Fatalf("asked for %+v", *asked)
	}
	id := held().Last().ID
	spokenWith(t, "en", f, "hold 123", "k", "all", "k")
	f.sales[0].Sale = held()
	spokenWith(t, "en", f, "hold 123", "x", "x")
	if diff := cmp.Diff([]ofAHold{{pos.WayCapture, id, 1280}, {pos.WayRevert, id, 1280}}, *asked); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	f.sales[0].Sale = held()
	p, out := inPlain(t, "en", f)
	replies(t, p, out, "hold 123", "k", "all", "k", "k", "x") // at one moment
	if len(*asked) > 2 {
		t.Errorf("asked for %+v", (*asked)[2:])
	}
}

// A hold that is taken while its sale is not in hand has its receipt printed.
func TestPlain_takingAHoldPrintsTheReceipt(t *testing.T) {
	t.Parallel()
	f, _ := holdsOne(held())
	var printed []pos.Paper
	f.prints = func(_ pos.SaleID, p pos.Paper) error { printed = append(printed, p); return nil }
	at := noon
	p, out := inPlain(t, "en", f)
	p.now = func() time.Time { at = at.Add(time.Second); return at }
	replies(t, p, out, "hold 123", "k", "all", "k", "", "")
	if len(printed) != 1 {
		t.Errorf("printed %+v after\n%s", printed, out)
	}
}
