package ui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestBigDigits_picture(t *testing.T) {
	t.Parallel()
	want := []string{
		"▀▄ ▄▀ ▄█    ▀▀█ █▀█ █▀█",
		"▀▀█▀▀  █    █▀▀ █▀█ █ █",
		"▀▀█▀▀ ▀▀▀ █ ▀▀▀ ▀▀▀ ▀▀▀",
	}
	if d := cmp.Diff(want, bigDigits("¥1,280", 23)); d != "" {
		t.Error(d)
	}
}

func TestBigDigits_everyFigureDiffers(t *testing.T) {
	t.Parallel()
	seen := map[string]rune{}
	for _, r := range "0123456789,¥" {
		g, ok := bigGlyph(r)
		key := strings.Join(g[:], "\n")
		if other, taken := seen[key]; !ok || taken {
			t.Errorf("%q looks like %q", r, other)
		}
		seen[key] = r
		for _, part := range g {
			if len([]rune(part)) != len([]rune(g[0])) || strings.Trim(part, "█▀▄ ") != "" {
				t.Errorf("%q: line %q", r, part)
			}
		}
	}
}

func TestBigDigits_inASCIIDiffer(t *testing.T) {
	t.Parallel()
	seen := map[string]rune{}
	for _, r := range "0123456789,¥" {
		g, ok := asciiGlyph(r)
		key := strings.Join(g[:], "\n")
		if other, taken := seen[key]; !ok || taken {
			t.Errorf("%q looks like %q", r, other)
		}
		seen[key] = r
		block, _ := bigGlyph(r)
		for _, part := range g {
			if len(part) != len([]rune(block[0])) || strings.ContainsFunc(part, func(r rune) bool { return r > '~' }) {
				t.Errorf("%q: line %q", r, part)
			}
		}
	}
	if got := ASCIITheme.looks(colours(0)).bigDigits("kana", 50); len(got) != 1 {
		t.Errorf("a text that has no figures came as %q", got)
	}
}

func TestBigDigits_plainWhereItDoesNotFit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text  string
		width int
	}{{"¥1,280", 22}, {"¥99,999,999,999", 50}, {"-5", 80}, {"", 80}, {"１", 80}, {"¥1", 0}, {"¥1", -3}} {
		if d := cmp.Diff([]string{c.text}, bigDigits(c.text, c.width)); d != "" {
			t.Errorf("%q in %d: %s", c.text, c.width, d)
		}
	}
}

func TestBigDigits_fitsAndIsEven(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`¥?[0-9,]{1,14}`).Draw(t, "text")
		width := rapid.IntRange(0, 100).Draw(t, "width")
		lines := bigDigits(text, width)
		if len(lines) == 1 {
			if lines[0] != text {
				t.Fatalf("%q", lines)
			}
			return
		}
		for _, l := range lines {
			if w := ansi.StringWidth(l); w > width || w != ansi.StringWidth(lines[0]) || len(lines) != bigDigitsHeight {
				t.Fatalf("%d columns in %d: %q", w, width, lines)
			}
		}
	})
}
