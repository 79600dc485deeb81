package paypay_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"example.jp/reji/paypay"
	"example.jp/reji/paypay/simulator"
)

// done is the class of an answer that is no error.
const done paypay.Class = -1

// Lists of operations with the same row.
var (
	simulated = paypay.Operations()
	lookUps   = []paypay.Op{
		paypay.OpCodePayment, paypay.OpPayment, paypay.OpRefundDetails, paypay.OpPendingPayment, paypay.OpAuthorization,
		paypay.OpProfile, paypay.OpCheckBalance, paypay.OpWalletBalance, paypay.OpPaymentMethods, paypay.OpCashback,
		paypay.OpCashbackReversal, paypay.OpExpectedCashback,
	}
	changes   = slices.DeleteFunc(slices.Clone(simulated), func(op paypay.Op) bool { return slices.Contains(lookUps, op) })
	byChoice  = []paypay.Op{paypay.OpPay, paypay.OpPreauthorize}
	byLink    = []paypay.Op{paypay.OpPay, paypay.OpPreauthorize, paypay.OpPayContinuous}
	cashbacks = []paypay.Op{paypay.OpGiveCashback, paypay.OpReverseCashback}
)

func one(ops ...paypay.Op) []paypay.Op { return ops }

// row is one line of PayPay's tables of result codes. The story makes the
// simulator say it of its own accord; without one a fault does.
type row struct {
	ops    []paypay.Op
	status int
	codeID string
	code   paypay.ResultCode
	class  paypay.Class
	story  func(*scene) error
	with   func(*simulator.Config)
}

// scene is a stand on which one row is played.
type scene struct {
	*stand

	t  *testing.T
	op paypay.Op
}

// needs ends the test where the story cannot go on.
func (s *scene) needs(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *scene) create(r paypay.CodeRequest) (paypay.Code, error) {
	r.MerchantPaymentID = "T1"
	r.Amount = paypay.Yen(1200)
	return s.CreateCode(s.t.Context(), r)
}

func (s *scene) code() paypay.Code {
	s.t.Helper()
	c, err := s.create(paypay.CodeRequest{})
	s.needs(err)
	return c
}

func (s *scene) looks() (paypay.Payment, error) { return s.CodePayment(s.t.Context(), "T1") }

// sees looks T1 up and wants it to be in a state.
func (s *scene) sees(want paypay.Status) error {
	p, err := s.looks()
	if err == nil && p.Status != want {
		return fmt.Errorf("the payment is %s, not %s", p.Status, want)
	}
	return err
}

// paid is T1, of 1,200 yen, paid with a code.
func (s *scene) paid() paypay.Payment {
	s.t.Helper()
	s.needs(s.sim.Pay(s.code().CodeID))
	p, err := s.looks()
	s.needs(err)
	return p
}

// held is T1, of 1,200 yen, held with a code.
func (s *scene) held() paypay.Payment {
	s.t.Helper()
	c, err := s.create(paypay.CodeRequest{IsAuthorization: true})
	s.needs(err)
	s.needs(s.sim.Pay(c.CodeID))
	p, err := s.looks()
	s.needs(err)
	return p
}

func (s *scene) refund(p paypay.Payment, id string, yen int64) error {
	_, err := s.Refund(s.t.Context(), paypay.RefundRequest{MerchantRefundID: id, PaymentID: p.PaymentID, Amount: paypay.Yen(yen)})
	return err
}

func (s *scene) refundDetails(p paypay.Payment) error {
	_, err := s.RefundDetails(s.t.Context(), "R1", p.PaymentID)
	return err
}

func (s *scene) capture(id string, yen int64) error {
	_, err := s.Capture(s.t.Context(), paypay.CaptureRequest{
		MerchantPaymentID: "T1", Amount: paypay.Yen(yen), OrderDescription: "宿泊", NewID: func() string { return id },
	})
	return err
}

func (s *scene) revert(p paypay.Payment) error {
	_, err := s.Revert(s.t.Context(), paypay.RevertRequest{MerchantRevertID: "V1", PaymentID: p.PaymentID})
	return err
}

func (s *scene) change(p paypay.Payment, id string, yen int64) error {
	_, err := s.Reauthorize(s.t.Context(), paypay.ReauthorizeRequest{RequestID: id, PaymentID: p.PaymentID, UpdatedAmount: paypay.Yen(yen)})
	return err
}

func (s *scene) account(a simulator.Account) { s.needs(s.sim.SetAccount("ann", a)) }

// nobodys is PayPay's number of no payment.
func nobodys() paypay.Payment { return paypay.Payment{PaymentID: "0400000000"} }

// someday is after PayPay has put orders away.
const someday = 526 * 24 * time.Hour

// user is a customer who has linked an account, to everything or to some of it.
func (s *scene) user(scopes ...string) string {
	s.t.Helper()
	if len(scopes) == 0 {
		scopes = []string{
			paypay.ScopePay, paypay.ScopeContinuous, paypay.ScopePending, paypay.ScopePreauthorize,
			paypay.ScopeBalance, paypay.ScopeCashback, paypay.ScopeProfile,
		}
	}
	pending := paypay.PendingLink{Nonce: "n1", ReferenceID: "member-1"}
	session, err := s.CreateLinkSession(s.t.Context(), paypay.LinkSessionRequest{
		Scopes: scopes, Nonce: pending.Nonce, RedirectURL: "https://shop.example/", ReferenceID: pending.ReferenceID,
	})
	s.needs(err)
	token, err := s.sim.Approve(session.URL, "ann")
	s.needs(err)
	link, err := s.keys.ReadLinkToken(token, pending)
	s.needs(err)
	return link.UserAuthorizationID
}

// pays takes a payment of a linked customer, in the way of the row.
func (s *scene) pays(id, user string, yen int64, choice paypay.PaymentChoice) error {
	o := paypay.OrderRequest{MerchantPaymentID: id, UserAuthorizationID: user, Amount: paypay.Yen(yen)}
	pay := paypay.PayRequest{OrderRequest: o, PaymentChoice: choice}
	var err error
	switch s.op {
	case paypay.OpPreauthorize:
		_, err = s.Preauthorize(s.t.Context(), paypay.PreauthorizeRequest{PayRequest: pay})
	case paypay.OpPayContinuous:
		_, err = s.PayContinuous(s.t.Context(), o)
	default:
		_, err = s.Pay(s.t.Context(), pay)
	}
	return err
}

