package paypay

import (
	"crypto/tls"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// serve runs a server for one test and gives a client of it that repeats nothing
// unless it is told to.
func serve(t *testing.T, h http.HandlerFunc, opts ...Option) *Client {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	c, err := New(canary(t), append([]Option{WithBaseURL(srv.URL), WithTries(1)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.http.CloseIdleConnections)
	return c
}

// answering answers every request in the same way.
func answering(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Request-Id", "OPA0123456789ABCDEF0123456789ABCDEF")
		w.WriteHeader(status)
		_, _ = strings.NewReader(body).WriteTo(w)
	}
}

// roundTripper is a transport made of a function.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestWithBaseURL(t *testing.T) {
	t.Parallel()
	for _, base := range []string{
		Production, Staging, Sandbox, Perf, Sandbox + "/",
		"https://gateway.example:8443",
		"http://127.0.0.1:8080", "http://127.9.9.9", "http://[::1]:1", "http://localhost:1", "http://LocalHost", "HTTPS://gateway.example",
	} {
		c, err := New(canary(t), WithBaseURL(base))
		if err != nil {
			t.Errorf("%s: %v", base, err)
			continue
		}
		if strings.HasSuffix(c.base, "/") || !strings.HasPrefix(c.base, "http") {
			t.Errorf("%s: calls go to %q", base, c.base)
		}
	}
	for _, base := range []string{
		"", "/", "apigw.paypay.ne.jp", "https:", "https://", "https:///v2", "ftp://localhost", "://x", "https://a b",
		"http://apigw.paypay.ne.jp", "http://10.0.0.1", "http://128.0.0.1", "http://0.0.0.0", "http://localhost.example",
		"http://127.0.0.1.example", "http://[::2]",
		"https://user:CANARY@gateway.example", "https://user:CANARY@gateway.example:port",
		"https://gateway.example/v2", "https://gateway.example?", "https://gateway.example?a=b",
		"https://gateway.example#", "https://gateway.example#f",
	} {
		_, err := New(canary(t), WithBaseURL(base))
		if err == nil {
			t.Errorf("%q was taken", base)
			continue
		}
		if strings.Contains(err.Error(), "CANARY") {
			t.Errorf("the error repeats a password: %v", err)
		}
	}
}

func TestNew_refuses(t *testing.T) {
	t.Parallel()
	if _, err := New(canary(t)); err == nil {
		t.Error("a client without a base URL")
	}
	if _, err := New(Credentials{}, WithBaseURL(Sandbox)); err == nil {
		t.Error("a client without credentials")
	}
	if _, err := New(canary(t), WithBaseURL(Sandbox), WithHTTPClient(nil)); err == nil {
		t.Error("a client without an HTTP client")
	}
	if _, err := New(canary(t), WithBaseURL(Sandbox), WithLogger(nil)); err == nil {
		t.Error("a client without a logger")
	}
	if _, err := New(canary(t), WithBaseURL(Sandbox), WithTrace(nil)); err == nil {
		t.Error("a client without a trace")
	}
	if _, err := New(canary(t), WithBaseURL(Sandbox), WithTries(0)); err == nil {
		t.Error("a client that never tries")
	}
}

func TestNew_ownTransport(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]Option{
		"by default":          nil,
		"of a bare http one":  {WithHTTPClient(&http.Client{})},
		"of http.DefaultOnes": {WithHTTPClient(http.DefaultClient)},
	} {
		c, err := New(canary(t), append(opts, WithBaseURL(Sandbox))...)
		if err != nil {
			t.Fatal(err)
		}
		tr, ok := c.http.Transport.(*http.Transport)
		switch {
		case !ok:
			t.Errorf("%s: %T", name, c.http.Transport)
		case tr.Proxy != nil, !tr.DisableCompression, tr.Protocols.HTTP2(), tr.MaxResponseHeaderBytes == 0, tr.TLSHandshakeTimeout == 0:
			t.Errorf("%s: the transport is not as promised", name)
		case tr.TLSClientConfig.MinVersion < tls.VersionTLS12:
			t.Errorf("%s: TLS is not as promised", name)
		}
	}
	if http.DefaultClient.Transport != nil || http.DefaultClient.CheckRedirect != nil {
		t.Error("the caller's HTTP client was changed")
	}
}

func TestCall_redirectNotFollowed(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 303, 307, 308} {
		followed := false
		follow := &http.Client{
			Timeout:       time.Minute,
			CheckRedirect: func(*http.Request, []*http.Request) error { followed = true; return nil },
		}
		c := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/elsewhere" {
				followed = true
			}
			http.Redirect(w, r, "/elsewhere", status)
		}, WithHTTPClient(follow))
		_, get := c.CodePayment(t.Context(), "R1-0001")
		_, post := c.CreateCode(t.Context(), order())
		for _, err := range []error{get, post, c.CancelPayment(t.Context(), "R1-0001")} {
			e, ok := errors.AsType[*Error](err)
			if !ok || e.Class != Unknown || e.Status != status {
				t.Errorf("%d: error %v", status, err)
			}
		}
		if followed {
			t.Errorf("%d was followed", status)
		}
	}
}
