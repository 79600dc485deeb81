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

// tasks is everything that needs a person, oldest sale first. Nothing on this
// screen takes a task off the list: only what it is about can.
type tasks struct {
	env
	all     []pos.Task
	time    time.Time // as of the last message
	status  pos.Status
	cursor  int
	asked   *dialog // about a late payment; nil when it is not open
	of      pos.Task
	working bool
	note    note
	bind    tasksKeys
}

type tasksKeys struct{ open, giveBack, attach, drop, account, leave, up, down key.Binding }

// attachedMsg is what came of deciding that a late payment pays its sale.
type attachedMsg struct {
	sale    pos.SaleID
	attempt string
	err     error
}

// newTasks is the list of what needs a person.
func newTasks(e env) tasks {
	w := e.words.Tasks
	t := tasks{env: e, bind: tasksKeys{
		open: bind(w.KeyOpen, "enter"), giveBack: bind(e.words.GiveBack.KeyGiveBack, "b"), attach: bind(w.KeyAttach, "a"),
		account: bind(e.words.Accounting.KeyAccount, "enter"),
		drop:    bind(e.words.GiveBack.KeyDrop, "d"), leave: bind(e.words.Common.KeyBack, "esc"), up: bind(w.KeyUp, "up"), down: bind(w.KeyDown, "down"),
	}}
	return t.look()
}

func (t tasks) init() tea.Cmd { return nil }

func (t tasks) title() string { return t.words.Tasks.Title }

func (t tasks) keys() []key.Binding {
	b := t.bind
	if t.asked != nil || t.working {
		return nil
	}
	keys := make([]key.Binding, 0, 6)
	if k, ok := t.selected(); ok {
		if k.Sale != "" || k.Kind == pos.TaskPrinter {
			keys = append(keys, b.open)
		}
		switch k.Kind {
		case pos.TaskLate:
			keys = append(keys, b.attach, b.giveBack)
		case pos.TaskTwice:
			keys = append(keys, b.giveBack)
		case pos.TaskDenied, pos.TaskAgain:
			keys = append(keys, b.drop)
		case pos.TaskGap:
			keys = append(keys, b.account)
		case pos.TaskUnknown, pos.TaskSlow, pos.TaskLapsing, pos.TaskUnfit, pos.TaskJournal, pos.TaskSpace, pos.TaskPrinter:
		}
	}
	return append(keys, b.leave, b.up, b.down)
}

func (t tasks) selected() (pos.Task, bool) {
	if t.cursor >= len(t.all) {
		return pos.Task{}, false
	}
	return t.all[t.cursor], true
}

// look takes the tasks as they are now. The cursor stays on its task, and what
// was asked about one that is gone is asked no more.
func (t tasks) look() tasks {
	was, had := t.selected()
	t.time, t.status, t.all = t.now(), t.register.Status(), t.register.Tasks()
	if i := t.index(was); had && i >= 0 {
		t.cursor = i
	}
	t.cursor = max(min(t.cursor, len(t.all)-1), 0)
	if t.asked != nil && t.index(t.of) < 0 {
		t.asked = nil
	}
	return t
}

func (t tasks) index(of pos.Task) int {
	return slices.IndexFunc(t.all, func(k pos.Task) bool {
		return k.Kind == of.Kind && k.Sale == of.Sale && k.Attempt == of.Attempt && k.Modification == of.Modification && k.Gap.To.Equal(of.Gap.To)
	})
}

func (t tasks) update(msg tea.Msg) (screen, move, tea.Cmd) {
	switch m := msg.(type) {
	case changedMsg, tickMsg:
		return t.look(), move{}, nil
	case attachedMsg:
		if !t.working {
			break
		}
		t.working = false
		t = t.look()
		t.note = note{text: t.words.Tasks.Attached}
		if m.err != nil {
			is := t.words.Problem.of(m.err, t.status)
			t.note = note{text: is.says + " " + is.next, bad: true}
		}
	case tea.KeyMsg:
		t.time = t.now()
		if t.asked != nil {
			return t.answered(m)
		}
		return t.key(m)
	}
	return t, move{}, nil
}

