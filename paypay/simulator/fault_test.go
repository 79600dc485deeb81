package simulator_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.jp/reji/paypay/simulator"
)

// Each kind of fault meets a create: what comes back, and whether a code exists
// afterwards.
func TestFault_onACreate(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		fault   simulator.Fault
		dropped bool
		status  int
		code    string
		codeID  string
		effect  bool
	}{
		{simulator.Fault{Kind: simulator.DropBefore}, true, 0, "", "", false},
		{simulator.Fault{Kind: simulator.DropAfter}, true, 0, "", "", true},
		{simulator.Fault{Kind: simulator.StatusBefore, Status: 500, Code: "SERVICE_ERROR", CodeID: "08100026"}, false, 500, "SERVICE_ERROR", "08100026", false},
		{simulator.Fault{Kind: simulator.StatusAfter, Status: 500, Code: "INTERNAL_SERVER_ERROR", CodeID: "08101000"}, false, 500, "INTERNAL_SERVER_ERROR", "08101000", true},
		{simulator.Fault{Kind: simulator.HTMLBefore}, false, 200, "", "", false},
		{simulator.Fault{Kind: simulator.HTMLBefore, Status: 502}, false, 502, "", "", false},
		{simulator.Fault{Kind: simulator.HTMLAfter}, false, 502, "", "", true},
		{simulator.Fault{Kind: simulator.HTMLAfter, Status: 200}, false, 200, "", "", true},
		{simulator.Fault{Kind: simulator.HTMLAfter, Status: 504}, false, 504, "", "", true},
		{simulator.Fault{Kind: simulator.Redirect}, false, 302, "", "", false},
		{simulator.Fault{Kind: simulator.RateLimit}, false, 429, "RATE_LIMIT", "08100998", false},
		{simulator.Fault{Kind: simulator.Maintenance}, false, 503, "MAINTENANCE_MODE", "08100999", false},
		{simulator.Fault{Kind: simulator.Unauthorized}, false, 401, "UNAUTHORIZED", "08100016", false},
		{simulator.Fault{Kind: simulator.Truncated}, true, 201, "", "", true},
		{simulator.Fault{Kind: simulator.WrongLength}, false, 201, "", "", true},
		{simulator.Fault{Kind: simulator.Garbage}, false, 201, "", "", true},
		{simulator.Fault{Kind: simulator.ByteOrderMark}, false, 201, "", "", true},
		{simulator.Fault{Kind: simulator.WrongAmount}, false, 201, "SUCCESS", "08100001", true},
		{simulator.Fault{Kind: simulator.WrongCurrency}, false, 201, "SUCCESS", "08100001", true},
		{simulator.Fault{Kind: simulator.WrongDate, Skew: time.Hour}, false, 201, "SUCCESS", "08100001", true},
		{simulator.Fault{Kind: simulator.NoDate}, false, 201, "SUCCESS", "08100001", true},
		{simulator.Fault{Kind: simulator.WrongID}, false, 201, "SUCCESS", "08100001", true},
	} {
		t.Run(fmt.Sprint(tt.fault.Kind, tt.fault.Status), func(t *testing.T) {
			t.Parallel()
			tl := newTill(t, config())
			tt.fault.Times = 1
			must(t, tl.sim.Fault(tt.fault))
			got := tl.call("POST", "/v2/codes", createBody("order-1", 100))
			if got.dropped != tt.dropped {
				t.Errorf("dropped %v, want %v", got.dropped, tt.dropped)
			}
			if tt.status != 0 {
				got.says(t, tt.status, tt.code, tt.codeID)
			} else if got.raw != "" {
				t.Errorf("something was written: %s", got.raw)
			}
			if tt.code == "" && got.raw != "" && json.Valid([]byte(got.raw)) {
				t.Errorf("the body is sound: %s", got.raw)
			}
			st := tl.sim.State()
			if effect := len(st.Payments) == 1; effect != tt.effect {
				t.Errorf("effect %v, want %v", effect, tt.effect)
			}
			if len(st.Calls) != 1 || st.Calls[0].Fault != tt.fault.Kind || st.Calls[0].MerchantPaymentID != "order-1" {
				t.Errorf("calls %+v", st.Calls)
			}
			// It was used up: the next call is answered.
			if tt.effect {
				tl.look("order-1").is(t, "CREATED")
			} else {
				tl.create(t, "order-1", 100)
			}
		})
	}
}

