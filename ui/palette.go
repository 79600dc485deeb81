package ui

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

// palette is every key of the screen below it by name, so that a terminal
// without function keys reaches everything. Choosing one presses it.
type palette struct {
	text   string
	all    []key.Binding
	shown  []key.Binding
	cursor int
}

type paletteWords struct {
	Title string
	Hint  string
	None  string
}

func paletteJa() paletteWords {
	return paletteWords{
		Title: "操作一覧",
		Hint:  "文字で絞り込み、上下で選んで Enter。Esc で閉じます。",
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

func newPalette(keys []key.Binding) *palette {
	p := &palette{}
	for _, k := range keys {
		if k.Enabled() && k.Help().Desc != "" {
			p.all = append(p.all, k)
		}
	}
	p.shown = p.all
	return p
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
	case tea.KeyEnter:
		if p.cursor < len(p.shown) {
			chosen, picked = keyMsg(p.shown[p.cursor].Keys()[0])
		}
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
	want := strings.ToLower(text)
	for _, k := range p.all {
		if strings.Contains(strings.ToLower(k.Help().Key+" "+k.Help().Desc), want) {
			p.shown = append(p.shown, k)
		}
	}
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
		h := p.shown[i].Help()
		if i == p.cursor {
			b.line(" " + t.selected.paint(left("> "+left(h.Key, 12)+h.Desc, width-2)))
			continue
		}
		b.line("   " + t.key.paint(left(h.Key, 12)) + cut(h.Desc, width-16))
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
		tea.KeyEnter, tea.KeyEsc, tea.KeyTab, tea.KeyBackspace, tea.KeyDelete,
		tea.KeyUp, tea.KeyDown, tea.KeyLeft, tea.KeyRight, tea.KeyPgUp, tea.KeyPgDown,
		tea.KeyHome, tea.KeyEnd, tea.KeyCtrlC, tea.KeyCtrlJ,
	} {
		if t.String() == name {
			return tea.KeyMsg{Type: t}, true
		}
	}
	return tea.KeyMsg{}, false
}
