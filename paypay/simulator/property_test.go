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

// follows reports whether a stage can come after another. Where time has passed
// between two looks, it may have come in several steps.
func follows(was, is simulator.Stage, far bool) bool {
	if was == is || slices.Contains(next[was], is) {
		return true
	}
	return far && slices.ContainsFunc(next[was], func(s simulator.Stage) bool { return s != simulator.StageWaiting && follows(s, is, true) })
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

// books checks one state of the simulator against the one before.
func books(t *rapid.T, before, after simulator.State) {
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
		if !follows(was.Stage, p.Stage, after.Now.After(before.Now)) {
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
		t.Repeat(map[string]func(*rapid.T){
			"": func(t *rapid.T) {
				after := sim.State()
				books(t, before, after)
				before = after
			},
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
				tl.advance(rapid.SampledFrom([]time.Duration{1, time.Second, time.Minute, 5 * time.Minute, 6 * time.Hour, 30 * 24 * time.Hour}).Draw(t, "time"))
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
