package ui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

func (g giveBack) key(k tea.KeyMsg, now time.Time) (screen, move, tea.Cmd) {
	g.time = now
	if g.asked != nil {
		return g.answered(k)
	}
	if g.working {
		return g, move{}, nil
	}
	g.note = note{}
	switch k.Type {
	case tea.KeyEsc:
		return g.stepBack()
	case tea.KeyEnter:
		return g.forward()
	case tea.KeyUp, tea.KeyDown:
		return g.walk(k), move{}, nil
	case tea.KeyBackspace:
		runes := []rune(g.input)
		g.input = string(runes[:max(len(runes)-1, 0)])
		return g, move{}, nil
	case tea.KeyRunes, tea.KeySpace:
	default:
		return g, move{}, nil
	}
	switch g.step {
	case atAmount, atAgain, atOther, atDrop:
		return g.typed(k, now), move{}, nil
	case atGoods:
		return g.pick(k), move{}, nil
	case atWhich, atHow, atReason:
		return g.number(k)
	case atOutcome:
		return g.command(k)
	case atNothing:
	}
	return g, move{}, nil
}

// stepBack goes to the question before, and from the first one off the screen.
func (g giveBack) stepBack() (screen, move, tea.Cmd) {
	to := atNothing
	switch g.step {
	case atNothing, atWhich, atOutcome:
		return g, move{kind: back}, nil
	case atHow:
		if len(givable(g.snap.Sale)) < 2 {
			return g, move{kind: back}, nil
		}
		g.attempt, g.cursor, to = "", 0, atWhich
	case atGoods, atAmount:
		to, g.cursor = atHow, max(slices.Index(g.extents(), g.extent), 0)
	case atAgain:
		to, g.first = g.chosenAt(), 0
	case atReason:
		to, g.cursor = [...]giveStep{atHow, atGoods, atAmount}[g.extent], 0
	case atOther:
		to, g.cursor = atReason, len(g.reasons())-1
	case atDrop:
		to = atOutcome
	}
	g.step, g.input = to, ""
	return g, move{}, nil
}

// forward is Enter: the next question, and after the last one the dialog, which
// Enter does not answer.
func (g giveBack) forward() (screen, move, tea.Cmd) {
	w := g.words.GiveBack
	switch g.step {
	case atNothing:
		return g, move{kind: back}, nil
	case atOutcome:
		if _, m := g.modification(); !g.snap.Sale.Left && (waits(m) || m.State == pos.Denied) {
			g.note = note{text: fmt.Sprintf(w.StillOpen, g.bind.away.Help().Key)} // there is nothing to confirm
			break
		}
		return g.away()
	case atWhich, atHow, atReason:
		return g.choose(g.cursor)
	case atGoods:
		switch {
		case g.amount() == 0:
			g.note = note{text: w.NoGoods, bad: true}
		case g.amount() == g.rest():
			g.step, g.cursor = atReason, 0
		default:
			g.input, g.step = "", atAgain
		}
	case atAmount:
		amount, err := pos.ParseYen(g.input)
		switch {
		case err != nil:
			g.note = note{text: w.BadAmount, bad: true}
		case amount > g.left:
			g.note = note{text: fmt.Sprintf(w.TooMuch, yen(g.left)), bad: true}
		case amount == g.rest():
			g.first, g.input, g.step, g.cursor = amount, "", atReason, 0
		default:
			g.first, g.input, g.step = amount, "", atAgain
		}
	case atAgain:
		amount, err := pos.ParseYen(g.input)
		if err != nil || amount != g.amount() {
			g.first, g.input, g.step = 0, "", g.chosenAt()
			g.note = note{text: w.Differs, bad: true}
			break
		}
		g.input, g.step, g.cursor = "", atReason, 0
	case atOther:
		if strings.TrimSpace(g.input) == "" {
			g.note = note{text: w.NoReason, bad: true}
			break
		}
		g.reason = strings.TrimSpace(g.input)
		return g.ask(), move{}, nil
	case atDrop:
		if strings.TrimSpace(g.input) == "" {
			g.note = note{text: w.NoReason, bad: true}
			break
		}
		g.reason = strings.TrimSpace(g.input)
		text := w.DropText + "\n" + w.Reason + ": " + pos.Clean(g.reason, 200)
		_, m := g.modification()
		if lands := g.lands(m, w.LandsTwice); lands != "" {
			text = lands + "\n" + text
		}
		g.asked = &dialog{
			title: w.DropTitle, text: text, since: g.time,
			choices: []choice{{"enter", w.DropNot}, {"d", w.KeyDrop}},
		}
	}
	return g, move{}, nil
}

// chosenAt is where the amount was chosen that is typed again.
func (g giveBack) chosenAt() giveStep {
	if g.extent == byGoods {
		return atGoods
	}
	return atAmount
}

// away leads to the next customer, or back to where the cashier came from when
// the sale was left before. What was asked for is followed on.
func (g giveBack) away() (screen, move, tea.Cmd) {
	f, m, cmd := g.leave()
	g.following = f
	return g, m, cmd
}

// choices are how many the list of this step has.
func (g giveBack) choices() int {
	switch g.step {
	case atWhich:
		return len(givable(g.snap.Sale))
	case atHow:
		return len(g.extents())
	case atReason:
		return len(g.reasons())
	case atGoods:
		return len(g.sold())
	case atNothing, atAmount, atAgain, atOther, atOutcome, atDrop:
	}
	return 0
}

