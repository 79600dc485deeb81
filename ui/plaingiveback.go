package ui

import (
	"fmt"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

// tellGiveBack is what the screen that gives money back shows, in lines, and
// what must change before it is worth telling again.
func (p *plain) tellGiveBack(g giveBack) (lines []string, mark string) {
	w := p.words
	if !g.begun {
		if g.note.text == "" {
			return nil, "" // it is being read
		}
		return []string{g.note.text, w.Plain.Type}, g.note.text
	}
	mark = fmt.Sprint(g.step, g.attempt, g.shown, g.note.text)
	lines = []string{g.note.text}
	if g.asked != nil {
		return append(lines, p.tellDialog(g.asked)...), mark + g.asked.title
	}
	numbered := func(head string, all []string) {
		lines = append(lines, head)
		for i, a := range all {
			lines = append(lines, digits(int64(i+1))+": "+a)
		}
		lines = append(lines, w.Plain.Choose)
	}
	switch g.step {
	case atNothing:
		lines = append(lines, g.whyNothing(), w.Plain.Leave)
	case atWhich:
		numbered(w.GiveBack.WhichHead, g.payments())
	case atHow:
		lines = append(lines, p.payment(g))
		numbered(w.GiveBack.HowHead, g.ways())
	case atReason:
		numbered(w.GiveBack.ReasonHead, g.reasons())
	case atGoods:
		lines = append(lines, p.tellGoods(g)...)
		mark += fmt.Sprint(g.picked)
	case atAmount:
		lines = append(lines, w.GiveBack.AmountHead, fmt.Sprintf(w.GiveBack.Most, yen(g.left)), w.Plain.Type)
	case atAgain:
		if g.extent == byGoods {
			lines = append(lines, fmt.Sprintf(w.GiveBack.GoodsChosen, yen(g.amount())), w.GiveBack.GoodsAgain, w.Plain.Type)
			break
		}
		lines = append(lines, w.GiveBack.AgainHead, w.Plain.Type)
	case atOther:
		lines = append(lines, w.GiveBack.OtherHead, w.Plain.Type)
	case atDrop:
		lines = append(lines, w.GiveBack.DropHead, w.Plain.Type)
	case atOutcome:
		said := p.tellOutcome(g)
		return append(lines, said...), mark + said[0]
	}
	return lines, mark
}

// payment is what is given back of, and what is left of it.
func (p *plain) payment(g giveBack) string {
	w := p.words.GiveBack
	a, _ := g.snap.Sale.Attempt(g.attempt)
	text := fmt.Sprintf(w.Number, receiptNumber(g.snap.Sale.Number))
	if a.Taken == 0 {
		return text
	}
	text = fmt.Sprintf("%s %s %s, %s %s", text, w.Paid, yen(a.Taken), w.Returned, yen(a.Returned()))
	if settled := a.Settled(); settled > 0 {
		text += ", " + w.Settled + " " + yen(settled)
	}
	return text + ", " + w.Left + " " + yen(a.Left())
}

func (p *plain) tellGoods(g giveBack) []string {
	w := p.words
	lines := []string{w.GiveBack.GoodsHead}
	for n, i := range g.sold() {
		l := g.snap.Sale.Order.Lines[i]
		lines = append(lines, fmt.Sprintf(w.Plain.GoodsOf, digits(int64(n+1)), w.Common.itemName(l), yen(l.Unit), digits(g.pickable(i)), digits(g.picked[i])))
	}
	return append(lines, w.GiveBack.Sum+" "+yen(g.amount()), w.Plain.Goods)
}

// tellOutcome is what has become of what was asked for, the word first, and
// what can be done about it.
func (p *plain) tellOutcome(g giveBack) []string {
	w := p.words
	_, m := g.modification()
	says, _ := g.outcome(m)
	lines := []string{says.Word + " " + yen(m.Amount) + ". " + says.Cashier}
	if m.State == pos.Denied {
		is := w.Problem.denied(m, g.status)
		if m.Dropped {
			is.next = ""
		}
		lines = append(lines, is.says+" "+is.next)
		if is.quote != "" {
			lines = append(lines, w.Problem.Tell+" "+is.quote)
		}
	}
	for _, k := range g.keys() {
		if name := k.Keys()[0]; told(name) {
			lines = append(lines, fmt.Sprintf(w.Plain.Answer, name, k.Help().Desc))
		}
	}
	if waits(m) {
		return append(lines, w.Plain.Outcome)
	}
	return append(lines, w.Plain.Leave)
}

// told reports whether a key of what is followed is an answer in lines too. The
// others lead to pictures, or to the next customer.
func told(name string) bool { return name == "b" || name == "c" || name == "d" }

// answerGiveBack gives a line to the question that was read out.
func (p *plain) answerGiveBack(g giveBack, text, line string) {
	now := p.now()
	g.note = note{}
	if text == "back" {
		p.become(g.key(tea.KeyMsg{Type: tea.KeyEsc}, now))
		return
	}
	if g.asked != nil {
		if g.asked.offers(typedKey(text)) {
			p.become(g.key(typedKey(text), now))
		}
		return
	}
	g.time = now
	switch g.step {
	case atWhich, atHow, atReason:
		if n, err := strconv.Atoi(text); err == nil && 0 < n && n <= g.choices() {
			p.become(g.choose(n - 1))
		}
	case atGoods:
		p.pick(g, text)
	case atAmount, atAgain:
		g.input = text
		p.become(g.forward())
	case atOther, atDrop:
		g.input = pos.Clean(line, maxReason)
		p.become(g.forward())
	case atOutcome:
		if told(text) {
			p.become(g.command(typedKey(text)))
		}
	case atNothing:
	}
}

// pick is how many of a line come back, or the end of that.
func (p *plain) pick(g giveBack, text string) {
	if text == "done" {
		p.become(g.forward())
		return
	}
	at, many, _ := strings.Cut(text, " ")
	line, err := strconv.Atoi(at)
	n, bad := strconv.Atoi(many)
	if err != nil || bad != nil || line < 1 || line > g.choices() || n < 0 || n > pos.MaxQuantity {
		return
	}
	g.cursor = line - 1
	for range g.picked[g.sold()[g.cursor]] {
		g = g.pick(typedKey("-"))
	}
	for range n {
		if g = g.pick(typedKey("+")); g.note.text != "" {
			break
		}
	}
	p.talk = g
}
