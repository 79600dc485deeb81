package ui

import (
	"errors"
	"fmt"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/google/go-cmp/cmp"

	"example.jp/reji/pos"
)

// salmon and tea are goods of the built-in catalogue.
const (
	salmonCode = "001"
	salmonBar  = "2000000000015"
)

func lines(l *testTill) []pos.Line { return l.order().Lines }

func salmon(n int64) pos.Line {
	return pos.Line{Code: salmonCode, Name: "おにぎり 鮭", NameEn: "onigiri salmon", Unit: 150, Quantity: n, Rate: pos.Reduced}
}

// voided is a line that was taken back for the first reason.
func voided(l pos.Line) pos.Line {
	l.Void = entryJa().VoidReasons.First
	return l
}

func price(y pos.Yen, r pos.Rate) pos.Line { return pos.Line{Unit: y, Quantity: 1, Rate: r} }

func TestSale_numberMeansItemThenPrice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		keys func(*testTill)
		want []pos.Line
	}{
		{"code", func(l *testTill) { l.text("001"); l.press("enter") }, []pos.Line{salmon(1)}},
		{"code twice", func(l *testTill) { l.text("001"); l.press("enter"); l.text("001"); l.press("enter") }, []pos.Line{salmon(2)}},
		{"full-width", func(l *testTill) { l.text("００１"); l.press("enter") }, []pos.Line{salmon(1)}},
		{"quantity first", func(l *testTill) { l.text("3*001"); l.press("enter") }, []pos.Line{salmon(3)}},
		{"price", func(l *testTill) { l.text("480"); l.press("enter") }, []pos.Line{price(480, pos.Standard)}},
		{"reduced price", func(l *testTill) { l.text("480r") }, []pos.Line{price(480, pos.Reduced)}},
		{"typed fast", func(l *testTill) { l.send(keyNamed("480"), keyNamed("enter")) }, []pos.Line{price(480, pos.Standard)}},
		{"mended", func(l *testTill) { l.text("487"); l.press("backspace"); l.text("0"); l.press("enter") }, []pos.Line{price(480, pos.Standard)}},
		{"plus and minus", func(l *testTill) { l.text("001"); l.press("enter", "+", "+", "-") }, []pos.Line{salmon(2)}},
		{"held plus", func(l *testTill) {
			l.text("001")
			l.press("enter")
			for range 4 {
				l.send(keyNamed("+"))
				l.pass(30 * time.Millisecond)
			}
		}, []pos.Line{salmon(5)}},
		{"minus to nothing", func(l *testTill) { l.text("001"); l.press("enter", "-", "enter") }, []pos.Line{salmon(1)}},
		{"delete", func(l *testTill) {
			l.text("001")
			l.press("enter")
			l.text("480")
			l.press("enter", "up", "delete", "1")
		}, []pos.Line{voided(salmon(1)), price(480, pos.Standard)}},
		{"undo", func(l *testTill) { l.text("001"); l.press("enter", "delete", "1", "u") }, []pos.Line{salmon(1)}},
		{"undo twice", func(l *testTill) { l.text("001"); l.press("enter", "+", "u", "u") }, nil},
		{"zero", func(l *testTill) { l.text("0"); l.press("enter") }, nil},
		{"mistyped code", func(l *testTill) { l.text("041"); l.press("enter") }, nil},
		{"mistyped code, full-width", func(l *testTill) { l.text("０４１"); l.press("enter") }, nil},
		{"mistyped code with a quantity", func(l *testTill) { l.text("3*041"); l.press("enter") }, nil},
		{"mistyped code, reduced", func(l *testTill) { l.text("041r") }, nil},
		{"quick reduced price, then another", func(l *testTill) { l.at(60*time.Millisecond, "4", "8", "0", "r", "5", "0", "enter") }, []pos.Line{price(480, pos.Reduced), price(50, pos.Standard)}},
		{"zero pieces", func(l *testTill) { l.text("0*001"); l.press("enter") }, nil},
		{"twelve digits", func(l *testTill) { l.text("123456789012"); l.press("enter") }, nil},
		{"pasted", func(l *testTill) {
			l.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("480"), Paste: true})
			l.press("enter")
		}, nil},
		{"kana", func(l *testTill) { l.text("あ"); l.press("enter") }, nil},
		{"search", func(l *testTill) { l.press("/"); l.text("salmon"); l.press("enter") }, []pos.Line{salmon(1)}},
		{"search with quantity", func(l *testTill) { l.text("3*"); l.press("/"); l.text("鮭"); l.press("enter") }, []pos.Line{salmon(3)}},
		{"search closed", func(l *testTill) { l.press("/"); l.text("salmon"); l.press("esc", "enter") }, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			inTill(t, "ja", &fake{}, func(l *testTill) {
				c.keys(l)
				if diff := cmp.Diff(c.want, lines(l)); diff != "" {
					l.Errorf("order (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestSale_saysWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := saleJa()
	for _, c := range []struct {
		name string
		keys func(*testTill)
		want string
	}{
		{"zero", func(l *testTill) { l.text("0"); l.press("enter") }, w.BadAmount},
		{"twelve digits", func(l *testTill) { l.text("123456789012"); l.press("enter") }, w.BadAmount},
		{"mistyped code", func(l *testTill) { l.text("041"); l.press("enter") }, fmt.Sprintf(w.NoItem, "041")},
		{"mistyped code, before Enter", func(l *testTill) { l.text("041") }, fmt.Sprintf(w.NoItem, "041")},
		{"mistyped code with a quantity", func(l *testTill) { l.text("3*041"); l.press("enter") }, fmt.Sprintf(w.NoItem, "041")},
		{"mistyped code, reduced", func(l *testTill) { l.text("041r") }, fmt.Sprintf(w.NoItem, "041")},
		{"unknown scan", func(l *testTill) { l.scan("49012347", "enter") }, fmt.Sprintf(w.UnknownCode, "49012347")},
		{"kana", func(l *testTill) { l.text("あ") }, w.NoLetters},
		{"full-width letter", func(l *testTill) { l.text("ｗ") }, w.NoLetters},
		{"letter", func(l *testTill) { l.text("w") }, fmt.Sprintf(w.NoLetter, "w")},
		{"percent", func(l *testTill) { l.text("10%") }, "値引きは 10 F8 のように"},
		{"nothing open", func(l *testTill) { l.text("!") }, w.NothingOpen},
		{"paste", func(l *testTill) { l.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("480"), Paste: true}) }, w.NoPaste},
		{"nothing to pay", func(l *testTill) { l.press("f9") }, w.EmptyOrder},
		{"typed and not added", func(l *testTill) { l.text("001"); l.press("enter"); l.text("4"); l.press("f9") }, w.InputLeft},
		{"nothing to undo", func(l *testTill) { l.press("u") }, w.NothingUndone},
		{"too many", func(l *testTill) { l.text("99999*001"); l.press("enter") }, w.BadQuantity},
		{"too much", func(l *testTill) { l.text("9999*99999999999"); l.press("enter") }, w.TooLarge},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			inTill(t, "ja", &fake{}, func(l *testTill) {
				c.keys(l)
				l.sees(w.Title)
				l.sees(c.want)
			})
		})
	}
}

