package paypay

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// The base URLs of PayPay's environments, for [WithBaseURL].
const (
	Production = "https://apigw.paypay.ne.jp"
	Staging    = "https://apigw.stg.paypay.ne.jp"
	Sandbox    = "https://apigw.sandbox.paypay.ne.jp" // for developers; no real money
	Perf       = "https://perf-apigw.paypay.ne.jp"
)

// Client calls PayPay. It is safe for use by many goroutines at once.
type Client struct {
	credentials Credentials
	base        string // scheme and host; a call adds its path
	http        *http.Client
	log         *slog.Logger
	trace       func(context.Context, Try)
	tries       int // of one call, at most
	clock       clock
}

// Option sets one thing of a new Client.
type Option func(*Client) error

// New makes a client that acts with c. It has no default environment, so that
// nobody reaches real money by leaving something out: [WithBaseURL] is needed.
func New(c Credentials, opts ...Option) (*Client, error) {
	if c.keys == nil {
		return nil, errors.New("paypay: no credentials")
	}
	client := &Client{
		credentials: c, http: &http.Client{}, log: slog.New(slog.DiscardHandler),
		trace: func(context.Context, Try) {}, tries: defaultTries,
	}
	for _, o := range opts {
		if err := o(client); err != nil {
			return nil, err
		}
	}
	if client.base == "" {
		return nil, errors.New("paypay: no base URL")
	}
	if client.http.Transport == nil {
		client.http.Transport = newTransport()
	}
	// A redirected call would take its signature to a place that nobody chose.
	client.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return client, nil
}

// WithBaseURL chooses the service: [Production], [Sandbox] and so on, or the
// scheme and host of another one. Plain http is for this machine only
// (127.0.0.0/8, ::1, localhost). A path is refused, because the path is signed
// and starts with the API's version.
func WithBaseURL(base string) Option {
	return func(c *Client) error {
		u, err := url.Parse(base)
		if err != nil {
			return errors.New("paypay: the base URL is not a URL") // The error would repeat a password in it.
		}
		switch {
		case u.User != nil:
			return errors.New("paypay: the base URL has a user in it")
		case u.Hostname() == "" || strings.ContainsAny(base, "?#") || strings.Trim(u.Path, "/") != "":
			return fmt.Errorf("paypay: base URL %q is not just a scheme and a host", base)
		case u.Scheme == "https", u.Scheme == "http" && isLoopback(u.Hostname()):
			c.base = u.Scheme + "://" + u.Host
			return nil
		}
		return fmt.Errorf("paypay: base URL %q is neither https nor on this machine", base)
	}
}

// WithHTTPClient sends calls through a copy of hc, for a proxy or another
// transport. Redirects are not followed whatever hc says, and a nil Transport
// means that of this package.
func WithHTTPClient(hc *http.Client) Option {
	return func(c *Client) error {
		if hc == nil {
			return errors.New("paypay: no HTTP client")
		}
		own := *hc
		c.http = &own
		return nil
	}
}

// WithLogger writes one line at level debug for each request: operation, path,
// status, result code, request id, duration, and which try it was. Never a
// signature, a payment code's URL, a customer's authorization or a body. Without
// it this package logs nothing.
//
// What no option stops is that net/http writes to the standard logger of package log
// what a server sends on a connection when nobody has asked, word for word: an answer
// that comes twice, say, with the URL of a code. A program whose standard error is
// seen or kept calls log.SetOutput.
func WithLogger(l *slog.Logger) Option {
	return func(c *Client) error {
		if l == nil {
			return errors.New("paypay: no logger")
		}
		c.log = l
		return nil
	}
}

// WithTrace calls f after each request, with what came of it, before the call
// goes on. Several goroutines may call f at once; the context is that of the call,
// and tells them apart. [Try.Data] has the fields of an answer that this package
// does not know.
func WithTrace(f func(context.Context, Try)) Option {
	return func(c *Client) error {
		if f == nil {
			return errors.New("paypay: no trace")
		}
		c.trace = f
		return nil
	}
}

// WithTries sets how often a call that may be repeated is tried at most, the
// first time included; the default is 4. With 1 nothing is repeated, for a caller
// that has its own pace.
//
// Every call may be repeated that PayPay says it has not processed ([Retry]) or
// that never left this machine ([Unsent]). After an outcome that is not known
// only those are repeated whose documents say so; each method tells. The pauses
// grow from half a second to 30 seconds, less a random part. Where PayPay sends a
// Retry-After they are at least as long, and a random part longer. When it asks for more than 30 seconds, or the
// caller's context would end before the pause does, the error comes back at once,
// with [Error.RetryAfter]. When the context is cancelled in a pause, the error says
// both what PayPay did and that.
func WithTries(n int) Option {
	return func(c *Client) error {
		if n < 1 {
			return fmt.Errorf("paypay: %d tries of a call", n)
		}
		c.tries = n
		return nil
	}
}

// Skew is PayPay's clock minus ours, and false before the first answer. It is
// the median of what the last few answers' Date headers said, good to about a
// second, and never more than a day either way. It is what is added to time.Now()
// before that is compared with a time of PayPay's.
//
// PayPay refuses a signature whose time is more than 2 minutes off, so a
// register with a wrong clock would get 401 UNAUTHORIZED for everything, also
// for the look-up of a code that a customer is paying. Requests are signed by
// our own clock as long as PayPay takes that: a Date header alone changes
// nothing, so a wrong one cannot stop a register whose clock is right. Only when
// a signature was refused, and the refusal's own Date says that the clocks are more
// than a minute apart, the same request is signed once more by the other clock.
// Whichever clock PayPay takes is used from then on, so that a clock that is set
// while the till sells is noticed at the next call. A 401 that still reaches the
// caller has another cause, or Skew is at its limit and a person has to set the
// clock.
func (c *Client) Skew() (time.Duration, bool) { return c.clock.skew() }

// SkewAtLeast is Skew by that of the last answers which puts PayPay's time the
// earliest. A clock of ours that has just been set forward makes Skew, which
// goes by most answers, put it too late until more of them are new. Use this
// to be sure that something is over, such as the life of a code.
func (c *Client) SkewAtLeast() (time.Duration, bool) { return c.clock.atLeast() }

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// newTransport is how calls leave this machine unless the caller says otherwise.
func newTransport() *http.Transport {
	// HTTP/1 only: a call that times out then takes its connection with it,
	// where HTTP/2 would put the next call on the same dead line.
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	return &http.Transport{
		Protocols:              protocols,
		DialContext:            (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12}, // PayPay refuses less
		TLSHandshakeTimeout:    10 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		MaxIdleConns:           4,
		MaxIdleConnsPerHost:    4,
		// Short, so that a call seldom meets a connection that the other end
		// is closing: its outcome would be unknown.
		IdleConnTimeout:    30 * time.Second,
		DisableCompression: true,
	}
}
