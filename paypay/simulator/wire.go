package simulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
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

// createRequest is the body of a create, checked.
type createRequest struct {
	merchantPaymentID   string
	userAuthorizationID *string // nil for a code
	amount              int64
	orderDescription    *string
	orderReceiptNumber  *string
	orderItems          json.RawMessage // nil for a code
	storeInfo           *string
	storeID             *string
	terminalID          *string
	redirectURL         *string
	redirectType        *string
	requestedAt         *int64
	isAuthorization     bool // the amount is held and captured later
	authorizationExpiry *int64
}

// parseCreate reads the body of a create. Fields that PayPay has removed, marks
// obsolete or grants by contract are refused like unknown ones.
func (s *Simulator) parseCreate(q request, now time.Time) (createRequest, *answer) {
	f, refused := parseBody(q)
	if refused != nil {
		return createRequest{}, refused
	}
	c := createRequest{
		merchantPaymentID: f.id("merchantPaymentId", s.badID),
		amount:            f.money("amount"),
		orderDescription:  f.text("orderDescription"),
		storeInfo:         f.text("storeInfo"),
		storeID:           f.text("storeId"),
		terminalID:        f.text("terminalId"),
		redirectURL:       f.text("redirectUrl"),
		redirectType:      f.redirectType("redirectType"),
	}
	f.constant("codeType", "ORDER_QR")
	f.text("userAgent")
	if a := f.text("ipAddress"); a != nil {
		if _, err := netip.ParseAddr(*a); err != nil {
			f.refuse(invalidParams("ipAddress: is not an address"))
		}
	}
	if f.has("requestedAt") {
		c.requestedAt = new(f.requestedAt(now))
	}
	if c.isAuthorization = f.flag("isAuthorization"); c.isAuthorization {
		f.refuse(s.needsCapture())
		c.authorizationExpiry = s.holdEnd(f, "authorizationExpiry", now)
	}
	return c, f.done()
}

// needsCapture is why the merchant cannot hold money, or nil.
func (s *Simulator) needsCapture() *answer {
	switch s.cfg.Capture {
	case CaptureAllowed:
		return nil
	case CaptureUnsupported400:
		return refuse(http.StatusBadRequest, "PRE_AUTH_CAPTURE_UNSUPPORTED_MERCHANT", "00400060", "the merchant cannot hold money")
	case CaptureOutOfScope401:
	}
	return refuse(http.StatusUnauthorized, "OP_OUT_OF_SCOPE", "08100023", "isAuthorization needs the capture contract")
}

// holdEnd reads when a hold is to end, which may be left out.
func (s *Simulator) holdEnd(f *fields, name string, now time.Time) *int64 {
	if !f.has(name) {
		return nil
	}
	at := f.integer(name, 0, math.MaxInt64)
	if f.refused == nil && (at <= now.Unix() || at > now.Add(s.cfg.AuthorizationLimit).Unix()) {
		f.refuse(refuse(http.StatusBadRequest, "PRE_AUTH_CAPTURE_INVALID_EXPIRY_DATE", "00400061", name+": is not within the contract"))
	}
	return &at
}

// parseBody splits a request's body into its members.
func parseBody(q request) (*fields, *answer) {
	object, err := parseObject(q.body)
	if err != nil {
		return nil, invalidParams("the body is not one JSON object: " + err.Error())
	}
	return &fields{object: object}, nil
}

// fields reads the members of a JSON object one by one, and keeps the first
// refusal. What was not read at the end is unknown.
type fields struct {
	object  map[string]json.RawMessage
	within  string
	refused *answer
}

func (f *fields) refuse(a *answer) {
	if f.refused == nil && a != nil {
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

func (f *fields) has(name string) bool {
	_, sent := f.object[name]
	return sent
}

// done is why the members cannot be used, or nil.
func (f *fields) done() *answer {
	f.unknown()
	return f.refused
}

// money reads yen.
func (f *fields) money(name string) int64 {
	m := fields{object: f.child(name), within: name + "."}
	yen := m.integer("amount", 1, maxAmount)
	m.constant("currency", "JPY")
	f.refuse(m.done())
	return yen
}

// requestedAt reads when the caller made its request, in seconds.
func (f *fields) requestedAt(now time.Time) int64 {
	return f.integer("requestedAt", now.Add(-24*time.Hour).Unix(), now.Add(24*time.Hour).Unix())
}

func (f *fields) redirectType(name string) *string {
	t := f.text(name)
	if t != nil && *t != "WEB_LINK" && *t != "APP_DEEP_LINK" {
		f.refuse(invalidParams(name + ": is unknown"))
	}
	return t
}

// id reads an id that is required.
func (f *fields) id(name string, wrong func(string) *answer) string {
	raw, ok := f.take(name, true)
	if !ok {
		return ""
	}
	var id string
	if json.Unmarshal(raw, &id) != nil || !plainID(id) {
		f.refuse(wrong(f.within + name + ": must be 1 to 64 of a-z A-Z 0-9 - _"))
	}
	return id
}

// longID reads an id of up to 255 characters that is required.
func (f *fields) longID(name string) string {
	id := f.needText(name)
	if id != nil && !plain(*id, 255) {
		f.refuse(invalidParams(f.within + name + ": must be 1 to 255 of a-z A-Z 0-9 - _"))
	}
	if id == nil {
		return ""
	}
	return *id
}

// needText reads text that is required.
func (f *fields) needText(name string) *string {
	if !f.has(name) {
		f.take(name, true)
		return nil
	}
	return f.text(name)
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

// integer reads an integer literal that is required: no text, no fraction, no exponent.
func (f *fields) integer(name string, low, high int64) int64 {
	raw, ok := f.take(name, true)
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
func plainID(id string) bool { return plain(id, 64) }

func plain(id string, longest int) bool {
	if id == "" || len(id) > longest {
		return false
	}
	for _, c := range []byte(id) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}
