package simulator_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.jp/reji/paypay/simulator"
)

func TestSettings_areToldAndChanged(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	before := tl.control(t, "GET", "/simulator/settings", "")
	for _, part := range []string{`"codeLifetime":"5m0s"`, `"goneAnswer":"not-found-400"`, `"capture":"out-of-scope"`, `"refundHttpStatus":200`} {
		if !strings.Contains(before.Body.String(), part) {
			t.Errorf("%s is missing in %s", part, before.Body)
		}
	}
	got := tl.control(t, "POST", "/simulator/settings",
		`{"codeLifetime":"10s","goneAnswer":"not-found-404","paidDelete":"not-found","capture":"allowed","badId":"invalid-params","noRequestId":true}`)
	if got.Code != 200 || !strings.Contains(got.Body.String(), `"codeLifetime":"10s"`) || !strings.Contains(got.Body.String(), `"refundDelay":"10s"`) {
		t.Fatal(got.Body)
	}
	code := tl.create(t, "order-1", 100)
	must(t, tl.sim.Pay(code))
	gone := tl.shut(code)
	gone.says(t, 404, "DYNAMIC_QR_NOT_FOUND", "01652072")
	if gone.header.Get("X-Request-Id") != "" || strings.Contains(gone.message, "[") {
		t.Errorf("a request id: %v %s", gone.header, gone.raw)
	}
	tl.look("never").says(t, 404, "DYNAMIC_QR_PAYMENT_NOT_FOUND", "01652075")
	tl.look("a.b").says(t, 400, "INVALID_REQUEST_PARAMS", "08100006")
	tl.held(t, "order-2", 100)

	tl.sign = func(g *signature) { g.nonce = "same" }
	tl.look("order-1")
	tl.look("order-1").says(t, 401, "UNAUTHORIZED", "08100016")
	tl.control(t, "POST", "/simulator/settings", `{"nonceReuse":true}`)
	tl.look("order-1").is(t, "COMPLETED")
}

func TestSettings_refuseWhatCannotBe(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	before := tl.control(t, "GET", "/simulator/settings", "").Body.String()
	for body, field := range map[string]string{
		`{"codeLifetime":"-1s"}`: "codeLifetime", `{"codeLifetime":5}`: "codeLifetime", `{"codeLifetime":"soon"}`: "codeLifetime",
		`{"goneAnswer":"gone"}`: "goneAnswer", `{"paidDelete":"x"}`: "paidDelete", `{"deleteRace":1}`: "deleteRace", `{"badId":"x"}`: "badId",
		`{"partialRefund":"x"}`: "partialRefund", `{"capture":"x"}`: "capture", `{"webhookLoss":1.1}`: "webhookLoss",
		`{"webhookDouble":-1}`: "webhookDouble", `{"webhookReorder":3}`: "webhookReorder", `{"webhookUrl":"ftp://x"}`: "webhookUrl",
		`{"webhookDelay":"-1s"}`: "webhookDelay", `{"refundHttpStatus":202}`: "refundHttpStatus", `{"apiSecret":"x"}`: "apiSecret",
		`{"noRequestId":true,"scopes":["bogus"]}`: "scopes", `{"scopes":"cashback"}`: "scopes", `[]`: "body", ``: "body", `{}{}`: "body",
		`{"rateLimit":1,"rateLimit":2}`: "body",
	} {
		got := tl.control(t, "POST", "/simulator/settings", body)
		if got.Code != 400 || !strings.Contains(got.Body.String(), `"field":"`+field+`"`) {
			t.Errorf("%s: %d %s", body, got.Code, got.Body)
		}
	}
	if after := tl.control(t, "GET", "/simulator/settings", "").Body.String(); after != before {
		t.Errorf("a refused call changed them: %s", after)
	}
}

