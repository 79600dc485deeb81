package ui

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.jp/reji/pos"
)

// inPlain is the till in lines, and what it has written.
func inPlain(t *testing.T, lang string, r *fake) (*plain, *strings.Builder) {
	t.Helper()
	var out strings.Builder
	p := &plain{env: testEnv(t, lang, r), out: &out}
	p.customer = r.customer
	p.fresh()
	p.begin(t.Context())
	return p, &out
}

// replies are the lines that follow one or more commands.
func replies(t *testing.T, p *plain, out *strings.Builder, commands ...string) string {
	t.Helper()
	out.Reset()
	for _, c := range commands {
		if p.obey(t.Context(), c) {
			t.Fatalf("%q has ended the till", c)
		}
		p.watch(t.Context())
	}
	return out.String()
}

func TestPlain_takesAnOrder(t *testing.T) {
	t.Parallel()
	p, out := inPlain(t, "en", &fake{})
	for _, c := range []struct {
		lines string
		total pos.Yen
	}{
		{"480", 480},
		{"3*480", 1_920},
		{"r100", 2_020},
		{"２*５０", 2_120},
		{"yen 150000", 152_120},
		{"void", 2_120},
	} {
		got := replies(t, p, out, c.lines)
		if want := "total: "; !strings.Contains(got, want) || !strings.Contains(got, yen(c.total)) {
			t.Errorf("%q: %s", c.lines, got)
		}
	}
	for _, line := range []string{"4901234567894", "150000", "007777", "abc", "0", "1*", "*", "-5", "r", "yen", "12 34", "\x1b[2J"} {
		before := p.order
		replies(t, p, out, line)
		if diff := cmp.Diff(before, p.order); diff != "" {
			t.Errorf("%q has changed the order:\n%s", line, diff)
		}
	}
}

func TestPlain_departmentsAndAges(t *testing.T) {
	t.Parallel()
	charged := 0
	r := &fake{charge: func(pos.Order) (pos.Sale, error) { charged++; return pos.Sale{}, pos.ErrSameAmount }}
	p, out := inPlain(t, "en", r)
	if got := replies(t, p, out, "091"); !strings.Contains(got, "such as 091 500") {
		t.Errorf("said %s", got)
	}
	for _, line := range []string{"091 0", "091 x", "091 5 5", "001 500"} {
		if got := replies(t, p, out, line); len(p.order.Lines) > 0 {
			t.Errorf("%q: %s", line, got)
		}
	}
	if got := replies(t, p, out, "2*091 500", "015"); !strings.Contains(got, "total: 3 pieces, ¥1,245") {
		t.Errorf("said %s", got)
	}
	if got := replies(t, p, out, "pay"); !strings.Contains(got, "under 20") || charged > 0 {
		t.Errorf("%d charges, said %s", charged, got)
	}
	if replies(t, p, out, "grown", "pay"); charged != 1 {
		t.Errorf("%d charges", charged)
	}
	p.fresh()
	if replies(t, p, out, "093 500", "pay"); charged != 1 {
		t.Error("the next customer was not asked for")
	}
}

// Money moves by the word pay, is held by the word reserve, and neither by
// anything else that can be typed.
func TestPlain_onlyPayAndReserveCharge(t *testing.T) {
	t.Parallel()
	var charged []pos.Terms
	r := &fake{terms: func(_ pos.Order, terms pos.Terms) (pos.Sale, error) {
		charged = append(charged, terms)
		return pos.Sale{}, pos.ErrSameAmount
	}}
	p, out := inPlain(t, "en", r)
	replies(t, p, out, "480", "", "y", "yes", "ok", "f9", "paypay", "pay 480", "payment", "\r", "next", "new", "cancel", "back", "list", "hold", "holds", "f10", "reserve 480", "reserved")
	if charged != nil {
		t.Fatalf("%d charges", len(charged))
	}
	if got := replies(t, p, out, "pay"); !strings.Contains(got, "enter pay again") {
		t.Errorf("said %s", got)
	}
	replies(t, p, out, "100", "pay") // another order: it is asked again
	replies(t, p, out, "PAY")
	if got := replies(t, p, out, "reserve"); !strings.Contains(got, "enter reserve again") { // pay was asked about
		t.Errorf("said %s", got)
	}
	replies(t, p, out, "reserve")
	if diff := cmp.Diff([]pos.Terms{{}, {}, {Anyway: true}, {Hold: true}, {Hold: true, Anyway: true}}, charged); diff != "" {
		t.Errorf("charged anyway (-want +got):\n%s", diff)
	}
}

func TestPlain_saysEachChangeOnceAndWhoSaidIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		becomes pos.Sale
		says    string
	}{
		{saleOf(pos.Unknown), "Result not known yet. PayPay has not answered."},
		{saleOf(pos.Failed), "Payment failed."},
		{saleOf(pos.Closed), "Payment stopped."},
		{saleOf(pos.Expired), "Time is over."},
		{saleOf(pos.Paid), "paid. ¥1,280 was received. Receipt number 000123, PayPay's number 02345678901234567890."},
	} {
		r := paying(saleOf(pos.Live))
		var printed []pos.Paper
		r.prints = func(_ pos.SaleID, p pos.Paper) error { printed = append(printed, p); return nil }
		p, out := inPlain(t, "en", r)
		first := out.String()
		for _, want := range []string{"12:00:00 Waiting for payment.", "(PayPay at 11:59:58)", "¥1,280", "https://qr-stg.sandbox.paypay.ne.jp/28180104R1dTSCWPdmjHqzPA\n"} {
			if !strings.Contains(first, want) {
				t.Errorf("%q is missing in\n%s", want, readable(first))
			}
		}
		if got := replies(t, p, out, "480"); !strings.HasPrefix(got, "A payment is under way") {
			t.Errorf("while a code is live: %s", got)
		}
		r.sales[0].Sale = c.becomes
		got := replies(t, p, out, "")
		if !strings.Contains(got, c.says) || strings.Count(got, "\n") != 1 || strings.Contains(got, "\x1b") {
			t.Errorf("%s: %q", c.says, got)
		}
		if got := replies(t, p, out, "", ""); got != "" {
			t.Errorf("%s: and again: %s", c.says, got)
		}
		if want := c.becomes.Standing() == pos.Settled; want != (len(printed) == 1) || len(printed) > 1 {
			t.Errorf("%s: printed %+v", c.says, printed)
		}
	}
}

