package pos

import (
	"context"
	"fmt"

	"example.jp/reji/store"
)

// The kinds of movement of money.
const (
	moneyPaid      = "paid"
	moneyRefunded  = "refunded"
	moneyCancelled = "cancelled"
)

// moved is the money that an event brought or took away: nil when it did
// neither. It belongs to the business day on which the till learned of it.
func moved(before, after Sale, e Event) *store.Movement {
	was, _ := before.Attempt(e.Attempt)
	is, _ := after.Attempt(e.Attempt)
	amount := is.Kept() - was.Kept()
	m := store.Movement{Day: string(e.Day), Sale: string(after.ID), Attempt: e.Attempt, Kind: moneyPaid, Amount: int64(amount)}
	switch {
	case amount == 0:
		return nil
	case amount > 0:
	case is.State == Cancelled:
		m.Kind = moneyCancelled
	default:
		m.Kind = moneyRefunded
	}
	return &m
}

// cameAndWent reports whether a look-up has brought money to light of which some
// is gone again.
func cameAndWent(before, after Sale, e Event) bool {
	was, _ := before.Attempt(e.Attempt)
	is, _ := after.Attempt(e.Attempt)
	came := is.Taken - was.Taken
	return e.Kind == Looked && came > 0 && is.Kept()-was.Kept() != came
}

// Report is what a business day comes to. Each payment and each return is in
// the day on which the till learned of it, and in no other.
type Report struct {
	Day       Day   `json:"day"`
	Payments  int64 `json:"payments"` // how many
	Paid      Yen   `json:"paid"`     // and how much, as of the others
	Refunds   int64 `json:"refunds"`
	Refunded  Yen   `json:"refunded"` // not negative
	Cancels   int64 `json:"cancels"`
	Cancelled Yen   `json:"cancelled"` // not negative
	Net       Yen   `json:"net"`

	Incomplete bool `json:"incomplete,omitempty"` // the journal has lost entries of this day, which are not in the figures
}

// Report adds a business day up, from the journal.
func (r *Register) Report(ctx context.Context, day Day) (Report, error) {
	return DayReport(ctx, r.journal, r.opts.Calendar, day)
}

// Sums is where a report is added up. *store.DB satisfies it.
type Sums interface {
	Sums(ctx context.Context, day string) ([]store.Sum, error)
	Gaps(ctx context.Context) ([]store.Gap, error)
	Restored() *store.Restored
}

// DayReport adds a business day up, from a journal that no till needs to have
// open.
func DayReport(ctx context.Context, j Sums, c Calendar, day Day) (Report, error) {
	sums, err := j.Sums(ctx, string(day))
	if err != nil {
		return Report{}, fmt.Errorf("report of %s: %w", day, err)
	}
	gaps, err := j.Gaps(ctx)
	if err != nil {
		return Report{}, fmt.Errorf("report of %s: %w", day, err)
	}
	rep := Report{Day: day}
	for _, g := range gaps {
		rep.Incomplete = rep.Incomplete || Day(g.FirstDay) <= day && day <= Day(g.LastDay)
	}
	if lost := j.Restored(); lost != nil { // no till has noted it down yet
		g := gapFrom(*lost, c)
		rep.Incomplete = rep.Incomplete || g.First <= day && day <= g.Last
	}
	for _, s := range sums {
		rep.Net += Yen(s.Amount)
		switch s.Kind {
		case moneyPaid:
			rep.Payments, rep.Paid = s.Count, Yen(s.Amount)
		case moneyRefunded:
			rep.Refunds, rep.Refunded = s.Count, -Yen(s.Amount)
		case moneyCancelled:
			rep.Cancels, rep.Cancelled = s.Count, -Yen(s.Amount)
		default:
			return Report{}, fmt.Errorf("report of %s: money moved by %q, which this program does not know", day, s.Kind)
		}
	}
	return rep, nil
}
