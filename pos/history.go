package pos

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.jp/reji/store"
)

// Listed is one sale in a list.
type Listed struct {
	ID        SaleID
	Number    int64
	Day       Day
	Standing  Standing
	Total     Yen
	OpenedAt  time.Time
	PaymentID string // PayPay's payment number; empty before payment
	Goods     string // what was sold, for one line of text
}

// ListQuery selects sales. Zero fields select everything.
type ListQuery struct {
	Day      Day
	Standing []Standing // any of these
	Search   string     // every word must occur in number, ids, amount or goods
	Before   int64      // only receipt numbers below this one
	Limit    int        // at most so many; 0 means 200
}

// List is the sales that a query selects, newest first.
func (r *Register) List(ctx context.Context, q ListQuery) ([]Listed, error) {
	sq := store.Query{Day: string(q.Day), Search: FoldDigits(q.Search), Before: q.Before, Limit: q.Limit}
	for _, s := range q.Standing {
		sq.States = append(sq.States, string(s))
	}
	found, err := r.journal.Sales(ctx, sq)
	if err != nil {
		return nil, fmt.Errorf("listing sales: %w", err)
	}
	list := make([]Listed, 0, len(found))
	for _, s := range found {
		goods, _, _ := strings.Cut(s.Search, "\n")
		list = append(list, Listed{
			ID: SaleID(s.ID), Number: s.Number, Day: Day(s.Day), Standing: Standing(s.State), Total: Yen(s.Total),
			OpenedAt: s.OpenedAt, PaymentID: s.Payment, Goods: goods,
		})
	}
	return list, nil
}

// Recorded is an event with its place in the journal.
type Recorded struct {
	Seq int64
	Event
}

// History is a sale as the journal has it, settled or not, with every event
// that made it, in order.
func (r *Register) History(ctx context.Context, id SaleID) (Sale, []Recorded, error) {
	entries, err := r.journal.Entries(ctx, string(id))
	if err != nil {
		return Sale{}, nil, fmt.Errorf("sale %s: %w", id, err)
	}
	if len(entries) == 0 {
		return Sale{}, nil, fmt.Errorf("sale %s: %w", id, ErrNoSale)
	}
	events := make([]Recorded, 0, len(entries))
	for _, n := range entries {
		e, err := eventOf(n)
		if err != nil {
			return Sale{}, nil, err
		}
		events = append(events, Recorded{Seq: n.Seq, Event: e})
	}
	s, err := Replay(entries)
	return s, events, err
}

