package simulator_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.jp/reji/paypay/simulator"
)

// tokenSecret is a secret as PayPay issues them: Base64, so that tokens can be
// signed.
const tokenSecret = "Q0FOQVJZLXNlY3JldA=="

// linking is a till of a merchant who links accounts.
func linking(t testing.TB, change ...func(*simulator.Config)) *till {
	t.Helper()
	c := capturing()
	c.APISecret = tokenSecret
	for _, f := range change {
		f(&c)
	}
	tl := newTill(t, c)
	tl.sign = func(g *signature) { g.secret = tokenSecret }
	return tl
}

func macOf(text string) string {
	m := hmac.New(sha256.New, []byte("CANARY-secret"))
	m.Write([]byte(text))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

// open reads a response token by hand.
func open(t testing.TB, token string) map[string]any {
	t.Helper()
	part := strings.Split(token, ".")
	if len(part) != 3 || part[2] != macOf(part[0]+"."+part[1]) {
		t.Fatalf("the token is not signed: %s", token)
	}
	raw, err := base64.RawURLEncoding.DecodeString(part[1])
	must(t, err)
	var claims map[string]any
	must(t, json.Unmarshal(raw, &claims))
	return claims
}

func (tl *till) session(members string) reply {
	return tl.call("POST", "/v1/qr/sessions", `{"nonce":"n1","referenceId":"r1","redirectUrl":"https://shop.example/back?x=1"`+members+`}`)
}

const allScopes = `,"scopes":["direct_debit","preauth_capture_native","continuous_payments","pending_payments","get_balance","cashback","user_profile"]`

// link links the first customer, or another, and returns the userAuthorizationId.
func (tl *till) link(t testing.TB, customer string) string {
	t.Helper()
	got := tl.session(allScopes)
	got.says(t, 201, "SUCCESS", "08100001")
	token, err := tl.sim.Approve(got.text("linkQRCodeURL"), customer)
	must(t, err)
	return open(t, token)["userAuthorizationId"].(string)
}

func TestLink_sessionIsApproved(t *testing.T) {
	t.Parallel()
	tl := linking(t)
	address := tl.session(allScopes).text("linkQRCodeURL")
	got := tl.control(t, http.MethodPost, "/simulator/links/approve", fmt.Sprintf(`{"linkQRCodeURL":%q}`, address))
	var answer struct {
		ResponseToken string `json:"responseToken"`
		RedirectURL   string `json:"redirectUrl"`
	}
	must(t, json.Unmarshal(got.Body.Bytes(), &answer))
	claims := open(t, answer.ResponseToken)
	id, _ := claims["userAuthorizationId"].(string)
	want := map[string]any{
		"result": "succeeded", "iss": "paypay.ne.jp", "aud": "a_key", "exp": float64(start.Unix() + 600),
		"nonce": "n1", "referenceId": "r1", "userAuthorizationId": id, "profileIdentifier": "*******5678",
	}
	if diff := cmp.Diff(want, claims); diff != "" || len(id) != 36 {
		t.Error(id, diff)
	}
	if want := "https://shop.example/back?apiKey=a_key&responseToken=" + answer.ResponseToken + "&x=1"; answer.RedirectURL != want {
		t.Errorf("got %s, want %s", answer.RedirectURL, want)
	}
	if _, err := tl.sim.DeclineLink(address); !errors.Is(err, simulator.ErrLinkClosed) {
		t.Errorf("got %v, want ErrLinkClosed", err)
	}
	// Who is linked already keeps the id.
	if again := tl.link(t, ""); again != id {
		t.Errorf("%s, then %s", id, again)
	}
	if other := tl.link(t, "bob"); other == id {
		t.Error("two customers have one id")
	}
}

func TestLink_declinedOrTooLate(t *testing.T) {
	t.Parallel()
	tl := linking(t)
	token, err := tl.sim.DeclineLink(tl.session(allScopes).text("linkQRCodeURL"))
	must(t, err)
	want := map[string]any{
		"result": "declined", "iss": "paypay.ne.jp", "aud": "a_key", "exp": float64(start.Unix() + 600), "nonce": "n1", "referenceId": "r1",
	}
	if diff := cmp.Diff(want, open(t, token)); diff != "" {
		t.Error(diff)
	}
	late := tl.session(allScopes).text("linkQRCodeURL")
	tl.advance(10 * time.Minute)
	if _, err := tl.sim.Approve(late, ""); !errors.Is(err, simulator.ErrLinkClosed) {
		t.Errorf("got %v, want ErrLinkClosed", err)
	}
	for target, status := range map[string]int{"approve": 404, "steal": 404} {
		if got := tl.control(t, "POST", "/simulator/links/"+target, `{"linkQRCodeURL":"http://till.example/link/x"}`); got.Code != status {
			t.Errorf("%s: %d %s", target, got.Code, got.Body)
		}
	}
}

func TestLink_sessionRefusals(t *testing.T) {
	t.Parallel()
	tl := linking(t, func(c *simulator.Config) { c.RedirectDomains = []string{"shop.example"} })
	const known = `,"scopes":["direct_debit"]`
	tl.session(`,"scopes":["bank_registration"]`).says(t, 400, "EXPECTATION_FAILED", "08100017")
	tl.session("").says(t, 400, "MISSING_REQUEST_PARAMS", "08100024")
	tl.session(`,"scopes":[]`).says(t, 400, "INVALID_REQUEST_PARAMS", "08100006")
	for _, to := range []string{"http://shop.example/", "https://other.example/", "https://192.0.2.1/", "shop.example", "https://u@shop.example/"} {
		tl.call("POST", "/v1/qr/sessions", `{"nonce":"n","referenceId":"r","redirectUrl":"`+to+`"`+known+`}`).
			says(t, 400, "EXPECTATION_FAILED", "08100017")
	}
	if _, err := newTill(t, config()).sim.Approve("", ""); !errors.Is(err, simulator.ErrUnknownLink) {
		t.Errorf("got %v, want ErrUnknownLink", err)
	}
	plain := newTill(t, config())
	if _, err := plain.sim.Approve(plain.session(known).text("linkQRCodeURL"), ""); !errors.Is(err, simulator.ErrNoTokenKey) {
		t.Errorf("got %v, want ErrNoTokenKey", err)
	}
}

// request is the page of an account link by web, with claims changed.
func webLink(change string, head string) string {
	claims := map[string]any{
		"aud": "paypay.ne.jp", "iss": "Sakura", "exp": start.Unix() + 60, "scope": "direct_debit,get_balance",
		"nonce": "n2", "redirectUrl": "https://shop.example/back", "referenceId": "r2",
	}
	var changes map[string]any
	if json.Unmarshal([]byte(change), &changes) != nil {
		panic(change)
	}
	maps.Copy(claims, changes)
	body, err := json.Marshal(claims)
	if err != nil {
		panic(err)
	}
	text := base64.RawURLEncoding.EncodeToString([]byte(head)) + "." + base64.RawURLEncoding.EncodeToString(body)
	return "http://till.example/app/opa/user_authorization?" +
		url.Values{"apiKey": {"a_key"}, "requestToken": {text + "." + macOf(text)}}.Encode()
}

func TestLink_byWeb(t *testing.T) {
	t.Parallel()
	const hs256 = `{"alg":"HS256","typ":"JWT"}`
	for _, tt := range []struct{ name, change, head, want string }{
		{"approved", `{}`, hs256, "succeeded"},
		{"scope not in the contract", `{"scope":"world"}`, hs256, "bad_request"},
		{"redirect without TLS", `{"redirectUrl":"http://shop.example/"}`, hs256, "bad_request"},
		{"unknown claim", `{"admin":true}`, hs256, "bad_request"},
		{"expired", fmt.Sprintf(`{"exp":%d}`, start.Unix()), hs256, ""},
		{"for somebody else", `{"aud":"other"}`, hs256, ""},
		{"no issuer", `{"iss":""}`, hs256, ""},
		{"no algorithm", `{}`, `{"alg":"none"}`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tl := linking(t)
			token, err := tl.sim.Approve(webLink(tt.change, tt.head), "")
			if tt.want == "" {
				if !errors.Is(err, simulator.ErrUnknownLink) {
					t.Errorf("got %v, want ErrUnknownLink", err)
				}
				return
			}
			must(t, err)
			if claims := open(t, token); claims["result"] != tt.want || claims["aud"] != "Sakura" || claims["nonce"] != "n2" {
				t.Errorf("%v", claims)
			}
		})
	}
	tl := linking(t)
	address := webLink(`{}`, hs256)
	if _, err := tl.sim.Approve(address[:len(address)-3]+"AAA", ""); !errors.Is(err, simulator.ErrUnknownLink) {
		t.Errorf("got %v, want ErrUnknownLink", err)
	}
	_, err := tl.sim.Approve(address, "")
	must(t, err)
	if _, err := tl.sim.Approve(address, ""); !errors.Is(err, simulator.ErrLinkClosed) {
		t.Errorf("a token was used twice: %v", err)
	}
}

