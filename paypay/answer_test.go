package paypay

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// paid is the body of an answer that says that the order was paid, with one
// more text put into the data and one after it.
func paid(inside, after string) string {
	return `{"resultInfo":{"code":"SUCCESS","message":"","codeId":"08100001"},"data":{` + inside +
		`"status":"COMPLETED","paymentId":"1","merchantPaymentId":"R1-0001","amount":{"amount":1280,"currency":"JPY"}}` + after
}

func TestCodePayment_strictJSON(t *testing.T) {
	t.Parallel()
	ok := map[string]string{
		"plain":                     paid("", "}"),
		"space around":              " \r\n\t" + paid("", "}") + "\n",
		"unknown keys":              paid(`"a":{"b":[1,2.5,null,true,"x"]},"新":1e999,`, `,"new":[]}`),
		"equal apart":               paid(`"a":{"x":1},"b":{"x":2},"c":[{"x":1},{"x":2}],`, "}"),
		"key of another place":      paid(`"campaign":{"Status":"X","AMOUNT":1,"resultinfo":{"Code":"X"}},"POINTS":1,"Code":"X",`, `,"MerchantPaymentID":"x"}`),
		"unknown keys of two cases": paid("\"meta\":{\"a\":1,\"A\":2,\"k\":3,\"\u212a\":4},\"b\":1,\"B\":2,", "}"),
		"nested enough":             paid(`"a":`+strings.Repeat("[", 25)+strings.Repeat("]", 25)+`,`, "}"),
	}
	for name, body := range ok {
		if _, err := serve(t, answering(200, body)).CodePayment(t.Context(), "R1-0001"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, body := range map[string]string{
		"key twice":               paid(`"status":"CREATED",`, "}"),
		"key twice among space":   "\r\n" + paid("\r\n\t \"status\" \r:\r \"CREATED\" \r,", "}"),
		"key twice by escape":     paid(`"\u0073tatus":"CREATED",`, "}"),
		"envelope in two cases":   paid("", `,"Data":null}`),
		"result in two cases":     strings.Replace(paid("", "}"), `"code"`, `"Code":"SUCCESS","code"`, 1),
		"result in another case":  strings.Replace(paid("", "}"), `"resultInfo"`, `"ResultInfo"`, 1),
		"unknown key twice":       paid(`"a":1,"a":1,`, "}"),
		"unknown key twice below": paid(`"a":[{"b":{"c":1,"c":2}}],`, "}"),
		"text after":              paid("", "}") + "x",
		"document after":          paid("", "}") + paid("", "}"),
		"byte order mark":         "\ufeff" + paid("", "}"),
		"UTF-16":                  "\xff\xfe{\x00}\x00",
		"invalid UTF-8":           paid("\"a\":\"\xff\",", "}"),
		"cut":                     paid("", ""),
		"nested too deeply":       paid(`"a":`+strings.Repeat("[", 40)+strings.Repeat("]", 40)+`,`, "}"),
		"nested without end":      paid(`"a":`+strings.Repeat("[", 100_000), ""),
		"no result":               `{"data":{}}`,
		"result null":             `{"resultInfo":null,"data":{}}`,
		"result a text":           `{"resultInfo":"SUCCESS","data":{}}`,
		"no code":                 `{"resultInfo":{"message":"","codeId":"08100001"},"data":{}}`,
		"code empty":              `{"resultInfo":{"code":"","codeId":"08100001"},"data":{}}`,
		"code with an escape":     `{"resultInfo":{"code":"\u001b[2J","codeId":"08100001"},"data":{}}`,
		"code id with an escape":  `{"resultInfo":{"code":"X","codeId":"\u001b[2J"},"data":{}}`,
		"code id a number":        `{"resultInfo":{"code":"SUCCESS","codeId":8100001},"data":{}}`,
		"a list":                  `[]`,
	} {
		// A refusal that cannot be read is no refusal either.
		refusal := strings.ReplaceAll(body, `"SUCCESS"`, `"DYNAMIC_QR_PAYMENT_NOT_FOUND"`)
		for status, body := range map[int]string{200: body, 400: refusal} {
			got, err := serve(t, answering(status, body)).CodePayment(t.Context(), "R1-0001")
			if e, ok := errors.AsType[*Error](err); !ok || e.Class != Unknown || e.Err == nil || e.Status != status || e.Code != "" {
				t.Errorf("%s: payment %+v, error %v", name, got, err)
			}
		}
	}
	for name, body := range map[string]string{
		"key in two cases":       paid(`"Status":"CREATED",`, "}"),
		"key with a long s":      paid(`"ſtatus":"CREATED",`, "}"),
		"key with a Kelvin sign": paid("\"paymentMethods\":[{\"brea\u212adown\":{}}],", "}"),
		"known key below":        paid(`"refunds":{"data":[{"Status":"REFUNDED"}]},`, "}"),
		"key in another case":    strings.Replace(paid("", "}"), `"status"`, `"STATUS"`, 1),
		"amount in another case": strings.Replace(paid("", "}"), `{"amount"`, `{"Amount"`, 1),
		"status a number":        strings.Replace(paid("", "}"), `"COMPLETED"`, `1`, 1),
		"payment id a number":    strings.Replace(paid("", "}"), `"paymentId":"1"`, `"paymentId":1`, 1),
		"amount a text":          strings.Replace(paid("", "}"), `1280`, `"1280"`, 1),
		"amount a float":         strings.Replace(paid("", "}"), `1280`, `1280.0`, 1),
		"amount an exponent":     strings.Replace(paid("", "}"), `1280`, `128e1`, 1),
		"amount too large":       strings.Replace(paid("", "}"), `1280`, `9223372036854775808`, 1),
		"time a float":           paid(`"acceptedAt":1.5,`, "}"),
		"data a list":            `{"resultInfo":{"code":"SUCCESS","message":"","codeId":"08100001"},"data":[]}`,
		"data a text":            `{"resultInfo":{"code":"SUCCESS","message":"","codeId":"08100001"},"data":"COMPLETED"}`,
	} {
		got, err := serve(t, answering(200, body)).CodePayment(t.Context(), "R1-0001")
		if e, ok := errors.AsType[*Error](err); !ok || e.Class != Unknown || e.Err == nil || e.RequestID != testRequestID {
			t.Errorf("%s: payment %+v, error %v", name, got, err)
		}
	}
}

func TestRequestID(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"OPA0123-abc": "OPA0123-abc", "": "", "\x1b[2J": "", "a b": "", strings.Repeat("a", 65): "",
	} {
		if got := requestID(http.Header{"X-Request-Id": {in}}); got != want {
			t.Errorf("%q gives %q", in, got)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)
	later := func(d time.Duration) string { return now.Add(d).Format(http.TimeFormat) }
	tests := []struct {
		after, date string
		want        time.Duration
	}{
		{"", "", 0},
		{"0", "", 0},
		{"3", "", 3 * time.Second},
		{"7200", "", 5 * time.Minute},
		{"99999999999999999999999", "", 5 * time.Minute},
		{"9223372036854775807", "", 5 * time.Minute},
		{"-3", "", 0},
		{"soon", "", 0},
		{"1.5", "", 0},
		{later(20 * time.Second), "", 20 * time.Second},
		{later(-20 * time.Second), "", 0},
		{later(48 * time.Hour), "", 5 * time.Minute},
		{later(time.Hour + 20*time.Second), later(time.Hour), 20 * time.Second},
		{later(20 * time.Second), "yesterday", 20 * time.Second},
	}
	for _, tt := range tests {
		h := http.Header{"Retry-After": {tt.after}, "Date": {tt.date}}
		if got := retryAfter(h, now); got != tt.want {
			t.Errorf("Retry-After %q, Date %q: %s, want %s", tt.after, tt.date, got, tt.want)
		}
	}
}

// FuzzAnswer holds that no body makes the client panic, that one that is
// believed says each thing once and no other money than stands in it, and that
// only what PayPay's tables say is ever taken for a no.
func FuzzAnswer(f *testing.F) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		if len(b) < 4096 {
			f.Add(200, b)
		}
	}
	f.Add(200, []byte(paid("", "}")))
	f.Add(200, []byte(paid(`"refunds":{"data":[{"status":"REFUNDED","amount":{"amount":80,"currency":"JPY"}}]},`, "}")))
	f.Add(400, []byte(paid(`"Status":"",`, "}")))
	f.Add(200, []byte(paid(`"ſtatus":"",`, "}")))
	f.Add(503, []byte("<html>"))
	for r := range Results() {
		f.Add(r.Status, fmt.Appendf(nil, `{"resultInfo":{"code":%q,"message":"","codeId":%q},"data":null}`, r.Code, r.CodeID))
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		a, err := readAnswer(&http.Response{StatusCode: status, Body: io.NopCloser(bytes.NewReader(body))}, time.Now())
		if err != nil {
			if a.info.Code != "" || a.data != nil {
				t.Errorf("answer %+v beside %v", a, err)
			}
			if strings.HasSuffix(err.Error(), "stands twice") {
				if _, ok := repeatedKey(t, body); !ok {
					t.Errorf("%v: %s", err, body)
				}
			}
			return
		}
		saysOnce(t, body)
		for _, op := range ops {
			saysNoByTheTables(t, op, a)
		}
		decodesOrNot[Code](t, a)
		decodesOrNot[Refund](t, a)
		decodesOrNot[Revert](t, a)
		decodesOrNot[Reauthorization](t, a)
		decodesOrNot[ConsentPage](t, a)
		decodesOrNot[PendingPayment](t, a)
		decodesOrNot[Authorization](t, a)
		decodesOrNot[PaymentMethods](t, a)
		decodesOrNot[Cashback](t, a)
		decodesOrNot[CashbackReversal](t, a)
		p, err := decodeData[Payment](a)
		if err != nil || p.checkAgainst("R1-0001") != nil {
			return
		}
		plain := plainly(t, body)["data"]
		for field, got := range map[string]string{
			"status": string(p.Status), "merchantPaymentId": "R1-0001", "paymentId": p.PaymentID,
		} {
			if want, _ := at(plain, field).(string); got != want {
				t.Errorf("%s %q read from %s", field, got, body)
			}
		}
		if want := yenAt(t, plain, "amount", "amount"); p.Amount.Amount != want {
			t.Errorf("%d yen, not %d, read from %s", p.Amount.Amount, want, body)
		}
		var back int64
		refunds, _ := at(plain, "refunds", "data").([]any)
		for _, r := range refunds {
			if at(r, "status") != "REFUND_FAILED" {
				back += yenAt(t, r, "amount", "amount")
			}
		}
		if p.Refunded() != back || back < 0 {
			t.Errorf("%d yen given back, not %d, read from %s", p.Refunded(), back, body)
		}
		if d := cmp.Diff(plain, plainly(t, compact(a.data))); d != "" {
			t.Errorf("raw: %s", d)
		}
	})
}

