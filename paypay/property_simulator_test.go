package paypay_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.jp/reji/paypay"
	"example.jp/reji/paypay/simulator"
)

// step is one that PayPay documents from a status to another. Those of a payment
// that is held first are other ones.
type step struct {
	held     bool
	from, to simulator.Status
}

var steps = []step{
	{false, "", "CREATED"},
	{true, "", "CREATED"},
	{false, "CREATED", "COMPLETED"},
	{true, "CREATED", "AUTHORIZED"},
	{false, "CREATED", "FAILED"},
	{true, "CREATED", "FAILED"},
	{false, "CREATED", "CANCELED"}, // pending, and withdrawn
	{false, "COMPLETED", "REFUNDED"},
	{true, "COMPLETED", "REFUNDED"},
	{false, "COMPLETED", "FAILED"},
	{true, "AUTHORIZED", "AUTHORIZED"},
	{true, "AUTHORIZED", "COMPLETED"},
	{true, "AUTHORIZED", "REAUTHORIZING"},
	{true, "REAUTHORIZING", "COMPLETED"},
	{true, "AUTHORIZED", "EXPIRED"},
	{true, "AUTHORIZED", "CANCELED"},
	{true, "AUTHORIZED", "FAILED"},
}

// books is a stand whose simulator is checked against what the client reported.
type books struct {
	*stand

	was     simulator.State
	refunds map[refundKey]int64 // yen of those that the client reported done
}

// refundKey names a refund of an order.
type refundKey struct{ order, refund string }

// order is what the books say of an order.
func (b *books) order(id string) simulator.Payment {
	for _, p := range b.sim.State().Payments {
		if p.MerchantPaymentID == id {
			return p
		}
	}
	return simulator.Payment{}
}

// number is PayPay's number of an order, or of none.
func (b *books) number(id string) string {
	if n := b.order(id).PaymentID; n != "" {
		return n
	}
	return "0400000000"
}

// balance checks the books themselves.
func (b *books) balance(t *rapid.T) {
	is := b.sim.State()
	if got, want := wealth(is), wealth(b.was); got != want {
		t.Fatalf("there were %d yen, now there are %d", want, got)
	}
	taken, held := int64(0), int64(0)
	for _, p := range is.Payments {
		held += p.Held
		if p.Status == simulator.StatusCompleted || p.Status == simulator.StatusRefunded {
			taken += p.Amount - p.Refunded
		}
		if p.Refunded < 0 || p.Refunding < 0 || p.Refunded+p.Refunding > p.Amount {
			t.Fatalf("more was refunded than paid: %+v", p)
		}
	}
	b.walks(t, is)
	if taken != is.Taken || held != is.Held {
		t.Fatalf("taken %d and held %d, but the payments say %d and %d", is.Taken, is.Held, taken, held)
	}
	sums := map[string]int64{}
	for key, yen := range b.refunds {
		sums[key.order] += yen
	}
	for id, yen := range sums {
		if p := b.order(id); p.Refunded+p.Refunding < yen {
			t.Fatalf("%d yen were reported refunded of %+v", yen, p)
		}
	}
	b.was = is
}

// walks checks that every payment came to where it is by single steps.
func (b *books) walks(t *rapid.T, is simulator.State) {
	held, at := map[string]bool{}, map[string]simulator.Status{}
	for _, p := range is.Payments {
		held[p.MerchantPaymentID] = !p.HeldAt.IsZero()
	}
	for _, c := range is.Changes {
		id := c.MerchantPaymentID
		if c.From != at[id] || !slices.Contains(steps, step{held[id], c.From, c.To}) {
			t.Fatalf("%s is %s, held %v, and makes the step %+v", id, at[id], held[id], c)
		}
		at[id] = c.To
	}
	for _, p := range is.Payments {
		if p.Status != at[p.MerchantPaymentID] {
			t.Fatalf("the last step was to %s, but %+v", at[p.MerchantPaymentID], p)
		}
	}
	if len(is.Changes) < len(b.was.Changes) || !slices.Equal(is.Changes[:len(b.was.Changes)], b.was.Changes) {
		t.Fatal("what has happened has changed")
	}
}

