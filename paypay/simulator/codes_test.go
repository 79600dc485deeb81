package simulator_test

import (
	"errors"
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.jp/reji/paypay/simulator"
)

func TestCreateCode_answersAllDocumentedFields(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	got := tl.call("POST", "/v2/codes", createBody("order-1", 1200))
	got.says(t, 201, "SUCCESS", "08100001")
	codeID := got.text("codeId")
	if !regexp.MustCompile(`^04-[A-Za-z0-9]{16}$`).MatchString(codeID) {
		t.Errorf("codeId %q", codeID)
	}
	want := `map[amount:map[amount:1200 currency:JPY] authorizationExpiry:<nil> codeId:` + codeID + ` codeType:ORDER_QR ` +
		`deeplink:paypay://payment?link_key=http%3A%2F%2Ftill.example%3A8080%2Fpay%2F` + codeID +
		fmt.Sprintf(` expiryDate:%d`, start.Unix()+300) +
		` isAuthorization:false merchantPaymentId:order-1 orderDescription:Sakura Café 0001 orderItems:<nil> productType:<nil> ` +
		`redirectType:<nil> redirectUrl:<nil>` + fmt.Sprintf(` requestedAt:%d`, start.Unix()) +
		` storeId:S1 storeInfo:Sakura <b>Café</b> terminalId:T1 url:http://till.example:8080/pay/` + codeID + `]`
	if diff := cmp.Diff(want, fmt.Sprint(got.data)); diff != "" {
		t.Error(diff)
	}
	if id := got.header.Get("X-REQUEST-ID"); !regexp.MustCompile(`^OPA[0-9A-F]{32}$`).MatchString(id) {
		t.Errorf("request id %q", id)
	}
	if d := got.header.Get("Date"); d != "Mon, 23 Nov 2026 03:00:00 GMT" {
		t.Errorf("Date %q", d)
	}
}

func TestCreateCode_addressIsTheHostOfTheRequestByDefault(t *testing.T) {
	t.Parallel()
	c := config()
	c.PublicURL = ""
	tl := newTill(t, c)
	got := tl.call("POST", "/v2/codes", createBody("order-1", 1))
	if want := "http://paypay.example/pay/" + got.text("codeId"); got.text("url") != want {
		t.Errorf("url %q, want %q", got.text("url"), want)
	}
}

func TestCreateCode_refusesAnUsedIDForEver(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	code := tl.create(t, "order-1", 100)
	tl.call("POST", "/v2/codes", createBody("order-1", 100)).says(t, 400, "DUPLICATE_DYNAMIC_QR_REQUEST", "01652073")
	tl.shut(code).says(t, 200, "SUCCESS", "08100001")
	tl.advance(time.Hour)
	tl.call("POST", "/v2/codes", createBody("order-1", 100)).says(t, 400, "DUPLICATE_DYNAMIC_QR_REQUEST", "01652073")
}

