package pos

import (
	"bytes"
	_ "embed" // the built-in catalogue
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// Item is one kind of goods.
type Item struct {
	Code     string // what the cashier types; unique
	Barcode  string // what the scanner reads; may be empty
	Name     string
	NameEn   string // may be empty
	Category string
	Price    Yen // tax included
	Rate     Rate
}

// Line is the order line for so many of the item.
func (i Item) Line(quantity int64) Line {
	return Line{Code: i.Code, Name: i.Name, NameEn: i.NameEn, Unit: i.Price, Quantity: quantity, Rate: i.Rate}
}

// Catalog is the goods of a shop. The zero value has none.
type Catalog struct { //nolint:recvcheck // only the making of a catalogue needs a pointer; once made it is a value
	items []Item
	find  map[string]int // by code and by barcode
	texts []string       // what Search looks through, by index of items
}

//go:embed catalog.csv
var builtin []byte

// BuiltinCatalog is the catalogue a till has before it is given one of its
// own, so that training starts with goods.
func BuiltinCatalog() (Catalog, error) {
	return ReadCatalog(bytes.NewReader(builtin), "built-in catalogue")
}

var catalogColumns = []string{"code", "barcode", "name", "name_en", "category", "price", "tax"}

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

// ReadCatalog reads a catalogue in CSV (UTF-8; header code, barcode, name,
// name_en, category, price, tax; prices in whole yen, tax included). It takes
// all of it or nothing: every bad line is named in a *CatalogError.
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
	header, err := rows.Read()
	if err != nil {
		note(BadLine{Line: 1, Reason: "no header: " + strings.Join(catalogColumns, ",") + " is needed"})
		return Catalog{}, bad
	}
	header[0] = strings.TrimPrefix(header[0], "\uFEFF") // a spreadsheet's byte order mark
	if !slices.Equal(header, catalogColumns) {
		note(BadLine{
			Line: 1, Column: "header", Value: strings.Join(header, ","),
			Reason: "must be " + strings.Join(catalogColumns, ","),
		})
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
		if len(row) != len(catalogColumns) {
			note(BadLine{Line: line, Reason: fmt.Sprintf("has %d columns, needs %d", len(row), len(catalogColumns))})
			continue
		}
		item, wrong := readItem(row)
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
	return c, nil
}

func readItem(row []string) (Item, []BadLine) {
	var wrong []BadLine
	for i, v := range row {
		row[i] = strings.TrimSpace(v)
		if !IsClean(row[i]) || utf8.RuneCountInString(row[i]) > 100 {
			wrong = append(wrong, BadLine{Column: catalogColumns[i], Value: v, Reason: "has control characters or is over 100 characters"})
		}
	}
	item := Item{
		Code: row[0], Barcode: row[1], Name: row[2], NameEn: row[3], Category: row[4],
		Rate: Rate(row[6]),
	}
	if !isCode(item.Code) {
		wrong = append(wrong, BadLine{Column: "code", Value: item.Code, Reason: "must be 1 to 20 of 0-9 A-Z a-z -"})
	}
	if strings.Trim(item.Barcode, "0123456789") != "" || len(item.Barcode) > 20 {
		wrong = append(wrong, BadLine{Column: "barcode", Value: item.Barcode, Reason: "must be digits, at most 20"})
	}
	if item.Name == "" {
		wrong = append(wrong, BadLine{Column: "name", Reason: "is missing"})
	}
	price, err := ParseYen(row[5])
	if err != nil {
		wrong = append(wrong, BadLine{Column: "price", Value: row[5], Reason: "must be whole yen, 1 to 99999999999, without separators"})
	}
	item.Price = price
	if err := item.Rate.check(); err != nil {
		wrong = append(wrong, BadLine{Column: "tax", Value: row[6], Reason: "must be standard, reduced or exempt"})
	}
	return item, wrong
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
	c.texts = append(c.texts, strings.ToLower(strings.Join([]string{i.Code, i.Barcode, i.Name, i.NameEn, i.Category}, "\n")))
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

// Search is the first items, at most so many, in which every word of the text
// occurs: in code, barcode, either name or category, letter case ignored. An
// empty text finds the first items.
func (c Catalog) Search(text string, limit int) []Item {
	words := strings.Fields(strings.ToLower(FoldDigits(text)))
	var found []Item
	for i, t := range c.texts {
		if len(found) == limit {
			break
		}
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(t, w) }) {
			found = append(found, c.items[i])
		}
	}
	return found
}
