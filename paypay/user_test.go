package paypay

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func linkSession() LinkSessionRequest {
	return LinkSessionRequest{
		Scopes: []string{ScopePay, ScopeBalance}, Nonce: "n1", RedirectURL: "https://shop.example/linked", ReferenceID: "member-1",
		RedirectType: RedirectWeb, PhoneNumber: "09012345678", DeviceID: "d1", UserAgent: "x/1",
	}
}

func cashback() CashbackRequest {
	return CashbackRequest{
		MerchantCashbackID: "B1", UserAuthorizationID: authorizationID, Amount: Yen(50), RequestedAt: 1760000190,
		OrderDescription: "来店", WalletType: WalletPrepaid, ExpiryDate: "2027-03-31",
	}
}

func cashbackReversal() CashbackReversalRequest {
	return CashbackReversalRequest{
		MerchantCashbackReversalID: "BR1", MerchantCashbackID: "B1", Amount: Yen(50), RequestedAt: 1760000290, Reason: "誤り",
	}
}

func expectedCashback() ExpectedCashbackRequest {
	return ExpectedCashbackRequest{
		RequestID: "Q1", MerchantPaymentID: "R1-0001", UserAuthorizationID: authorizationID, Amount: Yen(1280), RequestedAt: 1760000120,
		StoreID: "STORE-01", OrderItems: []OrderItem{{Name: "どら焼き", Quantity: 4, UnitPrice: Yen(320)}}, ProductType: RealInvestment,
		English: true,
	}
}

