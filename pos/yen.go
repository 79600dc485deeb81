package pos

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Yen is an amount of whole yen. Arithmetic on it is checked: a result that
// does not fit is an error, never a wrong number.
type Yen int64

// MaxYen is the largest amount PayPay's API can carry: eleven digits.
const MaxYen Yen = 99_999_999_999

// ErrAmount means that an amount is not one a till can take: not a number,
// zero, negative, or over MaxYen.
var ErrAmount = errors.New("not an amount this till can take")

// Add is the sum of two amounts, or ErrAmount when it leaves -MaxYen..MaxYen.
func (y Yen) Add(z Yen) (Yen, error) {
	// Both are within MaxYen, so the sum cannot overflow before it is checked.
	if !y.fits() || !z.fits() || !(y + z).fits() {
		return 0, fmt.Errorf("%d + %d: %w", y, z, ErrAmount)
	}
	return y + z, nil
}

// Times is the amount n times over, or ErrAmount when it leaves -MaxYen..MaxYen.
func (y Yen) Times(n int64) (Yen, error) {
	if !y.fits() {
		return 0, fmt.Errorf("%d x %d: %w", y, n, ErrAmount)
	}
	p := int64(y) * n
	if y != 0 && (p/int64(y) != n || !Yen(p).fits()) {
		return 0, fmt.Errorf("%d x %d: %w", y, n, ErrAmount)
	}
	return Yen(p), nil
}

func (y Yen) fits() bool { return -MaxYen <= y && y <= MaxYen }

// String is the amount with thousands separated, without a currency sign:
// 1,280.
func (y Yen) String() string {
	s := strconv.FormatInt(int64(y), 10)
	sign := ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	var b strings.Builder
	b.WriteString(sign)
	for i, r := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// ParseYen reads an amount that a person typed: digits, full-width ones too,
// and nothing else. Zero and more than MaxYen are refused.
func ParseYen(s string) (Yen, error) {
	digits := FoldDigits(s)
	if digits == "" || len(digits) > 11 || strings.Trim(digits, "0123456789") != "" {
		return 0, fmt.Errorf("%q: %w", Clean(s, 20), ErrAmount)
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("%q: %w", Clean(s, 20), ErrAmount)
	}
	return Yen(n), nil
}

// FoldDigits turns full-width digits into the ordinary ones, because a
// Japanese keyboard types them whenever its input method is on.
func FoldDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if '０' <= r && r <= '９' {
			return r - '０' + '0'
		}
		return r
	}, s)
}