func TestUser_lookUps(t *testing.T) {
	t.Parallel()
	tl := linking(t)
	id := tl.link(t, "")
	get := func(path, more string) reply { return tl.call("GET", path+"?userAuthorizationId="+id+more, "") }
	says := func(got reply, want string) {
		t.Helper()
		got.says(t, 200, "SUCCESS", "08100001")
		if fmt.Sprint(got.data) != want {
			t.Errorf("got  %v\nwant %s", got.data, want)
		}
	}
	says(get("/v2/user/authorizations", ""), fmt.Sprintf("map[expireAt:%d issuedAt:%d referenceIds:[r1] scopes:[direct_debit preauth_capture_native "+
		"continuous_payments pending_payments get_balance cashback user_profile] status:ACTIVE userAuthorizationId:%s]", start.AddDate(1, 0, 0).Unix(), start.Unix(), id))
	says(get("/v2/user/profile/secure", ""), "map[phoneNumber:*******5678]")
	says(get("/v2/wallet/check_balance", "&amount=100000&currency=JPY"), "map[hasEnoughBalance:true]")
	says(get("/v2/wallet/check_balance", "&amount=100001&currency=JPY&productType=REAL_INVESTMENT"), "map[hasEnoughBalance:false]")
	says(get("/v6/wallet/balance", "&currency=JPY"), "map[preference:map[cashbackAutoInvestment:false useCashback:true] "+
		"totalBalance:map[amount:100000 currency:JPY] userAuthorizationId:"+id+"]")
	if got := get("/v4/paymentMethods", ""); !strings.Contains(got.raw, `"paymentMethodStatus":"ACTIVATED"`) || !strings.Contains(got.raw, `"walletInfo"`) {
		t.Error(got.raw)
	}
	get("/v2/wallet/check_balance", "&amount=1.5&currency=JPY").says(t, 400, "INVALID_REQUEST_PARAMS", "08100006")
	get("/v2/wallet/check_balance", "&amount=1&currency=USD").says(t, 400, "INVALID_REQUEST_PARAMS", "08100006")
	get("/v6/wallet/balance", "&currency=JPY&productType=X").says(t, 400, "INVALID_REQUEST_PARAMS", "08100006")
	tl.call("GET", "/v2/user/profile/secure?userAuthorizationId=x", "").says(t, 401, "INVALID_USER_AUTHORIZATION_ID", "")

	must(t, tl.sim.SetAccount("ann", simulator.AccountClosed))
	get("/v2/user/authorizations", "").says(t, 400, "CANCELED_USER", "01103027")
	get("/v2/user/profile/secure", "").says(t, 400, "CANCELED_USER", "01103027")
	if got := tl.control(t, "POST", "/simulator/customers/ann/suspended", ""); got.Code != 200 {
		t.Error(got.Body)
	}
	get("/v2/user/profile/secure", "").says(t, 401, "USER_STATE_IS_NOT_ACTIVE", "")
	must(t, tl.sim.SetAccount("ann", simulator.AccountActive))

	tl.advance(366 * 24 * time.Hour)
	get("/v2/user/profile/secure", "").says(t, 401, "EXPIRED_USER_AUTHORIZATION_ID", "")
	if got := get("/v2/user/authorizations", ""); got.text("status") != "INACTIVE" {
		t.Error(got.raw)
	}
}

