package pos_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.jp/reji/pos"
)

const header = "code,barcode,name,name_en,category,price,tax\n"

func TestBuiltinCatalog(t *testing.T) {
	t.Parallel()
	c, err := pos.BuiltinCatalog()
	if err != nil {
		t.Fatal(err)
	}
	if c.Len() != 40 {
		t.Errorf("%d items", c.Len())
	}
	want := pos.Item{
		Code: "008", Barcode: "2000000000084", Name: "むーんケーキ", NameEn: "Moon cake", Category: "pastries", Price: 500, Rate: pos.Reduced,
	}
	for _, code := range []string{"008", "００８", "2000000000084"} {
		if got, ok := c.Find(code); !ok || got != want {
			t.Errorf("Find(%q) = %+v, %v", code, got, ok)
		}
	}
	for _, code := range []string{"", "8", "0008", "4901234567894"} {
		if got, ok := c.Find(code); ok {
			t.Errorf("Find(%q) = %+v", code, got)
		}
	}
}

func TestCatalog_search(t *testing.T) {
	t.Parallel()
	c, err := pos.BuiltinCatalog()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string][]string{
		"弁当": {"034", "035"}, "TEA 500": {"003", "004"}, "coffee": {"005"}, "０３４": {"034"}, "no such thing": nil, "抹茶 latte": {"007"},
	} {
		var got []string
		for _, i := range c.Search(text, 10) {
			got = append(got, i.Code)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("Search(%q) -want +got\n%s", text, d)
		}
	}
	if got := c.Search("", 5); len(got) != 5 {
		t.Errorf("an empty text finds %d items, not the first 5", len(got))
	}
}

func TestReadCatalog_takesAllOrNothing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want []pos.BadLine
	}{
		"empty":       {"", []pos.BadLine{{Line: 1, Reason: "no header: code,barcode,name,name_en,category,price,tax is needed"}}},
		"other sheet": {"a,b\n1,2\n", []pos.BadLine{{Line: 1, Column: "header", Value: "a,b", Reason: "must be code,barcode,name,name_en,category,price,tax"}}},
		"each line named": {
			header + "001,,a,,,100,reduced\n,,b,,,100,reduced\n003,,,,,100,reduced\n004,,d,,,0,reduced\n005,,e,,,1.5,reduced\n006,,f,,,100,8%\n",
			[]pos.BadLine{
				{Line: 3, Column: "code", Value: "", Reason: "must be 1 to 20 of 0-9 A-Z a-z -"},
				{Line: 4, Column: "name", Value: "", Reason: "is missing"},
				{Line: 5, Column: "price", Value: "0", Reason: "must be whole yen, 1 to 99999999999, without separators"},
				{Line: 6, Column: "price", Value: "1.5", Reason: "must be whole yen, 1 to 99999999999, without separators"},
				{Line: 7, Column: "tax", Value: "8%", Reason: "must be standard, reduced or exempt"},
			},
		},
		"twice": {
			header + "001,2000000000015,a,,,100,reduced\n001,,b,,,100,reduced\n003,2000000000015,c,,,100,reduced\n",
			[]pos.BadLine{
				{Line: 3, Column: "code", Value: "001", Reason: "stands already at 001"},
				{Line: 4, Column: "barcode", Value: "2000000000015", Reason: "stands already at 001"},
			},
		},
		"control sequence": {
			header + "001,,\x1b[2Jevil,,,100,reduced\n",
			[]pos.BadLine{{Line: 2, Column: "name", Value: "\uFFFD[2Jevil", Reason: "has control characters or is over 100 characters"}},
		},
		"columns": {header + "001,a,100\n", []pos.BadLine{{Line: 2, Reason: "has 3 columns, needs 7"}}},
		"quote":   {header + "001,,\"a,,,100,reduced\n", []pos.BadLine{{Line: 2, Reason: `not CSV: extraneous or missing " in quoted-field`}}},
	} {
		got, err := pos.ReadCatalog(strings.NewReader(c.text), "shop.csv")
		bad, ok := errors.AsType[*pos.CatalogError](err)
		if !ok {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if d := cmp.Diff(c.want, bad.Bad); d != "" {
			t.Errorf("%s: -want +got\n%s", name, d)
		}
		if got.Len() != 0 {
			t.Errorf("%s: %d items were taken", name, got.Len())
		}
		if !strings.Contains(err.Error(), "shop.csv") {
			t.Errorf("%s: the file is not named: %v", name, err)
		}
	}
}

func TestReadCatalog_longListOfFaults(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(header)
	for i := range 200 {
		fmt.Fprintf(&b, "%03d,,a,,,free,reduced\n", i)
	}
	_, err := pos.ReadCatalog(strings.NewReader(b.String()), "shop.csv")
	bad, ok := errors.AsType[*pos.CatalogError](err)
	if !ok || len(bad.Bad) != 50 || bad.More != 150 || !strings.HasSuffix(err.Error(), "and 150 more lines") {
		t.Errorf("%v", err)
	}
}

func TestReadCatalog_acceptsWhatSpreadsheetsWrite(t *testing.T) {
	t.Parallel()
	c, err := pos.ReadCatalog(strings.NewReader("\uFEFF"+strings.ReplaceAll(header, "\n", "\r\n")+"A-1,,\"tea, hot\", tea ,,１２０,standard\r\n"), "shop.csv")
	if err != nil {
		t.Fatal(err)
	}
	want := pos.Item{Code: "A-1", Name: "tea, hot", NameEn: "tea", Price: 120, Rate: pos.Standard}
	if got, ok := c.Find("A-1"); !ok || got != want {
		t.Errorf("%+v", got)
	}
}

func FuzzReadCatalog(f *testing.F) {
	f.Add(header + "001,2000000000015,a,b,c,100,reduced\n")
	f.Add(header + "001,,\"\x1b]0;x\",,,1,exempt\n002")
	f.Add("\uFEFF" + header)
	f.Fuzz(func(t *testing.T, text string) {
		c, err := pos.ReadCatalog(strings.NewReader(text), "f")
		if err != nil && c.Len() != 0 {
			t.Fatal("a refused catalogue was taken")
		}
		if err != nil && !pos.IsClean(strings.ReplaceAll(err.Error(), "\n", "")) {
			t.Fatalf("the error carries control characters: %q", err)
		}
		for _, i := range c.Search("", c.Len()) {
			if i.Price < 1 || !pos.IsClean(i.Name) || i.Name == "" {
				t.Fatalf("bad item was taken: %+v", i)
			}
			if got, ok := c.Find(i.Code); !ok || got != i {
				t.Fatalf("item %q cannot be found by its code", i.Code)
			}
		}
	})
}

func BenchmarkSearch(b *testing.B) {
	var text strings.Builder
	text.WriteString(header)
	for i := range 100_000 {
		fmt.Fprintf(&text, "%06d,,品物 %d,thing %d,goods,100,standard\n", i, i, i)
	}
	c, err := pos.ReadCatalog(strings.NewReader(text.String()), "big")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if got := c.Search("品物 99999", 20); len(got) != 1 {
			b.Fatal(len(got))
		}
	}
}
