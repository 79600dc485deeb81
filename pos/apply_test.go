package pos

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"example.jp/reji/paypay"
	"example.jp/reji/store"
)

var noon = time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)

// told is a story of one sale for 1,280 yen, told event by event.
type told struct {
	t    *testing.T
	sale Sale
	at   time.Time
}

func tell(t *testing.T) *told {
	t.Helper()
	order := NewOrder(Line{Unit: 1_280, Quantity: 1, Rate: Standard})
	totals, err := order.Totals()
	if err != nil {
		t.Fatal(err)
	}
	s := &told{t: t, at: noon}
	return s.then(Event{Kind: Charged, Attempt: "p-1", Charge: &Charge{Number: 1, Day: "2026-11-23", Order: order, Totals: totals}})
}

func (s *told) then(e Event) *told {
	s.t.Helper()
	if e.Attempt == "" {
		e.Attempt = s.sale.Last().ID
	}
	e.Sale, e.At = "p", s.at
	next, err := s.sale.Apply(e)
	if err != nil {
		s.t.Fatalf("%s on %s: %v", e.Kind, s.sale.Last().State, err)
	}
	s.sale = next
	return s
}

func (s *told) later(d time.Duration) *told { s.at = s.at.Add(d); return s }

func (s *told) coded() *told {
	return s.then(Event{Kind: Coded, Code: &NewCode{CodeID: "04-a", URL: "https://x/04-a", ExpiresAt: s.at.Add(5 * time.Minute).Unix()}})
}

func (s *told) looked(st paypay.Status) *told {
	n := &Answer{Status: st}
	if st == paypay.StatusCompleted || st == paypay.StatusRefunded {
		n.PaymentID, n.Amount, n.AcceptedAt = "047", 1_280, s.at.Unix()
	}
	return s.then(Event{Kind: Looked, Answer: n})
}

func (s *told) shut(c Cause) *told { return s.then(Event{Kind: Shut, Cause: c}) }

func (s *told) deleted(d Deletion) *told { return s.then(Event{Kind: DeleteDone, Done: string(d)}) }

func (s *told) is(state State, standing Standing) *told {
	s.t.Helper()
	if a := s.sale.Last(); a.State != state || s.sale.Standing() != standing {
		s.t.Errorf("the attempt is %s and the sale %s; want %s and %s", a.State, s.sale.Standing(), state, standing)
	}
	return s
}

func TestSale_paidWhileTheCodeShows(t *testing.T) {
	t.Parallel()
	s := tell(t).is(Requested, Waiting).coded().is(Live, Waiting).looked(paypay.StatusCreated).later(time.Second).
		looked(paypay.StatusCompleted).is(Paid, Settled)
	if a := s.sale.Last(); a.PaymentID != "047" || !a.PaidAt.Equal(noon.Add(time.Second)) || a.Late {
		t.Errorf("%+v", a)
	}
	if !s.sale.Pending() {
		t.Error("a paid sale that the cashier has not left is not taken up at the next start")
	}
	if s.then(Event{Kind: Moved}); s.sale.Pending() {
		t.Error("a settled sale that the cashier has left is still pending")
	}
	s.looked(paypay.StatusCreated).looked(NotFound).looked(paypay.StatusFailed).is(Paid, Settled) // never backwards
}

func TestSale_givenUp(t *testing.T) {
	t.Parallel()
	tell(t).coded().shut(ByCashier).is(Closing, Waiting).looked(paypay.StatusCreated).is(Closing, Waiting).
		deleted(Deleted).is(Closing, Waiting). // deleted is not closed: the look-up decides
		looked(NotFound).is(Closed, Unpaid)
	tell(t).coded().shut(ByCashier).deleted(DeleteNotFound).looked(paypay.StatusCreated).is(Closing, Waiting).
		later(10*time.Second).looked(paypay.StatusCreated).is(Closed, Unpaid)
}

func TestSale_customerPaidWhileGivingUp(t *testing.T) {
	t.Parallel()
	tell(t).coded().shut(ByCashier).deleted(DeleteTooLate).looked(paypay.StatusCreated).is(Closing, Waiting).
		looked(NotFound).is(Closing, Waiting). // PayPay has said that it was paid
		looked(paypay.StatusCompleted).is(Paid, Settled)
	tell(t).coded().shut(ByCashier).deleted(DeleteTooLate).looked(paypay.StatusFailed).is(Failed, Unpaid) // taken back since
	s := tell(t).coded().shut(ByCashier).deleted(Deleted).looked(paypay.StatusCompleted).is(Paid, Settled)
	if s.sale.Last().Late {
		t.Error("a payment that came before the end is called late")
	}
}

