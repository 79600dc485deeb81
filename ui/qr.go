package ui

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mdp/qrterminal/v3"
	"github.com/muesli/termenv"
)

// matrix is a QR code without its quiet zone: rows of modules, true where the
// module is dark.
type matrix [][]bool

// errQRText means that a text cannot become a code: it is empty, longer than
// maxQRText, or has something other than printable ASCII in it. An address
// from PayPay is none of these.
var errQRText = errors.New("not a text for a QR code: 1 to 300 printable ASCII characters are")

// maxQRText is several times what PayPay's addresses have, and far below what
// the encoder can take: it answers a longer text with a panic.
const maxQRText = 300

// newMatrix encodes a text. The code is as small as the text allows, with as
// much error correction as there is room for at that size.
func newMatrix(text string) (matrix, error) {
	if len(text) < 1 || len(text) > maxQRText {
		return nil, fmt.Errorf("%d bytes: %w", len(text), errQRText)
	}
	for _, b := range []byte(text) {
		if b < ' ' || b > '~' {
			return nil, fmt.Errorf("byte %#x: %w", b, errQRText)
		}
	}
	// The first version that holds the text at the lowest level, and then the
	// highest level that the same version still holds.
	var best matrix
	for level := qrterminal.L; level <= qrterminal.H; level++ {
		m := encode(text, qrterminal.Config{Level: level})
		if best != nil && len(m) > len(best) {
			break
		}
		best = m
	}
	if !best.square() {
		return nil, fmt.Errorf("the encoder drew something else: %w", errQRText)
	}
	return best, nil
}

// encode draws a code in dark and light letters and reads it back. qrterminal
// draws a margin whose width differs from side to side. But a code's first row
// begins and ends with a dark module, so that row says where the code is.
func encode(text string, c qrterminal.Config) matrix {
	var drawn bytes.Buffer
	c.Writer, c.BlackChar, c.WhiteChar, c.QuietZone = &drawn, "#", ".", 1
	qrterminal.GenerateWithConfig(text, c)

	rows := strings.Fields(drawn.String())
	top := slices.IndexFunc(rows, func(r string) bool { return strings.Contains(r, "#") })
	if top < 0 {
		return nil
	}
	left, size := strings.IndexByte(rows[top], '#'), len(strings.Trim(rows[top], "."))
	var m matrix
	for _, row := range rows[top:min(top+size, len(rows))] {
		var line []bool
		for _, b := range []byte(row[min(left, len(row)):min(left+size, len(row))]) {
			line = append(line, b == '#')
		}
		m = append(m, line)
	}
	return m
}

// square reports whether the matrix has the measures of a QR code.
func (m matrix) square() bool {
	if len(m) < 21 || len(m)%4 != 1 {
		return false
	}
	for _, row := range m {
		if len(row) != len(m) {
			return false
		}
	}
	return true
}

// dark is the module at a place; everything around the code is light.
func (m matrix) dark(x, y int) bool {
	return y >= 0 && y < len(m) && x >= 0 && x < len(m) && m[y][x]
}

// quietZones are the light margins, in modules, from the one the standard asks
// for to the narrowest that telephones read without fail.
var quietZones = [...]int{4, 3, 2}

// besideQR is how many columns of text have to fit beside a code that is drawn
// larger than it must be.
const besideQR = 40

// noRoomError means that a code does not fit.
type noRoomError struct{ width, height int } // what the smallest drawing needs

// Error names the size needed.
func (e *noRoomError) Error() string {
	return fmt.Sprintf("the QR code needs %d columns and %d lines", e.width, e.height)
}

// drawQR is the code as lines that a telephone can read, at most maxW cells
// wide and maxH lines high, or a *noRoomError. It is drawn two columns a
// module where that leaves room for text beside it, or wherever it fits if
// full is set; else as half blocks.
//
// The colours are always black on white, whatever the theme and even where the
// profile has none because of NO_COLOR: this is a picture and not a decoration,
// and drawn in the terminal's own colours it would be inverted on every dark
// background.
func drawQR(m matrix, maxW, maxH int, full bool, profile termenv.Profile) ([]string, error) {
	ink := inkFor(profile)
	n := len(m)
	for _, q := range quietZones {
		w, h := 2*(n+2*q), n+2*q
		if h <= maxH && (w+besideQR <= maxW || full && w <= maxW) {
			return m.full(q, ink), nil
		}
	}
	w, h := 0, 0
	for _, q := range quietZones {
		w, h = n+2*q, (n+2*q+1)/2
		if w <= maxW && h <= maxH {
			return m.halves(q, ink), nil
		}
	}
	return nil, &noRoomError{width: w, height: h}
}

// full draws a module as two spaces, about as wide as they are high.
func (m matrix) full(quiet int, k ink) []string {
	lines := make([]string, 0, len(m)+2*quiet)
	for y := -quiet; y < len(m)+quiet; y++ {
		p := pen{ink: k}
		for x := -quiet; x < len(m)+quiet; x++ {
			d := m.dark(x, y)
			p.cell(d, d)
			p.cell(d, d)
		}
		lines = append(lines, p.end())
	}
	return lines
}

// halves draws two rows of modules on a line. A code has an odd number of
// rows, so that the margin below is one module wider.
func (m matrix) halves(quiet int, k ink) []string {
	lines := make([]string, 0, len(m)/2+quiet+1)
	for y := -quiet; y < len(m)+quiet; y += 2 {
		p := pen{ink: k}
		for x := -quiet; x < len(m)+quiet; x++ {
			p.cell(m.dark(x, y), m.dark(x, y+1))
		}
		lines = append(lines, p.end())
	}
	return lines
}

// ink is the sequences of one palette for black and white, as the parameters
// of SGR.
type ink struct{ darkFg, lightFg, darkBg, lightBg string }

func inkFor(p termenv.Profile) ink {
	switch p {
	case termenv.TrueColor:
		return ink{"38;2;0;0;0", "38;2;255;255;255", "48;2;0;0;0", "48;2;255;255;255"}
	case termenv.ANSI256:
		// Not 0 and 15: themes change those.
		return ink{"38;5;16", "38;5;231", "48;5;16", "48;5;231"}
	default:
		return ink{"30", "97", "40", "107"}
	}
}

// pen draws one line and writes a colour only where it changes.
type pen struct {
	ink    ink
	line   strings.Builder
	fg, bg string
}

// cell draws one cell. A cell of one colour is a space with a background: a
// block character would leave a streak on terminals that put space between
// their lines. A cell of two colours is a lower half block. Where the glyph
// comes from a font it reaches the cell's lower edge, while an upper half block
// often ends a pixel below the upper one: pictures of an xterm drawn with the
// upper one could not be read.
func (p *pen) cell(top, bottom bool) {
	bg := p.ink.lightBg
	if top {
		bg = p.ink.darkBg
	}
	p.set(&p.bg, bg)
	if top == bottom {
		p.line.WriteByte(' ')
		return
	}
	fg := p.ink.lightFg
	if bottom {
		fg = p.ink.darkFg
	}
	p.set(&p.fg, fg)
	p.line.WriteRune('▄')
}

func (p *pen) set(have *string, want string) {
	if *have != want {
		p.line.WriteString("\x1b[" + want + "m")
		*have = want
	}
}

// end closes the line, so that nothing beside it is coloured.
func (p *pen) end() string { return p.line.String() + "\x1b[0m" }
