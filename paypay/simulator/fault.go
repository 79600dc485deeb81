package simulator

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Kind is what goes wrong with a call.
type Kind string

// The kinds of fault. Before means that the call never reaches the service: it
// has no effect and its signature is not looked at. Every other kind takes hold
// of the answer, after the call has done what it does.
const (
	DropBefore   Kind = "drop-before"   // the connection is closed
	DelayBefore  Kind = "delay-before"  // nothing happens for Delay; none at all if the caller leaves first
	StatusBefore Kind = "status-before" // Status, with Code and CodeID
	HTMLBefore   Kind = "html-before"   // a web page with Status, as a captive portal or a gateway sends
	RateLimit    Kind = "rate-limit"    // 429 RATE_LIMIT, with Retry-After where it is set
	Maintenance  Kind = "maintenance"   // 503 MAINTENANCE_MODE
	Unauthorized Kind = "unauthorized"  // 401 UNAUTHORIZED

	DropAfter    Kind = "drop-after"    // the connection is closed without an answer
	DelayAfter   Kind = "delay-after"   // the answer comes after Delay
	StatusAfter  Kind = "status-after"  // Status, with Code and CodeID
	HTMLAfter    Kind = "html-after"    // a web page with Status
	Truncated    Kind = "truncated"     // the connection is closed in the middle of the body
	WrongLength  Kind = "wrong-length"  // Content-Length is half the body's, so the body ends there
	Garbage      Kind = "garbage"       // a body that is no JSON
	DuplicateKey Kind = "duplicate-key" // a body whose members stand twice, the second time with better news

	Stale         Kind = "stale"          // a look-up that knows nothing of a payment made
	WrongAmount   Kind = "wrong-amount"   // one yen more than was asked for
	WrongID       Kind = "wrong-id"       // the answer to somebody else's question
	UnknownStatus Kind = "unknown-status" // a status that no document names

	LateCreate Kind = "late-create" // a create without an answer, which takes effect after Delay by the simulator's clock
	PayDuring  Kind = "pay-during"  // the customer pays between a delete's arrival and its answer
)

// Fault makes calls go wrong. Of several faults that fit a call, the one armed
// first is used, and only that one. A fault is used up by a call that fits, even
// where there was nothing to spoil in the answer.
type Fault struct {
	Operation         Operation     // which calls; empty is [OpAll]
	Kind              Kind          // what happens to them
	MerchantPaymentID string        // only calls about this payment; empty is any
	Times             int           // how many calls; 0 is until [Simulator.ClearFaults]
	Probability       float64       // of each call that fits, decided by the seed; 0 is always
	Status            int           // HTTP status, for the status and html kinds; html may leave it out for 200 or 502
	Code              string        // resultInfo.code, for the status kinds
	CodeID            string        // resultInfo.codeId, for the status kinds
	Delay             time.Duration // for the delay kinds, in real time, and for LateCreate
	RetryAfter        time.Duration // for RateLimit, in whole seconds; 0 sends no Retry-After
}

// FieldError says which field of a fault or of a control call cannot be used.
type FieldError struct {
	Field   string // as in JSON
	Problem string
}

// Error is the field and the problem.
func (e *FieldError) Error() string { return "simulator: " + e.Field + ": " + e.Problem }

// longest bounds the waits that can be asked for.
const longest = 366 * 24 * time.Hour

// maxFaults bounds how many faults are armed at once.
const maxFaults = 1000

// operations are those that a kind makes sense for; nil is all of them.
func (k Kind) operations() []Operation {
	switch k {
	case Stale:
		return []Operation{OpCodePayment, OpPayment, OpRefund}
	case WrongAmount, WrongID:
		return []Operation{OpCreateCode, OpCodePayment, OpPayment, OpCapture, OpCreateRefund, OpRefund}
	case UnknownStatus:
		return []Operation{OpDeleteCode, OpCodePayment, OpPayment, OpCapture, OpCreateRefund, OpRefund}
	case LateCreate:
		return []Operation{OpCreateCode}
	case PayDuring:
		return []Operation{OpDeleteCode}
	case DropBefore, DelayBefore, StatusBefore, HTMLBefore, RateLimit, Maintenance, Unauthorized,
		DropAfter, DelayAfter, StatusAfter, HTMLAfter, Truncated, WrongLength, Garbage, DuplicateKey:
		return nil
	}
	return []Operation{} // unknown: none
}

