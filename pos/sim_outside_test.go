package pos_test

import (
	"net/http"
	"net/http/httptest"
	"time"

	"example.jp/reji/paypay"
	"example.jp/reji/paypay/simulator"
	"example.jp/reji/pos"
)

// panel is somebody who works with the same payments in PayPay's own tools, or
// at a second till, and tells this till nothing.
func (w *world) panel() *paypay.Client {
	credentials, err := paypay.NewCredentials("key", "secret", "merchant")
	if err != nil {
		w.Fatal(err)
	}
	client, err := paypay.New(credentials, paypay.WithTries(1), paypay.WithBaseURL("https://paypay.example"),
		paypay.WithHTTPClient(&http.Client{Transport: direct{w.service}}))
	if err != nil {
		w.Fatal(err)
	}
	_, _ = client.CodePayment(w.ctx(), "what-time-is-it") // by PayPay's clock
	return client
}

// direct is a network on which nothing goes wrong.
type direct struct{ to *simulator.Simulator }

func (d direct) RoundTrip(req *http.Request) (*http.Response, error) {
	in := req.Clone(req.Context())
	in.RequestURI, in.Host = req.URL.RequestURI(), req.URL.Host
	if in.Body == nil {
		in.Body = http.NoBody
	}
	answer := httptest.NewRecorder()
	d.to.ServeHTTP(answer, in)
	return answer.Result(), nil
}

// meddle gives money back, or takes or lets go what is held, behind the till's
// back.
func (w *world) meddle(s pos.Sale, name string, i int) {
	for _, a := range s.Attempts {
		p, _ := w.laws.payment(a.ID)
		at, d := time.Now().Add(w.skew).Unix(), w.dice
		var err error
		switch {
		case p.Held > 0 && d.chance(0.5, i, "outside", "revert", name):
			_, err = w.panel().Revert(w.ctx(), paypay.RevertRequest{MerchantRevertID: "out-" + a.ID, PaymentID: p.PaymentID, RequestedAt: at})
		case p.Held > 0:
			_, err = w.panel().Capture(w.ctx(), paypay.CaptureRequest{
				MerchantPaymentID: a.ID, Amount: paypay.Yen(p.Held), RequestedAt: at, OrderDescription: "outside",
				NewID: func() string { return "out-" + a.ID },
			})
		case p.Stage != simulator.StagePaid:
			continue
		case d.chance(0.3, i, "outside", "cancel", name):
			err = w.panel().CancelPayment(w.ctx(), a.ID)
		default:
			part := 1 + int64(d.share(i, "outside", "part", name)*float64(p.Amount-1))
			if w.config.SingleRefund {
				part = p.Amount // or nobody could give the rest back, ever
			}
			_, err = w.panel().Refund(w.ctx(), paypay.RefundRequest{MerchantRefundID: "out-" + a.ID, PaymentID: p.PaymentID, Amount: paypay.Yen(part), RequestedAt: at})
		}
		if err == nil {
			w.laws.meddled(a.ID)
			w.touch(a.ID)
		}
		w.did("outside", err)
		return
	}
}
