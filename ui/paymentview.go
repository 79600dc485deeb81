package ui

import (
	"fmt"
	"slices"
	"strings"

	"example.jp/reji/pos"
)

const (
	// besideCode is the least room for what stands beside the code.
	besideCode = 20
	// besideFrame is the room for it when there is no code: then the words
	// matter more.
	besideFrame = 36
	// frameWidth and frameHeight are the place of a code that is not shown: as
	// large as most codes, so that nothing jumps when one comes.
	frameWidth  = 41
	frameHeight = 21
)

// drawing keeps the last code drawn, because drawing it takes longer than
// everything else on the screen.
type drawing struct {
	url           string
	code          matrix
	err           error
	width, height int
	lines         []string
	lineWidth     int
	noRoom        error
}

// of is the code for an address.
func (d *drawing) of(url string) (matrix, error) {
	if d.url != url || d.code == nil && d.err == nil {
		*d = drawing{url: url}
		d.code, d.err = newMatrix(url)
	}
	return d.code, d.err
}

// draw is the code of an address as lines, their width, and why there are none.
func (d *drawing) draw(e env, url string, width, height int) ([]string, int, error) {
	m, err := d.of(url)
	if err != nil {
		return nil, 0, err
	}
	if d.width == width && d.height == height {
		return d.lines, d.lineWidth, d.noRoom
	}
	d.width, d.height = width, height
	d.lines, d.noRoom = drawQR(m, width, height, e.fullQR, e.profile)
	if d.noRoom == nil && cells(d.lines[0]) > width-besideCode-3 {
		d.lines, d.noRoom = drawQR(m, width-besideCode-3, height, e.fullQR, e.profile)
	}
	d.lineWidth = 0
	if d.noRoom == nil {
		d.lineWidth = cells(d.lines[0])
	}
	for i := range d.lines {
		d.lines[i] = " " + d.lines[i]
	}
	return d.lines, d.lineWidth, d.noRoom
}

// showable reports whether the customer may see the code now: it can be paid,
// and for this very amount.
func (p payment) showable() bool {
	return p.phase == waiting && p.snap.Sale.Last().URL != ""
}

// needs is how many lines the smallest picture of the code takes.
func (p payment) needs(int) int {
	if !p.showable() {
		return 0
	}
	m, err := p.code.of(p.snap.Sale.Last().URL)
	if err != nil {
		return 0
	}
	lines := (len(m) + 2*quietZones[len(quietZones)-1] + 1) / 2
	if p.snap.Sale.Last().Hold {
		lines++
	}
	return lines
}

// view draws the code at the left, for the customer, and at the right what the
// cashier has to know.
func (p payment) view(width, height int) string {
	picture, pictureWidth := p.picture(width, height)
	rest := width - pictureWidth - 4
	lines := p.beside(rest, height)
	return beside(picture, pictureWidth+3, "", lines, height)
}

// picture is what stands at the left, a cell from the edge: the code, or a frame that says to the
// customer why there is none.
func (p payment) picture(width, height int) ([]string, int) {
	words := p.words.Payment.phases(p.phase, p.snap.Sale.Last().Hold)
	text := words.Customer
	if other, ok := p.reads.toCustomer(p.phase, p.snap.Sale.Last().Hold); ok {
		text = other
	}
	if p.showable() {
		url := p.snap.Sale.Last().URL
		room := height
		if p.snap.Sale.Last().Hold {
			room-- // that nothing is paid yet has to stand beneath the code
		}
		lines, w, err := p.code.draw(p.env, url, width, room)
		if err != nil && room < height {
			lines, w, err = p.code.draw(p.env, url, width, height)
		}
		if err == nil {
			said := wrap(text, w-2)
			lines = slices.Clip(lines)
			if len(lines)+1+len(said) <= height {
				lines = append(lines, "")
			}
			if len(lines)+len(said) <= height {
				for _, l := range said {
					lines = append(lines, " "+p.theme.strong.paint(middle(l, w)))
				}
			}
			return lines, w
		}
		text = p.words.Payment.CodeBroken
		if room, ok := err.(*noRoomError); ok { //nolint:errorlint // drawQR gives it as it is
			text = fmt.Sprintf(p.words.Payment.CodeTooBig, room.width+besideCode+4, room.height+2)
		}
	}
	w := max(min(frameWidth, width-besideFrame-4), besideCode)
	return p.frame(text, w, min(height, frameHeight)), w
}

