package paypay

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

const (
	limited = `{"resultInfo":{"code":"RATE_LIMIT","message":"","codeId":"08100998"},"data":null}`
	broken  = `{"resultInfo":{"code":"INTERNAL_SERVER_ERROR","message":"","codeId":"08101000"},"data":null}`
	invalid = `{"resultInfo":{"code":"INVALID_REQUEST_PARAMS","message":"","codeId":"08100006"},"data":null}`
)

// script answers the first requests with one handler each, and all others with
// the last. It keeps what it saw.
type script struct {
	mu   sync.Mutex
	saw  []sent
	at   []time.Time
	then []http.HandlerFunc
}

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	h := s.then[min(len(s.saw), len(s.then)-1)]
	var now sent
	recording(&now, func(http.ResponseWriter, *http.Request) {})(w, r)
	s.saw, s.at = append(s.saw, now), append(s.at, time.Now())
	s.mu.Unlock()
	h(w, r)
}

func (s *script) tries() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.saw)
}

func play(then ...http.HandlerFunc) *script { return &script{then: then} }

// repeatable are the operations that may be sent again whatever became of them.
var repeatable = append(slices.Clone(reads), OpDeleteCode, OpCancelPayment, OpRefund, OpCapture)

func TestRepeat_afterNoAnswer(t *testing.T) {
	t.Parallel()
	for _, op := range ops {
		t.Run(string(op), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := play(answering(500, broken))
				err := try(t, serveInBubble(t, s.ServeHTTP, WithTries(4)), op)
				want := 1
				if slices.Contains(repeatable, op) {
					want = 4
				}
				if n := s.tries(); n != want || ClassOf(err) != Unknown {
					t.Errorf("%d tries, not %d; error %v", n, want, err)
				}
			})
		})
	}
}

// A request that PayPay did not look at can be sent again, whatever it is.
func TestRepeat_afterRateLimit(t *testing.T) {
	t.Parallel()
	for _, op := range ops {
		t.Run(string(op), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := play(answering(429, limited), answering(400, invalid))
				err := try(t, serveInBubble(t, s.ServeHTTP, WithTries(4)), op)
				if n := s.tries(); n != 2 || ClassOf(err) != Bug {
					t.Errorf("%d tries, error %v", n, err)
				}
			})
		})
	}
}

// A limit that also says that something broke does not say that nothing was done.
func TestRepeat_notAfterAContradiction(t *testing.T) {
	t.Parallel()
	for _, op := range ops {
		if slices.Contains(repeatable, op) {
			continue
		}
		t.Run(string(op), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := play(answering(429, broken))
				err := try(t, serveInBubble(t, s.ServeHTTP, WithTries(4)), op)
				if n := s.tries(); n != 1 || ClassOf(err) != Unknown {
					t.Errorf("%d tries, error %v", n, err)
				}
			})
		})
	}
}

// Each try is signed anew, and says the same.
func TestRepeat_refundWithTheSameID(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := play(hangUp, answering(503, "<html>"), answering(200, testdata(t, "refund.json")))
		c := serveInBubble(t, s.ServeHTTP, WithTries(4))
		if _, err := c.Refund(t.Context(), refund()); err != nil {
			t.Fatal(err)
		}
		nonces := map[string]bool{}
		for _, r := range s.saw {
			if r.body != s.saw[0].body {
				t.Errorf("sent %s and %s", s.saw[0].body, r.body)
			}
			nonce, _ := signature(t, r.header)
			nonces[nonce] = true
			checkSignature(t, r)
		}
		if len(nonces) != 3 {
			t.Errorf("%d nonces for 3 tries", len(nonces))
		}
	})
}

func TestRepeat_captureWithANewID(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		doc := strings.Replace(testdata(t, "capture.json"), `"C1"`, `"C3"`, 1)
		s := play(hangUp, answering(500, broken), answering(200, doc))
		got, err := serveInBubble(t, s.ServeHTTP, WithTries(4)).Capture(t.Context(), capture("C1", "C2", "C3"))
		if _, ok := got.Done(); !ok || err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, r := range s.saw {
			var body struct {
				ID string `json:"merchantCaptureId"`
			}
			if err := json.Unmarshal([]byte(r.body), &body); err != nil {
				t.Fatal(err)
			}
			ids = append(ids, body.ID)
		}
		if d := cmp.Diff([]string{"C1", "C2", "C3"}, ids); d != "" {
			t.Error(d)
		}
	})
}

