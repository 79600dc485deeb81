package ui

import (
	"fmt"
	"slices"
	"time"

	"example.jp/reji/pos"
)

// japan is the zone of PayPay's deadlines. It has no summer time.
var japan = time.FixedZone("JST", 9*60*60)

const (
	// givePanelFrom is the width from which the goods and what was given back
	// before stand beside the questions.
	givePanelFrom = 112
	// giveMost is as wide as the questions get.
	giveMost = 96
)

func (g giveBack) view(width, height int) string {
	w, t := g.words.GiveBack, g.theme
	if !g.begun {
		p := newPage(width, height)
		p.line("")
		text, l := w.Reading, t.faint
		if g.note.text != "" {
			text, l = g.note.text, t.bad
		}
		for _, part := range wrap(text, width-4) {
			p.line("  " + l.paint(part))
		}
		return p.String()
	}
	side := width
	if width >= givePanelFrom {
		side = width - panelWidth
	}
	p := newPage(min(side, giveMost), height)
	g.viewPayment(p)
	switch {
	case g.asked != nil:
		g.viewAsked(p)
	case g.step == atOutcome, g.step == atDrop:
		g.viewOutcome(p, side == width)
	default:
		g.viewStep(p, side == width)
	}
	if side == width {
		return p.String()
	}
	return beside(p.lines, side, t.rule.paint("│"), g.panel(panelWidth-2, height), height)
}

// viewPayment is what is given back of: the payment, and what is left of it.
func (g giveBack) viewPayment(p *page) {
	w, t := g.words.GiveBack, g.theme
	a, known := g.snap.Sale.Attempt(g.attempt)
	inner := p.width - 3
	number := fmt.Sprintf(w.Number, receiptNumber(g.snap.Sale.Number))
	if !known {
		p.line(" " + t.strong.paint(number))
		p.line(" " + t.line(p.width-2))
		return
	}
	at, label, amount := a.RequestedAt, w.Live, a.Amount
	switch {
	case a.State == pos.Held:
		label, amount = w.OnHold, a.OnHold
	case a.Hold && a.Taken == 0:
		label = w.OnHold
	case a.Taken > 0:
		at, label, amount = a.PaidAt, w.Paid, a.Taken
	}
	money := label + " " + yen(amount)
	facts := at.In(g.shop.Zone).Format("2006-01-02 15:04")
	if id := pos.Clean(a.PaymentID, 64); cells(number)+4+cells(facts)+3+cells(id)+2+cells(money) <= inner {
		facts += "   " + id
	}
	room := inner - cells(number) - 3 - cells(money) - 1
	p.line(" " + t.strong.paint(number) + "   " + t.faint.paint(left(facts, room)) + " " + t.strong.paint(money) + "  ")
	if a.Taken > 0 {
		back := w.Returned + " " + yen(a.Returned())
		if settled := a.Settled(); settled > 0 {
			back += "  " + w.Settled + " " + yen(settled)
		}
		r := between(back, w.Left+" "+yen(a.Left()), inner)
		p.line(" " + r + "  ")
	}
	p.line(" " + t.line(p.width-2))
}

// viewStep is a question, and below it how the money would be given back.
func (g giveBack) viewStep(p *page, alone bool) {
	w := g.words.GiveBack
	way := g.wayLines(p.width - 3)
	foot := len(way) + 2 // a line above and the last key's sentence below
	switch g.step {
	case atNothing:
		p.line("")
		for _, l := range wrap(g.whyNothing(), p.width-4) {
			p.line("  " + l)
		}
		return
	case atWhich:
		g.viewList(p, w.WhichHead, g.payments())
	case atHow:
		g.viewList(p, w.HowHead, g.ways())
		if alone {
			g.viewEarlier(p, foot)
		}
	case atReason:
		g.viewList(p, w.ReasonHead, g.reasons())
	case atGoods:
		g.viewGoods(p, foot)
	case atAmount:
		g.viewInput(p, w.AmountHead, fmt.Sprintf(w.Most, yen(g.left)))
	case atAgain:
		if g.extent == byGoods {
			g.viewInput(p, w.GoodsAgain, fmt.Sprintf(w.GoodsChosen, yen(g.amount())))
			break
		}
		g.viewInput(p, w.AgainHead, fmt.Sprintf(w.FirstTyped, yen(g.first)))
	case atOther:
		g.viewInput(p, w.OtherHead, "")
	case atOutcome, atDrop:
	}
	p.until(foot)
	p.line(" " + g.theme.line(p.width-2))
	for _, l := range way {
		p.line(" " + l)
	}
	g.viewNote(p)
}

