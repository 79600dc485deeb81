package ui

import (
	"context"
	"errors"
	"fmt"

	"example.jp/reji/pos"
	"example.jp/reji/ui/escpos"
)

// Printer puts the papers of sales on paper: what the register prints with.
type Printer struct {
	Lang    string // "ja" or "en"
	Shop    Shop
	Columns int         // escpos.Columns58 or escpos.Columns80
	Drawer  bool        // the first print of a paper opens the drawer
	Asked   bool        // receipts are printed only when the customer wants one
	Blank   bool        // the addressee of a 領収書 is left to be written by hand
	Port    escpos.Port // to the printer; nil when there is none
}

// Print prints one paper of a sale. It is pos.ErrNotPrinted when certainly
// nothing came out.
func (p Printer) Print(ctx context.Context, s pos.Sale, which pos.Paper) error {
	made, err := p.paper(s, which, false)
	if err != nil {
		return fmt.Errorf("%w: %w", pos.ErrNotPrinted, err)
	}
	err = p.Port(ctx, escpos.Encode(made))
	if errors.Is(err, escpos.ErrNotReached) {
		return fmt.Errorf("%w: %w", pos.ErrNotPrinted, err)
	}
	return err
}

// Preview is a paper as text, as the printer would print it. It needs no
// printer.
func (p Printer) Preview(s pos.Sale, which pos.Paper) ([]string, error) {
	made, err := p.paper(s, which, false)
	if err != nil {
		return nil, err
	}
	return escpos.Text(made), nil
}

// paper is a paper of a sale. Plain is without twice the size.
func (p Printer) paper(s pos.Sale, which pos.Paper, plain bool) (escpos.Paper, error) {
	a, ok := s.Attempt(which.Attempt)
	if !ok {
		return escpos.Paper{}, fmt.Errorf("attempt %s: %w", pos.Clean(which.Attempt, 64), pos.ErrNoSale)
	}
	w := newWords(p.Lang)
	r := newPaper(w, p.Shop, p.Columns)
	r.forPaper, r.plain = true, plain
	switch which.Kind {
	case pos.SlipPaper:
		m, ok := a.Modification(which.Modification)
		if !ok {
			return escpos.Paper{}, fmt.Errorf("modification %s: %w", pos.Clean(which.Modification, 64), pos.ErrNoSale)
		}
		r.slip(w.Slip, s, a, m, which)
	case pos.HoldPaper:
		r.held(w.Kept, s, a, which)
	case pos.ReceiptPaper, pos.AddressedPaper:
		r.receipt(s, a, which)
	default:
		return escpos.Paper{}, fmt.Errorf("a paper %q, which this program does not know", pos.Clean(string(which.Kind), 20))
	}
	return escpos.Paper{Columns: r.width, Lines: r.lines, Drawer: p.Drawer && which.Copy <= 1 && !which.Doubt}, nil
}
