package paypay

import (
	"encoding/json"
	"errors"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func readNotification(t *testing.T, doc string) Notification {
	t.Helper()
	n, err := ReadNotification(strings.NewReader(doc))
	if err != nil {
		t.Fatalf("%s: %v", doc, err)
	}
	return n
}

func TestReadNotification(t *testing.T) {
	t.Parallel()
	epoch := func(text string) int64 {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return at.Unix()
	}
	tests := map[string]Notification{
		"transaction-completed.json": {Type: "Transaction", Transaction: &TransactionEvent{
			MerchantID:        "418901234567890123",
			StoreID:           "STORE-01",
			TerminalID:        "REG-2",
			PaymentID:         "03905081820401237",
			MerchantPaymentID: "R1-0001",
			Amount:            1280,
			State:             StatusCompleted,
			PaidAt:            epoch("2026-04-01T12:04:05+09:00"),
		}},
		"transaction-authorized.json": {Type: "Transaction", Transaction: &TransactionEvent{
			MerchantID:            "418901234567890123",
			PaymentID:             "03905081820401238",
			Amount:                5000,
			State:                 StatusAuthorized,
			AuthorizedAt:          epoch("2026-04-01T12:00:00+09:00"),
			ExpiresAt:             epoch("2026-05-01T23:59:59+09:00"),
			ReauthRequestID:       "RA-77",
			ConfirmationExpiresAt: epoch("2026-04-01T18:00:00+09:00"),
		}},
		"transaction-failed.json": {Type: "Transaction", Transaction: &TransactionEvent{
			MerchantID:        "418901234567890123",
			PaymentID:         "03905081820401239",
			MerchantPaymentID: "R1-0002",
			Amount:            300,
			State:             StatusFailed,
		}},
		"customer-succeeded.json": {Type: "customer.authroization.succeeded", Customer: &CustomerEvent{
			Change:              CustomerLinked,
			ReferenceID:         "customer-7",
			Nonce:               "N-1",
			UserAuthorizationID: "5b2a3a3c-5e0f-4c0f-9f0e-0123456789ab",
			ProfileIdentifier:   "*******5678",
			Scopes:              []string{"direct_debit", "get_balance"},
			ExpiresAt:           1791536120,
			CreatedAt:           "1760000120",
		}},
		"customer-failed.json": {Type: "customer.authroization.failed", Customer: &CustomerEvent{
			Change:      CustomerLinkFailed,
			ReferenceID: "customer-7",
			Nonce:       "N-1",
			CreatedAt:   "1760000120",
			Result:      "declined",
			Reason:      "USER_DECLINED",
		}},
		"file-created.json": {Type: "file.created", File: &FileEvent{
			FileType:    "transaction_recon",
			Path:        "https://files.example.jp/transaction_1_20260401000000_20260401235959_v2.csv?signature=abc",
			RequestedAt: 1760000120,
		}},
	}
	for name, want := range tests {
		doc := testdata(t, "notifications/"+name)
		got := readNotification(t, doc)
		if d := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Notification{}), cmpopts.IgnoreFields(Notification{}, "Raw")); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		if !json.Valid(got.Raw) || strings.Contains(string(got.Raw), "\n") {
			t.Errorf("%s: raw %s", name, got.Raw)
		}
	}
}

func TestReadNotification_customerInBothSpellings(t *testing.T) {
	t.Parallel()
	for _, change := range []CustomerChange{CustomerLinked, CustomerLinkFailed, CustomerRevoked, CustomerExtended, CustomerCanceled} {
		for _, spelling := range []string{"authroization", "authorization"} { //nolint:misspell // PayPay's own spelling.
			kind := "customer." + spelling + "." + string(change)
			n := readNotification(t, `{"notification_type":"`+kind+`","userAuthorizationId":"u-1","new":{"a":1}}`)
			if n.Type != kind || n.Customer == nil || n.Customer.Change != change || n.Customer.UserAuthorizationID != "u-1" {
				t.Errorf("%s: %+v", kind, n.Customer)
			}
		}
	}
}

