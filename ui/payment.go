package ui

import (
	"context"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

// payment is the screen on which a sale is paid. It shows what the register
// has written down about the sale's newest attempt, and nothing newer.
type payment struct {
	env
	snap    pos.Snapshot
	status  pos.Status
	time    time.Time // as of the last message
	phase   phase
	since   time.Time // when the phase began
	settled bool      // the register has let go of the sale; it is read from the journal
	reading bool      // that reading is under way
	working bool      // an answer to the last key is under way
	leaves  bool      // and that key leads to the sale screen
	asked   *dialog   // open beside the code; nil when it is not
	note    note
	code    *drawing
	bind    paymentKeys
}

// phase is what the screen says, which is a little more than the attempt's
// state.
type phase int

const (
	asking     phase = iota // PayPay is being asked for a code
	unclear                 // PayPay was asked and has not said what came of it
	waiting                 // the code can be paid
	checking                // the code's time is over; PayPay has not confirmed how it ended
	mismatched              // PayPay speaks of another amount or order
	closing                 // the code is being shut
	replacing               // the code is being shut, and another follows
	doubled                 // an earlier code was paid, and this one is still open
	lost                    // the answer with the code never came, so it cannot be shown
	failed
	closed
	expired
	unfit // ended unpaid, but PayPay's answer was about another amount or order
	refused
	refunded
)

// ended reports whether nothing is left to wait for.
func (p phase) ended() bool {
	switch p {
	case lost, failed, closed, expired, unfit, refused, refunded:
		return true
	case asking, unclear, waiting, checking, mismatched, closing, replacing, doubled:
	}
	return false
}

// phaseOf is what to say about a sale at a moment of PayPay's clock.
func phaseOf(s pos.Sale, payPayNow time.Time) phase {
	a := s.Last()
	if a.State.Open() {
		if _, paid := s.PaidBy(); paid {
			return doubled
		}
		if a.Mismatch {
			return mismatched
		}
	}
	switch a.State {
	case pos.Failed, pos.Closed, pos.Expired:
		if a.Mismatch {
			return unfit
		}
	default: // an answer that does not fit changes nothing about these
	}
	switch a.State {
	case pos.Requested:
		return asking
	case pos.Live:
		if payPayNow.Before(a.ExpiresAt) {
			return waiting
		}
		return checking
	case pos.Closing:
		switch a.Cause {
		case pos.ByNewCode:
			return replacing
		case pos.ByExpiry, pos.ByFailure:
			return checking
		case pos.ByCashier, pos.ByPayment:
		}
		return closing
	case pos.Lost:
		return lost
	case pos.Failed:
		return failed
	case pos.Closed:
		return closed
	case pos.Expired:
		return expired
	case pos.Refused:
		return refused
	case pos.Refunded:
		return refunded
	case pos.Unknown, pos.Paid:
	}
	return unclear
}

// deed is what a key of this screen makes the register do.
type deed int

const (
	givingUp deed = iota
	renewing
	leaving   // to the next customer, and the code stays watched
	returning // to the order, which was not paid
	playing   // the customer, in training
)

// doneMsg is what came of a deed.
type doneMsg struct {
	sale pos.SaleID
	deed deed
	err  error
}

// recalledMsg is a sale that the register has let go of, from the journal.
type recalledMsg struct {
	id   pos.SaleID
	sale pos.Sale
	err  error
}

type paymentKeys struct {
	giveUp, renew, leave, check, back, esc, pay, fail key.Binding
}

func newPayment(e env, snap pos.Snapshot) payment {
	w := e.words.Payment
	p := payment{env: e, snap: snap, code: &drawing{}, bind: paymentKeys{
		giveUp: bind(w.KeyGiveUp, "x"), renew: bind(w.KeyNew, "n"), leave: bind(w.KeyLeave, "l"),
		check: bind(w.KeyCheck, "c"), back: bind(w.KeyBack, "enter"), esc: bind(w.KeyEsc, "esc"),
		pay: bind(w.KeyPay, "t"), fail: bind(w.KeyFail, "f"),
	}}
	p = p.read()
	p.since = p.time
	return p
}

func (p payment) init() tea.Cmd { return nil }

func (p payment) title() string { return p.words.Payment.Title }

func (p payment) going() bool { return p.leaves }

func (p payment) keys() []key.Binding {
	b := p.bind
	if p.working || p.asked != nil {
		return nil
	}
	if p.phase.ended() {
		return []key.Binding{b.back, b.renew}
	}
	keys := make([]key.Binding, 0, 8)
	if p.renewable() {
		keys = append(keys, b.renew)
	}
	if p.shuttable() {
		keys = append(keys, b.giveUp)
	}
	if !p.snap.Sale.Left {
		keys = append(keys, b.leave)
	}
	keys = append(keys, b.check)
	if p.playable() {
		keys = append(keys, b.pay, b.fail)
	}
	return append(keys, b.esc)
}

// shuttable reports whether there is a code that the cashier can have shut.
func (p payment) shuttable() bool {
	switch p.phase {
	case waiting, checking, mismatched, doubled, unclear:
		a := p.snap.Sale.Last()
		return a.CodeID != "" && a.State != pos.Closing
	case asking, closing, replacing, lost, failed, closed, expired, unfit, refused, refunded:
	}
	return false
}

// renewable reports whether another code can follow.
func (p payment) renewable() bool {
	return p.phase == waiting || p.phase == checking && p.shuttable() || p.phase.ended()
}

// playable reports whether the cashier can play the customer.
func (p payment) playable() bool {
	return p.customer != nil && p.phase == waiting
}

// read takes what the register has in memory.
func (p payment) read() payment {
	p.time, p.status = p.now(), p.register.Status()
	if snap, ok := p.register.Sale(p.snap.Sale.ID); ok {
		p.snap, p.settled = snap, false
	}
	next := phaseOf(p.snap.Sale, p.time.Add(p.status.Skew))
	if next != p.phase {
		// What was asked, and the next key, were about the phase before.
		p.phase, p.since, p.asked, p.note = next, p.time, nil, note{}
	}
	return p
}

// paid reports whether the sale is paid and nothing of it is open any more.
func (p payment) paid() bool {
	_, paid := p.snap.Sale.PaidBy()
	return paid && p.phase != doubled
}

func (p payment) update(msg tea.Msg) (screen, move, tea.Cmd) {
	switch m := msg.(type) {
	case changedMsg, tickMsg:
		p = p.read()
		if p.paid() {
			return p, move{kind: replace, to: newPaid(p.env, p.snap.Sale)}, nil
		}
		return p.recall()
	case recalledMsg:
		return p.recalled(m)
	case doneMsg:
		if m.sale != p.snap.Sale.ID {
			return p, move{}, nil
		}
		return p.done(m)
	case tea.KeyMsg:
		return p.key(m)
	}
	return p, move{}, nil
}

// recall reads the sale from the journal when the register has let go of it,
// which it does with what is settled and left behind.
func (p payment) recall() (screen, move, tea.Cmd) {
	id := p.snap.Sale.ID
	if _, ok := p.register.Sale(id); ok || p.settled || p.reading {
		return p, move{}, nil
	}
	p.reading = true
	register := p.register
	return p, move{}, func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		s, _, err := register.History(ctx, id)
		return recalledMsg{id: id, sale: s, err: err}
	}
}

