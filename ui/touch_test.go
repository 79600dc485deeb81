package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"example.jp/reji/pos"
)

// touch touches the first cell of a text on the screen.
func (l *testTill) touch(text string) {
	l.Helper()
	for y, line := range strings.Split(ansi.Strip(l.View()), "\n") {
		if before, _, ok := strings.Cut(line, text); ok {
			l.touchAt(cells(before), y)
			return
		}
	}
	l.Fatalf("%q is not on the screen:\n%s", text, ansi.Strip(l.View()))
}

func (l *testTill) touchAt(x, y int) {
	l.send(tea.MouseMsg{X: x, Y: y, Button: tea.MouseButtonLeft, Action: tea.MouseActionPress})
	l.send(tea.MouseMsg{X: x, Y: y, Button: tea.MouseButtonLeft, Action: tea.MouseActionRelease})
	l.pass(400 * time.Millisecond)
}

func TestTouch_sells(t *testing.T) {
	t.Parallel()
	inTill(t, "ja", charging(), func(l *testTill) {
		l.touch("/ 探す")
		l.touch("003 ")
		l.touch("003 ")
		if got := l.order().Lines; len(got) != 1 || got[0].Code != "003" {
			l.Fatalf("the order is %+v", got)
		}
		l.touch("F9 PayPay")
		onTop[payment](l)
	})
}

// A quick key can be touched over all its cell, beside the order and above the
// input, also where its label is cut.
func TestTouch_quickKeys(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{60, 20}, {80, 24}, {120, 40}} {
		inTill(t, "ja", &fake{}, func(l *testTill) {
			l.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
			for i, c := range quickLetters[:9] {
				label := l.saleScreen().labels[0].labels[i].text
				l.touch(string(c) + " " + blank(map[bool]int{true: 1}[size[0] == 120]) + string([]rune(label)[:1]))
				if got := l.order().Lines; len(got) != i+1 || got[i].Code != l.saleScreen().quick[0][i].goods[0].code {
					l.Fatalf("%v: %c sold %+v", size, c, got)
				}
			}
		})
	}
}

// Two signs of Japanese may be all of a label that there is room for.
func TestTouch_shortLabel(t *testing.T) {
	t.Parallel()
	b := button{"f", "ほうじ茶500ml", "f"}
	for line, want := range map[string]int{"ほう   g": len("ほう"), "ほう": len("ほう"), "ほうき": 0, "ほ    g": 0} {
		if got := b.drawn(line); got != want {
			t.Errorf("%q: %d, want %d", line, got, want)
		}
	}
}

// A dialog takes a finger as it takes its keys: not at once, and only on the
// answer itself.
func TestTouch_answersDialog(t *testing.T) {
	t.Parallel()
	f, did := calls(saleOf(pos.Live))
	inTill(t, "en", f, func(l *testTill) {
		l.touch("x stop payment")
		l.sees(l.words.Payment.GiveUpTitle)
		for _, beside := range []string{l.words.Payment.GiveUpTitle, "PayPay OK"} {
			l.touch(beside)
		}
		l.sees(l.words.Payment.GiveUpTitle)
		if len(*did) != 0 {
			l.Fatalf("did %v", *did)
		}
		l.touch("stop payment")
		if !slices.Contains(*did, "give up") {
			l.Errorf("did %v", *did)
		}
	})
}

// What a terminal takes for touches may be a scanner that has gone mad.
func TestTouch_fastIsNotAPerson(t *testing.T) {
	t.Parallel()
	f, did := calls(saleOf(pos.Live))
	inTill(t, "en", f, func(l *testTill) {
		for y := range 24 {
			for x := range 80 {
				l.send(tea.MouseMsg{X: x, Y: y, Button: tea.MouseButtonLeft, Action: tea.MouseActionPress})
			}
		}
		l.pass(time.Second)
		if len(*did) != 0 || l.quit {
			l.Errorf("did %v, quit %v", *did, l.quit)
		}
	})
}

// Everything that is written in the footer can be touched, over all its length
// and nowhere else.
func TestTouch_footer(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ja", "en"} {
		f := &fake{sales: []pos.Snapshot{{Sale: saleOf(pos.Live)}}, unfinished: saleOf(pos.Live).ID}
		inTill(t, lang, f, func(l *testTill) {
			lines := strings.Split(ansi.Strip(l.View()), "\n")
			footer := lines[len(lines)-1]
			seen := map[string]int{}
			for x := range cells(footer) {
				for _, b := range l.buttons() {
					if b.under(footer, x) {
						seen[b.press]++
					}
				}
			}
			for _, b := range l.buttons() {
				if written := strings.Contains(footer, b.name+" "+b.label); written != (seen[b.press] > 0) {
					l.Errorf("%s %s is written: %v, and takes %d cells", b.name, b.label, written, seen[b.press])
				} else if want := cells(b.name + " " + b.label); written && (seen[b.press] < want || seen[b.press] > want+2) {
					l.Errorf("%s %s has %d cells, and takes %d", b.name, b.label, want, seen[b.press])
				}
			}
		})
	}
}

// The line that is touched is the line that is selected, in lists that fit and
// in lists that scroll.
func TestTouch_rows(t *testing.T) {
	t.Parallel()
	f := charging()
	inTill(t, "ja", f, func(l *testTill) {
		l.press("/")
		for _, y := range []int{12, 4, 9, 9} {
			lines := strings.Split(ansi.Strip(l.View()), "\n")
			want := strings.Fields(strings.ReplaceAll(lines[y], ">", ""))
			before := len(l.order().Lines)
			l.touchAt(20, y)
			if got := l.order().Lines; len(got) > before {
				if got[0].Code != want[0] {
					l.Errorf("line %d sold %s, want %s", y, got[0].Code, want[0])
				}
				return
			}
			s := l.saleScreen().search
			if got := s.found[s.cursor].Code; got != want[0] {
				l.Errorf("line %d selected %s, want %s", y, got, want[0])
			}
		}
		l.Error("the selected line was touched, and nothing sold")
	})
}
