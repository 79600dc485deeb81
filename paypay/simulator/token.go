package simulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
)

// tokenHeader is the only head of a token that is made or believed.
const tokenHeader = `{"alg":"HS256","typ":"JWT"}` //nolint:gosec // no secret is in it

// maxToken bounds what is read of a token.
const maxToken = 8 << 10

// tokenSigner makes the mac of a token. Its key is the secret decoded, where the
// signature of a request takes it as it stands. It is nil when the secret is not
// Base64. It keeps the key inside a closure, because fmt prints fields but not
// what a function holds.
func tokenSigner(secret string) func(string) []byte {
	key, err := base64.StdEncoding.Strict().DecodeString(secret)
	if err != nil {
		return nil
	}
	return func(text string) []byte {
		m := hmac.New(sha256.New, key)
		m.Write([]byte(text))
		return m.Sum(nil)
	}
}

// makeToken signs claims.
func makeToken(claims any, sign func(string) []byte) string {
	body, err := json.Marshal(claims)
	if err != nil {
		panic("simulator: claims of our own cannot be encoded: " + err.Error())
	}
	text := base64.RawURLEncoding.EncodeToString([]byte(tokenHeader)) + "." + base64.RawURLEncoding.EncodeToString(body)
	return text + "." + base64.RawURLEncoding.EncodeToString(sign(text))
}

// readToken returns the claims of a token that was signed with the same key.
func readToken(token string, sign func(string) []byte) (*fields, bool) {
	part := strings.Split(token, ".")
	if len(part) != 3 || len(token) > maxToken {
		return nil, false
	}
	var raw [3][]byte
	for i, p := range part {
		b, err := base64.RawURLEncoding.Strict().DecodeString(p)
		if err != nil {
			return nil, false
		}
		raw[i] = b
	}
	if !hmac.Equal(raw[2], sign(part[0]+"."+part[1])) {
		return nil, false
	}
	head, err := parseObject(raw[0])
	if err != nil || string(head["alg"]) != `"HS256"` {
		return nil, false
	}
	claims, err := parseObject(raw[1])
	return &fields{object: claims}, err == nil
}
