package pos_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"strings"
	"time"

	"example.jp/reji/paypay/simulator"
)

var (
	errKilled  = errors.New("the till was killed")
	errRefused = errors.New("connection refused")
)

// network carries one till's calls to the simulated PayPay, and spoils them.
type network struct {
	*world

	till *till
}

// call is a request as the laws look at it.
type call struct {
	at    time.Time // virtual
	op    simulator.Operation
	about string // merchantPaymentId, where it is known
	id    string // merchantRefundId, merchantRevertId or merchantCaptureId
	body  string
	yen   int64
	hold  bool
}

// requestBody is what of a request's body the laws look at.
type requestBody struct {
	MerchantPaymentID string `json:"merchantPaymentId"`
	PaymentID         string `json:"paymentId"`
	MerchantRefundID  string `json:"merchantRefundId"`
	MerchantRevertID  string `json:"merchantRevertId"`
	MerchantCaptureID string `json:"merchantCaptureId"`
	IsAuthorization   bool   `json:"isAuthorization"`
	Amount            struct {
		Amount int64 `json:"amount"`
	} `json:"amount"`
}

// read finds out what a request is about.
func (w *world) read(req *http.Request, body []byte) call {
	c := call{at: time.Now(), body: string(body)}
	var b requestBody
	if len(body) > 0 {
		_ = json.Unmarshal(body, &b) // the service refuses what is none
		c.yen, c.hold, c.about = b.Amount.Amount, b.IsAuthorization, b.MerchantPaymentID
	}
	last := req.URL.Path[strings.LastIndexByte(req.URL.Path, '/')+1:]
	switch get := req.Method == http.MethodGet; {
	case strings.HasPrefix(req.URL.Path, "/v2/codes/payments/"):
		c.op, c.about = simulator.OpCodePayment, last
	case strings.HasPrefix(req.URL.Path, "/v2/codes/"):
		c.op, c.about = simulator.OpDeleteCode, w.paymentOf(func(p simulator.Payment) bool { return p.CodeID == last })
	case req.URL.Path == "/v2/codes":
		c.op = simulator.OpCreateCode
	case req.URL.Path == "/v2/payments/capture":
		c.op, c.id = simulator.OpCapture, b.MerchantCaptureID
	case req.URL.Path == "/v2/payments/preauthorize/revert":
		c.op, c.id = simulator.OpRevert, b.MerchantRevertID
		c.about = w.paymentOf(func(p simulator.Payment) bool { return p.PaymentID == b.PaymentID })
	case req.URL.Path == "/v2/refunds":
		c.op, c.id = simulator.OpCreateRefund, b.MerchantRefundID
		c.about = w.paymentOf(func(p simulator.Payment) bool { return p.PaymentID == b.PaymentID })
	case strings.HasPrefix(req.URL.Path, "/v2/refunds/"):
		c.op, c.id = simulator.OpRefund, last
		number := req.URL.Query().Get("paymentId")
		c.about = w.paymentOf(func(p simulator.Payment) bool { return p.PaymentID == number })
	case strings.HasPrefix(req.URL.Path, "/v2/payments/") && !get:
		c.op, c.about = simulator.OpCancelPayment, last
	}
	return c
}

