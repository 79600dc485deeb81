package ui

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.jp/reji/pos"
)

// attemptPaid is the attempt that paid the sale of saleOf.
const attemptPaid = "R1-20261123-000123-abc-1"

// printEvents is a history in which papers were asked for, and the first of
// them printed.
func printEvents(papers ...pos.Paper) []pos.Recorded {
	var events []pos.Recorded
	add := func(k pos.Kind, p pos.Paper) {
		e := pos.Event{Kind: k, Attempt: p.Attempt, Actor: pos.Cashier, At: noon.Add(-30 * time.Second), Print: &pos.Print{Paper: p}}
		events = append(events, pos.Recorded{Seq: int64(len(events) + 1), Event: e})
	}
	for i, p := range papers {
		add(pos.PrintAsked, p)
		if i == 0 {
			add(pos.Printed, p)
		}
	}
	return events
}

func printedReceipt() pos.Paper {
	return pos.Paper{Kind: pos.ReceiptPaper, Attempt: attemptPaid, Copy: 1}
}

func printedAddressed() pos.Paper {
	return pos.Paper{Kind: pos.AddressedPaper, Attempt: attemptPaid, Addressee: "山田商店", Purpose: "会議用飲食代として", Copy: 1}
}

// withPort is what screens work with where there is a printer.
func withPort(e env, columns int) env {
	e.printer = Printer{Columns: columns, Port: func(context.Context, []byte) error { return nil }}
	return e
}

// opened is the page of a paper, read.
func opened(e env, s pos.Sale, events []pos.Recorded, show pos.Paper) screen {
	e.register.(*fake).history = telling(s, events).history //nolint:forcetypeassert // every test has a fake
	p := newPaperPage(e, s.ID, show)
	return answers(p, p.init())
}

func TestPaperPage_golden(t *testing.T) {
	t.Parallel()
	receipt, addressed := pos.Paper{Kind: pos.ReceiptPaper}, pos.Paper{Kind: pos.AddressedPaper}
	slip := pos.Paper{Kind: pos.SlipPaper, Attempt: attemptPaid, Modification: attemptPaid + "-r1"}
	for _, c := range []struct {
		name    string
		sale    pos.Sale
		events  []pos.Recorded
		show    pos.Paper
		mode    Mode
		columns int
		keys    []string
	}{
		{"Paper/receipt", saleOf(pos.Paid), nil, receipt, Production, 32, nil},
		{"Paper/reprint", discounted(), printEvents(printedReceipt()), receipt, Production, 48, nil},
		{"Paper/reprinting", saleOf(pos.Paid), printEvents(printedReceipt()), receipt, Production, 32, []string{"enter"}},
		{"Paper/addressed", saleOf(pos.Paid), printEvents(printedReceipt()), addressed, Production, 32, nil},
		{"Paper/addressed-typing", saleOf(pos.Paid), nil, addressed, Production, 48, []string{"n", "山田"}},
		{"Paper/addressed-twice", saleOf(pos.Paid), printEvents(printedAddressed()), addressed, Production, 32, nil},
		{"Paper/addressed-asks", saleOf(pos.Paid), printEvents(printedAddressed()), addressed, Production, 32, []string{"enter"}},
		{"Paper/slip", returnedSale(), nil, slip, Production, 32, nil},
		{"Paper/hold", held(), nil, pos.Paper{Kind: pos.HoldPaper, Attempt: attemptPaid}, Production, 32, nil},
		{"Paper/hold-no-receipt", held(), nil, addressed, Production, 32, nil},
		{"Paper/all-back", undone(), nil, addressed, Production, 32, nil},
		{"Paper/training", saleOf(pos.Paid), nil, addressed, Training, 32, nil},
		{"Paper/none", saleOf(pos.Closed), nil, receipt, Production, 32, nil},
	} {
		goldens(t, c.name, &fake{prints: func(pos.SaleID, pos.Paper) error { return nil }}, c.mode, func(e env) screen {
			e.register = &fake{prints: func(pos.SaleID, pos.Paper) error { return nil }}
			e.shop.Invoice = tNumber
			s, _ := typed(opened(withPort(e, c.columns), c.sale, c.events, c.show), c.keys...)
			return s
		})
	}
	goldens(t, "Paper/no-printer", &fake{}, Production, func(e env) screen {
		e.register = &fake{}
		return opened(e, saleOf(pos.Paid), nil, receipt)
	})
}

func TestPaperPage_sweep(t *testing.T) {
	t.Parallel()
	for _, columns := range []int{32, 48} {
		sweep(t, func(e env) screen {
			e.register = &fake{}
			return opened(withPort(e, columns), longSale(), printEvents(printedAddressed()), pos.Paper{Kind: pos.AddressedPaper})
		})
	}
	sweep(t, func(e env) screen { return newPaperPage(e, "none", pos.Paper{}) })
}

