package simulator_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// with puts members into an otherwise right create.
func with(members string) string {
	return `{"merchantPaymentId":"order-1","amount":{"amount":100,"currency":"JPY"},"codeType":"ORDER_QR"` + members + `}`
}

func TestCreateCode_refusesBodies(t *testing.T) {
	t.Parallel()
	const (
		invalid = "INVALID_REQUEST_PARAMS 08100006"
		missing = "MISSING_REQUEST_PARAMS 08100024"
		badCode = "DYNAMIC_QR_BAD_REQUEST 01650000"
	)
	amount := func(raw string) string {
		return `{"merchantPaymentId":"order-1","amount":` + raw + `,"codeType":"ORDER_QR"}`
	}
	id := func(raw string) string {
		return `{"merchantPaymentId":` + raw + `,"amount":{"amount":100,"currency":"JPY"},"codeType":"ORDER_QR"}`
	}
	for _, tt := range []struct{ name, body, want, about string }{
		{"no object", `[]`, invalid, "{"},
		{"null", `null`, invalid, "{"},
		{"cut", `{"merchantPaymentId":"order-1"`, invalid, "end"},
		{"cut in a value", `{"merchantPaymentId":"ord`, invalid, "merchantPaymentId"},
		{"two objects", with("") + `{}`, invalid, "follows"},
		{"text after it", with("") + ` x`, invalid, "follows"},
		{"a byte order mark", "\ufeff" + with(""), invalid, "{"},
		{"not UTF-8", with(`,"storeId":"` + "\xff" + `"`), invalid, "UTF-8"},
		{"a name twice", with(`,"codeType":"ORDER_QR"`), invalid, "twice"},
		{"a name twice, escaped", with(`,"code\u0054ype":"ORDER_QR"`), invalid, "twice"},
		{"a name in another case", with(`,"CodeType":"ORDER_QR"`), invalid, "CodeType"},
		{"items that are no list", with(`,"orderItems":{}`), invalid, "orderItems"},
		{"an item without a price", with(`,"orderItems":[{"name":"茶","quantity":1}]`), missing, "orderItems.unitPrice"},
		{"an item for nothing", with(`,"orderItems":[{"name":"茶","quantity":1,"unitPrice":{"amount":0,"currency":"JPY"}}]`), invalid, "orderItems.unitPrice.amount"},
		{"no item at all", with(`,"orderItems":[{"name":"茶","quantity":0,"unitPrice":{"amount":1,"currency":"JPY"}}]`), invalid, "orderItems.quantity"},
		{"product type", with(`,"productType":"GROCERIES"`), invalid, "productType"},
		{"address with a zone", with(`,"ipAddress":"fe80::1%eth0"`), invalid, "ipAddress"},
		{"removed metadata", with(`,"metadata":{}`), invalid, "metadata"},
		{"unknown", with(`,"zz":1,"aa":1`), invalid, "aa"},
		{"null member", with(`,"storeId":null`), invalid, "storeId"},
		{"no id", `{"amount":{"amount":100,"currency":"JPY"},"codeType":"ORDER_QR"}`, missing, "merchantPaymentId"},
		{"empty id", id(`""`), badCode, "merchantPaymentId"},
		{"long id", id(`"` + strings.Repeat("a", 65) + `"`), badCode, "merchantPaymentId"},
		{"id with a dot", id(`"a.b"`), badCode, "merchantPaymentId"},
		{"id in Japanese", id(`"注文"`), badCode, "merchantPaymentId"},
		{"id a number", id(`1`), badCode, "merchantPaymentId"},
		{"no amount", `{"merchantPaymentId":"order-1","codeType":"ORDER_QR"}`, missing, "amount"},
		{"bare amount", amount(`100`), invalid, "amount"},
		{"amount as text", amount(`{"amount":"100","currency":"JPY"}`), invalid, "amount.amount"},
		{"fraction", amount(`{"amount":100.0,"currency":"JPY"}`), invalid, "amount.amount"},
		{"exponent", amount(`{"amount":1e2,"currency":"JPY"}`), invalid, "amount.amount"},
		{"nothing", amount(`{"amount":0,"currency":"JPY"}`), invalid, "amount.amount"},
		{"negative", amount(`{"amount":-1,"currency":"JPY"}`), invalid, "amount.amount"},
		{"twelve digits", amount(`{"amount":100000000000,"currency":"JPY"}`), invalid, "amount.amount"},
		{"no yen", amount(`{"currency":"JPY"}`), missing, "amount.amount"},
		{"no currency", amount(`{"amount":100}`), missing, "amount.currency"},
		{"dollars", amount(`{"amount":100,"currency":"USD"}`), invalid, "amount.currency"},
		{"amount twice", amount(`{"amount":100,"amount":1,"currency":"JPY"}`), invalid, "twice"},
		{"more in the amount", amount(`{"amount":100,"currency":"JPY","tax":8}`), invalid, "tax"},
		{"no code type", `{"merchantPaymentId":"order-1","amount":{"amount":100,"currency":"JPY"}}`, missing, "codeType"},
		{"another code type", `{"merchantPaymentId":"order-1","amount":{"amount":100,"currency":"JPY"},"codeType":"TOPUP_QR"}`, invalid, "codeType"},
		{"long text", with(`,"orderDescription":"` + strings.Repeat("あ", 256) + `"`), invalid, "orderDescription"},
		{"control character", with(`,"orderDescription":"a\u001bb"`), invalid, "orderDescription"},
		{"text that is a number", with(`,"terminalId":1`), invalid, "terminalId"},
		{"milliseconds", with(fmt.Sprintf(`,"requestedAt":%d`, start.UnixMilli())), invalid, "requestedAt"},
		{"time as text", with(fmt.Sprintf(`,"requestedAt":"%d"`, start.Unix())), invalid, "requestedAt"},
		{"over a day ago", with(fmt.Sprintf(`,"requestedAt":%d`, start.Unix()-86401)), invalid, "requestedAt"},
		{"over a day ahead", with(fmt.Sprintf(`,"requestedAt":%d`, start.Unix()+86401)), invalid, "requestedAt"},
		{"redirect type", with(`,"redirectType":"APP_LINK"`), invalid, "redirectType"},
		{"address", with(`,"ipAddress":"localhost"`), invalid, "ipAddress"},
		{"flag as text", with(`,"isAuthorization":"true"`), invalid, "isAuthorization"},
		{"too large", with(`,"storeInfo":"` + strings.Repeat("a", 64<<10) + `"`), invalid, "larger"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tl := newTill(t, config())
			got := tl.call("POST", "/v2/codes", tt.body)
			if have := got.code + " " + got.codeID; got.status != 400 || have != tt.want {
				t.Errorf("got %d %s (%s), want %s", got.status, have, got.message, tt.want)
			}
			if !strings.Contains(got.message, tt.about) {
				t.Errorf("message %q does not name %s", got.message, tt.about)
			}
			if len(tl.sim.State().Payments) != 0 {
				t.Error("it had an effect")
			}
		})
	}
}

func TestCreateCode_needsTheContractToHoldMoney(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	tl.call("POST", "/v2/codes", with(`,"isAuthorization":true`)).says(t, 401, "OP_OUT_OF_SCOPE", "08100023")
}

func TestCreateCode_acceptsWhatTheDocumentsAllow(t *testing.T) {
	t.Parallel()
	for _, members := range []string{
		"",
		`,"isAuthorization":false`,
		`,"redirectUrl":"https://shop.example/","redirectType":"WEB_LINK","userAgent":"x","ipAddress":"2001:db8::1"`,
		`,"orderDescription":"` + strings.Repeat("あ", 255) + `"`,
		fmt.Sprintf(`,"requestedAt":%d`, start.Add(-24*time.Hour).Unix()),
		"  ",
	} {
		tl := newTill(t, config())
		tl.call("POST", "/v2/codes", with(members)+"\n").says(t, 201, "SUCCESS", "08100001")
	}
	tl := newTill(t, config())
	tl.create(t, strings.Repeat("A", 64), 99_999_999_999)
}
