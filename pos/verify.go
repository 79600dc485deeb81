package pos

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"example.jp/reji/store"
)

// Books is what Verify compares: the journal's entries, and its current state.
// *store.DB satisfies it.
type Books interface {
	All(ctx context.Context, after int64) iter.Seq2[store.Entry, error]
	Entries(ctx context.Context, sale string) ([]store.Entry, error)
	Sale(ctx context.Context, id string) (store.Sale, []store.Attempt, bool, error)
	Movements(ctx context.Context, sale string) ([]store.Movement, error)
	Parked(ctx context.Context) ([]store.Parked, error)
	Prints(ctx context.Context) ([]store.Print, error)
	Gaps(ctx context.Context) ([]store.Gap, error)
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
// current state that screens show: sales, the money that reports add up, what
// is parked, what is to be printed, and what was lost. It returns how many sales
// it compared, and an error that names the first thing that differs. Sales may
// go on meanwhile.
func Verify(ctx context.Context, b Books) (int, error) {
	// Replaying sale by sale would be a query each; in journal order, all sales
	// are kept at once.
	sales := map[SaleID]*replayed{}
	shelf := newShelf()
	for n, err := range b.All(ctx, 0) {
		if err != nil {
			return 0, err
		}
		if err := shelf.add(n); err != nil {
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
	return len(sales), shelf.verify(ctx, b)
}

// rereads is how often what differs is read again before it is called wrong: it
// may have changed while it was compared.
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
	if row.Search == withoutEnglish(want.Search) {
		want.Search = row.Search
	}
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

// shelf is what the till keeps beside its sales, as the entries tell it: by id,
// each row that is open, and by its end each gap.
type shelf struct {
	seq    int64 // of the last entry
	parked map[string]store.Parked
	prints map[string]store.Print
	gaps   map[time.Time]store.Gap
}

func newShelf() *shelf {
	return &shelf{parked: map[string]store.Parked{}, prints: map[string]store.Print{}, gaps: map[time.Time]store.Gap{}}
}

func (h *shelf) add(n store.Entry) error {
	h.seq = n.Seq
	e, err := eventOf(n)
	if err != nil {
		return err
	}
	switch {
	case e.Kind == Parked && e.Parked != nil:
		row, err := e.Parked.row(true)
		if err != nil {
			return err
		}
		h.parked[row.ID] = *row
	case e.Kind == Discarded && e.Parked != nil:
		delete(h.parked, e.Parked.Order.ID)
	case e.Kind == Charged && e.Charge != nil:
		delete(h.parked, e.Charge.Order.ID)
	case e.Kind == PrintAsked && e.Print != nil:
		row, err := e.Print.row(e.Sale, e.At)
		if err != nil {
			return err
		}
		h.prints[row.ID] = *row
	case (e.Kind == Printed || e.Kind == PrintDropped) && e.Print != nil:
		delete(h.prints, e.Print.ID)
	case e.Gap != nil:
		h.gaps[e.Gap.To] = *e.Gap.row()
	}
	return nil
}

// verify compares the shelf with the rows.
func (h *shelf) verify(ctx context.Context, b Books) error {
	for again := range rereads + 1 {
		differs, err := h.compare(ctx, b)
		if err != nil || differs == nil {
			return err
		}
		if again == rereads {
			return differs
		}
		for n, err := range b.All(ctx, h.seq) { // what has been written since
			if err != nil {
				return err
			}
			if err := h.add(n); err != nil {
				return err
			}
		}
	}
	return nil
}

// compare says how the rows differ from what the entries make; nil when they do
// not.
func (h *shelf) compare(ctx context.Context, b Books) (differs, err error) {
	parked, err := b.Parked(ctx)
	if err != nil {
		return nil, err
	}
	prints, err := b.Prints(ctx)
	if err != nil {
		return nil, err
	}
	gaps, err := b.Gaps(ctx)
	if err != nil {
		return nil, err
	}
	wrong := func(what, id string) error { return fmt.Errorf("%s %s: it is not what the entries make", what, id) }
	want := maps.Clone(h.parked)
	for _, p := range parked {
		w, ok := want[p.ID]
		if !ok || !w.At.Equal(p.At) || w.Name != p.Name || !sameJSON[Order](w.Body, p.Body) {
			return wrong("parked order", p.ID), nil
		}
		delete(want, p.ID)
	}
	for id := range want {
		return wrong("parked order", id), nil
	}
	wanted := maps.Clone(h.prints)
	for _, p := range prints {
		w, ok := wanted[p.ID]
		if !ok || !w.At.Equal(p.At) || w.Sale != p.Sale || !sameJSON[Print](w.Body, p.Body) {
			return wrong("paper", p.ID), nil
		}
		delete(wanted, p.ID)
	}
	for id := range wanted {
		return wrong("paper", id), nil
	}
	for _, g := range gaps {
		if h.gaps[g.To] != g {
			return wrong("gap until", g.To.Format(time.RFC3339)), nil
		}
	}
	if len(gaps) != len(h.gaps) {
		return wrong("gap", "list"), nil
	}
	return nil, nil //nolint:nilnil // they do not differ
}

// sameJSON reports whether two texts are the same value to this program, which
// may know more fields than the one that wrote them.
func sameJSON[T any](a, b json.RawMessage) bool {
	var one, two T
	if json.Unmarshal(a, &one) != nil || json.Unmarshal(b, &two) != nil {
		return false
	}
	x, errX := json.Marshal(one)
	y, errY := json.Marshal(two)
	return errX == nil && errY == nil && slices.Equal(x, y)
}