// asks asks a linked customer to pay later.
func (s *scene) asks(id, user string) error {
	_, err := s.CreatePendingPayment(s.t.Context(), paypay.PendingPaymentRequest{OrderRequest: paypay.OrderRequest{
		MerchantPaymentID: id, UserAuthorizationID: user, Amount: paypay.Yen(1200),
	}})
	return err
}

func (s *scene) gives(user string, yen int64) error {
	return s.GiveCashback(s.t.Context(), paypay.CashbackRequest{MerchantCashbackID: "B1", UserAuthorizationID: user, Amount: paypay.Yen(yen)})
}

func (s *scene) takes(id string, yen int64) error {
	return s.ReverseCashback(s.t.Context(), paypay.CashbackReversalRequest{
		MerchantCashbackReversalID: id, MerchantCashbackID: "B1", Amount: paypay.Yen(yen),
	})
}

// poor lets the customer have so much.
func poor(yen int64) func(*simulator.Config) {
	return func(c *simulator.Config) { c.Customers[0].Balance = yen }
}

// fault is a story in which something in front of PayPay, or PayPay, fails.
func fault(f simulator.Fault) func(*scene) error {
	return func(s *scene) error {
		s.needs(s.sim.Fault(f))
		return paypay.Perform(s.t.Context(), s.Client, s.op)
	}
}

// allCalls are the rows that hold for every call.
var allCalls = []row{
	{simulated, 400, "08100006", "INVALID_REQUEST_PARAMS", paypay.Bug, nil, nil},
	{one(paypay.OpCreateCode), 400, "08100006", "INVALID_REQUEST_PARAMS", paypay.Bug, func(s *scene) error {
		_, err := s.create(paypay.CodeRequest{RequestedAt: 1})
		return err
	}, nil},
	{simulated, 400, "08100024", "MISSING_REQUEST_PARAMS", paypay.Bug, nil, nil},
	{
		slices.DeleteFunc(slices.Clone(simulated), func(op paypay.Op) bool { return op == paypay.OpRefund }),
		400, "", "INVALID_PARAMS", paypay.Bug, nil, nil,
	},
	{simulated, 401, "08100016", "UNAUTHORIZED", paypay.Bug, fault(simulator.Fault{Kind: simulator.Unauthorized}), nil},
	{simulated, 401, "08100016", "UNAUTHORIZED", paypay.Bug, func(s *scene) error {
		return paypay.Perform(s.t.Context(), s.Client, s.op)
	}, func(c *simulator.Config) {
		c.Now = func() time.Time { return time.Now().Add(48 * time.Hour) } // a clock further off than the client corrects
	}},
	{simulated, 401, "08100023", "OP_OUT_OF_SCOPE", paypay.Bug, nil, nil},
	{one(paypay.OpCreateCode), 401, "08100023", "OP_OUT_OF_SCOPE", paypay.Bug, func(s *scene) error {
		_, err := s.create(paypay.CodeRequest{IsAuthorization: true})
		return err
	}, func(c *simulator.Config) { c.Capture = simulator.CaptureOutOfScope401 }},
	{one(paypay.OpCreateCode), 401, "08100023", "OP_OUT_OF_SCOPE", paypay.Bug, func(s *scene) error {
		_, err := s.create(paypay.CodeRequest{ProductType: paypay.UtilityBill})
		return err
	}, nil},
	{byLink, 401, "08100023", "OP_OUT_OF_SCOPE", paypay.Bug, func(s *scene) error {
		return s.pays("U1", s.user(paypay.ScopeBalance), 100, paypay.PaymentChoice{})
	}, nil},
	{simulated, 404, "08100007", "OPA_CLIENT_NOT_FOUND", paypay.Bug, nil, nil},
	{simulated, 429, "08100998", "RATE_LIMIT", paypay.Retry, fault(simulator.Fault{Kind: simulator.RateLimit}), nil},
	{simulated, 500, "08100026", "SERVICE_ERROR", paypay.Unknown, nil, nil},
	{simulated, 500, "08101000", "INTERNAL_SERVER_ERROR", paypay.Unknown, nil, nil},
	{simulated, 500, "", "TRANSACTION_FAILED", paypay.Failed, nil, nil},
	// A look-up may be asked again; whether anything else was done is not known.
	{lookUps, 503, "08100999", "MAINTENANCE_MODE", paypay.Retry, fault(simulator.Fault{Kind: simulator.Maintenance}), nil},
	{changes, 503, "08100999", "MAINTENANCE_MODE", paypay.Unknown, fault(simulator.Fault{Kind: simulator.Maintenance}), nil},
	{lookUps, 503, "", "SERVICE_UNDER_MAINTENANCE", paypay.Retry, nil, nil},
	{changes, 503, "", "SERVICE_UNDER_MAINTENANCE", paypay.Unknown, nil, nil},
	{simulated, 502, "", "", paypay.Unknown, fault(simulator.Fault{Kind: simulator.HTMLBefore, Status: 502}), nil},
	{simulated, 502, "", "", paypay.Unknown, fault(simulator.Fault{Kind: simulator.HTMLAfter, Status: 502}), nil},
	{simulated, 0, "", "", paypay.Unknown, fault(simulator.Fault{Kind: simulator.DropBefore}), nil},
	{simulated, 0, "", "", paypay.Unknown, fault(simulator.Fault{Kind: simulator.DropAfter}), nil},
	{simulated, 0, "", "", paypay.Unknown, fault(simulator.Fault{Kind: simulator.DelayBefore, Delay: time.Hour}), nil},
	{simulated, 0, "", "", paypay.Unknown, fault(simulator.Fault{Kind: simulator.DelayAfter, Delay: time.Hour}), nil},
	// Nobody can say of an unknown refusal that nothing was paid, until the order
	// was looked up.
	{simulated, 400, "09999999", "NEW_REASON", paypay.State, nil, nil},
	{simulated, 500, "09999999", "NEW_REASON", paypay.Unknown, nil, nil},
}

