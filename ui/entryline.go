package ui

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

// selected is the line that keys act on, unless there is none or it was taken
// back; then the note says so.
func (s sale) selected() (sale, pos.Line, bool) {
	switch {
	case len(s.order.Lines) == 0:
		s.note = note{text: s.words.Sale.EmptyOrder, bad: true}
		return s, pos.Line{}, false
	case s.order.Lines[s.cursor].Void != "":
		s.note = note{text: s.words.Entry.VoidAlready, bad: true}
		return s, pos.Line{}, false
	}
	return s, s.order.Lines[s.cursor], true
}

// change puts another line in the place of one, and says what was done.
func (s sale) change(i int, says string, change func(*pos.Line)) sale {
	next, err := s.order.Change(i, change)
	if err != nil {
		s.note = s.problem(err)
		return s
	}
	before := s.order
	s = s.changed(next)
	s.note = note{text: says}
	return s.settled(before)
}

// settled says what a set is cheaper by, when a change of one of its lines has
// changed that. The customer was told another price.
func (s sale) settled(before pos.Order) sale {
	for _, l := range before.Lines {
		set := l.Part.Set
		was, n := before.WholeSets(set), s.order.WholeSets(set)
		if was == n {
			continue
		}
		w := s.words.Entry
		says := fmt.Sprintf(w.SetGone, l.Part.Name)
		if n > 0 {
			says = fmt.Sprintf(w.SetLeft, l.Part.Name, digits(n))
		}
		s.note.text = strings.TrimSpace(says + "  " + s.note.text) // in front, where it is not cut off
		return s
	}
	return s
}

// step changes the quantity of the selected line. The last piece is taken back
// with the line, for which there is a reason.
func (s sale) step(n int64) sale {
	s, l, ok := s.selected()
	if !ok {
		return s
	}
	if l.Quantity+n < 1 {
		return s.void()
	}
	next, err := s.order.SetQuantity(s.cursor, l.Quantity+n)
	if err != nil {
		s.note = s.problem(err)
		return s
	}
	before := s.order
	return s.changed(next).settled(before)
}

// void takes the selected line back. It stays to be seen, with the reason.
func (s sale) void() sale {
	s, l, ok := s.selected()
	if !ok {
		return s
	}
	w, i := s.words, s.cursor
	name := w.Common.itemName(l)
	return s.because(fmt.Sprintf(w.Entry.VoidTitle, name, yen(total(l))), w.Entry.VoidReasons, func(s sale, reason string) sale {
		return s.change(i, fmt.Sprintf(w.Sale.Voided, name), func(l *pos.Line) { l.Void = reason })
	})
}

// total is the price of a line of an order, which adds up.
func total(l pos.Line) pos.Yen {
	y, _ := l.Total()
	return y
}

// many gives the selected line the quantity that is typed.
func (s sale) many() sale {
	w, i := s.words, s.cursor
	s, l, ok := s.selected()
	if !ok {
		return s
	}
	if s.input == "" {
		return s.number(fmt.Sprintf(w.Entry.NumberOf, cut(w.Common.itemName(l), maxLabel)), sale.many)
	}
	n, err := strconv.ParseInt(s.input, 10, 64)
	if err != nil || n < 1 || n > pos.MaxQuantity {
		s.note = note{text: w.Sale.BadQuantity, bad: true}
		return s
	}
	whole, _ := l.Unit.Times(n) // the order refuses one that does not add up
	return s.sure(l, n, whole, func(s sale) sale {
		s = s.change(i, fmt.Sprintf(w.Entry.QuantitySet, w.Common.itemName(l), digits(n)), func(l *pos.Line) { l.Quantity = n })
		if s.note.bad {
			return s
		}
		return s.typed("")
	})
}

// reprice sells the selected line for the price that is typed.
func (s sale) reprice() sale {
	w, i := s.words, s.cursor
	s, l, ok := s.selected()
	if !ok {
		return s
	}
	if s.input == "" {
		return s.number(fmt.Sprintf(w.Entry.PriceOf, cut(w.Common.itemName(l), maxLabel)), sale.reprice)
	}
	price, err := pos.ParseYen(s.input)
	if err != nil {
		s.note = note{text: w.Sale.BadAmount, bad: true}
		return s
	}
	name := w.Common.itemName(l)
	title := fmt.Sprintf(w.Entry.PriceTitle, name, yen(l.Unit), w.Entry.exactly(price))
	return s.because(title, w.Entry.PriceReasons, func(s sale, reason string) sale {
		s = s.change(i, fmt.Sprintf(w.Entry.PriceSet, name, yen(price)), func(l *pos.Line) {
			if l.Listed == 0 {
				l.Listed = l.Unit
			}
			l.Unit, l.Why = price, reason
		})
		if s.note.bad {
			return s
		}
		return s.typed("")
	})
}

