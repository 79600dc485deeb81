package ui

import (
	"testing"

	"example.jp/reji/pos"
)

func TestHelp_golden(t *testing.T) {
	t.Parallel()
	goldens(t, "Help/sale", &fake{}, Production, func(e env) screen { return newHelp(e, newSale(e)) })
	goldens(t, "Help/paid", &fake{}, Training, func(e env) screen { return newHelp(e, newPaid(e, saleOf(pos.Paid))) })
}

func TestHelp_sweep(t *testing.T) {
	t.Parallel()
	sweep(t, func(e env) screen { return newHelp(e, newList(e)) })
}

func TestHelp_scrollsAsFarAsThereIsText(t *testing.T) {
	t.Parallel()
	e := testEnv(t, "ja", &fake{})
	var s screen = newHelp(e, newSale(e))
	top := s.view(60, 10)
	for range 100 {
		s, _ = typed(s, "pgdown")
		s.view(60, 10)
	}
	end := s.view(60, 10)
	s, _ = typed(s, "up")
	if now := s.view(60, 10); end == top || now == end {
		t.Errorf("the end is\n%s\nand a line up from it\n%s", end, now)
	}
	s, _ = typed(s, "home")
	if now := s.view(60, 10); now != top {
		t.Errorf("the top is\n%s", now)
	}
}

// Over a question the help has its answers, and over a list its keys.
func TestHelp_listsWhatAQuestionTakes(t *testing.T) {
	t.Parallel()
	inTill(t, "ja", &fake{}, func(l *testTill) {
		l.types("001 enter q wait f1")
		onTop[help](l)
		l.sees(entryJa().AbandonDo)
		l.sees(entryJa().AbandonNot)
		l.types("esc esc f4 f5 f1")
		l.sees("1-9 Enter")
	})
}

func TestHelp_opensAndCloses(t *testing.T) {
	t.Parallel()
	for _, keys := range [][2]string{{"f1", "esc"}, {"?", "?"}, {"f1", "f1"}, {"?", "enter"}} {
		inTill(t, "en", &fake{}, func(l *testTill) {
			l.press(keys[0])
			onTop[help](l)
			l.sees("Order: keys that work now")
			l.press(keys[1])
			onTop[sale](l)
		})
	}
}
