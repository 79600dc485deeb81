package ui

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

// paperPage is one paper of a sale as the printer would print it: looked at,
// and then printed. A 領収書 gets its addressee here.
type paperPage struct {
	env
	id      pos.SaleID
	sale    pos.Sale
	events  []pos.Recorded
	known   bool // the journal has been read
	loading bool
	stale   bool
	status  pos.Status

	show  pos.Paper // the paper, as it would be printed next
	asked pos.Paper // that was asked for, with its copy; the zero value before
	lacks bool      // a 領収書 was wanted, which there is not

	working bool
	problem problem
	confirm *dialog
	typing  paperField
	text    string // of that field
	scroll  *scroll
	bind    paperKeys

	// The paper as it is drawn. It is made when something changes, not at each
	// key: every character of it is looked up in the printer's.
	lines []string
	drawn pos.Paper
	seen  int // events that there were then
}

type paperKeys struct{ issue, done, other, addressed, to, purpose, leave key.Binding }

// paperField is what is being typed.
type paperField int

const (
	noField paperField = iota
	toField
	purposeField
)

// paperReadMsg is a sale as the journal has it, for its papers.
type paperReadMsg historyMsg

// newPaperPage is the page of a paper. Where it names no attempt it is about
// the sale's payment.
func newPaperPage(e env, id pos.SaleID, show pos.Paper) paperPage {
	w := e.words.Paper
	return paperPage{
		env: e, id: id, show: show, loading: true, scroll: &scroll{}, status: e.register.Status(),
		bind: paperKeys{
			issue: bind(w.KeyPrint, "enter"), done: bind(w.KeyDone, "enter"), other: bind(w.KeyOther, "right", "left"),
			addressed: bind(w.KeyAddressed, "o"), to: bind(w.KeyTo, "n"), purpose: bind(w.KeyPurpose, "t"),
			leave: bind(e.words.Common.KeyBack, "esc", "v"),
		},
	}
}

// newSlip is the page of the slip for a modification of an attempt.
func newSlip(e env, s pos.Sale, a pos.Attempt, m pos.Modification) paperPage {
	return newPaperPage(e, s.ID, pos.Paper{Kind: pos.SlipPaper, Attempt: a.ID, Modification: m.ID})
}

// hasPapers reports whether a sale in that standing may have papers.
func hasPapers(s pos.Standing) bool {
	switch s {
	case pos.Settled, pos.PartReturned, pos.Returned, pos.LatePaid, pos.Changing, pos.Released, pos.HeldOpen:
		return true
	case pos.Waiting, pos.Unclear, pos.Unpaid:
	}
	return false
}

func (p paperPage) init() tea.Cmd { return p.read() }

func (p paperPage) title() string { return p.words.Paper.name(p.show.Kind) }

func (p paperPage) read() tea.Cmd {
	r, id := p.register, p.id
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		s, events, err := r.History(ctx, id)
		return paperReadMsg{id: id, sale: s, events: events, err: err}
	}
}

// all are the papers that can be printed now: also a 領収書 for each payment of
// which the shop still has a part.
func (p paperPage) all() []pos.Paper {
	var all []pos.Paper
	for _, is := range p.sale.Papers() {
		is.Copy = 0
		all = append(all, is)
		if a, ok := p.sale.Attempt(is.Attempt); ok && is.Kind == pos.ReceiptPaper && a.Kept() > 0 {
			all = append(all, pos.Paper{Kind: pos.AddressedPaper, Attempt: is.Attempt})
		}
	}
	return all
}

// place is where the paper stands among all, or a negative number.
func (p paperPage) place() int {
	return slices.IndexFunc(p.all(), func(is pos.Paper) bool {
		return is.Kind == p.show.Kind && is.Attempt == p.show.Attempt && is.Modification == p.show.Modification
	})
}

func (p paperPage) keys() []key.Binding {
	b := p.bind
	switch {
	case p.confirm != nil, p.working:
		return nil
	case p.typing != noField:
		w := p.words.Paper
		return []key.Binding{bind(w.KeySave, "enter"), bind(w.KeyDrop, "esc")}
	}
	there := p.known && p.place() >= 0
	if p.asked.Copy > 0 {
		b.issue = b.done
	} else {
		if p.show.Copy > 1 {
			b.issue = bind(p.words.Paper.KeyAgain, "enter")
		}
		b.issue.SetEnabled(there && p.printer.Port != nil)
	}
	b.other.SetEnabled(len(p.all()) > 1)
	b.addressed.SetEnabled(p.addressable())
	mine := there && p.show.Kind == pos.AddressedPaper && p.asked.Copy == 0
	b.to.SetEnabled(mine)
	b.purpose.SetEnabled(mine)
	b.leave.SetEnabled(p.asked.Copy == 0) // Enter does that, too
	return []key.Binding{b.issue, b.leave, b.to, b.purpose, b.addressed, b.other}
}