// Two who change different settings at one time both get what they asked for.
func TestSettings_changesMeet(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	slow, rest := io.Pipe()
	var wg sync.WaitGroup
	wg.Go(func() {
		r := httptest.NewRequestWithContext(t.Context(), "POST", "http://localhost/simulator/settings", slow)
		r.RemoteAddr = "127.0.0.1:5000"
		w := httptest.NewRecorder()
		tl.sim.ServeHTTP(w, r)
		if w.Code != 200 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
	_, err := io.WriteString(rest, `{"rateLimit":`)
	must(t, err) // it is being read
	tl.control(t, "POST", "/simulator/settings", `{"refundDelay":"7s"}`)
	_, err = io.WriteString(rest, `50}`)
	must(t, err)
	must(t, rest.Close())
	wg.Wait()
	got := tl.control(t, "GET", "/simulator/settings", "").Body.String()
	for _, part := range []string{`"rateLimit":50`, `"refundDelay":"7s"`} {
		if !strings.Contains(got, part) {
			t.Errorf("%s is missing in %s", part, got)
		}
	}
}

// Settings may be changed while calls run into whatever fault; the race detector
// sees what is read without the lock.
func TestSettings_changeUnderEveryFault(t *testing.T) {
	t.Parallel()
	floods := []simulator.Kind{simulator.HugeBody, simulator.GzipBomb, simulator.EndlessHeaders}
	for _, kind := range simulator.Kinds() {
		if slices.Contains(floods, kind) {
			continue // slow, and the same as others but for its bytes
		}
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			tl := newTill(t, config())
			tl.create(t, "order-1", 100)
			f := simulator.Fault{Kind: kind}
			switch kind { //nolint:exhaustive // the others need nothing more
			case simulator.StatusBefore, simulator.StatusAfter:
				f.Status, f.Code = 500, "SERVICE_ERROR"
			case simulator.DelayBefore, simulator.DelayAfter, simulator.SlowBody, simulator.Late, simulator.LateCreate:
				f.Delay = time.Nanosecond
			case simulator.WrongDate:
				f.Skew = time.Second
			}
			must(t, tl.sim.Fault(f))
			var calls []*http.Request // signed one after another
			for i := range 20 {
				id := fmt.Sprint("more-", i)
				calls = append(calls, tl.request(t.Context(), "POST", "/v2/codes", createBody(id, 100)))
				for _, path := range []string{"/v2/codes/payments/order-1", "/v2/payments/order-1", "/v1/requestOrder/order-1", "/v2/refunds/r?paymentId=1"} {
					calls = append(calls, tl.request(t.Context(), "GET", path, ""))
				}
				calls = append(calls, tl.request(t.Context(), "DELETE", "/v2/codes/none", ""), tl.request(t.Context(), "DELETE", "/v2/payments/"+id, ""))
			}
			var wg sync.WaitGroup
			wg.Go(func() {
				for i := range calls {
					answer := []string{"not-found-400", "not-found-404", "created"}[i%3]
					tl.control(t, "POST", "/simulator/settings", fmt.Sprintf(`{"goneAnswer":%q,"noRequestId":%t}`, answer, i%2 == 0))
				}
			})
			for _, r := range calls {
				serve(tl.sim, r)
			}
			wg.Wait()
		})
	}
}

func TestSettings_everyChoiceHasItsText(t *testing.T) {
	t.Parallel()
	for want, v := range map[string]any{
		`"created"`: simulator.Created200, `"not-found"`: simulator.PaidNotFound404, `"delete-wins"`: simulator.DeleteWins,
		`"invalid-params"`: simulator.BadIDInvalidParams, `"refunded"`: simulator.PartialRefunded, `"unsupported"`: simulator.CaptureUnsupported400,
	} {
		got, err := json.Marshal(v)
		if err != nil || string(got) != want {
			t.Errorf("got %s, %v; want %s", got, err, want)
		}
	}
	if _, err := json.Marshal(simulator.GoneAnswer(9)); err == nil {
		t.Error("an unknown choice has a text")
	}
}

