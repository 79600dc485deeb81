package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/google/go-cmp/cmp"

	"example.jp/reji/pos"
)

// A scanner that is used at the wrong moment must never act, whatever screen
// or dialog is up and whatever characters the code has.
func TestApp_scanNeverActs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		sale pos.Sale
		keys []string
	}{
		{"waiting", saleOf(pos.Live), nil},
		{"give-up dialog", saleOf(pos.Live), []string{"x"}},
		{"new-code dialog", saleOf(pos.Live), []string{"n"}},
		{"Esc dialog", saleOf(pos.Live), []string{"esc"}},
		{"quit dialog", saleOf(pos.Live), []string{"ctrl+c"}},
		{"palette", saleOf(pos.Live), []string{":"}},
		{"help", saleOf(pos.Live), []string{"f1"}},
		{"closed", saleOf(pos.Closed), nil},
		{"expired", saleOf(pos.Expired), nil},
		{"refused", saleOf(pos.Refused), nil},
		{"paid", saleOf(pos.Paid), nil},
	} {
		for _, code := range []string{"4901234567894", "xxxxxxxxxx", "nnnnnnnn", "lllllll", "tttttt", "qqqqqqq", "xnltfcq?:v"} {
			for how, gap := range map[string]time.Duration{"key by key": 10 * time.Millisecond, "slowly": 45 * time.Millisecond, "in one read": 0} {
				t.Run(c.name+" "+code+" "+how, func(t *testing.T) {
					t.Parallel()
					f, did := calls(c.sale)
					inTill(t, "ja", f, func(l *testTill) {
						l.press(c.keys...)
						l.pass(time.Second)
						before := len(l.stack)
						if gap == 0 {
							l.send(keyNamed(code), keyNamed("enter"))
						}
						for _, r := range code {
							if gap > 0 {
								l.send(keyNamed(string(r)))
								l.pass(gap)
							}
						}
						l.send(keyNamed("enter"))
						l.pass(time.Second)
						if len(*did) > 0 || l.quit || len(l.stack) != before {
							l.Errorf("did %v, quit %v, %d screens of %d", *did, l.quit, len(l.stack), before)
						}
					})
				})
			}
		}
	}
}

func TestApp_scanFillsNoPaletteEntry(t *testing.T) {
	t.Parallel()
	f := charging()
	f.charge = func(pos.Order) (pos.Sale, error) { t.Error("charged"); return pos.Sale{}, nil }
	inTill(t, "ja", f, func(l *testTill) {
		l.text("001")
		l.press("enter", ":")
		l.scan(salmonBar, "enter")
		if l.palette == nil {
			l.Error("the palette was answered")
		}
	})
}

func TestApp_paletteReachesEveryKey(t *testing.T) {
	t.Parallel()
	inTill(t, "en", charging(), func(l *testTill) {
		l.text("001")
		l.press("enter", ":")
		l.sees("Commands")
		l.press("P", "a", "y", "enter")
		onTop[payment](l)
	})
	for _, lang := range []string{"ja", "en"} {
		e := testEnv(t, lang, &fake{})
		s := newSale(e)
		for _, k := range append(s.keys(), newPayment(e, pos.Snapshot{Sale: saleOf(pos.Live)}).keys()...) {
			for _, name := range k.Keys() {
				if _, ok := keyMsg(name); !ok {
					t.Errorf("no message for key %q", name)
				}
			}
		}
	}
}

func TestApp_paletteEscapes(t *testing.T) {
	t.Parallel()
	inTill(t, "en", &fake{}, func(l *testTill) {
		l.press(":", "z", "z", "z")
		l.sees(paletteEn().None)
		l.press("backspace", "backspace", "backspace", "down", "up", "esc")
		l.seesNot(paletteEn().Title)
	})
}

func TestApp_helpOpensOverEveryScreen(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"f1", "?"} {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			inTill(t, "en", paying(saleOf(pos.Live)), func(l *testTill) {
				l.press(key)
				onTop[help](l)
				l.press("esc")
				onTop[payment](l)
			})
		})
	}
}

