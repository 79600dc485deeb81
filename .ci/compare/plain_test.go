package compare

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// plain is a client as a shop would write it in an afternoon, after PayPay's
// documents: it signs, sends, and decodes whatever comes. It checks nothing but
// the HTTP status, so what the package costs more than this is the price of its
// checks.
type plain struct {
	base, key, secret, merchant string
	http                        *http.Client
}

type money struct {
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"`
}

type code struct {
	CodeID            string `json:"codeId"`
	URL               string `json:"url"`
	Deeplink          string `json:"deeplink"`
	ExpiryDate        int64  `json:"expiryDate"`
	MerchantPaymentID string `json:"merchantPaymentId"`
	Amount            money  `json:"amount"`
	OrderDescription  string `json:"orderDescription"`
}

type payment struct {
	PaymentID         string `json:"paymentId"`
	Status            string `json:"status"`
	AcceptedAt        int64  `json:"acceptedAt"`
	MerchantPaymentID string `json:"merchantPaymentId"`
	Amount            money  `json:"amount"`
	RequestedAt       int64  `json:"requestedAt"`
	OrderDescription  string `json:"orderDescription"`
}

func (p plain) createCode(ctx context.Context, id string, yen int64, description string) (code, error) {
	var c code
	err := p.call(ctx, http.MethodPost, "/v2/codes", map[string]any{
		"merchantPaymentId": id,
		"amount":            money{yen, "JPY"},
		"orderDescription":  description,
		"codeType":          "ORDER_QR",
		"requestedAt":       time.Now().Unix(),
	}, &c)
	return c, err
}

func (p plain) codePayment(ctx context.Context, id string) (payment, error) {
	var got payment
	err := p.call(ctx, http.MethodGet, "/v2/codes/payments/"+id, nil, &got)
	return got, err
}

func (p plain) call(ctx context.Context, method, path string, body, data any) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	var sent []byte
	if body != nil {
		var err error
		if sent, err = json.Marshal(body); err != nil {
			return err
		}
	}
	r, err := http.NewRequestWithContext(ctx, method, p.base+path, bytes.NewReader(sent))
	if err != nil {
		return err
	}
	contentType, hash := "empty", "empty"
	if body != nil {
		contentType = "application/json"
		sum := md5.Sum(append([]byte(contentType), sent...))
		hash = base64.StdEncoding.EncodeToString(sum[:])
		r.Header.Set("Content-Type", contentType)
	}
	nonce, epoch := rand.Text(), strconv.FormatInt(time.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(p.secret))
	io.WriteString(mac, strings.Join([]string{path, method, nonce, epoch, contentType, hash}, "\n"))
	r.Header.Set("Authorization", "hmac OPA-Auth:"+strings.Join([]string{
		p.key, base64.StdEncoding.EncodeToString(mac.Sum(nil)), nonce, epoch, hash,
	}, ":"))
	r.Header.Set("X-ASSUME-MERCHANT", p.merchant)

	answer, err := p.http.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	got, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("%s %s: %s: %s", method, path, answer.Status, got)
	}
	return json.Unmarshal(got, &struct {
		Data any `json:"data"`
	}{data})
}
