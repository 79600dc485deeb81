package ui

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

// inASCII is what screens work with where the theme is of ASCII alone.
func inASCII(t *testing.T, lang string, r *fake) env {
	t.Helper()
	e := testEnv(t, lang, r)
	e.theme, e.fullQR = ASCIITheme.looks(colours(0)), true
	return e
}

func TestASCII_golden(t *testing.T) {
	t.Parallel()
	for name, build := range map[string]func(env) screen{
		"sale": func(e env) screen {
			s := newSale(e)
			for _, code := range []string{"006", "017", "006"} {
				s = s.scan(code)
			}
			return s.typed("2*480")
		},
		"payment": func(e env) screen { return newPayment(e, pos.Snapshot{Sale: saleOf(pos.Live), Contact: heard()}) },
		"failed":  func(e env) screen { return newPayment(e, pos.Snapshot{Sale: saleOf(pos.Failed), Contact: heard()}) },
		"paid":    func(e env) screen { return newPaid(e, saleOf(pos.Paid)) },
		"help":    func(e env) screen { return newHelp(e, newSale(e)) },
	} {
		for _, lang := range []string{"ja", "en"} {
			for _, size := range sizes {
				file := sized("ASCII/"+name, size, lang)
				t.Run(file, func(t *testing.T) {
					t.Parallel()
					e := inASCII(t, lang, &fake{})
					golden(t, file, size[0], size[1], frame(e, build(e), size[0], size[1]))
				})
			}
		}
	}
}

func TestASCII_noLineAndNoBlockIsLeft(t *testing.T) {
	t.Parallel()
	e := inASCII(t, "ja", paying(saleOf(pos.Live)))
	for name, s := range map[string]screen{
		"sale": newSale(e), "paid": newPaid(e, saleOf(pos.Paid)), "list": newList(e), "help": newHelp(e, newSale(e)),
		"payment": newPayment(e, pos.Snapshot{Sale: saleOf(pos.Live), Contact: heard()}), "tasks": newTasks(e),
	} {
		for _, size := range [][2]int{{60, 20}, {80, 24}, {120, 40}, {160, 50}} {
			for before := range strings.SplitSeq(frame(e, s, size[0], size[1]), "\x1b[0m") {
				text, _, _ := strings.Cut(before, "\x1b") // what follows is the code
				if i := strings.IndexAny(text, "─│┌┐└┘├┤█▀▄"); i >= 0 {
					t.Errorf("%s %dx%d: %q", name, size[0], size[1], text)
				}
			}
		}
	}
}

// Where there is room for a line a module, the code too does without blocks.
func TestASCII_codeIsDrawnWithSpaces(t *testing.T) {
	t.Parallel()
	e := inASCII(t, "en", &fake{})
	shown := frame(e, newPayment(e, pos.Snapshot{Sale: saleOf(pos.Live), Contact: heard()}), 160, 50)
	if !strings.Contains(shown, "\x1b[") || strings.ContainsAny(shown, "▄▀█") {
		t.Errorf("the code is\n%s", shown)
	}
}

func TestASCII_dialogs(t *testing.T) {
	t.Parallel()
	inTill(t, "ja", paying(saleOf(pos.Live)), func(l *testTill) {
		l.theme = ASCIITheme.looks(colours(0))
		for i, s := range l.stack {
			if p, ok := s.(payment); ok {
				p.theme = l.theme
				l.stack[i] = p
			}
		}
		l.send(tea.WindowSizeMsg{Width: 60, Height: 20})
		l.press("x")
		l.sees("+-----")
		l.sees("| x ")
	})
}