func TestSale_scanIsACodeAndNeverAPrice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		keys  func(*testTill)
		want  []pos.Line
		input string
	}{
		{"known", func(l *testTill) { l.scan(salmonBar, "enter") }, []pos.Line{salmon(1)}, ""},
		{"known, one read", func(l *testTill) { l.send(keyNamed(salmonBar), keyNamed("enter")) }, []pos.Line{salmon(1)}, ""},
		{"known, ends with a line feed", func(l *testTill) { l.scan(salmonBar, "ctrl+j") }, []pos.Line{salmon(1)}, ""},
		{"known, ends with a tab", func(l *testTill) { l.scan(salmonBar, "tab") }, []pos.Line{salmon(1)}, ""},
		{"quantity first", func(l *testTill) { l.text("3*"); l.scan(salmonBar, "enter") }, []pos.Line{salmon(3)}, ""},
		{"something else was typed", func(l *testTill) { l.text("48"); l.pass(time.Second); l.scan(salmonBar, "enter") }, []pos.Line{salmon(1)}, "48"},
		{"in the search", func(l *testTill) { l.press("/"); l.scan(salmonBar, "enter") }, []pos.Line{salmon(1)}, ""},
		{"unknown", func(l *testTill) { l.scan("49012347", "enter") }, nil, "49012347"},
		{"unknown, Enter again", func(l *testTill) { l.scan("49012347", "enter"); l.press("enter") }, nil, "49012347"},
		{"unknown, then r", func(l *testTill) { l.scan("49012347", "enter"); l.press("r") }, nil, "49012347"},
		{"unknown, then a price", func(l *testTill) { l.scan("49012347", "enter"); l.text("480"); l.press("enter") }, []pos.Line{price(480, pos.Standard)}, ""},
		{"unknown, then a known one", func(l *testTill) { l.scan("49012347", "enter"); l.scan(salmonBar, "enter") }, []pos.Line{salmon(1)}, ""},
		{"unknown with a quantity, then a known one", func(l *testTill) { l.text("3*"); l.scan("49012347", "enter"); l.scan(salmonBar, "enter") }, []pos.Line{salmon(1)}, ""},
		{"unknown, in one read", func(l *testTill) { l.send(keyNamed("49012347"), keyNamed("enter")) }, nil, "49012347"},
		{"unknown, in the search", func(l *testTill) { l.press("/"); l.scan("49012347", "enter"); l.press("enter") }, nil, "49012347"},
		{"letters", func(l *testTill) { l.scan("urURU-123", "enter") }, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			inTill(t, "ja", &fake{}, func(l *testTill) {
				c.keys(l)
				if diff := cmp.Diff(c.want, lines(l)); diff != "" {
					l.Errorf("order (-want +got):\n%s", diff)
				}
				if got := l.saleScreen().input; got != c.input {
					l.Errorf("the input is %q, want %q", got, c.input)
				}
			})
		})
	}
}

