package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestConfigJournal_oneForEachService(t *testing.T) {
	t.Parallel()
	tests := []struct {
		env  Env
		base string
		want string
	}{
		{Training, "", "/d/training/journal.db"},
		{Sandbox, "", "/d/sandbox/journal.db"},
		{Staging, "", "/d/staging/journal.db"},
		{Production, "", "/d/production/journal.db"},
		{Production, "https://apigw.paypay.ne.jp", "/d/production/journal.db"},
		{Production, "https://relay.example.jp", "/d/production-relay.example.jp/journal.db"},
		{Sandbox, "https://stg-api.sandbox.paypay.ne.jp", "/d/sandbox/journal.db"},
		{Sandbox, "https://apigw.sandbox.paypay.ne.jp:8443", "/d/sandbox-apigw.sandbox.paypay.ne.jp_8443/journal.db"},
		{Sandbox, "http://127.0.0.1:8080", "/d/sandbox-127.0.0.1_8080/journal.db"},
		{Sandbox, "http://[::1]:8080", "/d/sandbox-[__1]_8080/journal.db"},
		{Staging, "http://[::1]", "/d/staging-[__1]/journal.db"},
	}
	for _, tt := range tests {
		t.Run(string(tt.env)+" "+tt.base, func(t *testing.T) {
			t.Parallel()
			c := Config{Env: tt.env, BaseURL: tt.base, DataDir: "/d"}
			if got := c.Journal(); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestBaseURL(t *testing.T) {
	t.Parallel()
	const (
		noURL   = `must be a URL such as "https://paypay.example.jp".`
		more    = "must name a host and nothing after it."
		badHost = "must name a host in plain letters, or an address."
		plain   = "must be https: plain http is for this machine only."
		badPort = "must have a port from 1 to 65535."
	)
	tests := []struct{ text, want, sentence string }{
		{text: "https://Relay.Example.JP/", want: "https://relay.example.jp"},
		{text: "https://relay.example.jp:443", want: "https://relay.example.jp"},
		{text: "https://relay.example.jp:08443", want: "https://relay.example.jp:8443"},
		{text: "https://relay.example.jp:", want: "https://relay.example.jp"},
		{text: "http://127.0.0.1:80", want: "http://127.0.0.1"},
		{text: "http://127.9.9.9:8080", want: "http://127.9.9.9:8080"},
		{text: "http://[::1]:8080", want: "http://[::1]:8080"},
		{text: "http://[::1]", want: "http://[::1]"},
		{text: "http://localhost:443", want: "http://localhost:443"},
		{text: "https://10.0.0.1", want: "https://10.0.0.1"},

		{text: "relay.example.jp", sentence: noURL},
		{text: "127.0.0.1:8080", sentence: noURL},
		{text: "ftp://relay.example.jp", sentence: noURL},
		{text: "https://", sentence: noURL},
		{text: "https://:443", sentence: noURL},
		{text: "https:relay.example.jp", sentence: noURL},
		{text: "https://relay.example.jp:port", sentence: noURL},
		{text: "https://relay.example.jp/v2", sentence: more},
		{text: "https://relay.example.jp?a=b", sentence: more},
		{text: "https://relay.example.jp?", sentence: more},
		{text: "https://relay.example.jp#a", sentence: more},
		{text: "https://user:word@relay.example.jp", sentence: more},
		{text: "https://relay.example.jp.", sentence: badHost},
		{text: "https://.example.jp", sentence: badHost},
		{text: "https://a..jp", sentence: badHost},
		{text: "https://レジ.jp", sentence: badHost},
		{text: "https://a_b.jp", sentence: badHost},
		{text: "https://a%2fb.jp", sentence: noURL},
		{text: "https://[fe80::1%25eth0]", sentence: badHost},
		{text: "http://10.0.0.1", sentence: plain},
		{text: "http://localhost.example.jp", sentence: plain},
		{text: "http://127.0.0.1.example.jp", sentence: plain},
		{text: "https://relay.example.jp:0", sentence: badPort},
		{text: "https://relay.example.jp:65536", sentence: badPort},
	}
	for _, tt := range tests {
		t.Run(strings.ReplaceAll(tt.text, "/", "|"), func(t *testing.T) {
			t.Parallel()
			base, sentence := baseURL(tt.text)
			if diff := cmp.Diff([]string{tt.want, tt.sentence}, []string{base, sentence}); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// The form is final, and its hosts give folders apart exactly when they differ.
func TestBaseURL_oneFormForEachService(t *testing.T) {
	t.Parallel()
	text := rapid.StringMatching(`https?://(localhost|127\.0\.0\.1|[aA]{1,2}\.jp|\[(0:)?::1\]|\[[12]::1\])(:0?[1-3]|:443|:80)?/?`)
	rapid.Check(t, func(t *rapid.T) {
		a, wrongA := baseURL(text.Draw(t, "a"))
		b, wrongB := baseURL(text.Draw(t, "b"))
		if wrongA != "" || wrongB != "" {
			return
		}
		if again, _ := baseURL(a); again != a {
			t.Fatalf("%s becomes %s", a, again)
		}
		ja, jb := Config{Env: Sandbox, BaseURL: a}.Journal(), Config{Env: Sandbox, BaseURL: b}.Journal()
		if (ja == jb) != (host(a) == host(b)) {
			t.Fatalf("%s has %s, %s has %s", a, ja, b, jb)
		}
	})
}