func TestUser_unlinkAndScopes(t *testing.T) {
	t.Parallel()
	tl := linking(t)
	token, err := tl.sim.Approve(tl.session(`,"scopes":["direct_debit"]`).text("linkQRCodeURL"), "")
	must(t, err)
	id := open(t, token)["userAuthorizationId"].(string)
	tl.call("GET", "/v2/user/profile/secure?userAuthorizationId="+id, "").says(t, 401, "OP_OUT_OF_SCOPE", "08100023")
	tl.call("DELETE", "/v2/user/authorizations/"+id, "").says(t, 202, "REQUEST_ACCEPTED", "08100001")
	tl.call("DELETE", "/v2/user/authorizations/"+id, "").says(t, 401, "INVALID_USER_AUTHORIZATION_ID", "")
	if got := tl.call("GET", "/v2/user/authorizations?userAuthorizationId="+id, ""); got.text("status") != "INACTIVE" {
		t.Error(got.raw)
	}
	if again := tl.link(t, ""); again == id {
		t.Error("an unlinked id came back")
	}
}

// charge takes money of a linked customer.
func (tl *till) charge(path, id, user string, yen int64, members string) reply {
	return tl.call("POST", path, fmt.Sprintf(
		`{"merchantPaymentId":%q,"userAuthorizationId":%q,"amount":{"amount":%d,"currency":"JPY"},"requestedAt":%d%s}`, id, user, yen, tl.seconds(), members))
}

