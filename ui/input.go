package ui

import (
	"bytes"
	"os"
	"time"
	"unicode/utf8"
)

// Input is a terminal's input for Bubble Tea. A sequence reaches it whole or not
// at all: the pieces of one that was cut would be read as text, and digits among
// them as an amount. What answers a question that nobody asked is left out, and
// a paste whose end never comes is ended, for it would swallow every later key.
type Input struct {
	*os.File
	now   func() time.Time
	last  time.Time // when something last came
	sieve sieve
	out   []byte // what did not fit into the last read
}

// NewInput reads a terminal.
func NewInput(f *os.File) *Input { return &Input{File: f, now: time.Now} }

const (
	// pasteGap is how long a paste may pause.
	pasteGap = 500 * time.Millisecond
	// maxPaste is more than any text that can be typed here.
	maxPaste = 4 << 10
	// maxSequence is more than any key or touch has.
	maxSequence = 64
	// readRoom is what one read may add to what the terminal has sent.
	readRoom = maxSequence + 16

	pasteStart, pasteEnd = "\x1b[200~", "\x1b[201~"
)

// Read reads what has come. It may be nothing: what came was no key.
func (i *Input) Read(p []byte) (int, error) {
	if len(i.out) == 0 {
		raw := make([]byte, max(len(p)-readRoom, 1))
		n, err := i.File.Read(raw)
		if n == 0 || err != nil {
			return 0, err
		}
		now := i.now()
		i.out = i.sieve.sift(raw[:n], now.Sub(i.last), n == len(raw))
		i.last = now
	}
	n := copy(p, i.out)
	i.out = i.out[n:]
	return n, nil
}

// sieve is where in a sequence the input stands, and what of it is held back.
type sieve struct {
	in     stage
	held   []byte
	mute   bool // its Esc has acted, so that the rest must not
	pasted int
}

// stage is what the next byte belongs to.
type stage int

const (
	inText stage = iota
	inLetter
	inEscape
	inControl // CSI
	inSingle  // SS3
	inTouch   // the three bytes of an old terminal's touch
	inAnswer  // OSC, DCS, and others that end with ST
	inPaste
	afterEscape // an Esc that has acted; a sequence may still follow
)

// sift gives what is to be read of some bytes that came so long after those
// before. More are sure to follow at once when it was all that one read can have.
func (s *sieve) sift(raw []byte, gap time.Duration, more bool) []byte {
	out := make([]byte, 0, len(raw)+readRoom)
	switch {
	case s.in == inPaste && gap > pasteGap:
		if !s.mute {
			out = append(out, pasteEnd...)
		}
		s.to(inText)
	case s.in == inEscape && gap > burstGap && !s.mute:
		out = append(out, s.held...)
		s.to(inText)
	case s.in != inPaste && gap > burstGap:
		s.to(inText) // the rest of it does not come any more
	}
	for _, b := range raw {
		out = s.take(out, b)
	}
	if s.in == inEscape && !more && !s.mute {
		out = append(out, s.held...)
		s.to(afterEscape)
	}
	return out
}

func (s *sieve) to(p stage) { s.in, s.held, s.mute, s.pasted = p, nil, false, 0 }

// take takes one byte.
func (s *sieve) take(out []byte, b byte) []byte {
	switch s.in {
	case inPaste:
		return s.paste(out, b)
	case inAnswer:
		switch b {
		case '\a', 0x18, 0x1a:
			s.to(inText)
		case 0x1b:
			s.begin(b)
			s.mute = true // the end of the answer, if a backslash follows
		}
		return out
	case afterEscape:
		s.to(inText)
		if b == '[' || b == 'O' {
			s.begin(0x1b)
			s.mute = true
			return s.take(out, b)
		}
	case inEscape:
		return s.escape(out, b)
	case inControl, inSingle, inTouch:
		return s.sequence(out, b)
	case inText, inLetter:
	}
	if b == 0x1b {
		s.begin(b)
		return out
	}
	if s.in == inLetter || b >= utf8.RuneSelf {
		s.in, s.held = inLetter, append(s.held, b)
		if !utf8.FullRune(s.held) {
			return out
		}
		if r, size := utf8.DecodeRune(s.held); r != utf8.RuneError || size > 1 {
			out = append(out, s.held...)
		}
		s.to(inText)
		return out
	}
	return append(out, b)
}

func (s *sieve) begin(b byte) {
	s.to(inEscape)
	s.held = append(s.held, b)
}

// escape takes the byte after an Esc.
func (s *sieve) escape(out []byte, b byte) []byte {
	s.held = append(s.held, b)
	switch b {
	case '[':
		s.in = inControl
	case 'O':
		s.in = inSingle
	case ']', 'P', 'X', '^', '_':
		s.to(inAnswer)
	case 0x1b:
		s.begin(b)
		return append(out, 0x1b)
	default:
		return s.end(out) // a character with Alt, or the end of an answer
	}
	return out
}

// end lets a whole sequence through.
func (s *sieve) end(out []byte) []byte {
	if !s.mute {
		out = append(out, s.held...)
	}
	pastes, mute := string(s.held) == pasteStart, s.mute
	s.to(inText)
	if pastes {
		s.in, s.mute = inPaste, mute
	}
	return out
}

// sequence takes a byte of a sequence that has more than two.
func (s *sieve) sequence(out []byte, b byte) []byte {
	if s.in != inTouch && (b < ' ' || b > '~') {
		s.to(inText) // it is cut here
		return s.take(out, b)
	}
	if len(s.held) == maxSequence {
		s.held, s.mute = s.held[:maxSequence-1], true // no key, however it ends
	}
	s.held = append(s.held, b)
	said := s.held[2:]
	switch {
	case s.in == inSingle:
		return s.end(out)
	case s.in == inTouch:
		if len(said) == len("Mbxy") {
			return s.end(out)
		}
	case len(said) == 1 && b == 'M':
		s.in = inTouch
	case len(said) == 1 && b == '[': // a function key of the Linux console
	case b >= '@', b == '$' && len(bytes.Trim(said[:len(said)-1], "0123456789")) == 0: // rxvt's own
		return s.end(out)
	}
	return out
}

// paste takes a byte of a paste, or of its end.
func (s *sieve) paste(out []byte, b byte) []byte {
	if b != pasteEnd[len(s.held)] {
		s.held = s.held[:0] // what looked like the end was no text either
		if b != pasteEnd[0] {
			if s.pasted++; s.pasted <= maxPaste && !s.mute {
				out = append(out, b)
			}
			return out
		}
	}
	if s.held = append(s.held, b); len(s.held) == len(pasteEnd) {
		if !s.mute {
			out = append(out, pasteEnd...)
		}
		s.to(inText)
	}
	return out
}
