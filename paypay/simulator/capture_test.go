package simulator_test

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.jp/reji/paypay/simulator"
)

func capturing() simulator.Config {
	c := config()
	c.Capture = simulator.CaptureAllowed
	c.Customers = []simulator.Customer{{ID: "ann", Phone: "09012345678", Balance: 100_000}, {ID: "bob", Balance: 50}}
	return c
}

// hold makes a code that holds money, with further members of the body.
func (tl *till) hold(id string, yen int64, members string) reply {
	return tl.call("POST", "/v2/codes", fmt.Sprintf(
		`{"merchantPaymentId":%q,"amount":{"amount":%d,"currency":"JPY"},"codeType":"ORDER_QR","isAuthorization":true%s}`, id, yen, members))
}

// held holds money, and returns PayPay's number of the payment.
func (tl *till) held(t testing.TB, id string, yen int64) string {
	t.Helper()
	got := tl.hold(id, yen, "")
	got.says(t, 201, "SUCCESS", "08100001")
	must(t, tl.sim.Pay(got.text("codeId")))
	look := tl.look(id)
	look.is(t, "AUTHORIZED")
	return look.text("paymentId")
}

func (tl *till) capture(captureID, id string, yen int64) reply {
	return tl.call("POST", "/v2/payments/capture", fmt.Sprintf(
		`{"merchantPaymentId":%q,"merchantCaptureId":%q,"amount":{"amount":%d,"currency":"JPY"},"requestedAt":%d,"orderDescription":"tea"}`,
		id, captureID, yen, tl.seconds()))
}

func (tl *till) revert(paymentID string) reply {
	return tl.call("POST", "/v2/payments/preauthorize/revert", fmt.Sprintf(
		`{"merchantRevertId":"revert-1","paymentId":%q,"requestedAt":%d,"reason":"gone"}`, paymentID, tl.seconds()))
}

func (tl *till) change(requestID, paymentID string, yen int64) reply {
	return tl.call("POST", "/v2/payments/reauthorize", fmt.Sprintf(
		`{"requestId":%q,"paymentId":%q,"updatedAmount":{"amount":%d,"currency":"JPY"},"requestedAt":%d,"merchantComment":"more"}`,
		requestID, paymentID, yen, tl.seconds()))
}

// purse fails the test unless the money is where it should be.
func (tl *till) purse(t testing.TB, ann, held, taken int64) {
	t.Helper()
	st := tl.sim.State()
	if st.Wallets[0].Balance != ann || st.Held != held || st.Taken != taken {
		t.Errorf("ann %d, held %d, taken %d; want %d, %d, %d", st.Wallets[0].Balance, st.Held, st.Taken, ann, held, taken)
	}
}

func TestHold_needsTheContract(t *testing.T) {
	t.Parallel()
	c := config()
	c.Capture = simulator.CaptureUnsupported400
	newTill(t, c).hold("order-1", 100, "").says(t, 400, "PRE_AUTH_CAPTURE_UNSUPPORTED_MERCHANT", "00400060")
	tl := newTill(t, capturing())
	for _, at := range []int64{start.Unix(), start.Unix() - 1, start.Add(30*24*time.Hour).Unix() + 1} {
		tl.hold("order-1", 100, fmt.Sprintf(`,"authorizationExpiry":%d`, at)).says(t, 400, "PRE_AUTH_CAPTURE_INVALID_EXPIRY_DATE", "00400061")
	}
	tl.call("POST", "/v2/codes", with(`,"authorizationExpiry":1900000000`)).says(t, 400, "INVALID_REQUEST_PARAMS", "08100006")
}

