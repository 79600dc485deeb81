package ui

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"example.jp/reji/pos"
)

// view draws the order, its sums, the input line and the last key's sentence.
func (s sale) view(width, height int) string {
	if s.again != nil {
		box := min(width-4, 72)
		return place(s.again.asked.draw(s.theme, box, height), box, width, height)
	}
	if s.ask != nil {
		box := min(width-4, 72)
		return place(s.ask.draw(s.theme, box, height), box, width, height)
	}
	order := width
	if width >= panelFrom {
		order = width - panelWidth
	}
	page := newPage(order, height)
	foot := 7 // rule, three lines of sums, rule, input, note
	legend := s.legends(width)
	if legend {
		foot += 2
	}
	rows := height - foot
	switch {
	case s.search != nil:
		s.viewSearch(page, rows)
	case s.assigning != nil:
		s.viewAssign(page, rows)
	case s.waiting != nil:
		s.viewWaiting(page, rows)
	default:
		s.viewLines(page, rows)
	}
	if legend {
		s.viewSums(page, s.pageMark())
		s.viewLegend(page)
	} else {
		s.viewSums(page, "")
	}
	s.viewInput(page)
	if order == width {
		return page.String()
	}
	return s.withGoods(page, height)
}

// columns are the widths of an order line, by the width of the page.
type columns struct{ number, name, unit, quantity, amount int }

func columnsFor(width int) columns {
	c := columns{number: 3, unit: 15, quantity: 7, amount: 16}
	if width < 72 {
		c.unit, c.quantity = 11, 6
	}
	c.name = width - 3 - c.number - 2 - 2 - c.unit - c.quantity - c.amount - 1
	return c
}

func (s sale) viewLines(p *page, rows int) {
	w, t := s.words.Sale, s.theme
	c := columnsFor(p.width)
	p.line(t.faint.paint(blank(3+c.number+2) + left(w.ColumnName, c.name+2) + right(w.ColumnUnit, c.unit) +
		right(w.ColumnQuantity, c.quantity) + right(w.ColumnAmount, c.amount) + " "))
	p.line(" " + t.line(p.width-2))
	rows -= 2
	lines := s.order.Lines
	if len(lines) == 0 {
		s.viewEmpty(p, rows)
		return
	}
	first := max(min(s.cursor-rows/2, len(lines)-rows), 0)
	names := s.names(lines[first:min(first+rows, len(lines))], c.name)
	for i := first; i < first+rows; i++ {
		if i >= len(lines) {
			p.line("")
			continue
		}
		p.line(s.orderRow(p, lines[i], names[i-first], i, c))
	}
}

// names are what lines of an order are called in so many cells; their marks
// take some of those.
func (s sale) names(lines []pos.Line, width int) []string {
	names := make([]string, 0, len(lines))
	for _, l := range lines {
		names = append(names, s.words.Common.itemName(l))
	}
	shown := apart(names, width, cutMark)
	for i, l := range lines {
		if l.Void != "" {
			continue
		}
		if room := width - cells(s.marks(l)); cells(shown[i]) > room {
			shown[i] = apart(names, room, cutMark)[i]
		}
	}
	return shown
}

func (s sale) orderRow(p *page, l pos.Line, name string, i int, c columns) string {
	w, t := s.words.Common, s.theme
	r := p.row()
	look, point := t.text, "   "
	if i == s.cursor {
		look, point = t.selected, " > "
	}
	r.text(look.on)
	r.text(point)
	r.number(int64(i+1), c.number)
	r.blank(2)
	l.Rate = s.order.Rate(l)
	marks := s.marks(l)
	if l.Void != "" {
		r.text(look.off)
		name := t.struck.paint(name)
		r.text(name)
		r.text(look.on)
		r.blank(c.name + 2 - cells(name))
	} else {
		r.name(name, w.mark(l.Rate), c.name+2-cells(marks))
		r.text(marks)
	}
	r.yen(l.Unit, c.unit)
	r.number(l.Quantity, c.quantity)
	if l.Void != "" {
		r.right(marks, c.amount)
	} else {
		r.yen(total(l), c.amount)
	}
	r.blank(1)
	r.text(look.off)
	return r.String()
}

// marks say in a few characters what has been done to a line.
func (s sale) marks(l pos.Line) string {
	w, b := s.words.Entry, strings.Builder{}
	if l.Void != "" {
		return "[" + w.VoidMark + "]"
	}
	if l.Listed > 0 {
		b.WriteString("[" + w.PriceMark + "]")
	}
	if m := offMark(l.Off); m != "" {
		b.WriteString("[" + m + "]")
	}
	if l.Note != "" {
		b.WriteString("[" + w.NoteMark + "]")
	}
	return b.String()
}

