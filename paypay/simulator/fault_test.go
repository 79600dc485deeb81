package simulator_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.jp/reji/paypay/simulator"
)

// Each kind of fault meets a create: what comes back, and whether a code exists
// afterwards.
func TestFault_onACreate(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		fault   simulator.Fault
		dropped bool
		status  int
		code    string
		codeID  string
		effect  bool
	}{
		{simulator.Fault{Kind: simulator.DropBefore}, true, 0, "", "", false},
		{simulator.Fault{Kind: simulator.DropAfter}, true, 0, "", "", true},
		{simulator.Fault{Kind: simulator.StatusBefore, Status: 500, Code: "SERVICE_ERROR", CodeID: "08100026"}, false, 500, "SERVICE_ERROR", "08100026", false},
		{simulator.Fault{Kind: simulator.StatusAfter, Status: 500, Code: "INTERNAL_SERVER_ERROR", CodeID: "08101000"}, false, 500, "INTERNAL_SERVER_ERROR", "08101000", true},
		{simulator.Fault{Kind: simulator.HTMLBefore}, false, 200, "", "", false},
		{simulator.Fault{Kind: simulator.HTMLBefore, Status: 502}, false, 502, "", "", false},
		{simulator.Fault{Kind: simulator.HTMLAfter}, false, 502, "", "", true},
		{simulator.Fault{Kind: simulator.HTMLAfter, Status: 200}, false, 200, "", "", true},
		{simulator.Fault{Kind: simulator.RateLimit}, false, 429, "RATE_LIMIT", "08100998", false},
		{simulator.Fault{Kind: simulator.Maintenance}, false, 503, "MAINTENANCE_MODE", "08100999", false},
		{simulator.Fault{Kind: simulator.Unauthorized}, false, 401, "UNAUTHORIZED", "08100016", false},
		{simulator.Fault{Kind: simulator.Truncated}, true, 201, "", "", true},
		{simulator.Fault{Kind: simulator.WrongLength}, false, 201, "", "", true},
		{simulator.Fault{Kind: simulator.Garbage}, false, 201, "", "", true},
		{simulator.Fault{Kind: simulator.WrongAmount}, false, 201, "SUCCESS", "08100001", true},
		{simulator.Fault{Kind: simulator.WrongID}, false, 201, "SUCCESS", "08100001", true},
	} {
		t.Run(fmt.Sprint(tt.fault.Kind, tt.fault.Status), func(t *testing.T) {
			t.Parallel()
			tl := newTill(t, config())
			tt.fault.Times = 1
			must(t, tl.sim.Fault(tt.fault))
			got := tl.call("POST", "/v2/codes", createBody("order-1", 100))
			if got.dropped != tt.dropped {
				t.Errorf("dropped %v, want %v", got.dropped, tt.dropped)
			}
			if tt.status != 0 {
				got.says(t, tt.status, tt.code, tt.codeID)
			} else if got.raw != "" {
				t.Errorf("something was written: %s", got.raw)
			}
			if tt.code == "" && got.raw != "" && json.Valid([]byte(got.raw)) {
				t.Errorf("the body is sound: %s", got.raw)
			}
			st := tl.sim.State()
			if effect := len(st.Payments) == 1; effect != tt.effect {
				t.Errorf("effect %v, want %v", effect, tt.effect)
			}
			if len(st.Calls) != 1 || st.Calls[0].Fault != tt.fault.Kind || st.Calls[0].MerchantPaymentID != "order-1" {
				t.Errorf("calls %+v", st.Calls)
			}
			// It was used up: the next call is answered.
			if tt.effect {
				tl.look("order-1").is(t, "CREATED")
			} else {
				tl.create(t, "order-1", 100)
			}
		})
	}
}

