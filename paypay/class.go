package paypay

import (
	"iter"
	"net/http"
)

// Result is one line of PayPay's tables of result codes: an answer that says
// that a call was not done, or not yet known to be, and what that means.
type Result struct {
	Op     Op         // "" is every operation
	Status int        // the HTTP status it is documented with
	Code   ResultCode // resultInfo.code
	CodeID string     // resultInfo.codeId; "" where no source gives one
	Class  Class
}

// Results are the result codes that this package knows, in the order of PayPay's
// tables. A code may stand there several times: for operations in which it means
// different things, or with a codeId that says more.
//
// An answer is looked up by its code, then by its codeId, and never by its
// message. An answer that is not among these is [Retry] with HTTP 429, [Bug] with
// 401, [State] with any other 4xx, so that the order is looked up before anybody
// is told that nothing was paid, and [Unknown] with everything else. A code of
// these that comes with a status of another family than the documented ones is
// Unknown too, whatever that status is.
func Results() iter.Seq[Result] {
	return func(yield func(Result) bool) {
		for _, r := range results {
			ops := r.ops
			if ops == nil {
				ops = []Op{""}
			}
			for _, op := range ops {
				if !yield(Result{op, r.status, r.code, r.codeID, r.class}) {
					return
				}
			}
		}
	}
}

// Operations whose tables say the same.
var (
	everyOp []Op

	reads = []Op{
		OpCodePayment, OpPayment, OpRefundDetails, OpPendingPayment, OpAuthorization, OpProfile,
		OpCheckBalance, OpWalletBalance, OpPaymentMethods, OpCashback, OpCashbackReversal, OpExpectedCashback,
	}
	codeReads = []Op{OpCodePayment, OpPayment}
	userPays  = []Op{OpPay, OpPreauthorize, OpPayContinuous}
	cashbacks = []Op{OpGiveCashback, OpReverseCashback}
)