func (f Fault) is(kinds ...Kind) bool { return slices.Contains(kinds, f.Kind) }

// check finds the first field that cannot be used.
func (f Fault) check() error {
	ops := f.Kind.operations()
	withStatus := f.is(StatusBefore, StatusAfter)
	html := f.is(HTMLBefore, HTMLAfter)
	delayed := f.is(DelayBefore, DelayAfter, LateCreate)
	switch {
	case ops != nil && len(ops) == 0:
		return &FieldError{"kind", fmt.Sprintf("%.64q is unknown", f.Kind)}
	case f.Operation != OpAll && !slices.ContainsFunc(operations, func(o operation) bool { return o.op == f.Operation }):
		return &FieldError{"operation", fmt.Sprintf("%.64q is unknown", f.Operation)}
	case ops != nil && f.Operation != OpAll && !slices.Contains(ops, f.Operation):
		return &FieldError{"operation", fmt.Sprintf("%s cannot happen to %s", f.Kind, f.Operation)}
	case f.MerchantPaymentID != "" && !plainID(f.MerchantPaymentID):
		return &FieldError{"merchantPaymentId", "must be 1 to 64 of a-z A-Z 0-9 - _"}
	case f.Times < 0:
		return &FieldError{"times", "must not be negative"}
	case math.IsNaN(f.Probability) || f.Probability < 0 || f.Probability > 1:
		return &FieldError{"probability", "must be from 0 to 1"}
	case withStatus && (f.Status < 200 || f.Status > 599):
		return &FieldError{"status", "must be from 200 to 599"}
	case html && f.Status != 0 && f.Status != http.StatusOK && f.Status != http.StatusBadGateway:
		return &FieldError{"status", "must be 200 or 502"}
	case !withStatus && !html && f.Status != 0:
		return &FieldError{"status", fmt.Sprintf("has no meaning for %s", f.Kind)}
	case withStatus && f.Code == "":
		return &FieldError{"code", "must not be empty"}
	case !withStatus && f.Code+f.CodeID != "":
		return &FieldError{"code", fmt.Sprintf("has no meaning for %s", f.Kind)}
	case delayed && (f.Delay <= 0 || f.Delay > longest):
		return &FieldError{"delay", "must be more than nothing and at most a year"}
	case !delayed && f.Delay != 0:
		return &FieldError{"delay", fmt.Sprintf("has no meaning for %s", f.Kind)}
	case f.RetryAfter < 0 || f.RetryAfter > longest || f.RetryAfter%time.Second != 0:
		return &FieldError{"retryAfter", "must be whole seconds, at most a year"}
	case f.RetryAfter != 0 && !f.is(RateLimit):
		return &FieldError{"retryAfter", fmt.Sprintf("has no meaning for %s", f.Kind)}
	}
	return nil
}

// faultJSON is a fault as the control call takes it.
type faultJSON struct {
	Operation         Operation `json:"operation"`
	Kind              Kind      `json:"kind"`
	MerchantPaymentID string    `json:"merchantPaymentId"`
	Times             int       `json:"times"`
	Probability       float64   `json:"probability"`
	Status            int       `json:"status"`
	Code              string    `json:"code"`
	CodeID            string    `json:"codeId"`
	Delay             string    `json:"delay"`
	RetryAfter        string    `json:"retryAfter"`
}

func (j faultJSON) fault() (Fault, error) {
	f := Fault{
		Operation:         j.Operation,
		Kind:              j.Kind,
		MerchantPaymentID: j.MerchantPaymentID,
		Times:             j.Times,
		Probability:       j.Probability,
		Status:            j.Status,
		Code:              j.Code,
		CodeID:            j.CodeID,
	}
	var err error
	if f.Delay, err = duration("delay", j.Delay); err != nil {
		return Fault{}, err
	}
	f.RetryAfter, err = duration("retryAfter", j.RetryAfter)
	return f, err
}

