package ui

import (
	"fmt"
	"strconv"
	"strings"

	"example.jp/reji/paypay"
	"example.jp/reji/pos"
)

// who is whose word an event is: PayPay's where it tells an answer.
func (w detailWords) who(e pos.Event) string {
	switch e.Kind {
	case pos.Coded, pos.Declined, pos.Looked, pos.Mismatched, pos.DeleteDone, pos.CancelDone, pos.ModDone:
		return w.PayPay
	case pos.Charged, pos.Recharged, pos.Unanswered, pos.Shut, pos.CancelSent, pos.Moved,
		pos.ModAsked, pos.ModTried, pos.Attached, pos.Dropped,
		pos.Parked, pos.Discarded, pos.Started, pos.Stopped, pos.Mended, pos.Restored, pos.Reviewed, pos.Accounted, pos.PrintAsked, pos.Printed, pos.PrintDropped:
	}
	switch e.Actor {
	case pos.Cashier:
		return w.Cashier
	case pos.Till:
		return w.Till
	}
	return pos.Clean(e.Actor, 20)
}

// event is what happened, and the numbers that go with it.
func (w detailWords) event(e pos.Event) (what, numbers string) {
	switch e.Kind {
	case pos.Charged:
		what = w.Charged
		if e.Request != nil && e.Request.IsAuthorization {
			what = w.Money.ChargedHold
		}
	case pos.Recharged:
		what = w.Recharged
	case pos.Coded:
		what = w.Coded
	case pos.Declined:
		what = w.Declined
	case pos.Unanswered:
		what = w.Unanswered
	case pos.Looked:
		what = w.looked(e.Answer)
	case pos.Mismatched:
		what = w.Mismatched
	case pos.Shut:
		what = w.shut(e.Cause)
	case pos.DeleteDone:
		what = w.deletion(pos.Deletion(e.Done))
	case pos.CancelSent:
		what = w.CancelSent
	case pos.CancelDone:
		what = w.cancellation(pos.Cancellation(e.Done))
	case pos.Moved:
		what = w.Moved
	case pos.ModAsked:
		what = w.Money.asked(e.Modification)
	case pos.ModTried:
		what = fmt.Sprintf(w.Money.Tried, e.Try)
	case pos.ModDone:
		what = w.Money.answered(e)
	case pos.Attached:
		what = w.Money.Attached
	case pos.Dropped:
		what = fmt.Sprintf(w.Money.Dropped, pos.Clean(e.Note, 200))
		if e.Note == "" {
			what = w.Money.DroppedBare
		}
	case pos.PrintAsked, pos.Printed, pos.PrintDropped:
		what = w.Money.printed(e)
	case pos.Parked, pos.Discarded, pos.Started, pos.Stopped, pos.Mended, pos.Restored, pos.Reviewed, pos.Accounted: // the till's own, which belong to no sale
	}
	if what == "" {
		what = fmt.Sprintf(w.Other, pos.Clean(string(e.Kind), 40))
	}
	return what, numbersOf(e)
}

// looked is what PayPay says about a payment: its state, and what became of
// what was given back and taken.
func (w detailWords) looked(n *pos.Answer) string {
	if n == nil {
		return ""
	}
	parts := []string{w.status(n)}
	for _, c := range n.Captures {
		is := w.Money.CaptureWaits
		if paypay.CaptureStatus(c.Status) == paypay.CaptureCompleted {
			is = w.Money.CaptureDone
		}
		parts = append(parts, fmt.Sprintf(is, yen(pos.Yen(c.Amount))))
	}
	for _, r := range n.Refunds {
		is := w.Money.RefundTaken
		switch paypay.RefundStatus(r.Status) {
		case paypay.RefundDone:
			is = w.Money.RefundDone
		case paypay.RefundFailed:
			is = w.Money.RefundFailed
		default: // accepted
		}
		parts = append(parts, fmt.Sprintf(is, yen(pos.Yen(r.Amount))))
	}
	return strings.Join(parts, w.Money.And)
}

