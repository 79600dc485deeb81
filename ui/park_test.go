package ui

import (
	"fmt"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/google/go-cmp/cmp"

	"example.jp/reji/pos"
)

func TestPark_oneKeyAsideTwoKeysBack(t *testing.T) {
	t.Parallel()
	f := charging()
	inTill(t, "ja", f, func(l *testTill) {
		l.types("001 enter 7 f4")
		l.sees(fmt.Sprintf(parkJa().Named, "1", "7"))
		l.sees("F5 呼び出し (1)")
		if len(lines(l)) != 0 || len(f.parked) != 1 || f.parked[0].Name != "7" {
			l.Fatalf("order %v, parked %+v", lines(l), f.parked)
		}
		id := f.parked[0].Order.ID
		l.types("480 enter f5")
		l.sees(parkJa().First)
		l.types("f4 f5 1")
		if diff := cmp.Diff([]pos.Line{salmon(1)}, lines(l)); diff != "" || l.order().ID != id {
			l.Errorf("order %s (-want +got):\n%s", l.order().ID, diff)
		}
		l.sees("[" + parkJa().Mark + " 7]")
		l.types("f5 2")
		if diff := cmp.Diff([]pos.Line{price(480, pos.Standard)}, lines(l)); diff != "" {
			l.Errorf("order (-want +got):\n%s", diff)
		}
		l.types("q wait y")
		if len(f.parked) != 1 || len(lines(l)) != 0 {
			l.Errorf("given up, but %d are parked", len(f.parked))
		}
	})
}

// What may have been charged in a gap is recalled with a word of that, until a
// person has accounted for the gap.
func TestPark_perhapsChargedInAGap(t *testing.T) {
	t.Parallel()
	done := lostGap
	done.Open = false
	for _, language := range []string{"ja", "en"} {
		w := map[string]parkWords{"ja": parkJa(), "en": parkEn()}[language]
		for _, c := range []struct {
			gap  pos.Gap
			at   time.Time
			want string
		}{
			{lostGap, lostGap.To.Add(-time.Hour), w.Doubtful},
			{lostGap, lostGap.To.Add(time.Minute), w.Recalled},
			{done, lostGap.To.Add(-time.Hour), w.Recalled},
		} {
			f := charging()
			f.gaps = []pos.Gap{c.gap}
			f.parked = []pos.ParkedOrder{{Order: pos.NewOrder(salmon(1)), No: 1, At: c.at}}
			inTill(t, language, f, func(l *testTill) {
				l.send(tea.WindowSizeMsg{Width: 60, Height: 20})
				l.types("f5 1")
				l.sees(fmt.Sprintf(c.want, c.at.In(tokyo).Format("15:04")))
			})
		}
	}
}

func TestPark_refusals(t *testing.T) {
	t.Parallel()
	inTill(t, "ja", &fake{}, func(l *testTill) {
		l.types("f4")
		l.sees(saleJa().EmptyOrder)
		l.types("f5")
		l.sees(parkJa().None)
		l.fake.park = func(pos.Order, string) error { return fmt.Errorf("100 wait: %w", pos.ErrTooManyParked) }
		l.types("001 enter f4")
		l.sees(parkJa().Full)
		if len(lines(l)) != 1 {
			l.Error("the order is gone")
		}
	})
}

// A second press gives the order that was parked a name, and nothing else.
func TestPark_againNamesIt(t *testing.T) {
	t.Parallel()
	f := charging()
	inTill(t, "en", f, func(l *testTill) {
		l.types("001 enter f4 016 enter f4 f4")
		l.sees("Name of 2 > ")
		l.types("redhat enter")
		l.sees("Parked as 2: redhat. F5 recalls it.")
		if len(f.parked) != 2 || f.parked[0].Name != "" || f.parked[1].Name != "redhat" {
			l.Fatalf("parked %+v", f.parked)
		}
		l.types("f5")
		l.sees("redhat")
		l.types("2")
		l.sees("[from parked redhat]")
		l.types("f4") // it keeps its name
		if f.parked[1].Name != "redhat" || f.parked[1].Order.Lines[0].Code != "016" {
			l.Errorf("parked %+v", f.parked)
		}
		l.types("f5 1 f4 f5 esc f4")
		l.sees("Name of 1 > ")
		l.types("esc f5 1 q wait y f4")
		l.sees(saleEn().EmptyOrder) // what was given up has no name any more
	})
}

// The number that a cashier has called is the order's own, whatever else is
// parked and taken up.
func TestPark_keepsItsNumber(t *testing.T) {
	t.Parallel()
	inTill(t, "ja", charging(), func(l *testTill) {
		l.types("101 enter f4 102 enter f4 103 enter f4 f5 1 f4")
		l.sees("1番に保留しました")
		l.types("f5 2 q wait y f5")
		l.sees("  3  12:00")
		l.types("2")
		l.sees(parkJa().Text)
		l.types("3")
		if diff := cmp.Diff([]pos.Line{price(103, pos.Standard)}, lines(l)); diff != "" {
			l.Errorf("order (-want +got):\n%s", diff)
		}
		l.types("f4 104 enter f4")
		l.sees("2番に保留しました")
	})
}

// There may be more than there are digits: they are scrolled to.
func TestPark_many(t *testing.T) {
	t.Parallel()
	f := charging()
	inTill(t, "ja", f, func(l *testTill) {
		for i := range 25 {
			l.types(fmt.Sprintf("%d enter f4", 100+i))
		}
		l.types("f5")
		l.sees("¥100")
		l.types("end")
		l.sees("¥124")
		l.types("up enter")
		if diff := cmp.Diff([]pos.Line{price(123, pos.Standard)}, lines(l)); diff != "" {
			l.Errorf("order (-want +got):\n%s", diff)
		}
		l.types("f4 f5 9")
		if diff := cmp.Diff([]pos.Line{price(108, pos.Standard)}, lines(l)); diff != "" {
			l.Errorf("order (-want +got):\n%s", diff)
		}
	})
}

func TestPark_noScanRecalls(t *testing.T) {
	t.Parallel()
	for _, gap := range []time.Duration{0, 10 * time.Millisecond, 45 * time.Millisecond} {
		inTill(t, "ja", &fake{}, func(l *testTill) {
			l.types("001 enter f4 f5")
			l.burst("1111111111116", gap)
			if len(lines(l)) > 0 || l.saleScreen().waiting == nil {
				l.Errorf("%v: order %v", gap, lines(l))
			}
		})
	}
}

func TestPark_golden(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ja", "en"} {
		inTill(t, lang, &fake{}, func(l *testTill) {
			for range 8 {
				l.types("001 enter f4")
			}
			l.types("2* 016 enter 12 f4 040 enter 001 enter 480 enter f4 f4 redhat enter f5 down")
			for _, size := range sizes {
				l.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
				golden(t, sized("Entry/parked", size, lang), size[0], size[1], l.View())
			}
		})
	}
}
