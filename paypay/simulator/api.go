package simulator

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Operation is one of PayPay's operations, by the name that its error page uses.
type Operation string

// The operations that the simulator knows.
const (
	OpCreateCode    Operation = "v2_createDynamicQRCode"
	OpDeleteCode    Operation = "v2_deleteDynamicQRCode"
	OpCodePayment   Operation = "v2_getQRPaymentDetails"
	OpCancelPayment Operation = "v2_cancelPayment"
	OpPayment       Operation = "v2_getPaymentDetail"
	OpCreateRefund  Operation = "v2_createRefundPayment"
	OpRefund        Operation = "v2_getRefundDetails"
	OpCapture       Operation = "v2_captureAuthorizedOrder"
	OpRevert        Operation = "v2_revertAuthorizedOrder"
	OpChangeAmount  Operation = "v2_reauthorizeOrder" // PayPay's name for it is not known

	OpCreatePayment   Operation = "v2_createPayment"
	OpPreauthorize    Operation = "v2_createOrderAndAuthorize"
	OpContinuous      Operation = "v1_createSubscriptionPayment"
	OpCreatePending   Operation = "v1_createRequestOrder"
	OpPending         Operation = "v1_getRequestOrder"
	OpCancelPending   Operation = "v1_cancelRequestOrder"
	OpLinkSession     Operation = "v1_qrSession"
	OpUserStatus      Operation = "v2_userAuthStatus"
	OpUnlinkUser      Operation = "v2_unlinkUser"
	OpUserProfile     Operation = "v2_getSecureUserProfile"
	OpCheckBalance    Operation = "v2_checkWalletBalance"
	OpWalletBalance   Operation = "v6_getWalletBalance" //nolint:gosec // the name of an operation
	OpPaymentMethods  Operation = "v4_getPaymentMethods"
	OpGiveCashback    Operation = "v2_createCashBackRequest"
	OpCashback        Operation = "v2_getCashbackDetails"
	OpReverseCashback Operation = "v2_createReverseCashBackRequest"
	OpReversal        Operation = "v2_getReversedCashBackDetails"

	OpExpectedCashback Operation = "expectedCashback" // PayPay's name for it is not known

	// OpAll stands for each of them, in a [Fault].
	OpAll Operation = "all"
)

// operation says where an operation is found, and who answers it.
type operation struct {
	op     Operation
	method string
	path   string   // * stands for an id
	query  []string // the parameters it knows besides assumeMerchant
	answer func(*Simulator, request, Fault, time.Time) *answer
}

// operations are all of them. A literal path stands before one with an id.
var operations = []operation{
	{OpCreateCode, http.MethodPost, "/v2/codes", nil, (*Simulator).createCode},
	{OpDeleteCode, http.MethodDelete, "/v2/codes/*", nil, (*Simulator).deleteCode},
	{OpCodePayment, http.MethodGet, "/v2/codes/payments/*", nil, (*Simulator).codePayment},
	{OpCapture, http.MethodPost, "/v2/payments/capture", nil, (*Simulator).capturePayment},
	{OpRevert, http.MethodPost, "/v2/payments/preauthorize/revert", nil, (*Simulator).revertPayment},
	{OpChangeAmount, http.MethodPost, "/v2/payments/reauthorize", nil, (*Simulator).changeAmount},
	{OpPreauthorize, http.MethodPost, "/v2/payments/preauthorize", []string{"agreeSimilarTransaction"}, (*Simulator).createPayment},
	{OpCreatePayment, http.MethodPost, "/v2/payments", []string{"agreeSimilarTransaction"}, (*Simulator).createPayment},
	{OpContinuous, http.MethodPost, "/v1/subscription/payments", nil, (*Simulator).createPayment},
	{OpPayment, http.MethodGet, "/v2/payments/*", nil, (*Simulator).paymentDetails},
	{OpCancelPayment, http.MethodDelete, "/v2/payments/*", nil, (*Simulator).cancelPayment},
	{OpCreateRefund, http.MethodPost, "/v2/refunds", nil, (*Simulator).createRefund},
	{OpRefund, http.MethodGet, "/v2/refunds/*", []string{"paymentId"}, (*Simulator).refundDetails},
	{OpCreatePending, http.MethodPost, "/v1/requestOrder", nil, (*Simulator).createPending},
	{OpPending, http.MethodGet, "/v1/requestOrder/*", nil, (*Simulator).pendingPayment},
	{OpCancelPending, http.MethodDelete, "/v1/requestOrder/*", nil, (*Simulator).cancelPending},
	{OpLinkSession, http.MethodPost, "/v1/qr/sessions", nil, (*Simulator).linkSession},
	{OpUserStatus, http.MethodGet, "/v2/user/authorizations", []string{"userAuthorizationId"}, (*Simulator).userStatus},
	{OpUnlinkUser, http.MethodDelete, "/v2/user/authorizations/*", nil, (*Simulator).unlinkUser},
	{OpUserProfile, http.MethodGet, "/v2/user/profile/secure", []string{"userAuthorizationId"}, (*Simulator).userProfile},
	{
		OpCheckBalance, http.MethodGet, "/v2/wallet/check_balance",
		[]string{"userAuthorizationId", "amount", "currency", "productType"},
		(*Simulator).checkBalance,
	},
	{
		OpWalletBalance, http.MethodGet, "/v6/wallet/balance",
		[]string{"userAuthorizationId", "currency", "productType"},
		(*Simulator).walletBalance,
	},
	{OpPaymentMethods, http.MethodGet, "/v4/paymentMethods", []string{"userAuthorizationId", "productType"}, (*Simulator).paymentMethods},
	{OpGiveCashback, http.MethodPost, "/v2/cashback", nil, (*Simulator).giveCashback},
	{OpCashback, http.MethodGet, "/v2/cashback/*", nil, (*Simulator).cashbackDetails},
	{OpReverseCashback, http.MethodPost, "/v2/cashback_reversal", nil, (*Simulator).reverseCashback},
	{OpReversal, http.MethodGet, "/v2/cashback_reversal/*/*", nil, (*Simulator).reversalDetails},
	{OpExpectedCashback, http.MethodPost, "/v1/payments/cashback/expected", nil, (*Simulator).expectedCashback},
}

