package ui

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

// parkedMsg is what became of parking an order, or of giving a parked one up.
type parkedMsg struct {
	order  string
	parked string // the order that waits now; empty when none does
	says   string
	err    error
}

// park puts the order aside under its number, at once. What is typed is its
// name. Pressed again, with the next order still empty, it asks for a name in
// letters.
func (s sale) park() (screen, move, tea.Cmd) {
	w := s.words
	name := s.input
	if s.from != nil && name == "" {
		name = s.from.Name
	}
	if s.register.Status().Trouble != nil {
		s.note = note{text: w.Common.JournalBad, bad: true}
		return s, move{}, nil
	}
	if len(s.order.Lines) == 0 {
		if p, ok := parkedAs(s.register.Parked(), s.parked); ok {
			return s.nameParked(p), move{}, nil
		}
		s.note = note{text: w.Sale.EmptyOrder, bad: true}
		return s, move{}, nil
	}
	register, order := s.register, s.order
	return s.writing(order.ID, w.Park.says(name), func(ctx context.Context) error { return register.Park(ctx, order, name) })
}

// says is what has been done when an order waits, without its number.
func (w parkWords) says(name string) string {
	if name = pos.Clean(name, maxNote); name != "" {
		return fmt.Sprintf(w.Named, "%d", strings.ReplaceAll(name, "%", "%%"))
	}
	return w.Parked
}

func parkedAs(all []pos.ParkedOrder, id string) (pos.ParkedOrder, bool) {
	for _, p := range all {
		if p.Order.ID == id {
			return p, true
		}
	}
	return pos.ParkedOrder{}, false
}

// nameParked asks for the name of the order that was parked last.
func (s sale) nameParked(p pos.ParkedOrder) sale {
	return s.prompts(fmt.Sprintf(s.words.Park.Name, p.No), p.Name, func(s sale, name string) (screen, move, tea.Cmd) {
		register := s.register
		return s.writing(p.Order.ID, s.words.Park.says(name), func(ctx context.Context) error { return register.Park(ctx, p.Order, name) })
	})
}

// writing has the journal written, while the order stands still.
func (s sale) writing(parked, says string, write func(context.Context) error) (screen, move, tea.Cmd) {
	s.busy, s.note = true, note{text: s.words.Sale.Charging}
	order := s.order.ID
	return s, move{}, func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		return parkedMsg{order: order, parked: parked, says: says, err: write(ctx)}
	}
}

func (s sale) wasParked(m parkedMsg) sale {
	if m.order != s.order.ID || !s.busy {
		return s
	}
	s.busy = false
	if m.err != nil {
		s.note = s.problem(m.err)
		return s
	}
	s = s.fresh(s.begun())
	s.parked = m.parked
	s.note = note{text: m.says}
	if p, ok := parkedAs(s.register.Parked(), m.parked); ok {
		s.note.text = fmt.Sprintf(m.says, p.No)
	}
	return s
}

// parkedList is the orders that wait, by their numbers, one of which is recalled.
// There may be more than have a number of one digit.
type parkedList struct {
	all    []pos.ParkedOrder
	cursor int
}

// recall lists the orders that wait. A digit takes one up; it waits on in the
// journal until it is charged or given up, so that nothing can lose it.
func (s sale) recall() sale {
	w, all := s.words.Park, s.register.Parked()
	unchanged := s.from != nil && slices.Equal(s.from.Order.Lines, s.order.Lines) &&
		s.from.Order.Off == s.order.Off && s.from.Order.EatIn == s.order.EatIn
	switch {
	case len(all) == 0:
		s.note = note{text: w.None, bad: true}
		return s
	case len(s.order.Lines) > 0 && !unchanged:
		s.note = note{text: w.First, bad: true}
		return s
	}
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b pos.ParkedOrder) int { return a.No - b.No })
	s.waiting = &parkedList{all: all}
	return s
}

// awaited takes a key while the orders that wait are listed.
func (s sale) awaited(k tea.KeyMsg) sale {
	at := *s.waiting
	last := len(at.all) - 1
	switch k.Type {
	case tea.KeyEsc, tea.KeyF5, tea.KeyF2:
		s.waiting = nil
		return s
	case tea.KeyEnter:
		return s.recalled(at.cursor)
	case tea.KeyUp:
		at.cursor = max(at.cursor-1, 0)
	case tea.KeyDown:
		at.cursor = min(at.cursor+1, last)
	case tea.KeyPgUp:
		at.cursor = max(at.cursor-10, 0)
	case tea.KeyPgDown:
		at.cursor = min(at.cursor+10, last)
	case tea.KeyHome:
		at.cursor = 0
	case tea.KeyEnd:
		at.cursor = last
	case tea.KeyRunes:
		called := func(p pos.ParkedOrder) bool { return p.No < 10 && p.No == int(halfWidth(k.Runes[0])-'0') }
		if i := slices.IndexFunc(at.all, called); i >= 0 && len(k.Runes) == 1 {
			return s.recalled(i)
		}
		s.note = note{text: s.words.Park.Text, bad: true}
	default:
	}
	s.waiting = &at
	return s
}

// recalled takes a parked order up.
func (s sale) recalled(i int) sale {
	p := s.waiting.all[i]
	o := p.Order
	o.Tax = s.register.Tax()
	s = s.fresh(o)
	s.from = &p
	at := p.At.In(s.shop.Zone).Format("15:04")
	s.note = note{text: fmt.Sprintf(s.words.Park.Recalled, at)}
	if p.Doubtful(s.register.Gaps()) {
		s.note = note{text: fmt.Sprintf(s.words.Park.Doubtful, at), bad: true}
	}
	return s
}