func (g giveBack) viewNote(p *page) {
	look := g.theme.text
	if g.note.bad {
		look = g.theme.warn
	}
	p.line(" " + look.paint(cut(g.note.text, p.width-2)))
}

func (g giveBack) whyNothing() string {
	w := g.words.GiveBack
	if a, ok := g.snap.Sale.Attempt(g.attempt); ok && a.Taken > 0 && a.Left() == 0 {
		return w.NothingLate
	}
	for _, a := range g.snap.Sale.Attempts {
		switch {
		case a.State.Open(), a.State == pos.Lost:
			return w.NothingYet
		case a.Taken > 0:
			return w.NothingLate
		}
	}
	return w.Nothing
}

// viewList is a question with its answers, by number.
func (g giveBack) viewList(p *page, head string, answers []string) {
	t := g.theme
	p.line("  " + t.strong.paint(cut(head, p.width-4)))
	p.line("")
	for i, a := range answers {
		text := left(digits(int64(i+1)), 3) + cut(a, p.width-8)
		if i == g.cursor {
			p.line(t.selected.paint(left("  > "+text, p.width)))
			continue
		}
		p.line("    " + text)
	}
	p.line("")
}

// payments are the payments to choose from.
func (g giveBack) payments() []string {
	w := g.words.GiveBack
	var all []string
	for _, a := range givable(g.snap.Sale) {
		at := a.RequestedAt
		if a.Taken > 0 {
			at = a.PaidAt
		}
		mark := ""
		if a.Late && !a.Attached {
			mark = w.Late
		}
		all = append(all, at.In(g.shop.Zone).Format("15:04")+right(yen(max(a.Kept(), a.OnHold)), 12)+"  "+
			left(mark, cells(w.Late))+"  "+pos.Clean(a.PaymentID, 64))
	}
	return all
}

// ways are the ways to say how much.
func (g giveBack) ways() []string {
	w := g.words.GiveBack
	a, _ := g.snap.Sale.Attempt(g.attempt)
	all := w.Whole
	switch {
	case a.State == pos.Live:
		all = w.AllCode
	case a.State == pos.Held:
		all = w.AllHeld
	case g.rest() != a.Taken:
		all = w.Rest
	}
	names := []string{all, w.ByGoods, w.ByAmount}
	if extents := g.extents(); extents[0] != wholly {
		return names[1:]
	} else if len(extents) == 1 {
		names = names[:1]
	}
	amount := g.rest()
	if a.State == pos.Live {
		amount = a.Amount
	}
	names[0] = left(names[0], widest(names)+4) + yen(amount)
	return names
}

// viewEarlier is what was asked for before, newest first, where there is room.
func (g giveBack) viewEarlier(p *page, foot int) {
	w, t := g.words.GiveBack, g.theme
	lines := g.earlier(p.width - 4)
	if len(lines) == 0 || p.room()-foot < 2 {
		return
	}
	p.line("  " + t.faint.paint(w.Earlier))
	for _, l := range lines[:min(len(lines), p.room()-foot)] {
		p.line("  " + l)
	}
}

// earlier are the payment's modifications, one a line, newest first.
func (g giveBack) earlier(width int) []string {
	a, _ := g.snap.Sale.Attempt(g.attempt)
	lines := make([]string, 0, len(a.Modifications))
	for _, m := range slices.Backward(a.Modifications) {
		if m.ID != g.shown { // which stands above, at length
			lines = append(lines, g.words.GiveBack.line(g.theme, m, g.shop.Zone, width))
		}
	}
	return lines
}