func TestCodePayment_beforeAndAfterPayment(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	code := tl.create(t, "order-1", 100)
	before := tl.look("order-1")
	want := `map[acceptedAt:0 amount:map[amount:100 currency:JPY] canceledAt:<nil> captures:<nil> expiresAt:<nil> ` +
		`merchantPaymentId:order-1 orderDescription:Sakura Café 0001 orderItems:<nil> orderReceiptNumber:<nil> paymentId:<nil> ` +
		`paymentMethods:<nil> refunds:<nil> requestedAt:0 revert:<nil> status:CREATED storeId:S1 terminalId:T1]`
	if diff := cmp.Diff(want, fmt.Sprint(before.data)); diff != "" {
		t.Error(diff)
	}
	tl.call("GET", "/v2/payments/order-1", "").says(t, 404, "RESOURCE_NOT_FOUND", "00200001")

	tl.advance(10 * time.Second)
	must(t, tl.sim.Pay(code))
	after := tl.look("order-1")
	id := after.text("paymentId")
	if !regexp.MustCompile(`^0[0-9]{19}$`).MatchString(id) {
		t.Errorf("paymentId %q", id)
	}
	want = fmt.Sprintf(`map[acceptedAt:%d amount:map[amount:100 currency:JPY] canceledAt:<nil> captures:<nil> expiresAt:<nil> `+
		`merchantPaymentId:order-1 orderDescription:Sakura Café 0001 orderItems:<nil> orderReceiptNumber:<nil> paymentId:%s `+
		`paymentMethods:[map[amount:map[amount:100 currency:JPY] type:WALLET]] refunds:<nil> requestedAt:%d revert:<nil> `+
		`status:COMPLETED storeId:S1 terminalId:T1]`, start.Unix()+10, id, start.Unix())
	if diff := cmp.Diff(want, fmt.Sprint(after.data)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(after.data, tl.call("GET", "/v2/payments/order-1", "").data); diff != "" {
		t.Error(diff)
	}
}

func TestCode_expiresAtItsExpiryDate(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	code := tl.create(t, "order-1", 100)
	must(t, tl.sim.Scan(code))
	tl.advance(5*time.Minute - time.Nanosecond)
	tl.look("order-1").is(t, "CREATED")
	tl.advance(time.Nanosecond)
	tl.look("order-1").says(t, 400, "DYNAMIC_QR_PAYMENT_NOT_FOUND", "01652075")
	for _, act := range []func(string) error{tl.sim.Scan, tl.sim.Pay, tl.sim.Decline, tl.sim.FailPayment} {
		if err := act(code); !errors.Is(err, simulator.ErrExpired) {
			t.Errorf("got %v, want ErrExpired", err)
		}
	}
	tl.shut(code).says(t, 404, "DYNAMIC_QR_NOT_FOUND", "01652072")
}

func TestCode_doesNotComeBackWhenTheClockIsSetBack(t *testing.T) {
	t.Parallel()
	c := config()
	now := start
	c.Now = func() time.Time { return now }
	tl := newTill(t, c)
	code := tl.create(t, "order-1", 100)
	now = start.Add(time.Hour)
	_ = tl.sim.State()
	now = start
	if err := tl.sim.Pay(code); !errors.Is(err, simulator.ErrExpired) {
		t.Errorf("got %v, want ErrExpired", err)
	}
}

func TestCodePayment_ofACodeThatIsGone(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		answer  simulator.GoneAnswer
		status  int
		code    string
		unknown int
	}{
		{"not found with 400", simulator.NotFound400, 400, "DYNAMIC_QR_PAYMENT_NOT_FOUND", 400},
		{"not found with 404", simulator.NotFound404, 404, "DYNAMIC_QR_PAYMENT_NOT_FOUND", 404},
		{"created", simulator.Created200, 200, "SUCCESS", 400},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := config()
			c.GoneAnswer = tt.answer
			tl := newTill(t, c)
			tl.shut(tl.create(t, "deleted", 100)).says(t, 200, "SUCCESS", "08100001")
			tl.create(t, "expired", 100)
			tl.advance(time.Hour)
			for _, id := range []string{"deleted", "expired"} {
				got := tl.look(id)
				if got.status != tt.status || got.code != tt.code {
					t.Errorf("%s: %d %s", id, got.status, got.raw)
				}
				if tt.status == 200 && got.text("status") != "CREATED" {
					t.Errorf("%s: %s", id, got.raw)
				}
			}
			tl.look("never").says(t, tt.unknown, "DYNAMIC_QR_PAYMENT_NOT_FOUND", "01652075")
		})
	}
}

func TestDeleteCode_shutsIt(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	code := tl.create(t, "order-1", 100)
	got := tl.shut(code)
	got.says(t, 200, "SUCCESS", "08100001")
	if got.text("qrStatus") != "DELETED" {
		t.Error(got.raw)
	}
	if err := tl.sim.Pay(code); !errors.Is(err, simulator.ErrDeleted) {
		t.Errorf("got %v, want ErrDeleted", err)
	}
	tl.shut(code).says(t, 404, "DYNAMIC_QR_NOT_FOUND", "01652072")
	tl.shut("04-AAAAAAAAAAAAAAAA").says(t, 404, "DYNAMIC_QR_NOT_FOUND", "01652072")
	tl.call("DELETE", "/v2/codes/04%20", "").says(t, 400, "DYNAMIC_QR_BAD_REQUEST", "01650000")
}