func (p payment) recalled(m recalledMsg) (screen, move, tea.Cmd) {
	if m.id != p.snap.Sale.ID {
		return p, move{}, nil
	}
	p.reading = false
	if m.err != nil {
		p.note = p.problem(m.err) // the next tick tries again
		return p, move{}, nil
	}
	p.settled = true
	p.snap = pos.Snapshot{Sale: m.sale, Contact: p.snap.Contact}
	p = p.read()
	if p.paid() {
		return p, move{kind: replace, to: newPaid(p.env, p.snap.Sale)}, nil
	}
	return p, move{}, nil
}

func (p payment) done(m doneMsg) (screen, move, tea.Cmd) {
	p.working, p.leaves = false, false
	p = p.read()
	switch {
	case p.paid():
		return p, move{kind: replace, to: newPaid(p.env, p.snap.Sale)}, nil
	case m.err != nil:
		p.note = p.problem(m.err)
		return p, move{}, nil
	}
	switch m.deed {
	case leaving:
		return p, move{kind: home}, nil
	case returning:
		return p, move{kind: resume, order: p.snap.Sale.Order}, nil
	case playing:
		p.register.CheckNow(p.snap.Sale.ID)
	case givingUp, renewing:
	}
	return p, move{}, nil
}

func (p payment) problem(err error) note {
	is := p.words.Problem.of(err, p.status)
	return note{text: is.says + " " + is.next, bad: true}
}

