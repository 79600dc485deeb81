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
	"strconv"
	"strings"
	"sync"
	"time"
)

// Config says which merchant the simulator serves, and how it behaves where
// PayPay's behaviour differs by contract or is not documented. APIKey,
// APISecret and MerchantID are required; every other zero value is a default.
// It prints without the secret, except as an unexported field of another struct,
// where fmt does not ask it: pass it to [New] and keep it nowhere.
type Config struct {
	APIKey     string
	APISecret  string `json:"-"`
	MerchantID string

	CodeLifetime time.Duration    // how long a code can be paid; 5 minutes by default, at least a second
	GoneAnswer   GoneAnswer       // what became of a code that can no longer be paid
	PaidDelete   PaidDelete       // deleting a code that is paid
	DeleteRace   DeleteRace       // deleting a code while the customer confirms
	CancelDelay  time.Duration    // from an accepted cancel to FAILED; 1 second by default
	PublicURL    string           // where customers reach the pages, such as http://192.168.1.5:8080; by default the host of the request
	Now          func() time.Time `json:"-"` // time.Now by default
	Seed         uint64           // ids and probabilities are a function of it
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
	pages http.Handler

	mu       sync.Mutex
	offset   time.Duration // by Advance
	requests uint64
	nonces   nonces
	payments map[string]*payment // by merchantPaymentId
	codes    map[string]*payment // by codeId
	order    []*payment          // as created
	waiting  map[string]bool     // cancelled before they were created
	late     []lateCreate
	faults   []*armedFault
	armed    uint64 // faults ever armed
	calls    []Call
	reads    int
	taken    int64 // yen
}

// New makes a simulator without codes or payments. The error names the first
// setting that cannot be used.
func New(c Config) (*Simulator, error) {
	switch {
	case c.APIKey == "" || strings.ContainsAny(c.APIKey, ": \t\r\n"):
		return nil, errors.New("simulator: APIKey: must not be empty, nor hold colons or spaces")
	case c.APISecret == "":
		return nil, errors.New("simulator: APISecret: must not be empty")
	case c.MerchantID == "":
		return nil, errors.New("simulator: MerchantID: must not be empty")
	case c.CodeLifetime < 0 || c.CodeLifetime > 0 && c.CodeLifetime < time.Second:
		return nil, errors.New("simulator: CodeLifetime: must be at least a second")
	case c.CancelDelay < 0:
		return nil, errors.New("simulator: CancelDelay: must not be negative")
	case c.GoneAnswer < NotFound400 || c.GoneAnswer > Created200:
		return nil, fmt.Errorf("simulator: GoneAnswer: %d is unknown", c.GoneAnswer)
	case c.PaidDelete < AlreadyPaid400 || c.PaidDelete > PaidNotFound404:
		return nil, fmt.Errorf("simulator: PaidDelete: %d is unknown", c.PaidDelete)
	case c.DeleteRace < PaymentWins || c.DeleteRace > DeleteWins:
		return nil, fmt.Errorf("simulator: DeleteRace: %d is unknown", c.DeleteRace)
	}
	if c.PublicURL != "" {
		u, err := url.Parse(c.PublicURL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || !plainHost(u.Host) ||
			u.User != nil || strings.Trim(u.Path, "/") != "" || strings.ContainsAny(c.PublicURL, "?#") {
			return nil, errors.New("simulator: PublicURL: must be http:// or https:// and a host, without a path")
		}
		c.PublicURL = u.Scheme + "://" + u.Host
	}
	if c.CodeLifetime == 0 {
		c.CodeLifetime = 5 * time.Minute
	}
	if c.CancelDelay == 0 {
		c.CancelDelay = time.Second
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	s := &Simulator{
		sign:     signer(c.APISecret),
		payments: map[string]*payment{},
		codes:    map[string]*payment{},
		waiting:  map[string]bool{},
	}
	c.APISecret = ""
	s.cfg = c
	s.pages = s.routes()
	return s, nil
}

// Advance moves the simulator's clock on: codes expire and accepted cancels
// take effect. It panics when d is negative, since this clock never goes back.
// Delays made by faults pass in real time and are not shortened.
func (s *Simulator) Advance(d time.Duration) {
	if d < 0 {
		panic("simulator: Advance by a negative duration")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.offset += d
}

// lock takes the mutex, and brings the books up to the time it returns.
func (s *Simulator) lock() time.Time {
	s.mu.Lock()
	now := s.cfg.Now().Add(s.offset)
	s.settleLate(now)
	return now
}

// ServeHTTP answers PayPay's operations, the control calls and the customer
// pages. Every answer carries X-REQUEST-ID and the simulator's Date.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	now := s.lock()
	s.requests++
	sum := s.derive("request", strconv.FormatUint(s.requests, 10))
	s.mu.Unlock()

	requestID := "OPA" + strings.ToUpper(hex.EncodeToString(sum[:16]))
	h := w.Header()
	h.Set("Date", now.UTC().Format(http.TimeFormat))
	h.Set("X-Request-Id", requestID)
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
