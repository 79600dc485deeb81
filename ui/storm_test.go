package ui

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/google/go-cmp/cmp"

	"example.jp/reji/pos"
)

// weather is a register that writes down every verb that it is called with.
type weather struct {
	*fake
	did *[]string
}

func watched(f *fake) weather {
	did := &[]string{}
	note := func(verb string) func(pos.SaleID) error {
		return func(pos.SaleID) error { *did = append(*did, verb); return nil }
	}
	terms := f.terms
	f.terms = func(o pos.Order, t pos.Terms) (pos.Sale, error) {
		*did = append(*did, "charge")
		if terms != nil {
			return terms(o, t)
		}
		return saleOf(pos.Requested), nil
	}
	renew := f.renew
	f.renew = func(id pos.SaleID, t pos.Terms) error {
		*did = append(*did, "new code")
		if renew != nil {
			return renew(id, t)
		}
		return nil
	}
	f.giveUp, f.moveOn = note("give up"), note("move on")
	f.giveBack = func(id pos.SaleID, _ pos.Return) error { return note("give back")(id) }
	f.capture = func(id pos.SaleID, _ string, _ pos.Yen) error { return note("capture")(id) }
	f.attach = func(id pos.SaleID, _ string) error { return note("attach")(id) }
	f.drop = func(id pos.SaleID, _, _, _ string) error { return note("drop")(id) }
	f.prints = func(id pos.SaleID, _ pos.Paper) error { return note("print")(id) }
	f.account = func(time.Time, string) error { return note("account")("") }
	if f.customer != nil {
		f.customer = func(context.Context, string, string) error { return note("customer")("") }
	}
	return weather{f, did}
}

// verbs are what has been asked of the register. What waits is compared too:
// parking and discarding change it.
func (w weather) verbs(before int) []string {
	all := slices.Clone(*w.did)
	if len(w.parked) != before {
		all = append(all, fmt.Sprintf("%d orders wait, of %d", len(w.parked), before))
	}
	return all
}

