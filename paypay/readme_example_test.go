package paypay_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
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
	for {
		payment, err := client.CodePayment(ctx, id)
		switch {
		case err == nil && payment.Status == paypay.StatusCompleted:
			return nil // paid
		case paypay.CodeOf(err) == paypay.PaymentNotFound, ctx.Err() != nil:
			return err // the code has run out, or nobody waits any more: DeleteCode, then look once more
		}
		<-time.After(3 * time.Second)
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
