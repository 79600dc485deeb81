package pos_test

import (
	"errors"
	"testing"

	"example.jp/reji/pos"
)

func TestCheckBarcode(t *testing.T) {
	t.Parallel()
	for code, good := range map[string]bool{
		"4901234567894": true, "4901234567890": false, // JAN-13
		"49123456": true, "49123457": false, // JAN-8
		"036000291452": true, "036000291453": false, // UPC-A
		"2000000000015": true, "2000000000016": false, // in-store
		"": true, "123": true, "ABC-123": true, "12345678901a3": true, // no check digit
	} {
		if err := pos.CheckBarcode(code); (err == nil) != good || err != nil && !errors.Is(err, pos.ErrCheckDigit) {
			t.Errorf("%q: %v", code, err)
		}
	}
}

func TestInStore_unpack(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		means pos.InStore
		code  string
		want  pos.Packed
		ok    bool
	}{
		{pos.InStorePrice, "2112345004983", pos.Packed{Item: "2112345", Value: 498}, true},
		{pos.InStoreWeight, "0212345012307", pos.Packed{Item: "0212345", Value: 1_230}, true},
		{pos.InStorePrice, "2112345004980", pos.Packed{}, false}, // misread
		{pos.InStorePrice, "4901234567894", pos.Packed{}, false}, // a maker's
		{pos.InStoreItem, "2112345004983", pos.Packed{}, false},
		{"", "2112345004983", pos.Packed{}, false},
	} {
		if got, ok := c.means.Unpack(c.code); got != c.want || ok != c.ok {
			t.Errorf("%s of %s: %+v, %v; want %+v, %v", c.code, c.means, got, ok, c.want, c.ok)
		}
	}
}

func TestByWeight(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kilogram pos.Yen
		grams    int64
		want     pos.Yen
	}{{1_980, 250, 495}, {1_000, 1, 1}, {499, 1, 0}, {500, 1, 1}, {1_980, 0, 0}} {
		if got, err := pos.ByWeight(c.kilogram, c.grams); err != nil || got != c.want {
			t.Errorf("%d g at %d: %d, %v; want %d", c.grams, c.kilogram, got, err, c.want)
		}
	}
	if _, err := pos.ByWeight(pos.MaxYen, 99_999); !errors.Is(err, pos.ErrAmount) {
		t.Errorf("the dearest: %v", err)
	}
}

func TestCheckInvoiceNumber(t *testing.T) {
	t.Parallel()
	for number, good := range map[string]bool{
		"T7000012050002": true,  // the National Tax Agency's own
		"T8000012050002": false, // another first digit
		"T700001205000":  false, "7000012050002": false, "T700001205000a": false, "": false,
	} {
		if err := pos.CheckInvoiceNumber(number); (err == nil) != good {
			t.Errorf("%q: %v", number, err)
		}
	}
}