func (w detailWords) status(n *pos.Answer) string {
	switch n.Status {
	case paypay.StatusCreated:
		return w.Created
	case paypay.StatusAuthorized:
		return w.Money.Held
	case paypay.StatusReauthorizing:
		return w.Money.Raising
	case paypay.StatusCompleted:
		return w.Completed
	case paypay.StatusFailed:
		if n.CanceledAt != 0 {
			return w.Canceled
		}
		return w.Failed
	case paypay.StatusCanceled:
		return w.Money.LetGo
	case paypay.StatusExpired:
		return w.Expired
	case paypay.StatusRefunded:
		return w.Refunded
	case pos.NotFound:
		return w.NotFound
	case paypay.StatusRecordRefundFailed:
	}
	return fmt.Sprintf(w.Status, pos.Clean(string(n.Status), 40))
}

func (w detailWords) shut(c pos.Cause) string {
	switch c {
	case pos.ByCashier:
		return w.ShutCashier
	case pos.ByNewCode:
		return w.ShutNewCode
	case pos.ByExpiry:
		return w.ShutExpiry
	case pos.ByFailure:
		return w.ShutFailure
	case pos.ByPayment:
		return w.ShutPayment
	}
	return ""
}

func (w detailWords) deletion(d pos.Deletion) string {
	switch d {
	case pos.Deleted:
		return w.Deleted
	case pos.DeleteNotFound:
		return w.DeleteNotFound
	case pos.DeleteTooLate:
		return w.DeleteTooLate
	case pos.DeleteRefused:
		return w.DeleteRefused
	}
	return ""
}

func (w detailWords) cancellation(c pos.Cancellation) string {
	switch c {
	case pos.CancelAsked:
		return w.CancelSent
	case pos.CancelAccepted:
		return w.CancelAccepted
	case pos.CancelNotFound:
		return w.CancelNotFound
	case pos.CancelRefused:
		return w.CancelRefused
	}
	return ""
}

// numbersOf is what PayPay's support asks for about an event.
func numbersOf(e pos.Event) string {
	var parts []string
	add := func(s string) {
		if s != "" {
			parts = append(parts, pos.Clean(s, 64))
		}
	}
	if e.Code != nil {
		add(e.Code.CodeID)
	}
	if m := e.Modification; m != nil && m.Way != pos.WayCancel { // a cancel has no id at PayPay
		add(m.ID)
	}
	if n := e.Answer; n != nil {
		add(n.PaymentID)
		add(n.CodeID)
		add(string(n.Code))
		if n.HTTP != 0 {
			add("HTTP " + strconv.Itoa(n.HTTP))
		}
		add(n.RequestID)
	}
	return strings.Join(parts, " / ")
}

// moneyWords tell what was asked about money that PayPay has taken or holds.
type moneyWords struct {
	ChargedHold                           string
	Refund, Cancel, Revert, Capture       string // asked for, with the amount
	Because                               string // with the reason
	Tried                                 string // with the number of the try
	Accepted, Consenting, Carried, Denied string
	Attached, DroppedBare                 string
	Dropped                               string // with how it was settled
	Held, Raising, LetGo                  string
	RefundTaken, RefundDone, RefundFailed string // with the amount
	CaptureWaits, CaptureDone             string // with the amount
	And                                   string

	// Papers, by name and copy.
	Receipt, Addressed, Slip          string
	HoldNote                          string
	PrintAsked, Printed, PrintDropped string
}

// printed is what became of a paper.
func (w moneyWords) printed(e pos.Event) string {
	if e.Print == nil {
		return ""
	}
	name := w.Receipt
	switch e.Print.Paper.Kind {
	case pos.AddressedPaper:
		name = w.Addressed
		if to := pos.Clean(e.Print.Paper.Addressee, 60); to != "" {
			name += " " + to
		}
	case pos.SlipPaper:
		name = w.Slip
	case pos.HoldPaper:
		name = w.HoldNote
	case pos.ReceiptPaper:
	}
	what := w.PrintAsked
	if e.Kind == pos.Printed {
		what = w.Printed
	}
	if e.Kind == pos.PrintDropped {
		what = w.PrintDropped
	}
	return fmt.Sprintf(what, name, digits(int64(e.Print.Paper.Copy)))
}

