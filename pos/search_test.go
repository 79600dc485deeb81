package pos_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"example.jp/reji/pos"
)

func codes(items []pos.Item) []string {
	var all []string
	for _, i := range items {
		all = append(all, i.Code)
	}
	return all
}

func TestCatalog_search(t *testing.T) {
	t.Parallel()
	c, err := pos.BuiltinCatalog()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string][]string{
		"弁当": {"034", "035"}, "TEA 500": {"003", "004"}, "034": {"034"}, "０３４": {"034"}, "no such thing": nil,
		"抹茶 latte": {"007"}, "2000000000060": {"006"},
		"コーヒー": {"005"}, "こーひー": {"005"}, "ｺｰﾋｰ": {"005"}, "こおひい": {"005"}, "coffee": {"005"},
		"koohii": {"005"}, "kohi": {"005"}, "KO-HI-": {"005"},
		"hojicha": {"004"}, "ほうじちゃ": {"004"}, "ほうじ": {"004"}, "まっちゃ": {"007"}, "matcha": {"007"},
		"gyunyu": {"014"}, "ぎゅうにゅう": {"014"}, "milk": {"014"}, "びーる": {"015"}, "biiru 350": {"015"},
		"食品": {"091"}, "アイス": {"033"}, "  ": codes(c.Search("", 100)), "ー": codes(c.Search("", 100)),
	} {
		if d := cmp.Diff(want, codes(c.Search(text, 100))); d != "" {
			t.Errorf("Search(%q) -want +got\n%s", text, d)
		}
	}
	if got := c.Search("", 5); len(got) != 5 {
		t.Errorf("an empty text finds %d items, not the first 5", len(got))
	}
	if got := c.Search("a", 3); len(got) != 3 {
		t.Errorf("%d items, not 3", len(got))
	}
}

// What is meant most likely comes first.
func TestCatalog_searchRanks(t *testing.T) {
	t.Parallel()
	c, err := pos.ReadCatalog(strings.NewReader(header+
		"110,,アイスコーヒー,iced coffee,,1,reduced\n"+
		"111,,コーヒー豆,beans 11,,1,reduced\n"+
		"11,,プリン,pudding,,1,reduced\n"+
		"112,,缶コーヒー,canned coffee,,1,reduced\n"), "shop.csv")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string][]string{
		"こーひー":   {"111", "110", "112"},
		"kohi":   {"111", "110", "112"},
		"coffee": {"110", "112"},
		"11":     {"11", "110", "111", "112"},
		"can":    {"112"},
	} {
		if d := cmp.Diff(want, codes(c.Search(text, 10))); d != "" {
			t.Errorf("Search(%q) -want +got\n%s", text, d)
		}
	}
}

// Whatever part of whatever field is typed, the item is found.
func TestCatalog_searchFindsEveryPart(t *testing.T) {
	t.Parallel()
	c, err := pos.BuiltinCatalog()
	if err != nil {
		t.Fatal(err)
	}
	all := c.Search("", c.Len())
	rapid.Check(t, func(t *rapid.T) {
		i := rapid.SampledFrom(all).Draw(t, "item")
		field := []rune(rapid.SampledFrom([]string{i.Name, i.NameEn, i.Kana, i.Code, i.Barcode, i.Category}).Draw(t, "field"))
		if len(field) == 0 {
			return
		}
		from := rapid.IntRange(0, len(field)-1).Draw(t, "from")
		part := string(field[from:rapid.IntRange(from+1, len(field)).Draw(t, "to")])
		if got := c.Search(part, c.Len()); !slices.Contains(codes(got), i.Code) {
			t.Fatalf("%q does not find %+v but %v", part, i, codes(got))
		}
	})
}

func FuzzCatalog_search(f *testing.F) {
	for _, s := range []string{"こーひー", "ｶﾞ゛ゃっ", "koohii 500", "\xff", "ゔゖヶ"} {
		f.Add(s, 3)
	}
	c, err := pos.BuiltinCatalog()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string, limit int) {
		if got := c.Search(text, limit); len(got) > max(limit, 0) {
			t.Fatalf("%d items, not %d", len(got), limit)
		}
	})
}

// BenchmarkSearch is one search among 100,000 items: of what is everywhere, of
// what is rare, and of what is nowhere though its parts are everywhere.
func BenchmarkSearch(b *testing.B) {
	var text strings.Builder
	text.WriteString("kana," + header)
	names := []string{"緑茶", "おにぎり", "チョコレート", "弁当", "牛乳", "食パン", "缶コーヒー", "洗剤", "ボールペン", "電池"}
	for i := range 100_000 {
		fmt.Fprintf(&text, "りょくちゃ,%06d,49%011d,%s その%d,thing %d,goods,100,standard\n", i, i*7919, names[i%len(names)], i, i)
	}
	c, err := pos.ReadCatalog(strings.NewReader(text.String()), "big")
	if err != nil {
		b.Fatal(err)
	}
	for _, word := range []string{"o", "z", "茶", "99999", "緑茶 99990", "kohi", "こーひー", "ryokutya", "dogs", "odog", "thing 5 7 9 1", "4949494949"} {
		b.Run(word, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.Search(word, 100)
			}
		})
	}
}

// BenchmarkReadCatalog is the reading of 100,000 items.
func BenchmarkReadCatalog(b *testing.B) {
	var text strings.Builder
	text.WriteString("kana," + header)
	for i := range 100_000 {
		fmt.Fprintf(&text, "りょくちゃ,%06d,49%011d,緑茶 その%d,thing %d,goods,100,standard\n", i, i*7919, i, i)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := pos.ReadCatalog(strings.NewReader(text.String()), "big"); err != nil {
			b.Fatal(err)
		}
	}
}