// Each look-up of a customer: what is sent, every field of the answer with
// unknown ones between them, and answers that cannot be right.
func TestCall_customers(t *testing.T) {
	t.Parallel()
	q := WalletQuery{authorizationID, RealInvestment}
	const who = "userAuthorizationId=" + authorizationID
	for file, tt := range map[string]struct {
		call func(*Client) (any, error)
		sent string
		want any
		bad  [][2]string
	}{
		"link-session.json": {
			func(c *Client) (any, error) { return c.CreateLinkSession(t.Context(), linkSession()) },
			`POST /v1/qr/sessions {"scopes":["direct_debit","get_balance"],"nonce":"n1","redirectUrl":"https://shop.example/linked",` +
				`"referenceId":"member-1","redirectType":"WEB_LINK","phoneNumber":"09012345678","deviceId":"d1","userAgent":"x/1"}`,
			LinkSession{"https://qr-stg.sandbox.paypay.ne.jp/link/abc", testRequestID},
			[][2]string{{"linkQRCodeURL", "url"}},
		},
		"authorization.json": {
			func(c *Client) (any, error) { return c.Authorization(t.Context(), authorizationID) },
			"GET /v2/user/authorizations?" + who + " ",
			Authorization{
				authorizationID,
				[]string{"member-1", "member-2"},
				AuthorizationActive,
				[]string{ScopePay, "show_balance"},
				1791536120, 1760000120, testRequestID,
			},
			[][2]string{{authorizationID, "other"}, {`"ACTIVE"`, `""`}},
		},
		"profile.json": {
			func(c *Client) (any, error) { return c.Profile(t.Context(), authorizationID) },
			"GET /v2/user/profile/secure?" + who + " ",
			Profile{"*******5678", testRequestID},
			nil,
		},
		"check-balance.json": {
			func(c *Client) (any, error) { return c.HasBalance(t.Context(), q, Yen(1280)) },
			"GET /v2/wallet/check_balance?" + who + "&amount=1280&currency=JPY&productType=REAL_INVESTMENT ",
			true,
			[][2]string{{"hasEnoughBalance", "other"}},
		},
		"wallet.json": {
			func(c *Client) (any, error) { return c.Wallet(t.Context(), q) },
			"GET /v6/wallet/balance?" + who + "&currency=JPY&productType=REAL_INVESTMENT ",
			Wallet{authorizationID, Yen(52000), WalletPreference{true, true}, testRequestID},
			[][2]string{{authorizationID, "other"}, {`"JPY"`, `"USD"`}, {"52000", "-1"}},
		},
		"payment-methods.json": {
			func(c *Client) (any, error) { return c.PaymentMethods(t.Context(), q) },
			"GET /v4/paymentMethods?" + who + "&productType=REAL_INVESTMENT ",
			PaymentMethods{
				Wallet{UserAuthorizationID: authorizationID, TotalBalance: Yen(52000)},
				[]UserPayment{{
					"CREDIT_CARD", "CARD-1", "むね銀行", "1234", "https://image.paypay.ne.jp/1.png", true, true, true, true, "ACTIVATED",
				}},
				testRequestID,
			},
			[][2]string{{authorizationID, "other"}},
		},
		"cashback.json": {
			func(c *Client) (any, error) { return c.Cashback(t.Context(), "B1") },
			"GET /v2/cashback/B1 ",
			Cashback{
				CashbackSuccess, 1760000200, "418901234567890123", "CB1", "B1", authorizationID, Yen(50), 1760000190, "来店", WalletPrepaid,
				"2027-03-31", testRequestID,
			},
			[][2]string{{`"B1"`, `"B2"`}, {`"status": "SUCCESS"`, `"status": ""`}},
		},
		"cashback-reversal.json": {
			func(c *Client) (any, error) { return c.CashbackReversal(t.Context(), "BR1", "B1") },
			"GET /v2/cashback_reversal/BR1/B1 ",
			CashbackReversal{
				CashbackSuccess, 1760000300, "418901234567890123", "CBR1", "BR1", "B1", Yen(50), 1760000290, "誤り", testRequestID,
			},
			[][2]string{{`"BR1"`, `"BR2"`}, {`"B1"`, `"B2"`}, {`"status": "SUCCESS"`, `"status": ""`}},
		},
		"expected-cashback.json": {
			func(c *Client) (any, error) { return c.ExpectedCashback(t.Context(), expectedCashback()) },
			`POST /v1/payments/cashback/expected {"requestId":"Q1","merchantPaymentId":"R1-0001","userAuthorizationId":"` + authorizationID +
				`","amount":{"amount":1280,"currency":"JPY"},"requestedAt":1760000120,"storeId":"STORE-01",` +
				`"orderItems":[{"name":"どら焼き","quantity":4,"unitPrice":{"amount":320,"currency":"JPY"}}],"productType":"REAL_INVESTMENT"}`,
			ExpectedCashback{"最大50円相当戻ってきます", testRequestID},
			nil,
		},
	} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			var s sent
			got, err := tt.call(serve(t, recording(&s, answering(200, testdata(t, file)))))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
			if got := s.method + " " + s.path + " " + s.body; got != tt.sent {
				t.Errorf("sent %s, want %s", got, tt.sent)
			}
			checkSignature(t, s)
			for _, edit := range tt.bad {
				doc := strings.Replace(testdata(t, file), edit[0], edit[1], 1)
				if doc == testdata(t, file) {
					t.Fatalf("%s changes nothing", edit)
				}
				if _, err := tt.call(serve(t, answering(200, doc))); ClassOf(err) != Unknown || !errors.Is(err, ErrMismatch) {
					t.Errorf("%s: error %v", edit, err)
				}
			}
		})
	}
}

func TestExpectedCashback_language(t *testing.T) {
	t.Parallel()
	for english, want := range map[bool]string{true: "EN", false: "JA"} {
		var s sent
		c := serve(t, recording(&s, answering(200, testdata(t, "expected-cashback.json"))))
		r := expectedCashback()
		r.English = english
		if _, err := c.ExpectedCashback(t.Context(), r); err != nil || s.header.Get("Lang") != want {
			t.Errorf("asked in %q, error %v", s.header.Get("Lang"), err)
		}
	}
}

// PayPay answers 200 for cashback that it has refused.
func TestCashback_budgetIsEmpty(t *testing.T) {
	t.Parallel()
	got, err := serve(t, answering(200, testdata(t, "cashback-budget.json"))).Cashback(t.Context(), "B1")
	if CodeOf(err) != NotEnoughBudget || ClassOf(err) != Failed || got != (Cashback{}) {
		t.Errorf("cashback %+v, error %v", got, err)
	}
}