func TestFault_spoilsWhatAnAnswerSays(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	code := tl.create(t, "order-1", 100)
	must(t, tl.sim.Pay(code))
	truth := tl.look("order-1")
	once := func(kind simulator.Kind) {
		must(t, tl.sim.Fault(simulator.Fault{Kind: kind, Times: 1}))
	}

	once(simulator.Stale)
	stale := tl.look("order-1")
	stale.is(t, "CREATED")
	if stale.text("paymentId") != "<nil>" || stale.text("acceptedAt") != "0" {
		t.Error(stale.raw)
	}
	once(simulator.Stale)
	tl.call("GET", "/v2/payments/order-1", "").says(t, 404, "RESOURCE_NOT_FOUND", "00200001")

	once(simulator.WrongAmount)
	if got := tl.look("order-1"); !strings.Contains(got.text("amount"), "amount:101") {
		t.Error(got.raw)
	}
	once(simulator.WrongID)
	if got := tl.look("order-1"); got.text("merchantPaymentId") == "order-1" {
		t.Error(got.raw)
	}
	once(simulator.UnknownStatus)
	tl.look("order-1").is(t, "PENDING_REVIEW")

	if diff := cmp.Diff(truth.data, tl.look("order-1").data); diff != "" {
		t.Errorf("a spoilt answer changed the books: %s", diff)
	}
}

// The answers of every operation with something to spoil are spoilt.
func TestFault_spoilsWhateverSaysSuchAThing(t *testing.T) {
	t.Parallel()
	tl := linking(t)
	user := tl.link(t, "")
	once := func(kind simulator.Kind, want string, call func() reply) {
		t.Helper()
		must(t, tl.sim.Fault(simulator.Fault{Kind: kind, Times: 1}))
		if got := call(); !strings.Contains(got.raw, want) || got.status >= 300 {
			t.Errorf("%s: %s is missing in %s", kind, want, got.raw)
		}
	}
	get := func(target string) func() reply { return func() reply { return tl.call("GET", target, "") } }
	tl.charge("/v1/requestOrder", "pending", user, 100, "")
	number := tl.held(t, "held", 100)
	n := 0
	pay := func() reply {
		n++
		return tl.charge("/v2/payments", fmt.Sprint("native-", n), user, int64(n), "")
	}
	change := func() reply {
		n++
		return tl.change(fmt.Sprint("change-", n), number, 100-int64(n))
	}
	for _, call := range []func() reply{
		get("/v2/codes/payments/held"), get("/v2/payments/held"), get("/v1/requestOrder/pending"), pay, change, get("/v6/wallet/balance?currency=JPY&userAuthorizationId=" + user),
	} {
		once(simulator.WrongCurrency, `"currency":"USD"`, call)
		once(simulator.WrongID, `"somebody-elses"`, call)
	}
	for _, call := range []func() reply{
		get("/v2/codes/payments/held"), get("/v2/payments/held"), get("/v1/requestOrder/pending"), pay,
		get("/v2/user/authorizations?userAuthorizationId=" + user), func() reply { return tl.revert(number) },
	} {
		once(simulator.UnknownStatus, `"status":"PENDING_REVIEW"`, call)
	}
	if got := tl.sim.State().Faults; len(got) != 0 {
		t.Errorf("nobody met %+v", got)
	}
}