func TestNative_paysAndAnswersTheSameTwice(t *testing.T) {
	t.Parallel()
	tl := linking(t)
	user := tl.link(t, "")
	items := `,"orderItems":[{"name":"茶","quantity":2,"unitPrice":{"amount":50,"currency":"JPY"}}],"orderReceiptNumber":"7"`
	got := tl.charge("/v2/payments", "order-1", user, 100, items)
	got.says(t, 201, "SUCCESS", "08100001")
	if got.text("status") != "COMPLETED" || got.text("userAuthorizationId") != user || got.text("orderReceiptNumber") != "7" || !strings.Contains(got.raw, `"unitPrice"`) {
		t.Error(got.raw)
	}
	again := tl.charge("/v2/payments", "order-1", user, 100, items)
	if diff := cmp.Diff(got.data, again.data); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(got.data, tl.call("GET", "/v2/payments/order-1", "").data); diff != "" {
		t.Error(diff)
	}
	tl.look("order-1").says(t, 400, "DYNAMIC_QR_PAYMENT_NOT_FOUND", "01652075")
	tl.charge("/v2/payments", "order-2", user, 100, "").says(t, 400, "SUSPECTED_DUPLICATE_PAYMENT", "00200017")
	tl.charge("/v2/payments?agreeSimilarTransaction=false", "order-2", user, 100, "").says(t, 400, "SUSPECTED_DUPLICATE_PAYMENT", "00200017")
	tl.charge("/v2/payments?agreeSimilarTransaction=yes", "order-2", user, 100, "").says(t, 400, "INVALID_REQUEST_PARAMS", "08100006")
	tl.charge("/v2/payments?agreeSimilarTransaction=true", "order-2", user, 100, "").says(t, 201, "SUCCESS", "08100001")
	tl.advance(5 * time.Minute)
	tl.charge("/v2/payments", "order-3", user, 100, "").says(t, 201, "SUCCESS", "08100001")
	tl.purse(t, 99_700, 0, 300)

	tl.cancel("order-4")
	tl.charge("/v2/payments", "order-4", user, 7, "").says(t, 201, "SUCCESS", "08100001")
	tl.advance(time.Second)
	if got := tl.call("GET", "/v2/payments/order-4", ""); got.text("status") != "FAILED" {
		t.Error(got.raw)
	}
}

