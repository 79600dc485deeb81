package simulator

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Config says which merchant the simulator serves, and how it behaves where
// PayPay's behaviour differs by contract or is not documented. APIKey,
// APISecret and MerchantID are required; every other zero value is a default,
// unless Exact says so.
// What a setting does stands above it and in its help tag, which reji simulator
// --help shows. A default that stands there is also that of the zero value, but for the
// credentials, which have none, and Capture, which is out-of-scope.
//
// It prints without the secret, except as an unexported field of another struct,
// where fmt does not ask it: pass it to [New] and keep it nowhere.
type Config struct {
	// Key that clients must sign with.
	APIKey string `flag:"api-key" default:"test-key" help:"Key that clients must sign with."`
	// Secret that goes with it, in Base64; never a real one.
	APISecret string `json:"-" flag:"api-secret" default:"dGVzdC1zZWNyZXQ=" help:"Secret that goes with it, in Base64; never a real one."`
	// Merchant that clients must name.
	MerchantID string `flag:"merchant-id" default:"test-merchant" help:"Merchant that clients must name."`

	// Where customers reach this machine, such as http://192.168.1.5:8080; put into the codes. By default the host of the request.
	PublicURL string `flag:"public-url" help:"Where customers reach this machine, such as http://192.168.1.5:8080; put into the codes. By default the host of the request."`
	// Now is the clock; time.Now by default.
	Now func() time.Time `json:"-"`
	// Ids and probabilities are a function of it.
	Seed uint64 `flag:"seed" help:"Ids and probabilities are a function of it."`
	// Customers are who can pay; by default one with plenty of money.
	Customers []Customer

	// Exact takes a delay of nothing, and a budget of nothing, as they stand. They
	// are the defaults otherwise, as every other zero value is.
	Exact bool

	// How long a code can be paid.
	CodeLifetime time.Duration `flag:"code-lifetime" default:"5m" help:"How long a code can be paid."`
	// Answer about a code that can no longer be paid: not-found-400, not-found-404 or created.
	GoneAnswer GoneAnswer `flag:"gone-answer" help:"Answer about a code that can no longer be paid: not-found-400, not-found-404 or created."`
	// Answer to deleting a code that is paid: already-paid or not-found.
	PaidDelete PaidDelete `flag:"paid-delete" help:"Answer to deleting a code that is paid: already-paid or not-found."`
	// Who wins when a code is deleted while the customer confirms: payment-wins or delete-wins.
	DeleteRace DeleteRace `flag:"delete-race" help:"Who wins when a code is deleted while the customer confirms: payment-wins or delete-wins."`
	// Answer to an id that cannot be: bad-request or invalid-params.
	BadID BadID `flag:"bad-id" help:"Answer to an id that cannot be: bad-request or invalid-params."`
	// From an accepted cancel to FAILED.
	CancelDelay time.Duration `flag:"cancel-delay" default:"1s" help:"From an accepted cancel to FAILED."`
	// Let a nonce be used twice.
	NonceReuse bool `flag:"nonce-reuse" help:"Let a nonce be used twice."`
	// Send no X-REQUEST-ID.
	NoRequestID bool `flag:"no-request-id" help:"Send no X-REQUEST-ID."`

	// How far requestedAt may be from now.
	RequestedAtWindow time.Duration `flag:"requested-at-window" default:"24h" help:"How far requestedAt may be from now."`
	// Calls that are answered within one second; any number by default.
	RateLimit int `flag:"rate-limit" help:"Calls that are answered within one second; any number by default."`
	// A code whose payment failed can still be paid.
	PayAfterFailure bool `flag:"pay-after-failure" help:"A code whose payment failed can still be paid."`
	// A pending payment whose time is over reads CANCELED, and not CREATED.
	ExpiredCanceled bool `flag:"expired-canceled" help:"A pending payment whose time is over reads CANCELED, and not CREATED."`
	// Product types in the merchant's contract; none by default.
	ProductTypes []string `flag:"product-types" help:"Product types in the merchant's contract; none by default."`

	// Status of an accepted refund, 200 or 201.
	RefundHTTPStatus int `flag:"refund-http-status" default:"200" help:"Status of an accepted refund, 200 or 201."`
	// A refund is REFUNDED in its answer.
	RefundAtOnce bool `flag:"refund-at-once" help:"A refund is REFUNDED in its answer."`
	// From CREATED to REFUNDED.
	RefundDelay time.Duration `flag:"refund-delay" default:"10s" help:"From CREATED to REFUNDED."`
	// Only one refund of a payment.
	SingleRefund bool `flag:"single-refund" help:"Only one refund of a payment."`
	// Status of a payment that was refunded in part: completed or refunded.
	PartialRefund PartialRefund `flag:"partial-refund" help:"Status of a payment that was refunded in part: completed or refunded."`
	// A customer cannot pay the same amount twice in 5 minutes by code.
	SimilarCodeFails bool `flag:"similar-code-fails" help:"A customer cannot pay the same amount twice in 5 minutes by code."`

	// Whether money may be held: out-of-scope, unsupported or allowed.
	Capture CaptureContract `flag:"capture" default:"allowed" help:"Whether money may be held: out-of-scope, unsupported or allowed."`
	// How long money may be held.
	AuthorizationLimit time.Duration `flag:"authorization-limit" default:"720h" help:"How long money may be held."`
	// A capture above the hold is refused.
	NoHigherCapture bool `flag:"no-higher-capture" help:"A capture above the hold is refused."`
	// Before the end of a hold, when it can no longer be raised.
	TooCloseToExpiry time.Duration `flag:"too-close-to-expiry" default:"1h" help:"Before the end of a hold, when it can no longer be raised."`
	// From the consent to the capture.
	CaptureDelay time.Duration `flag:"capture-delay" default:"1s" help:"From the consent to the capture."`

	// Status of a payment by a linked customer, 200 or 201.
	PaymentHTTPStatus int `flag:"payment-http-status" default:"201" help:"Status of a payment by a linked customer, 200 or 201."`
	// From CREATED to COMPLETED, AUTHORIZED or FAILED of a payment by a linked customer; it is decided at once by default.
	PaymentDelay time.Duration `flag:"payment-delay" help:"From CREATED to COMPLETED, AUTHORIZED or FAILED of a payment by a linked customer; it is decided at once by default."`
	// Yen that can be given as cashback.
	CashbackBudget int64 `flag:"cashback-budget" default:"1000000" help:"Yen that can be given as cashback."`
	// Scopes in the merchant's contract; every known one if none is named.
	Scopes []string `flag:"scopes" help:"Scopes in the merchant's contract; every known one if none is named."`
	// Domains for the way back from an account link; any if none is named.
	RedirectDomains []string `flag:"redirect-domains" help:"Domains for the way back from an account link; any if none is named."`

	// Notifications are posted by [Simulator.Deliver], which says how.

	// Where notifications are posted; none by default.
	WebhookURL string `flag:"webhook-url" help:"Where notifications are posted; none by default."`
	// Probability that a notification is lost.
	WebhookLoss float64 `flag:"webhook-loss" help:"Probability that a notification is lost."`
	// Probability that one comes twice.
	WebhookDouble float64 `flag:"webhook-double" help:"Probability that one comes twice."`
	// Probability that the next one overtakes it.
	WebhookReorder float64 `flag:"webhook-reorder" help:"Probability that the next one overtakes it."`
	// Each is late by up to so much.
	WebhookDelay time.Duration `flag:"webhook-delay" help:"Each is late by up to so much."`
	// order_amount is a number, and not text.
	WebhookNumbers bool `flag:"webhook-numbers" help:"order_amount is a number, and not text."`
	// merchant_order_id is empty where a payment is AUTHORIZED.
	WebhookEmptyOrder bool `flag:"webhook-empty-order" help:"merchant_order_id is empty where a payment is AUTHORIZED."`
}

