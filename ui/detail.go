package ui

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

// historyMsg is a sale as the journal has it.
type historyMsg struct {
	id     pos.SaleID
	sale   pos.Sale
	events []pos.Recorded
	err    error
}

// detail is one sale with everything that the journal says about it.
type detail struct {
	env
	id      pos.SaleID
	sale    pos.Sale
	events  []pos.Recorded
	known   bool // the journal has been read
	loading bool
	stale   bool
	inHand  bool // the register still has it in hand, so that it can be taken up
	problem problem
	papered bool // there is a receipt, or a slip
	scroll  *scroll
	bind    detailKeys
}

type detailKeys struct{ take, giveBack, papers, named, leave key.Binding }

// newDetail is the screen of a sale, settled or not.
func newDetail(e env, id pos.SaleID) detail {
	w := e.words.Detail
	return detail{
		env: e, id: id, loading: true, scroll: &scroll{},
		bind: detailKeys{
			take: bind(w.KeyTake, "enter"), giveBack: bind(e.words.GiveBack.KeyGiveBack, "b"),
			papers: bind(e.words.Paper.KeyPapers, "p", "v"), named: bind(e.words.Paper.KeyAddressed, "o"), leave: bind(e.words.Common.KeyBack, "esc"),
		},
	}
}

// init reads the sale, also when the cashier comes back to it.
func (d detail) init() tea.Cmd { return d.read() }

func (d detail) title() string { return d.words.Detail.Title }

func (d detail) keys() []key.Binding {
	b := d.bind
	holds := d.sale.Standing() == pos.HeldOpen
	if holds {
		b.papers = bind(d.words.Hold.KeyPaper, b.papers.Keys()...)
	}
	b.papers.SetEnabled(d.papered)
	b.named.SetEnabled(d.papered && !holds)
	b.take.SetEnabled(d.inHand)
	b.giveBack.SetEnabled(brings(d.sale.Standing()))
	return []key.Binding{b.take, b.leave, b.papers, b.named, b.giveBack}
}

func (d detail) update(msg tea.Msg) (screen, move, tea.Cmd) {
	switch m := msg.(type) {
	case changedMsg:
		if d.loading {
			d.stale = true
			return d, move{}, nil
		}
		d.loading = true
		return d, move{}, d.read()
	case historyMsg:
		if m.id == d.id {
			return d.heard(m)
		}
	case tea.KeyMsg:
		return d.key(m)
	}
	return d, move{}, nil
}

func (d detail) heard(m historyMsg) (screen, move, tea.Cmd) {
	d.loading = false
	d.problem = d.words.Problem.unread(m.err)
	if m.err == nil {
		d.sale, d.events, d.known = m.sale, m.events, true
		d.papered = len(d.sale.Papers()) > 0
		s, ok := d.register.Sale(d.id)
		d.inHand = ok && (!s.Sale.Left || takeable(s.Sale.Standing()))
	}
	if d.stale {
		d.stale, d.loading = false, true
		return d, move{}, d.read()
	}
	return d, move{}, nil
}

// takeable reports whether there is still something to wait for, or to do,
// about a sale that the cashier has left.
func takeable(s pos.Standing) bool {
	switch s {
	case pos.Waiting, pos.Unclear, pos.Changing, pos.HeldOpen:
		return true
	case pos.Settled, pos.PartReturned, pos.LatePaid, pos.Unpaid, pos.Returned, pos.Released:
	}
	return false
}

func (d detail) key(k tea.KeyMsg) (screen, move, tea.Cmd) {
	switch {
	case d.scroll.press(k):
	case key.Matches(k, d.bind.leave):
		return d, move{kind: back}, nil
	case key.Matches(k, d.bind.papers) && d.papered:
		return d, move{kind: open, to: newPaperPage(d.env, d.id, pos.Paper{Kind: pos.ReceiptPaper})}, nil
	case key.Matches(k, d.bind.named) && d.papered:
		return d, move{kind: open, to: newPaperPage(d.env, d.id, pos.Paper{Kind: pos.AddressedPaper})}, nil
	case key.Matches(k, d.bind.giveBack):
		if d.known && brings(d.sale.Standing()) {
			return d, move{kind: open, to: newGiveBack(d.env, d.id, "", "")}, nil
		}
	case key.Matches(k, d.bind.take):
		if s, ok := d.register.Sale(d.id); ok && d.inHand {
			return d, move{kind: open, to: openSale(d.env, s)}, nil
		}
	}
	return d, move{}, nil
}

func (d detail) read() tea.Cmd {
	r, id := d.register, d.id
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		s, events, err := r.History(ctx, id)
		return historyMsg{id: id, sale: s, events: events, err: err}
	}
}

