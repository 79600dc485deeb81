package paypay_test

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/url"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"example.jp/reji/paypay"
)

// A customer lets the shop charge their PayPay account, in the browser.
func ExampleCredentials_ReadLinkToken() {
	secret := base64.StdEncoding.EncodeToString([]byte("the key that PayPay issued"))
	credentials, err := paypay.NewCredentials("key", secret, "merchant")
	if err != nil {
		fmt.Println(err)
		return
	}

	// Kept in the customer's session until they are back.
	pending := paypay.PendingLink{Issuer: "むね堂", Nonce: rand.Text(), ReferenceID: "customer-7"}
	link, err := credentials.LinkURL(paypay.LinkPage, paypay.WebLink{
		PendingLink: pending,
		Scopes:      []string{"direct_debit"},
		RedirectURL: "https://shop.example.jp/paypay/back",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	page, err := url.Parse(link)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("send the customer to", page.Host)

	for _, result := range []string{"succeeded", "declined"} {
		// PayPay sends the customer back with a token in the query responseToken.
		link, err := credentials.ReadLinkToken(answerOfPayPay(result, pending.Nonce), pending)
		switch {
		case err != nil:
			fmt.Println("refused:", err)
		case link.Result == paypay.LinkSucceeded:
			fmt.Println("linked", link.ProfileIdentifier)
		default:
			fmt.Println("not linked:", link.Result)
		}
	}

	_, err = credentials.ReadLinkToken(answerOfPayPay("succeeded", "of another session"), pending)
	fmt.Println("refused:", err)

	// Output:
	// send the customer to www.paypay.ne.jp
	// linked *******5678
	// not linked: declined
	// refused: paypay: the response token answers another request
}

// answerOfPayPay stands in for PayPay's page.
func answerOfPayPay(result, nonce string) string {
	claims := jwt.MapClaims{
		"iss":         "paypay.ne.jp",
		"aud":         "むね堂",
		"exp":         time.Now().Add(time.Minute).Unix(),
		"result":      result,
		"nonce":       nonce,
		"referenceId": "customer-7",
	}
	if result == "succeeded" {
		claims["userAuthorizationId"] = "5b2a3a3c-5e0f-4c0f-9f0e-0123456789ab"
		claims["profileIdentifier"] = "*******5678"
	}
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte("the key that PayPay issued"))
	if err != nil {
		return ""
	}
	return token
}
