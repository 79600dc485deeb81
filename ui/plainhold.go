package ui

import (
	"context"
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

// hold talks about an amount that PayPay holds: to take it or to let it go.
func (p *plain) hold(id pos.SaleID) {
	snap, ok := p.register.Sale(id)
	a, held := snap.Sale.Held()
	if !ok || !held {
		p.say("%s", p.words.Plain.NotHeld)
		return
	}
	p.enter(newHold(p.env, snap, a.ID))
}

// readHolds reads out what PayPay holds, that which ends first in front.
func (p *plain) readHolds() {
	w, h := p.words, newHolds(p.env)
	if len(h.texts) == 0 {
		p.say("%s", w.Holds.None)
		return
	}
	for _, x := range h.texts {
		p.say("%s", spoken(fmt.Sprintf("No.%s %s %s. %s %s %s. %s", x.number, yen(x.amount), x.state, w.Holds.Ends, x.ends, x.rest, x.goods)))
	}
	p.say("%s. "+w.Holds.Total+". %s", w.Holds.Count.of(int64(len(h.rows))), yen(h.total), w.Plain.Hold)
}

// tellHold is what the screen of a hold shows, in lines, and what must change
// before it is worth telling again.
func (p *plain) tellHold(h holding) (lines []string, mark string) {
	w := p.words
	a, m, busy := h.of()
	doubt := busy && h.doubt(m)
	mark = fmt.Sprint(a.State, len(a.Modifications), m.State, doubt, a.Mismatch, h.typing, h.note.text)
	lines = []string{h.note.text}
	switch {
	case h.asked != nil:
		return append(lines, p.tellDialog(h.asked)...), mark + h.asked.title
	case h.typing:
		return append(lines, fmt.Sprintf(w.Plain.HoldAmount, yen(a.OnHold)), w.Plain.Type), mark
	}
	is, _ := h.stands(a, m, busy, doubt)
	amount := a.OnHold
	if a.State != pos.Held {
		amount = a.Amount
	}
	lines = append(lines, fmt.Sprintf("No.%s %s %s. %s", receiptNumber(h.snap.Sale.Number), is.Word, yen(amount), is.Cashier))
	shown := newPage(spokenWidth, spokenWidth)
	h.viewNews(shown, a, busy)
	h.viewWork(shown, a, m, busy, doubt)
	h.viewTimes(shown, a, m, busy)
	lines = append(lines, shown.lines...)
	for _, k := range h.keys() {
		if name := k.Keys()[0]; toldOfHold(name) {
			lines = append(lines, fmt.Sprintf(w.Plain.Answer, name, k.Help().Desc))
		}
	}
	if busy {
		return append(lines, w.Plain.Outcome), mark
	}
	return append(lines, w.Plain.Leave), mark
}

// toldOfHold reports whether a key of a hold's screen is an answer in lines too.
func toldOfHold(name string) bool {
	switch name {
	case "k", "x", "c", "t", "f":
		return true
	}
	return false
}

// answerHold gives a line to what is said of a hold. An empty one does nothing:
// all of a hold is taken by a word.
func (p *plain) answerHold(h holding, text string) {
	h.time = p.now()
	switch {
	case text == "":
	case text == "back":
		p.become(h.key(tea.KeyMsg{Type: tea.KeyEsc}))
	case h.asked != nil:
		if h.asked.offers(typedKey(text)) {
			p.become(h.key(typedKey(text)))
		}
	case h.typing:
		h.note, h.input = note{}, text
		if text == "all" {
			h.input = ""
		}
		p.become(h.askTake(), move{}, nil)
	case toldOfHold(text):
		p.become(h.key(typedKey(text)))
	}
}

// took ends the talk about a hold that was taken. Of a sale in hand its payment
// tells.
func (p *plain) took(h holding) {
	if s := h.snap.Sale; p.sale != s.ID {
		is := p.words.Hold.Capture.Carried
		p.say("No.%s %s %s. %s", receiptNumber(s.Number), is.Word, yen(s.Amount()), is.Cashier)
		p.receipt(context.Background(), s)
	}
	p.hush()
}
