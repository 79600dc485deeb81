package ui

import (
	"fmt"
	"slices"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

// holds is the list of the amounts that PayPay holds, those that end first in
// front.
type holds struct {
	env
	rows   []pos.Snapshot
	texts  []holdsText // of rows
	cursor int
	total  pos.Yen
	bind   holdsKeys
}

// holdsText is a row as it is written, but for what depends on the width. It is
// made when the list is read, because it is drawn at every key.
type holdsText struct {
	number, since, ends, rest, state, goods string
	amount                                  pos.Yen
	late                                    bool // it ends soon
}

type holdsKeys struct{ open, up, down, leave key.Binding }

func newHolds(e env) holds {
	w := e.words.Holds
	h := holds{env: e, bind: holdsKeys{
		open: bind(w.KeyShow, "enter"), up: bind(w.KeyUp, "up"), down: bind(w.KeyDown, "down"), leave: bind(e.words.Common.KeyBack, "esc"),
	}}
	return h.read()
}

func (h holds) init() tea.Cmd { return nil }

func (h holds) title() string { return h.words.Holds.Title }

func (h holds) keys() []key.Binding {
	b := h.bind
	b.open.SetEnabled(len(h.rows) > 0)
	return []key.Binding{b.open, b.leave, b.up, b.down}
}

// read takes what the register has in memory. The cursor stays on its sale.
func (h holds) read() holds {
	var at pos.SaleID
	if h.cursor < len(h.rows) {
		at = h.rows[h.cursor].Sale.ID
	}
	h.rows, h.total = h.register.Holds(), 0
	h.texts = make([]holdsText, 0, len(h.rows))
	payPayNow := h.now().Add(h.register.Status().Skew)
	if i := slices.IndexFunc(h.rows, func(s pos.Snapshot) bool { return s.Sale.ID == at }); i >= 0 {
		h.cursor = i
	}
	for _, s := range h.rows {
		a, _ := s.Sale.Held()
		h.total += a.OnHold
		h.texts = append(h.texts, h.text(s.Sale, a, payPayNow))
	}
	h.cursor = max(min(h.cursor, len(h.rows)-1), 0)
	return h
}

func (h holds) update(msg tea.Msg) (screen, move, tea.Cmd) {
	const far = 10
	switch m := msg.(type) {
	case changedMsg, tickMsg:
		return h.read(), move{}, nil
	case tea.KeyMsg:
		switch m.Type {
		case tea.KeyEsc:
			return h, move{kind: back}, nil
		case tea.KeyEnter:
			if h.cursor < len(h.rows) {
				s := h.rows[h.cursor]
				a, _ := s.Sale.Held()
				return h, move{kind: open, to: newHold(h.env, s, a.ID)}, nil
			}
		case tea.KeyUp:
			h.cursor--
		case tea.KeyDown:
			h.cursor++
		case tea.KeyPgUp:
			h.cursor -= far
		case tea.KeyPgDown:
			h.cursor += far
		case tea.KeyHome:
			h.cursor = 0
		case tea.KeyEnd:
			h.cursor = len(h.rows) - 1
		default:
		}
		h.cursor = max(min(h.cursor, len(h.rows)-1), 0)
	}
	return h, move{}, nil
}

// Widths of the columns.
const (
	holdsAmount = 12
	holdsTime   = 11
	holdsLeft   = 12
	holdsState  = 11

	// holdsGoods is where the goods begin, with a cell at the end of the line.
	holdsGoods = 3 + listNumber + holdsAmount + 2 + holdsTime + 2 + holdsTime + 3 + holdsLeft + holdsState + 1
)

func (h holds) view(width, height int) string {
	w, t := h.words.Holds, h.theme
	p := newPage(width, height)
	p.line("")
	p.line(t.faint.paint(h.head(p)))
	p.line(t.line(width))
	room := p.room() - 2
	if len(h.rows) == 0 {
		p.line("")
		p.line("  " + t.faint.paint(cut(w.None, width-3)))
	}
	// The cursor stands in the middle, except at both ends.
	first := max(min(h.cursor-room/2, len(h.rows)-room), 0)
	for i := first; i < min(first+room, len(h.rows)); i++ {
		p.line(h.row(p, i))
	}
	p.until(2)
	p.line(t.line(width))
	p.line(" " + between(w.Count.of(int64(len(h.rows))), fmt.Sprintf(w.Total, yen(h.total)), width-2))
	return p.String()
}

// wide reports which of the columns there is room for.
func (h holds) wide(width int) (since, goods bool) { return width >= 74, width >= 100 }

func (h holds) head(p *page) string {
	w, width := h.words.Holds, p.width
	since, goods := h.wide(width)
	r := p.row()
	r.text("   ")
	r.left(w.Number, listNumber)
	r.right(w.Amount, holdsAmount)
	r.blank(2)
	if since {
		r.left(w.Since, holdsTime)
		r.blank(2)
	}
	r.left(w.Ends, holdsTime+3+holdsLeft)
	r.left(w.State, holdsState)
	if goods {
		r.text(w.Goods)
	}
	return cut(r.String(), width)
}

func (h holds) text(s pos.Sale, a pos.Attempt, payPayNow time.Time) holdsText {
	const day = "01/02 15:04"
	x := holdsText{
		number: receiptNumber(s.Number), amount: a.OnHold, since: heldSince(a).In(h.shop.Zone).Format(day),
		ends: h.words.Holds.EndsUnknown, state: h.state(a), goods: h.words.Common.goods(s.Order.Goods(), s.Order.GoodsEn(), 200),
	}
	if !a.HoldEnds.IsZero() {
		rests := a.HoldEnds.Sub(payPayNow)
		x.ends, x.rest, x.late = a.HoldEnds.In(h.shop.Zone).Format(day), h.words.Follow.span(rests), endsSoon(a, rests)
	}
	return x
}

func (h holds) row(p *page, i int) string {
	x, t, width := h.texts[i], h.theme, p.width
	since, goods := h.wide(width)
	r := p.row()
	cursor, mark := "   ", "   "
	if i == h.cursor {
		cursor = " > "
	}
	var l look
	if x.late {
		mark = " ! "
		if i != h.cursor {
			l = t.warn
		}
	}
	r.text(cursor)
	r.left(x.number, listNumber)
	r.yen(x.amount, holdsAmount)
	r.blank(2)
	if since {
		r.left(x.since, holdsTime)
		r.blank(2)
	}
	r.left(x.ends, holdsTime)
	r.text(l.on)
	r.text(mark)
	r.left(x.rest, holdsLeft)
	r.text(l.off)
	r.left(x.state, holdsState)
	if goods {
		r.text(cut(x.goods, width-holdsGoods))
	}
	if i == h.cursor {
		return t.selected.paint(left(r.String(), width))
	}
	return r.String()
}

// state is what is being done about a hold.
func (h holds) state(a pos.Attempt) string {
	w := h.words.Holds
	m, busy := a.Working()
	_, denied := lastDenied(a)
	switch {
	case busy && m.State == pos.Consenting:
		return w.Consenting
	case busy && m.Way == pos.WayRevert:
		return w.Releasing
	case busy:
		return w.Taking
	case denied:
		return w.Denied
	}
	return w.Held
}

// count is how many holds there are, for the header; empty when there are none.
func (w holdsWords) count(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(w.Short, n)
}

type holdsWords struct {
	Title, None                                 string
	Number, Amount, Since, Ends, State, Goods   string
	EndsUnknown                                 string
	Held, Consenting, Taking, Releasing, Denied string
	Count                                       plural
	Total                                       string // with the amount
	Short                                       string // with a count
	KeyOpen, KeyShow, KeyUp, KeyDown            string
}

func holdsJa() holdsWords {
	return holdsWords{
		Title: "仮押さえ一覧", None: "仮押さえはありません。",
		Number: "番号", Amount: "金額", Since: "押さえた", Ends: "期限", State: "状態", Goods: "商品",
		EndsUnknown: "不明",
		Held:        "仮押さえ中", Consenting: "同意待ち", Taking: "確定中", Releasing: "解除中", Denied: "断られた",
		Count: plural{"%s件", "%s件"}, Total: "合計 %s", Short: "仮押さえ %d",
		KeyOpen: "仮押さえ一覧", KeyShow: "開く", KeyUp: "上へ", KeyDown: "下へ",
	}
}

func holdsEn() holdsWords {
	return holdsWords{
		Title: "Holds", None: "Nothing is held.",
		Number: "No.", Amount: "Amount", Since: "Held since", Ends: "Until", State: "State", Goods: "Goods",
		EndsUnknown: "not known",
		Held:        "held", Consenting: "asking", Taking: "capturing", Releasing: "letting go", Denied: "refused",
		Count: plural{"%s hold", "%s holds"}, Total: "Total %s", Short: "held %d",
		KeyOpen: "holds", KeyShow: "open", KeyUp: "up", KeyDown: "down",
	}
}