// wealth is all the money there is, in yen.
func wealth(st simulator.State) int64 {
	yen := st.Taken + st.Held + st.Budget
	for _, w := range st.Wallets {
		yen += w.Balance
		for _, m := range w.Means {
			yen += m.Yen
		}
	}
	return yen
}

// settled is what of an order neither time nor anybody but a call can change.
type settled struct {
	refunds           int64
	deleted, canceled bool
}

// fresh is what of an order time can change too.
type fresh struct {
	at     time.Time
	made   time.Time
	paid   bool
	amount int64
	asked  int64
	stage  simulator.Stage
}

func (b *books) record(id string) (settled, fresh) {
	st, p := b.sim.State(), b.order(id)
	return settled{p.Refunded + p.Refunding, p.Deleted, p.CancelAccepted},
		fresh{st.Now, p.CreatedAt, !p.PaidAt.IsZero(), p.Amount, p.AskedAmount, p.Stage}
}

// spoil lets something go wrong with a third of the calls.
func (b *books) spoil(t *rapid.T) {
	if rapid.IntRange(0, 2).Draw(t, "spoilt") > 0 {
		return
	}
	f := rapid.SampledFrom(spoils).Draw(t, "fault")
	f.Times = rapid.IntRange(1, 3).Draw(t, "times")
	if err := b.sim.Fault(f); err != nil {
		t.Fatal(err)
	}
}

// does makes a call about an order. One that is refused must not have done
// anything; one that is done must have. It reports whether it was done.
func (b *books) does(t *rapid.T, id string, call func() error) bool {
	b.spoil(t)
	before, then := b.record(id)
	err := call()
	if err == nil {
		return true
	}
	switch paypay.ClassOf(err) {
	case paypay.Failed, paypay.Bug, paypay.Retry, paypay.Unsent:
		is, now := b.record(id)
		if is != before || now != then && now.at.Equal(then.at) {
			t.Fatalf("%v, but %+v %+v became %+v %+v", err, before, then, is, now)
		}
	default:
	}
	return false
}

// believes checks a payment that the client has looked up or made. The amount of
// a look-up is for the caller to see.
func (b *books) believes(t *rapid.T, id string, p paypay.Payment) {
	is := b.order(id)
	ok := true
	switch p.Status {
	case paypay.StatusAuthorized, paypay.StatusReauthorizing, paypay.StatusExpired:
		ok = !is.HeldAt.IsZero()
	case paypay.StatusCompleted:
		ok = !is.PaidAt.IsZero() && is.PaymentID == p.PaymentID
	case paypay.StatusRefunded:
		ok = is.Refunded > 0
	case paypay.StatusFailed:
		ok = is.Status == simulator.StatusFailed
	case paypay.StatusCanceled:
		ok = is.Status == simulator.StatusCanceled
	default:
	}
	if !ok || p.MerchantPaymentID != id {
		t.Fatalf("the client says %s of %s, the books %+v", p.Status, id, is)
	}
}

