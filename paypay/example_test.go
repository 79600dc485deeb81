package paypay_test

import (
	"context"
	"fmt"
	"net/http/httptest"

	"example.jp/reji/paypay"
	"example.jp/reji/paypay/simulator"
)

// A sale, from the code on the screen to the money.
func Example() {
	// The simulator is PayPay in memory. A shop uses paypay.Production.
	service, err := simulator.New(simulator.Config{APIKey: "key", APISecret: "secret", MerchantID: "merchant"})
	if err != nil {
		fmt.Println(err)
		return
	}
	server := httptest.NewServer(service)
	defer server.Close()

	credentials, err := paypay.NewCredentials("key", "secret", "merchant")
	if err != nil {
		fmt.Println(err)
		return
	}
	client, err := paypay.New(credentials, paypay.WithBaseURL(server.URL))
	if err != nil {
		fmt.Println(err)
		return
	}

	ctx := context.Background()
	code, err := client.CreateCode(ctx, paypay.CodeRequest{
		MerchantPaymentID: "R1-0001",
		Amount:            paypay.Yen(1280),
		OrderDescription:  "むね堂 お会計",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("a code for", code.Amount.Amount, code.Amount.Currency)

	for _, customer := range []func(codeID string) error{nil, service.Scan, service.Pay} {
		if customer != nil {
			if err := customer(code.CodeID); err != nil {
				fmt.Println(err)
				return
			}
		}
		// A till asks every few seconds.
		payment, err := client.CodePayment(ctx, "R1-0001")
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(payment.Status)
	}

	// Output:
	// a code for 1280 JPY
	// CREATED
	// CREATED
	// COMPLETED
}

// An error says what it means for the money, and a till acts on that.
func ExampleClassOf() {
	service, err := simulator.New(simulator.Config{APIKey: "key", APISecret: "secret", MerchantID: "merchant"})
	if err != nil {
		fmt.Println(err)
		return
	}
	server := httptest.NewServer(service)
	defer server.Close()
	credentials, err := paypay.NewCredentials("key", "secret", "merchant")
	if err != nil {
		fmt.Println(err)
		return
	}
	client, err := paypay.New(credentials, paypay.WithBaseURL(server.URL))
	if err != nil {
		fmt.Println(err)
		return
	}

	for _, order := range []paypay.CodeRequest{
		{MerchantPaymentID: "R1-0002", Amount: paypay.Yen(500)},
		{MerchantPaymentID: "R1-0002", Amount: paypay.Yen(500)}, // an id is good for one code
		{MerchantPaymentID: "R1-0003", Amount: paypay.Yen(0)},
	} {
		_, err := client.CreateCode(context.Background(), order)
		switch class := paypay.ClassOf(err); {
		case err == nil:
			fmt.Println("show the code")
		case class.MoneyMayHaveMoved():
			fmt.Println(class, paypay.CodeOf(err), "- look the order up")
		default:
			fmt.Println(class, "- no money moved")
		}
	}

	// Output:
	// show the code
	// state DUPLICATE_DYNAMIC_QR_REQUEST - look the order up
	// bug - no money moved
}
