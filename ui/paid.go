package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

// paidMovedMsg says what became of turning to the next customer.
type paidMovedMsg struct {
	sale pos.SaleID
	err  error
}

// printAskedMsg says what became of asking for a paper.
type printAskedMsg struct {
	sale  pos.SaleID
	paper pos.Paper
	err   error
}

// paid is the screen of a sale that was paid.
type paid struct {
	env
	sale    pos.Sale
	by      pos.Attempt
	leaving bool
	problem problem
	scroll  *scroll
	next    key.Binding
	papers  key.Binding
	named   key.Binding // the 領収書
	back    key.Binding // money, to the customer
}

// newPaid is the screen of a sale that has been paid.
func newPaid(e env, s pos.Sale) paid {
	w := e.words.Paid
	p := paid{
		env: e, sale: s, scroll: &scroll{},
		next: bind(w.KeyNext, "enter"), back: bind(e.words.GiveBack.KeyGiveBack, "b"),
		papers: bind(e.words.Paper.KeyPapers, "p", "v"), named: bind(e.words.Paper.KeyAddressed, "o"),
	}
	p.by, _ = takenBy(s)
	if s.Standing() == pos.LatePaid {
		p.next = bind(w.KeySeen, "enter")
	}
	return p
}

// takenBy is the attempt that paid a sale, also if all of it was given back
// since.
func takenBy(s pos.Sale) (pos.Attempt, bool) {
	if a, ok := s.PaidBy(); ok {
		return a, true
	}
	i := slices.IndexFunc(s.Attempts, func(a pos.Attempt) bool { return a.Taken > 0 })
	if i < 0 {
		return pos.Attempt{}, false
	}
	return s.Attempts[i], true
}

// init has the receipt printed, once however often the screen is opened.
func (p paid) init() tea.Cmd {
	first, ok := p.automatic()
	if !ok {
		return nil
	}
	return askPrint(p.register, p.sale.ID, first)
}

// automatic is the receipt that is printed by itself, if one is: a payment that
// nobody waited for is a person's decision first.
func (p paid) automatic() (pos.Paper, bool) {
	return p.first(), p.sale.Standing() == pos.Settled && p.by.Taken > 0 && !p.printer.Asked
}

func (p paid) first() pos.Paper {
	return pos.Paper{Kind: pos.ReceiptPaper, Attempt: p.by.ID, Copy: 1}
}

func (p paid) title() string { return p.words.Paid.Title }

func (p paid) going() bool { return p.leaving }

func (p paid) keys() []key.Binding {
	if p.leaving {
		return nil
	}
	return []key.Binding{p.next, p.papers, p.named, p.back}
}

func (p paid) update(msg tea.Msg) (screen, move, tea.Cmd) {
	switch m := msg.(type) {
	case changedMsg:
		// The same sale may be paid a second time.
		if s, ok := p.register.Sale(p.sale.ID); ok {
			fresh := newPaid(p.env, s.Sale)
			p.sale, p.by, p.next = fresh.sale, fresh.by, fresh.next
		}
	case printAskedMsg:
		if m.sale == p.sale.ID && m.paper == p.first() && m.err != nil && !errors.Is(m.err, pos.ErrNoPrinter) {
			p.problem = p.words.Problem.of(m.err, p.register.Status())
		}
	case paidMovedMsg:
		if m.sale != p.sale.ID {
			break
		}
		if p.leaving = false; m.err == nil {
			return p, move{kind: home}, nil
		}
		p.problem = p.words.Problem.of(m.err, p.register.Status())
	case tea.KeyMsg:
		switch {
		case p.leaving, p.scroll.press(m):
		case key.Matches(m, p.papers):
			return p, move{kind: open, to: newPaperPage(p.env, p.sale.ID, pos.Paper{Kind: pos.ReceiptPaper, Attempt: p.by.ID})}, nil
		case key.Matches(m, p.named):
			return p, move{kind: open, to: newPaperPage(p.env, p.sale.ID, pos.Paper{Kind: pos.AddressedPaper, Attempt: p.by.ID})}, nil
		case key.Matches(m, p.back):
			return p, move{kind: open, to: newGiveBack(p.env, p.sale.ID, "", "")}, nil
		case key.Matches(m, p.next):
			p.leaving, p.problem = true, problem{}
			return p, move{}, p.moveOn()
		}
	}
	return p, move{}, nil
}

func (p paid) moveOn() tea.Cmd {
	r, id, seen := p.register, p.sale.ID, p.sale.Standing()
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		return paidMovedMsg{sale: id, err: r.MoveOn(ctx, id, seen)}
	}
}

// The window from which the receipt stands beside the amount.
const paidBeside = 78

func (p paid) view(width, height int) string {
	paper := min(receiptWidth, max(width-42, receiptLeast))
	lines := receipt(p.words, p.shop, p.sale, p.by, paper)
	b := newPage(width, height)
	if width < paidBeside {
		for _, l := range p.statement(width) {
			b.line(l)
		}
		return b.String()
	}
	side := width - paper - 3
	text := p.statement(side)
	shown := p.scroll.window(lines, paper, height, p.theme)
	for i := range max(len(text), len(shown)) {
		l := ""
		if i < len(text) {
			l = text[i]
		}
		if i < len(shown) {
			l += blank(side-cells(l)) + " " + shown[i]
		}
		b.line(l)
	}
	return b.String()
}

