package simulator_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // part of the signature
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.jp/reji/paypay/simulator"
)

// start is noon of a day in Tokyo, so that no test crosses midnight by chance.
var start = time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)

func config() simulator.Config {
	return simulator.Config{
		APIKey: "a_key", APISecret: "CANARY-secret", MerchantID: "123456",
		PublicURL: "http://till.example:8080", Now: func() time.Time { return start },
	}
}

func newSimulator(t testing.TB, c simulator.Config) *simulator.Simulator {
	t.Helper()
	s, err := simulator.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// till signs requests as the documents say, by code of its own.
type till struct {
	sim     *simulator.Simulator
	elapsed time.Duration
	nonce   int
	// edit changes a signed request before it goes out; sign changes what is signed.
	edit func(*http.Request)
	sign func(*signature)
}

type signature struct {
	key, secret, path, method, nonce, epoch, contentType string
	body                                                 []byte
}

func (g signature) header() string {
	contentType, hash := "empty", "empty"
	if len(g.body) > 0 {
		contentType = g.contentType
		sum := md5.Sum(append([]byte(contentType), g.body...)) //nolint:gosec // part of the signature
		hash = base64.StdEncoding.EncodeToString(sum[:])
	}
	mac := hmac.New(sha256.New, []byte(g.secret))
	_, _ = fmt.Fprintf(mac, "%s\n%s\n%s\n%s\n%s\n%s", g.path, g.method, g.nonce, g.epoch, contentType, hash)
	return fmt.Sprintf("hmac OPA-Auth:%s:%s:%s:%s:%s", g.key, base64.StdEncoding.EncodeToString(mac.Sum(nil)), g.nonce, g.epoch, hash)
}

func newTill(t testing.TB, c simulator.Config) *till {
	t.Helper()
	return &till{sim: newSimulator(t, c)}
}

// reply is what came back; dropped is a connection that was cut.
type reply struct {
	status  int
	header  http.Header
	raw     string
	code    string
	codeID  string
	message string
	data    map[string]any
	dropped bool
}

func (tl *till) advance(d time.Duration) {
	tl.elapsed += d
	tl.sim.Advance(d)
}

func (tl *till) request(ctx context.Context, method, target, body string) *http.Request {
	tl.nonce++
	path, _, _ := strings.Cut(target, "?")
	g := signature{
		key: "a_key", secret: "CANARY-secret", path: path, method: method,
		nonce: fmt.Sprintf("nonce-%d", tl.nonce), epoch: strconv.FormatInt(start.Add(tl.elapsed).Unix(), 10),
		contentType: "application/json", body: []byte(body),
	}
	if tl.sign != nil {
		tl.sign(&g)
	}
	r, err := http.NewRequestWithContext(ctx, method, "http://paypay.example"+target, strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("X-Assume-Merchant", "123456")
	r.Header.Set("Authorization", g.header())
	if tl.edit != nil {
		tl.edit(r)
	}
	return r
}

func (tl *till) call(method, target, body string) reply {
	return serve(tl.sim, tl.request(context.Background(), method, target, body))
}

// serve calls the handler as a transport without a server does.
func serve(h http.Handler, r *http.Request) (got reply) {
	w := httptest.NewRecorder()
	defer func() {
		got.status, got.header, got.raw = w.Code, w.Result().Header, w.Body.String()
		if p := recover(); p != nil {
			if err, ok := p.(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
				panic(p)
			}
			got.dropped = true
		}
		var e struct {
			ResultInfo struct {
				Code    string `json:"code"`
				Message string `json:"message"`
				CodeID  string `json:"codeId"`
			} `json:"resultInfo"`
			Data map[string]any `json:"data"`
		}
		d := json.NewDecoder(bytes.NewReader(w.Body.Bytes()))
		d.UseNumber()
		if d.Decode(&e) == nil {
			got.code, got.message, got.codeID, got.data = e.ResultInfo.Code, e.ResultInfo.Message, e.ResultInfo.CodeID, e.Data
		}
	}()
	h.ServeHTTP(w, r)
	return got
}

func createBody(id string, yen int64) string { return createBodyAt(id, yen, 0) }

func createBodyAt(id string, yen int64, elapsed time.Duration) string {
	return fmt.Sprintf(`{"merchantPaymentId":%q,"amount":{"amount":%d,"currency":"JPY"},"codeType":"ORDER_QR",`+
		`"orderDescription":"Sakura Café 0001","storeInfo":"Sakura <b>Café</b>","storeId":"S1","terminalId":"T1","requestedAt":%d}`, id, yen, start.Add(elapsed).Unix())
}

// create makes a code and returns its codeId.
func (tl *till) create(t testing.TB, id string, yen int64) string {
	t.Helper()
	got := tl.call("POST", "/v2/codes", createBody(id, yen))
	if got.status != http.StatusCreated || got.code != "SUCCESS" {
		t.Fatalf("create: %d %s", got.status, got.raw)
	}
	return got.text("codeId")
}

func (tl *till) look(id string) reply   { return tl.call("GET", "/v2/codes/payments/"+id, "") }
func (tl *till) shut(code string) reply { return tl.call("DELETE", "/v2/codes/"+code, "") }
func (tl *till) cancel(id string) reply { return tl.call("DELETE", "/v2/payments/"+id, "") }

func (g reply) text(field string) string { return fmt.Sprint(g.data[field]) }

// says fails the test unless a reply has this HTTP status, code and codeId.
func (g reply) says(t testing.TB, status int, code, codeID string) {
	t.Helper()
	if g.status != status || g.code != code || g.codeID != codeID {
		t.Errorf("got %d %s %s (%s), want %d %s %s", g.status, g.code, g.codeID, g.message, status, code, codeID)
	}
}

// status fails the test unless a look-up says this status.
func (g reply) is(t testing.TB, status string) {
	t.Helper()
	if g.status != http.StatusOK || g.text("status") != status {
		t.Errorf("got %d %s, want status %s", g.status, g.raw, status)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
