package ui

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

// assigning is the putting of goods on a quick key: first the key is pressed,
// then the goods are found.
type assigning struct {
	page int
	key  int        // -1 while it is asked for
	sets []quickKey // what is typed, or the order, as a set; above the goods
	name string     // what the key was called
}

// keptQuickMsg is what became of keeping quick keys.
type keptQuickMsg struct{ err error }

// assign asks which quick key is to be set.
func (s sale) assign() sale {
	w := s.words.Quick
	s.assigning = &assigning{page: s.page, key: -1}
	s.note = note{text: w.Which}
	return s
}

// assignKeys are the keys that work meanwhile.
func (s sale) assignKeys() []key.Binding {
	w := s.words.Quick
	if s.assigning.key < 0 {
		return []key.Binding{bind(w.KeyThis, quickRange), bind(w.KeyPage, "tab"), bind(s.words.Entry.KeyDrop, "esc")}
	}
	return []key.Binding{bind(w.KeyPut, "enter"), bind(w.KeyName, "f7"), bind(w.KeyFree, "delete"), bind(s.words.Entry.KeyDrop, "esc")}
}

// pages is how many pages there are to turn while a key is chosen: one free
// page more than there are.
func (s sale) assignPages() int { return min(len(s.quick)+1, maxPages) }

// chosen takes a key while it is asked which quick key is to be set.
func (s sale) chosen(k tea.KeyMsg) sale {
	at := *s.assigning
	switch k.Type {
	case tea.KeyEsc, tea.KeyF12:
		s.assigning, s.note = nil, note{}
		return s
	case tea.KeyTab, tea.KeyShiftTab, tea.KeyRight, tea.KeyLeft, tea.KeyPgDown, tea.KeyPgUp:
		by := 1
		if k.Type == tea.KeyShiftTab || k.Type == tea.KeyLeft || k.Type == tea.KeyPgUp {
			by = -1
		}
		at.page = (at.page + by + s.assignPages()) % s.assignPages()
	case tea.KeyRunes:
		i := -1
		if len(k.Runes) == 1 && !k.Alt {
			i = quickAt(halfWidth(k.Runes[0]))
		}
		if i < 0 {
			s.note = note{text: s.words.Quick.Which, bad: true}
			return s
		}
		at.key = i
		s.assigning, s.note = &at, note{}
		at.name = s.was().name
		return s.narrow("")
	default:
	}
	s.assigning = &at
	return s
}

// was is what is on the key that is being set.
func (s sale) was() quickKey {
	if at := s.assigning; at.page < len(s.quick) {
		return s.quick[at.page][at.key]
	}
	return quickKey{}
}

// narrow finds goods for a quick key, and what is typed as a set.
func (s sale) narrow(text string) sale {
	f := search{}.with(s.catalog, text)
	s.search = &f
	at := *s.assigning
	at.sets = nil
	switch k, ok := readQuickKey(strings.Map(halfWidth, text)); {
	case ok && k.name == "" && (k.set() || k.goods[0].n > 1):
		at.sets = append(at.sets, k)
	case strings.TrimSpace(text) == "":
		if was := s.was(); was.set() {
			at.sets = append(at.sets, was)
		}
		if k, ok := s.orderAsSet(); ok {
			at.sets = append(at.sets, k)
		}
	}
	for i := range at.sets {
		at.sets[i].name = at.name
	}
	s.assigning = &at
	return s
}

// orderAsSet is the order on the screen as a key would sell it.
func (s sale) orderAsSet() (quickKey, bool) {
	var k quickKey
	for _, l := range s.order.Lines {
		if l.Void != "" {
			continue
		}
		if item, ok := s.catalog.Find(l.Code); !ok || l.Code == "" || item.Department() {
			return k, false
		}
		i := slices.IndexFunc(k.goods, func(g quickGoods) bool { return g.code == l.Code })
		if i < 0 {
			i = len(k.goods)
			k.goods = append(k.goods, quickGoods{code: l.Code})
		}
		k.goods[i].n += l.Quantity
	}
	return k, len(k.goods) > 1
}

