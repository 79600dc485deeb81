package ui

import (
	"io"
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