func TestHold_lapsesByTheClock(t *testing.T) {
	t.Parallel()
	tl := newTill(t, capturing())
	end := start.Add(time.Hour)
	got := tl.hold("order-1", 100, fmt.Sprintf(`,"authorizationExpiry":%d`, end.Unix()))
	if got.text("authorizationExpiry") != strconv.FormatInt(end.Unix(), 10) || got.text("isAuthorization") != "true" {
		t.Error(got.raw)
	}
	must(t, tl.sim.Pay(got.text("codeId")))
	look := tl.look("order-1")
	look.is(t, "AUTHORIZED")
	if look.text("expiresAt") != strconv.FormatInt(end.Unix(), 10) || look.text("acceptedAt") != strconv.FormatInt(start.Unix(), 10) {
		t.Error(look.raw)
	}
	tl.purse(t, 99_900, 100, 0)
	tl.advance(time.Hour - 1)
	tl.look("order-1").is(t, "AUTHORIZED")
	tl.advance(1)
	tl.look("order-1").is(t, "EXPIRED")
	tl.purse(t, 100_000, 0, 0)
	tl.capture("capture-1", "order-1", 100).says(t, 400, "ORDER_EXPIRED", "00200043")
	tl.cancel("order-1").says(t, 400, "ORDER_NOT_REVERSIBLE", "00200044")
}

func TestCapture_upToTheHoldIsDoneAtOnce(t *testing.T) {
	t.Parallel()
	for _, yen := range []int64{1, 999, 1000} {
		tl := newTill(t, capturing())
		number := tl.held(t, "order-1", 1000)
		tl.advance(time.Minute)
		got := tl.capture("capture-1", "order-1", yen)
		got.says(t, 200, "SUCCESS", "08100001")
		got.is(t, "COMPLETED")
		want := fmt.Sprintf("map[data:[map[acceptedAt:%d amount:map[amount:%d currency:JPY] expiresAt:<nil> "+
			"merchantCaptureId:capture-1 orderDescription:tea requestedAt:%d status:COMPLETED]]]", start.Unix()+60, yen, start.Unix()+60)
		if got.text("captures") != want || got.text("paymentId") != number {
			t.Error(got.raw)
		}
		tl.purse(t, 100_000-yen, 0, yen)
		tl.capture("capture-2", "order-1", yen).says(t, 400, "ALREADY_CAPTURED", "00200039")
		tl.cancel("order-1").says(t, 400, "ORDER_NOT_REVERSIBLE", "00200044")
		tl.revert(number).says(t, 400, "ORDER_NOT_CANCELABLE", "00200042")
		tl.refund("refund-1", number, yen+1).says(t, 400, "INVALID_PARAMS", "00200015")
		tl.refund("refund-1", number, yen).says(t, 200, "SUCCESS", "08100001")
		tl.advance(time.Minute)
		tl.look("order-1").is(t, "REFUNDED")
		tl.capture("capture-2", "order-1", yen).says(t, 400, "ALREADY_CAPTURED", "00200039")
		tl.purse(t, 100_000, 0, 0)
	}
}

func TestCapture_aboveTheHoldNeedsConsent(t *testing.T) {
	t.Parallel()
	tl := newTill(t, capturing())
	tl.held(t, "order-1", 1000)
	got := tl.capture("capture-1", "order-1", 1001)
	got.says(t, 202, "USER_CONFIRMATION_REQUIRED", "08300103")
	if got.data != nil {
		t.Error(got.raw)
	}
	look := tl.look("order-1")
	look.is(t, "AUTHORIZED")
	if c := look.text("captures"); !strings.Contains(c, "status:USER_REQUESTED") || !strings.Contains(c, fmt.Sprint("expiresAt:", start.Unix()+6*3600)) {
		t.Error(look.raw)
	}
	tl.capture("capture-2", "order-1", 1000).says(t, 400, "REAUTHORIZATION_IN_PROGRESS", "00200038")
	if got := tl.control(t, "POST", "/simulator/payments/order-1/consent", ""); got.Code != 200 || !strings.Contains(got.Body.String(), `"stage":"raising"`) {
		t.Error(got.Body)
	}
	tl.look("order-1").is(t, "REAUTHORIZING")
	tl.capture("capture-2", "order-1", 1000).says(t, 400, "REAUTHORIZATION_IN_PROGRESS", "00200038")
	tl.cancel("order-1").says(t, 400, "ORDER_NOT_REVERSIBLE", "00200044")
	tl.advance(time.Second)
	tl.look("order-1").is(t, "COMPLETED")
	tl.purse(t, 100_000-1001, 0, 1001)
	if err := tl.sim.Consent("order-1"); !errors.Is(err, simulator.ErrNotAsked) {
		t.Errorf("got %v, want ErrNotAsked", err)
	}
}