func (t tasks) key(k tea.KeyMsg) (screen, move, tea.Cmd) {
	if t.working {
		return t, move{}, nil
	}
	t.note = note{}
	switch k.Type {
	case tea.KeyEsc:
		return t, move{kind: back}, nil
	case tea.KeyUp:
		t.cursor = max(t.cursor-1, 0)
		return t, move{}, nil
	case tea.KeyDown:
		t.cursor = max(min(t.cursor+1, len(t.all)-1), 0)
		return t, move{}, nil
	default:
	}
	is, ok := t.selected()
	if !ok {
		if k.Type == tea.KeyEnter {
			return t, move{kind: back}, nil
		}
		return t, move{}, nil
	}
	money := is.Kind == pos.TaskLate || is.Kind == pos.TaskTwice
	switch {
	case k.Type == tea.KeyEnter:
		return t.open(is)
	case key.Matches(k, t.bind.attach) && is.Kind == pos.TaskLate:
		return t.ask(is), move{}, nil
	case key.Matches(k, t.bind.giveBack) && money:
		return t, move{kind: open, to: newGiveBack(t.env, is.Sale, is.Attempt, "")}, nil
	case key.Matches(k, t.bind.drop) && (is.Kind == pos.TaskDenied || is.Kind == pos.TaskAgain):
		return t, move{kind: open, to: newGiveBack(t.env, is.Sale, is.Attempt, is.Modification)}, nil
	}
	return t, move{}, nil
}

// open goes to where a task is settled.
func (t tasks) open(is pos.Task) (screen, move, tea.Cmd) {
	to := func(s screen) (screen, move, tea.Cmd) { return t, move{kind: open, to: s}, nil }
	switch is.Kind {
	case pos.TaskGap:
		return to(newAccounting(t.env, is.Gap))
	case pos.TaskPrinter:
		return to(newPrintQueue(t.env))
	default: // about a sale
	}
	snap, ok := t.register.Sale(is.Sale)
	if !ok {
		return t, move{}, nil
	}
	switch is.Kind {
	case pos.TaskLate:
		return t.ask(is), move{}, nil
	case pos.TaskTwice:
		return to(newGiveBack(t.env, is.Sale, is.Attempt, ""))
	case pos.TaskDenied:
		if is.Way == pos.WayCapture {
			return to(newHold(t.env, snap, is.Attempt))
		}
		return to(newGiveBack(t.env, is.Sale, is.Attempt, is.Modification))
	case pos.TaskLapsing:
		return to(newHold(t.env, snap, is.Attempt))
	case pos.TaskSlow, pos.TaskAgain:
		return to(newGiveBack(t.env, is.Sale, is.Attempt, is.Modification))
	case pos.TaskUnknown, pos.TaskUnfit, pos.TaskGap, pos.TaskJournal, pos.TaskSpace, pos.TaskPrinter:
	}
	return to(openSale(t.env, snap))
}

// ask asks what a late payment is to be.
func (t tasks) ask(is pos.Task) tasks {
	w := t.words.Tasks
	t.of = is
	t.asked = &dialog{
		title: fmt.Sprintf(w.LateTitle, receiptNumber(is.Number), yen(is.Amount)), text: w.LateText, since: t.time,
		choices: []choice{{"enter", w.Later}, {"a", w.AttachLong}, {"b", w.GiveBackLong}},
	}
	return t
}

func (t tasks) answered(k tea.KeyMsg) (screen, move, tea.Cmd) {
	answer, done := t.asked.answer(k, t.time)
	if !done {
		return t, move{}, nil
	}
	t.asked = nil
	is := t.of
	switch answer {
	case "a":
		t.working = true
		register := t.register
		return t, move{}, func() tea.Msg {
			ctx, cancel := context.WithTimeout(context.Background(), patience)
			defer cancel()
			return attachedMsg{sale: is.Sale, attempt: is.Attempt, err: register.Attach(ctx, is.Sale, is.Attempt)}
		}
	case "b":
		return t, move{kind: open, to: newGiveBack(t.env, is.Sale, is.Attempt, "")}, nil
	}
	return t, move{}, nil
}

// Widths of the columns.
const (
	tasksKind   = 20
	tasksNumber = 8
	tasksSince  = 10
	tasksAmount = 16
	tasksUntil  = 16
)

