package paypay

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// wholePayment is testdata/payment.json.
func wholePayment() Payment {
	return Payment{
		PaymentID: paymentID, Status: StatusCompleted, AcceptedAt: 1760001000, AuthorizedAt: 1760000160,
		MerchantPaymentID: "R1-0001", UserAuthorizationID: "0f3c8a52-6a1e-4a39-9b52-2f7f0d1b7c11",
		Amount: Yen(1280), RequestedAt: 1760000120, ExpiresAt: 1762592120, CanceledAt: 1760000700,
		StoreID: "STORE-01", TerminalID: "REG-2", OrderReceiptNumber: "000123", OrderDescription: "むね堂 お会計",
		OrderItems: []OrderItem{{"どら焼き", "和菓子", 4, "4901234567894", Yen(320)}},
		PaymentMethods: []PaymentMethod{
			{Amount: Yen(1180), Type: "WALLET"},
			{Yen(100), "POINT", Breakdown{[]Points{{100, "REGULAR"}}}},
		},
		AssumeMerchant: "418901234567890123",
		Refunds: Refunds{[]Refund{{
			Status: RefundDone, AcceptedAt: 1760003700, MerchantRefundID: "R1-0001-R1", PaymentID: paymentID,
			Amount: Yen(280), RequestedAt: 1760003600, Reason: "一部返品",
		}}},
		Captures: Captures{[]Capture{{
			1760001000, "C1", Yen(1000), "むね堂 お会計", 1760000990, 1760022590, CaptureCompleted,
		}}},
		Revert:    &Revert{AcceptedAt: 1760000500, MerchantRevertID: "V1", RequestedAt: 1760000490, Reason: "在庫なし"},
		RequestID: testRequestID,
	}
}

// Every field that PayPay documents is read, with unknown ones between them.
func TestPayment(t *testing.T) {
	t.Parallel()
	var s sent
	c := serve(t, recording(&s, answering(200, testdata(t, "payment.json"))))
	for path, lookUp := range map[string]func() (Payment, error){
		"/v2/payments/R1-0001":       func() (Payment, error) { return c.Payment(t.Context(), "R1-0001") },
		"/v2/codes/payments/R1-0001": func() (Payment, error) { return c.CodePayment(t.Context(), "R1-0001") },
	} {
		got, err := lookUp()
		if err != nil {
			t.Fatal(err)
		}
		got.Raw = nil
		if d := cmp.Diff(wholePayment(), got); d != "" {
			t.Error(d)
		}
		if s.method != "GET" || s.path != path || s.body != "" {
			t.Errorf("sent %+v", s)
		}
		checkSignature(t, s)
	}
}

