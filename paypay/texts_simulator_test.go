package paypay_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"example.jp/reji/paypay"
)

// chosen are the texts of which PayPay knows a few, or which have to name something.
var chosen = []string{
	"currency", "redirectType", "productType", "walletType", "scopes", "ipAddress", "redirectUrl", "expiryDate",
	"paymentMethodType", "paymentMethodId", "userAuthorizationId",
}

// Whatever texts a shop has, what the client lets through is never refused for the
// way it is written: the two agree on what can be sent, and share no code.
func TestSimulator_takesTheTextsThatTheClientSends(t *testing.T) {
	t.Parallel()
	for _, op := range paypay.Operations() {
		t.Run(string(op), func(t *testing.T) {
			t.Parallel()
			c := standConfig()
			c.ProductTypes = []string{"VIRTUAL_BONUS_INVESTMENT", "PAY_LATER_REPAYMENT", "REAL_INVESTMENT", "UTILITY_BILL"}
			s, end, err := newStand(c)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(end)
			text := rapid.OneOf(
				rapid.String(),
				rapid.StringMatching(`[a-zA-Z0-9_-]{1,64}`),
				rapid.Map(rapid.IntRange(253, 257), func(n int) string { return strings.Repeat("𠮷", n) }),
				rapid.SampledFrom([]string{"", " ", "\u2028", "\ufeff", "e\u0301", "<&>", "\u202eabc", "\x00", "\u200d", "\ufffd", "\xff"}),
			)
			rapid.Check(t, func(rt *rapid.T) {
				err := paypay.Edit(t, s.Client, op, func(request any) {
					for name, at := range paypay.Texts(request) {
						if !slices.Contains(chosen, name) && rapid.Bool().Draw(rt, name+" is changed") {
							at.SetString(text.Draw(rt, name))
						}
					}
					untimed(reflect.ValueOf(request).Elem())
				})
				switch paypay.CodeOf(err) {
				case "INVALID_REQUEST_PARAMS", "MISSING_REQUEST_PARAMS", "DYNAMIC_QR_BAD_REQUEST":
					rt.Fatal(err)
				default:
				}
			})
		})
	}
}

// untimed leaves the times of a request to the client and to PayPay.
func untimed(v reflect.Value) {
	if v.Kind() != reflect.Struct {
		return
	}
	for i := range v.NumField() {
		switch f := v.Type().Field(i); {
		case f.Name == "RequestedAt" || f.Type.Kind() == reflect.Int64 && (strings.HasPrefix(f.Name, "Exp") || strings.HasSuffix(f.Name, "Expiry")):
			v.Field(i).SetInt(0)
		case f.Anonymous:
			untimed(v.Field(i))
		}
	}
}
