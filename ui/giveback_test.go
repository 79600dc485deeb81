package ui

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/google/go-cmp/cmp"

	"example.jp/reji/paypay"
	"example.jp/reji/pos"
)

// kept is a sale that was paid two minutes ago, and that the cashier has left.
func kept() pos.Sale {
	s := with(saleOf(pos.Paid), func(a *pos.Attempt) { a.PaidAt = noon.Add(-2 * time.Minute) })
	s.Left = true
	return s
}

// heldSale is a sale of which PayPay holds the amount.
func heldSale() pos.Sale {
	s := with(saleOf(pos.Live), func(a *pos.Attempt) {
		a.State, a.Hold, a.OnHold, a.PaymentID = pos.Held, true, a.Amount, "02345678901234567890"
		a.HoldEnds = noon.Add(72 * time.Hour)
	})
	s.Left = true
	return s
}

// after is the sale after something was asked of PayPay about its money.
func after(s pos.Sale, m pos.Modification) pos.Sale {
	s.Attempts = slices.Clone(s.Attempts)
	a := &s.Attempts[len(s.Attempts)-1]
	if m.ID == "" {
		m.ID = a.ID + "-" + string(m.Way[:1]) + strconv.Itoa(len(a.Modifications)+1)
	}
	if m.AskedAt.IsZero() {
		m.AskedAt = noon.Add(-5 * time.Second)
	}
	if m.Reason == "" {
		m.Reason = "返品"
	}
	a.Modifications = append(slices.Clone(a.Modifications), m)
	switch {
	case m.State == pos.Carried && m.Way == pos.WayCancel:
		a.State = pos.Cancelled
	case m.State == pos.Carried && m.Way == pos.WayRevert:
		a.State, a.OnHold = pos.Reverted, 0
	case m.Way == pos.WayRefund && a.Taken > 0 && a.Returned() == a.Taken:
		a.State = pos.Refunded
	}
	return s
}

func refundOf(y pos.Yen, st pos.Progress) pos.Modification {
	return pos.Modification{Way: pos.WayRefund, Amount: y, State: st}
}

// inHand is a register that still has a sale in hand.
func inHand(s pos.Sale) *fake {
	return &fake{sales: []pos.Snapshot{{Sale: s, Contact: heard()}}}
}

// givenTwice is a sale of which PayPay gave back after all what it had refused,
// and what was given back again meanwhile.
func givenTwice() pos.Sale {
	late, again := refundOf(420, pos.Carried), refundOf(420, pos.Carried)
	late.ID = kept().Attempts[0].ID + "-r1"
	late.DeniedAt, late.DoneAt = noon.Add(-2*time.Minute), noon.Add(-time.Minute)
	again.Claim, again.DoneAt = late.ID, noon.Add(-90*time.Second)
	return after(after(kept(), late), again)
}

// doubtful is a sale of which PayPay has refused a refund, and may yet carry out
// an earlier try of it.
func doubtful() pos.Sale {
	m := refundOf(420, pos.Denied)
	m.Code, m.CodeNo, m.DeniedAt, m.Watched = "INVALID_PARAMS", "00200004", noon.Add(-time.Minute), noon.Add(24*time.Hour-time.Minute)
	return after(kept(), m)
}

// tooLate is a cancel that PayPay called too late.
func tooLate() pos.Sale {
	return after(kept(), pos.Modification{
		Way: pos.WayCancel, Amount: 1280, State: pos.Denied, Code: paypay.OrderNotReversible, CodeNo: "00200044",
	})
}

// unnamed is a paid sale of goods that were sold by their price alone.
func unnamed() pos.Sale {
	s := kept()
	s.Order.Lines = []pos.Line{
		{Unit: 300, Quantity: 1, Rate: pos.Reduced}, {Unit: 440, Quantity: 2, Rate: pos.Reduced}, {Unit: 100, Quantity: 1, Rate: pos.Standard},
	}
	s.Totals, _ = s.Order.Totals()
	s.Attempts[0].Amount, s.Attempts[0].Taken = s.Totals.Total, s.Totals.Total
	return s
}

