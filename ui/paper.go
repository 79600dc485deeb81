package ui

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
	"example.jp/reji/ui/escpos"
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

func (p paperPage) view(width, height int) string {
	b := newPage(width, height)
	if p.confirm != nil {
		box := min(width-4, 60)
		return place(p.confirm.draw(p.theme, box, height), box, width, height)
	}
	if !p.known || p.place() < 0 {
		text, l := p.words.Detail.Reading, p.theme.faint
		switch {
		case p.problem.says != "":
			text, l = p.problem.says+"\n"+p.problem.next, p.theme.bad
		case p.known:
			text, l = p.words.Paper.None, p.theme.text
		}
		b.line("")
		for _, part := range wrap(text, width-4) {
			b.line("  " + l.paint(part))
		}
		return b.String()
	}
	for _, l := range p.heading(width) {
		b.line(l)
	}
	inner := cells(p.lines[0])
	shift := blank((width - inner) / 2)
	for _, l := range p.scroll.window(p.lines, inner, b.room(), p.theme) {
		b.line(shift + l)
	}
	return b.String()
}

// heading is which paper it is, for whom, and what there is to say about it.
func (p paperPage) heading(width int) []string {
	w, t := p.words.Paper, p.theme
	copyNo, s := p.show.Copy, p.show
	if p.asked.Copy > 0 {
		copyNo = p.asked.Copy
	}
	name := w.name(s.Kind) + "  No." + receiptNumber(p.sale.Number)
	again := ""
	if copyNo > 1 {
		again = fmt.Sprintf(p.words.Receipt.Again, digits(int64(copyNo)))
	}
	where := ""
	if all := p.all(); len(all) > 1 {
		where = fmt.Sprintf("%d / %d", p.place()+1, len(all))
		if cells(name)+cells(again)+cells(where)+20 <= width {
			where = "Left Right  " + where
		}
	}
	gap := width - 2 - cells(name) - 3 - cells(again) - cells(where)
	lines := []string{" " + t.strong.paint(name) + "   " + t.warn.paint(again) + blank(gap) + t.faint.paint(where)}
	if s.Kind == pos.AddressedPaper {
		purpose := cmp.Or(s.Purpose, p.words.Receipt.Goods)
		lines = append(lines, p.field(toField, p.bind.to, s.Addressee, width), p.field(purposeField, p.bind.purpose, purpose, width))
	}
	text, l := "", t.faint
	switch {
	case p.problem.says != "":
		text, l = p.problem.says+" "+p.problem.next, t.bad
	case p.working:
		text, l = w.Printing, t.busy
	case p.asked.Copy > 0:
		is, out := p.printed()
		if text, l = is, t.busy; out {
			l = t.good
		}
	case p.lacks && s.Kind == pos.HoldPaper:
		text, l = p.words.Hold.NoReceipt, t.warn
	case p.lacks:
		text, l = w.AllBack, t.warn
	case p.printer.Port == nil:
		is := p.words.Problem.of(pos.ErrNoPrinter, p.status)
		text, l = is.says+" "+is.next, t.warn
	case s.Kind == pos.AddressedPaper && copyNo > 1:
		text, l = w.Twice+" "+p.before(), t.warn
	case s.Kind == pos.AddressedPaper:
		text = w.Exchange
	case copyNo > 1:
		text = p.before()
	}
	for _, part := range wrap(text, width-2) {
		lines = append(lines, " "+l.paint(part))
	}
	return lines
}

// field is a line that can be typed in.
func (p paperPage) field(f paperField, k key.Binding, value string, width int) string {
	w, t := p.words.Paper, p.theme
	label := left(k.Help().Desc, max(cells(w.KeyTo), cells(w.KeyPurpose)))
	room := width - 2 - 2 - cells(label) - 2
	if p.typing == f {
		return " " + t.key.paint("> ") + label + "  " + t.field.paint(tail(p.text, room-1)+"_")
	}
	value = pos.Clean(value, 60)
	if value == "" {
		return " " + t.key.paint(k.Help().Key+" ") + t.faint.paint(label) + "  " + t.faint.paint(cut(w.ByHand, room))
	}
	return " " + t.key.paint(k.Help().Key+" ") + t.faint.paint(label) + "  " + cut(value, room)
}

// which is the paper that is shown: what is being typed is seen where it comes
// to stand.
func (p paperPage) which() pos.Paper {
	which := p.show
	if p.asked.Copy > 0 {
		which = p.asked
	}
	switch p.typing {
	case toField:
		which.Addressee = p.text
	case purposeField:
		which.Purpose = p.text
	case noField:
	}
	return which
}

