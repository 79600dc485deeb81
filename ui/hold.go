package ui

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

// maxAmount is as many digits as the largest amount has.
const maxAmount = 11

// holding is the screen of an amount that PayPay holds: to take it, a part of it
// or more, or to let it go.
type holding struct {
	following
	attempt string
	state   pos.State // of the attempt, when it was last read
	change  string    // the modification that was under way then
	began   time.Time // when either changed
	typing  bool      // the amount to take is being typed
	input   string
	burst   burst
	before  string  // the input when the burst began
	asked   *dialog // nil when nothing is asked
	amount  pos.Yen // what it is asked about
	bind    holdKeys
}

type holdKeys struct {
	take, release, next, leave, back, check, details, paper, slip, agree, refuse, enter, esc key.Binding
}

// newHold is the screen of an attempt of which PayPay holds the amount, or held
// it.
func newHold(e env, snap pos.Snapshot, attempt string) holding {
	w, f := e.words.Hold, e.words.Follow
	h := holding{attempt: attempt, bind: holdKeys{
		take: bind(w.KeyTake, "k"), release: bind(w.KeyRelease, "x"),
		next: bind(f.KeyLeave, "enter", "l"), leave: bind(f.KeyLeave, "l"), back: bind(e.words.Common.KeyBack, "esc", "enter"),
		check: bind(f.KeyCheck, "c"), details: bind(f.KeyDetails, "i"), paper: bind(w.KeyPaper, "p", "v"), slip: bind(w.KeySlip, "p", "v"),
		agree: bind(f.KeyAgree, "t"), refuse: bind(f.KeyRefuse, "f"),
		enter: bind(w.KeyAmount, "enter"), esc: bind(e.words.Common.KeyBack, "esc"),
	}}
	h.following = following{env: e, snap: snap}
	h = h.read()
	h.began = h.time
	return h
}

func (h holding) title() string { return h.words.Hold.Title }

// of is the attempt, and what is being done about it.
func (h holding) of() (a pos.Attempt, m pos.Modification, busy bool) {
	a, _ = h.snap.Sale.Attempt(h.attempt)
	m, busy = a.Working()
	return a, m, busy
}

// follows reports whether PayPay has yet to say what became of something.
func (h holding) follows() bool {
	_, m, busy := h.of()
	return busy && m.State == pos.Asked
}

// free reports whether the amount is held and nothing is being done about it.
func (h holding) free() bool {
	a, _, busy := h.of()
	return a.State == pos.Held && !busy
}

// playable reports whether the cashier can play the customer.
func (h holding) playable() bool {
	_, m, busy := h.of()
	return h.customer != nil && busy && m.State == pos.Consenting
}

// slipOf is how the hold was let go, if a paper says so.
func (h holding) slipOf() (pos.Modification, bool) {
	a, _, _ := h.of()
	i := slices.IndexFunc(a.Modifications, hasSlip)
	if i < 0 {
		return pos.Modification{}, false
	}
	return a.Modifications[i], true
}

func (h holding) keys() []key.Binding {
	b := h.bind
	switch {
	case h.working, h.asked != nil:
		return nil
	case h.typing:
		return []key.Binding{b.enter, b.esc}
	}
	keys := make([]key.Binding, 0, 8)
	a, _, busy := h.of()
	if h.free() {
		keys = append(keys, b.take, b.release)
	}
	if h.playable() {
		keys = append(keys, b.agree, b.refuse)
	}
	switch {
	case h.snap.Sale.Left:
		keys = append(keys, b.back)
	case busy:
		keys = append(keys, b.leave)
	default:
		keys = append(keys, b.next)
	}
	switch {
	case a.State != pos.Held:
	case h.free():
		keys = append(keys, b.paper, b.check)
	default:
		keys = append(keys, b.check, b.paper) // to wait for PayPay comes first
	}
	if _, ok := h.slipOf(); ok {
		keys = append(keys, b.slip)
	}
	return append(keys, b.details)
}