// codeCalls are the rows of a code and its payment.
var codeCalls = []row{
	// Create a QR Code.
	{one(paypay.OpCreateCode), 201, "08100001", "SUCCESS", done, func(s *scene) error {
		_, err := s.create(paypay.CodeRequest{})
		return err
	}, nil},
	{one(paypay.OpCreateCode), 400, "01652073", "DUPLICATE_DYNAMIC_QR_REQUEST", paypay.State, func(s *scene) error {
		s.code()
		_, err := s.create(paypay.CodeRequest{})
		return err
	}, nil},
	{one(paypay.OpCreateCode), 400, "00400060", "PRE_AUTH_CAPTURE_UNSUPPORTED_MERCHANT", paypay.Bug, func(s *scene) error {
		_, err := s.create(paypay.CodeRequest{IsAuthorization: true})
		return err
	}, func(c *simulator.Config) { c.Capture = simulator.CaptureUnsupported400 }},
	{one(paypay.OpCreateCode), 400, "00400061", "PRE_AUTH_CAPTURE_INVALID_EXPIRY_DATE", paypay.Bug, func(s *scene) error {
		_, err := s.create(paypay.CodeRequest{IsAuthorization: true, AuthorizationExpiry: time.Now().AddDate(1, 0, 0).Unix()})
		return err
	}, nil},
	{one(paypay.OpCreateCode), 400, "01650000", "DYNAMIC_QR_BAD_REQUEST", paypay.Bug, nil, nil},

	// Get Code Payment Details, Get Payment Details.
	{one(paypay.OpCodePayment), 200, "08100001", "SUCCESS", done, func(s *scene) error {
		s.code()
		return s.sees(paypay.StatusCreated)
	}, nil},
	{one(paypay.OpCodePayment), 200, "08100001", "SUCCESS", done, func(s *scene) error {
		s.paid()
		return s.sees(paypay.StatusCompleted)
	}, nil},
	{one(paypay.OpCodePayment), 200, "08100001", "SUCCESS", done, func(s *scene) error {
		s.held()
		return s.sees(paypay.StatusAuthorized)
	}, nil},
	{one(paypay.OpCodePayment), 200, "08100001", "SUCCESS", done, func(s *scene) error {
		s.needs(s.sim.FailPayment(s.code().CodeID))
		return s.sees(paypay.StatusFailed)
	}, nil},
	{one(paypay.OpCodePayment), 200, "08100001", "SUCCESS", done, func(s *scene) error {
		s.needs(s.refund(s.paid(), "R1", 1200))
		s.wait(time.Minute)
		return s.sees(paypay.StatusRefunded)
	}, nil},
	{one(paypay.OpCodePayment), 200, "08100001", "SUCCESS", done, func(s *scene) error {
		s.needs(s.revert(s.held()))
		return s.sees(paypay.StatusCanceled)
	}, nil},
	{one(paypay.OpCodePayment), 200, "08100001", "SUCCESS", done, func(s *scene) error {
		s.held()
		s.wait(31 * 24 * time.Hour)
		return s.sees(paypay.StatusExpired)
	}, nil},
	{one(paypay.OpCodePayment), 200, "08100001", "SUCCESS", done, func(s *scene) error {
		s.held()
		s.needs(s.capture("C1", 1300))
		s.needs(s.sim.Consent("T1"))
		return s.sees(paypay.StatusReauthorizing)
	}, nil},
	{one(paypay.OpCodePayment), 400, "01652075", "DYNAMIC_QR_PAYMENT_NOT_FOUND", paypay.Failed, func(s *scene) error {
		s.code()
		s.wait(6 * time.Minute)
		return s.sees("")
	}, nil},
	{one(paypay.OpCodePayment), 404, "01652075", "DYNAMIC_QR_PAYMENT_NOT_FOUND", paypay.Failed, func(s *scene) error {
		s.needs(s.DeleteCode(s.t.Context(), s.code().CodeID))
		return s.sees("")
	}, func(c *simulator.Config) { c.GoneAnswer = simulator.NotFound404 }},
	{one(paypay.OpPayment), 400, "01652075", "DYNAMIC_QR_PAYMENT_NOT_FOUND", paypay.Failed, nil, nil},
	{one(paypay.OpCodePayment, paypay.OpPayment), 400, "01650000", "DYNAMIC_QR_BAD_REQUEST", paypay.Bug, nil, nil},
	{one(paypay.OpPayment), 200, "08100001", "SUCCESS", done, func(s *scene) error {
		s.paid()
		_, err := s.Payment(s.t.Context(), "T1")
		return err
	}, nil},
	{one(paypay.OpPayment), 404, "00200001", "RESOURCE_NOT_FOUND", paypay.State, func(s *scene) error {
		s.code()
		_, err := s.Payment(s.t.Context(), "T1")
		return err
	}, nil},
	{one(paypay.OpCodePayment, paypay.OpPayment), 404, "", "RESOURCE_NOT_FOUND", paypay.State, nil, nil},

	// Delete a QR Code.
	{one(paypay.OpDeleteCode), 200, "08100001", "SUCCESS", done, func(s *scene) error {
		return s.DeleteCode(s.t.Context(), s.code().CodeID)
	}, nil},
	{one(paypay.OpDeleteCode), 400, "01652074", "DYNAMIC_QR_ALREADY_PAID", paypay.State, func(s *scene) error {
		c := s.code()
		s.needs(s.sim.Pay(c.CodeID))
		return s.DeleteCode(s.t.Context(), c.CodeID)
	}, nil},
	{one(paypay.OpDeleteCode), 400, "01650000", "DYNAMIC_QR_BAD_REQUEST", paypay.State, nil, nil}, // look the order up
	{one(paypay.OpDeleteCode), 404, "01652072", "DYNAMIC_QR_NOT_FOUND", paypay.State, func(s *scene) error {
		c := s.code()
		s.needs(s.DeleteCode(s.t.Context(), c.CodeID))
		return s.DeleteCode(s.t.Context(), c.CodeID)
	}, nil},

	// Cancel a Payment.
	{one(paypay.OpCancelPayment), 202, "08100001", "REQUEST_ACCEPTED", done, func(s *scene) error {
		s.paid()
		return s.CancelPayment(s.t.Context(), "T1")
	}, nil},
	{one(paypay.OpCancelPayment), 400, "00200044", "ORDER_NOT_REVERSIBLE", paypay.State, func(s *scene) error {
		s.paid()
		s.wait(24 * time.Hour)
		return s.CancelPayment(s.t.Context(), "T1")
	}, nil},
	{one(paypay.OpCancelPayment), 400, "", "ORDER_NO_LONGER_AVAILABLE", paypay.Failed, func(s *scene) error {
		s.paid()
		s.wait(someday)
		return s.CancelPayment(s.t.Context(), "T1")
	}, nil},
	{one(paypay.OpCancelPayment), 500, "00200034", "INTERNAL_SERVER_ERROR", paypay.Unknown, nil, nil},
}

