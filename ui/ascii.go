package ui

import "strings"

// finish is a frame as the theme wants it: as it is, or without a line or a
// block that is not of ASCII. Texts stay: the shop's goods have Japanese names.
// So does the QR code, which is none without its cells; it is the only thing in
// such a frame that has colours.
func (t theme) finish(frame string) string {
	if !t.ascii {
		return frame
	}
	const end = "\x1b[0m"
	var b strings.Builder
	b.Grow(len(frame))
	for frame != "" {
		text, rest, _ := strings.Cut(frame, "\x1b")
		plainASCII(&b, text)
		if rest == "" {
			break
		}
		code, after, _ := strings.Cut(rest, end)
		b.WriteString("\x1b" + code + end)
		frame = after
	}
	return b.String()
}

// plainASCII writes a text with its lines and blocks replaced.
func plainASCII(b *strings.Builder, text string) {
	for _, r := range text {
		switch r {
		case '─':
			r = '-'
		case '│':
			r = '|'
		case '┌', '┐', '└', '┘', '├', '┤':
			r = '+'
		case '▀', '▄':
			r = '=' // above and below a banner; large figures have glyphs of their own
		case '█':
			r = '#'
		}
		b.WriteRune(r)
	}
}
