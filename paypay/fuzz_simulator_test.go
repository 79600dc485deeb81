package paypay_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode"

	"example.jp/reji/paypay"
	"example.jp/reji/paypay/simulator"
)

// inProcess is the way to a server that needs no network. It may change what is
// sent.
type inProcess struct {
	server http.Handler
	change func(r *http.Request, body []byte) []byte
}

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		if err := r.Body.Close(); err != nil {
			return nil, err
		}
	}
	r = r.Clone(r.Context())
	if p.change != nil {
		body = p.change(r, body)
	}
	r.Body, r.ContentLength, r.RequestURI = io.NopCloser(bytes.NewReader(body)), int64(len(body)), r.URL.RequestURI()
	w := httptest.NewRecorder()
	p.server.ServeHTTP(w, r)
	return w.Result(), nil
}

// FuzzClient_signature holds that whatever the client sends, the simulator's own
// check takes its signature, that texts and money come back as they went in, and
// that with one bit of the body, the path or the header another, nothing is
// done.
func FuzzClient_signature(f *testing.F) {
	f.Add("R1-0001", int64(1280), "むね堂 お会計", "<b>&\u2028\U0001f363", uint16(0))
	f.Add("R1-0001", int64(1280), "", "", uint16(8*28)) // a digit of the id, and of the mac
	f.Add("a", int64(1), "", "\"\\\n\t", uint16(77))
	f.Add("R1/0001", int64(0), "\xff", "%2F?#;+", uint16(900))
	f.Fuzz(func(t *testing.T, id string, amount int64, description, store string, bit uint16) {
		config := standConfig()
		config.Now = func() time.Time { return time.Now().Add(time.Minute) } // within what PayPay takes
		service, err := simulator.New(config)
		if err != nil {
			t.Fatal(err)
		}
		keys, err := paypay.NewCredentials(config.APIKey, config.APISecret, config.MerchantID)
		if err != nil {
			t.Fatal(err)
		}
		client := func(change func(*http.Request, []byte) []byte) *paypay.Client {
			c, err := paypay.New(keys, paypay.WithBaseURL("http://localhost"), paypay.WithTries(1),
				paypay.WithHTTPClient(&http.Client{Transport: inProcess{service, change}}))
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		request := paypay.CodeRequest{
			MerchantPaymentID: id, Amount: paypay.Yen(amount), OrderDescription: description, StoreInfo: store,
		}

		_, err = client(func(_ *http.Request, body []byte) []byte {
			flip(body, bit)
			return body
		}).CreateCode(t.Context(), request)
		refusedOnce(t, service, err)
		_, err = client(func(r *http.Request, body []byte) []byte {
			path := []byte(r.URL.Path)
			path[len(path)-1]++ // v2/codet
			r.URL.Path = string(path)
			return body
		}).CreateCode(t.Context(), request)
		refusedOnce(t, service, err)
		_, err = client(func(r *http.Request, body []byte) []byte {
			signature := []byte(r.Header.Get("Authorization"))
			flip(signature, bit)
			r.Header.Set("Authorization", string(signature))
			return body
		}).CreateCode(t.Context(), request)
		refusedOnce(t, service, err)

		untouched := client(nil)
		code, err := untouched.CreateCode(t.Context(), request)
		if err != nil {
			// The simulator takes no text that could move a cursor; the client
			// leaves that to PayPay.
			e, ok := errors.AsType[*paypay.Error](err)
			if !ok || e.Class != paypay.Bug || e.Status != 0 && !strings.ContainsFunc(description+store, unicode.IsControl) || e.Code == paypay.Unauthorized {
				t.Fatalf("%+v was sent and refused: %v", request, err)
			}
			return
		}
		if code.MerchantPaymentID != id || code.Amount != request.Amount || code.OrderDescription != description || code.StoreInfo != store {
			t.Errorf("%+v became %+v", request, code)
		}
		payment, err := untouched.CodePayment(t.Context(), id)
		if err != nil || payment.Status != paypay.StatusCreated || payment.Amount != request.Amount {
			t.Errorf("%+v became %+v, %v", request, payment, err)
		}
	})
}

// flip changes one bit.
func flip(text []byte, bit uint16) {
	if len(text) > 0 {
		text[int(bit/8)%len(text)] ^= 1 << (bit % 8)
	}
}

// refusedOnce holds that a request that was changed on its way was not taken.
func refusedOnce(t *testing.T, service *simulator.Simulator, err error) {
	t.Helper()
	if e, ok := errors.AsType[*paypay.Error](err); !ok || e.Status/100 == 2 {
		t.Errorf("changed on its way: %v", err)
	}
	if made := service.State().Payments; len(made) != 0 {
		t.Errorf("changed on its way, it made %+v", made)
	}
}
