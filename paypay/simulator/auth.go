package simulator

import (
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // PayPay's signature contains an MD5; the HMAC around it is SHA-256
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// epochWindow is how far a signature's time may be from the simulator's clock, or
// from what that would be had nobody moved it on.
const epochWindow = 120 * time.Second

// maxNonce bounds what is remembered of a signature.
const maxNonce = 128

// signer makes the mac of a text. It keeps the secret inside a closure, because
// fmt prints fields but not what a function holds.
func signer(secret string) func(string) string {
	key := []byte(secret)
	return func(text string) string {
		m := hmac.New(sha256.New, key)
		m.Write([]byte(text))
		return base64.StdEncoding.EncodeToString(m.Sum(nil))
	}
}

// authorize checks the signature and the merchant of a request, and uses up its
// nonce. It returns what else the query says when the caller is who it says. The
// caller holds the lock.
func (s *Simulator) authorize(q request, now time.Time) (url.Values, *answer) {
	nonce, refused := s.checkSignature(q.http, q.body, now)
	if refused != nil {
		return nil, refused
	}
	query, refused := s.checkMerchant(q.http, q.operation.query)
	if refused != nil {
		return nil, refused
	}
	if !s.nonces.use(nonce, now.Add(-s.offset)) && !s.cfg.NonceReuse {
		return nil, unauthorized("the nonce was used before")
	}
	return query, nil
}

func (s *Simulator) checkSignature(r *http.Request, body []byte, now time.Time) (nonce string, refused *answer) {
	header := r.Header.Values("Authorization")
	if len(header) != 1 {
		return "", unauthorized("one Authorization header is needed")
	}
	fields, ok := strings.CutPrefix(header[0], "hmac OPA-Auth:")
	part := strings.Split(fields, ":")
	if !ok || len(part) != 5 {
		return "", unauthorized("Authorization is not hmac OPA-Auth:key:mac:nonce:epoch:hash")
	}
	key, mac, nonce, epoch, hash := part[0], part[1], part[2], part[3], part[4]
	if !hmac.Equal([]byte(key), []byte(s.cfg.APIKey)) {
		return "", unauthorized("the API key is unknown")
	}
	if !plainNonce(nonce) {
		return "", unauthorized("the nonce must be 1 to 128 printable characters")
	}
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil || strconv.FormatInt(seconds, 10) != epoch {
		return "", unauthorized("the epoch is not in seconds")
	}
	signed := time.Unix(seconds, 0)
	if now.Sub(signed).Abs() > epochWindow && now.Add(-s.offset).Sub(signed).Abs() > epochWindow {
		return "", unauthorized("the epoch is more than 120 seconds off")
	}
	contentType, want := "empty", "empty"
	if len(body) > 0 {
		types := r.Header.Values("Content-Type")
		if len(types) != 1 {
			return "", unauthorized("one Content-Type header is needed with a body")
		}
		contentType = types[0]
		sum := md5.Sum(append([]byte(contentType), body...)) //nolint:gosec // see the import
		want = base64.StdEncoding.EncodeToString(sum[:])
	}
	if hash != want {
		return "", unauthorized("the body hash does not fit the content type and the body")
	}
	text := strings.Join([]string{r.URL.EscapedPath(), r.Method, nonce, epoch, contentType, hash}, "\n")
	if !hmac.Equal([]byte(mac), []byte(s.sign(text))) {
		return "", unauthorized("the signature does not fit the request")
	}
	return nonce, nil
}

// checkMerchant wants the merchant's id on every call, as the documents ask. In
// the query it counts before the header.
func (s *Simulator) checkMerchant(r *http.Request, known []string) (url.Values, *answer) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, invalidParams("the query cannot be read")
	}
	given := query["assumeMerchant"]
	if !query.Has("assumeMerchant") {
		given = r.Header.Values("X-Assume-Merchant")
	}
	if len(given) != 1 || given[0] != s.cfg.MerchantID {
		return nil, unauthorized("the merchant id is missing or not this client's")
	}
	delete(query, "assumeMerchant")
	for name, values := range query {
		if len(values) != 1 || !slices.Contains(known, name) {
			return nil, invalidParams("the query has unknown or repeated parameters")
		}
	}
	return query, nil
}

func unauthorized(message string) *answer {
	return refuse(http.StatusUnauthorized, "UNAUTHORIZED", "08100016", message)
}

func plainNonce(nonce string) bool {
	if nonce == "" || len(nonce) > maxNonce {
		return false
	}
	for _, c := range []byte(nonce) {
		if c <= ' ' || c > '~' {
			return false
		}
	}
	return true
}

// nonces remembers the nonces of the last two epoch windows and forgets them in
// generations, so that it needs no list in order of time. A nonce can be valid
// for two windows at most: signed one window ahead, sent again one behind.
type nonces struct {
	newer, older map[string]bool
	since        time.Time
}

// use reports whether a nonce is new, and remembers it.
func (n *nonces) use(nonce string, now time.Time) bool {
	const generation = 2*epochWindow + time.Second
	switch age := now.Sub(n.since); {
	case n.newer == nil || age >= 2*generation:
		n.newer, n.older, n.since = map[string]bool{}, nil, now
	case age >= generation:
		n.newer, n.older, n.since = map[string]bool{}, n.newer, now
	}
	if n.newer[nonce] || n.older[nonce] {
		return false
	}
	n.newer[nonce] = true
	return true
}