func TestFault_spoilsWhatAnAnswerSays(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	code := tl.create(t, "order-1", 100)
	must(t, tl.sim.Pay(code))
	truth := tl.look("order-1")
	once := func(kind simulator.Kind) {
		must(t, tl.sim.Fault(simulator.Fault{Kind: kind, Times: 1}))
	}

	once(simulator.Stale)
	stale := tl.look("order-1")
	stale.is(t, "CREATED")
	if stale.text("paymentId") != "<nil>" || stale.text("acceptedAt") != "0" {
		t.Error(stale.raw)
	}
	once(simulator.Stale)
	tl.call("GET", "/v2/payments/order-1", "").says(t, 404, "RESOURCE_NOT_FOUND", "00200001")

	once(simulator.WrongAmount)
	if got := tl.look("order-1"); !strings.Contains(got.text("amount"), "amount:101") {
		t.Error(got.raw)
	}
	once(simulator.WrongID)
	if got := tl.look("order-1"); got.text("merchantPaymentId") == "order-1" {
		t.Error(got.raw)
	}
	once(simulator.UnknownStatus)
	tl.look("order-1").is(t, "PENDING_REVIEW")

	if diff := cmp.Diff(truth.data, tl.look("order-1").data); diff != "" {
		t.Errorf("a spoilt answer changed the books: %s", diff)
	}
}

func TestFault_unknownStatusOfADelete(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	code := tl.create(t, "order-1", 100)
	must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.UnknownStatus, Times: 1}))
	if got := tl.shut(code); got.text("qrStatus") != "DELETING" {
		t.Error(got.raw)
	}
}

func TestFault_duplicateKeyClaimsAPayment(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	tl.create(t, "order-1", 100)
	must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.DuplicateKey, Times: 2}))
	got := tl.look("order-1")
	if !json.Valid([]byte(got.raw)) || strings.Count(got.raw, `"resultInfo"`) != 2 || strings.Count(got.raw, `"data"`) != 2 {
		t.Error(got.raw)
	}
	if got.text("status") != "COMPLETED" {
		t.Errorf("a decoder in which the last one wins reads %s", got.text("status"))
	}
	got = tl.call("POST", "/v2/codes", createBody("order-1", 100))
	if got.status != 400 || got.code != "SUCCESS" {
		t.Error(got.raw)
	}
}

func TestFault_truncatedAndWrongLengthThroughAServer(t *testing.T) {
	t.Parallel()
	for _, kind := range []simulator.Kind{simulator.Truncated, simulator.WrongLength, simulator.DropAfter} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			tl := newTill(t, config())
			tl.create(t, "order-1", 100)
			must(t, tl.sim.Fault(simulator.Fault{Kind: kind}))
			srv := httptest.NewServer(tl.sim)
			defer srv.Close()
			r := tl.request(t.Context(), "GET", "/v2/codes/payments/order-1", "")
			r.URL.Host = strings.TrimPrefix(srv.URL, "http://")
			resp, err := srv.Client().Do(r)
			if kind == simulator.DropAfter {
				if err == nil {
					_ = resp.Body.Close()
					t.Fatal("there was an answer")
				}
				return
			}
			must(t, err)
			defer func() { _ = resp.Body.Close() }()
			body, err := io.ReadAll(resp.Body)
			if kind == simulator.Truncated && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("got %v, want an unexpected end", err)
			}
			if kind == simulator.WrongLength && err != nil {
				t.Error(err)
			}
			if len(body) == 0 || json.Valid(body) {
				t.Errorf("body %q", body)
			}
		})
	}
}

func TestFault_rateLimitNamesItsPause(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.RateLimit, RetryAfter: 3 * time.Second, Times: 1}))
	if got := tl.look("order-1").header.Get("Retry-After"); got != "3" {
		t.Errorf("Retry-After %q", got)
	}
	must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.RateLimit, Times: 1}))
	if got := tl.look("order-1").header.Values("Retry-After"); got != nil {
		t.Errorf("Retry-After %q", got)
	}
}

func TestFault_htmlComesFromSomewhereElse(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.HTMLBefore, Times: 1}))
	got := tl.look("order-1")
	if got.header.Get("X-Request-Id") != "" || !strings.HasPrefix(got.header.Get("Content-Type"), "text/html") {
		t.Errorf("%v", got.header)
	}
}

