package pos

import (
	"bytes"
	_ "embed" // the built-in catalogue
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// Item is one kind of goods.
type Item struct {
	Code     string // what the cashier types; unique
	Barcode  string // what the scanner reads; may be empty
	Name     string
	NameEn   string // may be empty
	Kana     string // how the name is read; may be empty
	Category string
	Price    Yen // with the tax or without, as the shop has it; 0 for a department
	Rate     Rate
	Age      int // in years, of the youngest who may buy it; 0 for anybody
}

// Department reports whether the item stands for goods that have no code of
// their own: their price is typed each time.
func (i Item) Department() bool { return i.Price == 0 }

// Line is the order line for so many of the item. A department's has no price
// yet.
func (i Item) Line(quantity int64) Line {
	return Line{Code: i.Code, Name: i.Name, NameEn: i.NameEn, Unit: i.Price, Quantity: quantity, Rate: i.Rate, Age: i.Age}
}

// Catalog is the goods of a shop. The zero value has none.
type Catalog struct { //nolint:recvcheck // only the making of a catalogue needs a pointer; once made it is a value
	items []Item
	find  map[string]int // by code and by barcode
	goods func() *goods  // what Search looks through

	departments []Item
}

//go:embed catalog.csv
var builtin []byte

// BuiltinCatalog is the catalogue a till has before it is given one of its
// own, so that training starts with goods.
func BuiltinCatalog() (Catalog, error) {
	return ReadCatalog(bytes.NewReader(builtin), "built-in catalogue")
}

// catalogColumns are the columns there can be; those after the first seven may
// be missing.
var catalogColumns = []string{"code", "barcode", "name", "name_en", "category", "price", "tax", "kana", "age"}

const neededColumns = 7

// maxItems keeps a wrong file (a disk image, say) from filling the memory.
const maxItems = 1_000_000

// BadLine is one line of a catalogue that cannot be used.
type BadLine struct {
	Line   int    // in the file, from 1
	Column string // name of the column; empty when it is the whole line
	Value  string // what stands there, cleaned
	Reason string // what is wrong, in English
}

// CatalogError is everything that is wrong with a catalogue. None of the
// catalogue was taken.
type CatalogError struct {
	Name string // the file
	Bad  []BadLine
	More int // further bad lines that are not in Bad
}

// maxBadLines is as many as a person will read before mending the file.
const maxBadLines = 50

// Error names each bad line, one a text line.
func (e *CatalogError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "catalogue %s was not taken", e.Name)
	for _, l := range e.Bad {
		fmt.Fprintf(&b, "\n  line %d", l.Line)
		if l.Column != "" {
			fmt.Fprintf(&b, ", %s %q", l.Column, l.Value)
		}
		fmt.Fprintf(&b, ": %s", l.Reason)
	}
	if e.More > 0 {
		fmt.Fprintf(&b, "\n  and %d more lines", e.More)
	}
	return b.String()
}

// ReadCatalog reads a catalogue in CSV (UTF-8). Its first line names the
// columns, in any order: code, barcode, name, name_en, category, price and tax
// are needed; kana and age may be left out.
//
// The price is in whole yen. Without one the item is a department, for goods
// without a code of their own. The tax is standard, reduced or exempt. The kana
// are how the name is read, in hiragana or katakana of any width. The age is in
// years, of the youngest who may buy the item; empty for anybody.
//
// It takes all of it or nothing: every bad line is named in a *CatalogError.
func ReadCatalog(r io.Reader, name string) (Catalog, error) {
	c := Catalog{find: map[string]int{}}
	bad := &CatalogError{Name: Clean(name, 200)}
	note := func(l BadLine) {
		if len(bad.Bad) == maxBadLines {
			bad.More++
			return
		}
		l.Value = Clean(l.Value, 40)
		bad.Bad = append(bad.Bad, l)
	}

	rows := csv.NewReader(r)
	rows.FieldsPerRecord = -1
	rows.ReuseRecord = true
	header, err := rows.Read()
	if err != nil {
		note(BadLine{Line: 1, Reason: "no header: " + strings.Join(catalogColumns[:neededColumns], ",") + " is needed"})
		return Catalog{}, bad
	}
	columns, wrong := readHeader(slices.Clone(header))
	for _, w := range wrong {
		note(w)
	}
	if len(wrong) > 0 {
		return Catalog{}, bad
	}
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			line := 0
			if e, ok := errors.AsType[*csv.ParseError](err); ok {
				line, err = e.Line, e.Err
			}
			note(BadLine{Line: line, Reason: "not CSV: " + err.Error()})
			break // what follows a broken quote cannot be told apart
		}
		line, _ := rows.FieldPos(0)
		if len(c.items) == maxItems {
			note(BadLine{Line: line, Reason: "more than 1,000,000 items"})
			break
		}
		if len(row) != len(columns) {
			note(BadLine{Line: line, Reason: fmt.Sprintf("has %d columns, needs %d", len(row), len(columns))})
			continue
		}
		item, wrong := readItem(columns, row)
		for _, w := range wrong {
			w.Line = line
			note(w)
		}
		if len(wrong) == 0 {
			if w, ok := c.add(item); !ok {
				w.Line = line
				note(w)
			}
		}
	}
	if len(bad.Bad) > 0 {
		return Catalog{}, bad
	}
	// What a search looks through is made while the till starts. Whoever is
	// faster, which with 100,000 items takes a tenth of a second, waits for it.
	items := c.items
	c.goods = sync.OnceValue(func() *goods { return goodsOf(items) })
	go c.goods()
	return c, nil
}

