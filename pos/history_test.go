package pos_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"example.jp/reji/pos"
	"example.jp/reji/store"
)

// The list has the goods by both names, and each finds the sale.
func TestList_goodsInBothLanguages(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		for _, lines := range [][]pos.Line{
			{{Name: "カフェラテ", NameEn: "Latte", Unit: 480, Quantity: 2, Rate: pos.Reduced}, {Name: "どら焼き", Unit: 200, Quantity: 1, Rate: pos.Reduced}},
			{{Name: "大福", Unit: 220, Quantity: 1, Rate: pos.Reduced}},
		} {
			s, err := r.Charge(r.Context(), pos.NewOrder(lines...), pos.Terms{})
			r.must(err)
			r.tick(time.Second)
			r.must(r.sim.Pay(r.sale(s.ID).Last().CodeID))
			r.tick(time.Minute)
		}
		for search, want := range map[string]pos.Listed{
			"latte": {Goods: "カフェラテ x2, どら焼き", GoodsEn: "Latte x2, どら焼き"},
			"カフェラテ": {Goods: "カフェラテ x2, どら焼き", GoodsEn: "Latte x2, どら焼き"},
			"大福":    {Goods: "大福"},
		} {
			got, err := r.List(r.Context(), pos.ListQuery{Search: search})
			if err != nil || len(got) != 1 || got[0].Goods != want.Goods || got[0].GoodsEn != want.GoodsEn {
				r.Errorf("searching %s found %+v, %v", search, got, err)
			}
		}
	})
}

// olderBooks are books with rows from before the goods had their English names
// in the list, with something put behind them.
type olderBooks struct {
	*store.DB
	behind string
}

func (b olderBooks) Sale(ctx context.Context, id string) (store.Sale, []store.Attempt, bool, error) {
	s, attempts, ok, err := b.DB.Sale(ctx, id)
	s.Search = strings.Replace(s.Search, "\tLatte", "", 1) + b.behind
	return s, attempts, ok, err
}

func TestVerify_rowsWithoutEnglishGoods(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		_, err := r.Charge(r.Context(), pos.NewOrder(pos.Line{Name: "カフェラテ", NameEn: "Latte", Unit: 480, Quantity: 1, Rate: pos.Reduced}), pos.Terms{})
		r.must(err)
		r.tick(time.Second)
		if n, err := pos.Verify(r.Context(), olderBooks{DB: r.journal}); n != 1 || err != nil {
			r.Errorf("%d sales, %v", n, err)
		}
		if _, err := pos.Verify(r.Context(), olderBooks{DB: r.journal, behind: "x"}); err == nil {
			r.Error("what an entry does not make is accepted")
		}
	})
}
