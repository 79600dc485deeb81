package simulator_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"example.jp/reji/paypay/simulator"
)

func (tl *till) page(t testing.TB, target string) *httptest.ResponseRecorder {
	t.Helper()
	return tl.browse(t, http.MethodGet, target, nil, "Accept-Language", "en-GB,en;q=0.9,ja;q=0.8")
}

func (tl *till) press(t testing.TB, code, action string) *httptest.ResponseRecorder {
	t.Helper()
	return tl.submit(t, "/pay/"+code, url.Values{"action": {action}})
}

// submit presses a button of a page of its own.
func (tl *till) submit(t testing.TB, target string, form url.Values) *httptest.ResponseRecorder {
	t.Helper()
	return tl.browse(t, http.MethodPost, target, form, "Accept-Language", "en", "Origin", "http://example.com")
}

// browse asks for a page, with headers given in pairs.
func (tl *till) browse(t testing.TB, method, target string, form url.Values, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for pair := range slices.Chunk(headers, 2) {
		r.Header.Set(pair[0], pair[1])
	}
	w := httptest.NewRecorder()
	tl.sim.ServeHTTP(w, r)
	return w
}

func TestPage_customerPaysWithoutScript(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	code := tl.create(t, "order-1", 1234567)
	shows(t, tl.page(t, "/pay/"+code), 200, "¥1,234,567", "No money moves", "Sakura &lt;b&gt;Café&lt;/b&gt;",
		"Sakura Café 0001", "Waiting to be scanned", `Time left <b class="number">5:00</b>`, `value="scan"`, `value="pay"`, `value="fail"`)

	for _, step := range []struct{ action, shows string }{
		{"scan", "Confirm screen open"}, {"decline", "Waiting to be scanned"}, {"pay", "Payment failed"}, // over the limit
	} {
		got := tl.press(t, code, step.action)
		if got.Code != http.StatusSeeOther || got.Header().Get("Location") != "/pay/"+code {
			t.Errorf("%s: %d %v", step.action, got.Code, got.Header())
		}
		shows(t, tl.page(t, "/pay/"+code), 200, step.shows)
	}
	shows(t, tl.press(t, code, "pay"), 409, "This payment failed or was cancelled.", "Payment failed")
	shows(t, tl.press(t, code, "steal"), 400, "no such action")
	shows(t, tl.press(t, "04-AAAAAAAAAAAAAAAA", "pay"), 404, "no such code or page")
	shows(t, tl.page(t, "/pay/04-AAAAAAAAAAAAAAAA"), 404, "no such code or page")
	shows(t, tl.press(t, code, strings.Repeat("a", 1e5)), 400, "no such action")
	if strings.Contains(tl.page(t, "/pay/"+code).Body.String(), "<form") {
		t.Error("a failed payment still has buttons")
	}
}

func TestPage_saysEachStage(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	paid, cancelled := tl.create(t, "paid", 100), tl.create(t, "cancelled", 100)
	must(t, tl.sim.Pay(paid))
	must(t, tl.sim.Pay(cancelled))
	tl.cancel("cancelled")
	tl.shut(tl.create(t, "deleted", 100))
	tl.create(t, "expired", 100)
	tl.advance(5 * time.Minute)
	racing := tl.create(t, "racing", 100)
	must(t, tl.sim.Scan(racing))
	tl.shut(racing)
	shows(t, tl.page(t, "/"), 200, ">Paid<", ">Cancelled<", ">Deleted<", ">Expired<", ">Confirm screen open<")
	shows(t, tl.browse(t, "GET", "/", nil), 200, ">支払い済み<", ">取消済み<", ">削除済み<", ">期限切れ<", ">確認画面を表示中<")
	shows(t, tl.page(t, "/pay/"+paid), 200, "<dt>Payment number</dt><dd>0")
	shows(t, tl.page(t, "/pay/"+racing), 200, "The shop has deleted this code")
}

func TestPage_listShowsTheLatest(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	shows(t, tl.page(t, "/"), 200, "There is no code yet")
	for i := range 60 {
		tl.create(t, fmt.Sprintf("order-%02d", i), 100)
	}
	got := tl.page(t, "/").Body.String()
	if strings.Count(got, "<li>") != 50 || !strings.Contains(got, "order-10") || strings.Contains(got, "order-09") ||
		strings.Index(got, "order-59") > strings.Index(got, "order-58") || !strings.Contains(got, "10 older ones are not listed") {
		t.Errorf("%d codes listed", strings.Count(got, "<li>"))
	}
}

