package paypay

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const paymentID = "04591234567890123456"

// refund is the request that testdata/refund.json answers.
func refund() RefundRequest {
	return RefundRequest{
		MerchantRefundID: "R1-0001-R1", PaymentID: paymentID, Amount: Yen(280), RequestedAt: 1760003600, Reason: "一部返品",
	}
}

func TestRefund(t *testing.T) {
	t.Parallel()
	var s sent
	c := serve(t, recording(&s, answering(200, testdata(t, "refund.json"))))
	got, err := c.Refund(t.Context(), refund())
	if err != nil {
		t.Fatal(err)
	}
	want := Refund{
		Status: RefundCreated, MerchantRefundID: "R1-0001-R1", PaymentID: paymentID, Amount: Yen(280),
		RequestedAt: 1760003600, Reason: "一部返品", AssumeMerchant: "418901234567890123", RequestID: testRequestID,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	const body = `{"merchantRefundId":"R1-0001-R1","paymentId":"04591234567890123456","amount":{"amount":280,"currency":"JPY"},` +
		`"requestedAt":1760003600,"reason":"一部返品"}`
	if s.method != "POST" || s.path != "/v2/refunds" || s.body != body {
		t.Errorf("sent %s %s %s", s.method, s.path, s.body)
	}
	checkSignature(t, s)
}

// Some services answer 201.
func TestRefund_created(t *testing.T) {
	t.Parallel()
	if _, err := serve(t, answering(201, testdata(t, "refund.json"))).Refund(t.Context(), refund()); err != nil {
		t.Error(err)
	}
}

func TestRefundDetails(t *testing.T) {
	t.Parallel()
	var s sent
	c := serve(t, recording(&s, answering(200, testdata(t, "refund-details.json"))))
	got, err := c.RefundDetails(t.Context(), "R1-0001-R1", paymentID)
	if err != nil {
		t.Fatal(err)
	}
	want := Refund{
		Status: RefundDone, AcceptedAt: 1760003700, MerchantRefundID: "R1-0001-R1", PaymentID: paymentID, Amount: Yen(280),
		RequestedAt: 1760003600, Reason: "一部返品", RequestID: testRequestID,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if s.method != "GET" || s.path != "/v2/refunds/R1-0001-R1?paymentId="+paymentID || s.body != "" {
		t.Errorf("sent %s %s %s", s.method, s.path, s.body)
	}
	checkSignature(t, s) // which leaves the query out
}

func TestRefund_anotherThanAsked(t *testing.T) {
	t.Parallel()
	good := testdata(t, "refund.json")
	for name, edit := range map[string][2]string{
		"other refund":   {`"R1-0001-R1"`, `"R1-0001-R2"`},
		"other payment":  {paymentID, "04591234567890123457"},
		"other amount":   {`"amount": 280`, `"amount": 2800`},
		"other currency": {`"JPY"`, `"USD"`},
		"no status":      {`"CREATED"`, `""`},
		"odd status":     {`"CREATED"`, `"CREATED "`},
		"time in ms":     {`"requestedAt": 17`, `"requestedAt": 17000`},
		"no data":        {`"data"`, `"other"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc := strings.Replace(good, edit[0], edit[1], 1)
			if doc == good {
				t.Fatal("the edit changes nothing")
			}
			c := serve(t, answering(200, doc))
			got, err := c.Refund(t.Context(), refund())
			if ClassOf(err) != Unknown || !errors.Is(err, ErrMismatch) || got != (Refund{}) {
				t.Errorf("refund %+v, error %v", got, err)
			}
			if _, err := c.RefundDetails(t.Context(), "R1-0001-R1", paymentID); name != "other amount" && !errors.Is(err, ErrMismatch) {
				t.Errorf("details: error %v", err)
			}
		})
	}
}

func TestRefund_refusedBeforeSending(t *testing.T) {
	t.Parallel()
	c := serve(t, answering(500, ""))
	for name, change := range map[string]func(*RefundRequest){
		"no id":        func(r *RefundRequest) { r.MerchantRefundID = "" },
		"id with path": func(r *RefundRequest) { r.MerchantRefundID = "a/b" },
		"no payment":   func(r *RefundRequest) { r.PaymentID = "" },
		"no yen":       func(r *RefundRequest) { r.Amount = Yen(0) },
		"milliseconds": func(r *RefundRequest) { r.RequestedAt = 1760000120000 },
		"long reason":  func(r *RefundRequest) { r.Reason = strings.Repeat("長", 256) },
	} {
		r := refund()
		change(&r)
		if _, err := c.Refund(t.Context(), r); ClassOf(err) != Bug {
			t.Errorf("%s: error %v", name, err)
		}
	}
	if _, err := c.RefundDetails(t.Context(), "R1", "1&a=b"); ClassOf(err) != Bug {
		t.Errorf("error %v", err)
	}
	if _, err := c.RefundDetails(t.Context(), "", paymentID); ClassOf(err) != Bug {
		t.Errorf("error %v", err)
	}
}