// discount takes what is typed off a line or the whole order: yen or percent.
func (s sale) discount() sale {
	w := s.words.Entry
	if len(s.order.Lines) == 0 {
		s.note = note{text: s.words.Sale.EmptyOrder, bad: true}
		return s
	}
	if s.input == "" {
		return s.number(w.OffHow, sale.discount)
	}
	l := s.order.Lines[s.cursor]
	n, err := strconv.ParseInt(s.input, 10, 64)
	if err != nil || n < 0 || n > int64(pos.MaxYen) {
		s.note = note{text: s.words.Sale.BadAmount, bad: true}
		return s
	}
	name := s.words.Common.itemName(l)
	d := dialog{title: fmt.Sprintf(w.OffTitle, digits(n)), text: w.OffText, choices: []choice{{"enter", w.Not}}}
	if n == 0 {
		d.choices = append(d.choices, choice{"1", fmt.Sprintf(w.OffLineNone, name)}, choice{"3", w.OffAllNone})
	} else {
		d.choices = append(d.choices, choice{"1", fmt.Sprintf(w.OffLine, name, yen(pos.Yen(n)))})
		if n <= 100 {
			d.choices = append(d.choices, choice{"2", fmt.Sprintf(w.OffLine, name, strconv.FormatInt(n, 10)+"%")})
		}
		d.choices = append(d.choices, choice{"3", fmt.Sprintf(w.OffAll, yen(pos.Yen(n)))})
		if n <= 100 {
			d.choices = append(d.choices, choice{"4", fmt.Sprintf(w.OffAll, strconv.FormatInt(n, 10)+"%")})
		}
	}
	if l.Void != "" { // of what was taken back there is nothing to take off
		d.choices = slices.DeleteFunc(d.choices, func(c choice) bool { return c.key == "1" || c.key == "2" })
	}
	i := s.cursor
	return s.offersChoice(d, func(s sale, answer string) (screen, move, tea.Cmd) {
		off := pos.Discount{Yen: pos.Yen(n)}
		if answer == "2" || answer == "4" {
			off = pos.Discount{Percent: n}
		}
		return s.takeOff(i, off, answer == "3" || answer == "4"), move{}, nil
	})
}

// takeOff gives a discount on a line, or on the whole order, and asks why when
// it is a large one.
func (s sale) takeOff(i int, off pos.Discount, whole bool) sale {
	give := func(s sale, reason string) sale {
		off.Why = reason
		next, err := s.order.Change(i, func(l *pos.Line) { l.Off = off })
		if whole {
			next, err = s.order.Discounted(off)
		}
		if err != nil {
			s.note = s.problem(err)
			return s
		}
		before := s.order
		s = s.changed(next).typed("")
		w, what := s.words.Entry, s.words.Common.itemName(s.order.Lines[i])
		if whole {
			what = w.OffWhole
		}
		s.note = note{text: fmt.Sprintf(w.OffDone, what, offMark(off))}
		if offMark(off) == "" {
			s.note.text = fmt.Sprintf(w.OffNone, what)
		}
		return s.settled(before)
	}
	worth := give(s, "").totals
	before := s.totals.Goods - s.totals.Off
	if less := before - (worth.Goods - worth.Off); less > s.entry.ReasonAbove {
		return s.because(fmt.Sprintf(s.words.Entry.OffWhy, yen(less)), s.words.Entry.PriceReasons, give)
	}
	return give(s, "")
}

// offMark is a discount in a few characters.
func offMark(d pos.Discount) string {
	switch {
	case d.Percent > 0:
		return "-" + strconv.FormatInt(d.Percent, 10) + "%"
	case d.Yen > 0:
		return "-" + yen(d.Yen)
	}
	return ""
}

// here switches between eating in and taking out, which is what the rate of
// food depends on.
func (s sale) here() sale {
	next := s.order
	next.EatIn = !next.EatIn
	s = s.changed(next)
	w := s.words.Entry
	s.note = note{text: fmt.Sprintf(w.TakeOut, s.order.Tax.Reduced)}
	if next.EatIn {
		s.note = note{text: fmt.Sprintf(w.EatIn, s.order.Tax.Standard)}
	}
	return s
}

