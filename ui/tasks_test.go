package ui

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.jp/reji/pos"
	"example.jp/reji/store"
)

// lostGap is a night of which the journal has lost its entries.
var lostGap = pos.Gap{
	From: noon.Add(-15 * time.Hour), To: noon.Add(-20 * time.Minute), Missing: 42, Number: 54_123, Below: 88, Open: true,
}

// everyTask is a register with a task of each kind, and the sales they are of.
func everyTask() *fake {
	s := saleOf(pos.Paid)
	task := func(k pos.TaskKind, number int64, amount pos.Yen, age time.Duration) pos.Task {
		return pos.Task{Kind: k, Sale: s.ID, Number: number, Attempt: s.Attempts[0].ID, Amount: amount, Since: noon.Add(-age)}
	}
	denied := task(pos.TaskDenied, 120, 440, 3*time.Hour)
	denied.Way, denied.Modification, denied.Code, denied.CodeNo = pos.WayRefund, "m-1", "USER_STATE_IS_NOT_ACTIVE", "00200099"
	unanswered := task(pos.TaskUnknown, 121, 1280, 12*time.Minute)
	unanswered.Way, unanswered.Modification = pos.WayCancel, "m-2"
	lapsing := task(pos.TaskLapsing, 98, 12_000, 2*time.Hour)
	lapsing.Until = noon.Add(22*time.Hour + 5*time.Minute)
	slow := task(pos.TaskSlow, 90, 880, 75*time.Hour)
	slow.Way, slow.Modification = pos.WayRefund, "m-3"
	f := inHand(s)
	f.gaps = []pos.Gap{lostGap}
	f.tasks = []pos.Task{
		{Kind: pos.TaskJournal, Since: noon.Add(-40 * time.Second)},
		lapsing,
		task(pos.TaskTwice, 119, 1280, 4*time.Hour),
		denied,
		unanswered,
		task(pos.TaskUnknown, 122, 99_999_999_999, 6*time.Minute),
		task(pos.TaskUnfit, 124, 500, time.Minute),
		task(pos.TaskLate, 125, 1280, 50*time.Second),
		{Kind: pos.TaskSpace},
		slow,
		{Kind: pos.TaskGap, Since: lostGap.To, Gap: lostGap},
		{Kind: pos.TaskPrinter, Since: noon.Add(-3 * time.Minute)},
	}
	f.status.Unprinted = errors.New("dial tcp 192.168.1.50:9100: connection refused")
	f.status.Tasks, f.status.Trouble = len(f.tasks), store.ErrTrouble
	return f
}

func TestTasks_golden(t *testing.T) {
	t.Parallel()
	doubtful := inHand(doubtful())
	doubtful.tasks = doubtful.sales[0].Sale.Tasks(noon, noon)
	goldens(t, "Tasks/doubtful", doubtful, Production, func(e env) screen { return newTasks(e) })
	calm := inHand(saleOf(pos.Paid))
	for i, name := range []string{"journal", "lapsing", "twice", "denied", "unanswered", "unknown", "unfit", "late", "space", "slow", "gap", "printer"} {
		goldens(t, "Tasks/"+name, everyTask(), Production, func(e env) screen {
			var s screen = newTasks(e)
			for range i {
				s, _ = typed(s, "down")
			}
			return s
		})
	}
	goldens(t, "Tasks/ask", everyTask(), Training, func(e env) screen {
		s, _ := typed(newTasks(e), "down", "down", "down", "down", "down", "down", "down", "enter")
		return s
	})
	twice := inHand(givenTwice())
	twice.tasks = twice.sales[0].Sale.Tasks(noon, noon)
	goldens(t, "Tasks/given-twice", twice, Production, func(e env) screen { return newTasks(e) })
	goldens(t, "Tasks/none", calm, Production, func(e env) screen { return newTasks(e) })
}

func TestTasks_sweep(t *testing.T) {
	t.Parallel()
	sweep(t, func(e env) screen {
		e.register = everyTask()
		return newTasks(e)
	})
	sweep(t, func(e env) screen {
		e.register = everyTask()
		s, _ := typed(newTasks(e), "down", "down", "down", "down", "down", "down", "down", "a")
		return s
	})
}

// late is a register with one late payment.
func late() (*fake, *[]string) {
	s := paidLate()
	s.Left = true
	f, did := inHand(s), &[]string{}
	f.tasks = s.Tasks(noon, noon)
	f.status.Tasks = len(f.tasks)
	f.attach = func(_ pos.SaleID, attempt string) error {
		*did = append(*did, attempt)
		f.tasks, f.status.Tasks = nil, 0
		return nil
	}
	return f, did
}