func TestSale_scanWithLettersUndoesNothing(t *testing.T) {
	t.Parallel()
	inTill(t, "ja", &fake{}, func(l *testTill) {
		l.text("001")
		l.press("enter")
		l.scan("u12345", "enter")
		if diff := cmp.Diff([]pos.Line{salmon(1)}, lines(l)); diff != "" {
			l.Errorf("order (-want +got):\n%s", diff)
		}
	})
}

// charging is a register that makes a live sale of every order.
func charging() *fake {
	f := &fake{}
	f.charge = func(o pos.Order) (pos.Sale, error) {
		s := saleOf(pos.Requested)
		s.Order = o
		s.Totals, _ = o.Totals()
		f.mu.Lock()
		defer f.mu.Unlock()
		f.sales = []pos.Snapshot{{Sale: s}}
		return s, nil
	}
	return f
}

func TestSale_doubleF9ChargesOnce(t *testing.T) {
	t.Parallel()
	f := charging()
	charge, calls := f.charge, 0
	f.charge = func(o pos.Order) (pos.Sale, error) { calls++; return charge(o) }
	inTill(t, "ja", f, func(l *testTill) {
		l.text("001")
		l.press("enter")
		l.msgs <- keyNamed("f9")
		l.send(keyNamed("f9"))
		if calls != 1 {
			l.Errorf("%d charges", calls)
		}
		onTop[payment](l)
	})
}

func TestSale_orderStandsStillWhileItIsCharged(t *testing.T) {
	t.Parallel()
	f := charging()
	charge := f.charge
	f.charge = func(o pos.Order) (pos.Sale, error) { <-time.After(2 * time.Second); return charge(o) }
	inTill(t, "ja", f, func(l *testTill) {
		l.text("001")
		l.press("enter", "f9", "+", "delete", "/", "f3")
		l.sees(saleJa().Charging)
		if diff := cmp.Diff([]pos.Line{salmon(1)}, lines(l)); diff != "" {
			l.Errorf("order (-want +got):\n%s", diff)
		}
		l.pass(3 * time.Second)
		onTop[payment](l)
	})
}

