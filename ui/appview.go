package ui

import (
	"strings"

	"example.jp/reji/pos"
)

func (a *app) tooSmall() bool { return a.width < leastWidth || a.height < leastHeight }

// tall is a screen that shows something which may need the lines of header and
// footer too.
type tall interface {
	// needs is how many lines the screen's picture takes at this width, 0 when
	// it has none to show.
	needs(width int) int
}

// View draws the frame and the top screen in it.
func (a *app) View() string { return a.theme.finish(a.frame()) }

// frame is what View draws, before it is made fit for terminals that know only
// ASCII.
func (a *app) frame() string {
	w, t := a.words.Common, a.theme
	if a.tooSmall() {
		return w.tooSmall(a.width, a.height)
	}
	var head []string
	body := a.height
	banner := a.shop.Mode == Training
	if banner {
		body-- // never given up: nobody may take practice for business
	}
	footer, header, drawing := true, true, false
	if s, ok := a.top().(tall); ok && a.palette == nil && a.quitting == nil {
		need := s.needs(a.width)
		drawing = need > 0 // a customer is paying: the printer can wait
		header = body-2 >= need || body < need
		footer = body-1 >= need || body < need
	}
	if header {
		body--
		head = append(head, a.header(a.top().title(), a.elsewhere(), a.time, a.width))
	}
	if banner {
		text := w.TrainingBanner
		if title := " " + a.top().title() + "  "; !header && cells(title+text) <= a.width {
			text = title + middle(text, a.width-cells(title)) // a code has taken the header's line
		}
		head = append(head, t.training.paint(middle(text, a.width)))
	}
	if a.status.Trouble != nil {
		body--
		head = append(head, t.alarm.paint(middle(w.JournalBad, a.width)))
	}
	_, atPrinter := a.top().(printQueue)
	if l := a.printerLine(a.status, a.time, a.width); l != "" && !drawing && !atPrinter {
		body--
		head = append(head, l)
	}
	if footer {
		body--
	}

	var b strings.Builder
	b.Grow(4 * a.width * a.height)
	for _, l := range head {
		b.WriteString(l)
		b.WriteByte('\n')
	}
	text := a.body(a.width, body)
	b.WriteString(text)
	for range body - 1 - strings.Count(text, "\n") {
		b.WriteByte('\n')
	}
	if footer {
		b.WriteByte('\n')
		b.WriteString(a.foot())
	}
	return b.String()
}

// follower is a screen that follows something of which PayPay has yet to say
// what became of it.
type follower interface{ follows() bool }

// elsewhere is how the register is doing, but for the payment on the screen: to
// wait for that one is no alarm.
func (a *app) elsewhere() pos.Status {
	st := a.status
	for _, s := range a.stack {
		if f, ok := s.(follower); ok && f.follows() {
			st.Unsettled = max(st.Unsettled-1, 0)
		}
	}
	return st
}

func (a *app) body(width, height int) string {
	switch {
	case a.quitting != nil:
		box := min(width-4, 60)
		return place(a.quitting.draw(a.theme, box, height), box, width, height)
	case a.palette != nil:
		return a.palette.view(a.words, a.theme, width, height)
	}
	return a.top().view(width, height)
}

func (a *app) foot() string {
	switch {
	case a.time.Before(a.quitBy):
		return " " + a.theme.warn.paint(cut(a.quitHint(), a.width-2))
	case a.time.Before(a.hintBy):
		return " " + a.theme.warn.paint(cut(a.hint, a.width-2))
	case a.quitting != nil, a.palette != nil:
		return ""
	}
	// Help and commands stand at the right, always: they lead to the rest.
	end := a.theme.footer(a.globals, a.width)
	keys := a.theme.footer(a.keymap.named(sceneOf(a.top()), a.top().keys()), a.width-cells(end)-3)
	return keys + blank(a.width-cells(keys)-cells(end)-1) + end
}
