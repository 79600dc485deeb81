package escpos

import (
	"bytes"
	"strings"
)

// Columns of paper at the ordinary size, of 12 dots each.
const (
	Columns58 = 32 // paper of 58 mm
	Columns80 = 48 // paper of 80 mm
)

// Line is one line of a paper.
type Line struct {
	Text  string
	Bold  bool
	Large bool   // twice as wide and twice as high; of a text that is at most half as wide as the paper
	Rule  bool   // a line across the paper; Text says nothing
	QR    string // a code in the middle of the paper; Text says nothing
}

// Paper is what goes into a printer at once, and is cut off behind it.
type Paper struct {
	Columns int
	Lines   []Line
	Drawer  bool // the drawer is opened
}

// The commands, by their names in Epson's reference.
const (
	esc = "\x1b"
	fs  = "\x1c"
	gs  = "\x1d"

	initialize   = esc + "@"
	japan        = esc + "R\x08" // of the national characters: the yen sign at 5C
	katakana     = esc + "t\x01" // of the code tables: half-width katakana at A1 to DF
	shiftJISCode = fs + "C\x01"
	kanjiOn      = fs + "&"
	kanjiOff     = fs + "."
	boldOn       = esc + "E\x01"
	boldOff      = esc + "E\x00"
	largeOn      = gs + "!\x11"
	largeOff     = gs + "!\x00"
	kanjiLarge   = fs + "W\x01"
	kanjiPlain   = fs + "W\x00"
	atMiddle     = esc + "a\x01"
	atLeft       = esc + "a\x00"
	drawer       = esc + "p\x00\x19\xfa" // 50 ms on, 500 ms off
	askOffline   = "\x10\x04\x02"        // why it is offline
	askPaper     = "\x10\x04\x04"
	feedAndCut   = gs + "V\x42\x03" // past the knife, then all but one point
)

// Encode is a paper as bytes for a printer. What the printer does not have is
// replaced by a mark.
func Encode(p Paper) []byte {
	var b bytes.Buffer
	b.WriteString(initialize + japan + katakana + shiftJISCode + kanjiOff)
	if p.Drawer {
		b.WriteString(drawer)
	}
	for _, l := range p.Lines {
		switch {
		case l.Rule:
			writeText(&b, strings.Repeat("-", p.Columns))
		case l.QR != "":
			b.WriteString(atMiddle)
			writeQR(&b, l.QR)
			b.WriteString(atLeft)
			continue // the code ends its line itself
		default:
			writeStyled(&b, l)
		}
		b.WriteByte('\n')
	}
	b.WriteString(feedAndCut)
	return b.Bytes()
}

func writeStyled(b *bytes.Buffer, l Line) {
	if l.Bold {
		b.WriteString(boldOn)
	}
	if l.Large {
		b.WriteString(largeOn + kanjiLarge)
	}
	writeText(b, l.Text)
	if l.Large {
		b.WriteString(largeOff + kanjiPlain)
	}
	if l.Bold {
		b.WriteString(boldOff)
	}
}

// writeText turns kanji mode on only for what needs it: outside it a byte of
// half-width katakana cannot be taken for the first of a pair.
func writeText(b *bytes.Buffer, s string) {
	kanji := false
	for _, r := range s {
		code, ok := shiftJIS(unfold(r))
		if !ok {
			code = narrowMark
			if r > 0xFF {
				code, _ = shiftJIS(wideMark)
			}
		}
		if wide := code > 0xFF; wide != kanji {
			kanji = wide
			if kanji {
				b.WriteString(kanjiOn)
			} else {
				b.WriteString(kanjiOff)
			}
		}
		if kanji {
			b.WriteByte(byte(code >> 8))
		}
		b.WriteByte(byte(code))
	}
	if kanji {
		b.WriteString(kanjiOff)
	}
}

// writeQR is a QR code of model 2, with modules of 4 dots: about 15 mm for the
// number of a receipt. Correction M bears a crease.
func writeQR(b *bytes.Buffer, content string) {
	content = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return narrowMark
		}
		return r
	}, content)
	content = content[:min(len(content), 200)]
	function := func(parameters string) {
		b.WriteString(gs + "(k")
		b.WriteByte(byte(len(parameters))) //nolint:gosec // at most 200 and a few
		b.WriteByte(0)
		b.WriteString(parameters)
	}
	function("1A2\x00")       // model 2
	function("1C\x04")        // modules of 4 dots
	function("1E1")           // correction M
	function("1P0" + content) // what it says
	function("1Q0")           // print it
}

// Text is a paper as text: a rule is a line of hyphens, a code is a mark, and
// large text is only large on paper.
func Text(p Paper) []string {
	lines := make([]string, 0, len(p.Lines))
	for _, l := range p.Lines {
		switch {
		case l.Rule:
			lines = append(lines, strings.Repeat("-", p.Columns))
		case l.QR != "":
			lines = append(lines, strings.Repeat(" ", (p.Columns-len(qrMark))/2)+qrMark)
		default:
			lines = append(lines, strings.TrimRight(strings.Map(unfold, l.Text), " "))
		}
	}
	return lines
}

// qrMark stands for a code in a text.
const qrMark = "[QR]"
