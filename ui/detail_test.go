package ui

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"example.jp/reji/paypay"
	"example.jp/reji/pos"
)

// story is a sale whose first code was given up and whose second one was paid,
// as its events tell it.
func story(t testing.TB) (pos.Sale, []pos.Recorded) {
	t.Helper()
	s := saleOf(pos.Live)
	first, second := s.Attempts[0].ID, string(s.ID)+"-2"
	expires := noon.Add(5 * time.Minute).Unix()
	at := noon.Add(-2 * time.Minute)
	events := []pos.Event{
		{Kind: pos.Charged, Attempt: first, Actor: pos.Cashier, Charge: &pos.Charge{Number: 123, Day: s.Day, Order: s.Order, Totals: s.Totals}},
		{Kind: pos.Coded, Attempt: first, Actor: pos.Till, Code: &pos.NewCode{CodeID: "04-code-1", URL: "https://qr", ExpiresAt: expires}, Answer: &pos.Answer{RequestID: "REQ-1"}},
		{Kind: pos.Shut, Attempt: first, Actor: pos.Cashier, Cause: pos.ByNewCode},
		{Kind: pos.DeleteDone, Attempt: first, Actor: pos.Till, Done: string(pos.Deleted)},
		{
			Kind: pos.Looked, Attempt: first, Actor: pos.Till,
			Answer: &pos.Answer{Status: pos.NotFound, Code: paypay.PaymentNotFound, CodeID: "01652075", HTTP: 400, RequestID: "REQ-2"},
		},
		{Kind: pos.Recharged, Attempt: second, Actor: pos.Cashier},
		{Kind: pos.Coded, Attempt: second, Actor: pos.Till, Code: &pos.NewCode{CodeID: "04-code-2", URL: "https://qr", ExpiresAt: expires}},
		{
			Kind: pos.Looked, Attempt: second, Actor: pos.Till,
			Answer: &pos.Answer{Status: paypay.StatusCompleted, PaymentID: "02345678901234567890", AcceptedAt: noon.Unix() - 4, Amount: int64(s.Totals.Total), RequestID: "REQ-3"},
		},
		{Kind: pos.Moved, Actor: pos.Cashier},
	}
	var sale pos.Sale
	var recorded []pos.Recorded
	for i, e := range events {
		e.Sale, e.At = s.ID, at.Add(time.Duration(i*13)*time.Second)
		next, err := sale.Apply(e)
		if err != nil {
			t.Fatal(err)
		}
		sale = next
		recorded = append(recorded, pos.Recorded{Seq: int64(i + 1), Event: e})
	}
	return sale, recorded
}

// backInParts is a sale of which one line came back, and of which PayPay refused
// to give back more.
func backInParts() pos.Sale {
	s := after(kept(), pos.Modification{
		Way: pos.WayRefund, Amount: 440, State: pos.Carried, AskedAt: noon.Add(-time.Minute), DoneAt: noon.Add(-50 * time.Second),
		Goods: []pos.Goods{{Line: 1, Quantity: 1}},
	})
	return after(s, pos.Modification{
		Way: pos.WayRefund, Amount: 420, State: pos.Denied, Code: "MERCHANT_MULTIPLE_REFUND_REJECTED", CodeNo: "00200014",
	})
}

// eatenHere is a sale at the table with something taken off a line and off the
// whole, and a line that was taken back.
func eatenHere() pos.Sale {
	o := saleOf(pos.Paid).Order
	o.Lines = append(o.Lines, pos.Line{Code: "022", Name: "どら焼き", NameEn: "dorayaki", Unit: 220, Quantity: 1, Rate: pos.Reduced, Void: "typed wrong"})
	o.Lines[0].Off, o.Off, o.EatIn = pos.Discount{Percent: 10}, pos.Discount{Yen: 96}, true
	o.Lines[0], o.Lines[2] = o.Lines[2], o.Lines[0]
	return saleOfOrder(o)
}

func telling(s pos.Sale, events []pos.Recorded) *fake {
	return &fake{history: func(id pos.SaleID) (pos.Sale, []pos.Recorded, error) {
		if id != s.ID {
			return pos.Sale{}, nil, pos.ErrNoSale
		}
		return s, events, nil
	}}
}