// readHeader is the names of the columns, and what is wrong with them.
func readHeader(header []string) ([]string, []BadLine) {
	var wrong []BadLine
	refuse := func(column, reason string) {
		wrong = append(wrong, BadLine{Line: 1, Column: "header", Value: column, Reason: reason})
	}
	header[0] = strings.TrimPrefix(header[0], "\uFEFF") // a spreadsheet's byte order mark
	for i, column := range header {
		header[i] = strings.TrimSpace(column)
		switch {
		case !slices.Contains(catalogColumns, header[i]):
			refuse(header[i], "is no column; there are "+strings.Join(catalogColumns, ","))
		case slices.Contains(header[:i], header[i]):
			refuse(header[i], "stands there twice")
		}
	}
	for _, column := range catalogColumns[:neededColumns] {
		if !slices.Contains(header, column) {
			refuse(column, "is missing")
		}
	}
	return header, wrong
}

func readItem(columns, row []string) (Item, []BadLine) {
	var wrong []BadLine
	var item Item
	for i, v := range row {
		column, text := columns[i], strings.TrimSpace(v)
		refuse := func(reason string) {
			wrong = append(wrong, BadLine{Column: column, Value: text, Reason: reason})
		}
		if !IsClean(text) || utf8.RuneCountInString(text) > 100 {
			refuse("has control characters or is over 100 characters")
			continue
		}
		switch column {
		case "code":
			if item.Code = text; !isCode(text) {
				refuse("must be 1 to 20 of 0-9 A-Z a-z -")
			}
		case "barcode":
			if item.Barcode = text; strings.Trim(text, "0123456789") != "" || len(text) > 20 {
				refuse("must be digits, at most 20")
			}
		case "name":
			if item.Name = text; text == "" {
				refuse("is missing")
			}
		case "name_en":
			item.NameEn = text
		case "category":
			item.Category = text
		case "kana":
			if item.Kana = text; !isReading(text) {
				refuse("must be hiragana or katakana")
			}
		case "price":
			if text == "" {
				continue
			}
			var err error
			if item.Price, err = ParseYen(text); err != nil {
				refuse("must be whole yen, 1 to 99999999999, without separators; empty for a department")
			}
		case "tax":
			if item.Rate = Rate(text); item.Rate.check() != nil {
				refuse("must be standard, reduced or exempt")
			}
		case "age":
			age, err := strconv.Atoi(FoldDigits(text))
			if item.Age = age; text != "" && (err != nil || age < 1 || age > 99) {
				refuse("must be years, 1 to 99, or empty")
			}
		}
	}
	return item, wrong
}

// isReading reports whether a text is how something is read: in kana, and in
// the digits and letters that stand in names.
func isReading(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return !isKana(r) && !strings.ContainsRune("ﾞﾟ゛゜\u3099\u309a・･", r) && (hiragana(r) < ' ' || hiragana(r) > '~')
	})
}

func isCode(s string) bool {
	return s != "" && len(s) <= 20 && !strings.ContainsFunc(s, func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
}

// add takes an item in, or says which of its names another item has.
func (c *Catalog) add(i Item) (BadLine, bool) {
	keys := []struct{ column, value string }{{"code", i.Code}, {"barcode", i.Barcode}}
	for _, k := range keys {
		if at, taken := c.find[k.value]; taken && k.value != "" {
			return BadLine{Column: k.column, Value: k.value, Reason: "stands already at " + c.items[at].Code}, false
		}
	}
	for _, k := range keys {
		if k.value != "" {
			c.find[k.value] = len(c.items)
		}
	}
	c.items = append(c.items, i)
	if i.Department() {
		c.departments = append(c.departments, i)
	}
	return BadLine{}, true
}

// Len is how many items there are.
func (c Catalog) Len() int { return len(c.items) }

// Find is the item with a code or barcode, full-width digits folded.
func (c Catalog) Find(code string) (Item, bool) {
	i, ok := c.find[FoldDigits(code)]
	if !ok {
		return Item{}, false
	}
	return c.items[i], true
}
