package paypay

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const testRequestID = "OPA0123456789ABCDEF0123456789ABCDEF"

// order is the request that testdata/create-code.json answers.
func order() CodeRequest {
	return CodeRequest{
		MerchantPaymentID: "R1-0001",
		Amount:            Yen(1280),
		OrderDescription:  "むね堂 お会計",
		StoreID:           "STORE-01",
		TerminalID:        "REG-2",
		RequestedAt:       1760000120,
	}
}

func testdata(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// sent is what a server saw of one request.
type sent struct {
	method, path, body string
	header             http.Header
}

func recording(into *sent, h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		*into = sent{r.Method, r.URL.RequestURI(), string(b), r.Header}
		h(w, r)
	}
}

func TestCreateCode(t *testing.T) {
	t.Parallel()
	var s sent
	c := serve(t, recording(&s, answering(201, testdata(t, "create-code.json"))))
	got, err := c.CreateCode(t.Context(), order())
	if err != nil {
		t.Fatal(err)
	}
	want := Code{
		CodeID:            "04-Zx3kQ9sLw7TbV2nM",
		URL:               "https://qr-stg.sandbox.paypay.ne.jp/28180104Zx3kQ9sLw7TbV2nM",
		Deeplink:          "paypay://payment?link_key=https%3A%2F%2Fqr-stg.sandbox.paypay.ne.jp%2F28180104Zx3kQ9sLw7TbV2nM",
		ExpiryDate:        1760000421,
		MerchantPaymentID: "R1-0001",
		Amount:            Money{1280, "JPY"},
		OrderDescription:  "むね堂 お会計",
		CodeType:          "ORDER_QR",
		StoreID:           "STORE-01",
		TerminalID:        "REG-2",
		RequestedAt:       1760000120,
		RequestID:         testRequestID,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	const body = `{"merchantPaymentId":"R1-0001","amount":{"amount":1280,"currency":"JPY"},` +
		`"orderDescription":"むね堂 お会計","storeId":"STORE-01","terminalId":"REG-2","requestedAt":1760000120,"codeType":"ORDER_QR"}`
	if s.method != "POST" || s.path != "/v2/codes" || s.body != body {
		t.Errorf("sent %s %s %s", s.method, s.path, s.body)
	}
	if s.header.Get("Content-Type") != "application/json" || s.header.Get("X-Assume-Merchant") != canaryID {
		t.Errorf("sent %v", s.header)
	}
	checkSignature(t, s)
}

func TestCreateCode_requestedNow(t *testing.T) {
	t.Parallel()
	var s sent
	c := serve(t, recording(&s, answering(201, testdata(t, "create-code.json"))))
	r := order()
	r.RequestedAt = 0
	if _, err := c.CreateCode(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	var body struct {
		RequestedAt int64 `json:"requestedAt"`
	}
	if err := json.Unmarshal([]byte(s.body), &body); err != nil || body.RequestedAt < 1.7e9 {
		t.Errorf("sent %s", s.body)
	}
}

func TestCreateCode_anotherCodeThanAsked(t *testing.T) {
	t.Parallel()
	good := testdata(t, "create-code.json")
	for name, edit := range map[string][2]string{
		"other id":         {`"merchantPaymentId": "R1-0001"`, `"merchantPaymentId": "R1-0002"`},
		"no id":            {`"merchantPaymentId": "R1-0001",`, ``},
		"other amount":     {`"amount": 1280`, `"amount": 1281`},
		"no amount":        {`"amount": {"amount": 1280, "currency": "JPY"}`, `"amount": null`},
		"other currency":   {`"JPY"`, `"USD"`},
		"currency in case": {`"JPY"`, `"jpy"`},
		"no code id":       {`"codeId": "04-Zx3kQ9sLw7TbV2nM",`, ``},
		"empty code id":    {`"04-Zx3kQ9sLw7TbV2nM"`, `""`},
		"unusable code id": {`"04-Zx3kQ9sLw7TbV2nM"`, `"../payments/x"`},
		"no url":           {`"url"`, `"other"`},
		"no expiry":        {`"expiryDate": 1760000421`, `"expiryDate": null`},
		"expiry zero":      {`1760000421`, `0`},
		"negative expiry":  {`1760000421`, `-1760000421`},
		"expiry in ms":     {`1760000421`, `1760000421000`},
		"expiry for ever":  {`1760000421`, `9223372036854775807`},
		"expiry of a span": {`1760000421`, `300`},
		"url of no page":   {`"url": "https:`, `"url": "javascript:`},
		"url with control": {`"url": "https://`, `"url": "https://\u001b[2J`},
		"url with space":   {`"url": "https://`, `"url": "https://a/b c`},
		"deeplink control": {`"deeplink": "`, `"deeplink": "\u001b[2J`},
		"amount held":      {`"isAuthorization": false`, `"isAuthorization": true`},
		"requested in ms":  {`"requestedAt": 1760000120`, `"requestedAt": 1760000120000`},
		"hold end in ms":   {`"authorizationExpiry": null`, `"authorizationExpiry": 1760000120000`},
		"no data":          {`"data": {`, `"other": {`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := strings.Replace(good, edit[0], edit[1], 1)
			if body == good {
				t.Fatal("the edit changes nothing")
			}
			got, err := serve(t, answering(201, body)).CreateCode(t.Context(), order())
			e, ok := errors.AsType[*Error](err)
			if !ok || e.Class != Unknown || !errors.Is(err, ErrMismatch) || e.Status != 201 || e.RequestID != testRequestID || e.Code != Success {
				t.Errorf("error %v", err)
			}
			if !cmp.Equal(got, Code{}) {
				t.Errorf("code %+v beside an error", got)
			}
		})
	}
}

// Nothing that PayPay would refuse leaves the machine.
func TestCall_refusedBeforeSending(t *testing.T) {
	t.Parallel()
	c := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	create := func(change func(*CodeRequest)) error {
		r := order()
		change(&r)
		_, err := c.CreateCode(t.Context(), r)
		return err
	}
	errs := map[string]error{
		"no yen":              create(func(r *CodeRequest) { r.Amount = Yen(0) }),
		"negative":            create(func(r *CodeRequest) { r.Amount = Yen(-1) }),
		"12 digits":           create(func(r *CodeRequest) { r.Amount = Yen(100_000_000_000) }),
		"dollars":             create(func(r *CodeRequest) { r.Amount.Currency = "USD" }),
		"no currency":         create(func(r *CodeRequest) { r.Amount.Currency = "" }),
		"milliseconds":        create(func(r *CodeRequest) { r.RequestedAt = 1760000120000 }),
		"before the epoch":    create(func(r *CodeRequest) { r.RequestedAt = -1 }),
		"long text":           create(func(r *CodeRequest) { r.OrderDescription = strings.Repeat("餅", 256) }),
		"text in Shift_JIS":   create(func(r *CodeRequest) { r.StoreInfo = "\x96\xdd" }),
		"long store id":       create(func(r *CodeRequest) { r.StoreID = strings.Repeat("s", 256) }),
		"long terminal id":    create(func(r *CodeRequest) { r.TerminalID = strings.Repeat("s", 256) }),
		"not an IP address":   create(func(r *CodeRequest) { r.IPAddress = "fe80::1%eth0" }),
		"expiry of nothing":   create(func(r *CodeRequest) { r.AuthorizationExpiry = 1760000120 }),
		"expiry in ms":        create(func(r *CodeRequest) { r.IsAuthorization, r.AuthorizationExpiry = true, 1760000120000 }),
		"long address":        create(func(r *CodeRequest) { r.RedirectURL = strings.Repeat("u", 256) }),
		"id of 65":            create(func(r *CodeRequest) { r.MerchantPaymentID = strings.Repeat("a", 65) }),
		"no id to delete":     c.DeleteCode(t.Context(), ""),
		"path to delete":      c.DeleteCode(t.Context(), "../payments/R1-0001"),
		"id to cancel":        c.CancelPayment(t.Context(), "R1 0001"),
		"query to cancel":     c.CancelPayment(t.Context(), "R1?assumeMerchant=2"),
		"id of another width": c.CancelPayment(t.Context(), "Ｒ１"),
	}
	_, errs["id to look up"] = c.CodePayment(t.Context(), "R1%2F1")
	for name, err := range errs {
		e, ok := errors.AsType[*Error](err)
		if !ok || e.Class != Bug || e.Err == nil || e.Status != 0 {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestCreateCode_limitsAreInside(t *testing.T) {
	t.Parallel()
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		answering(201, `{"resultInfo":{"code":"SUCCESS","message":"","codeId":"08100001"},"data":{"codeId":"c","url":"https://u","expiryDate":1760000421,`+string(b[1:])+`}`)(w, r)
	})
	for _, r := range []CodeRequest{
		{MerchantPaymentID: "a", Amount: Yen(1)},
		{
			MerchantPaymentID: strings.Repeat("Z-_9", 16), Amount: Yen(99_999_999_999),
			OrderDescription: strings.Repeat("餅", 255), StoreInfo: "<&>\u2028", RequestedAt: 99_999_999_999,
		},
	} {
		if _, err := c.CreateCode(t.Context(), r); err != nil {
			t.Errorf("%+v: %v", r, err)
		}
	}
}

func TestDeleteCode(t *testing.T) {
	t.Parallel()
	var s sent
	c := serve(t, recording(&s, answering(200, testdata(t, "delete-code.json"))))
	if err := c.DeleteCode(t.Context(), "04-Zx3kQ9sLw7TbV2nM"); err != nil {
		t.Fatal(err)
	}
	if s.method != "DELETE" || s.path != "/v2/codes/04-Zx3kQ9sLw7TbV2nM" || s.body != "" || s.header.Get("Content-Type") != "" {
		t.Errorf("sent %+v", s)
	}
	checkSignature(t, s)
}

func TestDeleteCode_notDeleted(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"another state": `{"resultInfo":{"code":"SUCCESS","message":"","codeId":"08100001"},"data":{"qrStatus":"PAID"}}`,
		"only accepted": `{"resultInfo":{"code":"REQUEST_ACCEPTED","message":"","codeId":"08100001"},"data":null}`,
	} {
		if err := serve(t, answering(200, body)).DeleteCode(t.Context(), "c"); err == nil || ClassOf(err) != Unknown {
			t.Errorf("%s: error %v", name, err)
		}
	}
	// The data is a courtesy; SUCCESS is the answer.
	body := `{"resultInfo":{"code":"SUCCESS","message":"","codeId":"08100001"},"data":null}`
	if err := serve(t, answering(200, body)).DeleteCode(t.Context(), "c"); err != nil {
		t.Errorf("without data: %v", err)
	}
}

func TestCodePayment_created(t *testing.T) {
	t.Parallel()
	var s sent
	c := serve(t, recording(&s, answering(200, testdata(t, "code-payment-created.json"))))
	got, err := c.CodePayment(t.Context(), "R1-0001")
	if err != nil {
		t.Fatal(err)
	}
	got.Raw = nil
	want := Payment{Status: StatusCreated, MerchantPaymentID: "R1-0001", Amount: Yen(1280), RequestID: testRequestID}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if s.method != "GET" || s.path != "/v2/codes/payments/R1-0001" || s.body != "" {
		t.Errorf("sent %+v", s)
	}
	checkSignature(t, s)
}

func TestCodePayment_completed(t *testing.T) {
	t.Parallel()
	doc := testdata(t, "code-payment-completed.json")
	got, err := serve(t, answering(200, doc)).CodePayment(t.Context(), "R1-0001")
	if err != nil {
		t.Fatal(err)
	}
	raw := string(got.Raw)
	got.Raw = nil
	want := Payment{
		PaymentID:         "04591234567890123456",
		Status:            StatusCompleted,
		AcceptedAt:        1760000160,
		MerchantPaymentID: "R1-0001",
		Amount:            Yen(1280),
		RequestedAt:       1760000120,
		StoreID:           "STORE-01",
		TerminalID:        "REG-2",
		OrderDescription:  "むね堂 お会計",
		PaymentMethods: []PaymentMethod{
			{Amount: Yen(1180), Type: "WALLET"},
			{Yen(100), "POINT", Breakdown{[]Points{{100, "REGULAR"}}}},
		},
		Refunds:   Refunds{[]Refund{}},
		RequestID: testRequestID,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if !strings.HasPrefix(raw, `{"paymentId":"04591234567890123456","status":"COMPLETED",`) ||
		!strings.HasSuffix(raw, `"somethingNew":{"of":["next",1e400]}}`) || strings.Contains(raw, "resultInfo") {
		t.Errorf("raw is %s", raw)
	}
}

// Values that PayPay adds one day reach the caller as they are.
func TestCodePayment_unknownValuesSurvive(t *testing.T) {
	t.Parallel()
	doc := strings.NewReplacer(`"COMPLETED"`, `"HALF_PAID"`, `"POINT"`, `"SEASHELLS"`).Replace(testdata(t, "code-payment-completed.json"))
	got, err := serve(t, answering(200, doc)).CodePayment(t.Context(), "R1-0001")
	if err != nil || got.Status != "HALF_PAID" || got.PaymentMethods[1].Type != "SEASHELLS" {
		t.Errorf("payment %+v, error %v", got, err)
	}
}

// A hold that was asked for and is none would take the money at once.
func TestCreateCode_holdThatIsNone(t *testing.T) {
	t.Parallel()
	r := order()
	r.IsAuthorization = true
	_, err := serve(t, answering(201, testdata(t, "create-code.json"))).CreateCode(t.Context(), r)
	if ClassOf(err) != Unknown || !errors.Is(err, ErrMismatch) {
		t.Errorf("error %v", err)
	}
}

func TestCodePayment_withoutAmount(t *testing.T) {
	t.Parallel()
	doc := strings.Replace(testdata(t, "code-payment-created.json"), `{"amount": 1280, "currency": "JPY"}`, "null", 1)
	got, err := serve(t, answering(200, doc)).CodePayment(t.Context(), "R1-0001")
	if err != nil || got.Amount != (Money{}) {
		t.Errorf("payment %+v, error %v", got, err)
	}
}

func TestCodePayment_cannotBe(t *testing.T) {
	t.Parallel()
	good := testdata(t, "code-payment-completed.json")
	for name, edit := range map[string][2]string{
		"another order":       {`"merchantPaymentId": "R1-0001"`, `"merchantPaymentId": "R1-0002"`},
		"no order":            {`"merchantPaymentId": "R1-0001"`, `"merchantPaymentId": null`},
		"no status":           {`"status": "COMPLETED"`, `"status": null`},
		"dollars":             {`{"amount": 1280, "currency": "JPY"}`, `{"amount": 1280, "currency": "USD"}`},
		"no currency":         {`{"amount": 1280, "currency": "JPY"}`, `{"amount": 1280}`},
		"negative":            {`"amount": 1280`, `"amount": -1280`},
		"paid without number": {`"paymentId": "04591234567890123456"`, `"paymentId": null`},
		"nothing":             {`"data": {`, `"other": {`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc := strings.Replace(good, edit[0], edit[1], 1)
			if doc == good {
				t.Fatal("the edit changes nothing")
			}
			got, err := serve(t, answering(200, doc)).CodePayment(t.Context(), "R1-0001")
			if ClassOf(err) != Unknown || !errors.Is(err, ErrMismatch) {
				t.Errorf("payment %+v, error %v", got, err)
			}
		})
	}
}

func TestCancelPayment(t *testing.T) {
	t.Parallel()
	var s sent
	c := serve(t, recording(&s, answering(202, testdata(t, "cancel-payment.json"))))
	if err := c.CancelPayment(t.Context(), "R1-0001"); err != nil {
		t.Fatal(err)
	}
	if s.method != "DELETE" || s.path != "/v2/payments/R1-0001" || s.body != "" {
		t.Errorf("sent %+v", s)
	}
	checkSignature(t, s)
}
