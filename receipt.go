package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strconv"

	"example.jp/reji/config"
	"example.jp/reji/pos"
	"example.jp/reji/store"
	"example.jp/reji/ui"
	"example.jp/reji/ui/escpos"
)

// shopOf is what screens and papers say about the shop.
func shopOf(cfg config.Config) ui.Shop {
	return ui.Shop{
		Name: cfg.Shop.Name, Address: cfg.Shop.Address, Phone: cfg.Shop.Phone, Invoice: cfg.Shop.Invoice,
		Register: cfg.Shop.Register, Mode: ui.Mode(cfg.Env), Zone: cfg.Zone,
	}
}

// printerOf is the shop's paper, and the printer if it has one.
func printerOf(cfg config.Config) (ui.Printer, error) {
	p := ui.Printer{Lang: string(cfg.Lang), Shop: shopOf(cfg), Columns: escpos.Columns58, Drawer: cfg.Printer.Drawer}
	if cfg.Printer.Paper == 80 {
		p.Columns = escpos.Columns80
	}
	if cfg.Printer.Address == "" {
		return p, nil
	}
	var err error
	p.Port, err = escpos.Open(cfg.Printer.Address)
	return p, err
}

// warnOfNumber tells of a registration number that was perhaps mistyped. It
// blocks nothing: a shopkeeper's own number need not have a check digit.
func warnOfNumber(log *slog.Logger, number string) {
	if err := pos.CheckInvoiceNumber(number); number != "" && err != nil {
		log.Warn("registration number", "err", err)
	}
}

type lintCommand struct {
	journalFile
	Number string `arg:"" optional:"" help:"Receipt number; the newest receipt by default."`
	All    bool   `help:"Every receipt of the journal."`
}

// Run lists each legal item of a sale's papers, pass or fail.
func (c lintCommand) Run(ctx context.Context, s settings, stdout io.Writer) (err error) {
	cfg, err := s.load()
	if err != nil {
		return err
	}
	p, err := printerOf(cfg)
	if err != nil {
		return err
	}
	q := store.Query{Limit: 1}
	if c.Number != "" {
		n, err := strconv.ParseInt(pos.FoldDigits(c.Number), 10, 64)
		if err != nil || n < 1 || c.All {
			return usageError{fmt.Errorf("%q is no receipt number", c.Number)}
		}
		q.Before = n + 1
	}
	if c.All {
		q.Limit = 0
	}
	path := cfg.Journal()
	if c.File != "" {
		path = c.File
	}
	db, err := store.Inspect(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }() //nolint:contextcheck // it is closed whatever the time
	if err := pos.CheckInvoiceNumber(cfg.Shop.Invoice); cfg.Shop.Invoice != "" && err != nil {
		if _, err := fmt.Fprintf(stdout, "warning: %v\n", err); err != nil {
			return err
		}
	}
	papers, failed := 0, 0
	for {
		sales, err := db.Sales(ctx, q)
		if err != nil {
			return err
		}
		for _, row := range sales {
			if c.Number != "" && row.Number != q.Before-1 {
				break
			}
			n, bad, err := lintSale(ctx, stdout, db, p, row)
			if err != nil {
				return err
			}
			papers, failed = papers+n, failed+bad
			q.Before = row.Number
		}
		if !c.All || len(sales) == 0 {
			break
		}
	}
	switch {
	case failed > 0:
		return fmt.Errorf("%d of %d papers fail", failed, papers)
	case papers == 0:
		return usageError{errors.New("there is no such receipt")}
	}
	return nil
}

// lintSale prints what is found on the papers of one sale: how many there are,
// and how many fail.
func lintSale(ctx context.Context, to io.Writer, db *store.DB, p ui.Printer, row store.Sale) (papers, failed int, err error) {
	entries, err := db.Entries(ctx, row.ID)
	if err != nil {
		return 0, 0, err
	}
	sale, err := pos.Replay(entries)
	if err != nil {
		return 0, 0, err
	}
	for _, paper := range sale.Papers() {
		text, err := p.Preview(sale, paper)
		if err != nil {
			return 0, 0, err
		}
		papers++
		bad := false
		for _, l := range p.Lint(text, sale, paper) {
			says := "pass"
			if l.Why != "" {
				bad, says = true, "FAIL  "+l.Why
			}
			if _, err := fmt.Fprintf(to, "%06d  %-8s %-20s %s\n", sale.Number, paper.Kind, l.Item, says); err != nil {
				return 0, 0, err
			}
		}
		if bad {
			failed++
		}
	}
	return papers, failed, nil
}