func TestSale_paidAfterItHadEnded(t *testing.T) {
	t.Parallel()
	s := tell(t).coded().shut(ByCashier).deleted(Deleted).looked(NotFound).then(Event{Kind: Moved}).is(Closed, Unpaid)
	if !s.sale.Pending() {
		t.Fatal("a closed code is not watched")
	}
	s.later(2*time.Second).looked(paypay.StatusCompleted).is(Paid, LatePaid)
	if s.sale.Left || !s.sale.Pending() {
		t.Error("nobody is told about the late payment")
	}
	s = tell(t).coded().shut(ByCashier).deleted(Deleted).looked(NotFound).later(7*time.Minute).looked(NotFound).is(Closed, Unpaid)
	if !s.sale.Last().Watched {
		t.Error("one answer, perhaps a stale one, ends the watch")
	}
	s.later(doubt).looked(NotFound).is(Closed, Unpaid)
	if s.sale.Last().Watched {
		t.Error("a dead code is watched for ever")
	}
}

func TestSale_expiry(t *testing.T) {
	t.Parallel()
	tell(t).coded().looked(NotFound).is(Live, Waiting) // lag, as long as the code is alive
	tell(t).coded().later(5*time.Minute).looked(NotFound).is(Expired, Unpaid)
	tell(t).coded().later(6*time.Minute).looked(paypay.StatusCreated).is(Live, Waiting). // PayPay may say so for ever
												shut(ByExpiry).deleted(DeleteNotFound).looked(paypay.StatusCreated).is(Expired, Unpaid)
	// PayPay's clock decides, not ours: we are two minutes fast.
	s := tell(t)
	s.then(Event{Kind: Coded, Code: &NewCode{CodeID: "04-a", URL: "u", ExpiresAt: noon.Add(3 * time.Minute).Unix()}, Skew: -2 * time.Minute})
	s.later(4*time.Minute).then(Event{Kind: Looked, Skew: -2 * time.Minute, Answer: &Answer{Status: NotFound}}).is(Live, Waiting)
	s.later(time.Minute).then(Event{Kind: Looked, Skew: -2 * time.Minute, Answer: &Answer{Status: NotFound}}).is(Expired, Unpaid)
}

func TestSale_createUnanswered(t *testing.T) {
	t.Parallel()
	tell(t).then(Event{Kind: Unanswered}).is(Unknown, Unclear).looked(paypay.StatusCreated).is(Lost, Unpaid)
	s := tell(t).then(Event{Kind: Unanswered}).looked(NotFound).is(Lost, Unpaid)
	if !s.sale.Pending() {
		t.Fatal("a lost code is not watched")
	}
	s.then(Event{Kind: CancelSent}).then(Event{Kind: CancelDone, Done: string(CancelAccepted)}).
		then(Event{Kind: Recharged, Attempt: "p-2"}).is(Requested, Waiting)
	lost := func(st paypay.Status, at time.Duration) State {
		e := Event{Kind: Looked, Sale: "p", Attempt: "p-1", At: noon.Add(at), Answer: &Answer{Status: st, PaymentID: "047", Amount: 1_280}}
		next, err := s.sale.Apply(e)
		if err != nil {
			t.Fatal(err)
		}
		return next.Attempts[0].State
	}
	for _, c := range []struct {
		status paypay.Status
		at     time.Duration
		want   State
	}{
		{NotFound, time.Minute, Lost},
		{paypay.StatusCreated, time.Minute, Lost},
		{paypay.StatusCompleted, time.Minute, Lost}, // the cancel gives it back
		{paypay.StatusFailed, time.Minute, Closed},  // it has
		{NotFound, 6 * time.Minute, Closed},
		{paypay.StatusCompleted, 6 * time.Minute, Paid},
	} {
		if got := lost(c.status, c.at); got != c.want {
			t.Errorf("lost, then %s after %s: %s, want %s", c.status, c.at, got, c.want)
		}
	}
}

