package ui

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"
	"github.com/mdp/qrterminal/v3"
	"github.com/muesli/termenv"
	"pgregory.net/rapid"
	"rsc.io/qr"
)

// Addresses of the lengths that PayPay's have.
var qrTexts = []string{
	"https://qr.paypay.ne.jp/28180104fZnGrhJ2Ql2v",
	"https://qr-stg.sandbox.paypay.ne.jp/28180104fZnGrhJ2Ql2vabcd",
	"https://www.paypay.ne.jp/app/cashier?code=https%3A%2F%2Fqr.paypay.ne.jp%2F28180104fZnGrhJ2Ql2vabcd",
	"https://www.sandbox.paypay.ne.jp/app/cashier?code=https%3A%2F%2Fqr-stg.sandbox.paypay.ne.jp%2F28180104fZnGrhJ2Ql2vabcdefghij0",
	"x", "1234567890", "HELLO WORLD", strings.Repeat("#", maxQRText), strings.Repeat(". ", maxQRText/2),
}

func TestNewMatrix_isTheEncodersAtTheBestLevelOfTheSmallestVersion(t *testing.T) {
	t.Parallel()
	for _, text := range qrTexts {
		got, err := newMatrix(text)
		if err != nil {
			t.Fatal(err)
		}
		low, err := qr.Encode(text, qr.L)
		if err != nil {
			t.Fatal(err)
		}
		best := low
		for _, l := range []qr.Level{qr.M, qr.Q, qr.H} {
			if c, err := qr.Encode(text, l); err == nil && c.Size == low.Size {
				best = c
			}
		}
		want := matrix{}
		for y := range best.Size {
			row := make([]bool, 0, best.Size)
			for x := range best.Size {
				row = append(row, best.Black(x, y))
			}
			want = append(want, row)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%q: %s", text, d)
		}
	}
}

func TestNewMatrix_refusesWhatTheEncoderCannotTake(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", strings.Repeat("a", maxQRText+1), "a\nb", "\x1b[31m", "お支払い", "\xff", "a\x00"} {
		if m, err := newMatrix(text); !errors.Is(err, errQRText) {
			t.Errorf("%q: %d rows, error %v", text, len(m), err)
		}
	}
}

func TestDrawQR_sizes(t *testing.T) {
	t.Parallel()
	m, err := newMatrix(qrTexts[1]) // version 4: 33 modules
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		maxW, maxH    int
		full          bool
		width, height int
	}{
		{80, 22, false, 41, 21},   // half blocks, quiet zone 4
		{80, 20, false, 39, 20},   // 3
		{80, 19, false, 37, 19},   // 2
		{37, 19, false, 37, 19},   // no text beside it: the caller's business
		{40, 24, false, 39, 20},   // as narrow
		{120, 41, false, 78, 39},  // larger, with 40 columns left: quiet zone 3
		{122, 41, false, 82, 41},  // and quiet zone 4
		{113, 41, false, 41, 21},  // one column too few for the smallest of them
		{160, 36, false, 41, 21},  // one line too few
		{82, 41, true, 82, 41},    // asked for: no room for text is needed
		{80, 24, true, 41, 21},    // asked for, and impossible
		{113, 200, true, 82, 41},  //
		{200, 200, false, 82, 41}, // never larger than that
	} {
		lines, err := drawQR(m, c.maxW, c.maxH, c.full, termenv.TrueColor)
		if err != nil {
			t.Errorf("%+v: %v", c, err)
			continue
		}
		if len(lines) != c.height || ansi.StringWidth(lines[0]) != c.width {
			t.Errorf("in %dx%d full=%v: %dx%d, want %dx%d", c.maxW, c.maxH, c.full, ansi.StringWidth(lines[0]), len(lines), c.width, c.height)
		}
	}
	for _, c := range []struct{ maxW, maxH int }{{36, 24}, {80, 18}, {0, 0}, {-1, -1}} {
		_, err := drawQR(m, c.maxW, c.maxH, false, termenv.TrueColor)
		if e, ok := errors.AsType[*noRoomError](err); !ok || e.Error() != "the QR code needs 37 columns and 19 lines" {
			t.Errorf("in %dx%d: %v, want the size needed, 37x19", c.maxW, c.maxH, err)
		}
	}
}

