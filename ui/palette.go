package ui

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

// palette is every function of the till by name, in both languages, so that a
// terminal without function keys reaches everything. Those of the screen below
// it stand first, and choosing one presses its key. The others say where they
// work.
type palette struct {
	text   string
	all    []command
	names  []pos.Names // of all
	shown  []command
	cursor int
}

// command is a line of the palette.
type command struct {
	key   string // as it is written on the keyboard
	label string
	other string // the label in the other language
	where string // why it cannot be chosen; empty for one that can
	press string // the key that it presses
}

type paletteWords struct {
	Title string
	Hint  string
	None  string
}

func paletteJa() paletteWords {
	return paletteWords{
		Title: "操作一覧",
		Hint:  "文字か読み (kaikei) で絞り込み、Enter。Esc で閉じます。",
		None:  "当てはまる操作がありません。",
	}
}

func paletteEn() paletteWords {
	return paletteWords{
		Title: "Commands",
		Hint:  "Type to narrow down, Up and Down, then Enter. Esc closes.",
		None:  "No such command.",
	}
}

func newPalette(e env, below screen, globals ...key.Binding) *palette {
	at := sceneOf(below)
	mine, other := e.words.actions(), e.words.translated().actions()
	p := &palette{}
	named := map[string]bool{} // the functions of this screen that work now
	for _, k := range slices.Concat(e.keymap.named(at, below.keys()), legendOf(below), globals) {
		h := k.Help()
		if !k.Enabled() || h.Desc == "" {
			continue
		}
		c := command{key: h.Key, label: h.Desc, press: k.Keys()[0]}
		if i := slices.IndexFunc(mine, func(a action) bool {
			return a.at == at && (a.label == h.Desc || strings.HasPrefix(h.Desc, a.label+" ("))
		}); i >= 0 {
			c.other = other[i].label
			named[mine[i].label] = true
		} else if i := slices.Index(e.words.everywhere(), h.Desc); i >= 0 {
			c.other = e.words.translated().everywhere()[i]
		}
		named[h.Desc] = true
		p.all = append(p.all, c)
	}
	for _, here := range []bool{true, false} {
		for i, a := range mine {
			if here != (a.at == at) || here && named[a.label] {
				continue
			}
			where := e.words.Keys.Now
			if !here {
				where = fmt.Sprintf(e.words.Keys.There, e.words.title(a.at))
			}
			p.all = append(p.all, command{
				key: keyName(e.keymap.shown(a.at, a.keys[0])), label: a.label, other: other[i].label, where: where,
			})
		}
	}
	for _, c := range p.all {
		p.names = append(p.names, pos.NewNames(c.key, c.label, c.other, readings.Replace(c.label), readings.Replace(c.other)))
	}
	p.shown = p.all
	return p
}

// everywhere are the names of keys that are no screen's own, or only walk.
func (w *words) everywhere() []string {
	return []string{w.Common.KeyHelp, w.Printer.Key, w.Help.Quit, w.Sale.KeyUp, w.Sale.KeyDown}
}

// legender is a screen with keys that stand on it, and not in the footer.
type legender interface{ legend() []key.Binding }

func legendOf(s screen) []key.Binding {
	if l, ok := s.(legender); ok {
		return l.legend()
	}
	return nil
}

// press takes a key. It gives the key that was chosen, and whether the palette
// is to be closed.
func (p *palette) press(k tea.KeyMsg) (chosen tea.KeyMsg, picked, closed bool) {
	switch k.Type {
	case tea.KeyEsc:
		return tea.KeyMsg{}, false, true
	case tea.KeyUp:
		p.cursor = max(p.cursor-1, 0)
	case tea.KeyDown:
		p.cursor = min(p.cursor+1, max(len(p.shown)-1, 0))
	case tea.KeyPgUp:
		p.cursor = max(p.cursor-10, 0)
	case tea.KeyPgDown:
		p.cursor = min(p.cursor+10, max(len(p.shown)-1, 0))
	case tea.KeyEnter:
		if p.cursor >= len(p.shown) {
			return chosen, false, true
		}
		if p.shown[p.cursor].where != "" {
			return chosen, false, false // it says where it works
		}
		chosen, picked = keyMsg(p.shown[p.cursor].press)
		return chosen, picked, true
	case tea.KeyBackspace:
		runes := []rune(p.text)
		p.narrow(string(runes[:max(len(runes)-1, 0)]))
	case tea.KeyRunes, tea.KeySpace:
		p.narrow(pos.Clean(p.text+string(k.Runes), 40))
	default:
	}
	return tea.KeyMsg{}, false, false
}