// saysNoByTheTables holds that an answer is taken for one that moved no money
// only where a line of PayPay's tables or HTTP itself says so.
func saysNoByTheTables(t *testing.T, op Op, a answer) {
	t.Helper()
	class := classify(op, a)
	if class == Unsent {
		t.Errorf("%s: %+v came from nowhere", op, a)
	}
	if class.MoneyMayHaveMoved() || class == Bug && a.status == 401 || class == Retry && a.status == 429 {
		return
	}
	for r := range Results() {
		if r.Class == class && r.Code == a.info.Code && (r.Op == "" || r.Op == op) && r.Status/100 == a.status/100 {
			return
		}
	}
	t.Errorf("%s: %+v is taken for %s", op, a, class)
}

// plainly is what a document says to somebody who looks for nothing special in
// it.
func plainly(t *testing.T, doc []byte) map[string]any {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(doc))
	dec.UseNumber()
	var object map[string]any
	if err := dec.Decode(&object); err != nil {
		t.Fatalf("believed, but %v: %s", err, doc)
	}
	return object
}

// at is what stands under some keys, or nil.
func at(doc any, keys ...string) any {
	for _, key := range keys {
		object, _ := doc.(map[string]any)
		doc = object[key]
	}
	return doc
}

func yenAt(t *testing.T, doc any, keys ...string) int64 {
	t.Helper()
	number, ok := at(doc, keys...).(json.Number)
	if !ok {
		return 0
	}
	n, err := number.Int64()
	if err != nil {
		t.Fatalf("believed, but %s is not whole yen", number)
	}
	return n
}

