package ui

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

// maxNote is as long as a note or a name may be, in characters.
const maxNote = 40

// prompt is a line of free text, in the place of the input.
type prompt struct {
	label  string
	text   string
	before string // the text when the burst began
	amount bool   // digits alone are taken
	done   func(s sale, text string) (screen, move, tea.Cmd)
	keys   []key.Binding
}

// prompts opens a line of text that begins with what it was.
func (s sale) prompts(label, text string, done func(sale, string) (screen, move, tea.Cmd)) sale {
	w := s.words.Entry
	s.prompt = &prompt{
		label: label, text: text, done: done,
		keys: []key.Binding{bind(w.KeySave, "enter"), bind(w.KeyDrop, "esc")},
	}
	return s
}

// fill takes a key while the prompt is open. A scan adds its item, and the
// text stays as it was.
func (s sale) fill(k tea.KeyMsg, now time.Time) (screen, move, tea.Cmd) {
	at := *s.prompt
	switch k.Type {
	case tea.KeyEsc, tea.KeyF2:
		s.prompt = nil
		return s, move{}, nil
	case tea.KeyEnter:
		s.prompt = nil
		return at.done(s, strings.TrimSpace(at.text))
	case tea.KeyBackspace:
		_, size := lastRune(at.text)
		at.text = at.text[:len(at.text)-size]
	case tea.KeyRunes, tea.KeySpace:
		if !s.burst.running(now) {
			at.before = at.text
		}
		for _, r := range k.Runes {
			key := r
			r = halfWidth(r)
			s.burst = s.burst.add(r, now)
			if digit := '0' <= r && r <= '9'; at.amount && digit && len(at.text) < maxInput {
				at.text += string(r)
			} else if at.amount && !digit {
				s.note = s.words.Sale.useless(key)
			}
		}
		if !at.amount {
			at.text = pos.Clean(at.text+string(k.Runes), maxNote)
		}
	default:
	}
	s.prompt = &at
	return s, move{}, nil
}

// remark writes a note on the selected line.
func (s sale) remark() sale {
	s, l, ok := s.selected()
	if !ok {
		return s
	}
	i := s.cursor
	return s.prompts(s.words.Entry.Note, l.Note, func(s sale, text string) (screen, move, tea.Cmd) {
		return s.change(i, s.words.Entry.NoteDone, func(l *pos.Line) { l.Note = text }), move{}, nil
	})
}

// maxLabel is as wide as a name may be before an input.
const maxLabel = 24

// number asks for the number that a key needs when it was pressed first: typed
// into the order instead, it would be sold as a price.
func (s sale) number(label string, then func(sale) sale) sale {
	s = s.prompts(label, "", func(s sale, text string) (screen, move, tea.Cmd) {
		if text == "" {
			return s, move{}, nil
		}
		return then(s.typed(text)), move{}, nil
	})
	s.prompt.amount = true
	return s
}

// askPrice adds a line of a department at the price that is typed.
func (s sale) askPrice(l pos.Line, input string) sale {
	s = s.typed(input)
	s = s.prompts(fmt.Sprintf(s.words.Quick.Ask, s.words.Common.itemName(l)), "", func(s sale, text string) (screen, move, tea.Cmd) {
		price, err := pos.ParseYen(text)
		if err != nil {
			s = s.askPrice(l, input)
			s.note = note{text: s.words.Sale.BadAmount, bad: true}
			return s, move{}, nil
		}
		l.Unit = price
		return s.putPrice(l), move{}, nil
	})
	s.prompt.amount = true
	s.prompt.keys[0] = bind(s.words.Search.KeyAdd, "enter")
	return s
}