// refundCalls are the rows of a refund.
var refundCalls = []row{
	// Refund a Payment.
	{one(paypay.OpRefund), 200, "08100001", "SUCCESS", done, func(s *scene) error { return s.refund(s.paid(), "R1", 200) }, nil},
	{
		one(paypay.OpRefund), 201, "08100001", "SUCCESS", done, func(s *scene) error { return s.refund(s.paid(), "R1", 200) },
		func(c *simulator.Config) { c.RefundHTTPStatus, c.RefundAtOnce = http.StatusCreated, true },
	},
	{one(paypay.OpRefund), 400, "00200004", "INVALID_PARAMS", paypay.Bug, nil, nil},
	{one(paypay.OpRefund), 400, "", "INVALID_PARAMS", paypay.Bug, nil, nil},
	{one(paypay.OpRefund), 400, "00200015", "INVALID_PARAMS", paypay.Failed, func(s *scene) error {
		return s.refund(s.paid(), "R1", 1201)
	}, nil},
	{one(paypay.OpRefund), 400, "00200013", "UNACCEPTABLE_OP", paypay.Failed, func(s *scene) error {
		return s.refund(s.held(), "R1", 200)
	}, nil},
	{one(paypay.OpRefund), 400, "00200014", "UNACCEPTABLE_OP", paypay.Failed, nil, nil},
	{one(paypay.OpRefund), 403, "", "MERCHANT_MULTIPLE_REFUND_REJECTED", paypay.Failed, func(s *scene) error {
		p := s.paid()
		s.needs(s.refund(p, "R1", 200))
		s.wait(2 * time.Minute)
		return s.refund(p, "R2", 200)
	}, func(c *simulator.Config) { c.SingleRefund = true }},
	{one(paypay.OpRefund), 400, "", "THROTTLED_MULTIPLE_REFUND_REJECTED", paypay.Retry, func(s *scene) error {
		p := s.paid()
		s.needs(s.refund(p, "R1", 200))
		return s.refund(p, "R2", 200)
	}, nil},
	{one(paypay.OpRefund), 400, "", "REFUND_LIMIT_EXCEEDED", paypay.Failed, func(s *scene) error {
		p := s.paid()
		for i := range 20 {
			s.needs(s.refund(p, fmt.Sprint("R", i), 1))
			s.wait(2 * time.Minute)
		}
		return s.refund(p, "R20", 1)
	}, nil},
	{one(paypay.OpRefund), 400, "", "REFUND_WINDOW_EXCEED", paypay.Failed, func(s *scene) error {
		p := s.paid()
		s.wait(366 * 24 * time.Hour)
		return s.refund(p, "R1", 200)
	}, nil},
	{one(paypay.OpRefund), 400, "01103027", "CANCELED_USER", paypay.Failed, func(s *scene) error {
		p := s.paid()
		s.account(simulator.AccountClosed)
		return s.refund(p, "R1", 200)
	}, nil},
	{one(paypay.OpRefund), 400, "", "ORDER_NO_LONGER_AVAILABLE", paypay.Failed, func(s *scene) error {
		p := s.paid()
		s.wait(someday)
		return s.refund(p, "R1", 200)
	}, nil},
	{one(paypay.OpRefund), 401, "", "USER_STATE_IS_NOT_ACTIVE", paypay.Failed, func(s *scene) error {
		p := s.paid()
		s.account(simulator.AccountSuspended)
		return s.refund(p, "R1", 200)
	}, nil},
	{one(paypay.OpRefund), 404, "00200001", "RESOURCE_NOT_FOUND", paypay.Bug, func(s *scene) error {
		return s.refund(nobodys(), "R1", 200)
	}, nil},
	{one(paypay.OpRefund), 404, "", "NO_SUCH_REFUND_ORDER", paypay.State, nil, nil},
	{one(paypay.OpRefund), 500, "00200002", "TRANSACTION_FAILED", paypay.Failed, nil, nil},
	{one(paypay.OpRefund), 500, "00200003", "TRANSACTION_FAILED", paypay.Failed, nil, nil},
	{one(paypay.OpRefund), 500, "00800017", "TRANSACTION_FAILED", paypay.Failed, func(s *scene) error {
		p := s.paid()
		s.needs(s.gives(s.user(), 1200))
		s.wait(time.Minute)
		return s.refund(p, "R1", 200)
	}, func(c *simulator.Config) { c.Customers[0].Balance, c.Customers[0].MaxBalance = 5000, 5000 }},
	{one(paypay.OpRefund), 500, "00200034", "INTERNAL_SERVER_ERROR", paypay.Unknown, nil, nil},
	{one(paypay.OpRefund), 500, "08101000", "INTERNAL_SERVER_ERROR", paypay.Unknown, func(s *scene) error {
		s.paid()
		return s.refund(paypay.Payment{PaymentID: "T1"}, "R1", 200) // our id in the place of PayPay's
	}, nil},

	// Get Refund Details.
	{one(paypay.OpRefundDetails), 200, "08100001", "SUCCESS", done, func(s *scene) error {
		p := s.paid()
		s.needs(s.refund(p, "R1", 200))
		return s.refundDetails(p)
	}, nil},
	{one(paypay.OpRefundDetails), 404, "00200018", "NO_SUCH_REFUND_ORDER", paypay.State, func(s *scene) error {
		return s.refundDetails(s.paid())
	}, nil},
	{one(paypay.OpRefundDetails), 400, "", "INVALID_PARAMS", paypay.Bug, nil, nil},
	{one(paypay.OpRefundDetails), 400, "", "ORDER_NO_LONGER_AVAILABLE", paypay.Failed, func(s *scene) error {
		p := s.paid()
		s.needs(s.refund(p, "R1", 200))
		s.wait(someday)
		return s.refundDetails(p)
	}, nil},
	{one(paypay.OpRefundDetails), 500, "00200034", "INTERNAL_SERVER_ERROR", paypay.Retry, nil, nil},
}