func TestFault_lookUpThatFindsNothing(t *testing.T) {
	t.Parallel()
	tl := linking(t)
	user := tl.link(t, "")
	number := tl.paid(t, "order-1", 100)
	tl.refund("refund-1", number, 10)
	tl.charge("/v1/requestOrder", "pending", user, 100, "")
	must(t, tl.sim.PayPending("pending"))
	must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.NotFound}))
	tl.look("order-1").says(t, 400, "DYNAMIC_QR_PAYMENT_NOT_FOUND", "01652075")
	tl.call("GET", "/v2/payments/order-1", "").says(t, 404, "RESOURCE_NOT_FOUND", "00200001")
	tl.lookRefund(number).says(t, 404, "NO_SUCH_REFUND_ORDER", "00200018")
	tl.call("GET", "/v1/requestOrder/pending", "").says(t, 400, "REQUEST_ORDER_NOT_FOUND", "08300005")
	tl.sim.ClearFaults()
	must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.Stale}))
	if got := tl.call("GET", "/v1/requestOrder/pending", ""); got.text("status") != "CREATED" || got.text("paymentId") != "<nil>" {
		t.Error(got.raw)
	}
}

func TestFault_cacheAnswersAsTheLastTime(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.Cached, Times: 1}))
	code := tl.create(t, "order-1", 100)
	first := tl.look("order-1") // nothing was kept yet
	if first.is(t, "CREATED"); first.header.Get("Age") != "" {
		t.Error(first.header)
	}
	then := tl.look("order-1")
	must(t, tl.sim.Pay(code))
	tl.advance(90 * time.Second)
	must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.Cached, Times: 1}))
	got := tl.look("order-1")
	got.is(t, "CREATED")
	for name, want := range map[string]string{"Age": "90", "Date": then.header.Get("Date"), "X-Request-Id": then.header.Get("X-Request-Id")} {
		if got.header.Get(name) != want {
			t.Errorf("%s %q, want %q", name, got.header.Get(name), want)
		}
	}
	tl.look("order-1").is(t, "COMPLETED")
}

func TestFault_dateIsWrongOrMissing(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.WrongDate, Skew: -2 * time.Hour, Times: 1}))
	if got := tl.look("order-1").header.Get("Date"); got != "Mon, 23 Nov 2026 01:00:00 GMT" {
		t.Error(got)
	}
	must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.NoDate}))
	srv := httptest.NewServer(tl.sim)
	defer srv.Close()
	if head, _ := tl.through(t, srv, "/v2/codes/payments/order-1"); head.Get("Date") != "" {
		t.Error(head)
	}
}

// through makes a look-up through a server, and tells how long its body is.
func (tl *till) through(t testing.TB, srv *httptest.Server, target string) (head http.Header, length int64) {
	t.Helper()
	r := tl.request(t.Context(), "GET", target, "")
	r.URL.Host = strings.TrimPrefix(srv.URL, "http://")
	resp, err := srv.Client().Do(r)
	must(t, err)
	defer func() { _ = resp.Body.Close() }()
	length, err = io.Copy(io.Discard, resp.Body)
	must(t, err)
	return resp.Header, length
}

// A flood is sound at its beginning, and comes in full to whoever takes it.
func TestFault_floods(t *testing.T) {
	t.Parallel()
	for kind, least := range map[simulator.Kind]int64{simulator.HugeBody: 64 << 20, simulator.GzipBomb: 60 << 10, simulator.EndlessHeaders: 12 << 20} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			tl := newTill(t, config())
			tl.create(t, "order-1", 100)
			must(t, tl.sim.Fault(simulator.Fault{Kind: kind}))
			srv := httptest.NewServer(tl.sim)
			defer srv.Close()
			tr, ok := srv.Client().Transport.(*http.Transport)
			if !ok {
				t.Fatal("no transport")
			}
			tr.DisableCompression, tr.MaxResponseHeaderBytes = true, 1<<30
			head, n := tl.through(t, srv, "/v2/codes/payments/order-1")
			for _, values := range head {
				for _, v := range values {
					n += int64(len(v))
				}
			}
			if n < least || kind == simulator.GzipBomb && (n > 1<<20 || head.Get("Content-Encoding") != "gzip") {
				t.Errorf("%d bytes", n)
			}
		})
	}
}

