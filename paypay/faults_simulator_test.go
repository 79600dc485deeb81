package paypay_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"example.jp/reji/paypay"
	"example.jp/reji/paypay/simulator"
)

// Whatever goes wrong with the answer to a create, the client says that nobody
// knows, in time, and the look-up says what really happened.
func TestFault_createIsInDoubt(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		fault  simulator.Fault
		effect bool
	}{
		{simulator.Fault{Kind: simulator.Redirect}, false},
		{simulator.Fault{Kind: simulator.HTMLBefore}, false},
		{simulator.Fault{Kind: simulator.HTMLAfter, Status: http.StatusServiceUnavailable}, true},
		{simulator.Fault{Kind: simulator.HTMLAfter, Status: http.StatusGatewayTimeout}, true},
		{simulator.Fault{Kind: simulator.Truncated}, true},
		{simulator.Fault{Kind: simulator.WrongLength}, true},
		{simulator.Fault{Kind: simulator.SlowBody, Delay: 10 * time.Second}, true},
		{simulator.Fault{Kind: simulator.HugeBody}, true},
		{simulator.Fault{Kind: simulator.GzipBomb}, true},
		{simulator.Fault{Kind: simulator.EndlessHeaders}, true},
		{simulator.Fault{Kind: simulator.Garbage}, true},
		{simulator.Fault{Kind: simulator.EmptyBody}, true},
		{simulator.Fault{Kind: simulator.NullBody}, true},
		{simulator.Fault{Kind: simulator.NoResult}, true},
		{simulator.Fault{Kind: simulator.WrongTypes}, true},
		{simulator.Fault{Kind: simulator.ByteOrderMark}, true},
		{simulator.Fault{Kind: simulator.TrailingText}, true},
		{simulator.Fault{Kind: simulator.DuplicateKey}, true},
		{simulator.Fault{Kind: simulator.OtherCase}, true},
		{simulator.Fault{Kind: simulator.WrongAmount}, true},
		{simulator.Fault{Kind: simulator.WrongCurrency}, true},
		{simulator.Fault{Kind: simulator.WrongID}, true},
		{simulator.Fault{Kind: simulator.Late, Delay: time.Minute}, false},
	} {
		t.Run(string(tt.fault.Kind)+http.StatusText(tt.fault.Status), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &scene{stand: standInBubble(t, nil), t: t}
				tt.fault.Operation, tt.fault.Times = simulator.OpCreateCode, 1
				s.needs(s.sim.Fault(tt.fault))
				start := time.Now()
				_, err := s.create(paypay.CodeRequest{})
				if err == nil || paypay.ClassOf(err) != paypay.Unknown {
					t.Errorf("error %v", err)
				}
				if took := time.Since(start); took > 30*time.Second {
					t.Errorf("took %s", took)
				}
				_, err = s.looks()
				if tt.effect && err != nil || !tt.effect && paypay.CodeOf(err) != paypay.PaymentNotFound {
					t.Errorf("afterwards: error %v", err)
				}
				if tt.fault.Kind == simulator.Late {
					s.wait(2 * time.Minute)
					s.needs(s.sees(paypay.StatusCreated))
				}
			})
		})
	}
}

// What goes wrong around a sound answer does not spoil it.
func TestFault_soundAnswerIsTaken(t *testing.T) {
	t.Parallel()
	for _, f := range []simulator.Fault{
		{Kind: simulator.NoDate},
		{Kind: simulator.WrongDate, Skew: 5 * time.Hour},
		{Kind: simulator.WrongDate, Skew: -300 * 24 * time.Hour},
		{Kind: simulator.CutNext},
	} {
		t.Run(string(f.Kind)+f.Skew.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &scene{stand: standInBubble(t, nil), t: t}
				s.needs(s.sim.Fault(f))
				s.code()
				if skew, _ := s.Skew(); skew.Abs() > 24*time.Hour {
					t.Errorf("skew %s", skew)
				}
				s.needs(s.sees(paypay.StatusCreated)) // a look-up that is cut is sent again by net/http
			})
		})
	}
}

// A connection that ends just as a call is written leaves that call in doubt, and
// sends it once at most.
func TestFault_connectionEndsUnderACall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &scene{stand: standInBubble(t, nil), t: t}
		s.needs(s.sim.Fault(simulator.Fault{Operation: simulator.OpCodePayment, Kind: simulator.CutNext, Times: 1}))
		p := s.paid()
		if err := s.refund(p, "R1", 100); err == nil || paypay.ClassOf(err) != paypay.Unknown {
			t.Errorf("error %v", err)
		}
		if err := s.refundDetails(p); paypay.CodeOf(err) != paypay.NoSuchRefund {
			t.Errorf("error %v", err)
		}
	})
}

// An answer that comes twice is taken once, and not for that of the next call.
func TestFault_answerComesTwice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &scene{stand: standInBubble(t, nil), t: t}
		s.needs(s.sim.Fault(simulator.Fault{Operation: simulator.OpCreateCode, Kind: simulator.Twice, Times: 1}))
		code := s.code()
		s.needs(s.sees(paypay.StatusCreated))
		s.needs(s.sim.Pay(code.CodeID))
		s.needs(s.sees(paypay.StatusCompleted))
	})
}

// A cache in between sends what was once true. Only the payment is older than
// the one known, so that its caller can see that.
func TestFault_cachedLookUpDoesNotMoveTheClock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &scene{stand: standInBubble(t, nil), t: t}
		code := s.code()
		s.needs(s.sees(paypay.StatusCreated))
		s.needs(s.sim.Pay(code.CodeID))
		s.wait(4 * time.Minute)
		s.needs(s.sim.Fault(simulator.Fault{Kind: simulator.Cached, Times: 5}))
		for range 5 {
			s.needs(s.sees(paypay.StatusCreated))
		}
		if skew, _ := s.Skew(); skew.Abs() > 2*time.Second {
			t.Errorf("skew %s", skew)
		}
		s.needs(s.sees(paypay.StatusCompleted))
	})
}
