package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// question is about the order, and stands over it. Its dialog's first
// choice changes nothing.
type question struct {
	dialog
	then func(s sale, answer string) (screen, move, tea.Cmd)
}

// asks opens a question that comes up by itself: it takes no answer at once.
func (s sale) asks(d dialog, then func(sale, string) (screen, move, tea.Cmd)) sale {
	d.since = s.now()
	s.ask = &question{dialog: d, then: then}
	return s
}

// offersChoice opens a list that the cashier has called for, whose keys are
// known by heart: it takes an answer at once.
func (s sale) offersChoice(d dialog, then func(sale, string) (screen, move, tea.Cmd)) sale {
	s = s.asks(d, then)
	s.ask.known = true
	return s
}

// answered takes a key while a question is open.
func (s sale) answered(k tea.KeyMsg, now time.Time) (screen, move, tea.Cmd) {
	if k.Type == tea.KeyRunes && len(k.Runes) == 1 {
		k.Runes = []rune{halfWidth(k.Runes[0])}
	}
	answer, done := s.ask.answer(k, now)
	if !done {
		return s, move{}, nil
	}
	then := s.ask.then
	s.ask, s.note = nil, note{}
	if answer == "" {
		s = s.typed("") // left behind, it would become the next goods' quantity
		if k.Type == tea.KeyEnter {
			s.declined = now
		}
		return s, move{}, nil
	}
	return then(s, answer)
}

// because asks for one of the usual reasons, and does nothing without one.
func (s sale) because(title string, usual reasons, then func(s sale, reason string) sale) sale {
	list := []string{usual.First, usual.Second, usual.Third, usual.Fourth}
	d := dialog{title: title, text: s.words.Entry.Why, choices: []choice{{"enter", s.words.Entry.Not}}}
	for i, reason := range list {
		d.choices = append(d.choices, choice{string(rune('1' + i)), reason})
	}
	return s.offersChoice(d, func(s sale, answer string) (screen, move, tea.Cmd) {
		return then(s, list[answer[0]-'1']), move{}, nil
	})
}

// reasons are why something is done to a line, most usual first.
type reasons struct{ First, Second, Third, Fourth string }