// GoneAnswer is what the payment details say about a code that was deleted or
// has expired unpaid.
type GoneAnswer int

// The answers that PayPay's documents have given at different times.
const (
	NotFound400 GoneAnswer = iota // DYNAMIC_QR_PAYMENT_NOT_FOUND with 400
	NotFound404                   // DYNAMIC_QR_PAYMENT_NOT_FOUND with 404
	Created200                    // status CREATED, as if it could still be paid
)

// PaidDelete is the answer to deleting a code that was paid.
type PaidDelete int

// The answers of older and newer documents.
const (
	AlreadyPaid400  PaidDelete = iota // DYNAMIC_QR_ALREADY_PAID
	PaidNotFound404                   // DYNAMIC_QR_NOT_FOUND
)

// DeleteRace decides between a delete and a customer whose confirm screen is
// already open. The delete is answered DELETED either way.
type DeleteRace int

// The two winners.
const (
	// PaymentWins: the customer can still pay until the confirm screen is closed
	// or the code expires. The payment details say CREATED for that long, since
	// not found means that no payment can follow.
	PaymentWins DeleteRace = iota
	// DeleteWins: the confirm screen closes at once.
	DeleteWins
)

// BadID is the answer to an id that cannot be, of the operations on codes.
type BadID int

// The answers that PayPay may give: which one is not documented.
const (
	BadIDBadRequest    BadID = iota // DYNAMIC_QR_BAD_REQUEST
	BadIDInvalidParams              // INVALID_REQUEST_PARAMS
)