// RoundTrip carries one call.
func (n *network) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
	}
	c := n.read(req, body)
	key, count := n.count("call", string(c.op), c.about)
	// Many calls begin at the moment at which a till starts. From here on each
	// has a moment of its own, so that they come in one order.
	if !n.rest(req, n.dice.between(0, time.Millisecond, count, "begin", string(c.op), key)) {
		return nil, whyLeft(req)
	}
	if n.till.dead.Load() {
		return nil, errKilled
	}
	n.laws.tried(c, n.till.number)
	if n.step(n.till, "before a call", key) {
		return nil, errKilled
	}
	client := httptrace.ContextClientTrace(req.Context())
	if client != nil && client.GetConn != nil {
		client.GetConn("simulator")
	}
	class, fault, spoilt := n.spoilt(c, key, count)
	if !n.rest(req, n.dice.between(2*time.Millisecond, 300*time.Millisecond, count, "out", string(c.op), key)) {
		return nil, whyLeft(req)
	}
	if n.till.dead.Load() {
		return nil, errKilled
	}
	if class == unreached {
		n.trace(c.about, "%s %s %s", c.op, c.id, class)
		n.laws.unreached(c)
		return nil, errRefused
	}
	if client != nil && client.GotConn != nil {
		client.GotConn(httptrace.GotConnInfo{})
	}
	c.at = time.Now()
	n.laws.arrives(c)
	if spoilt && fault.Kind != "" {
		fault.MerchantPaymentID = c.about
		if err := n.service.Fault(fault); err != nil {
			n.Errorf("a fault that cannot be: %v", err)
		}
	}
	answer := n.serve(req, body)
	if spoilt && n.parallel == 1 {
		n.service.ClearFaults() // one that did not fit
	}
	if c.op != simulator.OpCodePayment && c.op != simulator.OpRefund {
		n.touch(c.about)
	}
	seconds, _ := strconv.Atoi(answer.header.Get("Retry-After"))
	n.laws.answered(c, answer.status, time.Duration(seconds)*time.Second)
	if n.step(n.till, "after a call", key) {
		return nil, errKilled
	}
	if !n.rest(req, n.dice.between(2*time.Millisecond, 300*time.Millisecond, count, "back", string(c.op), key)) {
		return nil, whyLeft(req)
	}
	if n.till.dead.Load() {
		return nil, errKilled
	}
	n.trace(c.about, "%s %s %s %s: %d %.300s", c.op, c.id, class, fault.Kind, answer.status, answer.body.Bytes())
	n.learn(answer.header)
	if class == panicking {
		panic("a fault of the till's own")
	}
	if answer.gone && !answer.began {
		return nil, io.ErrUnexpectedEOF
	}
	return answer.response(req), nil
}

// whyLeft is why a caller did not wait.
func whyLeft(req *http.Request) error {
	if err := req.Context().Err(); err != nil {
		return err
	}
	return errKilled
}

// spoilt is what goes wrong with a call.
func (n *network) spoilt(c call, key string, count int) (class, simulator.Fault, bool) {
	if n.calm.Load() {
		return "", simulator.Fault{}, false
	}
	now := time.Now()
	if class, fault, down := n.down(now); down {
		return class, fault, true
	}
	return n.fault(c.op, key, count, now.Sub(n.touchedAt(c.about)) < lag)
}

// lag is for how long a look-up may be answered from before something happened.
const lag = 6 * time.Second

// serve has the simulated PayPay answer.
func (n *network) serve(req *http.Request, body []byte) (a *answer) {
	in := req.Clone(req.Context())
	in.Body, in.RequestURI, in.Host = io.NopCloser(bytes.NewReader(body)), req.URL.RequestURI(), req.URL.Host
	a = &answer{header: http.Header{}}
	defer func() {
		if p := recover(); p != nil {
			if p != http.ErrAbortHandler { //nolint:errorlint // as net/http compares it
				panic(p)
			}
			a.gone = true
		}
	}()
	n.service.ServeHTTP(a, in)
	return a
}

// answer is what was written before the connection was closed.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
	began  bool
	gone   bool // it was closed before the end
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) {
	if !a.began {
		a.began, a.status = true, status
	}
}

func (a *answer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(b)
}

func (a *answer) response(req *http.Request) *http.Response {
	r := &http.Response{
		Status: http.StatusText(a.status), StatusCode: a.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.header, ContentLength: -1, Request: req,
	}
	r.Body = io.NopCloser(&a.body)
	if a.gone {
		r.Body = io.NopCloser(io.MultiReader(&a.body, brokenOff{}))
	}
	return r
}

type brokenOff struct{}

func (brokenOff) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// rest lets time pass, and reports whether the caller is still there.
func (n *network) rest(req *http.Request, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-req.Context().Done():
		return false
	}
}
