package ui

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"example.jp/reji/paypay"
	"example.jp/reji/pos"
)

// saleOf is a sale of ¥1,280 whose newest attempt is in a state.
func saleOf(s pos.State) pos.Sale {
	o := pos.Order{ID: "order-1", Tax: pos.JapanTax(), Lines: []pos.Line{
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
	case pos.Held, pos.Reverted, pos.Lapsed:
		a.Hold = true
		fallthrough
	case pos.Live, pos.Closing, pos.Paid, pos.Refunded, pos.Cancelled, pos.Failed, pos.Closed, pos.Expired:
		a.CodeID = "code-1"
		a.URL = "https://qr-stg.sandbox.paypay.ne.jp/28180104R1dTSCWPdmjHqzPA"
		a.ExpiresAt = noon.Add(4*time.Minute + 30*time.Second)
	}
	switch s {
	case pos.Paid, pos.Refunded, pos.Cancelled:
		a.PaymentID, a.PaidAt, a.Taken = "02345678901234567890", noon.Add(-2*time.Second), a.Amount
	case pos.Held, pos.Reverted, pos.Lapsed:
		a.PaymentID, a.PaidAt = "02345678901234567890", noon.Add(-2*time.Second)
	default: // no money
	}
	if s == pos.Held {
		a.OnHold, a.HoldEnds = a.Amount, noon.Add(30*24*time.Hour)
	}
	return pos.Sale{
		ID: "R1-20261123-000123-abc", Number: 123, Day: "2026-11-23", OpenedAt: noon.Add(-30 * time.Second),
		Order: o, Totals: totals, Attempts: []pos.Attempt{a},
	}
}

// toHold is the sale with an attempt that is only to be held.
func toHold(s pos.Sale) pos.Sale {
	return with(s, func(a *pos.Attempt) { a.Hold = true })
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
		{"failed-mismatch", func() *fake { return paying(with(saleOf(pos.Failed), func(a *pos.Attempt) { a.Mismatch = true })) }, nil},
		{"live-not-known", func() *fake { return paying(with(saleOf(pos.Live), func(a *pos.Attempt) { a.Seen = pos.NotFound })) }, nil},
		{"refused-offline", func() *fake { return refusedBy(offline) }, nil},
		{"refused-keys", func() *fake { return refusedBy(unauthorized) }, nil},
		{"refused-clock", func() *fake {
			f := refusedBy(unauthorized)
			f.status.Skew, f.status.SkewKnown = 7*time.Minute, true
			return f
		}, nil},
		{"refused-busy", func() *fake { return refusedBy(busy) }, nil},
		{"asking-long", func() *fake {
			f := paying(with(saleOf(pos.Requested), func(a *pos.Attempt) { a.RequestedAt = noon.Add(-95 * time.Second) }))
			f.sales[0].Contact = pos.Contact{AskedAt: noon.Add(-5 * time.Second), Problem: noAnswer, NextAt: noon.Add(25 * time.Second)}
			return f
		}, nil},
		{"unknown-long", func() *fake {
			f := troubled(with(saleOf(pos.Unknown), func(a *pos.Attempt) { a.RequestedAt = noon.Add(-26 * time.Hour) }), noAnswer)
			f.sales[0].Contact.NextAt = noon.Add(7*time.Minute + 10*time.Second)
			return f
		}, nil},
		{"unknown-checked", func() *fake { return paying(saleOf(pos.Unknown)) }, func(l *testTill) { l.press("c") }},
		{"unknown-checked-too-soon", func() *fake { return paying(saleOf(pos.Unknown)) }, func(l *testTill) { l.press("c", "c") }},
		{"hold-asking", func() *fake { return paying(toHold(saleOf(pos.Requested))) }, nil},
		{"hold-live", func() *fake { return paying(toHold(saleOf(pos.Live))) }, nil},
		{"hold-live-training", func() *fake {
			f := paying(toHold(saleOf(pos.Live)))
			f.customer = func(context.Context, string, string) error { return nil }
			return f
		}, nil},
		{"hold-unknown", func() *fake { return paying(toHold(saleOf(pos.Unknown))) }, nil},
		{"hold-failed", func() *fake { return paying(toHold(saleOf(pos.Failed))) }, nil},
		{"hold-closed", func() *fake { return paying(toHold(saleOf(pos.Closed))) }, nil},
		{"hold-refused", func() *fake {
			return refusedBy(&paypay.Error{Op: paypay.OpCreateCode, Class: paypay.Bug, Status: http.StatusBadRequest, Code: "PRE_AUTH_CAPTURE_UNSUPPORTED_MERCHANT", CodeID: "00400060"})
		}, func(l *testTill) { l.becomes(toHold(l.fake.sales[0].Sale)) }},
		{"hold-earlier-code-used", func() *fake {
			s := with(saleOf(pos.Held), func(a *pos.Attempt) { a.Late = true })
			s.Attempts = append(s.Attempts, toHold(saleOf(pos.Live)).Attempts...)
			s.Attempts[1].ID, s.Attempts[1].Number = "second", 2
			return paying(s)
		}, nil},
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

// calls is a register with one sale under way that writes down what it is
// asked to do.
func calls(s pos.Sale) (*fake, *[]string) {
	f, did := paying(s), &[]string{}
	note := func(what string) func(pos.SaleID) error {
		return func(pos.SaleID) error {
			*did = append(*did, what)
			return nil
		}
	}
	f.giveUp, f.newCode, f.moveOn = note("give up"), note("new code"), note("move on")
	f.checkNow = func(pos.SaleID) { *did = append(*did, "check") }
	return f, did
}

func TestPayment_moneyMovesOnlyOnTheNamedKeys(t *testing.T) {
	t.Parallel()
	live, asked := saleOf(pos.Live), saleOf(pos.Requested)
	for _, c := range []struct {
		name string
		sale pos.Sale
		keys []string
		want []string
	}{
		{"Enter does nothing", live, []string{"enter", "enter"}, nil},
		{"give up asks", live, []string{"x"}, nil},
		{"give up, Enter keeps waiting", live, []string{"x", "enter"}, nil},
		{"give up, Esc keeps waiting", live, []string{"x", "esc"}, nil},
		{"give up, other keys wait", live, []string{"x", "n", "l", "y"}, nil},
		{"give up, confirmed", live, []string{"x", "wait", "x"}, []string{"give up"}},
		{"give up, confirmed too fast", live, []string{"x", "x"}, nil},
		{"new code asks", live, []string{"n"}, nil},
		{"new code, confirmed", live, []string{"n", "wait", "n"}, []string{"new code"}},
		{"leave", live, []string{"l"}, []string{"move on"}},
		{"Esc keeps waiting", live, []string{"esc", "wait", "esc"}, nil},
		{"Esc, give up", live, []string{"esc", "wait", "x"}, []string{"give up"}},
		{"Esc, leave", live, []string{"esc", "wait", "l"}, []string{"move on"}},
		{"check now", live, []string{"c"}, []string{"check"}},
		{"nothing to give up yet", asked, []string{"x", "wait", "x", "n"}, nil},
		{"nothing to give up yet, by Esc", asked, []string{"esc", "wait", "x"}, nil},
		{"leave before there is a code", asked, []string{"esc", "wait", "l"}, []string{"move on"}},
		{"ended, Enter goes back", saleOf(pos.Closed), []string{"wait", "enter"}, []string{"move on"}},
		{"ended, new code needs no question", saleOf(pos.Expired), []string{"wait", "n"}, []string{"new code"}},
		{"ended, nothing to give up", saleOf(pos.Closed), []string{"wait", "x", "c", "l"}, nil},
		{"customer's keys are for training", live, []string{"t", "f"}, nil},
		{"by the palette", live, []string{":", "x", "enter", "wait", "x"}, []string{"give up"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f, did := calls(c.sale)
			inTill(t, "en", f, func(l *testTill) {
				for _, k := range c.keys {
					if k == "wait" {
						l.pass(unpressed)
						continue
					}
					l.press(k)
				}
				if diff := cmp.Diff(c.want, *did, cmpopts.EquateEmpty()); diff != "" {
					l.Errorf("what was done (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestPayment_paidScreenComesAtOnce(t *testing.T) {
	t.Parallel()
	for _, keys := range [][]string{nil, {"x"}, {"esc"}, {"f1"}, {":"}} {
		t.Run(strings.Join(keys, " "), func(t *testing.T) {
			t.Parallel()
			f, did := calls(saleOf(pos.Live))
			inTill(t, "ja", f, func(l *testTill) {
				l.press(keys...)
				l.becomes(saleOf(pos.Paid))
				// Keys on their way were meant for the payment screen.
				l.send(keyNamed("enter"), keyNamed("x"))
				onTop[paid](l)
				if len(*did) > 0 {
					l.Errorf("did %v", *did)
				}
			})
		})
	}
}

func TestPayment_isHiddenWhenItCannotBePaid(t *testing.T) {
	t.Parallel()
	shown := saleOf(pos.Live).Last().URL
	for name, change := range map[string]func(*pos.Attempt){
		"expired by PayPay's clock": func(a *pos.Attempt) { a.ExpiresAt = noon.Add(6 * time.Minute) },
		"mismatch":                  func(a *pos.Attempt) { a.Mismatch = true },
		"closing":                   func(a *pos.Attempt) { a.State = pos.Closing },
		"unknown":                   func(a *pos.Attempt) { a.State = pos.Unknown },
		"failed":                    func(a *pos.Attempt) { a.State = pos.Failed },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := paying(with(saleOf(pos.Live), change))
			f.status.Skew, f.status.SkewKnown = 7*time.Minute, true
			inTill(t, "ja", f, func(l *testTill) {
				p := onTop[payment](l)
				if p.showable() || strings.Contains(l.View(), "▄▄▄▄▄▄▄") {
					l.Errorf("the code is shown:\n%s", l.View())
				}
				if p.snap.Sale.Last().URL != shown {
					l.Error("the test has no code to hide")
				}
			})
		})
	}
}

func TestPayment_codeGoesWhenItsTimeIsOver(t *testing.T) {
	t.Parallel()
	inTill(t, "ja", paying(saleOf(pos.Live)), func(l *testTill) {
		l.sees(paymentJa().Waiting.Word)
		l.pass(4*time.Minute + 31*time.Second)
		l.sees(paymentJa().Checking.Cashier[:30])
		if onTop[payment](l).showable() {
			l.Error("the code is still shown")
		}
	})
}

func TestPayment_unpaidOrderComesBack(t *testing.T) {
	t.Parallel()
	f := charging()
	inTill(t, "ja", f, func(l *testTill) {
		l.text("001")
		l.press("enter", "f9")
		before := l.order()
		closed := f.sales[0].Sale
		closed.Attempts[0].State = pos.Closed
		l.becomes(closed)
		l.pass(time.Second)
		l.press("enter")
		onTop[sale](l)
		if diff := cmp.Diff([]pos.Line{salmon(1)}, lines(l)); diff != "" {
			l.Errorf("order (-want +got):\n%s", diff)
		}
		if l.order().ID == before.ID {
			l.Error("the order would be the same sale")
		}
	})
}

func TestPayment_unfinishedOrderComesBackAfterARestart(t *testing.T) {
	t.Parallel()
	f, _ := calls(saleOf(pos.Expired))
	inTill(t, "ja", f, func(l *testTill) {
		l.pass(time.Second)
		l.press("enter")
		onTop[sale](l)
		if diff := cmp.Diff(saleOf(pos.Expired).Order.Lines, lines(l)); diff != "" {
			l.Errorf("order (-want +got):\n%s", diff)
		}
	})
}

func TestPayment_nextCustomerHasAFreshOrder(t *testing.T) {
	t.Parallel()
	f := charging()
	inTill(t, "ja", f, func(l *testTill) {
		l.text("001")
		l.press("enter", "f9")
		l.pass(time.Second)
		l.press("l")
		onTop[sale](l)
		if got := lines(l); len(got) > 0 {
			l.Errorf("order is %v", got)
		}
	})
}

func TestPayment_lookingAtAnotherSaleKeepsTheOrder(t *testing.T) {
	t.Parallel()
	s := saleOf(pos.Unknown)
	s.Left = true
	f, did := calls(s)
	f.unfinished = ""
	inTill(t, "ja", f, func(l *testTill) {
		l.text("001")
		l.press("enter", "!")
		onTop[payment](l)
		l.press("esc")
		onTop[sale](l)
		if diff := cmp.Diff([]pos.Line{salmon(1)}, lines(l)); diff != "" {
			l.Errorf("order (-want +got):\n%s", diff)
		}
		if len(*did) > 0 {
			l.Errorf("did %v", *did)
		}
	})
}

func TestPayment_orderUnderWayIsNotReplaced(t *testing.T) {
	t.Parallel()
	s := saleOf(pos.Unknown)
	f, _ := calls(s)
	f.unfinished = ""
	inTill(t, "ja", f, func(l *testTill) {
		l.text("001")
		l.press("enter", "!")
		l.becomes(saleOf(pos.Closed))
		l.pass(time.Second)
		l.press("enter")
		onTop[sale](l)
		if diff := cmp.Diff([]pos.Line{salmon(1)}, lines(l)); diff != "" {
			l.Errorf("order (-want +got):\n%s", diff)
		}
		l.sees(saleJa().Kept)
	})
}

func TestPayment_saleThatWasLeftIsReadFromTheJournal(t *testing.T) {
	t.Parallel()
	for state, is := range map[pos.State]func(*testTill){
		pos.Paid:    func(l *testTill) { onTop[paid](l) },
		pos.Expired: func(l *testTill) { l.sees(paymentEn().Expired.Word) },
	} {
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			s := saleOf(pos.Live)
			s.Left = true
			f := paying(s)
			f.history = func(pos.SaleID) (pos.Sale, []pos.Recorded, error) {
				ended := saleOf(state)
				ended.Left = true
				return ended, nil, nil
			}
			inTill(t, "en", f, func(l *testTill) {
				f.sales = nil
				l.send(changedMsg{})
				is(l)
			})
		})
	}
}

func TestPayment_failedDeedSaysWhy(t *testing.T) {
	t.Parallel()
	f, _ := calls(saleOf(pos.Live))
	f.moveOn = func(pos.SaleID) error { return pos.ErrJournal }
	inTill(t, "en", f, func(l *testTill) {
		l.press("l")
		onTop[payment](l)
		l.sees("Sales cannot be recorded")
	})
}

func TestPayment_trainingPlaysTheCustomer(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{"t": "pay", "f": "fail"} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			f, did := calls(saleOf(pos.Live))
			f.customer = func(_ context.Context, code, action string) error {
				*did = append(*did, code+" "+action)
				return nil
			}
			inTill(t, "ja", f, func(l *testTill) {
				l.sees(commonJa().TrainingBanner)
				l.press(key)
				if diff := cmp.Diff([]string{"code-1 " + want, "check"}, *did); diff != "" {
					l.Errorf("what was done (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestPayment_everyStateIsSomePhase(t *testing.T) {
	t.Parallel()
	w := newWords("en").Payment
	seen := map[phase]pos.State{}
	e := testEnv(t, "en", &fake{})
	for _, s := range pos.States() {
		if to, ok := beyond(e, pos.Snapshot{Sale: saleOf(s)}); ok {
			if s.Open() {
				t.Errorf("%s has %T", s, to)
			}
			continue // it has a screen of its own
		}
		p := phaseOf(saleOf(s), noon)
		for _, hold := range []bool{false, true} {
			if words := w.phases(p, hold); words.Word == "" {
				t.Errorf("%s has no words", s)
			}
		}
		if s.Open() == p.ended() {
			t.Errorf("%s: open %v, but ended %v", s, s.Open(), p.ended())
		}
		if other, twice := seen[p]; twice {
			t.Errorf("%s and %s look the same", s, other)
		}
		seen[p] = s
	}
}

func TestPayment_saysThatTheAmountIsOnlyHeld(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ja", "en"} {
		f := paying(toHold(saleOf(pos.Live)))
		inTill(t, lang, f, func(l *testTill) {
			w := newWords(lang).Payment
			for _, size := range sizes { // under the code, for the customer
				l.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
				l.sees(w.HoldWaiting.Customer)
			}
			l.sees(w.TitleHold)
			l.sees(w.AmountHold)
			l.sees(w.HoldWaiting.Word)
		})
		// The smallest window, with the banner of training and the code that the
		// simulator makes.
		f = paying(with(toHold(saleOf(pos.Live)), func(a *pos.Attempt) { a.URL = "http://127.0.0.1:40309/pay/04-vZObrDrEYdO6rZiDY" }))
		f.customer = func(context.Context, string, string) error { return nil }
		inTill(t, lang, f, func(l *testTill) {
			l.send(tea.WindowSizeMsg{Width: leastWidth, Height: leastHeight})
			l.sees(newWords(lang).Payment.HoldWaiting.Customer)
		})
	}
}

func TestPayment_heldAmountHasItsOwnScreen(t *testing.T) {
	t.Parallel()
	f, did := calls(toHold(saleOf(pos.Live)))
	inTill(t, "ja", f, func(l *testTill) {
		l.becomes(saleOf(pos.Held))
		l.send(keyNamed("enter"), keyNamed("k"), keyNamed("x"))
		onTop[holding](l)
		if len(*did) > 0 {
			l.Errorf("did %v", *did)
		}
	})
}

// A till that is asked twice within a second asks PayPay once, and says so.
func TestPayment_checksOnceASecond(t *testing.T) {
	t.Parallel()
	f, did := calls(saleOf(pos.Unknown))
	inTill(t, "en", f, func(l *testTill) {
		l.press("c")
		l.sees(followEn().CheckedNow)
		l.press("c", "c")
		l.sees(followEn().TooSoon[:30])
		if len(*did) != 1 {
			l.Errorf("asked %d times", len(*did))
		}
		l.pass(time.Second)
		l.press("c")
		if len(*did) != 2 {
			l.Errorf("asked %d times", len(*did))
		}
	})
}

func TestPayment_unknownOutcomeCanBeLeftAndTold(t *testing.T) {
	t.Parallel()
	f, did := calls(saleOf(pos.Unknown))
	f.history = func(pos.SaleID) (pos.Sale, []pos.Recorded, error) { return saleOf(pos.Unknown), nil, nil }
	inTill(t, "en", f, func(l *testTill) {
		l.press("i")
		onTop[support](l)
		l.sees("R1-20261123-000123-abc-1")
		l.press("esc")
		onTop[payment](l)
		l.press("l")
		onTop[sale](l)
		if diff := cmp.Diff([]string{"move on"}, *did); diff != "" {
			l.Errorf("what was done (-want +got):\n%s", diff)
		}
	})
}

// A sale that the cashier has left gives no order back: Enter leads to where it
// was opened, and says so.
func TestPayment_ofASaleThatWasLeftNamesTheWayBack(t *testing.T) {
	t.Parallel()
	for _, left := range []bool{false, true} {
		s := saleOf(pos.Closed)
		s.Left = left
		e := testEnv(t, "en", &fake{})
		want := e.words.Payment.KeyBack
		if left {
			want = e.words.Common.KeyBack
		}
		if got := newPayment(e, pos.Snapshot{Sale: s}).keys()[0].Help().Desc; got != want {
			t.Errorf("left %v: Enter is %q, want %q", left, got, want)
		}
	}
}