func TestTasks_latePaymentIsAttachedByItsKey(t *testing.T) {
	t.Parallel()
	f, did := late()
	inTill(t, "ja", f, func(l *testTill) {
		l.sees("要確認 1")
		l.press("!")
		onTop[tasks](l)
		l.press("a")
		l.pass(unpressed)
		l.press("enter")
		if len(*did) > 0 {
			l.Errorf("attached %v by Enter", *did)
		}
		l.press("a", "a") // the second is too soon
		l.pass(unpressed)
		l.press("a")
		if diff := cmp.Diff([]string{f.sales[0].Sale.Attempts[0].ID}, *did); diff != "" {
			l.Errorf("%s\n%s", diff, l.View())
		}
		l.sees(tasksJa().Attached)
		l.sees(tasksJa().None)
		l.send(changedMsg{})
		l.seesNot("要確認 1")
	})
}

func TestTasks_latePaymentIsGivenBack(t *testing.T) {
	t.Parallel()
	f, did := late()
	inTill(t, "ja", f, func(l *testTill) {
		l.press("!", "enter")
		l.pass(unpressed)
		l.press("b")
		if g := onTop[giveBack](l); g.attempt != f.sales[0].Sale.Attempts[0].ID || g.step != atHow {
			l.Errorf("about %q, at step %d", g.attempt, g.step)
		}
		if len(*did) > 0 {
			l.Errorf("attached %v", *did)
		}
	})
}

func TestTasks_dialogGoesWithItsTask(t *testing.T) {
	t.Parallel()
	f, did := late()
	inTill(t, "ja", f, func(l *testTill) {
		l.press("!", "a")
		f.tasks = nil
		l.send(changedMsg{})
		l.pass(unpressed)
		l.press("a", "b")
		if len(*did) > 0 {
			l.Errorf("attached %v", *did)
		}
		onTop[tasks](l)
	})
}

func TestTasks_scanDecidesNothing(t *testing.T) {
	t.Parallel()
	for _, keys := range [][]string{{"!"}, {"!", "a"}} {
		for _, code := range []string{"aaaaaaaa", "bbbbbbbb", "4901234567894", "ababdd"} {
			f, did := late()
			inTill(t, "ja", f, func(l *testTill) {
				l.press(keys...)
				l.pass(time.Second)
				l.scan(code, "enter")
				if len(*did) > 0 {
					l.Errorf("attached %v by %s", *did, code)
				}
				onTop[tasks](l)
			})
		}
	}
}

func TestTasks_eachOpensWhereItIsSettled(t *testing.T) {
	t.Parallel()
	part := after(kept(), pos.Modification{Way: pos.WayRefund, Amount: 440, State: pos.Denied, Code: "REFUND_LIMIT_EXCEEDED"})
	capture := after(heldSale(), pos.Modification{Way: pos.WayCapture, Amount: 1280, State: pos.Denied})
	unclear := saleOf(pos.Unknown)
	unclear.Left = true
	for _, c := range []struct {
		name string
		sale pos.Sale
		kind pos.TaskKind
		want func(screen) bool
	}{
		{"paid twice", paidTwice(), pos.TaskTwice, func(s screen) bool { g, ok := s.(giveBack); return ok && g.step == atHow && g.attempt != "" }},
		{"denied", part, pos.TaskDenied, func(s screen) bool { g, ok := s.(giveBack); return ok && g.step == atOutcome }},
		{"denied capture", capture, pos.TaskDenied, func(s screen) bool { _, ok := s.(holding); return ok }},
		{"given twice", givenTwice(), pos.TaskAgain, func(s screen) bool { g, ok := s.(giveBack); return ok && g.open(g.snap.Sale.Last().Modifications[0]) }},
		{"unknown", unclear, pos.TaskUnknown, func(s screen) bool { _, ok := s.(payment); return ok }},
		{"hold ends", with(heldSale(), func(a *pos.Attempt) { a.RequestedAt, a.HoldEnds = noon.Add(-72*time.Hour), noon.Add(time.Hour) }), pos.TaskLapsing, func(s screen) bool { _, ok := s.(holding); return ok }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := inHand(c.sale)
			for _, k := range c.sale.Tasks(noon, noon.Add(time.Hour)) {
				if k.Kind == c.kind {
					f.tasks = append(f.tasks, k)
				}
			}
			if len(f.tasks) == 0 {
				t.Fatal("the sale has no such task")
			}
			e := testEnv(t, "ja", f)
			_, m := typed(newTasks(e), "enter")
			if m.kind != open || !c.want(m.to) {
				t.Errorf("opened %T", m.to)
			}
		})
	}
}

