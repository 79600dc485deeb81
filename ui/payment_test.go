package ui

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/paypay"
	"example.jp/reji/pos"
)

// saleOf is a sale of ¥1,280 whose newest attempt is in a state.
func saleOf(s pos.State) pos.Sale {
	o := pos.Order{ID: "order-1", Lines: []pos.Line{
		{Code: "006", Name: "カフェラテ", NameEn: "caffe latte", Unit: 420, Quantity: 2, Rate: pos.Reduced},
		{Code: "017", Name: "クッキー", NameEn: "cookies", Unit: 440, Quantity: 1, Rate: pos.Standard},
	}}
	totals, err := o.Totals()
	if err != nil {
		panic(err)
	}
	a := pos.Attempt{
		ID: "R1-20261123-000123-abc-1", Number: 1, Amount: totals.Total, State: s,
		RequestedAt: noon.Add(-30 * time.Second),
	}
	switch s {
	case pos.Requested, pos.Refused, pos.Lost, pos.Unknown:
	case pos.Live, pos.Closing, pos.Paid, pos.Refunded, pos.Failed, pos.Closed, pos.Expired:
		a.CodeID = "code-1"
		a.URL = "https://qr-stg.sandbox.paypay.ne.jp/28180104R1dTSCWPdmjHqzPA"
		a.ExpiresAt = noon.Add(4*time.Minute + 30*time.Second)
	}
	if s == pos.Paid {
		a.PaymentID, a.PaidAt = "02345678901234567890", noon.Add(-2*time.Second)
	}
	return pos.Sale{
		ID: "R1-20261123-000123-abc", Number: 123, Day: "2026-11-23", OpenedAt: noon.Add(-30 * time.Second),
		Order: o, Totals: totals, Attempts: []pos.Attempt{a},
	}
}

// with is the sale with a changed newest attempt.
func with(s pos.Sale, change func(*pos.Attempt)) pos.Sale {
	change(&s.Attempts[len(s.Attempts)-1])
	return s
}

func heard() pos.Contact {
	at := noon.Add(-2 * time.Second)
	return pos.Contact{AskedAt: at, AnsweredAt: at, NextAt: noon.Add(2 * time.Second)}
}

// paying is a register that has one sale under way.
func paying(s pos.Sale) *fake {
	f := &fake{sales: []pos.Snapshot{{Sale: s, Contact: heard()}}, unfinished: s.ID}
	if s.Last().State.Open() {
		f.status.Unsettled = 1
	}
	return f
}

// becomes changes the sale under way, as the register's watcher does.
func (l *testTill) becomes(s pos.Sale) {
	l.fake.sales[0].Sale = s
	l.send(changedMsg{})
}