func TestFault_delaysPassInTime(t *testing.T) {
	t.Parallel()
	for _, kind := range []simulator.Kind{simulator.DelayBefore, simulator.DelayAfter} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				tl := newTill(t, config())
				must(t, tl.sim.Fault(simulator.Fault{Kind: kind, Delay: 20 * time.Second}))
				before := time.Now()
				tl.call("POST", "/v2/codes", createBody("patient", 100)).says(t, 201, "SUCCESS", "08100001")
				if waited := time.Since(before); waited != 20*time.Second {
					t.Errorf("waited %v", waited)
				}

				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				before = time.Now()
				got := serve(tl.sim, tl.request(ctx, "POST", "/v2/codes", createBody("hasty", 100)))
				if waited := time.Since(before); !got.dropped || waited != 10*time.Second {
					t.Errorf("dropped %v after %v", got.dropped, waited)
				}
				_, exists := find(tl.sim.State(), "hasty")
				if want := kind == simulator.DelayAfter; exists != want {
					t.Errorf("effect %v, want %v", exists, want)
				}
			})
		})
	}
}

func find(st simulator.State, id string) (simulator.Payment, bool) {
	for _, p := range st.Payments {
		if p.MerchantPaymentID == id {
			return p, true
		}
	}
	return simulator.Payment{}, false
}

func TestFault_createArrivesLate(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	late := func(id string, d time.Duration) {
		must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.LateCreate, Delay: d, Times: 1}))
		if got := tl.call("POST", "/v2/codes", createBody(id, 100)); !got.dropped {
			t.Fatal(got.raw)
		}
	}
	late("second", 3*time.Minute)
	late("first", time.Minute)
	late("overtaken", time.Minute)
	tl.look("first").says(t, 400, "DYNAMIC_QR_PAYMENT_NOT_FOUND", "01652075")
	tl.cancel("first").says(t, 202, "REQUEST_ACCEPTED", "08100001")
	tl.create(t, "overtaken", 250)

	tl.advance(90 * time.Second)
	tl.look("first").is(t, "CREATED")
	tl.look("second").says(t, 400, "DYNAMIC_QR_PAYMENT_NOT_FOUND", "01652075")
	first, _ := find(tl.sim.State(), "first")
	if want := start.Add(6 * time.Minute); !first.ExpiresAt.Equal(want) || !first.CancelAccepted {
		t.Errorf("%+v, want it to expire at %v", first, want)
	}
	must(t, tl.sim.Pay(first.CodeID))
	tl.advance(time.Hour)
	tl.look("first").is(t, "FAILED")
	if got, _ := find(tl.sim.State(), "overtaken"); got.Amount != 250 || len(tl.sim.State().Payments) != 3 {
		t.Errorf("%+v", tl.sim.State().Payments)
	}
}

func TestFault_createThatIsRefusedHasNoLateEffect(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.LateCreate, Delay: time.Minute}))
	if got := tl.call("POST", "/v2/codes", createBody("order-1", 0)); !got.dropped {
		t.Error(got.raw)
	}
	tl.advance(time.Hour)
	if got := tl.sim.State().Payments; len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestFault_customerPaysDuringADelete(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		race  simulator.DeleteRace
		taken int64
	}{
		{"payment wins", simulator.PaymentWins, 100},
		{"delete wins", simulator.DeleteWins, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := config()
			c.DeleteRace = tt.race
			tl := newTill(t, c)
			code := tl.create(t, "order-1", 100)
			must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.PayDuring, Times: 1}))
			tl.shut(code).says(t, 200, "SUCCESS", "08100001")
			if tt.taken > 0 {
				tl.look("order-1").is(t, "COMPLETED")
			} else {
				tl.look("order-1").says(t, 400, "DYNAMIC_QR_PAYMENT_NOT_FOUND", "01652075")
			}
			if got := tl.sim.State().Taken; got != tt.taken {
				t.Errorf("taken %d, want %d", got, tt.taken)
			}
		})
	}
}

func TestFault_meetsOnlyTheCallsItNames(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	a, b := tl.create(t, "order-a", 100), tl.create(t, "order-b", 100)
	must(t, tl.sim.Fault(simulator.Fault{Operation: simulator.OpDeleteCode, Kind: simulator.Maintenance, MerchantPaymentID: "order-a"}))
	for range 3 {
		tl.shut(a).says(t, 503, "MAINTENANCE_MODE", "08100999")
	}
	tl.look("order-a").is(t, "CREATED")
	tl.shut(b).says(t, 200, "SUCCESS", "08100001")
	tl.sim.ClearFaults()
	tl.shut(a).says(t, 200, "SUCCESS", "08100001")
}

