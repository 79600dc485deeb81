package pos_test

import (
	"errors"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"example.jp/reji/pos"
)

func TestOrder_setIsCheaperByItsPart(t *testing.T) {
	t.Parallel()
	bento, tea, beer := line("034", 680, 1, pos.Reduced), line("003", 160, 2, pos.Reduced), line("015", 245, 1, pos.Standard)
	o, i, err := pos.NewOrder(bento).AddSet("Aセット", 100, 1, bento, tea, beer)
	if err != nil || i != 3 {
		t.Fatalf("line %d, %v", i, err)
	}
	off := func(l pos.Line, y pos.Yen) pos.Line {
		l.Off = pos.Discount{Yen: y, Why: "Aセット"}
		l.Part = pos.Part{Set: 1, Name: "Aセット", Off: 100, Lines: 3, Pieces: l.Quantity}
		return l
	}
	// Of 100 yen: 54.6, 25.7 and 19.7.
	want := []pos.Line{bento, off(bento, 54), off(tea, 26), off(beer, 20)}
	if d := cmp.Diff(want, o.Lines); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	o, _, err = o.AddSet("", 0, 1, bento, tea)
	if want := append(want, tea); err != nil || o.Lines[0].Quantity != 2 || len(o.Lines) != len(want) {
		t.Errorf("without anything off: %+v, %v", o.Lines, err)
	}
}

func TestOrder_setRefuses(t *testing.T) {
	t.Parallel()
	tea := line("003", 160, 1, pos.Reduced)
	full := pos.NewOrder()
	for range pos.MaxLines - 1 {
		full.Lines = append(full.Lines, line("", 1, 1, pos.Standard))
	}
	for name, c := range map[string]struct {
		order pos.Order
		off   pos.Yen
		lines []pos.Line
		want  error
	}{
		"more off than it costs": {pos.NewOrder(), 321, []pos.Line{tea, tea}, pos.ErrDiscount},
		"less than nothing off":  {pos.NewOrder(), -1, []pos.Line{tea}, pos.ErrDiscount},
		"a department":           {pos.NewOrder(), 1, []pos.Line{tea, line("091", 0, 1, pos.Reduced)}, pos.ErrAmount},
		"nothing":                {pos.NewOrder(), 1, nil, pos.ErrDiscount},
		"no room":                {full, 1, []pos.Line{tea, tea}, pos.ErrTooManyLines},
		"no room, nothing off":   {full, 0, []pos.Line{tea, line("034", 680, 1, pos.Reduced)}, pos.ErrTooManyLines},
	} {
		got, _, err := c.order.AddSet("set", c.off, 1, c.lines...)
		if !errors.Is(err, c.want) || len(got.Lines) != len(c.order.Lines) {
			t.Errorf("%s: %d lines, %v, want %v", name, len(got.Lines), err, c.want)
		}
	}
}

// A set costs exactly what its goods cost, less what is taken off, and no line
// bears more than a yen from its share.
func TestOrder_setAlwaysAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var whole pos.Yen
		lines := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) pos.Line {
			return line("x", pos.Yen(rapid.Int64Range(1, 99_999).Draw(t, "unit")), rapid.Int64Range(1, 9).Draw(t, "n"), rapid.SampledFrom(pos.Rates()).Draw(t, "rate"))
		}), 1, 8).Draw(t, "lines")
		for _, l := range lines {
			whole += l.Unit * pos.Yen(l.Quantity)
		}
		off := pos.Yen(rapid.Int64Range(1, int64(whole)).Draw(t, "off"))
		o, _, err := pos.NewOrder().AddSet("set", off, 1, lines...)
		if err != nil {
			t.Fatal(err)
		}
		totals, err := o.Totals()
		if err != nil || totals.Total != whole-off {
			t.Fatalf("%d, not %d: %v", totals.Total, whole-off, err)
		}
		for _, l := range o.Lines {
			price := l.Unit * pos.Yen(l.Quantity)
			if d := l.Off.Yen*whole - off*price; d <= -whole || d >= whole {
				t.Fatalf("a line of %d bears %d of %d off %d", price, l.Off.Yen, off, whole)
			}
		}
	})
}

// lunch is two sets of a bento with two teas, for 100 yen less each, on lines 1
// and 2, after a bento that is sold on its own.
func lunch(t *testing.T) pos.Order {
	t.Helper()
	bento, tea := line("034", 680, 1, pos.Reduced), line("003", 160, 2, pos.Reduced)
	o, i, err := pos.NewOrder(bento).AddSet("Aセット", 100, 2, bento, tea)
	if err != nil || i != 2 {
		t.Fatalf("line %d, %v", i, err)
	}
	return o
}

