package ui

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.jp/reji/pos"
)

// spokenWith is the till in lines as somebody hears it: each command, and below it
// what the till says. A second passes before each.
func spokenWith(t *testing.T, lang string, r *fake, commands ...string) string {
	t.Helper()
	var out strings.Builder
	p := &plain{env: testEnv(t, lang, r), out: &out}
	at := noon
	p.now = func() time.Time { return at }
	p.customer = r.customer
	p.fresh()
	p.begin(t.Context())
	for _, c := range commands {
		out.WriteString("\n> " + c + "\n")
		at = at.Add(time.Second)
		if p.obey(t.Context(), c) {
			out.WriteString("(the till ends)\n")
			break
		}
		p.watch(t.Context())
	}
	return out.String()
}

// booked answers lists of sales with those in hand, and histories too.
func booked(f *fake) *fake {
	find := func(id pos.SaleID) pos.Sale {
		for _, s := range f.sales {
			if s.Sale.ID == id {
				return s.Sale
			}
		}
		return pos.Sale{}
	}
	f.list = func(q pos.ListQuery) ([]pos.Listed, error) {
		var all []pos.Listed
		for _, s := range f.sales {
			if s := s.Sale; (q.Before == 0 || s.Number < q.Before) && len(all) < q.Limit {
				all = append(all, pos.Listed{ID: s.ID, Number: s.Number, Standing: s.Standing(), Total: s.Amount(), OpenedAt: noon.Add(-3 * time.Minute), Goods: "本日のコーヒー", GoodsEn: "Coffee"})
			}
		}
		return all, nil
	}
	f.history = func(id pos.SaleID) (pos.Sale, []pos.Recorded, error) { return find(id), nil, nil }
	f.report = func(d pos.Day) (pos.Report, error) {
		return pos.Report{Day: d, Payments: 12, Paid: 15_360, Refunds: 1, Refunded: 420, Net: 14_940}, nil
	}
	return f
}

// gives carries what is given back at once, and notes it down.
func gives(f *fake) (*fake, *[]pos.Return) {
	var asked []pos.Return
	f.giveBack = func(_ pos.SaleID, want pos.Return) error {
		asked = append(asked, want)
		f.sales[0].Sale = after(f.sales[0].Sale, pos.Modification{
			Way: want.Way, Amount: want.Amount, State: pos.Carried, Reason: want.Reason, Goods: want.Goods, AskedAt: noon,
		})
		return nil
	}
	return booked(f), &asked
}

func TestPlain_dialogues(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		fake     func() *fake
		commands []string
	}{
		{"sales", func() *fake { return booked(inHand(kept())) }, []string{"sales", "more", "sale 123", "sale 7", "sale", "unsettled"}},
		{"all-back", func() *fake { f, _ := gives(inHand(kept())); return f }, []string{"001", "refund 123", "1", "1", "b", "stop", "list"}},
		{"goods-back", func() *fake { f, _ := gives(inHand(kept())); return f }, []string{
			"refund no.123", "2", "9 1", "2 1", "1 500", "1 0", "done", "430", "done", "440", "4", "味が違う", "b", "stop", "sale 123",
		}},
		{"amount-back", func() *fake { f, _ := gives(inHand(kept())); return f }, []string{
			"refund 123", "3", "9999", "400", "40", "400", "400", "back", "1", "stop",
		}},
		{"which", func() *fake { return booked(inHand(paidTwice())) }, []string{"refund 123", "2", "back", "stop"}},
		{"denied", func() *fake { return booked(inHand(tooLate())) }, []string{"refund 123", "b", "", "stop", "refund 123", "d", "現金で返した", "d", "stop"}},
		{"nothing", func() *fake { return booked(inHand(saleOf(pos.Closed))) }, []string{"refund 123", "1", "b", "stop"}},
		{"tasks", func() *fake { return booked(everyTask()) }, []string{
			"tasks", "task 3", "stop", "task 6", "task 2", "task 11", "店長が確認", "w", "task 12", "task 13",
		}},
		{"late", func() *fake { f, _ := late(); return booked(f) }, []string{"tasks", "task 1", "y", "a", "tasks"}},
		{"parked", func() *fake { return &fake{} }, []string{
			"001", "2*002", "park 山田さん", "003", "recall 1", "void", "parked", "recall 2", "recall 1", "quit",
		}},
		{"help", func() *fake { return &fake{} }, []string{"help"}},
	} {
		for _, lang := range []string{"ja", "en"} {
			goldenText(t, "Plain/"+c.name+"-"+lang, spokenWith(t, lang, c.fake(), c.commands...))
		}
	}
}

// Money is given back by the key that the question names, and by nothing else.
func TestPlain_onlyTheNamedKeyGivesBack(t *testing.T) {
	t.Parallel()
	f, asked := gives(inHand(kept()))
	spokenWith(t, "en", f, "refund 123", "1", "1", "", "y", "yes", "ok", "1", "pay", "d", "refund 123", "b b", "4901234567894", "quit", "stop", "b")
	if len(*asked) > 0 {
		t.Fatalf("asked for %+v", *asked)
	}
	spokenWith(t, "en", f, "refund 123", "3", "420", "420", "2", "b")
	want := []pos.Return{{Attempt: kept().Attempts[0].ID, Amount: 420, Way: pos.WayRefund, Left: 1280, Reason: "wrong amount"}}
	if diff := cmp.Diff(want, *asked); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// What a terminal pastes, or a scanner sends, comes faster than anybody reads a
// question: it answers none.
func TestPlain_answersThatComeTooSoonDoNothing(t *testing.T) {
	t.Parallel()
	f, asked := gives(inHand(kept()))
	p, out := inPlain(t, "en", f)
	replies(t, p, out, "refund 123", "1", "1", "b", "b", "b") // at one moment
	if len(*asked) > 0 {
		t.Errorf("asked for %+v", *asked)
	}
}

func TestPlain_quitWithoutParkingNeedsASecondWord(t *testing.T) {
	t.Parallel()
	f := &fake{park: func(pos.Order, string) error { return pos.ErrTooManyParked }}
	p, out := inPlain(t, "en", f)
	if got := replies(t, p, out, "480"); p.obey(t.Context(), "quit") {
		t.Fatalf("it ended with an order of %s", got)
	}
	if !strings.Contains(out.String(), "quit again") {
		t.Errorf("it says:\n%s", out)
	}
	if replies(t, p, out, "list"); p.obey(t.Context(), "quit") {
		t.Error("it ended at another word's second quit")
	}
	if !p.obey(t.Context(), "quit") {
		t.Error("it did not end")
	}
}
