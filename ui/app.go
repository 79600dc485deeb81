package ui

import (
	"fmt"
	"slices"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

// quitWithin is how long the second Ctrl+C may take.
const quitWithin = 3 * time.Second

// app is the whole till: a stack of screens with the sale screen at the
// bottom, in a frame of header and footer. It routes every message.
type app struct {
	env
	stack         []screen
	width, height int
	time          time.Time // as of the last message
	status        pos.Status
	gate          gate
	kept          []keptMsg // pressed for the sale screen while it is on its way
	palette       *palette  // open over the top screen; nil when it is not
	quitting      *dialog   // open over everything; nil when it is not
	hint          string    // why the last key did nothing
	hintBy        time.Time // until then it stands in the place of the keys
	quitBy        time.Time // until then one more Ctrl+C ends the till
	ending        bool      // the order in hand is being parked, then the till ends
	unparked      bool      // that has failed; ending would lose the order
	globals       []key.Binding
	printing      key.Binding // to the printer, on every screen
}

func newApp(e env) *app {
	a := &app{env: e, time: e.now(), status: e.register.Status()}
	a.globals = []key.Binding{
		bind(e.words.Common.KeyHelp, "f1", "?"),
		bind(e.words.Common.KeyCommands, ":"),
	}
	a.printing = bind(e.words.Printer.Key, printerKey)
	a.printing.SetEnabled(e.printer.Port != nil)
	a.stack = []screen{newSale(e)}
	if id, ok := e.register.Unfinished(); ok {
		if snap, ok := e.register.Sale(id); ok {
			a.stack = append(a.stack, openSale(e, snap))
		}
	}
	if slices.ContainsFunc(e.register.Tasks(), func(t pos.Task) bool { return t.Kind == pos.TaskGap }) {
		a.stack = append(a.stack, newTasks(e)) // the first thing to know of a journal that was restored
	}
	return a
}

// openSale is the screen of a sale that the register still has in hand.
func openSale(e env, s pos.Snapshot) screen {
	if to, ok := beyond(e, s); ok {
		return to
	}
	return newPayment(e, s)
}

// beyond is the screen of a sale that has come further than the payment screen
// goes, and false while one of its codes can be paid or it never was.
func beyond(e env, s pos.Snapshot) (screen, bool) {
	if s.Sale.Last().State.Open() {
		return nil, false
	}
	for _, a := range s.Sale.Attempts {
		if m, busy := a.Working(); busy && waits(m) && a.State == pos.Paid {
			return newGiveBack(e, s.Sale.ID, a.ID, m.ID), true
		}
	}
	if _, paid := s.Sale.PaidBy(); paid {
		return newPaid(e, s.Sale), true
	}
	if a, held := s.Sale.Held(); held {
		return newHold(e, s, a.ID), true
	}
	for _, a := range slices.Backward(s.Sale.Attempts) {
		switch a.State {
		case pos.Reverted, pos.Lapsed:
			return newHold(e, s, a.ID), true
		case pos.Refunded, pos.Cancelled:
			if n := len(a.Modifications); n > 0 && a.Taken > 0 {
				return newGiveBack(e, s.Sale.ID, a.ID, a.Modifications[n-1].ID), true
			}
			return newHold(e, s, a.ID), true
		default: // ended without money
		}
	}
	return nil, false
}

// bind is a key, or several for the same thing, with its name for footer and
// help.
func bind(name string, keys ...string) key.Binding {
	return key.NewBinding(key.WithKeys(keys...), key.WithHelp(keyName(keys[0]), name))
}

// Init starts the clock and the bridge from the register.
func (a *app) Init() tea.Cmd {
	cmds := []tea.Cmd{nextTick(), a.nextChange()}
	if a.mouse {
		cmds = append(cmds, tea.EnableMouseCellMotion)
	}
	for _, s := range a.stack {
		cmds = append(cmds, s.init())
	}
	return tea.Batch(cmds...)
}

func nextTick() tea.Cmd {
	return tea.Tick(time.Second, func(time.Time) tea.Msg { return tickMsg{} })
}

// nextChange waits for one message of the register. It is asked for again
// after each, so that none is lost and none piles up.
func (a *app) nextChange() tea.Cmd {
	changes := a.register.Changes()
	return func() tea.Msg {
		if _, ok := <-changes; !ok {
			return nil
		}
		return changedMsg{}
	}
}

// Update takes one message.
func (a *app) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	a.time = a.now()
	switch m := msg.(type) {
	case endedMsg:
		return a, a.ended(m)
	case tea.WindowSizeMsg:
		a.width, a.height = m.Width, m.Height
		return a, nil
	case tickMsg:
		return a, tea.Batch(a.look(msg), nextTick())
	case changedMsg:
		return a, tea.Batch(a.look(msg), a.nextChange())
	case heldMsg:
		if k, ok := a.gate.release(m); ok && !a.ending {
			return a, a.press(k)
		}
		return a, nil
	case tea.KeyMsg:
		return a, a.key(m)
	case tea.MouseMsg:
		return a, a.touch(m)
	}
	return a, a.tell(msg)
}

