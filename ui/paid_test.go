package ui

import (
	"errors"
	"testing"
	"time"

	"example.jp/reji/pos"
)

// paidLate is a sale that was paid after it had been given up.
func paidLate() pos.Sale {
	return with(saleOf(pos.Paid), func(a *pos.Attempt) { a.Late = true })
}

// paidTwice is a sale whose first code was paid as well as its second.
func paidTwice() pos.Sale {
	s := paidLate()
	second := s.Attempts[0]
	second.ID, second.Number, second.Late = string(s.ID)+"-2", 2, false
	second.PaymentID, second.PaidAt = "02345678901234567999", noon.Add(-90*time.Second)
	s.Attempts = append(s.Attempts, second)
	return s
}

// frame is a window with a screen on top.
func frame(e env, s screen, width, height int) string {
	a := newApp(e)
	a.width, a.height = width, height
	a.stack = append(a.stack[:1], s)
	return a.View()
}

// goldens draws a screen in every size and both languages.
func goldens(t *testing.T, name string, r *fake, mode Mode, build func(env) screen) {
	t.Helper()
	for _, lang := range []string{"ja", "en"} {
		e := testEnv(t, lang, r)
		e.shop.Mode = mode
		for _, size := range sizes {
			t.Run(sized(name, size, lang), func(t *testing.T) {
				t.Parallel()
				golden(t, sized(name, size, lang), size[0], size[1], frame(e, build(e), size[0], size[1]))
			})
		}
	}
}

// sweep draws a screen in windows of every width and height.
func sweep(t *testing.T, build func(env) screen) {
	t.Helper()
	for _, lang := range []string{"ja", "en"} {
		e := testEnv(t, lang, &fake{})
		s := build(e)
		for w := 1; w <= 200; w++ {
			for _, h := range []int{1, 2, 3, 19, 20, 24, 50} {
				fits(t, w, h, frame(e, s, w, h))
			}
		}
		for h := 1; h <= 50; h++ {
			fits(t, 60, h, frame(e, s, 60, h))
			fits(t, 80, h, frame(e, s, 80, h))
		}
	}
}

func TestPaid_golden(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		sale pos.Sale
		mode Mode
		keys []string
	}{
		{"Paid/done", saleOf(pos.Paid), Production, nil},
		{"Paid/many-lines", longSale(), Production, []string{"pgdown"}},
		{"Paid/training", saleOf(pos.Paid), Training, nil},
		{"Paid/late", paidLate(), Production, nil},
		{"Paid/twice", paidTwice(), Production, nil},
		{"Paid/part-returned", backInParts(), Production, nil},
		{"Paid/changing", after(kept(), refundOf(1280, pos.Asked)), Production, nil},
	} {
		goldens(t, c.name, &fake{}, c.mode, func(e env) screen {
			var s screen = newPaid(e, c.sale)
			for _, k := range c.keys {
				s.view(80, 21) // a key scrolls what was drawn
				s, _, _ = s.update(keyNamed(k))
			}
			return s
		})
	}
}

func TestPaid_sweep(t *testing.T) {
	t.Parallel()
	for _, s := range []pos.Sale{longSale(), paidTwice()} {
		sweep(t, func(e env) screen { return newPaid(e, s) })
	}
}

func TestPaid_enterServesTheNextCustomer(t *testing.T) {
	t.Parallel()
	f := paying(saleOf(pos.Paid))
	var moved []pos.SaleID
	f.moveOn = func(id pos.SaleID) error {
		moved = append(moved, id)
		return nil
	}
	inTill(t, "ja", f, func(l *testTill) {
		l.sees("お 支 払 い 完 了")
		l.press("enter")
		if len(l.stack) != 1 || len(moved) != 1 || moved[0] != saleOf(pos.Paid).ID || len(l.order().Lines) != 0 {
			t.Errorf("%d screens, moved on from %q, %d lines", len(l.stack), moved, len(l.order().Lines))
		}
	})
}

func TestPaid_staysWhenItCannotBeWrittenDown(t *testing.T) {
	t.Parallel()
	f := paying(saleOf(pos.Paid))
	f.moveOn = func(pos.SaleID) error { return pos.ErrJournal }
	inTill(t, "ja", f, func(l *testTill) {
		l.press("enter")
		onTop[paid](l)
		l.sees("取引を記録できない")
		f.moveOn = nil
		l.press("enter")
		onTop[sale](l)
	})
}

func TestPaid_secondEnterWhileTheFirstIsWrittenDown(t *testing.T) {
	t.Parallel()
	e := testEnv(t, "ja", &fake{})
	s, _, cmd := newPaid(e, saleOf(pos.Paid)).update(keyNamed("enter"))
	if cmd == nil {
		t.Fatal("nothing is written down")
	}
	if _, _, again := s.update(keyNamed("enter")); again != nil {
		t.Error("written down twice")
	}
	// The answer about another sale is not ours.
	if _, m, _ := s.update(paidMovedMsg{sale: "other"}); m.kind != stay {
		t.Errorf("moved %v", m.kind)
	}
	if _, m, _ := s.update(paidMovedMsg{sale: saleOf(pos.Paid).ID, err: errors.New("boom")}); m.kind != stay {
		t.Errorf("moved %v", m.kind)
	}
}

func TestPaid_secondPaymentShowsAtOnce(t *testing.T) {
	t.Parallel()
	f := paying(saleOf(pos.Paid))
	inTill(t, "ja", f, func(l *testTill) {
		l.becomes(paidTwice())
		l.sees("この注文は2回支払われています")
		l.sees("02345678901234567999")
		l.sees("責任者を呼んでください")
	})
}

func TestPaid_scanDoesNothing(t *testing.T) {
	t.Parallel()
	f := paying(saleOf(pos.Paid))
	f.moveOn = func(pos.SaleID) error {
		t.Error("a scan served the next customer")
		return nil
	}
	inTill(t, "ja", f, func(l *testTill) {
		l.scan("4901234567894", "enter")
		onTop[paid](l)
	})
}

func TestPaid_printsTheReceiptOnce(t *testing.T) {
	t.Parallel()
	var asked []pos.Paper
	f := &fake{prints: func(_ pos.SaleID, p pos.Paper) error { asked = append(asked, p); return pos.ErrJournal }}
	e := testEnv(t, "ja", f)
	p := newPaid(e, saleOf(pos.Paid))
	msg := p.init()()
	if len(asked) != 1 || asked[0].Kind != pos.ReceiptPaper || asked[0].Copy != 1 || asked[0].Attempt != p.by.ID {
		t.Fatalf("asked for %+v", asked)
	}
	if s, _, _ := p.update(msg); s.(paid).problem.says == "" {
		t.Error("nothing is said of a receipt that cannot be printed")
	}
	f.prints = nil // no printer is no problem
	if s, _, _ := p.update(p.init()()); s.(paid).problem.says != "" {
		t.Error(s.(paid).problem.says)
	}
	if newPaid(e, saleOf(pos.Closed)).init() != nil {
		t.Error("a receipt of what was not paid")
	}
	e.printer.Asked = true
	if newPaid(e, saleOf(pos.Paid)).init() != nil {
		t.Error("a receipt that nobody has asked for")
	}
}
