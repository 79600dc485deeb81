package simulator_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// control makes an unsigned call, as from a shell on the same machine.
func (tl *till) control(t testing.TB, method, target, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	r.RemoteAddr, r.Host = "127.0.0.1:5000", "localhost:8080"
	w := httptest.NewRecorder()
	tl.sim.ServeHTTP(w, r)
	return w
}

func TestControl_customerActsByCodeAndByPayment(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	code := tl.create(t, "order-1", 100)
	tl.create(t, "order-2", 100)
	tl.create(t, "order-3", 100)
	for _, tt := range []struct {
		target string
		status int
		stage  string
	}{
		{"/simulator/codes/" + code + "/scan", 200, `"stage":"confirming"`},
		{"/simulator/codes/" + code + "/decline", 200, `"stage":"waiting"`},
		{"/simulator/codes/" + code + "/decline", 409, `"field":"codeId"`},
		{"/simulator/codes/" + code + "/pay", 200, `"stage":"paid"`},
		{"/simulator/codes/" + code + "/pay", 409, `the code is paid`},
		{"/simulator/payments/order-2/pay", 200, `"status":"COMPLETED"`},
		{"/simulator/payments/order-3/fail", 200, `"status":"FAILED"`},
		{"/simulator/payments/order-4/pay", 404, `"field":"merchantPaymentId"`},
		{"/simulator/codes/04-AAAAAAAAAAAAAAAA/pay", 404, `"field":"codeId"`},
		{"/simulator/codes/" + code + "/steal", 404, `"field":"action"`},
	} {
		got := tl.control(t, "POST", tt.target, "")
		if got.Code != tt.status || !strings.Contains(got.Body.String(), tt.stage) {
			t.Errorf("%s: %d %s", tt.target, got.Code, got.Body)
		}
	}
	if got := tl.sim.State().Taken; got != 200 {
		t.Errorf("taken %d", got)
	}
}

func TestControl_clockMovesOn(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	got := tl.control(t, "POST", "/simulator/clock", `{"advance":"10m"}`)
	if got.Code != 200 || strings.TrimSpace(got.Body.String()) != `{"now":"2026-11-23T03:10:00Z"}` {
		t.Errorf("%d %s", got.Code, got.Body)
	}
	if now := tl.sim.State().Now; !now.Equal(start.Add(10 * time.Minute)) {
		t.Errorf("now %v", now)
	}
	for body, field := range map[string]string{
		`{"advance":"-10m"}`:     "advance",
		`{"advance":"0s"}`:       "advance",
		`{"advance":"9000h"}`:    "advance",
		`{"advance":"soon"}`:     "advance",
		`{"advance":10}`:         "advance",
		`{}`:                     "advance",
		`{"back":"10m"}`:         "body",
		`{"advance":"1m"} {}`:    "body",
		``:                       "body",
		strings.Repeat(" ", 1e5): "body",
	} {
		got := tl.control(t, "POST", "/simulator/clock", body)
		if got.Code != 400 || !strings.Contains(got.Body.String(), `"field":"`+field+`"`) {
			t.Errorf("%.40q: %d %s", body, got.Code, got.Body)
		}
	}
	if now := tl.sim.State().Now; !now.Equal(start.Add(10 * time.Minute)) {
		t.Errorf("a refused call moved the clock to %v", now)
	}
}

func TestControl_armsAndClearsFaults(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	ok := tl.control(t, "POST", "/simulator/faults",
		`{"operation":"v2_getQRPaymentDetails","kind":"rate-limit","retryAfter":"2s","merchantPaymentId":"order-1","probability":1}`)
	if ok.Code != 200 || ok.Body.String() != "{}" {
		t.Fatalf("%d %s", ok.Code, ok.Body)
	}
	if got := tl.look("order-1"); got.status != 429 || got.header.Get("Retry-After") != "2" {
		t.Errorf("%d %v", got.status, got.header)
	}
	if got := tl.control(t, "DELETE", "/simulator/faults", ""); got.Code != 200 {
		t.Errorf("%d %s", got.Code, got.Body)
	}
	tl.look("order-1").says(t, 400, "DYNAMIC_QR_PAYMENT_NOT_FOUND", "01652075")

	for body, field := range map[string]string{
		`{"kind":"gremlin"}`:                        "kind",
		`{"kind":"delay-after","delay":"soon"}`:     "delay",
		`{"kind":"rate-limit","retryAfter":"soon"}`: "retryAfter",
		`{"kind":"garbage","times":"1"}`:            "times",
		`{"kind":"garbage","howOften":1}`:           "body",
		`[]`:                                        "body",
	} {
		got := tl.control(t, "POST", "/simulator/faults", body)
		if got.Code != 400 || !strings.Contains(got.Body.String(), `"field":"`+field) {
			t.Errorf("%s: %d %s", body, got.Code, got.Body)
		}
	}
}

