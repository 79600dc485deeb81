package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/google/go-cmp/cmp"

	"example.jp/reji/pos"
)

func TestSale_taxThatChangedMeanwhileIsSaidBeforeTheCharge(t *testing.T) {
	t.Parallel()
	f := charging()
	charge := f.charge
	f.charge = func(o pos.Order) (pos.Sale, error) {
		if o.Tax != f.Tax() {
			return pos.Sale{}, pos.ErrTax
		}
		return charge(o)
	}
	inTill(t, "ja", f, func(l *testTill) {
		l.text("001")
		l.press("enter")
		f.tax = pos.Tax{Standard: 10, Reduced: 0, Rounding: pos.HalfUp}
		l.press("f9")
		l.sees(entryJa().TaxChanged)
		if got := l.order().Tax; got != f.tax {
			l.Errorf("the order is taxed by %+v", got)
		}
		l.press("f9")
		onTop[payment](l)
	})
}

func TestSale_ordersAreTaxedAsTheRegisterSays(t *testing.T) {
	t.Parallel()
	f := charging()
	f.tax = pos.Tax{Standard: 10, Excluded: true, Rounding: pos.Up}
	inTill(t, "ja", f, func(l *testTill) {
		if got := l.order().Tax; got != f.tax {
			l.Errorf("the first order is taxed by %+v", got)
		}
		l.send(homeMsg{}, resumeMsg{order: pos.NewOrder(salmon(1))})
		if got := l.order().Tax; got != f.tax {
			l.Errorf("an order that came back is taxed by %+v", got)
		}
	})
}