func TestCapture_consentThatDoesNotCome(t *testing.T) {
	t.Parallel()
	for name, wait := range map[string]func(*till) error{
		"declined":   func(tl *till) error { return tl.sim.Refuse("order-1") },
		"unanswered": func(tl *till) error { tl.advance(6 * time.Hour); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tl := newTill(t, capturing())
			tl.held(t, "order-1", 1000)
			tl.capture("capture-1", "order-1", 1500).says(t, 202, "USER_CONFIRMATION_REQUIRED", "08300103")
			must(t, wait(tl))
			look := tl.look("order-1")
			look.is(t, "AUTHORIZED")
			if look.data["captures"] != nil {
				t.Error(look.raw)
			}
			if err := tl.sim.Consent("order-1"); !errors.Is(err, simulator.ErrNotAsked) {
				t.Errorf("got %v, want ErrNotAsked", err)
			}
			tl.capture("capture-1", "order-1", 1000).says(t, 400, "INVALID_REQUEST_PARAMS", "08100006")
			tl.capture("capture-2", "order-1", 1000).says(t, 200, "SUCCESS", "08100001")
			tl.purse(t, 99_000, 0, 1000)
		})
	}
}

func TestCapture_higherIsRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(*simulator.Config)
		wait   time.Duration
		yen    int64
		code   string
		codeID string
	}{
		{"not permitted", func(c *simulator.Config) { c.NoHigherCapture = true }, 0, 1001, "HIGHER_CAPTURE_NOT_PERMITTED", "00400062"},
		{"too close to the end", func(*simulator.Config) {}, 30*24*time.Hour - time.Minute, 1001, "TOO_CLOSE_TO_EXPIRY", "00400064"},
		{"over the balance", func(*simulator.Config) {}, 0, 100_001, "NO_SUFFICIENT_FUND", ""},
		{"over the limit", func(*simulator.Config) {}, 0, 500_001, "LIMIT_EXCEEDED", ""},
		{"over the day", func(c *simulator.Config) { c.Customers[0].DailyLimit = 1500 }, 0, 1501, "USER_DEFINED_DAILY_LIMIT_EXCEEDED", ""},
		{"over the month", func(c *simulator.Config) { c.Customers[0].MonthlyLimit = 1500 }, 0, 1501, "USER_DEFINED_MONTHLY_LIMIT_EXCEEDED", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := capturing()
			tt.change(&c)
			tl := newTill(t, c)
			tl.held(t, "order-1", 1000)
			tl.advance(tt.wait)
			tl.capture("capture-1", "order-1", tt.yen).says(t, 400, tt.code, tt.codeID)
			tl.capture("capture-1", "order-1", 1000).says(t, 200, "SUCCESS", "08100001")
		})
	}
}

func TestCapture_refusals(t *testing.T) {
	t.Parallel()
	tl := newTill(t, capturing())
	tl.capture("capture-1", "never", 1).says(t, 404, "RESOURCE_NOT_FOUND", "00200001")
	tl.hold("unpaid", 100, "")
	tl.capture("capture-1", "unpaid", 1).says(t, 404, "RESOURCE_NOT_FOUND", "00200001")
	tl.paid(t, "instant", 100)
	tl.capture("capture-1", "instant", 100).says(t, 400, "ORDER_NOT_CAPTURABLE", "00200035")
	tl.held(t, "order-1", 100)
	must(t, tl.sim.SetAccount("ann", simulator.AccountClosed))
	tl.capture("capture-1", "order-1", 100).says(t, 400, "CANCELED_USER", "01103027")
	must(t, tl.sim.SetAccount("ann", simulator.AccountSuspended))
	tl.capture("capture-1", "order-1", 100).says(t, 400, "UNACCEPTABLE_OP", "00400035")
	tl.call("POST", "/v2/payments/capture", `{"merchantPaymentId":"order-1","merchantCaptureId":"c","amount":{"amount":1,"currency":"JPY"},`+
		fmt.Sprintf(`"requestedAt":%d}`, start.Unix())).says(t, 400, "MISSING_REQUEST_PARAMS", "08100024")
	tl.call("GET", "/v2/payments/preauthorize/revert", "").says(t, 405, "INVALID_REQUEST_PARAMS", "08100006")
}

