package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"example.jp/reji/pos"
)

// sold is a line of the built-in catalogue.
func sold(l *testTill, code string, n int64) pos.Line {
	l.Helper()
	item, ok := l.catalog.Find(code)
	if !ok {
		l.Fatalf("no item %s", code)
	}
	return item.Line(n)
}

func at(l pos.Line, price pos.Yen) pos.Line {
	l.Unit = price
	return l
}

// ofSet is a line of a set that has two lines and is 100 yen cheaper.
func ofSet(name string, l pos.Line, pieces int64, y pos.Yen) pos.Line {
	l.Part = pos.Part{Set: 1, Name: name, Off: 100, Lines: 2, Pieces: pieces}
	if y > 0 {
		l.Off = pos.Discount{Yen: y, Why: name}
	}
	return l
}

// withQuick is a till whose quick keys stand in a file.
func withQuick(t *testing.T, lang, text string, r *fake, test func(l *testTill, file string)) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "quick.toml")
	if text != "" {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r.quick = OpenQuickKeys(file)
	inTill(t, lang, r, func(l *testTill) { test(l, file) })
}

const shopsKeys = "[1]\na = \"001\"\ns = \"091\"\nd = \"Aセット: 034 003*2 -100\"\nf = \"gone: 999\"\ng = \"002*3\"\nh = \"034 091\"\n[3]\nn = \"016\"\n"

func TestQuick_onePressSells(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, keys string
		want       func(*testTill) []pos.Line
	}{
		{"an item", "a", func(l *testTill) []pos.Line { return []pos.Line{sold(l, "001", 1)} }},
		{"twice", "a a", func(l *testTill) []pos.Line { return []pos.Line{sold(l, "001", 2)} }},
		{"capital, and full-width", "A ａ", func(l *testTill) []pos.Line { return []pos.Line{sold(l, "001", 2)} }},
		{"quantity first", "3* a", func(l *testTill) []pos.Line { return []pos.Line{sold(l, "001", 3)} }},
		{"several of an item", "2* g", func(l *testTill) []pos.Line { return []pos.Line{sold(l, "002", 6)} }},
		{"amount of a department", "500 s", func(l *testTill) []pos.Line { return []pos.Line{at(sold(l, "091", 1), 500)} }},
		{"several of an amount", "3*500 s", func(l *testTill) []pos.Line { return []pos.Line{at(sold(l, "091", 3), 500)} }},
		{"department, then its amount", "s 5 0 0 enter", func(l *testTill) []pos.Line { return []pos.Line{at(sold(l, "091", 1), 500)} }},
		{"several of a department", "2* s 500 enter", func(l *testTill) []pos.Line { return []pos.Line{at(sold(l, "091", 2), 500)} }},
		{"department by its code", "091 enter 500 enter", func(l *testTill) []pos.Line { return []pos.Line{at(sold(l, "091", 1), 500)} }},
		{"department without a price", "s enter esc a", func(l *testTill) []pos.Line { return []pos.Line{sold(l, "001", 1)} }},
		{"department, letters for a price", "s x 5 0 enter", func(l *testTill) []pos.Line { return []pos.Line{at(sold(l, "091", 1), 50)} }},
		{"amount, then the search", "500 / enter", func(l *testTill) []pos.Line { return []pos.Line{at(sold(l, "091", 1), 500)} }},
		{"an amount for what has a price", "500 a esc a", func(l *testTill) []pos.Line { return []pos.Line{sold(l, "001", 1)} }},
		{"a set", "d", func(l *testTill) []pos.Line {
			return []pos.Line{ofSet("Aセット", sold(l, "034", 1), 1, 68), ofSet("Aセット", sold(l, "003", 2), 2, 32)}
		}},
		{"two sets", "2* d", func(l *testTill) []pos.Line {
			return []pos.Line{ofSet("Aセット", sold(l, "034", 2), 1, 136), ofSet("Aセット", sold(l, "003", 4), 2, 64)}
		}},
		{"two sets, and a tea less", "2* d -", func(l *testTill) []pos.Line {
			return []pos.Line{ofSet("Aセット", sold(l, "034", 2), 1, 68), ofSet("Aセット", sold(l, "003", 3), 2, 32)}
		}},
		{"a set, and a tea less", "d -", func(l *testTill) []pos.Line {
			return []pos.Line{ofSet("Aセット", sold(l, "034", 1), 1, 0), ofSet("Aセット", sold(l, "003", 1), 2, 0)}
		}},
		{"a set undone at once", "a d u", func(l *testTill) []pos.Line { return []pos.Line{sold(l, "001", 1)} }},
		{"goods that are gone", "f", func(*testTill) []pos.Line { return nil }},
		{"a set with a department", "h", func(*testTill) []pos.Line { return nil }},
		{"a free key", "z", func(*testTill) []pos.Line { return nil }},
		{"another page", "tab n tab a", func(l *testTill) []pos.Line { return []pos.Line{sold(l, "016", 1), sold(l, "001", 1)} }},
		{"the page before", "shift+tab n", func(l *testTill) []pos.Line { return []pos.Line{sold(l, "016", 1)} }},
		{"a return", "-500 s", func(*testTill) []pos.Line { return nil }},
		{"too many", "9999* g", func(*testTill) []pos.Line { return nil }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			withQuick(t, "ja", shopsKeys, &fake{}, func(l *testTill, _ string) {
				l.types(c.keys)
				if diff := cmp.Diff(c.want(l), lines(l)); diff != "" {
					l.Errorf("order (-want +got):\n%s\n%s", diff, l.View())
				}
			})
		})
	}
}