func TestNative_refusals(t *testing.T) {
	t.Parallel()
	tl := linking(t, func(c *simulator.Config) {
		c.Customers = append(c.Customers,
			simulator.Customer{ID: "day", Balance: 1e6, DailyLimit: 10}, simulator.Customer{ID: "month", Balance: 1e6, MonthlyLimit: 10})
	})
	ann, bob, day, month := tl.link(t, "ann"), tl.link(t, "bob"), tl.link(t, "day"), tl.link(t, "month")
	tl.create(t, "a-code", 5)
	for _, tt := range []struct {
		user, id string
		yen      int64
		members  string
		status   int
		code     string
		codeID   string
	}{
		{"nobody", "a", 1, "", 401, "INVALID_USER_AUTHORIZATION_ID", ""},
		{bob, "a", 51, "", 400, "NO_SUFFICIENT_FUND", ""},
		{ann, "a", 500_001, "", 400, "LIMIT_EXCEEDED", ""},
		{day, "a", 11, "", 400, "USER_DEFINED_DAILY_LIMIT_EXCEEDED", ""},
		{month, "a", 11, "", 400, "USER_DEFINED_MONTHLY_LIMIT_EXCEEDED", ""},
		{ann, "a-code", 5, "", 400, "INVALID_PARAMS", "00200004"},
		{ann, "a", 5, `,"paymentMethodType":"CREDIT_CARD"`, 404, "NO_VALID_PAYMENT_METHOD", ""},
		{ann, "a", 5, `,"paymentMethodId":"other"`, 404, "PAYMENT_METHOD_NOT_FOUND", ""},
		{ann, "a", 5, `,"metadata":{}`, 400, "INVALID_REQUEST_PARAMS", "08100006"},
		{ann, "a", 5, `,"orderItems":[{"name":"x","quantity":1,"unit_price":{"amount":1,"currency":"JPY"}}]`, 400, "MISSING_REQUEST_PARAMS", "08100024"},
		{ann, "a", 5, `,"productType":"X"`, 400, "INVALID_REQUEST_PARAMS", "08100006"},
		{"", "a", 5, "", 400, "INVALID_REQUEST_PARAMS", "08100006"},
	} {
		tl.charge("/v2/payments", tt.id, tt.user, tt.yen, tt.members).says(t, tt.status, tt.code, tt.codeID)
	}
	must(t, tl.sim.SetAccount("ann", simulator.AccountClosed))
	tl.charge("/v2/payments", "a", ann, 5, "").says(t, 400, "CANCELED_USER", "01103027")
	tl.purse(t, 100_000, 0, 0)
}

func TestPreauthorizeAndContinuous(t *testing.T) {
	t.Parallel()
	tl := linking(t, func(c *simulator.Config) { c.PaymentHTTPStatus = 200 })
	user := tl.link(t, "")
	end := start.Add(time.Hour).Unix()
	got := tl.charge("/v2/payments/preauthorize", "order-1", user, 100, fmt.Sprintf(`,"expiresAt":%d`, end))
	got.says(t, 200, "SUCCESS", "08100001")
	if got.text("status") != "AUTHORIZED" || got.text("expiresAt") != strconv.FormatInt(end, 10) {
		t.Error(got.raw)
	}
	tl.capture("capture-1", "order-1", 100).says(t, 200, "SUCCESS", "08100001")
	tl.charge("/v1/subscription/payments", "order-2", user, 100, "").says(t, 200, "SUCCESS", "08100001")
	tl.charge("/v2/payments", "order-2", user, 100, "").says(t, 400, "INVALID_PARAMS", "00200004")
	tl.purse(t, 99_800, 0, 200)
}