func TestTasks_cursorStaysOnItsTask(t *testing.T) {
	t.Parallel()
	f := everyTask()
	e := testEnv(t, "ja", f)
	s, _ := typed(newTasks(e), "down", "down", "down")
	f.tasks = f.tasks[1:]
	s, _, _ = s.update(changedMsg{})
	is, _ := s.(tasks)
	if k, _ := is.selected(); k.Kind != pos.TaskDenied {
		t.Errorf("on %s", k.Kind)
	}
	f.tasks = f.tasks[:1]
	s, _, _ = s.update(tickMsg{})
	is, _ = s.(tasks)
	if k, ok := is.selected(); !ok || k.Kind != pos.TaskLapsing {
		t.Errorf("on %s", k.Kind)
	}
}

// A till that starts with a restored journal says so first, and only a person's
// word, by its own key, ends that.
func TestAccounting_byItsKeyAlone(t *testing.T) {
	t.Parallel()
	f := inHand(saleOf(pos.Paid))
	f.gaps, f.tasks = []pos.Gap{lostGap}, []pos.Task{{Kind: pos.TaskGap, Since: lostGap.To, Gap: lostGap}}
	f.status.Tasks = 1
	var did []string
	f.account = func(gap time.Time, found string) error {
		if !gap.Equal(lostGap.To) {
			t.Errorf("accounted for a gap until %s", gap)
		}
		did = append(did, found)
		f.tasks, f.status.Tasks = nil, 0
		return nil
	}
	inTill(t, "ja", f, func(l *testTill) {
		onTop[tasks](l)
		l.sees(tasksJa().Gap)
		l.press("enter")
		onTop[accounting](l)
		l.sees("少なくとも42件")
		l.press("enter")
		l.sees(accountingJa().NoNote)
		l.press("佐", "藤", "x", "backspace", "w")
		l.press("enter")
		l.press("w") // too soon
		l.pass(unpressed)
		l.press("enter") // the harmless choice
		onTop[accounting](l)
		if len(did) > 0 {
			l.Fatalf("written down without its key: %q", did)
		}
		l.press("enter")
		l.pass(unpressed)
		l.press("w")
		if diff := cmp.Diff([]string{"佐藤w"}, did); diff != "" {
			l.Errorf("%s\n%s", diff, l.View())
		}
		onTop[tasks](l)
		l.send(changedMsg{})
		l.sees(tasksJa().None)
	})
}

func TestAccounting_saysWhyItWasNotWrittenDown(t *testing.T) {
	t.Parallel()
	f := inHand(saleOf(pos.Paid))
	f.gaps, f.tasks = []pos.Gap{lostGap}, []pos.Task{{Kind: pos.TaskGap, Since: lostGap.To, Gap: lostGap}}
	f.account = func(time.Time, string) error { return pos.ErrJournal }
	inTill(t, "en", f, func(l *testTill) {
		l.press("enter", "o", "k", "enter")
		l.pass(unpressed)
		l.press("w")
		onTop[accounting](l)
		l.sees(problemEn().Journal.Says)
	})
}

func TestAccounting_golden(t *testing.T) {
	t.Parallel()
	goldens(t, "Tasks/accounting", everyTask(), Production, func(e env) screen { return newAccounting(e, lostGap) })
	goldens(t, "Tasks/accounting-ask", everyTask(), Production, func(e env) screen {
		done := lostGap
		done.Below, done.Missing = 1, 0
		a := newAccounting(e, done)
		a.input = "佐藤: 返金1件 (No.86 500円) だけ"
		s, _ := typed(a, "enter")
		return s
	})
}

func TestAccounting_sweep(t *testing.T) {
	t.Parallel()
	sweep(t, func(e env) screen {
		e.register = everyTask()
		return newAccounting(e, lostGap)
	})
}

func TestTasks_printerOpensItsPapers(t *testing.T) {
	t.Parallel()
	e := testEnv(t, "en", &fake{tasks: []pos.Task{{Kind: pos.TaskPrinter, Since: noon}}})
	_, m := typed(newTasks(e), "enter")
	if _, ok := m.to.(printQueue); !ok || m.kind != open {
		t.Errorf("opened %T", m.to)
	}
}