func TestGiveBack_golden(t *testing.T) {
	t.Parallel()
	lastYear := with(kept(), func(a *pos.Attempt) { a.PaidAt = noon.AddDate(0, 0, -300) })
	part := after(kept(), pos.Modification{
		Way: pos.WayRefund, Amount: 440, State: pos.Carried, AskedAt: noon.Add(-time.Minute), Goods: []pos.Goods{{Line: 1, Quantity: 1}},
	})
	throttled := inHand(after(part, refundOf(420, pos.Asked)))
	throttled.sales[0].Contact = pos.Contact{
		AskedAt: noon.Add(-8 * time.Second), NextAt: noon.Add(52 * time.Second),
		Problem: &paypay.Error{Op: paypay.OpRefund, Class: paypay.Retry, Status: 400, Code: paypay.RefundThrottled},
	}
	unanswered := inHand(after(kept(), pos.Modification{Way: pos.WayCancel, Amount: 1280, State: pos.Asked}))
	unanswered.sales[0].Contact = pos.Contact{
		AskedAt: noon.Add(-2 * time.Second), NextAt: noon.Add(3 * time.Second),
		Problem: &paypay.Error{Op: paypay.OpCancelPayment, Class: paypay.Unknown},
	}
	dropped := tooLate()
	dropped.Attempts[0].Modifications[0].Dropped = true
	settled := after(kept(), refundOf(420, pos.Denied))
	settled.Attempts[0].Modifications[0].Dropped = true
	for _, c := range []struct {
		name string
		fake *fake
		keys []string
	}{
		{"how", inHand(kept()), nil},
		{"how-late", inHand(lastYear), nil},
		{"how-part", inHand(part), nil},
		{"how-settled", inHand(settled), nil},
		{"how-all-settled", inHand(dropped), nil},
		{"how-held", inHand(heldSale()), nil},
		{"how-live", inHand(saleOf(pos.Live)), nil},
		{"which", inHand(paidTwice()), nil},
		{"goods", inHand(kept()), []string{"2", "+", "down", "+"}},
		{"goods-back", inHand(part), []string{"2", "+"}},
		{"goods-again", inHand(kept()), []string{"2", "+", "enter", "4"}},
		{"goods-unnamed", inHand(unnamed()), []string{"2", "down", "+"}},
		{"goods-void", inHand(eatenHere()), []string{"2", "+", "down", "+"}},
		{"amount", inHand(kept()), []string{"3", "4", "2", "0"}},
		{"again", inHand(kept()), []string{"3", "4", "2", "0", "enter", "4"}},
		{"amount-differs", inHand(kept()), []string{"3", "4", "2", "0", "enter", "4", "enter"}},
		{"amount-too-much", inHand(part), []string{"3", "9", "2", "0", "enter"}},
		{"reason", inHand(kept()), []string{"enter", "down"}},
		{"other", inHand(kept()), []string{"enter", "4", "味", "違", "い"}},
		{"ask-cancel", inHand(kept()), []string{"enter", "1"}},
		{"ask-refund", inHand(lastYear), []string{"enter", "1"}},
		{"ask-part", inHand(kept()), []string{"2", "+", "enter", "4", "2", "0", "enter", "1"}},
		{"ask-settled", inHand(settled), []string{"enter", "1"}},
		{"ask-settled-too", inHand(settled), []string{"2", "+", "+", "down", "+", "enter", "1", "2", "8", "0", "enter", "1"}},
		{"ask-revert", inHand(heldSale()), []string{"enter", "3"}},
		{"ask-live", inHand(saleOf(pos.Live)), []string{"enter"}},
		{"nothing-unpaid", inHand(saleOf(pos.Closed)), nil},
		{"nothing-unknown", inHand(saleOf(pos.Unknown)), nil},
		{"reading", &fake{}, nil},
		{"asked", inHand(after(kept(), refundOf(1280, pos.Asked))), nil},
		{"unanswered", unanswered, nil},
		{"throttled", throttled, nil},
		{"cancel-accepted", inHand(after(kept(), pos.Modification{Way: pos.WayCancel, Amount: 1280, State: pos.Accepted})), nil},
		{"accepted", inHand(after(part, refundOf(420, pos.Accepted))), []string{"SHOW"}},
		{"done", inHand(after(kept(), refundOf(1280, pos.Carried))), []string{"SHOW"}},
		{"cancelled", inHand(after(kept(), pos.Modification{Way: pos.WayCancel, Amount: 1280, State: pos.Carried})), []string{"SHOW"}},
		{"let-go", inHand(after(heldSale(), pos.Modification{Way: pos.WayRevert, Amount: 1280, State: pos.Carried})), []string{"SHOW"}},
		{"too-late", inHand(tooLate()), nil},
		{"too-late-instead", inHand(tooLate()), []string{"b"}},
		{"denied", inHand(after(part, pos.Modification{
			Way: pos.WayRefund, Amount: 420, State: pos.Denied, Code: "MERCHANT_MULTIPLE_REFUND_REJECTED", CodeNo: "00200014",
		})), nil},
		{"drop", inHand(tooLate()), []string{"d", "現", "金", "で"}},
		{"drop-ask", inHand(tooLate()), []string{"d", "現", "金", "で", "enter"}},
		{"dropped", inHand(dropped), []string{"SHOW"}},
		{"doubtful", inHand(doubtful()), nil},
		{"doubtful-again", inHand(doubtful()), []string{"b", "2", "+", "enter", "4", "2", "0", "enter", "1"}},
		{"doubtful-drop-ask", inHand(doubtful()), []string{"d", "現", "金", "で", "enter"}},
		{"twice", inHand(givenTwice()), nil},
	} {
		goldens(t, "GiveBack/"+c.name, c.fake, Production, func(e env) screen {
			id := pos.SaleID("R1-20261123-000123-abc")
			var s screen = newGiveBack(e, id, "", "")
			if len(c.keys) > 0 && c.keys[0] == "SHOW" {
				a := c.fake.sales[0].Sale.Last()
				return newGiveBack(e, id, a.ID, a.Modifications[len(a.Modifications)-1].ID)
			}
			s, _ = typed(s, c.keys...)
			return s
		})
	}
	goldens(t, "GiveBack/training", inHand(kept()), Training, func(e env) screen {
		s, _ := typed(newGiveBack(e, kept().ID, "", ""), "enter", "1")
		return s
	})
}

