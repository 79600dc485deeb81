package ui

import (
	"errors"
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

// giveBack is the screen on which money is given back, and on which what comes
// of that is followed.
type giveBack struct {
	following
	attempt string // of which payment; empty until that is known
	shown   string // the modification that is shown at the end; empty until there is one
	awaits  bool   // and its slip is printed by itself once PayPay has taken it
	begun   bool   // the sale has been read, and the first question chosen

	step   giveStep
	cursor int
	extent extent
	picked []int64 // of each line of the order
	input  string
	burst  burst
	before string  // the input when the burst began
	first  pos.Yen // typed first, to be typed again
	reason string
	left   pos.Yen // what the cashier has seen to be left
	place  string  // the modification that PayPay has refused, and in whose place this is; empty when it is in none

	asked *dialog // open over the step; nil when it is not
	way   pos.Way // of which it speaks
	bind  giveBackKeys
}

// giveStep is what the cashier is asked.
type giveStep int

const (
	atNothing giveStep = iota // there is nothing to give back
	atWhich                   // of several payments
	atHow                     // all of it, by goods, or by amount
	atGoods
	atAmount
	atAgain // the amount once more
	atReason
	atOther   // a reason that is typed
	atOutcome // nothing: it has been asked for, and is followed
	atDrop    // how something that was denied was settled
)

// extent is how much is given back.
type extent int

const (
	wholly extent = iota
	byGoods
	byAmount
)

type giveBackKeys struct {
	again, instead, further, drop, check, details, slip, forward, done, next, away, up, down, more, less, number, leave key.Binding
}

// givenBackMsg is what came of asking the register to give back.
type givenBackMsg struct {
	sale pos.SaleID
	way  pos.Way
	err  error
}

// droppedMsg is what came of writing down that something was settled in
// another way.
type droppedMsg struct {
	sale pos.SaleID
	err  error
}

// newGiveBack is the screen on which a sale's money is given back: that of one
// attempt, or of whichever has some. With a modification it shows what has
// become of that one.
func newGiveBack(e env, id pos.SaleID, attempt, modification string) giveBack {
	w := e.words.GiveBack
	g := giveBack{attempt: attempt, shown: modification, bind: giveBackKeys{
		again: bind(w.KeyAgain, "b"), instead: bind(w.KeyInstead, "b"), further: bind(w.KeyFurther, "b"),
		drop: bind(w.KeyDrop, "d"), check: bind(e.words.Follow.KeyCheck, "c"),
		details: bind(e.words.Follow.KeyDetails, "i"), slip: bind(e.words.Slip.Key, "v"),
		forward: bind(w.KeyForward, "enter"), done: bind(w.KeyDone, "enter"),
		next: bind(e.words.Follow.KeyLeave, "enter", "l"), away: bind(e.words.Follow.KeyLeave, "l"),
		up: bind(w.KeyUp, "up"), down: bind(w.KeyDown, "down"), more: bind(w.KeyMore, "+"), less: bind(w.KeyLess, "-"),
		number: key.NewBinding(key.WithKeys("1", "2", "3", "4", "5", "6", "7", "8", "9"), key.WithHelp("1-9", w.KeyNumber)),
		leave:  bind(e.words.Common.KeyBack, "esc"),
	}}
	g.following = following{env: e, snap: pos.Snapshot{Sale: pos.Sale{ID: id}}}
	return g.look()
}

// init reads the sale from the journal if the register has let go of it.
func (g giveBack) init() tea.Cmd {
	_, cmd := g.recall()
	return cmd
}

func (g giveBack) title() string { return g.words.GiveBack.Title }

// follows reports whether the screen shows something that PayPay has to answer.
func (g giveBack) follows() bool {
	_, m := g.modification()
	return g.step == atOutcome && waits(m)
}

// takes: what is typed goes in at once. Enter does not: it waits to see whether
// it ends a scan.
func (g giveBack) takes(k tea.KeyMsg) bool {
	if g.asked != nil || g.working || k.Type != tea.KeyRunes && k.Type != tea.KeySpace {
		return false
	}
	switch g.step {
	case atAmount, atAgain, atOther, atDrop:
		return len(k.Runes) != 1 || !strings.ContainsRune("?:？：", k.Runes[0])
	case atNothing, atWhich, atHow, atGoods, atReason, atOutcome:
	}
	return false
}

func (g giveBack) keys() []key.Binding {
	b := g.bind
	if g.asked != nil || g.working {
		return nil
	}
	switch g.step {
	case atNothing:
		return []key.Binding{b.leave}
	case atWhich, atHow, atReason:
		return []key.Binding{b.forward, b.leave, b.number, b.up, b.down}
	case atGoods:
		return []key.Binding{b.forward, b.more, b.less, b.leave, b.number, b.up, b.down}
	case atAmount, atAgain, atOther, atDrop:
		return []key.Binding{b.forward, b.leave}
	case atOutcome:
	}
	keys := make([]key.Binding, 0, 5)
	a, m := g.modification()
	switch {
	case !concluded(m):
		keys = append(keys, b.check)
	case m.State == pos.Denied && m.Way == pos.WayCancel && g.open(m):
		keys = append(keys, b.instead)
	case m.State == pos.Denied && g.open(m):
		keys = append(keys, b.again)
	}
	if g.open(m) {
		keys = append(keys, b.drop)
	}
	if m.State != pos.Denied && g.further(a, m) {
		keys = append(keys, b.further)
	}
	switch {
	case g.snap.Sale.Left:
		keys = append(keys, b.done)
	case waits(m) || m.State == pos.Denied:
		keys = append(keys, b.away)
	default:
		keys = append(keys, b.next)
	}
	if hasSlip(m) {
		keys = append(keys, b.slip)
	}
	return append(keys, b.details, b.leave)
}

// modification is the attempt at hand, and what is followed of it. One that is
// not in the sale yet looks as if it had just been asked for.
func (g giveBack) modification() (pos.Attempt, pos.Modification) {
	a, _ := g.snap.Sale.Attempt(g.attempt)
	i := slices.IndexFunc(a.Modifications, func(m pos.Modification) bool { return m.ID == g.shown })
	if i < 0 {
		return a, pos.Modification{State: pos.Asked, Way: g.way, Amount: g.amount(), AskedAt: g.time}
	}
	return a, a.Modifications[i]
}

// concluded reports whether nothing more will come of a modification.
func concluded(m pos.Modification) bool { return m.State == pos.Carried || m.State == pos.Denied }

// open reports whether a modification that was denied, or that came twice, still
// needs a person.
func (g giveBack) open(m pos.Modification) bool {
	return slices.ContainsFunc(g.snap.Sale.Tasks(g.payPayNow(), g.time), func(t pos.Task) bool {
		return (t.Kind == pos.TaskDenied || t.Kind == pos.TaskAgain) && t.Modification == m.ID
	})
}

// further reports whether more can be given back beside what is followed.
func (g giveBack) further(a pos.Attempt, m pos.Modification) bool {
	return a.State == pos.Paid && a.Left() > 0 && !m.Dropped && !blocked(a)
}

// blocked reports whether PayPay has to answer first.
func blocked(a pos.Attempt) bool { return slices.ContainsFunc(a.Modifications, waits) }

// givable are the attempts that have something to give back, or a code to shut.
func givable(s pos.Sale) []pos.Attempt {
	var all []pos.Attempt
	for _, a := range s.Attempts {
		if isGivable(a) {
			all = append(all, a)
		}
	}
	return all
}

func isGivable(a pos.Attempt) bool {
	return a.State == pos.Live || a.State == pos.Held || a.State == pos.Paid
}

// most is how much of an attempt can be given back.
func most(a pos.Attempt) pos.Yen {
	if a.State == pos.Held {
		return a.OnHold
	}
	return a.Left()
}

// amount is how much the cashier has chosen so far.
func (g giveBack) amount() pos.Yen {
	switch g.extent {
	case wholly:
		return g.rest()
	case byGoods:
		return g.value(g.goods())
	case byAmount:
		return g.first
	}
	return 0
}

// goods is what the cashier has chosen to come back.
func (g giveBack) goods() []pos.Goods {
	var all []pos.Goods
	for i, n := range g.picked {
		if n > 0 {
			all = append(all, pos.Goods{Line: i, Quantity: n})
		}
	}
	return all
}

// value is what goods are worth that come back now.
func (g giveBack) value(goods []pos.Goods) pos.Yen {
	a, _ := g.snap.Sale.Attempt(g.attempt)
	worth, err := g.snap.Sale.Worth(goods, a.BroughtBack())
	if err != nil {
		return 0 // no more can be picked than there is
	}
	return worth
}

// choice is how the till would give that amount back now.
func (g giveBack) choice(amount pos.Yen) (pos.Choice, bool) {
	a, _ := g.snap.Sale.Attempt(g.attempt)
	return a.GiveBack(amount, g.payPayNow())
}

// extents are the ways to say how much.
func (g giveBack) extents() []extent {
	if a, _ := g.snap.Sale.Attempt(g.attempt); a.State != pos.Paid {
		return []extent{wholly} // a hold goes as a whole, and so does a code
	}
	if g.rest() == 0 {
		return []extent{byGoods, byAmount}
	}
	return []extent{wholly, byGoods, byAmount}
}

// rest is what is left to give back, less what was settled in another way.
func (g giveBack) rest() pos.Yen { return max(g.left-g.otherwise(), 0) }

// otherwise is what the customer has got in another way than by PayPay.
func (g giveBack) otherwise() pos.Yen {
	a, _ := g.snap.Sale.Attempt(g.attempt)
	return a.Settled()
}

// goodsBack is how many of a line came back with what was given back before.
func goodsBack(a pos.Attempt, line int) int64 {
	var n int64
	for _, back := range a.BroughtBack() {
		if back.Line == line {
			n += back.Quantity
		}
	}
	return n
}

// sold are the places of the order's lines that were not taken back.
func (g giveBack) sold() []int {
	var all []int
	for i, l := range g.snap.Sale.Order.Lines {
		if l.Void == "" {
			all = append(all, i)
		}
	}
	return all
}

// pickable is how many of a line of the order can come back.
func (g giveBack) pickable(line int) int64 {
	a, _ := g.snap.Sale.Attempt(g.attempt)
	return max(g.snap.Sale.Order.Lines[line].Quantity-goodsBack(a, line), 0)
}

// look takes what the register has in memory.
func (g giveBack) look() giveBack {
	g.following = g.fetch()
	return g.abreast()
}

// abreast is the screen after the sale may have changed.
func (g giveBack) abreast() giveBack {
	s := g.snap.Sale
	if len(s.Attempts) == 0 {
		return g // it has not been read yet
	}
	if !g.begun || g.step == atNothing {
		return g.begin()
	}
	a, _ := s.Attempt(g.attempt)
	switch {
	case g.step == atOutcome || g.step == atDrop:
		if g.shown == "" && !g.working {
			g.shown = newest(a)
		}
	case blocked(a):
		return g.showing(underWay(a))
	case g.attempt != "" && (!isGivable(a) || most(a) != g.left):
		// What was on the screen is not so any more.
		g = g.begin()
		g.note = note{text: g.words.GiveBack.News, bad: true}
	default:
		return g.stillAsked()
	}
	return g
}

// stillAsked keeps the time in the question, and closes it when its answer
// would do something else by now.
func (g giveBack) stillAsked() giveBack {
	if g.asked == nil || g.step == atDrop {
		return g
	}
	c, ok := g.choice(g.amount())
	if !ok || c.Way != g.way {
		g.asked = nil
		g.note = note{text: g.words.GiveBack.News, bad: true}
		return g
	}
	again := *g.asked
	again.text = g.question(c)
	g.asked = &again
	return g
}

// newest is the last modification that this till has asked for.
func newest(a pos.Attempt) string {
	for _, m := range slices.Backward(a.Modifications) {
		if !m.Outside {
			return m.ID
		}
	}
	return ""
}

func underWay(a pos.Attempt) string {
	m, _ := a.Working()
	return m.ID
}

// begin is the screen at its first question, or at what has been asked for and
// needs a look.
func (g giveBack) begin() giveBack {
	g.begun, g.asked, g.cursor, g.input, g.picked = true, nil, 0, "", nil
	if g.shown != "" {
		return g.showing(g.shown)
	}
	all := givable(g.snap.Sale)
	if _, still := g.snap.Sale.Attempt(g.attempt); !still || g.attempt == "" {
		switch len(all) {
		case 0:
			g.step = atNothing
			return g
		case 1:
			g.attempt = all[0].ID
		default:
			g.step = atWhich
			g.cursor = max(slices.IndexFunc(all, func(a pos.Attempt) bool { return a.Late && !a.Attached }), 0)
			return g
		}
	}
	return g.about(g.attempt)
}

// about is the screen at the first question about one payment.
func (g giveBack) about(attempt string) giveBack {
	g.attempt = attempt
	a, _ := g.snap.Sale.Attempt(attempt)
	if blocked(a) {
		return g.showing(underWay(a))
	}
	for _, m := range slices.Backward(a.Modifications) {
		if g.open(m) {
			return g.showing(m.ID)
		}
	}
	if !isGivable(a) || a.State == pos.Paid && a.Left() == 0 {
		g.step = atNothing
		return g
	}
	return g.anew(a)
}

// anew is the screen at the question of how much.
func (g giveBack) anew(a pos.Attempt) giveBack {
	g.step, g.cursor, g.extent, g.shown, g.asked = atHow, 0, wholly, "", nil
	g.left, g.first, g.input, g.reason, g.place = most(a), 0, "", "", ""
	g.picked = make([]int64, len(g.snap.Sale.Order.Lines))
	g.extent = g.extents()[0]
	return g
}

func (g giveBack) showing(modification string) giveBack {
	g.step, g.shown, g.asked = atOutcome, modification, nil
	return g
}

func (g giveBack) update(msg tea.Msg) (screen, move, tea.Cmd) {
	switch m := msg.(type) {
	case changedMsg:
		g, cmd := g.changed()
		g, slip := g.papered()
		return g, move{}, tea.Batch(cmd, slip)
	case tickMsg:
		g, slip := g.look().papered()
		return g, move{}, slip
	case recalledMsg:
		if m.id == g.id() {
			g.following = g.recalled(m)
			g, slip := g.abreast().papered()
			return g, move{}, slip
		}
	case printAskedMsg:
		if m.sale == g.id() && m.paper.Kind == pos.SlipPaper && m.err != nil && !errors.Is(m.err, pos.ErrNoPrinter) {
			g.note = g.problem(m.err)
		}
	case doneMsg:
		if m.sale != g.id() || m.deed != leaving || !g.leaves {
			break
		}
		g.working, g.leaves = false, false
		if m.err == nil {
			return g, move{kind: home}, nil
		}
		g = g.look()
		g.note = g.problem(m.err)
	case givenBackMsg:
		if m.sale == g.id() && g.working {
			return g.given(m)
		}
	case droppedMsg:
		if m.sale == g.id() && g.working {
			return g.dropped(m)
		}
	case tea.KeyMsg:
		return g.key(m, g.now())
	}
	return g, move{}, nil
}

// changed looks again: in memory, or in the journal once the register has let
// go of the sale.
func (g giveBack) changed() (giveBack, tea.Cmd) {
	g = g.look()
	f, cmd := g.recall()
	g.following = f
	return g, cmd
}

// given is the screen after the register has written the intent down, or has
// not.
func (g giveBack) given(m givenBackMsg) (screen, move, tea.Cmd) {
	g.working, g.settled = false, false
	if m.err == nil && m.way == pos.WayDelete {
		if snap, ok := g.register.Sale(g.id()); ok {
			return g, move{kind: replace, to: openSale(g.env, snap)}, nil
		}
		return g, move{kind: back}, nil
	}
	if m.err == nil {
		g = g.showing("")
	}
	g, cmd := g.changed()
	if m.err != nil {
		g.note = g.problem(m.err)
	}
	g, slip := g.papered()
	return g, move{}, tea.Batch(cmd, slip)
}

// papered has the slip printed for money that was given back while the screen
// showed it: the customer is still there. Nothing else prints it by itself.
func (g giveBack) papered() (giveBack, tea.Cmd) {
	a, m := g.modification()
	if g.step != atOutcome || g.printer.Asked || m.Way == pos.WayRevert {
		return g, nil
	}
	was := g.awaits
	if g.awaits = waits(m); g.awaits || !was || !hasSlip(m) {
		return g, nil
	}
	return g, askPrint(g.register, g.id(), pos.Paper{Kind: pos.SlipPaper, Attempt: a.ID, Modification: m.ID, Copy: 1})
}

func (g giveBack) dropped(m droppedMsg) (screen, move, tea.Cmd) {
	g.working, g.settled, g.step = false, false, atOutcome
	g, cmd := g.changed()
	g.note = note{text: g.words.GiveBack.DropDone}
	if m.err != nil {
		g.note = g.problem(m.err)
	}
	return g, move{}, cmd
}