// shows checks a page's status, words and the headers that every page has.
func shows(t testing.TB, w *httptest.ResponseRecorder, status int, parts ...string) {
	t.Helper()
	if w.Code != status {
		t.Errorf("status %d, want %d", w.Code, status)
	}
	for _, p := range parts {
		if !strings.Contains(w.Body.String(), p) {
			t.Errorf("%q is missing in\n%s", p, w.Body)
		}
	}
	h := w.Header()
	for name, want := range map[string]string{
		"Content-Type":            "text/html; charset=utf-8",
		"X-Content-Type-Options":  "nosniff",
		"X-Frame-Options":         "DENY",
		"Referrer-Policy":         "same-origin",
		"Cache-Control":           "no-store",
		"Vary":                    "Accept-Language",
		"Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
	} {
		if h.Get(name) != want {
			t.Errorf("%s is %q", name, h.Get(name))
		}
	}
}

func TestPage_customerAgreesToAHigherAmount(t *testing.T) {
	t.Parallel()
	tl := newTill(t, capturing())
	tl.held(t, "order-1", 1000)
	tl.capture("capture-1", "order-1", 1500)
	shows(t, tl.page(t, "/"), 200, "Asked to agree")
	p, _ := find(tl.sim.State(), "order-1")
	shows(t, tl.page(t, "/payments/order-1"), 200, "¥1,500", `value="consent"`, `value="decline"`, `action="/pay/`+p.CodeID)
	if got := tl.press(t, p.CodeID, "consent"); got.Code != http.StatusSeeOther {
		t.Error(got.Code)
	}
	raising := tl.page(t, "/payments/order-1")
	shows(t, raising, 200, "Raising the amount")
	if got := raising.Header().Get("Refresh"); got != "2" {
		t.Errorf("Refresh is %q", got)
	}
	tl.advance(time.Second)
	tl.look("order-1").is(t, "COMPLETED")
	shows(t, tl.press(t, p.CodeID, "consent"), 409, "no longer asks you", ">Paid<")
}

func TestPage_customerPaysWhatIsPending(t *testing.T) {
	t.Parallel()
	tl := linking(t)
	user := tl.link(t, "bob")
	tl.charge("/v1/requestOrder", "order-1", user, 30, "")
	shows(t, tl.page(t, "/"), 200, `href="/payments/order-1"`)
	if got := tl.page(t, "/payments/order-1").Body.String(); !strings.Contains(got, `value="pay"`) || strings.Contains(got, `value="fail"`) {
		t.Error(got)
	}
	if got := tl.submit(t, "/payments/order-1", url.Values{"action": {"pay"}}); got.Code != http.StatusSeeOther || got.Header().Get("Location") != "/payments/order-1" {
		t.Error(got.Code)
	}
	tl.call("GET", "/v1/requestOrder/order-1", "").is(t, "COMPLETED")
	shows(t, tl.page(t, "/payments/never"), 404, "no such code or page")
}

func TestPage_customerIsChosen(t *testing.T) {
	t.Parallel()
	tl := newTill(t, capturing())
	code := tl.create(t, "order-1", 30)
	shows(t, tl.page(t, "/pay/"+code), 200, `<select name="customer"><option selected>ann</option><option>bob</option></select>`)
	shows(t, tl.submit(t, "/pay/"+code, url.Values{"action": {"scan"}, "customer": {"eve"}}), 404, "no such customer", ">Waiting to be scanned<")
	back := tl.submit(t, "/pay/"+code, url.Values{"action": {"scan"}, "customer": {"bob"}}).Header().Get("Location")
	shows(t, tl.page(t, back), 200, "<option>ann</option><option selected>bob</option>", "Confirm screen open")
	tl.submit(t, "/pay/"+code, url.Values{"action": {"pay"}, "customer": {"bob"}})
	if got := tl.sim.State().Wallets[1].Balance; got != 20 {
		t.Errorf("bob has %d", got)
	}
}