// PartialRefund is the status of a payment of which a part was refunded.
type PartialRefund int

// The statuses that it may have: which one is not documented.
const (
	PartialCompleted PartialRefund = iota // COMPLETED until nothing is left
	PartialRefunded                       // REFUNDED from the first refund on
)

// CaptureContract is whether the merchant may hold money.
type CaptureContract int

// The contracts.
const (
	CaptureOutOfScope401  CaptureContract = iota // OP_OUT_OF_SCOPE: not in the contract
	CaptureUnsupported400                        // PRE_AUTH_CAPTURE_UNSUPPORTED_MERCHANT
	CaptureAllowed
)

// Format prints the configuration without the secret, whatever the verb.
func (c Config) Format(f fmt.State, _ rune) {
	// An error here has nowhere to go but the writer that has just failed.
	_, _ = fmt.Fprintf(f, "simulator.Config{APIKey: %q, MerchantID: %q}", c.APIKey, c.MerchantID)
}

// LogValue is the configuration without the secret.
func (c Config) LogValue() slog.Value {
	return slog.GroupValue(slog.String("apiKey", c.APIKey), slog.String("merchantID", c.MerchantID))
}

// Simulator is PayPay for one merchant. It is safe for concurrent use.
type Simulator struct {
	cfg   Config                   // without the secret
	sign  func(text string) string // holds the secret, where no print reaches it
	token func(text string) []byte // likewise; nil where the secret can sign no tokens
	pages http.Handler
	wake  chan struct{}

	mu             sync.Mutex
	offset         time.Duration // by Advance
	requests       uint64
	nonces         nonces
	payments       map[string]*payment // by merchantPaymentId
	numbers        map[string]*payment // by paymentId
	codes          map[string]*payment // by codeId
	order          []*payment          // as created
	waiting        map[string]bool     // cancelled before they were created
	wallets        []*wallet
	now            time.Time // when the lock was taken last
	agenda         agenda
	outbox         [][]byte                  // notifications that are due
	aside          func()                    // posts the one that waits to be overtaken
	notified       uint64                    // ever
	sessions       map[string]*session       // by id
	cashbacks      map[string]*cashback      // by merchantCashbackId
	authorizations map[string]*authorization // by userAuthorizationId
	ids            uint64                    // ever made
	faults         []*armedFault
	memories       map[string]memory // answers of look-ups, by their address
	armed          uint64            // faults ever armed
	calls          []Call
	changes        []Change
	reads          int
	second         int64 // of the clock, for the limit of calls
	inSecond       int   // calls in it
	taken          int64 // yen
	held           int64 // yen
	budget         int64 // yen
}