func TestDetail_golden(t *testing.T) {
	t.Parallel()
	paidSale, events := story(t)
	waiting := telling(saleOf(pos.Live), events[:2])
	waiting.sales = []pos.Snapshot{{Sale: saleOf(pos.Live), Contact: heard()}}
	unclear := telling(saleOf(pos.Unknown), []pos.Recorded{events[0], {
		Seq: 2,
		Event: pos.Event{Kind: pos.Unanswered, At: noon, Attempt: events[0].Attempt, Actor: pos.Till, Answer: &pos.Answer{
			Class: "unknown", HTTP: 500, Code: "INTERNAL_SERVER_ERROR", CodeID: "08101000", RequestID: "REQ-9",
		}},
	}})
	for _, c := range []struct {
		name string
		fake *fake
		keys []string
	}{
		{"Detail/paid", telling(paidSale, events), nil},
		{"Detail/end", telling(paidSale, events), []string{"end"}},
		{"Detail/waiting", waiting, nil},
		{"Detail/unclear", unclear, nil},
		{"Detail/late", telling(paidTwice(), events[:2]), nil},
		{"Detail/gone", &fake{}, nil},
		{"Detail/part-returned", telling(backInParts(), events[:2]), nil},
		{"Detail/held", telling(heldSale(), events[:2]), nil},
		{"Detail/discounted", telling(eatenHere(), events[:2]), nil},
		{"Detail/captured", telling(takenSale(1000), events[:2]), nil},
	} {
		goldens(t, c.name, c.fake, Production, func(e env) screen {
			d := newDetail(e, paidSale.ID)
			s := answers(d, d.init())
			s.view(80, 21) // a key scrolls what was drawn
			s, _ = typed(s, c.keys...)
			return s
		})
	}
}

func TestDetail_sweep(t *testing.T) {
	t.Parallel()
	_, events := story(t)
	s := longSale()
	sweep(t, func(e env) screen {
		e.register = telling(s, events)
		d := newDetail(e, s.ID)
		return answers(d, d.init())
	})
	sweep(t, func(e env) screen { return newDetail(e, s.ID) })
}

func TestDetail_everyEventHasWords(t *testing.T) {
	t.Parallel()
	var events []pos.Event
	for _, k := range []pos.Kind{pos.Charged, pos.Recharged, pos.Coded, pos.Declined, pos.Unanswered, pos.Mismatched, pos.CancelSent, pos.Moved} {
		events = append(events, pos.Event{Kind: k})
	}
	for _, st := range []paypay.Status{
		paypay.StatusCreated, paypay.StatusCompleted, paypay.StatusFailed, paypay.StatusCanceled,
		paypay.StatusExpired, paypay.StatusRefunded, pos.NotFound, paypay.StatusAuthorized,
	} {
		events = append(events, pos.Event{Kind: pos.Looked, Answer: &pos.Answer{Status: st}})
	}
	for _, c := range []pos.Cause{pos.ByCashier, pos.ByNewCode, pos.ByExpiry, pos.ByFailure} {
		events = append(events, pos.Event{Kind: pos.Shut, Cause: c})
	}
	for _, d := range []pos.Deletion{pos.Deleted, pos.DeleteNotFound, pos.DeleteTooLate, pos.DeleteRefused} {
		events = append(events, pos.Event{Kind: pos.DeleteDone, Done: string(d)})
	}
	for _, c := range []pos.Cancellation{pos.CancelAccepted, pos.CancelNotFound, pos.CancelRefused} {
		events = append(events, pos.Event{Kind: pos.CancelDone, Done: string(c)})
	}
	for _, lang := range []string{"ja", "en"} {
		w := newWords(lang).Detail
		var seen []string
		for _, e := range events {
			what, _ := w.event(e)
			if other, _, _ := strings.Cut(w.Other, "%s"); strings.HasPrefix(what, other) || slices.Contains(seen, what) {
				t.Errorf("%s: %q for %+v", lang, what, e)
			}
			seen = append(seen, what)
		}
		// What a later version writes is shown as it came, but safely.
		for _, e := range []pos.Event{
			{Kind: "new\x1b[2J"},
			{Kind: pos.Looked},
			{Kind: pos.Looked, Answer: &pos.Answer{Status: "STRANGE\x07"}},
			{Kind: pos.Shut, Cause: "later"},
			{Kind: pos.DeleteDone, Done: "later"},
			{Kind: pos.CancelDone},
			{Kind: pos.Coded, Actor: "x\u202e", Code: &pos.NewCode{CodeID: "a\nb"}},
		} {
			what, numbers := w.event(e)
			if what == "" || !pos.IsClean(what) || !pos.IsClean(numbers) || !pos.IsClean(w.who(e)) {
				t.Errorf("%s: %q %q by %q", lang, what, numbers, w.who(e))
			}
		}
	}
}