func (d detail) view(width, height int) string {
	w, t := d.words.Detail, d.theme
	p := newPage(width, height)
	if !d.known {
		p.line("")
		text, l := w.Reading, t.faint
		if d.problem.says != "" {
			text, l = d.problem.says+"\n"+d.problem.next, t.bad
		}
		for _, part := range wrap(text, width-4) {
			p.line("  " + l.paint(part))
		}
		return p.String()
	}
	for _, l := range d.scroll.window(d.lines(width), width-1, height, t) {
		p.line(l)
	}
	return p.String()
}

// lines is the whole text, however long.
func (d detail) lines(width int) []string {
	w, c, t := d.words.Detail, d.words.Common, d.theme
	s := d.sale
	inner := width - 4
	var lines []string
	head := func(text string) {
		lines = append(lines, "", " "+t.faint.paint(text+" "+strings.Repeat("─", max(width-3-cells(text), 0))))
	}

	standing, total := s.Standing(), yen(s.Amount())
	name := fmt.Sprintf(w.Receipt, receiptNumber(s.Number))
	lines = append(lines, " "+t.strong.paint(name)+"   "+t.standing(standing).paint(c.standing(standing))+
		blank(width-4-cells(name)-3-cells(c.standing(standing))-cells(total)+1)+t.strong.paint(total))
	if a, ok := takenBy(s); ok && a.Taken != a.Amount {
		lines = append(lines, "  "+t.faint.paint(right(fmt.Sprintf(w.HeldFirst, yen(a.Amount)), inner)))
	}
	opened := s.OpenedAt.In(d.shop.Zone) // after midnight the business day is another
	when := d.words.List.date(pos.Day(opened.Format(time.DateOnly))) + opened.Format("  15:04:05")
	lines = append(lines, "  "+t.faint.paint(cut(when+"  "+pos.Clean(string(s.ID), 64), inner)))
	if hint := d.hint(standing); hint != "" {
		for _, l := range wrap(hint, inner) {
			lines = append(lines, "  "+t.standing(standing).paint(l))
		}
	}

	head(w.Goods)
	for _, l := range s.Order.Lines {
		for _, part := range d.item(l, inner) {
			lines = append(lines, "  "+part)
		}
	}
	r := d.words.Receipt
	if s.Totals.Off > 0 {
		lines = append(lines, "  "+between(r.Subtotal, yen(s.Totals.Goods), inner), "  "+between(r.off(s.Order.Off), "-"+yen(s.Totals.Off), inner))
	}
	if s.Order.EatIn {
		lines = append(lines, "  "+cut(r.EatIn, inner))
	}
	for _, r := range s.RatesOf(s.Amount()) {
		rate := c.rate(r.Rate)
		if r.Rate != pos.Exempt {
			rate = digits(r.Percent) + "%" // as of the sale's day
		}
		tax := fmt.Sprintf(w.RateTotal, rate, yen(r.Total), yen(r.Tax))
		lines = append(lines, "  "+t.faint.paint(right(tax, inner)))
	}

	headed := false
	for _, a := range s.Attempts {
		for _, m := range a.Modifications {
			if !headed {
				head(w.Modifications)
				headed = true
			}
			lines = append(lines, d.modification(m, inner)...)
		}
	}

	head(w.Timeline)
	clock := len("15:04:05")
	who := max(cells(w.Cashier), cells(w.Till), cells(w.PayPay))
	for _, e := range d.events {
		what, code := d.words.Detail.event(e.Event)
		if a, ok := s.Attempt(e.Attempt); ok && len(s.Attempts) > 1 {
			what = fmt.Sprintf("#%d %s", a.Number, what)
		}
		indent := clock + 2 + who + 2
		for i, l := range wrap(what, inner-indent) {
			if i == 0 {
				at := e.At.In(d.shop.Zone).Format("15:04:05")
				lines = append(lines, "  "+t.faint.paint(at)+"  "+left(w.who(e.Event), who)+"  "+l)
				continue
			}
			lines = append(lines, "  "+blank(indent)+l)
		}
		if code != "" {
			for _, l := range wrap(code, inner-indent) {
				lines = append(lines, "  "+blank(indent)+t.faint.paint(l))
			}
		}
	}
	if d.problem.says != "" { // what is shown was read before
		head(d.problem.says)
	}
	return lines
}

