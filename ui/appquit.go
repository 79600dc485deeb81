package ui

import (
	"context"
	"errors"
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

// interrupt is Ctrl+C. With a payment under way it asks; else the second one
// ends the till, but not while it is held down and would lose the order.
func (a *app) interrupt(again bool) tea.Cmd {
	if n := a.status.Unsettled; n > 0 {
		if a.quitting == nil {
			w := a.words.Common
			text := w.QuitText.of(int64(n))
			if _, open := a.inHand(); open && a.losing() {
				text += "\n" + w.QuitLosing
			} else if open {
				text += "\n" + w.QuitParking
			}
			a.quitting = &dialog{
				title: w.QuitTitle, text: text, since: a.time,
				choices: []choice{{"enter", w.StayKey}, {"q", w.QuitKey}},
			}
			return nil
		}
		if a.tooSmall() {
			return a.end() // the dialog cannot be read, so that it cannot be answered
		}
		return nil
	}
	_, open := a.inHand()
	if held := again && open && a.losing(); a.time.Before(a.quitBy) && !held {
		return a.end()
	}
	a.quitBy = a.time.Add(quitWithin)
	return nil
}

// endedMsg is what became of parking the order in hand before the till ends.
type endedMsg struct{ err error }

// end ends the till. The order in hand is parked first: nothing that a cashier
// has typed goes without a word.
func (a *app) end() tea.Cmd {
	s, open := a.inHand()
	if !open || a.losing() {
		return tea.Quit
	}
	a.ending = true
	register, order, name := a.register, s.order, ""
	if s.from != nil {
		name = s.from.Name
	}
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		return endedMsg{err: register.Park(ctx, order, name)}
	}
}

func (a *app) ended(m endedMsg) tea.Cmd {
	a.ending = false
	if m.err == nil {
		return tea.Quit
	}
	a.quitting, a.unparked, a.quitBy = nil, true, a.time.Add(2*quitWithin) // it takes reading
	return nil
}

// Leave parks the order in hand of a till that was ended from outside, when
// nobody could be asked: by a signal, or with its terminal. The till that New has
// made must have ended. A key that is still being told from a scan is lost.
func Leave(ctx context.Context, till tea.Model) error {
	a, ok := till.(*app)
	if !ok {
		return nil
	}
	s, ok := a.stack[0].(sale)
	if !ok {
		return nil
	}
	name := ""
	if s.from != nil {
		name = s.from.Name
	}
	return leave(ctx, a.register, s.order, name)
}

// leave parks an order if there are goods in it, and it was not charged.
func leave(ctx context.Context, register Register, o pos.Order, name string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	totals, err := o.Totals()
	if err != nil || totals.Count == 0 {
		return nil // there is nothing in it that could be sold
	}
	if err := register.Park(ctx, o, name); err != nil && !errors.Is(err, pos.ErrNews) {
		return fmt.Errorf("the order in hand of %s is lost: %w", yen(totals.Total), err)
	}
	return nil
}

// inHand is the sale screen, and whether there are goods in its order that are
// no sale yet.
func (a *app) inHand() (sale, bool) {
	s, ok := a.stack[0].(sale)
	return s, ok && !s.busy && s.totals.Count > 0 && s.order.ID != s.charged
}

// losing reports whether the order in hand goes when the till ends.
func (a *app) losing() bool { return a.unparked || a.status.Trouble != nil }

// quitHint says what one more Ctrl+C does.
func (a *app) quitHint() string {
	w := a.words.Common
	s, open := a.inHand()
	switch {
	case !open:
		return w.QuitAgain
	case a.losing():
		return fmt.Sprintf(w.QuitLoses, yen(s.totals.Total))
	}
	return fmt.Sprintf(w.QuitParks, yen(s.totals.Total))
}
