package simulator

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"time"
)

// What is known of the way in which PayPay repeats a notification.
const (
	webhookTimeout = 1500 * time.Millisecond
	webhookPause   = 100 * time.Millisecond
	webhookTries   = 4
)

// maxOutbox bounds what waits where nobody delivers.
const maxOutbox = 10_000

// reorderWithin is how long a notification is held back for another to overtake
// it.
const reorderWithin = time.Minute

// transaction is the notification of a payment.
type transaction struct {
	Type            string  `json:"notification_type"`
	MerchantID      string  `json:"merchant_id"`
	StoreID         *string `json:"store_id"`
	PosID           *string `json:"pos_id"`
	OrderID         string  `json:"order_id"`
	MerchantOrderID string  `json:"merchant_order_id"`
	OrderAmount     any     `json:"order_amount"` // text, or a number
	State           Status  `json:"state"`
	*times
	ReauthRequestID       string `json:"reauth_request_id,omitempty"`
	ConfirmationExpiresAt string `json:"confirmation_expires_at,omitempty"`
}

// times are absent where a payment failed.
type times struct {
	AuthorizedAt *string `json:"authorized_at"`
	ExpiresAt    *string `json:"expires_at"`
	PaidAt       *string `json:"paid_at"`
}

// linkEvent is the notification of an account link, under the name that PayPay
// spells so.
type linkEvent struct {
	Type                string   `json:"notification_type"`
	ID                  string   `json:"notification_id"`
	CreatedAt           int64    `json:"createdAt"`
	ReferenceID         string   `json:"referenceId"`
	Nonce               string   `json:"nonce,omitempty"`
	Scopes              []string `json:"scopes,omitempty"`
	UserAuthorizationID string   `json:"userAuthorizationId,omitempty"`
	ProfileIdentifier   string   `json:"profileIdentifier,omitempty"`
	Expiry              int64    `json:"expiry,omitempty"`
	Result              string   `json:"result,omitempty"`
	Reason              string   `json:"reason,omitempty"`
}

// notifyPayment tells of a payment's new status. Codes, refunds and cancels are
// not told of.
func (s *Simulator) notifyPayment(p *payment, reauthID, lapsed string) {
	n := transaction{
		Type: "Transaction", MerchantID: s.cfg.MerchantID, StoreID: p.storeID, PosID: p.terminalID,
		OrderID: p.paymentID, MerchantOrderID: p.merchantPaymentID, OrderAmount: strconv.FormatInt(p.amount, 10), State: p.status,
		ReauthRequestID: reauthID, ConfirmationExpiresAt: lapsed,
	}
	if s.cfg.WebhookNumbers {
		n.OrderAmount = p.amount
	}
	if p.status == StatusAuthorized && s.cfg.WebhookEmptyOrder {
		n.MerchantOrderID = ""
	}
	if p.status != StatusFailed {
		n.times = &times{ExpiresAt: iso(p.holdEnds), PaidAt: iso(p.paidAt)}
		if p.isAuthorization {
			n.AuthorizedAt = iso(p.acceptedAt)
		}
	}
	s.notify(n)
}

// notifyLink tells of a change of an account link, under each of the shop's names
// for the customer.
func (s *Simulator) notifyLink(a *authorization, change string, now time.Time) {
	for _, reference := range a.referenceIDs {
		e := linkEvent{
			Type: "customer.authroization." + change, ID: s.newID("notification"), CreatedAt: now.Unix(),
			ReferenceID: reference, UserAuthorizationID: a.id,
		}
		if change == "extended" {
			e.Scopes, e.Expiry = a.scopes, a.expiresAt.Unix()
		}
		s.notify(e)
	}
}

// iso is a time as notifications have it, or nil.
func iso(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return new(t.UTC().Format(time.RFC3339))
}

// notify puts a notification on its way, unless it is lost. What becomes of it
// is decided by the seed and its number. The caller holds the lock.
func (s *Simulator) notify(n any) {
	if s.cfg.WebhookURL == "" {
		return
	}
	body, err := json.Marshal(n)
	if err != nil {
		panic("simulator: a notification of our own cannot be encoded: " + err.Error())
	}
	s.notified++
	number := strconv.FormatUint(s.notified, 10)
	draw := func(what string) float64 { return fraction(s.derive("webhook", what, number)) }
	if draw("loss") < s.cfg.WebhookLoss {
		return
	}
	copies := 1
	if draw("double") < s.cfg.WebhookDouble {
		copies = 2
	}
	earlier := s.aside
	s.aside = nil
	for i := range copies {
		late := time.Duration(draw("delay"+strconv.Itoa(i)) * float64(s.cfg.WebhookDelay))
		post := func() { s.post(body, late) }
		if i == 0 && draw("reorder") < s.cfg.WebhookReorder {
			s.setAside(post)
			continue
		}
		post()
	}
	if earlier != nil {
		earlier()
	}
}

// setAside holds a notification back until the next has overtaken it.
func (s *Simulator) setAside(post func()) {
	posted := false
	once := func() {
		if !posted {
			posted = true
			post()
		}
	}
	s.aside = once
	s.agenda.add(s.now.Add(reorderWithin), func(time.Time) { once() })
	s.wakeUp()
}

// post puts a notification out after a while.
func (s *Simulator) post(body []byte, late time.Duration) {
	put := func(time.Time) {
		if s.cfg.WebhookURL != "" && len(s.outbox) < maxOutbox {
			s.outbox = append(s.outbox, body)
		}
	}
	if late <= 0 {
		put(s.now)
	} else {
		s.agenda.add(s.now.Add(late), put)
	}
	s.wakeUp()
}

// wakeUp lets [Simulator.Deliver] look at what is due.
func (s *Simulator) wakeUp() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Deliver posts the notifications to [Config.WebhookURL] one after another until
// the context ends, and returns its error. Like PayPay it repeats one that is
// not answered with 200 within 1.5 seconds three times, and then gives it up. A
// client that is nil is one that follows no redirects. Call it once, also where a
// control call sets the URL later; without it nothing is posted, and the first ten
// thousand wait.
func (s *Simulator) Deliver(ctx context.Context, client *http.Client) error {
	if client == nil {
		client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	for {
		now := s.lock()
		out, to := s.outbox, s.cfg.WebhookURL
		s.outbox = nil
		next := time.Hour
		if len(s.agenda) > 0 {
			next = min(next, s.agenda[0].due.Sub(now))
		}
		s.mu.Unlock()
		if to == "" {
			out = nil
		}
		for _, body := range out {
			deliver(ctx, client, to, body)
		}
		t := time.NewTimer(next)
		select {
		case <-ctx.Done():
			t.Stop()
			return ctx.Err()
		case <-s.wake:
		case <-t.C:
		}
		t.Stop()
	}
}

// deliver tries to post one notification.
func deliver(ctx context.Context, client *http.Client, to string, body []byte) {
	for i := range webhookTries {
		if i > 0 {
			select {
			case <-ctx.Done():
				return
			case <-time.After(webhookPause):
			}
		}
		if deliverOnce(ctx, client, to, body) {
			return
		}
	}
}

func deliverOnce(ctx context.Context, client *http.Client, to string, body []byte) bool {
	ctx, cancel := context.WithTimeout(ctx, webhookTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return false
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := client.Do(r)
	if err != nil {
		return false
	}
	defer func() { _ = answer.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, maxBody)) // so that the connection can be used again
	return answer.StatusCode == http.StatusOK
}