func TestCancelPayment_ofAHold(t *testing.T) {
	t.Parallel()
	tl := newTill(t, capturing())
	number := tl.held(t, "order-1", 1000)
	tl.capture("capture-1", "order-1", 1500).says(t, 202, "USER_CONFIRMATION_REQUIRED", "08300103")
	tl.cancel("order-1").says(t, 202, "REQUEST_ACCEPTED", "08100001")
	if err := tl.sim.Consent("order-1"); !errors.Is(err, simulator.ErrNotAsked) {
		t.Errorf("got %v, want ErrNotAsked", err)
	}
	tl.capture("capture-2", "order-1", 1000).says(t, 400, "ORDER_NOT_CAPTURABLE", "00200035")
	tl.revert(number).says(t, 400, "ORDER_NOT_CANCELABLE", "00200042")
	tl.change("change-1", number, 500).says(t, 400, "REAUTHORIZE_REJECTED", "")
	tl.advance(time.Second)
	tl.look("order-1").is(t, "FAILED")
	tl.purse(t, 100_000, 0, 0)

	tl.cancel("order-2")
	tl.held(t, "order-2", 1000)
	tl.advance(time.Second)
	tl.look("order-2").is(t, "FAILED")
	tl.purse(t, 100_000, 0, 0)
}

func TestRevert_letsTheHoldGo(t *testing.T) {
	t.Parallel()
	tl := newTill(t, capturing())
	number := tl.held(t, "order-1", 1000)
	tl.revert("order-1").says(t, 404, "RESOURCE_NOT_FOUND", "00200001")
	got := tl.revert(number)
	got.says(t, 200, "SUCCESS", "08100001")
	want := fmt.Sprintf("map[acceptedAt:%d paymentId:%s reason:gone requestedAt:%[1]d status:CANCELED]", start.Unix(), number)
	if fmt.Sprint(got.data) != want {
		t.Error(got.raw)
	}
	look := tl.look("order-1")
	look.is(t, "CANCELED")
	if want := fmt.Sprintf("map[acceptedAt:%d merchantRevertId:revert-1 reason:gone requestedAt:%[1]d]", start.Unix()); look.text("revert") != want {
		t.Error(look.raw)
	}
	tl.purse(t, 100_000, 0, 0)
	tl.revert(number).says(t, 400, "ORDER_NOT_CANCELABLE", "00200042")
	tl.capture("capture-1", "order-1", 1).says(t, 400, "ORDER_NOT_CAPTURABLE", "00200035")
	tl.cancel("order-1").says(t, 400, "ORDER_NOT_REVERSIBLE", "00200044")
}

func TestChangeAmount_lowerAtOnceHigherByConsent(t *testing.T) {
	t.Parallel()
	tl := newTill(t, capturing())
	number := tl.held(t, "order-1", 1000)
	tl.change("change-1", number, 1000).says(t, 400, "REAUTH_AMOUNT_UNCHANGED", "")
	tl.change("change-1", number, 100_001).says(t, 400, "PAY_METHOD_INVALIDATED", "")
	tl.change("change-1", "0400000000", 1).says(t, 404, "RESOURCE_NOT_FOUND", "00200001")
	got := tl.change("change-1", number, 600)
	got.says(t, 200, "SUCCESS", "08100001")
	if got.text("updatedAmount") != "map[amount:600 currency:JPY]" || got.text("requestId") != "change-1" {
		t.Error(got.raw)
	}
	tl.purse(t, 99_400, 600, 0)
	tl.change("change-1", number, 500).says(t, 400, "REAUTHORIZE_REJECTED", "")

	got = tl.change("change-2", number, 700)
	got.says(t, 201, "USER_CONFIRMATION_REQUIRED", "08300104")
	if got.text("url") != "http://till.example:8080/payments/order-1" || got.text("expiresAt") != strconv.FormatInt(start.Unix()+6*3600, 10) {
		t.Error(got.raw)
	}
	tl.change("change-3", number, 500).says(t, 400, "REAUTHORIZE_REJECTED", "")
	must(t, tl.sim.Consent("order-1"))
	tl.look("order-1").is(t, "AUTHORIZED")
	tl.purse(t, 99_300, 700, 0)
	for i := range 8 {
		tl.change(fmt.Sprint("again-", i), number, int64(600-i)).says(t, 200, "SUCCESS", "08100001")
	}
	tl.change("eleventh", number, 1).says(t, 400, "REAUTH_MAX_LIMIT_EXCEEDED", "")
	tl.capture("capture-1", "order-1", 593).says(t, 200, "SUCCESS", "08100001")
	tl.purse(t, 100_000-593, 0, 593)
	tl.change("late", number, 1).says(t, 400, "REAUTHORIZE_REJECTED", "")
}

