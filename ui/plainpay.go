package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"example.jp/reji/pos"
)

// attend is a line while a sale is being paid.
func (p *plain) attend(ctx context.Context, text string) {
	w := p.words.Plain
	snap, ok := p.register.Sale(p.sale)
	if !ok {
		p.fresh() // settled, and nobody waits for it
		p.say("%s", w.NotPaying)
		return
	}
	open, standing := snap.Sale.Last().State.Open(), snap.Sale.Standing()
	var err error
	switch text {
	case "cancel":
		if !open {
			p.say("%s", w.Over)
			return
		}
		err = p.register.GiveUp(ctx, p.sale)
	case "new", "n":
		if err = p.register.NewCode(ctx, p.sale, pos.Terms{Anyway: p.anyway == string(p.sale)}); errors.Is(err, pos.ErrSameAmount) {
			p.anyway = string(p.sale)
			p.say("%s", w.SameNew)
			return
		}
	case "check":
		p.register.CheckNow(p.sale)
	case "qr":
		p.said = ""
	case "next":
		if err = p.register.MoveOn(ctx, p.sale, standing); err == nil {
			p.fresh()
			p.say("%s", w.Next)
		}
	case "back":
		if standing != pos.Unpaid {
			p.say("%s", w.NotOver)
			return
		}
		if err = p.register.MoveOn(ctx, p.sale, standing); err == nil {
			lines := snap.Sale.Order.Lines
			p.fresh()
			p.order.Lines = append(p.order.Lines, lines...)
			p.total()
		}
	case "hold":
		p.hold(p.sale)
	case "customer pays", "customer fails":
		if p.customer == nil || snap.Sale.Last().CodeID == "" {
			p.say(w.NotKnown, text)
			return
		}
		act := map[string]string{"customer pays": "pay", "customer fails": "fail"}[text]
		if err = p.customer(ctx, snap.Sale.Last().CodeID, act); err == nil {
			p.register.CheckNow(p.sale)
		}
	default:
		if word, _, _ := strings.Cut(text, " "); slices.Contains([]string{"refund", "hold", "task", "park", "recall"}, word) && !open {
			p.say("%s", w.NextFirst)
			return
		}
		p.say("%s", w.Paying) // nothing that is typed now may go into an order
	}
	if err != nil {
		p.trouble(err)
	}
}

// receipt has the receipt of a paid sale printed, once however often it is
// called. What is the matter with a printer is no matter of the sale.
func (p *plain) receipt(ctx context.Context, s pos.Sale) {
	first, ok := newPaid(p.env, s).automatic()
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := p.register.Print(ctx, s.ID, first); err != nil && !errors.Is(err, pos.ErrNoPrinter) {
		p.trouble(err)
	}
}

// watchPayment says how the payment stands, when that is news.
func (p *plain) watchPayment(ctx context.Context) {
	snap, ok := p.register.Sale(p.sale)
	if p.sale == "" || !ok {
		return
	}
	a, st := snap.Sale.Last(), p.register.Status()
	now := p.now()
	w := p.words
	var text string
	word := w.Common.standing(snap.Sale.Standing())
	_, further := beyond(p.env, snap)
	is := phaseOf(snap.Sale, now.Add(st.Skew))
	switch {
	case further && snap.Sale.Standing() == pos.Settled:
		text = fmt.Sprintf(w.Plain.Paid, yen(snap.Sale.Amount()), receiptNumber(snap.Sale.Number), pos.Clean(a.PaymentID, 64))
	case further && snap.Sale.Standing() == pos.HeldOpen:
		text = w.Plain.HeldNow
	case further:
		text = w.Plain.Screens
	default:
		said := w.Payment.phases(is, a.Hold)
		word, text = said.Word, said.Cashier
	}
	news := a.ID + " " + strconv.Itoa(int(is)) + word + text
	if news == p.said {
		return
	}
	p.said = news
	p.receipt(ctx, snap.Sale)
	who := w.Plain.Till
	if at := snap.Contact.AnsweredAt; !at.IsZero() {
		who = fmt.Sprintf(w.Plain.PayPay, at.In(p.shop.Zone).Format("15:04:05"))
	}
	p.say("%s %s. %s (%s)", now.In(p.shop.Zone).Format("15:04:05"), word, text, who)
	if !further && is == waiting && a.URL != "" {
		to := w.Plain.Code
		if a.Hold {
			to = w.Plain.CodeOfHold
		}
		p.say(to, yen(a.Amount), minutes(a.ExpiresAt.Sub(now.Add(st.Skew))), pos.Clean(a.URL, maxQRText))
		p.draw(a.URL)
	}
}

// draw draws the code. It is the one thing that must have colours.
func (p *plain) draw(url string) {
	const most = 100 // columns and lines; the smallest drawing is taken
	m, err := newMatrix(url)
	if err != nil {
		p.say("%s", p.words.Payment.CodeBroken)
		return
	}
	lines, err := drawQR(m, most/2+len(m)/2, most, false, p.profile)
	if err != nil {
		p.say("%s", p.words.Payment.CodeBroken)
		return
	}
	for _, l := range lines {
		p.say("%s", l)
	}
}
