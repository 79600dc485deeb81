package pos

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mark stands where Clean took something out.
const Mark = '\uFFFD'

// Clean makes text from outside (PayPay's answers, the catalogue, a scanner,
// file names) safe to show and to keep: everything that could steer a terminal
// or mislead a reader is replaced by Mark, and the whole is cut to so many
// characters. Replaced are control characters, line ends, bidirectional and
// zero-width characters, private-use characters and invalid UTF-8. Cleaning
// twice changes nothing.
func Clean(s string, length int) string {
	n := 0
	return strings.Map(func(r rune) rune {
		if n++; n > length {
			return -1
		}
		if unsafe(r) {
			return Mark
		}
		return r
	}, strings.ToValidUTF8(s, string(Mark)))
}

// IsClean reports whether Clean would leave every character of the text as it
// is.
func IsClean(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unsafe)
}

func unsafe(r rune) bool {
	if ' ' <= r && r <= '~' || '\u3000' <= r && r <= '\ud7ff' {
		return false // nearly every character: neither ASCII nor CJK has such
	}
	return unicode.IsControl(r) || // C0, DEL and C1
		unicode.In(r, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp)
}