// While PayPay may yet do what it has refused, no screen says that nothing has
// moved, and who asks again or settles it with cash is told what may come of it.
func TestGiveBack_refusalInDoubt(t *testing.T) {
	t.Parallel()
	const until = "11-24 11:59"
	other := doubtful()
	other.Attempts[0].Modifications[0].Dropped = true
	for name, c := range map[string]struct {
		sale  pos.Sale
		keys  []string
		lands bool
	}{
		"refused":                {doubtful(), nil, true},
		"asked for again":        {doubtful(), []string{"b", "2", "+", "enter", "4", "2", "0", "enter", "1"}, true},
		"all of it, after that":  {doubtful(), []string{"b", "1", "1"}, true},
		"something else":         {doubtful(), []string{"b", "2", "down", "+", "enter", "4", "4", "0", "enter", "1"}, false},
		"settled in another way": {doubtful(), []string{"d", "x", "enter"}, true},
		"that was settled":       {other, []string{"SHOW"}, true},
		"refused for sure":       {tooLate(), nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := testEnv(t, "en", inHand(c.sale))
			shown := ""
			if len(c.keys) == 1 {
				shown, c.keys = c.sale.Attempts[0].Modifications[0].ID, nil
			}
			s, _ := typed(newGiveBack(e, c.sale.ID, c.sale.Attempts[0].ID, shown), c.keys...)
			view := s.view(80, 24)
			if is := strings.Contains(view, until); is != c.lands {
				t.Errorf("until when it may go through is said: %t\n%s", is, view)
			}
			if c.lands && (strings.Contains(view, "No money has moved") || strings.Contains(view, "has moved no money")) {
				t.Errorf("it says that nothing has moved:\n%s", view)
			}
		})
	}
}

func TestGiveBack_sweep(t *testing.T) {
	t.Parallel()
	long := longSale()
	for i := range long.Attempts {
		long.Attempts[i].Taken, long.Attempts[i].PaidAt = long.Attempts[i].Amount, noon
	}
	for _, c := range []struct {
		sale pos.Sale
		keys []string
	}{
		{long, nil},
		{long, []string{"2", "+", "down", "+"}},
		{long, []string{"enter", "1"}},
		{paidTwice(), nil},
		{tooLate(), nil},
		{tooLate(), []string{"d", "a"}},
		{tooLate(), []string{"d", "a", "enter"}},
		{after(long, refundOf(1, pos.Asked)), nil},
	} {
		sweep(t, func(e env) screen {
			e.register = inHand(c.sale)
			s, _ := typed(newGiveBack(e, c.sale.ID, "", ""), c.keys...)
			return s
		})
	}
}

// returning is a register that notes what is given back of a sale.
func giving(s pos.Sale) (*fake, *[]pos.Return) {
	f, did := inHand(s), &[]pos.Return{}
	f.giveBack = func(_ pos.SaleID, want pos.Return) error {
		*did = append(*did, want)
		return nil
	}
	f.history = func(pos.SaleID) (pos.Sale, []pos.Recorded, error) { return f.sales[0].Sale, nil, nil }
	f.list = listing([]pos.Listed{{ID: s.ID, Number: 123, Day: s.Day, Standing: s.Standing(), Total: 1280}}).list
	return f, did
}

