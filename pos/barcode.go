package pos

import (
	"errors"
	"fmt"
	"strings"
)

// ErrCheckDigit means that a barcode was misread, or mistyped.
var ErrCheckDigit = errors.New("the check digit is wrong")

// CheckBarcode looks at a JAN-13, JAN-8 or UPC-A code, and is ErrCheckDigit
// when its last digit is not what the others make it. Codes of another length
// have none, and pass.
func CheckBarcode(code string) error {
	if len(code) != 13 && len(code) != 12 && len(code) != 8 || strings.Trim(code, "0123456789") != "" {
		return nil
	}
	sum := 0
	for i := range len(code) - 1 {
		weight := 3 // the digit beside the check digit weighs three, and then every other one
		if (len(code)-i)%2 != 0 {
			weight = 1
		}
		sum += weight * int(code[i]-'0')
	}
	if want := byte('0' + (10-sum%10)%10); code[len(code)-1] != want {
		return fmt.Errorf("%s should end in %c: %w", code, want, ErrCheckDigit)
	}
	return nil
}

// InStore is what the digits of a shop's own barcode stand for.
type InStore string

// What they may stand for.
const (
	InStoreItem   InStore = "item"   // the item, as of any other code
	InStorePrice  InStore = "price"  // the item, and the price of what was packed
	InStoreWeight InStore = "weight" // the item, and grams, to be paid by the kilogram
)

// Packed is what an in-store barcode says: 02 or 20 to 29, five digits of the
// item, five of price or weight, and the check digit.
type Packed struct {
	Item  string // the first seven digits, by which the catalogue knows it
	Value int64  // yen, or grams
}

// Unpack reads an in-store barcode whose value is a price or a weight. It is
// false for every other code.
func (s InStore) Unpack(code string) (Packed, bool) {
	own := len(code) == 13 && (code[0] == '2' || strings.HasPrefix(code, "02"))
	if s != InStorePrice && s != InStoreWeight || !own || CheckBarcode(code) != nil || strings.Trim(code, "0123456789") != "" {
		return Packed{}, false
	}
	var value int64
	for _, r := range code[7:12] {
		value = 10*value + int64(r-'0')
	}
	return Packed{Item: code[:7], Value: value}, true
}

// ByWeight is the price of so many grams of what costs so much a kilogram,
// rounded to the nearest yen, half up.
func ByWeight(perKilogram Yen, grams int64) (Yen, error) {
	whole, err := perKilogram.Times(grams)
	if err != nil || grams < 0 {
		return 0, fmt.Errorf("%d g at %d yen a kilogram: %w", grams, perKilogram, ErrAmount)
	}
	return share(whole, 1, 1000, HalfUp), nil
}

// CheckInvoiceNumber looks at the registration number of an issuer of
// qualified invoices: T and 13 digits, of which the first is made from the
// others when it is a company's. It is ErrCheckDigit when that does not fit; a
// shopkeeper's own number need not.
func CheckInvoiceNumber(number string) error {
	digits, ok := strings.CutPrefix(number, "T")
	if !ok || len(digits) != 13 || strings.Trim(digits, "0123456789") != "" {
		return fmt.Errorf("%q is not T and 13 digits", Clean(number, 20))
	}
	sum := 0
	for i := range 12 {
		weight := 1 // the last digit weighs one, the one before it two, and so on in turn
		if i%2 == 0 {
			weight = 2
		}
		sum += weight * int(digits[1+i]-'0')
	}
	if want := byte('0' + 9 - sum%9); digits[0] != want {
		return fmt.Errorf("%s should begin with T%c: %w", number, want, ErrCheckDigit)
	}
	return nil
}
