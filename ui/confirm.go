package ui

import (
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// disarmed is how long a dialog takes no answer after it has come up, and after
// a key that came too soon: what was typed before was not meant for it.
const disarmed = 300 * time.Millisecond

// unpressed is how long a key must not have come before it answers a dialog, since
// a terminal does not tell a key that is pressed again from one that is held
// down. Keyboards begin to repeat after up to 600 ms and then go on down to
// twice a second, which covers every deliberate double press: that one is told
// to wait instead.
const unpressed = time.Second

// dialog is a question. Its first choice is the harmless one, and the only one
// that Enter and Esc take; every other has a key that the dialog names.
type dialog struct {
	title   string
	text    string
	choices []choice
	since   time.Time
	known   bool // called for by a key of another kind, with answers known by heart: taken at once
}

// choice is one answer.
type choice struct {
	key   string
	label string
}

// answer is the key of the choice that was made, empty for the harmless one,
// and whether one was made at all.
func (d *dialog) answer(k tea.KeyMsg, now time.Time) (string, bool) {
	if k.Type == tea.KeyEsc {
		return "", true
	}
	if d.early(false, now) {
		return "", false
	}
	if k.Type == tea.KeyEnter {
		return "", true
	}
	if !d.offers(k) {
		return "", false
	}
	return k.String(), true
}

// early reports whether a key comes too soon to be an answer: after the dialog
// has come up, after another that did, or, again, after the same key.
func (d *dialog) early(again bool, now time.Time) bool {
	switch {
	case d.known:
		return false
	case now.Sub(d.since) < disarmed:
		d.since = now
		return true
	}
	return again
}

// offers reports whether a key makes a choice that is not the harmless one.
func (d *dialog) offers(k tea.KeyMsg) bool {
	return slices.ContainsFunc(d.choices[1:], func(c choice) bool { return c.key == k.String() })
}

// draw is the dialog as lines of exactly so many cells. Where there is little
// height, it does without its empty lines.
func (d *dialog) draw(t theme, width, height int) []string {
	lines := d.box(t, width, true)
	if len(lines) > height {
		lines = d.box(t, width, false)
	}
	return lines
}

func (d *dialog) box(t theme, width int, airy bool) []string {
	inner := width - 4
	side := t.rule.paint("│")
	lines := []string{t.rule.paint("┌" + strings.Repeat("─", max(width-2, 0)) + "┐")}
	row := func(s string) { lines = append(lines, side+" "+s+" "+side) }
	gap := func() {
		if airy {
			row(blank(inner))
		}
	}
	for _, l := range wrap(d.title, inner) {
		row(t.strong.paint(left(l, inner)))
	}
	gap()
	for _, l := range wrap(d.text, inner) {
		row(left(l, inner))
	}
	gap()
	names := make([]string, 0, len(d.choices))
	for _, c := range d.choices {
		names = append(names, keyName(c.key))
	}
	room := inner - widest(names) - 1
	for i, c := range d.choices {
		name := names[i]
		for _, l := range wrap(c.label, room) {
			row(t.key.paint(left(name, inner-room)) + left(l, room))
			name = ""
		}
	}
	return append(lines, t.rule.paint("└"+strings.Repeat("─", max(width-2, 0))+"┘"))
}

// place puts lines of one width into the middle of a body.
func place(lines []string, lineWidth, width, height int) string {
	p := newPage(width, height)
	p.skip((height - len(lines)) / 2)
	for _, l := range lines {
		p.line(blank((width-lineWidth)/2) + l)
	}
	return p.String()
}

// keyName is a key as it is written on the keyboard.
func keyName(k string) string {
	switch k {
	case "enter":
		return "Enter"
	case "esc":
		return "Esc"
	case "delete":
		return "Del"
	case "backspace":
		return "BS"
	case "up":
		return "Up"
	case "down":
		return "Down"
	case "left":
		return "Left"
	case "right":
		return "Right"
	case "pgup":
		return "PgUp"
	case "pgdown":
		return "PgDn"
	case "tab":
		return "Tab"
	case "shift+tab":
		return "Shift+Tab"
	}
	if letter, ok := strings.CutPrefix(k, "ctrl+"); ok {
		return "Ctrl+" + strings.ToUpper(letter)
	}
	if len(k) > 1 && k[0] == 'f' && k[1] >= '0' && k[1] <= '9' {
		return "F" + k[1:]
	}
	return k
}
