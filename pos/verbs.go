package pos

import (
	"context"
	"fmt"
	"strings"
	"time"

	"example.jp/reji/paypay"
)

// Terms are how an order is charged.
type Terms struct {
	Hold   bool // the amount is only held, until it is captured or let go; another code is as the first
	Anyway bool // also if another sale of the same amount is not settled
}

// sameAmount is for how long after a request a sale of the same amount needs a
// second thought, if PayPay has not said what became of the first.
const sameAmount = 3 * time.Minute

// Charge makes a sale of an order and asks PayPay for a code. It returns as
// soon as the intent is durable; the code comes by Changes. The same order is
// charged once, however often this is called; when it has been changed since, it
// is ErrNews. If a code for the same amount was asked for a short time ago and is
// not settled, it is ErrSameAmount.
func (r *Register) Charge(ctx context.Context, o Order, t Terms) (Sale, error) {
	if len(o.Lines) == 0 {
		return Sale{}, ErrEmptyOrder
	}
	if err := o.check(); err != nil {
		return Sale{}, err
	}
	totals, err := o.Totals()
	if err != nil {
		return Sale{}, err
	}
	switch {
	case totals.Count == 0:
		return Sale{}, ErrEmptyOrder
	case totals.Total < 1:
		return Sale{}, fmt.Errorf("an order of nothing: %w", ErrAmount)
	}
	r.writing.Lock()
	defer r.writing.Unlock()
	if id, charged := r.orders[o.ID]; charged {
		s, err := r.current(ctx, id)
		if err == nil && (!s.Order.equal(o) || s.Attempts[0].Hold != t.Hold) {
			err = fmt.Errorf("the order was charged as sale %d before it was changed: %w", s.Number, ErrNews)
		}
		return s, err
	}
	if err := r.inPlace(); err != nil {
		return Sale{}, err
	}
	if o.Tax != r.Tax() {
		return Sale{}, fmt.Errorf("charging an order begun before: %w", ErrTax)
	}
	now := r.opts.Now()
	if other, is := r.Same(Sale{Totals: totals}); is && !t.Anyway {
		return Sale{}, fmt.Errorf("sale %d: %w", other.Number, ErrSameAmount)
	}
	number := r.number + 1
	day := r.opts.Calendar.Day(now)
	id := SaleID(fmt.Sprintf("%s-%s-%06d-%s", r.opts.Register, strings.ReplaceAll(string(day), "-", ""), number, r.opts.ID()))
	e := Event{
		Kind: Charged, Sale: id, Attempt: string(id) + "-1", Actor: Cashier, At: now,
		Charge: &Charge{Number: number, Day: day, Order: o, Totals: totals},
	}
	e.Request = r.request(e.Attempt, number, totals.Total, now, t.Hold)
	s, err := r.record(ctx, Sale{}, e)
	if err != nil {
		return Sale{}, err
	}
	r.number = number
	r.orders[o.ID] = id
	r.wishes[id] = wish{first: true}
	r.watch(id, e.Attempt, e.Request)
	return s, nil
}

// Same is the newest other sale of the same amount of which a code was asked
// for a short time ago and may still be paid: perhaps it is the same customer,
// about to pay twice. It is read from memory.
func (r *Register) Same(as Sale) (Sale, bool) {
	now := r.opts.Now()
	r.view.RLock()
	defer r.view.RUnlock()
	var found Sale
	for _, s := range r.sales {
		recent := now.Sub(s.Last().RequestedAt).Abs() < sameAmount
		if s.ID != as.ID && s.Totals.Total == as.Totals.Total && recent && (s.open() || r.payable(s)) && s.Number > found.Number {
			found = s
		}
	}
	return found, found.ID != ""
}

func (r *Register) request(id string, number int64, amount Yen, now time.Time, hold bool) *paypay.CodeRequest {
	return &paypay.CodeRequest{
		IsAuthorization:   hold,
		MerchantPaymentID: id,
		Amount:            paypay.Yen(int64(amount)),
		OrderDescription:  r.description(number),
		StoreID:           r.opts.StoreID,
		TerminalID:        r.opts.Register,
		RequestedAt:       now.Unix(),
	}
}

// description is what the customer reads in the app.
func (r *Register) description(number int64) string {
	return strings.TrimSpace(fmt.Sprintf("%s #%d", Clean(r.opts.Shop, 200), number))
}