// duration reads text such as "2s"; empty text is no duration.
func duration(field, text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0, &FieldError{field, `must be a duration such as "2s"`}
	}
	return d, nil
}

// armedFault is a fault and what has become of it.
type armedFault struct {
	Fault

	number uint64
	left   int               // calls it still takes, unless Times is 0
	seen   map[string]uint64 // calls that fitted, where chance decides
}

// Fault arms a fault. The error is a [*FieldError].
func (s *Simulator) Fault(f Fault) error {
	if f.Operation == "" {
		f.Operation = OpAll
	}
	if err := f.check(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.faults) == maxFaults {
		return &FieldError{"kind", "too many faults are armed"}
	}
	s.armed++
	s.faults = append(s.faults, &armedFault{Fault: f, number: s.armed, left: f.Times, seen: map[string]uint64{}})
	return nil
}

// ClearFaults disarms every fault. Creates that are held back still happen.
func (s *Simulator) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// meetFault finds the fault that a call runs into; the zero value is none. A
// call that will not reach the service is put on record here.
func (s *Simulator) meetFault(q request) Fault {
	now := s.lock()
	defer s.mu.Unlock()
	if len(s.faults) == 0 {
		return Fault{}
	}
	id := s.paymentOf(q)
	for i, a := range s.faults {
		if !a.fits(q.op, id) || !s.decide(a, q.op, id) {
			continue
		}
		if a.Times > 0 {
			if a.left--; a.left == 0 {
				s.faults = slices.Delete(s.faults, i, i+1)
			}
		}
		if a.is(DropBefore, StatusBefore, HTMLBefore, RateLimit, Maintenance, Unauthorized) {
			s.record(q, a.Kind, "", now)
		}
		return a.Fault
	}
	return Fault{}
}

func (a *armedFault) fits(op Operation, id string) bool {
	ops := a.Kind.operations()
	return (a.Operation == OpAll || a.Operation == op) &&
		(ops == nil || slices.Contains(ops, op)) &&
		(a.MerchantPaymentID == "" || a.MerchantPaymentID == id)
}

// decide draws by the number of the call among those of its kind, not by the
// order in which goroutines arrive.
func (s *Simulator) decide(a *armedFault, op Operation, id string) bool {
	if a.Probability == 0 || a.Probability == 1 {
		return true
	}
	key := string(op) + " " + id
	a.seen[key]++
	sum := s.derive("fault", strconv.FormatUint(a.number, 10), key, strconv.FormatUint(a.seen[key], 10))
	return fraction(sum) < a.Probability
}

// fraction maps a derived number to [0, 1).
func fraction(sum [32]byte) float64 {
	n := uint64(0)
	for _, b := range sum[:7] {
		n = n<<8 | uint64(b)
	}
	return float64(n>>3) / (1 << 53)
}

// before lets a fault happen in front of the service. It reports whether that
// was the end of the call.
func (f Fault) before(w http.ResponseWriter, r *http.Request, requestID string) bool {
	switch f.Kind {
	case DropBefore:
		panic(http.ErrAbortHandler)
	case DelayBefore:
		wait(r, f.Delay)
		return false
	case StatusBefore:
		write(w, f.refusal(), requestID)
	case HTMLBefore:
		writePage(w, f.Status, http.StatusOK)
	case RateLimit:
		if f.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.FormatInt(int64(f.RetryAfter/time.Second), 10))
		}
		write(w, refuse(http.StatusTooManyRequests, "RATE_LIMIT", "08100998", "too many requests"), requestID)
	case Maintenance:
		write(w, refuse(http.StatusServiceUnavailable, "MAINTENANCE_MODE", "08100999", "the service is under maintenance"), requestID)
	case Unauthorized:
		write(w, unauthorized("a fault says so"), requestID)
	default:
		return false
	}
	return true
}

