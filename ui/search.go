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

// maxSearch is as long as a text to search for can be: also a set for a quick
// key.
const maxSearch = 60

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
		Prompt: "探す", None: "当てはまる商品がありません", Hint: "商品名・読み・コード・分類の一部を入れてください",
		Count: "%d件", Many: "%d件以上", KeyAdd: "入れる", KeyClose: "閉じる", KeyMove: "選ぶ",
	}
}

func searchEn() searchWords {
	return searchWords{
		Prompt: "Find", None: "No such goods", Hint: "Type a part of the name, reading, code or category",
		Count: "%d found", Many: "%d or more", KeyAdd: "add", KeyClose: "close", KeyMove: "select",
	}
}

// openSearch opens the search. With an amount typed the departments stand
// first: one of them is what costs it.
func (s sale) openSearch() sale {
	w := s.words.Search
	f := &search{
		found: s.catalog.Search("", maxFound),
		keys:  []key.Binding{bind(w.KeyAdd, "enter"), key.NewBinding(key.WithKeys("up", "down"), key.WithHelp("Up/Down", w.KeyMove)), bind(w.KeyClose, "esc")},
	}
	if _, number, err := quantity(s.input); err == nil && number != "" {
		f.found = append(s.catalog.Departments(), f.found...)
	}
	s.search = f
	return s
}

// find takes a key while the search is open, for the order or for a quick key.
func (s sale) find(k tea.KeyMsg, now time.Time) (screen, move, tea.Cmd) {
	at := *s.search
	last := len(at.found) - 1
	if s.assigning != nil {
		last += len(s.assigning.sets)
	}
	switch k.Type {
	case tea.KeyEsc, tea.KeyF2:
		s.search, s.assigning = nil, nil
		return s, move{}, nil
	case tea.KeyEnter:
		if s.assigning != nil {
			return s.assigned(false)
		}
		return s.picked(), move{}, nil
	case tea.KeyF7:
		if s.assigning != nil {
			return s.assigned(true)
		}
	case tea.KeyDelete:
		if s.assigning != nil {
			return s.set(quickKey{})
		}
	case tea.KeyUp:
		at.cursor = max(at.cursor-1, 0)
	case tea.KeyDown:
		at.cursor = min(at.cursor+1, max(last, 0))
	case tea.KeyPgUp:
		at.cursor = max(at.cursor-10, 0)
	case tea.KeyPgDown:
		at.cursor = min(at.cursor+10, max(last, 0))
	case tea.KeyBackspace:
		if at.text == "" {
			s.search, s.assigning = nil, nil
			return s, move{}, nil
		}
		_, size := lastRune(at.text)
		return s.searched(at.text[:len(at.text)-size]), move{}, nil
	case tea.KeyRunes, tea.KeySpace:
		for _, r := range k.Runes {
			s.burst = s.burst.add(halfWidth(r), now)
		}
		return s.searched(pos.Clean(at.text+string(k.Runes), maxSearch)), move{}, nil
	default:
	}
	s.search = &at
	return s, move{}, nil
}

// searched is the search for another text.
func (s sale) searched(text string) sale {
	if s.assigning != nil {
		return s.narrow(text)
	}
	f := s.search.with(s.catalog, text)
	s.search = &f
	return s
}

// picked adds the goods that are selected.
func (s sale) picked() sale {
	f := s.search
	if f.cursor >= len(f.found) {
		return s
	}
	n, number, err := quantity(s.input)
	if err != nil {
		n, number = 1, ""
	}
	l := f.found[f.cursor].Line(n)
	s.search = nil
	if isDepartment(l) && s.read == typedIn {
		return s.department(l, number)
	}
	return s.put(l, "")
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
	if len(f.found) >= maxFound {
		count = fmt.Sprintf(w.Many, maxFound)
	}
	label := w.Prompt
	var sets []quickKey
	if s.assigning != nil {
		label = fmt.Sprintf(s.words.Quick.Goods, string(quickLetters[s.assigning.key]))
		sets = s.assigning.sets
	}
	room := p.width - cells(count) - cells(label) - 7
	p.line(" " + label + " > " + left(cut(f.text, room-1)+"_", room) + " " + t.faint.paint(count))
	p.line(" " + t.line(p.width-2))
	rows -= 2
	if len(f.found)+len(sets) == 0 {
		p.line("")
		p.line("   " + t.faint.paint(cut(w.None, p.width-4)))
		p.skip(rows - 2)
		return
	}
	first := max(f.cursor-rows+1, 0)
	for i := first; i < first+rows; i++ {
		switch {
		case i < len(sets):
			p.line(s.setRow(sets[i], p.width, i == f.cursor))
		case i < len(sets)+len(f.found):
			p.line(s.goodsRow(p, f.found[i-len(sets)], p.width, i == f.cursor))
		default:
			p.line("")
		}
	}
}

// setRow is goods that are sold as a set, in the list.
func (s sale) setRow(k quickKey, width int, selected bool) string {
	price := ""
	if y, ok := s.quickPrice(k); ok {
		price = yen(y)
	}
	look, point := s.theme.text, "   "
	if selected {
		look, point = s.theme.selected, " > "
	}
	return look.paint(point + between(s.words.Quick.Set+"  "+k.sequence(), price, width-4) + " ")
}

// goodsRow is one kind of goods in a list.
func (s sale) goodsRow(p *page, i pos.Item, width int, selected bool) string {
	var space [32]byte
	price := len(appendYen(space[:0], i.Price)) - len("¥") + 1
	l := i.Line(1)
	code := min(max(cells(i.Code), 5), 12)
	r := p.row()
	look, point := s.theme.text, "   "
	if selected {
		look, point = s.theme.selected, " > "
	}
	r.text(look.on)
	r.text(point)
	r.left(i.Code, code)
	r.blank(2)
	if i.Department() {
		price = cells(s.words.Quick.Dept)
	}
	r.name(s.words.Common.itemName(l), s.words.Common.mark(l.Rate), width-code-price-6)
	if i.Department() {
		r.text(s.words.Quick.Dept)
	} else {
		r.yen(i.Price, price)
	}
	r.blank(1)
	r.text(look.off)
	return r.String()
}
