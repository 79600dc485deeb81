package paypay_test

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http/httptest"
	"time"

	"example.jp/reji/paypay"
	"example.jp/reji/paypay/simulator"
)

// practice is a client of a PayPay in memory, which holds money for the shop if
// it is asked to. A shop writes New(credentials, WithBaseURL(Production)).
func practice() (*paypay.Client, *simulator.Simulator, paypay.Credentials) {
	secret := base64.StdEncoding.EncodeToString([]byte("the key that PayPay issued"))
	service, err := simulator.New(simulator.Config{
		APIKey: "key", APISecret: secret, MerchantID: "merchant", Capture: simulator.CaptureAllowed,
	})
	if err != nil {
		panic(err)
	}
	credentials, err := paypay.NewCredentials("key", secret, "merchant")
	if err != nil {
		panic(err)
	}
	server := httptest.NewServer(service) // ends with the program
	client, err := paypay.New(credentials, paypay.WithBaseURL(server.URL))
	if err != nil {
		panic(err)
	}
	return client, service, credentials
}

// The customer has left without paying: shut the code, then look until PayPay has
// said twice in a row that there is no payment.
func ExampleClient_DeleteCode() {
	client, _, _ := practice()
	ctx := context.Background()
	code, err := client.CreateCode(ctx, paypay.CodeRequest{MerchantPaymentID: "R1-0007", Amount: paypay.Yen(880)})
	if err != nil {
		fmt.Println(err)
		return
	}

	// Whatever the delete says, the look-up has the last word.
	if err := client.DeleteCode(ctx, code.CodeID); err != nil {
		fmt.Println("not deleted:", err)
	}
	for gone := 0; gone < 2; {
		payment, err := client.CodePayment(ctx, "R1-0007")
		switch {
		case err == nil && payment.Status == paypay.StatusCompleted:
			fmt.Println("paid after all")
			return
		case paypay.CodeOf(err) == paypay.PaymentNotFound:
			gone++ // one alone may be wrong
		default:
			gone = 0
			fmt.Println("not known yet:", payment.Status, err)
		}
		<-time.After(time.Second)
	}
	fmt.Println("nobody paid, and nobody can any more")

	// Output:
	// nobody paid, and nobody can any more
}

// The answer to a refund is lost. It is repeated with the same id, and the money
// goes back once.
func ExampleClient_Refund() {
	client, service, _ := practice()
	ctx := context.Background()
	code, err := client.CreateCode(ctx, paypay.CodeRequest{MerchantPaymentID: "R1-0008", Amount: paypay.Yen(1280)})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := service.Pay(code.CodeID); err != nil {
		fmt.Println(err)
		return
	}
	payment, err := client.CodePayment(ctx, "R1-0008")
	if err != nil {
		fmt.Println(err)
		return
	}

	if err := service.Fault(simulator.Fault{Operation: "v2_createRefundPayment", Kind: simulator.DropAfter, Times: 1}); err != nil {
		fmt.Println(err)
		return
	}
	refund, err := client.Refund(ctx, paypay.RefundRequest{
		MerchantRefundID: "R1-0008-R1",
		PaymentID:        payment.PaymentID,
		Amount:           paypay.Yen(280),
		Reason:           "一部返品",
	})
	switch {
	case err == nil:
		fmt.Println("refund", refund.Status) // CREATED: it will reach the customer
	case paypay.ClassOf(err).MoneyMayHaveMoved():
		fmt.Println("call Refund again, with the same id:", err)
	default:
		fmt.Println("not refunded:", err)
	}
	if payment, err = client.Payment(ctx, "R1-0008"); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("given back:", payment.Refunded(), "yen")

	// Output:
	// refund CREATED
	// given back: 280 yen
}

// More is taken than was held, and the customer has to approve that first.
func ExampleClient_Capture() {
	client, service, _ := practice()
	ctx := context.Background()
	code, err := client.CreateCode(ctx, paypay.CodeRequest{
		MerchantPaymentID: "R1-0009", Amount: paypay.Yen(5000), IsAuthorization: true,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := service.Pay(code.CodeID); err != nil {
		fmt.Println(err)
		return
	}

	tries := 0
	result, err := client.Capture(ctx, paypay.CaptureRequest{
		MerchantPaymentID: "R1-0009",
		Amount:            paypay.Yen(5500),
		OrderDescription:  "むね堂 宿泊と朝食",
		NewID: func() string {
			tries++
			return fmt.Sprintf("R1-0009-C%d", tries) // a shop writes it down first
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if payment, done := result.Done(); done {
		fmt.Println("taken:", payment.Status)
		return
	}
	fmt.Println("the customer is asked")

	if err := service.Consent("R1-0009"); err != nil {
		fmt.Println(err)
		return
	}
	service.Advance(time.Minute)
	payment, err := client.Payment(ctx, "R1-0009") // every few seconds
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(payment.Status, payment.Captures.Data[0].Amount.Amount)

	// Output:
	// the customer is asked
	// COMPLETED 5500
}

// A customer links an account with a code, and then pays without one.
func ExampleClient_Pay() {
	client, service, credentials := practice()
	ctx := context.Background()
	pending := paypay.PendingLink{Nonce: rand.Text(), ReferenceID: "member-7"} // kept with the member's session
	session, err := client.CreateLinkSession(ctx, paypay.LinkSessionRequest{
		Scopes:      []string{paypay.ScopePay},
		Nonce:       pending.Nonce,
		RedirectURL: "https://shop.example.jp/paypay/back",
		ReferenceID: pending.ReferenceID,
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	// The customer scans session.URL, agrees, and comes back with a token.
	token, err := service.Approve(session.URL, "")
	if err != nil {
		fmt.Println(err)
		return
	}
	link, err := credentials.ReadLinkToken(token, pending)
	if err != nil || link.Result != paypay.LinkSucceeded {
		fmt.Println("not linked:", link.Result, err)
		return
	}

	for i, agree := range []bool{false, false, true} {
		payment, err := client.Pay(ctx, paypay.PayRequest{
			OrderRequest: paypay.OrderRequest{
				MerchantPaymentID:   fmt.Sprintf("M7-%d", i),
				UserAuthorizationID: link.UserAuthorizationID,
				Amount:              paypay.Yen(1500),
			},
			AgreeSimilar: agree,
		})
		switch {
		case err == nil:
			fmt.Println(payment.Status)
		case paypay.CodeOf(err) == paypay.SuspectedDuplicate:
			fmt.Println("the same amount again within 5 minutes: ask a person")
		case paypay.ClassOf(err).MoneyMayHaveMoved():
			fmt.Println("look it up with Payment, or cancel it:", err)
		default:
			fmt.Println("not paid:", err)
		}
	}

	// Output:
	// COMPLETED
	// the same amount again within 5 minutes: ask a person
	// COMPLETED
}