func (t tasks) view(width, height int) string {
	w, th := t.words.Tasks, t.theme
	p := newPage(width, height)
	if t.asked != nil {
		box := min(width-4, 72)
		lines := t.asked.draw(th, box, height)
		p.skip((height - len(lines)) / 2)
		for _, l := range lines {
			p.line(blank((width-box)/2) + l)
		}
		return p.String()
	}
	p.line(th.faint.paint("   " + left(w.What, tasksKind) + left(w.Number, tasksNumber) + right(w.Since, tasksSince) +
		right(w.Amount, tasksAmount) + t.deadline(w.Until, width)))
	p.line(th.line(width))
	if len(t.all) == 0 {
		p.line("")
		p.line("  " + cut(w.None, width-3))
		t.viewNote(p)
		return p.String()
	}
	about := t.about(width - 4)
	foot := len(about) + 2
	rows := p.room() - foot
	first := max(min(t.cursor-rows/2, len(t.all)-rows), 0)
	for i := first; i < min(first+rows, len(t.all)); i++ {
		p.line(t.row(i, width))
	}
	p.until(foot)
	p.line(th.line(width))
	for _, l := range about {
		p.line("  " + l)
	}
	t.viewNote(p)
	return p.String()
}

func (t tasks) viewNote(p *page) {
	l := t.theme.text
	if t.note.bad {
		l = t.theme.warn
	}
	p.until(1)
	p.line("  " + l.paint(cut(t.note.text, p.width-3)))
}

// deadline is the last column, where there is room for one.
func (t tasks) deadline(text string, width int) string {
	if width < 3+tasksKind+tasksNumber+tasksSince+tasksAmount+2+tasksUntil {
		return ""
	}
	return "  " + cut(text, tasksUntil)
}

func (t tasks) row(i, width int) string {
	k := t.all[i]
	since, number, amount := "", "", ""
	if !k.Since.IsZero() {
		since = following{env: t.env}.ago(t.time.Sub(k.Since))
	}
	if k.Sale != "" {
		number, amount = receiptNumber(k.Number), yen(k.Amount)
	}
	until := ""
	if !k.Until.IsZero() {
		until = t.words.GiveBack.remaining(k.Until.Sub(t.time.Add(t.status.Skew)))
	}
	name := t.words.Tasks.kind(k)
	rest := left(number, tasksNumber) + right(since, tasksSince) + right(amount, tasksAmount) + t.deadline(until, width)
	if i == t.cursor {
		s := t.theme.selected
		return s.on + left(" > "+left(name, tasksKind)+rest, width) + s.off
	}
	return "   " + t.theme.warn.padded(name, tasksKind) + rest
}

// about says what the selected task is, what to do about it, and until when.
func (t tasks) about(width int) []string {
	k, ok := t.selected()
	if !ok {
		return nil
	}
	w, th := t.words.Tasks, t.theme
	lines := wrap(w.says(k), width)
	if k.Kind == pos.TaskDenied {
		m := pos.Modification{Way: k.Way, Code: k.Code, CodeNo: k.CodeNo, State: pos.Denied}
		is := t.words.Problem.denied(m, t.status)
		lines = wrapped(th.warn, is.says, width)
		lines = append(lines, wrap(is.next, width)...)
		if !k.Lands.IsZero() {
			at := k.Lands.In(t.shop.Zone).Format("01-02 15:04")
			lines = append(lines, wrapped(th.warn, fmt.Sprintf(t.words.GiveBack.OutcomeLands, at), width)...)
		}
		if is.quote != "" {
			lines = append(lines, wrapped(th.faint, t.words.Problem.Tell+" "+is.quote, width)...)
		}
	}
	if !k.Until.IsZero() {
		at := k.Until.In(japan).Format("01-02 15:04")
		until := fmt.Sprintf(w.UntilLong, at) + "  " + t.words.GiveBack.remaining(k.Until.Sub(t.time.Add(t.status.Skew)))
		lines = append(lines, th.strong.paint(cut(until, width)))
	}
	if k.Kind == pos.TaskGap {
		lines = append(wrapped(th.warn, t.words.Accounting.lost(k.Gap, t.shop.Zone), width), lines...)
	}
	if k.Kind == pos.TaskPrinter && t.status.Unprinted != nil {
		lines = append(lines, th.faint.paint(cut(pos.Clean(t.status.Unprinted.Error(), 200), width)))
	}
	if k.Kind == pos.TaskJournal && t.status.Trouble != nil {
		lines = append(lines, th.faint.paint(cut(pos.Clean(t.status.Trouble.Error(), 200), width)))
	}
	return lines
}