// request is one call of an operation, read but not yet believed.
type request struct {
	operation

	http *http.Request
	id   string // from the path: a codeId, a merchantPaymentId and so on
	id2  string // from the path, where it holds two
	body []byte

	query url.Values // once it is authorized: without assumeMerchant
}

// route finds the operation of a path. known is true when the path exists,
// though perhaps not for this method.
func route(r *http.Request) (q request, known bool) {
	path := strings.Split(r.URL.EscapedPath(), "/")
	for _, o := range operations {
		ids, ok := o.fits(path)
		if !ok {
			continue
		}
		if o.method == r.Method {
			return request{operation: o, http: r, id: ids[0], id2: ids[1]}, true
		}
		known = true
	}
	return request{}, known
}

func (o operation) fits(path []string) (ids [2]string, ok bool) {
	want := strings.Split(o.path, "/")
	if len(path) != len(want) {
		return ids, false
	}
	n := 0
	for i, w := range want {
		if w == "*" {
			ids[n] = path[i]
			n++
		} else if w != path[i] {
			return ids, false
		}
	}
	return ids, true
}

// serveAPI answers one call: what fails in front of the service first, then the
// service, then what fails on the way back.
func (s *Simulator) serveAPI(w http.ResponseWriter, r *http.Request, requestID string) {
	q, known := route(r)
	body, err := readBody(w, r)
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		write(w, invalidParams("the body is larger than "+strconv.FormatInt(tooLarge.Limit, 10)+" bytes"), requestID)
		return
	} else if err != nil {
		panic(http.ErrAbortHandler) // the caller is gone
	}
	if q.op == "" {
		write(w, noSuchOperation(known), requestID)
		return
	}
	q.body = body
	f := s.meetFault(q)
	if f.before(w, r, requestID) {
		return
	}
	a := s.perform(q, f)
	s.after(w, q, f, a, requestID)
}

// perform does what a request asks, when it is allowed to ask.
func (s *Simulator) perform(q request, f Fault) *answer {
	now := s.lock()
	defer s.mu.Unlock()
	if s.crowded(now) {
		return tooMany()
	}
	query, refused := s.authorize(q, now)
	if refused != nil {
		return refused
	}
	q.query = query
	a := s.operate(q, f, now)
	s.record(q, f.Kind, a.code, now)
	return a
}

// crowded reports whether this call is one too many in its second.
func (s *Simulator) crowded(now time.Time) bool {
	if s.second != now.Unix() {
		s.second, s.inSecond = now.Unix(), 0
	}
	s.inSecond++
	return s.cfg.RateLimit > 0 && s.inSecond > s.cfg.RateLimit
}

func tooMany() *answer {
	return refuse(http.StatusTooManyRequests, "RATE_LIMIT", "08100998", "too many requests")
}

func (s *Simulator) operate(q request, f Fault, now time.Time) *answer {
	switch {
	case q.method == http.MethodPost:
		if !jsonContent(q.http.Header.Get("Content-Type")) {
			return invalidParams("the content type must be application/json in UTF-8")
		}
	case len(q.body) > 0 && (q.op != OpDeleteCode && q.op != OpUnlinkUser || string(q.body) != "{}"):
		// An official client sends an empty object when it deletes a
		// code or unlinks a customer.
		return invalidParams("this operation takes no body")
	}
	if f.is(Late, LateCreate) {
		s.agenda.add(now.Add(f.Delay), func(at time.Time) { q.answer(s, q, Fault{}, at) })
		return &answer{}
	}
	return q.answer(s, q, f, now)
}

// noSuchOperation must not look like "no such payment", which a till believes.
func noSuchOperation(known bool) *answer {
	if known {
		return refuse(http.StatusMethodNotAllowed, "INVALID_REQUEST_PARAMS", "08100006", "this path has no such method")
	}
	return refuse(http.StatusNotFound, "INVALID_REQUEST_PARAMS", "08100006", "there is no such operation here")
}

// jsonContent reports whether a content type is one of those in use: JSON, with
// the character set named or not.
func jsonContent(header string) bool {
	kind, params, err := mime.ParseMediaType(header)
	charset, named := params["charset"]
	return err == nil && kind == "application/json" &&
		(len(params) == 0 || named && len(params) == 1 && strings.EqualFold(charset, "utf-8"))
}

// readBody reads the exact bytes that were signed.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	return io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
}

func write(w http.ResponseWriter, a *answer, requestID string) {
	send(w, a.status, a.body(requestID))
}

// send sends a whole answer in JSON.
func send(w http.ResponseWriter, status int, body []byte) {
	writeHead(w, status, len(body))
	writeBody(w, body)
}

func writeHead(w http.ResponseWriter, status, length int) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(length))
	w.WriteHeader(status)
}

// writeBody does not look at the error: a caller that has gone away is none of
// ours.
func writeBody(w http.ResponseWriter, body []byte) {
	_, _ = w.Write(body) //nolint:gosec // JSON by its content type, and browsers are told not to guess another
}