// after sends an answer, spoilt as the fault wants it.
func (f Fault) after(w http.ResponseWriter, q request, a *answer, requestID string) {
	switch f.Kind { //nolint:exhaustive // the others leave the way back alone
	case DropAfter, LateCreate:
		panic(http.ErrAbortHandler)
	case DelayAfter:
		wait(q.http, f.Delay)
	case StatusAfter:
		a = f.refusal()
	case HTMLAfter:
		writePage(w, f.Status, http.StatusBadGateway)
		return
	}
	a = f.distort(q.op, a)
	body := a.body(requestID)
	switch f.Kind { //nolint:exhaustive // the others leave the bytes alone
	case Truncated:
		writeHead(w, a.status, len(body))
		writeBody(w, body[:len(body)/2])
		_ = http.NewResponseController(w).Flush() // without a server there is nothing to flush
		panic(http.ErrAbortHandler)
	case WrongLength:
		body = body[:len(body)/2]
	case Garbage:
		body = []byte("\x00\xff{]garbage")
	case DuplicateKey:
		body = repeat(body, a)
	}
	send(w, a.status, body)
}

func (f Fault) refusal() *answer {
	return refuse(f.Status, f.Code, f.CodeID, "a fault says so")
}

// distort changes what an answer says. What has no such thing to say is left as
// it is.
func (f Fault) distort(op Operation, a *answer) *answer {
	payment, isPayment := a.data.(*paymentData)
	code, isCode := a.data.(*codeData)
	deleted, isDeleted := a.data.(*deletedData)
	refund, isRefund := a.data.(*refundData)
	switch {
	case f.is(Stale) && isRefund && op == OpRefund:
		return noRefund()
	case f.is(WrongAmount) && isRefund:
		refund.Amount.Amount++
	case f.is(WrongID) && isRefund:
		refund.MerchantRefundID = "somebody-elses"
	case f.is(UnknownStatus) && isRefund:
		refund.Status = "PENDING_REVIEW"
	case f.is(Stale) && isPayment:
		if op == OpPayment {
			return noPayment()
		}
		payment.PaymentID, payment.Status, payment.CanceledAt, payment.PaymentMethods = nil, StatusCreated, nil, nil
		payment.AcceptedAt, payment.RequestedAt = 0, 0
	case f.is(WrongAmount) && isPayment:
		payment.Amount.Amount++
	case f.is(WrongAmount) && isCode:
		code.Amount.Amount++
	case f.is(WrongID) && isPayment:
		payment.MerchantPaymentID = "somebody-elses"
	case f.is(WrongID) && isCode:
		code.MerchantPaymentID = "somebody-elses"
	case f.is(UnknownStatus) && isPayment:
		payment.Status = "PENDING_REVIEW"
	case f.is(UnknownStatus) && isDeleted:
		deleted.QRStatus = "DELETING"
	}
	return a
}

// repeat adds a second resultInfo that claims success and, for a payment, a
// second data that claims COMPLETED, which a careless decoder takes for true.
func repeat(body []byte, a *answer) []byte {
	again := []byte(`,"resultInfo":{"code":"SUCCESS","message":"Success","codeId":"08100001"}`)
	if p, ok := a.data.(*paymentData); ok {
		paid := *p
		paid.Status = StatusCompleted
		b, err := json.Marshal(paid)
		if err == nil {
			again = append(append(again, `,"data":`...), b...)
		}
	}
	return append(append(body[:len(body)-1], again...), '}')
}

// wait lets real time pass. When the caller leaves, so does the call.
func wait(r *http.Request, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-r.Context().Done():
		panic(http.ErrAbortHandler)
	}
}

// writePage sends what something in front of PayPay sends: it knows no request
// id.
func writePage(w http.ResponseWriter, status, otherwise int) {
	if status == 0 {
		status = otherwise
	}
	w.Header().Del("X-Request-Id")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte("<!DOCTYPE html><html><head><title>Network login</title></head><body>{}</body></html>\n"))
}