// results are read from the top.
var results = [...]struct {
	ops    []Op
	status int
	codeID string
	code   ResultCode
	class  Class
}{
	// All operations.
	{everyOp, 400, "08100006", "INVALID_REQUEST_PARAMS", Bug},
	{everyOp, 400, "08100024", "MISSING_REQUEST_PARAMS", Bug},
	{everyOp, 401, "08100016", Unauthorized, Bug},           // key, secret, host, clock or merchant id
	{everyOp, 401, "08100023", OutOfScope, Bug},             // not in the contract
	{everyOp, 404, "08100007", "OPA_CLIENT_NOT_FOUND", Bug}, // no longer documented
	{everyOp, 429, "08100998", RateLimit, Retry},            // refused before it was looked at
	{everyOp, 500, "08100026", "SERVICE_ERROR", Unknown},
	{everyOp, 400, "", OrderTooOld, Failed},
	// Maintenance is planned, but a request may have been on its way when it
	// began. Asking again hurts nobody; for the others a look-up decides.
	{reads, 503, "08100999", MaintenanceMode, Retry},
	{everyOp, 503, "08100999", MaintenanceMode, Unknown},
	{reads, 503, "", "SERVICE_UNDER_MAINTENANCE", Retry},
	{everyOp, 503, "", "SERVICE_UNDER_MAINTENANCE", Unknown},

	// Create a QR Code.
	{[]Op{OpCreateCode}, 400, "01652073", DuplicateCode, State},
	{[]Op{OpCreateCode}, 400, "00400060", "PRE_AUTH_CAPTURE_UNSUPPORTED_MERCHANT", Bug},
	{[]Op{OpCreateCode}, 400, "00400061", "PRE_AUTH_CAPTURE_INVALID_EXPIRY_DATE", Bug},
	{[]Op{OpCreateCode}, 400, "01650000", badCodeRequest, Bug},

	// Get Code Payment Details, Get Payment Details.
	{codeReads, 400, "01652075", PaymentNotFound, Failed}, // the code is gone and nobody paid
	{codeReads, 400, "01650000", badCodeRequest, Bug},

	// Delete a QR Code.
	{[]Op{OpDeleteCode}, 400, "01652074", CodeAlreadyPaid, State},
	{[]Op{OpDeleteCode}, 404, "01652072", CodeNotFound, State}, // expired, deleted or used
	// Documented as our mistake. But newer tables have no other answer for a
	// code that was paid, so the order has to be looked up.
	{[]Op{OpDeleteCode}, 400, "01650000", badCodeRequest, State},

	// Cancel a Payment.
	{[]Op{OpCancelPayment}, 400, "00200044", OrderNotReversible, State},
	{[]Op{OpCancelPayment}, 500, "00200034", internalError, Unknown},

	// Refund a Payment.
	{[]Op{OpRefund}, 400, "00200004", InvalidParams, Bug},
	{[]Op{OpRefund}, 400, "00200015", InvalidParams, Failed}, // more than is left
	{[]Op{OpRefund}, 400, "00200013", Unacceptable, Failed},  // not refundable now
	{[]Op{OpRefund}, 400, "00200014", Unacceptable, Failed},  // one refund only
	{[]Op{OpRefund}, 403, "", "MERCHANT_MULTIPLE_REFUND_REJECTED", Failed},
	{[]Op{OpRefund}, 400, "", RefundThrottled, Retry}, // after a minute
	{[]Op{OpRefund}, 400, "", "REFUND_LIMIT_EXCEEDED", Failed},
	{[]Op{OpRefund}, 400, "", "REFUND_WINDOW_EXCEED", Failed},
	{[]Op{OpRefund}, 404, "00200001", ResourceNotFound, Bug}, // not PayPay's paymentId
	{[]Op{OpRefund}, 404, "", NoSuchRefund, State},
	{[]Op{OpRefund}, 500, "00200002", transactionFailed, Failed},
	{[]Op{OpRefund}, 500, "00200003", transactionFailed, Failed},
	{[]Op{OpRefund}, 500, "00800017", transactionFailed, Failed}, // the customer's balance would be too high
	{[]Op{OpRefund}, 500, "00200034", internalError, Unknown},

	// Get Refund Details.
	{[]Op{OpRefundDetails}, 404, "00200018", NoSuchRefund, State}, // not there yet, perhaps
	{[]Op{OpRefundDetails}, 500, "00200034", internalError, Retry},

	// Capture a Payment.
	{[]Op{OpCapture}, 400, "00400035", Unacceptable, Failed},
	{[]Op{OpCapture}, 400, "", "LIMIT_EXCEEDED", Failed},
	{[]Op{OpCapture}, 400, "", "USER_DEFINED_DAILY_LIMIT_EXCEEDED", Failed},
	{[]Op{OpCapture}, 400, "", "USER_DEFINED_MONTHLY_LIMIT_EXCEEDED", Failed},
	{[]Op{OpCapture}, 400, "00200039", AlreadyCaptured, State},
	{[]Op{OpCapture}, 400, "00400062", "HIGHER_CAPTURE_NOT_PERMITTED", Failed},
	{[]Op{OpCapture}, 400, "00200043", "ORDER_EXPIRED", State},
	{[]Op{OpCapture}, 400, "00200035", "ORDER_NOT_CAPTURABLE", State},
	// Not Retry, although it passes: an amount that the customer has approved is
	// being taken, and only the order can say how that went.
	{[]Op{OpCapture}, 400, "00200038", "REAUTHORIZATION_IN_PROGRESS", State},
	{[]Op{OpCapture}, 400, "00400064", "TOO_CLOSE_TO_EXPIRY", Failed},
	{[]Op{OpCapture}, 400, "", NotEnoughFunds, Failed},
	{[]Op{OpCapture}, 404, "", ResourceNotFound, Bug},

	// Revert a Payment Authorization.
	{[]Op{OpRevert}, 400, "00200042", "ORDER_NOT_CANCELABLE", State},
	{[]Op{OpRevert}, 404, "", ResourceNotFound, Bug},

	// Change the authorised amount.
	{[]Op{OpReauthorize}, 400, "", "REAUTHORIZE_REJECTED", State},
	{[]Op{OpReauthorize}, 400, "", "PAY_METHOD_INVALIDATED", Failed},
	{[]Op{OpReauthorize}, 400, "", "REAUTH_AMOUNT_UNCHANGED", Bug},
	{[]Op{OpReauthorize}, 400, "", "REAUTH_MAX_LIMIT_EXCEEDED", Failed},
	{[]Op{OpReauthorize}, 400, "", "REAUTHORIZE_FAILED", Unknown},
	{[]Op{OpReauthorize}, 404, "", ResourceNotFound, Bug},

	// Payments with a stored authorization.
	{userPays, 400, "00200017", SuspectedDuplicate, State},
	{userPays, 400, "", NotEnoughFunds, Failed},
	{userPays, 400, "", "LIMIT_EXCEEDED", Failed},
	{userPays, 400, "", "USER_DEFINED_DAILY_LIMIT_EXCEEDED", Failed},
	{userPays, 400, "", "USER_DEFINED_MONTHLY_LIMIT_EXCEEDED", Failed},
	{userPays, 400, "", "USER_DAILY_LIMIT_FOR_MERCHANT_EXCEEDED", Failed},
	{userPays, 400, "", "CC_LIMIT_EXCEEDED", Failed},
	{userPays, 400, "", "PPC_LIMIT_EXCEEDED", Failed},
	{userPays, 400, "", "PPC_EXPIRED", Failed},
	{userPays, 400, "", "NON_KYC_USER", Failed},
	{userPays, 400, "", "UNSUPPORTED_PAYMENT_METHOD", Failed},
	{userPays, 400, "", "PAY_METHOD_INVALIDATED", Failed},
	{userPays, 400, "", Unacceptable, Failed},
	{userPays, 400, "00200004", InvalidParams, Bug},
	{userPays, 404, "", "NO_VALID_PAYMENT_METHOD", Failed},
	{userPays, 404, "", "PAYMENT_METHOD_NOT_FOUND", Failed},

	// Pending payments.
	{[]Op{OpCreatePendingPayment}, 400, "", "DUPLICATE_REQUEST_ORDER", State},
	{[]Op{OpCreatePendingPayment}, 400, "", "SUSPECTED_DUPLICATE_ORDER", State},
	{[]Op{OpPendingPayment}, 400, "08300005", PendingNotFound, State},       // not there yet, perhaps
	{[]Op{OpCancelPendingPayment}, 404, "08300005", PendingNotFound, State}, // not there yet, perhaps
	{[]Op{OpRefund}, 404, "08300005", PendingNotFound, Failed},
	{[]Op{OpCancelPendingPayment}, 409, "", "INVALID_REQUEST_ORDER_STATE", State},

	// Account link. The page it leads to shows the last one.
	{[]Op{OpCreateLinkSession}, 400, "08100017", "EXPECTATION_FAILED", Bug}, // scope or domain not in the contract
	{[]Op{OpCreateLinkSession}, 404, "", "SESSION_NOT_FOUND", State},
	{[]Op{OpCreateLinkSession}, 400, "08100019", "3RD_PARTY_BAD_REQUEST", Bug},

	// Cashback.
	{cashbacks, 400, "", "VALIDATION_FAILED_EXCEPTION", State}, // the id was used before
	{cashbacks, 400, "", "FAILURE", Failed},
	{cashbacks, 400, "", "BALANCE_OUT_OF_LIMIT", Failed},
	{cashbacks, 400, "", ResourceNotFound, Failed}, // no such campaign
	{cashbacks, 400, "", "UNAUTHORIZED_ACCESS", Failed},
	{cashbacks, 500, "", "INTERNAL_SERVICE_ERROR", Unknown},
	{[]Op{OpCashback, OpCashbackReversal}, 200, "WAL_500017", NotEnoughBudget, Failed},
	{[]Op{OpCashback, OpCashbackReversal}, 400, "", "TRANSACTION_NOT_FOUND", State}, // not there yet, perhaps

	// The customer's account, in every operation that has to do with one.
	{everyOp, 400, "01103027", UserClosed, Failed},
	{everyOp, 401, "", "USER_STATE_IS_NOT_ACTIVE", Failed},
	{everyOp, 401, "", AuthorizationInvalid, Failed},
	{everyOp, 401, "", AuthorizationExpired, Failed},

	// Codes that mean something else in one of the operations above.
	{everyOp, 400, "", InvalidParams, Bug},
	{everyOp, 404, "", ResourceNotFound, State}, // not there yet, perhaps
	{everyOp, 500, "08101000", internalError, Unknown},
	{everyOp, 500, "", transactionFailed, Failed}, // the one 5xx that is a definite no
}

