package paypay

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// signature takes an Authorization header apart.
func signature(t testing.TB, h http.Header) (nonce string, epoch int64) {
	t.Helper()
	rest, ok := strings.CutPrefix(h.Get("Authorization"), "hmac OPA-Auth:")
	parts := strings.Split(rest, ":")
	if !ok || len(parts) != 5 {
		t.Fatalf("Authorization %q", h.Get("Authorization"))
	}
	epoch, err := strconv.ParseInt(parts[3], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return parts[2], epoch
}

// checkSignature signs what a server saw once more.
func checkSignature(t *testing.T, s sent) {
	t.Helper()
	nonce, epoch := signature(t, s.header)
	again := signable{s.method, s.path, nonce, epoch, s.header.Get("Content-Type"), []byte(s.body)}
	if want := again.authorization(canaryKey, canarySecret); s.header.Get("Authorization") != want {
		t.Errorf("signed %s, want %s", s.header.Get("Authorization"), want)
	}
	if off := time.Since(time.Unix(epoch, 0)).Abs(); off > time.Minute {
		t.Errorf("signed %s away from now", off)
	}
	if len(nonce) < 16 {
		t.Errorf("nonce %q", nonce)
	}
}

func TestCall_noMerchant(t *testing.T) {
	t.Parallel()
	var s sent
	srv := httptest.NewServer(recording(&s, answering(202, testdata(t, "cancel-payment.json"))))
	t.Cleanup(srv.Close)
	credentials, err := NewCredentials("k", "s", "")
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(credentials, WithBaseURL(srv.URL+"/"))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.CancelPayment(t.Context(), "R1-0001"); err != nil {
		t.Fatal(err)
	}
	if _, ok := s.header["X-Assume-Merchant"]; ok {
		t.Error("a merchant was named")
	}
}

// When no connection was to be had, nothing can have been sent.
func TestCall_unsent(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	stranger := httptest.NewUnstartedServer(http.NotFoundHandler())
	stranger.Config.ErrorLog = log.New(io.Discard, "", 0)
	stranger.StartTLS()
	t.Cleanup(stranger.Close)
	noDNS := &http.Client{Transport: &http.Transport{
		DialContext: func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.DNSError{Err: "no such host", Name: "apigw", IsNotFound: true}
		},
	}}
	deadProxy := newTransport()
	deadProxy.Proxy = http.ProxyURL(must(http.NewRequestWithContext(t.Context(), http.MethodGet, gone.URL, http.NoBody)).URL)
	for name, opts := range map[string][]Option{
		"refused connection":    {WithBaseURL(gone.URL)},
		"unknown certificate":   {WithBaseURL(stranger.URL)},
		"no such host":          {WithBaseURL(Sandbox), WithHTTPClient(noDNS)},
		"proxy that is down":    {WithBaseURL(Sandbox), WithHTTPClient(&http.Client{Transport: deadProxy})},
		"TLS to a plain server": {WithBaseURL("https://" + strings.TrimPrefix(plainServer(t), "http://"))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := New(canary(t), append(opts, WithTries(1))...)
			if err != nil {
				t.Fatal(err)
			}
			for _, op := range ops {
				err := try(t, c, op)
				if e, ok := errors.AsType[*Error](err); !ok || e.Class != Unsent || e.Err == nil || e.Status != 0 {
					t.Errorf("error %v", err)
				}
			}
			if _, ok := c.Skew(); ok {
				t.Error("a skew without an answer")
			}
		})
	}
}

