package pos_test

import (
	"errors"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"example.jp/reji/pos"
)

func TestParseYen(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]pos.Yen{
		"1": 1, "1280": 1280, "００１２８０": 1280, "1２8０": 1280, "99999999999": pos.MaxYen,
	} {
		if got, err := pos.ParseYen(in); err != nil || got != want {
			t.Errorf("ParseYen(%q) = %d, %v; want %d", in, got, err, want)
		}
	}
	for _, in := range []string{
		"", "0", "０", "000", "-1", "+1", "1.5", "1,280", "12a", "円", "100000000000", "１２３４５６７８９０１２",
		" 1", "1\n", "1e3", "0x10", "\x1b[31m1", "The quick brown fox jumps over 13 lazy dogs.\nTwice.",
	} {
		if got, err := pos.ParseYen(in); !errors.Is(err, pos.ErrAmount) {
			t.Errorf("ParseYen(%q) = %d, %v; want ErrAmount", in, got, err)
		}
	}
}

func TestYen_string(t *testing.T) {
	t.Parallel()
	for in, want := range map[pos.Yen]string{
		0: "0", 7: "7", 999: "999", 1000: "1,000", 1280: "1,280", 123456: "123,456",
		pos.MaxYen: "99,999,999,999", -1: "-1", -999: "-999", -1000: "-1,000",
	} {
		if got := in.String(); got != want {
			t.Errorf("Yen(%d) = %q, want %q", int64(in), got, want)
		}
	}
}

// Checked arithmetic agrees with arithmetic that cannot overflow, or refuses.
func TestYen_arithmetic(t *testing.T) {
	t.Parallel()
	limit := big.NewInt(int64(pos.MaxYen))
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.OneOf(rapid.Int64(), rapid.Int64Range(-int64(pos.MaxYen), int64(pos.MaxYen))).Draw(t, "a")
		b := rapid.OneOf(rapid.Int64(), rapid.Int64Range(-10_000, 10_000), rapid.Just(int64(math.MinInt64))).Draw(t, "b")
		check := func(op string, got pos.Yen, err error, exact *big.Int, operands ...int64) {
			fits := exact.CmpAbs(limit) <= 0
			for _, o := range operands {
				fits = fits && big.NewInt(o).CmpAbs(limit) <= 0
			}
			switch {
			case fits && (err != nil || int64(got) != exact.Int64()):
				t.Fatalf("%d %s %d = %d, %v; want %s", a, op, b, got, err, exact)
			case !fits && !errors.Is(err, pos.ErrAmount):
				t.Fatalf("%d %s %d = %d, %v; want ErrAmount", a, op, b, got, err)
			}
		}
		sum, err := pos.Yen(a).Add(pos.Yen(b))
		check("+", sum, err, new(big.Int).Add(big.NewInt(a), big.NewInt(b)), a, b)
		product, err := pos.Yen(a).Times(b)
		check("x", product, err, new(big.Int).Mul(big.NewInt(a), big.NewInt(b)), a)
	})
}

func FuzzParseYen(f *testing.F) {
	for _, s := range []string{"1280", "０", "-5", "99999999999", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		y, err := pos.ParseYen(s)
		if err == nil && (y < 1 || y > pos.MaxYen) {
			t.Errorf("ParseYen(%q) = %d", s, y)
		}
		if err != nil && !pos.IsClean(err.Error()) {
			t.Errorf("the error of ParseYen(%q) carries what it was given: %q", s, err)
		}
	})
}
