package ui

import (
	"fmt"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

// again is the question whether an order is to be charged although another sale
// of the same amount is not settled: perhaps it is the same customer, about to
// pay twice.
type again struct {
	asked *dialog
	other pos.SaleID
	terms pos.Terms
}

// doubt asks about the newest unsettled sale of the same amount. If it has been
// settled meanwhile, there is nothing to ask.
func (s sale) doubt(terms pos.Terms) sale {
	var other pos.Sale
	for _, snap := range s.register.Unsettled() {
		if snap.Sale.Totals.Total == s.totals.Total && snap.Sale.Number > other.Number {
			other = snap.Sale
		}
	}
	if other.ID == "" {
		s.note = note{text: s.words.Sale.TimedOut}
		return s
	}
	w, now := s.words.Sale, s.now()
	since := following{env: s.env}.ago(now.Sub(other.Last().RequestedAt))
	s.note = note{}
	s.again = &again{other: other.ID, terms: terms, asked: &dialog{
		title: fmt.Sprintf(w.AgainTitle, yen(other.Totals.Total)),
		text:  fmt.Sprintf(w.AgainText, receiptNumber(other.Number), since, s.words.Common.standing(other.Standing())),
		since: now,
		choices: []choice{
			{"enter", w.AgainNot}, {"o", w.AgainOpen}, {"y", w.AgainDo},
		},
	}}
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
