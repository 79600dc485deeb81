package ui

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/bubbles/key"

	"example.jp/reji/paypay"
	"example.jp/reji/pos"
)

// heldStory is a hold of which a part was captured at the second try, and then
// given back, as its events tell it. The till's clock is three minutes slow.
func heldStory() (pos.Sale, []pos.Recorded) {
	s := saleOf(pos.Paid)
	id := s.Last().ID
	capture := &pos.Modification{ID: id + "-c1", Way: pos.WayCapture, Amount: 1000}
	refund := &pos.Modification{ID: id + "-r2", Way: pos.WayRefund, Amount: 300, Reason: "broken"}
	which := func(m *pos.Modification) *pos.Modification { return &pos.Modification{ID: m.ID} }
	s = with(s, func(a *pos.Attempt) {
		a.Hold, a.Taken = true, 1000
		c, r := *capture, *refund
		c.State, r.State = pos.Carried, pos.Accepted
		a.Modifications = []pos.Modification{c, r}
	})
	var all []pos.Recorded
	for i, e := range []pos.Event{
		{Kind: pos.Charged, Actor: pos.Cashier, Charge: &pos.Charge{Number: 123, Order: s.Order, Totals: s.Totals}, Request: &paypay.CodeRequest{IsAuthorization: true}},
		{Kind: pos.Coded, Actor: pos.Till, Code: &pos.NewCode{CodeID: "04-code-1", URL: "https://qr.example/CANARY"}, Answer: &pos.Answer{RequestID: "REQ-1"}},
		{Kind: pos.Looked, Actor: pos.Till, Answer: &pos.Answer{
			Status: paypay.StatusAuthorized, PaymentID: "02345678901234567890", Amount: 1280, RequestID: "REQ-2", Raw: json.RawMessage(`"CANARY"`),
		}},
		{Kind: pos.ModAsked, Actor: pos.Cashier, Modification: capture},
		{Kind: pos.ModTried, Actor: pos.Till, Modification: which(capture), Try: 2},
		{Kind: pos.ModDone, Actor: pos.Till, Modification: which(capture), Done: string(pos.Carried), Answer: &pos.Answer{
			Status: paypay.StatusCompleted, Amount: 1000, RequestID: "REQ-3", Captures: []pos.CaptureAnswer{{ID: capture.ID + "-2", Status: "COMPLETED", Amount: 1000}},
		}},
		{Kind: pos.ModAsked, Actor: pos.Cashier, Modification: refund},
		{Kind: pos.ModDone, Actor: pos.Till, Modification: which(refund), Done: string(pos.Denied), Answer: &pos.Answer{
			Class: "state", HTTP: 400, Code: "THROTTLED_MULTIPLE_REFUND_REJECTED", CodeID: "00200014", RequestID: "REQ-4",
		}},
	} {
		e.Sale, e.Attempt, e.At, e.Skew = s.ID, id, noon.Add(time.Duration(i*13)*time.Second), 3*time.Minute
		all = append(all, pos.Recorded{Seq: int64(i + 1), Event: e})
	}
	return s, all
}

func TestSupport_golden(t *testing.T) {
	t.Parallel()
	s, events := heldStory()
	for name, keys := range map[string][]string{"Support/top": nil, "Support/end": {"end"}} {
		goldens(t, name, telling(s, events), Production, func(e env) screen {
			p := newSupport(e, s.ID)
			got := answers(p, p.init())
			got.view(80, 21) // a key scrolls what was drawn
			got, _ = typed(got, keys...)
			return got
		})
	}
}

func TestSupport_sweep(t *testing.T) {
	t.Parallel()
	s, events := heldStory()
	sweep(t, func(e env) screen {
		e.register = telling(s, events)
		p := newSupport(e, s.ID)
		return answers(p, p.init())
	})
	sweep(t, func(e env) screen { return newSupport(e, s.ID) })
}