func TestCustomer_cannotPayMoreThanTheyHaveOrMay(t *testing.T) {
	t.Parallel()
	c := capturing()
	c.Customers[0].DailyLimit, c.Customers[0].MonthlyLimit = 150, 250
	tl := newTill(t, c)
	bob := tl.create(t, "bob", 51)
	must(t, tl.sim.PayAs(bob, "bob"))
	tl.look("bob").is(t, "FAILED")
	if err := tl.sim.PayAs(tl.create(t, "eve", 1), "eve"); !errors.Is(err, simulator.ErrUnknownCustomer) {
		t.Errorf("got %v, want ErrUnknownCustomer", err)
	}
	try := func(id string, yen int64, want string) {
		t.Helper()
		code := tl.call("POST", "/v2/codes", createBodyAt(id, yen, tl.elapsed)).text("codeId")
		got := tl.control(t, "POST", "/simulator/codes/"+code+"/pay", `{"customer":"ann"}`)
		if !strings.Contains(got.Body.String(), `"status":"`+want+`"`) {
			t.Errorf("%s: %s", id, got.Body)
		}
	}
	try("day", 150, "COMPLETED")
	try("too-much", 1, "FAILED")
	tl.advance(12 * time.Hour) // the next day in Japan
	try("next-day", 100, "COMPLETED")
	try("over-month", 1, "FAILED")
	tl.advance(10 * 24 * time.Hour)
	try("next-month", 1, "COMPLETED")
	got := tl.control(t, "POST", "/simulator/codes/"+bob+"/pay", `{"customer":"eve"}`)
	if got.Code != 404 || !strings.Contains(got.Body.String(), `"field":"customer"`) {
		t.Error(got.Body)
	}
}

func TestCustomer_sameAmountTwice(t *testing.T) {
	t.Parallel()
	c := config()
	c.SimilarCodeFails = true
	tl := newTill(t, c)
	tl.paid(t, "order-1", 100)
	must(t, tl.sim.Pay(tl.create(t, "order-2", 100)))
	must(t, tl.sim.Pay(tl.create(t, "order-3", 101)))
	tl.look("order-2").is(t, "FAILED")
	tl.look("order-3").is(t, "COMPLETED")
	tl.advance(5 * time.Minute)
	tl.paid(t, "order-4", 100)
	tl.look("order-4").is(t, "COMPLETED")
}

func TestCapture_needsADescription(t *testing.T) {
	t.Parallel()
	tl := newTill(t, capturing())
	tl.held(t, "order-1", 100)
	body := fmt.Sprintf(`{"merchantPaymentId":"order-1","merchantCaptureId":"c","amount":{"amount":100,"currency":"JPY"},"requestedAt":%d`, tl.seconds())
	tl.call("POST", "/v2/payments/capture", body+`}`).says(t, 400, "MISSING_REQUEST_PARAMS", "08100024")
	tl.call("POST", "/v2/payments/capture", body+`,"orderDescription":""}`).says(t, 400, "INVALID_REQUEST_PARAMS", "08100006")
	tl.purse(t, tl.sim.State().Wallets[0].Balance, 100, 0)
}
