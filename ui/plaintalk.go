package ui

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

// In lines, money is given back, and a hold taken, by the very screens that do it
// elsewhere: their questions are read out, and a line is given to them as their
// keys would be. So what can be chosen, what is asked before, and what answers it
// are the same.

// giveBack talks about giving a sale's money back.
func (p *plain) giveBack(id pos.SaleID) { p.enter(newGiveBack(p.env, id, "", "")) }

// task sees to a task by its number.
func (p *plain) task(ctx context.Context, number string) {
	t := newTasks(p.env)
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > len(t.all) {
		p.say("%s", p.words.Plain.WhichTask)
		return
	}
	t.cursor = n - 1
	switch is := t.all[t.cursor]; is.Kind {
	case pos.TaskLate, pos.TaskTwice, pos.TaskDenied, pos.TaskAgain, pos.TaskSlow, pos.TaskGap:
		p.become(t.key(tea.KeyMsg{Type: tea.KeyEnter})) //nolint:contextcheck // a screen sets a bound of its own
	case pos.TaskUnknown, pos.TaskUnfit:
		p.register.CheckNow(is.Sale)
		p.recount(ctx, is.Sale)
		p.say("%s", p.words.Plain.Looked)
	case pos.TaskLapsing:
		p.hold(is.Sale)
	case pos.TaskPrinter:
		p.register.TryPrints()
		p.say("%s", p.words.Plain.Printing)
	case pos.TaskJournal, pos.TaskSpace:
		p.say("%s", p.words.Tasks.says(is))
	}
}

func typedKey(text string) tea.KeyMsg { return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text)} }

// enter begins to talk about a screen.
func (p *plain) enter(s screen) { p.become(s, move{}, s.init()) }

// become goes where an update of the screen leads, and does what it wants done
// before the next line is read.
func (p *plain) become(s screen, m move, cmd tea.Cmd) {
	p.talk = s
	switch m.kind {
	case stay:
	case replace: // by what a hold has become, or by a code that is shut, which its sale tells of
		if h, ok := s.(holding); ok {
			p.took(h)
			return
		}
		said := p.words.GiveBack.Delete.Accepted
		p.say("%s. %s", said.Word, said.Cashier)
		p.hush()
		return
	case open:
		p.heard = ""
		p.enter(m.to)
		return
	default:
		if _, ok := s.(accounting); ok {
			p.say("%s", p.words.GiveBack.DropDone)
		}
		p.hush()
		return
	}
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			if p.talk != nil {
				p.become(p.talk, move{}, c)
			}
		}
	default:
		p.become(p.talk.update(msg))
	}
}

// hush ends the talk.
func (p *plain) hush() {
	p.talk, p.heard = nil, ""
	p.say("%s", p.words.Plain.Stopped)
}

// watchTalk reads out what is new of what is talked about.
func (p *plain) watchTalk() {
	if p.talk == nil {
		return
	}
	p.become(p.talk.update(changedMsg{}))
	var lines []string
	var mark string
	switch s := p.talk.(type) {
	case giveBack:
		lines, mark = p.tellGiveBack(s)
	case tasks:
		if s.asked == nil {
			p.say("%s", s.note.text)
			p.hush()
			return
		}
		lines, mark = p.tellDialog(s.asked), s.asked.title
	case accounting:
		lines, mark = p.tellAccounting(s)
	case holding:
		lines, mark = p.tellHold(s)
	}
	if mark == p.heard {
		return
	}
	p.heard = mark
	for _, l := range lines {
		if l = spoken(l); l != "" {
			p.say("%s", l)
		}
	}
}

// answer gives a line to what is talked about.
func (p *plain) answer(text, line string) {
	p.heard = ""
	if text == "stop" {
		p.hush()
		return
	}
	switch s := p.talk.(type) {
	case giveBack:
		p.answerGiveBack(s, text, line)
	case tasks:
		if s.time = p.now(); s.asked.offers(typedKey(text)) {
			p.become(s.answered(typedKey(text)))
		}
	case holding:
		p.answerHold(s, text)
	case accounting:
		s.time = p.now()
		switch {
		case s.asked == nil:
			s.input = line
			p.become(s.key(tea.KeyMsg{Type: tea.KeyEnter}))
		case s.asked.offers(typedKey(text)):
			p.become(s.key(typedKey(text)))
		}
	}
}

// tellDialog is a question in lines, with what answers it.
func (p *plain) tellDialog(d *dialog) []string {
	lines := append([]string{d.title}, strings.Split(d.text, "\n")...)
	for _, c := range d.choices[1:] {
		lines = append(lines, fmt.Sprintf(p.words.Plain.Answer, c.key, c.label))
	}
	return append(lines, p.words.Plain.NotYet)
}

func (p *plain) tellAccounting(a accounting) (lines []string, mark string) {
	if a.asked != nil {
		return p.tellDialog(a.asked), a.asked.text
	}
	w := p.words
	return []string{a.note.text, w.Accounting.lost(a.gap, p.shop.Zone), w.Accounting.review(a.gap), w.Plain.Found}, "asked" + a.note.text
}
