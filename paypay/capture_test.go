package paypay

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// capture is the request that testdata/capture.json answers, with ids for its
// tries.
func capture(ids ...string) CaptureRequest {
	return CaptureRequest{
		MerchantPaymentID: "R1-0001", Amount: Yen(1000), RequestedAt: 1760000990, OrderDescription: "むね堂 お会計",
		NewID: func() string {
			id := ids[0]
			ids = ids[1:]
			return id
		},
	}
}

// reauthorize is the request that testdata/reauthorize.json answers.
func reauthorize() ReauthorizeRequest {
	return ReauthorizeRequest{RequestID: "A1", PaymentID: paymentID, UpdatedAmount: Yen(1000), RequestedAt: 1760000300}
}

func TestCapture(t *testing.T) {
	t.Parallel()
	var s sent
	c := serve(t, recording(&s, answering(200, testdata(t, "capture.json"))))
	got, err := c.Capture(t.Context(), capture("C1"))
	if err != nil {
		t.Fatal(err)
	}
	p, ok := got.Done()
	if !ok || p.Status != StatusCompleted || p.Captures.Data[0].Amount != Yen(1000) || p.RequestID != testRequestID || !json.Valid(p.Raw) {
		t.Errorf("payment %+v", p)
	}
	if page, ok := got.Waits(); ok || page != (ConsentPage{}) {
		t.Errorf("waits at %+v", page)
	}
	const body = `{"merchantPaymentId":"R1-0001","amount":{"amount":1000,"currency":"JPY"},"requestedAt":1760000990,` +
		`"orderDescription":"むね堂 お会計","merchantCaptureId":"C1"}`
	if s.method != "POST" || s.path != "/v2/payments/capture" || s.body != body {
		t.Errorf("sent %s %s %s", s.method, s.path, s.body)
	}
	checkSignature(t, s)
}

func TestCapture_waitsForTheCustomer(t *testing.T) {
	t.Parallel()
	got, err := serve(t, answering(202, testdata(t, "capture-consent.json"))).Capture(t.Context(), capture("C1"))
	if err != nil {
		t.Fatal(err)
	}
	if p, ok := got.Done(); ok || p.Status != "" {
		t.Errorf("done: %+v", p)
	}
	if page, ok := got.Waits(); !ok || page != (ConsentPage{RequestID: testRequestID}) {
		t.Errorf("waits at %+v, %v", page, ok)
	}
}

// A result that was forgotten is not done.
func TestConsent_zero(t *testing.T) {
	t.Parallel()
	var c Consent[Payment]
	if _, ok := c.Done(); ok {
		t.Error("nothing was done")
	}
}

func TestCapture_anotherThanAsked(t *testing.T) {
	t.Parallel()
	good := testdata(t, "capture.json")
	for name, edit := range map[string][2]string{
		"other order":   {`"merchantPaymentId": "R1-0001"`, `"merchantPaymentId": "R1-0002"`},
		"only held":     {`"COMPLETED"`, `"AUTHORIZED"`},
		"other capture": {`"C1"`, `"C9"`},
		"other amount":  {`"amount": 1000`, `"amount": 1001`},
		"no data":       {`"data": {`, `"other": {`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc := strings.Replace(good, edit[0], edit[1], 1)
			if doc == good {
				t.Fatal("the edit changes nothing")
			}
			got, err := serve(t, answering(200, doc)).Capture(t.Context(), capture("C1"))
			if ClassOf(err) != Unknown || !errors.Is(err, ErrMismatch) {
				t.Errorf("result %+v, error %v", got, err)
			}
		})
	}
}

