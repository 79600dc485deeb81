package ui

import (
	"fmt"
	"slices"

	"example.jp/reji/pos"
)

// fresh is the screen with another order and nothing of the last one.
func (s sale) fresh(o pos.Order) sale {
	s.undo, s.redo, s.cursor, s.charged, s.grown = nil, nil, max(len(o.Lines)-1, 0), "", 0
	s.from, s.search, s.again, s.ask, s.prompt, s.assigning, s.waiting = nil, nil, nil, nil, nil, nil, nil
	s.order = o
	s.totals, _ = o.Totals() // an order that was charged adds up
	s.page = 0               // whoever knows the first page by heart need not look
	return s.typed("")
}

// begun is a new order, taxed as the law wants today.
func (s sale) begun(lines ...pos.Line) pos.Order {
	o := pos.NewOrder(lines...)
	o.Tax = s.register.Tax()
	return o
}

// put adds a line to the order and leaves an input behind. It asks first about
// a department's price, and whether so much of something can be right.
func (s sale) put(l pos.Line, input string) sale {
	if isDepartment(l) {
		return s.askPrice(l, input)
	}
	whole, err := l.Unit.Times(l.Quantity)
	if err != nil {
		s.note = s.problem(err)
		return s
	}
	return s.sure(l, l.Quantity, whole, func(s sale) sale { return s.add(l, input) })
}

func (s sale) add(l pos.Line, input string) sale {
	next, i, err := s.order.Add(l)
	if err != nil {
		s.note = s.problem(err)
		return s
	}
	s = s.changed(next).typed(input)
	s.cursor = i
	s.note = note{text: fmt.Sprintf(s.words.Sale.Added, s.words.Common.itemName(l))}
	return s
}

// changed is the screen with a changed order. The one before can be undone to.
func (s sale) changed(o pos.Order) sale {
	from := max(len(s.undo)+1-maxUndo, 0)
	s.undo, s.redo = append(slices.Clone(s.undo[from:]), s.order), nil
	return s.with(o)
}

func (s sale) with(o pos.Order) sale {
	s.order = o
	s.totals, _ = o.Totals() // the order's own methods have refused what does not add up
	s.cursor = max(min(s.cursor, len(o.Lines)-1), 0)
	return s
}

func (s sale) undone() sale {
	w := s.words
	s, s.undo, s.redo = s.walked(s.undo, s.redo, w.Sale.Undone, w.Sale.NothingUndone)
	return s
}

// redone takes the last step back that was undone.
func (s sale) redone() sale {
	w := s.words
	s, s.redo, s.undo = s.walked(s.redo, s.undo, w.Entry.Redone, w.Entry.NothingToRedo)
	return s
}

// walked is the screen with the order that was put away last in front of it, and
// where the orders are then that can be gone on to, and gone back to.
func (s sale) walked(on, back []pos.Order, done, nothing string) (sale, []pos.Order, []pos.Order) {
	if len(on) == 0 {
		s.note = note{text: nothing}
		return s, on, back
	}
	last := len(on) - 1
	back = append(slices.Clone(back), s.order)
	what := s.between(s.order, on[last])
	s = s.with(on[last])
	s.note = note{text: fmt.Sprintf(done, what)}
	return s, on[:last], back
}

// between names what is not the same in two orders that lie a step apart.
func (s sale) between(a, b pos.Order) string {
	w := s.words.Entry
	if len(a.Lines) < len(b.Lines) {
		a, b = b, a
	}
	differs := func(same func(l, m pos.Line) bool) int {
		i := 0
		for i < len(b.Lines) && same(a.Lines[i], b.Lines[i]) {
			i++
		}
		return i
	}
	// A set's other lines cost something else now as well; they are not what was done.
	i := differs(func(l, m pos.Line) bool {
		m.Off, m.Part = l.Off, l.Part
		return l == m
	})
	if i == len(a.Lines) {
		i = differs(func(l, m pos.Line) bool { return l == m })
	}
	if i < len(a.Lines) {
		return s.words.Common.itemName(a.Lines[i])
	}
	switch {
	case a.EatIn != b.EatIn:
		return w.EatInName
	case a.Off != b.Off:
		return fmt.Sprintf(w.OffOf, w.OffWhole)
	}
	return w.AllName
}