// New makes a simulator without codes or payments. The error names the first
// setting that cannot be used.
func New(c Config) (*Simulator, error) {
	if c.APISecret == "" {
		return nil, errors.New("simulator: APISecret: must not be empty")
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	if c.PublicURL != "" {
		u, err := url.Parse(c.PublicURL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || !plainHost(u.Host) ||
			u.User != nil || strings.Trim(u.Path, "/") != "" || strings.ContainsAny(c.PublicURL, "?#") {
			return nil, errors.New("simulator: PublicURL: must be http:// or https:// and a host, without a path")
		}
		c.PublicURL = u.Scheme + "://" + u.Host
	}
	c = c.withDefaults()
	s := &Simulator{
		sign:           signer(c.APISecret),
		payments:       map[string]*payment{},
		wake:           make(chan struct{}, 1),
		numbers:        map[string]*payment{},
		token:          tokenSigner(c.APISecret),
		sessions:       map[string]*session{},
		cashbacks:      map[string]*cashback{},
		authorizations: map[string]*authorization{},
		budget:         c.CashbackBudget,
		codes:          map[string]*payment{},
		memories:       map[string]memory{},
		waiting:        map[string]bool{},
	}
	if err := s.addCustomers(c.Customers); err != nil {
		return nil, err
	}
	c.APISecret, c.Customers = "", nil
	s.cfg = c
	s.cfg.Exact = true // the defaults are in it
	s.pages = s.routes()
	return s, nil
}

// check finds the first setting that cannot be used, apart from the secret,
// which is not kept. Its error is a [*FieldError] by the name of the Config's
// field.
func (c Config) check() error {
	switch {
	case c.APIKey == "" || strings.ContainsAny(c.APIKey, ": \t\r\n"):
		return &FieldError{"APIKey", "must not be empty, nor hold colons or spaces"}
	case c.MerchantID == "":
		return &FieldError{"MerchantID", "must not be empty"}
	case c.CodeLifetime < 0 || c.CodeLifetime > 0 && c.CodeLifetime < time.Second:
		return &FieldError{"CodeLifetime", "must be at least a second"}
	case c.CancelDelay < 0:
		return &FieldError{"CancelDelay", "must not be negative"}
	case c.RefundDelay < 0:
		return &FieldError{"RefundDelay", "must not be negative"}
	case c.RefundHTTPStatus != 0 && c.RefundHTTPStatus != http.StatusOK && c.RefundHTTPStatus != http.StatusCreated:
		return &FieldError{"RefundHTTPStatus", "must be 200 or 201"}
	case c.PaymentHTTPStatus != 0 && c.PaymentHTTPStatus != http.StatusOK && c.PaymentHTTPStatus != http.StatusCreated:
		return &FieldError{"PaymentHTTPStatus", "must be 200 or 201"}
	case c.PaymentDelay < 0:
		return &FieldError{"PaymentDelay", "must not be negative"}
	case c.RequestedAtWindow < 0 || c.RequestedAtWindow > longest:
		return &FieldError{"RequestedAtWindow", "must not be negative, and at most a year"}
	case c.RateLimit < 0:
		return &FieldError{"RateLimit", "must not be negative"}
	case slices.ContainsFunc(c.ProductTypes, func(name string) bool { return !knownProduct(name) }):
		return &FieldError{"ProductTypes", fmt.Sprintf("must be of %v", products)}
	case slices.ContainsFunc(c.Scopes, func(name string) bool { return !slices.Contains(knownScopes, name) }):
		return &FieldError{"Scopes", fmt.Sprintf("must be of %v", knownScopes)}
	case c.CashbackBudget < 0:
		return &FieldError{"CashbackBudget", "must not be negative"}
	case !chance(c.WebhookLoss):
		return &FieldError{"WebhookLoss", "must be from 0 to 1"}
	case !chance(c.WebhookDouble):
		return &FieldError{"WebhookDouble", "must be from 0 to 1"}
	case !chance(c.WebhookReorder):
		return &FieldError{"WebhookReorder", "must be from 0 to 1"}
	case c.WebhookDelay < 0 || c.WebhookDelay > longest:
		return &FieldError{"WebhookDelay", "must not be negative, and at most a year"}
	case c.WebhookURL != "" && !webURL(c.WebhookURL):
		return &FieldError{"WebhookURL", "must be http:// or https://"}
	case c.AuthorizationLimit < 0 || c.AuthorizationLimit > longest:
		return &FieldError{"AuthorizationLimit", "must not be negative, and at most a year"}
	case c.TooCloseToExpiry < 0:
		return &FieldError{"TooCloseToExpiry", "must not be negative"}
	case c.CaptureDelay < 0:
		return &FieldError{"CaptureDelay", "must not be negative"}
	case c.BadID < BadIDBadRequest || c.BadID > BadIDInvalidParams:
		return &FieldError{"BadID", fmt.Sprintf("%d is unknown", c.BadID)}
	case c.PartialRefund < PartialCompleted || c.PartialRefund > PartialRefunded:
		return &FieldError{"PartialRefund", fmt.Sprintf("%d is unknown", c.PartialRefund)}
	case c.Capture < CaptureOutOfScope401 || c.Capture > CaptureAllowed:
		return &FieldError{"Capture", fmt.Sprintf("%d is unknown", c.Capture)}
	case c.GoneAnswer < NotFound400 || c.GoneAnswer > Created200:
		return &FieldError{"GoneAnswer", fmt.Sprintf("%d is unknown", c.GoneAnswer)}
	case c.PaidDelete < AlreadyPaid400 || c.PaidDelete > PaidNotFound404:
		return &FieldError{"PaidDelete", fmt.Sprintf("%d is unknown", c.PaidDelete)}
	case c.DeleteRace < PaymentWins || c.DeleteRace > DeleteWins:
		return &FieldError{"DeleteRace", fmt.Sprintf("%d is unknown", c.DeleteRace)}
	}
	return nil
}

func chance(p float64) bool { return p >= 0 && p <= 1 }

func webURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// Advance moves the simulator's clock on: codes and holds expire, and what was
// accepted takes effect. It panics when d is negative, since this clock never goes back.
// Delays made by faults pass in real time and are not shortened.
//
// A client by the real clock goes on as before: epochs of signatures and requestedAt
// count by the clock that was not moved too. What it compares with the times of an
// answer is another matter. The Date header tells of the moved clock, but a client
// may bound how far off it believes a clock to be; this module's does at a day.
func (s *Simulator) Advance(d time.Duration) {
	if d < 0 {
		panic("simulator: Advance by a negative duration")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.offset += d
	s.wakeUp()
}

// lock takes the mutex, and brings the books up to the time it returns.
func (s *Simulator) lock() time.Time {
	s.mu.Lock()
	s.now = s.cfg.Now().Add(s.offset)
	s.agenda.settle(s.now)
	return s.now
}

// ServeHTTP answers PayPay's operations, the control calls and the customer
// pages. Every answer carries X-REQUEST-ID and the simulator's Date.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	now := s.lock()
	s.requests++
	sum := s.derive("request", strconv.FormatUint(s.requests, 10))
	requestID := "OPA" + strings.ToUpper(hex.EncodeToString(sum[:16]))
	if s.cfg.NoRequestID {
		requestID = ""
	}
	s.mu.Unlock()

	h := w.Header()
	h.Set("Date", now.UTC().Format(http.TimeFormat))
	if requestID != "" {
		h.Set("X-Request-Id", requestID)
	}
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	if isAPI(r.URL.Path) {
		s.serveAPI(w, r, requestID)
		return
	}
	s.pages.ServeHTTP(w, r)
}

// isAPI reports whether a path lies under /v1, /v2 and so on.
func isAPI(path string) bool {
	return len(path) > 2 && path[:2] == "/v" && path[2] >= '0' && path[2] <= '9'
}

// derive is a number that depends on the seed and the words alone. It needs no
// lock.
func (s *Simulator) derive(words ...string) [sha256.Size]byte {
	b := binary.BigEndian.AppendUint64(nil, s.cfg.Seed)
	for _, w := range words {
		b = binary.BigEndian.AppendUint64(b, uint64(len(w)))
		b = append(b, w...)
	}
	return sha256.Sum256(b)
}

// pick spells n characters of an alphabet from a derived number.
func pick(sum [sha256.Size]byte, alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[int(sum[i])%len(alphabet)]
	}
	return string(b)
}
