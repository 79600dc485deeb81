package pos

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"example.jp/reji/store"
)

// current is the sale with an id, from memory or the journal. It is called
// with writing held.
func (r *Register) current(ctx context.Context, id SaleID) (Sale, error) {
	if s, ok := r.sale(id); ok {
		return s, nil
	}
	return r.replay(ctx, id)
}

// record applies an event, journals what is news, and publishes the sale. It
// is called with writing held. If it fails, the sale is published as it was;
// what was being written may still come to light when the journal is read again.
func (r *Register) record(ctx context.Context, s Sale, e Event) (Sale, error) {
	if err := r.able(); err != nil {
		return s, err
	}
	if e.At.IsZero() {
		e.At = r.opts.Now()
	}
	e.At = e.At.UTC().Truncate(time.Millisecond) // as the journal keeps it
	e.Skew, _ = r.gateway.SkewAtLeast()
	next, err := s.Apply(e)
	if err != nil {
		return s, err
	}
	if same(s, next) {
		return s, nil
	}
	if cameAndWent(s, next, e) { // an entry tells of one movement
		e.First = true
		if s, err = r.record(ctx, s, e); err != nil {
			return s, err
		}
		e.First = false
		if next, err = s.Apply(e); err != nil {
			return s, err
		}
	}
	money := moved(s, next, e)
	if money != nil {
		e.Day = r.opts.Calendar.Day(e.At)
		money.Day = string(e.Day)
	}
	c := store.Change{Movement: money}
	c.Sale, c.Attempts = rows(next)
	if e.Kind == Charged {
		c.Parked = r.takenUp(next.Order.ID)
	}
	if err := r.append(ctx, e, c); err != nil {
		return s, err
	}
	r.view.Lock()
	if c.Parked != nil {
		r.parked = without(r.parked, c.Parked.ID)
	}
	if next.Pending() {
		r.sales[next.ID] = next
	} else { // settled and left behind: the journal has it
		delete(r.sales, next.ID)
		delete(r.wishes, next.ID)
		for _, a := range next.Attempts {
			if r.contacts[a.ID].left(r.opts.Now()) <= 0 { // who asks about it next has to know of the pause
				delete(r.contacts, a.ID)
			}
		}
	}
	r.view.Unlock()
	r.changed()
	return next, nil
}

func same(a, b Sale) bool {
	return a.ID == b.ID && a.Left == b.Left && slices.EqualFunc(a.Attempts, b.Attempts, Attempt.equal)
}

// append writes an event down, with the rows that it changes.
func (r *Register) append(ctx context.Context, e Event, c store.Change) error {
	var err error
	if c.Entry, err = e.entry(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if _, err := r.journal.Append(ctx, c); err != nil {
		r.opts.Log.Error("journal", "event", e.Kind, "sale", e.Sale, "err", err)
		if errors.Is(err, store.ErrTrouble) {
			r.inTrouble(err)
		}
		return fmt.Errorf("%w: %w", ErrJournal, err)
	}
	r.written = true
	return nil
}

// note journals an event of the till itself.
func (r *Register) note(ctx context.Context, k Kind, text string) error {
	return r.append(ctx, Event{Kind: k, Actor: Till, At: r.opts.Now().UTC().Truncate(time.Millisecond), Note: text}, store.Change{})
}

// inPlace reports whether the journal is still the file at its path, which
// SQLite itself would not notice. Before money is asked for, it must be.
func (r *Register) inPlace() error {
	if err := r.able(); err != nil {
		return err
	}
	if err := r.journal.StillThere(); err != nil {
		r.inTrouble(err)
		return fmt.Errorf("%w: %w", ErrJournal, err)
	}
	return nil
}

// able reports why nothing may be written now.
func (r *Register) able() error {
	r.view.RLock()
	defer r.view.RUnlock()
	if r.closed {
		return ErrClosed
	}
	if r.trouble != nil {
		return fmt.Errorf("%w: %w", ErrJournal, r.trouble)
	}
	return nil
}
