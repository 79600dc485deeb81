package ui

import (
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

// look is how a piece of text looks: what switches the look on, and off again.
// Rendering through lipgloss costs a dozen allocations a piece, and a screen
// has a hundred pieces, so each look is rendered once, when the till starts.
type look struct{ on, off string }

// paint gives text the look. The text must be one line.
func (i look) paint(s string) string {
	if s == "" || i.on == "" {
		return s
	}
	return i.on + s + i.off
}

// theme is every look that screens use, by meaning. Whether the terminal is
// dark or light is never asked, so ordinary text keeps the terminal's own
// colours, and the rest are middle tones that can be read on both. No meaning
// is told by a look alone: without colours the words still say everything.
type theme struct {
	text     look // ordinary text
	strong   look // what the eye should find first
	faint    look // labels, units, hints
	rule     look // lines that separate
	key      look // the name of a key
	good     look // paid
	busy     look // waiting: nothing to do but wait
	warn     look // unclear: look here
	bad      look // failed, or nothing works
	bar      look // the header
	alarm    look // a whole line that must not be missed
	training look // the training banner
	selected look // the line that keys act on
	field    look // what is being typed
}

func newTheme(r *lipgloss.Renderer) theme {
	plain := func() lipgloss.Style { return r.NewStyle() }
	// Terminals of 16 colours have no middle tones: there the plain dark ones
	// are used, and without bold, which would make them bright, and green or
	// yellow on white cannot be read then.
	bold := r.ColorProfile() != termenv.ANSI
	colour := func(c, of16 string) lipgloss.Style {
		return plain().Foreground(lipgloss.CompleteColor{TrueColor: c, ANSI256: c, ANSI: of16})
	}
	return theme{
		text:     lookOf(plain()),
		strong:   lookOf(plain().Bold(true)),
		faint:    lookOf(colour("244", "8")),
		rule:     lookOf(colour("244", "8")),
		key:      lookOf(colour("32", "6").Bold(bold)),
		good:     lookOf(colour("35", "2").Bold(bold)),
		busy:     lookOf(colour("32", "6").Bold(bold)),
		warn:     lookOf(colour("172", "5").Bold(bold)),
		bad:      lookOf(colour("160", "1").Bold(bold)),
		bar:      lookOf(plain().Reverse(true)),
		alarm:    lookOf(plain().Foreground(lipgloss.Color("231")).Background(lipgloss.Color("160")).Bold(true)),
		training: lookOf(plain().Foreground(lipgloss.Color("16")).Background(lipgloss.Color("214"))), // bold black is grey where there are 16 colours
		selected: lookOf(plain().Bold(true)),
		field:    lookOf(plain().Bold(true).Underline(true)),
	}
}

// lookOf is what a style writes around text.
func lookOf(s lipgloss.Style) look {
	on, off, _ := strings.Cut(s.Inline(true).Render("x"), "x")
	return look{on: on, off: off}
}
