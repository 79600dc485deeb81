package ui

import (
	"context"
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
	f.Add([]byte("1280\r\x1a\x1db\r1b"), uint8(80), uint8(24), true)
	f.Add([]byte("001\r480\x12\x131\x0e\x0f1\x16a\x18\x19"), uint8(112), uint8(40), false)
	named := map[byte]string{
		'\r': "enter", 0x1b: "esc", 0x7f: "backspace", 1: "f1", 2: "f2", 3: "f3", 4: "f4", 9: "f9",
		5: "delete", 6: "up", 7: "down", 8: "tab", 10: "pgup", 11: "pgdown", 12: "home", 0x0e: "f5", 0x0f: "f6",
		0x10: "f7", 0x11: "f8", 0x12: "f10", 0x13: "f11", 0x14: "f12", 0x15: "shift+tab", 0x16: "left", 0x17: "right",
	}
	// The bytes that are left are touches, all over the screen.
	touch := func(b byte, turn int) (tea.MouseMsg, bool) {
		buttons := map[byte]tea.MouseButton{
			0x18: tea.MouseButtonLeft, 0x19: tea.MouseButtonLeft, 0x1a: tea.MouseButtonLeft, 0x1c: tea.MouseButtonLeft,
			0x1d: tea.MouseButtonRight, 0x1e: tea.MouseButtonWheelUp, 0x1f: tea.MouseButtonWheelDown,
		}
		button, ok := buttons[b]
		return tea.MouseMsg{X: (int(b) + 7*turn) % 80, Y: (turn*turn + int(b)) % 24, Button: button}, ok
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
		r.printer = Printer{Columns: 32, Port: func(context.Context, []byte) error { return nil }}
		r.prints = func(pos.SaleID, pos.Paper) error { *did = append(*did, "print"); return nil }
		pressed := map[string]int{}
		inTill(t, "ja", r, func(l *testTill) {
			l.send(tea.WindowSizeMsg{Width: int(width), Height: int(height)})
			for i, b := range keys {
				pause := 10 * time.Millisecond
				if b&0x80 == 0 {
					pause = 320 * time.Millisecond
				}
				if m, ok := touch(b&0x7f, i); ok {
					pressed["touch"]++
					l.send(m)
					l.pass(pause)
					fits(t, int(width), max(int(height), 1), l.View())
					continue
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
		if pressed[":"]+pressed["touch"] > 0 {
			return // the palette and a finger press keys too
		}
		for deed, needs := range map[string]bool{
			"charge":   pressed["f9"]+pressed["f10"] > 0,
			"print":    pressed["enter"] > 0,
			"give up":  pressed["x"] > 0,
			"new code": pressed["n"] > 0,
		} {
			if slices.Contains(*did, deed) && !needs {
				t.Errorf("%s after %v", deed, pressed)
			}
		}
	})
}