// holdCalls are the rows of an amount that is held.
var holdCalls = []row{
	// Capture a Payment Authorization.
	{one(paypay.OpCapture), 200, "08100001", "SUCCESS", done, func(s *scene) error {
		s.held()
		return s.capture("C1", 1200)
	}, nil},
	{one(paypay.OpCapture), 202, "08300103", "USER_CONFIRMATION_REQUIRED", done, func(s *scene) error {
		s.held()
		return s.capture("C1", 1201)
	}, nil},
	{one(paypay.OpCapture), 400, "00400035", "UNACCEPTABLE_OP", paypay.Failed, func(s *scene) error {
		s.held()
		s.account(simulator.AccountSuspended)
		return s.capture("C1", 1200)
	}, nil},
	{one(paypay.OpCapture), 400, "", "LIMIT_EXCEEDED", paypay.Failed, func(s *scene) error {
		s.held()
		return s.capture("C1", 500_001)
	}, nil},
	{one(paypay.OpCapture), 400, "", "USER_DEFINED_DAILY_LIMIT_EXCEEDED", paypay.Failed, func(s *scene) error {
		s.held()
		return s.capture("C1", 1201)
	}, func(c *simulator.Config) { c.Customers[0].DailyLimit = 1200 }},
	{one(paypay.OpCapture), 400, "", "USER_DEFINED_MONTHLY_LIMIT_EXCEEDED", paypay.Failed, func(s *scene) error {
		s.held()
		return s.capture("C1", 1201)
	}, func(c *simulator.Config) { c.Customers[0].MonthlyLimit = 1200 }},
	{one(paypay.OpCapture), 400, "00200039", "ALREADY_CAPTURED", paypay.State, func(s *scene) error {
		s.held()
		s.needs(s.capture("C1", 1200))
		return s.capture("C2", 1200)
	}, nil},
	{one(paypay.OpCapture), 400, "01103027", "CANCELED_USER", paypay.Failed, func(s *scene) error {
		s.held()
		s.account(simulator.AccountClosed)
		return s.capture("C1", 1200)
	}, nil},
	{one(paypay.OpCapture), 400, "00400062", "HIGHER_CAPTURE_NOT_PERMITTED", paypay.Failed, func(s *scene) error {
		s.held()
		return s.capture("C1", 1201)
	}, func(c *simulator.Config) { c.NoHigherCapture = true }},
	{one(paypay.OpCapture), 400, "00200043", "ORDER_EXPIRED", paypay.State, func(s *scene) error {
		s.held()
		s.wait(31 * 24 * time.Hour)
		return s.capture("C1", 1200)
	}, nil},
	{one(paypay.OpCapture), 400, "00200035", "ORDER_NOT_CAPTURABLE", paypay.State, func(s *scene) error {
		s.paid()
		return s.capture("C1", 1200)
	}, nil},
	{one(paypay.OpCapture), 400, "00200038", "REAUTHORIZATION_IN_PROGRESS", paypay.State, func(s *scene) error {
		s.held()
		s.needs(s.capture("C1", 1201))
		return s.capture("C2", 1200)
	}, nil},
	{one(paypay.OpCapture), 400, "00400064", "TOO_CLOSE_TO_EXPIRY", paypay.Failed, func(s *scene) error {
		s.held()
		s.wait(30*24*time.Hour - 5*time.Minute)
		return s.capture("C1", 1201)
	}, nil},
	{one(paypay.OpCapture), 400, "", "NO_SUFFICIENT_FUND", paypay.Failed, func(s *scene) error {
		s.held()
		return s.capture("C1", 1201)
	}, poor(1200)},
	{one(paypay.OpCapture), 400, "", "ORDER_NO_LONGER_AVAILABLE", paypay.Failed, func(s *scene) error {
		s.held()
		s.wait(someday)
		return s.capture("C1", 1200)
	}, nil},
	{one(paypay.OpCapture), 404, "00200001", "RESOURCE_NOT_FOUND", paypay.Bug, func(s *scene) error { return s.capture("C1", 1200) }, nil},
	{one(paypay.OpCapture), 500, "", "NEW_REASON", paypay.Unknown, nil, nil},

	// Revert a Payment Authorization.
	{one(paypay.OpRevert), 200, "08100001", "SUCCESS", done, func(s *scene) error { return s.revert(s.held()) }, nil},
	{one(paypay.OpRevert), 400, "00200042", "ORDER_NOT_CANCELABLE", paypay.State, func(s *scene) error {
		p := s.held()
		s.needs(s.capture("C1", 1200))
		return s.revert(p)
	}, nil},
	{one(paypay.OpRevert), 400, "", "ORDER_NO_LONGER_AVAILABLE", paypay.Failed, func(s *scene) error {
		p := s.held()
		s.wait(someday)
		return s.revert(p)
	}, nil},
	{one(paypay.OpRevert), 404, "00200001", "RESOURCE_NOT_FOUND", paypay.Bug, func(s *scene) error { return s.revert(nobodys()) }, nil},

	// Change the authorised amount.
	{one(paypay.OpReauthorize), 200, "08100001", "SUCCESS", done, func(s *scene) error { return s.change(s.held(), "A1", 1100) }, nil},
	{one(paypay.OpReauthorize), 201, "08300104", "USER_CONFIRMATION_REQUIRED", done, func(s *scene) error {
		return s.change(s.held(), "A1", 1300)
	}, nil},
	{one(paypay.OpReauthorize), 400, "", "REAUTHORIZE_REJECTED", paypay.State, func(s *scene) error {
		p := s.held()
		s.needs(s.change(p, "A1", 1100))
		return s.change(p, "A1", 1100)
	}, nil},
	{one(paypay.OpReauthorize), 400, "", "PAY_METHOD_INVALIDATED", paypay.Failed, func(s *scene) error {
		return s.change(s.held(), "A1", 1300)
	}, poor(1200)},
	{one(paypay.OpReauthorize), 400, "", "REAUTH_AMOUNT_UNCHANGED", paypay.Bug, func(s *scene) error {
		return s.change(s.held(), "A1", 1200)
	}, nil},
	{one(paypay.OpReauthorize), 400, "", "REAUTH_MAX_LIMIT_EXCEEDED", paypay.Failed, func(s *scene) error {
		p := s.held()
		for i := range 10 {
			s.needs(s.change(p, fmt.Sprint("A", i), 1100-int64(i)))
		}
		return s.change(p, "A10", 1000)
	}, nil},
	{one(paypay.OpReauthorize), 400, "", "REAUTHORIZE_FAILED", paypay.Unknown, nil, nil},
	{one(paypay.OpReauthorize), 400, "", "ORDER_NO_LONGER_AVAILABLE", paypay.Failed, func(s *scene) error {
		p := s.held()
		s.wait(someday)
		return s.change(p, "A1", 1100)
	}, nil},
	{one(paypay.OpReauthorize), 404, "00200001", "RESOURCE_NOT_FOUND", paypay.Bug, func(s *scene) error {
		return s.change(nobodys(), "A1", 1100)
	}, nil},
	{one(paypay.OpCapture, paypay.OpRevert, paypay.OpReauthorize), 404, "", "RESOURCE_NOT_FOUND", paypay.Bug, nil, nil},
}

