package pos

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"example.jp/reji/store"
)

// maxParked is how many orders may wait at once.
const maxParked = 100

// ParkedOrder is an order that waits for its customer. It waits until it is
// charged or discarded: taking it up to work on it changes nothing, so that a
// power cut then loses nothing either.
type ParkedOrder struct {
	Order Order     `json:"order"`
	No    int       `json:"no,omitempty"` // what it is called by, from 1; its own until it waits no more
	Name  string    `json:"name,omitempty"`
	At    time.Time `json:"at"`
}

// parkedBody is an order that waits, as the journal keeps it beside the entries.
type parkedBody struct {
	Order
	No int `json:"no,omitempty"`
}

// Doubtful reports whether the order may have been charged in a gap that nobody
// has accounted for.
func (p ParkedOrder) Doubtful(gaps []Gap) bool {
	return slices.ContainsFunc(gaps, func(g Gap) bool { return g.Open && p.At.Before(g.end()) })
}

// Park writes an order down, to be taken up again later: by the next cashier
// or the next day as well. An order that is parked already is parked anew, as
// it is now, and keeps its number; a new one gets the lowest that is free.
func (r *Register) Park(ctx context.Context, o Order, name string) error {
	if len(o.Lines) == 0 {
		return ErrEmptyOrder
	}
	if err := o.check(); err != nil {
		return err
	}
	r.writing.Lock()
	defer r.writing.Unlock()
	if err := r.able(); err != nil {
		return err
	}
	if _, charged := r.orders[o.ID]; charged {
		return fmt.Errorf("parking an order that was charged: %w", ErrNews)
	}
	rest := without(r.Parked(), o.ID)
	if len(rest) >= maxParked {
		return fmt.Errorf("%d orders are parked: %w", len(rest), ErrTooManyParked)
	}
	p := ParkedOrder{Order: o, No: numberFor(o.ID, r.Parked()), Name: Clean(name, 40), At: r.opts.Now().UTC().Truncate(time.Millisecond)}
	row, err := p.row(true)
	if err != nil {
		return err
	}
	if err := r.append(ctx, Event{Kind: Parked, Actor: Cashier, At: p.At, Parked: &p}, store.Change{Parked: row}); err != nil {
		return err
	}
	r.setParked(append(slices.Clone(rest), p))
	return nil
}

// numberFor is the number of an order that is to wait beside others.
func numberFor(orderID string, all []ParkedOrder) int {
	taken := map[int]bool{}
	for _, p := range all {
		if p.Order.ID == orderID && p.No > 0 {
			return p.No
		}
		taken[p.No] = true
	}
	n := 1
	for taken[n] {
		n++
	}
	return n
}

// Discard gives a parked order up.
func (r *Register) Discard(ctx context.Context, orderID string) error {
	r.writing.Lock()
	defer r.writing.Unlock()
	if err := r.able(); err != nil {
		return err
	}
	row := r.takenUp(orderID)
	if row == nil {
		return fmt.Errorf("order %s is not parked: %w", Clean(orderID, 40), ErrNews)
	}
	e := Event{
		Kind: Discarded, Actor: Cashier, At: r.opts.Now().UTC().Truncate(time.Millisecond),
		Parked: &ParkedOrder{Order: Order{ID: orderID}},
	}
	if err := r.append(ctx, e, store.Change{Parked: row}); err != nil {
		return err
	}
	r.setParked(without(r.Parked(), orderID))
	return nil
}

// Parked are the orders that wait, the one parked first in front. They are
// read from memory.
func (r *Register) Parked() []ParkedOrder {
	r.view.RLock()
	defer r.view.RUnlock()
	return r.parked
}

func (r *Register) setParked(all []ParkedOrder) {
	r.view.Lock()
	r.parked = all
	r.view.Unlock()
	r.changed()
}

// takenUp is the row of a parked order that waits no more; nil when no such
// order waits. It is called with writing held.
func (r *Register) takenUp(orderID string) *store.Parked {
	for _, p := range r.Parked() {
		if p.Order.ID == orderID {
			row, err := p.row(false)
			if err != nil {
				return nil // it was written once, so it can be written again
			}
			return row
		}
	}
	return nil
}

func (p ParkedOrder) row(open bool) (*store.Parked, error) {
	body, err := json.Marshal(parkedBody{Order: p.Order, No: p.No})
	if err != nil {
		return nil, fmt.Errorf("parked order: %w", err)
	}
	return &store.Parked{ID: p.Order.ID, At: p.At, Name: p.Name, Body: body, Open: open}, nil
}

func (r *Register) loadParked(ctx context.Context) ([]ParkedOrder, error) {
	rows, err := r.journal.Parked(ctx)
	if err != nil {
		return nil, err
	}
	var all []ParkedOrder
	for _, row := range rows {
		var body parkedBody
		if err := json.Unmarshal(row.Body, &body); err != nil {
			return nil, fmt.Errorf("parked order %s: %w", row.ID, err)
		}
		all = append(all, ParkedOrder{Order: body.Order, No: body.No, Name: row.Name, At: row.At})
	}
	for i, p := range all { // those of a till that gave none
		all[i].No = numberFor(p.Order.ID, all)
	}
	return all, nil
}

func without(all []ParkedOrder, orderID string) []ParkedOrder {
	return slices.DeleteFunc(slices.Clone(all), func(p ParkedOrder) bool { return p.Order.ID == orderID })
}
