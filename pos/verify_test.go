package pos_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"example.jp/reji/pos"
	"example.jp/reji/store"
)

// changedBooks are books whose rows beside the sales can be changed.
type changedBooks struct {
	*store.DB
	parked func([]store.Parked) []store.Parked
	prints func([]store.Print) []store.Print
	gaps   func([]store.Gap) []store.Gap
}

func (b changedBooks) Parked(ctx context.Context) ([]store.Parked, error) {
	all, err := b.DB.Parked(ctx)
	if b.parked != nil {
		all = b.parked(all)
	}
	return all, err
}

func (b changedBooks) Prints(ctx context.Context) ([]store.Print, error) {
	all, err := b.DB.Prints(ctx)
	if b.prints != nil {
		all = b.prints(all)
	}
	return all, err
}

func (b changedBooks) Gaps(ctx context.Context) ([]store.Gap, error) {
	all, err := b.DB.Gaps(ctx)
	if b.gaps != nil {
		all = b.gaps(all)
	}
	return all, err
}

// What is parked, what is to be printed and what was lost is compared too.
func TestVerify_whatIsBesideTheSales(t *testing.T) {
	t.Parallel()
	withPrinter(t, func(r *rig, p *press, id pos.SaleID, receipt pos.Paper) {
		kept, charged := pos.NewOrder(line("001", 150, 2, pos.Reduced)), pos.NewOrder(line("002", 140, 1, pos.Reduced))
		gone := pos.NewOrder(line("003", 130, 1, pos.Reduced))
		for _, o := range []pos.Order{kept, charged, gone, kept} { // one of them twice
			r.must(r.Park(r.Context(), o, "傘"))
			r.tick(time.Second)
		}
		r.must(r.Discard(r.Context(), gone.ID))
		_, err := r.Charge(r.Context(), charged, pos.Terms{})
		r.must(err)
		r.must(r.Print(r.Context(), id, receipt))
		r.tick(time.Second)
		r.restore(r.backup())
		p.set(pos.ErrNotPrinted, false)
		receipt.Copy = 0
		r.must(r.Print(r.Context(), id, receipt))
		r.must(r.Account(r.Context(), r.Gaps()[0].To, "照合済み"))
		r.tick(time.Second)
		if _, err := pos.Verify(r.Context(), r.journal); err != nil {
			r.Fatalf("sound: %v", err)
		}
		for what, b := range map[string]changedBooks{
			"parked order " + kept.ID: {parked: func([]store.Parked) []store.Parked { return nil }},
			"parked order more": {parked: func(all []store.Parked) []store.Parked {
				return append(all, store.Parked{ID: "more", Open: true})
			}},
			"parked order " + kept.ID + ":": {parked: func(all []store.Parked) []store.Parked {
				all[0].Body = []byte(strings.Replace(string(all[0].Body), "150", "15", 1))
				return all
			}},
			"paper " + string(id) + "-p2": {prints: func([]store.Print) []store.Print { return nil }},
			"paper " + string(id) + "-p2:": {prints: func(all []store.Print) []store.Print {
				all[0].Body = []byte(strings.Replace(string(all[0].Body), "receipt", "slip", 1))
				return all
			}},
			"gap": {gaps: func([]store.Gap) []store.Gap { return nil }},
			"gap until": {gaps: func(all []store.Gap) []store.Gap {
				all[0].Open = true
				return all
			}},
		} {
			b.DB = r.journal
			if _, err := pos.Verify(r.Context(), b); err == nil || !strings.Contains(err.Error(), what) {
				r.Errorf("%s: %v", what, err)
			}
		}
	})
}
