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
	Redirect     Kind = "redirect"      // 302 to a web page, as a captive portal sends
	RateLimit    Kind = "rate-limit"    // 429 RATE_LIMIT, with Retry-After where it is set
	Maintenance  Kind = "maintenance"   // 503 MAINTENANCE_MODE
	Unauthorized Kind = "unauthorized"  // 401 UNAUTHORIZED

	DropAfter   Kind = "drop-after"   // the connection is closed without an answer
	DelayAfter  Kind = "delay-after"  // the answer comes after Delay
	StatusAfter Kind = "status-after" // Status, with Code and CodeID
	HTMLAfter   Kind = "html-after"   // a web page with Status

	Truncated      Kind = "truncated"       // the connection is closed in the middle of the body
	WrongLength    Kind = "wrong-length"    // Content-Length is half the body's, so the body ends there
	SlowBody       Kind = "slow-body"       // each byte of the body comes Delay after the one before
	HugeBody       Kind = "huge-body"       // a sound answer, and 64 MiB of spaces after it
	GzipBomb       Kind = "gzip-bomb"       // the same, compressed to a thousandth, whether the caller takes gzip or not
	EndlessHeaders Kind = "endless-headers" // 12 MiB of them
	CutNext        Kind = "cut-next"        // a whole answer, and the next call on its connection is cut
	Twice          Kind = "twice"           // the whole answer a second time on the same connection

	Garbage       Kind = "garbage"         // a body that is no JSON
	EmptyBody     Kind = "empty-body"      // no body
	NullBody      Kind = "null-body"       // the body null
	NoResult      Kind = "no-result"       // no resultInfo
	WrongTypes    Kind = "wrong-types"     // numbers where text was, and the other way round
	ByteOrderMark Kind = "byte-order-mark" // a sound answer after a byte order mark
	TrailingText  Kind = "trailing-text"   // a sound answer, and more after it
	DuplicateKey  Kind = "duplicate-key"   // a body whose members stand twice, the second time with better news
	OtherCase     Kind = "other-case"      // likewise, and the second time in capitals

	Stale         Kind = "stale"          // a look-up that knows nothing of a payment made, as from a copy that lags behind
	NotFound      Kind = "not-found"      // a look-up that does not find what is there
	Cached        Kind = "cached"         // a look-up answered by a cache: as the last time, with its Date and its Age
	WrongAmount   Kind = "wrong-amount"   // one yen more than was asked for
	WrongCurrency Kind = "wrong-currency" // USD
	WrongID       Kind = "wrong-id"       // the answer to somebody else's question
	UnknownStatus Kind = "unknown-status" // a status that no document names
	WrongDate     Kind = "wrong-date"     // the Date header is off by Skew
	NoDate        Kind = "no-date"        // no Date header

	Late       Kind = "late"        // no answer, and the call takes effect after Delay by the simulator's clock
	LateCreate Kind = "late-create" // the same, of creates only
	PayDuring  Kind = "pay-during"  // the customer pays between a delete's arrival and its answer
)

// Fault makes calls go wrong. Of several faults that fit a call, the one armed
// first is used, and only that one. A fault is used up by a call that fits, even
// where there was nothing to spoil in the answer.
type Fault struct {
	Operation         Operation     // which calls; empty is [OpAll]
	Kind              Kind          // what happens to them
	MerchantPaymentID string        // only calls about this payment; empty is any
	Times             int           // how many calls, of which a client that repeats makes one with each try; 0 is until [Simulator.ClearFaults]
	Probability       float64       // of each call that fits, decided by the seed; 0 is always
	Status            int           // HTTP status, for the status and html kinds; html may leave it out for 200 or 502
	Code              string        // resultInfo.code, for the status kinds
	CodeID            string        // resultInfo.codeId, for the status kinds
	Delay             time.Duration // for the delay kinds and SlowBody, in real time, and for the late kinds
	Skew              time.Duration // for WrongDate; behind the simulator's clock when negative
	RetryAfter        time.Duration // for RateLimit, in whole seconds; 0 sends no Retry-After
}

// FieldError says which field of a fault, of a control call or of a [Config]
// cannot be used.
type FieldError struct {
	Field   string // as in JSON; from [New] as in Config
	Problem string
}

// Error is the field and the problem.
func (e *FieldError) Error() string { return "simulator: " + e.Field + ": " + e.Problem }

// longest bounds the waits that can be asked for.
const longest = 366 * 24 * time.Hour

// maxFaults bounds how many faults are armed at once.
const maxFaults = 1000

// Operations whose answers have something to spoil.
var (
	withPayment = []Operation{OpCodePayment, OpPayment, OpPending, OpRefund}
	withMoney   = []Operation{
		OpCreateCode, OpCodePayment, OpPayment, OpCapture, OpCreateRefund, OpRefund, OpChangeAmount, OpCreatePayment, OpPreauthorize,
		OpContinuous, OpCreatePending, OpPending, OpWalletBalance, OpCashback, OpReversal,
	}
	withStatus = []Operation{
		OpDeleteCode, OpCodePayment, OpPayment, OpCapture, OpRevert, OpCreateRefund, OpRefund, OpCreatePayment, OpPreauthorize,
		OpContinuous, OpPending, OpUserStatus, OpCashback, OpReversal,
	}
	withID = append([]Operation{OpRevert, OpUserStatus}, withMoney...)
)