func TestQuick_saysWhy(t *testing.T) {
	t.Parallel()
	w := quickEn()
	for _, c := range []struct{ keys, want string }{
		{"z", "Nothing is on z yet. F12 puts goods there."},
		{"f", "f: there is no item 999 any more."},
		{"3 a", fmt.Sprintf(w.Priced, "onigiri salmon", "3")},
		{"0500 s", saleEn().BadAmount},
		{"s enter", saleEn().BadAmount},
		{"s", fmt.Sprintf(w.Ask, "food") + " > "},
		{"091", "food  Enter asks for the price"},
		{"a", "Added: onigiri salmon"},
		{"d", "Added: Aセット"},
		{"d up", "Discount -¥68 Aセット"},
		{"d -", "No price off for Aセット now"},
		{"d delete 1", "No price off for Aセット now  Removed: green tea 500ml"},
		{"2* d 3 f6", "Price off for Aセット: 1 of it  "},
		{"d 150 p 1", "No price off for Aセット now"},
		{"d 10 f8 2", "No price off for Aセット now"},
		{"d delete 1 u", "Undone: green tea"},
	} {
		withQuick(t, "en", shopsKeys, &fake{}, func(l *testTill, _ string) {
			l.types(c.keys)
			l.sees(c.want)
		})
	}
}

// A scan while a price is asked for adds its item, and what is typed stays.
func TestQuick_scanWhileAPriceIsAskedFor(t *testing.T) {
	t.Parallel()
	for _, gap := range []time.Duration{0, 10 * time.Millisecond, 45 * time.Millisecond} {
		withQuick(t, "ja", shopsKeys, &fake{}, func(l *testTill, _ string) {
			l.types("s 48")
			l.burst(salmonBar, gap)
			l.types("0 enter")
			want := []pos.Line{sold(l, "001", 1), at(sold(l, "091", 1), 480)}
			if diff := cmp.Diff(want, lines(l)); diff != "" {
				l.Errorf("%v: order (-want +got):\n%s", gap, diff)
			}
		})
	}
}

// A page is turned for one customer.
func TestQuick_nextCustomerHasTheFirstPage(t *testing.T) {
	t.Parallel()
	withQuick(t, "ja", shopsKeys, &fake{}, func(l *testTill, _ string) {
		l.types("tab n f4 a")
		if diff := cmp.Diff([]pos.Line{sold(l, "001", 1)}, lines(l)); diff != "" {
			l.Errorf("order (-want +got):\n%s", diff)
		}
	})
}

// A till that nobody has set up sells with one key.
func TestQuick_firstGoods(t *testing.T) {
	t.Parallel()
	inTill(t, "ja", &fake{}, func(l *testTill) {
		l.types("a 500 n tab a")
		want := []pos.Line{sold(l, "001", 1), at(sold(l, "093", 1), 500), sold(l, "010", 1)}
		if diff := cmp.Diff(want, lines(l)); diff != "" {
			l.Errorf("order (-want +got):\n%s", diff)
		}
	})
	none := pos.Catalog{}
	inTill(t, "ja", &fake{catalog: &none}, func(l *testTill) {
		l.types("a tab shift+tab 480 enter")
		if len(lines(l)) != 1 {
			l.Errorf("order %v", lines(l))
		}
	})
}

// Whatever a scanner sends, it presses no quick key.
func TestQuick_noScanPressesOne(t *testing.T) {
	t.Parallel()
	codes := []string{
		"asdfgh", "zxcvbn", "aaaaaaaaaaaa", "ASDFGHZXCVBN", "asdfghzxcvbnasdfghzx", "1a2s3d4f5g6h", "12345a", "a12345", "FNC1ABC", "abc-123-def", "12345v", "1234567890128n",
		"as", "asd", "asdf", "asdfg", "a1b2", "ａｓｄｆｇｈ",
	}
	for _, code := range codes {
		for _, gap := range []time.Duration{0, time.Millisecond, 10 * time.Millisecond, 45 * time.Millisecond} {
			for _, end := range []string{"enter", "tab", "ctrl+j", ""} {
				inTill(t, "ja", &fake{}, func(l *testTill) {
					if gap == 0 {
						l.send(keyNamed(code))
					} else {
						for i, r := range []rune(code) {
							if i > 0 {
								l.pass(gap)
							}
							l.send(keyNamed(string(r)))
						}
					}
					if end != "" {
						l.pass(gap)
						l.send(keyNamed(end))
					}
					l.pass(2 * time.Second)
					if len(lines(l)) > 0 {
						l.Errorf("%q, %v apart, then %q: order %+v", code, gap, end, lines(l))
					}
				})
			}
		}
	}
}

