package ui

import (
	"slices"
	"strings"
	"testing"

	"example.jp/reji/paypay"
	"example.jp/reji/pos"
)

func TestTimeline_tellsWhatBecameOfMoney(t *testing.T) {
	t.Parallel()
	mod := func(w pos.Way) *pos.Modification { return &pos.Modification{ID: "m-1", Way: w, Amount: 1000} }
	var events []pos.Event
	for _, w := range []pos.Way{pos.WayRefund, pos.WayCancel, pos.WayRevert, pos.WayCapture} {
		events = append(events, pos.Event{Kind: pos.ModAsked, Modification: mod(w)})
	}
	for _, p := range []pos.Progress{pos.Accepted, pos.Consenting, pos.Carried, pos.Denied} {
		events = append(events, pos.Event{Kind: pos.ModDone, Modification: mod(""), Done: string(p), Answer: &pos.Answer{}})
	}
	events = append(events,
		pos.Event{Kind: pos.ModTried, Modification: mod(""), Try: 2},
		pos.Event{Kind: pos.Attached},
		pos.Event{Kind: pos.Dropped, Modification: mod("")},
		pos.Event{Kind: pos.Dropped, Modification: mod(""), Note: "cash"},
		pos.Event{Kind: pos.Charged},
		pos.Event{Kind: pos.Charged, Request: &paypay.CodeRequest{IsAuthorization: true}},
		pos.Event{Kind: pos.Looked, Answer: &pos.Answer{Status: paypay.StatusReauthorizing}},
		pos.Event{Kind: pos.Looked, Answer: &pos.Answer{Status: paypay.StatusCanceled}},
		pos.Event{Kind: pos.Looked, Answer: &pos.Answer{Status: paypay.StatusFailed}},
		pos.Event{Kind: pos.Looked, Answer: &pos.Answer{Status: paypay.StatusFailed, CanceledAt: 1}},
	)
	for _, refund := range []paypay.RefundStatus{paypay.RefundDone, paypay.RefundFailed, "CREATED"} {
		events = append(events, pos.Event{Kind: pos.Looked, Answer: &pos.Answer{
			Status: paypay.StatusCompleted, Refunds: []pos.RefundAnswer{{ID: "r", Status: string(refund), Amount: 300}},
		}})
	}
	for _, capture := range []paypay.CaptureStatus{paypay.CaptureCompleted, "USER_REQUESTED"} {
		events = append(events, pos.Event{Kind: pos.Looked, Answer: &pos.Answer{
			Status: paypay.StatusAuthorized, Captures: []pos.CaptureAnswer{{ID: "c", Status: string(capture), Amount: 300}},
		}})
	}
	for _, lang := range []string{"ja", "en"} {
		w := newWords(lang).Detail
		var seen []string
		for _, e := range events {
			what, _ := w.event(e)
			if other, _, _ := strings.Cut(w.Other, "%s"); what == "" || strings.HasPrefix(what, other) || slices.Contains(seen, what) {
				t.Errorf("%s: %q for %+v", lang, what, e)
			}
			if n := e.Answer; n != nil && len(n.Refunds)+len(n.Captures) > 0 && !strings.Contains(what, "¥300") {
				t.Errorf("%s: no amount in %q", lang, what)
			}
			seen = append(seen, what)
		}
		// What a later version writes is shown as it came, but safely.
		for _, e := range []pos.Event{
			{Kind: pos.ModAsked},
			{Kind: pos.ModAsked, Modification: &pos.Modification{Way: "later\x1b"}},
			{Kind: pos.ModAsked, Modification: &pos.Modification{Way: pos.WayRefund, Reason: "x\u202ey"}},
			{Kind: pos.ModDone, Done: "later"},
			{Kind: pos.Dropped, Note: "a\x07b"},
		} {
			what, numbers := w.event(e)
			if what == "" || !pos.IsClean(what) || !pos.IsClean(numbers) {
				t.Errorf("%s: %q %q", lang, what, numbers)
			}
		}
	}
}

// An answer is PayPay's word, and a wish is the cashier's.
func TestTimeline_saysWhoseWordItIs(t *testing.T) {
	t.Parallel()
	w := newWords("en").Detail
	for k, want := range map[pos.Kind]string{
		pos.ModDone: w.PayPay, pos.ModAsked: w.Cashier, pos.Attached: w.Cashier, pos.Dropped: w.Cashier,
	} {
		if got := w.who(pos.Event{Kind: k, Actor: pos.Cashier}); got != want {
			t.Errorf("%s is %q's", k, got)
		}
	}
}
