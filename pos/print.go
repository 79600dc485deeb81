package pos

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"example.jp/reji/store"
)

// Printer prints papers. An error is ErrNotPrinted when certainly nothing came
// out; after any other, the paper may have been printed.
type Printer interface {
	Print(ctx context.Context, s Sale, p Paper) error
}

// ErrNotPrinted means that nothing came out of the printer.
var ErrNotPrinted = errors.New("nothing was printed")

// Print is a paper that was asked for.
type Print struct {
	ID    string `json:"id"`
	Paper Paper  `json:"paper"`
}

// job is a paper that waits for the printer.
type job struct {
	Print
	sale    SaleID
	At      time.Time
	problem error // of the last try
	doubt   bool  // it may have been printed
	printed bool  // it has been, and only the journal does not know yet
}

const (
	// maxPrints is how many papers may wait at once.
	maxPrints = 200
	// printPatience is how long one paper may take.
	printPatience = 30 * time.Second
	// The pauses between two tries grow from the first to the longest.
	printPause, longestPause = time.Second, 30 * time.Second
)

// Print has a paper of a sale printed. It returns as soon as the intent is
// durable, whatever the printer does: the paper is printed as soon as that can,
// also after a restart. A paper that says which copy it is, is printed as that
// copy once, however often this is called; one that does not is the next.
func (r *Register) Print(ctx context.Context, id SaleID, p Paper) error {
	if r.opts.Printer == nil {
		return ErrNoPrinter
	}
	r.writing.Lock()
	defer r.writing.Unlock()
	if err := r.able(); err != nil {
		return err
	}
	_, events, err := r.History(ctx, id)
	if err != nil {
		return err
	}
	s, err := r.current(ctx, id)
	if err != nil {
		return err
	}
	asked, copies := CountPrints(events, p)
	switch {
	case p.Copy > 0 && p.Copy <= copies:
		return nil
	case !s.has(p):
		return fmt.Errorf("a %s of sale %s: %w", p.Kind, id, ErrNews)
	case len(r.waiting()) >= maxPrints:
		return ErrManyPrints
	}
	p.Copy, p.Doubt = copies+1, false
	p.Addressee, p.Purpose = Clean(p.Addressee, 60), Clean(p.Purpose, 60)
	j := job{Print: Print{ID: fmt.Sprintf("%s-p%d", id, asked+1), Paper: p}, sale: id, At: r.opts.Now().UTC().Truncate(time.Millisecond)}
	j.doubt = r.older(s) // it may have been printed in what the journal has lost
	if err := r.appendPrint(ctx, PrintAsked, Cashier, j); err != nil {
		return err
	}
	r.setPrints(append(slices.Clone(r.waiting()), j))
	select {
	case r.wakes <- struct{}{}:
	default:
	}
	return nil
}

// CountPrints is how many papers were asked for in a sale's history, and how
// many copies of this one. Papers that were given up count: they may be out.
func CountPrints(events []Recorded, of Paper) (all, copies int) {
	asked := PapersAsked(events)
	for _, p := range asked {
		if p.same(of) {
			copies++
		}
	}
	return len(asked), copies
}

// PapersAsked are the papers that were asked for in a sale's history, each as
// the copy that it is.
func PapersAsked(events []Recorded) []Paper {
	var all []Paper
	for _, e := range events {
		if e.Kind == PrintAsked && e.Print != nil {
			all = append(all, e.Print.Paper)
		}
	}
	return all
}

// DropPrints gives up all papers that are not printed yet.
func (r *Register) DropPrints(ctx context.Context) error {
	r.writing.Lock()
	defer r.writing.Unlock()
	if err := r.able(); err != nil {
		return err
	}
	for _, j := range r.waiting() {
		if err := r.endPrint(ctx, PrintDropped, Cashier, j); err != nil {
			return err
		}
	}
	return nil
}

// TryPrints has what waits tried again at once: a person has seen to the
// printer. A try that is under way goes on, and another follows it.
func (r *Register) TryPrints() {
	select {
	case r.nudges <- struct{}{}:
	default:
	}
}

// endPrint takes a job off the queue. It is called with writing held.
func (r *Register) endPrint(ctx context.Context, k Kind, actor string, j job) error {
	j.At = r.opts.Now().UTC().Truncate(time.Millisecond)
	if err := r.appendPrint(ctx, k, actor, j); err != nil {
		return err
	}
	r.setPrints(slices.DeleteFunc(slices.Clone(r.waiting()), func(o job) bool { return o.ID == j.ID }))
	return nil
}

