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

// padded is the text in the look, with blanks up to a width: a look with a colour
// to stand on does not go on past its text.
func (i look) padded(s string, width int) string {
	s = cut(s, width)
	return i.paint(s) + blank(width-cells(s))
}

// theme is every look that screens use, by meaning. Whether the terminal is
// dark or light is never asked, so ordinary text keeps the terminal's own
// colours, and unless the settings say which it is, the rest are middle tones
// that can be read on both. No meaning is told by a look alone: without colours
// the words still say everything.
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
	struck   look // what was taken back

	ascii bool // lines and blocks are replaced when the frame is finished
}

// Theme is a set of looks, by the name that the settings have for it.
type Theme string

// The themes. Where NO_COLOR is set, or the terminal has no colours, each of
// them does without.
const (
	AutoTheme     Theme = "auto"     // can be read on a dark and on a light terminal
	DarkTheme     Theme = "dark"     // for dark terminals: brighter
	LightTheme    Theme = "light"    // for light terminals: darker
	ContrastTheme Theme = "contrast" // no middle tones; what matters stands on a colour of its own
	NoColourTheme Theme = "none"     // bold, underlined and reversed only
	ASCIITheme    Theme = "ascii"    // not even that, and lines and large figures of ASCII
)

// newTheme is the theme that needs to know nothing about the terminal.
func newTheme(r *lipgloss.Renderer) theme { return AutoTheme.looks(r) }

// looks are the theme's, rendered for a terminal. A name that is none is auto.
func (n Theme) looks(r *lipgloss.Renderer) theme {
	switch n {
	case AutoTheme:
	case DarkTheme:
		return tones{
			faint: of("250", "7"), rule: of("244", "8"), key: of("81", "14"), good: of("120", "10"), busy: of("81", "14"),
			warn: of("222", "11"), bad: of("217", "9"), alarm: on("231", "160"), training: on("16", "220"), bold: true,
		}.looks(r)
	case LightTheme:
		// Many a terminal's one green cannot be read on white; the word says it too.
		return tones{
			faint: of("239", "8"), rule: of("244", "8"), key: of("25", "4"), good: of("22", "0"), busy: of("25", "4"),
			warn: of("94", "5"), bad: of("124", "1"), alarm: on("231", "124"), training: on("16", "214"),
		}.looks(r)
	case ContrastTheme:
		ordinary := lipgloss.NoColor{}
		return tones{
			faint: tone{fg: ordinary}, rule: tone{fg: ordinary}, key: tone{fg: ordinary}, busy: tone{fg: ordinary},
			good: on("16", "118"), warn: on("16", "226"), bad: on("231", "124"),
			alarm: on("231", "124"), training: on("16", "226"), mark: true,
			bold: r.ColorProfile() != termenv.ANSI, // bold black is grey there
		}.looks(r)
	case NoColourTheme:
		ordinary := tone{fg: lipgloss.NoColor{}}
		t := tones{
			faint: ordinary, rule: ordinary, key: ordinary, good: ordinary, busy: ordinary,
			warn: ordinary, bad: ordinary, alarm: ordinary, training: ordinary, bold: true, mark: true,
		}.looks(r)
		t.alarm, t.training = t.bar, t.bar
		return t
	case ASCIITheme:
		return theme{ascii: true}
	}
	return tones{
		faint: of("244", "8"), rule: of("244", "8"), key: of("32", "6"), good: of("35", "2"), busy: of("32", "6"),
		warn: of("172", "5"), bad: of("160", "1"), alarm: on("231", "160"), training: on("16", "214"),
		// Terminals of 16 colours have no middle tones: there the plain dark
		// ones are used, and without bold, which would make them bright, and
		// green or yellow on white cannot be read then.
		bold: r.ColorProfile() != termenv.ANSI,
	}.looks(r)
}

// tone is a colour on another, or on the terminal's own.
type tone struct{ fg, bg lipgloss.TerminalColor }

// of is a colour where there are 256 of them, and where there are 16.
func of(c, of16 string) tone {
	return tone{fg: lipgloss.CompleteColor{TrueColor: c, ANSI256: c, ANSI: of16}}
}

// on is a colour on another. Where there are 16, the nearest of them are taken.
func on(fg, bg string) tone { return tone{fg: lipgloss.Color(fg), bg: lipgloss.Color(bg)} }

// tones are what a theme's colours are.
type tones struct {
	faint, rule, key, good, busy, warn, bad, alarm, training tone

	bold bool // keys and states are bold too
	mark bool // there is little colour to go by: keys are bold, and the selected line is reversed
}

func (c tones) looks(r *lipgloss.Renderer) theme {
	plain := func() lipgloss.Style { return r.NewStyle() }
	in := func(t tone, bold bool) look {
		s := plain().Foreground(t.fg).Bold(bold)
		if t.bg != nil {
			s = s.Background(t.bg)
		}
		return lookOf(s)
	}
	return theme{
		text:     lookOf(plain()),
		strong:   lookOf(plain().Bold(true)),
		faint:    in(c.faint, false),
		rule:     in(c.rule, false),
		key:      in(c.key, c.bold || c.mark),
		good:     in(c.good, c.bold),
		busy:     in(c.busy, c.bold),
		warn:     in(c.warn, c.bold),
		bad:      in(c.bad, c.bold),
		bar:      lookOf(plain().Reverse(true)),
		alarm:    in(c.alarm, true),
		training: in(c.training, false), // bold black is grey where there are 16 colours
		selected: lookOf(plain().Bold(true).Reverse(c.mark)),
		field:    lookOf(plain().Bold(true).Underline(true)),
		struck:   lookOf(plain().Strikethrough(true)),
	}
}

// lookOf is what a style writes around text.
func lookOf(s lipgloss.Style) look {
	on, off, _ := strings.Cut(s.Inline(true).Render("x"), "x")
	return look{on: on, off: off}
}