// An id maker that repeats itself ends the repeats, and does not end the doubt.
func TestRepeat_captureWithoutANewID(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := play(hangUp)
		_, err := serveInBubble(t, s.ServeHTTP, WithTries(4)).Capture(t.Context(), capture("C1", "C1"))
		if n := s.tries(); n != 1 || ClassOf(err) != Unknown {
			t.Errorf("%d tries, error %v", n, err)
		}
	})
}

func TestRepeat_captureThatHadWorked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		done := `{"resultInfo":{"code":"ALREADY_CAPTURED","message":"","codeId":"00200039"},"data":null}`
		s := play(hangUp, answering(400, done))
		_, err := serveInBubble(t, s.ServeHTTP, WithTries(4)).Capture(t.Context(), capture("C1", "C2"))
		if CodeOf(err) != AlreadyCaptured || ClassOf(err) != State {
			t.Errorf("error %v", err)
		}
	})
}

// A refusal of the second try is no news of the first.
func TestRepeat_doubtStays(t *testing.T) {
	t.Parallel()
	for name, second := range map[string]http.HandlerFunc{
		"refused":      answering(400, invalid),
		"signature":    answering(401, `{"resultInfo":{"code":"UNAUTHORIZED","message":"","codeId":"08100016"},"data":null}`),
		"rate limit":   answering(429, limited),
		"failed":       answering(500, `{"resultInfo":{"code":"TRANSACTION_FAILED","message":"","codeId":"00200002"},"data":null}`),
		"not PayPay's": answering(429, "slow down"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := play(hangUp, second)
				c := serveInBubble(t, s.ServeHTTP, WithTries(2))
				if _, err := c.Refund(t.Context(), refund()); ClassOf(err) != Unknown || s.tries() != 2 {
					t.Errorf("%d tries, error %v", s.tries(), err)
				}
			})
		})
	}
}

// A look-up leaves no doubt behind: what it says last is what is.
func TestRepeat_lookUpSaysTheLast(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gone := `{"resultInfo":{"code":"DYNAMIC_QR_PAYMENT_NOT_FOUND","message":"","codeId":"01652075"},"data":null}`
		s := play(answering(500, broken), answering(400, gone))
		err := try(t, serveInBubble(t, s.ServeHTTP, WithTries(4)), OpCodePayment)
		if ClassOf(err) != Failed || s.tries() != 2 {
			t.Errorf("%d tries, error %v", s.tries(), err)
		}
	})
}

func TestRepeat_unsentOnceConnected(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := play(answering(201, testdata(t, "create-code.json")))
		c := serveInBubble(t, s.ServeHTTP, WithTries(4))
		tr := c.http.Transport.(*http.Transport)
		dial := tr.DialContext
		dials := 0
		tr.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			if dials++; dials < 3 {
				return nil, errors.New("network is unreachable")
			}
			return dial(ctx, network, address)
		}
		if _, err := c.CreateCode(t.Context(), order()); err != nil || s.tries() != 1 {
			t.Errorf("%d tries, error %v", s.tries(), err)
		}
	})
}

func TestRepeat_pauses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := play(answering(500, broken))
		start := time.Now()
		_ = try(t, serveInBubble(t, s.ServeHTTP, WithTries(10)), OpPayment)
		for i := range s.at[1:] {
			longest := min(firstPause<<i, longestPause)
			if d := s.at[i+1].Sub(s.at[i]); d < longest/2 || d > longest {
				t.Errorf("pause %d took %s, not %s to %s", i, d, longest/2, longest)
			}
		}
		if len(s.at) != 10 || time.Since(start) > 2*time.Minute {
			t.Errorf("%d tries in %s", len(s.at), time.Since(start))
		}
	})
}

func TestRepeat_retryAfter(t *testing.T) {
	t.Parallel()
	after := func(seconds string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", seconds)
			answering(429, limited)(w, r)
		}
	}
	for seconds, want := range map[string]int{"0": 2, "7": 2, "30": 2, "31": 1, "300": 1} {
		t.Run(seconds, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := play(after(seconds), answering(400, invalid))
				start := time.Now()
				err := try(t, serveInBubble(t, s.ServeHTTP, WithTries(4)), OpPayment)
				took := time.Since(start)
				asked, _ := time.ParseDuration(seconds + "s")
				if s.tries() != want || want == 2 && (took < asked || took > asked+time.Second) || want == 1 && took != 0 {
					t.Errorf("%d tries in %s, error %v", s.tries(), took, err)
				}
				if e, ok := errors.AsType[*Error](err); !ok || want == 1 && e.RetryAfter != asked {
					t.Errorf("error %+v", e)
				}
			})
		})
	}
}