func TestSale_oddAnswers(t *testing.T) {
	t.Parallel()
	tell(t).coded().looked("SOMETHING_NEW").is(Unknown, Unclear).looked(paypay.StatusCreated).is(Live, Waiting)
	tell(t).coded().looked(paypay.StatusAuthorized).is(Unknown, Unclear).looked(paypay.StatusCompleted).is(Paid, Settled)
	tell(t).coded().looked(paypay.StatusRefunded).is(Refunded, Returned)
	tell(t).coded().then(Event{Kind: Mismatched}).is(Live, Unclear).shut(ByFailure).deleted(Deleted).is(Closing, Unclear).
		looked(NotFound).is(Failed, Unpaid)
	tell(t).coded().looked(paypay.StatusFailed).is(Live, Waiting).shut(ByFailure).deleted(Deleted).looked(paypay.StatusFailed).is(Failed, Unpaid)
}

func TestSale_refuses(t *testing.T) {
	t.Parallel()
	s := tell(t).coded().sale
	for name, c := range map[string]struct {
		event Event
		want  error
	}{
		"second code while one is live": {Event{Kind: Recharged, Sale: "p", Attempt: "p-2"}, ErrUnsettled},
		"another sale's event":          {Event{Kind: Moved, Sale: "q"}, ErrTransition},
		"another attempt's event":       {Event{Kind: Shut, Sale: "p", Attempt: "p-9"}, ErrTransition},
		"two codes for one attempt":     {Event{Kind: Coded, Sale: "p", Attempt: "p-1", Code: &NewCode{CodeID: "04-b"}}, ErrTransition},
		"a kind that does not exist":    {Event{Kind: "sold", Sale: "p", Attempt: "p-1"}, ErrTransition},
		"paid with another amount": {Event{
			Kind: Looked, Sale: "p", Attempt: "p-1",
			Answer: &Answer{Status: paypay.StatusCompleted, PaymentID: "047", Amount: 1_279},
		}, ErrTransition},
		"paid without a payment": {Event{
			Kind: Looked, Sale: "p", Attempt: "p-1", Answer: &Answer{Status: paypay.StatusCompleted, Amount: 1_280},
		}, ErrTransition},
	} {
		got, err := s.Apply(c.event)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if d := cmp.Diff(s, got); d != "" {
			t.Errorf("%s: the sale changed\n%s", name, d)
		}
	}
	paid := tell(t).coded().looked(paypay.StatusCompleted).sale
	if _, err := paid.Apply(Event{Kind: Recharged, Sale: "p", Attempt: "p-2"}); !errors.Is(err, ErrPaid) {
		t.Errorf("another code for a paid sale: %v", err)
	}
}