func TestDetail_unsettledSaleIsTakenUp(t *testing.T) {
	t.Parallel()
	s := saleOf(pos.Live)
	s.Left = true
	_, events := story(t)
	f := telling(s, events[:2])
	f.sales = []pos.Snapshot{{Sale: s, Contact: heard()}}
	f.list = listing([]pos.Listed{{ID: s.ID, Number: 123, Day: s.Day, Standing: pos.Waiting, Total: 1280}}).list
	inTill(t, "ja", f, func(l *testTill) {
		l.press("f3", "enter")
		onTop[detail](l)
		l.press("enter")
		onTop[payment](l)
	})
}

func TestDetail_settledSaleIsNotTakenUp(t *testing.T) {
	t.Parallel()
	paidSale, events := story(t)
	e := testEnv(t, "ja", telling(paidSale, events))
	d := newDetail(e, paidSale.ID)
	s := answers(d, d.init())
	if _, m := typed(s, "enter"); m.kind != stay {
		t.Errorf("moved %v", m.kind)
	}
	if s.keys()[0].Enabled() {
		t.Error("the key is offered")
	}
	if _, m := typed(s, "esc"); m.kind != back {
		t.Errorf("moved %v", m.kind)
	}
}

func TestDetail_unpaidSaleHasNoReceipt(t *testing.T) {
	t.Parallel()
	s := saleOf(pos.Closed)
	_, events := story(t)
	e := testEnv(t, "ja", telling(s, events[:2]))
	d := newDetail(e, s.ID)
	for _, k := range []string{"p", "v", "o"} {
		if _, m := typed(answers(d, d.init()), k); m.kind != stay {
			t.Errorf("%s opens a paper of what was not paid", k)
		}
	}
}

func TestDetail_followsChanges(t *testing.T) {
	t.Parallel()
	paidSale, events := story(t)
	f := telling(saleOf(pos.Live), events[:2])
	e := testEnv(t, "ja", f)
	d := newDetail(e, paidSale.ID)
	s, _, cmd := d.update(changedMsg{})
	if cmd != nil {
		t.Error("a second query beside the first")
	}
	f.history = telling(paidSale, events).history
	s = answers(s, d.init())
	if text := s.view(80, 40); !strings.Contains(text, "支払い済み") {
		t.Error(text)
	}
	f.history = func(pos.SaleID) (pos.Sale, []pos.Recorded, error) { return pos.Sale{}, nil, context.DeadlineExceeded }
	s, _, cmd = s.update(changedMsg{})
	s = answers(s, cmd)
	if text := s.view(80, 40); !strings.Contains(text, "支払い済み") || !strings.Contains(text, "レジの応答がありません") {
		t.Errorf("what was read before is gone, or looks new:\n%s", text)
	}
	other, _, _ := s.update(historyMsg{id: "other", sale: saleOf(pos.Closed)})
	if text := other.view(80, 40); !strings.Contains(text, "支払い済み") {
		t.Errorf("shows another sale:\n%s", text)
	}
}

func TestDetail_afterMidnightTheDateIsTheNextDay(t *testing.T) {
	t.Parallel()
	s := saleOf(pos.Paid)
	s.Day, s.OpenedAt = "2026-11-23", time.Date(2026, 11, 24, 2, 54, 0, 0, tokyo)
	d := newDetail(testEnv(t, "ja", telling(s, printEvents(printedReceipt()))), s.ID)
	if text := answers(d, d.init()).view(80, 24); !strings.Contains(text, "2026年11月24日(火)  02:54:00") {
		t.Error(text)
	}
}

// What a person gave back in another way, because PayPay did not, the shop has no
// longer, whatever PayPay has.
func TestDetail_givenBackInAnotherWay(t *testing.T) {
	t.Parallel()
	s := after(kept(), pos.Modification{Way: pos.WayRefund, Amount: 1280, State: pos.Denied, Dropped: true})
	s.Attempts[0].Late = true
	d := newDetail(testEnv(t, "en", inHand(s)), s.ID)
	d.sale = s
	if got := d.hint(s.Standing()); got != "¥1,280 was given back. The shop keeps ¥0." {
		t.Errorf("%s: %q", s.Standing(), got)
	}
}
