package simulator_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.jp/reji/paypay/simulator"
)

// next are the stages that may follow each other in one step. A stage may always
// stay as it is.
var next = map[simulator.Stage][]simulator.Stage{
	simulator.StageWaiting: {
		simulator.StageConfirming, simulator.StagePaid, simulator.StageHeld, simulator.StageFailed,
		simulator.StageDeleted, simulator.StageExpired, simulator.StageReverted,
	},
	simulator.StageConfirming: {
		simulator.StageWaiting, simulator.StagePaid, simulator.StageHeld, simulator.StageFailed,
		simulator.StageDeleted, simulator.StageExpired, simulator.StageReverted,
	},
	simulator.StageHeld: {
		simulator.StageRaising, simulator.StagePaid, simulator.StageCancelled, simulator.StageReverted, simulator.StageLapsed,
	},
	simulator.StageRaising: {simulator.StagePaid},
	simulator.StagePaid:    {simulator.StageCancelled, simulator.StageRefunded},
}

// steps are the single steps between statuses that PayPay documents: of a payment
// at once, and of one that is held first. What is pending can also be withdrawn.
var steps = map[bool][][2]simulator.Status{
	false: {
		{"", simulator.StatusCreated},
		{simulator.StatusCreated, simulator.StatusCompleted},
		{simulator.StatusCreated, simulator.StatusFailed},
		{simulator.StatusCreated, simulator.StatusCanceled},
		{simulator.StatusCompleted, simulator.StatusRefunded},
		{simulator.StatusCompleted, simulator.StatusFailed},
	},
	true: {
		{"", simulator.StatusCreated},
		{simulator.StatusCreated, simulator.StatusAuthorized},
		{simulator.StatusCreated, simulator.StatusFailed},
		{simulator.StatusAuthorized, simulator.StatusAuthorized},
		{simulator.StatusAuthorized, simulator.StatusReauthorizing},
		{simulator.StatusAuthorized, simulator.StatusCompleted},
		{simulator.StatusAuthorized, simulator.StatusExpired},
		{simulator.StatusAuthorized, simulator.StatusCanceled},
		{simulator.StatusAuthorized, simulator.StatusFailed},
		{simulator.StatusReauthorizing, simulator.StatusCompleted},
		{simulator.StatusCompleted, simulator.StatusRefunded},
	},
}

// walks holds that every payment came to its status by single steps, one after
// another.
func walks(t *rapid.T, st simulator.State) {
	at := map[string]simulator.Status{}
	last := time.Time{}
	held := map[string]bool{}
	for _, p := range st.Payments {
		held[p.MerchantPaymentID] = !p.HeldAt.IsZero()
	}
	for _, c := range st.Changes {
		id := c.MerchantPaymentID
		if c.From != at[id] || !slices.Contains(steps[held[id]], [2]simulator.Status{c.From, c.To}) || c.At.Before(last) || c.At.After(st.Now) {
			t.Fatalf("%s is %s at %v, held %v, and makes the step %+v", id, at[id], last, held[id], c)
		}
		at[id], last = c.To, c.At
	}
	for _, p := range st.Payments {
		if p.Status != at[p.MerchantPaymentID] {
			t.Fatalf("the last step was to %s, but %+v", at[p.MerchantPaymentID], p)
		}
	}
}

// statuses of each stage.
var statuses = map[simulator.Stage]simulator.Status{
	simulator.StageWaiting: simulator.StatusCreated, simulator.StageConfirming: simulator.StatusCreated,
	simulator.StageDeleted: simulator.StatusCreated, simulator.StageExpired: simulator.StatusCreated,
	simulator.StageHeld: simulator.StatusAuthorized, simulator.StageRaising: simulator.StatusReauthorizing,
	simulator.StagePaid: simulator.StatusCompleted, simulator.StageRefunded: simulator.StatusRefunded,
	simulator.StageFailed: simulator.StatusFailed, simulator.StageCancelled: simulator.StatusFailed,
	simulator.StageReverted: simulator.StatusCanceled, simulator.StageLapsed: simulator.StatusExpired,
}

