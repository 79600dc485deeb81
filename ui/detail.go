package ui

import (
	"context"
	"fmt"
	"strings"

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
	paper   bool // the receipt is shown
	scroll  *scroll
	bind    detailKeys
}

type detailKeys struct{ take, receipt, leave key.Binding }

// newDetail is the screen of a sale, settled or not.
func newDetail(e env, id pos.SaleID) detail {
	w := e.words.Detail
	return detail{
		env: e, id: id, loading: true, scroll: &scroll{},
		bind: detailKeys{
			take: bind(w.KeyTake, "enter"), receipt: bind(w.KeyReceipt, "v"), leave: bind(e.words.Common.KeyBack, "esc"),
		},
	}
}

// init reads the sale, also when the cashier comes back to it.
func (d detail) init() tea.Cmd { return d.read() }

func (d detail) title() string { return d.words.Detail.Title }

func (d detail) keys() []key.Binding {
	b := d.bind
	if d.paper {
		b.receipt = bind(d.words.Detail.KeyDetail, "v")
	}
	_, paid := d.sale.PaidBy()
	b.receipt.SetEnabled(paid)
	b.take.SetEnabled(d.inHand)
	return []key.Binding{b.take, b.receipt, b.leave}
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
		s, ok := d.register.Sale(d.id)
		d.inHand = ok && (s.Sale.Standing() == pos.Waiting || s.Sale.Standing() == pos.Unclear || !s.Sale.Left)
	}
	if d.stale {
		d.stale, d.loading = false, true
		return d, move{}, d.read()
	}
	return d, move{}, nil
}

func (d detail) key(k tea.KeyMsg) (screen, move, tea.Cmd) {
	_, paid := d.sale.PaidBy()
	switch {
	case d.scroll.press(k):
	case key.Matches(k, d.bind.leave):
		if d.paper {
			d.paper, d.scroll.top = false, 0
			return d, move{}, nil
		}
		return d, move{kind: back}, nil
	case key.Matches(k, d.bind.receipt) && paid:
		d.paper, d.scroll.top = !d.paper, 0
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
	if d.paper {
		by, _ := d.sale.PaidBy()
		paper := min(receiptWidth, max(width-4, receiptLeast))
		shift := blank((width - paper) / 2)
		for _, l := range d.scroll.window(receipt(d.words, d.shop, d.sale, by, paper), paper, height, t) {
			p.line(shift + l)
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

	standing, total := s.Standing(), yen(s.Totals.Total)
	name := fmt.Sprintf(w.Receipt, receiptNumber(s.Number))
	lines = append(lines, " "+t.strong.paint(name)+"   "+t.standing(standing).paint(c.standing(standing))+
		blank(width-4-cells(name)-3-cells(c.standing(standing))-cells(total)+1)+t.strong.paint(total))
	when := d.words.List.date(s.Day) + "  " + s.OpenedAt.In(d.shop.Zone).Format("15:04:05")
	lines = append(lines, "  "+t.faint.paint(cut(when+"  "+pos.Clean(string(s.ID), 64), inner)))
	if hint := d.hint(standing); hint != "" {
		for _, l := range wrap(hint, inner) {
			lines = append(lines, "  "+t.standing(standing).paint(l))
		}
	}

	head(w.Goods)
	for _, l := range s.Order.Lines {
		lines = append(lines, "  "+d.item(l, inner))
	}
	for _, r := range s.Totals.Rates {
		tax := fmt.Sprintf(w.RateTotal, c.rate(r.Rate), yen(r.Total), yen(r.Tax))
		lines = append(lines, "  "+t.faint.paint(right(tax, inner)))
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

func (d detail) item(l pos.Line, width int) string {
	c := d.words.Common
	name := c.itemName(l)
	if l.Rate == pos.Reduced {
		name += " " + c.ReducedMark
	}
	price := "-"
	if total, err := l.Total(); err == nil {
		price = yen(total)
	}
	if l.Quantity != 1 {
		price = fmt.Sprintf("%s x %s  %s", yen(l.Unit), digits(l.Quantity), right(price, 10))
	}
	return between(name, price, width)
}

// hint is what a person should do about the sale, if anything.
func (d detail) hint(s pos.Standing) string {
	w := d.words.Detail
	switch s {
	case pos.LatePaid:
		return w.HintLate
	case pos.Unclear:
		return w.HintUnclear
	case pos.Returned:
		return w.HintRefunded
	case pos.Waiting, pos.Settled, pos.Unpaid, pos.Changing, pos.HeldOpen, pos.PartReturned, pos.Released:
	}
	return ""
}

type detailWords struct {
	Title     string
	Reading   string
	Receipt   string // with the number
	Goods     string
	RateTotal string // rate, total, tax
	Timeline  string

	HintLate, HintUnclear, HintRefunded string

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

	KeyTake, KeyReceipt, KeyDetail string
}

func detailJa() detailWords {
	return detailWords{
		Title:     "取引の詳細",
		Reading:   "読み込んでいます",
		Receipt:   "レシート %s",
		Goods:     "明細",
		RateTotal: "%s対象 %s (内消費税 %s)",
		Timeline:  "経過",

		HintLate:     "予定外のお支払いがありました。責任者が確認してください。",
		HintUnclear:  "PayPayの答えを待っています。別のお支払いを受けないでください。",
		HintRefunded: "このレジの外で返金されています。",

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

		KeyTake: "この会計を続ける", KeyReceipt: "レシート", KeyDetail: "詳細",
	}
}

func detailEn() detailWords {
	return detailWords{
		Title:     "Sale",
		Reading:   "Reading",
		Receipt:   "Receipt %s",
		Goods:     "Goods",
		RateTotal: "%s rate %s (tax inside %s)",
		Timeline:  "What happened",

		HintLate:     "There was an unexpected payment. The manager has to look at it.",
		HintUnclear:  "Waiting for PayPay's answer. Do not take another payment.",
		HintRefunded: "The money was given back outside this till.",

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

		KeyTake: "go on with this sale", KeyReceipt: "receipt", KeyDetail: "details",
	}
}
