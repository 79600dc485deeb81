package simulator

import (
	"encoding/json"
	"net/http"
)

// answer is what an operation says. Its data is nil for errors and for what is
// only accepted.
type answer struct {
	status  int
	code    string
	codeID  string
	message string
	data    any
}

func success(status int, data any) *answer {
	return &answer{status: status, code: "SUCCESS", codeID: "08100001", message: "Success", data: data}
}

func refuse(status int, code, codeID, message string) *answer {
	return &answer{status: status, code: code, codeID: codeID, message: message}
}

func invalidParams(message string) *answer {
	return refuse(http.StatusBadRequest, "INVALID_REQUEST_PARAMS", "08100006", message)
}

// badID refuses an id of the code operations.
func (s *Simulator) badID(message string) *answer {
	if s.cfg.BadID == BadIDInvalidParams {
		return invalidParams(message)
	}
	return refuse(http.StatusBadRequest, "DYNAMIC_QR_BAD_REQUEST", "01650000", message)
}

// body is the answer in JSON. The message of a refusal ends with the request's
// id, as PayPay's does.
func (a *answer) body(requestID string) []byte {
	message := a.message
	if a.status >= http.StatusBadRequest && requestID != "" {
		message += " | [" + requestID + "]"
	}
	b, err := json.Marshal(envelope{resultInfo{a.code, message, a.codeID}, a.data})
	if err != nil {
		panic("simulator: an answer of our own cannot be encoded: " + err.Error())
	}
	return b
}

type envelope struct {
	ResultInfo resultInfo `json:"resultInfo"`
	Data       any        `json:"data"`
}

type resultInfo struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	CodeID  string `json:"codeId"`
}

type money struct {
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"`
}

// codeData answers a create. Fields that were not sent are null.
type codeData struct {
	CodeID              string                       `json:"codeId"`
	URL                 string                       `json:"url"`
	Deeplink            string                       `json:"deeplink"`
	ExpiryDate          int64                        `json:"expiryDate"`
	MerchantPaymentID   string                       `json:"merchantPaymentId"`
	Amount              money                        `json:"amount"`
	OrderDescription    *string                      `json:"orderDescription"`
	OrderItems          []map[string]json.RawMessage `json:"orderItems"`
	CodeType            string                       `json:"codeType"`
	StoreInfo           *string                      `json:"storeInfo"`
	StoreID             *string                      `json:"storeId"`
	TerminalID          *string                      `json:"terminalId"`
	ProductType         *string                      `json:"productType"`
	RequestedAt         *int64                       `json:"requestedAt"`
	RedirectURL         *string                      `json:"redirectUrl"`
	RedirectType        *string                      `json:"redirectType"`
	IsAuthorization     bool                         `json:"isAuthorization"`
	AuthorizationExpiry *int64                       `json:"authorizationExpiry"`
}

type deletedData struct {
	QRStatus string `json:"qrStatus"`
}

// paymentData answers both kinds of payment details.
type paymentData struct {
	PaymentID           *string            `json:"paymentId"`
	Status              Status             `json:"status"`
	AcceptedAt          int64              `json:"acceptedAt"`
	Refunds             *list[refundData]  `json:"refunds"`
	Captures            *list[captureData] `json:"captures"`
	Revert              *revertData        `json:"revert"`
	MerchantPaymentID   string             `json:"merchantPaymentId"`
	UserAuthorizationID *string            `json:"userAuthorizationId,omitempty"`
	Amount              money              `json:"amount"`
	RequestedAt         int64              `json:"requestedAt"`
	ExpiresAt           *int64             `json:"expiresAt"`
	CanceledAt          *int64             `json:"canceledAt"`
	StoreID             *string            `json:"storeId"`
	TerminalID          *string            `json:"terminalId"`
	OrderReceiptNumber  *string            `json:"orderReceiptNumber"`
	OrderDescription    *string            `json:"orderDescription"`
	OrderItems          json.RawMessage    `json:"orderItems"`
	PaymentMethods      []paymentMethod    `json:"paymentMethods"`
}

type list[T any] struct {
	Data []T `json:"data"`
}

type paymentMethod struct {
	Amount    money      `json:"amount"`
	Type      string     `json:"type"`
	Breakdown *breakdown `json:"breakdown,omitempty"`
}

type breakdown struct {
	Points []points `json:"points"`
}

type points struct {
	Amount int64  `json:"amount"`
	Type   string `json:"type"`
}

type refundData struct {
	Status           Status  `json:"status"`
	AcceptedAt       int64   `json:"acceptedAt"`
	MerchantRefundID string  `json:"merchantRefundId"`
	PaymentID        string  `json:"paymentId"`
	Amount           money   `json:"amount"`
	RequestedAt      int64   `json:"requestedAt"`
	Reason           *string `json:"reason"`
}

type captureData struct {
	AcceptedAt        *int64  `json:"acceptedAt"`
	MerchantCaptureID string  `json:"merchantCaptureId"`
	Amount            money   `json:"amount"`
	OrderDescription  *string `json:"orderDescription"`
	RequestedAt       int64   `json:"requestedAt"`
	ExpiresAt         *int64  `json:"expiresAt"`
	Status            string  `json:"status"`
}

// revertData is a revert as the details tell it.
type revertData struct {
	AcceptedAt       int64   `json:"acceptedAt"`
	MerchantRevertID string  `json:"merchantRevertId"`
	RequestedAt      int64   `json:"requestedAt"`
	Reason           *string `json:"reason"`
}

// revertedData answers a revert.
type revertedData struct {
	Status      Status  `json:"status"`
	AcceptedAt  int64   `json:"acceptedAt"`
	PaymentID   string  `json:"paymentId"`
	RequestedAt int64   `json:"requestedAt"`
	Reason      *string `json:"reason"`
}

// changeData answers a change of the held amount.
type changeData struct {
	RequestID      string          `json:"requestId"`
	PaymentID      string          `json:"paymentId"`
	UpdatedAmount  money           `json:"updatedAmount"`
	RequestedAt    int64           `json:"requestedAt"`
	AcceptedAt     int64           `json:"acceptedAt"`
	ExpiresAt      int64           `json:"expiresAt"`
	PaymentMethods []paymentMethod `json:"paymentMethods"`
}

// confirmData says where the customer agrees to a higher hold.
type confirmData struct {
	URL       string `json:"url"`
	ExpiresAt int64  `json:"expiresAt"`
}