// Registers that were all told the same pause do not come back at one moment.
func TestRepeat_retryAfterIsSpread(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pauses := map[time.Duration]bool{}
		for range 20 {
			s := play(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Retry-After", "1")
				answering(429, limited)(w, r)
			}, answering(400, invalid))
			start := time.Now()
			_ = try(t, serveInBubble(t, s.ServeHTTP, WithTries(4)), OpPayment)
			pauses[time.Since(start)] = true
		}
		shortest, longest := slices.Min(slices.Collect(maps.Keys(pauses))), slices.Max(slices.Collect(maps.Keys(pauses)))
		if len(pauses) < 10 || shortest < time.Second || longest-shortest < firstPause/10 || longest > time.Second+firstPause {
			t.Errorf("%d pauses, from %s to %s", len(pauses), shortest, longest)
		}
	})
}

// PayPay wants a minute between refunds of one payment; the caller has to know.
func TestRepeat_throttledRefundIsTheCallers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		body := `{"resultInfo":{"code":"THROTTLED_MULTIPLE_REFUND_REJECTED","message":"","codeId":""},"data":null}`
		s := play(answering(400, body))
		start := time.Now()
		_, err := serveInBubble(t, s.ServeHTTP, WithTries(4)).Refund(t.Context(), refund())
		e, ok := errors.AsType[*Error](err)
		if !ok || e.Class != Retry || e.RetryAfter != time.Minute || s.tries() != 1 || time.Since(start) != 0 {
			t.Errorf("%d tries, error %+v", s.tries(), e)
		}
	})
}

// The caller's context bounds all tries together, and no pause outlasts it.
func TestRepeat_insideTheCallersContext(t *testing.T) {
	t.Parallel()
	t.Run("deadline", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s := play(answering(500, broken))
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			err := tryWith(ctx, serveInBubble(t, s.ServeHTTP, WithTries(100)), OpPayment)
			if e, ok := errors.AsType[*Error](err); !ok || e.Code != internalError || ctx.Err() != nil {
				t.Errorf("error %v, context %v", err, ctx.Err())
			}
		})
	})
	t.Run("cancelled in a pause", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s := play(answering(500, broken))
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			start := time.Now()
			err := tryWith(ctx, serveInBubble(t, s.ServeHTTP, WithTries(100)), OpRefund)
			if ClassOf(err) != Unknown || time.Since(start) != time.Second {
				t.Errorf("error %v after %s", err, time.Since(start))
			}
			if !errors.Is(err, context.Canceled) || CodeOf(err) != internalError {
				t.Errorf("error %v does not say both", err)
			}
		})
	})
	t.Run("cancelled in a pause after no answer", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			err := tryWith(ctx, serveInBubble(t, hangUp, WithTries(100)), OpRefund)
			if ClassOf(err) != Unknown || !errors.Is(err, context.Canceled) || !errors.Is(err, io.EOF) {
				t.Errorf("error %v", err)
			}
		})
	})
	t.Run("each try has the whole time limit", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s := play(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, answering(200, testdata(t, "payment.json")))
			start := time.Now()
			err := try(t, serveInBubble(t, s.ServeHTTP, WithTries(2)), OpPayment)
			if took := time.Since(start); err != nil || took < 15*time.Second || took > 16*time.Second {
				t.Errorf("took %s, error %v", took, err)
			}
		})
	})
}

// Four tries are what a new client makes.
func TestRepeat_default(t *testing.T) {
	t.Parallel()
	c, err := New(canary(t), WithBaseURL(Sandbox))
	if err != nil || c.tries != 4 {
		t.Errorf("%d tries, error %v", c.tries, err)
	}
}

