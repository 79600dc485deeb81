package ui

import (
	"fmt"
	"strings"

	"example.jp/reji/pos"
)

// Widths of the columns.
const (
	listNumber = 6
	listTime   = 5
	listState  = 11

	leastAmount = len("100,000") + 1

	// listNamed is the least width with room to say that the date is that of a
	// business day, beside a search.
	listNamed = 76
)

func (l list) view(width, height int) string {
	w, t := l.words.List, l.theme
	p := newPage(width, height)
	p.line(l.heading(width))
	p.line(t.faint.paint(l.head(width)))
	p.line(t.line(width))
	room := p.room() - 2
	switch {
	case l.problem.says != "":
		p.line("")
		p.line("  " + t.bad.paint(cut(l.problem.says, width-3)))
		p.line("  " + cut(l.problem.next, width-3))
	case l.first:
		p.line("")
		p.line("  " + t.faint.paint(cut(w.Reading, width-3)))
	case len(l.rows) == 0 && l.show == 0 && l.search == "":
		p.line("")
		p.line("  " + t.faint.paint(cut(w.None, width-3)))
	case len(l.rows) == 0:
		p.line("")
		p.line("  " + t.faint.paint(cut(w.NoneFits, width-3)))
	default:
		// The cursor stands in the middle, except at both ends.
		first := max(min(l.cursor-room/2, len(l.rows)-room), 0)
		for i := first; i < min(first+room, len(l.rows)); i++ {
			p.line(l.row(p, i))
		}
	}
	p.until(2)
	p.line(t.line(width))
	p.line(l.totals(width))
	return p.String()
}

// heading is the day, the filter and the search.
func (l list) heading(width int) string {
	w, t := l.words.List, l.theme
	day := w.date(l.day)
	if width >= listNamed {
		day = w.Day + " " + day
	}
	s := " " + t.key.paint("<") + " " + t.strong.paint(day)
	if l.day == l.today {
		s += w.Today
	} else {
		s += " " + t.key.paint(">")
	}
	room := width - cells(s) - 1
	filter := fmt.Sprintf(w.Filter, strings.Split(w.Filters, ",")[l.show])
	s += "   " + cut(filter, room-3)
	room = width - cells(s) - 1
	switch {
	case l.typing:
		s += "   " + t.key.paint("/") + t.field.paint(tail(l.search, room-5)+"_")
	case l.search != "":
		s += "   " + t.key.paint("/") + tail(l.search, room-4)
	}
	return s
}

// tail is the end of a text, where the typing goes on.
func tail(s string, width int) string {
	runes := []rune(s)
	for len(runes) > 0 && cells(string(runes)) > max(width, 0) {
		runes = runes[1:]
	}
	return string(runes)
}

// rest is how many cells are left for the goods.
func (l list) rest(width int) int {
	return max(width-1-2-listNumber-2-listTime-2-listState-2-l.amount-2, 0)
}

func (l list) head(width int) string {
	w := l.words.List
	return "   " + left(w.Number, listNumber) + "  " + left(w.Time, listTime) + "  " + left(w.State, listState) + "  " +
		right(w.Amount, l.amount) + "  " + cut(w.Goods, l.rest(width))
}

func (l list) row(p *page, i int) string {
	x, t, room := l.texts[i], l.theme, l.rest(p.width)
	r := p.row()
	if i == l.cursor {
		r.text(t.selected.on)
		r.text(" > ")
		r.text(x.start)
		r.left(x.state, listState)
	} else {
		state := t.standing(l.rows[i].Standing)
		r.text("   ")
		r.text(x.start)
		r.text(state.on)
		r.text(x.state)
		r.text(state.off)
		r.blank(listState - cells(x.state))
	}
	r.blank(2)
	r.right(x.amount, l.amount)
	r.blank(2)
	if i == l.cursor {
		r.left(x.goods, room)
		r.text(t.selected.off)
	} else {
		r.text(cut(x.goods, room))
	}
	return r.String()
}

// standing is how a sale's standing looks; the word beside it says the same.
func (t theme) standing(s pos.Standing) look {
	switch s {
	case pos.Waiting, pos.Changing, pos.HeldOpen:
		return t.busy
	case pos.Unclear, pos.LatePaid:
		return t.warn
	case pos.Settled, pos.PartReturned:
		return t.good
	case pos.Unpaid, pos.Returned, pos.Released:
		return t.faint
	}
	return t.text
}

// totals is the last line: how many are listed, and what the whole day has
// brought. The amounts are the journal's: a payment and what was given back of
// it each count on the day on which the till learned of them.
func (l list) totals(width int) string {
	w, t := l.words.List, l.theme
	if l.first || l.problem.says != "" {
		return ""
	}
	count := w.Count.of(int64(len(l.rows)))
	if l.more {
		count = w.CountMore.of(int64(len(l.rows)))
	}
	var news []string
	if l.lateCount > 0 {
		news = append(news, fmt.Sprintf(w.LateCount, l.lateCount))
	}
	if l.openCount > 0 {
		news = append(news, fmt.Sprintf(w.OpenCount, l.openCount))
	}
	if l.report.Incomplete {
		news = append(news, w.Incomplete)
	}
	inner := width - 2
	left, warn := cut(count, inner), strings.Join(news, "  ")
	for _, money := range l.money() {
		room := inner - cells(money) - 2
		switch {
		case warn != "" && cells(left)+2+cells(warn) <= room:
			used := cells(left) + 2 + cells(warn)
			return " " + left + "  " + t.warn.paint(warn) + blank(inner-used-cells(money)) + t.strong.paint(money)
		case warn == "" && cells(left) <= room:
			return " " + left + blank(inner-cells(left)-cells(money)) + t.strong.paint(money)
		}
	}
	return " " + t.strong.paint(cut(l.money()[1], inner))
}

// money is what the day has brought, the long way and the short one.
func (l list) money() []string {
	w, r := l.words.List, l.report
	paid := fmt.Sprintf(w.PaidTotal, digits(r.Payments), yen(r.Paid))
	back := r.Refunded + r.Cancelled
	if back == 0 {
		return []string{paid, paid}
	}
	net := fmt.Sprintf(w.NetTotal, yen(r.Net))
	return []string{paid + "  " + fmt.Sprintf(w.BackTotal, digits(r.Refunds+r.Cancels), yen(back)) + "  " + net, net}
}
