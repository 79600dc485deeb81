package ui

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

// maxWaiting is how many orders wait at a counter: each is called by one digit.
const maxWaiting = 9

// parkedMsg is what became of parking an order, or of giving a parked one up.
type parkedMsg struct {
	order string
	says  string
	err   error
}

// park puts the order aside. What is typed is its name.
func (s sale) park() (screen, move, tea.Cmd) {
	w, all := s.words, s.register.Parked()
	name := s.input
	if s.from != nil && name == "" {
		name = s.from.Name
	}
	switch {
	case s.register.Status().Trouble != nil:
		s.note = note{text: w.Common.JournalBad, bad: true}
		return s, move{}, nil
	case len(s.order.Lines) == 0:
		s.note = note{text: w.Sale.EmptyOrder, bad: true}
		return s, move{}, nil
	case s.from == nil && len(all) >= maxWaiting:
		s.note = note{text: w.Park.Full, bad: true}
		return s, move{}, nil
	}
	register, order := s.register, s.order
	return s.writing(w.Park.Parked, func(ctx context.Context) error { return register.Park(ctx, order, name) })
}

// writing has the journal written, while the order stands still.
func (s sale) writing(says string, write func(context.Context) error) (screen, move, tea.Cmd) {
	s.busy, s.note = true, note{text: s.words.Sale.Charging}
	order := s.order.ID
	return s, move{}, func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		return parkedMsg{order: order, says: says, err: write(ctx)}
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
	s.note = note{text: m.says}
	return s
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
	all = all[:min(len(all), maxWaiting)]
	d := dialog{title: w.Title, text: w.Text, choices: []choice{{"enter", s.words.Entry.Not}}}
	for i, p := range all {
		totals, _ := p.Order.Totals() // it added up when it was parked
		label := p.At.In(s.shop.Zone).Format("15:04") + "  " + yen(totals.Total) + "  " + s.words.Common.itemName(p.Order.Lines[0])
		if p.Name != "" {
			label = p.At.In(s.shop.Zone).Format("15:04") + "  " + yen(totals.Total) + "  [" + p.Name + "]  " + s.words.Common.itemName(p.Order.Lines[0])
		}
		d.choices = append(d.choices, choice{strconv.Itoa(i + 1), cut(label, leastWidth-16)})
	}
	return s.offersChoice(d, func(s sale, answer string) (screen, move, tea.Cmd) {
		p := all[answer[0]-'1']
		o := p.Order
		o.Tax = s.register.Tax()
		s = s.fresh(o)
		s.from = &p
		s.note = note{text: fmt.Sprintf(s.words.Park.Recalled, p.At.In(s.shop.Zone).Format("15:04"))}
		return s, move{}, nil
	})
}

type parkWords struct {
	Parked, Full, None, First, Title, Text, Mark string
	Recalled                                     string // with when it was parked
	KeyPark, KeyRecall                           string
}

func parkJa() parkWords {
	return parkWords{
		Parked: "保留しました。{sale.recall} で呼び出せます", Full: "保留は9件までです。{sale.recall} で先のものを終えてください", None: "保留中の注文はありません",
		First: "先に、いまの注文を会計 ({sale.pay}) か保留 ({sale.park}) にしてください", Title: "保留中の注文", Text: "番号で呼び出します。", Mark: "保留から",
		Recalled: "%s の注文を呼び出しました", KeyPark: "保留", KeyRecall: "呼び出し",
	}
}

func parkEn() parkWords {
	return parkWords{
		Parked: "Parked. {sale.recall} brings it back.", Full: "Nine orders wait already. Finish one first ({sale.recall}).", None: "No order is parked.",
		First: "First charge ({sale.pay}) or park ({sale.park}) this order.", Title: "Parked orders", Text: "A number brings one back.", Mark: "parked",
		Recalled: "The order of %s is back", KeyPark: "park", KeyRecall: "recall",
	}
}

// aside is what the badge of a parked order says.
func (w parkWords) aside(p pos.ParkedOrder) string {
	if p.Name == "" {
		return w.Mark
	}
	return w.Mark + " " + p.Name
}
