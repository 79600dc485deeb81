package ui

import (
	"fmt"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

// What was under way when the till last ended is on the screen again, as its
// state demands.
func TestApp_startsWhereItEnded(t *testing.T) {
	t.Parallel()
	late := held()
	late.Attempts = append(late.Attempts, saleOf(pos.Live).Attempts...)
	late.Attempts[1].ID, late.Attempts[1].Number = "second", 2
	refunding := with(saleOf(pos.Paid), func(a *pos.Attempt) {
		a.Modifications = []pos.Modification{{ID: "r1", Way: pos.WayRefund, Amount: 100, State: pos.Asked, AskedAt: noon}}
	})
	cancelledHold := with(saleOf(pos.Cancelled), func(a *pos.Attempt) { a.Hold, a.Taken = true, 0 })
	for name, c := range map[string]struct {
		sale pos.Sale
		want screen
	}{
		"asking":              {saleOf(pos.Requested), payment{}},
		"unknown":             {saleOf(pos.Unknown), payment{}},
		"live":                {saleOf(pos.Live), payment{}},
		"closing":             {saleOf(pos.Closing), payment{}},
		"lost":                {saleOf(pos.Lost), payment{}},
		"expired":             {saleOf(pos.Expired), payment{}},
		"refused":             {saleOf(pos.Refused), payment{}},
		"live beside a hold":  {late, payment{}},
		"held":                {held(), holding{}},
		"capturing":           {held(asked(pos.WayCapture, 1, pos.Asked)), holding{}},
		"waiting for consent": {held(consenting()), holding{}},
		"let go":              {letGo(), holding{}},
		"lapsed":              {saleOf(pos.Lapsed), holding{}},
		"hold cancelled":      {cancelledHold, holding{}},
		"paid":                {saleOf(pos.Paid), paid{}},
		"paid late":           {paidLate(), paid{}},
		"partly given back":   {returnedSale(), paid{}},
		"being given back":    {refunding, giveBack{}},
		"given back":          {undone(), giveBack{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inTill(t, "ja", paying(c.sale), func(l *testTill) {
				if got, want := fmt.Sprintf("%T", l.top()), fmt.Sprintf("%T", c.want); got != want {
					l.Errorf("on top is %s, not %s", got, want)
				}
				if len(l.stack) != 2 {
					l.Errorf("%d screens", len(l.stack))
				}
				l.send(tea.WindowSizeMsg{Width: 60, Height: 20})
				l.sees("000123")
			})
		})
	}
}

// A sale that was left behind does not push itself onto the screen, whatever
// becomes of it.
func TestApp_leftSaleDoesNotStealTheScreen(t *testing.T) {
	t.Parallel()
	for _, becomes := range []pos.Sale{saleOf(pos.Paid), paidLate(), held(), saleOf(pos.Lapsed), saleOf(pos.Closed), undone(), paidTwice()} {
		s := saleOf(pos.Live)
		s.Left = true
		f := paying(s)
		f.unfinished = ""
		inTill(t, "ja", f, func(l *testTill) {
			l.text("001")
			l.press("enter")
			becomes.Left = true
			l.becomes(becomes)
			l.becomes(func() pos.Sale { b := becomes; b.Left = false; return b }()) // news that a person has to see
			l.send(tickMsg{})
			onTop[sale](l)
			if len(lines(l)) != 1 {
				l.Errorf("the order is %v", lines(l))
			}
		})
	}
}