// Bursts of every kind, one after another, into every state of the sale screen.
func TestQuick_storm(t *testing.T) {
	t.Parallel()
	states := []string{"", "480", "3*", "/ ko", "f12", "f12 a", "f12 a 034", "s", "001 enter f7", "tab", "001 enter delete", "001 enter f4 f5"}
	rapid.Check(t, func(rt *rapid.T) {
		state := rapid.SampledFrom(states).Draw(rt, "state")
		bursts := rapid.SliceOfN(rapid.StringOfN(rapid.RuneFrom([]rune(quickLetters+strings.ToUpper(quickLetters)+"ruyepq")), 6, 20, -1), 1, 5).Draw(rt, "bursts")
		gap := time.Duration(rapid.IntRange(0, 45).Draw(rt, "gap")) * time.Millisecond
		inTill(t, "ja", &fake{}, func(l *testTill) {
			l.types(state)
			l.pass(time.Second)
			before, quick := l.order(), fmt.Sprint(l.saleScreen().quick)
			for _, b := range bursts {
				l.burst(b, gap)
			}
			if diff := cmp.Diff(before, l.order()); diff != "" {
				rt.Errorf("%q, bursts %q: order (-before +after):\n%s", state, bursts, diff)
			}
			if after := fmt.Sprint(l.saleScreen().quick); after != quick {
				rt.Errorf("%q, bursts %q: quick keys %s", state, bursts, after)
			}
		})
	})
}

// A key that is held down sells once.
func TestQuick_heldKeySellsOnce(t *testing.T) {
	t.Parallel()
	inTill(t, "ja", &fake{}, func(l *testTill) {
		l.send(keyNamed("a"))
		l.pass(500 * time.Millisecond)
		for range 20 {
			l.send(keyNamed("a"))
			l.pass(33 * time.Millisecond)
		}
		l.pass(time.Second)
		if diff := cmp.Diff([]pos.Line{salmon(1)}, lines(l)); diff != "" {
			l.Errorf("order (-want +got):\n%s", diff)
		}
	})
}

// What the terminal makes of a cut escape sequence presses nothing.
func TestQuick_notWithAlt(t *testing.T) {
	t.Parallel()
	inTill(t, "ja", &fake{}, func(l *testTill) {
		l.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("a"), Alt: true})
		l.pass(time.Second)
		if len(lines(l)) > 0 {
			l.Errorf("order %+v", lines(l))
		}
	})
}

func TestQuick_pressedTogetherIsSaid(t *testing.T) {
	t.Parallel()
	inTill(t, "ja", &fake{}, func(l *testTill) {
		l.send(keyNamed("a"))
		l.pass(20 * time.Millisecond)
		l.send(keyNamed("s"))
		l.pass(time.Second)
		l.sees(fmt.Sprintf(quickJa().TooFast, "as"))
	})
}

func TestReadQuickKey(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"001": "001", " 034  003*2 -100 ": "034 003*2 -100", "A: 034*1": "A: 034", "-100 034": "034 -100", "a-1": "a-1", "A b: 1 2": "A b: 1 2",
		"": "", "A:": "", "-100": "", "034 -0": "", "034 -1 -2": "", "034*0": "", "034*x": "", "034*10000": "", "*2": "", "弁当": "", "a b: c: d": "",
		strings.Repeat("1 ", maxSet+1): "",
	} {
		k, ok := readQuickKey(text)
		if !ok {
			k = quickKey{}
		}
		if k.String() != want || ok != (want != "") {
			t.Errorf("%q reads %q, %v; want %q", text, k, ok, want)
		}
	}
}

// A number left in the input becomes the first digits of a quantity, and a key
// would sell so many sets.
func TestQuick_asksAboutAHundredSets(t *testing.T) {
	t.Parallel()
	set := quickPage{{name: "set", goods: []quickGoods{{code: "001", n: 1}, {code: "003", n: 1}}, off: 10}}
	for keys, want := range map[string]int64{"1002* a wait esc": 0, "1002* a wait enter 2* a": 2, "100* a wait y": 100, "99* a": 99} {
		inTill(t, "ja", &fake{entry: Entry{Ceiling: 100_000}, quick: QuickKeys{pages: []quickPage{set}}}, func(l *testTill) {
			l.types(keys)
			if l.pass(2 * time.Second); l.saleScreen().totals.Count != 2*want {
				l.Errorf("%s: %d pieces", keys, l.saleScreen().totals.Count)
			}
		})
	}
}
