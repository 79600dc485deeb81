package ui

import (
	"context"
	"errors"
	"io"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"example.jp/reji/pos"
)

// Register is what the screens ask of the till. *pos.Register satisfies it.
type Register interface {
	Charge(ctx context.Context, o pos.Order, t pos.Terms) (pos.Sale, error)
	GiveUp(ctx context.Context, id pos.SaleID) error
	NewCode(ctx context.Context, id pos.SaleID, t pos.Terms) error
	Same(as pos.Sale) (pos.Sale, bool)
	GiveBack(ctx context.Context, id pos.SaleID, want pos.Return) error
	Capture(ctx context.Context, id pos.SaleID, attempt string, amount pos.Yen) error
	Attach(ctx context.Context, id pos.SaleID, attempt string) error
	Drop(ctx context.Context, id pos.SaleID, attempt, modification, reason string) error
	MoveOn(ctx context.Context, id pos.SaleID, seen pos.Standing) error
	Park(ctx context.Context, o pos.Order, name string) error
	Discard(ctx context.Context, orderID string) error
	Parked() []pos.ParkedOrder
	Account(ctx context.Context, gap time.Time, found string) error
	Gaps() []pos.Gap
	Tax() pos.Tax
	Print(ctx context.Context, id pos.SaleID, p pos.Paper) error
	DropPrints(ctx context.Context) error
	TryPrints()
	CheckNow(id pos.SaleID)
	Sale(id pos.SaleID) (pos.Snapshot, bool)
	Unfinished() (pos.SaleID, bool)
	Unsettled() []pos.Snapshot
	Holds() []pos.Snapshot
	Tasks() []pos.Task
	Status() pos.Status
	Day() pos.Day
	List(ctx context.Context, q pos.ListQuery) ([]pos.Listed, error)
	Report(ctx context.Context, day pos.Day) (pos.Report, error)
	History(ctx context.Context, id pos.SaleID) (pos.Sale, []pos.Recorded, error)
	Changes() <-chan struct{}
}

var _ Register = (*pos.Register)(nil)

// Options are what the screens have to know. Register, Shop.Zone and Renderer
// are needed.
type Options struct {
	Register Register
	Catalog  pos.Catalog
	Shop     Shop
	Lang     string // "ja" or "en"; what begins with neither is Japanese
	Renderer *lipgloss.Renderer
	Customer Customer // plays the customer in training; nil outside it
	Theme    Theme    // empty is AutoTheme
	Entry    Entry
	Printer  Printer // what papers are looked at with; the register prints them
	FullQR   bool    // draw the QR code two columns a module wherever that fits

	Keys     Keys      // where the shop has put keys
	Quick    QuickKeys // what its quick keys sell
	Sound    string    // Bell, Silent (also when empty) or the path of a program
	Terminal io.Writer // where the bell is written: the very file that frames are written to

	// Mouse has the terminal tell of clicks and touches. It then no longer marks
	// text with them, unless Shift is held.
	Mouse bool

	Now func() time.Time // our clock; nil is time.Now
}

// New is the till's screens as a Bubble Tea model. If a sale was being paid
// when the till last ended, its payment screen is on top.
//
// Run it in the alternate screen and at 120 frames a second, which keeps the
// wait between a key and its effect on the screen under 12 ms.
func New(o Options) (tea.Model, error) {
	switch {
	case o.Register == nil:
		return nil, errors.New("screens need a register")
	case o.Renderer == nil:
		return nil, errors.New("screens need a renderer")
	case o.Shop.Zone == nil:
		return nil, errors.New("screens need the shop's time zone")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return newApp(env{
		register: o.Register,
		catalog:  o.Catalog,
		words:    keyedWords(o.Lang, o.Keys.keymap),
		theme:    o.Theme.looks(o.Renderer),
		shop:     o.Shop,
		printer:  o.Printer,
		now:      o.Now,
		customer: o.Customer,
		entry:    o.Entry,
		profile:  o.Renderer.ColorProfile(),
		keymap:   o.Keys.keymap,

		addressed: map[string]pos.Paper{},
		quickKeys: o.Quick,
		play:      player(o.Sound, o.Terminal),
		mouse:     o.Mouse,
		fullQR:    o.FullQR || o.Theme == ASCIITheme, // spaces where there is room for them
	}), nil
}