func TestPage_meansAreChosen(t *testing.T) {
	t.Parallel()
	c := config()
	c.Customers = []simulator.Customer{{
		ID: "ann", Balance: 500, Means: []simulator.Means{
			{ID: "p", Type: "POINT", Yen: 100}, {ID: "c", Type: "CREDIT_CARD", Yen: 9000}, {ID: "old", Type: "PAY_LATER_CC", Yen: 1, Status: "EXPIRED"},
		},
	}}
	tl := newTill(t, c)
	code := tl.create(t, "order-1", 600)
	shows(t, tl.page(t, "/pay/"+code), 200, `<label>Pay with <select name="customer">`+
		`<option value="ann/wallet" selected>Points → Balance ¥500</option><option value="ann/p">Points p ¥100</option>`+
		`<option value="ann/c">Credit card c ¥9,000</option><option value="ann/old">PayPay credit old ¥1 EXPIRED</option></select>`)
	shows(t, tl.browse(t, "GET", "/pay/"+code, nil), 200, ">ポイント → 残高 ¥500<", "クレジットカード c ¥9,000")
	shows(t, tl.submit(t, "/pay/"+code, url.Values{"action": {"pay"}, "customer": {"ann/x"}}), 404, "no such means of payment", `value="pay"`)
	tl.submit(t, "/pay/"+code, url.Values{"action": {"scan"}, "customer": {"ann/c"}})
	shows(t, tl.page(t, "/pay/"+code), 200, `<option value="ann/c" selected>`, "Confirm screen open")
	tl.submit(t, "/pay/"+code, url.Values{"action": {"pay"}, "customer": {"ann/c"}})
	shows(t, tl.page(t, "/pay/"+code), 200, ">Paid<", "<dt>Credit card</dt><dd>¥600</dd>")
	if w := tl.sim.State().Wallets[0]; w.Balance != 500 || w.Means[0].Yen != 100 || w.Means[1].Yen != 8400 {
		t.Errorf("left %+v", w)
	}

	code = tl.create(t, "order-2", 150)
	tl.submit(t, "/pay/"+code, url.Values{"action": {"pay"}, "customer": {"ann/wallet"}})
	shows(t, tl.page(t, "/pay/"+code), 200, "<dt>Points</dt><dd>¥100</dd>", "<dt>Balance</dt><dd>¥50</dd>")
}

// Several customers, one of whom has a choice; what is pending leaves none of who.
func TestPage_customersAndTheirMeansAreChosen(t *testing.T) {
	t.Parallel()
	tl := linking(t, func(c *simulator.Config) {
		c.Customers = []simulator.Customer{
			{ID: "ann", Balance: 500}, {ID: "bob", Balance: 700, Means: []simulator.Means{{ID: "c", Type: "CREDIT_CARD", Yen: 9000}}},
		}
	})
	code := tl.create(t, "order-1", 600)
	shows(t, tl.page(t, "/pay/"+code), 200, `<label>Customer <select name="customer"><option selected>ann</option>`+
		`<option value="bob/wallet">bob: Balance ¥700</option><option value="bob/c">bob: Credit card c ¥9,000</option></select>`)
	tl.submit(t, "/pay/"+code, url.Values{"action": {"pay"}, "customer": {"bob/c"}})
	shows(t, tl.page(t, "/pay/"+code), 200, "<dt>Credit card</dt><dd>¥600</dd>")

	tl.charge("/v1/requestOrder", "order-2", tl.link(t, "bob"), 30, "")
	shows(t, tl.page(t, "/payments/order-2"), 200, `<label>Pay with <select name="customer"><option value="bob/wallet">`, `<option value="bob/c" selected>`)
	tl.submit(t, "/payments/order-2", url.Values{"action": {"pay"}, "customer": {"bob/wallet"}})
	if w := tl.sim.State().Wallets[1]; w.Balance != 670 || w.Means[0].Yen != 8400 {
		t.Errorf("left %+v", w)
	}
}

func TestPage_faultsAreClearedByHand(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	if got := tl.page(t, "/").Body.String(); strings.Contains(got, "Faults") {
		t.Error(got)
	}
	for _, f := range []simulator.Fault{
		{Kind: simulator.DropAfter, Operation: simulator.OpCreateRefund, Times: 2},
		{Kind: simulator.DelayBefore, Probability: 0.25, Delay: 3 * time.Second},
		{Kind: simulator.StatusBefore, Status: 500, Code: "<b>", Times: 1},
	} {
		must(t, tl.sim.Fault(f))
	}
	shows(t, tl.page(t, "/"), 200, "<h2 id=\"faults\">Faults</h2>", "<code>drop-after</code> <code>v2_createRefundPayment</code> <span> · 2 left</span>",
		"<code>delay-before</code> <code>all</code> <span> · until cleared · 25% likely · 3s late</span>",
		"<span> · 1 left · 500 &lt;b&gt;</span>", `value="clear"`)
	shows(t, tl.browse(t, "GET", "/", nil), 200, "起こす障害", "あと2回", "解除するまで", "確率 25%", "遅れ 3s")
	if got := tl.submit(t, "/", url.Values{"action": {"clear"}}); got.Code != http.StatusSeeOther || got.Header().Get("Location") != "/" {
		t.Error(got.Code)
	}
	if left := tl.sim.State().Faults; len(left) != 0 {
		t.Errorf("left %+v", left)
	}
}