func plainServer(t *testing.T) string {
	t.Helper()
	srv := httptest.NewUnstartedServer(http.NotFoundHandler())
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.Start()
	t.Cleanup(srv.Close)
	return srv.URL
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestCall_contextEndedBefore(t *testing.T) {
	t.Parallel()
	c := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := c.CancelPayment(ctx, "R1-0001")
	if ClassOf(err) != Unsent || !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestCall_contextEndedWhileDialling(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	tr := newTransport()
	end := make(chan struct{})
	t.Cleanup(func() { close(end) })
	tr.DialContext = func(context.Context, string, string) (net.Conn, error) {
		cancel()
		<-end
		return nil, net.ErrClosed
	}
	c, err := New(canary(t), WithTries(1), WithBaseURL("http://localhost"), WithHTTPClient(&http.Client{Transport: tr}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.CreateCode(ctx, order()); ClassOf(err) != Unsent || !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestCall_contextEndedAfterSending(t *testing.T) {
	t.Parallel()
	for _, op := range ops {
		ctx, cancel := context.WithCancel(t.Context())
		c := serve(t, func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			cancel()
			<-r.Context().Done()
		})
		err := tryWith(ctx, c, op)
		if e, ok := errors.AsType[*Error](err); !ok || e.Op != op || e.Class != Unknown || !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	}
}

// A transport that says nothing of its connections is not taken at its silence.
func TestCall_silentTransport(t *testing.T) {
	t.Parallel()
	broken := roundTripper(func(*http.Request) (*http.Response, error) { return nil, errors.New("broken") })
	c, err := New(canary(t), WithTries(1), WithBaseURL(Sandbox), WithHTTPClient(&http.Client{Transport: broken}))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.CancelPayment(t.Context(), "R1-0001"); ClassOf(err) != Unknown {
		t.Errorf("error %v", err)
	}
}

// One that tried twice and failed the second time may have sent the first.
func TestCall_transportThatRepeats(t *testing.T) {
	t.Parallel()
	repeats := roundTripper(func(r *http.Request) (*http.Response, error) {
		trace := httptrace.ContextClientTrace(r.Context())
		trace.GetConn("host:443")
		trace.GotConn(httptrace.GotConnInfo{})
		trace.GetConn("host:443")
		return nil, errors.New("refused")
	})
	c, err := New(canary(t), WithTries(1), WithBaseURL(Sandbox), WithHTTPClient(&http.Client{Transport: repeats}))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.CancelPayment(t.Context(), "R1-0001"); ClassOf(err) != Unknown {
		t.Errorf("error %v", err)
	}
}

// Without GetBody net/http has no way to send a body again.
func TestRequest_bodyIsSentOnce(t *testing.T) {
	t.Parallel()
	c, err := New(canary(t), WithTries(1), WithBaseURL(Sandbox))
	if err != nil {
		t.Fatal(err)
	}
	e := endpoint{op: OpCreateCode, method: http.MethodPost, path: "/v2/codes"}
	r, err := c.request(t.Context(), e, []byte("{}"), 1)
	if err != nil || r.GetBody != nil || r.ContentLength != 2 {
		t.Errorf("request %+v, error %v", r, err)
	}
}

// hangUp reads a request and closes its connection without an answer, as a
// server does that fails after it has acted.
func hangUp(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		_ = conn.Close()
	}
}

// net/http repeats some requests on its own when a connection that it used
// before goes away. It must not do that to one that moves money.
func TestCall_neverRepeatsWhatMovesMoney(t *testing.T) {
	t.Parallel()
	for _, op := range ops {
		if slices.Contains(reads, op) {
			continue
		}
		var requests atomic.Int32
		warm := testdata(t, "code-payment-created.json")
		c := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet {
				answering(200, warm)(w, r)
				return
			}
			requests.Add(1)
			hangUp(w, r)
		})
		if err := try(t, c, OpCodePayment); err != nil {
			t.Fatal(err)
		}
		if err := try(t, c, op); ClassOf(err) != Unknown {
			t.Errorf("%s: error %v", op, err)
		}
		if n := requests.Load(); n != 1 {
			t.Errorf("%s: sent %d times", op, n)
		}
	}
}

// It does repeat a GET, with the nonce it had. A service that refuses a nonce it
// has seen gets a third one, with a fresh signature.
func TestCodePayment_repeatedByTransport(t *testing.T) {
	t.Parallel()
	body := testdata(t, "code-payment-created.json")
	var mu sync.Mutex
	var nonces []string
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		nonce, _ := signature(t, r.Header)
		mu.Lock()
		defer mu.Unlock()
		used := slices.Contains(nonces, nonce)
		nonces = append(nonces, nonce)
		switch {
		case used:
			answering(401, `{"resultInfo":{"code":"UNAUTHORIZED","message":"","codeId":"08100016"},"data":null}`)(w, r)
		case len(nonces) == 2:
			hangUp(w, r)
		default:
			answering(200, body)(w, r)
		}
	})
	for range 2 {
		if err := try(t, c, OpCodePayment); err != nil {
			t.Fatal(err)
		}
	}
	if len(nonces) != 4 || nonces[1] != nonces[2] || nonces[3] == nonces[2] {
		t.Errorf("nonces %q", nonces)
	}
}

// pipes is a network in memory, for tests in virtual time.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p pipes) Close() error   { close(p.done); return nil }
func (p pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "unix"} }

func (p pipes) dial(context.Context, string, string) (net.Conn, error) {
	here, there := net.Pipe()
	p.conns <- there
	return here, nil
}