func TestSale_linesAreChangedByNumberAndKey(t *testing.T) {
	t.Parallel()
	change := func(l pos.Line, f func(*pos.Line)) pos.Line {
		f(&l)
		return l
	}
	off := func(d pos.Discount) func(*pos.Line) { return func(l *pos.Line) { l.Off = d } }
	why := entryJa().PriceReasons
	for _, c := range []struct {
		name string
		keys string
		want []pos.Line
	}{
		{"quantity", "001 enter 12 f6", []pos.Line{salmon(12)}},
		{"quantity without a number", "001 enter f6", []pos.Line{salmon(1)}},
		{"quantity of nothing", "001 enter 0 f6", []pos.Line{salmon(1)}},
		{"quantity too large", "001 enter 10000 f6", []pos.Line{salmon(1)}},
		{"a number after an item is a new entry", "001 enter 3 480 enter", []pos.Line{salmon(1), price(3480, pos.Standard)}},
		{"quantity of a bare price", "3* 150 enter", []pos.Line{{Unit: 150, Quantity: 3, Rate: pos.Standard}}},
		{"taken back", "001 enter delete 1", []pos.Line{voided(salmon(1))}},
		{"taken back by minus", "001 enter - 1", []pos.Line{voided(salmon(1))}},
		{"not taken back", "001 enter delete enter", []pos.Line{salmon(1)}},
		{"not taken back by a key of nothing", "001 enter delete 9 esc", []pos.Line{salmon(1)}},
		{"taken back by full-width", "001 enter delete １", []pos.Line{voided(salmon(1))}},
		{"taken back twice", "001 enter delete 1 delete 2", []pos.Line{voided(salmon(1))}},
		{"what was taken back stands still", "001 enter delete 1 + 3 f6", []pos.Line{voided(salmon(1))}},
		{"taken back and scanned anew", "001 enter delete 1 001 enter", []pos.Line{voided(salmon(1)), salmon(1)}},
		{"price", "001 enter 120 p 2", []pos.Line{change(salmon(1), func(l *pos.Line) {
			l.Unit, l.Listed, l.Why = 120, 150, why.Second
		})}},
		{"price twice", "001 enter 120 p 2 100 p 1", []pos.Line{change(salmon(1), func(l *pos.Line) {
			l.Unit, l.Listed, l.Why = 100, 150, why.First
		})}},
		{"price without a reason", "001 enter 120 p esc", []pos.Line{salmon(1)}},
		{"price of nothing", "001 enter 0 p", []pos.Line{salmon(1)}},
		{"yen off", "001 enter 30 f8 1", []pos.Line{change(salmon(1), off(pos.Discount{Yen: 30}))}},
		{"percent off", "001 enter 30 f8 2", []pos.Line{change(salmon(1), off(pos.Discount{Percent: 30}))}},
		{"no percentage over 100", "001 enter 101 f8 2 esc", []pos.Line{salmon(1)}},
		{"off needs a reason", "10* 001 enter 10 f8 2 3", []pos.Line{change(salmon(10), off(pos.Discount{Percent: 10, Why: why.Third}))}},
		{"off without one", "10* 001 enter 10 f8 2 esc", []pos.Line{salmon(10)}},
		{"off no more", "001 enter 30 f8 1 0 f8 1", []pos.Line{salmon(1)}},
		{"nothing off what was taken back", "001 enter delete 1 30 f8 1 esc", []pos.Line{voided(salmon(1))}},
		{"note", "001 enter f7 abc enter", []pos.Line{change(salmon(1), func(l *pos.Line) { l.Note = "abc" })}},
		{"note dropped", "001 enter f7 abc esc", []pos.Line{salmon(1)}},
		{"undone and redone", "001 enter + + u u y", []pos.Line{salmon(2)}},
		{"nothing to redo after a change", "001 enter + u - y esc", []pos.Line{salmon(1)}},
		{"given up", "001 enter q wait y", nil},
		{"not given up", "001 enter q wait enter", []pos.Line{salmon(1)}},
		{"given up too fast", "001 enter q y", []pos.Line{salmon(1)}},
		{"amount over the ceiling", "123456 enter wait y", []pos.Line{price(123456, pos.Standard)}},
		{"amount over the ceiling, not", "123456 enter wait enter", nil},
		{"amount over the ceiling, Enter twice", "123456 enter enter", nil},
		{"many over the ceiling", "3* 50000 r wait y", []pos.Line{{Unit: 50000, Quantity: 3, Rate: pos.Reduced}}},
		{"amount at the ceiling", "100000 enter", []pos.Line{price(100000, pos.Standard)}},
		{"a hundred pieces", "100* 001 enter wait y", []pos.Line{salmon(100)}},
		{"a hundred pieces, not", "100* 001 enter wait enter", nil},
		{"a hundred pieces on a key", "100* a wait enter a", []pos.Line{salmon(1)}},
		{"a hundred pieces of a line", "001 enter 100 f6 wait esc", []pos.Line{salmon(1)}},
		{"ninety-nine pieces", "99* 001 enter", []pos.Line{salmon(99)}},
		{"a number left by a discount", "001 enter 100 f8 esc 2* a", []pos.Line{salmon(3)}},
		{"a number left by a price", "001 enter 120 p enter wait 2* 001 enter", []pos.Line{salmon(3)}},
		{"a return", "-100 enter", nil},
		{"a return at the reduced rate", "-100 r", nil},
		{"a return of several", "3*-100 enter", nil},
		{"below nothing", "001 enter esc 3*-100 enter esc", []pos.Line{salmon(1)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			inTill(t, "ja", &fake{entry: Entry{Ceiling: 100_000, ReasonAbove: 100}}, func(l *testTill) {
				l.types(c.keys)
				if diff := cmp.Diff(c.want, lines(l)); diff != "" {
					l.Errorf("order (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// types presses keys by name, and types what is no key's.
func (l *testTill) types(keys string) {
	for name := range strings.FieldsSeq(keys) {
		if name == "wait" {
			l.pass(time.Second)
		} else if _, ok := keyMsg(name); ok {
			l.press(name)
		} else {
			l.text(name)
		}
	}
}

func TestSale_saysWhatIsWrongWithALine(t *testing.T) {
	t.Parallel()
	w := entryJa()
	for _, c := range []struct{ keys, want string }{
		{"001 enter f6", fmt.Sprintf(w.NumberOf, "おにぎり 鮭") + " > _"},
		{"001 enter f6 3 enter", "¥450"},
		{"001 enter f6 0 enter", saleJa().BadQuantity},
		{"001 enter f6 enter", "¥150"},
		{"001 enter f6 3 esc", "¥150"},
		{"001 enter p", fmt.Sprintf(w.PriceOf, "おにぎり 鮭") + " > _"},
		{"001 enter p 120 enter 2 esc", fmt.Sprintf(w.PriceWas, "¥150", w.PriceReasons.Second)},
		{"001 enter f8", w.OffHow + " > _"},
		{"001 enter f8 30 enter 2", "[-30%]"},
		{"002 enter 001 enter delete 1 30 f8 3", "¥110"}, // also with what was taken back selected
		{"001 enter 30 f8 3", "[" + fmt.Sprintf(w.OffOrder, "-¥30") + "]"},
		{"f8", saleJa().EmptyOrder},
		{"001 enter delete 1 +", w.VoidAlready},
		{"001 enter delete 1", "[" + w.VoidMark + "]"},
		{"001 enter delete 1 f9", w.NothingToPay},
		{"001 enter 100 f8 4 1 f9", w.NothingToPay},
		{"y", w.NothingToRedo},
		{"-100", w.ReturnHow},
		{"-100 enter", w.ReturnHow},
		{"3*-100 r", w.ReturnHow},
		{"123456 enter", "12万3,456円"},
		{"99999999999 enter", "999億9999万9,999円"},
		{"123000000 enter", "1億2300万円"},
		{"001 enter e", "[店内飲食 10%]"},
		{"001 enter 30 f8 2", "[-30%]"},
		{"001 enter 30 f8 4", "[全体 -30% -¥45]"},
		{"001 enter f7 abc enter esc", fmt.Sprintf(w.NoteIs, "abc")},
		{"001 enter 120 p 2 esc", fmt.Sprintf(w.PriceWas, "¥150", w.PriceReasons.Second)},
	} {
		t.Run(c.keys, func(t *testing.T) {
			t.Parallel()
			inTill(t, "ja", &fake{entry: Entry{Ceiling: 100_000, ReasonAbove: 100}}, func(l *testTill) {
				l.types(c.keys)
				l.sees(saleJa().Title)
				l.sees(c.want)
			})
		})
	}
}

func TestSale_orderIsDiscountedAndEatenHere(t *testing.T) {
	t.Parallel()
	inTill(t, "ja", &fake{entry: Entry{ReasonAbove: 1000}}, func(l *testTill) {
		l.types("2* 001 enter 300 enter 100 f8 3 e")
		o := l.order()
		if o.Off != (pos.Discount{Yen: 100}) || !o.EatIn {
			l.Errorf("the order has %+v, eaten here %v", o.Off, o.EatIn)
		}
		if got := l.saleScreen().totals; got.Total != 500 || len(got.Rates) != 1 || got.Rates[0].Percent != 10 {
			l.Errorf("totals %+v", got)
		}
		l.types("u u")
		if o := l.order(); o.Off != (pos.Discount{}) || o.EatIn {
			l.Errorf("after undo %+v, eaten here %v", o.Off, o.EatIn)
		}
	})
}

func TestSale_saysWhatHasBeenDone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ keys, ja, en string }{
		{"001 enter u", "元に戻しました: おにぎり 鮭", "Undone: onigiri salmon"},
		{"001 enter 016 enter down up + u", "元に戻しました: おにぎり 鮭", "Undone: onigiri salmon"},
		{"001 enter + u y", "やり直しました: おにぎり 鮭", "Done again: onigiri salmon"},
		{"001 enter e u", "元に戻しました: 店内/持ち帰り", "Undone: eat in/take out"},
		{"001 enter 30 f8 4 u", "元に戻しました: 会計全体 の値引き", "Undone: discount on the whole order"},
		{"001 enter 30 f8 2", "おにぎり 鮭 を値引き: -30%", "Off onigiri salmon: -30%"},
		{"001 enter 30 f8 3", "会計全体 を値引き: -¥30", "Off the whole order: -¥30"},
		{"001 enter 30 f8 3 0 f8 3", "会計全体 の値引きをやめました", "No discount on the whole order now"},
		{"015 enter 001 enter f9", "売れません: ビール 350ml", "anybody under 20: beer 350ml"},
	} {
		t.Run(c.keys, func(t *testing.T) {
			t.Parallel()
			for lang, want := range map[string]string{"ja": c.ja, "en": c.en} {
				inTill(t, lang, &fake{entry: Entry{ReasonAbove: 1000}}, func(l *testTill) {
					l.types(c.keys)
					l.sees(want)
				})
			}
		})
	}
}

func TestSale_orderThatComesBackKeepsItsDiscount(t *testing.T) {
	t.Parallel()
	inTill(t, "ja", &fake{}, func(l *testTill) {
		o := pos.NewOrder(salmon(2))
		o.Off, o.EatIn = pos.Discount{Percent: 10, Why: "x"}, true
		l.send(resumeMsg{order: o})
		if got := l.order(); got.Off != o.Off || !got.EatIn {
			l.Errorf("came back with %+v, eaten here %v", got.Off, got.EatIn)
		}
	})
}

// A question, or a line of text, and what opens it.
func openings() map[string]string {
	return map[string]string{
		"void": "001 enter delete", "discount": "001 enter 10 f8", "reason": "10* 001 enter 50 f8 4",
		"price": "001 enter 120 p", "ceiling": "001 enter 123456 enter", "abandon": "001 enter q",
		"age": "015 enter f9",
	}
}

func TestSale_noScanAnswersAQuestion(t *testing.T) {
	t.Parallel()
	for name, keys := range openings() {
		for _, code := range []string{"4901234567894", "11111111", "yyyyyyyy", "12341234", salmonBar, "222222"} {
			for _, gap := range []time.Duration{0, 10 * time.Millisecond, 45 * time.Millisecond} {
				t.Run(fmt.Sprint(name, code, gap), func(t *testing.T) {
					t.Parallel()
					inTill(t, "ja", &fake{entry: Entry{Ceiling: 100_000}}, func(l *testTill) {
						l.types(keys)
						l.pass(time.Second)
						before := l.order()
						l.burst(code, gap)
						if l.saleScreen().ask == nil {
							l.Error("the question was answered")
						}
						if diff := cmp.Diff(before, l.order()); diff != "" {
							l.Errorf("order (-before +after):\n%s", diff)
						}
					})
				})
			}
		}
	}
}

// burst types a code as a scanner does, and Enter; with no gap in one read.
func (l *testTill) burst(code string, gap time.Duration) {
	if gap == 0 {
		l.send(keyNamed(code))
	} else {
		for _, r := range code {
			l.send(keyNamed(string(r)))
			l.pass(gap)
		}
	}
	l.send(keyNamed("enter"))
	l.pass(time.Second)
}

func TestSale_scanInANoteAddsTheItemAndLeavesTheText(t *testing.T) {
	t.Parallel()
	inTill(t, "ja", &fake{}, func(l *testTill) {
		l.types("016 enter f7 abc")
		l.scan(salmonBar, "enter")
		if p := l.saleScreen().prompt; p == nil || p.text != "abc" {
			l.Fatalf("the note is %+v", p)
		}
		l.press("enter")
		got := lines(l)
		if len(got) != 2 || got[0].Note != "abc" || got[1] != salmon(1) {
			l.Errorf("order %+v", got)
		}
	})
}

func TestSale_twoQuickScansMakeTwo(t *testing.T) {
	t.Parallel()
	for _, gap := range []time.Duration{0, 10 * time.Millisecond, 45 * time.Millisecond} {
		inTill(t, "ja", &fake{}, func(l *testTill) {
			for range 2 {
				for _, r := range salmonBar {
					l.send(keyNamed(string(r)))
					l.pass(gap)
				}
				l.send(keyNamed("enter"))
				l.pass(gap)
			}
			if diff := cmp.Diff([]pos.Line{salmon(2)}, lines(l)); diff != "" {
				l.Errorf("%v: order (-want +got):\n%s", gap, diff)
			}
		})
	}
}

func TestSale_scansByTheirKind(t *testing.T) {
	t.Parallel()
	w := entryJa()
	const csv = "code,barcode,name,name_en,category,price,tax\n" +
		"P1,2012345,惣菜,,food,100,reduced\n" +
		"U1,012345678905,輸入菓子,,food,300,reduced\n" +
		"1234567,,七桁,,food,50,standard\n"
	packed := func(unit pos.Yen, note string) []pos.Line {
		return []pos.Line{{Code: "P1", Name: "惣菜", Unit: unit, Quantity: 1, Rate: pos.Reduced, Note: note}}
	}
	imported := []pos.Line{{Code: "U1", Name: "輸入菓子", Unit: 300, Quantity: 1, Rate: pos.Reduced}}
	for _, c := range []struct {
		name, code string
		entry      Entry
		want       []pos.Line
		says       string
	}{
		{"misread", "4901234567893", Entry{}, nil, fmt.Sprintf(w.Misread, "4901234567893")},
		{"misread JAN-8", "49012345", Entry{}, nil, fmt.Sprintf(w.Misread, "49012345")},
		{"misread UPC-A", "012345678904", Entry{}, nil, fmt.Sprintf(w.Misread, "012345678904")},
		{"UPC-A", "012345678905", Entry{}, imported, ""},
		{"UPC-A as JAN-13", "0012345678905", Entry{}, imported, ""},
		{"price inside", "2012345012806", Entry{InStore: pos.InStorePrice}, packed(1280, ""), ""},
		{"price inside, misread", "2012345012804", Entry{InStore: pos.InStorePrice}, nil, fmt.Sprintf(w.Misread, "2012345012804")},
		{"price inside, not set so", "2012345012806", Entry{}, nil, fmt.Sprintf(saleJa().UnknownCode, "2012345012806")},
		{"weight inside", "2012345012806", Entry{InStore: pos.InStoreWeight}, packed(128, "1,280 g"), ""},
		{"of no item", "2099999012802", Entry{InStore: pos.InStorePrice}, nil, fmt.Sprintf(saleJa().UnknownCode, "2099999012802")},
		{"prefix", "]C2012345012806", Entry{Prefix: "]C", InStore: pos.InStorePrice}, packed(1280, ""), ""},
		{"prefix of a short code", "]CP1", Entry{Prefix: "]C"}, packed(100, ""), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			catalog, err := pos.ReadCatalog(strings.NewReader(csv), "test")
			if err != nil {
				t.Fatal(err)
			}
			inTill(t, "ja", &fake{entry: c.entry, catalog: &catalog}, func(l *testTill) {
				l.scan(c.code, "enter")
				if diff := cmp.Diff(c.want, lines(l)); diff != "" {
					l.Errorf("order (-want +got):\n%s", diff)
				}
				l.sees(c.says)
			})
		})
	}
}

func TestSale_codeThatWasReadIsNeverAPrice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, keys string
		want       []pos.Line
	}{
		{"Enter", "enter", nil},
		{"at the reduced rate", "r", nil},
		{"mended to nothing known", "backspace backspace enter", nil},
		{"mended to an item", "backspace backspace backspace backspace backspace backspace backspace backspace 001 enter", []pos.Line{salmon(1)}},
		{"cleared", "esc 480 enter", []pos.Line{price(480, pos.Standard)}},
		{"charged", "f9", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			inTill(t, "ja", &fake{}, func(l *testTill) {
				l.scan("49012347", "enter")
				l.types(c.keys)
				if diff := cmp.Diff(c.want, lines(l)); diff != "" {
					l.Errorf("order (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestSale_ageIsAskedOnceForASale(t *testing.T) {
	t.Parallel()
	f := charging()
	charge, n := f.charge, 0
	f.charge = func(o pos.Order) (pos.Sale, error) { n++; return charge(o) }
	inTill(t, "ja", f, func(l *testTill) {
		w := entryJa()
		l.types("015 enter f9")
		l.sees(fmt.Sprintf(w.AgeTitle, 20))
		l.types("wait enter")
		if n != 0 {
			l.Error("charged without an answer")
		}
		l.types("f9 wait y")
		onTop[payment](l)
		l.start(l.turn(resumeMsg{order: l.order()}))
		l.sees(fmt.Sprintf(w.AgeMark, 20))
		l.types("wait 500 n f9") // another of the same age
		if n != 2 {
			l.Errorf("%d charges: it was asked again", n)
		}
		l.start(l.turn(homeMsg{}))
		l.types("wait 500 n f9")
		l.sees(fmt.Sprintf(w.AgeTitle, 20)) // the next customer's
	})
	inTill(t, "ja", charging(), func(l *testTill) {
		l.types("015 enter delete 1 001 enter f9")
		onTop[payment](l) // what was taken back asks for nothing
	})
}

func TestSale_entryGolden(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string]string{
		"lines":    "2* 001 enter 016 enter delete 1 480 enter 100 p 1 005 enter 30 f8 2 f7 abc enter 10 f8 4 e",
		"void":     "001 enter delete",
		"discount": "001 enter 10 f8",
		"ceiling":  "001 enter 123456 enter",
		"abandon":  "001 enter q",
		"note":     "001 enter f7 abc",
		"unknown":  "001 enter",
		"age":      "015 enter f9",
	} {
		for _, lang := range []string{"ja", "en"} {
			t.Run(name+"-"+lang, func(t *testing.T) {
				t.Parallel()
				inTill(t, lang, &fake{entry: Entry{Ceiling: 100_000, ReasonAbove: 1000}}, func(l *testTill) {
					l.types(keys)
					if name == "unknown" {
						l.scan("4901234567893", "enter")
					}
					for _, size := range sizes {
						l.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
						golden(t, sized("Entry/"+name, size, lang), size[0], size[1], l.View())
					}
				})
			})
		}
	}
}