// spoils are the faults that a call may meet.
var spoils = []simulator.Fault{
	{Kind: simulator.DropBefore},
	{Kind: simulator.DropAfter},
	{Kind: simulator.DelayBefore, Delay: time.Minute},
	{Kind: simulator.DelayAfter, Delay: time.Minute},
	{Kind: simulator.StatusBefore, Status: http.StatusInternalServerError, Code: "SERVICE_ERROR", CodeID: "08100026"},
	{Kind: simulator.StatusAfter, Status: http.StatusInternalServerError, Code: "SERVICE_ERROR", CodeID: "08100026"},
	{Kind: simulator.StatusAfter, Status: http.StatusBadRequest, Code: "NEW_REASON"},
	{Kind: simulator.HTMLBefore},
	{Kind: simulator.HTMLAfter},
	{Kind: simulator.RateLimit},
	{Kind: simulator.Maintenance},
	{Kind: simulator.Unauthorized},
	{Kind: simulator.Truncated},
	{Kind: simulator.WrongLength},
	{Kind: simulator.Garbage},
	{Kind: simulator.DuplicateKey},
	{Kind: simulator.Redirect},
	{Kind: simulator.EmptyBody},
	{Kind: simulator.NullBody},
	{Kind: simulator.NoResult},
	{Kind: simulator.WrongTypes},
	{Kind: simulator.ByteOrderMark},
	{Kind: simulator.TrailingText},
	{Kind: simulator.OtherCase},
	{Kind: simulator.WrongCurrency},
	{Kind: simulator.SlowBody, Delay: 10 * time.Second},
	{Kind: simulator.CutNext},
	{Kind: simulator.NoDate},
	{Kind: simulator.WrongDate, Skew: 3 * time.Hour},
	{Kind: simulator.Stale},
	{Kind: simulator.WrongAmount},
	{Kind: simulator.WrongID},
	{Kind: simulator.UnknownStatus},
	{Kind: simulator.PayDuring},
	{Kind: simulator.LateCreate, Delay: 2 * time.Minute},
}

// Whatever is called in whatever order, and whatever goes wrong on the way, the
// simulator's books are right, and the client reports nothing done that they do
// not show, and nothing refused that they do.
func TestSimulator_clientNeverContradictsTheBooks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { rapid.SyncTest(t, contradictNothing) })
}