// No code is shown that must not be paid.
func TestPlain_showsNoCodeThatDoesNotFit(t *testing.T) {
	t.Parallel()
	for _, s := range []pos.Sale{
		with(saleOf(pos.Live), func(a *pos.Attempt) { a.Mismatch = true }),
		with(saleOf(pos.Live), func(a *pos.Attempt) { a.ExpiresAt = noon }),
	} {
		_, out := inPlain(t, "en", paying(s))
		if got := out.String(); strings.Contains(got, "https://") || strings.Contains(got, "\x1b") {
			t.Errorf("%s", got)
		}
	}
}

func TestPlain_codeOfAHold(t *testing.T) {
	t.Parallel()
	s := with(saleOf(pos.Live), func(a *pos.Attempt) { a.Hold = true })
	if _, out := inPlain(t, "en", paying(s)); !strings.Contains(out.String(), "To hold: ¥1,280") || strings.Contains(out.String(), "To pay") {
		t.Errorf("%s", out)
	}
}

func TestPlain_whilePaying(t *testing.T) {
	t.Parallel()
	var done []string
	note := func(what string) func(pos.SaleID) error {
		return func(pos.SaleID) error { done = append(done, what); return nil }
	}
	r := paying(saleOf(pos.Live))
	r.giveUp, r.newCode, r.moveOn = note("cancel"), note("new"), note("next")
	r.customer = func(_ context.Context, _, action string) error { done = append(done, action); return nil }
	p, out := inPlain(t, "en", r)
	if got := replies(t, p, out, "back"); !strings.Contains(got, "not known yet") {
		t.Errorf("back while it can be paid: %s", got)
	}
	if got := replies(t, p, out, "qr"); !strings.Contains(got, "https://") {
		t.Errorf("the code is not shown again: %s", got)
	}
	replies(t, p, out, "cancel", "new", "customer pays", "customer fails", "next")
	if diff := cmp.Diff([]string{"cancel", "new", "pay", "fail", "next"}, done); diff != "" {
		t.Error(diff)
	}
	if p.sale != "" || len(p.order.Lines) != 0 {
		t.Errorf("the next customer begins with %+v", p.order)
	}
}

func TestPlain_backBringsTheOrder(t *testing.T) {
	t.Parallel()
	r := paying(saleOf(pos.Closed))
	p, out := inPlain(t, "ja", r)
	replies(t, p, out, "back")
	if totals, err := p.order.Totals(); err != nil || totals.Total != 1_280 || p.order.ID == "order-1" {
		t.Errorf("%+v, %v", p.order, err)
	}
}

func TestPlain_endsAtTheSecondWordWhileSomethingIsOpen(t *testing.T) {
	t.Parallel()
	p, _ := inPlain(t, "en", &fake{status: pos.Status{Unsettled: 1}})
	if p.obey(t.Context(), "quit") || p.obey(t.Context(), "list") || p.obey(t.Context(), "quit") || !p.obey(t.Context(), "quit") {
		t.Error("it ended at another word")
	}
}

// A journal that was restored is told of in lines of text too.
func TestPlain_saysWhatARestoredJournalLacks(t *testing.T) {
	t.Parallel()
	done := lostGap
	done.Open = false
	if _, out := inPlain(t, "ja", &fake{gaps: []pos.Gap{done, lostGap}}); strings.Count(out.String(), "少なくとも42件") != 1 {
		t.Errorf("it says:\n%s", out)
	}
}

// A terminal that is gone, or a signal, ends the till without asking: the order
// that was begun waits among the parked ones.
func TestPlain_endedFromOutsideParksTheOrder(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lines string
		left  pos.Yen
	}{{"480\n2*100\n", 680}, {"480\nvoid\n", 0}, {"480\nquit\n", 480}, {"", 0}} {
		f := &fake{}
		e := testEnv(t, "en", f)
		err := Plain(t.Context(), Options{Register: f, Catalog: e.catalog, Lang: "en", Shop: e.shop, Now: e.now}, strings.NewReader(c.lines), &strings.Builder{})
		if err != nil {
			t.Error(err)
		}
		var left pos.Yen
		for _, p := range f.parked {
			totals, err := p.Order.Totals()
			if err != nil {
				t.Error(err)
			}
			left += totals.Total
		}
		if left != c.left {
			t.Errorf("after %q orders of %d yen are parked, want %d", c.lines, left, c.left)
		}
	}
	f := &fake{park: func(pos.Order, string) error { return pos.ErrTooManyParked }}
	e := testEnv(t, "en", f)
	err := Plain(t.Context(), Options{Register: f, Catalog: e.catalog, Lang: "en", Shop: e.shop, Now: e.now}, strings.NewReader("480\n"), &strings.Builder{})
	if err == nil || !strings.Contains(err.Error(), "¥480 is lost") {
		t.Errorf("what cannot be parked: %v", err)
	}
}