// Whatever can be configured can be changed by the control call too, but for who
// the merchant is and what the story began with.
func TestSettings_areThoseOfTheConfig(t *testing.T) {
	t.Parallel()
	fixed := []string{"APIKey", "APISecret", "MerchantID", "PublicURL", "Now", "Seed", "Customers", "Exact"}
	var want []string
	for f := range reflect.TypeFor[simulator.Config]().Fields() {
		if !slices.Contains(fixed, f.Name) {
			want = append(want, strings.ToLower(f.Name))
		}
	}
	read := func(body string) map[string]any {
		var told map[string]any
		must(t, json.Unmarshal([]byte(body), &told))
		return told
	}
	tl := newTill(t, config())
	before := read(tl.control(t, "GET", "/simulator/settings", "").Body.String())
	var got []string
	for name := range before {
		got = append(got, strings.ToLower(name))
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	others := map[string]any{
		"goneAnswer": "created", "paidDelete": "not-found", "deleteRace": "delete-wins", "badId": "invalid-params", "partialRefund": "refunded",
		"capture": "unsupported", "refundHttpStatus": 201.0, "paymentHttpStatus": 200.0, "webhookUrl": "https://shop.example/",
		"scopes": []any{"cashback"}, "redirectDomains": []any{"shop.example"}, "productTypes": []any{"UTILITY_BILL"},
	}
	for name, was := range before {
		other, ok := others[name]
		if !ok {
			switch v := was.(type) {
			case bool:
				other = !v
			case float64:
				other = 1.0
			case string:
				other = "7s"
			}
		}
		one, err := json.Marshal(map[string]any{name: other})
		must(t, err)
		after := read(tl.control(t, "POST", "/simulator/settings", string(one)).Body.String())
		if diff := cmp.Diff(other, after[name]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Nothing is at once, and an empty budget, wherever somebody says so.
func TestSettings_nothingIsMeant(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]func(tl *till){
		"by the Config": nil,
		"by a call": func(tl *till) {
			tl.control(t, "POST", "/simulator/settings", `{"cancelDelay":"0s","refundDelay":"0s","captureDelay":"0s","cashbackBudget":0}`)
			tl.control(t, "POST", "/simulator/settings", `{"rateLimit":0}`) // which leaves the others
		},
	} {
		tl := linking(t, func(c *simulator.Config) { c.Exact = set == nil })
		if set != nil {
			set(tl)
		}
		user := tl.link(t, "")
		tl.refund("refund-1", tl.paid(t, "order-1", 100), 100)
		tl.look("order-1").is(t, "REFUNDED")
		tl.paid(t, "order-2", 100)
		tl.cancel("order-2")
		tl.look("order-2").is(t, "FAILED")
		tl.call("POST", "/v2/cashback", fmt.Sprintf(
			`{"merchantCashbackId":"B1","userAuthorizationId":%q,"amount":{"amount":1,"currency":"JPY"},"requestedAt":%d}`, user, tl.seconds()))
		tl.advance(time.Second)
		tl.call("GET", "/v2/cashback/B1", "").says(t, 200, "NOT_ENOUGH_MONEY", "WAL_500017")
		if got := tl.sim.State().Budget; got != 0 {
			t.Errorf("%s: a budget of %d", name, got)
		}
	}
	tl := newTill(t, config())
	tl.control(t, "POST", "/simulator/settings", `{"cashbackBudget":5}`)
	if got := tl.sim.State().Budget; got != 5 {
		t.Errorf("a budget of %d", got)
	}
	if got := tl.control(t, "GET", "/simulator/settings", "").Body.String(); !strings.Contains(got, `"cashbackBudget":5,`) {
		t.Error(got)
	}
}

func TestConfig_howFarRequestedAtMayBe(t *testing.T) {
	t.Parallel()
	c := config()
	c.RequestedAtWindow = time.Minute
	tl := newTill(t, c)
	for off, status := range map[int64]int{-61: 400, -60: 201, 60: 201, 61: 400} {
		body := fmt.Sprintf(`{"merchantPaymentId":"order%d","amount":{"amount":1,"currency":"JPY"},"codeType":"ORDER_QR","requestedAt":%d}`, off, start.Unix()+off)
		if got := tl.call("POST", "/v2/codes", body); got.status != status {
			t.Errorf("%d seconds off: %s", off, got.raw)
		}
	}
}

func TestConfig_rateLimit(t *testing.T) {
	t.Parallel()
	c := config()
	c.RateLimit = 4
	tl := newTill(t, c)
	for range 2 {
		for range 4 {
			tl.look("order-1").says(t, 400, "DYNAMIC_QR_PAYMENT_NOT_FOUND", "01652075")
		}
		tl.call("POST", "/v2/codes", createBody("order-1", 1)).says(t, 429, "RATE_LIMIT", "08100998")
		if n := len(tl.sim.State().Payments); n != 0 {
			t.Errorf("it had an effect: %d", n)
		}
		tl.advance(time.Second)
	}
}

// Where the contract allows it, a customer whose payment failed may try again.
func TestConfig_payAfterFailure(t *testing.T) {
	t.Parallel()
	c := config()
	c.PayAfterFailure = true
	tl := newTill(t, c)
	code := tl.create(t, "order-1", 100)
	must(t, tl.sim.FailPayment(code))
	tl.look("order-1").is(t, "FAILED")
	must(t, tl.sim.Pay(code))
	tl.look("order-1").is(t, "COMPLETED")
	if p, _ := find(tl.sim.State(), "order-1"); p.Stage != simulator.StagePaid || !p.FailedAt.IsZero() {
		t.Errorf("%+v", p)
	}

	code = tl.create(t, "order-2", 100)
	must(t, tl.sim.FailPayment(code))
	tl.cancel("order-2").says(t, 202, "REQUEST_ACCEPTED", "08100001")
	must(t, tl.sim.Pay(code))
	tl.advance(10 * time.Second)
	tl.look("order-2").is(t, "FAILED")
	if got := tl.sim.State().Taken; got != 100 {
		t.Errorf("taken %d", got)
	}

	code = tl.create(t, "order-3", 100)
	must(t, tl.sim.FailPayment(code))
	tl.shut(code).says(t, 200, "SUCCESS", "08100001")
	if err := tl.sim.Pay(code); err == nil {
		t.Error("a deleted code was paid")
	}
	tl.look("order-3").is(t, "FAILED")

	code = tl.create(t, "order-4", 100)
	must(t, tl.sim.FailPayment(code))
	tl.advance(5 * time.Minute)
	if err := tl.sim.Pay(code); err == nil {
		t.Error("an expired code was paid")
	}

	tl = newTill(t, config())
	code = tl.create(t, "order-1", 100)
	must(t, tl.sim.FailPayment(code))
	if err := tl.sim.Pay(code); err == nil {
		t.Error("paid after a failure")
	}
}

func TestConfig_expiredPendingPayment(t *testing.T) {
	t.Parallel()
	for canceled, want := range map[bool]string{false: "CREATED", true: "CANCELED"} {
		tl := linking(t, func(c *simulator.Config) { c.ExpiredCanceled, c.ProductTypes = canceled, []string{"UTILITY_BILL"} })
		tl.charge("/v1/requestOrder", "order-1", tl.link(t, ""), 100, `,"productType":"UTILITY_BILL"`).says(t, 201, "SUCCESS", "08100001")
		if got := tl.call("GET", "/v1/requestOrder/order-1", ""); got.text("productType") != "UTILITY_BILL" {
			t.Error(got.raw)
		}
		tl.advance(7 * time.Hour)
		tl.call("GET", "/v1/requestOrder/order-1", "").is(t, want)
	}
}

// What is obsolete is still taken, and comes back under two spellings.
func TestCreateCode_itemsAndProductType(t *testing.T) {
	t.Parallel()
	c := config()
	c.ProductTypes = []string{"UTILITY_BILL"}
	tl := newTill(t, c)
	got := tl.call("POST", "/v2/codes", with(`,"productType":"UTILITY_BILL","redirectType":"WEBVIEW_IN_PAYPAY","orderItems":`+
		`[{"name":"茶","category":"飲料","quantity":2,"productId":"p1","unitPrice":{"amount":50,"currency":"JPY"}}]`))
	got.says(t, 201, "SUCCESS", "08100001")
	if want := "[map[category:飲料 name:茶 productId:p1 quantity:2 unit_price:map[amount:50 currency:JPY]]]"; got.text("orderItems") != want {
		t.Errorf("%s, want %s", got.text("orderItems"), want)
	}
	if got.text("productType") != "UTILITY_BILL" || got.text("redirectType") != "WEBVIEW_IN_PAYPAY" {
		t.Error(got.raw)
	}
	tl.call("POST", "/v2/codes", with(`,"productType":"REAL_INVESTMENT"`)).says(t, 401, "OP_OUT_OF_SCOPE", "08100023")
	if got := tl.look("order-1").text("orderItems"); !strings.Contains(got, "unitPrice") || strings.Contains(got, "unit_price") {
		t.Error(got)
	}
}

// An order that PayPay has put away is looked up no more, by code or otherwise.
func TestCodePayment_tooOld(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	tl.paid(t, "order-1", 100)
	tl.create(t, "unpaid", 100)
	tl.advance(525 * 24 * time.Hour)
	tl.look("order-1").says(t, 400, "ORDER_NO_LONGER_AVAILABLE", "")
	tl.look("unpaid").says(t, 400, "DYNAMIC_QR_PAYMENT_NOT_FOUND", "01652075")
}