// linkCalls are the rows of customers who have linked an account.
var linkCalls = []row{
	// Payments.
	{byLink, 201, "08100001", "SUCCESS", done, paying(1200), nil},
	{byLink, 200, "08100001", "SUCCESS", done, paying(1200), func(c *simulator.Config) { c.PaymentHTTPStatus = http.StatusOK }},
	{byChoice, 400, "00200017", "SUSPECTED_DUPLICATE_PAYMENT", paypay.State, func(s *scene) error {
		user := s.user()
		s.needs(s.pays("U1", user, 1200, paypay.PaymentChoice{}))
		return s.pays("U2", user, 1200, paypay.PaymentChoice{})
	}, nil},
	{one(paypay.OpPayContinuous), 400, "00200017", "SUSPECTED_DUPLICATE_PAYMENT", paypay.State, nil, nil},
	{byLink, 400, "", "NO_SUFFICIENT_FUND", paypay.Failed, paying(1201), poor(1200)},
	{byLink, 400, "", "LIMIT_EXCEEDED", paypay.Failed, paying(500_001), nil},
	{
		byLink, 400, "", "USER_DEFINED_DAILY_LIMIT_EXCEEDED", paypay.Failed, paying(1201),
		func(c *simulator.Config) { c.Customers[0].DailyLimit = 1200 },
	},
	{
		byLink, 400, "", "USER_DEFINED_MONTHLY_LIMIT_EXCEEDED", paypay.Failed, paying(1201),
		func(c *simulator.Config) { c.Customers[0].MonthlyLimit = 1200 },
	},
	{byLink, 400, "", "USER_DAILY_LIMIT_FOR_MERCHANT_EXCEEDED", paypay.Failed, nil, nil},
	{byLink, 400, "", "CC_LIMIT_EXCEEDED", paypay.Failed, nil, nil},
	{byChoice, 400, "", "CC_LIMIT_EXCEEDED", paypay.Failed, payingByCard(1201), owns("CREDIT_CARD", "")},
	{byLink, 400, "", "PPC_LIMIT_EXCEEDED", paypay.Failed, nil, nil},
	{byChoice, 400, "", "PPC_LIMIT_EXCEEDED", paypay.Failed, payingByCard(1201), owns("PAY_LATER_CC", "")},
	{byLink, 400, "", "PPC_EXPIRED", paypay.Failed, nil, nil},
	{byChoice, 400, "", "PPC_EXPIRED", paypay.Failed, payingByCard(1200), owns("PAY_LATER_CC", "EXPIRED")},
	{byLink, 400, "", "NON_KYC_USER", paypay.Failed, nil, nil},
	{byLink, 400, "", "UNSUPPORTED_PAYMENT_METHOD", paypay.Failed, nil, nil},
	{byChoice, 400, "", "UNSUPPORTED_PAYMENT_METHOD", paypay.Failed, func(s *scene) error {
		return s.pays("U1", s.user(), 1200, paypay.PaymentChoice{PaymentMethodType: "HIVEX"})
	}, nil},
	{byLink, 400, "", "PAY_METHOD_INVALIDATED", paypay.Failed, nil, nil},
	{byChoice, 400, "", "PAY_METHOD_INVALIDATED", paypay.Failed, payingByCard(1200), owns("CREDIT_CARD", "SUSPENDED")},
	{byLink, 400, "01103027", "CANCELED_USER", paypay.Failed, func(s *scene) error {
		user := s.user()
		s.account(simulator.AccountClosed)
		return s.pays("U1", user, 1200, paypay.PaymentChoice{})
	}, nil},
	{byLink, 400, "", "UNACCEPTABLE_OP", paypay.Failed, nil, nil},
	{byLink, 400, "00200004", "INVALID_PARAMS", paypay.Bug, func(s *scene) error {
		s.code()
		return s.pays("T1", s.user(), 1200, paypay.PaymentChoice{})
	}, nil},
	{byLink, 401, "", "INVALID_USER_AUTHORIZATION_ID", paypay.Failed, func(s *scene) error {
		return s.pays("U1", "nobody", 1200, paypay.PaymentChoice{})
	}, nil},
	{byLink, 401, "", "EXPIRED_USER_AUTHORIZATION_ID", paypay.Failed, func(s *scene) error {
		user := s.user()
		s.wait(366 * 24 * time.Hour)
		return s.pays("U1", user, 1200, paypay.PaymentChoice{})
	}, nil},
	{byLink, 401, "", "USER_STATE_IS_NOT_ACTIVE", paypay.Failed, func(s *scene) error {
		user := s.user()
		s.account(simulator.AccountSuspended)
		return s.pays("U1", user, 1200, paypay.PaymentChoice{})
	}, nil},
	{byLink, 404, "", "NO_VALID_PAYMENT_METHOD", paypay.Failed, nil, nil},
	{byChoice, 404, "", "NO_VALID_PAYMENT_METHOD", paypay.Failed, func(s *scene) error {
		return s.pays("U1", s.user(), 1200, paypay.PaymentChoice{PaymentMethodType: "CREDIT_CARD"})
	}, nil},
	{byLink, 404, "", "PAYMENT_METHOD_NOT_FOUND", paypay.Failed, nil, nil},
	{byChoice, 404, "", "PAYMENT_METHOD_NOT_FOUND", paypay.Failed, func(s *scene) error {
		return s.pays("U1", s.user(), 1200, paypay.PaymentChoice{PaymentMethodType: "WALLET", PaymentMethodID: "card-1"})
	}, nil},

	// Pending payments.
	{one(paypay.OpCreatePendingPayment), 201, "08100001", "SUCCESS", done, func(s *scene) error { return s.asks("U1", s.user()) }, nil},
	{one(paypay.OpCreatePendingPayment), 400, "", "DUPLICATE_REQUEST_ORDER", paypay.State, func(s *scene) error {
		user := s.user()
		s.needs(s.asks("U1", user))
		return s.asks("U1", user)
	}, nil},
	{one(paypay.OpCreatePendingPayment), 400, "", "SUSPECTED_DUPLICATE_ORDER", paypay.State, func(s *scene) error {
		user := s.user()
		s.needs(s.asks("U1", user))
		return s.asks("U2", user)
	}, nil},
	{one(paypay.OpCreatePendingPayment), 400, "", "INVALID_PARAMS", paypay.Bug, nil, nil},
	{one(paypay.OpPendingPayment), 200, "08100001", "SUCCESS", done, func(s *scene) error {
		s.needs(s.asks("U1", s.user()))
		_, err := s.PendingPayment(s.t.Context(), "U1")
		return err
	}, nil},
	{one(paypay.OpPendingPayment), 400, "08300005", "REQUEST_ORDER_NOT_FOUND", paypay.State, func(s *scene) error {
		_, err := s.PendingPayment(s.t.Context(), "U1")
		return err
	}, nil},
	{one(paypay.OpCancelPendingPayment), 202, "08100001", "REQUEST_ACCEPTED", done, func(s *scene) error {
		s.needs(s.asks("U1", s.user()))
		return s.CancelPendingPayment(s.t.Context(), "U1")
	}, nil},
	{one(paypay.OpCancelPendingPayment), 404, "08300005", "REQUEST_ORDER_NOT_FOUND", paypay.State, func(s *scene) error {
		return s.CancelPendingPayment(s.t.Context(), "U1")
	}, nil},
	{one(paypay.OpRefund), 404, "08300005", "REQUEST_ORDER_NOT_FOUND", paypay.Failed, nil, nil},
	{one(paypay.OpCancelPendingPayment), 409, "", "INVALID_REQUEST_ORDER_STATE", paypay.State, func(s *scene) error {
		s.needs(s.asks("U1", s.user()))
		s.needs(s.CancelPendingPayment(s.t.Context(), "U1"))
		return s.CancelPendingPayment(s.t.Context(), "U1")
	}, nil},

	// Account links.
	{one(paypay.OpCreateLinkSession), 201, "08100001", "SUCCESS", done, func(s *scene) error {
		s.user()
		return nil
	}, nil},
	{one(paypay.OpCreateLinkSession), 400, "08100017", "EXPECTATION_FAILED", paypay.Bug, func(s *scene) error {
		return paypay.Perform(s.t.Context(), s.Client, s.op)
	}, func(c *simulator.Config) { c.RedirectDomains = []string{"other.example"} }},
	{one(paypay.OpCreateLinkSession), 404, "", "SESSION_NOT_FOUND", paypay.State, nil, nil},
	{one(paypay.OpCreateLinkSession), 400, "08100019", "3RD_PARTY_BAD_REQUEST", paypay.Bug, nil, nil},
	{one(paypay.OpAuthorization), 200, "08100001", "SUCCESS", done, func(s *scene) error {
		_, err := s.Authorization(s.t.Context(), s.user())
		return err
	}, nil},
	{one(paypay.OpAuthorization), 401, "", "INVALID_USER_AUTHORIZATION_ID", paypay.Failed, func(s *scene) error {
		_, err := s.Authorization(s.t.Context(), "nobody")
		return err
	}, nil},
	{one(paypay.OpAuthorization), 400, "01103027", "CANCELED_USER", paypay.Failed, func(s *scene) error {
		user := s.user()
		s.account(simulator.AccountClosed)
		_, err := s.Authorization(s.t.Context(), user)
		return err
	}, nil},
	{one(paypay.OpUnlink), 202, "08100001", "REQUEST_ACCEPTED", done, func(s *scene) error {
		return s.Unlink(s.t.Context(), s.user())
	}, nil},

	// Cashback.
	{one(paypay.OpGiveCashback), 202, "08100001", "REQUEST_ACCEPTED", done, func(s *scene) error { return s.gives(s.user(), 100) }, nil},
	{one(paypay.OpGiveCashback), 400, "", "VALIDATION_FAILED_EXCEPTION", paypay.State, func(s *scene) error {
		user := s.user()
		s.needs(s.gives(user, 100))
		return s.gives(user, 100)
	}, nil},
	{one(paypay.OpReverseCashback), 400, "", "VALIDATION_FAILED_EXCEPTION", paypay.State, func(s *scene) error {
		s.needs(s.gives(s.user(), 100))
		s.wait(time.Minute)
		s.needs(s.takes("V1", 50))
		return s.takes("V1", 50)
	}, nil},
	{one(paypay.OpReverseCashback), 400, "", "FAILURE", paypay.Failed, func(s *scene) error {
		s.needs(s.gives(s.user(), 100))
		s.wait(time.Minute)
		return s.takes("V1", 101)
	}, nil},
	{one(paypay.OpGiveCashback), 400, "", "FAILURE", paypay.Failed, nil, nil},
	{one(paypay.OpGiveCashback), 400, "", "BALANCE_OUT_OF_LIMIT", paypay.Failed, func(s *scene) error {
		return s.gives(s.user(), 100)
	}, func(c *simulator.Config) { c.Customers[0].Balance, c.Customers[0].MaxBalance = 5000, 5000 }},
	{one(paypay.OpReverseCashback), 400, "", "BALANCE_OUT_OF_LIMIT", paypay.Failed, nil, nil},
	{one(paypay.OpCashbackReversal), 200, "WAL_500017", "NOT_ENOUGH_MONEY", paypay.Failed, nil, nil},
	{cashbacks, 400, "", "RESOURCE_NOT_FOUND", paypay.Failed, nil, nil},
	{cashbacks, 400, "", "UNAUTHORIZED_ACCESS", paypay.Failed, nil, nil},
	{one(paypay.OpCashback), 200, "08100001", "SUCCESS", done, func(s *scene) error {
		s.needs(s.gives(s.user(), 100))
		s.wait(time.Minute)
		_, err := s.Cashback(s.t.Context(), "B1")
		return err
	}, nil},
	{one(paypay.OpCashback), 200, "WAL_500017", "NOT_ENOUGH_MONEY", paypay.Failed, func(s *scene) error {
		s.needs(s.gives(s.user(), 1001))
		s.wait(time.Minute)
		_, err := s.Cashback(s.t.Context(), "B1")
		return err
	}, func(c *simulator.Config) { c.CashbackBudget = 1000 }},
	{one(paypay.OpCashback), 400, "", "TRANSACTION_NOT_FOUND", paypay.State, func(s *scene) error { // ask again
		_, err := s.Cashback(s.t.Context(), "B1")
		return err
	}, nil},
	{one(paypay.OpCashbackReversal), 400, "", "TRANSACTION_NOT_FOUND", paypay.State, func(s *scene) error {
		_, err := s.CashbackReversal(s.t.Context(), "V1", "B1")
		return err
	}, nil},
	{cashbacks, 500, "", "INTERNAL_SERVICE_ERROR", paypay.Unknown, nil, nil},
	{one(paypay.OpExpectedCashback), 200, "08100001", "SUCCESS", done, func(s *scene) error {
		_, err := s.expects(s.user(), false)
		return err
	}, nil},
	{one(paypay.OpExpectedCashback), 401, "", "INVALID_USER_AUTHORIZATION_ID", paypay.Failed, func(s *scene) error {
		_, err := s.expects("nobody", false)
		return err
	}, nil},
}

