package ui

import (
	"errors"
	"fmt"
	"strings"

	"example.jp/reji/pos"
)

// errUnknownCode means that no item has the code.
var errUnknownCode = errors.New("no item has this code")

// read is where an input came from that may be no price.
type read int

const (
	typedIn read = iota // by hand
	scanned             // a code without an item; the next number takes its place
	mended              // the same, and the cashier is mending it
)

// lookUp is the line that a barcode stands for.
func (e env) lookUp(code string, n int64) (pos.Line, error) {
	if item, ok := e.catalog.Find(code); ok {
		return item.Line(n), nil
	}
	// UPC-A is JAN-13 without the zero in front; scanners send either.
	if other, cut := strings.CutPrefix(code, "0"); cut && len(other) == 12 || len(code) == 12 {
		if !cut || len(code) == 12 {
			other = "0" + code
		}
		if item, ok := e.catalog.Find(other); ok && pos.CheckBarcode(code) == nil {
			return item.Line(n), nil
		}
	}
	if err := pos.CheckBarcode(code); err != nil {
		return pos.Line{}, err
	}
	if packed, own := e.entry.InStore.Unpack(code); own {
		item, ok := e.catalog.Find(packed.Item)
		if !ok {
			return pos.Line{}, errUnknownCode
		}
		l := item.Line(n)
		l.Unit = pos.Yen(packed.Value)
		if e.entry.InStore == pos.InStoreWeight {
			price, err := pos.ByWeight(item.Price, packed.Value)
			if err != nil {
				return pos.Line{}, err
			}
			l.Unit, l.Note = price, digits(packed.Value)+" g"
		}
		return l, nil
	}
	return pos.Line{}, errUnknownCode
}

// scan adds the item that a scanner has read. What it read is a code and
// nothing else: it is never a price.
func (s sale) scan(code string) sale {
	s.search = nil
	code = strings.TrimPrefix(code, s.entry.Prefix)
	many, _, multiplied := strings.Cut(s.before, "*")
	n := int64(1)
	if multiplied {
		var err error
		if n, _, err = quantity(many + "*"); err != nil {
			s.note = note{text: s.words.Sale.BadQuantity, bad: true}
			return s
		}
	}
	l, err := s.lookUp(code, n)
	if err == nil {
		// What was typed before without a quantity sign has nothing to do with
		// the scan: it stays where it is.
		left := s.before
		if multiplied {
			left = ""
		}
		s = s.put(l, left)
		s.note.scan = !s.note.bad && s.ask == nil
		return s
	}
	// The code stands in the input, to be looked at and mended; the next number
	// takes its place, so that it is glued to nothing.
	s = s.typed("")
	if len(code) <= maxInput && strings.Trim(code, "0123456789") == "" {
		s.read = scanned
		s = s.typed(code)
	}
	s.note = s.unread(code, err)
	return s
}

// unread says why a code stands for nothing.
func (s sale) unread(code string, err error) note {
	code = pos.Clean(code, 30)
	if errors.Is(err, pos.ErrCheckDigit) {
		return note{text: fmt.Sprintf(s.words.Entry.Misread, code), bad: true}
	}
	if errors.Is(err, pos.ErrAmount) {
		return s.problem(err)
	}
	return note{text: fmt.Sprintf(s.words.Sale.UnknownCode, code), bad: true}
}

// again looks a code up that the cashier has mended.
func (s sale) lookAgain() sale {
	n, code, err := quantity(s.input)
	if err != nil {
		s.note = note{text: s.words.Sale.BadQuantity, bad: true}
		return s
	}
	l, err := s.lookUp(code, n)
	if err != nil {
		s.note = s.unread(code, err)
		return s
	}
	return s.put(l, "")
}