func TestGiveBack_whatIsAskedForIsWhatWasShown(t *testing.T) {
	t.Parallel()
	id := kept().Attempts[0].ID
	part := after(kept(), pos.Modification{
		Way: pos.WayRefund, Amount: 440, State: pos.Carried, Goods: []pos.Goods{{Line: 1, Quantity: 1}},
	})
	refused := after(kept(), refundOf(420, pos.Denied))
	reasons := strings.Split(giveBackJa().Reasons, "\n")
	for _, c := range []struct {
		name string
		sale pos.Sale
		keys []string
		want pos.Return
	}{
		{"all of it", kept(), []string{"enter", "1", "b"}, pos.Return{Attempt: id, Amount: 1280, Way: pos.WayCancel, Left: 1280, Reason: reasons[0]}},
		{"one line", kept(), []string{"2", "down", "+", "enter", "4", "4", "0", "enter", "3", "b"}, pos.Return{
			Attempt: id, Amount: 440, Way: pos.WayRefund, Left: 1280, Reason: reasons[2], Goods: []pos.Goods{{Line: 1, Quantity: 1}},
		}},
		{"every line", kept(), []string{"2", "+", "+", "down", "+", "enter", "1", "b"}, pos.Return{
			Attempt: id, Amount: 1280, Way: pos.WayCancel, Left: 1280, Reason: reasons[0], Goods: []pos.Goods{{Line: 0, Quantity: 2}, {Line: 1, Quantity: 1}},
		}},
		{"more than there were", kept(), []string{"2", "+", "+", "+", "+", "-", "enter", "4", "2", "0", "enter", "1", "b"}, pos.Return{
			Attempt: id, Amount: 420, Way: pos.WayRefund, Left: 1280, Reason: reasons[0], Goods: []pos.Goods{{Line: 0, Quantity: 1}},
		}},
		{"an amount, typed twice", kept(), []string{"3", "５", "0", "0", "enter", "5", "0", "0", "enter", "2", "b"}, pos.Return{
			Attempt: id, Amount: 500, Way: pos.WayRefund, Left: 1280, Reason: reasons[1],
		}},
		{"the whole amount, typed once", kept(), []string{"3", "1", "2", "8", "0", "enter", "2", "b"}, pos.Return{
			Attempt: id, Amount: 1280, Way: pos.WayCancel, Left: 1280, Reason: reasons[1],
		}},
		{"a reason that is typed", kept(), []string{"1", "4", "b", "?", "味", "enter", "b"}, pos.Return{Attempt: id, Amount: 1280, Way: pos.WayCancel, Left: 1280, Reason: "b味"}},
		{"all that is left", part, []string{"1", "1", "b"}, pos.Return{Attempt: id, Amount: 840, Way: pos.WayRefund, Left: 840, Reason: reasons[0]}},
		{"a line that came back before", part, []string{"2", "down", "+", "up", "+", "enter", "4", "2", "0", "enter", "1", "b"}, pos.Return{
			Attempt: id, Amount: 420, Way: pos.WayRefund, Left: 840, Reason: reasons[0], Goods: []pos.Goods{{Line: 0, Quantity: 1}},
		}},
		{"a hold", heldSale(), []string{"enter", "1", "b"}, pos.Return{Attempt: id, Amount: 1280, Way: pos.WayRevert, Left: 1280, Reason: reasons[0]}},
		{"refund instead of cancel", tooLate(), []string{"b", "b"}, pos.Return{
			Attempt: id, Amount: 1280, Way: pos.WayRefund, Left: 1280, Reason: "返品", InsteadOf: id + "-c1",
		}},
		{"a refund that was refused, again", refused, []string{"b", "3", "4", "2", "0", "enter", "4", "2", "0", "enter", "1", "b"}, pos.Return{
			Attempt: id, Amount: 420, Way: pos.WayRefund, Left: 1280, Reason: reasons[0], InsteadOf: id + "-r1",
		}},
		{"all that is left, after a refusal", refused, []string{"b", "1", "1", "b"}, pos.Return{
			Attempt: id, Amount: 1280, Way: pos.WayCancel, Left: 1280, Reason: reasons[0], InsteadOf: id + "-r1",
		}},
		{"something else than was refused", refused, []string{"b", "3", "5", "0", "0", "enter", "5", "0", "0", "enter", "1", "b"}, pos.Return{
			Attempt: id, Amount: 500, Way: pos.WayRefund, Left: 1280, Reason: reasons[0],
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f, did := giving(c.sale)
			inTill(t, "ja", f, func(l *testTill) {
				l.press("f3", "b")
				onTop[giveBack](l)
				for i, k := range c.keys {
					if k == "?" { // help, and away again
						l.press("?", "esc")
						continue
					}
					if i == len(c.keys)-1 {
						if len(*did) > 0 {
							l.Errorf("asked for before the last key: %+v", *did)
						}
						l.pass(unpressed)
					}
					l.press(k)
				}
				if diff := cmp.Diff([]pos.Return{c.want}, *did); diff != "" {
					l.Errorf("(-want +got):\n%s\n%s", diff, l.View())
				}
			})
		})
	}
}

func TestGiveBack_moneyMovesOnlyOnTheNamedKey(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		keys []string
	}{
		{"Enter does not answer", []string{"enter", "1", "enter", "enter", "enter"}},
		{"Esc does not", []string{"enter", "1", "esc", "esc", "esc", "esc"}},
		{"no other letter", []string{"enter", "1", "y", "r", "x", "c", "d", "g"}},
		{"b alone asks for nothing", []string{"b", "b", "b", "b"}},
		{"another amount than the goods'", []string{"2", "+", "enter", "4", "2", "1", "enter", "1", "b"}},
		{"different amounts", []string{"3", "5", "0", "0", "enter", "5", "0", "1", "enter", "1", "b"}},
		{"more than is left", []string{"3", "1", "2", "8", "1", "enter", "1", "b"}},
		{"nothing typed", []string{"3", "enter", "b"}},
		{"zero", []string{"3", "0", "enter", "0", "enter", "b"}},
		{"no goods", []string{"2", "enter", "1", "b"}},
		{"no reason", []string{"enter", "4", "enter", "b"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f, did := giving(kept())
			inTill(t, "ja", f, func(l *testTill) {
				l.press("f3", "b")
				for _, k := range c.keys {
					l.press(k)
					l.pass(unpressed)
				}
				if len(*did) > 0 {
					l.Errorf("%+v", *did)
				}
			})
		})
	}
}

