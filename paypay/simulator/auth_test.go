package simulator_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.jp/reji/paypay/simulator"
)

// vector is a signed request: published by PayPay, or made by the signing code
// of its official client.
type vector struct {
	Name        string `json:"name"`
	Key         string `json:"key"`
	Secret      string `json:"secret"`
	Method      string `json:"method"`
	Path        string `json:"path"`
	Body        string `json:"body"`
	ContentType string `json:"contentType"`
	Header      string `json:"header"`
	Epoch       int64  `json:"epoch"`
}

func TestSignature_publishedVectors(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/hmac-vectors.json")
	must(t, err)
	var vectors []vector
	must(t, json.Unmarshal(raw, &vectors))
	if len(vectors) != 15 {
		t.Fatalf("%d vectors", len(vectors))
	}
	for _, v := range vectors {
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			c := config()
			c.APIKey, c.APISecret = v.Key, v.Secret
			c.Now = func() time.Time { return time.Unix(v.Epoch, 0) }
			send := func(change func(*http.Request)) error {
				sim := newSimulator(t, c)
				r, err := http.NewRequestWithContext(t.Context(), v.Method, "http://paypay.example"+v.Path, strings.NewReader(v.Body))
				must(t, err)
				if v.ContentType != "empty" {
					r.Header.Set("Content-Type", v.ContentType)
				}
				r.Header.Set("Authorization", v.Header)
				change(r)
				return simulator.CheckSignature(sim, r, []byte(v.Body), time.Unix(v.Epoch, 0))
			}
			if err := send(func(*http.Request) {}); err != nil {
				t.Error(err)
			}
			if send(func(r *http.Request) { r.Method = "PUT" }) == nil {
				t.Error("another method was accepted")
			}
			if send(func(r *http.Request) { r.URL.Path, r.URL.RawPath = "/v2/other", "" }) == nil {
				t.Error("another path was accepted")
			}
		})
	}
}

func TestAuthorization_refusals(t *testing.T) {
	t.Parallel()
	body := createBody("order-1", 100)
	for _, tt := range []struct {
		name string
		sign func(*signature)
		edit func(*http.Request)
	}{
		{name: "no header", edit: func(r *http.Request) { r.Header.Del("Authorization") }},
		{name: "two headers", edit: func(r *http.Request) { r.Header.Add("Authorization", r.Header.Get("Authorization")) }},
		{name: "another scheme", edit: swap("hmac OPA-Auth", "HMAC OPA-Auth")},
		{name: "two spaces", edit: swap("hmac ", "hmac  ")},
		{name: "a part too many", edit: func(r *http.Request) { r.Header.Set("Authorization", r.Header.Get("Authorization")+":x") }},
		{name: "unknown key", sign: func(g *signature) { g.key = "b_key" }},
		{name: "wrong secret", sign: func(g *signature) { g.secret += "x" }},
		{name: "wrong path", sign: func(g *signature) { g.path += "/" }},
		{name: "path with query", sign: func(g *signature) { g.path += "?assumeMerchant=123456" }},
		{name: "wrong method", sign: func(g *signature) { g.method = "post" }},
		{name: "no nonce", sign: func(g *signature) { g.nonce = "" }},
		{name: "long nonce", sign: func(g *signature) { g.nonce = strings.Repeat("n", 129) }},
		{name: "nonce with a space", sign: func(g *signature) { g.nonce = "a b" }},
		{name: "old", sign: at(-121 * time.Second)},
		{name: "from the future", sign: at(121 * time.Second)},
		{name: "milliseconds", sign: func(g *signature) { g.epoch += "000" }},
		{name: "epoch with a sign", sign: func(g *signature) { g.epoch = "+" + g.epoch }},
		{name: "epoch of no time", sign: func(g *signature) { g.epoch = "9223372036854775807" }},
		{name: "another body", sign: func(g *signature) { g.body = []byte(body + " ") }},
		{name: "no body signed", sign: func(g *signature) { g.body = nil }},
		{name: "another content type", sign: func(g *signature) { g.contentType = "application/json;charset=UTF-8" }},
		{name: "no content type", edit: func(r *http.Request) { r.Header.Del("Content-Type") }},
		{name: "two content types", edit: func(r *http.Request) { r.Header.Add("Content-Type", "application/json") }},
		{name: "hash not of the body", edit: func(r *http.Request) {
			h := r.Header.Get("Authorization")
			r.Header.Set("Authorization", h[:strings.LastIndex(h, ":")]+":1j0FnY4flNp5CtIKa7x9MQ==")
		}},
		{name: "no merchant", edit: func(r *http.Request) { r.Header.Del("X-Assume-Merchant") }},
		{name: "wrong merchant", edit: func(r *http.Request) { r.Header.Set("X-Assume-Merchant", "999") }},
		{name: "two merchants", edit: func(r *http.Request) { r.Header.Add("X-Assume-Merchant", "123456") }},
		{name: "wrong merchant in the query", edit: func(r *http.Request) { r.URL.RawQuery = "assumeMerchant=999" }},
		{name: "empty merchant in the query", edit: func(r *http.Request) { r.URL.RawQuery = "assumeMerchant=" }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tl := newTill(t, config())
			tl.sign, tl.edit = tt.sign, tt.edit
			got := tl.call("POST", "/v2/codes", body)
			got.says(t, 401, "UNAUTHORIZED", "08100016")
			if id := got.header.Get("X-Request-Id"); !strings.HasSuffix(got.message, " | ["+id+"]") {
				t.Errorf("message %q does not end with %s", got.message, id)
			}
			if st := tl.sim.State(); len(st.Payments)+len(st.Calls) != 0 {
				t.Errorf("it had an effect: %+v", st)
			}
		})
	}
}