func TestApp_ctrlC(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		fake *fake
		keys []string
		quit bool
	}{
		{"once", &fake{}, []string{"ctrl+c"}, false},
		{"twice", &fake{}, []string{"ctrl+c", "ctrl+c"}, true},
		{"another key in between", &fake{}, []string{"ctrl+c", "1", "ctrl+c"}, false},
		{"too late", &fake{}, []string{"ctrl+c", "wait", "ctrl+c"}, false},
		{"unsettled, twice", paying(saleOf(pos.Live)), []string{"ctrl+c", "ctrl+c"}, false},
		{"unsettled, Enter", paying(saleOf(pos.Live)), []string{"ctrl+c", "wait", "enter"}, false},
		{"unsettled, too fast", paying(saleOf(pos.Live)), []string{"ctrl+c", "q"}, false},
		{"unsettled, named key", paying(saleOf(pos.Live)), []string{"ctrl+c", "wait", "q"}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			inTill(t, "ja", c.fake, func(l *testTill) {
				for _, k := range c.keys {
					if k == "wait" {
						l.pass(5 * time.Second)
						continue
					}
					l.press(k)
				}
				if l.quit != c.quit {
					l.Errorf("quit is %v", l.quit)
				}
			})
		})
	}
}

// What is in the order when the till ends waits among the parked orders.
func TestApp_ctrlCParksTheOrderInHand(t *testing.T) {
	t.Parallel()
	w, total := newWords("ja").Common, yen(150)
	inTill(t, "ja", &fake{}, func(l *testTill) {
		l.types("001 enter ctrl+c")
		l.sees(fmt.Sprintf(w.QuitParks, total))
		l.press("ctrl+c")
		if !l.quit || len(l.fake.parked) != 1 || len(l.fake.parked[0].Order.Lines) != 1 {
			l.Errorf("quit is %v, parked %+v", l.quit, l.fake.parked)
		}
	})
	inTill(t, "ja", paying(saleOf(pos.Live)), func(l *testTill) {
		l.types("l 001 enter ctrl+c")
		l.sees(w.QuitParking)
		l.types("wait q")
		if !l.quit || len(l.fake.parked) != 1 {
			l.Errorf("quit is %v, parked %+v", l.quit, l.fake.parked)
		}
	})
	inTill(t, "ja", &fake{park: func(pos.Order, string) error { return pos.ErrTooManyParked }}, func(l *testTill) {
		l.types("001 enter ctrl+c ctrl+c")
		l.sees(fmt.Sprintf(w.QuitLoses, total))
		if l.quit {
			l.Fatal("the order is lost without a word")
		}
		l.types("f2 ctrl+c")
		l.sees(fmt.Sprintf(w.QuitParks, total))
		l.types("ctrl+c wait ctrl+c")
		if !l.quit {
			l.Error("the till does not end")
		}
	})
	full := paying(saleOf(pos.Live))
	full.park = func(pos.Order, string) error { return pos.ErrTooManyParked }
	inTill(t, "en", full, func(l *testTill) {
		l.types("l 001 enter ctrl+c wait q")
		l.sees("LOSES the order (¥150)")
		l.types("ctrl+c wait")
		l.sees("will be lost")
		if l.press("q"); !l.quit {
			l.Error("the till does not end")
		}
	})
	inTill(t, "ja", &fake{status: pos.Status{Trouble: errors.New("disk")}}, func(l *testTill) {
		l.types("001 enter ctrl+c")
		l.sees(fmt.Sprintf(w.QuitLoses, total))
		l.types("wait ctrl+c")
		if !l.quit || len(l.fake.parked) != 0 {
			l.Errorf("quit is %v, parked %+v", l.quit, l.fake.parked)
		}
	})
}

func TestApp_theListOfCommandsEndsTheTill(t *testing.T) {
	t.Parallel()
	inTill(t, "ja", &fake{}, func(l *testTill) {
		l.press(":")
		l.text("終了")
		l.press("enter")
		l.sees(l.words.Common.QuitAgain)
		if l.press("ctrl+c"); !l.quit {
			l.Error("the till does not end")
		}
	})
}

