package pos

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"example.jp/reji/store"
)

// Options are what a register has to know. All but Printer, Log, Now, ID and
// Version are needed.
type Options struct {
	Register string   // this till's id, 1 to 8 letters and digits
	Shop     string   // shown to the customer in the app
	StoreID  string   // for PayPay's reports; may be empty
	Calendar Calendar // decides the business day
	Taxes    Taxes
	Poll     time.Duration
	Printer  Printer // nil when the till has none

	Log     *slog.Logger
	Now     func() time.Time // our clock
	ID      func() string    // the part of an id that no other till can make
	Version string           // goes into the journal at start
}

// patience is how long a write to the journal may take.
const patience = 10 * time.Second

// Register is the till: it charges orders, follows every payment until PayPay
// has ended it, and writes each step down before it is taken and as soon as it
// is known. Its methods are safe for use by many goroutines at once. Those
// that take a context write to the journal or read from it; the others answer
// from memory at once.
type Register struct {
	gateway Gateway
	journal Journal
	opts    Options

	life    context.Context //nolint:containedctx // the watchers' life, ended by Close
	end     context.CancelFunc
	work    sync.WaitGroup
	changes chan struct{}

	// writing serialises what changes sales: read, decide, journal, publish.
	writing  sync.Mutex
	number   int64             // last receipt number given, or perhaps given
	orders   map[string]SaleID // orders charged by this process
	wishes   map[SaleID]wish
	fresh    map[string]bool // modifications that this process has written down and that have not left
	gone     atomic.Bool     // this PayPay says NOT_FOUND of a code that was deleted
	wakes    chan struct{}   // something is to be printed
	nudges   chan struct{}   // it is to be tried now
	written  bool            // something was written since the anchor was marked
	unfolded bool            // something was written since the log was folded in
	damaged  bool            // the journal's structure is broken: no reopening mends that

	// view guards what screens read. It is never held over I/O, so that a
	// slow disk cannot stop the screen.
	view     sync.RWMutex
	sales    map[SaleID]Sale // every pending sale
	parked   []ParkedOrder   // the one parked first in front
	gaps     []Gap           // of which the journal has lost the entries, the oldest first
	prints   []job           // what is to be printed, the one asked for first in front
	contacts map[string]Contact
	pokes    map[string]chan struct{} // by attempt, while it is watched
	last     Contact
	trouble  error
	troubled time.Time // since when
	cramped  bool      // the disk is nearly full
	closed   bool
}

// Open takes up the till's work where the journal leaves it: every sale that
// was not settled is watched again. Close must be called in the end.
func Open(ctx context.Context, g Gateway, j Journal, o Options) (*Register, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.ID == nil {
		o.ID = func() string { return strings.ToLower(rand.Text()[:12]) }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	r := &Register{
		gateway: g, journal: j, opts: o, life: life, end: end,
		changes: make(chan struct{}, 1), wakes: make(chan struct{}, 1), nudges: make(chan struct{}, 1),
		orders: map[string]SaleID{}, wishes: map[SaleID]wish{}, fresh: map[string]bool{},
		sales: map[SaleID]Sale{}, contacts: map[string]Contact{}, pokes: map[string]chan struct{}{},
	}
	err := r.load(ctx)
	if err == nil {
		err = r.notice(ctx)
	}
	if err == nil {
		err = r.note(ctx, Started, o.Version)
	}
	if err != nil {
		end()
		return nil, fmt.Errorf("taking up the till's work: %w", err)
	}
	r.resume()
	r.work.Go(r.keep)
	r.work.Go(r.review)
	if o.Printer != nil {
		r.work.Go(r.printAll)
	}
	return r, nil
}

// Close stops watching, which loses nothing: the next Open takes it up again.
func (r *Register) Close() error {
	r.writing.Lock() // nothing begins to be watched any more
	r.view.Lock()
	was := r.closed
	r.closed = true
	r.view.Unlock()
	r.writing.Unlock()
	if was {
		return nil
	}
	r.end()
	r.work.Wait()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.life), patience)
	defer cancel()
	r.writing.Lock()
	defer r.writing.Unlock()
	return r.note(ctx, Stopped, "")
}

// load reads every pending sale from the journal.
func (r *Register) load(ctx context.Context) error {
	number, err := r.journal.LastNumber(ctx)
	if err != nil {
		return err
	}
	entries, err := r.journal.Pending(ctx)
	if err != nil {
		return err
	}
	parked, err := r.loadParked(ctx)
	if err != nil {
		return err
	}
	prints, err := r.loadPrints(ctx)
	if err != nil {
		return err
	}
	gaps, err := r.loadGaps(ctx)
	if err != nil {
		return err
	}
	sales := map[SaleID]Sale{}
	for len(entries) > 0 {
		end := slices.IndexFunc(entries, func(e store.Entry) bool { return e.Sale != entries[0].Sale })
		if end < 0 {
			end = len(entries)
		}
		s, err := Replay(entries[:end])
		if err != nil {
			return err
		}
		sales[s.ID] = s
		entries = entries[end:]
	}
	for _, s := range sales { // a charge that came to light only now is not charged again
		r.orders[s.Order.ID] = s.ID
	}
	r.view.Lock()
	r.sales, r.parked, r.prints, r.gaps = sales, parked, prints, gaps
	r.view.Unlock()
	r.number = max(number, r.gap().Number)
	return nil
}

func (r *Register) replay(ctx context.Context, id SaleID) (Sale, error) {
	entries, err := r.journal.Entries(ctx, string(id))
	if err != nil {
		return Sale{}, err
	}
	if len(entries) == 0 {
		return Sale{}, fmt.Errorf("sale %s: %w", id, ErrNoSale)
	}
	return Replay(entries)
}

// Replay is the sale that its journal entries make.
func Replay(entries []store.Entry) (Sale, error) {
	var s Sale
	for _, n := range entries {
		e, err := eventOf(n)
		if err != nil {
			return Sale{}, err
		}
		if s, err = s.Apply(e); err != nil {
			return Sale{}, fmt.Errorf("journal entry %d: %w", n.Seq, err)
		}
	}
	return s, nil
}