func (p *palette) narrow(text string) {
	p.text, p.cursor, p.shown = text, 0, nil
	for _, i := range pos.Find(text, p.names) {
		p.shown = append(p.shown, p.all[i])
	}
	// A key by its own name is meant before all that only have it in theirs.
	slices.SortStableFunc(p.shown, func(a, b command) int {
		rank := func(c command) int {
			if c.where == "" && strings.EqualFold(c.key, text) {
				return 0
			}
			return 1
		}
		return rank(a) - rank(b)
	})
}

func (p *palette) view(w *words, t theme, width, height int) string {
	b := newPage(width, height)
	b.line("")
	b.line(" " + t.strong.paint(cut(w.Palette.Title, width-2)))
	b.line(" " + t.faint.paint(cut(w.Palette.Hint, width-2)))
	b.line("")
	b.line(" : " + t.field.paint(cut(p.text, width-5)+"_"))
	b.line("")
	if len(p.shown) == 0 {
		b.line("   " + t.faint.paint(cut(w.Palette.None, width-4)))
	}
	first := max(p.cursor-b.room()+1, 0)
	for i := first; i < len(p.shown) && b.room() > 0; i++ {
		c := p.shown[i]
		text := cut(c.label, width-16)
		switch {
		case c.where != "":
			text = between(c.label, c.where, width-17)
		case c.other != "":
			text = between(c.label, c.other, width-17)
		}
		if i == p.cursor {
			b.line(" " + t.selected.paint(left("> "+left(c.key, 12)+text, width-2)))
			continue
		}
		if c.where != "" {
			b.line("   " + t.faint.paint(left(c.key, 12)+text))
			continue
		}
		b.line("   " + t.key.paint(left(c.key, 12)) + text)
	}
	return b.String()
}

// keyMsg is the message that a key of a binding would send.
func keyMsg(name string) (tea.KeyMsg, bool) {
	if runes := []rune(name); len(runes) == 1 {
		return tea.KeyMsg{Type: tea.KeyRunes, Runes: runes}, true
	}
	for _, t := range []tea.KeyType{
		tea.KeyF1, tea.KeyF2, tea.KeyF3, tea.KeyF4, tea.KeyF5, tea.KeyF6,
		tea.KeyF7, tea.KeyF8, tea.KeyF9, tea.KeyF10, tea.KeyF11, tea.KeyF12,
		tea.KeyEnter, tea.KeyEsc, tea.KeyTab, tea.KeyShiftTab, tea.KeyBackspace, tea.KeyDelete,
		tea.KeyUp, tea.KeyDown, tea.KeyLeft, tea.KeyRight, tea.KeyPgUp, tea.KeyPgDown,
		tea.KeyHome, tea.KeyEnd, tea.KeyInsert, tea.KeyCtrlC, tea.KeyCtrlJ,
		tea.KeyCtrlA, tea.KeyCtrlB, tea.KeyCtrlD, tea.KeyCtrlE, tea.KeyCtrlF, tea.KeyCtrlG, tea.KeyCtrlK,
		tea.KeyCtrlL, tea.KeyCtrlN, tea.KeyCtrlO, tea.KeyCtrlP, tea.KeyCtrlR, tea.KeyCtrlT, tea.KeyCtrlU,
		tea.KeyCtrlV, tea.KeyCtrlW, tea.KeyCtrlX, tea.KeyCtrlY,
	} {
		if t.String() == name {
			return tea.KeyMsg{Type: t}, true
		}
	}
	return tea.KeyMsg{}, false
}