func TestPage_customerLinksTheAccount(t *testing.T) {
	t.Parallel()
	tl := linking(t)
	address := tl.session(allScopes).text("linkQRCodeURL")
	path := strings.TrimPrefix(address, "http://till.example:8080")
	shows(t, tl.page(t, "/"), 200, `href="`+path+`"`, "Account links")
	shows(t, tl.page(t, path), 200, "direct_debit", `value="approve"`, `value="decline"`)
	shows(t, tl.submit(t, path, url.Values{"action": {"steal"}}), 400, "no such action")
	shows(t, tl.submit(t, path, url.Values{"action": {"approve"}, "customer": {"eve"}}), 404, "no such customer", `value="approve"`)
	if got := tl.submit(t, path, url.Values{"action": {"approve"}, "customer": {"bob"}}); got.Code != http.StatusSeeOther || got.Header().Get("Location") != path {
		t.Error(got.Code)
	}
	shows(t, tl.page(t, path), 200, `href="https://shop.example/back?apiKey=a_key&amp;responseToken=`, ">Allowed<")
	shows(t, tl.submit(t, path, url.Values{"action": {"approve"}}), 409, "answered before")
	shows(t, tl.page(t, "/link/x"), 404, "no such code or page")

	web := tl.page(t, strings.TrimPrefix(webLink(`{}`, `{"alg":"HS256","typ":"JWT"}`), "http://till.example"))
	if web.Code != http.StatusSeeOther || !strings.HasPrefix(web.Header().Get("Location"), "/link/") {
		t.Errorf("%d %s", web.Code, web.Body)
	}
	shows(t, tl.page(t, web.Header().Get("Location")), 200, "get_balance", `value="approve"`)
	shows(t, tl.page(t, "/app/opa/user_authorization?apiKey=a_key&requestToken=x"), 400, "cannot be read")
}

func TestPage_linkNotAllowed(t *testing.T) {
	t.Parallel()
	tl := linking(t)
	open := func() string {
		return strings.TrimPrefix(tl.session(allScopes).text("linkQRCodeURL"), "http://till.example:8080")
	}
	declined, late := open(), open()
	tl.submit(t, declined, url.Values{"action": {"decline"}})
	shows(t, tl.page(t, declined), 200, ">Declined<", "Back to the shop")
	bad := tl.page(t, strings.TrimPrefix(webLink(`{"scope":"everything"}`, `{"alg":"HS256","typ":"JWT"}`), "http://till.example")).Header().Get("Location")
	tl.submit(t, bad, url.Values{"action": {"approve"}})
	shows(t, tl.page(t, bad), 200, "The shop may not ask for this")
	tl.advance(time.Hour)
	shows(t, tl.page(t, late), 200, ">Expired<")
	shows(t, tl.submit(t, late, url.Values{"action": {"approve"}}), 409, "its time is over", ">Expired<")
}

// A page leads nowhere but to other pages, whatever way back a shop asks for.
func TestPage_wayBackIsNoScript(t *testing.T) {
	t.Parallel()
	for back, offered := range map[string]bool{
		"https://shop.example/":     true,
		"http://shop.example/":      true,
		"javascript:alert(1)":       false,
		"JavaScript://x/%0Aalert()": false,
		"data:text/html,x":          false,
		"//shop.example/":           false,
	} {
		tl := linking(t)
		path := tl.page(t, strings.TrimPrefix(webLink(fmt.Sprintf(`{"redirectUrl":%q}`, back), `{"alg":"HS256","typ":"JWT"}`), "http://till.example")).Header().Get("Location")
		if got := tl.submit(t, path, url.Values{"action": {"approve"}}).Code; got != http.StatusSeeOther {
			t.Fatalf("%s: %d", back, got)
		}
		if got := tl.page(t, path).Body.String(); strings.Contains(got, "Back to the shop") != offered {
			t.Errorf("%s: %s", back, got)
		}
	}
}