func TestApp_startShowsWhatIsUnfinished(t *testing.T) {
	t.Parallel()
	inTill(t, "ja", paying(saleOf(pos.Live)), func(l *testTill) { onTop[payment](l) })
	inTill(t, "ja", paying(saleOf(pos.Paid)), func(l *testTill) { onTop[paid](l) })
	inTill(t, "ja", &fake{}, func(l *testTill) { onTop[sale](l) })
}

// A cashier with a queue types the next order without a look at the screen:
// whatever the journal takes to turn to the next customer, every key arrives.
func TestApp_nextOrderMayFollowAtOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sale pos.Sale
		key  string
	}{
		"paid":     {saleOf(pos.Paid), "enter"},
		"late":     {paidLate(), "enter"},
		"left":     {saleOf(pos.Live), "l"},
		"answered": {saleOf(pos.Live), "esc l"},
	} {
		for _, pace := range []time.Duration{60 * time.Millisecond, 100 * time.Millisecond, 150 * time.Millisecond} {
			for _, writing := range []time.Duration{0, 30 * time.Millisecond, 250 * time.Millisecond, 5 * time.Second} {
				t.Run(fmt.Sprint(name, pace, writing), func(t *testing.T) {
					t.Parallel()
					f := paying(c.sale)
					var charged []pos.Order
					f.charge = func(o pos.Order) (pos.Sale, error) {
						charged = append(charged, o)
						return pos.Sale{}, pos.ErrJournal
					}
					f.moveOn = func(pos.SaleID) error { <-time.After(writing); return nil }
					inTill(t, "ja", f, func(l *testTill) {
						l.pass(time.Second)
						if first, rest, two := strings.Cut(c.key, " "); two {
							l.press(first)
							l.pass(time.Second)
							l.at(pace, rest)
						} else {
							l.at(pace, c.key)
						}
						l.at(pace, "1", "2", "8", "0", "enter", "f9")
						l.pass(10 * time.Second)
						if len(charged) != 1 {
							l.Fatalf("%d charges", len(charged))
						}
						if diff := cmp.Diff([]pos.Line{price(1280, pos.Standard)}, charged[0].Lines); diff != "" {
							l.Errorf("charged (-want +got):\n%s", diff)
						}
					})
				})
			}
		}
	}
}

// Six digits that waited together are no scan.
func TestApp_keysThatWaitedKeepTheirPace(t *testing.T) {
	t.Parallel()
	f := paying(saleOf(pos.Paid))
	f.moveOn = func(pos.SaleID) error { <-time.After(3 * time.Second); return nil }
	inTill(t, "ja", f, func(l *testTill) {
		l.pass(time.Second)
		l.at(60*time.Millisecond, "enter", "1", "2", "8", "0", "0", "0", "enter", "4", "8", "0", "r")
		l.scan(salmonBar, "enter")
		l.pass(3 * time.Second)
		want := []pos.Line{price(128000, pos.Standard), price(480, pos.Reduced), salmon(1)}
		if diff := cmp.Diff(want, lines(l)); diff != "" {
			l.Errorf("order (-want +got):\n%s", diff)
		}
	})
}

func TestApp_orderThatComesBackTakesWhatIsTyped(t *testing.T) {
	t.Parallel()
	f := paying(saleOf(pos.Closed))
	f.moveOn = func(pos.SaleID) error { <-time.After(200 * time.Millisecond); return nil }
	inTill(t, "ja", f, func(l *testTill) {
		l.pass(time.Second)
		l.at(60*time.Millisecond, "enter", "4", "8", "0", "enter")
		l.pass(time.Second)
		want := append(slices.Clone(saleOf(pos.Closed).Order.Lines), price(480, pos.Standard))
		if diff := cmp.Diff(want, lines(l)); diff != "" {
			l.Errorf("order (-want +got):\n%s", diff)
		}
	})
}

