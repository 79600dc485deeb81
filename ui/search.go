package ui

import (
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

// maxFound is how many goods a search shows. Who sees as many types another
// letter.
const maxFound = 100

// search finds goods by name, over the order.
type search struct {
	text   string
	found  []pos.Item
	cursor int
	keys   []key.Binding
}

type searchWords struct {
	Prompt   string
	None     string
	Hint     string
	Count    string // with a count
	Many     string // with a count
	KeyAdd   string
	KeyClose string
	KeyMove  string
}

func searchJa() searchWords {
	return searchWords{
		Prompt: "探す", None: "当てはまる商品がありません", Hint: "商品名・コード・分類の一部を入れてください",
		Count: "%d件", Many: "%d件以上", KeyAdd: "入れる", KeyClose: "閉じる", KeyMove: "選ぶ",
	}
}

func searchEn() searchWords {
	return searchWords{
		Prompt: "Find", None: "No such goods", Hint: "Type a part of the name, code or category",
		Count: "%d found", Many: "%d or more", KeyAdd: "add", KeyClose: "close", KeyMove: "select",
	}
}

func newSearch(e env) *search {
	w := e.words.Search
	return &search{
		found: e.catalog.Search("", maxFound),
		keys:  []key.Binding{bind(w.KeyAdd, "enter"), key.NewBinding(key.WithKeys("up", "down"), key.WithHelp("Up/Down", w.KeyMove)), bind(w.KeyClose, "esc")},
	}
}

// find takes a key while the search is open.
func (s sale) find(k tea.KeyMsg, now time.Time) sale {
	at := *s.search
	switch k.Type {
	case tea.KeyEsc, tea.KeyF2:
		s.search = nil
		return s
	case tea.KeyEnter:
		if at.cursor >= len(at.found) {
			return s
		}
		n, _, err := quantity(s.input)
		if err != nil {
			n = 1
		}
		line := at.found[at.cursor].Line(n)
		s.search = nil
		return s.put(line, "")
	case tea.KeyUp:
		at.cursor = max(at.cursor-1, 0)
	case tea.KeyDown:
		at.cursor = min(at.cursor+1, max(len(at.found)-1, 0))
	case tea.KeyPgUp:
		at.cursor = max(at.cursor-10, 0)
	case tea.KeyPgDown:
		at.cursor = min(at.cursor+10, max(len(at.found)-1, 0))
	case tea.KeyBackspace:
		if at.text == "" {
			s.search = nil
			return s
		}
		_, size := lastRune(at.text)
		at = at.with(s.catalog, at.text[:len(at.text)-size])
	case tea.KeyRunes, tea.KeySpace:
		for _, r := range k.Runes {
			s.burst = s.burst.add(halfWidth(r), now)
		}
		at = at.with(s.catalog, pos.Clean(at.text+string(k.Runes), 40))
	default:
	}
	s.search = &at
	return s
}

func (f search) with(c pos.Catalog, text string) search {
	f.text, f.cursor = text, 0
	f.found = c.Search(text, maxFound)
	return f
}

func lastRune(s string) (rune, int) { return utf8.DecodeLastRuneInString(s) }

// viewSearch draws the search over the lines of the order.
func (s sale) viewSearch(p *page, rows int) {
	w, t, f := s.words.Search, s.theme, s.search
	count := fmt.Sprintf(w.Count, len(f.found))
	if len(f.found) == maxFound {
		count = fmt.Sprintf(w.Many, maxFound)
	}
	room := p.width - cells(count) - cells(w.Prompt) - 7
	p.line(" " + w.Prompt + " > " + left(cut(f.text, room-1)+"_", room) + " " + t.faint.paint(count))
	p.line(" " + t.line(p.width-2))
	rows -= 2
	if len(f.found) == 0 {
		p.line("")
		p.line("   " + t.faint.paint(cut(w.None, p.width-4)))
		p.skip(rows - 2)
		return
	}
	first := max(f.cursor-rows+1, 0)
	for i := range rows {
		if first+i >= len(f.found) {
			p.line("")
			continue
		}
		p.line(s.goodsRow(f.found[first+i], p.width, first+i == f.cursor))
	}
}

// goodsRow is one kind of goods in a list.
func (s sale) goodsRow(i pos.Item, width int, selected bool) string {
	var space [32]byte
	price := len(appendYen(space[:0], i.Price)) - len("¥") + 1
	l := i.Line(1)
	code := min(max(cells(i.Code), 5), 12)
	r := newRow(width)
	look, point := s.theme.text, "   "
	if selected {
		look, point = s.theme.selected, " > "
	}
	r.text(look.on)
	r.text(point)
	r.left(i.Code, code)
	r.blank(2)
	r.name(s.words.Common, l, width-code-price-6)
	r.yen(i.Price, price)
	r.blank(1)
	r.text(look.off)
	return r.String()
}