func TestWithTrace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var got []Try
		type key struct{}
		trace := func(ctx context.Context, try Try) {
			if ctx.Value(key{}) != "caller" {
				t.Error("another context than the caller's")
			}
			got = append(got, try)
		}
		s := play(hangUp, answering(400, invalid))
		c := serveInBubble(t, s.ServeHTTP, WithTries(4), WithTrace(trace))
		_, err := c.RefundDetails(context.WithValue(t.Context(), key{}, "caller"), "R1-0001-R1", paymentID)
		want := []Try{
			{Op: OpRefundDetails, Method: "GET", Path: "/v2/refunds/R1-0001-R1", Number: 1},
			{
				Op: OpRefundDetails, Method: "GET", Path: "/v2/refunds/R1-0001-R1", Number: 2,
				Status: 400, Code: "INVALID_REQUEST_PARAMS", CodeID: "08100006", RequestID: testRequestID,
			},
		}
		if d := cmp.Diff(want, got, cmpopts.IgnoreFields(Try{}, "Err", "Duration"), cmpopts.IgnoreUnexported(Try{})); d != "" {
			t.Fatal(d)
		}
		if ClassOf(got[0].Err) != Unknown || ClassOf(got[1].Err) != Bug || ClassOf(err) != Bug {
			t.Errorf("errors %v and %v", got[0].Err, got[1].Err)
		}
	})
}

// Where a try has run into its time limit, the trace still has the context of the
// call, with which it can write down what came of it.
func TestWithTrace_contextOutlivesTheTry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		traced := 0
		c := serveInBubble(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, WithTrace(func(ctx context.Context, _ Try) {
			traced++
			if end, has := ctx.Deadline(); ctx.Err() != nil || has {
				t.Errorf("the context is that of the try: %v, ends %v", ctx.Err(), end)
			}
		}))
		if err := tryWith(context.WithoutCancel(t.Context()), c, OpPayment); !errors.Is(err, context.DeadlineExceeded) || traced != 1 {
			t.Errorf("%d traced, error %v", traced, err)
		}
	})
}

// The trace tells of each try what it was, also where the call as a whole is
// in doubt.
func TestWithTrace_tryKeepsItsClass(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var tries []Try // looked at when the call is over
		s := play(hangUp, answering(400, invalid))
		c := serveInBubble(t, s.ServeHTTP, WithTries(4), WithTrace(func(_ context.Context, try Try) {
			tries = append(tries, try)
		}))
		_, err := c.Refund(t.Context(), refund())
		var classes []Class
		for _, try := range tries {
			classes = append(classes, ClassOf(try.Err))
		}
		if d := cmp.Diff([]Class{Unknown, Bug}, classes); d != "" || ClassOf(err) != Unknown {
			t.Error(d, err)
		}
	})
}

// Whatever PayPay sends beside what is known reaches the trace, of each operation,
// done or refused; and nothing that prints a try shows it.
func TestTry_data(t *testing.T) {
	t.Parallel()
	const data = `{"somethingNew":[1,1e400,"seashells"],"status":"HALF_DONE"}`
	for _, op := range ops {
		for status, code := range map[int]ResultCode{200: Success, 400: "NEW_REASON"} {
			var got []Try
			body := fmt.Sprintf(`{"resultInfo":{"code":%q,"message":"","codeId":"1"},"data": %s}`, code, data)
			c := serve(t, answering(status, body), WithTrace(func(_ context.Context, try Try) { got = append(got, try) }))
			_ = try(t, c, op) // most cannot make a result of it
			if len(got) != 1 || string(got[0].Data()) != data {
				t.Errorf("%s %d: %+v", op, status, got)
				continue
			}
			var out bytes.Buffer
			fmt.Fprintf(&out, "%v %+v %#v", got[0], got[0], got)
			slog.New(slog.NewJSONHandler(&out, nil)).Info("try", "try", got[0])
			if strings.Contains(out.String(), "seashells") {
				t.Errorf("printed %s", &out)
			}
		}
	}
	for name, body := range map[string]string{
		"none": `{"resultInfo":{"code":"SUCCESS","message":"","codeId":"1"}}`,
		"null": `{"resultInfo":{"code":"SUCCESS","message":"","codeId":"1"},"data":null}`,
		"cut":  `{"resultInfo":{"code":"SUCCESS","message":"","codeId":"1"},"data":{"a":1}`,
	} {
		var got []Try
		c := serve(t, answering(200, body), WithTrace(func(_ context.Context, try Try) { got = append(got, try) }))
		_ = try(t, c, OpPayment)
		if len(got) != 1 || got[0].Data() != nil {
			t.Errorf("%s: %s", name, got[0].Data())
		}
	}
}

