package pos

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"example.jp/reji/store"
)

// maxCodes is how many codes a sale gets, tries that PayPay refused or that never
// reached it among them. After a gap PayPay is asked about each that the sale may
// have got in it, and it forgets those that nobody paid: how many of them there
// were, nothing else would tell.
const maxCodes = 20

// reviewCodes is how long before a gap a sale may have been charged that got
// another code in it.
const reviewCodes = 24 * time.Hour

// anotherID is the id of a sale's next attempt. Of a sale that is older than a
// gap, the next number may have been used in it: the mark sets it apart.
func (r *Register) anotherID(s Sale) string {
	return attemptID(s, len(s.Attempts)+1) + r.markUntil(s, math.MaxInt64)
}

func attemptID(s Sale, n int) string { return fmt.Sprintf("%s-%d", s.ID, n) }

// markUntil is what followed the numbers of the sale's codes until the gap with
// that number: it sets those apart that were made after an earlier gap.
func (r *Register) markUntil(s Sale, gap int64) string {
	newest := int64(0)
	for _, g := range r.Gaps() {
		if s.Number <= g.Number && g.Number < gap {
			newest = max(newest, g.Number)
		}
	}
	if newest == 0 {
		return ""
	}
	return mark(newest)
}

func mark(gap int64) string { return "-" + strconv.FormatInt(gap, 36) }

// lostCodes are the ids of the codes that a sale may have got in a gap, and that
// the journal does not know: none when the copy knew that the sale had brought
// money.
func (r *Register) lostCodes(ctx context.Context, s Sale, g Gap) ([]string, error) {
	entries, err := r.journal.Entries(ctx, string(s.ID))
	if err != nil {
		return nil, err
	}
	copied, err := Replay(slices.DeleteFunc(entries, func(e store.Entry) bool { return e.Seq > g.Entries }))
	if err != nil || copied.brought() {
		return nil, err
	}
	marks := []string{r.markUntil(s, g.Number)}
	for _, lost := range g.Lost {
		marks = append(marks, mark(lost))
	}
	var all []string
	for n := len(copied.Attempts) + 1; n <= maxCodes; n++ {
		for _, mark := range marks {
			if id := attemptID(s, n) + mark; s.index(id) < 0 {
				all = append(all, id)
			}
		}
	}
	return all, nil
}

// findLost looks for the codes that a sale got in a gap. It is false when it has
// to be done again: PayPay has not answered, or a code is not settled.
func (r *Register) findLost(id SaleID, g Gap) bool {
	s, err := r.read(id)
	if err != nil || s.open() {
		return false
	}
	lost, err := r.lostCodes(r.life, s, g)
	if err != nil {
		return false
	}
	for _, attempt := range lost {
		if !r.findCode(s, attempt) {
			return false
		}
		if s, err = r.read(id); err != nil || s.open() {
			return false
		}
	}
	return true
}

// findCodes looks for codes that a sale may have got in a gap and that the till
// has not come to yet, before it gets another one.
func (r *Register) findCodes(ctx context.Context, id SaleID) error {
	r.writing.Lock()
	s, err := r.current(ctx, id)
	r.writing.Unlock()
	if err != nil {
		return err
	}
	for _, g := range r.Gaps() {
		older := s.OpenedAt.Before(g.From.Add(-reviewCodes)) // which the review leaves out
		found := !older && (g.Again || s.Number >= g.Below)
		if s.Number > g.Number || found || s.brought() {
			continue
		}
		if s.open() {
			return fmt.Errorf("another code for sale %s after a gap: %w", id, ErrUnsettled)
		}
		lost, err := r.lostCodes(ctx, s, g)
		if err != nil {
			return err
		}
		for _, attempt := range lost {
			if left, _ := r.told(attempt); left > 0 {
				return fmt.Errorf("another code for sale %s after a gap, in %v: %w", id, left, ErrUnsettled)
			}
			switch _, err := r.askAgain(ctx, attempt); {
			case err == nil && r.foundCode(s, attempt): //nolint:contextcheck // what was found is written down, whoever asked
				return fmt.Errorf("sale %s has another code since the gap: %w", id, ErrNews)
			case err == nil:
				return fmt.Errorf("sale %s has another code since the gap: %w", id, ErrJournal)
			case unsaid(err):
				return fmt.Errorf("another code for sale %s after a gap: %w: %w", id, ErrUnsettled, err)
			}
		}
	}
	return nil
}

// findCode asks for a code that the sale may have got in the gap. If there is
// one, it is followed like any other. It is false when PayPay has not answered.
func (r *Register) findCode(s Sale, id string) bool {
	silent := 0
	for pause := reviewPause; ; pause = min(max(2*pause, r.opts.Poll), slowest) {
		if !r.patient(id, pause) {
			return false
		}
		_, err := r.askAgain(r.life, id)
		switch {
		case err == nil:
			return r.foundCode(s, id)
		case !unsaid(err):
			return true
		}
		if silent++; silent >= reviewTries {
			return false
		}
	}
}

func (r *Register) foundCode(s Sale, id string) bool {
	r.opts.Log.Warn("a code that the journal has lost", "attempt", id)
	e := Event{Kind: Recharged, Found: true, Sale: s.ID, Attempt: id, Actor: Till, Note: "found at PayPay after the journal was restored"}
	e.Request = r.request(id, s.Number, s.Totals.Total, r.opts.Now(), s.Last().Hold)
	if !r.saw(e) {
		return false
	}
	now, err := r.read(s.ID)
	return err == nil && now.index(id) >= 0 // else another code has been faster
}
