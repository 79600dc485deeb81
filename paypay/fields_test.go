package paypay

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The fields of each answer are those that PayPay documents, or that its own SDKs
// name, and no others.
func TestAnswers_documentedFields(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		of     any
		fields string
	}{
		{Code{}, "codeId url deeplink expiryDate merchantPaymentId amount orderDescription orderItems codeType storeInfo storeId " +
			"productType terminalId requestedAt redirectUrl redirectType isAuthorization authorizationExpiry"},
		{CodeItem{}, "name category quantity productId unit_price"},
		{Payment{}, "paymentId status acceptedAt refunds captures revert merchantPaymentId amount requestedAt expiresAt canceledAt " +
			"storeId terminalId orderReceiptNumber orderDescription orderItems paymentMethods userAuthorizationId assumeMerchant authorizedAt"},
		{OrderItem{}, "name category quantity productId unitPrice"},
		{Money{}, "amount currency"},
		{PaymentMethod{}, "amount type breakdown"},
		{Breakdown{}, "points"},
		{Points{}, "amount type"},
		{Refund{}, "status acceptedAt merchantRefundId paymentId amount requestedAt reason assumeMerchant"},
		{Capture{}, "acceptedAt merchantCaptureId amount orderDescription requestedAt expiresAt status"},
		{Revert{}, "status acceptedAt merchantRevertId paymentId requestedAt reason"},
		{Reauthorization{}, "requestId paymentId updatedAmount requestedAt acceptedAt expiresAt paymentMethods"},
		{ConsentPage{}, "url expiresAt"},
		{PendingPayment{}, "merchantPaymentId userAuthorizationId amount requestedAt expiryDate storeId terminalId orderReceiptNumber " +
			"orderDescription orderItems productType status paymentId acceptedAt refunds"},
		{LinkSession{}, "linkQRCodeURL"},
		{Authorization{}, "userAuthorizationId referenceIds status scopes expireAt issuedAt"},
		{Profile{}, "phoneNumber"},
		{Wallet{}, "userAuthorizationId totalBalance preference"},
		{WalletPreference{}, "useCashback cashbackAutoInvestment"},
		{PaymentMethods{}, "walletInfo paymentMethods"},
		{UserPayment{}, "paymentMethodType id issuerName accountNo logoUrl disabled underMaintenance authenticated limited paymentMethodStatus"},
		{Cashback{}, "status acceptedAt merchantAlias cashbackId merchantCashbackId userAuthorizationId amount requestedAt " +
			"orderDescription walletType expiryDate"},
		{CashbackReversal{}, "status acceptedAt merchantAlias cashbackReversalId merchantCashbackReversalId merchantCashbackId amount " +
			"requestedAt reason"},
		{ExpectedCashback{}, "campaignMessage"},
	} {
		var got []string
		for f := range reflect.TypeOf(tt.of).Fields() {
			if key := f.Tag.Get("json"); key != "-" {
				got = append(got, strings.TrimSuffix(key, ",omitempty"))
			}
		}
		want := strings.Fields(tt.fields)
		slices.Sort(got)
		slices.Sort(want)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%T: %s", tt.of, d)
		}
	}
}

// Others say that the day until which cashback can be spent is a number.
func TestCashback_expiryDate(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]Day{`"2027-03-31"`: "2027-03-31", `1806418800`: "1806418800", `20270331`: "20270331", `""`: "", `null`: ""} {
		doc := strings.Replace(testdata(t, "cashback.json"), `"2027-03-31"`, sent, 1)
		if got, err := serve(t, answering(200, doc)).Cashback(t.Context(), "B1"); err != nil || got.ExpiryDate != want {
			t.Errorf("%s: %+v, error %v", sent, got, err)
		}
	}
}
