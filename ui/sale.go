package ui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

const (
	// maxInput is more than any code or amount has.
	maxInput = 24
	// maxUndo is how many steps back the cashier can go.
	maxUndo = 50
	// panelWidth is what the goods take beside the order on a wide screen.
	panelWidth = 44
	// panelFrom is the width from which there is room for them.
	panelFrom = 112
)

// homeMsg tells the sale screen that the charged order is done with.
type homeMsg struct{}

// resumeMsg tells the sale screen that an order was not paid, and is to be
// sold some other way, or changed.
type resumeMsg struct{ order pos.Order }

// chargedMsg is what became of charging the order.
type chargedMsg struct {
	order string
	terms pos.Terms
	sale  pos.Sale
	err   error
}

// letterMsg says that a command letter was no scan's first letter.
type letterMsg struct{ turn int }

// sale is the screen on which the cashier takes an order.
type sale struct {
	env
	order   pos.Order
	totals  pos.Totals
	undo    []pos.Order
	redo    []pos.Order
	from    *pos.ParkedOrder // what the order was parked as; nil when it was not
	grown   int              // the age the customer was found to have, in years
	cursor  int              // the selected line
	charged string
	busy    bool // PayPay is being asked for a code

	input    string
	read     read
	preview  string
	burst    burst
	before   string // the input when the burst began
	turn     int    // which letter is waiting
	waits    letter // the letter that waits; zero when none does
	note     note
	declined time.Time // when Enter last closed a question
	search   *search   // open instead of the order; nil when it is not
	again    *again    // open over the order; nil when it is not
	ask      *question // the same
	prompt   *prompt   // open instead of the input; nil when it is not

	offers    []pos.Item    // the goods beside the order
	quick     []quickPage   // the quick keys
	page      int           // of them that shows
	labels    []quickLabels // of each page
	quickKeys QuickKeys     // where they are kept
	keeping   bool          // that is being done
	unkept    bool          // they have changed since
	assigning *assigning    // which of them is being set; nil when none is

	waiting *parkedList // the parked orders, listed; nil when they are not
	parked  string      // the order that was parked last

	look   pos.SaleID // what the attention key opens when there are no tasks; empty when nothing is open
	urgent bool       // there are tasks
	held   bool       // there are holds
	bind   saleKeys
}

// note is one sentence for the cashier about the last key.
type note struct {
	text string
	bad  bool
	scan bool // a scan has done what it says
}

// saleKeys are the keys of the sale screen.
type saleKeys struct {
	paypay, hold, holds, list, look, urgent, search, reduced, quantity, more, less, void, undo, up, down, input key.Binding

	redo, count, note, price, off, eatIn, abandon, park, recall key.Binding
	assign, page, pageBack                                      key.Binding
}

func newSale(e env) sale {
	w, n := e.words.Sale, e.words.Entry
	s := sale{env: e, bind: saleKeys{
		paypay: bind(w.KeyPayPay, "f9"), hold: bind(w.KeyHold, "f10"), holds: bind(e.words.Holds.KeyOpen, "f11"), list: bind(w.KeyList, "f3"), look: bind(w.KeyOpen, "!"), urgent: bind(w.KeyLook, "!"),
		search: bind(w.KeySearch, "/"), reduced: bind(w.KeyReduced, "r"), quantity: bind(w.KeyQuantity, "*"),
		more: bind(w.KeyMore, "+"), less: bind(w.KeyLess, "-"), void: bind(w.KeyVoid, "delete"),
		undo: bind(w.KeyUndo, "u"), up: bind(w.KeyUp, "up"), down: bind(w.KeyDown, "down"),
		input: bind(w.KeyInputLine, "f2"),
		redo:  bind(n.KeyRedo, "y"), count: bind(n.KeyQuantity, "f6"), note: bind(n.KeyNote, "f7"), price: bind(n.KeyPrice, "p"),
		off: bind(n.KeyOff, "f8"), eatIn: bind(n.KeyEatIn, "e"), abandon: bind(n.KeyAbandon, "q"),
		park: bind(e.words.Park.KeyPark, "f4"), recall: bind(e.words.Park.KeyRecall, "f5"),
		assign: bind(e.words.Quick.KeyAssign, "f12"), page: bind(e.words.Quick.KeyPage, "tab"), pageBack: bind(e.words.Quick.KeyPageBack, "shift+tab"),
	}}
	s.quickKeys = e.quickKeys
	if s.quick = e.quickKeys.pages; s.quick == nil {
		s.quick = firstQuick(e.catalog)
	}
	if len(e.quickKeys.bad) > 0 {
		s.note = note{text: e.quickKeys.bad[:1].Text(e.words.Common.Lang), bad: true}
	}
	s = s.labelled()
	s.offers = e.catalog.Search("", maxFound)
	s.order = s.begun()
	return s.attend()
}