// takes: while the amount is being typed digits are text.
func (h holding) takes(k tea.KeyMsg) bool {
	return h.typing && h.asked == nil && (k.Type == tea.KeyRunes || k.Type == tea.KeyEnter || k.Type == tea.KeySpace)
}

func (h holding) read() holding {
	h.following = h.fetch()
	a, m, _ := h.of()
	if a.State != h.state || m.ID != h.change {
		// What was asked and typed was about what was before.
		h.state, h.change, h.began = a.State, m.ID, h.time
		h.asked, h.typing, h.note = nil, false, note{}
	}
	return h
}

func (h holding) update(msg tea.Msg) (screen, move, tea.Cmd) {
	switch m := msg.(type) {
	case changedMsg, tickMsg:
		h = h.read()
		if to, ok := h.taken(); ok {
			return h, move{kind: replace, to: to}, nil
		}
		var cmd tea.Cmd
		h.following, cmd = h.recall()
		return h, move{}, cmd
	case recalledMsg:
		if m.id != h.id() {
			break
		}
		h.following = h.recalled(m)
		h = h.read()
		if to, ok := h.taken(); ok {
			return h, move{kind: replace, to: to}, nil
		}
	case doneMsg:
		if m.sale == h.id() {
			return h.done(m)
		}
	case tea.KeyMsg:
		return h.key(m)
	}
	return h, move{}, nil
}

// taken is the screen of the sale when what was held has been taken.
func (h holding) taken() (screen, bool) {
	a, _, _ := h.of()
	switch a.State {
	case pos.Paid:
		return newPaid(h.env, h.snap.Sale), true
	case pos.Refunded:
		return beyond(h.env, h.snap)
	default:
		return nil, false
	}
}

func (h holding) done(m doneMsg) (screen, move, tea.Cmd) {
	h.working, h.leaves = false, false
	h = h.read()
	to, taken := h.taken()
	switch {
	case taken:
		return h, move{kind: replace, to: to}, nil
	case m.err != nil:
		h.note = h.problem(m.err)
	case m.deed == leaving:
		return h, move{kind: home}, nil
	case m.deed == playing:
		h.register.CheckNow(h.id())
	}
	return h, move{}, nil
}

func (h holding) key(k tea.KeyMsg) (screen, move, tea.Cmd) {
	h.time = h.now()
	switch {
	case h.asked != nil:
		return h.answered(k)
	case h.working:
		return h, move{}, nil
	case h.typing:
		return h.typed(k), move{}, nil
	}
	h.note = note{}
	a, m, busy := h.of()
	switch k.String() {
	case "k", "x":
		switch {
		case busy && m.State == pos.Consenting:
			h.note = note{text: h.words.Hold.ConsentBusy, bad: true}
		case busy:
			h.note = note{text: h.words.Hold.Busy, bad: true}
		case a.State == pos.Held && a.Mismatch:
			h.note = h.problem(pos.ErrUnfit)
		case h.free() && k.String() == "k":
			h.typing, h.input, h.burst = true, "", burst{}
		case h.free():
			h = h.askRelease()
		}
	case "enter":
		if busy && !h.snap.Sale.Left || h.time.Sub(h.began) < disarmed {
			break // Enter has nothing to confirm here
		}
		return h.away()
	case "l":
		return h.away()
	case "esc":
		if h.snap.Sale.Left {
			return h, move{kind: back}, nil
		}
	case "c":
		if h.state == pos.Held {
			h.following = h.check()
		}
	case "i":
		return h, move{kind: open, to: newSupport(h.env, h.id())}, nil
	case "o":
		if h.state == pos.Held {
			h.note = note{text: h.words.Hold.NoReceipt, bad: true}
		}
	case "v", "p":
		if h.state == pos.Held {
			return h, move{kind: open, to: newPaperPage(h.env, h.id(), pos.Paper{Kind: pos.HoldPaper, Attempt: h.attempt})}, nil
		}
		if m, ok := h.slipOf(); ok {
			a, _, _ := h.of()
			return h, move{kind: open, to: newSlip(h.env, h.snap.Sale, a, m)}, nil
		}
	case "t", "f":
		if h.playable() && m.State == pos.Consenting {
			action := map[string]string{"t": "consent", "f": "refuse"}[k.String()]
			var cmd tea.Cmd
			h.following, cmd = h.play(h.attempt, action)
			return h, move{}, cmd
		}
	}
	return h, move{}, nil
}