// more is what the marks of the selected line leave out.
func (s sale) more() string {
	if len(s.order.Lines) == 0 {
		return ""
	}
	w, l := s.words.Entry, s.order.Lines[s.cursor]
	if l.Void != "" {
		return fmt.Sprintf(w.VoidOf, l.Void)
	}
	var all []string
	if l.Listed > 0 {
		all = append(all, fmt.Sprintf(w.PriceWas, yen(l.Listed), l.Why))
	}
	if m := offMark(l.Off); m != "" {
		all = append(all, strings.TrimSpace(fmt.Sprintf(w.OffIs, m, l.Off.Why)))
	}
	if l.Note != "" {
		all = append(all, fmt.Sprintf(w.NoteIs, l.Note))
	}
	return strings.Join(all, "   ")
}

// badges say what holds for the whole order.
func (s sale) badges() string {
	w, b := s.words.Entry, strings.Builder{}
	if s.order.EatIn {
		b.WriteString("[" + fmt.Sprintf(w.EatInMark, s.order.Tax.Standard) + "] ")
	}
	if m := offMark(s.order.Off); m != "" {
		if off := "-" + yen(s.totals.Off); off != m { // of a percentage, and when there is less to take it off
			m += " " + off
		}
		b.WriteString("[" + fmt.Sprintf(w.OffOrder, m) + "] ")
	}
	if s.from != nil {
		b.WriteString("[" + s.words.Park.aside(*s.from) + "] ")
	}
	if s.grown > 0 {
		b.WriteString("[" + fmt.Sprintf(w.AgeMark, s.grown) + "] ")
	}
	return b.String()
}

// edge is the line over the sums, with the badges in it.
func (s sale) edge(width int) string {
	badges := strings.TrimSpace(cut(s.badges(), width-4))
	if badges == "" {
		return s.theme.line(width)
	}
	return s.theme.line(2) + " " + s.theme.warn.paint(badges) + " " + s.theme.line(width-4-cells(badges))
}

// name writes what a line of an order is, with the mark of its rate.
func (r *row) name(name, mark string, width int) {
	name = cut(name, width-2)
	r.text(name)
	r.blank(1)
	r.left(mark, width-1-cells(name))
}

// viewEmpty says what can be typed, with examples.
func (s sale) viewEmpty(p *page, rows int) {
	w, t := s.words.Sale, s.theme
	tax := s.order.Tax
	examples := [][2]string{{"480 Enter", fmt.Sprintf(w.EmptyPrice, tax.Standard)}, {"480 r", fmt.Sprintf(w.EmptyReduced, tax.Reduced)}}
	if goods := s.offers; len(goods) > 0 {
		code := cut(goods[0].Code, 12)
		examples = append([][2]string{{code + " Enter", w.EmptyCode}, {"3*" + code + " Enter", w.EmptyMany}}, examples...)
		examples = append(examples, [2]string{"/", w.EmptyFind})
	}
	keys := 0
	for _, e := range examples {
		keys = max(keys, cells(e[0])+2)
	}
	from := p.room() - rows
	block := len(examples) + 3
	p.skip(max((rows-block)/2, 0))
	indent := blank(max((p.width-40)/2, 3))
	p.line(indent + t.strong.paint(cut(w.EmptyTitle, p.width-len(indent))))
	p.line(indent + cut(w.EmptyScan, p.width-len(indent)))
	p.line("")
	for _, e := range examples {
		if p.room() <= from {
			break
		}
		p.line(indent + t.key.paint(left(e[0], keys)) + t.faint.paint(cut(e[1], p.width-len(indent)-keys-1)))
	}
	p.until(from)
}

// lesson is how goods get into the order.
func (s sale) lesson() [][2]string {
	if s.occupied() {
		return nil // it is about the order, which is not what is being asked
	}
	w, tax := s.words.Sale, s.order.Tax
	on := func(own string) string { return keyName(s.keymap.shown(onSale, own)) }
	return append(s.quickLesson(), [][2]string{
		{w.LessonScan, w.LessonScanned},
		{"12 Enter", fmt.Sprintf(w.LessonNumber, tax.Standard)},
		{"480 r", fmt.Sprintf(w.EmptyReduced, tax.Reduced)},
		{"3*12 Enter", w.EmptyMany},
		{"/", w.EmptyFind},
		{"10 " + on("f6"), s.words.Entry.LessonMany},
		{"10 " + on("f8"), s.words.Entry.LessonOff},
		{"120 p", s.words.Entry.LessonPrice},
		{"Esc", w.LessonClear},
	}...)
}