const (
	badCodeRequest    ResultCode = "DYNAMIC_QR_BAD_REQUEST"
	internalError     ResultCode = "INTERNAL_SERVER_ERROR"
	transactionFailed ResultCode = "TRANSACTION_FAILED"
)

// classify is the class of an answer that does not say that the call was done.
func classify(op Op, a answer) Class {
	// A line with the answer's codeId fits best, then one of the operation, then
	// one of all of them. A codeId that is not known leaves the code its meaning.
	const none, general, own = 0, 1, 2
	class, fit := Unknown, none
	known, here := false, false // the code at all, and with a status of this family
	for r := range Results() {
		if r.Code != a.info.Code {
			continue
		}
		known = true
		if r.Status/100 != a.status/100 {
			continue
		}
		here = true
		if r.Op != "" && r.Op != op {
			continue
		}
		switch {
		case r.CodeID != "" && r.CodeID == a.info.CodeID:
			return r.Class
		case r.Op != "" && fit < own:
			class, fit = r.Class, own
		case fit == none:
			class, fit = r.Class, general
		}
	}
	switch {
	case fit != none:
		return class
	case a.info.Code.taken(), known && !here: // contradicts itself
		return Unknown
	case a.status == http.StatusUnauthorized:
		return Bug
	case a.status == http.StatusTooManyRequests:
		return Retry
	case a.status/100 == 4: // refused, but for what reason the order itself has to show
		return State
	}
	return Unknown
}