func TestPending_life(t *testing.T) {
	t.Parallel()
	tl := linking(t)
	user := tl.link(t, "bob")
	ask := func(id string, yen int64) reply {
		return tl.charge("/v1/requestOrder", id, user, yen, `,"orderDescription":"tea"`)
	}
	look := func(id string) reply { return tl.call("GET", "/v1/requestOrder/"+id, "") }
	withdraw := func(id string) reply { return tl.call("DELETE", "/v1/requestOrder/"+id, "") }
	got := ask("order-1", 30)
	got.says(t, 201, "SUCCESS", "08100001")
	if got.text("expiryDate") != strconv.FormatInt(start.Unix()+6*3600, 10) || got.text("orderDescription") != "tea" {
		t.Error(got.raw)
	}
	ask("order-1", 30).says(t, 400, "DUPLICATE_REQUEST_ORDER", "")
	ask("order-2", 30).says(t, 400, "SUSPECTED_DUPLICATE_ORDER", "")
	ask("order-2", 20).says(t, 201, "SUCCESS", "08100001")
	ask("order-3", 40).says(t, 201, "SUCCESS", "08100001")
	ask("order-4", 1).says(t, 201, "SUCCESS", "08100001")
	look("order-1").is(t, "CREATED")
	tl.call("GET", "/v2/payments/order-1", "").says(t, 404, "RESOURCE_NOT_FOUND", "00200001")

	if got := tl.control(t, "POST", "/simulator/payments/order-1/pay", ""); got.Code != 200 {
		t.Error(got.Body)
	}
	paid := look("order-1")
	paid.is(t, "COMPLETED")
	if got := tl.control(t, "POST", "/simulator/payments/order-3/pay", ""); got.Code != 409 {
		t.Errorf("paid over the balance: %s", got.Body)
	}
	look("order-3").is(t, "CREATED")
	withdraw("order-2").says(t, 202, "REQUEST_ACCEPTED", "08100001")
	look("order-2").is(t, "CANCELED")
	withdraw("order-2").says(t, 409, "INVALID_REQUEST_ORDER_STATE", "")
	withdraw("order-1").says(t, 409, "INVALID_REQUEST_ORDER_STATE", "")
	withdraw("never").says(t, 404, "REQUEST_ORDER_NOT_FOUND", "08300005")
	look("never").says(t, 400, "REQUEST_ORDER_NOT_FOUND", "08300005")
	tl.call("GET", "/v2/payments/order-2", "").says(t, 404, "RESOURCE_NOT_FOUND", "00200001")

	tl.refund("refund-1", paid.text("paymentId"), 30).says(t, 200, "SUCCESS", "08100001")
	tl.advance(6 * time.Hour)
	look("order-1").is(t, "REFUNDED")
	look("order-4").is(t, "CREATED")
	if got := tl.control(t, "POST", "/simulator/payments/order-4/pay", ""); got.Code != 409 || !strings.Contains(got.Body.String(), "expired") {
		t.Error(got.Body)
	}
}