func TestReadNotification_unknownSurvives(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{
		"transaction", "customer.authorization.paused", "customer.authorization.", "authorization.succeeded", "file.deleted", "X",
	} {
		doc := `{"notification_type":"` + kind + `","order_amount":{"new":[1]}}`
		n := readNotification(t, doc)
		if n.Type != kind || n.Transaction != nil || n.Customer != nil || n.File != nil || string(n.Raw) != doc {
			t.Errorf("%s: %+v", kind, n)
		}
	}
	if n := readNotification(t, `{"notification_type":"file.created","path":"http://127.0.0.1:8080/a.csv","fileType":"later"}`); n.File.FileType != "later" {
		t.Errorf("%+v", n.File)
	}
	n := readNotification(t, `{"notification_type":"Transaction","order_id":"1","state":"LATER"}`)
	if n.Transaction == nil || n.Transaction.State != "LATER" {
		t.Errorf("%+v", n.Transaction)
	}
}

func TestReadNotification_looseValues(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]int64{
		`"1280"`: 1280, `1280`: 1280, `"0"`: 0, `0`: 0, `null`: 0, `""`: 0, `"99999999999"`: 99_999_999_999,
		`"-1"`: -1, `-1`: -1, `"1280.0"`: -1, `1280.5`: -1, `128e1`: -1, `"+1"`: -1, `" 1"`: -1, `"１"`: -1, `"0x10"`: -1, `"1_000"`: -1,
		`100000000000`: -1, `"99999999999999999999"`: -1, `true`: -1, `[1]`: -1, `{}`: -1,
	} {
		n, err := ReadNotification(strings.NewReader(`{"notification_type":"Transaction","order_id":"1","state":"COMPLETED","order_amount":` + value + `}`))
		if want < 0 {
			if err == nil {
				t.Errorf("amount %s is read as %d", value, n.Transaction.Amount)
			}
			continue
		}
		if err != nil || n.Transaction.Amount != want {
			t.Errorf("amount %s: %+v, %v", value, n.Transaction, err)
		}
	}
	for value, want := range map[string]int64{
		`1760000120`: 1760000120, `"1760000120"`: 1760000120, `"2025-10-09T08:55:20Z"`: 1760000120, `"2025-10-09T17:55:20.9+09:00"`: 1760000120,
		`null`: 0, `""`: 0, `0`: 0,
		`1760000120000`: -1, `-1`: -1, `1.5`: -1, `"2025-10-09T08:55:20"`: -1, `"2025-10-09"`: -1, `"0001-01-01T00:00:00Z"`: -1, `"soon"`: -1, `true`: -1,
	} {
		n, err := ReadNotification(strings.NewReader(`{"notification_type":"customer.authorization.extended","userAuthorizationId":"1","expiry":` + value + `}`))
		if want < 0 {
			if err == nil {
				t.Errorf("time %s is read as %d", value, n.Customer.ExpiresAt)
			}
			continue
		}
		if err != nil || n.Customer.ExpiresAt != want {
			t.Errorf("time %s: %+v, %v", value, n.Customer, err)
		}
	}
	for value, want := range map[string][]string{
		`"a,b"`: {"a", "b"}, `"a b"`: {"a", "b"}, `["a","b"]`: {"a", "b"}, `""`: nil, `null`: nil, `[]`: nil,
	} {
		n := readNotification(t, `{"notification_type":"customer.authorization.extended","referenceId":"1","createdAt":1.5e3,"scopes":`+value+`}`)
		if d := cmp.Diff(want, n.Customer.Scopes, cmpopts.EquateEmpty()); d != "" || n.Customer.CreatedAt != "1.5e3" {
			t.Errorf("scopes %s: %s, %+v", value, d, n.Customer)
		}
	}
}

