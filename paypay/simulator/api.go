package simulator

import (
	"errors"
	"io"
	"mime"
	"net/http"
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

	// OpAll stands for each of them, in a [Fault].
	OpAll Operation = "all"
)

// request is one call of an operation, read but not yet believed.
type request struct {
	http *http.Request
	op   Operation
	id   string // from the path: a codeId or a merchantPaymentId
	body []byte
}

// route finds the operation of a path. known is true when the path exists,
// though perhaps not for this method.
func route(r *http.Request) (op Operation, id string, known bool) {
	path := r.URL.EscapedPath()
	id, isPayment := strings.CutPrefix(path, "/v2/codes/payments/")
	switch code, isCode := strings.CutPrefix(path, "/v2/codes/"); {
	case path == "/v2/codes":
		return choose(r.Method, http.MethodPost, OpCreateCode), "", true
	case isPayment:
		return choose(r.Method, http.MethodGet, OpCodePayment), id, true
	case isCode:
		return choose(r.Method, http.MethodDelete, OpDeleteCode), code, true
	}
	if id, ok := strings.CutPrefix(path, "/v2/payments/"); ok {
		if r.Method == http.MethodGet {
			return OpPayment, id, true
		}
		return choose(r.Method, http.MethodDelete, OpCancelPayment), id, true
	}
	return "", "", false
}

func choose(method, want string, op Operation) Operation {
	if method == want {
		return op
	}
	return ""
}

// serveAPI answers one call: what fails in front of the service first, then the
// service, then what fails on the way back.
func (s *Simulator) serveAPI(w http.ResponseWriter, r *http.Request, requestID string) {
	op, id, known := route(r)
	body, err := readBody(w, r)
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		write(w, invalidParams("the body is larger than "+strconv.FormatInt(tooLarge.Limit, 10)+" bytes"), requestID)
		return
	} else if err != nil {
		panic(http.ErrAbortHandler) // the caller is gone
	}
	if op == "" {
		write(w, noSuchOperation(known), requestID)
		return
	}
	q := request{http: r, op: op, id: id, body: body}
	f := s.meetFault(q)
	if f.before(w, r, requestID) {
		return
	}
	a := s.perform(q, f)
	f.after(w, q, a, requestID)
}

// perform does what a request asks, when it is allowed to ask.
func (s *Simulator) perform(q request, f Fault) *answer {
	now := s.lock()
	defer s.mu.Unlock()
	if refused := s.authorize(q.http, q.body, now); refused != nil {
		return refused
	}
	a := s.operate(q, f, now)
	s.record(q, f.Kind, a.code, now)
	return a
}

func (s *Simulator) operate(q request, f Fault, now time.Time) *answer {
	if q.op == OpCreateCode {
		return s.createCode(q, f, now)
	}
	// An official client sends an empty object when it deletes a code.
	if len(q.body) > 0 && (q.op != OpDeleteCode || string(q.body) != "{}") {
		return invalidParams("this operation takes no body")
	}
	switch q.op {
	case OpDeleteCode:
		return s.deleteCode(q.id, f, now)
	case OpCancelPayment:
		return s.cancelPayment(q.id, now)
	case OpPayment:
		return s.paymentDetails(q.id, now)
	default:
		return s.codePayment(q.id, now)
	}
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