func (r *Register) appendPrint(ctx context.Context, k Kind, actor string, j job) error {
	row, err := j.row(j.sale, j.At)
	if err != nil {
		return err
	}
	row.Open = k == PrintAsked
	e := Event{Kind: k, Sale: j.sale, Attempt: j.Paper.Attempt, Actor: actor, At: j.At, Print: &j.Print}
	return r.append(ctx, e, store.Change{Print: row})
}

// row is a paper that waits, as the journal keeps it beside the entries.
func (p Print) row(sale SaleID, at time.Time) (*store.Print, error) {
	body, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("paper: %w", err)
	}
	return &store.Print{ID: p.ID, Sale: string(sale), At: at, Body: body, Open: true}, nil
}

// waiting are the jobs, which are never changed in place.
func (r *Register) waiting() []job {
	r.view.RLock()
	defer r.view.RUnlock()
	return r.prints
}

func (r *Register) setPrints(all []job) {
	r.view.Lock()
	r.prints = all
	r.view.Unlock()
	r.changed()
}

// tried notes what became of a try. It is called with writing held.
func (r *Register) tried(id string, change func(*job)) {
	all := slices.Clone(r.waiting())
	if i := slices.IndexFunc(all, func(j job) bool { return j.ID == id }); i >= 0 {
		change(&all[i])
		r.setPrints(all)
	}
}

// loadPrints reads what is to be printed. Of a paper that an earlier run of the
// till asked for nobody knows whether it came out.
func (r *Register) loadPrints(ctx context.Context) ([]job, error) {
	rows, err := r.journal.Prints(ctx)
	if err != nil {
		return nil, err
	}
	known := map[string]job{}
	for _, j := range r.waiting() {
		known[j.ID] = j
	}
	var all []job
	for _, row := range rows {
		j, ok := known[row.ID]
		if !ok {
			j = job{sale: SaleID(row.Sale), At: row.At, doubt: true}
			if err := json.Unmarshal(row.Body, &j.Print); err != nil {
				return nil, fmt.Errorf("paper %s: %w", row.ID, err)
			}
		}
		all = append(all, j)
	}
	return all, nil
}

// printAll prints what waits, in order, and tries again what fails. Nothing
// else of the till waits for it.
func (r *Register) printAll() {
	pause := printPause
	for {
		var again <-chan time.Time
		var timer *time.Timer
		if all := r.waiting(); len(all) > 0 {
			if r.printOne(all[0]) {
				pause = printPause
				continue
			}
			timer = time.NewTimer(pause)
			again = timer.C
			pause = min(2*pause, longestPause)
		}
		wakes := r.wakes
		if again != nil {
			wakes = nil // a new paper waits behind the one that fails
		}
		select {
		case <-r.life.Done():
		case <-again:
		case <-wakes:
		case <-r.nudges:
			pause = printPause
		}
		if timer != nil {
			timer.Stop()
		}
		if r.life.Err() != nil {
			return
		}
	}
}

// printOne tries to print one paper, and reports whether that is done with.
func (r *Register) printOne(j job) bool {
	ctx, cancel := context.WithTimeout(r.life, printPatience)
	defer cancel()
	if !j.printed {
		r.writing.Lock()
		s, err := r.current(ctx, j.sale)
		r.writing.Unlock()
		if err == nil {
			p := j.Paper
			p.Doubt = j.doubt
			err = r.opts.Printer.Print(ctx, s, p)
		} else {
			err = fmt.Errorf("%w: %w", ErrNotPrinted, err)
		}
		r.writing.Lock()
		r.tried(j.ID, func(j *job) {
			j.problem, j.printed = err, err == nil
			j.doubt = j.doubt || err != nil && !errors.Is(err, ErrNotPrinted)
		})
		r.writing.Unlock()
		if err != nil {
			r.opts.Log.Warn("printer", "paper", j.ID, "err", err)
			return false
		}
	}
	r.writing.Lock()
	defer r.writing.Unlock()
	// A till that is being closed still writes down what was printed.
	if err := r.able(); err != nil && !errors.Is(err, ErrClosed) {
		return false
	}
	return r.endPrint(ctx, Printed, Till, j) == nil
}