type tasksWords struct {
	Title                              string
	What, Number, Since, Amount, Until string // the columns
	None                               string
	UntilLong                          string // with a time in Japan

	Late, Twice, Unknown, Lapsing, Unfit, Journal, Space, Printer string
	Slow, Gap, Again, SaysSlow, SaysGap, SaysAgain                string
	DeniedCancel, DeniedRefund, DeniedRevert, DeniedCapture       string
	UnknownCancel, UnknownRefund, UnknownRevert, UnknownTake      string
	SaysLate, SaysTwice, SaysDenied, SaysUnknown                  string
	SaysAsked                                                     string
	SaysLapsing, SaysUnfit, SaysJournal, SaysSpace, SaysPrinter   string

	LateTitle                       string // with number and amount
	LateText                        string
	Later, AttachLong, GiveBackLong string
	Attached                        string

	KeyOpen, KeyAttach, KeyUp, KeyDown string
}

// kind is what a task is, in a word or two.
func (w tasksWords) kind(t pos.Task) string {
	byWay := func(cancel, refund, revert, take string) string {
		switch t.Way {
		case pos.WayCancel:
			return cancel
		case pos.WayRevert:
			return revert
		case pos.WayCapture:
			return take
		case pos.WayRefund, pos.WayDelete:
		}
		return refund
	}
	switch t.Kind {
	case pos.TaskLate:
		return w.Late
	case pos.TaskTwice:
		return w.Twice
	case pos.TaskDenied:
		return byWay(w.DeniedCancel, w.DeniedRefund, w.DeniedRevert, w.DeniedCapture)
	case pos.TaskAgain:
		return w.Again
	case pos.TaskUnknown:
		if t.Modification != "" {
			return byWay(w.UnknownCancel, w.UnknownRefund, w.UnknownRevert, w.UnknownTake)
		}
		return w.Unknown
	case pos.TaskLapsing:
		return w.Lapsing
	case pos.TaskUnfit:
		return w.Unfit
	case pos.TaskSlow:
		return w.Slow
	case pos.TaskGap:
		return w.Gap
	case pos.TaskJournal:
		return w.Journal
	case pos.TaskSpace:
		return w.Space
	case pos.TaskPrinter:
		return w.Printer
	}
	return pos.Clean(string(t.Kind), 30)
}

// says is what to do about a task.
func (w tasksWords) says(t pos.Task) string {
	switch t.Kind {
	case pos.TaskLate:
		return w.SaysLate
	case pos.TaskTwice:
		return w.SaysTwice
	case pos.TaskDenied:
		return w.SaysDenied
	case pos.TaskAgain:
		return w.SaysAgain
	case pos.TaskUnknown:
		if t.Modification != "" {
			return w.SaysAsked
		}
		return w.SaysUnknown
	case pos.TaskLapsing:
		return w.SaysLapsing
	case pos.TaskUnfit:
		return w.SaysUnfit
	case pos.TaskSlow:
		return w.SaysSlow
	case pos.TaskGap:
		return w.SaysGap
	case pos.TaskJournal:
		return w.SaysJournal
	case pos.TaskSpace:
		return w.SaysSpace
	case pos.TaskPrinter:
		return w.SaysPrinter
	}
	return ""
}