// line is a modification in one line.
func (w giveBackWords) line(t theme, m pos.Modification, zone *time.Location, width int) string {
	names := []string{w.Cancel.Name, w.Refund.Name, w.Revert.Name, w.Capture.Name}
	states := []string{w.StateAsked, w.StateAccepted, w.StateCarried, w.StateDenied, w.StateDropped, w.StateConsenting}
	head := m.AskedAt.In(zone).Format("15:04") + "  " + left(w.way(m.Way).Name, widest(names)) + right(yen(m.Amount), 13) + "  "
	reason := pos.Clean(m.Reason, 200)
	if m.Outside {
		reason = w.Outside
	}
	rest := width - cells(head) - widest(states) - 2
	return head + t.progress(m).padded(w.state(m), widest(states)) + "  " + cut(reason, rest)
}

// progress is how a modification looks; the word says the same.
func (t theme) progress(m pos.Modification) look {
	switch m.State {
	case pos.Asked, pos.Consenting:
		return t.busy
	case pos.Accepted:
		if m.Way == pos.WayCancel {
			return t.busy // it is not done before PayPay says so
		}
		return t.good
	case pos.Carried:
		return t.good
	case pos.Denied:
		if m.Dropped {
			return t.faint
		}
		return t.warn
	}
	return t.text
}

// viewGoods is the lines of the order, with how many of each come back.
func (g giveBack) viewGoods(p *page, foot int) {
	w, t := g.words.GiveBack, g.theme
	a, _ := g.snap.Sale.Attempt(g.attempt)
	sold := g.sold()
	sum := yen(g.amount())
	p.line("  " + between(t.strong.paint(w.GoodsHead), w.Sum+" "+t.strong.paint(sum), p.width-4))
	p.line("")
	rows := p.room() - foot
	first := max(min(g.cursor-rows/2, len(sold)-rows), 0)
	count := cells(fmt.Sprintf(w.Of, digits(pos.MaxQuantity), digits(pos.MaxQuantity)))
	const amount = 13
	for at := first; at < min(first+rows, len(sold)); at++ {
		i := sold[at]
		l := g.snap.Sale.Order.Lines[i]
		many := fmt.Sprintf(w.Of, digits(g.picked[i]), digits(g.pickable(i)))
		back := ""
		if n := goodsBack(a, i); n > 0 {
			back = " (" + fmt.Sprintf(w.Before, digits(n)) + ")"
		}
		price := ""
		if g.picked[i] > 0 {
			price = yen(g.value([]pos.Goods{{Line: i, Quantity: g.picked[i]}}))
		}
		name := left(digits(int64(at+1)), 3) + g.goodsName(l) + back
		row := left(name, p.width-7-count-amount) + right(many, count) + right(price, amount)
		if at == g.cursor {
			p.line(t.selected.paint(left("  > "+row, p.width)))
			continue
		}
		p.line("    " + row)
	}
}

// goodsName is what a line of the order is called: what was sold by its price
// alone is told apart by that.
func (g giveBack) goodsName(l pos.Line) string {
	name := g.words.Common.itemName(l)
	if l.Name == "" {
		name += " @" + yen(l.Unit)
	}
	return name
}

// viewInput is something to type.
func (g giveBack) viewInput(p *page, head, hint string) {
	t := g.theme
	p.line("  " + t.strong.paint(cut(head, p.width-4)))
	p.line("")
	text := g.input
	if g.step == atAmount || g.step == atAgain {
		text = "¥" + text
	}
	p.line("  > " + t.field.paint(tail(text, p.width-8)+"_"))
	p.line("")
	p.line("    " + t.faint.paint(cut(hint, p.width-6)))
}

// wayLines say by which way the till would give the amount back, why, until
// when that works, and what the customer will see.
func (g giveBack) wayLines(width int) []string {
	w, t := g.words.GiveBack, g.theme
	amount := g.amount()
	if g.step == atAmount && g.extent == byAmount {
		if typed, err := pos.ParseYen(g.input); err == nil {
			amount = typed
		}
	}
	a, known := g.snap.Sale.Attempt(g.attempt)
	c, ok := g.choice(amount)
	if !known || !ok {
		return nil
	}
	about := w.way(c.Way)
	rows := [][2]string{{w.Way, fmt.Sprintf(w.WayWhy, about.Name, g.why(a, amount, c))}}
	if !c.Until.IsZero() {
		rows = append(rows, [2]string{w.Until, g.until(c.Until)})
	}
	rows = append(rows, [2]string{w.Customer, about.Customer})
	label := widest([]string{w.Way, w.Until, w.Customer}) + 2
	var lines []string
	for _, r := range rows {
		name := r[0]
		for i, part := range wrap(r[1], width-label) {
			look := t.text
			if r[0] == w.Way && i == 0 {
				look = t.strong
			}
			lines = append(lines, t.faint.paint(left(name, label))+look.paint(part))
			name = ""
		}
	}
	return lines
}

