package pos

import (
	"testing"
	"unicode"
)

func TestClean_everyCharacter(t *testing.T) {
	t.Parallel()
	for r := rune(0); r <= unicode.MaxRune; r++ {
		want := r
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp) || 0xd800 <= r && r <= 0xdfff {
			want = Mark
		}
		if got := Clean(string(r), 1); got != string(want) {
			t.Errorf("%U is %q, want %q", r, got, string(want))
		}
	}
}