func TestGiveBack_dialogIsDisarmedAtFirst(t *testing.T) {
	t.Parallel()
	f, did := giving(kept())
	inTill(t, "ja", f, func(l *testTill) {
		l.press("f3", "b", "enter", "1")
		l.at(100*time.Millisecond, "b")
		if len(*did) > 0 {
			l.Errorf("%+v", *did)
		}
		l.pass(unpressed)
		l.press("b", "b", "b")
		if len(*did) != 1 {
			l.Errorf("asked %d times", len(*did))
		}
	})
}

func TestGiveBack_scanNeverActs(t *testing.T) {
	t.Parallel()
	for _, keys := range [][]string{
		nil, {"2"}, {"2", "+"}, {"3"}, {"3", "5"}, {"3", "5", "enter"}, {"enter"}, {"enter", "4"}, {"enter", "4", "x"}, {"enter", "1"},
	} {
		for _, code := range []string{"4901234567894", "11111111", "bbbbbbbb", "12801280", "b1b1b1b1b1"} {
			t.Run(strings.Join(keys, "")+" "+code, func(t *testing.T) {
				t.Parallel()
				f, did := giving(kept())
				inTill(t, "ja", f, func(l *testTill) {
					l.press("f3", "b")
					l.press(keys...)
					l.pass(time.Second)
					was := onTop[giveBack](l)
					l.scan(code, "enter")
					l.pass(time.Second)
					is := onTop[giveBack](l)
					if len(*did) > 0 || is.step != was.step || is.input != was.input || (is.asked == nil) != (was.asked == nil) {
						l.Errorf("did %+v, step %d of %d, input %q of %q", *did, is.step, was.step, is.input, was.input)
					}
				})
			})
		}
	}
}

func TestGiveBack_followsUntilItIsDone(t *testing.T) {
	t.Parallel()
	s := kept()
	s.Left = false
	f, _ := giving(s)
	f.unfinished = s.ID
	moved := 0
	f.moveOn = func(pos.SaleID) error { moved++; return nil }
	f.giveBack = func(pos.SaleID, pos.Return) error {
		f.sales[0].Sale = after(s, refundOf(1280, pos.Asked))
		return nil
	}
	inTill(t, "ja", f, func(l *testTill) {
		onTop[paid](l)
		l.press("b", "enter", "1")
		l.pass(unpressed)
		l.press("b")
		l.sees(giveBackJa().OutcomeAsked.Word)
		l.press("enter", "b")
		if g := onTop[giveBack](l); g.step != atOutcome {
			l.Error("it can be asked for again before PayPay has answered")
		}
		l.becomes(after(s, refundOf(1280, pos.Accepted)))
		l.sees(giveBackJa().Refund.Accepted.Word)
		l.sees(giveBackJa().Refund.Accepted.Cashier)
		l.becomes(after(s, refundOf(1280, pos.Carried)))
		l.sees(giveBackJa().Refund.Carried.Word)
		l.press("esc")
		onTop[paid](l)
		l.sees("¥1,280 を返金しました")
		l.press("b", "enter")
		onTop[paid](l)
		l.press("enter")
		onTop[sale](l)
		if moved != 1 {
			l.Errorf("moved on %d times", moved)
		}
	})
}

// The slip of what the cashier has given back comes by itself, once PayPay has
// taken it, and only once. What was given back before is printed by a key.
func TestGiveBack_printsTheSlipByItself(t *testing.T) {
	t.Parallel()
	cancel := func(p pos.Progress) pos.Modification {
		return pos.Modification{Way: pos.WayCancel, Amount: 1280, State: p}
	}
	for _, c := range []struct {
		name  string
		asked bool // receipts are printed only when they are asked for
		goes  []pos.Modification
		want  int
	}{
		{"a refund that is accepted", false, []pos.Modification{refundOf(1280, pos.Accepted)}, 1},
		{"a refund that is done", false, []pos.Modification{refundOf(1280, pos.Accepted), refundOf(1280, pos.Carried)}, 1},
		{"a cancel that is not done yet", false, []pos.Modification{cancel(pos.Accepted)}, 0},
		{"a cancel", false, []pos.Modification{cancel(pos.Accepted), cancel(pos.Carried)}, 1},
		{"denied", false, []pos.Modification{refundOf(1280, pos.Denied)}, 0},
		{"only when asked for", true, []pos.Modification{refundOf(1280, pos.Carried)}, 0},
	} {
		s := kept()
		s.Left = false
		f, _ := giving(s)
		f.unfinished = s.ID
		var printed []pos.Paper
		f.prints = func(_ pos.SaleID, p pos.Paper) error {
			if p.Kind == pos.SlipPaper {
				printed = append(printed, p)
			}
			return nil
		}
		f.printer.Asked = c.asked
		f.giveBack = func(pos.SaleID, pos.Return) error {
			m := c.goes[0]
			m.State = pos.Asked
			f.sales[0].Sale = after(s, m)
			return nil
		}
		inTill(t, "ja", f, func(l *testTill) {
			l.press("b", "enter", "1")
			l.pass(unpressed)
			l.press("b")
			for _, m := range c.goes {
				l.becomes(after(s, m))
				l.pass(2 * time.Second)
			}
			l.press("esc")
			if n := len(printed); n != c.want || n > 0 && (printed[0].Copy != 1 || printed[0].Attempt != s.Attempts[0].ID || printed[0].Modification != newest(f.sales[0].Sale.Attempts[0])) {
				l.Errorf("%s: %+v, want %d", c.name, printed, c.want)
			}
			printed = nil
			l.press("b")
			l.pass(2 * time.Second)
			if len(printed) > 0 {
				l.Errorf("%s: when it is looked at later: %+v", c.name, printed)
			}
		})
	}
}