func tasksJa() tasksWords {
	return tasksWords{
		Title: "要確認",
		What:  "内容", Number: "番号", Since: "いつから", Amount: "金額", Until: "期限",
		None: "確認が必要なものはありません。", UntilLong: "期限: %s (日本時間)",
		Late: "予定外の支払い", Twice: "二重の支払い", Unknown: "結果がわからない", Lapsing: "仮押さえの期限",
		Unfit: "答えが合わない", Journal: "記録できない", Space: "ディスクの残り", Printer: "印刷できない",
		Slow: "返金が終わらない", Gap: "記録の抜け", Again: "二重の返金",
		SaysAgain:    "できないと答えた返金を、PayPayがあとから行いました。お金は別の方法でも返しています。お客さまに確かめて、結果を書いてください。",
		SaysSlow:     "PayPayが受け付けた返金が、3日たっても終わっていません。お金を二重に返さず、お問い合わせ内容をPayPayに伝えてください。レジも確かめ続けています。",
		SaysGap:      "PayPayの管理画面と照らし合わせて、Enter でわかったことを書いてください。",
		DeniedCancel: "取消できなかった", DeniedRefund: "返金できなかった", DeniedRevert: "解除できなかった", DeniedCapture: "確定できなかった",
		UnknownCancel: "取消の結果待ち", UnknownRefund: "返金の結果待ち", UnknownRevert: "解除の結果待ち", UnknownTake: "確定の結果待ち",
		SaysLate:    "お会計をやめた後に支払われました。商品を渡していればこの売上にし、渡していなければ返金します。",
		SaysTwice:   "同じ注文が二重に支払われています。1つを残して、ほかを返金してください。",
		SaysDenied:  "PayPayが受け付けませんでした。",
		SaysUnknown: "PayPayの答えがまだありません。別のお支払いを受けないでください。レジが確かめ続けています。",
		SaysAsked:   "PayPayの答えがまだありません。もう一度返したり、現金で返したりしないでください。レジが確かめ続けています。",
		SaysLapsing: "期限が来ると、仮押さえは自動で解除されます。売上にするか、解除してください。",
		SaysUnfit:   "PayPayの答えが、この会計の金額や注文と違います。PayPayの管理画面で確かめてください。レジも確かめ続けています。",
		SaysJournal: "取引を記録できません。会計を止めて、復旧を試みています。ディスクの空きと接続を確かめてください。",
		SaysSpace:   "ディスクの残りがわずかです。いっぱいになると会計ができません。いらないファイルを消してください。",
		SaysPrinter: "レシートが印刷できません。電源、用紙、ふた、つながりを確かめてください。会計は続けられます。直るとあとから印刷します。",
		LateTitle:   "No.%s  %s の予定外の支払い",
		LateText:    "お会計をやめた後に支払われました。お金は受け取っています。\nお客さまに商品を渡しましたか。",
		Later:       "あとで決める (Esc)", AttachLong: "渡した。この売上にする (お金は動きません)", GiveBackLong: "渡していない。返金へ進む",
		Attached: "この売上の支払いとして記録しました",
		KeyOpen:  "開く", KeyAttach: "この売上にする", KeyUp: "上", KeyDown: "下",
	}
}

func tasksEn() tasksWords {
	return tasksWords{
		Title: "Needs attention",
		What:  "What", Number: "No.", Since: "Since", Amount: "Amount", Until: "Until",
		None: "Nothing needs attention.", UntilLong: "Until %s in Japan",
		Late: "unexpected payment", Twice: "paid twice", Unknown: "outcome unknown", Lapsing: "hold is ending",
		Unfit: "answer does not fit", Journal: "cannot record", Space: "disk nearly full", Printer: "printer",
		Slow: "refund under way", Gap: "entries lost", Again: "given back twice",
		SaysAgain:    "PayPay had refused to give this back, and did it after all. It was given back in another way too: see to it with the customer, and write down what came of it.",
		SaysSlow:     "PayPay accepted this refund and has not carried it out for three days. Do not give it back twice: ask PayPay's support (i on the sale). The till goes on checking.",
		SaysGap:      "Compare with PayPay for Business, and write what you found with Enter.",
		DeniedCancel: "not cancelled", DeniedRefund: "not refunded", DeniedRevert: "not let go", DeniedCapture: "not captured",
		UnknownCancel: "cancel unanswered", UnknownRefund: "refund unanswered", UnknownRevert: "let go unanswered", UnknownTake: "capture unanswered",
		SaysLate:    "This was paid after the sale had been given up. If the customer has the goods, it counts as this sale; else give it back.",
		SaysTwice:   "The same order was paid twice. Keep one payment, and give the others back.",
		SaysDenied:  "PayPay did not do it.",
		SaysUnknown: "PayPay has not answered yet. Take no other payment. The till goes on checking.",
		SaysAsked:   "PayPay has not answered yet. Do not give it back again, and give no cash back. The till goes on checking.",
		SaysLapsing: "When the time is over, the hold is let go by itself. Take the money or let it go.",
		SaysUnfit:   "PayPay's answer is about another amount or order. Look into PayPay for Business. The till goes on checking.",
		SaysJournal: "Nothing can be recorded, so nothing is sold. The till tries to recover. Check the disk: is it full, is it there?",
		SaysSpace:   "The disk is nearly full. When it is full, nothing can be sold. Make room on it.",
		SaysPrinter: "Receipts are not printed. Check power, paper, cover and cable. Sales go on; what waits is printed afterwards.",
		LateTitle:   "No.%s: unexpected payment of %s",
		LateText:    "It was paid after the sale had been given up. The money has been taken.\nDoes the customer have the goods?",
		Later:       "decide later (Esc)", AttachLong: "yes: it counts as this sale (moves no money)", GiveBackLong: "no: go on to give it back",
		Attached: "Written down: it counts as this sale",
		KeyOpen:  "open", KeyAttach: "counts as this sale", KeyUp: "up", KeyDown: "down",
	}
}