func contradictNothing(t *rapid.T) {
	c := standConfig()
	c.Seed = rapid.Uint64().Draw(t, "seed")
	c.Customers = []simulator.Customer{
		{ID: "ann", Balance: 2_000_000, Means: []simulator.Means{{ID: "points", Type: "POINT", Yen: 1000}}}, {ID: "bob", Balance: 3000},
	}
	c.CashbackBudget = 1000
	c.GoneAnswer = simulator.GoneAnswer(rapid.IntRange(0, 2).Draw(t, "gone answer"))
	c.DeleteRace = simulator.DeleteRace(rapid.IntRange(0, 1).Draw(t, "delete race"))
	c.PartialRefund = simulator.PartialRefund(rapid.IntRange(0, 1).Draw(t, "partial refund"))
	s, end, err := newStand(c, paypay.WithTries(rapid.IntRange(1, 4).Draw(t, "tries")))
	if err != nil {
		t.Fatal(err)
	}
	defer end()
	b := &books{stand: s, was: s.sim.State(), refunds: map[refundKey]int64{}}
	ctx := t.Context()
	user := b.links(t)
	n := 0
	unique := func(prefix string) string { n++; return fmt.Sprint(prefix, n) }
	id := func(t *rapid.T) string { return rapid.SampledFrom([]string{"T1", "T2", "T3"}).Draw(t, "order") }
	yen := func(t *rapid.T) int64 {
		return rapid.SampledFrom([]int64{1, 600, 1200, 1201, 500_001}).Draw(t, "yen")
	}
	create := func(id string, yen int64, hold bool) {
		var code paypay.Code
		if b.does(t, id, func() (err error) {
			code, err = b.CreateCode(ctx, paypay.CodeRequest{MerchantPaymentID: id, Amount: paypay.Yen(yen), IsAuthorization: hold})
			return err
		}) {
			if is := b.order(id); is.CodeID != code.CodeID || is.Amount != yen || code.Amount != paypay.Yen(yen) || is.URL != code.URL {
				t.Fatalf("code %+v, but %+v", code, is)
			}
		}
	}
	// Half of the stories begin where most of what can go wrong lies ahead.
	if rapid.Bool().Draw(t, "begun") {
		create("T1", 1200, false)
		create("T2", 1200, true)
		_ = b.sim.Pay(b.order("T1").CodeID)
		_ = b.sim.Pay(b.order("T2").CodeID)
	}
	t.Repeat(map[string]func(*rapid.T){
		"":       b.balance,
		"create": func(t *rapid.T) { create(id(t), yen(t), rapid.Bool().Draw(t, "hold")) },
		"look": func(t *rapid.T) {
			id := id(t)
			b.spoil(t)
			look := b.CodePayment
			if rapid.Bool().Draw(t, "by payment") {
				look = b.Payment
			}
			p, err := look(ctx, id)
			switch is := b.order(id); {
			case err == nil:
				b.believes(t, id, p)
			case paypay.CodeOf(err) == paypay.PaymentNotFound && is.CodeID != "" && !is.PaidAt.IsZero():
				t.Fatalf("%v, but %+v", err, is)
			}
		},
		"delete": func(t *rapid.T) {
			id := id(t)
			code := b.order(id).CodeID
			if code == "" {
				return
			}
			if b.does(t, id, func() error { return b.DeleteCode(ctx, code) }) && !b.order(id).Deleted {
				t.Fatalf("%s is not deleted", id)
			}
		},
		"cancel": func(t *rapid.T) {
			id := id(t)
			if !b.does(t, id, func() error { return b.CancelPayment(ctx, id) }) {
				return
			}
			is := b.order(id)
			waits := slices.Contains(b.sim.State().WaitingCancels, id)
			if !waits && !is.CancelAccepted && is.Status != simulator.StatusFailed {
				t.Fatalf("not cancelled: %+v", is)
			}
		},
		"refund": func(t *rapid.T) {
			id, refund, yen := id(t), fmt.Sprint("R", rapid.IntRange(1, 3).Draw(t, "refund")), yen(t)
			if b.does(t, id, func() error {
				_, err := b.Refund(ctx, paypay.RefundRequest{MerchantRefundID: refund, PaymentID: b.number(id), Amount: paypay.Yen(yen)})
				return err
			}) {
				b.refunds[refundKey{id, refund}] = yen
			}
		},
		"refund details": func(t *rapid.T) {
			id := id(t)
			b.spoil(t)
			r, err := b.RefundDetails(ctx, "R1", b.number(id))
			if is := b.order(id); err == nil && (is.Refunded+is.Refunding == 0 || r.Status == paypay.RefundDone && is.Refunded == 0) {
				t.Fatalf("refund %+v of %+v", r, is)
			}
		},
		"capture": func(t *rapid.T) {
			id, yen := id(t), yen(t)
			var result paypay.Consent[paypay.Payment]
			if !b.does(t, id, func() (err error) {
				result, err = b.Capture(ctx, paypay.CaptureRequest{
					MerchantPaymentID: id, Amount: paypay.Yen(yen), OrderDescription: "宿泊", NewID: func() string { return unique("C") },
				})
				return err
			}) {
				return
			}
			is := b.order(id)
			if p, done := result.Done(); done {
				b.believes(t, id, p)
				if is.Amount != yen {
					t.Fatalf("captured %d of %+v", yen, is)
				}
			} else if is.AskedAmount != yen || !is.PaidAt.IsZero() {
				t.Fatalf("nobody is asked for %d: %+v", yen, is)
			}
		},
		"revert": func(t *rapid.T) {
			id := id(t)
			if b.does(t, id, func() error {
				_, err := b.Revert(ctx, paypay.RevertRequest{MerchantRevertID: unique("V"), PaymentID: b.number(id)})
				return err
			}) && b.order(id).Stage != simulator.StageReverted {
				t.Fatalf("not reverted: %+v", b.order(id))
			}
		},
		"change": func(t *rapid.T) {
			id, yen := id(t), yen(t)
			var result paypay.Consent[paypay.Reauthorization]
			if !b.does(t, id, func() (err error) {
				result, err = b.Reauthorize(ctx, paypay.ReauthorizeRequest{
					RequestID: unique("A"), PaymentID: b.number(id), UpdatedAmount: paypay.Yen(yen),
				})
				return err
			}) {
				return
			}
			is := b.order(id)
			if _, done := result.Done(); done && is.Held != yen || !done && is.AskedAmount != yen {
				t.Fatalf("changed to %d (done %v): %+v", yen, done, is)
			}
		},
		"charge": func(t *rapid.T) {
			id := id(t)
			o := paypay.OrderRequest{MerchantPaymentID: id, UserAuthorizationID: user, Amount: paypay.Yen(yen(t))}
			pay := paypay.PayRequest{OrderRequest: o, AgreeSimilar: rapid.Bool().Draw(t, "agree")}
			var p paypay.Payment
			if b.does(t, id, func() (err error) {
				switch rapid.IntRange(0, 3).Draw(t, "way") {
				case 0:
					p, err = b.Pay(ctx, pay)
				case 1:
					p, err = b.Preauthorize(ctx, paypay.PreauthorizeRequest{PayRequest: pay})
				case 2:
					p, err = b.PayContinuous(ctx, o)
				default:
					_, err = b.CreatePendingPayment(ctx, paypay.PendingPaymentRequest{OrderRequest: o})
					p.MerchantPaymentID = id
				}
				return err
			}) {
				b.believes(t, id, p)
			}
		},
		"withdraw": func(t *rapid.T) {
			id := id(t)
			if b.does(t, id, func() error { return b.CancelPendingPayment(ctx, id) }) && b.order(id).Stage != simulator.StageReverted {
				t.Fatalf("not withdrawn: %+v", b.order(id))
			}
		},
		"cashback": func(t *rapid.T) {
			_ = b.GiveCashback(ctx, paypay.CashbackRequest{MerchantCashbackID: unique("B"), UserAuthorizationID: user, Amount: paypay.Yen(yen(t))})
		},
		"cashback back": func(t *rapid.T) {
			_ = b.ReverseCashback(ctx, paypay.CashbackReversalRequest{
				MerchantCashbackReversalID: unique("BR"), MerchantCashbackID: "B1", Amount: paypay.Yen(yen(t)),
			})
		},
		"customer": func(t *rapid.T) {
			id := id(t)
			code := b.order(id).CodeID
			rapid.SampledFrom([]func(){
				func() { _ = b.sim.Scan(code) },
				func() { _ = b.sim.Pay(code) },
				func() { _ = b.sim.PayAs(code, "bob") },
				func() { _ = b.sim.Decline(code) },
				func() { _ = b.sim.FailPayment(code) },
				func() { _ = b.sim.Consent(id) },
				func() { _ = b.sim.Refuse(id) },
			}).Draw(t, "does")()
		},
		"time": func(t *rapid.T) {
			b.wait(rapid.SampledFrom([]time.Duration{
				time.Second, 90 * time.Second, 10 * time.Minute, 24 * time.Hour, 31 * 24 * time.Hour,
			}).Draw(t, "passes"))
		},
		"calm": func(*rapid.T) { b.sim.ClearFaults() },
	})
}

// links is the link of a customer to everything.
func (b *books) links(t *rapid.T) string {
	pending := paypay.PendingLink{Nonce: "n1", ReferenceID: "member-1"}
	session, err := b.CreateLinkSession(t.Context(), paypay.LinkSessionRequest{
		Scopes:      []string{paypay.ScopePay, paypay.ScopeContinuous, paypay.ScopePending, paypay.ScopePreauthorize, paypay.ScopeCashback},
		Nonce:       pending.Nonce,
		RedirectURL: "https://shop.example/", ReferenceID: pending.ReferenceID,
	})
	if err != nil {
		t.Fatal(err)
	}
	token, err := b.sim.Approve(session.URL, "ann")
	if err != nil {
		t.Fatal(err)
	}
	link, err := b.keys.ReadLinkToken(token, pending)
	if err != nil {
		t.Fatal(err)
	}
	return link.UserAuthorizationID
}
