package ui

import (
	"fmt"
	"slices"
	"strings"
	"time"

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
	return (len(m) + 2*quietZones[len(quietZones)-1] + 1) / 2
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
	words := p.words.Payment.phases(p.phase)
	text := words.Customer
	if p.showable() {
		lines, w, err := p.code.draw(p.env, p.snap.Sale.Last().URL, width, height)
		if err == nil {
			if said := wrap(text, w-2); len(lines)+1+len(said) <= height {
				lines = append(slices.Clip(lines), "")
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
	b.line(t.faint.paint(between(w.Amount, fmt.Sprintf(w.Receipt, receiptNumber(p.snap.Sale.Number)), width)))
	for _, l := range bigDigits(yen(p.snap.Sale.Totals.Total), width) {
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
	if p.note.text != "" {
		look := t.text
		if p.note.bad {
			look = t.warn
		}
		b.gap()
		p.say(b, look, p.note.text)
	}
	foot := 0
	if p.playable() && b.room() > 3 {
		foot = 3
	}
	p.viewOrder(b, foot)
	if foot > 0 {
		b.until(foot)
		b.line(t.line(width))
		b.line(t.key.paint("t") + " " + cut(w.KeyPay, width-2))
		b.line(t.key.paint("f") + " " + cut(w.KeyFail, width-2))
	}
	return b.lines
}

// viewOrder shows what was bought, where there is room for some of it.
func (p payment) viewOrder(b *page, foot int) {
	const least = 6
	if b.room()-foot < least+2 {
		return
	}
	w, t := p.words, p.theme
	b.gap()
	b.line(t.line(b.width))
	lines := p.snap.Sale.Order.Lines
	room := b.room() - foot - 1
	for i, l := range lines {
		if i == room-1 && len(lines) > room {
			b.line(t.faint.paint(cut(w.Payment.MoreLines.of(int64(len(lines)-i)), b.width)))
			return
		}
		total, err := l.Total()
		if err != nil {
			return // a sale whose lines do not add up cannot be made
		}
		name := w.Common.itemName(l)
		if l.Quantity > 1 {
			name += "  " + fmt.Sprintf(w.Sale.Quantity, digits(l.Quantity))
		}
		b.line(between(name, yen(total), b.width))
	}
}

func (p payment) say(b *page, l look, text string) {
	if text == "" {
		return
	}
	for _, line := range wrap(text, b.width) {
		b.line(l.paint(line))
	}
}

// viewPhase says how the payment stands, first in a word.
func (p payment) viewPhase(b *page) {
	words := p.words.Payment.phases(p.phase)
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
	case unclear, checking, lost, refunded:
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
	w, t := p.words.Payment, p.theme
	row := func(name, value string, l look) {
		b.line(t.faint.paint(left(name, timeLabel)) + l.paint(cut(value, b.width-timeLabel)))
	}
	a, c := p.snap.Sale.Last(), p.snap.Contact
	switch p.phase {
	case waiting:
		row(w.TimeLeft, minutes(a.ExpiresAt.Sub(p.time.Add(p.status.Skew))), t.strong)
	case asking:
		row(w.Elapsed, fmt.Sprintf(w.Seconds, seconds(p.time.Sub(a.RequestedAt))), t.text)
	case unclear, checking, mismatched, closing, replacing, doubled, lost, failed, closed, expired, unfit, refused, refunded:
	}
	if p.phase.ended() && p.phase != lost {
		return
	}
	switch {
	case !c.AnsweredAt.IsZero():
		row(w.LastAnswer, p.ago(p.time.Sub(c.AnsweredAt)), t.text)
	case p.phase != asking:
		row(w.LastAnswer, w.NoAnswerYet, t.text)
	}
	switch {
	case p.phase.ended():
	case c.NextAt.After(p.time):
		row(w.NextLook, fmt.Sprintf(w.InSeconds, seconds(c.NextAt.Sub(p.time))+1), t.text)
	case p.phase != asking:
		row(w.NextLook, w.Now, t.text)
	}
}

// timeLabel is the width of the names of times.
const timeLabel = 11

func (p payment) ago(d time.Duration) string {
	if d >= 2*time.Minute {
		return fmt.Sprintf(p.words.Payment.MinutesAgo, int(d/time.Minute))
	}
	return fmt.Sprintf(p.words.Payment.SecondsAgo, seconds(d))
}

// viewProblem says why PayPay's last answer was none.
func (p payment) viewProblem(b *page) {
	var is problem
	switch {
	case p.phase == refused:
		is = p.words.Problem.refused(p.snap, p.status)
	case p.snap.Contact.Problem != nil && !p.phase.ended() && p.phase != mismatched:
		// What to do is said by the phase: while money may still come, no other
		// advice may stand beside that.
		is = p.words.Problem.of(p.snap.Contact.Problem, p.status)
		is.next = ""
	default:
		return
	}
	b.gap()
	p.say(b, p.theme.warn, is.says)
	p.say(b, p.theme.text, is.next)
	if is.quote != "" {
		p.say(b, p.theme.faint, p.words.Problem.Tell+" "+is.quote)
	}
}