// wanting is a fake that keeps what it is asked to print.
func wanting(asked *[]pos.Paper, err error) *fake {
	return &fake{prints: func(_ pos.SaleID, p pos.Paper) error {
		*asked = append(*asked, p)
		return err
	}}
}

func TestPaperPage_asksForTheCopyThatItShows(t *testing.T) {
	t.Parallel()
	var asked []pos.Paper
	e := withPort(testEnv(t, "ja", wanting(&asked, nil)), 32)
	s := opened(e, saleOf(pos.Paid), printEvents(printedReceipt()), pos.Paper{Kind: pos.ReceiptPaper})
	if text := s.view(80, 60); !strings.Contains(text, "再発行 2枚目") {
		t.Errorf("nothing says that it is a reprint:\n%s", text)
	}
	s, m := typed(s, "enter")
	want := printedReceipt()
	want.Copy = 2
	if d := cmp.Diff([]pos.Paper{want}, asked); d != "" || m.kind != stay {
		t.Errorf("moved %v, -want +asked\n%s", m.kind, d)
	}
	if _, m := typed(s, "enter"); m.kind != back || len(asked) != 1 {
		t.Errorf("the second Enter moved %v, asked for %+v", m.kind, asked)
	}
	// What was asked for is shown as that copy, also when the journal has it.
	s, _, _ = s.update(paperReadMsg{id: saleOf(pos.Paid).ID, sale: saleOf(pos.Paid), events: printEvents(printedReceipt(), want)})
	if text := s.view(80, 60); !strings.Contains(text, "再発行 2枚目") || !strings.Contains(text, "印刷しています") {
		t.Errorf("it is being printed:\n%s", text)
	}
	s, _, _ = s.update(paperReadMsg{id: saleOf(pos.Paid).ID, sale: saleOf(pos.Paid), events: printEvents(want)})
	if text := s.view(80, 60); !strings.Contains(text, "印刷しました") {
		t.Errorf("it has been printed:\n%s", text)
	}
}

func TestPaperPage_asksBeforeASecondAddressed(t *testing.T) {
	t.Parallel()
	var asked []pos.Paper
	f := wanting(&asked, nil)
	f.sales = nil
	e := testEnv(t, "ja", f)
	now := noon
	e.now = func() time.Time { return now }
	s := opened(withPort(e, 32), saleOf(pos.Paid), printEvents(printedAddressed()), pos.Paper{Kind: pos.AddressedPaper})
	if text := s.view(80, 60); !strings.Contains(text, "山田商店") || !strings.Contains(text, "発行済み") {
		t.Errorf("it does not say to whom the first one went:\n%s", text)
	}
	for _, no := range []string{"enter", "esc"} {
		s, _ = typed(s, "enter")
		now = now.Add(time.Second)
		if s, _ = typed(s, no); len(asked) != 0 {
			t.Fatalf("%s asked for %+v", no, asked)
		}
	}
	s, _ = typed(s, "enter")
	now = now.Add(time.Second)
	typed(s, "y")
	want := printedAddressed()
	want.Copy = 2
	if d := cmp.Diff([]pos.Paper{want}, asked); d != "" {
		t.Error(d)
	}
}

func TestPaperPage_addresseeAndPurpose(t *testing.T) {
	t.Parallel()
	var asked []pos.Paper
	e := withPort(testEnv(t, "ja", wanting(&asked, nil)), 32)
	open := func() screen {
		e.addressed = map[string]pos.Paper{} // as at a start
		return opened(e, saleOf(pos.Paid), nil, pos.Paper{Kind: pos.AddressedPaper})
	}
	typed(open(), "enter")
	typed(open(), "n", "山田", "x", "backspace", "enter", "t", "お茶代", "enter", "enter")
	typed(open(), "n", "enter", "enter")
	typed(open(), "n", "z", "esc", "enter")
	e.printer.Blank = true
	typed(open(), "enter")
	paper := func(to, purpose string) pos.Paper {
		return pos.Paper{Kind: pos.AddressedPaper, Attempt: attemptPaid, Addressee: to, Purpose: purpose, Copy: 1}
	}
	want := []pos.Paper{paper("上様", ""), paper("山田", "お茶代"), paper("", ""), paper("上様", ""), paper("", "")}
	if d := cmp.Diff(want, asked); d != "" {
		t.Error(d)
	}
}