func TestFault_bodyComesByteByByte(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tl := newTill(t, config())
		must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.SlowBody, Delay: time.Second, Times: 1}))
		before := time.Now()
		got := tl.look("order-1")
		got.says(t, 400, "DYNAMIC_QR_PAYMENT_NOT_FOUND", "01652075")
		if waited := time.Since(before); waited != time.Duration(len(got.raw))*time.Second {
			t.Errorf("%d bytes in %s", len(got.raw), waited)
		}
	})
}

// On the connection itself the answer comes as often as asked, the connection
// stays open, and the next call ends it without having reached the service.
func TestFault_onTheConnectionItself(t *testing.T) {
	t.Parallel()
	for kind, copies := range map[simulator.Kind]int{simulator.CutNext: 1, simulator.Twice: 2} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			tl := newTill(t, config())
			tl.create(t, "order-1", 100)
			must(t, tl.sim.Fault(simulator.Fault{Kind: kind}))
			srv := httptest.NewServer(tl.sim)
			defer srv.Close()
			conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(srv.URL, "http://"))
			must(t, err)
			defer func() { _ = conn.Close() }()
			must(t, tl.request(t.Context(), "GET", "/v2/codes/payments/order-1", "").Write(conn))
			r := bufio.NewReader(conn)
			for range copies {
				answer, err := http.ReadResponse(r, nil)
				must(t, err)
				body, err := io.ReadAll(answer.Body)
				must(t, err)
				must(t, answer.Body.Close())
				if !strings.Contains(string(body), `"status":"CREATED"`) || answer.Header.Get("X-Request-Id") == "" || answer.Close {
					t.Errorf("%v %s", answer.Header, body)
				}
			}
			must(t, conn.SetReadDeadline(time.Now().Add(20*time.Millisecond)))
			if _, err := r.Peek(1); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("the connection does not stay open: %v", err)
			}
			must(t, conn.SetReadDeadline(time.Time{}))
			must(t, tl.request(t.Context(), "GET", "/v2/codes/payments/order-1", "").Write(conn))
			if n, err := r.Peek(1); err == nil {
				t.Errorf("there was an answer: %q", n)
			}
			if n := tl.sim.State().Reads; n != 1 {
				t.Errorf("%d calls reached the service", n)
			}
		})
	}
}

// Any call that changes something can arrive late.
func TestFault_refundArrivesLate(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	number := tl.paid(t, "order-1", 100)
	must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.Late, Operation: simulator.OpCreateRefund, Delay: time.Minute, Times: 1}))
	if got := tl.refund("refund-1", number, 40); !got.dropped {
		t.Error(got.raw)
	}
	tl.lookRefund(number).says(t, 404, "NO_SUCH_REFUND_ORDER", "00200018")
	tl.advance(time.Minute)
	tl.lookRefund(number).is(t, "CREATED")
	must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.Late, Delay: time.Minute, Times: 1}))
	if got := tl.cancel("order-1"); !got.dropped { // it will be refused
		t.Error(got.raw)
	}
	tl.advance(time.Hour)
	if got, _ := find(tl.sim.State(), "order-1"); got.CancelAccepted || got.Refunded != 40 {
		t.Errorf("%+v", got)
	}
}

func TestFault_stateTellsWhatIsArmed(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.Maintenance, Times: 3}))
	must(t, tl.sim.Fault(simulator.Fault{Operation: simulator.OpCreateCode, Kind: simulator.WrongDate, Skew: -time.Hour, Probability: 0.5}))
	tl.look("order-1")
	want := `"faults":[{"fault":{"operation":"all","kind":"maintenance","times":3},"left":2},` +
		`{"fault":{"operation":"v2_createDynamicQRCode","kind":"wrong-date","probability":0.5,"skew":"-1h0m0s"},"left":0}]`
	if got := tl.control(t, "GET", "/simulator/state", "").Body.String(); !strings.Contains(got, want) {
		t.Error(got)
	}
	// What is told can be armed.
	told, err := json.Marshal(tl.sim.State().Faults[1].Fault)
	must(t, err)
	if got := tl.control(t, "POST", "/simulator/faults", string(told)); got.Code != 200 {
		t.Error(got.Body)
	}
	if got := tl.sim.State().Faults; len(got) != 3 || got[2] != got[1] {
		t.Errorf("%+v", got)
	}
}