// item is a line of the order, and below it what was taken off.
func (d detail) item(l pos.Line, width int) []string {
	c := d.words.Common
	name := c.itemName(l)
	if l.Void != "" {
		return []string{between(d.theme.struck.paint(cut(name, width-12)), "["+d.words.Entry.VoidMark+"]", width)}
	}
	if d.sale.Order.Rate(l) == pos.Reduced {
		name += " " + c.ReducedMark
	}
	price, off := "-", pos.Yen(0)
	if whole, err := l.Unit.Times(l.Quantity); err == nil {
		if total, err := l.Total(); err == nil {
			price, off = yen(whole), whole-total
		}
	}
	if l.Quantity != 1 {
		price = fmt.Sprintf("%s x %s  %s", yen(l.Unit), digits(l.Quantity), right(price, 10))
	}
	lines := []string{between(name, price, width)}
	if off > 0 {
		lines = append(lines, between("  "+d.words.Receipt.off(l.Off), "-"+yen(off), width))
	}
	return lines
}

// modification is something that was asked of PayPay about the sale's money:
// what, how it stands, who asked for it and when, and why it was denied.
func (d detail) modification(m pos.Modification, width int) []string {
	w, g, t := d.words.Detail, d.words.GiveBack, d.theme
	who := ""
	if m.Outside {
		who = g.Outside
	}
	for _, e := range d.events {
		if e.Kind == pos.ModAsked && e.Modification != nil && e.Modification.ID == m.ID {
			who = w.who(e.Event)
		}
	}
	at := m.AskedAt.In(d.shop.Zone).Format("01-02 15:04:05")
	what := g.way(m.Way).Name + "  " + t.progress(m).paint(g.state(m))
	lines := []string{"  " + between(t.faint.paint(at)+"  "+what+"  "+who, yen(m.Amount), width)}
	const indent = len("01-02 15:04:05") + 4
	add := func(l look, text string) {
		for _, part := range wrap(text, width-indent+2) {
			lines = append(lines, blank(indent)+l.paint(part))
		}
	}
	goods := make([]string, 0, len(m.Goods))
	for _, back := range m.Goods {
		if back.Line < len(d.sale.Order.Lines) {
			name := d.words.Common.itemName(d.sale.Order.Lines[back.Line])
			goods = append(goods, name+" "+fmt.Sprintf(d.words.Sale.Quantity, digits(back.Quantity)))
		}
	}
	if m.Reason != "" {
		goods = append([]string{pos.Clean(m.Reason, 200)}, goods...)
	}
	if len(goods) > 0 {
		add(t.text, strings.Join(goods, " / "))
	}
	if m.State == pos.Denied {
		is := d.words.Problem.denied(m, d.register.Status())
		add(t.warn, is.says)
		if is.quote != "" {
			add(t.faint, is.quote)
		}
	}
	if !m.DoneAt.IsZero() {
		add(t.faint, fmt.Sprintf(w.DoneAt, m.DoneAt.In(d.shop.Zone).Format("01-02 15:04:05")))
	}
	add(t.faint, pos.Clean(m.ID, 80))
	return lines
}

// hint is what a person should do about the sale, if anything.
func (d detail) hint(s pos.Standing) string {
	w := d.words.Detail
	switch s {
	case pos.LatePaid:
		return w.HintLate
	case pos.Unclear:
		return w.HintUnclear
	case pos.Changing:
		return w.HintChanging
	case pos.HeldOpen:
		return w.HintHeld
	case pos.PartReturned, pos.Returned:
		var back, kept pos.Yen
		for _, a := range d.sale.Attempts {
			otherwise := min(a.Settled(), a.Kept())
			back, kept = back+a.Returned()+otherwise, kept+a.Kept()-otherwise
		}
		return fmt.Sprintf(w.HintReturned, yen(back), yen(kept))
	case pos.Released:
		return w.HintReleased
	case pos.Waiting, pos.Settled, pos.Unpaid:
	}
	return ""
}

type detailWords struct {
	Title     string
	Reading   string
	Receipt   string // with the number
	HeldFirst string // with what was held, of which another amount was taken
	Goods     string
	RateTotal string // rate, total, tax
	Timeline  string

	HintLate, HintUnclear, HintChanging, HintHeld, HintReleased string
	HintReturned                                                string // with what was given back and what is kept

	Modifications string
	DoneAt        string // with a time

	Cashier, Till, PayPay string

	// What happened.
	Charged, Recharged, Coded, Declined, Unanswered, Mismatched    string
	Created, Completed, Failed, Canceled, Expired                  string
	Refunded, NotFound                                             string
	Status                                                         string // with PayPay's own word
	ShutCashier, ShutNewCode, ShutExpiry, ShutFailure, ShutPayment string
	Deleted, DeleteNotFound, DeleteTooLate, DeleteRefused          string
	CancelSent, CancelAccepted, CancelNotFound, CancelRefused      string
	Moved                                                          string
	Other                                                          string // with the kind
	Money                                                          moneyWords

	KeyTake string
}