func TestGiveBack_readsTheJournalWhenTheRegisterHasLetGo(t *testing.T) {
	t.Parallel()
	f, did := giving(kept())
	f.sales = nil // settled and left behind
	s := kept()
	f.history = func(pos.SaleID) (pos.Sale, []pos.Recorded, error) { return s, nil, nil }
	f.giveBack = func(_ pos.SaleID, want pos.Return) error {
		*did = append(*did, want)
		s = after(s, pos.Modification{Way: pos.WayCancel, Amount: 1280, State: pos.Carried}) // before anybody looks
		return nil
	}
	inTill(t, "ja", f, func(l *testTill) {
		l.press("f3", "b", "enter", "1")
		l.pass(unpressed)
		l.press("b")
		l.sees(giveBackJa().Cancel.Carried.Word)
		l.press("enter")
		onTop[list](l)
	})
}

func TestGiveBack_newsIsShownAndAskedAgain(t *testing.T) {
	t.Parallel()
	f, did := giving(kept())
	inTill(t, "ja", f, func(l *testTill) {
		f.giveBack = func(pos.SaleID, pos.Return) error {
			f.sales[0].Sale = after(kept(), pos.Modification{Way: pos.WayRefund, Amount: 280, State: pos.Carried, Outside: true, ID: "other"})
			return pos.ErrNews
		}
		l.press("f3", "b", "enter", "1")
		l.pass(unpressed)
		l.press("b")
		l.sees("お支払いの状態が変わりました")
		l.sees("返せる残り ¥1,000")
		if g := onTop[giveBack](l); g.step != atHow || g.asked != nil {
			l.Errorf("at step %d", g.step)
		}
		f.giveBack = func(_ pos.SaleID, want pos.Return) error {
			*did = append(*did, want)
			return nil
		}
		l.press("enter", "1")
		l.pass(unpressed)
		// While the question is open, something else comes back.
		l.becomes(after(f.sales[0].Sale, pos.Modification{Way: pos.WayRefund, Amount: 100, State: pos.Carried, Outside: true, ID: "another"}))
		l.sees(giveBackJa().News)
		l.press("b")
		if len(*did) > 0 {
			l.Errorf("%+v", *did)
		}
	})
}

func TestGiveBack_cancelTurnsIntoRefundAtMidnightFifteen(t *testing.T) {
	t.Parallel()
	s := with(kept(), func(a *pos.Attempt) { a.PaidAt = noon.AddDate(0, 0, -1) })
	f, did := giving(s)
	at := time.Date(2026, 11, 23, 0, 14, 58, 0, tokyo)
	e := testEnv(t, "ja", f)
	e.now = func() time.Time { return at }
	g, _ := typed(newGiveBack(e, s.ID, "", ""), "enter", "1")
	if text := g.view(80, 21); !strings.Contains(text, giveBackJa().Cancel.Name) {
		t.Error(text)
	}
	at = at.Add(2 * time.Second)
	g, _, _ = g.update(tickMsg{})
	is, _ := g.(giveBack)
	if is.asked != nil {
		t.Error("the question is still about a cancel")
	}
	if text := g.view(80, 21); !strings.Contains(text, giveBackJa().News) || !strings.Contains(text, "返金 ("+giveBackJa().WhyOver) {
		t.Error(text)
	}
	// PayPay's clock decides, not ours.
	f.status.Skew = -time.Minute
	g, _ = typed(newGiveBack(e, s.ID, "", ""), "enter", "1")
	at = at.Add(time.Second)
	_, _ = typed(g, "b")
	if len(*did) != 1 || (*did)[0].Way != pos.WayCancel {
		t.Errorf("%+v", *did)
	}
}

