package simulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"
)

// maxBody is the largest request body that is read.
const maxBody = 64 << 10

// maxAmount is the largest amount that eleven digits hold, in yen.
const maxAmount = 99_999_999_999

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

func badCodeRequest(message string) *answer {
	return refuse(http.StatusBadRequest, "DYNAMIC_QR_BAD_REQUEST", "01650000", message)
}

// body is the answer in JSON. The message of a refusal ends with the request's
// id, as PayPay's does.
func (a *answer) body(requestID string) []byte {
	message := a.message
	if a.status >= http.StatusBadRequest {
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
	CodeID              string  `json:"codeId"`
	URL                 string  `json:"url"`
	Deeplink            string  `json:"deeplink"`
	ExpiryDate          int64   `json:"expiryDate"`
	MerchantPaymentID   string  `json:"merchantPaymentId"`
	Amount              money   `json:"amount"`
	OrderDescription    *string `json:"orderDescription"`
	OrderItems          []any   `json:"orderItems"`
	CodeType            string  `json:"codeType"`
	StoreInfo           *string `json:"storeInfo"`
	StoreID             *string `json:"storeId"`
	TerminalID          *string `json:"terminalId"`
	ProductType         *string `json:"productType"`
	RequestedAt         *int64  `json:"requestedAt"`
	RedirectURL         *string `json:"redirectUrl"`
	RedirectType        *string `json:"redirectType"`
	IsAuthorization     bool    `json:"isAuthorization"`
	AuthorizationExpiry *int64  `json:"authorizationExpiry"`
}

type deletedData struct {
	QRStatus string `json:"qrStatus"`
}

// paymentData answers both kinds of payment details.
type paymentData struct {
	PaymentID          *string         `json:"paymentId"`
	Status             Status          `json:"status"`
	AcceptedAt         int64           `json:"acceptedAt"`
	Refunds            []any           `json:"refunds"`
	Captures           []any           `json:"captures"`
	Revert             any             `json:"revert"`
	MerchantPaymentID  string          `json:"merchantPaymentId"`
	Amount             money           `json:"amount"`
	RequestedAt        int64           `json:"requestedAt"`
	ExpiresAt          *int64          `json:"expiresAt"`
	CanceledAt         *int64          `json:"canceledAt"`
	StoreID            *string         `json:"storeId"`
	TerminalID         *string         `json:"terminalId"`
	OrderReceiptNumber *string         `json:"orderReceiptNumber"`
	OrderDescription   *string         `json:"orderDescription"`
	OrderItems         []any           `json:"orderItems"`
	PaymentMethods     []paymentMethod `json:"paymentMethods"`
}

type paymentMethod struct {
	Amount money  `json:"amount"`
	Type   string `json:"type"`
}

// createRequest is the body of a create, checked.
type createRequest struct {
	merchantPaymentID string
	amount            int64
	orderDescription  *string
	storeInfo         *string
	storeID           *string
	terminalID        *string
	redirectURL       *string
	redirectType      *string
	requestedAt       *int64
}

// parseCreate reads the body of a create. Fields that PayPay has removed, marks
// obsolete or grants by contract are refused like unknown ones.
func parseCreate(body []byte, now time.Time) (createRequest, *answer) {
	object, err := parseObject(body)
	if err != nil {
		return createRequest{}, invalidParams("the body is not one JSON object: " + err.Error())
	}
	f := fields{object: object}
	amount := fields{object: f.child("amount"), within: "amount."}
	c := createRequest{
		merchantPaymentID: f.id("merchantPaymentId"),
		amount:            amount.integer("amount", true, 1, maxAmount),
		orderDescription:  f.text("orderDescription"),
		storeInfo:         f.text("storeInfo"),
		storeID:           f.text("storeId"),
		terminalID:        f.text("terminalId"),
		redirectURL:       f.text("redirectUrl"),
		redirectType:      f.text("redirectType"),
	}
	amount.constant("currency", "JPY")
	f.constant("codeType", "ORDER_QR")
	f.text("userAgent")
	if a := f.text("ipAddress"); a != nil {
		if _, err := netip.ParseAddr(*a); err != nil {
			f.refuse(invalidParams("ipAddress: is not an address"))
		}
	}
	if t := c.redirectType; t != nil && *t != "WEB_LINK" && *t != "APP_DEEP_LINK" {
		f.refuse(invalidParams("redirectType: is unknown"))
	}
	if _, sent := object["requestedAt"]; sent {
		at := f.integer("requestedAt", true, now.Add(-24*time.Hour).Unix(), now.Add(24*time.Hour).Unix())
		c.requestedAt = &at
	}
	if f.flag("isAuthorization") {
		f.refuse(refuse(http.StatusUnauthorized, "OP_OUT_OF_SCOPE", "08100023", "isAuthorization needs the capture contract"))
	}
	amount.unknown()
	f.unknown()
	if f.refused == nil {
		f.refused = amount.refused
	}
	return c, f.refused
}

// fields reads the members of a JSON object one by one, and keeps the first
// refusal. What was not read at the end is unknown.
type fields struct {
	object  map[string]json.RawMessage
	within  string
	refused *answer
}

func (f *fields) refuse(a *answer) {
	if f.refused == nil {
		f.refused = a
	}
}

// take removes a member. It refuses null: what has no value is to be left out.
func (f *fields) take(name string, required bool) (json.RawMessage, bool) {
	raw, ok := f.object[name]
	delete(f.object, name)
	switch {
	case !ok && required:
		f.refuse(refuse(http.StatusBadRequest, "MISSING_REQUEST_PARAMS", "08100024", f.within+name+": is missing"))
	case ok && string(raw) == "null":
		f.refuse(invalidParams(f.within + name + ": must not be null"))
		return nil, false
	}
	return raw, ok
}

func (f *fields) child(name string) map[string]json.RawMessage {
	raw, ok := f.take(name, true)
	if !ok {
		return nil
	}
	object, err := parseObject(raw)
	if err != nil {
		f.refuse(invalidParams(f.within + name + ": is not an object: " + err.Error()))
	}
	return object
}

func (f *fields) id(name string) string {
	raw, ok := f.take(name, true)
	if !ok {
		return ""
	}
	var id string
	if json.Unmarshal(raw, &id) != nil || !plainID(id) {
		f.refuse(badCodeRequest(f.within + name + ": must be 1 to 64 of a-z A-Z 0-9 - _"))
	}
	return id
}

func (f *fields) text(name string) *string {
	raw, ok := f.take(name, false)
	if !ok {
		return nil
	}
	var text string
	switch err := json.Unmarshal(raw, &text); {
	case err != nil:
		f.refuse(invalidParams(f.within + name + ": must be text"))
	case utf8.RuneCountInString(text) > 255:
		f.refuse(invalidParams(f.within + name + ": must be at most 255 characters"))
	case slices.ContainsFunc([]rune(text), unicode.IsControl):
		f.refuse(invalidParams(f.within + name + ": must not hold control characters"))
	}
	return &text
}

func (f *fields) constant(name, want string) {
	if raw, ok := f.take(name, true); ok && string(raw) != strconv.Quote(want) {
		f.refuse(invalidParams(f.within + name + ": must be " + want))
	}
}

// integer reads an integer literal: no text, no fraction, no exponent.
func (f *fields) integer(name string, required bool, low, high int64) int64 {
	raw, ok := f.take(name, required)
	if !ok {
		return 0
	}
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil || n < low || n > high {
		f.refuse(invalidParams(fmt.Sprintf("%s%s: must be an integer from %d to %d", f.within, name, low, high)))
	}
	return n
}

func (f *fields) flag(name string) bool {
	raw, ok := f.take(name, false)
	if ok && string(raw) != "true" && string(raw) != "false" {
		f.refuse(invalidParams(f.within + name + ": must be true or false"))
	}
	return string(raw) == "true"
}

func (f *fields) unknown() {
	if len(f.object) > 0 {
		name := slices.Min(slices.Collect(maps.Keys(f.object)))
		f.refuse(invalidParams(fmt.Sprintf("%s%.64q: is unknown, obsolete or not in the contract", f.within, name)))
	}
}

// parseObject splits one JSON object into its members. encoding/json alone
// would let the last of two equal names win, and take names of any case.
func parseObject(raw []byte) (map[string]json.RawMessage, error) {
	if !utf8.Valid(raw) {
		return nil, errors.New("it is not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, errors.New("it does not begin with {")
	}
	object := map[string]json.RawMessage{}
	for d.More() {
		t, err := d.Token()
		name, ok := t.(string)
		if err != nil || !ok {
			return nil, errors.New("a name is malformed")
		}
		if _, twice := object[name]; twice {
			return nil, fmt.Errorf("%.64q stands twice", name)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, fmt.Errorf("the value of %.64q is malformed", name)
		}
		object[name] = value
	}
	if _, err := d.Token(); err != nil {
		return nil, errors.New("it does not end")
	}
	if d.InputOffset() != int64(len(bytes.TrimRight(raw, " \t\r\n"))) {
		return nil, errors.New("something follows it")
	}
	return object, nil
}

// plainID reports whether an id may be ours or the simulator's.
func plainID(id string) bool {
	if id == "" || len(id) > 64 {
		return false
	}
	for _, c := range []byte(id) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}
