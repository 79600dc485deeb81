package ui

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"example.jp/reji/pos"
)

func TestCut_keepsWithinTheCells(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text  string
		width int
		want  string
	}{
		{"abc", 3, "abc"},
		{"abcd", 3, "ab~"},
		{"おにぎり", 8, "おにぎり"},
		{"おにぎり", 7, "おにぎ~"},
		{"おにぎり", 6, "おに~"},
		{"おにぎり", 1, "~"},
		{"abc", 0, ""},
		{"abc", -1, ""},
	} {
		if got := cut(c.text, c.width); got != c.want {
			t.Errorf("cut(%q, %d) = %q, want %q", c.text, c.width, got, c.want)
		}
	}
}

// name is any text that has passed through pos.Clean. One that begins with a
// combining mark would join the space before it, and is left out.
func name() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string { return pos.Clean(rapid.String().Draw(t, "name"), 100) }).
		Filter(func(s string) bool { return cells(" "+s) == 1+cells(s) })
}

func TestPadding_isExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, r, width := name().Draw(t, "s"), name().Draw(t, "r"), rapid.IntRange(0, 200).Draw(t, "width")
		for what, got := range map[string]string{
			"left": left(s, width), "right": right(s, width), "middle": middle(s, width), "between": between(s, r, width),
		} {
			if cells(got) != width {
				t.Errorf("%s(%q, %d) has %d cells: %q", what, s, width, cells(got), got)
			}
		}
	})
}

func TestWrap_losesNothingAndFits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, width := name().Draw(t, "s"), rapid.IntRange(2, 60).Draw(t, "width")
		lines := wrap(s, width)
		for _, l := range lines {
			if cells(l) > width {
				t.Errorf("%q has %d cells, wanted at most %d", l, cells(l), width)
			}
		}
		bare := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if got := bare(strings.Join(lines, "")); got != bare(s) {
			t.Errorf("wrap(%q, %d) = %q", s, width, lines)
		}
	})
}

func TestWrap_breaksWhereAReaderExpectsIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text  string
		width int
		want  []string
	}{
		{"", 10, []string{""}},
		{"one two three", 8, []string{"one two", "three"}},
		{"お待ちください。", 14, []string{"お待ちくださ", "い。"}},
		{"今PayPayに", 8, []string{"今PayPay", "に"}},
		{"確認はPayPayに", 10, []string{"確認は", "PayPayに"}},
		{"未払いです。責任者を呼んで", 18, []string{"未払いです。", "責任者を呼んで"}},
		{"続くときは n で新しい", 16, []string{"続くときは n", "で新しい"}},
		{"未払い。責任者を呼んでください", 24, []string{"未払い。責任者を呼んでく", "ださい"}},
		{"ああああーーーー", 12, []string{"あああ", "あーーーー"}},
		{"一行目\n二行目", 20, []string{"一行目", "二行目"}},
		{"abcdefghij", 4, []string{"abcd", "efgh", "ij"}},
	} {
		if diff := cmp.Diff(c.want, wrap(c.text, c.width)); diff != "" {
			t.Errorf("wrap(%q, %d) (-want +got):\n%s", c.text, c.width, diff)
		}
	}
}

func TestMinutes_countsDownToNothing(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		5 * time.Minute: "5:00", 61*time.Second + 900*time.Millisecond: "1:01", 9 * time.Second: "0:09", -time.Second: "0:00",
	} {
		if got := minutes(d); got != want {
			t.Errorf("%s is %q, want %q", d, got, want)
		}
	}
}

func TestPlural_ofOneAndOfMany(t *testing.T) {
	t.Parallel()
	p := plural{One: "%s pc", Many: "%s pcs"}
	for n, want := range map[int64]string{0: "0 pcs", 1: "1 pc", 2: "2 pcs", 9999: "9,999 pcs"} {
		if got := p.of(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}