func swap(from, to string) func(*http.Request) {
	return func(r *http.Request) {
		r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), from, to, 1))
	}
}

func at(d time.Duration) func(*signature) {
	return func(g *signature) { g.epoch = strconv.FormatInt(start.Add(d).Unix(), 10) }
}

func TestAuthorization_acceptsTheWholeEpochWindow(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	for _, d := range []time.Duration{-120 * time.Second, 120 * time.Second} {
		tl.sign = at(d)
		tl.look("order-1").says(t, 400, "DYNAMIC_QR_PAYMENT_NOT_FOUND", "01652075")
	}
}

func TestAuthorization_nonceCountsOnce(t *testing.T) {
	t.Parallel()
	c := config()
	now := start
	c.Now = func() time.Time { return now }
	tl := newTill(t, c)
	pass := func(d time.Duration) { now, tl.elapsed = now.Add(d), tl.elapsed+d }
	tl.look("order-1").says(t, 400, "DYNAMIC_QR_PAYMENT_NOT_FOUND", "01652075")
	pass(200 * time.Second)
	// Signed as far ahead as can be, it stays valid for two windows.
	tl.sign = func(g *signature) { g.nonce, g.epoch = "same", strconv.FormatInt(start.Unix()+320, 10) }
	tl.look("order-1").says(t, 400, "DYNAMIC_QR_PAYMENT_NOT_FOUND", "01652075")
	for range 24 {
		pass(10 * time.Second)
		if got := tl.look("order-1"); !strings.Contains(got.message, "nonce was used before") {
			t.Errorf("after %v: %s", tl.elapsed, got.raw)
		}
	}
	tl.sign = func(g *signature) { g.nonce = "same" }
	pass(10 * time.Minute)
	tl.look("order-1").says(t, 400, "DYNAMIC_QR_PAYMENT_NOT_FOUND", "01652075")
}

// Who keeps the real time is served on when the clock is moved, and so is who
// follows it; who does neither is not. No nonce counts twice by that.
func TestAdvance_bothClocksAreTaken(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	tl.sim.Advance(30 * 24 * time.Hour)
	tl.create(t, "order-1", 100) // by the clock that was not moved
	tl.sign = func(g *signature) { g.nonce = "same" }
	tl.look("order-1").is(t, "CREATED")
	tl.sim.Advance(time.Hour)
	if got := tl.look("order-1"); !strings.Contains(got.message, "nonce was used before") {
		t.Error(got.raw)
	}
	const moved = 30*24*time.Hour + time.Hour
	tl.sign = at(moved)
	tl.call("POST", "/v2/codes", createBodyAt("order-2", 100, moved)).says(t, 201, "SUCCESS", "08100001")
	for _, requested := range []time.Duration{-24*time.Hour - time.Second, 24*time.Hour + time.Second, moved - 24*time.Hour - time.Second, moved + 24*time.Hour + time.Second} {
		tl.call("POST", "/v2/codes", createBodyAt("order-3", 100, requested)).says(t, 400, "INVALID_REQUEST_PARAMS", "08100006")
	}
	for _, signed := range []time.Duration{-121 * time.Second, 121 * time.Second, moved - 121*time.Second, moved + 121*time.Second} {
		tl.sign = at(signed)
		tl.look("order-1").says(t, 401, "UNAUTHORIZED", "08100016")
	}
}

func TestAuthorization_aRefusedRequestDoesNotUseUpItsNonce(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	tl.sign = func(g *signature) { g.nonce, g.secret = "same", "wrong" }
	tl.look("order-1").says(t, 401, "UNAUTHORIZED", "08100016")
	tl.sign = func(g *signature) { g.nonce = "same" }
	tl.look("order-1").says(t, 400, "DYNAMIC_QR_PAYMENT_NOT_FOUND", "01652075")
}

func TestAuthorization_queryNamesTheMerchant(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	tl.edit = func(r *http.Request) { r.Header.Set("X-Assume-Merchant", "999") }
	tl.call("GET", "/v2/codes/payments/order-1?assumeMerchant=123456", "").says(t, 400, "DYNAMIC_QR_PAYMENT_NOT_FOUND", "01652075")
	tl.call("GET", "/v2/codes/payments/order-1?assumeMerchant=123456&x=1", "").says(t, 400, "INVALID_REQUEST_PARAMS", "08100006")
	tl.call("GET", "/v2/codes/payments/order-1?assumeMerchant=%zz", "").says(t, 400, "INVALID_REQUEST_PARAMS", "08100006")
}

func TestAuthorization_contentTypesInUse(t *testing.T) {
	t.Parallel()
	for i, contentType := range []string{"application/json", "application/json;charset=UTF-8", "application/json;charset=UTF-8;"} {
		tl := newTill(t, config())
		tl.sign = func(g *signature) { g.contentType = contentType }
		tl.edit = func(r *http.Request) { r.Header.Set("Content-Type", contentType) }
		tl.call("POST", "/v2/codes", createBody(fmt.Sprint("order-", i), 100)).says(t, 201, "SUCCESS", "08100001")
	}
	for _, contentType := range []string{"text/plain", "application/json;charset=Shift_JIS", "application/json;v=1", "application/json;charset=UTF-8;v=1", "json"} {
		tl := newTill(t, config())
		tl.sign = func(g *signature) { g.contentType = contentType }
		tl.edit = func(r *http.Request) { r.Header.Set("Content-Type", contentType) }
		tl.call("POST", "/v2/codes", createBody("order-1", 100)).says(t, 400, "INVALID_REQUEST_PARAMS", "08100006")
	}
}
