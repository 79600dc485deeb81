package escpos

import (
	"strings"

	"golang.org/x/text/encoding/japanese"
)

// The marks for characters that printers do not have, as wide as the character
// was: a gap would look as if nothing had been there.
const (
	narrowMark = '?'
	wideMark   = '〓'
)

// plane is added to a character that printers draw two columns wide and
// terminals perhaps one. The second plane is two columns wide everywhere, and
// has nothing that Shift_JIS can say.
const plane = 0x20000

// Fold makes a text such that its width on a terminal is its width on paper:
// what the printer does not have is replaced by a mark, and what terminals draw
// in one column but printers in two (※, ×, ①, Greek and Cyrillic letters) by
// a stand-in of two columns. Whatever lays out texts by their width on a
// terminal may do so then; Encode and Text put the characters back. Folding
// twice changes nothing. Narrow says which characters are one column wide on a
// terminal.
func Fold(s string, narrow func(rune) bool) string {
	return strings.Map(func(r rune) rune {
		pair, ok := shiftJIS(r)
		switch {
		case !ok && narrow(r):
			return narrowMark
		case !ok && r>>16 == plane>>16 && isPair(r-plane):
			return r
		case !ok:
			return wideMark
		case pair > 0xFF && narrow(r):
			return r + plane
		}
		return r
	}, s)
}

func isPair(r rune) bool {
	pair, ok := shiftJIS(r)
	return ok && pair > 0xFF
}

// unfold takes the stand-ins out.
func unfold(r rune) rune {
	if r>>16 == plane>>16 && isPair(r-plane) {
		return r - plane
	}
	return r
}

// shiftJIS is the code of a character: one byte, or two, and false for what no
// printer has. Beside the standard's own characters these are NEC's, such as ①
// and the 髙 of many names; beyond EF printers have none, or fonts of their own.
func shiftJIS(r rune) (uint16, bool) {
	switch {
	case r < ' ' || r == 0x7F || r == '\\': // where the backslash was, Japanese printers have the yen sign
		return 0, false
	case r < 0x7F:
		return uint16(r), true
	case r == '¥':
		return '\\', true
	}
	// An encoder for each character: there is no table to look one up in.
	b, err := japanese.ShiftJIS.NewEncoder().Bytes([]byte(string(r)))
	switch {
	case err != nil:
		return 0, false
	case len(b) == 1 && b[0] >= 0xA1 && b[0] <= 0xDF:
		return uint16(b[0]), true
	case len(b) == 2 && (b[0] >= 0x81 && b[0] <= 0x9F || b[0] >= 0xE0 && b[0] <= 0xEF):
		return uint16(b[0])<<8 | uint16(b[1]), true
	}
	return 0, false
}

// Columns is how many columns of paper a text takes, at the ordinary size.
func Columns(s string) int {
	n := 0
	for _, r := range s {
		n++
		if pair, ok := shiftJIS(unfold(r)); ok && pair > 0xFF || !ok && r > 0xFF {
			n++
		}
	}
	return n
}