func TestControl_tellsTheState(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	empty := tl.control(t, "GET", "/simulator/state", "")
	want := `{"now":"2026-11-23T03:00:00Z","taken":0,"held":0,"budget":1000000,` +
		`"wallets":[{"customerId":"customer","account":"active","balance":1000000000000}],"payments":[],"faults":[],"waitingCancels":[],"calls":[],"reads":0,"changes":[]}`
	if got := empty.Body.String(); empty.Code != 200 || got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	must(t, tl.sim.Pay(tl.create(t, "order-1", 100)))
	got := tl.control(t, "GET", "/simulator/state", "").Body.String()
	for _, part := range []string{`"taken":100`, `"merchantPaymentId":"order-1"`, `"paidAt":"2026-11-23T03:00:00Z"`, `"operation":"v2_createDynamicQRCode"`} {
		if !strings.Contains(got, part) {
			t.Errorf("%s is missing in %s", part, got)
		}
	}
	if strings.Contains(got, "failedAt") {
		t.Errorf("a time that never was: %s", got)
	}
}

func TestControl_isForThisMachine(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	for peer, status := range map[string]int{
		"127.0.0.1:1": 200, "[::1]:1": 200, "[::ffff:127.0.0.1]:1": 200, "": 200, "pipe": 200, "@": 200,
		"192.168.1.7:1": 403, "[2001:db8::1]:1": 403, "[::ffff:192.168.1.7]:1": 403, "10.0.0.1": 403, "[fe80::1%eth0]:1": 403,
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost/simulator/state", nil)
		r.RemoteAddr = peer
		w := httptest.NewRecorder()
		tl.sim.ServeHTTP(w, r)
		if w.Code != status {
			t.Errorf("%q: got %d, want %d", peer, w.Code, status)
		}
	}
}

func TestControl_refusesFormsOfOtherSites(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	code := tl.create(t, "order-1", 100)
	for _, target := range []string{"/simulator/codes/" + code + "/pay", "/pay/" + code} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, target, strings.NewReader("action=pay"))
		r.RemoteAddr, r.Host = "127.0.0.1:5000", "localhost"
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", "https://elsewhere.example")
		w := httptest.NewRecorder()
		tl.sim.ServeHTTP(w, r)
		if w.Code != http.StatusForbidden {
			t.Errorf("%s: %d", target, w.Code)
		}
	}
	tl.look("order-1").is(t, "CREATED")
}

// A web page whose name was made to lead to this machine can change nothing.
func TestControl_onlyForOwnNames(t *testing.T) {
	t.Parallel()
	c := config()
	c.PublicURL = "https://till.example:8443"
	named := newTill(t, c)
	c.PublicURL = ""
	unnamed := newTill(t, c)
	for host, allowed := range map[string]bool{
		"localhost": true, "LOCALHOST:8080": true, "127.0.0.1:8080": true, "192.168.1.5:8080": true, "[::1]:8080": true, "[::1]": true,
		"evil.example": false, "evil.example:8080": false, "localhost.evil.example": false, "127.0.0.1.evil.example:8080": false, "": false,
		"till.example": true, "Till.example:8443": true,
	} {
		for _, tl := range []*till{named, unnamed} {
			r := httptest.NewRequestWithContext(t.Context(), "GET", "/simulator/state", nil)
			r.RemoteAddr, r.Host = "127.0.0.1:5000", host
			want := http.StatusForbidden
			if allowed && (tl == named || !strings.HasPrefix(strings.ToLower(host), "till.")) {
				want = http.StatusOK
			}
			w := httptest.NewRecorder()
			if tl.sim.ServeHTTP(w, r); w.Code != want {
				t.Errorf("%q: %d %s", host, w.Code, w.Body)
			}
		}
	}
}
