package simulator_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.jp/reji/paypay/simulator"
)

// shop takes notifications as a transport.
type shop struct {
	mu     sync.Mutex
	bodies []string
	fails  int // how many are answered with 500 first
}

func (s *shop) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	answer := &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader("OK")), Request: r}
	if s.fails > 0 {
		s.fails--
		answer.StatusCode = 500
		return answer, nil
	}
	s.bodies = append(s.bodies, string(body))
	return answer, nil
}

// told are the state and the order of each notification.
func (s *shop) told(t testing.TB) []string {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	var told []string
	for _, b := range s.bodies {
		var n struct {
			Type  string `json:"notification_type"`
			State string `json:"state"`
			Order string `json:"merchant_order_id"`
		}
		must(t, json.Unmarshal([]byte(b), &n))
		if n.Type == "Transaction" {
			n.Type = n.State + " " + n.Order
		}
		told = append(told, n.Type)
	}
	return told
}

// notified runs a story in a bubble, and returns what the shop was told.
func notified(t *testing.T, change func(*simulator.Config), fails int, story func(tl *till)) (*shop, []string) {
	t.Helper()
	s := &shop{fails: fails}
	var told []string
	synctest.Test(t, func(t *testing.T) {
		tl := linking(t, func(c *simulator.Config) { c.WebhookURL = "https://shop.example/hook"; change(c) })
		ctx, cancel := context.WithCancel(t.Context())
		var ended error
		var wg sync.WaitGroup
		wg.Go(func() { ended = tl.sim.Deliver(ctx, &http.Client{Transport: s}) })
		synctest.Wait()
		story(tl)
		<-time.After(time.Minute)
		synctest.Wait()
		cancel()
		wg.Wait()
		if !errors.Is(ended, context.Canceled) {
			t.Errorf("delivery ended with %v", ended)
		}
		told = s.told(t)
	})
	return s, told
}

func TestWebhook_tellsOfPaymentsAsDocumented(t *testing.T) {
	t.Parallel()
	s, told := notified(t, func(*simulator.Config) {}, 0, func(tl *till) {
		number := tl.paid(t, "paid", 100)
		tl.refund("refund-1", number, 100)
		must(t, tl.sim.FailPayment(tl.create(t, "failed", 100)))
		tl.held(t, "held", 100)
		tl.capture("capture-1", "held", 200)
		tl.advance(6 * time.Hour) // the consent does not come
		tl.capture("capture-2", "held", 100)
		tl.revert(tl.held(t, "reverted", 50))
		tl.held(t, "cancelled", 60)
		tl.cancel("cancelled")
		tl.held(t, "lapsed", 70)
		tl.advance(31 * 24 * time.Hour)
		user := tl.link(t, "")
		tl.call("DELETE", "/v2/user/authorizations/"+user, "")
	})
	want := []string{
		"COMPLETED paid", "FAILED failed", "AUTHORIZED held", "AUTHORIZED held", "COMPLETED held", "AUTHORIZED reverted", "CANCELED reverted",
		"AUTHORIZED cancelled", "AUTHORIZED lapsed", "EXPIRED lapsed", "customer.authroization.succeeded", "customer.authroization.canceled",
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Fatal(diff)
	}
	for i, parts := range map[int][]string{
		0: {`"order_amount":"100"`, `"store_id":"S1"`, `"pos_id":"T1"`, `"authorized_at":null`, `"paid_at":"2026-11-23T03:00:00Z"`, `"merchant_id":"123456"`},
		2: {`"authorized_at":"2026-11-23T03:00:00Z"`, `"expires_at":"2026-12-23T03:00:00Z"`, `"paid_at":null`},
		3: {`"confirmation_expires_at":"2026-11-23T09:00:00Z"`},
	} {
		for _, p := range parts {
			if !strings.Contains(s.bodies[i], p) {
				t.Errorf("%s is missing in %s", p, s.bodies[i])
			}
		}
	}
	if strings.Contains(s.bodies[1], "paid_at") {
		t.Error(s.bodies[1])
	}
}

func TestWebhook_amountMayBeANumber(t *testing.T) {
	t.Parallel()
	s, _ := notified(t, func(c *simulator.Config) { c.WebhookNumbers = true }, 0, func(tl *till) { tl.paid(t, "order-1", 100) })
	if len(s.bodies) != 1 || !strings.Contains(s.bodies[0], `"order_amount":100,`) {
		t.Error(s.bodies)
	}
}

// A link lasts longer when it is used, until the customer ends it in the app.
func TestWebhook_tellsOfLinks(t *testing.T) {
	t.Parallel()
	var user string
	s, told := notified(t, func(*simulator.Config) {}, 0, func(tl *till) {
		user = tl.link(t, "")
		tl.advance(24 * time.Hour)
		tl.charge("/v2/payments", "order-1", user, 100, "")
		tl.charge("/v1/requestOrder", "order-2", user, 200, "")
		must(t, tl.sim.PayPending("order-2"))
		if got := tl.control(t, "POST", "/simulator/authorizations/"+user+"/revoke", ""); got.Code != 200 {
			t.Error(got.Body)
		}
		if got := tl.control(t, "POST", "/simulator/authorizations/"+user+"/revoke", ""); got.Code != 404 {
			t.Error(got.Body)
		}
		if got := tl.call("GET", "/v2/user/authorizations?userAuthorizationId="+user, ""); got.text("status") != "INACTIVE" {
			t.Error(got.raw)
		}
		tl.charge("/v2/payments", "order-3", user, 100, "").says(t, 401, "INVALID_USER_AUTHORIZATION_ID", "")
	})
	const event = "customer.authroization."
	want := []string{event + "succeeded", "COMPLETED order-1", event + "extended", "COMPLETED order-2", event + "extended", event + "revoked"}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Fatal(diff)
	}
	for i, parts := range map[int][]string{
		2: {`"referenceId":"r1"`, `"userAuthorizationId":"` + user, fmt.Sprintf(`"expiry":%d`, start.Add(366*24*time.Hour).Unix()), `"scopes":["direct_debit"`},
		5: {`"referenceId":"r1"`, `"userAuthorizationId":"` + user, `"notification_id":"`, `"createdAt":`},
	} {
		for _, p := range parts {
			if !strings.Contains(s.bodies[i], p) {
				t.Errorf("%s is missing in %s", p, s.bodies[i])
			}
		}
	}
}

