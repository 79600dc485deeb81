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
	if c.Len() != 43 {
		t.Errorf("%d items", c.Len())
	}
	want := pos.Item{
		Code: "008", Barcode: "2000000000084", Name: "むーんケーキ", NameEn: "Moon cake", Kana: "むーんケーキ", Category: "pastries", Price: 500, Rate: pos.Reduced,
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

func TestReadCatalog_takesAllOrNothing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want []pos.BadLine
	}{
		"empty": {"", []pos.BadLine{{Line: 1, Reason: "no header: code,barcode,name,name_en,category,price,tax is needed"}}},
		"other sheet": {"code,barcode,colour,name,name_en,price,tax,code\n1,2\n", []pos.BadLine{
			{Line: 1, Column: "header", Value: "colour", Reason: "is no column; there are code,barcode,name,name_en,category,price,tax,kana,age"},
			{Line: 1, Column: "header", Value: "code", Reason: "stands there twice"},
			{Line: 1, Column: "header", Value: "category", Reason: "is missing"},
		}},
		"readings and ages": {
			"age,kana," + header + "20,さけ,001,,a,,,100,reduced\n,鮭,002,,b,,,100,reduced\n0,,003,,c,,,100,reduced\nadult,,004,,d,,,100,reduced\n１００,,005,,e,,,100,reduced\n",
			[]pos.BadLine{
				{Line: 3, Column: "kana", Value: "鮭", Reason: "must be hiragana or katakana"},
				{Line: 4, Column: "age", Value: "0", Reason: "must be years, 1 to 99, or empty"},
				{Line: 5, Column: "age", Value: "adult", Reason: "must be years, 1 to 99, or empty"},
				{Line: 6, Column: "age", Value: "１００", Reason: "must be years, 1 to 99, or empty"},
			},
		},
		"each line named": {
			header + "001,,a,,,100,reduced\n,,b,,,100,reduced\n003,,,,,100,reduced\n004,,d,,,0,reduced\n005,,e,,,1.5,reduced\n006,,f,,,100,8%\n",
			[]pos.BadLine{
				{Line: 3, Column: "code", Value: "", Reason: "must be 1 to 20 of 0-9 A-Z a-z -"},
				{Line: 4, Column: "name", Value: "", Reason: "is missing"},
				{Line: 5, Column: "price", Value: "0", Reason: "must be whole yen, 1 to 99999999999, without separators; empty for a department"},
				{Line: 6, Column: "price", Value: "1.5", Reason: "must be whole yen, 1 to 99999999999, without separators; empty for a department"},
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

func TestReadCatalog_columnsGoByName(t *testing.T) {
	t.Parallel()
	c, err := pos.ReadCatalog(strings.NewReader("tax,age, price ,kana,name,name_en,category,barcode,code\nstandard,２０,245,ビール,麦酒,beer,drink,,015\nreduced,,,,食品,,,,091\n"), "shop.csv")
	if err != nil {
		t.Fatal(err)
	}
	want := []pos.Item{
		{Code: "015", Name: "麦酒", NameEn: "beer", Kana: "ビール", Category: "drink", Price: 245, Rate: pos.Standard, Age: 20},
		{Code: "091", Name: "食品", Rate: pos.Reduced},
	}
	if d := cmp.Diff(want, c.Search("", 10)); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	if want[0].Department() || !want[1].Department() {
		t.Error("only what has no price is a department")
	}
	if l := want[0].Line(2); l.Age != 20 || l.Quantity != 2 || l.Unit != 245 {
		t.Errorf("line %+v", l)
	}
}

func FuzzReadCatalog(f *testing.F) {
	f.Add(header + "001,2000000000015,a,b,c,100,reduced\n")
	f.Add(header + "001,,\"\x1b]0;x\",,,1,exempt\n002")
	f.Add("\uFEFF" + header)
	f.Add("kana,age," + header + "ｻｹ,20,001,,a,,,,reduced\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := pos.ReadCatalog(strings.NewReader(text), "f")
		if err != nil && c.Len() != 0 {
			t.Fatal("a refused catalogue was taken")
		}
		if err != nil && !pos.IsClean(strings.ReplaceAll(err.Error(), "\n", "")) {
			t.Fatalf("the error carries control characters: %q", err)
		}
		for _, i := range c.Search("", c.Len()) {
			if i.Price < 0 || i.Department() != (i.Price == 0) || i.Age < 0 || i.Age > 99 || !pos.IsClean(i.Name) || i.Name == "" {
				t.Fatalf("bad item was taken: %+v", i)
			}
			if got, ok := c.Find(i.Code); !ok || got != i {
				t.Fatalf("item %q cannot be found by its code", i.Code)
			}
		}
	})
}