func detailJa() detailWords {
	return detailWords{
		Title:     "取引の詳細",
		Reading:   "読み込んでいます",
		Receipt:   "レシート %s",
		HeldFirst: "(仮押さえ %s)",
		Goods:     "明細",
		RateTotal: "%s対象 %s (内消費税 %s)",
		Timeline:  "経過",

		HintLate:     "予定外のお支払いがありました。責任者が確認してください。",
		HintUnclear:  "PayPayの答えを待っています。別のお支払いを受けないでください。",
		HintChanging: "PayPayで手続き中です。結果がわかるまで、もう一度返したり、現金で返したりしないでください。",
		HintHeld:     "金額を仮押さえしています。まだ受け取っていません。",
		HintReleased: "仮押さえは解除されました。代金は受け取っていません。",
		HintReturned: "%sを返金しました。お店に残る代金は%sです。",

		Modifications: "返金と仮押さえ", DoneAt: "%s に完了",

		Cashier: "レジ係", Till: "レジ", PayPay: "PayPay",

		Charged:        "会計を始め、コードを依頼した",
		Recharged:      "新しいコードを依頼した",
		Coded:          "コードができた",
		Declined:       "コードを作れなかった",
		Unanswered:     "コードの依頼に、使える答えがなかった",
		Mismatched:     "金額か注文が合わない答えだった",
		Created:        "まだ支払われていない",
		Completed:      "支払われた",
		Failed:         "支払いは失敗した",
		Canceled:       "支払いは取り消された",
		Expired:        "支払いは期限切れになった",
		Refunded:       "返金された",
		NotFound:       "この支払いの記録はない",
		Status:         "状態は %s",
		ShutCashier:    "お会計をやめるため、コードを閉じる",
		ShutNewCode:    "新しいコードを出すため、コードを閉じる",
		ShutExpiry:     "期限が過ぎたため、コードを閉じる",
		ShutFailure:    "失敗したため、コードを閉じる",
		ShutPayment:    "前のコードで支払われたため、コードを閉じる",
		Deleted:        "コードを削除した",
		DeleteNotFound: "コードはすでになかった",
		DeleteTooLate:  "コードはすでに支払われている",
		DeleteRefused:  "コードを削除できなかった",
		CancelSent:     "見せていないコードの取消を依頼する",
		CancelAccepted: "取消を受け付けた",
		CancelNotFound: "取り消す支払いはなかった",
		CancelRefused:  "取消は断られた",
		Moved:          "この会計の画面を離れた",
		Other:          "記録 %s",
		Money:          moneyJa(),

		KeyTake: "この会計を続ける",
	}
}

func detailEn() detailWords {
	return detailWords{
		Title:     "Sale",
		Reading:   "Reading",
		Receipt:   "Receipt %s",
		HeldFirst: "(held %s)",
		Goods:     "Goods",
		RateTotal: "%s rate %s (tax inside %s)",
		Timeline:  "What happened",

		HintLate:     "There was an unexpected payment. The manager has to look at it.",
		HintUnclear:  "Waiting for PayPay's answer. Do not take another payment.",
		HintChanging: "PayPay is working on it. Until the outcome is known, do not give it back again and give no cash back.",
		HintHeld:     "The amount is held, and has not been taken yet.",
		HintReleased: "The hold was let go. Nothing was taken.",
		HintReturned: "%s was given back. The shop keeps %s.",

		Modifications: "Given back and held", DoneAt: "done %s",

		Cashier: "cashier", Till: "till", PayPay: "PayPay",

		Charged:        "charged, and asked for a code",
		Recharged:      "asked for another code",
		Coded:          "made the code",
		Declined:       "made no code",
		Unanswered:     "gave no usable answer about the code",
		Mismatched:     "answered about another amount or order",
		Created:        "says: not paid yet",
		Completed:      "says: paid",
		Failed:         "says: failed",
		Canceled:       "says: cancelled",
		Expired:        "says: expired",
		Refunded:       "says: refunded",
		NotFound:       "knows no such payment",
		Status:         "says: %s",
		ShutCashier:    "shuts the code: the sale is given up",
		ShutNewCode:    "shuts the code: another one is wanted",
		ShutExpiry:     "shuts the code: its time is over",
		ShutFailure:    "shuts the code: the payment failed",
		ShutPayment:    "shuts the code: an earlier one was paid",
		Deleted:        "deleted the code",
		DeleteNotFound: "the code was gone already",
		DeleteTooLate:  "the code had been paid already",
		DeleteRefused:  "did not delete the code",
		CancelSent:     "asks to cancel the code that was never shown",
		CancelAccepted: "accepted the cancel",
		CancelNotFound: "there was nothing to cancel",
		CancelRefused:  "refused the cancel",
		Moved:          "left this sale",
		Other:          "entry %s",
		Money:          moneyEn(),

		KeyTake: "go on with this sale",
	}
}
