package ui

import "strings"

// bigDigitsHeight is how many lines large digits take.
const bigDigitsHeight = 3

// bigDigits is an amount such as "¥1,280" in large figures, bigDigitsHeight
// lines of one width. A text that does not fit, or that has something else in
// it, comes back as it is, on one line.
func bigDigits(text string, maxWidth int) []string { return figures(text, maxWidth, bigGlyph) }

// bigDigits is an amount in large figures that the theme can show.
func (t theme) bigDigits(text string, maxWidth int) []string {
	if t.ascii {
		return figures(text, maxWidth, asciiGlyph)
	}
	return bigDigits(text, maxWidth)
}

func figures(text string, maxWidth int, draw func(rune) ([bigDigitsHeight]string, bool)) []string {
	var lines [bigDigitsHeight]strings.Builder
	for j := range lines {
		lines[j].Grow(16 * len(text)) // five cells of three bytes and one between
	}
	width := 0
	for i, r := range text {
		glyph, ok := draw(r)
		if !ok {
			return []string{text}
		}
		for j, part := range glyph {
			if i > 0 {
				lines[j].WriteByte(' ')
			}
			lines[j].WriteString(part)
		}
		if i > 0 {
			width++
		}
		width += len([]rune(glyph[0]))
	}
	if width == 0 || width > maxWidth {
		return []string{text}
	}
	drawn := make([]string, 0, bigDigitsHeight)
	for i := range lines {
		drawn = append(drawn, lines[i].String())
	}
	return drawn
}

// bigGlyph is one large figure. Half blocks give five rows of dots to a digit
// and one below it, which the comma and the foot of the yen sign reach.
func bigGlyph(r rune) ([bigDigitsHeight]string, bool) {
	switch r {
	case '0':
		return [...]string{"█▀█", "█ █", "▀▀▀"}, true
	case '1':
		return [...]string{"▄█ ", " █ ", "▀▀▀"}, true
	case '2':
		return [...]string{"▀▀█", "█▀▀", "▀▀▀"}, true
	case '3':
		return [...]string{"▀▀█", "▀▀█", "▀▀▀"}, true
	case '4':
		return [...]string{"█ █", "▀▀█", "  ▀"}, true
	case '5':
		return [...]string{"█▀▀", "▀▀█", "▀▀▀"}, true
	case '6':
		return [...]string{"█▀▀", "█▀█", "▀▀▀"}, true
	case '7':
		return [...]string{"▀▀█", "  █", "  ▀"}, true
	case '8':
		return [...]string{"█▀█", "█▀█", "▀▀▀"}, true
	case '9':
		return [...]string{"█▀█", "▀▀█", "▀▀▀"}, true
	case ',':
		return [...]string{" ", " ", "█"}, true
	case '¥':
		return [...]string{"▀▄ ▄▀", "▀▀█▀▀", "▀▀█▀▀"}, true
	}
	return [bigDigitsHeight]string{}, false
}

// asciiGlyph is a large figure as pocket calculators show it.
func asciiGlyph(r rune) ([bigDigitsHeight]string, bool) {
	switch r {
	case '0':
		return [...]string{" _ ", "| |", "|_|"}, true
	case '1':
		return [...]string{"   ", "  |", "  |"}, true
	case '2':
		return [...]string{" _ ", " _|", "|_ "}, true
	case '3':
		return [...]string{" _ ", " _|", " _|"}, true
	case '4':
		return [...]string{"   ", "|_|", "  |"}, true
	case '5':
		return [...]string{" _ ", "|_ ", " _|"}, true
	case '6':
		return [...]string{" _ ", "|_ ", "|_|"}, true
	case '7':
		return [...]string{" _ ", "  |", "  |"}, true
	case '8':
		return [...]string{" _ ", "|_|", "|_|"}, true
	case '9':
		return [...]string{" _ ", "|_|", " _|"}, true
	case ',':
		return [...]string{" ", " ", ","}, true
	case '¥':
		return [...]string{"\\   /", " \\_/ ", "--|--"}, true
	}
	return [bigDigitsHeight]string{}, false
}