// What was typed for the next order goes nowhere when there is none yet.
func TestApp_keysThatWaitedInVainAreForgotten(t *testing.T) {
	t.Parallel()
	f := paying(saleOf(pos.Paid))
	f.moveOn = func(pos.SaleID) error { <-time.After(200 * time.Millisecond); return pos.ErrJournal }
	inTill(t, "ja", f, func(l *testTill) {
		l.pass(time.Second)
		l.at(60*time.Millisecond, "enter", "4", "8")
		l.pass(time.Second)
		onTop[paid](l)
		f.moveOn = nil
		l.press("enter", "0", "enter")
		if len(lines(l)) > 0 {
			l.Errorf("order %v", lines(l))
		}
	})
}

// The screen of a payment that arrives by itself takes no key that was meant
// for the screen before it.
func TestApp_keysThatWaitedDoNotReachAScreenThatComesByItself(t *testing.T) {
	t.Parallel()
	f, did := calls(saleOf(pos.Live))
	f.moveOn = func(pos.SaleID) error { <-time.After(time.Second); return pos.ErrNews }
	inTill(t, "ja", f, func(l *testTill) {
		l.pass(time.Second)
		l.at(60*time.Millisecond, "l", "4", "8", "0")
		l.becomes(saleOf(pos.Paid))
		l.at(60*time.Millisecond, "enter")
		l.pass(2 * time.Second)
		onTop[paid](l)
		if len(lines(l)) > 0 || len(*did) > 0 {
			l.Errorf("order %v, did %v", lines(l), *did)
		}
	})
}

func TestApp_changesOfTheRegisterReachTheScreen(t *testing.T) {
	t.Parallel()
	f := paying(saleOf(pos.Live))
	inTill(t, "ja", f, func(l *testTill) {
		for range 3 {
			f.sales[0].Sale = saleOf(pos.Paid)
			f.changes <- struct{}{}
			l.settle()
		}
		onTop[paid](l)
	})
}

func TestApp_headerTellsHowThingsAre(t *testing.T) {
	t.Parallel()
	w := commonEn()
	f := &fake{}
	inTill(t, "en", f, func(l *testTill) {
		l.sees("PayPay OK 3s ago")
		l.sees("12:00")
		l.pass(57 * time.Second)
		l.sees("PayPay OK 1m ago")
		f.status.Contact = pos.Contact{AskedAt: noon, Problem: errors.New("what")}
		f.status.Unsettled, f.status.Tasks = 2, 1
		l.send(changedMsg{})
		l.sees("attention 1  unsettled 2  " + w.PayPayTrouble)
		f.status.Trouble = errors.New("disk full")
		l.send(changedMsg{})
		l.sees(w.JournalShort)
		l.sees(w.JournalBad)
	})
}

func TestApp_headerDoesNotCountThePaymentOnTheScreen(t *testing.T) {
	t.Parallel()
	f := paying(saleOf(pos.Live))
	inTill(t, "en", f, func(l *testTill) {
		l.seesNot("unsettled")
		l.press("f1")
		l.seesNot("unsettled")
		l.press("esc")
		f.status.Unsettled = 2
		l.send(changedMsg{})
		l.sees("unsettled 1")
		l.press("l")
		onTop[sale](l)
		l.sees("unsettled 2")
	})
}

func TestApp_keysDoNothingInAWindowThatIsTooSmall(t *testing.T) {
	t.Parallel()
	f, did := calls(saleOf(pos.Live))
	inTill(t, "ja", f, func(l *testTill) {
		l.send(tea.WindowSizeMsg{Width: 59, Height: 20})
		l.press("l", "x", "wait", "x")
		if len(*did) > 0 {
			l.Errorf("did %v", *did)
		}
		l.sees("60x20")
		l.send(tea.WindowSizeMsg{Width: 80, Height: 24})
		l.sees(paymentJa().Waiting.Word)
	})
}

func TestApp_tooSmallGolden(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ja", "en"} {
		inTill(t, lang, &fake{}, func(l *testTill) {
			for _, size := range [][2]int{{59, 24}, {80, 19}, {20, 3}, {10, 2}} {
				l.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
				golden(t, sized("TooSmall/window", size, lang), size[0], size[1], l.View())
			}
		})
	}
}

