package ui

import (
	"context"
	"errors"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

// payment is the screen on which a sale is paid. It shows what the register
// has written down about the sale's newest attempt, and nothing newer.
type payment struct {
	following
	phase phase
	began time.Time  // when the phase began
	asked *dialog    // open beside the code; nil when it is not
	other pos.SaleID // of the same amount, when the dialog is about one
	code  *drawing
	reads tongue // the customer's language
	bind  paymentKeys
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
)

// ended reports whether nothing is left to wait for.
func (p phase) ended() bool {
	switch p {
	case lost, failed, closed, expired, unfit, refused:
		return true
	case asking, unclear, waiting, checking, mismatched, closing, replacing, doubled:
	}
	return false
}

// phaseOf is what to say about a sale at a moment of PayPay's clock.
func phaseOf(s pos.Sale, payPayNow time.Time) phase {
	a := s.Last()
	if a.State.Open() {
		if brought(s) {
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
	case pos.Unknown:
	case pos.Held, pos.Paid, pos.Refunded, pos.Cancelled, pos.Reverted, pos.Lapsed: // beyond this screen
	}
	return unclear
}

// brought reports whether the sale has brought money, or a hold, that is there.
func brought(s pos.Sale) bool {
	_, paid := s.PaidBy()
	_, held := s.Held()
	return paid || held
}

type paymentKeys struct {
	giveUp, renew, leave, check, details, back, esc, pay, fail, tongue key.Binding
}

func newPayment(e env, snap pos.Snapshot) payment {
	w, f := e.words.Payment, e.words.Follow
	p := payment{following: following{env: e, snap: snap}, code: &drawing{}, bind: paymentKeys{
		giveUp: bind(w.KeyGiveUp, "x"), renew: bind(w.KeyNew, "n"), leave: bind(f.KeyLeave, "l"),
		check: bind(f.KeyCheck, "c"), details: bind(f.KeyDetails, "i"), back: bind(w.KeyBack, "enter"), esc: bind(w.KeyEsc, "esc"),
		pay: bind(f.KeyPay, "t"), fail: bind(f.KeyFail, "f"), tongue: bind(w.KeyTongue, "g"),
	}}
	if snap.Sale.Last().Hold { // which is no payment yet
		p.bind.giveUp, p.bind.pay, p.bind.fail = bind(w.KeyGiveUpHold, "x"), bind(f.KeyApprove, "t"), bind(f.KeyHoldFail, "f")
	}
	p = p.read()
	p.began = p.time
	return p
}

func (p payment) title() string {
	if p.snap.Sale.Last().Hold {
		return p.words.Payment.TitleHold
	}
	return p.words.Payment.Title
}

func (p payment) follows() bool { return !p.phase.ended() }

func (p payment) keys() []key.Binding {
	b := p.bind
	if p.working || p.asked != nil {
		return nil
	}
	if p.phase.ended() {
		if p.snap.Sale.Left {
			b.back = bind(p.words.Common.KeyBack, b.back.Keys()...) // its order was left too
		}
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
	if p.obscure() {
		keys = append(keys, b.details)
	}
	if p.playable() {
		keys = append(keys, b.pay, b.fail)
	}
	return append(keys, b.esc, b.tongue)
}

// shuttable reports whether there is a code that the cashier can have shut.
func (p payment) shuttable() bool {
	switch p.phase {
	case waiting, checking, mismatched, doubled, unclear:
		a := p.snap.Sale.Last()
		return a.CodeID != "" && a.State != pos.Closing
	case asking, closing, replacing, lost, failed, closed, expired, unfit, refused:
	}
	return false
}

// renewable reports whether another code can follow.
func (p payment) renewable() bool {
	return p.phase == waiting || p.phase == checking && p.shuttable() || p.phase.ended()
}

// obscure reports whether PayPay's support may have to be asked.
func (p payment) obscure() bool {
	switch p.phase {
	case asking, unclear, checking, mismatched, unfit:
		return true
	case waiting, closing, replacing, doubled, lost, failed, closed, expired, refused:
	}
	return false
}

// playable reports whether the cashier can play the customer.
func (p payment) playable() bool {
	return p.customer != nil && p.phase == waiting
}

// read takes what the register has in memory.
func (p payment) read() payment {
	p.following = p.fetch()
	next := phaseOf(p.snap.Sale, p.payPayNow())
	if next != p.phase {
		// What was asked, and the next key, were about the phase before.
		p.phase, p.began, p.asked, p.note = next, p.time, nil, note{}
	}
	return p
}

func (p payment) update(msg tea.Msg) (screen, move, tea.Cmd) {
	switch m := msg.(type) {
	case changedMsg, tickMsg:
		p = p.read()
		if to, ok := beyond(p.env, p.snap); ok {
			return p, move{kind: replace, to: to}, nil
		}
		var cmd tea.Cmd
		p.following, cmd = p.recall()
		return p, move{}, cmd
	case recalledMsg:
		if m.id != p.id() {
			break
		}
		p.following = p.recalled(m)
		p = p.read()
		if to, ok := beyond(p.env, p.snap); ok {
			return p, move{kind: replace, to: to}, nil
		}
	case doneMsg:
		if m.sale == p.id() {
			return p.done(m)
		}
	case tea.KeyMsg:
		return p.key(m)
	}
	return p, move{}, nil
}

func (p payment) done(m doneMsg) (screen, move, tea.Cmd) {
	p.working, p.leaves = false, false
	p = p.read()
	to, came := beyond(p.env, p.snap)
	switch {
	case came:
		return p, move{kind: replace, to: to}, nil
	case m.deed == renewing && errors.Is(m.err, pos.ErrSameAmount):
		w := p.words.Payment
		if about := p.sameAmount(p.snap.Sale, pos.Terms{}, w.SameNot, w.SameDo); about != nil {
			p.asked, p.other = about.asked, about.other
		} else {
			p.note = note{text: p.words.Sale.TimedOut} // it has been settled meanwhile
		}
		return p, move{}, nil
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
		p.register.CheckNow(p.id())
	case givingUp, renewing, capturing, lettingGo:
	}
	return p, move{}, nil
}

func (p payment) key(k tea.KeyMsg) (screen, move, tea.Cmd) {
	p.time = p.now()
	if p.asked != nil {
		return p.answered(k)
	}
	if p.working || p.time.Sub(p.began) < disarmed && p.phase.ended() {
		return p, move{}, nil
	}
	p.note = note{}
	switch k.String() {
	case "enter", "esc":
		return p.stepBack(k)
	case "x":
		if p.shuttable() {
			p.asked = p.ask(p.words.Payment.GiveUpTitle, p.words.Payment.GiveUpText, choice{"x", p.bind.giveUp.Help().Desc})
		}
	case "n":
		switch {
		case p.phase.ended():
			return p.order(renewing)
		case p.renewable():
			p.asked = p.ask(p.words.Payment.NewTitle, p.words.Payment.NewText, choice{"n", p.words.Payment.KeyNew})
		}
	case "l":
		if !p.phase.ended() {
			return p.away()
		}
	case "c":
		if !p.phase.ended() {
			p.following = p.check()
		}
	case "i":
		if p.obscure() {
			return p, move{kind: open, to: newSupport(p.env, p.id())}, nil
		}
	case "g":
		p.reads = p.reads.next(p.words.Common.Lang)
	case "t":
		return p.act("pay")
	case "f":
		return p.act("fail")
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
		return p.order(returning)
	case k.Type != tea.KeyEsc:
		return p, move{}, nil // Enter has nothing to confirm here
	case p.snap.Sale.Left:
		return p, move{kind: back}, nil
	}
	var others []choice
	if p.shuttable() {
		others = append(others, choice{"x", p.bind.giveUp.Help().Desc})
	}
	p.asked = p.ask(w.EscTitle, w.EscText, append(others, choice{"l", p.words.Follow.KeyLeave})...)
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
		return p.order(givingUp)
	case "n":
		return p.order(renewing)
	case "l":
		return p.away()
	case "o":
		if snap, ok := p.register.Sale(p.other); ok {
			return p, move{kind: open, to: openSale(p.env, snap)}, nil
		}
	case "y":
		return p.renew(pos.Terms{Anyway: true})
	}
	return p, move{}, nil
}

func (p payment) away() (screen, move, tea.Cmd) {
	f, m, cmd := p.leave()
	p.following = f
	return p, m, cmd
}

// order makes the register do something.
func (p payment) order(d deed) (screen, move, tea.Cmd) {
	register, id := p.register, p.id()
	var cmd tea.Cmd
	switch d {
	case givingUp:
		p.following, cmd = p.do(d, func(ctx context.Context) error { return register.GiveUp(ctx, id) })
	case renewing:
		return p.renew(pos.Terms{})
	default:
		p.following, cmd = p.moveOn(d)
	}
	return p, move{}, cmd
}

// renew has the register ask for another code.
func (p payment) renew(t pos.Terms) (screen, move, tea.Cmd) {
	register, id := p.register, p.id()
	var cmd tea.Cmd
	p.following, cmd = p.do(renewing, func(ctx context.Context) error { return register.NewCode(ctx, id, t) })
	return p, move{}, cmd
}

// act plays the customer, if there is one to play.
func (p payment) act(action string) (screen, move, tea.Cmd) {
	if !p.playable() {
		return p, move{}, nil
	}
	var cmd tea.Cmd
	p.following, cmd = p.play(p.snap.Sale.Last().CodeID, action)
	return p, move{}, cmd
}