func TestFault_unknownStatusOfADelete(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	code := tl.create(t, "order-1", 100)
	must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.UnknownStatus, Times: 1}))
	if got := tl.shut(code); got.text("qrStatus") != "PENDING_REVIEW" {
		t.Error(got.raw)
	}
}

func TestFault_duplicateKeyClaimsAPayment(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	tl.create(t, "order-1", 100)
	must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.DuplicateKey, Times: 2}))
	got := tl.look("order-1")
	if !json.Valid([]byte(got.raw)) || strings.Count(got.raw, `"resultInfo"`) != 2 || strings.Count(got.raw, `"data"`) != 2 {
		t.Error(got.raw)
	}
	if got.text("status") != "COMPLETED" {
		t.Errorf("a decoder in which the last one wins reads %s", got.text("status"))
	}
	got = tl.call("POST", "/v2/codes", createBody("order-1", 100))
	if got.status != 400 || got.code != "SUCCESS" {
		t.Error(got.raw)
	}
}

func TestFault_truncatedAndWrongLengthThroughAServer(t *testing.T) {
	t.Parallel()
	for _, kind := range []simulator.Kind{simulator.Truncated, simulator.WrongLength, simulator.DropAfter} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			tl := newTill(t, config())
			tl.create(t, "order-1", 100)
			must(t, tl.sim.Fault(simulator.Fault{Kind: kind}))
			srv := httptest.NewServer(tl.sim)
			defer srv.Close()
			r := tl.request(t.Context(), "GET", "/v2/codes/payments/order-1", "")
			r.URL.Host = strings.TrimPrefix(srv.URL, "http://")
			resp, err := srv.Client().Do(r)
			if kind == simulator.DropAfter {
				if err == nil {
					_ = resp.Body.Close()
					t.Fatal("there was an answer")
				}
				return
			}
			must(t, err)
			defer func() { _ = resp.Body.Close() }()
			body, err := io.ReadAll(resp.Body)
			if kind == simulator.Truncated && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("got %v, want an unexpected end", err)
			}
			if kind == simulator.WrongLength && err != nil {
				t.Error(err)
			}
			if len(body) == 0 || json.Valid(body) {
				t.Errorf("body %q", body)
			}
		})
	}
}

func TestFault_rateLimitNamesItsPause(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.RateLimit, RetryAfter: 3 * time.Second, Times: 1}))
	if got := tl.look("order-1").header.Get("Retry-After"); got != "3" {
		t.Errorf("Retry-After %q", got)
	}
	must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.RateLimit, Times: 1}))
	if got := tl.look("order-1").header.Values("Retry-After"); got != nil {
		t.Errorf("Retry-After %q", got)
	}
}

func TestFault_htmlComesFromSomewhereElse(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.HTMLBefore, Times: 1}))
	got := tl.look("order-1")
	if got.header.Get("X-Request-Id") != "" || !strings.HasPrefix(got.header.Get("Content-Type"), "text/html") {
		t.Errorf("%v", got.header)
	}
}

func TestFault_delaysPassInTime(t *testing.T) {
	t.Parallel()
	for _, kind := range []simulator.Kind{simulator.DelayBefore, simulator.DelayAfter} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				tl := newTill(t, config())
				must(t, tl.sim.Fault(simulator.Fault{Kind: kind, Delay: 20 * time.Second}))
				before := time.Now()
				tl.call("POST", "/v2/codes", createBody("patient", 100)).says(t, 201, "SUCCESS", "08100001")
				if waited := time.Since(before); waited != 20*time.Second {
					t.Errorf("waited %v", waited)
				}

				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				before = time.Now()
				got := serve(tl.sim, tl.request(ctx, "POST", "/v2/codes", createBody("hasty", 100)))
				if waited := time.Since(before); !got.dropped || waited != 10*time.Second {
					t.Errorf("dropped %v after %v", got.dropped, waited)
				}
				_, exists := find(tl.sim.State(), "hasty")
				if want := kind == simulator.DelayAfter; exists != want {
					t.Errorf("effect %v, want %v", exists, want)
				}
			})
		})
	}
}