func (s sale) init() tea.Cmd { return nil }

func (s sale) title() string { return s.words.Sale.Title }

// takes: everything is text here, so that a scan goes in at once, except the
// characters that lead elsewhere.
func (s sale) takes(k tea.KeyMsg) bool {
	if s.again != nil || s.ask != nil || s.waiting != nil || s.assigning != nil && s.assigning.key < 0 {
		return false
	}
	if s.search != nil || s.prompt != nil {
		return true
	}
	return len(k.Runes) != 1 || !strings.ContainsRune("?:？：", k.Runes[0]) || s.burst.running(s.now())
}

func (s sale) keys() []key.Binding {
	if s.prompt != nil {
		return s.prompt.keys
	}
	if s.waiting != nil {
		return s.waitingKeys()
	}
	if s.assigning != nil {
		return s.assignKeys()
	}
	if s.search != nil {
		return s.search.keys
	}
	b := s.bind
	keys := make([]key.Binding, 0, 44)
	if s.busy || s.again != nil || s.ask != nil {
		return keys
	}
	if len(s.order.Lines) > 0 {
		keys = append(keys, b.paypay)
	}
	switch {
	case s.urgent:
		keys = append(keys, b.urgent)
	case s.look != "":
		keys = append(keys, b.look)
	}
	keys = append(keys, b.list, b.search)
	if s.held {
		keys = append(keys, b.holds)
	}
	if len(s.undo) > 0 {
		keys = append(keys, b.undo)
	}
	if len(s.redo) > 0 {
		keys = append(keys, b.redo)
	}
	if len(s.order.Lines) > 0 {
		keys = append(keys, b.void, b.off, b.more, b.less)
	}
	if s.input != "" {
		keys = append(keys, b.reduced, b.quantity, b.input)
	}
	if len(s.order.Lines) > 0 {
		keys = append(keys, b.count, b.price, b.note, b.eatIn)
	}
	if len(s.order.Lines) > 1 {
		keys = append(keys, b.up, b.down)
	}
	if len(s.order.Lines) > 0 {
		keys = append(keys, b.park, b.hold, b.abandon)
	}
	keys = append(keys, s.recalls())
	if len(s.quick) > 1 {
		keys = append(keys, b.page, b.pageBack)
	}
	return append(keys, b.assign)
}

func (s sale) update(msg tea.Msg) (screen, move, tea.Cmd) {
	switch m := msg.(type) {
	case homeMsg:
		if s.order.ID == s.charged {
			s = s.fresh(s.begun())
		}
		s.busy, s.note = false, note{}
		return s.attend(), move{}, nil
	case resumeMsg:
		return s.resumed(m.order), move{}, nil
	case parkedMsg:
		return s.wasParked(m), move{}, nil
	case keptQuickMsg:
		return s.wasKept(m)
	case chargedMsg:
		return s.wasCharged(m)
	case letterMsg:
		if m.turn != s.turn {
			return s, move{}, nil
		}
		return s.letter()
	case changedMsg, tickMsg:
		return s.attend(), move{}, nil
	case tea.KeyMsg:
		return s.key(m, s.now())
	case keptMsg:
		return s.key(m.key, m.at)
	}
	return s, move{}, nil
}

// recalls is the key that lists the parked orders, with how many there are.
func (s sale) recalls() key.Binding {
	b, n := s.bind.recall, len(s.register.Parked())
	if n > 0 {
		b.SetHelp(b.Help().Key, fmt.Sprintf(s.words.Park.Waiting, b.Help().Desc, n))
	}
	return b
}

// attend finds out what the attention key opens: what a person must look at,
// or else the oldest payment that is not settled.
func (s sale) attend() sale {
	s.look, s.urgent, s.held = "", len(s.register.Tasks()) > 0, len(s.register.Holds()) > 0
	if open := s.register.Unsettled(); len(open) > 0 {
		s.look = open[0].Sale.ID
	}
	return s
}