func TestWebhook_isRepeatedThreeTimes(t *testing.T) {
	t.Parallel()
	for fails, want := range map[int][]string{3: {"COMPLETED order-1", "COMPLETED order-2"}, 4: {"COMPLETED order-2"}} {
		_, told := notified(t, func(*simulator.Config) {}, fails, func(tl *till) {
			tl.paid(t, "order-1", 100)
			tl.paid(t, "order-2", 100)
		})
		if diff := cmp.Diff(want, told); diff != "" {
			t.Error(fails, diff)
		}
	}
}

func TestWebhook_isUnreliableAsAsked(t *testing.T) {
	t.Parallel()
	three := func(tl *till) {
		for _, id := range []string{"a", "b", "c"} {
			tl.paid(t, id, 100)
		}
	}
	a, b, c := "COMPLETED a", "COMPLETED b", "COMPLETED c"
	for _, tt := range []struct {
		name   string
		change func(*simulator.Config)
		want   []string
	}{
		{"lost", func(c *simulator.Config) { c.WebhookLoss = 1 }, nil},
		{"doubled", func(c *simulator.Config) { c.WebhookDouble = 1 }, []string{a, a, b, b, c, c}},
		{"overtaken", func(c *simulator.Config) { c.WebhookReorder = 1 }, []string{a, b, c}}, // each by the next, the last by nobody
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, told := notified(t, tt.change, 0, func(tl *till) {
				three(tl)
				tl.advance(time.Minute)
			})
			if diff := cmp.Diff(tt.want, told); diff != "" {
				t.Error(diff)
			}
		})
	}
	some := func(c *simulator.Config) { c.WebhookReorder, c.Seed = 0.5, 3 }
	many := func(tl *till) {
		for i := range 20 {
			tl.paid(t, "order-"+string(rune('a'+i)), 100)
		}
		tl.advance(time.Minute)
	}
	_, first := notified(t, some, 0, many)
	_, second := notified(t, some, 0, many)
	if diff := cmp.Diff(first, second); diff != "" {
		t.Error("one seed told two stories", diff)
	}
	if len(first) != 20 || slices.IsSorted(first) {
		t.Errorf("not reordered: %v", first)
	}
	_, late := notified(t, func(c *simulator.Config) { c.WebhookDelay = time.Hour }, 0, three)
	if len(late) != 0 {
		t.Errorf("not late: %v", late)
	}
	_, empty := notified(t, func(c *simulator.Config) { c.WebhookEmptyOrder = true }, 0, func(tl *till) { tl.held(t, "held", 100) })
	if diff := cmp.Diff([]string{"AUTHORIZED "}, empty); diff != "" {
		t.Error(diff)
	}
}

// What has nowhere to go when it is due does not wait for an address.
func TestWebhook_nothingWaitsWithoutAnAddress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{}
		tl := linking(t, func(c *simulator.Config) { c.WebhookURL, c.WebhookDelay = "https://shop.example/hook", time.Hour })
		tl.paid(t, "order-1", 100)
		tl.control(t, "POST", "/simulator/settings", `{"webhookUrl":""}`)
		tl.advance(time.Hour)
		tl.look("order-1")
		tl.control(t, "POST", "/simulator/settings", `{"webhookUrl":"https://shop.example/hook"}`)
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { _ = tl.sim.Deliver(ctx, &http.Client{Transport: s}) })
		synctest.Wait()
		cancel()
		wg.Wait()
		if told := s.told(t); len(told) != 0 {
			t.Errorf("told %v", told)
		}
	})
}

// The address may come, and go, while the simulator runs.
func TestWebhook_addressOfAControlCall(t *testing.T) {
	t.Parallel()
	_, told := notified(t, func(c *simulator.Config) { c.WebhookURL, c.WebhookDelay = "", time.Hour }, 0, func(tl *till) {
		tl.paid(t, "nowhere-to-go", 100)
		tl.control(t, "POST", "/simulator/settings", `{"webhookUrl":"https://shop.example/hook"}`)
		tl.paid(t, "told", 100)
		tl.advance(time.Hour)
		synctest.Wait()
		tl.paid(t, "late", 100)
		tl.control(t, "POST", "/simulator/settings", `{"webhookUrl":""}`)
		tl.advance(time.Hour)
		synctest.Wait()
		tl.control(t, "POST", "/simulator/settings", `{"webhookUrl":"https://shop.example/hook"}`)
	})
	if diff := cmp.Diff([]string{"COMPLETED told"}, told); diff != "" {
		t.Error(diff)
	}
}