// Goods is what was sold, in one line of text.
func (o Order) Goods() string {
	var names []string
	for _, l := range o.Lines {
		name := l.Name
		if name == "" {
			name = "¥" + l.Unit.String()
		}
		if l.Quantity > 1 {
			name += " x" + strconv.FormatInt(l.Quantity, 10)
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

// rows are the current-state rows of a sale, as the journal keeps them beside
// the entries.
func rows(s Sale) (*store.Sale, []store.Attempt) {
	row := &store.Sale{
		ID: string(s.ID), Number: s.Number, Day: string(s.Day), State: string(s.Standing()),
		Total: int64(s.Totals.Total), OpenedAt: s.OpenedAt, Pending: s.Pending(),
	}
	// The first line is what lists show; the rest is there to be found.
	words := []string{s.Order.Goods(), strconv.FormatInt(s.Number, 10), strconv.FormatInt(int64(s.Totals.Total), 10), s.Totals.Total.String()}
	attempts := make([]store.Attempt, 0, len(s.Attempts))
	for _, a := range s.Attempts {
		if a.brought() || row.Payment == "" {
			row.Payment = a.PaymentID
		}
		words = append(words, a.ID, a.PaymentID)
		for _, m := range a.Modifications {
			words = append(words, m.ID)
		}
		attempts = append(attempts, store.Attempt{
			ID: a.ID, Sale: string(s.ID), Number: a.Number, State: string(a.State), Amount: int64(a.Amount),
			Open: a.State.Open(), Code: a.CodeID, Payment: a.PaymentID,
		})
	}
	for _, l := range s.Order.Lines {
		words = append(words, l.NameEn)
	}
	row.Search = strings.Join(words, "\n")
	return row, attempts
}

// Books is what Verify compares: the journal's entries, and its current state.
// *store.DB satisfies it.
type Books interface {
	All(ctx context.Context, after int64) iter.Seq2[store.Entry, error]
	Entries(ctx context.Context, sale string) ([]store.Entry, error)
	Sale(ctx context.Context, id string) (store.Sale, []store.Attempt, bool, error)
	Movements(ctx context.Context, sale string) ([]store.Movement, error)
}

// replayed is a sale as its entries tell it.
type replayed struct {
	sale  Sale
	money []store.Movement
}

func (t *replayed) add(n store.Entry) error {
	e, err := eventOf(n)
	if err != nil {
		return err
	}
	next, err := t.sale.Apply(e)
	if err != nil {
		return fmt.Errorf("journal entry %d: %w", n.Seq, err)
	}
	if m := moved(t.sale, next, e); m != nil {
		m.Seq = n.Seq
		t.money = append(t.money, *m)
	}
	t.sale = next
	return nil
}

// Verify replays every entry of a journal and compares what comes out with the
// current state that screens show, and with the money that reports add up. It
// returns how many sales it compared, and an error that names the first sale
// that differs. Sales may go on meanwhile.
func Verify(ctx context.Context, b Books) (int, error) {
	// Replaying sale by sale would be a query each; in journal order, all sales
	// are kept at once.
	sales := map[SaleID]*replayed{}
	for n, err := range b.All(ctx, 0) {
		if err != nil {
			return 0, err
		}
		if n.Sale == "" {
			continue
		}
		t := sales[SaleID(n.Sale)]
		if t == nil {
			t = &replayed{}
			sales[SaleID(n.Sale)] = t
		}
		if err := t.add(n); err != nil {
			return 0, err
		}
	}
	for id, t := range sales {
		for again := range rereads + 1 {
			same, err := t.compare(ctx, b)
			if err != nil {
				return 0, err
			}
			if same == nil {
				break
			}
			if again == rereads {
				return 0, same
			}
			// Perhaps the sale has gone on since its entries were read.
			if *t, err = reread(ctx, b, id); err != nil {
				return 0, err
			}
		}
	}
	return len(sales), nil
}

// rereads is how often a sale that differs is read again before it is called
// wrong: it may have changed while it was compared.
const rereads = 3

func reread(ctx context.Context, b Books, id SaleID) (replayed, error) {
	entries, err := b.Entries(ctx, string(id))
	if err != nil {
		return replayed{}, err
	}
	var t replayed
	for _, n := range entries {
		if err := t.add(n); err != nil {
			return replayed{}, err
		}
	}
	return t, nil
}

// compare says how the sale's current state differs from what its entries
// make; nil when it does not.
func (t *replayed) compare(ctx context.Context, b Books) (differs, err error) {
	id := t.sale.ID
	row, attempts, ok, err := b.Sale(ctx, string(id))
	if err != nil {
		return nil, err
	}
	moves, err := b.Movements(ctx, string(id))
	if err != nil {
		return nil, err
	}
	want, wantAttempts := rows(t.sale)
	if !ok || row != *want || len(attempts) != len(wantAttempts) {
		return fmt.Errorf("sale %s: its current state is not what its entries make", id), nil
	}
	for i := range attempts {
		if attempts[i] != wantAttempts[i] {
			return fmt.Errorf("attempt %s: its current state is not what its entries make", wantAttempts[i].ID), nil
		}
	}
	if !slices.Equal(moves, t.money) {
		return fmt.Errorf("sale %s: the money that moved is not what its entries make", id), nil
	}
	return nil, nil //nolint:nilnil // it does not differ
}
