package ui

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"example.jp/reji/pos"
)

// longPrice is from how many digits on a number that is no item's is taken for
// a mistyped or unknown code, and not for a price.
const longPrice = 6

// take is a line while an order is taken.
func (p *plain) take(ctx context.Context, text, line string) {
	w := p.words.Plain
	switch word, rest, _ := strings.Cut(text, " "); word {
	case "refund":
		if l, ok := p.find(ctx, rest); ok {
			p.giveBack(l.ID)
		}
		return
	case "hold":
		if rest == "" {
			p.say("%s", w.WhichHold)
		} else if l, ok := p.find(ctx, rest); ok {
			p.hold(l.ID)
		}
		return
	case "task":
		p.task(ctx, rest)
		return
	case "park":
		_, name, _ := strings.Cut(line, " ")
		p.park(ctx, strings.TrimSpace(name))
		return
	case "recall":
		p.recall(rest)
		return
	}
	switch text {
	case "pay", "reserve":
		p.charge(ctx, text)
	case "grown":
		p.grown = youngest(p.order)
		p.total()
	case "void":
		if n := len(p.order.Lines); n > 0 {
			name := p.words.Common.itemName(p.order.Lines[n-1])
			p.change(p.order.Remove(n - 1))
			p.say(p.words.Sale.Voided, name)
		}
		p.total()
	case "cancel", "check", "next", "new", "qr", "n", "back":
		p.say("%s", w.NotPaying)
	default:
		p.add(text)
	}
}

func (p *plain) change(o pos.Order, err error) bool {
	if err != nil {
		p.say("%s", newSale(p.env).problem(err).text)
		return false
	}
	p.order, p.anyway = o, ""
	return true
}

// add puts an item or a price into the order.
func (p *plain) add(text string) {
	w := p.words.Plain
	n, rest, err := quantity(text)
	if err != nil {
		p.say("%s", p.words.Sale.BadQuantity)
		return
	}
	line := pos.Line{Quantity: n, Rate: pos.Standard}
	long := false
	for _, prefix := range []string{"yen ", "r"} {
		if after, ok := strings.CutPrefix(rest, prefix); ok {
			rest, long = strings.TrimSpace(after), true
			if prefix == "r" {
				line.Rate = pos.Reduced
			}
			break
		}
	}
	code, amount, priced := strings.Cut(rest, " ")
	item, found := p.catalog.Find(code)
	switch {
	case found && !long && item.Department():
		line = item.Line(n)
		if line.Unit, err = pos.ParseYen(strings.TrimSpace(amount)); err != nil {
			p.say(w.Price, p.words.Common.itemName(line), code)
			return
		}
	case found && !long && !priced:
		line = item.Line(n)
	case rest == "" || strings.Trim(rest, "0123456789") != "":
		p.say(w.NotKnown, text)
		return
	case mistyped(rest), len(rest) >= longPrice && !long:
		p.say(w.NoItem, rest)
		return
	default:
		if line.Unit, err = pos.ParseYen(rest); err != nil {
			p.say("%s", p.words.Sale.BadAmount)
			return
		}
	}
	o, _, err := p.order.Add(line)
	if p.change(o, err) {
		p.say(w.Added, p.words.Common.itemName(line), yen(line.Unit), digits(n))
		p.total()
	}
}

func (p *plain) total() {
	totals, err := p.order.Totals()
	if err == nil {
		p.say(p.words.Plain.Total, p.words.Plain.Pieces.of(totals.Count), yen(totals.Total))
	}
}

// park puts the order aside, under a name if it has one.
func (p *plain) park(ctx context.Context, name string) {
	order := p.order
	if name == "" {
		name = p.parked
	}
	if err := p.register.Park(ctx, order, name); err != nil {
		p.say("%s", newSale(p.env).problem(err).text)
		return
	}
	p.fresh()
	if is, ok := parkedAs(p.register.Parked(), order.ID); ok {
		p.say(p.words.Plain.Parked, is.No)
	}
}

// recall takes up an order that was parked, by its number. It waits on in the
// journal until it is charged.
func (p *plain) recall(number string) {
	w := p.words
	if len(p.order.Lines) > 0 {
		p.say("%s", w.Plain.RecallFirst)
		return
	}
	for _, is := range p.register.Parked() {
		if strconv.Itoa(is.No) != number {
			continue
		}
		p.fresh()
		p.order, p.parked = is.Order, is.Name
		p.order.Tax = p.register.Tax()
		says := w.Park.Recalled
		if is.Doubtful(p.register.Gaps()) {
			says = w.Park.Doubtful
		}
		p.say(says, is.At.In(p.shop.Zone).Format("15:04"))
		p.list()
		return
	}
	p.say("%s", w.Plain.WhichParked)
}

// list reads the order out, or the one that is being paid.
func (p *plain) list() {
	o := p.order
	if s, ok := p.register.Sale(p.sale); ok {
		o = s.Sale.Order
	}
	p.readOrder(o)
}

func (p *plain) readOrder(o pos.Order) {
	for i, l := range o.Lines {
		total, err := l.Total()
		if err != nil {
			continue // an order takes no such line
		}
		p.say(p.words.Plain.Item, digits(int64(i+1)), p.words.Common.itemName(l), yen(l.Unit), digits(l.Quantity), yen(total))
	}
	if totals, err := o.Totals(); err == nil {
		p.say(p.words.Plain.Total, p.words.Plain.Pieces.of(totals.Count), yen(totals.Total))
	}
}

// charge is the only way to a payment, or to a hold, by the word that asked for it.
func (p *plain) charge(ctx context.Context, word string) {
	w := p.words
	if p.register.Status().Trouble != nil {
		p.say("%s", w.Common.JournalBad)
		return
	}
	if age := youngest(p.order); age > p.grown {
		p.say(w.Plain.Age, age, word)
		return
	}
	wish := word + " " + p.order.ID
	sold, err := p.register.Charge(ctx, p.order, pos.Terms{Hold: word == "reserve", Anyway: p.anyway == wish})
	switch {
	case errors.Is(err, pos.ErrSameAmount):
		p.anyway = wish
		p.say(w.Plain.Same, word)
	case errors.Is(err, pos.ErrTax):
		p.order.Tax = p.register.Tax()
		p.say("%s", newSale(p.env).problem(err).text)
		p.total()
	case err != nil:
		p.say("%s", newSale(p.env).problem(err).text)
	default:
		p.sale = sold.ID
	}
}
