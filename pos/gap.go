package pos

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
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
	Below   int64     `json:"below"`             // sales with this receipt number or a higher one were looked up again; 1 when all were; negative when that is done once more, and -1 in the end
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
	// reviewBack is how long ago a sale can have been that may have been given
	// back in a gap: PayPay's time for refunds, and for a hold before it.
	reviewBack = 430 * 24 * time.Hour
	// reviewCodes is how long before a gap a sale may have been charged that
	// got another code in it.
	reviewCodes = 24 * time.Hour
	// reviewRest is how long after a gap a sale is looked up at the earliest:
	// PayPay carries a cancel out a while after it was accepted, and until then
	// nothing shows it.
	reviewRest = time.Minute
	// reviewPage is after how many sales it is written down how far the till
	// has come.
	reviewPage = 50
	// reviewPause is how long PayPay is left alone between two look-ups.
	reviewPause = time.Second
	// reviewTries is how many answers about a payment may not fit it.
	reviewTries = 4
	// reviewNumbers is after how many numbers in a row that PayPay does not know
	// a sale had no more codes: it forgets those that were shut.
	reviewNumbers = 3
	// reviewWaits is how many times a code that is not settled is waited for,
	// reviewWait each: the copy may believe that it has just been made.
	reviewWaits, reviewWait = 60, 10 * time.Second
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
			Missing: g.Missing, Number: g.Number, Below: g.Below, Open: g.Open,
		}
	}
	return all
}

