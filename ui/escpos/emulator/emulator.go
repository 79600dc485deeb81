// Package emulator is a receipt printer that prints into memory, for tests. It
// promises to be stricter than a real one: what a real printer would ignore,
// garble or break over two lines is an error. Start at Print.
package emulator

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/text/encoding/japanese"
)

// Line is one printed line, as it can be read on paper.
type Line struct {
	Text  string
	Bold  bool // all that is not space is
	Large bool
}

// Printed is what came out of the printer.
type Printed struct {
	Lines  []Line
	QR     []string // what the codes say; each is also a line "[QR]" in the middle
	Cuts   int
	Pulses int // to the drawer
}

// Text is what can be read on the paper.
func (p Printed) Text() []string {
	lines := make([]string, len(p.Lines))
	for i, l := range p.Lines {
		lines[i] = l.Text
	}
	return lines
}

type printer struct {
	columns int
	data    []byte
	at      int
	out     Printed

	japan, katakana, shiftJIS, kanji, bold, large, kanjiLarge, middle bool

	line      strings.Builder
	used      int
	lineBold  bool
	lineLarge bool
	styled    bool   // a character of this line has been printed
	module    int    // dots of the code
	stored    string // what the code is to say
}

// Print prints bytes on paper of so many columns. The error says at which byte
// a printer would not have printed what was meant.
func Print(columns int, data []byte) (Printed, error) {
	p := &printer{columns: columns, data: data}
	for p.at < len(p.data) {
		start := p.at
		if err := p.next(); err != nil {
			return p.out, fmt.Errorf("byte %d, % x: %w", start, p.data[start:min(start+8, len(p.data))], err)
		}
	}
	if p.line.Len() > 0 {
		return p.out, errors.New("the last line has no end")
	}
	return p.out, nil
}

// commands are all that the printer knows, with what each does.
func (p *printer) commands() map[string]func() error {
	set := func(what *bool, to bool) func() error {
		return func() error { *what = to; return nil }
	}
	middle := func(to bool) func() error {
		return func() error {
			if p.line.Len() > 0 {
				return errors.New("the place is set within a line")
			}
			p.middle = to
			return nil
		}
	}
	return map[string]func() error{
		"\x1b@": func() error {
			if p.line.Len() > 0 {
				return errors.New("a line is thrown away")
			}
			*p = printer{columns: p.columns, data: p.data, at: p.at, out: p.out}
			return nil
		},
		"\x1bR\x08":         set(&p.japan, true),
		"\x1bt\x01":         set(&p.katakana, true),
		"\x1cC\x01":         set(&p.shiftJIS, true),
		"\x1c.":             set(&p.kanji, false),
		"\x1bE\x01":         set(&p.bold, true),
		"\x1bE\x00":         set(&p.bold, false),
		"\x1d!\x11":         set(&p.large, true),
		"\x1d!\x00":         set(&p.large, false),
		"\x1cW\x01":         set(&p.kanjiLarge, true),
		"\x1cW\x00":         set(&p.kanjiLarge, false),
		"\x1ba\x00":         middle(false),
		"\x1ba\x01":         middle(true),
		"\x1bp\x00\x19\xfa": func() error { p.out.Pulses++; return nil },
		"\x10\x04\x02":      func() error { return nil },
		"\x10\x04\x04":      func() error { return nil },
		"\x1c&": func() error {
			if !p.shiftJIS {
				return errors.New("kanji without saying that they are in Shift_JIS")
			}
			p.kanji = true
			return nil
		},
		"\x1dV\x42": func() error {
			if p.at++; p.at > len(p.data) {
				return errors.New("a cut without the way to it")
			}
			if p.line.Len() > 0 {
				return errors.New("a cut through a line")
			}
			p.out.Cuts++
			return nil
		},
		"\x1d(k": p.code,
	}
}