// look lets every screen see what has changed.
func (a *app) look(msg tea.Msg) tea.Cmd {
	tasks := a.status.Tasks
	a.status = a.register.Status()
	cmd := a.tell(msg)
	if a.status.Tasks > tasks {
		return tea.Batch(cmd, a.sound(soundAttention))
	}
	return cmd
}

// tell gives a message to every screen, and lets be heard what came of it.
func (a *app) tell(msg tea.Msg) tea.Cmd {
	before := a.about()
	cmd := a.tellAll(msg)
	return tea.Batch(cmd, a.sound(news(before, a.about())))
}

// tellAll gives a message to every screen, from the bottom up.
func (a *app) tellAll(msg tea.Msg) tea.Cmd {
	var cmds []tea.Cmd
	for i := 0; i < len(a.stack); i++ {
		next, m, cmd := a.stack[i].update(msg)
		a.stack[i] = next
		if cmd != nil {
			cmds = append(cmds, cmd)
		}
		if m.kind != stay {
			if _, own := msg.(letterMsg); !own && m.kind != home && m.kind != resume {
				// Keys on their way were meant for what was showing until now.
				// Back at the sale screen they are welcome: the cashier's own
				// key has led there.
				a.gate.close(a.time)
				a.kept = nil
			}
			a.palette = nil
			return tea.Batch(append(cmds, a.move(i, m))...)
		}
	}
	if !a.going() {
		a.kept = nil // the sale screen is not coming
	}
	return tea.Batch(cmds...)
}

// goer is a screen that a key can lead from to the sale screen, by way of the
// journal.
type goer interface {
	// going reports whether that is under way.
	going() bool
}

// going reports whether keys are meant for the sale screen, which is about to
// be back.
func (a *app) going() bool {
	g, ok := a.top().(goer)
	return ok && g.going() && a.quitting == nil && a.palette == nil
}

// keptMsg is a key that was pressed while the sale screen was on its way, with
// when that was: keys that waited together must not look like a scan.
type keptMsg struct {
	key tea.KeyMsg
	at  time.Time
}

// maxKept is more than anybody types while the journal is being written.
const maxKept = 200

// key decides whether a key acts now, a moment later, or not at all.
func (a *app) key(k tea.KeyMsg) tea.Cmd {
	if k.Type == tea.KeyCtrlJ {
		k = tea.KeyMsg{Type: tea.KeyEnter} // a scanner that ends with a line feed
	}
	if a.ending {
		return nil // the order is on its way into the journal as it is
	}
	if k.Type == tea.KeyCtrlC {
		return a.interrupt(a.gate.repeats(k, a.time))
	}
	a.quitBy, a.hintBy = time.Time{}, time.Time{}
	if a.quitting == nil {
		a.unparked = false // the next end tries again
	}
	if a.tooSmall() {
		return nil // nobody can see what it would do
	}
	var before tea.Cmd
	if held, ok := a.gate.overdue(a.time); ok {
		before = a.press(held)
	}
	a.gate.again = a.gate.repeats(k, a.time)
	if a.going() {
		if len(a.kept) < maxKept && !a.gate.echo(k, a.time) {
			a.kept = append(a.kept, keptMsg{key: k, at: a.time})
		}
		return before
	}
	verdict, cmd := a.gate.admit(k, a.takes(k), a.time)
	if verdict == pass {
		cmd = a.press(k)
	}
	return tea.Batch(before, cmd)
}

// takes reports whether a key goes in as text.
func (a *app) takes(k tea.KeyMsg) bool {
	switch {
	case a.quitting != nil:
		return false
	case a.palette != nil:
		return k.Type != tea.KeyEnter && !k.Paste
	}
	t, ok := a.top().(typist)
	return ok && t.takes(k)
}

// question is the one that a key would answer; nil when none is open.
func (a *app) question() *dialog {
	if a.quitting != nil || a.palette != nil {
		return a.quitting
	}
	if s, ok := a.top().(asker); ok {
		return s.asking()
	}
	return nil
}