// GiveUp shuts the sale's code: it is deleted, then looked up, and only then
// is the sale unpaid. If the customer was faster, the sale is paid. A code
// that PayPay has not answered about yet cannot be shut: ErrUnsettled.
func (r *Register) GiveUp(ctx context.Context, id SaleID) error {
	r.writing.Lock()
	defer r.writing.Unlock()
	r.wishes[id] = wish{}
	return r.shut(ctx, id, ByCashier)
}

// shut is called with writing held.
func (r *Register) shut(ctx context.Context, id SaleID, c Cause) error {
	s, err := r.current(ctx, id)
	if err != nil {
		return err
	}
	a := s.Last()
	if !a.State.Open() || a.State == Closing {
		return nil
	}
	if a.CodeID == "" {
		return fmt.Errorf("no code to shut yet: %w", ErrUnsettled)
	}
	_, err = r.record(ctx, s, Event{Kind: Shut, Sale: id, Attempt: a.ID, Actor: Cashier, Cause: c})
	if err == nil {
		r.poke(a.ID)
	}
	return err
}

// NewCode gives an unpaid sale another code. A code that is still live is shut
// first, and the new one follows when PayPay has confirmed that; if the
// customer was faster, the sale is paid and no code follows. A sale that has no
// live code, and another of the same amount that has one, is ErrSameAmount. One
// that has had twenty codes gets no more: ErrCodes. A
// sale that may have got another code in what the journal has lost is looked up
// first: ErrUnsettled when PayPay does not say.
func (r *Register) NewCode(ctx context.Context, id SaleID, t Terms) error {
	if err := r.findCodes(ctx, id); err != nil {
		return err
	}
	r.writing.Lock()
	defer r.writing.Unlock()
	s, err := r.current(ctx, id)
	if err != nil {
		return err
	}
	switch {
	case s.undone():
		return ErrReturned
	case s.brought():
		return ErrPaid
	}
	if !s.open() {
		if r.payable(s) {
			return fmt.Errorf("the old code may still be paid: %w", ErrUnsettled)
		}
		if other, is := r.Same(s); is && !t.Anyway {
			return fmt.Errorf("sale %d: %w", other.Number, ErrSameAmount)
		}
		return r.recharge(ctx, s, Cashier)
	}
	if len(s.Attempts) >= maxCodes { // the one that it has stays
		return fmt.Errorf("a code after %d for sale %s: %w", maxCodes, id, ErrCodes)
	}
	if err := r.shut(ctx, id, ByNewCode); err != nil {
		return err
	}
	r.wishes[id] = wish{another: true}
	return nil
}

// recharge is called with writing held.
func (r *Register) recharge(ctx context.Context, s Sale, actor string) error {
	if err := r.inPlace(); err != nil {
		return err
	}
	if len(s.Attempts) >= maxCodes {
		return fmt.Errorf("a code after %d for sale %s: %w", maxCodes, s.ID, ErrCodes)
	}
	now := r.opts.Now()
	id := r.anotherID(s)
	e := Event{
		Kind: Recharged, Sale: s.ID, Attempt: id, Actor: actor, At: now,
		Request: r.request(id, s.Number, s.Totals.Total, now, s.Last().Hold),
	}
	if _, err := r.record(ctx, s, e); err != nil {
		return err
	}
	delete(r.wishes, s.ID)
	r.watch(s.ID, id, e.Request)
	return nil
}

// MoveOn writes down that the cashier, who saw the sale in this standing, has
// turned to the next customer. The sale stays watched; it is not taken up by
// itself at the next start unless something new happens to it. If something
// has happened that the cashier cannot have seen, it is ErrNews.
func (r *Register) MoveOn(ctx context.Context, id SaleID, seen Standing) error {
	r.writing.Lock()
	defer r.writing.Unlock()
	s, err := r.current(ctx, id)
	if err != nil || s.Left {
		return err
	}
	if now := s.Standing(); now != seen {
		return fmt.Errorf("the sale is %s, and was seen %s: %w", now, seen, ErrNews)
	}
	_, err = r.record(ctx, s, Event{Kind: Moved, Sale: id, Actor: Cashier})
	return err
}

// CheckNow asks PayPay about the sale without waiting for the next round. It
// does nothing within a second of the last call, however often it is pressed.
func (r *Register) CheckNow(id SaleID) {
	s, _ := r.sale(id)
	for _, a := range s.Attempts {
		r.view.RLock()
		since := r.opts.Now().Sub(r.contacts[a.ID].AskedAt)
		r.view.RUnlock()
		if since < 0 || since >= time.Second {
			r.poke(a.ID)
		}
	}
}