// next does one command, or prints one character.
func (p *printer) next() error {
	rest := p.data[p.at:]
	switch c := rest[0]; {
	case c == '\n':
		p.at++
		p.end()
		return nil
	case c < ' ':
		for name, do := range p.commands() {
			if bytes.HasPrefix(rest, []byte(name)) {
				p.at += len(name)
				return do()
			}
		}
		return errors.New("no such command")
	case c < 0x7F:
		p.at++
		r := rune(c)
		if c == '\\' {
			if r = '¥'; !p.japan {
				return errors.New("a backslash, not a yen sign")
			}
		}
		return p.put(r, 1, p.large)
	case p.kanji:
		return p.pair(rest)
	case c >= 0xA1 && c <= 0xDF && p.katakana:
		p.at++
		return p.put(rune(c)-0xA1+0xFF61, 1, p.large)
	}
	return errors.New("a character that is none, or kanji outside kanji mode")
}

func (p *printer) pair(rest []byte) error {
	lead := rest[0] >= 0x81 && rest[0] <= 0x9F || rest[0] >= 0xE0 && rest[0] <= 0xEF
	if !lead || len(rest) < 2 || rest[1] < 0x40 || rest[1] == 0x7F || rest[1] > 0xFC {
		return errors.New("no pair of Shift_JIS")
	}
	text, err := japanese.ShiftJIS.NewDecoder().Bytes(rest[:2])
	runes := []rune(string(text))
	if err != nil || len(runes) != 1 || runes[0] == '\uFFFD' {
		return errors.New("a pair of Shift_JIS that is no character")
	}
	p.at += 2
	return p.put(runes[0], 2, p.large && p.kanjiLarge)
}

func (p *printer) put(r rune, columns int, large bool) error {
	if large != p.large {
		return errors.New("kanji of another size than the rest")
	}
	if large {
		columns *= 2
	}
	if p.styled && (large != p.lineLarge || r != ' ' && p.bold != p.lineBold) {
		return errors.New("two looks in one line")
	}
	p.styled, p.lineLarge, p.lineBold = true, large, p.bold
	if p.used += columns; p.used > p.columns {
		return fmt.Errorf("a line of more than %d columns", p.columns)
	}
	p.line.WriteRune(r)
	return nil
}

func (p *printer) end() {
	p.out.Lines = append(p.out.Lines, Line{Text: strings.TrimRight(p.line.String(), " "), Bold: p.lineBold, Large: p.lineLarge})
	p.line.Reset()
	p.used, p.styled, p.lineBold, p.lineLarge = 0, false, false, false
}

// code is one function of GS ( k, for QR codes.
func (p *printer) code() error {
	rest := p.data[p.at:]
	if len(rest) < 2 {
		return errors.New("a code without its length")
	}
	length := int(rest[0]) + 256*int(rest[1])
	if length < 3 || len(rest) < 2+length || rest[2] != '1' {
		return errors.New("a code that is cut, or of another kind")
	}
	parameters := string(rest[3 : 2+length])
	p.at += 2 + length
	switch {
	case parameters == "A2\x00", parameters == "E1":
	case len(parameters) == 2 && parameters[0] == 'C' && parameters[1] >= 1 && parameters[1] <= 16:
		p.module = int(parameters[1])
	case strings.HasPrefix(parameters, "P0") && len(parameters) > 2:
		p.stored = parameters[2:]
	case parameters == "Q0":
		return p.printCode()
	default:
		return fmt.Errorf("a code with %q", parameters)
	}
	return nil
}

func (p *printer) printCode() error {
	const most = 213 // bytes at correction M in a code of version 10, whose 57 modules of 4 dots fit on all paper
	switch {
	case p.stored == "" || p.module == 0:
		return errors.New("a code that says nothing")
	case p.module > 4 || len(p.stored) > most:
		return errors.New("a code that is wider than the paper")
	case !p.middle:
		return errors.New("a code that is not in the middle")
	case p.line.Len() > 0:
		return errors.New("a code within a line")
	}
	p.out.QR = append(p.out.QR, p.stored)
	p.out.Lines = append(p.out.Lines, Line{Text: strings.Repeat(" ", (p.columns-4)/2) + "[QR]"})
	return nil
}
