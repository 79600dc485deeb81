package paypay

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"
)

// endpoint is one call of the API. Its path holds nothing but checked ids, so
// that it needs no escaping and is signed as it is sent.
type endpoint struct {
	op     Op
	method string
	path   string        // may have a query, which is sent but not signed
	limit  time.Duration // the read time-out that PayPay documents for it

	takes      ResultCode          // says, besides SUCCESS, that PayPay took the call
	repeatable bool                // sending it again does no harm if it was done before
	fresh      func() (any, error) // makes the body of each try, where no two may be the same
	lang       string              // the Lang header; "" is none
	shown      string              // stands for the path in logs, where that names a customer
}

// call makes one call and decodes the data of its answer. An answer that came
// and was read is given back beside an error too.
func call[T any](ctx context.Context, c *Client, e endpoint, body any) (T, answer, error) {
	var data T
	a, err := c.do(ctx, e, body)
	if err != nil {
		return data, a, err
	}
	if data, err = decodeData[T](a); err != nil {
		return data, a, e.unbelievable(a, err)
	}
	return data, a, nil
}

// once makes one try of a call.
func (c *Client) once(ctx context.Context, e endpoint, body any, number int) (answer, *Error) {
	if e.fresh != nil {
		var err error
		if body, err = e.fresh(); err != nil {
			return answer{}, e.wrong(err)
		}
	}
	var b []byte
	if body != nil {
		var err error
		if b, err = json.Marshal(body); err != nil {
			return answer{}, e.wrong(err)
		}
	}
	if err := ctx.Err(); err != nil {
		return answer{}, &Error{Op: e.op, Class: Unsent, Err: err}
	}
	limited, cancel := context.WithTimeout(ctx, e.limit)
	defer cancel()
	try := func(by stamp) (answer, bool, *Error) {
		start := time.Now()
		a, replayed, failure := c.try(limited, e, b, by)
		c.report(ctx, e, a, failure, number, time.Since(start))
		return a, replayed, failure
	}

	usual := c.clock.stamp()
	a, replayed, failure := try(usual)
	if failure != nil && failure.Code == Unauthorized && limited.Err() == nil {
		// PayPay looked at the signature and no further. Two causes are worth
		// one more request with a fresh signature: a wrong clock, and net/http
		// having sent this one twice with the same nonce.
		if other, is := c.clock.other(usual, a); is {
			a, _, failure = try(other)
		} else if replayed {
			a, _, failure = try(usual)
		}
	}
	return a, failure
}

// try sends one request, signed by a clock that is corrected so. replayed says
// that net/http repeated the request on its own, which it does with a GET, or when
// it had written nothing of it.
func (c *Client) try(ctx context.Context, e endpoint, body []byte, by stamp) (a answer, replayed bool, failure *Error) {
	epoch := time.Now().Add(by.offset).Unix()
	var conn connection
	req, err := c.request(httptrace.WithClientTrace(ctx, conn.trace()), e, body, epoch)
	if err != nil {
		return answer{}, false, e.wrong(err)
	}

	a, err = c.exchange(req, &conn)
	switch {
	case err != nil && a.status == 0:
		failure = e.unanswered(&conn, err)
	case err != nil:
		failure = e.unbelievable(a, err)
	case !a.ok(e):
		failure = e.refused(a)
	}
	if a.info.Code != "" && a.info.Code != Unauthorized {
		c.clock.accepted(by)
	}
	return a, conn.got.Load() > 1, failure
}

// request builds and signs a request.
func (c *Client) request(ctx context.Context, e endpoint, body []byte, epoch int64) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, e.method, c.base+e.path, http.NoBody)
	if err != nil {
		return nil, err
	}
	s := signable{method: e.method, path: e.path, nonce: rand.Text(), epoch: epoch}
	if body != nil {
		s.contentType, s.body = contentType, body
		req.Header.Set("Content-Type", contentType)
		// Set here and not given to http.NewRequest, which would add a GetBody:
		// without one net/http cannot send a body again.
		req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	}
	k := c.credentials.keys()
	req.Header.Set("Authorization", s.authorization(k.apiKey, k.apiSecret))
	if e.lang != "" {
		req.Header.Set("Lang", e.lang)
	}
	if k.merchantID != "" {
		req.Header.Set("X-ASSUME-MERCHANT", k.merchantID)
	}
	return req, nil
}

// exchange sends a request and reads the answer. With an error the answer holds
// as much of it as could be read.
func (c *Client) exchange(req *http.Request, conn *connection) (answer, error) {
	sent := time.Now()
	resp, err := c.http.Do(req)
	if err != nil {
		// net/http repeats the method and the URL, which are known.
		if u, ok := errors.AsType[*url.Error](err); ok {
			err = u.Err
		}
		if conn.got.Load() > 0 {
			err = withoutWords(err)
		}
		return answer{}, err
	}
	defer resp.Body.Close() //nolint:errcheck // Nothing is lost: the body was read, or it is not wanted.
	received := time.Now()
	skew, dated := c.clock.learn(resp.Header, sent, received)
	a, err := readAnswer(resp, received)
	a.skew, a.dated = skew, dated
	return a, err
}

// withoutWords is an error of net/http without what a server said: where that is no
// HTTP, net/http repeats it, and it may be our own request with its signature.
func withoutWords(err error) error {
	if _, is := errors.AsType[net.Error](err); is || errors.Is(err, context.Canceled) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	return errors.New("no answer that is HTTP")
}

// connection follows what net/http does to get a request to its server.
type connection struct {
	sought atomic.Int32
	got    atomic.Int32
}

func (c *connection) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) { c.sought.Add(1) },
		GotConn: func(httptrace.GotConnInfo) { c.got.Add(1) },
	}
}

// never reports that no connection was to be had, so that nothing can have been
// sent. A transport that does not tell is not taken to have sent nothing.
func (c *connection) never() bool { return c.sought.Load() > 0 && c.got.Load() == 0 }

// wrong is a request that must not be sent.
func (e endpoint) wrong(err error) *Error { return &Error{Op: e.op, Class: Bug, Err: err} }

// unanswered is a request that no answer came to.
func (e endpoint) unanswered(conn *connection, err error) *Error {
	class := Unknown
	if conn.never() {
		class = Unsent
	}
	return &Error{Op: e.op, Class: class, Err: err}
}

// refused is an answer that says that the call was not done, or that it is not
// known whether it was.
func (e endpoint) refused(a answer) *Error {
	failure := a.failure(e.op, classify(e.op, a), nil)
	if a.info.Code == RefundThrottled {
		failure.RetryAfter = max(failure.RetryAfter, time.Minute) // as PayPay's documents say
	}
	return failure
}

// unbelievable is an answer that says nothing that can be relied on.
func (e endpoint) unbelievable(a answer, err error) *Error {
	class := Unknown
	if a.status == http.StatusTooManyRequests {
		class = Retry // Whoever answered, it did not let the request through.
	}
	return a.failure(e.op, class, err)
}
