package paypay

import (
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // As PayPay's scheme has it.
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// vector is a request that was signed by others: in PayPay's documents, or by its
// Node SDK.
type vector struct {
	Name        string `json:"name"`
	Key         string `json:"key"`
	Secret      string `json:"secret"`
	Method      string `json:"method"`
	Path        string `json:"path"`
	Body        string `json:"body"`
	ContentType string `json:"contentType"`
	Nonce       string `json:"nonce"`
	Epoch       int64  `json:"epoch"`
	BodyHash    string `json:"bodyHash"`
	Header      string `json:"header"`
}

func readVectors(t testing.TB) []vector {
	t.Helper()
	var vectors []vector
	if err := json.Unmarshal([]byte(testdata(t, "hmac-vectors.json")), &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors) != 15 {
		t.Fatalf("%d vectors, want 15", len(vectors))
	}
	return vectors
}

func TestAuthorization_vectors(t *testing.T) {
	t.Parallel()
	for _, v := range readVectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			s := signable{v.Method, v.Path, v.Nonce, v.Epoch, v.ContentType, []byte(v.Body)}
			if got := s.bodyHash(); got != v.BodyHash {
				t.Errorf("body hash %s, want %s", got, v.BodyHash)
			}
			if got := s.authorization(v.Key, v.Secret); got != v.Header {
				t.Errorf("header\n%s, want\n%s", got, v.Header)
			}
		})
	}
}

func TestAuthorization_changesWithEachPart(t *testing.T) {
	t.Parallel()
	base := signable{"POST", "/v2/codes", "n", 1, contentType, []byte("{}")}
	seen := map[string]string{base.authorization("k", "s"): "the original"}
	for name, s := range map[string]signable{
		"method":       {"PUT", "/v2/codes", "n", 1, contentType, []byte("{}")},
		"path":         {"POST", "/v2/code", "n", 1, contentType, []byte("{}")},
		"nonce":        {"POST", "/v2/codes", "m", 1, contentType, []byte("{}")},
		"epoch":        {"POST", "/v2/codes", "n", 2, contentType, []byte("{}")},
		"content type": {"POST", "/v2/codes", "n", 1, contentType + ";", []byte("{}")},
		"body":         {"POST", "/v2/codes", "n", 1, contentType, []byte("{ }")},
		"no body":      {"POST", "/v2/codes", "n", 1, contentType, nil},
	} {
		h := s.authorization("k", "s")
		if other, ok := seen[h]; ok {
			t.Errorf("another %s is signed like %s", name, other)
		}
		seen[h] = name
	}
}

// FuzzAuthorization compares with the scheme written down a second time, and
// holds that header and signed text can be taken apart again in one way only.
func FuzzAuthorization(f *testing.F) {
	for _, v := range readVectors(f) {
		f.Add(v.Method, v.Path, v.Nonce, v.Epoch, v.ContentType, []byte(v.Body), v.Key, v.Secret)
	}
	f.Add("GET", "/v2/refunds/R-1?paymentId=2", "n", int64(1), "", []byte(nil), "k", "s")
	f.Fuzz(func(t *testing.T, method, path, nonce string, epoch int64, ct string, body []byte, key, secret string) {
		s := signable{method, path, nonce, epoch, ct, body}
		got := s.authorization(key, secret)

		typ, hash := "empty", "empty"
		if len(body) > 0 {
			sum := md5.Sum(append([]byte(ct), body...)) //nolint:gosec // As PayPay's scheme has it.
			typ, hash = ct, base64.StdEncoding.EncodeToString(sum[:])
		}
		bare, _, _ := strings.Cut(path, "?")
		parts := []string{bare, method, nonce, strconv.FormatInt(epoch, 10), typ, hash}
		text := strings.Join(parts, "\n")
		m := hmac.New(sha256.New, []byte(secret))
		m.Write([]byte(text))
		mac := base64.StdEncoding.EncodeToString(m.Sum(nil))
		if want := fmt.Sprintf("hmac OPA-Auth:%s:%s:%s:%d:%s", key, mac, nonce, epoch, hash); got != want {
			t.Fatalf("header\n%s, want\n%s", got, want)
		}

		other := s
		other.path = bare + "?another=query"
		if other.authorization(key, secret) != got {
			t.Error("the query is signed")
		}
		if strings.Contains(bare+method+nonce+typ+key, "\n") || strings.Contains(nonce+key, ":") {
			return // The client lets none of these through.
		}
		if d := cmp.Diff(parts, strings.Split(string(s.text(s.bodyHash())), "\n")); d != "" {
			t.Errorf("the signed text is not of its six parts: %s", d)
		}
		fields := strings.Split(strings.TrimPrefix(got, "hmac OPA-Auth:"), ":")
		if d := cmp.Diff([]string{key, mac, nonce, parts[3], hash}, fields); d != "" {
			t.Errorf("the header is not of its five parts: %s", d)
		}
	})
}

func BenchmarkAuthorization(b *testing.B) {
	s := signable{
		"POST", "/v2/codes", "EXAMPLENONCEEXAMPLENONCE00", 1760000122, contentType,
		[]byte(`{"merchantPaymentId":"POS-20251009-0001","amount":{"amount":1280,"currency":"JPY"},"codeType":"ORDER_QR","requestedAt":1760000122}`),
	}
	b.ReportAllocs()
	for b.Loop() {
		s.authorization("a_Test0Key1Sandbox", "q3VdJ5bq+0uYtWc/8Rz1nD4xPq7sLk2mEoHh9aGf6Yg=")
	}
}
