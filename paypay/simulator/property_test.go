package simulator_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.jp/reji/paypay/simulator"
)

// next are the stages that may follow each other, with any number of steps
// between two looks. A stage may always stay as it is.
var next = map[simulator.Stage][]simulator.Stage{
	simulator.StageWaiting: {
		simulator.StageConfirming, simulator.StagePaid, simulator.StageFailed,
		simulator.StageDeleted, simulator.StageExpired,
	},
	simulator.StageConfirming: {
		simulator.StageWaiting, simulator.StagePaid, simulator.StageFailed,
		simulator.StageDeleted, simulator.StageExpired,
	},
	simulator.StagePaid: {simulator.StageCancelled},
}

// books checks one state of the simulator against the one before.
func books(t *rapid.T, before, after simulator.State) {
	taken := int64(0)
	for i, p := range after.Payments {
		if p.Status == simulator.StatusCompleted {
			taken += p.Amount
		}
		var status simulator.Status
		switch p.Stage {
		case simulator.StageWaiting, simulator.StageConfirming, simulator.StageDeleted, simulator.StageExpired:
			status = simulator.StatusCreated
		case simulator.StagePaid:
			status = simulator.StatusCompleted
		case simulator.StageFailed, simulator.StageCancelled:
			status = simulator.StatusFailed
		}
		if p.Status != status || (p.PaymentID == "") != (status == simulator.StatusCreated) {
			t.Fatalf("%s is %s with payment %q", p.Stage, p.Status, p.PaymentID)
		}
		live := p.Stage == simulator.StageWaiting || p.Stage == simulator.StageConfirming
		if live && !after.Now.Before(p.ExpiresAt) {
			t.Fatalf("alive at %v: %+v", after.Now, p)
		}
		if !p.PaidAt.IsZero() && !p.PaidAt.Before(p.ExpiresAt) {
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
		if was.MerchantPaymentID != p.MerchantPaymentID || was.CodeID != p.CodeID || was.Amount != p.Amount ||
			was.Deleted && !p.Deleted || was.CancelAccepted && !p.CancelAccepted || !was.ExpiresAt.Equal(p.ExpiresAt) {
			t.Fatalf("what was settled has changed: %+v, then %+v", was, p)
		}
	}
	if taken != after.Taken {
		t.Fatalf("taken %d, but the completed payments are %d", after.Taken, taken)
	}
	if len(after.Payments) < len(before.Payments) || len(after.Calls) < len(before.Calls) || after.Reads < before.Reads {
		t.Fatal("something was forgotten")
	}
}

func TestSimulator_neverBreaksItsBooks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := config()
		c.Seed = rapid.Uint64().Draw(t, "seed")
		c.GoneAnswer = simulator.GoneAnswer(rapid.IntRange(0, 2).Draw(t, "gone answer"))
		c.PaidDelete = simulator.PaidDelete(rapid.IntRange(0, 1).Draw(t, "paid delete"))
		c.DeleteRace = simulator.DeleteRace(rapid.IntRange(0, 1).Draw(t, "delete race"))
		sim, err := simulator.New(c)
		if err != nil {
			t.Fatal(err)
		}
		tl := &till{sim: sim}
		id := func() string { return "order-" + strconv.Itoa(rapid.IntRange(1, 5).Draw(t, "order")) }
		code := func() string {
			p, ok := find(sim.State(), id())
			if !ok {
				return "04-AAAAAAAAAAAAAAAA"
			}
			return p.CodeID
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
			"delete":  func(*rapid.T) { tl.shut(code()) },
			"cancel":  func(*rapid.T) { tl.cancel(id()) },
			"look":    func(t *rapid.T) { sim.ClearFaults(); agrees(t, tl, id()) },
			"scan":    func(*rapid.T) { _ = sim.Scan(code()) },
			"pay":     func(*rapid.T) { _ = sim.Pay(code()) },
			"decline": func(*rapid.T) { _ = sim.Decline(code()) },
			"fail":    func(*rapid.T) { _ = sim.FailPayment(code()) },
			"advance": func(t *rapid.T) {
				tl.advance(rapid.SampledFrom([]time.Duration{1, time.Second, time.Minute, 5 * time.Minute, 24 * time.Hour}).Draw(t, "time"))
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
	})
}

// agrees checks an unspoilt look-up against the books.
func agrees(t *rapid.T, tl *till, id string) {
	got := tl.look(id)
	p, exists := find(tl.sim.State(), id)
	if got.code == "DYNAMIC_QR_PAYMENT_NOT_FOUND" {
		if exists && p.Stage != simulator.StageDeleted && p.Stage != simulator.StageExpired {
			t.Fatalf("not found, but %+v", p)
		}
		return
	}
	if !exists || got.text("status") != string(p.Status) || got.text("merchantPaymentId") != id {
		t.Fatalf("told %s, but %+v", got.raw, p)
	}
}
