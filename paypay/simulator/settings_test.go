package simulator_test

import (
	"encoding/json"
	"strings"
	"testing"

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
	for _, body := range []string{
		`{"codeLifetime":"-1s"}`, `{"codeLifetime":5}`, `{"goneAnswer":"gone"}`, `{"paidDelete":"x"}`, `{"deleteRace":1}`, `{"badId":"x"}`,
		`{"partialRefund":"x"}`, `{"capture":"x"}`, `{"webhookLoss":1.1}`, `{"webhookUrl":"ftp://x"}`, `{"webhookDelay":"-1s"}`,
		`{"refundHttpStatus":202}`, `{"apiSecret":"x"}`, `[]`, ``,
	} {
		if got := tl.control(t, "POST", "/simulator/settings", body); got.Code != 400 {
			t.Errorf("%s: %d %s", body, got.Code, got.Body)
		}
	}
	if after := tl.control(t, "GET", "/simulator/settings", "").Body.String(); after != before {
		t.Errorf("a refused call changed them: %s", after)
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