func TestReadNotification_refuses(t *testing.T) {
	t.Parallel()
	const order = `"order_id":"1","state":"COMPLETED","order_amount":"1280"`
	for name, doc := range map[string]string{
		"nothing":                "",
		"null":                   "null",
		"a list":                 "[]",
		"no kind":                `{` + order + `}`,
		"empty kind":             `{"notification_type":"",` + order + `}`,
		"kind with an escape":    `{"notification_type":"\u001b[2J",` + order + `}`,
		"kind in another case":   `{"Notification_Type":"Transaction",` + order + `}`,
		"kind twice":             `{"notification_type":"X","notification_type":"Transaction",` + order + `}`,
		"state in two cases":     `{"notification_type":"Transaction","State":"FAILED",` + order + `}`,
		"state in another case":  `{"notification_type":"Transaction","order_id":"1","STATE":"COMPLETED"}`,
		"no state":               `{"notification_type":"Transaction","order_id":"1"}`,
		"no order":               `{"notification_type":"Transaction","state":"COMPLETED"}`,
		"order a number":         `{"notification_type":"Transaction","order_id":1,"state":"COMPLETED"}`,
		"text after":             `{"notification_type":"Transaction",` + order + `}x`,
		"cut":                    `{"notification_type":"Transaction",` + order,
		"invalid UTF-8":          `{"notification_type":"Transaction","store_id":"` + "\xff" + `",` + order + `}`,
		"too long":               `{"notification_type":"Transaction","a":"` + strings.Repeat("a", 70_000) + `",` + order + `}`,
		"nested too deeply":      `{"notification_type":"X","a":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`,
		"no customer":            `{"notification_type":"customer.authorization.revoked"}`,
		"customer a number":      `{"notification_type":"customer.authorization.revoked","userAuthorizationId":1}`,
		"file by http":           `{"notification_type":"file.created","path":"http://files.example.jp/a.csv"}`,
		"file on this machine":   `{"notification_type":"file.created","path":"file:///etc/passwd"}`,
		"file without a place":   `{"notification_type":"file.created"}`,
		"file with a password":   `{"notification_type":"file.created","path":"https://a:b@files.example.jp/"}`,
		"scopes an object":       `{"notification_type":"customer.authorization.revoked","referenceId":"1","scopes":{}}`,
		"id of the event a list": `{"notification_type":"X","notification_id":[]}`,
	} {
		n, err := ReadNotification(strings.NewReader(doc))
		if err == nil || n.Type != "" || n.Raw != nil {
			t.Errorf("%s: %+v, %v", name, n, err)
			continue
		}
		if !utf8.ValidString(err.Error()) || strings.Contains(err.Error(), "\x1b") {
			t.Errorf("%s: %q", name, err)
		}
	}
	broken := errors.New("broken")
	if _, err := ReadNotification(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}

func TestReadNotification_readsNoMoreThanItMay(t *testing.T) {
	t.Parallel()
	endless := &counted{}
	if _, err := ReadNotification(endless); err == nil || endless.n > 2*maxNotification {
		t.Errorf("%d bytes read, error %v", endless.n, err)
	}
}

// counted is a text without end.
type counted struct{ n int }

func (c *counted) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = ' '
	}
	c.n += len(b)
	return len(b), nil
}

func TestNotificationKey(t *testing.T) {
	t.Parallel()
	const order = `{"notification_type":"Transaction","order_id":"1","merchant_order_id":"R1","state":"AUTHORIZED","order_amount":"100"`
	keys := map[string]string{}
	for _, doc := range []string{
		order + `}`,
		strings.Replace(order, "AUTHORIZED", "COMPLETED", 1) + `}`,
		strings.Replace(order, `"1"`, `"2"`, 1) + `}`,
		strings.Replace(order, `"R1"`, `""`, 1) + `}`,
		strings.Replace(order, `"100"`, `"200"`, 1) + `}`,
		order + `,"reauth_request_id":"A"}`,
		order + `,"confirmation_expires_at":"2026-04-01T00:00:00Z"}`,
		`{"notification_type":"customer.authorization.revoked","notification_id":"a","referenceId":"1"}`,
		`{"notification_type":"customer.authorization.revoked","notification_id":"b","referenceId":"1"}`,
		`{"notification_type":"customer.authorization.extended","notification_id":"a","referenceId":"1"}`,
		`{"notification_type":"customer.authorization.revoked","referenceId":"1"}`,
		`{"notification_type":"customer.authorization.revoked","referenceId":"2"}`,
		`{"notification_type":"X","a":1}`,
		`{"notification_type":"X","a":2}`,
	} {
		key := readNotification(t, doc).Key()
		if other, ok := keys[key]; ok {
			t.Errorf("the same key for %s and %s", doc, other)
		}
		keys[key] = doc
	}
	for _, again := range []string{
		order + ` }`,
		strings.Replace(order, `"100"`, `100`, 1) + `}`,
		`{"state":"AUTHORIZED","order_amount":"100","order_id":"1","merchant_order_id":"R1","sent":2,"notification_type":"Transaction"}`,
		`{"notification_type":"customer.authorization.revoked","notification_id":"a","referenceId":"1","sent":2}`,
		`{"notification_type":"X", "a":1}`,
	} {
		if _, ok := keys[readNotification(t, again).Key()]; !ok {
			t.Errorf("another key for %s", again)
		}
	}
}

