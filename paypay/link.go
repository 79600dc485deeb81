package paypay

import (
	"cmp"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// LinkPage is the page of [Production] where a customer agrees to a [WebLink].
// That of the sandbox is not documented.
const LinkPage = "https://www.paypay.ne.jp/app/opa/user_authorization"

const (
	linkIssuer   = "paypay.ne.jp" // who signs answers, and for whom requests are
	linkLifetime = 10 * time.Minute
	linkLeeway   = 30 * time.Second // how far our clock may be off PayPay's
	maxLinkToken = 8 << 10          // bytes; far above any token of PayPay
)

// Why a response token is refused. An error of [Credentials.ReadLinkToken] that
// is none of these is a mistake of the caller.
var (
	// ErrLinkToken: PayPay did not make the token, not for us, or not in the
	// form that it documents.
	ErrLinkToken = errors.New("paypay: the response token is not one of PayPay")
	// ErrLinkExpired: the token is genuine and too old. Start the link anew.
	ErrLinkExpired = errors.New("paypay: the response token has expired")
	// ErrLinkOther: the token is genuine and answers another request than the
	// pending one. Somebody may be slipping their own account to a customer.
	ErrLinkOther = errors.New("paypay: the response token answers another request")
)

// PendingLink is what a shop keeps of an account link while the customer is at
// PayPay, on its server and bound to the customer's session.
type PendingLink struct {
	// Issuer is the shop's name, to which PayPay addresses its answer. A link
	// that was begun with a QR session has none: its answer is addressed to the
	// API key.
	Issuer string
	// Nonce is random and new for each request; crypto/rand.Text makes one.
	Nonce string
	// ReferenceID is the shop's own name for the customer. PayPay keeps it.
	ReferenceID string
}

// WebLink asks a customer to let the shop charge their PayPay account.
type WebLink struct {
	PendingLink

	// Scopes is what the shop wants to do: direct_debit, get_balance, cashback
	// and others, as far as its contract has them.
	Scopes []string
	// RedirectURL is where PayPay sends the customer back to, with the queries
	// apiKey and responseToken. It is https and of a domain that PayPay knows.
	RedirectURL string
	// ExpiresAt is how long the page can be opened, in epoch seconds. Zero is
	// ten minutes from now.
	ExpiresAt int64
	// DeviceID and PhoneNumber spare the customer some typing. Both may be
	// empty.
	DeviceID, PhoneNumber string
}

// LinkURL is where to send a customer for an account link by web. page is
// [LinkPage], or that of another environment. Keep r.PendingLink until the
// customer is back; [Credentials.ReadLinkToken] reads what they bring.
//
// The URL holds the phone number and the nonce for all to read. It is for the
// customer's browser, not for a log.
func (c Credentials) LinkURL(page string, r WebLink) (string, error) {
	if c.keys == nil {
		return "", errors.New("paypay: no credentials")
	}
	u, err := url.Parse(page)
	if err != nil || !isPrivate(u) || u.RawQuery != "" || u.Fragment != "" {
		return "", errors.New("paypay: the link page is not an https URL without a query")
	}
	token, err := c.linkToken(r)
	if err != nil {
		return "", err
	}
	u.RawQuery = url.Values{"apiKey": {c.keys().apiKey}, "requestToken": {token}}.Encode()
	return u.String(), nil
}

// isPrivate reports whether nobody reads along on the way to a URL: it is https,
// or does not leave this machine.
func isPrivate(u *url.URL) bool {
	return u.Hostname() != "" && u.User == nil && (u.Scheme == "https" || u.Scheme == "http" && isLoopback(u.Hostname()))
}

// linkToken is the signed request token.
func (c Credentials) linkToken(r WebLink) (string, error) {
	now := time.Now()
	if r.ExpiresAt == 0 {
		r.ExpiresAt = now.Add(linkLifetime).Unix()
	}
	if err := r.check(now.Unix()); err != nil {
		return "", err
	}
	key, err := c.tokenKey()
	if err != nil {
		return "", err
	}
	claims := jwt.MapClaims{
		"aud":         linkIssuer,
		"iss":         r.Issuer,
		"exp":         r.ExpiresAt,
		"scope":       strings.Join(r.Scopes, ","),
		"nonce":       r.Nonce,
		"redirectUrl": r.RedirectURL,
		"referenceId": r.ReferenceID,
	}
	if r.DeviceID != "" {
		claims["deviceId"] = r.DeviceID
	}
	if r.PhoneNumber != "" {
		claims["phoneNumber"] = r.PhoneNumber
	}
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(key)
	if err != nil {
		return "", errors.New("paypay: the request token cannot be signed") // Not reached: the key is of the right type.
	}
	return token, nil
}

// tokenKey is the key of tokens: the secret decoded, where the signature of a
// request takes it as it stands.
func (c Credentials) tokenKey() ([]byte, error) {
	// Strict, so that one secret is one key; and an error of our own, since
	// that of base64 tells the place of the first wrong character.
	key, err := base64.StdEncoding.Strict().DecodeString(c.keys().apiSecret)
	if err != nil || len(key) == 0 {
		return nil, errors.New("paypay: the API secret is not Base64, as account links need it to be")
	}
	return key, nil
}

func (p PendingLink) check() error {
	switch {
	case p.Nonce == "":
		return errors.New("paypay: the account link has no nonce")
	case p.ReferenceID == "":
		return errors.New("paypay: the account link has no referenceId")
	}
	return ofLink(checkText("iss", p.Issuer), checkText("nonce", p.Nonce), checkText("referenceId", p.ReferenceID))
}

// ofLink says of the first error that it is about an account link.
func ofLink(errs ...error) error {
	if err := cmp.Or(errs...); err != nil {
		return fmt.Errorf("paypay: the account link's %w", err)
	}
	return nil
}

func (r WebLink) check(now int64) error {
	if err := r.PendingLink.check(); err != nil {
		return err
	}
	redirect, err := url.Parse(r.RedirectURL)
	switch {
	case r.Issuer == "":
		return errors.New("paypay: the account link has no issuer")
	case r.Issuer == linkIssuer:
		return errors.New("paypay: the issuer of the account link is PayPay itself")
	case len(r.Scopes) == 0:
		return errors.New("paypay: the account link asks for no scope")
	case slices.ContainsFunc(r.Scopes, func(s string) bool { return !isToken(s) || strings.Contains(s, ",") }):
		return errors.New("paypay: a scope of the account link has a space, a comma or another character that none has")
	case err != nil || redirect.Scheme != "https" || redirect.Host == "" || redirect.User != nil:
		return errors.New("paypay: the redirectUrl of the account link is not an https URL")
	case r.ExpiresAt <= now:
		return errors.New("paypay: the account link has expired before it began")
	case r.ExpiresAt > now+int64(24*time.Hour/time.Second):
		return errors.New("paypay: the account link expires in more than a day, or not in epoch seconds")
	}
	return ofLink(
		checkText("redirectUrl", r.RedirectURL),
		checkText("deviceId", r.DeviceID),
		checkText("phoneNumber", r.PhoneNumber),
	)
}

// LinkResult is what became of an account link.
type LinkResult string

// The results of an account link.
const (
	LinkSucceeded  LinkResult = "succeeded"
	LinkDeclined   LinkResult = "declined"    // the customer did not agree
	LinkBadRequest LinkResult = "bad_request" // PayPay does not take our request
)

// Link is PayPay's answer to an account link.
type Link struct {
	Result LinkResult
	// UserAuthorizationID names the customer in calls. Keep it on the server.
	// It is set when the link succeeded, and empty otherwise.
	UserAuthorizationID string
	// ProfileIdentifier is the customer's phone number, all but the last four
	// digits masked. It may be empty.
	ProfileIdentifier string
}

// linkAnswer is what a response token claims.
type linkAnswer struct {
	Issuer              string           `json:"iss"`
	Audience            jwt.ClaimStrings `json:"aud"`
	ExpiresAt           int64            `json:"exp"`
	Result              LinkResult       `json:"result"`
	Nonce               string           `json:"nonce"`
	ReferenceID         string           `json:"referenceId"`
	UserAuthorizationID string           `json:"userAuthorizationId"`
	ProfileIdentifier   string           `json:"profileIdentifier"`
}

// ReadLinkToken verifies the query responseToken that a customer brings back
// from PayPay, by the web page or a QR session, against the request that is
// pending for them, and reads it.
//
// A customer who declined and a request that PayPay did not take are a [Link]
// with that result, not errors. The errors are [ErrLinkToken], [ErrLinkExpired]
// and [ErrLinkOther], and none repeats anything of the token. A browser may
// bring a token twice: forget the pending request once it is answered.
func (c Credentials) ReadLinkToken(token string, pending PendingLink) (Link, error) {
	if c.keys == nil {
		return Link{}, errors.New("paypay: no credentials")
	}
	if err := pending.check(); err != nil {
		return Link{}, err
	}
	key, err := c.tokenKey()
	if err != nil {
		return Link{}, err
	}
	a, err := readLinkAnswer(token, key, c.audiences(pending))
	if err != nil {
		return Link{}, err
	}
	same := subtle.ConstantTimeCompare([]byte(a.Nonce), []byte(pending.Nonce)) &
		subtle.ConstantTimeCompare([]byte(a.ReferenceID), []byte(pending.ReferenceID))
	if same != 1 {
		return Link{}, ErrLinkOther
	}
	switch a.Result {
	case LinkSucceeded:
		if checkID("", a.UserAuthorizationID) != nil {
			return Link{}, fmt.Errorf("%w: it has no proper userAuthorizationId", ErrLinkToken)
		}
		return Link{Result: a.Result, UserAuthorizationID: a.UserAuthorizationID, ProfileIdentifier: a.ProfileIdentifier}, nil
	case LinkDeclined, LinkBadRequest:
		return Link{Result: a.Result}, nil
	}
	return Link{}, fmt.Errorf("%w: its result is unknown", ErrLinkToken)
}

// audiences are the names that PayPay addresses us by.
func (c Credentials) audiences(pending PendingLink) []string {
	names := []string{c.keys().apiKey}
	if pending.Issuer != "" {
		names = append(names, pending.Issuer)
	}
	return names
}

// readLinkAnswer verifies the token itself.
func readLinkAnswer(token string, key []byte, audiences []string) (linkAnswer, error) {
	if len(token) > maxLinkToken {
		return linkAnswer{}, fmt.Errorf("%w: it is too long", ErrLinkToken)
	}
	parsed, err := jwt.ParseWithClaims(token, &jwt.RegisteredClaims{},
		func(*jwt.Token) (any, error) { return key, nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithExpirationRequired(),
		jwt.WithIssuer(linkIssuer),
		jwt.WithAudience(audiences...),
		jwt.WithLeeway(linkLeeway),
		jwt.WithStrictDecoding(),
	)
	if err != nil {
		return linkAnswer{}, refusedToken(err)
	}
	if _, critical := parsed.Header["crit"]; critical {
		return linkAnswer{}, fmt.Errorf("%w: it asks for more than is known here", ErrLinkToken) // as RFC 7515 wants
	}
	// The library takes "Exp" for "exp" and the last of two; an answer says
	// each thing once.
	var a linkAnswer
	doc, err := base64.RawURLEncoding.Strict().DecodeString(strings.Split(token, ".")[1])
	if err != nil || decodeStrict(doc, &a) != nil {
		return linkAnswer{}, fmt.Errorf("%w: its claims cannot be read", ErrLinkToken)
	}
	if len(a.Audience) != 1 {
		return linkAnswer{}, fmt.Errorf("%w: it is for others too", ErrLinkToken)
	}
	return a, nil
}

// refusedToken says in our words why the library refused a token. Its own may
// repeat parts of the token.
func refusedToken(err error) error {
	for _, r := range [...]struct {
		err  error
		says string
	}{
		{jwt.ErrTokenMalformed, "it is malformed"},
		{jwt.ErrTokenSignatureInvalid, "its signature or method is wrong"},
		{jwt.ErrTokenInvalidIssuer, "it is of another issuer"},
		{jwt.ErrTokenInvalidAudience, "it is for another audience"},
		{jwt.ErrTokenRequiredClaimMissing, "a claim is missing"},
		{jwt.ErrTokenNotValidYet, "it is not valid yet"},
	} {
		if errors.Is(err, r.err) {
			return fmt.Errorf("%w: %s", ErrLinkToken, r.says)
		}
	}
	if errors.Is(err, jwt.ErrTokenExpired) {
		return ErrLinkExpired
	}
	return ErrLinkToken
}
