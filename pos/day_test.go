package pos_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.jp/reji/pos"
)

func TestCalendar_day(t *testing.T) {
	t.Parallel()
	tokyo := time.FixedZone("JST", 9*60*60)
	c := pos.Calendar{Zone: tokyo, Starts: 5 * time.Hour}
	for at, want := range map[string]pos.Day{
		"2026-11-23T05:00:00+09:00": "2026-11-23",
		"2026-11-23T04:59:59+09:00": "2026-11-22",
		"2026-11-24T00:15:00+09:00": "2026-11-23",
		"2026-11-23T15:14:59Z":      "2026-11-23", // 00:14:59 in Tokyo
		"2027-01-01T04:00:00+09:00": "2026-12-31",
		"2026-03-01T04:00:00+09:00": "2026-02-28",
	} {
		m, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Day(m); got != want {
			t.Errorf("%s is on %s, want %s", at, got, want)
		}
	}
	if d := pos.Day("2026-12-31"); d.Next() != "2027-01-01" || d.Next().Prev() != d {
		t.Errorf("next %s, and back %s", d.Next(), d.Next().Prev())
	}
}

// Days never go back while time goes on, and each lasts 24 hours.
func TestCalendar_daysFollowTime(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := pos.Calendar{
			Zone:   time.FixedZone("here", rapid.IntRange(-12*3600, 14*3600).Draw(t, "zone")),
			Starts: time.Duration(rapid.IntRange(0, 23).Draw(t, "starts")) * time.Hour,
		}
		at := time.Unix(rapid.Int64Range(0, 4_000_000_000).Draw(t, "at"), 0)
		later := at.Add(time.Duration(rapid.Int64Range(0, 86_400).Draw(t, "seconds")) * time.Second)
		if a, b := c.Day(at), c.Day(later); b != a && b != a.Next() {
			t.Fatalf("%s is on %s and %s on %s", at, a, later, b)
		}
		if got := c.Day(at.Add(24 * time.Hour)); got != c.Day(at).Next() {
			t.Fatalf("a day after %s is on %s", c.Day(at), got)
		}
	})
}

func TestClean(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"むーんケーキ":                "むーんケーキ",
		"a\x1b[31mb":            "a\uFFFD[31mb",
		"a\r\nb\x7f":            "a\uFFFD\uFFFDb\uFFFD",
		"\u009b31m":             "\uFFFD31m",
		"abc\u202egnp.exe":      "abc\uFFFDgnp.exe",
		"zero\u200bwidth\u2028": "zero\uFFFDwidth\uFFFD",
		"bad\xffutf8":           "bad\uFFFDutf8",
		"1234567890123456":      "123456789012345",
	} {
		if got := pos.Clean(in, 15); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("a\x1b]52;c;AAAA\x07", 10)
	f.Add("日本語\xe3\x81", 3)
	f.Fuzz(func(t *testing.T, s string, n int) {
		got := pos.Clean(s, n)
		if !pos.IsClean(got) || strings.ContainsAny(got, "\x1b\r\n\b\u009b") {
			t.Fatalf("Clean(%q) = %q", s, got)
		}
		if again := pos.Clean(got, n); again != got {
			t.Fatalf("cleaning %q twice gives %q, then %q", s, got, again)
		}
		if r := []rune(got); len(r) > max(n, 0) {
			t.Fatalf("%d characters, not %d", len(r), n)
		}
	})
}