func TestSentFrom(t *testing.T) {
	t.Parallel()
	allowed := append(ProductionSenders(), netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("2001:db8::/32"))
	for address, want := range map[string]bool{
		"52.68.128.8:443":          true,
		"52.68.128.8":              true,
		"[::ffff:52.68.128.8]:443": true,
		"10.1.255.1:1":             true,
		"[2001:db8::1]:443":        true,
		"2001:db8::1":              true,
		"52.68.128.9:443":          false,
		"10.2.0.1:1":               false,
		"13.112.237.64:443":        false, // of the sandbox
		"[::1]:443":                false,
		"":                         false,
		"@":                        false,
		"localhost:80":             false,
		"52.68.128.8, 52.68.128.8": false,
		"52.68.128.8:443:443":      false,
		"052.68.128.8:443":         false,
		"[2001:db8::1%eth0]:443":   false,
	} {
		if got := SentFrom(address, allowed); got != want {
			t.Errorf("%q: %t", address, got)
		}
	}
	if SentFrom("52.68.128.8:443", nil) {
		t.Error("nobody is allowed")
	}
	if !SentFrom("13.112.237.64:443", SandboxSenders()) {
		t.Error("the sandbox is not")
	}
}

// FuzzReadNotification holds that no body makes the parser panic, and that one
// that is taken says each thing once, has one meaning at most, one key, and no
// other order, state and amount than stand in it.
func FuzzReadNotification(f *testing.F) {
	files, err := filepath.Glob("testdata/notifications/*.json")
	if err != nil || len(files) == 0 {
		f.Fatal(files, err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	f.Add(`{"notification_type":"X","\u004e":1e999}`)
	f.Fuzz(func(t *testing.T, doc string) {
		n, err := ReadNotification(strings.NewReader(doc))
		if err != nil {
			if n.Type != "" || n.Raw != nil || !utf8.ValidString(err.Error()) || strings.ContainsFunc(err.Error(), unicode.IsControl) {
				t.Errorf("%+v beside %q", n, err)
			}
			return
		}
		saysOnce(t, []byte(doc))
		plain := plainly(t, []byte(doc))
		meanings := 0
		for _, has := range []bool{n.Transaction != nil, n.Customer != nil, n.File != nil} {
			if has {
				meanings++
			}
		}
		if !isToken(n.Type) || plain["notification_type"] != n.Type || meanings > 1 {
			t.Errorf("%+v from %s", n, doc)
		}
		if e := n.Transaction; e != nil {
			order, _ := plain["order_id"].(string)
			own, _ := plain["merchant_order_id"].(string)
			if e.PaymentID != order || e.MerchantPaymentID != own || order+own == "" || plain["state"] != string(e.State) || e.State == "" {
				t.Errorf("%+v from %s", e, doc)
			}
			if amount := looselyYen(t, plain["order_amount"]); e.Amount != amount || amount < 0 || amount > maxAmount || e.PaidAt < 0 {
				t.Errorf("%+v, not %d yen, from %s", e, amount, doc)
			}
		}
		if e := n.File; e != nil && !strings.HasPrefix(strings.ToLower(e.Path), "https://") && !strings.HasPrefix(strings.ToLower(e.Path), "http://") {
			t.Errorf("%+v from %s", e, doc)
		}
		again, err := ReadNotification(io.MultiReader(strings.NewReader(string(n.Raw)), strings.NewReader("\n")))
		if err != nil || again.Key() != n.Key() {
			t.Errorf("raw %s of %s: %v", n.Raw, doc, err)
		}
		if d := cmp.Diff(n, again, cmpopts.IgnoreUnexported(Notification{})); d != "" {
			t.Errorf("raw %s of %s: %s", n.Raw, doc, d)
		}
	})
}

// looselyYen is an amount that is a text or a number.
func looselyYen(t *testing.T, value any) int64 {
	t.Helper()
	text, _ := value.(string)
	if number, ok := value.(json.Number); ok {
		text = number.String()
	}
	if text == "" && (value == nil || value == "") {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Errorf("taken, but %v is not whole yen", value)
	}
	return n
}
