package paypay

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"
)

// authorizationID is what PayPay calls a customer by.
const authorizationID = "0f3c8a52-6a1e-4a39-9b52-2f7f0d1b7c11"

// ops are all operations.
var ops = slices.Sorted(maps.Keys(calls))

// calls has a call of each operation, with ids of testdata.
var calls = map[Op]struct {
	limit time.Duration
	call  func(context.Context, *Client) error
}{
	OpCreateCode: {30 * time.Second, func(ctx context.Context, c *Client) error {
		_, err := c.CreateCode(ctx, order())
		return err
	}},
	OpDeleteCode: {15 * time.Second, func(ctx context.Context, c *Client) error {
		return c.DeleteCode(ctx, "04-Zx3kQ9sLw7TbV2nM")
	}},
	OpCodePayment: {15 * time.Second, func(ctx context.Context, c *Client) error {
		_, err := c.CodePayment(ctx, "R1-0001")
		return err
	}},
	OpPayment: {15 * time.Second, func(ctx context.Context, c *Client) error {
		_, err := c.Payment(ctx, "R1-0001")
		return err
	}},
	OpCancelPayment: {15 * time.Second, func(ctx context.Context, c *Client) error {
		return c.CancelPayment(ctx, "R1-0001")
	}},
	OpRefund: {30 * time.Second, func(ctx context.Context, c *Client) error {
		_, err := c.Refund(ctx, refund())
		return err
	}},
	OpRefundDetails: {15 * time.Second, func(ctx context.Context, c *Client) error {
		_, err := c.RefundDetails(ctx, "R1-0001-R1", "04591234567890123456")
		return err
	}},
	OpCapture: {30 * time.Second, func(ctx context.Context, c *Client) error {
		_, err := c.Capture(ctx, capture("C1", "C2", "C3", "C4", "C5"))
		return err
	}},
	OpRevert: {30 * time.Second, func(ctx context.Context, c *Client) error {
		_, err := c.Revert(ctx, RevertRequest{MerchantRevertID: "V1", PaymentID: "04591234567890123456"})
		return err
	}},
	OpReauthorize: {30 * time.Second, func(ctx context.Context, c *Client) error {
		_, err := c.Reauthorize(ctx, reauthorize())
		return err
	}},
	OpPay: {30 * time.Second, func(ctx context.Context, c *Client) error {
		_, err := c.Pay(ctx, PayRequest{OrderRequest: userOrder()})
		return err
	}},
	OpPreauthorize: {30 * time.Second, func(ctx context.Context, c *Client) error {
		_, err := c.Preauthorize(ctx, PreauthorizeRequest{PayRequest: PayRequest{OrderRequest: userOrder()}})
		return err
	}},
	OpPayContinuous: {30 * time.Second, func(ctx context.Context, c *Client) error {
		_, err := c.PayContinuous(ctx, userOrder())
		return err
	}},
	OpCreatePendingPayment: {30 * time.Second, func(ctx context.Context, c *Client) error {
		_, err := c.CreatePendingPayment(ctx, PendingPaymentRequest{OrderRequest: userOrder()})
		return err
	}},
	OpPendingPayment: {15 * time.Second, func(ctx context.Context, c *Client) error {
		_, err := c.PendingPayment(ctx, "R1-0001")
		return err
	}},
	OpCancelPendingPayment: {15 * time.Second, func(ctx context.Context, c *Client) error {
		return c.CancelPendingPayment(ctx, "R1-0001")
	}},
	OpCreateLinkSession: {10 * time.Second, func(ctx context.Context, c *Client) error {
		_, err := c.CreateLinkSession(ctx, linkSession())
		return err
	}},
	OpAuthorization: {15 * time.Second, func(ctx context.Context, c *Client) error {
		_, err := c.Authorization(ctx, authorizationID)
		return err
	}},
	OpUnlink: {15 * time.Second, func(ctx context.Context, c *Client) error {
		return c.Unlink(ctx, authorizationID)
	}},
	OpProfile: {15 * time.Second, func(ctx context.Context, c *Client) error {
		_, err := c.Profile(ctx, authorizationID)
		return err
	}},
	OpCheckBalance: {15 * time.Second, func(ctx context.Context, c *Client) error {
		_, err := c.HasBalance(ctx, WalletQuery{UserAuthorizationID: authorizationID}, Yen(1280))
		return err
	}},
	OpWalletBalance: {15 * time.Second, func(ctx context.Context, c *Client) error {
		_, err := c.Wallet(ctx, WalletQuery{UserAuthorizationID: authorizationID})
		return err
	}},
	OpPaymentMethods: {30 * time.Second, func(ctx context.Context, c *Client) error {
		_, err := c.PaymentMethods(ctx, WalletQuery{UserAuthorizationID: authorizationID})
		return err
	}},
	OpGiveCashback: {30 * time.Second, func(ctx context.Context, c *Client) error {
		return c.GiveCashback(ctx, cashback())
	}},
	OpCashback: {15 * time.Second, func(ctx context.Context, c *Client) error {
		_, err := c.Cashback(ctx, "B1")
		return err
	}},
	OpReverseCashback: {30 * time.Second, func(ctx context.Context, c *Client) error {
		return c.ReverseCashback(ctx, cashbackReversal())
	}},
	OpCashbackReversal: {15 * time.Second, func(ctx context.Context, c *Client) error {
		_, err := c.CashbackReversal(ctx, "BR1", "B1")
		return err
	}},
	OpExpectedCashback: {15 * time.Second, func(ctx context.Context, c *Client) error {
		_, err := c.ExpectedCashback(ctx, expectedCashback())
		return err
	}},
}

// try makes a call of an operation with ids of testdata.
func try(t *testing.T, c *Client, op Op) error {
	t.Helper()
	return tryWith(t.Context(), c, op)
}

func tryWith(ctx context.Context, c *Client, op Op) error { return calls[op].call(ctx, c) }
