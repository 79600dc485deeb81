package pos

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"example.jp/reji/paypay"
	"example.jp/reji/store"
)

// Gap is a time of which the journal has lost its entries, because an older
// copy was put in its place. What was sold in it the till does not know, and
// PayPay's API has no list of payments that would tell: a person compares the
// books with PayPay's and says so.
type Gap struct {
	From    time.Time `json:"from"`              // the copy's last entry
	To      time.Time `json:"to"`                // when the copy was put in place, or found; it names the gap
	First   Day       `json:"first"`             // business day of From
	Last    Day       `json:"last"`              // business day of To
	Missing int64     `json:"missing,omitempty"` // entries at least; 0 when nobody knows
	Number  int64     `json:"number"`            // receipt numbers up to this one are not given any more
	Entries int64     `json:"entries"`           // of the copy; what was written down since comes after them
	Lost    []int64   `json:"lost,omitempty"`    // the numbers of gaps that were noted down in what is lost
	Below   int64     `json:"below"`             // sales with this receipt number or a higher one were looked up again; 1 when all were
	Again   bool      `json:"again,omitempty"`   // Below is about the second time, a day later
	Open    bool      `json:"open"`              // nobody has accounted for it yet
}

const (
	// spareNumbers are more receipt numbers than a till gives while a clock is
	// being set.
	spareNumbers = 1000
	// behindNumbers are left out in addition when the clock says that the copy
	// ends in the future: then nobody knows how long the gap was. A clock that is
	// up to a day behind still gives each time a higher number.
	behindNumbers = 100_000
)

// NotRepeated is why a modification is Denied that a restored journal still
// held for asked, and that PayPay knows nothing of: what was decided about it
// since, nobody knows, so that the till does not ask for it again by itself.
const NotRepeated paypay.ResultCode = "NOT_REPEATED"

// ErrNoNote means that a person has not said what was found.
var ErrNoNote = errors.New("it needs a sentence")

// Gaps are the times of which the journal has lost its entries, the oldest
// first. They are read from memory.
func (r *Register) Gaps() []Gap {
	r.view.RLock()
	defer r.view.RUnlock()
	return r.gaps
}

// gap is the newest gap, which has the highest Number, whatever the clock said;
// that is 0 when there is none.
func (r *Register) gap() Gap {
	var newest Gap
	for _, g := range r.Gaps() {
		if g.Number > newest.Number {
			newest = g
		}
	}
	return newest
}

// older reports whether something may have happened to the sale that the
// journal has lost.
func (r *Register) older(s Sale) bool { return s.Number <= r.gap().Number }

func (r *Register) loadGaps(ctx context.Context) ([]Gap, error) {
	rows, err := r.journal.Gaps(ctx)
	if err != nil {
		return nil, err
	}
	return gapsOf(rows), nil
}

func gapsOf(rows []store.Gap) []Gap {
	all := make([]Gap, len(rows))
	for i, g := range rows {
		all[i] = Gap{
			From: g.From, To: g.To, First: Day(g.FirstDay), Last: Day(g.LastDay),
			Missing: g.Missing, Number: g.Number, Entries: g.Entries, Lost: g.Lost.All(), Below: g.Below, Again: g.Again, Open: g.Open,
		}
	}
	return all
}

func (g Gap) row() *store.Gap {
	return &store.Gap{
		From: g.From, To: g.To, FirstDay: string(g.First), LastDay: string(g.Last),
		Missing: g.Missing, Number: g.Number, Entries: g.Entries, Lost: store.NumbersOf(g.Lost...), Below: g.Below, Again: g.Again, Open: g.Open,
	}
}

// notice writes down that the journal is an older copy of itself, if it is.
//
// The lost part has given receipt numbers that are on paper: one for each
// second of the gap, and then some, is more than a cashier can have. However
// often the same copy is put in place, each time begins above the last.
func (r *Register) notice(ctx context.Context) error {
	lost := r.journal.Restored()
	if lost == nil {
		return nil
	}
	g := gapFrom(*lost, r.opts.Calendar)
	seconds := int64(g.To.Sub(g.From) / time.Second)
	if seconds < 0 {
		seconds = max(seconds+behindNumbers, 0)
	}
	g.Number = r.number + max(seconds, lost.Missing) + spareNumbers
	g.Lost = slices.Clone(lost.Gaps)
	for _, n := range g.Lost {
		if n >= g.Number { // the clock was set back
			g.Number = n + spareNumbers
		}
	}
	for _, known := range r.Gaps() {
		g.Lost = slices.DeleteFunc(g.Lost, func(n int64) bool { return n == known.Number || slices.Contains(known.Lost, n) })
	}
	g.Below, g.Open = r.number+1, true
	if err := r.appendGap(ctx, Event{Kind: Restored, Actor: Till}, g); err != nil {
		return err
	}
	r.number = g.Number
	return r.journal.MarkAnchor(ctx)
}

// gapFrom is the gap that a copy makes, as far as the copy tells.
func gapFrom(lost store.Restored, c Calendar) Gap {
	from := lost.Last
	if from.IsZero() {
		from = lost.At // the copy was empty
	}
	g := Gap{From: from, To: lost.At, First: c.Day(from), Missing: lost.Missing, Entries: lost.Entries}
	g.Last = max(g.First, c.Day(lost.At)) // the clock may be behind
	return g
}

// end is To, or, when the clock was behind, the first moment after the copy.
func (g Gap) end() time.Time {
	if g.To.Before(g.From) {
		return g.From.Add(time.Millisecond)
	}
	return g.To
}

// appendGap writes an event about a gap down. It is called with writing held,
// or before anybody else can write.
func (r *Register) appendGap(ctx context.Context, e Event, g Gap) error {
	e.At, e.Gap = r.opts.Now().UTC().Truncate(time.Millisecond), &g
	if err := r.append(ctx, e, store.Change{Gap: g.row()}); err != nil {
		return err
	}
	all := slices.Clone(r.Gaps())
	if i := slices.IndexFunc(all, func(h Gap) bool { return h.To.Equal(g.To) }); i >= 0 {
		all[i] = g
	} else {
		all = append(all, g)
	}
	r.view.Lock()
	r.gaps = all
	r.view.Unlock()
	r.changed()
	return nil
}

// Account writes down what a person has found who has compared the till with
// PayPay's books about a gap, which is named by its end. It moves no money.
// Without a sentence it is ErrNoNote; a gap that is accounted for stays so.
func (r *Register) Account(ctx context.Context, gap time.Time, found string) error {
	found = Clean(strings.TrimSpace(found), 200)
	if found == "" {
		return ErrNoNote
	}
	r.writing.Lock()
	defer r.writing.Unlock()
	if err := r.able(); err != nil {
		return err
	}
	for _, g := range r.Gaps() {
		if !g.To.Equal(gap) {
			continue
		}
		if !g.Open {
			return nil
		}
		g.Open = false
		return r.appendGap(ctx, Event{Kind: Accounted, Actor: Cashier, Note: found}, g)
	}
	return fmt.Errorf("a gap until %s: %w", gap, ErrNews)
}