func TestCapture_refusedBeforeSending(t *testing.T) {
	t.Parallel()
	c := serve(t, answering(500, ""))
	for name, change := range map[string]func(*CaptureRequest){
		"no ids":         func(r *CaptureRequest) { r.NewID = nil },
		"bad id":         func(r *CaptureRequest) { r.NewID = func() string { return "a b" } },
		"no order":       func(r *CaptureRequest) { r.MerchantPaymentID = "" },
		"no yen":         func(r *CaptureRequest) { r.Amount = Yen(0) },
		"no description": func(r *CaptureRequest) { r.OrderDescription = "" },
		"milliseconds":   func(r *CaptureRequest) { r.RequestedAt = 1760000120000 },
	} {
		r := capture("C1")
		change(&r)
		if _, err := c.Capture(t.Context(), r); ClassOf(err) != Bug {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestRevert(t *testing.T) {
	t.Parallel()
	var s sent
	c := serve(t, recording(&s, answering(200, testdata(t, "revert.json"))))
	r := RevertRequest{MerchantRevertID: "V1", PaymentID: paymentID, RequestedAt: 1760000490, Reason: "在庫なし"}
	got, err := c.Revert(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	want := Revert{
		Status: StatusCanceled, AcceptedAt: 1760000500, MerchantRevertID: "V1", PaymentID: paymentID,
		RequestedAt: 1760000490, Reason: "在庫なし", RequestID: testRequestID,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	const body = `{"merchantRevertId":"V1","paymentId":"04591234567890123456","requestedAt":1760000490,"reason":"在庫なし"}`
	if s.method != "POST" || s.path != "/v2/payments/preauthorize/revert" || s.body != body {
		t.Errorf("sent %s %s %s", s.method, s.path, s.body)
	}
	checkSignature(t, s)
	for _, edit := range [][2]string{{`"CANCELED"`, `"AUTHORIZED"`}, {paymentID, "1"}, {`"V1"`, `"V2"`}} {
		doc := strings.Replace(testdata(t, "revert.json"), edit[0], edit[1], 1)
		if _, err := serve(t, answering(200, doc)).Revert(t.Context(), r); ClassOf(err) != Unknown || !errors.Is(err, ErrMismatch) {
			t.Errorf("%s: error %v", edit, err)
		}
	}
	r.MerchantRevertID = ""
	if _, err := c.Revert(t.Context(), r); ClassOf(err) != Bug {
		t.Errorf("error %v", err)
	}
}

func TestReauthorize(t *testing.T) {
	t.Parallel()
	var s sent
	c := serve(t, recording(&s, answering(200, testdata(t, "reauthorize.json"))))
	r := reauthorize()
	r.MerchantComment, r.RedirectURL, r.RedirectType, r.UserAgent = "追加分", "https://shop.example/", RedirectWeb, "x/1"
	got, err := c.Reauthorize(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	v, ok := got.Done()
	want := Reauthorization{
		ReauthorizeID: "A1", PaymentID: paymentID, UpdatedAmount: Yen(1000), RequestedAt: 1760000300,
		AcceptedAt: 1760000301, ExpiresAt: 1762592120, RequestID: testRequestID,
		PaymentMethods: []PaymentMethod{
			{Amount: Yen(1180), Type: "WALLET"},
			{Yen(100), "POINT", Breakdown{[]Points{{100, "REGULAR"}}}},
		},
	}
	if d := cmp.Diff(want, v); d != "" || !ok {
		t.Error(d, ok)
	}
	const body = `{"requestId":"A1","paymentId":"04591234567890123456","updatedAmount":{"amount":1000,"currency":"JPY"},` +
		`"requestedAt":1760000300,"merchantComment":"追加分","redirectUrl":"https://shop.example/","redirectType":"WEB_LINK","userAgent":"x/1"}`
	if s.method != "POST" || s.path != "/v2/payments/reauthorize" || s.body != body {
		t.Errorf("sent %s %s %s", s.method, s.path, s.body)
	}
	checkSignature(t, s)
	for _, edit := range [][2]string{{`"A1"`, `"A2"`}, {paymentID, "1"}, {`"amount": 1000`, `"amount": 1001`}} {
		doc := strings.Replace(testdata(t, "reauthorize.json"), edit[0], edit[1], 1)
		if _, err := serve(t, answering(200, doc)).Reauthorize(t.Context(), reauthorize()); ClassOf(err) != Unknown || !errors.Is(err, ErrMismatch) {
			t.Errorf("%s: error %v", edit, err)
		}
	}
	r.UpdatedAmount = Yen(-1)
	if _, err := c.Reauthorize(t.Context(), r); ClassOf(err) != Bug {
		t.Errorf("error %v", err)
	}
}

func TestReauthorize_waitsForTheCustomer(t *testing.T) {
	t.Parallel()
	got, err := serve(t, answering(201, testdata(t, "reauthorize-consent.json"))).Reauthorize(t.Context(), reauthorize())
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := got.Done(); ok {
		t.Error("done")
	}
	want := ConsentPage{"https://www.paypay.ne.jp/app/approve?id=1", 1760021900, testRequestID}
	if page, ok := got.Waits(); !ok || page != want {
		t.Errorf("waits at %+v, %v", page, ok)
	}
}