// addressable reports whether there is a 領収書 to go to.
func (p paperPage) addressable() bool {
	return p.show.Kind != pos.AddressedPaper && slices.ContainsFunc(p.all(), func(is pos.Paper) bool {
		return is.Kind == pos.AddressedPaper && is.Attempt == p.show.Attempt
	})
}

// takes: while a field is open characters are text. Enter is not, so that the
// one of a scan leaves the field open.
func (p paperPage) takes(k tea.KeyMsg) bool {
	return p.typing != noField && (k.Type == tea.KeyRunes || k.Type == tea.KeySpace)
}

// asking is the question that stands on the screen.
func (p paperPage) asking() *dialog { return p.confirm }

func (p paperPage) update(msg tea.Msg) (screen, move, tea.Cmd) {
	next, m, cmd := p.step(msg)
	return next.draw(), m, cmd
}

func (p paperPage) step(msg tea.Msg) (paperPage, move, tea.Cmd) {
	switch m := msg.(type) {
	case tickMsg:
		p.status = p.register.Status()
	case changedMsg:
		p.status = p.register.Status()
		if p.loading {
			p.stale = true
			return p, move{}, nil
		}
		p.loading = true
		return p, move{}, p.read()
	case paperReadMsg:
		if m.id == p.id {
			return p.heard(m)
		}
	case printAskedMsg:
		if p.working && m.sale == p.id {
			if p.working = false; m.err == nil {
				p.asked = m.paper
			}
			p.problem = p.words.Problem.of(m.err, p.register.Status())
		}
	case tea.KeyMsg:
		switch {
		case p.confirm != nil:
			return p.answered(m)
		case p.typing != noField:
			return p.typed(m), move{}, nil
		}
		return p.key(m)
	}
	return p, move{}, nil
}

func (p paperPage) heard(m paperReadMsg) (paperPage, move, tea.Cmd) {
	p.loading = false
	if p.problem = p.words.Problem.unread(m.err); m.err == nil {
		p.sale, p.events, p.known = m.sale, m.events, true
		if p.show.Attempt == "" {
			p = p.choose()
		}
		p = p.counted()
	}
	if p.stale {
		p.stale, p.loading = false, true
		return p, move{}, p.read()
	}
	return p, move{}, nil
}

// choose takes the first paper of the kind that was asked for, and else the
// first there is: of what was all given back there is no 領収書.
func (p paperPage) choose() paperPage {
	all := p.all()
	if a, ok := takenBy(p.sale); ok {
		p.show.Attempt = a.ID
	}
	if p.place() < 0 && len(all) > 0 {
		p.lacks = p.show.Kind == pos.AddressedPaper
		p.show = all[0]
	}
	return p
}

// counted is the page with the copy that would come next. A 領収書 is for
// whoever the cashier has typed since the start, and else for whoever it was for
// before.
func (p paperPage) counted() paperPage {
	_, copies := pos.CountPrints(p.events, p.show)
	p.show.Copy = copies + 1
	if p.show.Kind != pos.AddressedPaper {
		return p
	}
	if is, ok := p.addressed[p.show.Attempt]; ok {
		p.show.Addressee, p.show.Purpose = is.Addressee, is.Purpose
		return p
	}
	if !p.printer.Blank {
		p.show.Addressee = p.words.Receipt.Anyone
	}
	p.show.Purpose = ""
	if last, ok := p.issued(); ok {
		p.show.Addressee, p.show.Purpose = last.Print.Paper.Addressee, last.Print.Paper.Purpose
	}
	return p
}

// issued is when the paper was last asked for, and false before.
func (p paperPage) issued() (last pos.Recorded, ok bool) {
	for _, e := range p.events {
		if e.Kind != pos.PrintAsked || e.Print == nil {
			continue
		}
		if _, n := pos.CountPrints([]pos.Recorded{e}, p.show); n > 0 {
			last, ok = e, true
		}
	}
	return last, ok
}