func (s sale) resumed(o pos.Order) sale {
	s.busy = false
	s = s.attend()
	if s.order.ID != s.charged && len(s.order.Lines) > 0 {
		// Another customer's order is being taken already.
		s.note = note{text: s.words.Sale.Kept}
		return s
	}
	// A new order: the old one has made its sale.
	next := s.begun(o.Lines...)
	next.Off, next.EatIn = o.Off, o.EatIn
	grown := 0
	if s.order.ID == s.charged {
		grown = s.grown // it is the same customer
	}
	s = s.fresh(next)
	s.grown = grown
	s.note = note{text: s.words.Sale.Resumed}
	return s
}

func (s sale) wasCharged(m chargedMsg) (screen, move, tea.Cmd) {
	if m.order != s.order.ID || !s.busy {
		return s, move{}, nil
	}
	s.busy = false
	if errors.Is(m.err, pos.ErrSameAmount) {
		return s.doubt(m.terms), move{}, nil
	}
	if errors.Is(m.err, pos.ErrTax) {
		// The customer has to hear of it before anything is charged.
		s.order.Tax = s.register.Tax()
		s.undo, s.redo = nil, nil
		s = s.with(s.order)
		s.note = note{text: s.words.Entry.TaxChanged, bad: true}
		return s, move{}, nil
	}
	if m.err != nil {
		s.note = s.problem(m.err)
		return s, move{}, nil
	}
	s.charged = s.order.ID
	snap, ok := s.register.Sale(m.sale.ID)
	if !ok {
		snap = pos.Snapshot{Sale: m.sale}
	}
	return s, move{kind: open, to: openSale(s.env, snap)}, nil
}

func (s sale) problem(err error) note {
	w := s.words.Sale
	switch {
	case errors.Is(err, pos.ErrEmptyOrder):
		return note{text: w.EmptyOrder, bad: true}
	case errors.Is(err, pos.ErrTooManyLines):
		return note{text: w.Full, bad: true}
	case errors.Is(err, pos.ErrTooManyParked):
		return note{text: s.words.Park.Full, bad: true}
	case errors.Is(err, pos.ErrQuantity):
		return note{text: w.BadQuantity, bad: true}
	case errors.Is(err, pos.ErrAmount):
		return note{text: w.TooLarge, bad: true}
	case errors.Is(err, context.DeadlineExceeded):
		return note{text: w.TimedOut, bad: true}
	}
	p := s.words.Problem.of(err, s.register.Status())
	return note{text: p.says + " " + p.next, bad: true}
}

// key takes a key that was pressed at a moment, which may be past.
func (s sale) key(k tea.KeyMsg, now time.Time) (screen, move, tea.Cmd) {
	var before tea.Cmd
	if s.waits.r != 0 && now.Sub(s.waits.at) > burstGap {
		// The letter was no part of a scan, though the timer is not through.
		next, m, cmd := s.letter()
		at, here := next.(sale)
		if !here || m.kind != stay || at.occupied() {
			return next, m, cmd // where it leads nobody had seen when this key was pressed
		}
		s, before = at, cmd
	}
	s.turn++
	s.waits = letter{}
	next, m, cmd := s.press(k, now)
	return next, m, tea.Batch(before, cmd)
}

// occupied reports whether something is open over the order that takes the keys.
func (s sale) occupied() bool {
	return s.again != nil || s.ask != nil || s.prompt != nil || s.search != nil || s.assigning != nil || s.waiting != nil
}