// statement is what the cashier has to see at a glance.
func (p paid) statement(width int) []string {
	w, t := p.words.Paid, p.theme
	inner := width - 4
	var lines []string
	add := func(l look, s string) {
		for _, part := range wrap(s, inner) {
			lines = append(lines, "  "+l.paint(part))
		}
	}
	lines = append(lines, "")
	standing := p.sale.Standing()
	late := standing == pos.LatePaid
	switch back := p.by.Returned(); {
	case late:
		lines = append(lines, "  "+t.alarm.paint(left(" "+w.LateTitle, inner)), "")
		add(t.text, p.lateText())
	case standing == pos.Changing:
		add(t.busy, w.Changing)
	case back > 0:
		add(t.strong, fmt.Sprintf(w.Back, yen(back)))
	default:
		lines = append(lines, "  "+t.good.paint(strings.Repeat("▀", inner)))
		lines = append(lines, "  "+t.good.paint(middle(w.Done, inner)))
		lines = append(lines, "  "+t.good.paint(strings.Repeat("▄", inner)))
	}
	lines = append(lines, "")
	for _, l := range p.theme.bigDigits(yen(p.by.Taken), inner) {
		lines = append(lines, "  "+t.strong.paint(middle(l, inner)))
	}
	lines = append(lines, "")
	fact := func(label, value string) {
		if cells(label)+2+cells(value) > inner {
			lines = append(lines, "  "+t.faint.paint(cut(label, inner)), "  "+right(value, inner))
			return
		}
		lines = append(lines, "  "+t.faint.paint(label)+blank(inner-cells(label)-cells(value))+value)
	}
	fact(w.Number, receiptNumber(p.sale.Number))
	if back := p.by.Returned(); back > 0 {
		fact(p.words.GiveBack.Returned, yen(back))
		fact(w.Kept, yen(p.by.Kept()))
	}
	for _, a := range p.sale.Attempts {
		if a.Taken > 0 {
			fact(w.PaidAt, a.PaidAt.In(p.shop.Zone).Format("15:04:05"))
			fact(w.PaymentID, pos.Clean(a.PaymentID, 64))
		}
	}
	lines = append(lines, "")
	switch {
	case p.leaving:
		add(t.busy, w.Leaving)
	case p.problem.says != "":
		add(t.bad, p.problem.says)
		add(t.text, p.problem.next)
	case late:
		add(t.strong, w.LateDo)
	default:
		add(t.text, w.Thanks)
	}
	return lines
}

// lateText says how a payment came that nobody waited for.
func (p paid) lateText() string {
	n := 0
	for _, a := range p.sale.Attempts {
		if a.State == pos.Paid {
			n++
		}
	}
	if n > 1 {
		return fmt.Sprintf(p.words.Paid.Twice, n)
	}
	return p.words.Paid.Late
}

type paidWords struct {
	Title     string
	Done      string
	Number    string
	PaidAt    string
	PaymentID string
	Thanks    string
	Leaving   string
	Changing  string
	Back      string // with an amount
	Kept      string

	LateTitle string
	Late      string
	Twice     string // with how many times
	LateDo    string

	KeyNext, KeySeen string
}

func paidJa() paidWords {
	return paidWords{
		Title:     "支払い完了",
		Done:      "お 支 払 い 完 了",
		Number:    "レシート番号",
		PaidAt:    "支払い時刻",
		PaymentID: "PayPay決済番号",
		Thanks:    "ありがとうございました。",
		Leaving:   "記録しています",
		Changing:  "PayPayで手続き中です",
		Back:      "%s を返金しました",
		Kept:      "お店に残る代金",
		LateTitle: "要確認: 予定外のお支払い",
		Late:      "お会計を取りやめた後に、お支払いが届きました。\n代金は受け取っています。",
		Twice:     "この注文は%d回支払われています。\nお客さまに返金が必要です。",
		LateDo:    "責任者を呼んでください。",
		KeyNext:   "次のお客さま", KeySeen: "確認済みにする",
	}
}

func paidEn() paidWords {
	return paidWords{
		Title:     "Paid",
		Done:      "P A I D",
		Number:    "Receipt",
		PaidAt:    "Paid at",
		PaymentID: "PayPay payment",
		Thanks:    "Thank you very much.",
		Leaving:   "Writing it down",
		Changing:  "PayPay is working on it",
		Back:      "%s was given back",
		Kept:      "the shop keeps",
		LateTitle: "Attention: unexpected payment",
		Late:      "The customer paid after the sale had been given up.\nThe money has been taken.",
		Twice:     "This order has been paid %d times.\nThe customer has to get money back.",
		LateDo:    "Call the manager.",
		KeyNext:   "next sale", KeySeen: "seen",
	}
}
