package pos

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"example.jp/reji/paypay"
	"example.jp/reji/store"
)

// Gateway is what the register asks of PayPay. *paypay.Client satisfies it.
type Gateway interface {
	CreateCode(ctx context.Context, r paypay.CodeRequest) (paypay.Code, error)
	DeleteCode(ctx context.Context, codeID string) error
	CodePayment(ctx context.Context, merchantPaymentID string) (paypay.Payment, error)
	CancelPayment(ctx context.Context, merchantPaymentID string) error
	Skew() (time.Duration, bool)
}

// Journal is where the register writes everything down. *store.DB satisfies
// it.
type Journal interface {
	Append(ctx context.Context, c store.Change) (store.Entry, error)
	Reopen(ctx context.Context) error
	Entries(ctx context.Context, sale string) ([]store.Entry, error)
	Pending(ctx context.Context) ([]string, error)
	Sales(ctx context.Context, q store.Query) ([]store.Sale, error)
	LastNumber(ctx context.Context) (int64, error)

	Unclean() bool
	Check(ctx context.Context) error
	StillThere() error
	Checkpoint(ctx context.Context) error
	MarkAnchor(ctx context.Context) error
}

var (
	_ Gateway = (*paypay.Client)(nil)
	_ Journal = (*store.DB)(nil)
)

// Options are what a register has to know. All but Log, Now, ID and Version
// are needed.
type Options struct {
	Register string   // this till's id, 1 to 8 letters and digits
	Shop     string   // shown to the customer in the app
	StoreID  string   // for PayPay's reports; may be empty
	Calendar Calendar // decides the business day
	Poll     time.Duration

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
	writing sync.Mutex
	number  int64             // last receipt number given
	orders  map[string]SaleID // orders charged by this process
	wishes  map[SaleID]wish
	gone    bool // this PayPay says NOT_FOUND of a code that was deleted
	written bool // something was written since the journal was last tidied
	damaged bool // the journal's structure is broken: no reopening mends that

	// view guards what screens read. It is never held over I/O, so that a
	// slow disk cannot stop the screen.
	view     sync.RWMutex
	sales    map[SaleID]Sale // every pending sale
	contacts map[string]Contact
	pokes    map[string]chan struct{} // by attempt, while it is watched
	last     Contact
	trouble  error
	closed   bool
}

// wish is what a screen asked for that has to wait for PayPay. It is not
// journalled: after a restart nobody waits for it any more.
type wish struct {
	another bool // a new code as soon as the old one has ended
	first   bool // if the first code is lost before it was shown, ask for another at once
}

// Contact is how PayPay was last heard of, about one attempt or at all.
type Contact struct {
	AskedAt    time.Time // last call's end, by our clock; zero before the first
	AnsweredAt time.Time // last usable answer
	NextAt     time.Time // when PayPay is asked next; zero when it is not
	Problem    error     // why the last call gave no usable answer; nil when it did
}

// Snapshot is one sale as it stands.
type Snapshot struct {
	Sale    Sale
	Contact Contact // about its newest attempt
}

// Status is how the register as a whole is doing.
type Status struct {
	Contact   Contact       // about all attempts
	Skew      time.Duration // PayPay's clock minus ours
	SkewKnown bool
	Trouble   error    // why nothing can be sold; nil when it can
	Unsettled int      // sales that PayPay has not ended
	Attention []SaleID // sales that a person must look at, oldest first
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
		changes: make(chan struct{}, 1),
		orders:  map[string]SaleID{}, wishes: map[SaleID]wish{},
		sales: map[SaleID]Sale{}, contacts: map[string]Contact{}, pokes: map[string]chan struct{}{},
	}
	err := r.load(ctx)
	if err == nil {
		err = r.note(ctx, Started, o.Version)
	}
	if err != nil {
		end()
		return nil, fmt.Errorf("taking up the till's work: %w", err)
	}
	r.resume()
	r.work.Go(r.keep)
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
	ids, err := r.journal.Pending(ctx)
	if err != nil {
		return err
	}
	sales := map[SaleID]Sale{}
	for _, id := range ids {
		s, err := r.replay(ctx, SaleID(id))
		if err != nil {
			return err
		}
		sales[s.ID] = s
	}
	r.number = number
	for _, s := range sales { // a charge that came to light only now is not charged again
		r.orders[s.Order.ID] = s.ID
	}
	r.view.Lock()
	r.sales = sales
	r.view.Unlock()
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