func TestPaperPage_keepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	var asked []pos.Paper
	e := withPort(testEnv(t, "ja", wanting(&asked, nil)), 32)
	show := pos.Paper{Kind: pos.AddressedPaper}
	another := saleOf(pos.Paid)
	another.Attempts[0].ID = "R1-20261123-000124-abc-1"
	typed(opened(e, saleOf(pos.Paid), nil, show), "n", "山田", "enter", "t", "お茶代", "enter", "right", "left", "enter")
	typed(opened(e, saleOf(pos.Paid), nil, show), "enter")
	typed(opened(e, another, nil, show), "enter")
	typed(opened(e, saleOf(pos.Paid), nil, pos.Paper{Kind: pos.ReceiptPaper}), "o", "t", "会議", "esc", "enter")
	for i, want := range []string{"山田 お茶代", "山田 お茶代", "上様 ", "山田 お茶代"} {
		if i >= len(asked) {
			t.Fatalf("only %d were asked for", len(asked))
		}
		if got := asked[i].Addressee + " " + asked[i].Purpose; got != want {
			t.Errorf("%d: %q, want %q", i, got, want)
		}
	}
}

func TestPaperPage_everyPaperOfTheSale(t *testing.T) {
	t.Parallel()
	e := withPort(testEnv(t, "ja", &fake{}), 32)
	names := func(s screen) []string {
		var all []string
		for range len(s.(paperPage).all()) { //nolint:forcetypeassert // it is one
			all = append(all, s.title())
			s, _ = typed(s, "right")
		}
		return append(all, s.title())
	}
	for _, c := range []struct {
		sale pos.Sale
		show pos.PaperKind
		want []string
	}{
		{returnedSale(), pos.ReceiptPaper, []string{"レシート", "領収書", "返金票", "返金票", "レシート"}},
		{undone(), pos.AddressedPaper, []string{"レシート", "返金票", "レシート"}}, // nothing is kept
		{letGo(), pos.ReceiptPaper, []string{"返金票", "返金票"}},
	} {
		if got := names(opened(e, c.sale, nil, pos.Paper{Kind: c.show})); !slices.Equal(got, c.want) {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	if s, _ := typed(opened(e, returnedSale(), nil, pos.Paper{Kind: pos.ReceiptPaper}), "o"); s.title() != "領収書" {
		t.Errorf("o leads to %s", s.title())
	}
}

func TestPaperPage_printsNothingWhereItCannot(t *testing.T) {
	t.Parallel()
	var asked []pos.Paper
	e := testEnv(t, "ja", wanting(&asked, pos.ErrManyPrints))
	s := opened(e, saleOf(pos.Paid), nil, pos.Paper{Kind: pos.ReceiptPaper})
	if s, _ := typed(s, "enter"); len(asked) > 0 || !strings.Contains(s.view(80, 60), "プリンター") {
		t.Errorf("without a printer it asked for %+v, and says\n%s", asked, s.view(80, 60))
	}
	s = opened(withPort(e, 32), saleOf(pos.Paid), nil, pos.Paper{Kind: pos.ReceiptPaper})
	if s, _ := typed(s, "enter"); len(asked) != 1 || !strings.Contains(s.view(80, 60), "印刷待ちが多すぎます") {
		t.Errorf("asked for %+v, and says\n%s", asked, s.view(80, 60))
	}
	if s, _ := typed(opened(withPort(e, 32), saleOf(pos.Closed), nil, pos.Paper{}), "enter", "o", "n", "t", "right"); len(asked) != 1 {
		t.Errorf("of an unpaid sale it asked for %+v\n%s", asked, s.view(80, 24))
	}
}

func TestPaperPage_fromPaidAndBack(t *testing.T) {
	t.Parallel()
	f := paying(saleOf(pos.Paid))
	f.history = telling(saleOf(pos.Paid), nil).history
	f.moveOn = func(pos.SaleID) error {
		t.Error("the next customer")
		return nil
	}
	inTill(t, "ja", f, func(l *testTill) {
		for _, k := range []string{"p", "v", "o"} {
			l.press(k)
			onTop[paperPage](l)
			l.scan("4901234567894", "enter")
			onTop[paperPage](l)
			l.press("esc")
			onTop[paid](l)
		}
		l.press("o", "n")
		l.scan("4901234567894", "enter") // a name may be scanned, but a person says that it is one
		if p := onTop[paperPage](l); p.typing == noField || p.show.Addressee == "4901234567894" {
			t.Errorf("the scan has addressed it to %q", p.show.Addressee)
		}
		l.press("enter")
		if p := onTop[paperPage](l); p.show.Addressee != "4901234567894" || p.working {
			t.Errorf("addressed to %q", p.show.Addressee)
		}
	})
}
