package paypay_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"example.jp/reji/paypay"
	"example.jp/reji/paypay/simulator"
)

// ending is how a sale is meant to end.
type ending int

const (
	sold ending = iota
	refunded
	shut
	undone
)

// patience is how often a sale does anything again.
const patience = 50

// sell makes a sale of one id and brings it to its end, whatever goes wrong on
// the way. It returns the id that the last code had.
func (s *stand) sell(ctx context.Context, name string, yen int64, end ending) (string, error) {
	code, err := s.open(ctx, name, yen)
	if err != nil {
		return "", err
	}
	id := code.MerchantPaymentID
	if end == shut {
		return id, s.shut(ctx, code)
	}
	if err := s.sim.Pay(code.CodeID); err != nil {
		return id, err
	}
	paid, err := s.await(ctx, id, paypay.StatusCompleted)
	if err != nil {
		return id, err
	}
	switch end {
	case refunded:
		return id, again(func() error {
			_, err := s.Refund(ctx, paypay.RefundRequest{MerchantRefundID: id + "-R", PaymentID: paid.PaymentID, Amount: paypay.Yen(yen / 2)})
			return err
		})
	case undone:
		if err := again(func() error { return s.CancelPayment(ctx, id) }); err != nil {
			return id, err
		}
		<-time.After(2 * time.Second)
		_, err := s.await(ctx, id, paypay.StatusFailed)
		return id, err
	default:
		return id, nil
	}
}

// open makes a code. One whose making is in doubt is cancelled, and another made
// under another id.
func (s *stand) open(ctx context.Context, name string, yen int64) (paypay.Code, error) {
	var last error
	for n := range patience {
		id := fmt.Sprintf("%s-%d", name, n)
		code, err := s.CreateCode(ctx, paypay.CodeRequest{MerchantPaymentID: id, Amount: paypay.Yen(yen)})
		if err == nil {
			return code, nil
		}
		last = err
		if paypay.ClassOf(err).MoneyMayHaveMoved() {
			if err := again(func() error { return s.CancelPayment(ctx, id) }); err != nil {
				return paypay.Code{}, err
			}
		}
	}
	return paypay.Code{}, last
}

// shut deletes a code and has the look-up confirm it.
func (s *stand) shut(ctx context.Context, code paypay.Code) error {
	err := again(func() error {
		err := s.DeleteCode(ctx, code.CodeID)
		if paypay.CodeOf(err) == paypay.CodeNotFound {
			return nil // an earlier try did it
		}
		return err
	})
	if err != nil {
		return err
	}
	return again(func() error {
		p, err := s.CodePayment(ctx, code.MerchantPaymentID)
		switch {
		case err == nil:
			return fmt.Errorf("%s is %s after its code was deleted", p.MerchantPaymentID, p.Status)
		case paypay.CodeOf(err) == paypay.PaymentNotFound:
			return nil
		}
		return err
	})
}

// await looks a payment up until it is in a state.
func (s *stand) await(ctx context.Context, id string, want paypay.Status) (p paypay.Payment, err error) {
	err = again(func() error {
		p, err = s.CodePayment(ctx, id)
		if err == nil && p.Status != want {
			return fmt.Errorf("%s is %s and not %s", id, p.Status, want)
		}
		return err
	})
	return p, err
}

// again does something until it works.
func again(do func() error) error {
	var errs []error
	for range patience {
		err := do()
		if err == nil {
			return nil
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// bad is a day on which everything fails now and then.
func bad() []simulator.Fault {
	return []simulator.Fault{
		{Kind: simulator.DropBefore, Probability: 0.03},
		{Kind: simulator.DropAfter, Probability: 0.03},
		{Kind: simulator.DelayBefore, Probability: 0.01, Delay: time.Minute},
		{Kind: simulator.DelayAfter, Probability: 0.02, Delay: time.Minute},
		{Kind: simulator.StatusBefore, Probability: 0.02, Status: http.StatusInternalServerError, Code: "SERVICE_ERROR", CodeID: "08100026"},
		{Kind: simulator.StatusAfter, Probability: 0.02, Status: http.StatusInternalServerError, Code: "SERVICE_ERROR", CodeID: "08100026"},
		{Kind: simulator.HTMLBefore, Probability: 0.02},
		{Kind: simulator.HTMLAfter, Probability: 0.02},
		{Kind: simulator.RateLimit, Probability: 0.02, RetryAfter: 3 * time.Second},
		{Kind: simulator.Maintenance, Probability: 0.02},
		{Kind: simulator.Truncated, Probability: 0.02},
		{Kind: simulator.WrongLength, Probability: 0.02},
		{Kind: simulator.Garbage, Probability: 0.02},
		{Kind: simulator.DuplicateKey, Probability: 0.02},
		{Kind: simulator.Stale, Probability: 0.05},
		{Kind: simulator.WrongID, Probability: 0.02},
		{Kind: simulator.UnknownStatus, Probability: 0.02},
	}
}

// A thousand sales at once on a bad day end as they should, to the yen, and leave
// nothing running.
//
//nolint:paralleltest // It counts goroutines.
func TestSimulator_thousandSalesAtOnce(t *testing.T) {
	const sales, money = 1000, 1_000_000_000
	synctest.Test(t, func(t *testing.T) {
		c := standConfig()
		c.Customers[0].Balance = money
		c.Seed = 1
		s, end, err := newStand(c, paypay.WithTries(3))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range bad() {
			if err := s.sim.Fault(f); err != nil {
				t.Fatal(err)
			}
		}
		endings := func(i int) ending { return ending(i % 4) }
		yen := func(i int) int64 { return int64(1000 + 2*i) }

		ids := make([]string, sales)
		var all sync.WaitGroup
		for i := range sales {
			all.Go(func() {
				id, err := s.sell(t.Context(), fmt.Sprint("S", i), yen(i), endings(i))
				if err != nil {
					t.Errorf("sale %d: %v", i, err)
				}
				ids[i] = id
			})
		}
		all.Wait()
		<-time.After(time.Hour) // refunds and cancels take effect

		books := map[string]simulator.Payment{}
		st := s.sim.State()
		for _, p := range st.Payments {
			books[p.MerchantPaymentID] = p
		}
		taken := int64(0)
		for i, id := range ids {
			p := books[id]
			want := simulator.Payment{Amount: yen(i), Stage: simulator.StagePaid}
			switch endings(i) {
			case refunded:
				want.Refunded = yen(i) / 2
			case shut:
				want.Stage = simulator.StageDeleted
			case undone:
				want.Stage = simulator.StageCancelled
			default:
			}
			if p.Amount != want.Amount || p.Stage != want.Stage || p.Refunded != want.Refunded || p.Refunding != 0 {
				t.Errorf("sale %d: the books say %+v, want %+v", i, p, want)
			}
			if want.Stage == simulator.StagePaid {
				taken += want.Amount - want.Refunded
			}
			delete(books, id)
		}
		for _, p := range books { // codes that were given up in doubt
			if !p.PaidAt.IsZero() || !p.CancelAccepted {
				t.Errorf("nobody knows of %+v", p)
			}
		}
		if st.Taken != taken || st.Held != 0 || st.Wallets[0].Balance != money-taken {
			t.Errorf("taken %d, held %d, left %d; want %d taken of %d", st.Taken, st.Held, st.Wallets[0].Balance, taken, money)
		}

		end() // the bubble fails if a goroutine is left in it
	})
}