func (w moneyWords) asked(m *pos.Modification) string {
	if m == nil {
		return ""
	}
	var what string
	switch m.Way {
	case pos.WayRefund:
		what = w.Refund
	case pos.WayCancel:
		what = w.Cancel
	case pos.WayRevert:
		what = w.Revert
	case pos.WayCapture:
		what = w.Capture
	case pos.WayDelete:
		return ""
	default: // a later version's
		return ""
	}
	what = fmt.Sprintf(what, yen(m.Amount))
	if m.Reason != "" {
		what += fmt.Sprintf(w.Because, pos.Clean(m.Reason, 200))
	}
	return what
}

func (w moneyWords) answered(e pos.Event) string {
	switch pos.Progress(e.Done) {
	case pos.Accepted:
		return w.Accepted
	case pos.Consenting:
		return w.Consenting
	case pos.Carried:
		return w.Carried
	case pos.Denied:
		return w.Denied
	case pos.Asked:
	}
	return ""
}

func moneyJa() moneyWords {
	return moneyWords{
		ChargedHold: "仮押さえのため、コードを依頼した",
		Refund:      "%sの返金を依頼する", Cancel: "%sの支払いの取消を依頼する",
		Revert: "%sの仮押さえの解除を依頼する", Capture: "%sの売上の確定を依頼する",
		Because:  " (理由: %s)",
		Tried:    "確定をもう一度依頼する(%d回目)",
		Accepted: "依頼を受け付けた", Consenting: "お客さまに同意を求めている", Carried: "依頼どおりにした", Denied: "依頼を断った",
		Attached: "予定外のお支払いを、この会計の支払いとした", DroppedBare: "断られた依頼を、別の方法で済ませた",
		Dropped: "断られた依頼を、別の方法で済ませた: %s",
		Held:    "仮押さえしている", Raising: "同意を受け、金額を引き上げている", LetGo: "仮押さえは解除された",
		RefundTaken: "%sの返金を受け付けている", RefundDone: "%sを返金した", RefundFailed: "%sの返金に失敗した",
		CaptureWaits: "%sの確定は同意待ち", CaptureDone: "%sを確定した",
		And:     "、",
		Receipt: "レシート", Addressed: "領収書", Slip: "返金票", HoldNote: "仮押さえ控え",
		PrintAsked: "%s(%s枚目)の印刷を頼んだ", Printed: "%s(%s枚目)を印刷した", PrintDropped: "%s(%s枚目)の印刷をやめた",
	}
}

func moneyEn() moneyWords {
	return moneyWords{
		ChargedHold: "asked for a code, to hold the amount",
		Refund:      "asks to refund %s", Cancel: "asks to cancel the payment of %s",
		Revert: "asks to let go of the %s that are held", Capture: "asks to capture %s",
		Because:  " (reason: %s)",
		Tried:    "asks for the capture again (try %d)",
		Accepted: "accepted the request", Consenting: "is asking the customer to agree", Carried: "did what was asked", Denied: "refused the request",
		Attached: "decided that the unexpected payment pays this sale", DroppedBare: "settled the refused request in another way",
		Dropped: "settled the refused request in another way: %s",
		Held:    "says: held", Raising: "says: the customer agreed, the amount is being raised", LetGo: "says: the hold was let go",
		RefundTaken: "refund of %s accepted", RefundDone: "%s refunded", RefundFailed: "refund of %s failed",
		CaptureWaits: "capture of %s waits for consent", CaptureDone: "%s captured",
		And:     "; ",
		Receipt: "receipt", Addressed: "addressed receipt", Slip: "slip", HoldNote: "hold note",
		PrintAsked: "asks to print the %s (copy %s)", Printed: "printed the %s (copy %s)", PrintDropped: "gave up printing the %s (copy %s)",
	}
}