func TestDrawQR_readsBack(t *testing.T) {
	t.Parallel()
	for _, text := range qrTexts {
		m, err := newMatrix(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range []termenv.Profile{termenv.TrueColor, termenv.ANSI256, termenv.ANSI, termenv.Ascii} {
			for _, full := range []bool{true, false} {
				checkDrawing(t, m, 200, 200, full, p)
			}
		}
	}
}

func TestDrawQR_anySize(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[ -~]{1,300}`).Draw(t, "text")
		m, err := newMatrix(text)
		if err != nil {
			t.Fatal(err)
		}
		checkDrawing(t, m, rapid.IntRange(0, 200).Draw(t, "w"), rapid.IntRange(0, 100).Draw(t, "h"),
			rapid.Bool().Draw(t, "full"), termenv.ANSI256)
	})
}

func TestDrawQR_emptyMatrixIsSmall(t *testing.T) {
	t.Parallel()
	// Nobody draws one, and nothing may break if somebody does.
	if _, err := drawQR(nil, 3, 1, false, termenv.ANSI); err == nil {
		t.Error("drawn without room")
	}
}

func FuzzDrawQR(f *testing.F) {
	for i, text := range qrTexts {
		f.Add(text, 60+i*10, 20+i, i%2 == 0)
	}
	f.Add("", 80, 24, false)
	f.Add("支払い", 80, 24, false)
	f.Fuzz(func(t *testing.T, text string, w, h int, full bool) {
		m, err := newMatrix(text)
		if err != nil {
			return
		}
		checkDrawing(t, m, w, h, full, termenv.TrueColor)
	})
}

// checkDrawing draws and reads the drawing back as a camera would: by colours
// alone.
func checkDrawing(t interface {
	Helper()
	Fatalf(format string, args ...any)
}, m matrix, w, h int, full bool, p termenv.Profile,
) {
	t.Helper()
	lines, err := drawQR(m, w, h, full, p)
	if err != nil {
		e, ok := errors.AsType[*noRoomError](err)
		if !ok || w >= e.width && h >= e.height {
			t.Fatalf("in %dx%d: %v", w, h, err)
		}
		return
	}
	var pixels [][]bool // two for each line, one a column
	for _, l := range lines {
		if ansi.StringWidth(l) > w || !strings.HasSuffix(l, "\x1b[0m") || strings.ContainsAny(l, "█▀") {
			t.Fatalf("line %q in %d columns", l, w)
		}
		top, bottom, err := readInk(l)
		if err != nil {
			t.Fatalf("line %q: %v", l, err)
		}
		pixels = append(pixels, top, bottom)
	}
	if len(lines) > h {
		t.Fatalf("%d lines in %d", len(lines), h)
	}
	across, down := 1, 1 // pixels a module
	if len(lines) >= len(m) {
		across, down = 2, 2
	}
	quiet := (len(pixels[0])/across - len(m)) / 2
	if quiet < 2 || quiet > 4 {
		t.Fatalf("quiet zone of %d", quiet)
	}
	for y, row := range pixels {
		for x, dark := range row {
			if dark != m.dark(x/across-quiet, y/down-quiet) {
				t.Fatalf("pixel %d,%d is dark=%v", x, y, dark)
			}
		}
	}
}

// readInk is the colours of a drawn line: of the upper and of the lower half
// of each cell, true where it is dark.
func readInk(line string) (top, bottom []bool, err error) {
	inked(line, func(r rune, above, below, drawn bool) {
		if !drawn {
			err = fmt.Errorf("%q is not drawn in black and white", r)
		}
		top, bottom = append(top, above), append(bottom, below)
	})
	return top, bottom, err
}

// inked visits the characters of a text with the colours they are drawn in:
// whether the upper and the lower half of the cell is dark, and whether it is
// part of a drawing at all.
func inked(text string, visit func(r rune, top, bottom, drawn bool)) {
	dark := map[string]bool{
		"38;2;0;0;0": true, "48;2;0;0;0": true, "38;5;16": true, "48;5;16": true, "30": true, "40": true,
		"38;2;255;255;255": false, "48;2;255;255;255": false, "38;5;231": false, "48;5;231": false, "97": false, "107": false,
	}
	var fg, bg string
	for text != "" {
		if rest, ok := strings.CutPrefix(text, "\x1b["); ok {
			sgr, after, _ := strings.Cut(rest, "m")
			text = after
			switch {
			case sgr == "0":
				fg, bg = "", ""
			case strings.HasPrefix(sgr, "38") || sgr == "30" || sgr == "97":
				fg = sgr
			default:
				bg = sgr
			}
			continue
		}
		r := []rune(text)[0]
		text = text[len(string(r)):]
		top, drawn := dark[bg]
		bottom := top
		if r == '▄' && drawn {
			bottom, drawn = dark[fg]
		} else if r != ' ' {
			drawn = false
		}
		visit(r, top, bottom, drawn)
	}
}

// readable is a view with its QR code drawn in block characters, dark modules
// as ink, for golden files that a person can look at. Other colours are lost.
func readable(view string) string {
	var b strings.Builder
	inked(view, func(r rune, top, bottom, drawn bool) {
		switch {
		case !drawn:
			b.WriteRune(r)
		case top && bottom:
			b.WriteRune('█')
		case top:
			b.WriteRune('▀')
		case bottom:
			b.WriteRune('▄')
		default:
			b.WriteByte(' ')
		}
	})
	return b.String()
}

func TestReadable_picture(t *testing.T) {
	t.Parallel()
	m, err := newMatrix("7")
	if err != nil {
		t.Fatal(err)
	}
	lines, err := drawQR(m, 30, 14, false, termenv.Ascii)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Join([]string{
		"                           |",
		"   ▄▄▄▄▄▄▄ ▄▄▄▄  ▄▄▄▄▄▄▄   |",
		"   █ ▄▄▄ █  █▀█▄ █ ▄▄▄ █   |",
		"   █ ███ █ ▀  ▀▀ █ ███ █   |",
		"   █▄▄▄▄▄█ ▄ █▀▄ █▄▄▄▄▄█   |",
		"     ▄ ▄▄▄ ▄ ▀▄█▄   ▄  ▄   |",
		"   ▀█▄ ▀ ▄▀▄█▀█  █ ▄ ▀▀▄   |",
		"   ███ ▀█▄▀▄ █▄ █  ▄ ██    |",
		"   ▄▄▄▄▄▄▄ ▀▄ ▀▀▀▄█ █▄▄▄   |",
		"   █ ▄▄▄ █ █▄▀ ██▄█▀█▄▀▄   |",
		"   █ ███ █ ▄  ▀  ▀ ▄ ▀▀▄   |",
		"   █▄▄▄▄▄█  ▀▀█▀ █ ▄ █ ▄   |",
		"                           |",
		"                           |",
	}, "\n")
	if d := cmp.Diff(want, readable(strings.Join(lines, "|\n")+"|")); d != "" {
		t.Error(d)
	}
}

func TestNewMatrix_neverPanics(t *testing.T) {
	t.Parallel()
	// The encoder's only check is how long the text is; this is the longest
	// that gets there, in each of its encodings.
	for _, text := range []string{
		strings.Repeat("7", maxQRText), strings.Repeat("A", maxQRText), strings.Repeat("a", maxQRText), strings.Repeat("~", maxQRText),
	} {
		for _, l := range []qr.Level{qrterminal.L, qrterminal.M, qrterminal.H} {
			if _, err := qr.Encode(text, l); err != nil {
				t.Errorf("%.1q... at level %d: %v", text, l, err)
			}
		}
		if _, err := newMatrix(text); err != nil {
			t.Error(err)
		}
	}
}

func BenchmarkDrawQR(b *testing.B) {
	for b.Loop() {
		m, err := newMatrix(qrTexts[1])
		if err != nil {
			b.Fatal(err)
		}
		if _, err := drawQR(m, 80, 21, false, termenv.TrueColor); err != nil {
			b.Fatal(err)
		}
	}
}