// until is a deadline of PayPay's clock, in Japan, and how far off it is.
func (g giveBack) until(end time.Time) string {
	w := g.words.GiveBack
	now := g.payPayNow()
	last := end.Add(-time.Second).In(japan)
	layout := "01-02 15:04:05"
	if last.Year() != now.In(japan).Year() {
		layout = "2006-01-02 15:04:05"
	}
	return fmt.Sprintf(w.UntilTime, last.Format(layout)) + "  " + w.remaining(end.Sub(now))
}

// remaining is how far off something is.
func (w giveBackWords) remaining(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d <= 0:
		return w.Over
	case d >= 2*day:
		return fmt.Sprintf(w.DaysLeft, digits(int64(d/day)))
	case d >= time.Hour:
		return fmt.Sprintf(w.TimeLeft, fmt.Sprintf("%d:%02d:%02d", int(d/time.Hour), int(d/time.Minute)%60, int(d/time.Second)%60))
	}
	return fmt.Sprintf(w.TimeLeft, minutes(d))
}

// viewAsked is the dialog, below the amount in large figures where both fit.
func (g giveBack) viewAsked(p *page) {
	box := min(p.width-4, 72)
	lines := g.asked.draw(g.theme, box, p.room())
	shown := g.worth()
	if g.step == atDrop {
		_, m := g.modification()
		shown = m.Amount
	}
	if big := g.theme.bigDigits(yen(shown), p.width-4); len(big) > 1 && p.room() >= len(lines)+len(big)+1 {
		for _, l := range big {
			p.line("  " + g.theme.strong.paint(middle(l, p.width-4)))
		}
	}
	p.skip((p.room() - len(lines)) / 2)
	for _, l := range lines {
		p.line(blank((p.width-box)/2) + l)
	}
}

// viewOutcome is what has become of what was asked for.
func (g giveBack) viewOutcome(p *page, alone bool) {
	w, t := g.words.GiveBack, g.theme
	_, m := g.modification()
	foot := 1
	if g.step == atDrop {
		foot = 3
	}
	b := newPage(p.width-4, p.room()-foot)
	says, l := g.outcome(m)
	g.say(b, l, says.Word)
	g.say(b, t.text, says.Cashier)
	b.line("")
	if m.State == pos.Denied {
		is := g.words.Problem.denied(m, g.status)
		if m.Dropped {
			is.next = ""
		}
		g.say(b, t.warn, is.says)
		g.say(b, t.text, is.next)
		if m.Way == pos.WayCancel && g.open(m) {
			g.say(b, t.strong, w.Instead)
		}
		if is.quote != "" {
			g.say(b, t.faint, g.words.Problem.Tell+" "+is.quote)
		}
		b.line("")
	}
	if g.step != atDrop {
		g.viewFacts(b, m)
	}
	if big := g.theme.bigDigits(yen(m.Amount), b.width); len(big) > 1 && b.room() > len(big) {
		for _, l := range big {
			p.line("  " + t.strong.paint(l))
		}
		p.line("")
	} else {
		p.line("  " + t.strong.paint(yen(m.Amount)))
	}
	for _, l := range b.lines {
		if p.room() > foot {
			p.line("  " + l)
		}
	}
	if g.step == atDrop {
		p.until(foot)
		p.line("  " + t.strong.paint(cut(w.DropHead, p.width-4)))
		p.line("  > " + t.field.paint(tail(g.input, p.width-8)+"_"))
	} else if alone && p.room() > foot+2 {
		p.gap()
		g.viewEarlier(p, foot)
	}
	p.until(1)
	g.viewNote(p)
}