func (p paperPage) key(k tea.KeyMsg) (paperPage, move, tea.Cmd) {
	b := p.bind
	switch {
	case p.working:
	case k.Type == tea.KeyLeft:
		return p.turned(-1), move{}, nil
	case k.Type == tea.KeyRight:
		return p.turned(1), move{}, nil
	case p.scroll.press(k):
	case key.Matches(k, b.leave):
		return p, move{kind: back}, nil
	case key.Matches(k, b.issue):
		return p.print()
	case key.Matches(k, b.addressed) && p.addressable():
		p.show = pos.Paper{Kind: pos.AddressedPaper, Attempt: p.show.Attempt}
		return p.fresh(), move{}, nil
	case p.asked.Copy > 0 || p.show.Kind != pos.AddressedPaper || p.place() < 0:
	case key.Matches(k, b.to):
		p.typing, p.text = toField, p.show.Addressee
		if p.text == p.words.Receipt.Anyone {
			p.text = "" // somebody is to be named instead
		}
	case key.Matches(k, b.purpose):
		p.typing, p.text = purposeField, p.show.Purpose
	}
	return p, move{}, nil
}

// turned is the page of another paper of the sale.
func (p paperPage) turned(by int) paperPage {
	all, at := p.all(), p.place()
	if at < 0 || len(all) < 2 {
		return p
	}
	p.show = all[(at+by+len(all))%len(all)]
	return p.fresh()
}

// fresh is the page of a paper that nothing was done about yet.
func (p paperPage) fresh() paperPage {
	p.asked, p.lacks, p.problem, p.scroll.top = pos.Paper{}, false, problem{}, 0
	return p.counted()
}

// print has the paper printed. A second 領収書 for the same money is asked
// about first.
func (p paperPage) print() (paperPage, move, tea.Cmd) {
	w := p.words.Paper
	switch {
	case p.asked.Copy > 0:
		return p, move{kind: back}, nil
	case !p.known || p.place() < 0 || p.printer.Port == nil:
		return p, move{}, nil
	case p.show.Kind == pos.AddressedPaper && p.show.Copy > 1:
		p.confirm = &dialog{
			title: fmt.Sprintf(w.AgainTitle, digits(int64(p.show.Copy))), text: p.before() + "\n" + w.AgainText, since: p.now(),
			choices: []choice{{"enter", w.AgainNot}, {"y", w.AgainDo}},
		}
		return p, move{}, nil
	}
	return p.ask()
}

func (p paperPage) answered(k tea.KeyMsg) (paperPage, move, tea.Cmd) {
	answer, done := p.confirm.answer(k, p.now())
	if !done {
		return p, move{}, nil
	}
	p.confirm = nil
	if answer == "y" {
		return p.ask()
	}
	return p, move{}, nil
}

// ask asks for the copy that is shown, so that asking twice is asking once.
func (p paperPage) ask() (paperPage, move, tea.Cmd) {
	p.working, p.problem = true, problem{}
	return p, move{}, askPrint(p.register, p.id, p.show)
}

// typed takes a key while a field is open.
func (p paperPage) typed(k tea.KeyMsg) paperPage {
	switch k.Type {
	case tea.KeyEsc:
		p.typing = noField
	case tea.KeyEnter:
		if p.typing == toField {
			p.show.Addressee = strings.TrimSpace(p.text)
		} else {
			p.show.Purpose = strings.TrimSpace(p.text)
		}
		p.typing, p.addressed[p.show.Attempt] = noField, p.show
	case tea.KeyBackspace:
		_, size := lastRune(p.text)
		p.text = p.text[:len(p.text)-size]
	case tea.KeyRunes, tea.KeySpace:
		p.text = pos.Clean(p.text+string(k.Runes), 60)
	default:
	}
	return p
}

// before says when a paper was last issued, and to whom.
func (p paperPage) before() string {
	last, ok := p.issued()
	if !ok {
		return ""
	}
	text := fmt.Sprintf(p.words.Paper.Before, last.At.In(p.shop.Zone).Format("2006-01-02 15:04"))
	if to := pos.Clean(last.Print.Paper.Addressee, 60); to != "" {
		text += "  " + p.words.Receipt.addressee(to)
	}
	return text
}

// printed says what became of the copy that was asked for.
func (p paperPage) printed() (text string, out bool) {
	w := p.words.Paper
	text = w.Printing
	for _, e := range p.events {
		if e.Print == nil || e.Print.Paper.Copy != p.asked.Copy {
			continue
		}
		if _, n := pos.CountPrints([]pos.Recorded{{Event: pos.Event{Kind: pos.PrintAsked, Print: e.Print}}}, p.asked); n == 0 {
			continue
		}
		switch e.Kind {
		case pos.Printed:
			return w.Printed, true
		case pos.PrintDropped:
			text = w.Dropped
		default:
		}
	}
	return text, false
}

// askPrint asks for a paper.
func askPrint(r Register, id pos.SaleID, paper pos.Paper) tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		return printAskedMsg{sale: id, paper: paper, err: r.Print(ctx, id, paper)}
	}
}