// Nothing secret and nobody's authorization reaches a log or a trace.
func TestCall_tellsNothingSecret(t *testing.T) {
	t.Parallel()
	for _, op := range ops {
		t.Run(string(op), func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			logger := slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
			var s sent
			srv := httptest.NewServer(recording(&s, answering(400, invalid)))
			t.Cleanup(srv.Close)
			c, err := New(canary(t), WithBaseURL(srv.URL), WithLogger(logger), WithTrace(func(_ context.Context, try Try) {
				_, _ = fmt.Fprintf(&out, "%+v %v", try, try.Err)
			}))
			if err != nil {
				t.Fatal(err)
			}
			if err := try(t, c, op); ClassOf(err) != Bug {
				t.Fatal(err)
			}
			nonce, _ := signature(t, s.header)
			for _, secret := range []string{"CANARY", "hmac", nonce, authorizationID, "むね堂", "09012345678"} {
				if strings.Contains(out.String(), secret) {
					t.Errorf("told %s in %s", secret, out.String())
				}
			}
		})
	}
}

// What is no HTTP may be our own request, sent back by a proxy: nothing of it is
// told.
func TestCall_tellsNothingOfWhatIsNoHTTP(t *testing.T) {
	t.Parallel()
	const esc = "\x1b]0;seashells\a\x1b[2J"
	for name, answer := range map[string]string{
		"a line that is no header": "HTTP/1.1 200 OK\r\nbad %s\r\n\r\n",
		"no status line":           "%s\r\n\r\n",
		"a length":                 "HTTP/1.1 200 OK\r\nContent-Length: %s\r\n\r\n",
		"an encoding":              "HTTP/1.1 200 OK\r\nTransfer-Encoding: %s\r\n\r\n",
		"a trailer":                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nbad %s\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			var header http.Header
			c := serve(t, func(w http.ResponseWriter, r *http.Request) {
				header = r.Header
				conn, _, err := http.NewResponseController(w).Hijack()
				if err != nil {
					return
				}
				_, _ = fmt.Fprintf(conn, answer, r.Header.Get("Authorization")+esc)
				_ = conn.Close()
			}, WithTrace(func(_ context.Context, try Try) { _, _ = fmt.Fprintf(&out, "%+v %v", try, try.Err) }))
			err := try(t, c, OpCreateCode)
			_, _ = fmt.Fprint(&out, err)
			nonce, _ := signature(t, header)
			for _, secret := range []string{"CANARY", "hmac", nonce, "seashells", "\x1b"} {
				if strings.Contains(out.String(), secret) {
					t.Errorf("told %q in %q", secret, &out)
				}
			}
			if ClassOf(err) != Unknown {
				t.Errorf("error %v", err)
			}
		})
	}
}

// However the tries end, no money-moving call says that nothing happened when
// one of its tries may have been done, and none is sent more often than allowed.
func TestRepeat_neverHidesADoubt(t *testing.T) {
	t.Parallel()
	outcomes := map[string]http.HandlerFunc{
		"lost": hangUp, "500": answering(500, broken), "portal": answering(200, "<html>"),
		"429": answering(429, limited), "400": answering(400, invalid),
	}
	names := []string{"lost", "500", "portal", "429", "400"}
	doubtful := map[string]bool{"lost": true, "500": true, "portal": true}
	rapid.Check(t, func(rt *rapid.T) {
		drawn := rapid.SliceOfN(rapid.SampledFrom(names), 1, 5).Draw(rt, "outcomes")
		n := rapid.IntRange(1, 5).Draw(rt, "tries")
		op := rapid.SampledFrom(ops).Draw(rt, "op")
		var handlers []http.HandlerFunc
		for _, name := range drawn {
			handlers = append(handlers, outcomes[name])
		}
		s := play(handlers...)
		var err error
		synctest.Test(t, func(t *testing.T) {
			err = try(t, serveInBubble(t, s.ServeHTTP, WithTries(n)), op)
		})
		moves := !slices.Contains(reads, op) // net/http may send a look-up again by itself
		if moves && s.tries() > n {
			rt.Fatalf("%d tries", s.tries())
		}
		doubts := 0
		for i := range s.tries() {
			if doubtful[drawn[min(i, len(drawn)-1)]] {
				doubts++
			}
		}
		if moves && doubts > 0 && ClassOf(err) != Unknown {
			rt.Fatalf("%s after %v: %v", op, drawn, err)
		}
		if !slices.Contains(repeatable, op) && doubts > 1 {
			rt.Fatalf("%s was repeated blindly after %v", op, drawn)
		}
	})
}
