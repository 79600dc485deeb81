package simulator

import (
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// linkPath is the page of an account link by web, as PayPay has it.
const linkPath = "/app/opa/user_authorization"

// sessionLifetime is how long a customer has to answer, and the shop to read the
// answer. PayPay does not say how long that is.
const sessionLifetime = 10 * time.Minute

// Why a customer cannot link an account.
var (
	ErrUnknownLink = errors.New("there is no such account link")
	ErrLinkClosed  = errors.New("the account link was answered before, or its time is over")
	ErrNoTokenKey  = errors.New("the API secret is not Base64, so that no token can be signed with it")
)

// knownScopes are the scopes that a merchant may have by default.
var knownScopes = []string{
	"direct_debit", "cashback", "get_balance", "quick_pay", "continuous_payments", "merchant_topup", "pending_payments",
	"user_notification", "user_topup", "user_profile", "preauth_capture_native", "preauth_capture_transaction",
	"push_notification", "notification_center_ob", "notification_center_ab", "notification_center_tl",
}

// session is a request to a customer to link their account.
type session struct {
	id          string
	audience    string // of the answer
	scopes      []string
	nonce       string
	redirectURL string
	referenceID string
	ends        time.Time
	bad         bool   // the request cannot be granted: the answer is bad_request
	answer      string // the response token, once there is one
	result      string // what it says
	back        string // where the customer goes with it
}

// authorization is a linked account.
type authorization struct {
	id           string
	wallet       *wallet
	referenceIDs []string
	scopes       []string
	issuedAt     time.Time
	expiresAt    time.Time
	unlinked     bool
}

func (a *authorization) active(now time.Time) bool { return !a.unlinked && now.Before(a.expiresAt) }

// extend makes an authorization last longer because it was used, and tells the
// shop. One that has ended stays so, though what was begun before may go on.
func (s *Simulator) extend(a *authorization, now time.Time) {
	if !a.active(now) {
		return
	}
	a.renew(now)
	s.notifyLink(a, "extended", now)
}

// renew makes an authorization last from now on: a year, or ten where it is for
// cashback alone.
func (a *authorization) renew(now time.Time) {
	days := 365
	if slices.Equal(a.scopes, []string{"cashback"}) {
		days *= 10
	}
	a.expiresAt = now.Add(time.Duration(days) * 24 * time.Hour)
}

// linkSession begins an account link (Create an Account Link QR Code).
func (s *Simulator) linkSession(q request, _ Fault, now time.Time) *answer {
	f, refused := s.parseBody(q)
	if refused != nil {
		return refused
	}
	l := &session{
		audience:    s.cfg.APIKey,
		scopes:      f.texts("scopes"),
		nonce:       f.someText("nonce"),
		redirectURL: f.someText("redirectUrl"),
		referenceID: f.someText("referenceId"),
		ends:        now.Add(sessionLifetime),
	}
	f.redirectType("redirectType")
	for _, name := range []string{"phoneNumber", "deviceId", "userAgent"} {
		f.text(name)
	}
	if f.has("requestedAt") { // an official client adds it to every POST
		f.requestedAt(now)
	}
	if refused := f.done(); refused != nil {
		return refused
	}
	if !s.grants(l) {
		return refuse(http.StatusBadRequest, "EXPECTATION_FAILED", "08100017", "a scope is not in the contract, or the redirectUrl's domain is not registered")
	}
	l.id = s.newID("link")
	s.sessions[l.id] = l
	return success(http.StatusCreated, &linkData{s.publicURL(q.http) + "/link/" + l.id})
}

// grants reports whether the merchant may ask for so much, and the customer be
// sent back there.
func (s *Simulator) grants(l *session) bool {
	u, err := url.Parse(l.redirectURL)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return false
	}
	if _, err := netip.ParseAddr(u.Hostname()); err == nil {
		return false
	}
	if len(s.cfg.RedirectDomains) > 0 && !slices.Contains(s.cfg.RedirectDomains, u.Hostname()) {
		return false
	}
	for _, scope := range l.scopes {
		if !slices.Contains(s.cfg.Scopes, scope) {
			return false
		}
	}
	return len(l.scopes) > 0
}

// newID is an id in the form of a UUID.
func (s *Simulator) newID(kind string) string {
	s.ids++
	sum := s.derive(kind, strconv.FormatUint(s.ids, 10))
	x := hex.EncodeToString(sum[:16])
	return x[:8] + "-" + x[8:12] + "-4" + x[13:16] + "-8" + x[17:20] + "-" + x[20:32]
}

// findSession finds an account link by the address that the customer opens: that
// of a session, or of a page with a request token. The caller holds the lock.
func (s *Simulator) findSession(address string, now time.Time) *session {
	u, err := url.Parse(address)
	if err != nil {
		return nil
	}
	if id, ok := strings.CutPrefix(u.Path, "/link/"); ok {
		return s.sessions[id]
	}
	if query := u.Query(); u.Path == linkPath && query.Get("apiKey") == s.cfg.APIKey && s.token != nil {
		return s.webSession(query.Get("requestToken"), now)
	}
	return nil
}