// scenes are a till on each screen, at each step of it, and in each question,
// with the keys that lead there.
func scenes() map[string]func() (*fake, string) {
	from := func(make func() *fake, keys string) func() (*fake, string) {
		return func() (*fake, string) { return make(), keys }
	}
	empty := func() *fake { return &fake{entry: Entry{Ceiling: 100_000}} }
	of := func(s pos.Sale) func() *fake {
		return func() *fake {
			f := paying(s)
			f.history = func(pos.SaleID) (pos.Sale, []pos.Recorded, error) {
				return s, printEvents(printedReceipt(), printedAddressed()), nil
			}
			f.list = listing([]pos.Listed{{ID: s.ID, Number: 123, Day: s.Day, Standing: s.Standing(), Total: s.Totals.Total}}).list
			return f
		}
	}
	back := func(s pos.Sale) func() *fake { return func() *fake { f, _ := giving(s); return f } }
	training := func(s pos.Sale) func() *fake {
		return func() *fake {
			f := paying(s)
			f.customer = func(context.Context, string, string) error { return nil }
			return f
		}
	}
	live := of(saleOf(pos.Live))
	paid, gap := of(saleOf(pos.Paid)), func() *fake {
		return &fake{gaps: []pos.Gap{lostGap}, tasks: []pos.Task{{Kind: pos.TaskGap, Since: lostGap.To, Gap: lostGap}}}
	}
	all := map[string]func() (*fake, string){
		"empty":         from(empty, ""),
		"order":         from(empty, "001 enter 016 enter"),
		"number typed":  from(empty, "001 enter 480"),
		"many of":       from(empty, "001 enter 3*"),
		"unknown code":  from(empty, "001 enter scan"),
		"search":        from(empty, "001 enter / ko"),
		"note":          from(empty, "001 enter f7 abc"),
		"void":          from(empty, "001 enter delete"),
		"discount":      from(empty, "001 enter 10 f8"),
		"reason":        from(empty, "10* 001 enter 50 f8 4"),
		"price":         from(empty, "001 enter 120 p"),
		"ceiling":       from(empty, "001 enter 123456 enter"),
		"department":    from(empty, "001 enter 091 enter"),
		"abandon":       from(empty, "001 enter q"),
		"parked":        from(empty, "001 enter f4"),
		"name of it":    from(empty, "001 enter f4 f4 abc"),
		"recall":        from(empty, "001 enter f4 002 enter f4 f5"),
		"recalled":      from(empty, "001 enter f4 f5 1"),
		"abandon again": from(empty, "001 enter f4 f5 1 q"),
		"age":           from(empty, "016 enter f9"),
		"quick key":     from(empty, "001 enter f12"),
		"quick goods":   from(empty, "001 enter f12 a ko"),
		"quick set":     from(empty, "001 enter f12 a 003*2 enter"),
		"palette":       from(empty, "001 enter :"),
		"help":          from(empty, "001 enter f1"),
		"same amount":   from(func() *fake { f, _ := doubling(); return f }, "001 enter f9"),
		"open payment":  from(func() *fake { f, _ := doubling(); return f }, "001 enter"),

		"give up":          from(live, "x"),
		"new code":         from(live, "n"),
		"step back":        from(live, "esc"),
		"quit":             from(live, "ctrl+c"),
		"payment palette":  from(live, ":"),
		"payment help":     from(live, "f1"),
		"support":          from(of(saleOf(pos.Unknown)), "i"),
		"training":         from(training(saleOf(pos.Live)), ""),
		"training give up": from(training(saleOf(pos.Live)), "x"),
		"same amount, new code": from(func() *fake {
			other := saleOf(pos.Live)
			other.ID, other.Number, other.Left = "R1-20261123-000122-abc", 122, true
			f := paying(saleOf(pos.Closed))
			f.sales = append(f.sales, inHand(other).sales...)
			f.renew = func(pos.SaleID, pos.Terms) error { return fmt.Errorf("sale 122: %w", pos.ErrSameAmount) }
			return f
		}, "wait n"),

		"paid late":          from(of(paidLate()), ""),
		"paid twice":         from(of(paidTwice()), ""),
		"papers":             from(paid, "p"),
		"addressed":          from(paid, "o"),
		"addressee":          from(paid, "o n"),
		"purpose":            from(paid, "o t"),
		"issued again":       from(paid, "o enter"),
		"list":               from(paid, "enter f3"),
		"list search":        from(paid, "enter f3 /"),
		"detail":             from(paid, "enter f3 enter"),
		"paid, give back":    from(paid, "b"),
		"how much":           from(back(kept()), "f3 b"),
		"goods":              from(back(kept()), "f3 b 2"),
		"amount":             from(back(kept()), "f3 b 3"),
		"amount typed":       from(back(kept()), "f3 b 3 1 0 0"),
		"amount again":       from(back(kept()), "f3 b 3 1 0 0 enter 1 0 0"),
		"why":                from(back(kept()), "f3 b 1"),
		"why else":           from(back(kept()), "f3 b 1 down down down down down down down enter k a"),
		"give back":          from(back(kept()), "f3 b 1 1"),
		"give goods back":    from(back(kept()), "f3 b 2 + enter 1"),
		"give amount back":   from(back(kept()), "f3 b 3 1 0 0 enter 1 0 0 enter 1"),
		"give code back":     from(back(leftBehind(saleOf(pos.Live))), "f3 b 1"),
		"give hold back":     from(back(heldSale()), "f3 b 1 1"),
		"which payment":      from(back(leftBehind(paidTwice())), "f3 b"),
		"given back":         from(back(after(kept(), refundOf(440, pos.Carried))), "f3 b"),
		"not answered":       from(back(after(kept(), refundOf(440, pos.Asked))), "f3 b"),
		"denied":             from(back(tooLate()), "f3 b"),
		"other way":          from(back(tooLate()), "f3 b b"),
		"settled otherwise":  from(back(tooLate()), "f3 b d"),
		"settled, asked":     from(back(tooLate()), "f3 b d 済 enter"),
		"hold":               from(of(held()), ""),
		"hold, amount":       from(of(held()), "k"),
		"hold, amount typed": from(of(held()), "k 1 0 0"),
		"capture":            from(of(held()), "k enter"),
		"let go":             from(of(held()), "x"),
		"consenting":         from(training(held(consenting())), ""),
		"holds":              from(func() *fake { return &fake{holds: openHolds(5)} }, "f11"),
		"tasks":              from(everyTask, "!"),
		"late payment":       from(func() *fake { f, _ := late(); return f }, "!"),
		"attach":             from(func() *fake { f, _ := late(); return f }, "! a"),
		"lost entries":       from(gap, "enter"),
		"lost, asked":        from(gap, "enter k a enter"),
	}
	for _, s := range pos.States() {
		all[string(s)] = from(of(saleOf(s)), "")
	}
	return all
}

func leftBehind(s pos.Sale) pos.Sale { s.Left = true; return s }