func TestSupport_tellsEverythingButSecrets(t *testing.T) {
	t.Parallel()
	s, events := heldStory()
	for _, lang := range []string{"ja", "en"} {
		p := newSupport(testEnv(t, lang, telling(s, events)), s.ID)
		text := answers(p, p.init()).view(120, 200)
		for _, want := range []string{
			s.Last().ID, s.Last().ID + "-r2", "02345678901234567890", "04-code-1", "¥1,280", "¥1,000", "¥300",
			"REQ-1", "REQ-2", "REQ-3", "REQ-4", "THROTTLED_MULTIPLE_REFUND_REJECTED", "00200014", "HTTP 400",
			"2026-11-23 12:00:13.000", "12:03:13.000", // by both clocks
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q in\n%s", lang, want, text)
			}
		}
		if strings.Contains(text, "CANARY") {
			t.Errorf("%s: what a customer can pay with is told:\n%s", lang, text)
		}
	}
}

func TestSupport_sayWhyTheJournalIsSilent(t *testing.T) {
	t.Parallel()
	p := newSupport(testEnv(t, "en", &fake{}), "sale")
	s := answers(p, p.init())
	if text := s.view(80, 24); !strings.Contains(text, "not in the journal") {
		t.Error(text)
	}
	if _, m := typed(s, "esc"); m.kind != back {
		t.Errorf("moved %v", m.kind)
	}
}

// Only PayPay's word makes a payment paid: there is no key to say so.
func TestKeys_noneTreatsAnythingAsPaid(t *testing.T) {
	t.Parallel()
	sales := []pos.Sale{held(), held(consenting()), held(asked(pos.WayCapture, 1, pos.Asked)), returnedSale(), paidTwice(), paidLate(), toHold(saleOf(pos.Live))}
	for _, s := range pos.States() {
		sales = append(sales, saleOf(s))
	}
	claims := []string{"paid", "支払い済み", "支払済", "入金済", "受け取り済", "受取済", "as settled", "settle by hand", "済みとして", "済みにする", "mark", "override", "手動"}
	for _, lang := range []string{"ja", "en"} {
		f := telling(saleOf(pos.Unknown), nil)
		f.holds = openHolds(6)
		e := testEnv(t, lang, f)
		e.customer = func(context.Context, string, string) error { return nil }
		screens := []screen{newSale(e), newList(e), newHolds(e), newTasks(e), newSupport(e, "x")}
		for _, s := range sales {
			f.sales = []pos.Snapshot{{Sale: s, Contact: heard()}}
			screens = append(screens, openSale(e, f.sales[0]), newDetail(e, s.ID))
			for _, a := range s.Attempts {
				screens = append(screens, newGiveBack(e, s.ID, a.ID, ""))
			}
		}
		n := 0
		for _, s := range screens {
			for _, k := range append(s.keys(), bindings(s)...) {
				n++
				for _, claim := range claims {
					if strings.Contains(strings.ToLower(k.Help().Desc), claim) && k.Help().Desc != e.words.Paid.KeySeen {
						t.Errorf("%s: %T has a key %q: %q", lang, s, k.Help().Key, k.Help().Desc)
					}
				}
			}
		}
		if n < 100 {
			t.Errorf("only %d keys were looked at", n)
		}
	}
}

// bindings are all keys that a screen has, whether they work now or not.
func bindings(s screen) []key.Binding {
	var all []key.Binding
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		if v.Type() == reflect.TypeFor[key.Binding]() {
			all = append(all, *(*key.Binding)(v.Addr().UnsafePointer()))
			return
		}
		if v.Kind() == reflect.Struct {
			for _, f := range v.Fields() {
				walk(f)
			}
		}
	}
	v := reflect.New(reflect.TypeOf(s)).Elem()
	v.Set(reflect.ValueOf(s))
	if b := v.FieldByName("bind"); b.IsValid() {
		walk(b)
	}
	return all
}
