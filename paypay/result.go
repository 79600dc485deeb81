package paypay

// Op is the name PayPay gives an operation in its error look-up page.
type Op string

// The operations of this package.
const (
	OpCreateCode    Op = "v2_createDynamicQRCode"
	OpDeleteCode    Op = "v2_deleteDynamicQRCode"
	OpCodePayment   Op = "v2_getQRPaymentDetails"
	OpCancelPayment Op = "v2_cancelPayment"
)

// ResultCode is resultInfo.code of an answer. Match on it first; the same
// codeId stands under several codes.
type ResultCode string

// The result codes that a caller has reason to branch on.
const (
	Success            ResultCode = "SUCCESS"
	RequestAccepted    ResultCode = "REQUEST_ACCEPTED"
	Unauthorized       ResultCode = "UNAUTHORIZED"
	RateLimit          ResultCode = "RATE_LIMIT"
	MaintenanceMode    ResultCode = "MAINTENANCE_MODE"
	DuplicateCode      ResultCode = "DUPLICATE_DYNAMIC_QR_REQUEST"
	CodeNotFound       ResultCode = "DYNAMIC_QR_NOT_FOUND"
	CodeAlreadyPaid    ResultCode = "DYNAMIC_QR_ALREADY_PAID"
	PaymentNotFound    ResultCode = "DYNAMIC_QR_PAYMENT_NOT_FOUND"
	ResourceNotFound   ResultCode = "RESOURCE_NOT_FOUND"
	OrderNotReversible ResultCode = "ORDER_NOT_REVERSIBLE"
	OrderTooOld        ResultCode = "ORDER_NO_LONGER_AVAILABLE"
)