func TestGiveBack_liveCodeIsShut(t *testing.T) {
	t.Parallel()
	s := saleOf(pos.Live)
	s.Left = true
	f, did := giving(s)
	var shut []pos.SaleID
	f.giveUp = func(id pos.SaleID) error { shut = append(shut, id); return nil }
	inTill(t, "ja", f, func(l *testTill) {
		l.press("f3", "b", "enter")
		l.pass(unpressed)
		l.press("enter", "enter")
		if len(shut) > 0 {
			l.Error("shut by Enter")
		}
		l.pass(unpressed)
		l.press("b")
		if len(shut) != 1 || len(*did) > 0 {
			l.Errorf("shut %v, gave back %v", shut, *did)
		}
		onTop[payment](l)
	})
}

func TestGiveBack_paymentIsChosenWhenThereAreTwo(t *testing.T) {
	t.Parallel()
	s := paidTwice()
	s.Left = true
	f, did := giving(s)
	inTill(t, "ja", f, func(l *testTill) {
		l.press("f3", "b", "2", "1", "1")
		l.pass(unpressed)
		l.press("b")
		if len(*did) != 1 || (*did)[0].Attempt != s.Attempts[1].ID {
			l.Errorf("%+v", *did)
		}
	})
}

func TestGiveBack_deniedIsDroppedWithAReason(t *testing.T) {
	t.Parallel()
	f, did := giving(tooLate())
	var dropped []string
	f.drop = func(_ pos.SaleID, attempt, modification, reason string) error {
		dropped = append(dropped, attempt+" "+modification+" "+reason)
		s := tooLate()
		s.Attempts[0].Modifications[0].Dropped = true
		f.sales[0].Sale = s
		return nil
	}
	inTill(t, "ja", f, func(l *testTill) {
		l.press("f3", "b")
		l.sees("取消の期限(翌日0時15分)を過ぎた")
		l.sees("00200044 / ORDER_NOT_REVERSIBLE")
		l.press("d", "enter")
		l.sees(giveBackJa().NoReason)
		l.press("現", "金", "enter")
		l.sees(giveBackJa().DropTitle)
		l.pass(unpressed)
		l.press("enter")
		if len(dropped) > 0 {
			l.Error("dropped by Enter")
		}
		l.press("enter")
		l.pass(unpressed)
		l.press("d")
		a := tooLate().Attempts[0]
		if diff := cmp.Diff([]string{a.ID + " " + a.Modifications[0].ID + " 現金"}, dropped); diff != "" || len(*did) > 0 {
			l.Errorf("%s, gave back %v", diff, *did)
		}
		l.sees(giveBackJa().OutcomeDropped.Word)
		l.press("d", "b")
		if g := onTop[giveBack](l); g.step != atOutcome {
			l.Errorf("at step %d", g.step)
		}
	})
}

func TestGiveBack_whatTheRegisterRefusesIsSaid(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err  error
		says string
	}{
		"journal":   {pos.ErrJournal, problemJa().Journal.Says},
		"unsettled": {pos.ErrUnsettled, problemJa().Unsettled.Says},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, _ := giving(kept())
			f.giveBack = func(pos.SaleID, pos.Return) error { return c.err }
			inTill(t, "ja", f, func(l *testTill) {
				l.press("f3", "b", "enter", "1")
				l.pass(unpressed)
				l.press("b")
				l.sees(c.says)
				if g := onTop[giveBack](l); g.working {
					l.Error("the screen waits for ever")
				}
			})
		})
	}
}

func TestGiveBack_escGoesOneStepBack(t *testing.T) {
	t.Parallel()
	e := testEnv(t, "ja", inHand(kept()))
	for _, c := range []struct {
		keys []string
		want giveStep
	}{
		{[]string{"2"}, atHow},
		{[]string{"3"}, atHow},
		{[]string{"3", "5", "enter"}, atAmount},
		{[]string{"1"}, atHow},
		{[]string{"2", "+", "enter"}, atGoods},
		{[]string{"1", "4"}, atReason},
		{[]string{"1", "4", "x", "enter"}, atOther}, // the dialog first
	} {
		s, m := typed(newGiveBack(e, kept().ID, "", ""), append(c.keys, "esc")...)
		if g, _ := s.(giveBack); g.step != c.want || m.kind != stay || g.asked != nil {
			t.Errorf("%v: step %d, want %d", c.keys, g.step, c.want)
		}
	}
	if _, m := typed(newGiveBack(e, kept().ID, "", ""), "esc"); m.kind != back {
		t.Errorf("moved %v", m.kind)
	}
}

func TestGiveBack_keysWaitUntilItIsWrittenDown(t *testing.T) {
	t.Parallel()
	f, did := giving(kept())
	e := testEnv(t, "ja", f)
	at := noon
	e.now = func() time.Time { return at }
	s, _ := typed(newGiveBack(e, kept().ID, "", ""), "enter", "1")
	at = at.Add(disarmed)
	s, _, cmd := s.update(keyNamed("b"))
	if cmd == nil {
		t.Fatal("nothing is asked for")
	}
	for _, k := range []string{"b", "1", "enter", "esc"} {
		var m move
		var again tea.Cmd
		if s, m, again = s.update(keyNamed(k)); again != nil || m.kind != stay {
			t.Errorf("%s acts", k)
		}
		if g, _ := s.(giveBack); g.asked != nil {
			t.Errorf("%s asks again", k)
		}
	}
	cmd()
	if len(*did) != 1 {
		t.Errorf("asked for %d times", len(*did))
	}
}

