package pos

import (
	"cmp"
	"context"
	"fmt"
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
	Total     Yen // what was taken, and before that what the order comes to
	OpenedAt  time.Time
	PaymentID string // PayPay's payment number; empty before payment
	Goods     string // what was sold, for one line of text
	GoodsEn   string // the same in English; empty where no item has an English name
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
		first, _, _ := strings.Cut(s.Search, "\n")
		goods, english, _ := strings.Cut(first, inEnglish)
		list = append(list, Listed{
			ID: SaleID(s.ID), Number: s.Number, Day: Day(s.Day), Standing: Standing(s.State), Total: Yen(s.Total),
			OpenedAt: s.OpenedAt, PaymentID: s.Payment, Goods: goods, GoodsEn: english,
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
	events, err := Events(entries)
	if err != nil {
		return Sale{}, nil, err
	}
	s, err := Replay(entries)
	return s, events, err
}

// Events are what entries of the journal say.
func Events(entries []store.Entry) ([]Recorded, error) {
	events := make([]Recorded, 0, len(entries))
	for _, n := range entries {
		e, err := eventOf(n)
		if err != nil {
			return nil, err
		}
		events = append(events, Recorded{Seq: n.Seq, Event: e})
	}
	return events, nil
}

// Charges is where Seller looks. *store.DB satisfies it.
type Charges interface {
	Sales(ctx context.Context, q store.Query) ([]store.Sale, error)
	Entries(ctx context.Context, sale string) ([]store.Entry, error)
}

// Seller is the till whose journal it is, by the newest sale: what PayPay was told
// as its terminal and its shop. Both are empty where nothing was sold.
func Seller(ctx context.Context, j Charges) (register, storeID string, err error) {
	newest, err := j.Sales(ctx, store.Query{Limit: 1})
	if err != nil || len(newest) == 0 {
		return "", "", err
	}
	entries, err := j.Entries(ctx, newest[0].ID)
	if err != nil {
		return "", "", err
	}
	events, err := Events(entries)
	if err != nil {
		return "", "", err
	}
	for _, e := range events {
		if e.Request != nil {
			register, storeID = e.Request.TerminalID, e.Request.StoreID
		}
	}
	return register, storeID, nil
}

// Goods is what was sold, in one line of text, without what was taken back.
func (o Order) Goods() string { return o.goods(func(l Line) string { return l.Name }) }

// GoodsEn is Goods with English names where items have them, and empty where
// none has.
func (o Order) GoodsEn() string {
	if !slices.ContainsFunc(o.Sold(), func(l Line) bool { return l.NameEn != "" }) {
		return ""
	}
	return o.goods(func(l Line) string { return cmp.Or(l.NameEn, l.Name) })
}

func (o Order) goods(called func(Line) string) string {
	var names []string
	for _, l := range o.Sold() {
		name := called(l)
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

// inEnglish stands before the goods in English, in the line that lists show. No
// clean text has it.
const inEnglish = "\t"

// withoutEnglish is what there is to search by without the goods in English:
// the rows of the first sales were kept so.
func withoutEnglish(search string) string {
	first, rest, _ := strings.Cut(search, "\n")
	goods, _, _ := strings.Cut(first, inEnglish)
	return goods + "\n" + rest
}

// rows are the current-state rows of a sale, as the journal keeps them beside
// the entries.
func rows(s Sale) (*store.Sale, []store.Attempt) {
	row := &store.Sale{
		ID: string(s.ID), Number: s.Number, Day: string(s.Day), State: string(s.Standing()),
		Total: int64(s.Amount()), OpenedAt: s.OpenedAt, Pending: s.Pending(),
	}
	// The first line is what lists show; the rest is there to be found.
	goods := s.Order.Goods()
	if english := s.Order.GoodsEn(); english != "" {
		goods += inEnglish + english
	}
	words := []string{goods, strconv.FormatInt(s.Number, 10)}
	for _, y := range slices.Compact([]Yen{s.Totals.Total, s.Amount()}) {
		words = append(words, strconv.FormatInt(int64(y), 10), y.String())
	}
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