// anyEvent draws an event of any kind, sensible or not.
func anyEvent(t *rapid.T, s Sale, at time.Time) Event {
	e := Event{
		Kind: rapid.SampledFrom([]Kind{
			Recharged, Coded, Declined, Unanswered, Looked, Looked, Looked, Looked, Mismatched, Shut, Shut, DeleteDone, CancelSent, CancelDone, Moved,
			ModAsked, ModAsked, ModTried, ModDone, ModDone, Attached, Dropped,
		}).Draw(t, "kind"),
		Sale: s.ID, At: at, Skew: time.Duration(rapid.Int64Range(-600, 600).Draw(t, "skew")) * time.Second,
		Attempt: s.Attempts[rapid.IntRange(0, len(s.Attempts)-1).Draw(t, "attempt")].ID,
		Cause:   rapid.SampledFrom([]Cause{ByCashier, ByNewCode, ByExpiry, ByFailure}).Draw(t, "cause"),
	}
	switch e.Kind {
	case Recharged:
		e.Attempt = fmt.Sprintf("p-%d", len(s.Attempts)+1)
	case Coded:
		e.Code = &NewCode{CodeID: "04-" + e.Attempt, URL: "u", ExpiresAt: at.Add(5 * time.Minute).Unix()}
	case DeleteDone:
		e.Done = string(rapid.SampledFrom([]Deletion{Deleted, DeleteNotFound, DeleteTooLate, DeleteRefused}).Draw(t, "done"))
	case CancelDone:
		e.Done = string(rapid.SampledFrom([]Cancellation{CancelAccepted, CancelNotFound, CancelRefused}).Draw(t, "done"))
	case Looked:
		e.Answer = &Answer{
			Status: rapid.SampledFrom([]paypay.Status{
				paypay.StatusCreated, NotFound, paypay.StatusCompleted, paypay.StatusFailed, paypay.StatusRefunded,
				paypay.StatusAuthorized, paypay.StatusExpired, "NEW",
			}).Draw(t, "status"),
			PaymentID: rapid.SampledFrom([]string{"047", ""}).Draw(t, "payment"),
			Amount:    rapid.SampledFrom([]int64{1_280, 1_280, 1_280, 128}).Draw(t, "amount"),
		}
		if status := rapid.SampledFrom([]string{"", "", "CREATED", "REFUNDED", "REFUND_FAILED"}).Draw(t, "refund"); status != "" {
			e.Answer.Refunds = []RefundAnswer{{ID: anyModification(t), Status: status, Amount: rapid.Int64Range(1, 1_280).Draw(t, "refunded")}}
		}
		if status := rapid.SampledFrom([]string{"", "", "USER_REQUESTED", "COMPLETED"}).Draw(t, "capture"); status != "" {
			e.Answer.Captures = []CaptureAnswer{{ID: anyModification(t) + "-1", Status: status, Amount: rapid.Int64Range(1, 2_000).Draw(t, "captured")}}
		}
		e.First = rapid.IntRange(0, 3).Draw(t, "first") == 0
		e.Answer.CanceledAt = rapid.SampledFrom([]int64{0, 0, 1_780_000_000}).Draw(t, "canceled at")
	case ModAsked, ModTried, ModDone, Dropped:
		e.Modification = &Modification{
			ID: anyModification(t), Amount: Yen(rapid.SampledFrom([]int64{1_280, 128, 1, 2_000}).Draw(t, "of")),
			Way: rapid.SampledFrom([]Way{WayRefund, WayRefund, WayCancel, WayCapture, WayRevert, WayDelete}).Draw(t, "way"),
		}
		e.Try = rapid.IntRange(0, 3).Draw(t, "try")
		e.Done = string(rapid.SampledFrom([]Progress{Accepted, Consenting, Carried, Denied}).Draw(t, "progress"))
		e.Answer = &Answer{Code: "X"}
	default: // the others carry nothing
	}
	return e
}

func anyModification(t *rapid.T) string {
	return rapid.SampledFrom([]string{"p-1-r1", "p-1-r2", "p-1-c1", "p-1-x1"}).Draw(t, "modification")
}

// follows are the states that each ended state may still turn into.
func follows(a, b State) bool {
	switch a {
	case Failed, Closed, Expired:
		return b == Paid || b == Held || b == Refunded // a late payment
	case Held:
		return b == Paid || b == Refunded || b == Cancelled || b == Reverted || b == Lapsed
	case Paid:
		return b == Refunded || b == Cancelled
	case Refunded:
		return b == Paid // PayPay could not give it back
	default:
		return false
	}
}