// books checks one state of the simulator against the one before, between which
// no more than one thing happened.
func books(t *rapid.T, before, after simulator.State) {
	walks(t, after)
	taken, held := int64(0), int64(0)
	for i, p := range after.Payments {
		held += p.Held
		if p.Status == simulator.StatusCompleted || p.Status == simulator.StatusRefunded {
			taken += p.Amount - p.Refunded
		}
		if p.Refunded+p.Refunding > p.Amount || p.Refunded < 0 || p.Refunding < 0 {
			t.Fatalf("more was refunded than paid: %+v", p)
		}
		if holding := p.Stage == simulator.StageHeld || p.Stage == simulator.StageRaising; holding != (p.Held > 0) {
			t.Fatalf("%s holds %d", p.Stage, p.Held)
		}
		if p.Stage == simulator.StageHeld && (p.Held != p.Amount || !after.Now.Before(p.HoldEnds)) {
			t.Fatalf("a hold is not what it should be at %v: %+v", after.Now, p)
		}
		withdrawn := p.Status == simulator.StatusCanceled && p.HeldAt.IsZero()
		if p.Status != statuses[p.Stage] || (p.PaymentID == "") != (p.Status == simulator.StatusCreated || withdrawn) {
			t.Fatalf("%s is %s with payment %q", p.Stage, p.Status, p.PaymentID)
		}
		live := p.Stage == simulator.StageWaiting || p.Stage == simulator.StageConfirming
		if live && !p.ExpiresAt.IsZero() && !after.Now.Before(p.ExpiresAt) {
			t.Fatalf("alive at %v: %+v", after.Now, p)
		}
		if p.HeldAt.IsZero() && !p.PaidAt.IsZero() && !p.ExpiresAt.IsZero() && !p.PaidAt.Before(p.ExpiresAt) {
			t.Fatalf("paid after it expired: %+v", p)
		}
		if !p.PaidAt.IsZero() && p.Amount > 500_000 {
			t.Fatalf("paid over the limit: %+v", p)
		}
		if i >= len(before.Payments) {
			continue
		}
		was := before.Payments[i]
		if was.Stage != p.Stage && !slices.Contains(next[was.Stage], p.Stage) {
			t.Fatalf("from %s to %s: %+v", was.Stage, p.Stage, p)
		}
		if was.MerchantPaymentID != p.MerchantPaymentID || was.CodeID != p.CodeID || was.Amount != p.Amount && was.Held == 0 ||
			was.Deleted && !p.Deleted || was.CancelAccepted && !p.CancelAccepted || !was.ExpiresAt.Equal(p.ExpiresAt) ||
			p.Refunded < was.Refunded {
			t.Fatalf("what was settled has changed: %+v, then %+v", was, p)
		}
	}
	if taken != after.Taken || held != after.Held {
		t.Fatalf("taken %d and held %d, but the payments say %d and %d", after.Taken, after.Held, taken, held)
	}
	if sum(before) != sum(after) {
		t.Fatalf("there were %d yen, now there are %d", sum(before), sum(after))
	}
	if len(after.Payments) < len(before.Payments) || len(after.Calls) < len(before.Calls) || after.Reads < before.Reads {
		t.Fatal("something was forgotten")
	}
}

// sum is all the money there is.
func sum(st simulator.State) int64 {
	yen := st.Taken + st.Held + st.Budget
	for _, w := range st.Wallets {
		if yen += w.Balance; w.Balance < 0 {
			return -1
		}
		for _, m := range w.Means {
			if yen += m.Yen; m.Yen < 0 {
				return -1
			}
		}
	}
	return yen
}