// draw is the page with its paper in a frame, as lines of one width.
func (p paperPage) draw() paperPage {
	which := p.which()
	if !p.known || p.place() < 0 || p.drawn == which && p.seen == len(p.events) {
		return p
	}
	t, printer := p.theme, p.printer
	printer.Lang, printer.Shop = p.words.Common.Lang, p.shop
	made, err := printer.paper(p.sale, which, true)
	if err != nil { // the paper is among the sale's, so that it can be made
		made.Lines = []escpos.Line{{Text: pos.Clean(err.Error(), 40)}}
	}
	side := t.rule.paint("│")
	edge := strings.Repeat("─", made.Columns+2)
	p.lines = []string{t.rule.paint("┌" + edge + "┐")}
	for i, text := range escpos.Text(made) {
		l := t.text
		switch is := made.Lines[i]; {
		case is.Rule:
			text, l = strings.Repeat("─", made.Columns), t.rule
		case is.QR != "":
			l = t.faint
		case is.Bold:
			l = t.strong
		}
		p.lines = append(p.lines, side+" "+l.paint(left(text, made.Columns))+" "+side)
	}
	p.lines = append(p.lines, t.rule.paint("└"+edge+"┘"))
	p.drawn, p.seen = which, len(p.events)
	return p
}

// askPrint asks for a paper.
func askPrint(r Register, id pos.SaleID, paper pos.Paper) tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		return printAskedMsg{sale: id, paper: paper, err: r.Print(ctx, id, paper)}
	}
}

type paperWords struct {
	Title                    string // of all of them
	Receipt, Addressed, Slip string
	HoldNote                 string

	None     string
	ByHand   string
	Exchange string
	Twice    string
	AllBack  string
	Before   string // with a date and time
	Printing string
	Printed  string
	Dropped  string

	AgainTitle                   string // with the number of the copy
	AgainText, AgainNot, AgainDo string

	KeyPapers                                                                                string
	KeyPrint, KeyAgain, KeyDone, KeyOther, KeyAddressed, KeyTo, KeyPurpose, KeySave, KeyDrop string
}

// name is what a paper is.
func (w paperWords) name(k pos.PaperKind) string {
	switch k {
	case pos.AddressedPaper:
		return w.Addressed
	case pos.SlipPaper:
		return w.Slip
	case pos.HoldPaper:
		return w.HoldNote
	case pos.ReceiptPaper:
	}
	return w.Receipt
}

func paperJa() paperWords {
	return paperWords{
		Title: "レシートと領収書", Receipt: "レシート", Addressed: "領収書", Slip: "返金票", HoldNote: "仮押さえ控え",
		None:     "この取引には、印刷するものがありません。",
		ByHand:   "(空欄: 手で書きます)",
		Exchange: "お渡ししたレシートと引き換えにしてください。",
		Twice:    "この代金の領収書は発行済みです。",
		AllBack:  "代金はお店に残っていないため、領収書は出せません。",
		Before:   "前回 %s",
		Printing: "印刷しています。Enter で戻れます。",
		Printed:  "印刷しました。",
		Dropped:  "印刷をやめました。",

		AgainTitle: "領収書は発行済みです。%s枚目を発行しますか",
		AgainText:  "同じ代金の領収書が2枚になります。前のものを返していただいてください。新しいものには「再発行」と印字します。",
		AgainNot:   "発行しない (Esc)", AgainDo: "再発行する",

		KeyPapers: "レシート",
		KeyPrint:  "印刷する", KeyAgain: "再発行する", KeyDone: "戻る", KeyOther: "ほかの用紙", KeyAddressed: "領収書",
		KeyTo: "宛名", KeyPurpose: "但し書き", KeySave: "決定", KeyDrop: "やめる",
	}
}

func paperEn() paperWords {
	return paperWords{
		Title: "Receipts", Receipt: "Receipt", Addressed: "Addressed receipt", Slip: "Refund slip", HoldNote: "Hold note",
		None:     "There is nothing to print of this sale.",
		ByHand:   "(empty: written by hand)",
		Exchange: "Take back the receipt that the customer has.",
		Twice:    "An addressed receipt has been issued for this money.",
		AllBack:  "The shop keeps nothing of this sale, so there is no receipt for it.",
		Before:   "Last %s",
		Printing: "Printing. Enter goes back.",
		Printed:  "Printed.",
		Dropped:  "The printing was given up.",

		AgainTitle: "There is an addressed receipt already. Issue copy %s?",
		AgainText:  "There will be two for the same money. Take the first one back. The new one says that it is reissued.",
		AgainNot:   "do not issue it (Esc)", AgainDo: "reissue it",

		KeyPapers: "receipt",
		KeyPrint:  "print", KeyAgain: "reprint", KeyDone: "back", KeyOther: "other papers", KeyAddressed: "addressed",
		KeyTo: "addressee", KeyPurpose: "paid for", KeySave: "done", KeyDrop: "leave it",
	}
}
