package paypay

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"unicode"
)

// Credentials are what PayPay issued to a merchant. They cannot be printed,
// logged or marshalled: every attempt gives the word "redacted".
type Credentials struct {
	// A closure, because fmt does not call the methods below on a value in an
	// unexported field of another struct. It prints the fields, and what they
	// point to when a verb does not suit them, but not what a function holds.
	keys func() keys
}

type keys struct{ apiKey, apiSecret, merchantID string }

// redacted stands wherever credentials were about to be printed.
const redacted = "redacted"

// NewCredentials checks an API key, its secret, and the merchant they act for.
// Without a merchant id requests do not name one, and PayPay takes the only
// merchant of the key. The secret is the text that PayPay shows, not decoded. No error repeats any part of the values.
func NewCredentials(apiKey, apiSecret, merchantID string) (Credentials, error) {
	switch {
	case apiKey == "":
		return Credentials{}, errors.New("paypay: the API key is empty")
	case !isToken(apiKey) || strings.Contains(apiKey, ":"):
		return Credentials{}, errors.New("paypay: the API key has a space, a colon or another character that no key has")
	case apiSecret == "":
		return Credentials{}, errors.New("paypay: the API secret is empty")
	case strings.TrimSpace(apiSecret) != apiSecret || strings.ContainsFunc(apiSecret, unicode.IsControl):
		// A line end that was read along with a secret file would otherwise
		// show only as a refused signature.
		return Credentials{}, errors.New("paypay: the API secret has a space at an end or a control character")
	case merchantID != "" && !isToken(merchantID):
		return Credentials{}, errors.New("paypay: the merchant id has a space or another character that no id has")
	}
	return Credentials{func() keys { return keys{apiKey, apiSecret, merchantID} }}, nil
}

// isToken reports whether s is visible ASCII, which a header can carry as it is.
func isToken(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return s != ""
}

// String is the word "redacted".
func (Credentials) String() string { return redacted }

// GoString is the word "redacted".
func (Credentials) GoString() string { return redacted }

// Format writes the word "redacted", whatever the verb.
func (Credentials) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, redacted) }

// LogValue is the word "redacted".
func (Credentials) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText gives the word "redacted", also to encoding/json.
func (Credentials) MarshalText() ([]byte, error) { return []byte(redacted), nil }
