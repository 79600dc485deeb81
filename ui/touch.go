package ui

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
)

// A touch, or a click, is the key that stands under it. No screen knows of
// touches: what can be pressed is written on it, so the frame itself is the map
// of the buttons, and a touch goes the way of the key, with all that holds a
// key back.

// asker is a screen that may have a question open.
type asker interface {
	// asking is the question; nil when none is open.
	asking() *dialog
}

func (p payment) asking() *dialog  { return p.asked }
func (h holding) asking() *dialog  { return h.asked }
func (g giveBack) asking() *dialog { return g.asked }
func (t tasks) asking() *dialog    { return t.asked }

func (a accounting) asking() *dialog { return a.asked }

func (s sale) asking() *dialog {
	switch {
	case s.again != nil:
		return s.again.asked
	case s.ask != nil:
		return &s.ask.dialog
	}
	return nil
}

// touch is the press of a mouse's button, the touch of a finger, or the turn of
// a wheel, as the terminal tells it.
func (a *app) touch(m tea.MouseMsg) tea.Cmd {
	if m.Action != tea.MouseActionPress || a.tooSmall() || a.ending {
		return nil
	}
	switch m.Button {
	case tea.MouseButtonWheelUp:
		return a.key(tea.KeyMsg{Type: tea.KeyUp})
	case tea.MouseButtonWheelDown:
		return a.key(tea.KeyMsg{Type: tea.KeyDown})
	case tea.MouseButtonLeft:
	default:
		return nil
	}
	lines := strings.Split(ansi.Strip(a.frame()), "\n")
	if m.Y < 0 || m.Y >= len(lines) {
		return nil
	}
	var before tea.Cmd
	if held, ok := a.gate.overdue(a.time); ok {
		before = a.press(held)
	}
	if a.gate.tapped(a.time) {
		return before // a screen that is broken, or wiped
	}
	for _, b := range a.buttons() {
		if b.under(lines[m.Y], m.X) {
			if k, ok := keyMsg(b.press); ok {
				return tea.Batch(before, a.tap(k))
			}
			return before
		}
	}
	return tea.Batch(before, a.point(lines, m.X, m.Y))
}

// tap is the key that was touched. Whichever it is, it is held back as a
// character is, to see whether it was touched alone.
func (a *app) tap(k tea.KeyMsg) tea.Cmd {
	a.quitBy, a.hintBy = time.Time{}, time.Time{}
	a.gate.again = a.gate.repeats(k, a.time)
	if a.going() {
		if len(a.kept) < maxKept {
			a.kept = append(a.kept, keptMsg{key: k, at: a.time})
		}
		return nil
	}
	return a.gate.keep(k)
}

// button is a key as it is written on the screen.
type button struct{ name, label, press string }

// buttons are the keys that are written on the screen now. A question stands
// over the keys of its screen.
func (a *app) buttons() []button {
	asked := a.question()
	var all []button
	if asked != nil {
		for _, c := range asked.choices {
			all = append(all, button{keyName(c.key), c.label, c.key})
		}
		if a.quitting != nil {
			return all
		}
	}
	if a.palette != nil {
		return nil
	}
	bindings := append(slices.Clone(a.globals), a.printing)
	if asked == nil {
		bindings = append(bindings, a.keymap.named(sceneOf(a.top()), a.top().keys())...)
		bindings = append(bindings, legendOf(a.top())...)
	}
	for _, k := range bindings {
		if h := k.Help(); usable(k) {
			all = append(all, button{h.Key, h.Desc, k.Keys()[0]})
		}
	}
	return all
}

func usable(k key.Binding) bool { return k.Enabled() && k.Help().Key != "" && k.Help().Desc != "" }

// under reports whether the key is written at a cell of a line: its name, some
// blanks, and as much of its label as there was room for.
func (b button) under(line string, x int) bool {
	for from := 0; ; {
		i := strings.Index(line[from:], b.name)
		if i < 0 {
			return false
		}
		i += from
		from = i + len(b.name)
		label := strings.TrimLeft(line[from:], " ")
		length := b.drawn(label)
		if i > 0 && line[i-1] != ' ' || len(label) == len(line)-from || length == 0 {
			continue
		}
		end := len(line) - len(label) + length
		if left := cells(line[:i]); left-1 <= x && x <= left+cells(line[i:end]) {
			return true
		}
	}
}

// drawn is how many bytes of a line are the key's label, whose end may have been
// cut, or its middle; 0 when the line begins with something else.
func (b button) drawn(line string) int {
	least := string([]rune(b.label)[:min(3, len([]rune(b.label)))])
	n := common(line, b.label)
	if rest, cut := strings.CutPrefix(line[n:], cutMark); cut && n > 0 {
		if end, _, _ := strings.Cut(rest, " "); end != "" && strings.Contains(b.label[n:], end) {
			return n + len(cutMark) + len(end)
		}
	}
	if n < len(least) && (cells(line[:n]) < 4 || !strings.HasPrefix(line[n:]+"  ", "  ")) { // two signs of Japanese can be all there is room for
		return 0
	}
	return n
}

// common is how many bytes two texts begin with alike.
func common(a, b string) int {
	n := 0
	for i, r := range a {
		if !strings.HasPrefix(b[min(i, len(b)):], string(r)) {
			break
		}
		n = i + utf8.RuneLen(r)
	}
	return n
}

// point selects the line that was touched, by as many arrow keys as it is away
// from the one that is selected. The one that is selected it opens.
func (a *app) point(lines []string, x, y int) tea.Cmd {
	at := slices.IndexFunc(lines, marked)
	if at < 0 || !isRow(lines[y], x) {
		return nil
	}
	if y == at {
		return a.tap(tea.KeyMsg{Type: tea.KeyEnter})
	}
	arrow := tea.KeyMsg{Type: tea.KeyDown}
	if y < at {
		arrow.Type = tea.KeyUp
	}
	between := lines[min(at, y)+1 : max(at, y)]
	if slices.ContainsFunc(between, func(l string) bool { return !isRow(l, x) }) {
		return nil // another table, or what is written below this one
	}
	var cmds []tea.Cmd
	for range len(between) + 1 {
		cmds = append(cmds, a.key(arrow))
	}
	return tea.Batch(cmds...)
}

// marked reports whether a line of a table is the selected one.
func marked(line string) bool {
	mark := strings.TrimLeft(line, " ")
	return len(line)-len(mark) <= 3 && strings.HasPrefix(mark, "> ")
}

// isRow reports whether something is written at a line, left of whatever stands
// beside the table.
func isRow(line string, x int) bool {
	table, _, _ := strings.Cut(line, "│")
	return strings.TrimSpace(table) != "" && !strings.Contains(table, "──") && x < cells(table)
}