func find(st simulator.State, id string) (simulator.Payment, bool) {
	for _, p := range st.Payments {
		if p.MerchantPaymentID == id {
			return p, true
		}
	}
	return simulator.Payment{}, false
}

func TestFault_createArrivesLate(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	late := func(id string, d time.Duration) {
		must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.LateCreate, Delay: d, Times: 1}))
		if got := tl.call("POST", "/v2/codes", createBody(id, 100)); !got.dropped {
			t.Fatal(got.raw)
		}
	}
	late("second", 3*time.Minute)
	late("first", time.Minute)
	late("overtaken", time.Minute)
	tl.look("first").says(t, 400, "DYNAMIC_QR_PAYMENT_NOT_FOUND", "01652075")
	tl.cancel("first").says(t, 202, "REQUEST_ACCEPTED", "08100001")
	tl.create(t, "overtaken", 250)

	tl.advance(90 * time.Second)
	tl.look("first").is(t, "CREATED")
	tl.look("second").says(t, 400, "DYNAMIC_QR_PAYMENT_NOT_FOUND", "01652075")
	first, _ := find(tl.sim.State(), "first")
	if want := start.Add(6 * time.Minute); !first.ExpiresAt.Equal(want) || !first.CancelAccepted {
		t.Errorf("%+v, want it to expire at %v", first, want)
	}
	must(t, tl.sim.Pay(first.CodeID))
	tl.advance(time.Hour)
	tl.look("first").is(t, "FAILED")
	if got, _ := find(tl.sim.State(), "overtaken"); got.Amount != 250 || len(tl.sim.State().Payments) != 3 {
		t.Errorf("%+v", tl.sim.State().Payments)
	}
}

func TestFault_createThatIsRefusedHasNoLateEffect(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.LateCreate, Delay: time.Minute}))
	if got := tl.call("POST", "/v2/codes", createBody("order-1", 0)); !got.dropped {
		t.Error(got.raw)
	}
	tl.advance(time.Hour)
	if got := tl.sim.State().Payments; len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestFault_customerPaysDuringADelete(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		race  simulator.DeleteRace
		taken int64
	}{
		{"payment wins", simulator.PaymentWins, 100},
		{"delete wins", simulator.DeleteWins, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := config()
			c.DeleteRace = tt.race
			tl := newTill(t, c)
			code := tl.create(t, "order-1", 100)
			must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.PayDuring, Times: 1}))
			tl.shut(code).says(t, 200, "SUCCESS", "08100001")
			if tt.taken > 0 {
				tl.look("order-1").is(t, "COMPLETED")
			} else {
				tl.look("order-1").says(t, 400, "DYNAMIC_QR_PAYMENT_NOT_FOUND", "01652075")
			}
			if got := tl.sim.State().Taken; got != tt.taken {
				t.Errorf("taken %d, want %d", got, tt.taken)
			}
		})
	}
}

func TestFault_meetsOnlyTheCallsItNames(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	a, b := tl.create(t, "order-a", 100), tl.create(t, "order-b", 100)
	must(t, tl.sim.Fault(simulator.Fault{Operation: simulator.OpDeleteCode, Kind: simulator.Maintenance, MerchantPaymentID: "order-a"}))
	for range 3 {
		tl.shut(a).says(t, 503, "MAINTENANCE_MODE", "08100999")
	}
	tl.look("order-a").is(t, "CREATED")
	tl.shut(b).says(t, 200, "SUCCESS", "08100001")
	tl.sim.ClearFaults()
	tl.shut(a).says(t, 200, "SUCCESS", "08100001")
}

func TestFault_areMetInTheOrderInWhichTheyWereArmed(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.Maintenance, Times: 2}))
	must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.RateLimit, Times: 1}))
	for _, want := range []int{503, 503, 429, 400} {
		if got := tl.look("order-1").status; got != want {
			t.Errorf("got %d, want %d", got, want)
		}
	}
}