func TestFault_areMetInTheOrderInWhichTheyWereArmed(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.Maintenance, Times: 2}))
	must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.RateLimit, Times: 1}))
	for _, want := range []int{503, 503, 429, 400} {
		if got := tl.look("order-1").status; got != want {
			t.Errorf("got %d, want %d", got, want)
		}
	}
}

func TestFault_chanceIsTheSeedsAndNotTheOrders(t *testing.T) {
	t.Parallel()
	story := func(seed uint64, ids ...string) map[string]string {
		c := config()
		c.Seed = seed
		tl := newTill(t, c)
		must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.Maintenance, Probability: 0.3}))
		told := map[string]string{}
		for range 200 {
			for _, id := range ids {
				told[id] += fmt.Sprint(tl.look(id).status, " ")
			}
		}
		return told
	}
	forth, back := story(1, "a", "b"), story(1, "b", "a")
	if diff := cmp.Diff(forth, back); diff != "" {
		t.Error(diff)
	}
	if cmp.Equal(forth, story(2, "a", "b")) {
		t.Error("another seed tells the same story")
	}
	if n := strings.Count(forth["a"]+forth["b"], "503"); n < 80 || n > 160 {
		t.Errorf("%d of 400 calls failed at a probability of 0.3", n)
	}
}

func TestFault_namesTheFieldItCannotUse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		field string
		fault simulator.Fault
	}{
		{"kind", simulator.Fault{}},
		{"kind", simulator.Fault{Kind: "gremlin"}},
		{"operation", simulator.Fault{Kind: simulator.Garbage, Operation: "v2_noSuchThing"}},
		{"operation", simulator.Fault{Kind: simulator.PayDuring, Operation: simulator.OpCreateCode}},
		{"operation", simulator.Fault{Kind: simulator.WrongAmount, Operation: simulator.OpCancelPayment}},
		{"merchantPaymentId", simulator.Fault{Kind: simulator.Garbage, MerchantPaymentID: "a b"}},
		{"times", simulator.Fault{Kind: simulator.Garbage, Times: -1}},
		{"probability", simulator.Fault{Kind: simulator.Garbage, Probability: 1.5}},
		{"status", simulator.Fault{Kind: simulator.StatusAfter, Code: "X"}},
		{"status", simulator.Fault{Kind: simulator.HTMLAfter, Status: 404}},
		{"status", simulator.Fault{Kind: simulator.Garbage, Status: 500}},
		{"code", simulator.Fault{Kind: simulator.StatusBefore, Status: 500}},
		{"code", simulator.Fault{Kind: simulator.Garbage, Code: "X"}},
		{"delay", simulator.Fault{Kind: simulator.DelayAfter}},
		{"delay", simulator.Fault{Kind: simulator.LateCreate, Delay: -1}},
		{"delay", simulator.Fault{Kind: simulator.Garbage, Delay: 1}},
		{"retryAfter", simulator.Fault{Kind: simulator.RateLimit, RetryAfter: 1}},
		{"retryAfter", simulator.Fault{Kind: simulator.Garbage, RetryAfter: time.Second}},
	} {
		err := newSimulator(t, config()).Fault(tt.fault)
		if wrong, ok := errors.AsType[*simulator.FieldError](err); !ok || wrong.Field != tt.field {
			t.Errorf("%+v: got %v, want %s named", tt.fault, err, tt.field)
		}
	}
}

func TestFault_aDroppedCallLeavesItsNonceUnused(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	must(t, tl.sim.Fault(simulator.Fault{Kind: simulator.DropBefore, Times: 1}))
	r := tl.request(t.Context(), http.MethodGet, "/v2/codes/payments/order-1", "")
	if got := serve(tl.sim, r); !got.dropped {
		t.Error(got.raw)
	}
	serve(tl.sim, r).says(t, 400, "DYNAMIC_QR_PAYMENT_NOT_FOUND", "01652075")
	serve(tl.sim, r).says(t, 401, "UNAUTHORIZED", "08100016")
}