// serveInBubble is serve for tests in virtual time.
func serveInBubble(t *testing.T, h http.HandlerFunc, opts ...Option) *Client {
	t.Helper()
	p := pipes{make(chan net.Conn), make(chan struct{})}
	srv := &http.Server{Handler: h, ReadHeaderTimeout: time.Hour}
	go func() { _ = srv.Serve(p) }()
	t.Cleanup(func() { _ = srv.Close() })
	tr := newTransport()
	tr.DialContext = p.dial
	t.Cleanup(tr.CloseIdleConnections)
	opts = append([]Option{WithTries(1), WithBaseURL("http://localhost"), WithHTTPClient(&http.Client{Transport: tr})}, opts...)
	c, err := New(canary(t), opts...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCall_timeLimit(t *testing.T) {
	t.Parallel()
	body := testdata(t, "create-code.json")
	for name, h := range map[string]http.HandlerFunc{
		"no answer": func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
		},
		"a byte every 10 s": func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			for i := range len(body) {
				select {
				case <-time.After(10 * time.Second):
				case <-r.Context().Done():
					return
				}
				_, _ = io.WriteString(w, body[i:i+1])
				_ = http.NewResponseController(w).Flush()
			}
		},
	} {
		for _, op := range ops {
			t.Run(name+" "+string(op), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					c := serveInBubble(t, h)
					start := time.Now()
					err := try(t, c, op)
					if ClassOf(err) != Unknown || !errors.Is(err, context.DeadlineExceeded) {
						t.Errorf("error %v", err)
					}
					if took := time.Since(start); took != calls[op].limit {
						t.Errorf("took %s, not %s", took, calls[op].limit)
					}
				})
			})
		}
	}
}

func TestCall_callersEarlierDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := serveInBubble(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		start := time.Now()
		_, err := c.CodePayment(ctx, "R1-0001")
		if took := time.Since(start); took != 2*time.Second || ClassOf(err) != Unknown {
			t.Errorf("took %s, error %v", took, err)
		}
	})
}

func TestCall_slowDialIsUnsent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tr := newTransport()
		tr.DialContext = func(context.Context, string, string) (net.Conn, error) {
			<-time.After(time.Minute) // net/http goes on dialling for a later request.
			return nil, os.ErrDeadlineExceeded
		}
		c, err := New(canary(t), WithTries(1), WithBaseURL("http://localhost"), WithHTTPClient(&http.Client{Transport: tr}))
		if err != nil {
			t.Fatal(err)
		}
		if err := c.CancelPayment(t.Context(), "R1-0001"); ClassOf(err) != Unsent || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		<-time.After(time.Minute)
	})
}

func TestCall_manyAtOnce(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	nonces := map[string]bool{}
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		nonce, _ := signature(t, r.Header)
		mu.Lock()
		nonces[nonce] = true
		mu.Unlock()
		id := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
		body := strings.ReplaceAll(testdata(t, "code-payment-completed.json"), "R1-0001", id)
		answering(200, body)(w, r)
	})
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			id := "R1-" + strconv.Itoa(i)
			p, err := c.CodePayment(t.Context(), id)
			if err != nil || p.MerchantPaymentID != id {
				t.Errorf("payment %+v, error %v", p, err)
			}
			c.Skew()
		})
	}
	wg.Wait()
	if len(nonces) != 50 {
		t.Errorf("%d nonces for 50 requests", len(nonces))
	}
}

func TestCall_logsOneSafeLine(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var s sent
	c := serve(t, recording(&s, answering(201, testdata(t, "create-code.json"))), WithLogger(logger))
	code, err := c.CreateCode(t.Context(), order())
	if err != nil {
		t.Fatal(err)
	}
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatalf("%v in %s", err, out.String())
	}
	for key, want := range map[string]any{
		"level": "DEBUG", "op": "v2_createDynamicQRCode", "path": "/v2/codes", "status": 201.0,
		"code": "SUCCESS", "request_id": testRequestID,
	} {
		if line[key] != want {
			t.Errorf("%s is %v, want %v", key, line[key], want)
		}
	}
	if _, ok := line["duration"]; !ok {
		t.Error("no duration")
	}
	nonce, _ := signature(t, s.header)
	for _, secret := range []string{"CANARY", "hmac", nonce, code.URL, code.Deeplink, "link_key", "むね堂"} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("logged %s", secret)
		}
	}
}

func TestCall_logsFailures(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if err := try(t, serve(t, hangUp, WithLogger(logger)), OpCancelPayment); err == nil {
		t.Fatal("no error")
	}
	if !strings.Contains(out.String(), "status=0") || !strings.Contains(out.String(), "class=unknown") {
		t.Errorf("logged %s", out.String())
	}
}
