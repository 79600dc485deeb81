package paypay_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"example.jp/reji/paypay"
)

// sell stands in the README as it stands here.
func sell(ctx context.Context, client *paypay.Client, id string, yen int64, show func(paypay.Code)) error {
	code, err := client.CreateCode(ctx, paypay.CodeRequest{MerchantPaymentID: id, Amount: paypay.Yen(yen)})
	if err != nil {
		return err // nobody has seen a code: begin anew, with another id
	}
	show(code) // code.URL as a QR code
	for gone := 0; ; {
		skew, _ := client.Skew()
		late := time.Now().Add(skew).Unix() > code.ExpiryDate
		payment, err := client.CodePayment(ctx, id)
		switch {
		case err == nil && payment.Status == paypay.StatusCompleted && payment.Amount == code.Amount:
			return nil // paid
		case err == nil && payment.Status != paypay.StatusCreated && payment.Status != paypay.StatusFailed:
			return fmt.Errorf("%s is %s with %d yen, not paid with %d: a person must look", id, payment.Status, payment.Amount.Amount, yen)
		case late && paypay.CodeOf(err) == paypay.PaymentNotFound:
			gone++
		default:
			gone = 0 // not known yet: ask again
		}
		if gone == 2 {
			return err // the code has run out, and nobody paid
		}
		select {
		case <-ctx.Done():
			return ctx.Err() // not an answer: DeleteCode, then look on, with another context
		case <-time.After(3 * time.Second):
		}
	}
}

// The whole of a sale.
func ExampleClient_CodePayment() {
	client, service, _ := practice()
	err := sell(context.Background(), client, "R1-0011", 1280, func(code paypay.Code) {
		fmt.Println("a code for", code.Amount.Amount)
		_, _ = service.Scan(code.CodeID), service.Pay(code.CodeID) // the customer
	})
	if err == nil {
		fmt.Println("paid")
	}

	// Output:
	// a code for 1280
	// paid
}

// answering is a PayPay that makes codes for 1280 yen, good for a minute, and then
// gives each of the answers for one look-up, the last one for ever. An answer is
// the amount of a payment, 0 for one that is not made and -1 for none.
func answering(t *testing.T, answers ...int64) *paypay.Client {
	t.Helper()
	over := time.Now().Add(time.Minute).Unix()
	keys, err := paypay.NewCredentials("key", "secret", "merchant")
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	client, err := paypay.New(keys, paypay.WithTries(1), paypay.WithBaseURL("http://localhost"), paypay.WithHTTPClient(&http.Client{
		Transport: inProcess{server: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Date", time.Now().UTC().Format(http.TimeFormat))
			const taken = `{"resultInfo":{"code":"SUCCESS"},"data":{"merchantPaymentId":"R1-0011","amount":{"amount":%d,"currency":"JPY"},%s}}`
			if r.Method == http.MethodPost {
				_, _ = fmt.Fprintf(w, taken, 1280, fmt.Sprintf(`"codeId":"c1","url":"https://qr.example/c1","expiryDate":%d`, over))
				return
			}
			answer := answers[min(asked, len(answers)-1)]
			asked++
			switch answer {
			case -1:
				w.WriteHeader(http.StatusBadRequest)
				_, _ = fmt.Fprint(w, `{"resultInfo":{"code":"DYNAMIC_QR_PAYMENT_NOT_FOUND","codeId":"01652075"}}`)
			case 0:
				_, _ = fmt.Fprintf(w, taken, 1280, `"status":"CREATED"`)
			default:
				_, _ = fmt.Fprintf(w, taken, answer, `"status":"COMPLETED","paymentId":"0400000001"`)
			}
		})},
	}))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestREADME_sellKnowsWhatIsPaid(t *testing.T) {
	t.Parallel()
	late := slices.Repeat([]int64{0}, 21) // look-ups until the code has run out
	for name, tt := range map[string]struct {
		answers []int64
		gives   string
	}{
		"paid":                          {[]int64{0, 1280}, ""},
		"another amount":                {[]int64{1279}, "R1-0011 is COMPLETED with 1279 yen, not paid with 1280"},
		"not found while it is good":    {[]int64{-1, -1, -1, 1280}, ""},
		"not found once, then paid":     {append(slices.Clone(late), -1, 1280), ""},
		"not found, but not in a row":   {append(slices.Clone(late), -1, 0, -1, 1280), ""},
		"not found twice when it is up": {append(slices.Clone(late), -1), string(paypay.PaymentNotFound)},
		"nobody waits any more":         {[]int64{0}, context.DeadlineExceeded.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				const patience = 2*time.Minute + time.Second // between two look-ups
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				began := time.Now()
				err := sell(ctx, answering(t, tt.answers...), "R1-0011", 1280, func(paypay.Code) {})
				if (err == nil) != (tt.gives == "") || err != nil && !strings.Contains(err.Error(), tt.gives) {
					t.Errorf("got %v, want %q", err, tt.gives)
				}
				if took := time.Since(began); took > patience {
					t.Errorf("it waited for %v", took)
				}
			})
		})
	}
}

func TestREADME_exampleIsTested(t *testing.T) {
	t.Parallel()
	var texts [2]string
	for i, name := range []string{"README.md", "readme_example_test.go"} {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		_, rest, found := strings.Cut(string(b), "\nfunc sell(")
		text, _, ended := strings.Cut(rest, "\n}\n")
		if !found || !ended {
			t.Fatalf("%s has no function sell", name)
		}
		texts[i] = text
	}
	if texts[0] != texts[1] {
		t.Errorf("the README says\n%s\nbut what is tested is\n%s", texts[0], texts[1])
	}
}
