package ui

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/charmbracelet/bubbles/key"

	"example.jp/reji/pos"
	"example.jp/reji/ui/escpos"
)

func (p paperPage) view(width, height int) string {
	b := newPage(width, height)
	if p.confirm != nil {
		box := min(width-4, 60)
		return place(p.confirm.draw(p.theme, box, height), box, width, height)
	}
	if !p.known || p.place() < 0 {
		text, l := p.words.Detail.Reading, p.theme.faint
		switch {
		case p.problem.says != "":
			text, l = p.problem.says+"\n"+p.problem.next, p.theme.bad
		case p.known:
			text, l = p.words.Paper.None, p.theme.text
		}
		b.line("")
		for _, part := range wrap(text, width-4) {
			b.line("  " + l.paint(part))
		}
		return b.String()
	}
	for _, l := range p.heading(width) {
		b.line(l)
	}
	inner := cells(p.lines[0])
	shift := blank((width - inner) / 2)
	for _, l := range p.scroll.window(p.lines, inner, b.room(), p.theme) {
		b.line(shift + l)
	}
	return b.String()
}

// heading is which paper it is, for whom, and what there is to say about it.
func (p paperPage) heading(width int) []string {
	w, t := p.words.Paper, p.theme
	copyNo, s := p.show.Copy, p.show
	if p.asked.Copy > 0 {
		copyNo = p.asked.Copy
	}
	name := w.name(s.Kind) + "  No." + receiptNumber(p.sale.Number)
	again := ""
	if copyNo > 1 {
		again = fmt.Sprintf(p.words.Receipt.Again, digits(int64(copyNo)))
	}
	where := ""
	if all := p.all(); len(all) > 1 {
		where = fmt.Sprintf("%d / %d", p.place()+1, len(all))
		if cells(name)+cells(again)+cells(where)+20 <= width {
			where = "Left Right  " + where
		}
	}
	gap := width - 2 - cells(name) - 3 - cells(again) - cells(where)
	lines := []string{" " + t.strong.paint(name) + "   " + t.warn.paint(again) + blank(gap) + t.faint.paint(where)}
	if s.Kind == pos.AddressedPaper {
		purpose := cmp.Or(s.Purpose, p.words.Receipt.Goods)
		lines = append(lines, p.field(toField, p.bind.to, s.Addressee, width), p.field(purposeField, p.bind.purpose, purpose, width))
	}
	text, l := "", t.faint
	switch {
	case p.problem.says != "":
		text, l = p.problem.says+" "+p.problem.next, t.bad
	case p.working:
		text, l = w.Printing, t.busy
	case p.asked.Copy > 0:
		is, out := p.printed()
		if text, l = is, t.busy; out {
			l = t.good
		}
	case p.lacks && s.Kind == pos.HoldPaper:
		text, l = p.words.Hold.NoReceipt, t.warn
	case p.lacks:
		text, l = w.AllBack, t.warn
	case p.printer.Port == nil:
		is := p.words.Problem.of(pos.ErrNoPrinter, p.status)
		text, l = is.says+" "+is.next, t.warn
	case s.Kind == pos.AddressedPaper && copyNo > 1:
		text, l = w.Twice+" "+p.before(), t.warn
	case s.Kind == pos.AddressedPaper:
		text = w.Exchange
	case copyNo > 1:
		text = p.before()
	}
	for _, part := range wrap(text, width-2) {
		lines = append(lines, " "+l.paint(part))
	}
	return lines
}

// field is a line that can be typed in.
func (p paperPage) field(f paperField, k key.Binding, value string, width int) string {
	w, t := p.words.Paper, p.theme
	label := left(k.Help().Desc, max(cells(w.KeyTo), cells(w.KeyPurpose)))
	room := width - 2 - 2 - cells(label) - 2
	if p.typing == f {
		return " " + t.key.paint("> ") + label + "  " + t.field.paint(tail(p.text, room-1)+"_")
	}
	value = pos.Clean(value, 60)
	if value == "" {
		return " " + t.key.paint(k.Help().Key+" ") + t.faint.paint(label) + "  " + t.faint.paint(cut(w.ByHand, room))
	}
	return " " + t.key.paint(k.Help().Key+" ") + t.faint.paint(label) + "  " + cut(value, room)
}

// which is the paper that is shown: what is being typed is seen where it comes
// to stand.
func (p paperPage) which() pos.Paper {
	which := p.show
	if p.asked.Copy > 0 {
		which = p.asked
	}
	switch p.typing {
	case toField:
		which.Addressee = p.text
	case purposeField:
		which.Purpose = p.text
	case noField:
	}
	return which
}

// draw is the page with its paper in a frame, as lines of one width.
func (p paperPage) draw() paperPage {
	which := p.which()
	if !p.known || p.place() < 0 || p.drawn == which && p.seen == len(p.events) {
		return p
	}
	t, printer := p.theme, p.printer
	printer.Lang, printer.Shop = p.words.Common.Lang, p.shop
	made, err := printer.paper(p.sale, which, true)
	if err != nil { // the paper is among the sale's, so that it can be made
		made.Lines = []escpos.Line{{Text: pos.Clean(err.Error(), 40)}}
	}
	side := t.rule.paint("│")
	edge := strings.Repeat("─", made.Columns+2)
	p.lines = []string{t.rule.paint("┌" + edge + "┐")}
	for i, text := range escpos.Text(made) {
		l := t.text
		switch is := made.Lines[i]; {
		case is.Rule:
			text, l = strings.Repeat("─", made.Columns), t.rule
		case is.QR != "":
			l = t.faint
		case is.Bold:
			l = t.strong
		}
		p.lines = append(p.lines, side+" "+l.paint(left(text, made.Columns))+" "+side)
	}
	p.lines = append(p.lines, t.rule.paint("└"+edge+"┘"))
	p.drawn, p.seen = which, len(p.events)
	return p
}