// viewSums draws the tax rates at the left and the total in large figures at
// the right, and in the line below them which page of quick keys shows.
func (s sale) viewSums(p *page, mark string) {
	w, t := s.words, s.theme
	label := w.Sale.Total
	if s.totals.Count > 0 {
		label = w.Sale.Pieces.of(s.totals.Count) + "  " + label
	}
	rates := s.rates()
	rateWidth := 0
	if len(rates) > 0 {
		rateWidth = cells(rates[0])
	}
	total := yen(s.totals.Total)
	figures := s.theme.bigDigits(total, p.width-rateWidth-cells(label)-7)
	beneath := false // the word stands beneath nothing: large figures are worth more than its usual place
	if len(figures) == 1 {
		figures = s.theme.bigDigits(total, p.width-rateWidth-5)
		beneath = len(figures) > 1
	}
	if beneath {
		p.line(" " + s.edge(p.width-cells(label)-6) + "  " + label + "  ")
		label = ""
	} else {
		p.line(" " + s.edge(p.width-2))
	}
	for i := range bigDigitsHeight {
		rate, name, figure := "", "", ""
		if i < len(rates) {
			rate = cut(rates[i], p.width-3)
		}
		row := i
		if len(figures) == 1 {
			row-- // small figures stand on the middle line
		}
		if row >= 0 && row < len(figures) {
			figure = figures[row]
		}
		if i == 1 && label != "" {
			name = label + "  "
		}
		gap := p.width - 3 - cells(rate) - cells(name) - cells(figure)
		p.line(" " + t.faint.paint(rate) + blank(gap) + name + t.strong.paint(figure) + "  ")
	}
	if mark == "" {
		p.line(" " + t.line(p.width-2))
		return
	}
	p.line(" " + t.line(p.width-5-cells(mark)) + " " + t.faint.paint(mark) + " " + t.line(1))
}

// rates are the sums of each tax rate, as lines of one width.
func (s sale) rates() []string {
	w := s.words
	var names, totals, taxes []string
	for _, r := range s.totals.Rates {
		name := w.Common.rate(r.Rate)
		if r.Rate != pos.Exempt {
			name = strconv.FormatInt(r.Percent, 10) + "%" // as of the order's day
		}
		if r.Rate == pos.Reduced {
			name += w.Common.ReducedMark
		}
		names = append(names, fmt.Sprintf(w.Sale.RateOf, name))
		totals = append(totals, yen(r.Total))
		taxes = append(taxes, fmt.Sprintf(w.Sale.RateTax, yen(r.Tax)))
	}
	lines := make([]string, 0, len(names))
	for i := range names {
		lines = append(lines, left(names[i], widest(names))+"  "+right(totals[i], widest(totals))+"  "+left(taxes[i], widest(taxes)))
	}
	return lines
}

func (s sale) viewInput(p *page) {
	w, t := s.words.Sale, s.theme
	switch {
	case s.search != nil && s.prompt == nil:
		hint := s.words.Search.Hint
		if s.assigning != nil {
			hint = s.words.Quick.Hint
		}
		p.line(" " + t.faint.paint(cut(hint, p.width-2)))
	case s.prompt != nil:
		room := p.width - cells(s.prompt.label) - 6
		text := s.prompt.text
		if over := cells(text) - room + 2; over > 0 {
			text = cutMark + ansi.TruncateLeft(text, over, "")
		}
		p.line(" " + s.prompt.label + " > " + t.field.paint(text+"_"))
	default:
		typed := pos.Clean(s.input, maxInput) + "_"
		p.line(" " + w.Input + " > " + t.strong.paint(typed) + "   " +
			t.faint.paint(cut(s.preview, p.width-cells(w.Input)-cells(typed)-8)))
	}
	look := t.text
	if s.note.bad {
		look = t.warn
	}
	if s.busy {
		look = t.busy
	}
	text := s.note.text
	if text == "" {
		text, look = s.more(), t.faint
	}
	p.line(" " + look.paint(cut(text, p.width-2)))
}

// withGoods puts the goods that fit the input at the right of the order.
func (s sale) withGoods(page *page, height int) string {
	w, t := s.words.Sale, s.theme
	goods := make([]string, 0, height)
	goods = s.quickPanel(page, goods, panelWidth-2)
	goods = append(goods, t.faint.paint(left("   "+w.Goods, panelWidth-1)), t.line(panelWidth-2))
	if len(s.offers) == 0 {
		goods = append(goods, " ", "   "+t.faint.paint(cut(w.NoGoods, panelWidth-4)))
	}
	for _, i := range s.offers[:min(len(s.offers), max(height-len(goods), 0))] {
		goods = append(goods, s.goodsRow(page, i, panelWidth-2, false))
	}
	return beside(page.lines, page.width, t.rule.paint("│"), goods, height)
}
