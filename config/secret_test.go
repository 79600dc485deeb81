package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

const canary = "CANARY-d41d8cd9"

// carrier holds a secret where fmt may not call its methods.
type carrier struct {
	Open   Secret
	hidden Secret
	list   []Secret
	byName map[string]Secret
	under  *carrier
}

func carriers() []any {
	s := NewSecret(canary)
	c := carrier{Open: s, hidden: s, list: []Secret{s}, byName: map[string]Secret{"a": s}, under: &carrier{hidden: s}}
	return []any{
		s, &s, c, &c,
		[]any{c},
		map[Secret]carrier{s: c},
		struct{ any }{s},
		fmt.Errorf("wrapped: %w", errors.New(fmt.Sprint(c))),
		Config{APISecret: s},
		struct{ config Config }{Config{APISecret: s}},
	}
}

func TestSecret_leaksUnderNoVerb(t *testing.T) {
	t.Parallel()
	for _, v := range carriers() {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%c", "%U", "%T", "%p", "%10.3s", "%!"} {
			if got := fmt.Sprintf(verb, v); strings.Contains(got, canary) || strings.Contains(got, fmt.Sprintf("%x", canary)) {
				t.Errorf("%s of %T leaks: %s", verb, v, got)
			}
		}
	}
}

func TestSecret_leaksIntoNoLogOrEncoding(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	options := &slog.HandlerOptions{Level: slog.LevelDebug}
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, options), slog.NewJSONHandler(&out, options)} {
		for _, v := range carriers() {
			slog.New(h).Error("a", "v", v)
		}
	}
	for _, v := range carriers() {
		b, err := json.Marshal(v)
		out.Write(b)
		if err != nil {
			out.WriteString(err.Error())
		}
	}
	if strings.Contains(out.String(), canary) {
		t.Errorf("leaks: %s", &out)
	}
}

func TestSecret_showsThatItHides(t *testing.T) {
	t.Parallel()
	for _, s := range []Secret{{}, NewSecret(canary)} {
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		text, err := s.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		for _, got := range []string{
			s.String(), s.GoString(), s.LogValue().String(), fmt.Sprint(s), fmt.Sprintf("%#v", s), fmt.Sprintf("%q", s),
			strings.Trim(string(b), `"`), string(text),
		} {
			if got != "***" {
				t.Errorf("got %q, want ***", got)
			}
		}
	}
}

func TestSecretReveal(t *testing.T) {
	t.Parallel()
	if got := NewSecret(canary).Reveal(); got != canary {
		t.Errorf("got %q", got)
	}
	if s := NewSecret(""); s.Reveal() != "" || !s.IsZero() {
		t.Error("an empty secret is not the zero one")
	}
	if NewSecret(canary).IsZero() {
		t.Error("a secret is the zero one")
	}
}
