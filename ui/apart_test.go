package ui

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestApart_keepsWhatTellsGoodsApart(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		width       int
		mark        string
		names, want []string
	}{
		{6, "", []string{"おにぎり鮭", "おにぎり梅", "緑茶 500ml"}, []string{"お~鮭", "お~梅", "緑茶"}},
		{7, "", []string{"おにぎり鮭", "おにぎり梅"}, []string{"おに~鮭", "おに~梅"}},
		{6, "", []string{"onigiri salmon", "onigiri plum", "sake"}, []string{"on~sal", "on~plu", "sake"}},
		{6, "", []string{"onigiri salmon", "onigiri seaweed"}, []string{"on~sal", "on~sea"}},
		{6, "", []string{"onigiri salmon", "onigiri saltfish"}, []string{"on~mon", "on~tfi"}},
		{12, cutMark, []string{"弁当 幕の内 大盛り", "弁当 幕の内 小盛り"}, []string{"弁当~大盛り", "弁当~小盛り"}},
		{12, cutMark, []string{"green tea 500ml", "green tea 350ml"}, []string{"green tea 5~", "green tea 3~"}},
		{10, cutMark, []string{"green tea 500ml", "green tea 350ml"}, []string{"gree~500ml", "gree~350ml"}},
		{10, cutMark, []string{"onigiri salmon", "onigiri salmon", "latte"}, []string{"onigiri s~", "onigiri s~", "latte"}},
		{7, "", []string{"onigiri", "onigiri plum"}, []string{"onigiri", "on~plum"}},
		{6, "", []string{"bread", "bread"}, []string{"bread", "bread"}},
		{3, "", []string{"おにぎり鮭", "おにぎり梅"}, []string{"お", "お"}},
		{0, "", []string{"ab", "ac"}, []string{"", ""}},
		{10, "", []string{"ほうじ茶500ml", "coffee 3000", "1234567890123"}, []string{"ほうじ茶", "coffee", "1234567890"}},
		{12, "", []string{"ほうじ茶500ml"}, []string{"ほうじ茶500m"}},
		{6, "", nil, []string{}},
	} {
		if diff := cmp.Diff(c.want, apart(c.names, c.width, c.mark)); diff != "" {
			t.Errorf("%q in %d cells (-want +got):\n%s", c.names, c.width, diff)
		}
	}
}

func TestApart_fits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		begin, width := name().Draw(t, "begin"), rapid.IntRange(-1, 40).Draw(t, "width")
		names := rapid.SliceOf(name()).Draw(t, "names")
		for i := range names {
			names[i] = begin + names[i]
		}
		before := slices.Clone(names)
		for i, got := range apart(names, width, cutMark) {
			if cells(got) > max(width, 0) || cells(names[i]) <= width && got != names[i] {
				t.Errorf("%q is shown as %q in %d cells", names[i], got, width)
			}
		}
		if diff := cmp.Diff(before, names); diff != "" {
			t.Errorf("the names have changed:\n%s", diff)
		}
	})
}
