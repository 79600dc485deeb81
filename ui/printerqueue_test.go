package ui

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"example.jp/reji/pos"
	"example.jp/reji/ui/escpos"
)

// unprinted is a till whose printer has failed.
func unprinted(why error, papers int) *fake {
	f := &fake{}
	f.status.Prints, f.status.Printing = papers, noon.Add(-90*time.Second)
	if why != nil {
		f.status.Unprinted = fmt.Errorf("%w: %w", pos.ErrNotPrinted, why)
	}
	return f
}

func noPaper() error { return fmt.Errorf("%w: %w", escpos.ErrNotReached, escpos.ErrNoPaper) }

func TestPrintQueue_golden(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		status pos.Status
		keys   []string
	}{
		{"Printer/no-paper", unprinted(noPaper(), 3).status, nil},
		{"Printer/off", unprinted(fmt.Errorf("%w: dial tcp 192.168.1.9:9100: connect: no route to host", escpos.ErrNotReached), 1).status, []string{"r"}},
		{"Printer/slow", unprinted(nil, 1).status, nil},
		{"Printer/drop", unprinted(noPaper(), 3).status, []string{"d"}},
		{"Printer/nothing", pos.Status{}, nil},
	} {
		f := &fake{status: c.status}
		goldens(t, c.name, f, Production, func(e env) screen {
			e.register = &fake{status: c.status}
			s, _ := typed(newPrintQueue(withPort(e, 32)), c.keys...)
			return s
		})
	}
}

func TestPrintQueue_sweep(t *testing.T) {
	t.Parallel()
	sweep(t, func(e env) screen {
		e.register = unprinted(noPaper(), 200)
		return newPrintQueue(withPort(e, 32))
	})
}

// Every screen says in one line what is the matter, but for a customer's code.
func TestPrinterLine_onEveryScreen(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why  error
		says string
	}{
		{noPaper(), "プリンターの用紙切れです。"},
		{fmt.Errorf("%w: %w", escpos.ErrNotReached, escpos.ErrCover), "プリンターのふたが開いています。"},
		{fmt.Errorf("%w: lp: exit status 1", escpos.ErrNotReached), "プリンターにつながりません。"},
		{errors.New("connection reset"), "印刷できたか、わかりません。"},
		{nil, "プリンターが印刷しています。"},
	} {
		e := withPort(testEnv(t, "ja", unprinted(c.why, 3)), 32)
		for _, s := range []screen{newSale(e), newPaid(e, saleOf(pos.Paid)), newList(e)} {
			for _, size := range sizes {
				text := frame(e, s, size[0], size[1])
				fits(t, size[0], size[1], text)
				line := strings.Split(text, "\n")[1]
				if !strings.Contains(line, c.says) || !strings.Contains(line, "印刷待ち 3") || !strings.Contains(line, "Ctrl+P") {
					t.Errorf("%s at %v: %q", s.title(), size, line)
				}
			}
		}
	}
	e := withPort(testEnv(t, "ja", unprinted(nil, 1)), 32)
	e.now = func() time.Time { return noon.Add(-88 * time.Second) }
	if text := frame(e, newSale(e), 80, 24); strings.Contains(text, "Ctrl+P") {
		t.Errorf("a printer that prints is no trouble:\n%s", text)
	}
}

func TestPrintQueue_dropsOnlyWhenToldTwice(t *testing.T) {
	t.Parallel()
	f := unprinted(noPaper(), 3)
	e := withPort(testEnv(t, "ja", f), 32)
	now := noon
	e.now = func() time.Time { return now }
	var s screen = newPrintQueue(e)
	for _, no := range []string{"enter", "esc"} {
		s, _ = typed(s, "d")
		now = now.Add(time.Second)
		if s, _ = typed(s, no); f.dropped != 0 {
			t.Fatalf("%s gave them up", no)
		}
	}
	s, _ = typed(s, "d")
	now = now.Add(time.Second)
	f.dropError = pos.ErrJournal
	if s, _ = typed(s, "d"); f.dropped != 1 || !strings.Contains(s.view(80, 24), "記録") {
		t.Errorf("given up %d times, and says\n%s", f.dropped, s.view(80, 24))
	}
	s, _ = typed(s, "r")
	if f.tried != 1 || !strings.Contains(s.view(80, 24), "もう一度印刷しています") {
		t.Errorf("tried %d times, and says\n%s", f.tried, s.view(80, 24))
	}
	// What comes out by itself is not asked about any more.
	s, _ = typed(s, "d")
	f.status = pos.Status{}
	s, _, _ = s.update(changedMsg{})
	now = now.Add(time.Second)
	s, _ = typed(s, "d")
	if s, _ = typed(s, "r"); f.dropped != 1 || f.tried != 1 {
		t.Errorf("gave up %d times, tried %d times\n%s", f.dropped, f.tried, s.view(80, 24))
	}
}

func TestPrintQueue_byItsKeyOnEveryScreen(t *testing.T) {
	t.Parallel()
	f := paying(saleOf(pos.Paid))
	f.status = unprinted(noPaper(), 2).status
	inTill(t, "ja", f, func(l *testTill) {
		l.press("ctrl+p")
		onTop[paid](l) // there is no printer
		l.printer = withPort(l.env, 32).printer
		l.press("ctrl+p", "ctrl+p")
		onTop[printQueue](l)
		l.scan("4901234567894", "enter")
		onTop[printQueue](l)
		if f.tried+f.dropped > 0 {
			t.Error("a scan has done something")
		}
		l.press("esc")
		onTop[paid](l)
	})
}
