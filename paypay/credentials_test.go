package paypay

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

const (
	canaryKey    = "CANARYkey"
	canarySecret = "CANARYsecret"
	canaryID     = "CANARYmerchant"
)

func canary(t *testing.T) Credentials {
	t.Helper()
	c, err := NewCredentials(canaryKey, canarySecret, canaryID)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestNewCredentials(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name             string
		key, secret, mid string
		ok               bool
	}{
		{"sandbox form", "a_Test0Key1Sandbox", "q3VdJ5bq+0uYtWc/8Rz1nD4xPq7sLk2mEoHh9aGf6Yg=", "418901234567890123", true},
		{"no merchant", "k", "s", "", true},
		{"no key", "", "s", "", false},
		{"no secret", "k", "", "", false},
		{"colon in key", "k:" + canaryKey, "s", "", false},
		{"space in key", "k ", "s", "", false},
		{"line end in key", "k\n", "s", "", false},
		{"not ASCII in key", "ｋ", "s", "", false},
		{"line end after secret", "k", canarySecret + "\n", "", false},
		{"space before secret", "k", " " + canarySecret, "", false},
		{"control in secret", "k", "s\x00s", "", false},
		{"header injection in merchant", "k", "s", "1\r\nX: " + canaryID, false},
		{"space in merchant", "k", "s", "1 2", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := NewCredentials(tt.key, tt.secret, tt.mid)
			if (err == nil) != tt.ok {
				t.Fatalf("error %v, want ok %v", err, tt.ok)
			}
			if err != nil && strings.Contains(err.Error(), "CANARY") {
				t.Fatalf("the error repeats a value: %v", err)
			}
		})
	}
}

func TestCredentials_neverPrinted(t *testing.T) {
	t.Parallel()
	c := canary(t)
	client, err := New(c, WithBaseURL(Sandbox))
	if err != nil {
		t.Fatal(err)
	}
	type hidden struct{ c Credentials }
	type shown struct{ C Credentials }
	values := []any{
		c, &c,
		hidden{c},
		&hidden{c},
		shown{c},
		&shown{c}, client,
		struct{ deep struct{ h *hidden } }{struct{ h *hidden }{&hidden{c}}},
		[]Credentials{c},
		map[string]Credentials{"c": c},
		errors.Join(fmt.Errorf("%v", c)),
	}
	var out bytes.Buffer
	for _, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		fmt.Fprintln(&out, v)
		for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
			slog.New(h).Info("m", "v", v, slog.Any("w", []any{v}))
		}
		if b, err := json.Marshal(v); err == nil {
			out.Write(b)
		}
		if b, err := xml.Marshal(v); err == nil {
			out.Write(b)
		}
	}
	if i := strings.Index(out.String(), "CANARY"); i >= 0 {
		t.Errorf("printed: …%s", out.String()[max(0, i-80):i+20])
	}
	for _, hex := range []string{fmt.Sprintf("%x", "CANARY"), fmt.Sprintf("%X", "CANARY")} {
		if strings.Contains(out.String(), hex) {
			t.Error("printed in hexadecimal")
		}
	}

	for how, got := range map[string]string{
		"fmt":  fmt.Sprintf("%x", c),
		"slog": slog.AnyValue(c).Resolve().String(),
		"JSON": strings.Trim(string(must(json.Marshal(c))), `"`),
		"Text": c.String() + c.GoString(),
	} {
		if strings.ReplaceAll(got, redacted, "") != "" || got == "" {
			t.Errorf("%s gives %q", how, got)
		}
	}
	if slog.AnyValue(c).Resolve().Kind() != slog.KindString {
		t.Error("slog is given more than a word")
	}
}
