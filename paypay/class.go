package paypay

// rule says what a result code means for the money. Codes are matched before
// the status, and never a message. A code that comes with a status of another
// family than the one it is documented with is not believed.
type rule struct {
	code   ResultCode // "" is every code
	op     Op         // "" is every operation
	status int        // 4 is every 4xx, 5 every 5xx
	class  Class
}

// rules are read from the top; the first that fits decides. What fits none, a
// 5xx above all, is Unknown.
var rules = [...]rule{
	// All operations.
	{"INVALID_REQUEST_PARAMS", "", 4, Bug},
	{"MISSING_REQUEST_PARAMS", "", 4, Bug},
	{"INVALID_PARAMS", "", 4, Bug},
	{Unauthorized, "", 4, Bug},           // key, secret, host, clock or merchant id
	{"OP_OUT_OF_SCOPE", "", 4, Bug},      // not in the contract
	{"OPA_CLIENT_NOT_FOUND", "", 4, Bug}, // no longer documented
	{RateLimit, "", 4, Retry},            // refused before it was looked at
	{"SERVICE_ERROR", "", 5, Unknown},
	{"INTERNAL_SERVER_ERROR", "", 5, Unknown},
	{"TRANSACTION_FAILED", "", 5, Failed}, // the one 5xx that is a definite no
	{OrderTooOld, "", 4, Failed},

	// Maintenance is planned, but a request may have been on its way when it
	// began. Asking again hurts nobody; for the others a look-up decides.
	{MaintenanceMode, OpCodePayment, 5, Retry},
	{MaintenanceMode, "", 5, Unknown},
	{"SERVICE_UNDER_MAINTENANCE", OpCodePayment, 5, Retry},
	{"SERVICE_UNDER_MAINTENANCE", "", 5, Unknown},

	{DuplicateCode, OpCreateCode, 4, State},
	{"PRE_AUTH_CAPTURE_UNSUPPORTED_MERCHANT", OpCreateCode, 4, Bug},
	{"PRE_AUTH_CAPTURE_INVALID_EXPIRY_DATE", OpCreateCode, 4, Bug},
	{badCodeRequest, OpCreateCode, 4, Bug},

	{PaymentNotFound, OpCodePayment, 4, Failed}, // the code is gone and nobody paid
	{badCodeRequest, OpCodePayment, 4, Bug},
	{ResourceNotFound, "", 4, State}, // not there yet, perhaps

	{CodeAlreadyPaid, OpDeleteCode, 4, State},
	{CodeNotFound, OpDeleteCode, 4, State}, // expired, deleted or used
	// Documented as our mistake. But newer tables have no other answer for a
	// code that was paid, so the order has to be looked up.
	{badCodeRequest, OpDeleteCode, 4, State},

	{OrderNotReversible, OpCancelPayment, 4, State},

	// Codes that are not known.
	{Success, "", 4, Unknown}, // contradicts itself
	{RequestAccepted, "", 4, Unknown},
	{"", "", 401, Bug},
	{"", "", 429, Retry},
	{"", "", 4, State}, // refused, but for what reason the order itself has to show
}

const badCodeRequest ResultCode = "DYNAMIC_QR_BAD_REQUEST"

// classify is the class of an answer that does not say that the call was done.
func classify(op Op, status int, code ResultCode) Class {
	for _, r := range rules {
		if (r.code == "" || r.code == code) && (r.op == "" || r.op == op) && (r.status == status/100 || r.status == status) {
			return r.class
		}
	}
	return Unknown
}
