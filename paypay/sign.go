package paypay

import (
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // PayPay's scheme fixes MD5 for the body hash; the HMAC over it is SHA-256.
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
)

// contentType has to be the same text in the header, in the signature and in
// the body hash.
const contentType = "application/json"

// noBody stands for both the content type and the body hash of a request that
// has no body.
const noBody = "empty"

// signable is everything of a request that PayPay's signature covers.
type signable struct {
	method      string
	path        string // as sent; a query, if there is one, is not signed
	nonce       string // without a colon, which separates the parts of the header
	epoch       int64  // seconds
	contentType string // exactly as in the header; ignored when there is no body
	body        []byte // exactly as sent
}

// authorization is the value of the Authorization header (PayPay's HMAC
// scheme OPA-Auth).
func (s signable) authorization(apiKey, apiSecret string) string {
	hash := s.bodyHash()
	mac := hmac.New(sha256.New, []byte(apiSecret))
	text := s.text(hash)
	mac.Write(text)
	sum := mac.Sum(text[:0]) // the text is not needed any more

	h := make([]byte, 0, 160)
	h = append(h, "hmac OPA-Auth:"...)
	h = append(h, apiKey...)
	h = append(h, ':')
	h = base64.StdEncoding.AppendEncode(h, sum)
	h = append(h, ':')
	h = append(h, s.nonce...)
	h = append(h, ':')
	h = strconv.AppendInt(h, s.epoch, 10)
	h = append(h, ':')
	h = append(h, hash...)
	return string(h)
}

// text is what the HMAC is taken of: six parts, with a line feed between them.
func (s signable) text(bodyHash string) []byte {
	path, _, _ := strings.Cut(s.path, "?")
	contentType := s.contentType
	if len(s.body) == 0 {
		contentType = noBody
	}
	t := make([]byte, 0, 192)
	for _, part := range [...]string{path, s.method, s.nonce} {
		t = append(t, part...)
		t = append(t, '\n')
	}
	t = strconv.AppendInt(t, s.epoch, 10)
	t = append(t, '\n')
	t = append(t, contentType...)
	t = append(t, '\n')
	return append(t, bodyHash...)
}

func (s signable) bodyHash() string {
	if len(s.body) == 0 {
		return noBody
	}
	h := md5.New() //nolint:gosec // Fixed by PayPay's scheme.
	h.Write([]byte(s.contentType))
	h.Write(s.body)
	var sum [md5.Size]byte
	return base64.StdEncoding.EncodeToString(h.Sum(sum[:0]))
}