func TestOrder_setIsCheaperWhileItIsWhole(t *testing.T) {
	t.Parallel()
	set := func(i int, n int64) func(pos.Order) (pos.Order, error) {
		return func(o pos.Order) (pos.Order, error) { return o.SetQuantity(i, n) }
	}
	change := func(i int, f func(*pos.Line)) func(pos.Order) (pos.Order, error) {
		return func(o pos.Order) (pos.Order, error) { return o.Change(i, f) }
	}
	const alone, bento, tea = 680, 680, 160
	for _, c := range []struct {
		name string
		do   []func(pos.Order) (pos.Order, error)
		sets int64
		want pos.Yen
	}{
		{"as it is sold", nil, 2, alone + 2*bento + 4*tea - 200},
		{"one bento less", []func(pos.Order) (pos.Order, error){set(1, 1)}, 1, alone + bento + 4*tea - 100},
		{"one tea less", []func(pos.Order) (pos.Order, error){set(2, 3)}, 1, alone + 2*bento + 3*tea - 100},
		{"one tea left", []func(pos.Order) (pos.Order, error){set(2, 1)}, 0, alone + 2*bento + tea},
		{"less, and more again", []func(pos.Order) (pos.Order, error){set(2, 1), set(2, 4)}, 2, alone + 2*bento + 4*tea - 200},
		{"one more of a part", []func(pos.Order) (pos.Order, error){set(1, 3)}, 2, alone + 3*bento + 4*tea - 200},
		{"one more set", []func(pos.Order) (pos.Order, error){set(1, 3), set(2, 6)}, 3, alone + 3*bento + 6*tea - 300},
		{"a part taken out", []func(pos.Order) (pos.Order, error){set(1, 0)}, 0, alone + 4*tea},
		{"a part taken back", []func(pos.Order) (pos.Order, error){change(2, func(l *pos.Line) { l.Void = "sold out" })}, 0, alone + 2*bento},
		{"another price", []func(pos.Order) (pos.Order, error){change(1, func(l *pos.Line) { l.Listed, l.Unit = l.Unit, 600 })}, 0, alone + 2*600 + 4*tea},
		{"a discount of its own", []func(pos.Order) (pos.Order, error){change(1, func(l *pos.Line) { l.Off = pos.Discount{Percent: 10} })}, 0, alone + 2*bento - 136 + 4*tea},
		{"a note", []func(pos.Order) (pos.Order, error){change(1, func(l *pos.Line) { l.Note = "hot" })}, 2, alone + 2*bento + 4*tea - 200},
		{"the bento on its own taken back", []func(pos.Order) (pos.Order, error){set(0, 0)}, 2, 2*bento + 4*tea - 200},
	} {
		o := lunch(t)
		var err error
		for _, do := range c.do {
			if o, err = do(o); err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
		}
		totals, err := o.Totals()
		if err != nil || totals.Total != c.want || o.WholeSets(1) != c.sets {
			t.Errorf("%s: %d yen and %d sets, want %d and %d (%v)", c.name, totals.Total, o.WholeSets(1), c.want, c.sets, err)
		}
	}
}

// Whatever is done to the lines of sets, what is taken off is what the whole
// sets are cheaper by, and no line costs less than nothing.
func TestOrder_setIsNeverCheaperThanItsWholeOnes(t *testing.T) {
	t.Parallel()
	type soldSet struct {
		off    pos.Yen
		pieces []int64
	}
	rapid.Check(t, func(t *rapid.T) {
		o, sets := pos.NewOrder(), map[string]soldSet{}
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			next, err := o, error(nil)
			i := rapid.IntRange(0, max(len(o.Lines)-1, 0)).Draw(t, "line")
			switch rapid.IntRange(0, 4).Draw(t, "do") {
			case 0, 1:
				var lines []pos.Line
				var whole pos.Yen
				set := soldSet{}
				for range rapid.IntRange(1, 4).Draw(t, "parts") {
					l := line(rapid.SampledFrom([]string{"a", "b"}).Draw(t, "code"), pos.Yen(rapid.Int64Range(1, 900).Draw(t, "unit")), rapid.Int64Range(1, 3).Draw(t, "pieces"), rapid.SampledFrom(pos.Rates()).Draw(t, "rate"))
					lines, set.pieces, whole = append(lines, l), append(set.pieces, l.Quantity), whole+l.Unit*pos.Yen(l.Quantity)
				}
				set.off = pos.Yen(rapid.Int64Range(1, int64(whole)).Draw(t, "off"))
				name := "set " + strconv.Itoa(len(sets))
				next, _, err = o.AddSet(name, set.off, rapid.Int64Range(1, 4).Draw(t, "sets"), lines...)
				sets[name] = set
			case 2:
				next, err = o.SetQuantity(i, rapid.Int64Range(0, 9).Draw(t, "n"))
			case 3:
				next, err = o.Change(i, func(l *pos.Line) { l.Void = "void" })
			case 4:
				next, err = o.Change(i, func(l *pos.Line) { l.Note += "!" })
			}
			if err != nil && len(o.Lines) > 0 {
				t.Fatal(err)
			}
			o = next
			var goods, off pos.Yen
			left := map[string][]pos.Line{}
			for _, l := range o.Lines {
				left[l.Part.Name] = append(left[l.Part.Name], l)
				if price, err := l.Total(); err != nil || price < 0 {
					t.Fatalf("%+v costs %d: %v", l, price, err)
				}
				if l.Void == "" {
					goods += l.Unit * pos.Yen(l.Quantity)
				}
			}
			for name, set := range sets {
				n := int64(99)
				for i, l := range left[name] {
					if l.Void != "" || len(left[name]) < len(set.pieces) {
						n = 0
						break
					}
					n = min(n, l.Quantity/set.pieces[i])
				}
				if n < 99 {
					off += set.off * pos.Yen(n)
				}
			}
			if totals, err := o.Totals(); err != nil || totals.Total != goods-off {
				t.Fatalf("%d yen, not %d less %d (%v)\n%+v", totals.Total, goods, off, err, o.Lines)
			}
		}
	})
}
