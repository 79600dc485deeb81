package ui

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"

	"example.jp/reji/paypay"
	"example.jp/reji/pos"
)

// The smallest window that the till works in.
const (
	leastWidth  = 60
	leastHeight = 20
)

// page collects the lines of a body. It never takes more than it has room for,
// so that a screen may run over without harm.
type page struct {
	lines         []string
	width, height int
	ink           strings.Builder // in which rows are written
}

func newPage(width, height int) *page {
	return &page{lines: make([]string, 0, max(height, 0)), width: width, height: height}
}

// line adds a line. It must fit: looks are not cut here.
func (p *page) line(s string) {
	if len(p.lines) < p.height {
		p.lines = append(p.lines, s)
	}
}

// skip adds empty lines.
func (p *page) skip(n int) {
	for range n {
		p.line("")
	}
}

// gap adds an empty line, unless there is one already.
func (p *page) gap() {
	if n := len(p.lines); n > 0 && p.lines[n-1] != "" {
		p.line("")
	}
}

// room is how many more lines fit.
func (p *page) room() int { return p.height - len(p.lines) }

// until adds empty lines until only so many more fit.
func (p *page) until(room int) { p.skip(p.room() - room) }

func (p *page) String() string { return strings.Join(p.lines, "\n") }

// line is a horizontal line.
func (t theme) line(width int) string {
	const piece = "────────────────────────────────────────────────────────────────────────────────────────────────────" +
		"────────────────────────────────────────────────────────────────────────────────────────────────────"
	n := max(width, 0) * len("─")
	if n > len(piece) {
		return t.rule.paint(strings.Repeat("─", width))
	}
	return t.rule.paint(piece[:n])
}

// row builds one line of a table from left to right. A screen draws dozens
// with each key, so that pieces are written at their place at once, and all
// rows of a page behind each other: one has to be ended before the next begins.
type row struct {
	b    *strings.Builder
	from int
}

func (p *page) row() row {
	if p.ink.Cap() == 0 {
		p.ink.Grow(p.height * (2*p.width + 32)) // Japanese text has three bytes for two cells; looks come on top
	}
	return row{b: &p.ink, from: p.ink.Len()}
}

func (r *row) text(s string) { r.b.WriteString(s) }

func (r *row) blank(n int) { r.b.WriteString(blank(n)) }

// left writes a text at the left of so many cells.
func (r *row) left(s string, width int) {
	s = cut(s, width)
	r.text(s)
	r.blank(width - cells(s))
}

// right writes a text at the right of so many cells.
func (r *row) right(s string, width int) {
	s = cut(s, width)
	r.blank(width - cells(s))
	r.text(s)
}

// yen writes an amount at the right of so many cells, or nothing at all where
// it does not fit: a part of an amount would be a wrong one.
func (r *row) yen(y pos.Yen, width int) {
	var space [32]byte
	text := appendYen(space[:0], y)
	n := len(text) - len("¥") + 1
	if n > width {
		r.blank(width)
		return
	}
	r.blank(width - n)
	r.b.Write(text)
}

// number writes a count at the right of so many cells.
func (r *row) number(n int64, width int) {
	var space [32]byte
	text := appendDigits(space[:0], n)
	r.blank(width - len(text))
	r.b.Write(text)
}

func (r *row) String() string { return r.b.String()[r.from:] }

// paypayStatus is how PayPay was last heard of, for the header.
func (w commonWords) paypayStatus(c pos.Contact, now time.Time) (text string, ok bool) {
	if c.Problem != nil {
		if e, ok := errors.AsType[*paypay.Error](c.Problem); ok && e.Status == 0 {
			return w.PayPayDown, false
		}
		return w.PayPayTrouble, false
	}
	age := now.Sub(c.AnsweredAt)
	switch {
	case c.AnsweredAt.IsZero(), age >= time.Hour:
		return w.PayPayUnsure, true
	case age >= time.Minute:
		return fmt.Sprintf(w.PayPayOKLong, int(age/time.Minute)), true
	}
	return fmt.Sprintf(w.PayPayOK, seconds(age)), true
}