func TestSimulator_neverBreaksItsBooks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := config()
		c.Seed = rapid.Uint64().Draw(t, "seed")
		c.GoneAnswer = simulator.GoneAnswer(rapid.IntRange(0, 2).Draw(t, "gone answer"))
		c.PaidDelete = simulator.PaidDelete(rapid.IntRange(0, 1).Draw(t, "paid delete"))
		c.DeleteRace = simulator.DeleteRace(rapid.IntRange(0, 1).Draw(t, "delete race"))
		c.PartialRefund = simulator.PartialRefund(rapid.IntRange(0, 1).Draw(t, "partial refund"))
		c.RefundAtOnce = rapid.Bool().Draw(t, "refund at once")
		c.Capture = simulator.CaptureAllowed
		c.Customers = []simulator.Customer{{
			ID: "ann", Balance: 2_000_000, Means: []simulator.Means{{ID: "p", Type: "POINT", Yen: 1000}, {ID: "c", Type: "CREDIT_CARD", Yen: 9000}},
		}, {ID: "bob", Balance: 3000, Means: []simulator.Means{{ID: "v", Type: "GIFT_VOUCHER", Yen: 700}}}}
		c.APISecret = tokenSecret
		c.CashbackBudget = 1000
		sim, err := simulator.New(c)
		if err != nil {
			t.Fatal(err)
		}
		tl := &till{sim: sim, sign: func(g *signature) { g.secret = tokenSecret }}
		users := []string{linked(t, tl, "ann"), linked(t, tl, "bob"), "nobody"}
		user := func() string { return rapid.SampledFrom(users).Draw(t, "user") }
		id := func() string { return "order-" + strconv.Itoa(rapid.IntRange(1, 3).Draw(t, "order")) }
		code := func() string {
			p, ok := find(sim.State(), id())
			if !ok {
				return "04-AAAAAAAAAAAAAAAA"
			}
			return p.CodeID
		}
		number := func() string {
			p, ok := find(sim.State(), id())
			if !ok || p.PaymentID == "" {
				return "0400000000"
			}
			return p.PaymentID
		}
		yen := func(t *rapid.T) int64 {
			return rapid.SampledFrom([]int64{1, 600, 1200, 1201, 2000}).Draw(t, "yen")
		}
		// Half of the stories begin where most of what can go wrong lies ahead.
		if rapid.Bool().Draw(t, "begun") {
			_ = sim.Pay(tl.hold("order-1", 1200, "").text("codeId"))
			_ = sim.Pay(tl.call("POST", "/v2/codes", createBodyAt("order-2", 1200, tl.elapsed)).text("codeId"))
		}
		before := sim.State()
		look := func(t *rapid.T) {
			after := sim.State()
			books(t, before, after)
			before = after
		}
		t.Repeat(map[string]func(*rapid.T){
			"": look,
			"create": func(t *rapid.T) {
				yen := rapid.SampledFrom([]int64{1, 1200, 500_000, 500_001}).Draw(t, "yen")
				tl.call("POST", "/v2/codes", createBodyAt(id(), yen, tl.elapsed))
			},
			"hold": func(t *rapid.T) {
				tl.hold(id(), rapid.SampledFrom([]int64{1, 1200, 500_001}).Draw(t, "yen"), "")
			},
			"charge": func(t *rapid.T) {
				path := rapid.SampledFrom([]string{
					"/v2/payments", "/v2/payments?agreeSimilarTransaction=true", "/v2/payments/preauthorize?agreeSimilarTransaction=true",
					"/v1/subscription/payments", "/v1/requestOrder",
				}).Draw(t, "path")
				tl.charge(path, id(), user(), yen(t), "")
			},
			"pay what is pending": func(*rapid.T) {
				serve(sim, local(fmt.Sprintf("/simulator/payments/%s/pay", id())))
			},
			"withdraw": func(*rapid.T) { tl.call("DELETE", "/v1/requestOrder/"+id(), "") },
			"cashback": func(t *rapid.T) {
				tl.call("POST", "/v2/cashback", fmt.Sprintf(
					`{"merchantCashbackId":"c%d","userAuthorizationId":%q,"amount":{"amount":%d,"currency":"JPY"},"requestedAt":%d}`,
					rapid.IntRange(1, 3).Draw(t, "cashback"), user(), yen(t), tl.seconds()))
			},
			"take cashback back": func(t *rapid.T) {
				tl.call("POST", "/v2/cashback_reversal", fmt.Sprintf(
					`{"merchantCashbackReversalId":"r%d","merchantCashbackId":"c%d","amount":{"amount":%d,"currency":"JPY"},"requestedAt":%d}`,
					rapid.IntRange(1, 3).Draw(t, "reversal"), rapid.IntRange(1, 3).Draw(t, "cashback"), yen(t), tl.seconds()))
			},
			"account": func(t *rapid.T) {
				a := rapid.SampledFrom([]simulator.Account{simulator.AccountActive, simulator.AccountSuspended, simulator.AccountClosed}).Draw(t, "account")
				if err := sim.SetAccount("bob", a); err != nil {
					t.Fatal(err)
				}
			},
			"pay as bob": func(*rapid.T) { _ = sim.PayAs(code(), "bob") },
			"capture": func(t *rapid.T) {
				tl.capture(fmt.Sprint("capture-", len(sim.State().Calls)), id(), yen(t))
			},
			"consent": func(*rapid.T) { _ = sim.Consent(id()) },
			"refuse":  func(*rapid.T) { _ = sim.Refuse(id()) },
			"revert":  func(*rapid.T) { tl.revert(number()) },
			"change": func(t *rapid.T) {
				tl.change(fmt.Sprint("change-", len(sim.State().Calls)), number(), yen(t))
			},
			"refund": func(t *rapid.T) {
				tl.refund(fmt.Sprint("refund-", rapid.IntRange(1, 3).Draw(t, "refund")), number(), yen(t))
			},
			"delete":  func(*rapid.T) { tl.shut(code()) },
			"cancel":  func(*rapid.T) { tl.cancel(id()) },
			"look":    func(t *rapid.T) { sim.ClearFaults(); agrees(t, tl, id()) },
			"choose":  func(t *rapid.T) { _ = sim.PayWith("ann", rapid.SampledFrom([]string{"", "p", "c"}).Draw(t, "means")) },
			"scan":    func(*rapid.T) { _ = sim.Scan(code()) },
			"pay":     func(*rapid.T) { _ = sim.Pay(code()) },
			"decline": func(*rapid.T) { _ = sim.Decline(code()) },
			"fail":    func(*rapid.T) { _ = sim.FailPayment(code()) },
			"advance": func(t *rapid.T) {
				left := rapid.SampledFrom([]time.Duration{1, time.Second, time.Minute, 5 * time.Minute, 6 * time.Hour, 30 * 24 * time.Hour}).Draw(t, "time")
				for { // look at each thing that happens on the way
					due, ok := simulator.NextDue(sim)
					step := due.Sub(before.Now)
					if !ok || step > left {
						break
					}
					tl.advance(step)
					left -= step
					look(t)
				}
				tl.advance(left)
			},
			"fault": func(t *rapid.T) {
				f := simulator.Fault{Kind: rapid.SampledFrom([]simulator.Kind{
					simulator.DropBefore, simulator.DropAfter, simulator.Garbage, simulator.Truncated, simulator.Stale,
					simulator.WrongAmount, simulator.WrongID, simulator.PayDuring, simulator.LateCreate, simulator.Maintenance,
				}).Draw(t, "kind"), Times: 1, Probability: rapid.Float64Range(0, 1).Draw(t, "probability")}
				if f.Kind == simulator.LateCreate {
					f.Delay = 2 * time.Minute
				}
				if err := sim.Fault(f); err != nil {
					t.Fatal(err)
				}
			},
		})
		sim.Advance(time.Hour)
		for _, p := range sim.State().Payments {
			switch p.Stage {
			case simulator.StageHeld, simulator.StageRaising, simulator.StagePaid, simulator.StageRefunded:
				if p.CancelAccepted {
					t.Fatalf("a cancel was accepted and had no effect: %+v", p)
				}
			default:
			}
		}
	})
}