// decodesOrNot holds that data is decoded wholly or not at all.
func decodesOrNot[T any](t *testing.T, a answer) {
	t.Helper()
	var none T
	if got, err := decodeData[T](a); err != nil && !cmp.Equal(got, none) {
		t.Errorf("%+v beside %v", got, err)
	}
}

// saysOnce holds that no object in a document has a key twice.
func saysOnce(t *testing.T, doc []byte) {
	t.Helper()
	if key, ok := repeatedKey(t, doc); ok {
		t.Fatalf("believed, but %q stands twice: %s", key, doc)
	}
}

// repeatedKey finds a key that an object has twice, by the tokens of encoding/json.
func repeatedKey(t *testing.T, doc []byte) (string, bool) {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(doc))
	dec.UseNumber()
	type object struct {
		keys  []string
		value bool // the next token is a value
		list  bool
	}
	var open []object
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return "", false
		}
		if err != nil {
			t.Fatalf("%v: %s", err, doc)
		}
		last := len(open) - 1
		if last >= 0 && !open[last].list && !open[last].value && token != json.Delim('}') {
			key, _ := token.(string)
			if slices.Contains(open[last].keys, key) {
				return key, true
			}
			open[last].keys = append(open[last].keys, key)
			open[last].value = true
			continue
		}
		if last >= 0 {
			open[last].value = false
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			open = append(open, object{list: token == json.Delim('[')})
		case json.Delim('}'), json.Delim(']'):
			open = open[:last]
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	doc := []byte(testdata(b, "code-payment-completed.json"))
	b.ReportAllocs()
	for b.Loop() {
		a, err := readAnswer(&http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(bytes.NewReader(doc))}, time.Time{})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := decodeData[Payment](a); err != nil {
			b.Fatal(err)
		}
	}
}