// webSession reads a request token. One token is one session, however often its
// page is opened. What cannot be granted, but can be answered, is answered with
// bad_request.
func (s *Simulator) webSession(token string, now time.Time) *session {
	f, ok := readToken(token, s.token)
	if !ok {
		return nil
	}
	sum := s.derive("token", token)
	id := hex.EncodeToString(sum[:16])
	if l := s.sessions[id]; l != nil {
		return l
	}
	l := &session{
		id: id, audience: f.someText("iss"), scopes: strings.Split(f.someText("scope"), ","), nonce: f.someText("nonce"),
		redirectURL: f.someText("redirectUrl"), referenceID: f.someText("referenceId"),
		ends: time.Unix(f.integer("exp", 0, math.MaxInt32), 0),
	}
	if f.someText("aud") != "paypay.ne.jp" || f.refused != nil || !now.Before(l.ends) {
		return nil
	}
	for _, name := range []string{"deviceId", "phoneNumber", "iat", "nbf", "jti"} {
		delete(f.object, name)
	}
	l.bad = !s.grants(l) || f.done() != nil
	s.sessions[id] = l
	return l
}

// Approve lets a customer link their account; an empty customerID is the first
// of [Config.Customers]. The address is the linkQRCodeURL, or the page of an
// account link by web. It returns the response token that the customer brings
// back to the shop. The error is [ErrUnknownLink], [ErrLinkClosed],
// [ErrUnknownCustomer] or [ErrNoTokenKey].
func (s *Simulator) Approve(address, customerID string) (responseToken string, err error) {
	l, err := s.answerLink(address, customerID, true)
	return l.answer, err
}

// DeclineLink is the customer's no to what [Simulator.Approve] says yes to.
func (s *Simulator) DeclineLink(address string) (responseToken string, err error) {
	l, err := s.answerLink(address, "", false)
	return l.answer, err
}

// Revoke lets a customer end an account link in the app. The error is
// [ErrUnknownLink].
func (s *Simulator) Revoke(userAuthorizationID string) error {
	now := s.lock()
	defer s.mu.Unlock()
	a := s.authorizations[userAuthorizationID]
	if a == nil || !a.active(now) {
		return fmt.Errorf("simulator: revoke: %w", ErrUnknownLink)
	}
	a.unlinked = true
	s.notifyLink(a, "revoked", now)
	return nil
}

// answerLink answers an account link, and returns what it is then.
func (s *Simulator) answerLink(address, customerID string, yes bool) (session, error) {
	now := s.lock()
	defer s.mu.Unlock()
	l := s.findSession(address, now)
	if l == nil {
		return session{}, fmt.Errorf("simulator: link: %w", ErrUnknownLink)
	}
	w := s.wallet(customerID)
	switch {
	case l.answer != "" || !now.Before(l.ends):
		return *l, fmt.Errorf("simulator: link: %w", ErrLinkClosed)
	case w == nil || w.account != AccountActive:
		return *l, fmt.Errorf("simulator: link: %w", ErrUnknownCustomer)
	case s.token == nil:
		return *l, fmt.Errorf("simulator: link: %w", ErrNoTokenKey)
	}
	claims := responseClaims{
		Result: "declined", Issuer: "paypay.ne.jp", Audience: l.audience, Expires: now.Add(sessionLifetime).Unix(),
		Nonce: l.nonce, ReferenceID: l.referenceID,
	}
	switch {
	case l.bad:
		claims.Result = "bad_request"
	case yes:
		a := s.authorizeUser(w, l, now)
		claims.Result, claims.UserAuthorizationID, claims.ProfileIdentifier = "succeeded", a.id, w.masked()
	}
	l.answer, l.result = makeToken(claims, s.token), claims.Result
	event := linkEvent{
		Type: "customer.authroization.failed", ID: s.newID("notification"), CreatedAt: now.Unix(),
		ReferenceID: l.referenceID, Nonce: l.nonce, Result: claims.Result,
	}
	if a := s.authorizations[claims.UserAuthorizationID]; a != nil {
		event.Type, event.Scopes, event.Expiry = "customer.authroization.succeeded", a.scopes, a.expiresAt.Unix()
		event.UserAuthorizationID, event.ProfileIdentifier = a.id, claims.ProfileIdentifier
	} else {
		event.Reason = claims.Result
	}
	s.notify(event)
	if u, err := url.Parse(l.redirectURL); err == nil {
		query := u.Query()
		query.Set("apiKey", s.cfg.APIKey)
		query.Set("responseToken", l.answer)
		u.RawQuery = query.Encode()
		l.back = u.String()
	}
	return *l, nil
}

// responseClaims are what a response token says.
type responseClaims struct {
	Result              string `json:"result"`
	Issuer              string `json:"iss"`
	Audience            string `json:"aud"`
	Expires             int64  `json:"exp"`
	Nonce               string `json:"nonce"`
	ReferenceID         string `json:"referenceId"`
	UserAuthorizationID string `json:"userAuthorizationId,omitempty"`
	ProfileIdentifier   string `json:"profileIdentifier,omitempty"`
}

// authorizeUser links a customer. Who is linked already keeps the id.
func (s *Simulator) authorizeUser(w *wallet, l *session, now time.Time) *authorization {
	var a *authorization
	for _, other := range s.authorizations {
		if other.wallet == w && other.active(now) {
			a = other
		}
	}
	if a == nil {
		a = &authorization{id: s.newID("authorization"), wallet: w, issuedAt: now}
		s.authorizations[a.id] = a
	}
	for _, scope := range l.scopes {
		if !slices.Contains(a.scopes, scope) {
			a.scopes = append(a.scopes, scope)
		}
	}
	if !slices.Contains(a.referenceIDs, l.referenceID) {
		a.referenceIDs = append(a.referenceIDs, l.referenceID)
	}
	a.renew(now)
	return a
}

// masked is a phone number of which the last four digits are visible.
func (w *wallet) masked() string {
	visible := max(len(w.Phone)-4, 0)
	return strings.Repeat("*", visible) + w.Phone[visible:]
}
