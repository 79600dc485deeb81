package ui

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/paypay"
	"example.jp/reji/pos"
)

// ask opens the question that only its own key answers.
func (g giveBack) ask() giveBack {
	w := g.words.GiveBack
	a, _ := g.snap.Sale.Attempt(g.attempt)
	c, ok := g.choice(g.amount())
	if !ok {
		g = g.anew(a)
		g.note = note{text: w.News, bad: true}
		return g
	}
	g.way = c.Way
	shown := yen(g.worth())
	about := w.way(c.Way)
	g.asked = &dialog{
		title: fmt.Sprintf(about.Ask, shown), text: g.question(c), since: g.time,
		choices: []choice{{"enter", w.NotYet}, {"b", fmt.Sprintf(about.Do, shown)}},
	}
	return g
}

// worth is the amount that the question is about: of a code, what it asks for.
func (g giveBack) worth() pos.Yen {
	if a, _ := g.snap.Sale.Attempt(g.attempt); a.State == pos.Live {
		return a.Amount
	}
	return g.amount()
}

// question is which way, why, until when, and what the customer will see.
func (g giveBack) question(c pos.Choice) string {
	w := g.words.GiveBack
	a, _ := g.snap.Sale.Attempt(g.attempt)
	about := w.way(c.Way)
	text := []string{w.Way + ": " + fmt.Sprintf(w.WayWhy, about.Name, g.why(a, g.amount(), c))}
	if !c.Until.IsZero() {
		text = append(text, w.Until+": "+g.until(c.Until))
	}
	text = append(text, w.Customer+": "+about.Customer)
	if c.Way != pos.WayDelete {
		text = append(text, w.Reason+": "+pos.Clean(g.reason, 200))
	}
	if rest := g.left - g.amount(); c.Way == pos.WayRefund && rest > 0 {
		text = append(text, fmt.Sprintf(w.AskText, yen(rest)))
	}
	if settled := g.otherwise(); settled > 0 && g.amount() > g.rest() {
		text = append([]string{fmt.Sprintf(w.SettledToo, yen(settled))}, text...)
	}
	if m, ok := g.refused(); ok {
		if lands := g.lands(m, w.LandsTwice); lands != "" {
			text = append([]string{lands}, text...)
		}
	}
	return strings.Join(text, "\n")
}

// why says in a sentence why the till chooses a way.
func (g giveBack) why(a pos.Attempt, amount pos.Yen, c pos.Choice) string {
	w := g.words.GiveBack
	if c.Way != pos.WayRefund {
		return w.way(c.Way).Why
	}
	before, denied := false, false
	for _, m := range a.Modifications {
		before = before || m.Way == pos.WayRefund && m.State != pos.Denied
		denied = denied || m.Way == pos.WayCancel && m.State == pos.Denied
	}
	switch {
	case a.Hold:
		return w.WhyCapture
	case denied:
		return w.WhyDenied
	case before:
		return w.WhyAfter
	case amount != a.Taken:
		return w.WhyPart
	}
	return w.WhyOver
}

func (g giveBack) answered(k tea.KeyMsg) (screen, move, tea.Cmd) {
	answer, done := g.asked.answer(k, g.time)
	if !done {
		return g, move{}, nil
	}
	g.asked = nil
	switch answer {
	case "b":
		return g.do()
	case "d":
		return g.drop()
	}
	return g, move{}, nil
}

// do has the register do what the dialog said.
func (g giveBack) do() (screen, move, tea.Cmd) {
	amount := g.amount()
	if c, ok := g.choice(amount); !ok || c.Way != g.way {
		g.note = note{text: g.words.GiveBack.News, bad: true}
		return g, move{}, nil
	}
	want := pos.Return{Attempt: g.attempt, Amount: amount, Way: g.way, Left: g.left, Reason: g.reason}
	if g.extent == byGoods {
		want.Goods = g.goods()
	}
	if refused, ok := g.refused(); ok {
		want.InsteadOf = refused.ID
	}
	g.working = true
	register, id := g.register, g.id()
	return g, move{}, func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if want.Way == pos.WayDelete {
			return givenBackMsg{sale: id, way: want.Way, err: register.GiveUp(ctx, id)}
		}
		return givenBackMsg{sale: id, way: want.Way, err: register.GiveBack(ctx, id, want)}
	}
}

// refused is what PayPay has refused and is asked for again, and false when
// nothing is: a part of what is left that is not the same amount, or for other
// goods, is for something else.
func (g giveBack) refused() (pos.Modification, bool) {
	a, _ := g.snap.Sale.Attempt(g.attempt)
	i := slices.IndexFunc(a.Modifications, func(m pos.Modification) bool { return m.ID == g.place })
	if i < 0 {
		return pos.Modification{}, false
	}
	m := a.Modifications[i]
	others := g.extent == byGoods && len(m.Goods) > 0 && !slices.Equal(g.goods(), m.Goods)
	return m, g.amount() == m.Amount && !others || g.amount() == g.rest()
}

func (g giveBack) drop() (screen, move, tea.Cmd) {
	g.working = true
	register, id, attempt, m, reason := g.register, g.id(), g.attempt, g.shown, g.reason
	return g, move{}, func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		return droppedMsg{sale: id, err: register.Drop(ctx, id, attempt, m, reason)}
	}
}

// throttled reports whether PayPay wants to be left alone for a minute.
func (g giveBack) throttled() bool {
	return g.attempt == g.snap.Sale.Last().ID && paypay.CodeOf(g.snap.Contact.Problem) == paypay.RefundThrottled
}
