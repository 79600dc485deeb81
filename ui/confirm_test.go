package ui

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/google/go-cmp/cmp"

	"example.jp/reji/pos"
)

// keyboards are how long a key must be held until it repeats, and how often it
// does so then: the fastest, the Linux console, common desktops, and the slowest
// that a keyboard can be told.
var keyboards = []struct{ delay, rate time.Duration }{
	{250 * time.Millisecond, 33 * time.Millisecond},
	{250 * time.Millisecond, 92 * time.Millisecond},
	{300 * time.Millisecond, 300 * time.Millisecond},
	{375 * time.Millisecond, 100 * time.Millisecond},
	{500 * time.Millisecond, 33 * time.Millisecond},
	{500 * time.Millisecond, 333 * time.Millisecond},
	{600 * time.Millisecond, 100 * time.Millisecond},
	{600 * time.Millisecond, 500 * time.Millisecond},
}

// A key that opens a question does no more by being held down, in any scene
// that asks one, on any keyboard.
func TestDialog_aHeldKeyDoesNotAnswerIt(t *testing.T) {
	t.Parallel()
	for name, scene := range scenes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// after is what stands after a key that is held down with these pauses.
			after := func(key string, pauses ...time.Duration) (s stand, keys []string) {
				f, lead := scene()
				f.printer = Printer{Columns: 32, Port: func(context.Context, []byte) error { return nil }, Asked: true}
				w := watched(f)
				inTill(t, "en", f, func(l *testTill) {
					l.lead(lead)
					*w.did = nil
					parked := len(w.parked)
					keys = l.named()
					for _, p := range pauses {
						l.send(keyNamed(key))
						l.pass(p)
					}
					l.pass(time.Second)
					s = l.stand(w, parked)
				})
				return s, keys
			}
			before, keys := after("")
			for _, key := range keys {
				if key == "+" || key == "-" || key == "esc" || strings.Trim(key, "0123456789") == "" {
					continue // these may be held
				}
				once, _ := after(key, time.Second)
				if once.Open == before.Open || once.Open == "" {
					continue
				}
				for _, k := range keyboards {
					pauses := []time.Duration{k.delay}
					for held := k.delay; held < 3*time.Second; held += k.rate {
						pauses = append(pauses, k.rate)
					}
					held, _ := after(key, pauses...)
					if diff := cmp.Diff(once.Did, held.Did); diff != "" || held.Quit != once.Quit {
						t.Errorf("%s, %v (-pressed +held):\n%s", key, k, diff)
					}
					if diff := cmp.Diff(once.Order, held.Order); diff != "" {
						t.Errorf("%s, %v: order (-pressed +held):\n%s", key, k, diff)
					}
				}
			}
		})
	}
}

// Whoever means it lets go first, and is told so.
func TestDialog_answeredAfterAPause(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		first, second string
		apart         time.Duration
		taken         bool
	}{
		{"x", "x", 150 * time.Millisecond, false},
		{"x", "x", 300 * time.Millisecond, false},
		{"x", "x", 900 * time.Millisecond, false},
		{"x", "x", time.Second, true},
		{"esc", "x", 200 * time.Millisecond, false},
		{"esc", "x", disarmed, true},
	} {
		f, did := calls(saleOf(pos.Live))
		inTill(t, "ja", f, func(l *testTill) {
			l.at(c.apart, c.first)
			l.send(keyNamed(c.second))
			l.pass(100 * time.Millisecond)
			if taken := len(*did) > 0; taken != c.taken {
				l.Errorf("%+v: did %v", c, *did)
			}
			if c.taken {
				return
			}
			said := fmt.Sprintf(l.words.Common.TooSoon, c.second)
			l.sees(said)
			l.pass(hintFor + time.Second)
			l.seesNot(said)
			l.press(c.second)
			if len(*did) != 1 {
				l.Errorf("%+v, and once more: did %v", c, *did)
			}
		})
	}
}

// Scanners are keyboards of their own: a scan does not end the repeating of a
// key that something lies on.
func TestDialog_aScanDoesNotLetGo(t *testing.T) {
	t.Parallel()
	f, did := calls(saleOf(pos.Live))
	inTill(t, "en", f, func(l *testTill) {
		l.at(500*time.Millisecond, "x")
		for range 5 {
			l.at(400*time.Millisecond, "x")
			l.scan("4901234567894", "enter")
		}
		if len(*did) != 0 {
			l.Errorf("did %v", *did)
		}
		l.sees(l.words.Payment.GiveUpTitle)
	})
}

// A finger that comes down twice on one place has not answered what came up
// under it.
func TestDialog_touchedTwice(t *testing.T) {
	t.Parallel()
	f, did := calls(saleOf(pos.Live))
	inTill(t, "en", f, func(l *testTill) {
		l.touch("x stop payment")
		l.sees(l.words.Payment.GiveUpTitle)
		l.touch("stop payment")
		if len(*did) != 0 {
			l.Errorf("did %v", *did)
		}
		l.sees(fmt.Sprintf(l.words.Common.TooSoon, "x"))
		l.pass(unpressed)
		l.touch("stop payment")
		if len(*did) != 1 {
			l.Errorf("touched once more: did %v", *did)
		}
	})
}

// Ctrl+C that is held down ends no till that would lose the order with it.
func TestInterrupt_heldDownLosesNoOrder(t *testing.T) {
	t.Parallel()
	for _, k := range keyboards {
		f := &fake{}
		f.status.Trouble = context.DeadlineExceeded
		inTill(t, "en", f, func(l *testTill) {
			l.types("001 enter")
			if l.saleScreen().totals.Count == 0 {
				l.Fatal("nothing is in the order")
			}
			l.send(tea.KeyMsg{Type: tea.KeyCtrlC})
			l.pass(k.delay)
			for held := k.delay; held < 3*time.Second; held += k.rate {
				l.send(tea.KeyMsg{Type: tea.KeyCtrlC})
				l.pass(k.rate)
			}
			if l.quit {
				l.Errorf("%v: the till has ended", k)
			}
			l.pass(unpressed)
			l.send(tea.KeyMsg{Type: tea.KeyCtrlC})
			l.settle()
			if !l.quit {
				l.Errorf("%v: pressed once more, the till goes on", k)
			}
		})
	}
}