func (h holding) away() (screen, move, tea.Cmd) {
	f, m, cmd := h.leave()
	h.following = f
	return h, m, cmd
}

// typed takes a key while the amount to take is being typed. Enter goes on to
// the question and takes nothing.
func (h holding) typed(k tea.KeyMsg) holding {
	h.note = note{}
	w := h.words.Hold
	switch k.Type {
	case tea.KeyEsc:
		h.typing = false
	case tea.KeyBackspace:
		h.input = h.input[:max(len(h.input)-1, 0)]
	case tea.KeyEnter:
		if _, scanned := h.burst.scan(h.entry.Prefix, h.time); scanned {
			h.input, h.burst = h.before, burst{}
			h.note = note{text: w.NoScan, bad: true}
			return h
		}
		return h.askTake()
	case tea.KeyRunes:
		if k.Paste {
			h.note = note{text: h.words.Sale.NoPaste, bad: true}
			return h
		}
		for _, r := range k.Runes {
			h = h.digit(halfWidth(r))
		}
	default:
	}
	return h
}

func (h holding) digit(r rune) holding {
	if !h.burst.running(h.time) {
		h.before = h.input
	}
	h.burst = h.burst.add(r, h.time)
	switch {
	case r < '0' || r > '9':
		h.note = note{text: h.words.Hold.OnlyDigits, bad: true}
	case len(h.input) < maxAmount:
		h.input += string(r)
	}
	return h
}

// wanted is the amount to take: what is typed, else what is held.
func (h holding) wanted() (pos.Yen, error) {
	if h.input == "" {
		a, _, _ := h.of()
		return a.OnHold, nil
	}
	return pos.ParseYen(h.input)
}

func (h holding) askTake() holding {
	amount, err := h.wanted()
	if err != nil {
		h.note = note{text: h.words.Sale.BadAmount, bad: true}
		return h
	}
	a, _, _ := h.of()
	w := h.words.Hold
	h.amount = amount
	h.asked = &dialog{
		title: fmt.Sprintf(w.TakeTitle, yen(amount)), text: w.means(amount, a.OnHold), since: h.time,
		choices: []choice{{"enter", w.TakeNot}, {"k", w.TakeDo}},
	}
	return h
}

func (h holding) askRelease() holding {
	a, _, _ := h.of()
	w := h.words.Hold
	h.amount = a.OnHold
	h.asked = &dialog{
		title: fmt.Sprintf(w.ReleaseTitle, yen(a.OnHold)), text: w.ReleaseText, since: h.time,
		choices: []choice{{"enter", w.ReleaseNot}, {"x", w.ReleaseDo}},
	}
	return h
}

func (h holding) answered(k tea.KeyMsg) (screen, move, tea.Cmd) {
	answer, done := h.asked.answer(k, h.time)
	if !done {
		return h, move{}, nil
	}
	h.asked = nil
	register, id, attempt, amount := h.register, h.id(), h.attempt, h.amount
	var cmd tea.Cmd
	switch answer {
	case "k":
		h.typing = false
		h.following, cmd = h.do(capturing, func(ctx context.Context) error {
			return register.Capture(ctx, id, attempt, amount)
		})
	case "x":
		h.following, cmd = h.do(lettingGo, func(ctx context.Context) error {
			return register.GiveBack(ctx, id, pos.Return{Attempt: attempt, Amount: amount, Way: pos.WayRevert, Left: amount})
		})
	}
	return h, move{}, cmd
}
