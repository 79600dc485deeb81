package ui

import (
	"fmt"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

// again is the question whether an order is to be charged, or a sale to get
// another code, although another sale of the same amount is not settled: perhaps
// it is the same customer, about to pay twice.
type again struct {
	asked *dialog
	other pos.SaleID
	terms pos.Terms
}

// sameAmount asks about the newest other sale of the same amount that is not
// settled; nil when it has been settled meanwhile. Whoever goes back goes back
// to what the first choice names.
func (e env) sameAmount(as pos.Sale, terms pos.Terms, stay, do string) *again {
	other, ok := e.register.Same(as)
	if !ok {
		return nil
	}
	w, now := e.words.Sale, e.now()
	since := following{env: e}.ago(now.Sub(other.Last().RequestedAt))
	return &again{other: other.ID, terms: terms, asked: &dialog{
		title:   fmt.Sprintf(w.AgainTitle, yen(other.Totals.Total)),
		text:    fmt.Sprintf(w.AgainText, receiptNumber(other.Number), since, e.words.Common.standing(other.Standing())),
		since:   now,
		choices: []choice{{"enter", stay}, {"o", w.AgainOpen}, {"y", do}},
	}}
}

// doubt asks about the order.
func (s sale) doubt(terms pos.Terms) sale {
	w := s.words.Sale
	s.again = s.sameAmount(pos.Sale{Totals: s.totals}, terms, w.AgainNot, w.AgainDo)
	s.note = note{}
	if s.again == nil {
		s.note = note{text: w.TimedOut}
	}
	return s
}

// decided is the answer.
func (s sale) decided(k tea.KeyMsg, now time.Time) (screen, move, tea.Cmd) {
	answer, done := s.again.asked.answer(k, now)
	if !done {
		return s, move{}, nil
	}
	about := s.again
	s.again = nil
	switch answer {
	case "o":
		if snap, ok := s.register.Sale(about.other); ok {
			return s, move{kind: open, to: openSale(s.env, snap)}, nil
		}
		return s.attend(), move{}, nil
	case "y":
		about.terms.Anyway = true
		return s.charge(about.terms)
	}
	return s, move{}, nil
}
