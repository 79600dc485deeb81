package ui

import (
	"slices"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

// FuzzApp_keys presses anything at all, at a person's or a scanner's speed.
// Every frame must fit, and money moves only where its keys were pressed.
func FuzzApp_keys(f *testing.F) {
	f.Add([]byte("001\r\x09l"), uint8(80), uint8(24), false)
	f.Add([]byte("3*480r/ra\x1b:?!u+-"), uint8(60), uint8(20), false)
	f.Add([]byte("x\x8cx\x1bx:\r"), uint8(120), uint8(40), true)
	named := map[byte]string{
		'\r': "enter", 0x1b: "esc", 0x7f: "backspace", 1: "f1", 2: "f2", 3: "f3", 4: "f4", 9: "f9",
		5: "delete", 6: "up", 7: "down", 8: "tab", 10: "pgup", 11: "pgdown",
	}
	f.Fuzz(func(t *testing.T, keys []byte, width, height uint8, live bool) {
		if len(keys) > 100 {
			keys = keys[:100]
		}
		r, did := &fake{}, &[]string{}
		if live {
			r, did = calls(saleOf(pos.Live))
		}
		r.charge = func(pos.Order) (pos.Sale, error) {
			*did = append(*did, "charge")
			return saleOf(pos.Requested), nil
		}
		pressed := map[string]int{}
		inTill(t, "ja", r, func(l *testTill) {
			l.send(tea.WindowSizeMsg{Width: int(width), Height: int(height)})
			for _, b := range keys {
				pause := 10 * time.Millisecond
				if b&0x80 == 0 {
					pause = 320 * time.Millisecond
				}
				name, ok := named[b&0x7f]
				if !ok {
					name = string(rune(b & 0x7f))
				}
				pressed[name]++
				l.send(keyNamed(name))
				l.pass(pause)
				fits(t, int(width), max(int(height), 1), l.View())
			}
		})
		if pressed[":"] > 0 {
			return // the palette presses keys too
		}
		for deed, needs := range map[string]bool{
			"charge":   pressed["f9"] > 0,
			"give up":  pressed["x"] > 0,
			"new code": pressed["n"] > 0,
		} {
			if slices.Contains(*did, deed) && !needs {
				t.Errorf("%s after %v", deed, pressed)
			}
		}
	})
}