// linked links a customer to everything.
func linked(t *rapid.T, tl *till, customer string) string {
	token, err := tl.sim.Approve(tl.session(allScopes).text("linkQRCodeURL"), customer)
	if err != nil {
		t.Fatal(err)
	}
	claims, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	var c struct {
		ID string `json:"userAuthorizationId"`
	}
	if err := json.Unmarshal(claims, &c); err != nil {
		t.Fatal(err)
	}
	return c.ID
}

// local is a control call without a body.
func local(target string) *http.Request {
	r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, target, http.NoBody)
	r.RemoteAddr, r.Host = "127.0.0.1:5000", "localhost"
	return r
}

// agrees checks an unspoilt look-up against the books.
func agrees(t *rapid.T, tl *till, id string) {
	got := tl.look(id)
	p, exists := find(tl.sim.State(), id)
	if got.code == "DYNAMIC_QR_PAYMENT_NOT_FOUND" {
		if exists && p.CodeID != "" && p.Stage != simulator.StageDeleted && p.Stage != simulator.StageExpired {
			t.Fatalf("not found, but %+v", p)
		}
		return
	}
	if !exists || got.text("status") != string(p.Status) || got.text("merchantPaymentId") != id {
		t.Fatalf("told %s, but %+v", got.raw, p)
	}
}