// An account link that has ended does not come back to life by what was begun
// before.
func TestLink_endedStaysSo(t *testing.T) {
	t.Parallel()
	tl := linking(t)
	expired := tl.link(t, "ann")
	year := 365 * 24 * time.Hour
	ask := func(id, user string, members string) {
		tl.charge("/v1/requestOrder", id, user, 30, members).says(t, 201, "SUCCESS", "08100001")
	}
	status := func(user string) (string, string) {
		got := tl.call("GET", "/v2/user/authorizations?userAuthorizationId="+user, "")
		return got.text("status"), got.text("expireAt")
	}
	ask("order-1", expired, fmt.Sprintf(`,"expiryDate":%d`, tl.seconds()+int64(2*year/time.Second)))
	_, ends := status(expired)
	tl.advance(year)
	if err := tl.sim.PayPending("order-1"); !errors.Is(err, simulator.ErrUnlinked) {
		t.Errorf("paid what was asked under a link that has expired: %v", err)
	}
	if s, at := status(expired); s != "INACTIVE" || at != ends {
		t.Errorf("the expired link is %s until %s", s, at)
	}

	unlinked := tl.link(t, "bob")
	ask("order-2", unlinked, "")
	tl.call("POST", "/v2/cashback", fmt.Sprintf(
		`{"merchantCashbackId":"c1","userAuthorizationId":%q,"amount":{"amount":5,"currency":"JPY"},"requestedAt":%d}`, unlinked, tl.seconds())).
		says(t, 202, "REQUEST_ACCEPTED", "08100001")
	_, ends = status(unlinked)
	tl.call("DELETE", "/v2/user/authorizations/"+unlinked, "").says(t, 202, "REQUEST_ACCEPTED", "08100001")
	tl.advance(time.Second)
	tl.call("GET", "/v2/cashback/c1", "").is(t, "SUCCESS") // it was taken before
	if err := tl.sim.PayPending("order-2"); !errors.Is(err, simulator.ErrUnlinked) {
		t.Errorf("paid what was asked under a link that was ended: %v", err)
	}
	if s, at := status(unlinked); s != "INACTIVE" || at != ends {
		t.Errorf("the ended link is %s until %s", s, at)
	}
	if taken := tl.sim.State().Taken; taken != 0 {
		t.Errorf("taken %d", taken)
	}
}

// PayPay may say CREATED first, and decide later.
func TestNative_isDecidedLater(t *testing.T) {
	t.Parallel()
	tl := linking(t, func(c *simulator.Config) { c.PaymentDelay, c.PaymentHTTPStatus = 10*time.Second, 200 })
	user := tl.link(t, "bob")
	w := tl.sim.State().Wallets[1].Balance
	look := func(id string) reply { return tl.call("GET", "/v2/payments/"+id, "") }
	order := func(path, id string, yen int64) {
		t.Helper()
		got := tl.charge(path, id, user, yen, "")
		got.is(t, "CREATED")
		if got.text("paymentId") == "" || got.text("acceptedAt") != "0" {
			t.Error(got.raw)
		}
		if diff := cmp.Diff(got.data, look(id).data); diff != "" {
			t.Error(diff)
		}
		tl.charge(path, id, user, yen, "").is(t, "CREATED")
	}
	order("/v2/payments", "paid", w-20)
	tl.charge("/v2/payments", "twin", user, w-20, "").says(t, 400, "SUSPECTED_DUPLICATE_PAYMENT", "00200017")
	order("/v2/payments/preauthorize", "held", 1)
	order("/v1/subscription/payments", "cancelled", 2)
	order("/v2/payments", "broke", 21) // so much is not left by then
	order("/v2/payments", "failed", 4)
	tl.cancel("cancelled").says(t, 202, "REQUEST_ACCEPTED", "08100001")
	for _, act := range []string{"pay", "scan", "decline"} {
		if got := tl.control(t, "POST", "/simulator/payments/paid/"+act, ""); got.Code != 409 {
			t.Errorf("the customer could %s: %s", act, got.Body)
		}
	}
	if got := tl.control(t, "POST", "/simulator/payments/failed/fail", ""); got.Code != 200 || !strings.Contains(got.Body.String(), `"stage":"failed"`) {
		t.Error(got.Body)
	}
	tl.refund("refund-1", look("paid").text("paymentId"), 1).says(t, 400, "UNACCEPTABLE_OP", "00200013")
	tl.capture("capture-1", "held", 1).says(t, 400, "ORDER_NOT_CAPTURABLE", "00200035")
	tl.advance(10*time.Second - 1)
	look("paid").is(t, "CREATED")
	if st := tl.sim.State(); st.Taken != 0 || st.Held != 0 || st.Payments[0].Stage != simulator.StageDeciding {
		t.Errorf("%+v", st)
	}
	tl.advance(1)
	look("paid").is(t, "COMPLETED")
	look("held").is(t, "AUTHORIZED")
	look("broke").is(t, "FAILED")
	look("failed").is(t, "FAILED")
	tl.advance(time.Second)
	look("cancelled").is(t, "FAILED")
	if st := tl.sim.State(); st.Taken != w-20 || st.Held != 1 || st.Wallets[1].Balance != 19 {
		t.Errorf("%+v", st)
	}
}