func TestPage_wrongUse(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	code := tl.create(t, "order-1", 100)
	for _, tt := range []struct {
		name, method, target string
		headers              []string
		status               int
		shows, allow         string
	}{
		{"unknown page", "GET", "/elsewhere", nil, 404, "no such code or page", ""},
		{"below a page", "GET", "/pay/" + code + "/x", nil, 404, "no such code or page", ""},
		{"form to the style", "POST", "/page.css", nil, 405, "cannot be used like that", "GET, HEAD"},
		{"wrong form to the list", "POST", "/", nil, 400, "no such action", ""},
		{"faults cleared by another site", "POST", "/", []string{"Origin", "https://elsewhere.example"}, 403, "another site", ""},
		{"delete of a code", "DELETE", "/pay/" + code, nil, 405, "cannot be used like that", "GET, HEAD, POST"},
		{"form of another site", "POST", "/pay/" + code, []string{"Origin", "https://elsewhere.example"}, 403, "another site", ""},
		{"form of another site, as browsers tell of it", "POST", "/pay/" + code, []string{"Sec-Fetch-Site", "cross-site"}, 403, "another site", ""},
	} {
		got := tl.browse(t, tt.method, tt.target, url.Values{"action": {"pay"}}, append(tt.headers, "Accept-Language", "en")...)
		shows(t, got, tt.status, tt.shows, "<main>", `href="/"`)
		if allow := got.Header().Get("Allow"); allow != tt.allow {
			t.Errorf("%s: Allow is %q", tt.name, allow)
		}
	}
	if p, _ := find(tl.sim.State(), "order-1"); p.Stage != simulator.StageWaiting {
		t.Errorf("the code is %s", p.Stage)
	}
}

func TestPage_language(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	for accepted, want := range map[string]string{
		"":                         "ja",
		"ja":                       "ja",
		"en":                       "en",
		"EN-us":                    "en",
		"fr-CH, fr;q=0.9, en;q=.8": "en",
		"ja-JP,en;q=0.5":           "ja",
		"zh-TW":                    "ja",
		"english":                  "ja",
		";;,,-":                    "ja",
	} {
		got := tl.browse(t, "GET", "/", nil, "Accept-Language", accepted)
		shows(t, got, 200, `<html lang="`+want+`">`, map[string]string{"ja": "まだコードがありません", "en": "There is no code yet"}[want])
		if l := got.Header().Get("Content-Language"); l != want {
			t.Errorf("%q: %q", accepted, l)
		}
	}
}

func TestPage_loadsItselfAgain(t *testing.T) {
	t.Parallel()
	tl := linking(t)
	user := tl.link(t, "bob")
	tl.charge("/v1/requestOrder", "pending", user, 30, "")
	paid := tl.create(t, "paid", 100)
	must(t, tl.sim.Pay(paid))
	waiting := tl.create(t, "waiting", 100)
	tl.advance(299 * time.Second)
	for target, want := range map[string]string{
		"/":                 "",
		"/?live":            "5",
		"/pay/" + waiting:   "2", // when the time to pay is over
		"/pay/" + paid:      "",
		"/payments/pending": "", // it can be paid for hours
	} {
		got := tl.page(t, target)
		shows(t, got, 200)
		if got := got.Header().Get("Refresh"); got != want {
			t.Errorf("%s: Refresh is %q, want %q", target, got, want)
		}
	}
}

func TestPage_codeCanBeScanned(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	code := tl.create(t, "order-1", 100)
	shows(t, tl.page(t, "/pay/"+code), 200, `role="img" aria-label="QR code of this page" viewBox="0 0 `, "http://till.example:8080/pay/"+code)
	must(t, tl.sim.Pay(code))
	if strings.Contains(tl.page(t, "/pay/"+code).Body.String(), "<svg") {
		t.Error("a paid code is offered")
	}
}

func TestPage_style(t *testing.T) {
	t.Parallel()
	got := newTill(t, config()).page(t, "/page.css")
	if got.Code != 200 || got.Header().Get("Content-Type") != "text/css; charset=utf-8" || !strings.Contains(got.Body.String(), "prefers-color-scheme: dark") {
		t.Errorf("%d %v", got.Code, got.Header())
	}
}