// outcome is a modification's progress in words, and how they look.
func (g giveBack) outcome(m pos.Modification) (said, look) {
	w, t := g.words.GiveBack, g.theme
	if m.State != pos.Denied && g.open(m) {
		return w.OutcomeAgain, t.bad
	}
	switch m.State {
	case pos.Accepted:
		l := t.good
		if m.Way == pos.WayCancel {
			l = t.busy // it is not done before PayPay says so
		}
		return w.way(m.Way).Accepted, l
	case pos.Carried:
		return w.way(m.Way).Carried, t.good
	case pos.Denied:
		says, l := w.OutcomeDenied, t.bad
		if m.Dropped {
			says, l = w.OutcomeDropped, t.strong
		}
		if lands := g.lands(m, w.OutcomeLands); lands != "" {
			says.Cashier = lands
		}
		return says, l
	case pos.Asked, pos.Consenting:
	}
	if g.throttled() {
		return w.OutcomeThrottled, t.busy
	}
	return w.OutcomeAsked, t.busy
}

// lands is a sentence with until when PayPay may yet do what it has refused, and
// empty when it may not.
func (g giveBack) lands(m pos.Modification, sentence string) string {
	a, _ := g.snap.Sale.Attempt(g.attempt)
	until := a.LandsUntil(m.ID)
	if until.IsZero() {
		return ""
	}
	return fmt.Sprintf(sentence, until.In(g.shop.Zone).Format("01-02 15:04"))
}

// viewFacts say when it was asked for, how old PayPay's last word is, and when
// the next is asked for.
func (g giveBack) viewFacts(b *page, m pos.Modification) {
	w, t := g.words.GiveBack, g.theme
	g.row(b, w.Way, w.way(m.Way).Name, t.text)
	g.since(b, w.AskedAt, m.AskedAt)
	if mine := g.attempt == g.snap.Sale.Last().ID; mine && !concluded(m) {
		g.contact(b)
		if !g.throttled() && m.State == pos.Asked {
			g.say(b, t.warn, g.words.Problem.of(g.snap.Contact.Problem, g.status).says)
		}
	}
	if m.Reason != "" {
		g.row(b, w.Reason, pos.Clean(m.Reason, 200), t.text)
	}
	g.row(b, w.OurNumber, pos.Clean(m.ID, 80), t.faint)
}

// panel is what was sold and what was given back before, beside the questions.
func (g giveBack) panel(width, height int) []string {
	w, t := g.words.GiveBack, g.theme
	lines := make([]string, 0, height)
	lines = append(lines, " "+t.faint.paint(left(g.words.Sale.Goods, width)), t.line(width))
	sold := g.snap.Sale.Order.Sold()
	for i, l := range sold {
		if len(lines) >= height/2 {
			lines = append(lines, " "+t.faint.paint(cut(g.words.Payment.MoreLines.of(int64(len(sold)-i)), width-2)))
			break
		}
		total, err := l.Total()
		if err != nil {
			break // a sale whose lines do not add up cannot be made
		}
		name := g.goodsName(l)
		if l.Quantity > 1 {
			name += "  " + fmt.Sprintf(g.words.Sale.Quantity, digits(l.Quantity))
		}
		lines = append(lines, " "+between(name, yen(total), width-2))
	}
	a, _ := g.snap.Sale.Attempt(g.attempt)
	if len(a.Modifications) == 0 {
		return lines
	}
	lines = append(lines, " ", " "+t.faint.paint(left(w.Earlier, width)), t.line(width))
	for _, m := range slices.Backward(a.Modifications) {
		room := width - 2 - cells(yen(m.Amount)) - 2 - 7
		what := cut(w.way(m.Way).Name+"  "+w.state(m), room)
		lines = append(lines, " "+m.AskedAt.In(g.shop.Zone).Format("15:04")+"  "+
			t.progress(m).padded(what, room)+"  "+yen(m.Amount))
		reason := pos.Clean(m.Reason, 200)
		if m.Outside {
			reason = w.Outside
		}
		if reason != "" {
			lines = append(lines, " "+blank(7)+t.faint.paint(cut(reason, width-9)))
		}
	}
	return lines[:min(len(lines), height)]
}

// wrapped is a text as lines of one look.
func wrapped(l look, text string, width int) []string {
	lines := wrap(text, width)
	for i := range lines {
		lines[i] = l.paint(lines[i])
	}
	return lines
}