// header is the top line: where this is, at the left; how things are, at the
// right.
func (e env) header(title string, st pos.Status, now time.Time, width int) string {
	w, t := e.words.Common, e.theme
	status, ok := w.paypayStatus(st.Contact, now)
	clock := now.In(e.shop.Zone).Format("15:04")

	var alarms []string
	if st.Trouble != nil {
		alarms = append(alarms, w.JournalShort)
	}
	if st.Tasks > 0 {
		alarms = append(alarms, fmt.Sprintf(w.Attention, st.Tasks))
	}
	if st.Unsettled > 0 {
		alarms = append(alarms, fmt.Sprintf(w.Unsettled, st.Unsettled))
	}
	if !ok {
		alarms = append(alarms, status)
		status = ""
	}
	alarm := strings.Join(alarms, "  ")
	if alarm != "" {
		alarm = " " + alarm + " "
	}
	calm := "  " + clock + " "
	if status != "" {
		calm = "  " + status + calm
	}

	held := e.words.Holds.count(st.Held)
	room := width - cells(alarm) - cells(calm)
	if room < 0 {
		return t.bar.paint(left(alarm+calm, width))
	}
	place := w.mode(e.shop.Mode) + "  " + title
	for _, more := range []string{pos.Clean(e.shop.Register, 20), pos.Clean(e.shop.Name, 100)} {
		if longer := more + "  " + place; more != "" && cells(longer) < room {
			place = longer
		}
	}
	place = " " + place
	if held != "" && cells(place)+cells(held)+4 <= room {
		place = left(place, room-cells(held)-1) + held
	}
	return t.bar.paint(left(place, room)) + t.alarm.paint(alarm) + t.bar.paint(calm)
}

// footer is the bottom line: the keys that work now, as many as fit whole.
func (t theme) footer(keys []key.Binding, width int) string {
	var b strings.Builder
	used := 1
	b.WriteByte(' ')
	for _, k := range keys {
		h := k.Help()
		if !k.Enabled() || h.Key == "" {
			continue
		}
		need := cells(h.Key) + 1 + cells(h.Desc)
		gap := 0
		if used > 1 {
			gap = 3
		}
		if used+gap+need > width {
			continue
		}
		b.WriteString(blank(gap))
		b.WriteString(t.key.paint(h.Key))
		b.WriteByte(' ')
		b.WriteString(h.Desc)
		used += gap + need
	}
	return b.String()
}

// tooSmall says which size is needed, in whatever room there is.
func (w commonWords) tooSmall(width, height int) string {
	text := fmt.Sprintf(w.TooSmall, width, height)
	lines := wrap(text, width)
	if len(lines) > height {
		lines = wrap(w.TooSmallTiny, width)
	}
	if len(lines) > height || width < cells(w.TooSmallTiny)/4 {
		return ""
	}
	for i := range lines {
		lines[i] = cut(lines[i], width)
	}
	return strings.Join(lines, "\n")
}

// beside puts two columns next to each other: a line of the left one is padded
// to leftWidth, then comes the separator, and the right one's lines fit what is
// left.
func beside(l []string, leftWidth int, separator string, r []string, height int) string {
	var b strings.Builder
	n := min(max(len(l), len(r)), height)
	b.Grow(n * 4 * (leftWidth + 40))
	for i := range n {
		if i > 0 {
			b.WriteByte('\n')
		}
		used := 0
		if i < len(l) {
			b.WriteString(l[i])
			used = cells(l[i])
		}
		if i < len(r) && r[i] != "" {
			b.WriteString(blank(leftWidth - used))
			b.WriteString(separator)
			b.WriteString(r[i])
		}
	}
	return b.String()
}