// waitingKeys are the keys of the list.
func (s sale) waitingKeys() []key.Binding {
	w := s.words
	return []key.Binding{
		key.NewBinding(key.WithKeys("1", "2", "3", "4", "5", "6", "7", "8", "9", "enter"), key.WithHelp("1-9 Enter", w.Park.KeyRecall)),
		key.NewBinding(key.WithKeys("up", "down"), key.WithHelp("Up/Down", w.Search.KeyMove)), bind(w.Search.KeyClose, "esc"),
	}
}

// viewWaiting lists the orders that wait over the lines of the order.
func (s sale) viewWaiting(p *page, rows int) {
	w, t, f := s.words.Park, s.theme, s.waiting
	c := s.parkColumns(p.width)
	p.line(t.faint.paint(blank(3) + right(w.ColumnNumber, c.number) + "  " + left(w.ColumnTime, c.time) + "  " +
		left(w.ColumnName, c.name) + right(w.ColumnTotal, c.total) + "  " + left(w.ColumnFirst, c.first)))
	p.line(" " + t.line(p.width-2))
	rows -= 2
	first := max(min(f.cursor-rows/2, len(f.all)-rows), 0)
	for i := first; i < first+rows; i++ {
		if i >= len(f.all) {
			p.line("")
			continue
		}
		p.line(s.waitingRow(p, f.all[i], i == f.cursor, c))
	}
}

// parkColumns are the widths of the list of orders that wait.
type parkColumns struct{ number, time, name, total, first int }

func (s sale) parkColumns(width int) parkColumns {
	c := parkColumns{number: max(3, cells(s.words.Park.ColumnNumber)), time: 5, name: 16, total: 15}
	if width < 72 {
		c.name, c.total = 10, 11
	}
	c.first = width - 3 - c.number - 2 - c.time - 2 - c.name - c.total - 2 - 1
	return c
}

func (s sale) waitingRow(on *page, p pos.ParkedOrder, selected bool, c parkColumns) string {
	w := s.words
	totals, _ := p.Order.Totals() // it added up when it was parked
	look, point := s.theme.text, "   "
	if selected {
		look, point = s.theme.selected, " > "
	}
	r := on.row()
	r.text(look.on)
	r.text(point)
	r.right(strconv.Itoa(p.No), c.number)
	r.blank(2)
	r.left(p.At.In(s.shop.Zone).Format("15:04"), c.time)
	r.blank(2)
	r.left(pos.Clean(p.Name, maxNote), c.name-1)
	r.blank(1)
	r.yen(totals.Total, c.total)
	r.blank(2)
	goods := slices.DeleteFunc(slices.Clone(p.Order.Lines), func(l pos.Line) bool { return l.Void != "" })
	text := ""
	if len(goods) > 0 {
		text = w.Common.itemName(goods[0])
	}
	if more := len(goods) - 1; more > 0 {
		rest := fmt.Sprintf(w.Park.More, more)
		text = cut(text, c.first-cells(rest)) + rest
	}
	r.left(text, c.first)
	r.blank(1)
	r.text(look.off)
	return r.String()
}

type parkWords struct {
	Parked, Name                         string // with its number
	Named                                string // with number and name
	Waiting                              string // the key that recalls, with how many orders wait
	Full, None, First, Text, Mark        string
	ColumnNumber, ColumnTime, ColumnName string
	ColumnTotal, ColumnFirst             string
	More                                 string // with how many lines
	Recalled                             string // with when it was parked
	Doubtful                             string // the same, when it may have been charged since
	KeyPark, KeyRecall                   string
}

func parkJa() parkWords {
	return parkWords{
		Parked: "%d番に保留しました。{sale.recall} で呼び出し、もう一度 {sale.park} で名前", Name: "%d番の名前",
		Named: "%s番「%s」で保留しました。{sale.recall} で呼び出します", Waiting: "%s (%d)",
		Full: "保留は100件までです。{sale.recall} で先のものを終えてください", None: "保留中の注文はありません",
		First: "先に、いまの注文を会計 ({sale.pay}) か保留 ({sale.park}) にしてください", Text: "番号か、上下と Enter で呼び出します", Mark: "保留から",
		ColumnNumber: "番号", ColumnTime: "時刻", ColumnName: "名前", ColumnTotal: "合計", ColumnFirst: "最初の商品", More: " ほか%d",
		Recalled: "%s の注文を呼び出しました", Doubtful: "%sの注文: 記録の欠けた間に会計済みか、先に確認", KeyPark: "保留", KeyRecall: "呼び出し",
	}
}

func parkEn() parkWords {
	return parkWords{
		Parked: "Parked as %d. {sale.recall} recalls it, {sale.park} again gives it a name.", Name: "Name of %d",
		Named: "Parked as %s: %s. {sale.recall} recalls it.", Waiting: "%s (%d)",
		Full: "A hundred orders wait already. Finish one first ({sale.recall}).", None: "No order is parked.",
		First: "First charge ({sale.pay}) or park ({sale.park}) this order.", Text: "Its number recalls an order, or Up, Down and Enter.", Mark: "from parked",
		ColumnNumber: "No.", ColumnTime: "Time", ColumnName: "Name", ColumnTotal: "Total", ColumnFirst: "First item", More: " and %d",
		Recalled: "The order of %s is back", Doubtful: "Parked at %s, perhaps paid since: find out first", KeyPark: "park", KeyRecall: "recall",
	}
}

// aside is what the badge of a parked order says.
func (w parkWords) aside(p pos.ParkedOrder) string {
	if p.Name == "" {
		return w.Mark
	}
	return w.Mark + " " + p.Name
}
