package ui

import (
	"io"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

// Bright green and yellow on white, and dark blue on black, cannot be read.
func TestTheme_readableInSixteenColours(t *testing.T) {
	t.Parallel()
	r := lipgloss.NewRenderer(io.Discard)
	r.SetColorProfile(termenv.ANSI)
	theme := newTheme(r)
	for name, c := range map[string]struct {
		look look
		want string
	}{
		"good": {theme.good, "\x1b[32m"}, "key": {theme.key, "\x1b[36m"}, "busy": {theme.busy, "\x1b[36m"},
		"warn": {theme.warn, "\x1b[35m"}, "bad": {theme.bad, "\x1b[31m"}, "faint": {theme.faint, "\x1b[90m"},
	} {
		if c.look.on != c.want {
			t.Errorf("%s is %q, want %q", name, c.look.on, c.want)
		}
	}
}

func TestTheme_keepsItsTonesWhereThereAreMore(t *testing.T) {
	t.Parallel()
	for _, p := range []termenv.Profile{termenv.ANSI256, termenv.TrueColor} {
		r := lipgloss.NewRenderer(io.Discard)
		r.SetColorProfile(p)
		if on := newTheme(r).good.on; !strings.Contains(on, "38;5;35") || !strings.Contains(on, "1;") {
			t.Errorf("good is %q", on)
		}
	}
}

// colours is a renderer for a terminal with so many colours.
func colours(n int) *lipgloss.Renderer {
	r := lipgloss.NewRenderer(io.Discard)
	r.SetColorProfile(map[int]termenv.Profile{0: termenv.Ascii, 16: termenv.ANSI, 256: termenv.ANSI256}[n])
	return r
}

var allThemes = []Theme{AutoTheme, DarkTheme, LightTheme, ContrastTheme, NoColourTheme, ASCIITheme}

// NO_COLOR gives a profile without colours, and that decides.
func TestTheme_withoutColoursNothingIsWritten(t *testing.T) {
	t.Parallel()
	for _, name := range allThemes {
		th := name.looks(colours(0))
		th.ascii = false
		if th != (theme{}) {
			t.Errorf("%s: %+v", name, th)
		}
	}
}

func TestTheme_noneHasNoColour(t *testing.T) {
	t.Parallel()
	colour := regexp.MustCompile(`\x1b\[[0-9;]*\b[349][0-9]`)
	for _, n := range []int{16, 256} {
		th := NoColourTheme.looks(colours(n))
		for _, l := range looksOf(th) {
			if colour.MatchString(l.on) {
				t.Errorf("%d colours: %q", n, l.on)
			}
		}
		if th.alarm.on == "" || th.training.on == "" || th.selected.on == "" {
			t.Errorf("%d colours: an alarm looks like a text: %+v", n, th)
		}
	}
}

// Whoever chooses a theme wants another one: each has looks of its own.
func TestTheme_eachDiffers(t *testing.T) {
	t.Parallel()
	seen := map[theme]Theme{}
	for _, name := range allThemes {
		th := name.looks(colours(256))
		if other, ok := seen[th]; ok {
			t.Errorf("%s looks like %s", name, other)
		}
		seen[th] = name
	}
	if Theme("").looks(colours(256)) != AutoTheme.looks(colours(256)) {
		t.Error("no name is not auto")
	}
}

// Every pair of colours has the contrast that the Web's guidelines ask of
// ordinary text, and the contrast theme what they ask at best.
func TestTheme_isReadable(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		theme  Theme
		ground string // of the terminal, in 256 colours
		least  float64
	}{
		{DarkTheme, "16", 4.5}, {LightTheme, "231", 4.5}, {ContrastTheme, "16", 7}, {ContrastTheme, "231", 7},
	} {
		for i, l := range looksOf(c.theme.looks(colours(256))) {
			fg, bg := part(l.on, "38;5;"), part(l.on, "48;5;")
			if fg == "" || i == ruleLook {
				continue // the terminal's own, or no text
			}
			if bg == "" {
				bg = c.ground
			}
			if got := contrast(fg, bg); got < c.least {
				t.Errorf("%s on %s: look %d, %s on %s, has a contrast of %.1f", c.theme, c.ground, i, fg, bg, got)
			}
		}
	}
}

const ruleLook = 3

func looksOf(t theme) []look {
	return []look{
		t.text, t.strong, t.faint, t.rule, t.key, t.good, t.busy, t.warn, t.bad,
		t.bar, t.alarm, t.training, t.selected, t.field,
	}
}

// part is the number of a colour in what switches a look on.
func part(on, before string) string {
	_, after, ok := strings.Cut(on, before)
	if !ok {
		return ""
	}
	return after[:strings.IndexAny(after, ";m")]
}

// contrast is that of two of the 256 colours, as WCAG reckons it.
func contrast(a, b string) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(colour string) float64 {
	c := termenv.ConvertToRGB(termenv.ANSI256.Color(colour))
	linear := func(v float64) float64 {
		if v <= 0.03928 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}