// Whatever happens to a sale, in whatever order, sense or nonsense:
// what has ended stays ended but for a late payment, an event twice changes
// nothing, at most one attempt is open, and what the journal keeps makes the
// same sale again.
func TestSale_lawsHoldForAnyHistory(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := tell(t).sale
		request := &paypay.CodeRequest{IsAuthorization: rapid.Bool().Draw(rt, "hold")}
		s.Attempts[0].Hold = request.IsAuthorization
		at := noon
		entries := []store.Entry{journalled(rt, Event{
			Kind: Charged, Sale: s.ID, Attempt: "p-1", At: noon, Request: request,
			Charge: &Charge{Number: s.Number, Day: s.Day, Order: s.Order, Totals: s.Totals},
		})}
		for range rapid.IntRange(1, 60).Draw(rt, "events") {
			at = at.Add(time.Duration(rapid.Int64Range(0, 90_000).Draw(rt, "ms")) * time.Millisecond)
			e := anyEvent(rt, s, at)
			next, err := s.Apply(e)
			if err != nil {
				if d := cmp.Diff(s, next); d != "" {
					rt.Fatalf("a refused %s changed the sale\n%s", e.Kind, d)
				}
				continue
			}
			if again, err := next.Apply(e); err != nil || !cmp.Equal(next, again) {
				rt.Fatalf("%s twice: %v\n%s", e.Kind, err, cmp.Diff(next, again))
			}
			for i, a := range s.Attempts {
				b := next.Attempts[i]
				ended := !a.State.Open() && a.State != Lost
				if ended && a.State != b.State && !follows(a.State, b.State) {
					rt.Fatalf("%s made a %s attempt %s", e.Kind, a.State, b.State)
				}
				if said := e.Kind == Looked || e.Kind == ModDone; !said && (a.Taken != b.Taken || a.Returned() != b.Returned() || a.OnHold != b.OnHold) {
					rt.Fatalf("%s moved money:\n%s", e.Kind, cmp.Diff(a, b))
				}
				if a.Taken == 0 && b.Taken > 0 && !a.Hold && (e.Kind != Looked || !took(e.Answer.Status, false) || e.Answer.Amount != 1_280) {
					rt.Fatalf("paid by %+v", e)
				}
				if a.Taken > 0 && b.Taken != a.Taken {
					rt.Fatalf("%s changed what was taken from %d to %d", e.Kind, a.Taken, b.Taken)
				}
				if b.Returned() > b.Taken || b.Left() < 0 || b.Left() > b.Kept() || b.OnHold > 0 && b.State != Held {
					rt.Fatalf("%s: of %d yen, %d are given back and %d left, %d held", e.Kind, b.Taken, b.Returned(), b.Left(), b.OnHold)
				}
				asked := 0
				for _, m := range b.Modifications {
					if m.State == Asked {
						asked++
					}
				}
				if asked > 1 {
					rt.Fatalf("%s: PayPay is asked for %d things at once", e.Kind, asked)
				}
				if came := b.kept() && !a.kept() && a.Taken == 0; ended && came && !b.Late {
					rt.Fatalf("paid after it was %s, and not called late", a.State)
				}
			}
			open := 0
			for _, a := range next.Attempts {
				if a.State.Open() {
					open++
				}
			}
			if open > 1 {
				rt.Fatalf("%d attempts are open", open)
			}
			s = next
			entries = append(entries, journalled(rt, e))
		}
		replayed, err := Replay(entries)
		if err != nil {
			rt.Fatal(err)
		}
		if d := cmp.Diff(s, replayed); d != "" {
			rt.Fatalf("the journal makes another sale\n%s", d)
		}
	})
}

func journalled(t *rapid.T, e Event) store.Entry {
	n, err := e.entry()
	if err != nil || !json.Valid(n.Body) {
		t.Fatalf("%s: %v: %s", e.Kind, err, n.Body)
	}
	return n
}

// Whatever the state, the watcher has something to do exactly as long as the
// attempt is unsettled, and never asks more often than the poll allows.
func TestAttempt_next(t *testing.T) {
	t.Parallel()
	const poll = 3 * time.Second
	rapid.Check(t, func(t *rapid.T) {
		a := Attempt{
			ID: "p-1", Amount: 1, State: rapid.SampledFrom(States()).Draw(t, "state"), RequestedAt: noon,
			Watched:  rapid.Bool().Draw(t, "watched"),
			Seen:     rapid.SampledFrom([]paypay.Status{"", paypay.StatusCreated, paypay.StatusFailed, "NEW"}).Draw(t, "seen"),
			Deletion: rapid.SampledFrom([]Deletion{"", Deleted, DeleteTooLate, DeleteRefused}).Draw(t, "deletion"),
			Cancel:   rapid.SampledFrom([]Cancellation{"", CancelAsked, CancelAccepted, CancelNotFound}).Draw(t, "cancel"),
		}
		if coded := slices.Contains([]State{Live, Closing, Failed, Closed, Expired}, a.State); coded {
			a.CodeID, a.ExpiresAt = "04-a", noon.Add(5*time.Minute)
		}
		m := memory{
			mayCreate: rapid.Bool().Draw(t, "create"),
			did:       rapid.SampledFrom([]task{rest, create, look, deleteIt, cancelIt}).Draw(t, "did"),
			at:        noon, looks: rapid.IntRange(0, 100).Draw(t, "looks"),
			slowed: time.Duration(rapid.IntRange(0, 60).Draw(t, "slowed")) * time.Second,
		}
		now := noon.Add(time.Duration(rapid.IntRange(0, 600).Draw(t, "seconds")) * time.Second)
		do, wait := a.next(now, m, poll)
		ended := !a.State.Open() && a.State != Lost
		if idle := do == rest; idle == a.unsettled() && (!ended || !a.Watched) {
			t.Fatalf("%s, watched %v: task %d", a.State, a.Watched, do)
		}
		if do == create && (a.State != Requested || !m.mayCreate) {
			t.Fatalf("a code is asked for in state %s", a.State)
		}
		if (do == cancelIt || do == askOff) && a.State != Lost {
			t.Fatalf("a cancel in state %s would lie in wait for the customer", a.State)
		}
		if calls := do == look || do == deleteIt || do == cancelIt; calls && do == m.did && m.looks > 0 && wait < poll/3 {
			t.Fatalf("task %d again after %s", do, wait)
		}
		if sends := do != rest && do != shutCode && do != askOff; sends && wait < m.slowed {
			t.Fatalf("PayPay asked for %s, gets %s", m.slowed, wait)
		}
	})
}