// press lets a key act. No question is answered by one that may be held down
// since before; Esc answers none, it only leads back.
func (a *app) press(k tea.KeyMsg) tea.Cmd {
	if d := a.question(); d != nil && k.Type != tea.KeyEsc && d.early(a.gate.again, a.time) {
		if d.offers(k) {
			a.hint, a.hintBy = fmt.Sprintf(a.words.Common.TooSoon, keyName(k.String())), a.time.Add(hintFor)
		}
		return nil
	}
	switch {
	case a.quitting != nil:
		answer, done := a.quitting.answer(k, a.time)
		if done {
			a.quitting = nil
		}
		if answer != "" {
			return a.end()
		}
		return nil
	case a.palette != nil:
		chosen, picked, closed := a.palette.press(k)
		if closed {
			a.palette = nil
		}
		if picked && chosen.Type == tea.KeyCtrlC {
			return a.interrupt(false)
		}
		if picked {
			return a.press(chosen)
		}
		return nil
	}
	return a.act(k, k)
}

// act lets a key act on the top screen, which gets it as the message.
func (a *app) act(k tea.KeyMsg, msg tea.Msg) tea.Cmd {
	if k.Type == tea.KeyF1 || a.command(k, '?') {
		if _, already := a.top().(help); !already {
			return a.move(len(a.stack)-1, move{kind: open, to: newHelp(a.env, a.top())})
		}
	}
	if k.String() == printerKey && a.printer.Port != nil {
		if _, already := a.top().(printQueue); !already {
			return a.move(len(a.stack)-1, move{kind: open, to: newPrintQueue(a.env)})
		}
	}
	if a.command(k, ':') {
		a.palette = newPalette(a.env, a.top(), a.globals[0], a.printing, bind(a.words.Help.Quit, "ctrl+c"))
		return nil
	}
	own, ok := a.keymap.press(a.top(), k)
	if !ok {
		return a.refuse(k)
	}
	if own.String() != k.String() {
		k, msg = own, own
	}
	i := len(a.stack) - 1
	without := ""
	if a.doubtful(k) {
		without = a.inert(i)
	}
	next, m, cmd := a.stack[i].update(msg)
	a.stack[i] = next
	if without != "" && m.kind == stay && cmd == nil && a.View() == without {
		return a.refuse(k)
	}
	heard := a.sound(a.answer())
	return tea.Batch(cmd, a.move(i, m), heard)
}

// doubtful reports whether a key may be one that does nothing here.
func (a *app) doubtful(k tea.KeyMsg) bool {
	return !a.tooSmall() && !walks(k.String()) && !a.takes(k) && !works(a.top(), k.String())
}

// inert is the frame after a key that no screen knows: what another key would
// do that does nothing. Screens are values, so that this one is not touched.
func (a *app) inert(i int) string {
	top := a.stack[i]
	defer func() { a.stack[i] = top }()
	a.stack[i], _, _ = top.update(tea.KeyMsg{Type: tea.KeyF20})
	return a.View()
}

// hintFor is how long it stands on the screen why a key did nothing.
const hintFor = 4 * time.Second

// refuse says why a key does nothing.
func (a *app) refuse(k tea.KeyMsg) tea.Cmd {
	why := a.words.Keys.why(a.env, sceneOf(a.top()), k.String())
	if a.question() != nil {
		why = fmt.Sprintf(a.words.Keys.NoAnswer, pos.Clean(keyName(k.String()), 20))
	}
	a.hint, a.hintBy = why, a.time.Add(hintFor)
	return a.sound(soundRefused)
}

// command reports whether a key is a character that stands for a command here.
func (a *app) command(k tea.KeyMsg, r rune) bool {
	return k.Type == tea.KeyRunes && len(k.Runes) == 1 && k.Runes[0] == r && !k.Alt && !a.takes(k)
}

func (a *app) top() screen { return a.stack[len(a.stack)-1] }

// move goes where the screen with an index wants to go.
func (a *app) move(i int, m move) tea.Cmd {
	switch m.kind {
	case stay:
		return nil
	case open:
		a.stack = append(a.stack[:i+1], m.to)
	case replace:
		a.stack = append(a.stack[:i], m.to)
	case back:
		a.stack = a.stack[:max(i, 1)]
	case home:
		return a.turn(homeMsg{})
	case resume:
		return a.turn(resumeMsg{order: m.order})
	case quit:
		return tea.Quit
	}
	return a.top().init()
}

// turn goes back to the sale screen and tells it why.
func (a *app) turn(msg tea.Msg) tea.Cmd {
	a.stack = a.stack[:1]
	next, _, cmd := a.stack[0].update(msg)
	a.stack[0] = next
	cmds := []tea.Cmd{a.stack[0].init(), cmd}
	kept := a.kept
	a.kept = nil
	for _, k := range kept {
		if len(a.stack) > 1 || a.palette != nil || a.question() != nil {
			break // the key before has led on, and nobody has seen where
		}
		cmds = append(cmds, a.act(k.key, k))
	}
	return tea.Batch(cmds...)
}