func TestFault_chanceIsTheSeedsAndNotTheOrders(t *testing.T) {
	t.Parallel()
	story := func(seed uint64, ids ...string) map[string]string {
		c := config()
		c.Seed = seed
		tl := newTill(t, c)
		must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.Maintenance, Probability: 0.3}))
		told := map[string]string{}
		for range 200 {
			for _, id := range ids {
				told[id] += fmt.Sprint(tl.look(id).status, " ")
			}
		}
		return told
	}
	forth, back := story(1, "a", "b"), story(1, "b", "a")
	if diff := cmp.Diff(forth, back); diff != "" {
		t.Error(diff)
	}
	if cmp.Equal(forth, story(2, "a", "b")) {
		t.Error("another seed tells the same story")
	}
	if n := strings.Count(forth["a"]+forth["b"], "503"); n < 80 || n > 160 {
		t.Errorf("%d of 400 calls failed at a probability of 0.3", n)
	}
}

func TestFault_namesTheFieldItCannotUse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		field string
		fault simulator.Fault
	}{
		{"kind", simulator.Fault{}},
		{"kind", simulator.Fault{Kind: "gremlin"}},
		{"operation", simulator.Fault{Kind: simulator.Garbage, Operation: "v2_noSuchThing"}},
		{"operation", simulator.Fault{Kind: simulator.PayDuring, Operation: simulator.OpCreateCode}},
		{"operation", simulator.Fault{Kind: simulator.WrongAmount, Operation: simulator.OpCancelPayment}},
		{"merchantPaymentId", simulator.Fault{Kind: simulator.Garbage, MerchantPaymentID: "a b"}},
		{"times", simulator.Fault{Kind: simulator.Garbage, Times: -1}},
		{"probability", simulator.Fault{Kind: simulator.Garbage, Probability: 1.5}},
		{"status", simulator.Fault{Kind: simulator.StatusAfter, Code: "X"}},
		{"status", simulator.Fault{Kind: simulator.HTMLAfter, Status: 404}},
		{"status", simulator.Fault{Kind: simulator.Garbage, Status: 500}},
		{"code", simulator.Fault{Kind: simulator.StatusBefore, Status: 500}},
		{"code", simulator.Fault{Kind: simulator.Garbage, Code: "X"}},
		{"delay", simulator.Fault{Kind: simulator.DelayAfter}},
		{"delay", simulator.Fault{Kind: simulator.LateCreate, Delay: -1}},
		{"delay", simulator.Fault{Kind: simulator.Garbage, Delay: 1}},
		{"delay", simulator.Fault{Kind: simulator.SlowBody}},
		{"skew", simulator.Fault{Kind: simulator.WrongDate}},
		{"skew", simulator.Fault{Kind: simulator.NoDate, Skew: time.Hour}},
		{"operation", simulator.Fault{Kind: simulator.Late, Delay: 1, Operation: simulator.OpCodePayment}},
		{"operation", simulator.Fault{Kind: simulator.Cached, Operation: simulator.OpCreateRefund}},
		{"retryAfter", simulator.Fault{Kind: simulator.RateLimit, RetryAfter: 1}},
		{"retryAfter", simulator.Fault{Kind: simulator.Garbage, RetryAfter: time.Second}},
	} {
		err := newSimulator(t, config()).Fault(tt.fault)
		if wrong, ok := errors.AsType[*simulator.FieldError](err); !ok || wrong.Field != tt.field {
			t.Errorf("%+v: got %v, want %s named", tt.fault, err, tt.field)
		}
	}
}

func TestFault_aDroppedCallLeavesItsNonceUnused(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.DropBefore, Times: 1}))
	r := tl.request(t.Context(), http.MethodGet, "/v2/codes/payments/order-1", "")
	if got := serve(tl.sim, r); !got.dropped {
		t.Error(got.raw)
	}
	serve(tl.sim, r).says(t, 400, "DYNAMIC_QR_PAYMENT_NOT_FOUND", "01652075")
	serve(tl.sim, r).says(t, 401, "UNAUTHORIZED", "08100016")
}