func TestHasBalance_no(t *testing.T) {
	t.Parallel()
	doc := strings.Replace(testdata(t, "check-balance.json"), "true", "false", 1)
	if got, err := serve(t, answering(200, doc)).HasBalance(t.Context(), WalletQuery{UserAuthorizationID: "u"}, Yen(1)); got || err != nil {
		t.Errorf("%v, error %v", got, err)
	}
}

func TestCall_customersRefusedBeforeSending(t *testing.T) {
	t.Parallel()
	c := serve(t, answering(500, ""))
	session := func(change func(*LinkSessionRequest)) error {
		r := linkSession()
		change(&r)
		_, err := c.CreateLinkSession(t.Context(), r)
		return err
	}
	give := func(change func(*CashbackRequest)) error {
		r := cashback()
		change(&r)
		return c.GiveCashback(t.Context(), r)
	}
	take := func(change func(*CashbackReversalRequest)) error {
		r := cashbackReversal()
		change(&r)
		return c.ReverseCashback(t.Context(), r)
	}
	expect := func(change func(*ExpectedCashbackRequest)) error {
		r := expectedCashback()
		change(&r)
		_, err := c.ExpectedCashback(t.Context(), r)
		return err
	}
	_, wallet := c.Wallet(t.Context(), WalletQuery{UserAuthorizationID: "a&b"})
	_, product := c.Wallet(t.Context(), WalletQuery{"u", "A&b=c"})
	_, methods := c.PaymentMethods(t.Context(), WalletQuery{})
	_, balance := c.HasBalance(t.Context(), WalletQuery{UserAuthorizationID: "u"}, Yen(0))
	_, status := c.Authorization(t.Context(), "")
	_, profile := c.Profile(t.Context(), "a b")
	_, given := c.Cashback(t.Context(), "../x")
	_, taken := c.CashbackReversal(t.Context(), "a", "")
	for name, err := range map[string]error{
		"no scopes":         session(func(r *LinkSessionRequest) { r.Scopes = nil }),
		"no nonce":          session(func(r *LinkSessionRequest) { r.Nonce = "" }),
		"no reference":      session(func(r *LinkSessionRequest) { r.ReferenceID = "" }),
		"plain address":     session(func(r *LinkSessionRequest) { r.RedirectURL = "http://shop.example/" }),
		"no address":        session(func(r *LinkSessionRequest) { r.RedirectURL = "" }),
		"long reference":    session(func(r *LinkSessionRequest) { r.ReferenceID = strings.Repeat("r", 256) }),
		"no cashback":       give(func(r *CashbackRequest) { r.Amount = Yen(0) }),
		"cashback to whom":  give(func(r *CashbackRequest) { r.UserAuthorizationID = "" }),
		"date of another":   give(func(r *CashbackRequest) { r.ExpiryDate = "31.3.2027" }),
		"reversal of what":  take(func(r *CashbackReversalRequest) { r.MerchantCashbackID = "" }),
		"reversal of 0 yen": take(func(r *CashbackReversalRequest) { r.Amount = Yen(0) }),
		"no question":       expect(func(r *ExpectedCashbackRequest) { r.RequestID = "" }),
		"bad order":         expect(func(r *ExpectedCashbackRequest) { r.MerchantPaymentID = "a b" }),
		"empty item":        expect(func(r *ExpectedCashbackRequest) { r.OrderItems[0].Quantity = 0 }),
		"wallet":            wallet, "product": product, "methods": methods, "balance": balance,
		"status": status, "profile": profile, "given": given, "taken": taken,
		"unlink": c.Unlink(t.Context(), ""), "pending": c.CancelPendingPayment(t.Context(), "/"),
	} {
		if ClassOf(err) != Bug {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// An app may come back by its own scheme.
func TestCreateLinkSession_app(t *testing.T) {
	t.Parallel()
	r := linkSession()
	r.RedirectURL, r.RedirectType = "shopapp://linked", RedirectApp
	if _, err := serve(t, answering(201, testdata(t, "link-session.json"))).CreateLinkSession(t.Context(), r); err != nil {
		t.Error(err)
	}
}