// inWeather runs a test of each scene.
func inWeather(t *testing.T, test func(*testTill, weather, *rand.Rand)) {
	t.Helper()
	for name, scene := range scenes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, keys := scene()
			f.printer = Printer{Columns: 32, Port: func(context.Context, []byte) error { return nil }, Asked: true}
			w := watched(f)
			inTill(t, "ja", f, func(l *testTill) {
				l.lead(keys)
				*w.did = nil
				test(l, w, rand.New(rand.NewPCG(uint64(len(name)), uint64(name[0]))))
			})
		})
	}
}

// lead presses the keys that lead to a scene.
func (l *testTill) lead(keys string) {
	for key := range strings.FieldsSeq(keys) {
		if key == "scan" {
			l.scan("4901234567894", "enter")
		} else {
			l.types(key)
		}
	}
	l.pass(time.Second)
}

// open is the question that waits for an answer, or the text that is being
// typed; empty when there is none.
func (l *testTill) open() string {
	l.Helper()
	switch {
	case l.quitting != nil:
		return l.quitting.title
	case l.palette != nil:
		return "palette"
	}
	if a, ok := l.top().(asker); ok && a.asking() != nil {
		return a.asking().title
	}
	switch s := l.top().(type) {
	case paperPage:
		return fmt.Sprint(s.typing, s.show.Addressee, s.show.Purpose)
	case giveBack:
		return fmt.Sprint(s.step, s.picked, s.first)
	case sale:
		if s.prompt != nil {
			return s.prompt.label + s.prompt.text
		}
		if s.waiting != nil {
			return "parked"
		}
		if s.assigning != nil {
			return "quick key " + strconv.Itoa(s.assigning.key)
		}
	}
	return ""
}

// stand is what nothing but a cashier's own key may change.
type stand struct {
	Screens []string
	Open    string
	Order   []pos.Line
	Quick   string
	Quit    bool
	Did     []string
}

func (l *testTill) stand(w weather, parked int) stand {
	l.Helper()
	s := stand{Open: l.open(), Order: slices.Clone(lines(l)), Quick: fmt.Sprint(l.saleScreen().quick), Quit: l.quit, Did: w.verbs(parked)}
	for _, on := range l.stack {
		s.Screens = append(s.Screens, reflect.TypeOf(on).Name())
	}
	return s
}

// stood fails if anything has changed that may not.
func (l *testTill) stood(what string, want, got stand) {
	l.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		l.Fatalf("%s (-before +after):\n%s\n%s", what, diff, readable(l.View()))
	}
}

// letters are all characters that mean something on the screen on top, or to a
// question on it.
func (l *testTill) letters() []string {
	var all []string
	for _, name := range l.named() {
		if len([]rune(name)) == 1 {
			all = append(all, name)
		}
	}
	return all
}