// every is the till on each of its screens.
func every() map[string]func() (*fake, []string) {
	of := func(s pos.Sale, keys ...string) func() (*fake, []string) {
		return func() (*fake, []string) { f, _ := calls(s); return f, keys }
	}
	screens := map[string]func() (*fake, []string){
		"empty":   func() (*fake, []string) { return &fake{}, nil },
		"order":   func() (*fake, []string) { return &fake{}, []string{"2", "*", "0", "0", "1", "enter", "4", "8", "0"} },
		"search":  func() (*fake, []string) { return &fake{}, []string{"/", "ラ"} },
		"palette": of(saleOf(pos.Live), ":"),
		"help":    of(saleOf(pos.Live), "f1"),
		"quit":    of(saleOf(pos.Live), "ctrl+c"),
		"give up": of(saleOf(pos.Live), "x"),
		"list":    func() (*fake, []string) { return &fake{}, []string{"f3"} },
		"training": func() (*fake, []string) {
			f, _ := calls(saleOf(pos.Live))
			f.customer = func(context.Context, string, string) error { return nil }
			return f, nil
		},
		"trouble": func() (*fake, []string) {
			f, _ := calls(saleOf(pos.Live))
			f.status.Trouble, f.status.Tasks = errors.New("disk full"), 1
			f.sales[0].Contact.Problem = errors.New("no route")
			return f, nil
		},
	}
	for _, s := range pos.States() {
		screens[string(s)] = of(saleOf(s))
	}
	return screens
}

func TestApp_everyScreenFitsEveryWindow(t *testing.T) {
	t.Parallel()
	for name, make := range every() {
		for _, lang := range []string{"ja", "en"} {
			t.Run(name+" "+lang, func(t *testing.T) {
				t.Parallel()
				f, keys := make()
				inTill(t, lang, f, func(l *testTill) {
					l.press(keys...)
					for width := 20; width <= 200; width++ {
						for height := 1 + width%4; height <= 50; height += 4 {
							l.send(tea.WindowSizeMsg{Width: width, Height: height})
							fits(t, width, height, l.View())
							if t.Failed() {
								return
							}
						}
					}
				})
			})
		}
	}
}

func TestApp_resizeToNothingAndBack(t *testing.T) {
	t.Parallel()
	for name, make := range every() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, keys := make()
			inTill(t, "ja", f, func(l *testTill) {
				l.press(keys...)
				before := l.View()
				for _, size := range [][2]int{{1, 1}, {0, 0}, {1, 100}, {100, 1}, {500, 200}, {60, 20}, {80, 24}} {
					l.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
					fits(t, max(size[0], 0), max(size[1], 1), l.View())
				}
				if diff := cmp.Diff(before, l.View()); diff != "" {
					l.Errorf("the screen is another one (-before +after):\n%s", diff)
				}
			})
		})
	}
}

func TestApp_footerNamesOnlyWholeKeys(t *testing.T) {
	t.Parallel()
	e := testEnv(t, "ja", &fake{})
	p := newPayment(e, pos.Snapshot{Sale: saleOf(pos.Live)})
	all := e.theme.footer(p.keys(), 200)
	for width := range 120 {
		for part := range strings.SplitSeq(strings.TrimSpace(e.theme.footer(p.keys(), width)), "   ") {
			if !strings.Contains(all+"   ", part+"   ") && part != "" {
				t.Errorf("at %d: %q", width, part)
			}
		}
	}
}

func TestNew_needsItsParts(t *testing.T) {
	t.Parallel()
	whole := Options{Register: &fake{}, Renderer: lipgloss.NewRenderer(nil), Shop: Shop{Zone: tokyo}}
	if _, err := New(whole); err != nil {
		t.Errorf("with all it needs: %v", err)
	}
	for name, without := range map[string]func(*Options){
		"register": func(o *Options) { o.Register = nil },
		"renderer": func(o *Options) { o.Renderer = nil },
		"zone":     func(o *Options) { o.Shop.Zone = nil },
	} {
		o := whole
		without(&o)
		if _, err := New(o); err == nil {
			t.Errorf("no complaint without a %s", name)
		}
	}
}