func TestCashback_givenAndTakenBack(t *testing.T) {
	t.Parallel()
	tl := linking(t, func(c *simulator.Config) {
		c.CashbackBudget = 100
		c.Customers[1].MaxBalance = 60
	})
	ann, bob := tl.link(t, "ann"), tl.link(t, "bob")
	give := func(id, user string, yen int64, members string) reply {
		return tl.call("POST", "/v2/cashback", fmt.Sprintf(
			`{"merchantCashbackId":%q,"userAuthorizationId":%q,"amount":{"amount":%d,"currency":"JPY"},"requestedAt":%d%s}`, id, user, yen, tl.seconds(), members))
	}
	take := func(id, of string, yen int64) reply {
		return tl.call("POST", "/v2/cashback_reversal", fmt.Sprintf(
			`{"merchantCashbackReversalId":%q,"merchantCashbackId":%q,"amount":{"amount":%d,"currency":"JPY"},"requestedAt":%d,"reason":"mistake"}`, id, of, yen, tl.seconds()))
	}
	check := func(id string) reply { return tl.call("GET", "/v2/cashback/"+id, "") }
	give("c1", ann, 60, `,"walletType":"PREPAID","expiryDate":"2027-01-31"`).says(t, 202, "REQUEST_ACCEPTED", "08100001")
	check("c1").is(t, "ACCEPTED")
	take("r1", "c1", 10).says(t, 400, "FAILURE", "")
	tl.advance(time.Second)
	check("c1").is(t, "SUCCESS")
	give("c1", ann, 60, "").says(t, 400, "VALIDATION_FAILED_EXCEPTION", "")
	give("c2", ann, 60, "").says(t, 202, "REQUEST_ACCEPTED", "08100001")
	give("c3", bob, 20, "").says(t, 400, "BALANCE_OUT_OF_LIMIT", "")
	give("c3", bob, 1, `,"walletType":"X"`).says(t, 400, "INVALID_REQUEST_PARAMS", "08100006")
	give("c3", bob, 1, `,"expiryDate":"20270131"`).says(t, 400, "INVALID_REQUEST_PARAMS", "08100006")
	tl.advance(time.Second)
	got := check("c2")
	got.says(t, 200, "NOT_ENOUGH_MONEY", "WAL_500017")
	got.is(t, "FAILURE")
	check("never").says(t, 400, "TRANSACTION_NOT_FOUND", "")
	if st := tl.sim.State(); st.Budget != 40 || st.Wallets[0].Balance != 100_060 {
		t.Errorf("%+v", st)
	}

	take("r1", "never", 1).says(t, 400, "TRANSACTION_NOT_FOUND", "")
	take("r1", "c1", 61).says(t, 400, "FAILURE", "")
	take("r1", "c1", 40).says(t, 202, "REQUEST_ACCEPTED", "08100001")
	take("r1", "c1", 1).says(t, 400, "VALIDATION_FAILED_EXCEPTION", "")
	take("r2", "c1", 21).says(t, 400, "FAILURE", "")
	tl.advance(time.Second)
	tl.call("GET", "/v2/cashback_reversal/r1/c1", "").is(t, "SUCCESS")
	tl.call("GET", "/v2/cashback_reversal/r1/never", "").says(t, 400, "TRANSACTION_NOT_FOUND", "")
	if st := tl.sim.State(); st.Budget != 80 || st.Wallets[0].Balance != 100_020 {
		t.Errorf("%+v", st)
	}
	// A wallet that is full by cashback takes no refund.
	code := tl.create(t, "order-1", 45)
	must(t, tl.sim.PayAs(code, "bob"))
	give("c4", bob, 50, "").says(t, 202, "REQUEST_ACCEPTED", "08100001")
	tl.advance(time.Second)
	tl.refund("refund-1", tl.look("order-1").text("paymentId"), 45).says(t, 500, "TRANSACTION_FAILED", "00800017")
}