// named are all keys that the screen on top knows, or a question on it.
func (l *testTill) named() []string {
	names := map[string]bool{"f1": true, "?": true, ":": true, "enter": true}
	for _, b := range l.top().keys() {
		for _, name := range b.Keys() {
			names[name] = true
		}
	}
	for _, a := range l.words.actions() {
		if a.at == sceneOf(l.top()) {
			for _, name := range a.keys {
				names[name] = true
			}
		}
	}
	asked := l.quitting
	if a, ok := l.top().(asker); ok && asked == nil {
		asked = a.asking()
	}
	if asked != nil {
		for _, c := range asked.choices {
			names[c.key] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// sample are so many of all, at random.
func sample(r *rand.Rand, all []string, n int) []string {
	some := make([]string, n)
	for i := range some {
		some[i] = all[r.IntN(len(all))]
	}
	return some
}

// scannable reports whether the sale screen takes scans now.
func (l *testTill) scannable() bool {
	s, ok := l.top().(sale)
	return ok && l.quitting == nil && l.palette == nil && s.again == nil && s.ask == nil && s.waiting == nil && s.assigning == nil
}

// Twenty scans in a row, of whatever characters and however they end, sell the
// goods that they are of while an order is being taken, and do nothing else.
func TestStorm_scans(t *testing.T) {
	t.Parallel()
	inWeather(t, func(l *testTill, w weather, r *rand.Rand) {
		parked := len(w.parked)
		want, sells, letters := l.stand(w, parked), l.scannable(), l.letters()
		n, _, _ := quantity(l.saleScreen().input)
		var scans []string
		for i := range 20 {
			code := salmonBar
			switch kind := r.IntN(5); {
			case i == 0 || kind == 0:
				if sells {
					o := l.order()
					o.Lines = want.Order
					o, _, err := o.Add(salmon(n))
					if err != nil {
						l.Fatal(err)
					}
					want.Order, n = o.Lines, 1
				}
			case kind == 1:
				letter := letters[r.IntN(len(letters))]
				if sells && (letter == "+" || letter == "-") {
					letter = "!" // held down, these change the quantity
				}
				code = strings.Repeat(letter, burstLeast+r.IntN(12))
			case kind == 2:
				code = fmt.Sprintf("49%06d%sx", r.IntN(1_000_000), letters[r.IntN(len(letters))])
			default:
				code = strings.Join(sample(r, letters, burstLeast+r.IntN(12)), "")
			}
			gap := []time.Duration{0, time.Millisecond, 10 * time.Millisecond, 45 * time.Millisecond}[r.IntN(4)]
			ends := [][]string{{"enter"}, {"ctrl+j"}, {"tab"}, {"enter", "ctrl+j"}}[r.IntN(4)]
			scans = append(scans, fmt.Sprintf("%q %v %v", code, gap, ends))
			if gap == 0 && r.IntN(2) == 0 {
				l.send(keyNamed(code)) // in one read
			} else {
				for _, c := range code {
					l.send(keyNamed(string(c)))
					l.pass(gap)
				}
			}
			for _, end := range ends {
				l.send(keyNamed(end))
				l.pass(gap)
			}
			l.pass([]time.Duration{10, 60, 200, 1000}[r.IntN(4)] * time.Millisecond)
			l.stood(strings.Join(scans, "\n"), want, l.stand(w, parked))
		}
		l.pass(time.Second)
		l.stood(strings.Join(scans, "\n"), want, l.stand(w, parked))
	})
}

// A key that is held down does what one press of it does.
func TestStorm_heldKeys(t *testing.T) {
	t.Parallel()
	for name, scene := range scenes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var keys []string
			after := func(key string, again time.Duration) (s stand) {
				f, lead := scene()
				f.printer = Printer{Columns: 32, Port: func(context.Context, []byte) error { return nil }, Asked: true}
				w := watched(f)
				inTill(t, "ja", f, func(l *testTill) {
					l.lead(lead)
					*w.did = nil
					parked := len(w.parked)
					keys = l.named()
					if key == "" {
						return
					}
					l.send(keyNamed(key))
					l.pass(500 * time.Millisecond)
					if again > 0 {
						for range (3 * time.Second) / again {
							l.send(keyNamed(key))
							l.pass(again)
						}
					}
					l.pass(time.Second)
					s = l.stand(w, parked)
				})
				return s
			}
			after("", 0)
			for _, key := range keys {
				if key == "+" || key == "-" || strings.Trim(key, "0123456789") == "" || key == "esc" {
					continue // these may be held
				}
				once := after(key, 0)
				held := after(key, 30*time.Millisecond)
				if diff := cmp.Diff(once.Did, held.Did); diff != "" || held.Quit != once.Quit {
					t.Errorf("%s (-pressed +held):\n%s", key, diff)
				}
				if diff := cmp.Diff(once.Order, held.Order); diff != "" {
					t.Errorf("%s: order (-pressed +held):\n%s", key, diff)
				}
			}
		})
	}
}

// A paste is never a key.
func TestStorm_paste(t *testing.T) {
	t.Parallel()
	inWeather(t, func(l *testTill, w weather, r *rand.Rand) {
		parked := len(w.parked)
		want, letters := l.stand(w, parked), append(l.letters(), salmonBar, "\r", "\n", "あ", "480\n")
		text := []rune(strings.Join(sample(r, letters, 10<<10), ""))
		for _, pasted := range append([]string{string(text)}, letters...) {
			l.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(pasted), Paste: true})
			l.pass(time.Second)
		}
		l.stood("pasted", want, l.stand(w, parked))
		fits(l.T, 80, 24, l.View())
	})
}

// A touch screen that goes mad presses nothing.
func TestStorm_touches(t *testing.T) {
	t.Parallel()
	inWeather(t, func(l *testTill, w weather, _ *rand.Rand) {
		parked := len(w.parked)
		want := l.stand(w, parked)
		const apart = 4 // no key is written in fewer cells
		for y := range 24 {
			for x := 0; x < 80; x += apart {
				l.send(tea.MouseMsg{X: x, Y: y, Button: tea.MouseButtonLeft, Action: tea.MouseActionPress})
				l.send(tea.MouseMsg{X: x, Y: y, Button: tea.MouseButtonLeft, Action: tea.MouseActionRelease})
			}
		}
		l.pass(time.Second)
		l.stood("touched everywhere", want, l.stand(w, parked))
	})
}