func TestCreateCode_everyField(t *testing.T) {
	t.Parallel()
	var s sent
	c := serve(t, recording(&s, answering(201, testdata(t, "create-code-whole.json"))))
	got, err := c.CreateCode(t.Context(), CodeRequest{
		MerchantPaymentID: "R1-0001", Amount: Yen(1280), OrderDescription: "むね堂 お会計", StoreInfo: "本店", StoreID: "STORE-01",
		TerminalID: "REG-2", RequestedAt: 1760000120, IsAuthorization: true, AuthorizationExpiry: 1762592120,
		ProductType: UtilityBill, IPAddress: "2001:db8::1",
		RedirectURL: "https://shop.example/back", RedirectType: RedirectWeb, UserAgent: "x/1",
	})
	if err != nil {
		t.Fatal(err)
	}
	want := Code{
		CodeID: "04-Zx3kQ9sLw7TbV2nM", URL: "https://qr-stg.sandbox.paypay.ne.jp/28180104Zx3kQ9sLw7TbV2nM",
		Deeplink:   "paypay://payment?link_key=https%3A%2F%2Fqr-stg.sandbox.paypay.ne.jp%2F28180104Zx3kQ9sLw7TbV2nM",
		ExpiryDate: 1760000421, MerchantPaymentID: "R1-0001", Amount: Yen(1280), OrderDescription: "むね堂 お会計",
		CodeType: "ORDER_QR", StoreInfo: "本店", StoreID: "STORE-01", TerminalID: "REG-2", RequestedAt: 1760000120,
		IsAuthorization: true, AuthorizationExpiry: 1762592120, ProductType: UtilityBill,
		RedirectURL: "https://shop.example/back", RedirectType: RedirectWeb,
		OrderItems: []CodeItem{{"どら焼き", "和菓子", 4, "4901234567894", Yen(320)}},
		RequestID:  testRequestID,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	const body = `{"merchantPaymentId":"R1-0001","amount":{"amount":1280,"currency":"JPY"},"orderDescription":"むね堂 お会計",` +
		`"storeInfo":"本店","storeId":"STORE-01","terminalId":"REG-2","requestedAt":1760000120,"isAuthorization":true,` +
		`"authorizationExpiry":1762592120,"productType":"UTILITY_BILL","ipAddress":"2001:db8::1",` +
		`"redirectUrl":"https://shop.example/back","redirectType":"WEB_LINK","userAgent":"x/1","codeType":"ORDER_QR"}`
	if s.body != body {
		t.Errorf("sent %s", s.body)
	}
}

// A refund that is under way is as good as done; one that PayPay gave up is not.
func TestPayment_refunded(t *testing.T) {
	t.Parallel()
	p := Payment{Refunds: Refunds{[]Refund{
		{Status: RefundDone, Amount: Yen(1)},
		{Status: RefundCreated, Amount: Yen(20)},
		{Status: RefundFailed, Amount: Yen(300)},
		{Status: "NEW", Amount: Yen(4000)},
	}}}
	if got := p.Refunded(); got != 4021 {
		t.Errorf("refunded %d", got)
	}
	if got := (Payment{}).Refunded(); got != 0 {
		t.Errorf("refunded %d", got)
	}
}

func TestPayment_cannotBe(t *testing.T) {
	t.Parallel()
	good := testdata(t, "payment.json")
	for name, edit := range map[string][2]string{
		"negative refund":    {`"amount": 280`, `"amount": -280`},
		"enormous refund":    {`"amount": 280`, `"amount": 9223372036854775807`},
		"refund in dollars":  {`"amount": 280,` + "\n            " + `"currency": "JPY"`, `"amount": 280, "currency": "USD"`},
		"refund of nothing":  {`"amount": 280,` + "\n            " + `"currency": "JPY"`, ``},
		"another order":      {`"merchantPaymentId": "R1-0001"`, `"merchantPaymentId": "R1-0002"`},
		"control in status":  {`"status": "COMPLETED",` + "\n    " + `"acceptedAt"`, `"status": "COMPLETED\u001b[2J", "acceptedAt"`},
		"no status":          {`"status": "COMPLETED",` + "\n    " + `"acceptedAt"`, `"acceptedAt"`},
		"space in a number":  {`"04591234567890123456"`, `"../../x y"`},
		"accepted in ms":     {`1760001000`, `1760001000000`},
		"accepted before":    {`1760001000`, `-9000000000000000000`},
		"held in ms":         {`"authorizedAt": 1760000160`, `"authorizedAt": 1760000160000`},
		"too much refunded":  {`"amount": 280`, `"amount": 5000`},
		"refunded twice":     {`"refunds": {` + "\n      " + `"data": [`, `"refunds": {"data": [{"merchantRefundId": "R1-0001-R1", "amount": {"amount": 1, "currency": "JPY"}},`},
		"negative capture":   {`"amount": 1000`, `"amount": -1000`},
		"enormous amount":    {`"amount": 1280`, `"amount": 100000000000`},
		"part in dollars":    {`"paymentMethods": [`, `"paymentMethods": [{"amount": {"amount": 1, "currency": "USD"}},`},
		"no refund's amount": {`"refunds": {`, `"refunds": {"data": [{}]}, "other": {`},
	} {
		doc := strings.Replace(good, edit[0], edit[1], 1)
		if doc == good {
			t.Fatalf("%s: the edit changes nothing", name)
		}
		if p, err := serve(t, answering(200, doc)).Payment(t.Context(), "R1-0001"); ClassOf(err) != Unknown || !errors.Is(err, ErrMismatch) {
			t.Errorf("%s: payment %+v, error %v", name, p, err)
		}
	}
}