func (g Gap) row() *store.Gap {
	return &store.Gap{
		From: g.From, To: g.To, FirstDay: string(g.First), LastDay: string(g.Last),
		Missing: g.Missing, Number: g.Number, Below: g.Below, Open: g.Open,
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
	g := Gap{From: from, To: lost.At, First: c.Day(from), Missing: lost.Missing}
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

// anotherID is the id of a sale's next attempt. Of a sale that is older than a
// gap, the next number may have been used in it: the mark sets it apart.
func (r *Register) anotherID(s Sale) string {
	id := attemptID(s, len(s.Attempts)+1)
	if r.older(s) {
		id += r.gap().mark()
	}
	return id
}

// mark sets apart the codes that were made after the gap.
func (g Gap) mark() string { return "-" + strconv.FormatInt(g.Number, 36) }

func attemptID(s Sale, n int) string { return fmt.Sprintf("%s-%d", s.ID, n) }

// review asks PayPay again, behind the running till, about what a restored
// journal believes is settled: it may have been given back in the gap, and a
// sale that nobody had paid may have got another code. What is not settled is
// followed in any case. A day later it asks once more about what is paid: what
// PayPay refused to give back in the gap may have been given back since.
func (r *Register) review() {
	for _, rest := range []time.Duration{reviewRest, lateTry + reviewRest} {
		for _, g := range r.Gaps() {
			if g.Below == 1 && rest > lateTry {
				g.Below = -g.Number - 1
			}
			if rests := min(g.To.Add(rest).Sub(r.opts.Now()), rest); g.reviewing() && rests > 0 && !r.pause(rests) {
				return
			}
			for g.reviewing() {
				if !r.reviewed(&g) && !r.pause(slowest) {
					return
				}
			}
		}
	}
}

// reviewing reports whether sales are left to be looked up again.
func (g Gap) reviewing() bool { return g.Below > 1 || g.Below < -1 }

// reviewed reports whether nothing that was asked for in the gap can come to light
// any more.
func (g Gap) reviewed() bool { return g.Below == -1 }

// reviewed looks up the next page of sales, and writes down how far that is.
func (r *Register) reviewed(g *Gap) bool {
	done := int64(1) // or -1, when it is done once more
	if g.Below < 0 {
		done = -1
	}
	rows, err := r.journal.Sales(r.life, store.Query{Before: done * g.Below, Limit: reviewPage})
	if err != nil {
		return false
	}
	below := done
	if len(rows) == reviewPage {
		below = done * rows[len(rows)-1].Number
	}
	for _, row := range rows {
		if row.OpenedAt.Before(g.From.Add(-reviewBack)) {
			below = done
			break
		}
		if !r.reviewSale(SaleID(row.ID), *g) {
			return false
		}
	}
	r.writing.Lock()
	defer r.writing.Unlock()
	if r.able() != nil {
		return false
	}
	for _, now := range r.Gaps() { // it may have been accounted for meanwhile
		if now.To.Equal(g.To) {
			now.Below = below
			if r.appendGap(r.life, Event{Kind: Reviewed, Actor: Till}, now) != nil {
				return false
			}
			*g = now
		}
	}
	return true
}

// reviewSale looks one sale up again. It is false when that was cut short.
func (r *Register) reviewSale(id SaleID, g Gap) bool {
	s, err := r.read(id)
	if err != nil {
		return false
	}
	for _, a := range s.Attempts {
		if a.State == Paid && !r.lookAgain(id, a) {
			return false
		}
	}
	if g.Below < 0 || s.OpenedAt.Before(g.From.Add(-reviewCodes)) {
		return true
	}
	// Also of a sale that is paid: what has paid it may have come in the gap, and
	// another code before that.
	if s, err = r.ended(id); err != nil || s.open() {
		return false
	}
	for attempt, found := range r.codes(s, g) {
		if !r.findCode(s, attempt) {
			return false
		}
		if s, err = r.ended(id); err != nil || s.open() {
			return false
		}
		*found = s.index(attempt) >= 0
	}
	return true
}

// codes are the ids under which a sale may have got more codes in a gap, which
// the journal does not know. Of each the caller says whether there was one.
func (r *Register) codes(s Sale, g Gap) iter.Seq2[string, *bool] {
	return func(yield func(string, *bool) bool) {
		known := 0 // whatever the clock said when it was made: those that were made since have the gap's mark
		for i, a := range s.Attempts {
			if slices.ContainsFunc(r.marks(g), func(mark string) bool { return a.ID == attemptID(s, i+1)+mark }) {
				known++
			}
		}
		for n, missing := known+1, 0; missing < reviewNumbers; n++ { // a number whose code was shut is missing too
			missing++
			for _, mark := range r.marks(g) {
				attempt := attemptID(s, n) + mark
				found := s.index(attempt) >= 0
				if !found && !yield(attempt, &found) {
					return
				}
				if found {
					missing = 0
				}
			}
		}
	}
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
		older := s.Number <= g.Number && s.OpenedAt.Before(g.From.Add(-reviewCodes)) // which the review leaves out
		if s.Number >= g.Below && !older || s.brought() {
			continue
		}
		if s.open() {
			return fmt.Errorf("another code for sale %s after a gap: %w", id, ErrUnsettled)
		}
		for attempt := range r.codes(s, g) {
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

// marks are what can follow the number of a code that was made in a gap.
func (r *Register) marks(g Gap) []string {
	marks := []string{""}
	for _, earlier := range r.Gaps() {
		if earlier.Number < g.Number {
			marks = append(marks, earlier.mark())
		}
	}
	return marks
}

// ended is the sale when none of its codes can be paid any more, or when that
// took too long. The error is that of a till that is being closed, too.
func (r *Register) ended(id SaleID) (Sale, error) {
	s, err := r.read(id)
	for range reviewWaits {
		if err != nil || !s.open() {
			break
		}
		if !r.pause(reviewWait) {
			return s, ErrClosed
		}
		s, err = r.read(id)
	}
	return s, err
}

func (r *Register) read(id SaleID) (Sale, error) {
	ctx, cancel := context.WithTimeout(r.life, patience)
	defer cancel()
	r.writing.Lock()
	defer r.writing.Unlock()
	return r.current(ctx, id)
}

// lookAgain looks a payment up, until PayPay answers. An answer that does not
// fit what is known, or has a status that tells nothing, may be wrong once; when
// it comes again and again, it is for the watcher and a person.
func (r *Register) lookAgain(id SaleID, a Attempt) bool {
	unfit := 0
	for pause := reviewPause; ; pause = min(max(2*pause, r.opts.Poll), slowest) {
		if !r.patient(a.ID, pause) {
			return false
		}
		began := r.opts.Now()
		p, err := r.askAgain(r.life, a.ID)
		switch {
		case err == nil && matches(p, a) && a.tells(*answer(p)):
			took := max(r.opts.Now().Sub(began), 0).Truncate(time.Millisecond)
			return r.saw(Event{Kind: Looked, Sale: id, Attempt: a.ID, Actor: Till, Answer: answer(p), Took: took})
		case err == nil, errors.Is(err, paypay.ErrMismatch):
			r.opts.Log.Warn("looking up again", "attempt", a.ID, "err", fmt.Sprint(err), "status", p.Status, "amount", p.Amount.Amount)
			if unfit++; unfit >= reviewTries {
				return r.saw(Event{Kind: Mismatched, Sale: id, Attempt: a.ID, Actor: Till, Answer: answer(p), Note: note(err)})
			}
		case !unsaid(err):
			if unfit++; unfit >= reviewTries {
				return true // too long ago for PayPay: what is written down stands
			}
		}
	}
}

// askAgain looks a payment up, and notes down how that went for whoever else
// asks about it: PayPay may want to be left alone. A fault of the till's own in
// it is an error that says nothing, as one with a watcher is: the till goes on.
func (r *Register) askAgain(ctx context.Context, attempt string) (p paypay.Payment, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("the till's own fault: %v", fault)
			r.opts.Log.Error("looking up again panicked", "attempt", attempt, "panic", fmt.Sprint(fault))
		}
		now := r.opts.Now()
		r.contact(attempt, func(c *Contact) {
			c.AskedAt, c.Problem, c.Pause = now, err, retryAfter(err)
			if err == nil || !unsaid(err) {
				c.AnsweredAt, c.Problem = now, nil
			}
		})
	}()
	return r.gateway.CodePayment(ctx, attempt)
}

// refresh looks a payment up that may have been given back in a gap, or since by
// what was asked for in it, until the review has come to its end.
func (r *Register) refresh(ctx context.Context, id SaleID, attempt string) error {
	r.writing.Lock()
	s, err := r.current(ctx, id)
	r.writing.Unlock()
	if err != nil {
		return err
	}
	a, ok := s.Attempt(attempt)
	due := slices.ContainsFunc(r.Gaps(), func(g Gap) bool { return s.Number <= g.Number && !g.reviewed() })
	if !ok || !due || a.State != Paid {
		return nil
	}
	if left, _ := r.told(attempt); left > 0 {
		return fmt.Errorf("attempt %s after a gap, in %v: %w", attempt, left, ErrUnsettled)
	}
	began := r.opts.Now()
	p, err := r.askAgain(ctx, attempt)
	switch {
	case err == nil && (!matches(p, a) || !a.tells(*answer(p))), errors.Is(err, paypay.ErrMismatch):
		return fmt.Errorf("attempt %s after a gap: %w", attempt, ErrUnfit)
	case err != nil && unsaid(err):
		return fmt.Errorf("attempt %s after a gap: %w: %w", attempt, ErrUnsettled, err)
	case err != nil:
		return nil //nolint:nilerr // too long ago for PayPay: what is written down stands
	}
	took := max(r.opts.Now().Sub(began), 0).Truncate(time.Millisecond)
	if !r.saw(Event{Kind: Looked, Sale: id, Attempt: attempt, Actor: Till, Answer: answer(p), Took: took}) {
		return fmt.Errorf("attempt %s after a gap: %w", attempt, ErrJournal)
	}
	return nil
}

// findCode asks for a code that the sale got in the gap. If there is one, it is
// followed like any other.
func (r *Register) findCode(s Sale, id string) bool {
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

// saw writes down what a look-up has brought to light, and follows what is
// not settled by it.
func (r *Register) saw(e Event) bool {
	r.writing.Lock()
	defer r.writing.Unlock()
	s, err := r.current(r.life, e.Sale)
	if err != nil {
		return false
	}
	if s, err = r.record(r.life, s, e); errors.Is(err, ErrUnsettled) || errors.Is(err, ErrPaid) {
		return true // the till has been faster
	} else if err != nil {
		return false
	}
	if a, ok := s.Attempt(e.Attempt); ok && a.unsettled() {
		r.watch(s.ID, a.ID, nil)
	}
	return true
}

// patient waits before PayPay is asked about an attempt, for longer when PayPay
// has asked for that, also whoever else asks meanwhile. It is false when the
// till is closed.
func (r *Register) patient(attempt string, pause time.Duration) bool {
	left, asked := r.told(attempt)
	for pause = max(pause, left); pause > 0; {
		if !r.pause(pause) {
			return false
		}
		pause = 0
		if left, again := r.told(attempt); !again.Equal(asked) {
			pause, asked = left, again
		}
	}
	return true
}

// pause is false when the till is closed meanwhile.
func (r *Register) pause(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.life.Done():
		return false
	}
}
