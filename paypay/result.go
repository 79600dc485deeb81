package paypay

// Op is the name PayPay gives an operation in its error look-up page.
type Op string

// The operations of this package.
const (
	OpCreateCode    Op = "v2_createDynamicQRCode"
	OpDeleteCode    Op = "v2_deleteDynamicQRCode"
	OpCodePayment   Op = "v2_getQRPaymentDetails"
	OpPayment       Op = "v2_getPaymentDetail"
	OpCancelPayment Op = "v2_cancelPayment"
	OpRefund        Op = "v2_createRefundPayment"
	OpRefundDetails Op = "v2_getRefundDetails"
	OpCapture       Op = "v2_captureAuthorizedOrder"
	OpRevert        Op = "v2_revertAuthorizedOrder"
	OpReauthorize   Op = "v2_reauthorizeOrder" // PayPay's name for it is not known

	OpPay                  Op = "v2_createPayment"
	OpPreauthorize         Op = "v2_createOrderAndAuthorize"
	OpPayContinuous        Op = "v1_createSubscriptionPayment"
	OpCreatePendingPayment Op = "v1_createRequestOrder"
	OpPendingPayment       Op = "v1_getRequestOrder"
	OpCancelPendingPayment Op = "v1_cancelRequestOrder"

	OpCreateLinkSession Op = "v1_qrSession"
	OpAuthorization     Op = "v2_userAuthStatus"
	OpUnlink            Op = "v2_unlinkUser"
	OpProfile           Op = "v2_getSecureUserProfile"
	OpCheckBalance      Op = "v2_checkWalletBalance"
	OpWalletBalance     Op = "v6_getWalletBalance" //nolint:gosec // The name of an operation, not a credential.
	OpPaymentMethods    Op = "v4_getPaymentMethods"

	OpGiveCashback     Op = "v2_createCashBackRequest"
	OpCashback         Op = "v2_getCashbackDetails"
	OpReverseCashback  Op = "v2_createReverseCashBackRequest"
	OpCashbackReversal Op = "v2_getReversedCashBackDetails"
	OpExpectedCashback Op = "expectedCashback" // PayPay's name for it is not known
)

// ResultCode is resultInfo.code of an answer. Match on it first; the same
// codeId stands under several codes. [Results] has those that are known.
type ResultCode string

// The result codes that a caller has reason to branch on.
const (
	Success              ResultCode = "SUCCESS"
	RequestAccepted      ResultCode = "REQUEST_ACCEPTED"
	ConfirmationRequired ResultCode = "USER_CONFIRMATION_REQUIRED"

	Unauthorized    ResultCode = "UNAUTHORIZED"
	OutOfScope      ResultCode = "OP_OUT_OF_SCOPE"
	InvalidParams   ResultCode = "INVALID_PARAMS"
	RateLimit       ResultCode = "RATE_LIMIT"
	MaintenanceMode ResultCode = "MAINTENANCE_MODE"

	DuplicateCode      ResultCode = "DUPLICATE_DYNAMIC_QR_REQUEST"
	CodeNotFound       ResultCode = "DYNAMIC_QR_NOT_FOUND"
	CodeAlreadyPaid    ResultCode = "DYNAMIC_QR_ALREADY_PAID"
	PaymentNotFound    ResultCode = "DYNAMIC_QR_PAYMENT_NOT_FOUND"
	ResourceNotFound   ResultCode = "RESOURCE_NOT_FOUND"
	OrderNotReversible ResultCode = "ORDER_NOT_REVERSIBLE"
	OrderTooOld        ResultCode = "ORDER_NO_LONGER_AVAILABLE"

	NoSuchRefund    ResultCode = "NO_SUCH_REFUND_ORDER"
	RefundThrottled ResultCode = "THROTTLED_MULTIPLE_REFUND_REJECTED" // again after a minute, with the same id
	Unacceptable    ResultCode = "UNACCEPTABLE_OP"
	AlreadyCaptured ResultCode = "ALREADY_CAPTURED"

	SuspectedDuplicate   ResultCode = "SUSPECTED_DUPLICATE_PAYMENT"
	NotEnoughFunds       ResultCode = "NO_SUFFICIENT_FUND" // the customer's
	NotEnoughBudget      ResultCode = "NOT_ENOUGH_MONEY"   // the merchant's, for cashback
	PendingNotFound      ResultCode = "REQUEST_ORDER_NOT_FOUND"
	UserClosed           ResultCode = "CANCELED_USER"
	AuthorizationInvalid ResultCode = "INVALID_USER_AUTHORIZATION_ID"
	AuthorizationExpired ResultCode = "EXPIRED_USER_AUTHORIZATION_ID"
)

// taken reports whether a code says that PayPay did a call, or will.
func (c ResultCode) taken() bool {
	return c == Success || c == RequestAccepted || c == ConfirmationRequired
}
