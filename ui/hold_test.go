package ui

import (
	"context"
	"fmt"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"example.jp/reji/paypay"
	"example.jp/reji/pos"
)

// held is a sale of ¥1,280 that PayPay holds, with what was asked about it.
func held(changes ...pos.Modification) pos.Sale {
	return with(saleOf(pos.Held), func(a *pos.Attempt) {
		a.PaidAt = noon.Add(-2 * time.Hour)
		for i, m := range changes {
			m.ID = fmt.Sprintf("%s-c%d", a.ID, i+1)
			if m.AskedAt.IsZero() {
				m.AskedAt = noon.Add(-3 * time.Second)
			}
			a.Modifications = append(a.Modifications, m)
		}
	})
}

// asked is a capture or a letting go.
func asked(w pos.Way, y pos.Yen, p pos.Progress) pos.Modification {
	return pos.Modification{Way: w, Amount: y, State: p, Try: 1}
}

// consenting is a capture that waits for the customer.
func consenting() pos.Modification {
	m := asked(pos.WayCapture, 1500, pos.Consenting)
	m.AskedAt, m.Until = noon.Add(-time.Minute), noon.Add(6*time.Hour-time.Minute)
	return m
}

// refusedWith is what PayPay refused with a code.
func refusedWith(w pos.Way, y pos.Yen, code paypay.ResultCode, no string) pos.Modification {
	m := asked(w, y, pos.Denied)
	m.Code, m.CodeNo = code, no
	return m
}

func TestHold_golden(t *testing.T) {
	t.Parallel()
	noAnswer := &paypay.Error{Op: paypay.OpCapture, Class: paypay.Unknown, Err: context.DeadlineExceeded}
	ended := func(s pos.State) func() *fake { return func() *fake { return paying(saleOf(s)) } }
	holds := func(ms ...pos.Modification) func() *fake { return func() *fake { return paying(held(ms...)) } }
	unanswered := func(w pos.Way, y pos.Yen) func() *fake {
		return func() *fake {
			m := asked(w, y, pos.Asked)
			m.AskedAt = noon.Add(-47 * time.Second)
			f := paying(held(m))
			f.sales[0].Contact = pos.Contact{AskedAt: noon.Add(-5 * time.Second), AnsweredAt: noon.Add(-time.Minute), Problem: noAnswer, NextAt: noon.Add(3 * time.Second)}
			return f
		}
	}
	said := asked(pos.WayCapture, 1500, pos.Denied)
	said.Until = noon.Add(time.Hour)
	late := asked(pos.WayCapture, 1500, pos.Denied)
	late.AskedAt, late.Until = noon.Add(-7*time.Hour), noon.Add(-time.Hour)
	released := asked(pos.WayRevert, 1280, pos.Carried)
	released.ID, released.AskedAt, released.DoneAt = "r1", noon.Add(-time.Minute), noon
	for _, c := range []struct {
		name string
		fake func() *fake
		keys []string
	}{
		{"held", holds(), nil},
		{"held-ends-soon", func() *fake {
			return paying(with(held(), func(a *pos.Attempt) {
				a.HoldEnds = noon.Add(5*time.Hour + 12*time.Minute)
				a.PaidAt = noon.AddDate(0, 0, -29)
			}))
		}, nil},
		{"held-end-unknown", func() *fake {
			return paying(with(held(), func(a *pos.Attempt) { a.HoldEnds = time.Time{} }))
		}, nil},
		{"held-late", func() *fake { return paying(with(held(), func(a *pos.Attempt) { a.Late = true })) }, nil},
		{"held-mismatch", func() *fake { return paying(with(held(), func(a *pos.Attempt) { a.Mismatch = true })) }, nil},
		{"held-left", func() *fake {
			s := held()
			s.Left = true
			return paying(s)
		}, nil},
		{"capture-all", holds(), []string{"k"}},
		{"capture-less", holds(), []string{"k", "1", "0", "0", "0"}},
		{"capture-more", holds(), []string{"k", "1", "5", "0", "0"}},
		{"capture-nothing", holds(), []string{"k", "0", "enter"}},
		{"capture-all-question", holds(), []string{"k", "enter"}},
		{"capture-less-question", holds(), []string{"k", "1", "0", "0", "0", "enter"}},
		{"capture-more-question", holds(), []string{"k", "1", "5", "0", "0", "enter"}},
		{"release-question", holds(), []string{"x"}},
		{"capturing", holds(asked(pos.WayCapture, 1000, pos.Asked)), nil},
		{"capture-unknown", unanswered(pos.WayCapture, 1000), nil},
		{"releasing", holds(asked(pos.WayRevert, 1280, pos.Asked)), nil},
		{"release-unknown", unanswered(pos.WayRevert, 1280), nil},
		{"consent", holds(consenting()), nil},
		{"consent-training", func() *fake {
			f := paying(held(consenting()))
			f.customer = func(context.Context, string, string) error { return nil }
			return f
		}, nil},
		{"consent-refused", holds(said), nil},
		{"consent-late", holds(late), nil},
		{"denied", holds(refusedWith(pos.WayCapture, 1000, "LIMIT_EXCEEDED", "00200001")), nil},
		{"release-denied", holds(refusedWith(pos.WayRevert, 1280, "ORDER_NOT_REVERSIBLE", "00200044")), nil},
		{"reverted", func() *fake {
			return paying(with(saleOf(pos.Reverted), func(a *pos.Attempt) {
				a.Modifications = []pos.Modification{released}
			}))
		}, nil},
		{"reverted-elsewhere", ended(pos.Reverted), nil},
		{"lapsed", ended(pos.Lapsed), nil},
		{"cancelled", func() *fake {
			return paying(with(saleOf(pos.Cancelled), func(a *pos.Attempt) { a.Hold, a.Taken = true, 0 }))
		}, nil},
	} {
		for _, lang := range []string{"ja", "en"} {
			t.Run(c.name+"-"+lang, func(t *testing.T) {
				t.Parallel()
				inTill(t, lang, c.fake(), func(l *testTill) {
					l.pass(400 * time.Millisecond)
					l.press(c.keys...)
					onTop[holding](l)
					for _, size := range sizes {
						l.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
						golden(t, sized("Hold/"+c.name, size, lang), size[0], size[1], l.View())
					}
				})
			})
		}
	}
}

