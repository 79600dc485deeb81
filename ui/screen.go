package ui

import (
	"context"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"example.jp/reji/pos"
)

// screen is one page of the till. Screens are values: update gives back the
// next one. They do no I/O; what takes time is a command.
//
// Keys reach only the screen on top, and only when they cannot be a scanner's
// (see typist). Every other message reaches every screen on the stack: a
// screen knows its own by the type and the sale in it.
type screen interface {
	// init is called when the screen comes to the top of the stack.
	init() tea.Cmd
	// update takes one message. Where to go next is a return value, not a
	// message: a scanner's keys must land on the screen that is showing.
	update(tea.Msg) (screen, move, tea.Cmd)
	// view is the body, at most width cells wide and height lines high.
	view(width, height int) string
	// keys are the keys that work now, for the footer and the help.
	keys() []key.Binding
	// title names the screen in the header.
	title() string
}

// typist is a screen that takes text. A key that it takes goes in at once;
// every other character and Enter is held back for a moment, and dropped when
// it turns out to be part of a scan, so that a scan can never act as commands.
type typist interface {
	takes(tea.KeyMsg) bool
}

// changedMsg says that something in the register may have changed.
type changedMsg struct{}

// tickMsg comes once a second.
type tickMsg struct{}

// patience is how long a screen waits for the register to do something.
const patience = 12 * time.Second

// move says where to go after an update. The zero move stays. A screen that is
// not on top may move too: what stands on it is taken off first.
type move struct {
	kind  moveKind
	to    screen    // open and replace
	order pos.Order // resume: the order that was charged
}

type moveKind int

const (
	stay    moveKind = iota
	open             // put to on top
	replace          // put to in the place of this screen
	back             // take this screen off
	home             // back to the sale screen, which gets a fresh order
	resume           // back to the sale screen, with the order to sell again
	quit
)

// env is what every screen works with.
type env struct {
	register Register
	catalog  pos.Catalog
	words    *words
	theme    theme
	keymap   keymap
	shop     Shop
	printer  Printer // without Lang and Shop
	now      func() time.Time
	customer Customer
	entry    Entry

	addressed map[string]pos.Paper // what was typed for each attempt's 領収書 since the start

	quickKeys QuickKeys
	profile   termenv.Profile // the colours of the terminal, for the QR code
	play      func(sound)     // plays a sound, which may take a while; nil plays none
	mouse     bool            // clicks and touches are wanted of the terminal
	fullQR    bool            // two columns a module, for terminals with gaps between lines
}

// Shop is what stands in the header and on receipts.
type Shop struct {
	Name     string
	Address  string // may be empty
	Phone    string // may be empty
	Invoice  string // T and 13 digits: the issuer of qualified invoices; may be empty
	Register string // this till's id
	Mode     Mode
	Zone     *time.Location
}

// Mode is which PayPay the till talks to.
type Mode string

// The modes. Only Production moves money.
const (
	Training   Mode = "training"
	Sandbox    Mode = "sandbox"
	Staging    Mode = "staging"
	Production Mode = "production"
)

// Customer plays the customer in training; nil outside it. The action is "pay",
// "decline" or "fail" with the id of a code, "consent" or "refuse" with the
// merchantPaymentId of a hold of which more is to be captured.
type Customer func(ctx context.Context, id, action string) error
