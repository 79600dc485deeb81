package config

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Problem is one thing that is wrong with the settings.
type Problem struct {
	Key      string // the setting, by its name in config.toml
	Value    string // what was given; empty for secrets and where nothing was
	Place    string // "/home/…/config.toml line 12", "PAYPAY_ENV", "--lang", "not given"
	Sentence string // what is wrong and how to mend it, as the rest of a sentence about the key
}

// String is the whole sentence. It holds no control characters, whatever the
// settings held.
func (p Problem) String() string {
	s := printable(p.Key)
	if p.Value != "" {
		s += " = " + quoted(p.Value)
	}
	return s + " (" + printable(p.Place) + ") " + p.Sentence
}

// Problems is everything that is wrong, in the order of the settings. It is
// the error that Load returns, never empty then.
type Problems []Problem //nolint:errname // a list of Problem; the plural says so better than an Error suffix

// Error is one sentence a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// printable leaves plain text as it is and quotes what could move the cursor
// or hide a part of the line.
func printable(s string) string {
	if hasControl(s) {
		return quoted(s)
	}
	return s
}

// quoted cuts long values: the reader needs to recognise one, not to read it.
func quoted(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most]) + "…"
	}
	return strconv.Quote(s)
}

// hasControl finds what must reach neither a terminal nor a receipt: control
// and format characters (colours, cursor moves, text direction, zero width),
// line separators, private use, and bytes that are not UTF-8.
func hasControl(s string) bool {
	return !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsGraphic(r)
	})
}
