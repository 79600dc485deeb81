package ui

import (
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/mattn/go-runewidth"

	"example.jp/reji/pos"
)

func TestTongue_goesRound(t *testing.T) {
	t.Parallel()
	for till, want := range map[string][]tongue{
		"ja": {english, chinese, korean, japanese, english}, "en": {chinese, korean, japanese, english, chinese},
	} {
		at := tillsOwn
		for i, w := range want {
			if at = at.next(till); at != w {
				t.Errorf("%s: press %d: %d, want %d", till, i+1, at, w)
			}
		}
	}
}

func TestTongue_saysEveryPhase(t *testing.T) {
	t.Parallel()
	eastAsian := &runewidth.Condition{EastAsianWidth: true}
	for _, at := range []tongue{japanese, english, chinese, korean} {
		for p := asking; p <= refused; p++ {
			for _, hold := range []bool{false, true} {
				text, ok := at.toCustomer(p, hold)
				if !ok || text == "" {
					t.Errorf("tongue %d, phase %d: nothing is said", at, p)
				}
				for _, l := range wrap(text, 30) {
					if cells(l) != eastAsian.StringWidth(l) {
						t.Errorf("%q is %d or %d cells wide", l, cells(l), eastAsian.StringWidth(l))
					}
				}
			}
		}
	}
}

func TestPayment_customersLanguage(t *testing.T) {
	t.Parallel()
	inTill(t, "ja", paying(saleOf(pos.Live)), func(l *testTill) {
		l.send(tea.WindowSizeMsg{Width: 120, Height: 40})
		l.sees("お支払い待ち")
		for _, want := range []string{"Please scan", "请使用PayPay", "PayPay 앱으로", "PayPayアプリで"} {
			l.press("g")
			l.sees(want)
			l.sees("お支払い待ち") // the cashier's part stays
		}
		l.press("g")
		l.becomes(saleOf(pos.Failed))
		l.sees("did not go through")
		l.sees("支払いできませんでした")
	})
}