func TestSale_chargeThatFailsKeepsTheOrder(t *testing.T) {
	t.Parallel()
	f := &fake{charge: func(pos.Order) (pos.Sale, error) { return pos.Sale{}, errors.Join(pos.ErrJournal) }}
	inTill(t, "ja", f, func(l *testTill) {
		l.text("001")
		l.press("enter", "f9")
		l.sees(problemJa().Journal.Says)
		if diff := cmp.Diff([]pos.Line{salmon(1)}, lines(l)); diff != "" {
			l.Errorf("order (-want +got):\n%s", diff)
		}
	})
}

func TestSale_journalTroubleRefusesToCharge(t *testing.T) {
	t.Parallel()
	f := &fake{charge: func(pos.Order) (pos.Sale, error) { t.Error("charged"); return pos.Sale{}, nil }}
	f.status.Trouble = errors.New("disk full")
	inTill(t, "ja", f, func(l *testTill) {
		l.text("001")
		l.press("enter", "f9")
		l.sees(commonJa().JournalBad)
	})
}

func TestSale_attentionComesFirst(t *testing.T) {
	t.Parallel()
	waiting := saleOf(pos.Unknown)
	f := &fake{sales: []pos.Snapshot{{Sale: waiting}}}
	f.status.Unsettled = 1
	inTill(t, "ja", f, func(l *testTill) {
		l.sees("! " + saleJa().KeyOpen)
		l.press("!")
		if got := onTop[payment](l).snap.Sale.ID; got != waiting.ID {
			l.Errorf("opened %s", got)
		}
	})
}

func TestSale_attentionIsForWhatAPersonMustLookAt(t *testing.T) {
	t.Parallel()
	f := &fake{sales: []pos.Snapshot{{Sale: paidLate()}}}
	f.tasks = []pos.Task{{Kind: pos.TaskLate, Sale: f.sales[0].Sale.ID}}
	inTill(t, "ja", f, func(l *testTill) {
		l.sees("! " + saleJa().KeyLook)
		l.press("!")
		onTop[tasks](l)
		l.press("esc", "!")
		onTop[tasks](l)
		l.press("esc")
		f.tasks, f.sales = nil, []pos.Snapshot{{Sale: saleOf(pos.Live)}}
		l.send(changedMsg{})
		l.sees("! " + saleJa().KeyOpen)
		l.press("!")
		onTop[payment](l)
	})
}

func TestSale_golden(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		keys func(*testTill)
	}{
		{"empty", func(*testTill) {}},
		{"three-lines", threeLines},
		{"message", func(l *testTill) { threeLines(l); l.scan("4901234567894", "enter") }},
		{"typing", func(l *testTill) { threeLines(l); l.text("2*480") }},
		{"search", func(l *testTill) { threeLines(l); l.press("/"); l.text("ラテ") }},
		{"search-nothing", func(l *testTill) { l.press("/"); l.text("zzz") }},
		{"palette", func(l *testTill) { threeLines(l); l.press(":") }},
		{"quit", func(l *testTill) { l.status.Unsettled = 1; l.press("ctrl+c") }},
		{"journal-trouble", func(l *testTill) {
			threeLines(l)
			l.fake.status.Trouble = errors.New("disk full")
			l.send(changedMsg{})
		}},
		{"unsettled", func(l *testTill) {
			threeLines(l)
			l.fake.sales = []pos.Snapshot{{Sale: saleOf(pos.Unknown)}}
			l.fake.status.Unsettled = 1
			l.fake.tasks, l.fake.status.Tasks = []pos.Task{{Kind: pos.TaskLate, Sale: "x"}}, 1
			l.fake.status.Contact.Problem = errors.New("no route")
			l.send(changedMsg{})
		}},
		{"largest", func(l *testTill) { l.text("99999999999"); l.press("enter") }},
	} {
		for _, lang := range []string{"ja", "en"} {
			t.Run(c.name+"-"+lang, func(t *testing.T) {
				t.Parallel()
				inTill(t, lang, &fake{}, func(l *testTill) {
					c.keys(l)
					for _, size := range sizes {
						l.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
						golden(t, sized("Sale/"+c.name, size, lang), size[0], size[1], l.View())
					}
				})
			})
		}
	}
}

func threeLines(l *testTill) {
	l.text("2*001")
	l.press("enter")
	l.text("016")
	l.press("enter")
	l.text("480")
	l.press("enter")
}
