package ui

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/bubbles/key"

	"example.jp/reji/pos"
)

// quickLabel is what stands beside a key: short enough for its cell on the
// smallest screens, if it can be.
type quickLabel struct {
	text  string
	price string
	gone  bool // goods of it are not in the catalogue
}

// quickLabels are the labels of a page, and its keys for the list of commands.
type quickLabels struct {
	labels [len(quickLetters)]quickLabel
	keys   []key.Binding
}

// labelled is the screen with the labels of its quick keys at hand: they are
// drawn with each key that is pressed.
func (s sale) labelled() sale {
	s.labels = make([]quickLabels, len(s.quick))
	for n, page := range s.quick {
		all := &s.labels[n]
		for i, k := range page {
			all.labels[i] = s.quickLabel(k)
			if !k.free() {
				letter := quickLetters[i : i+1]
				all.keys = append(all.keys, key.NewBinding(key.WithKeys(letter), key.WithHelp(letter, all.labels[i].text)))
			}
		}
	}
	return s
}

func (s sale) quickLabel(k quickKey) quickLabel {
	if k.free() {
		return quickLabel{}
	}
	l := quickLabel{text: s.quickName(k)}
	const room = 10 // of a cell of 80 columns
	if bare := strings.ReplaceAll(l.text, " ", ""); cells(l.text) > room && cells(bare) > len([]rune(bare)) {
		l.text = bare // Japanese can be read without its spaces
	}
	switch price, ok := s.quickPrice(k); {
	case !ok:
		l.price, l.gone = "?", true
	case price == 0 && !k.set():
		l.price = s.words.Quick.Dept
	default:
		l.price = yen(price)
	}
	return l
}

// legends reports whether the quick keys stand above the input: where nothing
// else takes letters, and there is no panel for them beside the order.
func (s sale) legends(width int) bool {
	return width < panelFrom && s.search == nil && s.prompt == nil && s.assigning == nil && s.waiting == nil
}

// legend are the quick keys that work now.
func (s sale) legend() []key.Binding {
	if s.busy || s.occupied() {
		return nil
	}
	return s.labels[s.page].keys
}

// pageMark says which page of the quick keys shows, and how to turn it.
func (s sale) pageMark() string {
	if len(s.quick) < 2 {
		return ""
	}
	return fmt.Sprintf("Tab %d/%d", s.page+1, len(s.quick))
}

// viewLegend draws the quick keys as they lie on the keyboard.
func (s sale) viewLegend(p *page) {
	t := s.theme
	const columns = len(quickLetters) / 2
	labels := &s.labels[s.page].labels
	around := 3 // the letter, and a space on each side of the text
	if t.ascii {
		around = 4 // nothing else shows where the next letter stands
	}
	texts := shownAs(labels, (p.width-2)/columns-around, "") // a mark that it was cut would take a letter's place
	for half := range 2 {
		r := p.row()
		r.blank(1)
		for i := range columns {
			at := half*columns + i
			width := (p.width-2)*(i+1)/columns - (p.width-2)*i/columns
			l := labels[at]
			look := t.key
			if l.text == "" || l.gone {
				look = t.faint
			}
			r.text(look.paint(quickLetters[at : at+1]))
			r.blank(1)
			text := texts[at]
			if strings.HasPrefix(l.text, text) {
				text = clip(l.text, width-around, "") // some columns are a cell wider than others
			}
			r.text(text)
			r.blank(width - 2 - cells(text))
		}
		p.line(r.String())
	}
}

// shownAs are the labels of a page in so many cells each.
func shownAs(labels *[len(quickLetters)]quickLabel, width int, mark string) []string {
	texts := make([]string, 0, len(labels))
	for _, l := range labels {
		texts = append(texts, l.text)
	}
	return apart(texts, width, mark)
}

// quickPrice is how many cells of the panel a price takes.
const quickPrice = 11

// quickRow is a key, what it sells and for how much, in so many cells.
func (s sale) quickRow(p *page, l quickLabel, text string, i, width int) string {
	t := s.theme
	r := p.row()
	r.blank(1)
	look := t.key
	if l.text == "" || l.gone {
		look = t.faint
	}
	r.text(look.paint(quickLetters[i : i+1]))
	r.blank(2)
	r.left(text, width-4-quickPrice)
	r.right(l.price, quickPrice-1)
	r.blank(1)
	return r.String()
}

// onPage are the labels of a page; of one that is not there yet they are empty.
func (s sale) onPage(n int) *quickLabels {
	if n < len(s.labels) {
		return &s.labels[n]
	}
	return &quickLabels{}
}

// quickPanel is the quick keys beside the order.
func (s sale) quickPanel(p *page, lines []string, width int) []string {
	t, w := s.theme, s.words.Quick
	n, of := s.page, len(s.quick)
	if s.assigning != nil {
		n = s.assigning.page
	}
	mark := ""
	if of > 1 && n < of {
		mark = fmt.Sprintf("Tab %d/%d ", n+1, of)
	}
	lines = append(lines, t.faint.paint(between("   "+w.Heading, mark, width)), t.line(width))
	shown := s.onPage(n)
	texts := shownAs(&shown.labels, width-4-quickPrice, cutMark)
	for i, l := range shown.labels {
		if i == len(shown.labels)/2 {
			lines = append(lines, " ")
		}
		lines = append(lines, s.quickRow(p, l, texts[i], i, width))
	}
	return append(lines, " ")
}

// quickLesson is how quick keys are used, with keys of the first page.
func (s sale) quickLesson() [][2]string {
	w := s.words
	lesson := [][2]string{{quickRange, w.Quick.LessonQuick}, {"3* a", w.Sale.EmptyMany}}
	for i, k := range s.quick[0] {
		if price, ok := s.quickPrice(k); !k.free() && ok && price == 0 && !k.set() {
			return append(lesson, [2]string{"500 " + quickLetters[i:i+1], w.Quick.LessonDept})
		}
	}
	return lesson
}

// isDepartment reports whether a line waits for its price.
func isDepartment(l pos.Line) bool { return l.Unit == 0 && l.Code != "" }