// Charge makes a sale of an order and asks PayPay for a code. It returns as
// soon as the intent is durable; the code comes by Changes. The same order is
// charged once, however often this is called.
func (r *Register) Charge(ctx context.Context, o Order) (Sale, error) {
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
	r.writing.Lock()
	defer r.writing.Unlock()
	if id, charged := r.orders[o.ID]; charged {
		if s, ok := r.sale(id); ok {
			return s, nil
		}
		return r.replay(ctx, id)
	}
	if err := r.inPlace(); err != nil {
		return Sale{}, err
	}
	now := r.opts.Now()
	number := r.number + 1
	day := r.opts.Calendar.Day(now)
	id := SaleID(fmt.Sprintf("%s-%s-%06d-%s", r.opts.Register, strings.ReplaceAll(string(day), "-", ""), number, r.opts.ID()))
	e := Event{
		Kind: Charged, Sale: id, Attempt: string(id) + "-1", Actor: Cashier, At: now,
		Charge: &Charge{Number: number, Day: day, Order: o, Totals: totals},
	}
	e.Request = r.request(e.Attempt, number, totals.Total, now)
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

func (r *Register) request(id string, number int64, amount Yen, now time.Time) *paypay.CodeRequest {
	return &paypay.CodeRequest{
		MerchantPaymentID: id,
		Amount:            paypay.Yen(int64(amount)),
		OrderDescription:  strings.TrimSpace(fmt.Sprintf("%s #%d", Clean(r.opts.Shop, 200), number)),
		StoreID:           r.opts.StoreID,
		TerminalID:        r.opts.Register,
		RequestedAt:       now.Unix(),
	}
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
// customer was faster, the sale is paid and no code follows.
func (r *Register) NewCode(ctx context.Context, id SaleID) error {
	r.writing.Lock()
	defer r.writing.Unlock()
	s, err := r.current(ctx, id)
	if err != nil {
		return err
	}
	if _, paid := s.PaidBy(); paid {
		return ErrPaid
	}
	if !s.open() {
		if r.payable(s) {
			return fmt.Errorf("the old code may still be paid: %w", ErrUnsettled)
		}
		return r.recharge(ctx, s, Cashier)
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
	now := r.opts.Now()
	id := fmt.Sprintf("%s-%d", s.ID, len(s.Attempts)+1)
	e := Event{
		Kind: Recharged, Sale: s.ID, Attempt: id, Actor: actor, At: now,
		Request: r.request(id, s.Number, s.Totals.Total, now),
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

// current is the sale with an id, from memory or the journal. It is called
// with writing held.
func (r *Register) current(ctx context.Context, id SaleID) (Sale, error) {
	if s, ok := r.sale(id); ok {
		return s, nil
	}
	return r.replay(ctx, id)
}

// record applies an event, journals what is news, and publishes the sale. It
// is called with writing held. If it fails, the sale is as it was.
func (r *Register) record(ctx context.Context, s Sale, e Event) (Sale, error) {
	if err := r.able(); err != nil {
		return s, err
	}
	if e.At.IsZero() {
		e.At = r.opts.Now()
	}
	e.At = e.At.UTC().Truncate(time.Millisecond) // as the journal keeps it
	e.Skew, _ = r.gateway.Skew()
	next, err := s.Apply(e)
	if err != nil {
		return s, err
	}
	if same(s, next) {
		return s, nil
	}
	if err := r.append(ctx, e, &next); err != nil {
		return s, err
	}
	r.view.Lock()
	if next.Pending() {
		r.sales[next.ID] = next
	} else { // settled and left behind: the journal has it
		delete(r.sales, next.ID)
		delete(r.wishes, next.ID)
		for _, a := range next.Attempts {
			delete(r.contacts, a.ID)
		}
	}
	r.view.Unlock()
	r.changed()
	return next, nil
}

func same(a, b Sale) bool {
	return a.ID == b.ID && a.Left == b.Left && slices.Equal(a.Attempts, b.Attempts)
}

func (r *Register) append(ctx context.Context, e Event, s *Sale) error {
	entry, err := e.entry()
	if err != nil {
		return err
	}
	c := store.Change{Entry: entry}
	if s != nil {
		c.Sale, c.Attempts = rows(*s)
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
	return r.append(ctx, Event{Kind: k, Actor: Till, At: r.opts.Now().UTC().Truncate(time.Millisecond), Note: text}, nil)
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

// changed tells the screens to look again. One unread message is enough.
func (r *Register) changed() {
	select {
	case r.changes <- struct{}{}:
	default:
	}
}

// Changes has a message whenever something may have changed since the last one
// was taken. The journal is the truth: a message only says "look again".
func (r *Register) Changes() <-chan struct{} { return r.changes }

func (r *Register) sale(id SaleID) (Sale, bool) {
	r.view.RLock()
	defer r.view.RUnlock()
	s, ok := r.sales[id]
	return s, ok
}

// Sale is one pending sale as it stands, and false for a sale that is settled
// and left behind: History has those.
func (r *Register) Sale(id SaleID) (Snapshot, bool) {
	r.view.RLock()
	defer r.view.RUnlock()
	s, ok := r.sales[id]
	return Snapshot{Sale: s, Contact: r.contacts[s.Last().ID]}, ok
}

// Unfinished is the newest sale that the cashier has not turned away from,
// and false when there is none: what a till that starts again has to show
// first.
func (r *Register) Unfinished() (SaleID, bool) {
	r.view.RLock()
	defer r.view.RUnlock()
	var newest Sale
	for _, s := range r.sales {
		if !s.Left && s.Number > newest.Number {
			newest = s
		}
	}
	return newest.ID, newest.ID != ""
}

// Unsettled are the sales that PayPay has not ended, oldest first.
func (r *Register) Unsettled() []Snapshot {
	r.view.RLock()
	defer r.view.RUnlock()
	var open []Snapshot
	for _, s := range r.sales {
		if s.open() {
			open = append(open, Snapshot{Sale: s, Contact: r.contacts[s.Last().ID]})
		}
	}
	slices.SortFunc(open, func(a, b Snapshot) int { return byNumber(a.Sale, b.Sale) })
	return open
}

// Status is how the register is doing.
func (r *Register) Status() Status {
	var st Status
	st.Skew, st.SkewKnown = r.gateway.Skew()
	r.view.RLock()
	defer r.view.RUnlock()
	st.Contact, st.Trouble = r.last, r.trouble
	var late []Sale
	for _, s := range r.sales {
		if s.open() {
			st.Unsettled++
		}
		if s.Standing() == LatePaid && !s.Left {
			late = append(late, s)
		}
	}
	slices.SortFunc(late, byNumber)
	for _, s := range late {
		st.Attention = append(st.Attention, s.ID)
	}
	return st
}

func byNumber(a, b Sale) int { return cmp.Compare(a.Number, b.Number) }

// Day is the business day of this moment.
func (r *Register) Day() Day { return r.opts.Calendar.Day(r.opts.Now()) }