// kinds are the operations that a kind makes sense for; nil is all of them.
var kinds = map[Kind][]Operation{
	DropBefore: nil, DelayBefore: nil, StatusBefore: nil, HTMLBefore: nil, Redirect: nil, RateLimit: nil, Maintenance: nil, Unauthorized: nil,
	DropAfter: nil, DelayAfter: nil, StatusAfter: nil, HTMLAfter: nil,
	Truncated: nil, WrongLength: nil, SlowBody: nil, HugeBody: nil, GzipBomb: nil, EndlessHeaders: nil, CutNext: nil, Twice: nil,
	Garbage: nil, EmptyBody: nil, NullBody: nil, NoResult: nil, WrongTypes: nil, ByteOrderMark: nil, TrailingText: nil,
	DuplicateKey: nil, OtherCase: nil, WrongDate: nil, NoDate: nil,

	Stale:         withPayment,
	NotFound:      append([]Operation{OpCashback, OpReversal}, withPayment...),
	Cached:        by(func(o operation) bool { return o.method == http.MethodGet }),
	WrongAmount:   withMoney,
	WrongCurrency: withMoney,
	WrongID:       withID,
	UnknownStatus: withStatus,
	Late:          by(func(o operation) bool { return o.method != http.MethodGet && o.op != OpExpectedCashback }),
	LateCreate:    {OpCreateCode},
	PayDuring:     {OpDeleteCode},
}

// by are the operations of one sort.
func by(sort func(operation) bool) []Operation {
	var ops []Operation
	for _, o := range operations {
		if sort(o) {
			ops = append(ops, o.op)
		}
	}
	return ops
}

// fits reports whether a kind makes sense for an operation.
func (k Kind) fits(op Operation) bool {
	ops, known := kinds[k]
	return known && (ops == nil || op == OpAll || slices.Contains(ops, op))
}

func (f Fault) is(kinds ...Kind) bool { return slices.Contains(kinds, f.Kind) }

// check finds the first field that cannot be used.
func (f Fault) check() error {
	_, known := kinds[f.Kind]
	withStatus := f.is(StatusBefore, StatusAfter)
	html := f.is(HTMLBefore, HTMLAfter)
	delayed := f.is(DelayBefore, DelayAfter, SlowBody, Late, LateCreate)
	switch {
	case !known:
		return &FieldError{"kind", fmt.Sprintf("%.64q is unknown", f.Kind)}
	case f.Operation != OpAll && !slices.ContainsFunc(operations, func(o operation) bool { return o.op == f.Operation }):
		return &FieldError{"operation", fmt.Sprintf("%.64q is unknown", f.Operation)}
	case !f.Kind.fits(f.Operation):
		return &FieldError{"operation", fmt.Sprintf("%s cannot happen to %s", f.Kind, f.Operation)}
	case f.MerchantPaymentID != "" && !plainID(f.MerchantPaymentID):
		return &FieldError{"merchantPaymentId", "must be 1 to 64 of a-z A-Z 0-9 - _"}
	case f.Times < 0:
		return &FieldError{"times", "must not be negative"}
	case math.IsNaN(f.Probability) || f.Probability < 0 || f.Probability > 1:
		return &FieldError{"probability", "must be from 0 to 1"}
	case withStatus && (f.Status < 200 || f.Status > 599):
		return &FieldError{"status", "must be from 200 to 599"}
	case html && !slices.Contains(pageStatuses, f.Status):
		return &FieldError{"status", "must be 200, 500, 502, 503 or 504"}
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
	case f.Kind == WrongDate && (f.Skew == 0 || f.Skew.Abs() > longest):
		return &FieldError{"skew", "must not be nothing, and at most a year"}
	case f.Kind != WrongDate && f.Skew != 0:
		return &FieldError{"skew", fmt.Sprintf("has no meaning for %s", f.Kind)}
	case f.RetryAfter < 0 || f.RetryAfter > longest || f.RetryAfter%time.Second != 0:
		return &FieldError{"retryAfter", "must be whole seconds, at most a year"}
	case f.RetryAfter != 0 && !f.is(RateLimit):
		return &FieldError{"retryAfter", fmt.Sprintf("has no meaning for %s", f.Kind)}
	}
	return nil
}

// pageStatuses are those that a web page may come with; 0 leaves it out.
var pageStatuses = []int{
	0, http.StatusOK, http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
}

// faultJSON is a fault as the control calls take and tell it.
type faultJSON struct {
	Operation         Operation `json:"operation"`
	Kind              Kind      `json:"kind"`
	MerchantPaymentID string    `json:"merchantPaymentId,omitempty"`
	Times             int       `json:"times,omitempty"`
	Probability       float64   `json:"probability,omitempty"`
	Status            int       `json:"status,omitempty"`
	Code              string    `json:"code,omitempty"`
	CodeID            string    `json:"codeId,omitempty"`
	Delay             string    `json:"delay,omitempty"`
	Skew              string    `json:"skew,omitempty"`
	RetryAfter        string    `json:"retryAfter,omitempty"`
}

// MarshalJSON is the fault as the control call takes it.
func (f Fault) MarshalJSON() ([]byte, error) {
	return json.Marshal(faultJSON{
		Operation: f.Operation, Kind: f.Kind, MerchantPaymentID: f.MerchantPaymentID, Times: f.Times, Probability: f.Probability,
		Status: f.Status, Code: f.Code, CodeID: f.CodeID, Delay: spell(f.Delay), Skew: spell(f.Skew), RetryAfter: spell(f.RetryAfter),
	})
}

// spell is a duration as text; none is empty.
func spell(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return d.String()
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
	if f.Skew, err = duration("skew", j.Skew); err != nil {
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
		if a.is(DropBefore, StatusBefore, HTMLBefore, Redirect, RateLimit, Maintenance, Unauthorized) {
			s.record(q, a.Kind, "", now)
		}
		return a.Fault
	}
	return Fault{}
}

func (a *armedFault) fits(op Operation, id string) bool {
	return (a.Operation == OpAll || a.Operation == op) && a.Kind.fits(op) &&
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
