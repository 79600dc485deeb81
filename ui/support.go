package ui

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

// support is the screen with what PayPay's support asks for about a sale: ids,
// amounts, times by both clocks, result codes and request ids. What a customer
// could pay with, and keys of ours, are not in it.
type support struct {
	env
	id      pos.SaleID
	sale    pos.Sale
	events  []pos.Recorded
	known   bool
	problem problem
	scroll  *scroll
	leave   key.Binding
}

// newSupport is the screen of a sale, settled or not.
func newSupport(e env, id pos.SaleID) support {
	return support{env: e, id: id, scroll: &scroll{}, leave: bind(e.words.Common.KeyBack, "esc", "i", "enter")}
}

func (s support) init() tea.Cmd { return readHistory(s.register, s.id) }

func (s support) title() string { return s.words.Support.Title }

func (s support) keys() []key.Binding { return []key.Binding{s.leave} }

func (s support) update(msg tea.Msg) (screen, move, tea.Cmd) {
	switch m := msg.(type) {
	case changedMsg:
		return s, move{}, readHistory(s.register, s.id)
	case historyMsg:
		if m.id != s.id {
			break
		}
		if s.problem = s.words.Problem.unread(m.err); m.err == nil {
			s.sale, s.events, s.known = m.sale, m.events, true
		}
	case tea.KeyMsg:
		if !s.scroll.press(m) && key.Matches(m, s.leave) {
			return s, move{kind: back}, nil
		}
	}
	return s, move{}, nil
}

func (s support) view(width, height int) string {
	b := newPage(width, height)
	for _, l := range s.scroll.window(s.lines(width), width-1, height, s.theme) {
		b.line(l)
	}
	return b.String()
}

func (s support) lines(width int) []string {
	w, t := s.words.Support, s.theme
	inner := width - 4
	lines := []string{""}
	say := func(l look, indent int, text string) {
		for _, part := range wrap(text, inner-indent) {
			lines = append(lines, "  "+blank(indent)+l.paint(part))
		}
	}
	if s.problem.says != "" {
		say(t.bad, 0, s.problem.says+" "+s.problem.next)
	}
	if !s.known {
		if s.problem.says == "" {
			say(t.faint, 0, w.Reading)
		}
		return lines
	}
	fact := func(name, value string) {
		if value == "" {
			return
		}
		if label := left(name, supportLabel); cells(label)+cells(value) <= inner {
			lines = append(lines, "  "+t.faint.paint(label)+value)
			return
		}
		say(t.faint, 0, name)
		say(t.text, 2, value)
	}
	say(t.text, 0, w.Hint)
	lines = append(lines, "")
	fact(w.Receipt, receiptNumber(s.sale.Number)+"  "+s.words.Common.standing(s.sale.Standing()))
	fact(w.Total, yen(s.sale.Totals.Total))
	for _, a := range s.sale.Attempts {
		lines = append(lines, "")
		fact(w.OurID, pos.Clean(a.ID, 64))
		fact(w.PaymentID, pos.Clean(a.PaymentID, 64))
		fact(w.CodeID, pos.Clean(a.CodeID, 64))
		fact(w.Asked, yen(a.Amount))
		if a.OnHold > 0 {
			fact(w.Held, yen(a.OnHold))
		}
		if a.Taken > 0 {
			fact(w.Taken, yen(a.Taken))
			fact(w.Returned, yen(a.Returned()))
		}
		for _, m := range a.Modifications {
			fact(w.way(m.Way), fmt.Sprintf("%s  %s", yen(m.Amount), pos.Clean(m.ID, 64)))
		}
	}
	lines = append(lines, "", " "+t.faint.paint(w.Times+" "+strings.Repeat("─", max(width-3-cells(w.Times), 0))))
	for _, e := range s.events {
		lines = append(lines, s.event(e.Event, inner)...)
	}
	return lines
}

// supportLabel is the width of the names of numbers.
const supportLabel = 18

func (s support) event(e pos.Event, width int) []string {
	const clock = "2006-01-02 15:04:05.000"
	at, t := e.At.In(s.shop.Zone), s.theme
	what, numbers := s.words.Detail.event(e)
	times := at.Format(clock) + "  " + s.words.Support.PayPayTime + at.Add(e.Skew).Truncate(time.Millisecond).Format(" 15:04:05.000")
	if n := e.Answer; n != nil && n.Amount != 0 {
		what += "  " + yen(pos.Yen(n.Amount))
	}
	lines := []string{"  " + t.faint.paint(cut(times, width))}
	for _, text := range []string{s.words.Detail.who(e) + ": " + what, numbers} {
		if text == "" {
			continue
		}
		for _, l := range wrap(text, width-2) {
			lines = append(lines, "    "+l)
		}
	}
	return lines
}

type supportWords struct {
	Title, Hint, Reading                   string
	Receipt, Total                         string
	OurID, PaymentID, CodeID               string
	Asked, Held, Taken, Returned           string
	Refund, Cancel, Capture, Revert, Other string
	Times, PayPayTime                      string
}

func (w supportWords) way(y pos.Way) string {
	switch y {
	case pos.WayRefund:
		return w.Refund
	case pos.WayCancel:
		return w.Cancel
	case pos.WayCapture:
		return w.Capture
	case pos.WayRevert:
		return w.Revert
	case pos.WayDelete:
	}
	return w.Other
}

func supportJa() supportWords {
	return supportWords{
		Title: "問い合わせ内容", Hint: "PayPayに問い合わせるときに伝える内容です。", Reading: "読み込んでいます",
		Receipt: "レシート番号", Total: "お会計",
		OurID: "照会番号", PaymentID: "PayPay決済番号", CodeID: "コード番号",
		Asked: "頼んだ金額", Held: "仮押さえ中", Taken: "受け取った金額", Returned: "返金した金額",
		Refund: "返金", Cancel: "取消", Capture: "確定", Revert: "解除", Other: "手続き",
		Times: "経過(レジの時計 / PayPayの時計)", PayPayTime: "PayPay",
	}
}

func supportEn() supportWords {
	return supportWords{
		Title: "Details for support", Hint: "What to tell PayPay's support about this sale.", Reading: "Reading",
		Receipt: "Receipt", Total: "Total",
		OurID: "Our id", PaymentID: "PayPay payment", CodeID: "Code",
		Asked: "Asked for", Held: "Held", Taken: "Taken", Returned: "Given back",
		Refund: "Refund", Cancel: "Cancel", Capture: "Capture", Revert: "Let go", Other: "Other",
		Times: "What happened (our clock / PayPay's clock)", PayPayTime: "PayPay",
	}
}