func TestGiveBack_moreThanIsLeftCannotBeTyped(t *testing.T) {
	t.Parallel()
	e := testEnv(t, "ja", inHand(kept()))
	s, _ := typed(newGiveBack(e, kept().ID, "", ""), "3", "1", "2", "8", "1", "enter")
	if g, _ := s.(giveBack); g.step != atAmount || !g.note.bad {
		t.Errorf("at step %d, %+v", g.step, g.note)
	}
}

func TestGiveBack_pasteIsNotTaken(t *testing.T) {
	t.Parallel()
	e := testEnv(t, "ja", inHand(kept()))
	s, _ := typed(newGiveBack(e, kept().ID, "", ""), "3")
	s, _, _ = s.update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("500"), Paste: true})
	if g, _ := s.(giveBack); g.input != "" || !g.note.bad {
		t.Errorf("input %q, %+v", g.input, g.note)
	}
}

// Other goods that cost the same are something else than what was refused.
func TestGiveBack_otherGoodsOfTheSamePrice(t *testing.T) {
	t.Parallel()
	s := after(kept(), pos.Modification{Way: pos.WayRefund, Amount: 420, State: pos.Denied, Goods: []pos.Goods{{Line: 1, Quantity: 1}}})
	f, did := giving(s)
	inTill(t, "ja", f, func(l *testTill) {
		l.press("f3", "b", "b", "2", "+", "enter", "4", "2", "0", "enter", "1")
		l.pass(2 * unpressed)
		l.press("b")
		if len(*did) != 1 || (*did)[0].InsteadOf != "" {
			l.Errorf("asked for %+v", *did)
		}
	})
}

// Where all that is left was settled in another way, the choices are fewer, and
// going back and on again stays on one of them.
func TestGiveBack_allIsSettled(t *testing.T) {
	t.Parallel()
	s := tooLate()
	s.Attempts[0].Modifications[0].Dropped = true
	e := testEnv(t, "ja", inHand(s))
	got, _ := typed(newGiveBack(e, s.ID, "", ""), "2", "esc", "enter")
	if g, ok := got.(giveBack); !ok || g.step != atAmount {
		t.Errorf("the screen is\n%s", got.view(60, 20))
	}
}

// Who gives back what was settled in another way too types the amount again, also
// where that is all that PayPay has.
func TestGiveBack_moreThanIsLeftOtherwise(t *testing.T) {
	t.Parallel()
	s := after(kept(), refundOf(420, pos.Denied))
	s.Attempts[0].Modifications[0].Dropped = true
	for name, c := range map[string]struct {
		keys []string
		step giveStep
	}{
		"goods that are all":     {[]string{"2", "+", "+", "down", "+", "enter"}, atAgain},
		"an amount that is":      {[]string{"3", "1", "2", "8", "0", "enter"}, atAgain},
		"an amount less that is": {[]string{"3", "8", "6", "0", "enter"}, atReason},
		"all that is so left":    {[]string{"enter"}, atReason},
	} {
		got, _ := typed(newGiveBack(testEnv(t, "ja", inHand(s)), s.ID, "", ""), c.keys...)
		if g, ok := got.(giveBack); !ok || g.step != c.step {
			t.Errorf("%s: the screen is\n%s", name, got.view(60, 20))
		}
	}
}

// The numbers before the goods are for choosing a line.
// Enter goes on to nothing while PayPay is at work, and says so.
func TestGiveBack_enterWhileItGoesOn(t *testing.T) {
	t.Parallel()
	s := after(kept(), pos.Modification{ID: "r1", Way: pos.WayRefund, Amount: 420, State: pos.Asked})
	s.Left = false
	e := testEnv(t, "en", inHand(s))
	got, m := typed(newGiveBack(e, s.ID, s.Attempts[0].ID, "r1"), "enter")
	if g, ok := got.(giveBack); !ok || m.kind != stay || !strings.Contains(g.note.text, "l goes to the next customer") {
		t.Errorf("the screen is\n%s", got.view(60, 20))
	}
}

func TestGiveBack_goodsByTheirNumber(t *testing.T) {
	t.Parallel()
	f, _ := giving(kept())
	inTill(t, "en", f, func(l *testTill) {
		l.press("f3", "b", "2", "1")
		l.seesNot("does nothing")
	})
	e := testEnv(t, "ja", inHand(kept()))
	got, _ := typed(newGiveBack(e, kept().ID, "", ""), "2", "2", "+")
	if g, ok := got.(giveBack); !ok || !slices.Equal(g.goods(), []pos.Goods{{Line: 1, Quantity: 1}}) {
		t.Errorf("the screen is\n%s", got.view(60, 20))
	}
}