func TestPayment_golden(t *testing.T) {
	t.Parallel()
	noAnswer := &paypay.Error{Op: paypay.OpCodePayment, Class: paypay.Unknown, Err: errors.New("timeout")}
	offline := &paypay.Error{Op: paypay.OpCreateCode, Class: paypay.Unsent, Err: errors.New("no route")}
	unauthorized := &paypay.Error{
		Op: paypay.OpCreateCode, Class: paypay.Bug, Status: http.StatusUnauthorized,
		Code: paypay.Unauthorized, CodeID: "08100016", RequestID: "REQ-1",
	}
	busy := &paypay.Error{Op: paypay.OpCreateCode, Class: paypay.Retry, Status: http.StatusTooManyRequests, Code: paypay.RateLimit, CodeID: "08100998"}
	maintenance := &paypay.Error{Op: paypay.OpCodePayment, Class: paypay.Retry, Status: http.StatusServiceUnavailable, Code: paypay.MaintenanceMode, CodeID: "08100999"}

	refusedBy := func(e *paypay.Error) *fake {
		f := paying(with(saleOf(pos.Refused), func(a *pos.Attempt) { a.Code, a.CodeNo = e.Code, e.CodeID }))
		f.sales[0].Contact = pos.Contact{AskedAt: noon.Add(-time.Second), Problem: e}
		return f
	}
	troubled := func(s pos.Sale, err error) *fake {
		f := paying(s)
		f.sales[0].Contact.Problem = err
		return f
	}
	closing := func(c pos.Cause) *fake {
		return paying(with(saleOf(pos.Closing), func(a *pos.Attempt) { a.Cause = c }))
	}
	for _, c := range []struct {
		name string
		fake func() *fake
		keys func(*testTill)
	}{
		{"asking", func() *fake {
			f := paying(saleOf(pos.Requested))
			f.sales[0].Contact = pos.Contact{}
			return f
		}, nil},
		{"unknown", func() *fake { return paying(saleOf(pos.Unknown)) }, nil},
		{"unknown-no-answer", func() *fake { return troubled(saleOf(pos.Unknown), noAnswer) }, nil},
		{"unknown-maintenance", func() *fake { return troubled(saleOf(pos.Unknown), maintenance) }, nil},
		{"unknown-strange-status", func() *fake {
			return paying(with(saleOf(pos.Live), func(a *pos.Attempt) { a.State, a.Seen = pos.Unknown, paypay.StatusAuthorized }))
		}, nil},
		{"live", func() *fake { return paying(saleOf(pos.Live)) }, nil},
		{"live-training", func() *fake {
			f := paying(saleOf(pos.Live))
			f.customer = func(context.Context, string, string) error { return nil }
			return f
		}, nil},
		{"live-no-answer", func() *fake { return troubled(saleOf(pos.Live), noAnswer) }, nil},
		{"live-give-up", func() *fake { return paying(saleOf(pos.Live)) }, func(l *testTill) { l.press("x") }},
		{"live-new-code", func() *fake { return paying(saleOf(pos.Live)) }, func(l *testTill) { l.press("n") }},
		{"live-esc", func() *fake { return paying(saleOf(pos.Live)) }, func(l *testTill) { l.press("esc") }},
		{"live-past-expiry", func() *fake {
			return paying(with(saleOf(pos.Live), func(a *pos.Attempt) { a.ExpiresAt = noon.Add(-time.Second) }))
		}, nil},
		{"mismatch", func() *fake { return paying(with(saleOf(pos.Live), func(a *pos.Attempt) { a.Mismatch = true })) }, nil},
		{"closing-by-cashier", func() *fake { return closing(pos.ByCashier) }, nil},
		{"closing-for-new-code", func() *fake { return closing(pos.ByNewCode) }, nil},
		{"closing-by-expiry", func() *fake { return closing(pos.ByExpiry) }, nil},
		{"lost", func() *fake { return paying(saleOf(pos.Lost)) }, nil},
		{"failed", func() *fake { return paying(saleOf(pos.Failed)) }, nil},
		{"closed", func() *fake { return paying(saleOf(pos.Closed)) }, nil},
		{"expired", func() *fake { return paying(saleOf(pos.Expired)) }, nil},
		{"refused-offline", func() *fake { return refusedBy(offline) }, nil},
		{"refused-keys", func() *fake { return refusedBy(unauthorized) }, nil},
		{"refused-clock", func() *fake {
			f := refusedBy(unauthorized)
			f.status.Skew, f.status.SkewKnown = 7*time.Minute, true
			return f
		}, nil},
		{"refused-busy", func() *fake { return refusedBy(busy) }, nil},
		{"refunded", func() *fake { return paying(saleOf(pos.Refunded)) }, nil},
		{"earlier-code-paid", func() *fake {
			s := saleOf(pos.Paid)
			s.Attempts[0].Late = true
			s.Attempts = append(s.Attempts, saleOf(pos.Live).Attempts...)
			s.Attempts[1].ID, s.Attempts[1].Number = "second", 2
			f := paying(s)
			return f
		}, func(l *testTill) { l.stack[1] = newPayment(l.env, l.fake.sales[0]) }},
	} {
		for _, lang := range []string{"ja", "en"} {
			t.Run(c.name+"-"+lang, func(t *testing.T) {
				t.Parallel()
				inTill(t, lang, c.fake(), func(l *testTill) {
					if c.keys != nil {
						c.keys(l)
					}
					for _, size := range sizes {
						l.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
						golden(t, sized("Payment/"+c.name, size, lang), size[0], size[1], l.View())
					}
				})
			})
		}
	}
}