func (s sale) press(k tea.KeyMsg, now time.Time) (screen, move, tea.Cmd) {
	if s.again != nil {
		return s.decided(k, now)
	}
	if s.ask != nil {
		return s.answered(k, now)
	}
	if s.busy {
		return s, move{}, nil
	}
	if k.Type != tea.KeyEnter {
		s.declined = time.Time{}
	}
	s.note = note{}
	if k.Paste {
		s.note = note{text: s.words.Sale.NoPaste, bad: true}
		return s, move{}, nil
	}
	if k.Type == tea.KeyEnter || k.Type == tea.KeyTab {
		if code, ok := s.burst.scan(s.entry.Prefix, now); ok {
			s.burst = burst{}
			if s.assigning != nil {
				return s.scanned(code), move{}, nil
			}
			if s.search != nil || s.prompt != nil {
				s.before = s.input
			}
			if p := s.prompt; p != nil {
				at := *p
				at.text, s.prompt = p.before, &at
			}
			return s.scan(code), move{}, nil
		}
	}
	if s.prompt != nil {
		return s.fill(k, now)
	}
	if s.waiting != nil {
		return s.awaited(k), move{}, nil
	}
	if s.assigning != nil && s.assigning.key < 0 {
		return s.chosen(k), move{}, nil
	}
	if s.search != nil {
		return s.find(k, now)
	}
	switch k.Type {
	case tea.KeyEnter:
		if !s.declined.IsZero() && now.Sub(s.declined) < time.Second {
			s.declined = now // held down, or once too often: what was typed was no price
			return s, move{}, nil
		}
		if s.burst.running(now) && strings.Trim(s.burst.text, "0123456789*-") != "" {
			// Letters and digits in one go are a short code, and no price.
			s = s.typed(s.before)
			s.note = note{text: fmt.Sprintf(s.words.Quick.TooFast, pos.Clean(s.burst.text, 10)), bad: true}
			return s, move{}, nil
		}
		return s.enter(), move{}, nil
	case tea.KeyRunes, tea.KeySpace:
		if k.Alt {
			s.note = note{text: s.words.Sale.NoSuchKey} // a part of a sequence that the terminal cut in two
			return s, move{}, nil
		}
		s, cmd := s.runes(k.Runes, now)
		return s, move{}, cmd
	case tea.KeyTab:
		return s.turned(+1), move{}, nil
	case tea.KeyShiftTab:
		return s.turned(-1), move{}, nil
	case tea.KeyBackspace:
		if s.input != "" {
			_, size := lastRune(s.input)
			if s.read == scanned {
				s.read = mended
			}
			return s.typed(s.input[:len(s.input)-size]), move{}, nil
		}
		return s.void(), move{}, nil
	case tea.KeyDelete:
		return s.void(), move{}, nil
	case tea.KeyUp:
		s.cursor = max(s.cursor-1, 0)
	case tea.KeyDown:
		s.cursor = min(s.cursor+1, max(len(s.order.Lines)-1, 0))
	case tea.KeyPgUp, tea.KeyHome:
		s.cursor = 0
	case tea.KeyPgDown, tea.KeyEnd:
		s.cursor = max(len(s.order.Lines)-1, 0)
	case tea.KeyEsc, tea.KeyF2:
		return s.typed(""), move{}, nil
	case tea.KeyF3:
		return s, move{kind: open, to: newList(s.env)}, nil
	case tea.KeyF4:
		return s.park()
	case tea.KeyF5:
		return s.recall(), move{}, nil
	case tea.KeyF6:
		return s.many(), move{}, nil
	case tea.KeyF7:
		return s.remark(), move{}, nil
	case tea.KeyF8:
		return s.discount(), move{}, nil
	case tea.KeyF9:
		return s.charge(pos.Terms{})
	case tea.KeyF11:
		return s, move{kind: open, to: newHolds(s.env)}, nil
	case tea.KeyF12:
		return s.assign(), move{}, nil
	case tea.KeyF10:
		return s.charge(pos.Terms{Hold: true})
	default:
		s.note = note{text: s.words.Sale.NoSuchKey}
	}
	return s, move{}, nil
}

// attention opens the tasks, or else the oldest payment that is not settled.
func (s sale) attention() (screen, move, tea.Cmd) {
	if s.urgent {
		return s, move{kind: open, to: newTasks(s.env)}, nil
	}
	if s.look == "" {
		s.note = note{text: s.words.Sale.NothingOpen}
		return s, move{}, nil
	}
	snap, ok := s.register.Sale(s.look)
	if !ok {
		return s.attend(), move{}, nil
	}
	return s, move{kind: open, to: openSale(s.env, snap)}, nil
}

// charge makes a sale of the order. Nothing else can be done until that is
// written down, so that the order cannot change under the sale.
func (s sale) charge(terms pos.Terms) (screen, move, tea.Cmd) {
	w := s.words
	switch {
	case s.register.Status().Trouble != nil:
		s.note = note{text: w.Common.JournalBad, bad: true}
		return s, move{}, nil
	case len(s.order.Lines) == 0:
		s.note = note{text: w.Sale.EmptyOrder, bad: true}
		return s, move{}, nil
	case s.input != "":
		s.note = note{text: w.Sale.InputLeft, bad: true}
		return s, move{}, nil
	case s.totals.Total < 1:
		s.note = note{text: w.Entry.NothingToPay, bad: true}
		return s, move{}, nil
	}
	if s, asks := s.oldest(terms); asks {
		return s, move{}, nil
	}
	s.busy = true
	s.note = note{text: w.Sale.Charging}
	register, order := s.register, s.order
	return s, move{}, func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		sold, err := register.Charge(ctx, order, terms)
		return chargedMsg{order: order.ID, terms: terms, sale: sold, err: err}
	}
}