// expects asks what a linked customer would get back for 1,200 yen.
func (s *scene) expects(user string, english bool) (paypay.ExpectedCashback, error) {
	return s.ExpectedCashback(s.t.Context(), paypay.ExpectedCashbackRequest{
		RequestID: "Q1", UserAuthorizationID: user, Amount: paypay.Yen(1200), English: english,
	})
}

// paying is a story in which a linked customer pays so much.
func paying(yen int64) func(*scene) error {
	return func(s *scene) error { return s.pays("U1", s.user(), yen, paypay.PaymentChoice{}) }
}

// payingByCard is paying, where the shop names the card.
func payingByCard(yen int64) func(*scene) error {
	return func(s *scene) error {
		return s.pays("U1", s.user(), yen, paypay.PaymentChoice{PaymentMethodID: "card"})
	}
}

// owns gives the customer a card for 1,200 yen.
func owns(kind, status string) func(*simulator.Config) {
	return func(c *simulator.Config) {
		c.Customers[0].Means = []simulator.Means{{ID: "card", Type: kind, Yen: 1200, Status: status}}
	}
}

// Every row of PayPay's tables, from the simulator through the client.
func TestCodes_clientAndSimulator(t *testing.T) {
	t.Parallel()
	for _, r := range allRows() {
		for _, op := range r.ops {
			if r.story != nil {
				r.test(t, op, "story", r.story)
				continue
			}
			for _, kind := range []simulator.Kind{simulator.StatusBefore, simulator.StatusAfter} {
				r.test(t, op, string(kind), fault(simulator.Fault{
					Operation: operationOf(op), Kind: kind, Status: r.status, Code: string(r.code), CodeID: r.codeID,
				}))
			}
		}
	}
}

