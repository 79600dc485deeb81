package simulator_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// What is accepted as a create must be sound JSON that says what the code says.
func FuzzCreateCode(f *testing.F) {
	f.Add(createBody("order-1", 100))
	f.Add(with(`,"storeId":"\ud800"`))
	f.Add(with(`,"isAuthorization":false`))
	f.Add(`{"merchantPaymentId":"a","merchantPaymentId":"b"}`)
	f.Add(`{"amount":{"amount":1e3}}`)
	f.Add("{}{}")
	f.Fuzz(func(t *testing.T, body string) {
		if body == "" {
			return // nothing to sign as a body
		}
		tl := newTill(t, config())
		got := tl.call("POST", "/v2/codes", body)
		if got.dropped || got.code == "" {
			t.Fatalf("no answer: %+v", got)
		}
		st := tl.sim.State()
		if got.status != http.StatusCreated {
			if len(st.Payments) != 0 {
				t.Fatalf("refused, yet it had an effect: %s", got.raw)
			}
			return
		}
		var sent struct {
			MerchantPaymentID string `json:"merchantPaymentId"`
			Amount            struct {
				Amount int64 `json:"amount"`
			} `json:"amount"`
		}
		if err := json.Unmarshal([]byte(body), &sent); err != nil {
			t.Fatalf("accepted, but %v", err)
		}
		if p := st.Payments[0]; p.MerchantPaymentID != sent.MerchantPaymentID || p.Amount != sent.Amount.Amount || p.Amount < 1 {
			t.Fatalf("sent %+v, kept %+v", sent, p)
		}
	})
}

// No header lets a request in that was not signed with the secret.
func FuzzAuthorization(f *testing.F) {
	f.Add("hmac OPA-Auth:a_key:AAAA:nonce:1795402800:empty")
	f.Add("hmac OPA-Auth:a_key::::")
	f.Add("")
	f.Fuzz(func(t *testing.T, header string) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v2/codes/payments/order-1", nil)
		r.Header.Set("Authorization", header)
		r.Header.Set("X-Assume-Merchant", "123456")
		serve(newSimulator(t, config()), r).says(t, 401, "UNAUTHORIZED", "08100016")
	})
}

// Whatever a control call sends, it is answered and named, and nothing panics.
func FuzzControlFault(f *testing.F) {
	f.Add(`{"kind":"delay-after","delay":"2s"}`)
	f.Add(`{"kind":"status-before","status":500,"code":"X"}`)
	f.Add(`{"kind":"rate-limit","retryAfter":"-1s","probability":1e-9}`)
	f.Fuzz(func(t *testing.T, body string) {
		tl := newTill(t, config())
		got := tl.control(t, http.MethodPost, "/simulator/faults", body)
		if got.Code != 200 && (got.Code != 400 || !strings.Contains(got.Body.String(), `"field":"`)) {
			t.Fatalf("%d %s", got.Code, got.Body)
		}
	})
}

// No request token is believed that was not signed with the secret.
func FuzzRequestToken(f *testing.F) {
	good, err := url.Parse(webLink(`{}`, `{"alg":"HS256","typ":"JWT"}`))
	if err != nil {
		f.Fatal(err)
	}
	signed := good.Query().Get("requestToken")
	f.Add(signed)
	f.Add(signed + "A")
	f.Add("eyJhbGciOiJub25lIn0.e30.")
	f.Add("..")
	f.Fuzz(func(t *testing.T, token string) {
		address := "/app/opa/user_authorization?" + url.Values{"apiKey": {"a_key"}, "requestToken": {token}}.Encode()
		if _, err := linking(t).sim.Approve(address, ""); (err == nil) != (token == signed) {
			t.Fatalf("%q: %v", token, err)
		}
	})
}