// assigned puts what is selected on the key. A set gets a name, and an item one
// of its own where that is wanted: else it goes by the catalogue's.
func (s sale) assigned(named bool) (screen, move, tea.Cmd) {
	at, f := *s.assigning, s.search
	if f.cursor >= len(at.sets)+len(f.found) {
		return s, move{}, nil
	}
	if i := f.cursor - len(at.sets); i >= 0 {
		k := quickKey{goods: []quickGoods{{code: f.found[i].Code, n: 1}}}
		if !named {
			return s.set(k)
		}
		return s.christen(k, at.name), move{}, nil
	}
	k := at.sets[f.cursor]
	if _, missing := s.quickLines(k); missing != "" {
		s.note = note{text: fmt.Sprintf(s.words.Sale.NoItem, missing), bad: true}
		return s, move{}, nil
	}
	if _, ok := s.quickPrice(k); !ok {
		s.note = note{text: s.words.Quick.NotSet, bad: true}
		return s, move{}, nil
	}
	return s.christen(k, k.name), move{}, nil
}

// christen asks for the name of a key before it is set.
func (s sale) christen(k quickKey, name string) sale {
	return s.prompts(s.words.Quick.Name, name, func(s sale, name string) (screen, move, tea.Cmd) {
		k.name = strings.TrimSpace(strings.ReplaceAll(name, ":", " "))
		if k.name == "" && k.set() {
			k.name = s.words.Quick.Set
		}
		return s.set(k)
	})
}

// set puts goods on the key, or frees it, and has the file written.
func (s sale) set(k quickKey) (screen, move, tea.Cmd) {
	at, w := *s.assigning, s.words.Quick
	pages := slices.Clone(s.quick)
	for len(pages) <= at.page {
		pages = append(pages, quickPage{})
	}
	pages[at.page][at.key] = k
	for len(pages) > 1 && pages[len(pages)-1].free() {
		pages = pages[:len(pages)-1]
	}
	s.search, s.assigning = nil, nil
	s.quick, s.page = pages, min(at.page, len(pages)-1)
	s.quickKeys.pages = pages
	s.note = note{text: fmt.Sprintf(w.Put, string(quickLetters[at.key]), s.quickName(k))}
	if k.free() {
		s.note = note{text: fmt.Sprintf(w.Freed, string(quickLetters[at.key]))}
	}
	s = s.labelled()
	if s.keeping {
		s.unkept = true // it is kept as soon as the last change is
		return s, move{}, nil
	}
	return s.keep()
}

// keep has the quick keys written to their file.
func (s sale) keep() (screen, move, tea.Cmd) {
	s.keeping, s.unkept = true, false
	q := s.quickKeys
	return s, move{}, func() tea.Msg { return keptQuickMsg{q.keep()} }
}

// wasKept is what became of it.
func (s sale) wasKept(m keptQuickMsg) (screen, move, tea.Cmd) {
	s.keeping = false
	if m.err != nil {
		s.note = note{text: s.words.Quick.NotKept, bad: true}
	} else {
		s.quickKeys.bad = nil
	}
	if s.unkept {
		return s.keep()
	}
	return s, move{}, nil
}

// assignMark says which page of keys is being set.
func (s sale) assignMark() string {
	w := s.words.Quick
	if s.assigning.page >= len(s.quick) {
		return w.NewPage
	}
	return fmt.Sprintf(w.Page, s.assigning.page+1, len(s.quick))
}

// viewAssign draws a page of keys, from which one is chosen.
func (s sale) viewAssign(p *page, rows int) {
	w, t := s.words.Quick, s.theme
	from := p.room() - rows
	p.line(" " + t.strong.paint(between(w.Title, s.assignMark(), p.width-2)))
	p.line(" " + t.line(p.width-2))
	half := (p.width - 2) / 2
	labels := &s.onPage(s.assigning.page).labels
	texts := shownAs(labels, half-1-4-quickPrice, cutMark)
	for i := range len(labels) / 2 {
		other := i + len(labels)/2
		p.line(s.quickRow(p, labels[i], texts[i], i, half-1) + " " + s.quickRow(p, labels[other], texts[other], other, half+1))
	}
	p.gap()
	for _, l := range wrap(w.How, p.width-4) {
		if p.room() > from {
			p.line("  " + t.faint.paint(l))
		}
	}
	p.until(from)
}

// scanned finds what was scanned, while goods are looked for. It is put on the
// key by hand.
func (s sale) scanned(code string) sale {
	if p := s.prompt; p != nil {
		at := *p
		at.text, s.prompt = p.before, &at
		return s
	}
	if s.assigning.key < 0 {
		return s
	}
	return s.narrow(pos.Clean(strings.TrimPrefix(code, s.entry.Prefix), maxSearch))
}