func TestDeleteCode_acceptsTheEmptyObjectOfAnOfficialClient(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	code := tl.create(t, "order-1", 100)
	tl.call("DELETE", "/v2/codes/"+code, "{ }").says(t, 400, "INVALID_REQUEST_PARAMS", "08100006")
	tl.call("DELETE", "/v2/codes/"+code, "{}").says(t, 200, "SUCCESS", "08100001")
	tl.call("DELETE", "/v2/payments/order-1", "{}").says(t, 400, "INVALID_REQUEST_PARAMS", "08100006")
}

func TestDeleteCode_ofAPaidCode(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		answer simulator.PaidDelete
		status int
		code   string
		codeID string
	}{
		{"already paid", simulator.AlreadyPaid400, 400, "DYNAMIC_QR_ALREADY_PAID", "01652074"},
		{"not found", simulator.PaidNotFound404, 404, "DYNAMIC_QR_NOT_FOUND", "01652072"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := config()
			c.PaidDelete = tt.answer
			tl := newTill(t, c)
			code := tl.create(t, "order-1", 100)
			must(t, tl.sim.Pay(code))
			tl.shut(code).says(t, tt.status, tt.code, tt.codeID)
			tl.look("order-1").is(t, "COMPLETED")
		})
	}
}

func TestDeleteCode_whileConfirming_paymentWins(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	pays, leaves, stays := tl.create(t, "pays", 100), tl.create(t, "leaves", 100), tl.create(t, "stays", 100)
	for _, code := range []string{pays, leaves, stays} {
		must(t, tl.sim.Scan(code))
		tl.shut(code).says(t, 200, "SUCCESS", "08100001")
		tl.shut(code).says(t, 404, "DYNAMIC_QR_NOT_FOUND", "01652072")
	}
	// Not found would say that no payment can follow.
	tl.look("pays").is(t, "CREATED")
	must(t, tl.sim.Pay(pays))
	tl.look("pays").is(t, "COMPLETED")
	tl.shut(pays).says(t, 400, "DYNAMIC_QR_ALREADY_PAID", "01652074")

	must(t, tl.sim.Decline(leaves))
	tl.look("leaves").says(t, 400, "DYNAMIC_QR_PAYMENT_NOT_FOUND", "01652075")
	tl.look("stays").is(t, "CREATED")
	tl.advance(5 * time.Minute)
	tl.look("stays").says(t, 400, "DYNAMIC_QR_PAYMENT_NOT_FOUND", "01652075")
	for _, code := range []string{leaves, stays} {
		if err := tl.sim.Scan(code); !errors.Is(err, simulator.ErrDeleted) {
			t.Errorf("got %v, want ErrDeleted", err)
		}
	}
}

func TestDeleteCode_whileConfirming_deleteWins(t *testing.T) {
	t.Parallel()
	c := config()
	c.DeleteRace = simulator.DeleteWins
	tl := newTill(t, c)
	code := tl.create(t, "order-1", 100)
	must(t, tl.sim.Scan(code))
	tl.shut(code).says(t, 200, "SUCCESS", "08100001")
	if err := tl.sim.Pay(code); !errors.Is(err, simulator.ErrDeleted) {
		t.Errorf("got %v, want ErrDeleted", err)
	}
	tl.look("order-1").says(t, 400, "DYNAMIC_QR_PAYMENT_NOT_FOUND", "01652075")
}

func TestLookUps_refuseIDsThatCannotBe(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	tl.look("a.b").says(t, 400, "DYNAMIC_QR_BAD_REQUEST", "01650000")
	tl.look("").says(t, 400, "DYNAMIC_QR_BAD_REQUEST", "01650000")
	tl.call("GET", "/v2/payments/a%2Fb", "").says(t, 400, "INVALID_REQUEST_PARAMS", "08100006")
	tl.cancel("a:b").says(t, 400, "INVALID_REQUEST_PARAMS", "08100006")
	tl.call("GET", "/v2/codes/payments/order-1", "{}").says(t, 400, "INVALID_REQUEST_PARAMS", "08100006")
}

func TestUnknownPaths_doNotLookLikeAMissingPayment(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	tl.call("GET", "/v2/codes/order-1", "").says(t, 405, "INVALID_REQUEST_PARAMS", "08100006")
	tl.call("GET", "/v2/nothing", "").says(t, 404, "INVALID_REQUEST_PARAMS", "08100006")
	tl.call("POST", "/v1/code/topup", "{}").says(t, 404, "INVALID_REQUEST_PARAMS", "08100006")
}
