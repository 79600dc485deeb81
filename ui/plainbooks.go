package ui

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"example.jp/reji/pos"
)

// plainPage is how many sales are read out at a time.
const plainPage = 10

// lookUp reads something out that changes nothing, and reports whether the line
// asks for that.
func (p *plain) lookUp(ctx context.Context, text string) bool {
	word, rest, _ := strings.Cut(text, " ")
	switch {
	case text == "sales":
		p.older = 0
		p.day(ctx)
		p.sales(ctx)
	case text == "more":
		p.sales(ctx)
	case word == "sale":
		if l, ok := p.find(ctx, rest); ok {
			p.recount(ctx, l.ID)
		}
	case text == "tasks":
		p.readTasks()
	case text == "unsettled":
		p.unsettled()
	case text == "holds":
		p.readHolds()
	case text == "parked":
		p.readParked()
	default:
		return false
	}
	return true
}

// day says what the business day has brought.
func (p *plain) day(ctx context.Context) {
	r, err := p.register.Report(ctx, p.register.Day())
	if err != nil {
		p.unread(err)
		return
	}
	l := newList(p.env)
	l.report = r
	text := p.words.List.date(r.Day) + ". " + strings.ReplaceAll(l.money()[0], "  ", ", ")
	if r.Incomplete {
		text += ". " + p.words.List.Incomplete
	}
	p.say("%s", text)
}

func (p *plain) unread(err error) {
	is := p.words.Problem.unread(err)
	p.say("%s %s", is.says, is.next)
}

// sales reads out the next of the day's sales, the newest first.
func (p *plain) sales(ctx context.Context) {
	w := p.words
	found, err := p.register.List(ctx, pos.ListQuery{Day: p.register.Day(), Before: p.older, Limit: plainPage + 1})
	switch {
	case err != nil:
		p.unread(err)
		return
	case len(found) == 0 && p.older == 0:
		p.say("%s", w.List.None)
		return
	case len(found) == 0:
		p.say("%s", w.Plain.NoMore)
		return
	}
	for _, l := range found[:min(len(found), plainPage)] {
		p.older = l.Number
		p.say("No.%s %s %s %s %s", receiptNumber(l.Number), l.OpenedAt.In(p.shop.Zone).Format("15:04"),
			w.Common.standing(l.Standing), yen(l.Total), w.Common.goods(l.Goods, l.GoodsEn, 100))
	}
	if len(found) > plainPage {
		p.say("%s", w.Plain.More)
	}
}

// find is the sale with a receipt number, of whatever day.
func (p *plain) find(ctx context.Context, number string) (pos.Listed, bool) {
	n, err := strconv.ParseInt(strings.TrimPrefix(number, "no."), 10, 64)
	if err != nil || n < 1 {
		p.say("%s", p.words.Plain.WhichSale)
		return pos.Listed{}, false
	}
	found, err := p.register.List(ctx, pos.ListQuery{Before: n + 1, Limit: 1})
	switch {
	case err != nil:
		p.unread(err)
	case len(found) == 0 || found[0].Number != n:
		p.say(p.words.Plain.NoSale, receiptNumber(n))
	default:
		return found[0], true
	}
	return pos.Listed{}, false
}

// recount reads a sale out: what was sold, and what became of its money.
func (p *plain) recount(ctx context.Context, id pos.SaleID) {
	w := p.words
	s, _, err := p.register.History(ctx, id)
	if err != nil {
		p.unread(err)
		return
	}
	p.say("No.%s %s %s", receiptNumber(s.Number), s.OpenedAt.In(p.shop.Zone).Format("2006-01-02 15:04"), w.Common.standing(s.Standing()))
	p.readOrder(s.Order)
	for _, a := range s.Attempts {
		if a.OnHold > 0 {
			p.say("%s %s", w.GiveBack.OnHold, yen(a.OnHold))
		}
		if a.Taken > 0 {
			p.say("%s %s, %s %s, %s %s. %s", w.GiveBack.Paid, yen(a.Taken), w.GiveBack.Returned, yen(a.Returned()),
				w.GiveBack.Left, yen(a.Left()), pos.Clean(a.PaymentID, 64))
		}
		for _, m := range a.Modifications {
			p.say("%s", spoken(w.GiveBack.line(p.theme, m, p.shop.Zone, spokenWidth)))
		}
	}
}

// spokenWidth is as wide as a line may be: nothing that is read out is cut.
const spokenWidth = 1000

// spoken is a line of a screen without the blanks that align it.
func spoken(line string) string { return strings.Join(strings.Fields(line), " ") }

// readTasks reads out what needs a person.
func (p *plain) readTasks() {
	w := p.words
	t := newTasks(p.env)
	if len(t.all) == 0 {
		p.say("%s", w.Tasks.None)
		return
	}
	for i, k := range t.all {
		t.cursor = i
		about := strings.Join(t.about(spokenWidth), " ")
		if k.Kind == pos.TaskGap {
			about = w.Accounting.lost(k.Gap, p.shop.Zone)
		}
		what := w.Tasks.kind(k)
		if k.Sale != "" {
			what += " No." + receiptNumber(k.Number) + " " + yen(k.Amount)
		}
		if !k.Since.IsZero() {
			what += " " + following{env: t.env}.ago(t.time.Sub(k.Since))
		}
		p.say("%s: %s. %s", digits(int64(i+1)), what, about)
	}
	p.say("%s", w.Plain.Task)
}

// unsettled reads out what PayPay has yet to say something about.
func (p *plain) unsettled() {
	w := p.words
	all := p.register.Unsettled()
	if len(all) == 0 {
		p.say("%s", w.Plain.AllSettled)
	}
	for _, s := range all {
		p.say("No.%s %s %s %s", receiptNumber(s.Sale.Number), s.Sale.OpenedAt.In(p.shop.Zone).Format("15:04"),
			w.Common.standing(s.Sale.Standing()), yen(s.Sale.Totals.Total))
	}
}

// readParked reads out the orders that wait.
func (p *plain) readParked() {
	w := p.words
	all := p.register.Parked()
	if len(all) == 0 {
		p.say("%s", w.Park.None)
	}
	for _, k := range all {
		totals, err := k.Order.Totals()
		if err != nil {
			continue // no such order is parked
		}
		p.say("%s", spoken(fmt.Sprintf("%d: %s %s "+w.Plain.Total, k.No, k.At.In(p.shop.Zone).Format("15:04"), pos.Clean(k.Name, maxNote),
			w.Plain.Pieces.of(totals.Count), yen(totals.Total))))
	}
}