// What PayPay says it took by our capture has to be what was asked for.
func TestApply_captureOfAnotherAmount(t *testing.T) {
	t.Parallel()
	s := tell(t)
	s.sale.Attempts[0].Hold = true
	s.coded().then(Event{Kind: Looked, Answer: &Answer{Status: paypay.StatusAuthorized, PaymentID: "1", Amount: 1_280, AcceptedAt: noon.Unix()}}).is(Held, HeldOpen)
	s.then(Event{Kind: ModAsked, Modification: &Modification{ID: "c", Way: WayCapture, Amount: 1_000}})
	taken := func(id string, amount int64) {
		s.later(time.Second).then(Event{Kind: Looked, Answer: &Answer{
			Status: paypay.StatusCompleted, PaymentID: "1", Amount: amount,
			Captures: []CaptureAnswer{{ID: id, Status: string(paypay.CaptureCompleted), Amount: amount}},
		}})
	}
	taken("c-1", 900)
	taken("c-1", 900)
	if a := s.sale.Last(); a.State != Held || !a.Mismatch || a.Taken != 0 || a.Modifications[0].State != Asked {
		t.Errorf("after another amount: %+v", a)
	}
	if tasks := s.sale.tasks(); len(tasks) != 1 || tasks[0].Kind != TaskUnfit {
		t.Errorf("tasks %+v", tasks)
	}
	taken("c-2", 1_000) // of a try that a restored journal has lost
	if a := s.sale.Last(); a.State != Paid || a.Mismatch || a.Taken != 1_000 || a.Modifications[0].State != Carried {
		t.Errorf("after the right one: %+v", a)
	}
}

// A payment that turns out cancelled ends what else was asked for about it.
func TestApply_cancelledDuringARefund(t *testing.T) {
	t.Parallel()
	s := tell(t).coded()
	s.then(Event{Kind: Looked, Answer: &Answer{Status: paypay.StatusCompleted, PaymentID: "1", Amount: 1_280, AcceptedAt: noon.Unix()}}).is(Paid, Settled)
	s.then(Event{Kind: ModAsked, Modification: &Modification{ID: "r", Way: WayRefund, Amount: 400}}).is(Paid, Changing)
	s.later(time.Second).then(Event{Kind: Looked, Answer: &Answer{Status: paypay.StatusFailed, PaymentID: "1", Amount: 1_280, CanceledAt: noon.Unix()}}).is(Cancelled, Returned)
	a := s.sale.Last()
	if _, working := a.Working(); working || a.Modifications[0].State != Denied || len(s.sale.tasks()) != 0 {
		t.Errorf("%+v, tasks %+v", a.Modifications, s.sale.tasks())
	}
}

func TestModification_isOneOfItsTries(t *testing.T) {
	t.Parallel()
	m := Modification{ID: "a-c1-x", Way: WayCapture, Try: 12}
	for id, want := range map[string]bool{
		"a-c1-x-1": true, "a-c1-x-12": true, "a-c1-x-13": true, "a-c1-x-0": false, "a-c1-x": false, "a-c1-x-": false, "a-c1-x--1": false, "b-1": false,
	} {
		if m.is(id) != want {
			t.Errorf("%q: %v", id, !want)
		}
	}
}