func TestHold_sweep(t *testing.T) {
	t.Parallel()
	for _, s := range []pos.Sale{held(), held(consenting()), held(refusedWith(pos.WayCapture, 99_999_999_999, "LIMIT_EXCEEDED", "00200001")), saleOf(pos.Lapsed)} {
		sweep(t, func(e env) screen { return newHold(e, pos.Snapshot{Sale: s}, s.Last().ID) })
	}
	sweep(t, func(e env) screen {
		h := newHold(e, pos.Snapshot{Sale: held()}, held().Last().ID)
		h.typing, h.input = true, "99999999999"
		return h
	})
}

// moved is a register with a hold that writes down what it is asked to do.
func moved(s pos.Sale) (*fake, *[]string) {
	f, did := calls(s)
	f.capture = func(_ pos.SaleID, attempt string, y pos.Yen) error {
		*did = append(*did, fmt.Sprintf("capture %d of %s", y, attempt))
		return nil
	}
	f.giveBack = func(_ pos.SaleID, r pos.Return) error {
		*did = append(*did, fmt.Sprintf("%s %d of %d of %s", r.Way, r.Amount, r.Left, r.Attempt))
		return nil
	}
	return f, did
}

func TestHold_moneyMovesOnlyOnTheNamedKeys(t *testing.T) {
	t.Parallel()
	id := held().Last().ID
	left := held()
	left.Left = true
	for _, c := range []struct {
		name string
		sale pos.Sale
		keys []string
		want []string
	}{
		{"capture asks for the amount", held(), []string{"k"}, nil},
		{"Enter only asks", held(), []string{"k", "enter", "wait", "enter"}, nil},
		{"all of it", held(), []string{"k", "enter", "wait", "k"}, []string{"capture 1280 of " + id}},
		{"too fast", held(), []string{"k", "enter", "k"}, nil},
		{"less", held(), []string{"k", "1", "0", "0", "0", "enter", "wait", "k"}, []string{"capture 1000 of " + id}},
		{"full-width digits", held(), []string{"k", "９", "０", "０", "enter", "wait", "k"}, []string{"capture 900 of " + id}},
		{"more", held(), []string{"k", "1", "5", "0", "0", "enter", "wait", "k"}, []string{"capture 1500 of " + id}},
		{"mended", held(), []string{"k", "1", "5", "backspace", "2", "enter", "wait", "k"}, []string{"capture 12 of " + id}},
		{"nothing", held(), []string{"k", "0", "enter", "wait", "k"}, nil},
		{"question closed", held(), []string{"k", "enter", "wait", "esc", "esc", "k"}, nil},
		{"other keys do nothing", held(), []string{"k", "enter", "wait", "x", "y", "l"}, nil},
		{"let go asks", held(), []string{"x"}, nil},
		{"let go, Enter keeps it", held(), []string{"x", "wait", "enter"}, nil},
		{"let go", held(), []string{"x", "wait", "x"}, []string{"revert 1280 of 1280 of " + id}},
		{"let go, too fast", held(), []string{"x", "x"}, nil},
		{"leave", held(), []string{"l"}, []string{"move on"}},
		{"Enter serves the next customer", held(), []string{"enter"}, []string{"move on"}},
		{"Esc leaves nothing behind", held(), []string{"esc"}, nil},
		{"left before", left, []string{"l"}, nil},
		{"check now", held(), []string{"c"}, []string{"check"}},
		{"nothing more while it is under way", held(asked(pos.WayCapture, 1000, pos.Asked)), []string{"k", "enter", "wait", "k", "x", "wait", "x"}, nil},
		{"leave while it is under way", held(asked(pos.WayCapture, 1000, pos.Asked)), []string{"enter", "l"}, []string{"move on"}},
		{"nothing more while the customer is asked", held(consenting()), []string{"k", "enter", "x", "wait", "x"}, nil},
		{"customer's keys are for training", held(consenting()), []string{"t", "f"}, nil},
		{"ended", saleOf(pos.Lapsed), []string{"k", "x", "wait", "x", "c"}, nil},
		{"ended, next customer", saleOf(pos.Lapsed), []string{"enter"}, []string{"move on"}},
		{"by the palette", held(), []string{":", "x", "enter", "wait", "x"}, []string{"revert 1280 of 1280 of " + id}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f, did := moved(c.sale)
			inTill(t, "en", f, func(l *testTill) {
				l.pass(400 * time.Millisecond)
				for _, k := range c.keys {
					if k == "wait" {
						l.pass(unpressed)
						continue
					}
					l.press(k)
				}
				if diff := cmp.Diff(c.want, *did, cmpopts.EquateEmpty()); diff != "" {
					l.Errorf("what was done (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestHold_scanMovesNothing(t *testing.T) {
	t.Parallel()
	for _, before := range [][]string{nil, {"k"}, {"k", "enter"}, {"x"}} {
		f, did := moved(held())
		inTill(t, "ja", f, func(l *testTill) {
			l.pass(400 * time.Millisecond)
			l.press(before...)
			l.scan("49012345", "enter")
			l.scan("kxkxkxkx", "enter")
			if len(*did) > 0 {
				l.Errorf("%q: did %v", before, *did)
			}
			onTop[holding](l)
		})
	}
	f, _ := moved(held())
	inTill(t, "ja", f, func(l *testTill) {
		l.press("k", "5")
		l.scan("49012345", "enter")
		l.sees(holdJa().NoScan[:30])
		if h := onTop[holding](l); h.input != "5" || h.asked != nil {
			l.Errorf("input %q, asked %v", h.input, h.asked)
		}
	})
}

func TestHold_newsClosesTheQuestion(t *testing.T) {
	t.Parallel()
	for _, keys := range [][]string{{"k"}, {"k", "enter"}, {"x"}} {
		f, did := moved(held())
		inTill(t, "ja", f, func(l *testTill) {
			l.pass(400 * time.Millisecond)
			l.press(keys...)
			l.pass(400 * time.Millisecond)
			l.becomes(saleOf(pos.Lapsed))
			l.sees(holdJa().Lapsed.Word)
			l.press("k", "x")
			if len(*did) > 0 {
				l.Errorf("did %v", *did)
			}
		})
	}
}

func TestHold_capturedSaleIsPaid(t *testing.T) {
	t.Parallel()
	captured := with(saleOf(pos.Paid), func(a *pos.Attempt) { a.Hold, a.Taken = true, 1000 })
	f, _ := moved(held(asked(pos.WayCapture, 1000, pos.Asked)))
	inTill(t, "en", f, func(l *testTill) {
		l.becomes(captured)
		onTop[paid](l)
	})
	// Long after it was left: the register lets go of it with the capture.
	left := held(asked(pos.WayCapture, 1000, pos.Asked))
	left.Left = true
	f, _ = moved(left)
	f.history = func(pos.SaleID) (pos.Sale, []pos.Recorded, error) { return captured, nil, nil }
	inTill(t, "en", f, func(l *testTill) {
		onTop[holding](l)
		f.sales = nil
		l.send(changedMsg{})
		onTop[paid](l)
	})
}

func TestHold_trainingPlaysTheCustomer(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{"t": "consent", "f": "refuse"} {
		f, did := moved(held(consenting()))
		f.customer = func(_ context.Context, id, action string) error {
			*did = append(*did, id+" "+action)
			return nil
		}
		inTill(t, "ja", f, func(l *testTill) {
			l.press(key)
			if diff := cmp.Diff([]string{held().Last().ID + " " + want, "check"}, *did); diff != "" {
				l.Errorf("what was done (-want +got):\n%s", diff)
			}
		})
	}
}

func TestHold_paperIsNoReceipt(t *testing.T) {
	t.Parallel()
	s := held()
	f := paying(s)
	f.history = telling(s, nil).history
	inTill(t, "ja", f, func(l *testTill) {
		l.press("o")
		l.sees(holdJa().NoReceipt)
		l.press("p")
		if p := onTop[paperPage](l); p.show.Kind != pos.HoldPaper {
			l.Errorf("%+v", p.show)
		}
		l.sees("仮 押 さ え 控 え")
		l.press("esc")
		onTop[holding](l)
	})
}

func TestHold_failedDeedSaysWhy(t *testing.T) {
	t.Parallel()
	f, _ := moved(held())
	f.capture = func(pos.SaleID, string, pos.Yen) error { return pos.ErrJournal }
	inTill(t, "en", f, func(l *testTill) {
		l.pass(400 * time.Millisecond)
		l.press("k", "enter")
		l.pass(unpressed)
		l.press("k")
		onTop[holding](l)
		l.sees("Sales cannot be recorded")
	})
}

// The end is PayPay's: its clock decides how long the hold has left.
func TestHold_countsDownByPayPaysClock(t *testing.T) {
	t.Parallel()
	f := paying(with(held(), func(a *pos.Attempt) { a.HoldEnds = noon.Add(10 * time.Minute) }))
	f.status.Skew, f.status.SkewKnown = 4*time.Minute, true
	inTill(t, "en", f, func(l *testTill) {
		l.sees("6:00 left")
		l.pass(2 * time.Second)
		l.sees("5:58 left")
		l.pass(6 * time.Minute)
		l.sees("over")
	})
}

// open holds, in the order of the register.
func openHolds(n int) []pos.Snapshot {
	var all []pos.Snapshot
	for i := range n {
		s := held()
		s.ID, s.Number = pos.SaleID(fmt.Sprintf("sale-%d", i)), int64(100+i)
		s.Attempts[0].ID = string(s.ID) + "-1"
		s.Attempts[0].HoldEnds = noon.Add(time.Duration(i*i+1) * 11 * time.Hour)
		s.Attempts[0].PaidAt = noon.AddDate(0, 0, -25)
		switch i {
		case 1:
			s.Attempts[0].Modifications = []pos.Modification{consenting()}
		case 2:
			s.Attempts[0].Modifications = []pos.Modification{asked(pos.WayCapture, 1000, pos.Asked)}
		case 3:
			s.Attempts[0].Modifications = []pos.Modification{asked(pos.WayRevert, 1280, pos.Asked)}
		case 4:
			s.Attempts[0].Modifications = []pos.Modification{refusedWith(pos.WayCapture, 1000, "LIMIT_EXCEEDED", "1")}
		case 5:
			s.Attempts[0].HoldEnds, s.Attempts[0].OnHold = time.Time{}, 12_345_678
		}
		s.Left = true
		all = append(all, pos.Snapshot{Sale: s, Contact: heard()})
	}
	return all
}

func TestHolds_golden(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		rows []pos.Snapshot
		keys []string
	}{
		{"Holds/some", openHolds(7), []string{"down"}},
		{"Holds/many", openHolds(60), []string{"end", "up"}},
		{"Holds/none", nil, nil},
	} {
		goldens(t, c.name, &fake{holds: c.rows, status: pos.Status{Held: len(c.rows)}}, Production, func(e env) screen {
			var s screen = newHolds(e)
			for _, k := range c.keys {
				s, _, _ = s.update(keyNamed(k))
			}
			return s
		})
	}
}

func TestHolds_sweep(t *testing.T) {
	t.Parallel()
	sweep(t, func(e env) screen {
		e.register = &fake{holds: openHolds(30)}
		return newHolds(e)
	})
}

func TestHolds_enterOpensTheHold(t *testing.T) {
	t.Parallel()
	f := &fake{holds: openHolds(3)}
	f.sales = f.holds
	inTill(t, "ja", f, func(l *testTill) {
		l.stack = append(l.stack, newHolds(l.env))
		l.press("down", "enter")
		if h := onTop[holding](l); h.id() != "sale-1" {
			l.Errorf("opened %s", h.id())
		}
		l.press("esc")
		onTop[holds](l)
		l.press("esc")
		onTop[sale](l)
	})
}

func TestHolds_haveAKeyOnTheSaleScreen(t *testing.T) {
	t.Parallel()
	for _, keys := range [][]string{{"f11"}, {"5", "f11"}, {":", "h", "o", "l", "d", "s", "enter"}} {
		f := &fake{holds: openHolds(3)}
		inTill(t, "en", f, func(l *testTill) {
			l.press(keys...)
			onTop[holds](l)
			l.press("esc")
			onTop[sale](l)
		})
	}
	f := &fake{holds: openHolds(3)}
	inTill(t, "en", f, func(l *testTill) { // a scan is never a command
		l.scan("hhhhhhhh", "enter")
		l.scan("h1234567", "enter")
		for _, r := range "1234567h" { // a scanner that sends no Enter
			l.send(keyNamed(string(r)))
			l.pass(10 * time.Millisecond)
		}
		l.pass(400 * time.Millisecond)
		onTop[sale](l)
	})
}

func TestHolds_cursorStaysOnItsSale(t *testing.T) {
	t.Parallel()
	f := &fake{holds: openHolds(4)}
	s, _, _ := newHolds(testEnv(t, "ja", f)).update(keyNamed("down"))
	f.holds = f.holds[1:]
	s, _, _ = s.update(changedMsg{})
	if h, ok := s.(holds); !ok || h.rows[h.cursor].Sale.ID != "sale-1" {
		t.Error("the cursor is on another sale")
	}
	f.holds = nil
	s, _, _ = s.update(tickMsg{})
	if _, m, _ := s.update(keyNamed("enter")); m.kind != stay {
		t.Error("opened nothing")
	}
}

func TestHeader_countsHoldsWhereThereIsRoom(t *testing.T) {
	t.Parallel()
	f := &fake{status: pos.Status{Held: 2}}
	inTill(t, "en", f, func(l *testTill) {
		l.sees("held 2")
		l.fake.status.Unsettled, l.fake.status.Tasks = 12, 3
		l.send(tickMsg{}, tea.WindowSizeMsg{Width: 60, Height: 20})
		l.seesNot("held 2")
		l.sees("unsettled 12")
	})
}

// While something is under way, or PayPay's answers do not fit, nothing else can
// be asked for, and the screen says why when a key tries.
func TestHold_saysWhyNothingElseCanBeDone(t *testing.T) {
	t.Parallel()
	unfit := with(held(), func(a *pos.Attempt) { a.Mismatch = true })
	for _, c := range []struct {
		name string
		sale pos.Sale
		says string
	}{
		{"consent", held(consenting()), holdEn().ConsentBusy},
		{"capturing", held(asked(pos.WayCapture, 1000, pos.Asked)), holdEn().Busy},
		{"unfit", unfit, problemEn().Unfit.Says},
	} {
		for _, k := range []string{"k", "x"} {
			f := paying(c.sale)
			moved := 0
			f.capture = func(pos.SaleID, string, pos.Yen) error { moved++; return nil }
			f.giveBack = func(pos.SaleID, pos.Return) error { moved++; return nil }
			inTill(t, "en", f, func(l *testTill) {
				l.pass(unpressed)
				l.press(k)
				l.sees(c.says[:38])
				for range 2 {
					l.pass(unpressed)
					l.press("enter", k)
				}
				if moved > 0 {
					l.Errorf("%s: %s moved money", c.name, k)
				}
			})
		}
	}
}

func TestHold_endsSoonInTheLastTenthOfItsLife(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		life, rests time.Duration
		want        bool
	}{
		{time.Hour, time.Hour - 4*time.Second, false},
		{time.Hour, 7 * time.Minute, false},
		{time.Hour, 6 * time.Minute, true},
		{30 * 24 * time.Hour, 25 * time.Hour, false},
		{30 * 24 * time.Hour, 24 * time.Hour, true},
		{30 * 24 * time.Hour, -time.Second, true},
	} {
		a := pos.Attempt{PaidAt: noon, HoldEnds: noon.Add(c.life)}
		if got := endsSoon(a, c.rests); got != c.want {
			t.Errorf("%s of %s: %v", c.rests, c.life, got)
		}
	}
}
