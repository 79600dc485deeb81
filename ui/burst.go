package ui

import (
	"maps"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

const (
	// burstGap is the longest pause between two keys of a scanner.
	burstGap = 50 * time.Millisecond
	// burstLeast is how many characters make a scan. The shortest bar codes on
	// goods have eight; no person types six at this speed.
	burstLeast = 6
	// holdFor is how long a command key is held back to see whether it is part
	// of a scan.
	holdFor = 60 * time.Millisecond
	// maxBurst keeps a key that is stuck from filling the memory.
	maxBurst = 100
)

// burst collects characters that come faster than a person types.
type burst struct {
	text string
	n    int
	last time.Time
}

// running reports whether a key at this moment belongs to the burst.
func (b burst) running(now time.Time) bool {
	return b.n > 0 && now.Sub(b.last) <= burstGap
}

// add is the burst with one more character, or a new one that begins with it.
func (b burst) add(r rune, now time.Time) burst {
	if !b.running(now) {
		return burst{text: string(r), n: 1, last: now}
	}
	if b.n < maxBurst {
		b.text += string(r)
	}
	b.n++
	b.last = now
	return b
}

// only reports whether the burst is one character over and over.
func (b burst) only(r rune) bool { return strings.Trim(b.text, string(r)) == "" }

// scan is what a scanner has just read, if an Enter at this moment ends a scan.
// A scanner that sends a prefix is known by it, however short the code.
func (b burst) scan(prefix string, now time.Time) (string, bool) {
	marked := prefix != "" && len(b.text) > len(prefix) && strings.HasPrefix(b.text, prefix)
	return b.text, b.running(now) && (b.n >= burstLeast || marked)
}

// gate stands before screens that take commands. It holds every character and
// Enter back for a moment, and drops those that come in a burst.
type gate struct {
	held    tea.KeyMsg
	holding bool
	turn    int       // which hold, so that the timer of an old one does nothing
	last    time.Time // when the last character or Enter came
	deaf    time.Time // until then nothing passes: the screen has changed by itself
	ended   time.Time // when the last key came, if that was an Enter or Tab
	again   bool      // the key that came last had come a moment before too

	came map[string]time.Time // which keys came in the last moments, and when
}

// heldMsg says that a key has been held back long enough.
type heldMsg struct{ turn int }

// verdict is what becomes of a key.
type verdict int

const (
	pass verdict = iota
	drop
	hold
)

// repeats reports whether a key has come before without a pause, as one does
// that is held down. Other keys in between change nothing: a scanner is a
// keyboard of its own.
func (g *gate) repeats(k tea.KeyMsg, now time.Time) bool {
	maps.DeleteFunc(g.came, func(_ string, at time.Time) bool { return now.Sub(at) >= unpressed })
	if g.came == nil {
		g.came = map[string]time.Time{}
	}
	_, again := g.came[k.String()]
	g.came[k.String()] = now
	return again
}

// admit decides about a key. A key that the screen takes as text passes.
func (g *gate) admit(k tea.KeyMsg, taken bool, now time.Time) (verdict, tea.Cmd) {
	if !character(k) {
		g.holding = false // the older key must not act after this one
		return pass, nil
	}
	fast, echo := !g.last.IsZero() && now.Sub(g.last) <= burstGap, g.echo(k, now)
	g.last = now
	switch {
	case now.Before(g.deaf), taken && echo:
		g.holding = false
		return drop, nil
	case taken:
		g.holding = false
		return pass, nil
	case fast, k.Paste, len(k.Runes) > 1:
		g.holding = false
		return drop, nil
	}
	return hold, g.keep(k)
}

// keep holds a key back.
func (g *gate) keep(k tea.KeyMsg) tea.Cmd {
	g.turn++
	g.held, g.holding = k, true
	turn := g.turn
	return tea.Tick(holdFor, func(time.Time) tea.Msg { return heldMsg{turn: turn} })
}

// echo reports whether a key is the line feed after a scanner's carriage return,
// or Enter held down: it would confirm what the first one has only led to.
func (g *gate) echo(k tea.KeyMsg, now time.Time) bool {
	was := g.ended
	g.ended = time.Time{}
	if k.Type != tea.KeyEnter && k.Type != tea.KeyTab {
		return false
	}
	g.ended = now
	return !was.IsZero() && now.Sub(was) <= burstGap
}

// tapped reports whether a touch comes too fast after a key or another touch to
// be a person's.
func (g *gate) tapped(now time.Time) bool {
	fast := !g.last.IsZero() && now.Sub(g.last) <= burstGap || now.Before(g.deaf)
	g.last = now
	if fast {
		g.holding = false
	}
	return fast
}

// overdue is the key that was held back, when another comes so late that they
// cannot both be part of a scan: the older one acts first.
func (g *gate) overdue(now time.Time) (tea.KeyMsg, bool) {
	if !g.holding || now.Sub(g.last) <= burstGap {
		return tea.KeyMsg{}, false
	}
	g.holding = false
	return g.held, true
}

// release is the key that was held back, if it is still to act.
func (g *gate) release(m heldMsg) (tea.KeyMsg, bool) {
	if !g.holding || m.turn != g.turn {
		return tea.KeyMsg{}, false
	}
	g.holding = false
	return g.held, true
}

// close lets nothing through for a moment: a screen has come up by itself, and
// the next keys were meant for the one before.
func (g *gate) close(now time.Time) {
	g.holding = false
	g.deaf = now.Add(disarmed)
}

// character reports whether a key is one that scanners send.
func character(k tea.KeyMsg) bool {
	switch k.Type {
	case tea.KeyRunes, tea.KeySpace, tea.KeyEnter, tea.KeyTab:
		return true
	default:
		return false
	}
}