// abandon asks whether the customer is gone.
func (s sale) abandon() sale {
	if len(s.order.Lines) == 0 {
		s.note = note{text: s.words.Sale.EmptyOrder}
		return s
	}
	w := s.words.Entry
	text := w.AbandonText
	if s.from != nil {
		text = w.AbandonParked
	}
	return s.asks(dialog{
		title: fmt.Sprintf(w.AbandonTitle, yen(s.totals.Total)), text: text,
		choices: []choice{{"enter", w.AbandonNot}, {"y", w.AbandonDo}},
	}, func(s sale, _ string) (screen, move, tea.Cmd) {
		if s.from != nil {
			register, id := s.register, s.order.ID
			return s.writing("", s.words.Entry.Abandoned, func(ctx context.Context) error { return register.Discard(ctx, id) })
		}
		s = s.fresh(s.begun())
		s.note = note{text: s.words.Entry.Abandoned}
		return s, move{}, nil
	})
}

// manyPieces is a quantity that is asked about: a number left behind in the
// input makes one of any other.
const manyPieces = 100

// putPrice adds a line of an amount that was typed. It asks about one so large
// that a zero may be too many.
func (s sale) putPrice(l pos.Line) sale {
	whole, err := l.Unit.Times(l.Quantity)
	if err != nil || s.entry.Ceiling == 0 || whole <= s.entry.Ceiling || l.Quantity > 1 {
		return s.put(l, "")
	}
	w := s.words.Entry
	return s.large(fmt.Sprintf(w.LargeTitle, w.exactly(whole)), w.LargeText, func(s sale) sale { return s.add(l, "") })
}

// sure asks about so many pieces, or so much for them, that a digit may be too
// many. What a single piece costs the catalogue says.
func (s sale) sure(l pos.Line, n int64, whole pos.Yen, do func(sale) sale) sale {
	if s.entry.Ceiling == 0 || n < 2 || n < manyPieces && whole <= s.entry.Ceiling {
		return do(s)
	}
	w := s.words.Entry
	return s.large(fmt.Sprintf(w.ManyTitle, s.words.Common.itemName(l), digits(n), w.exactly(whole)), w.ManyText, do)
}

// large asks before something large goes into the order.
func (s sale) large(title, text string, do func(sale) sale) sale {
	w := s.words.Entry
	return s.asks(dialog{title: title, text: text, choices: []choice{{"enter", w.LargeNot}, {"y", w.LargeDo}}},
		func(s sale, _ string) (screen, move, tea.Cmd) { return do(s), move{}, nil })
}

// exactly is an amount as it is said, so that its zeros need not be counted.
func (w entryWords) exactly(y pos.Yen) string {
	if w.Man == "-" || y < 10_000 {
		return fmt.Sprintf(w.Yen, digits(int64(y)))
	}
	var b strings.Builder
	if oku := y / 100_000_000; oku > 0 {
		b.WriteString(strconv.FormatInt(int64(oku), 10) + w.Oku)
	}
	if man := y / 10_000 % 10_000; man > 0 {
		b.WriteString(strconv.FormatInt(int64(man), 10) + w.Man)
	}
	if rest := y % 10_000; rest > 0 {
		b.WriteString(digits(int64(rest)))
	}
	return fmt.Sprintf(w.Yen, b.String())
}

// youngest is the age of the youngest who may buy an order, in years.
func youngest(o pos.Order) int {
	age := 0
	for _, l := range o.Lines {
		if l.Void == "" {
			age = max(age, l.Age)
		}
	}
	return age
}

// onlyFrom names the goods that ask for the customer's age.
func (s sale) onlyFrom(age int) string {
	w, all := s.words, []string(nil)
	for _, l := range s.order.Lines {
		if name := w.Common.itemName(l); l.Void == "" && l.Age == age && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	more := ""
	if rest := len(all) - maxNamed; rest > 0 {
		all, more = all[:maxNamed], fmt.Sprintf(w.Park.More, rest)
	}
	return strings.Join(all, w.Entry.And) + more
}

// maxNamed is how many goods a question names.
const maxNamed = 3

// oldest asks for the customer's age, once for an order, before it is charged.
func (s sale) oldest(terms pos.Terms) (sale, bool) {
	age := youngest(s.order)
	if age <= s.grown {
		return s, false
	}
	w := s.words.Entry
	return s.asks(dialog{
		title: fmt.Sprintf(w.AgeTitle, age), text: fmt.Sprintf(w.AgeText, age, s.onlyFrom(age)),
		choices: []choice{{"enter", w.AgeNot}, {"y", fmt.Sprintf(w.AgeDo, age)}},
	}, func(s sale, _ string) (screen, move, tea.Cmd) {
		s.grown = age
		return s.charge(terms)
	}), true
}