// No code that the client knows goes without a row.
func TestCodes_tablesAgree(t *testing.T) {
	t.Parallel()
	for known := range paypay.Results() {
		if !slices.ContainsFunc(allRows(), func(r row) bool {
			return r.code == known.Code && (r.codeID == known.CodeID || known.CodeID == "") && r.status == known.Status &&
				r.class == known.Class && (known.Op == "" || slices.Contains(r.ops, known.Op))
		}) {
			t.Errorf("nothing shows %+v", known)
		}
	}
}

func allRows() []row { return slices.Concat(allCalls, codeCalls, refundCalls, holdCalls, linkCalls) }

// test plays a row for one of its operations.
func (r row) test(t *testing.T, op paypay.Op, by string, story func(*scene) error) {
	t.Helper()
	t.Run(fmt.Sprintf("%s %d %s %s by %s", op, r.status, r.code, r.codeID, by), func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s := &scene{stand: standInBubble(t, r.with), t: t, op: op}
			err := story(s)
			if got := s.last(); got.Op != op || got.Status != r.status || got.Code != r.code || got.CodeID != r.codeID {
				t.Errorf("the simulator said %+v (error %v)", got, err)
			}
			if r.class == done {
				if err != nil {
					t.Errorf("error %v", err)
				}
				return
			}
			e, ok := errors.AsType[*paypay.Error](err)
			if !ok || e.Op != op || e.Class != r.class || e.Status != r.status || e.Code != r.code || e.CodeID != r.codeID {
				t.Errorf("error %v, want %s %d %s [%s]", err, r.code, r.status, r.codeID, r.class)
			}
		})
	})
}

// operationOf is what the simulator calls an operation.
func operationOf(op paypay.Op) simulator.Operation { return simulator.Operation(op) }