func (g giveBack) reasons() []string { return strings.Split(g.words.GiveBack.Reasons, "\n") }

func (g giveBack) walk(k tea.KeyMsg) giveBack {
	if k.Type == tea.KeyUp {
		g.cursor--
	} else {
		g.cursor++
	}
	g.cursor = max(min(g.cursor, g.choices()-1), 0)
	if g.step == atHow {
		g.extent = g.extents()[g.cursor]
	}
	return g
}

// number chooses from the list by its number.
func (g giveBack) number(k tea.KeyMsg) (screen, move, tea.Cmd) {
	if len(k.Runes) != 1 {
		return g, move{}, nil
	}
	i := int(halfWidth(k.Runes[0]) - '1')
	if i < 0 || i >= g.choices() {
		return g, move{}, nil
	}
	return g.choose(i)
}

// choose takes one of the list.
func (g giveBack) choose(i int) (screen, move, tea.Cmd) {
	switch g.step {
	case atWhich:
		if all := givable(g.snap.Sale); i < len(all) {
			return g.about(all[i].ID), move{}, nil
		}
	case atHow:
		a, _ := g.snap.Sale.Attempt(g.attempt)
		g.extent = g.extents()[i]
		g.cursor, g.input, g.first = 0, "", 0
		switch {
		case a.State == pos.Live:
			return g.ask(), move{}, nil
		case g.extent == byGoods:
			g.step = atGoods
		case g.extent == byAmount:
			g.step = atAmount
		default:
			g.step = atReason
		}
	case atReason:
		if all := g.reasons(); i < len(all)-1 {
			g.reason, g.cursor = all[i], i
			return g.ask(), move{}, nil
		}
		g.step, g.input = atOther, ""
	case atNothing, atGoods, atAmount, atAgain, atOther, atOutcome, atDrop:
	}
	return g, move{}, nil
}

// pick changes how many of a line come back.
func (g giveBack) pick(k tea.KeyMsg) giveBack {
	if g.cursor >= g.choices() || len(k.Runes) != 1 {
		return g
	}
	w, line := g.words.GiveBack, g.sold()[g.cursor]
	n := g.picked[line]
	switch r := halfWidth(k.Runes[0]); r {
	case '+':
		n++
	case '-':
		n--
	default:
		if at := int(r - '1'); 0 <= at && at < g.choices() {
			g.cursor = at // as the lines are numbered
		}
		return g
	}
	if n < 0 {
		return g
	}
	if n > g.pickable(line) {
		g.note = note{text: w.AllPicked}
		return g
	}
	was := g.picked
	g.picked = slices.Clone(g.picked)
	g.picked[line] = n
	if g.amount() > g.left {
		g.picked = was
		g.note = note{text: fmt.Sprintf(w.TooMuch, yen(g.left)), bad: true}
	}
	return g
}

const (
	// maxTyped is as many digits as the largest amount has.
	maxTyped = 11
	// maxReason is as long as a reason can be.
	maxReason = 60
)

// typed takes characters into the input. What a scanner types is taken out
// again.
func (g giveBack) typed(k tea.KeyMsg, now time.Time) giveBack {
	w := g.words.GiveBack
	digits := g.step == atAmount || g.step == atAgain
	if k.Paste {
		g.note = note{text: w.NoPaste, bad: true}
		return g
	}
	for _, r := range k.Runes {
		if !g.burst.running(now) {
			g.before = g.input
		}
		if half := halfWidth(r); half < 0x80 && len(k.Runes) == 1 {
			g.burst = g.burst.add(half, now)
		}
		if _, scanned := g.burst.scan(g.entry.Prefix, now); scanned && len(k.Runes) == 1 {
			g.input = g.before
			g.note = note{text: w.NoScan, bad: true}
			continue
		}
		if !digits {
			g.input = pos.Clean(g.input+string(r), maxReason)
			continue
		}
		d := halfWidth(r)
		switch {
		case d < '0' || d > '9':
			g.note = note{text: w.NoLetters, bad: true}
		case len(g.input) < maxTyped:
			g.input += string(d)
		}
	}
	return g
}

// command is a key where something is followed.
func (g giveBack) command(k tea.KeyMsg) (screen, move, tea.Cmd) {
	a, m := g.modification()
	switch k.String() {
	case "c":
		if !concluded(m) {
			g.following = g.check()
		}
	case "l":
		return g.away()
	case "d":
		if g.open(m) {
			g.step, g.input = atDrop, ""
		}
	case "i":
		return g, move{kind: open, to: newSupport(g.env, g.id())}, nil
	case "v":
		if hasSlip(m) {
			return g, move{kind: open, to: newSlip(g.env, g.snap.Sale, a, m)}, nil
		}
	case "b":
		switch {
		case m.State == pos.Denied && m.Way == pos.WayCancel && g.open(m):
			// The same again, by the other way: the question says which.
			g = g.anew(a)
			g.reason, g.place = m.Reason, m.ID
			for _, goods := range m.Goods {
				if goods.Line < len(g.picked) {
					g.extent, g.picked[goods.Line] = byGoods, goods.Quantity
				}
			}
			if g.amount() != m.Amount {
				g.extent = wholly
			}
			return g.ask(), move{}, nil
		case m.State == pos.Denied && g.open(m):
			g = g.anew(a)
			g.place = m.ID
			return g, move{}, nil
		case m.State != pos.Denied && g.further(a, m):
			return g.anew(a), move{}, nil
		}
	}
	return g, move{}, nil
}