func (p payment) frame(text string, width, height int) []string {
	t := p.theme
	lines := make([]string, 0, height)
	lines = append(lines, " "+t.rule.paint("┌"+strings.Repeat("─", width-2)+"┐"))
	said := wrap(text, width-6)
	first := (height - 2 - len(said)) / 2
	for i := range max(height-2, 0) {
		s := ""
		if i >= first && i-first < len(said) {
			s = said[i-first]
		}
		lines = append(lines, " "+t.rule.paint("│")+t.strong.paint(middle(s, width-2))+t.rule.paint("│"))
	}
	return append(lines, " "+t.rule.paint("└"+strings.Repeat("─", width-2)+"┘"))
}

// beside is what the cashier reads, as lines of at most so many cells.
func (p payment) beside(width, height int) []string {
	w, t := p.words.Payment, p.theme
	b := newPage(width, height)
	if height > 18 {
		b.line("")
	}
	amount := w.Amount
	if p.snap.Sale.Last().Hold {
		amount = w.AmountHold
	}
	b.line(t.faint.paint(between(amount, fmt.Sprintf(w.Receipt, receiptNumber(p.snap.Sale.Number)), width)))
	for _, l := range p.theme.bigDigits(yen(p.snap.Sale.Totals.Total), width) {
		b.line(t.strong.paint(cut(l, width)))
	}
	b.line("")
	if p.asked != nil {
		box := p.asked.draw(t, width, b.room())
		if len(box) > b.room() {
			return p.asked.draw(t, width, height) // the question is worth more than the amount
		}
		return append(b.lines, box...)
	}
	p.viewPhase(b)
	p.viewTimes(b)
	p.viewProblem(b)
	p.remark(b)
	foot := 0
	if p.playable() && b.room() > 3 {
		foot = 3
	}
	p.viewOrder(b, foot)
	if foot > 0 {
		b.until(foot)
		b.line(t.line(width))
		b.line(t.key.paint("t") + " " + cut(p.bind.pay.Help().Desc, width-2))
		b.line(t.key.paint("f") + " " + cut(p.bind.fail.Help().Desc, width-2))
	}
	return b.lines
}

// viewPhase says how the payment stands, first in a word.
func (p payment) viewPhase(b *page) {
	words := p.words.Payment.phases(p.phase, p.snap.Sale.Last().Hold)
	p.say(b, p.theme.phase(p.phase), words.Word)
	if p.phase == waiting && p.snap.Sale.Last().Seen == pos.NotFound {
		words.Cashier = p.words.Payment.NotKnown
	}
	p.say(b, p.theme.text, words.Cashier)
	if p.phase == unclear {
		switch a := p.snap.Sale.Last(); a.Seen {
		case "", "CREATED", pos.NotFound:
		default:
			p.say(b, p.theme.faint, fmt.Sprintf(p.words.Payment.SeenAs, pos.Clean(string(a.Seen), 30)))
		}
	}
	b.line("")
}

// phase is the look of a phase.
func (t theme) phase(p phase) look {
	switch p {
	case asking, waiting, closing, replacing:
		return t.busy
	case unclear, checking, lost:
		return t.warn
	case mismatched, doubled, failed, unfit, refused:
		return t.bad
	case closed, expired:
	}
	return t.strong
}

// viewTimes says how long is left, how old the last answer is, and when the
// next one is asked for.
func (p payment) viewTimes(b *page) {
	w, t := p.words, p.theme
	a, long := p.snap.Sale.Last(), p.time.Sub(p.snap.Sale.Last().RequestedAt) >= answerSoon
	switch {
	case p.phase == waiting:
		p.row(b, w.Payment.TimeLeft, minutes(a.ExpiresAt.Sub(p.payPayNow())), t.strong)
	case p.phase == asking && !long:
		p.row(b, w.Payment.Elapsed, fmt.Sprintf(w.Payment.Seconds, seconds(p.time.Sub(a.RequestedAt))), t.text)
	case p.phase == asking, p.phase == unclear:
		p.since(b, w.Follow.Since, a.RequestedAt)
		p.row(b, w.Follow.Doing, w.Follow.Asking, t.text)
	}
	switch {
	case p.phase == lost:
		p.heard(b)
	case p.phase.ended():
	case p.phase == asking && !long && p.snap.Contact.AnsweredAt.IsZero():
		if p.snap.Contact.NextAt.After(p.time) {
			p.next(b)
		}
	default:
		p.contact(b)
	}
}

// viewProblem says why PayPay's last answer was none.
func (p payment) viewProblem(b *page) {
	switch {
	case p.phase == refused:
		p.advise(b, p.words.Problem.refused(p.snap, p.status))
	case p.snap.Contact.Problem != nil && !p.phase.ended() && p.phase != mismatched:
		// What to do is said by the phase: while money may still come, no other
		// advice may stand beside that.
		is := p.words.Problem.of(p.snap.Contact.Problem, p.status)
		is.next = ""
		p.advise(b, is)
	}
}