func (p payment) key(k tea.KeyMsg) (screen, move, tea.Cmd) {
	p.time = p.now()
	if p.asked != nil {
		return p.answered(k)
	}
	if p.working || p.time.Sub(p.since) < disarmed && p.phase.ended() {
		return p, move{}, nil
	}
	p.note = note{}
	switch k.String() {
	case "enter", "esc":
		return p.stepBack(k)
	case "x":
		if p.shuttable() {
			p.asked = p.ask(p.words.Payment.GiveUpTitle, p.words.Payment.GiveUpText, choice{"x", p.words.Payment.KeyGiveUp})
		}
	case "n":
		switch {
		case p.phase.ended():
			return p.do(renewing)
		case p.renewable():
			p.asked = p.ask(p.words.Payment.NewTitle, p.words.Payment.NewText, choice{"n", p.words.Payment.KeyNew})
		}
	case "l":
		if !p.phase.ended() {
			return p.leave()
		}
	case "c":
		if !p.phase.ended() {
			p.register.CheckNow(p.snap.Sale.ID)
			p.note = note{text: p.words.Payment.CheckedNow}
		}
	case "t":
		if p.playable() {
			return p.play("pay")
		}
	case "f":
		if p.playable() {
			return p.play("fail")
		}
	}
	return p, move{}, nil
}

// stepBack is Enter and Esc: forward or back when there is nothing to wait
// for, else a question.
func (p payment) stepBack(k tea.KeyMsg) (screen, move, tea.Cmd) {
	w := p.words.Payment
	switch {
	case p.phase.ended() && p.snap.Sale.Left:
		return p, move{kind: back}, nil
	case p.phase.ended():
		return p.do(returning)
	case k.Type != tea.KeyEsc:
		return p, move{}, nil // Enter has nothing to confirm here
	case p.snap.Sale.Left:
		return p, move{kind: back}, nil
	}
	var others []choice
	if p.shuttable() {
		others = append(others, choice{"x", w.KeyGiveUp})
	}
	p.asked = p.ask(w.EscTitle, w.EscText, append(others, choice{"l", w.KeyLeave})...)
	return p, move{}, nil
}

func (p payment) ask(title, text string, others ...choice) *dialog {
	return &dialog{
		title: title, text: text, since: p.time,
		choices: append([]choice{{"enter", p.words.Payment.KeepWaiting}}, others...),
	}
}

func (p payment) answered(k tea.KeyMsg) (screen, move, tea.Cmd) {
	answer, done := p.asked.answer(k, p.time)
	if !done {
		return p, move{}, nil
	}
	p.asked = nil
	switch answer {
	case "x":
		return p.do(givingUp)
	case "n":
		return p.do(renewing)
	case "l":
		return p.leave()
	}
	return p, move{}, nil
}

func (p payment) leave() (screen, move, tea.Cmd) {
	if p.snap.Sale.Left {
		return p, move{kind: back}, nil
	}
	return p.do(leaving)
}

// do makes the register do something, in the background.
func (p payment) do(d deed) (screen, move, tea.Cmd) {
	p.working, p.leaves = true, d == leaving || d == returning
	register, id, seen := p.register, p.snap.Sale.ID, p.snap.Sale.Standing()
	return p, move{}, func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		var err error
		switch d {
		case givingUp:
			err = register.GiveUp(ctx, id)
		case renewing:
			err = register.NewCode(ctx, id)
		case leaving, returning:
			err = register.MoveOn(ctx, id, seen)
		case playing:
		}
		return doneMsg{sale: id, deed: d, err: err}
	}
}

// play is the customer in training.
func (p payment) play(action string) (screen, move, tea.Cmd) {
	p.working = true
	customer, id, code := p.customer, p.snap.Sale.ID, p.snap.Sale.Last().CodeID
	return p, move{}, func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		return doneMsg{sale: id, deed: playing, err: customer(ctx, code, action)}
	}
}
