package simulator_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

func (tl *till) page(t testing.TB, target string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	tl.sim.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, nil))
	return w
}

func (tl *till) press(t testing.TB, code, action string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/pay/"+code, strings.NewReader(url.Values{"action": {action}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "http://example.com") // what a browser sends for a form of the page itself
	w := httptest.NewRecorder()
	tl.sim.ServeHTTP(w, r)
	return w
}

func TestPage_customerPaysWithoutScript(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	code := tl.create(t, "order-1", 1234567)
	shows(t, tl.page(t, "/pay/"+code), 200, "¥1,234,567", "No money moves", "実際のお金は動きません", "Sakura &lt;b&gt;Café&lt;/b&gt;",
		"Sakura Café 0001", "Waiting to be scanned", "300 seconds left", `value="scan"`, `value="pay"`, `value="fail"`)

	for _, step := range []struct{ action, shows string }{
		{"scan", "Confirm screen open"}, {"decline", "Waiting to be scanned"}, {"pay", "Payment failed"}, // over the limit
	} {
		got := tl.press(t, code, step.action)
		if got.Code != http.StatusSeeOther || got.Header().Get("Location") != "/pay/"+code {
			t.Errorf("%s: %d %v", step.action, got.Code, got.Header())
		}
		shows(t, tl.page(t, "/pay/"+code), 200, step.shows)
	}
	shows(t, tl.press(t, code, "pay"), 409, "That was not possible", "Payment failed")
	shows(t, tl.press(t, code, "steal"), 400, "no such code or action")
	shows(t, tl.press(t, "04-AAAAAAAAAAAAAAAA", "pay"), 404, "no such code or action")
	shows(t, tl.page(t, "/pay/04-AAAAAAAAAAAAAAAA"), 404, "no such code or action")
	shows(t, tl.press(t, code, strings.Repeat("a", 1e5)), 400, "no such code or action")
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
	shows(t, tl.page(t, "/"), 200, "支払い済み / Paid", "取消済み / Cancelled", "削除済み / Deleted", "期限切れ / Expired", "確認画面を表示中 / Confirm screen open")
	shows(t, tl.page(t, "/pay/"+paid), 200, "Payment number 0")
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
	if strings.Count(got, "<li>") != 50 || !strings.Contains(got, "order-59") || strings.Contains(got, "order-09") {
		t.Errorf("%d codes listed", strings.Count(got, "<li>"))
	}
	if got := tl.page(t, "/elsewhere"); got.Code != 404 {
		t.Errorf("%d", got.Code)
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
		"Content-Type":           "text/html; charset=utf-8",
		"X-Content-Type-Options": "nosniff",
		"X-Frame-Options":        "DENY",
		"Referrer-Policy":        "same-origin",
		"Cache-Control":          "no-store",
	} {
		if h.Get(name) != want {
			t.Errorf("%s is %q", name, h.Get(name))
		}
	}
	if csp := h.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") {
		t.Errorf("Content-Security-Policy is %q", csp)
	}
}

// submit presses a button of a page of its own.
func (tl *till) submit(t testing.TB, target string, form url.Values) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, target, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "http://example.com")
	w := httptest.NewRecorder()
	tl.sim.ServeHTTP(w, r)
	return w
}

func TestPage_customerAgreesToAHigherAmount(t *testing.T) {
	t.Parallel()
	tl := newTill(t, capturing())
	tl.held(t, "order-1", 1000)
	tl.capture("capture-1", "order-1", 1500)
	shows(t, tl.page(t, "/"), 200, "asked to agree")
	p, _ := find(tl.sim.State(), "order-1")
	shows(t, tl.page(t, "/payments/order-1"), 200, "¥1,500", `value="consent"`, `value="decline"`, `action="/pay/`+p.CodeID)
	if got := tl.press(t, p.CodeID, "consent"); got.Code != http.StatusSeeOther {
		t.Error(got.Code)
	}
	shows(t, tl.page(t, "/payments/order-1"), 200, "Raising the amount")
	tl.advance(time.Second)
	tl.look("order-1").is(t, "COMPLETED")
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
	shows(t, tl.page(t, "/payments/never"), 404, "no such code or action")
}

func TestPage_customerIsChosen(t *testing.T) {
	t.Parallel()
	tl := newTill(t, capturing())
	code := tl.create(t, "order-1", 30)
	shows(t, tl.page(t, "/pay/"+code), 200, `<select name="customer"><option>ann</option><option>bob</option></select>`)
	tl.submit(t, "/pay/"+code, url.Values{"action": {"pay"}, "customer": {"bob"}})
	if got := tl.sim.State().Wallets[1].Balance; got != 20 {
		t.Errorf("bob has %d", got)
	}
}

func TestPage_customerLinksTheAccount(t *testing.T) {
	t.Parallel()
	tl := linking(t)
	address := tl.session(allScopes).text("linkQRCodeURL")
	path := strings.TrimPrefix(address, "http://till.example:8080")
	shows(t, tl.page(t, "/"), 200, `href="`+path+`"`, "Account links")
	shows(t, tl.page(t, path), 200, "direct_debit", `value="approve"`, `value="decline"`)
	shows(t, tl.submit(t, path, url.Values{"action": {"steal"}}), 400, "no such code or action")
	shows(t, tl.submit(t, path, url.Values{"action": {"approve"}, "customer": {"eve"}}), 404, "no such code or action")
	if got := tl.submit(t, path, url.Values{"action": {"approve"}, "customer": {"bob"}}); got.Code != http.StatusSeeOther || got.Header().Get("Location") != path {
		t.Error(got.Code)
	}
	shows(t, tl.page(t, path), 200, `href="https://shop.example/back?apiKey=a_key&amp;responseToken=`, "This is over")
	shows(t, tl.submit(t, path, url.Values{"action": {"approve"}}), 409, "answered before")
	shows(t, tl.page(t, "/link/x"), 404, "no such code or action")

	web := tl.page(t, strings.TrimPrefix(webLink(`{}`, `{"alg":"HS256","typ":"JWT"}`), "http://till.example"))
	if web.Code != http.StatusSeeOther || !strings.HasPrefix(web.Header().Get("Location"), "/link/") {
		t.Errorf("%d %s", web.Code, web.Body)
	}
	shows(t, tl.page(t, web.Header().Get("Location")), 200, "get_balance", `value="approve"`)
	shows(t, tl.page(t, "/app/opa/user_authorization?apiKey=a_key&requestToken=x"), 400, "no such code or action")
}
