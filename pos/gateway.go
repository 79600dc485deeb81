package pos

import (
	"context"
	"time"

	"example.jp/reji/paypay"
	"example.jp/reji/store"
)

// Gateway is what the register asks of PayPay. *paypay.Client satisfies it.
type Gateway interface {
	CreateCode(ctx context.Context, r paypay.CodeRequest) (paypay.Code, error)
	DeleteCode(ctx context.Context, codeID string) error
	CodePayment(ctx context.Context, merchantPaymentID string) (paypay.Payment, error)
	CancelPayment(ctx context.Context, merchantPaymentID string) error
	Refund(ctx context.Context, r paypay.RefundRequest) (paypay.Refund, error)
	RefundDetails(ctx context.Context, merchantRefundID, paymentID string) (paypay.Refund, error)
	Capture(ctx context.Context, r paypay.CaptureRequest) (paypay.Consent[paypay.Payment], error)
	Revert(ctx context.Context, r paypay.RevertRequest) (paypay.Revert, error)
	Skew() (time.Duration, bool)
	SkewAtLeast() (time.Duration, bool)
}

// Journal is where the register writes everything down. *store.DB satisfies
// it.
type Journal interface {
	Append(ctx context.Context, c store.Change) (store.Entry, error)
	Reopen(ctx context.Context) error
	Entries(ctx context.Context, sale string) ([]store.Entry, error)
	Pending(ctx context.Context) ([]store.Entry, error)
	Sales(ctx context.Context, q store.Query) ([]store.Sale, error)
	LastNumber(ctx context.Context) (int64, error)
	Parked(ctx context.Context) ([]store.Parked, error)
	Prints(ctx context.Context) ([]store.Print, error)
	Sums

	Unclean() bool
	Check(ctx context.Context) error
	StillThere() error
	Free() (int64, error)
	Checkpoint(ctx context.Context) error
	MarkAnchor(ctx context.Context) error
}

var (
	_ Gateway = (*paypay.Client)(nil)
	_ Journal = (*store.DB)(nil)
)
