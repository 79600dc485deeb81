package paypay_test

import (
	"crypto/rand"
	"errors"
	"testing"

	"example.jp/reji/paypay"
	"example.jp/reji/paypay/simulator"
)

// The simulator reads and makes tokens by code of its own.
func TestLink_withTheSimulator(t *testing.T) {
	t.Parallel()
	const secret = "Q0FOQVJZLXNlY3JldA=="
	service, err := simulator.New(simulator.Config{APIKey: "key", APISecret: secret, MerchantID: "merchant"})
	if err != nil {
		t.Fatal(err)
	}
	credentials, err := paypay.NewCredentials("key", secret, "merchant")
	if err != nil {
		t.Fatal(err)
	}
	agree := func(page string) (string, error) { return service.Approve(page, "") }
	for name, tt := range map[string]struct {
		scope  string
		answer func(page string) (string, error)
		want   paypay.LinkResult
	}{
		"agrees":                       {"direct_debit", agree, paypay.LinkSucceeded},
		"declines":                     {"direct_debit", service.DeclineLink, paypay.LinkDeclined},
		"agrees to what cannot be had": {"everything", agree, paypay.LinkBadRequest},
	} {
		pending := paypay.PendingLink{Issuer: "むね堂", Nonce: rand.Text(), ReferenceID: "customer-7"}
		page, err := credentials.LinkURL(paypay.LinkPage, paypay.WebLink{
			PendingLink: pending,
			Scopes:      []string{tt.scope},
			RedirectURL: "https://shop.example.jp/back",
			DeviceID:    "device-3",
		})
		if err != nil {
			t.Fatal(err)
		}
		token, err := tt.answer(page)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		link, err := credentials.ReadLinkToken(token, pending)
		if err != nil || link.Result != tt.want || (link.UserAuthorizationID != "") != (tt.want == paypay.LinkSucceeded) {
			t.Errorf("%s: %+v, %v", name, link, err)
		}
		pending.Nonce = rand.Text()
		if link, err := credentials.ReadLinkToken(token, pending); !errors.Is(err, paypay.ErrLinkOther) {
			t.Errorf("%s, in another session: %+v, %v", name, link, err)
		}
	}
}
