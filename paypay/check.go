package paypay

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// checkID refuses an id that PayPay would not take, or that would need escaping
// in a path.
func checkID(name, id string) error { return checkLongID(name, id, 64) }

// checkLongID is checkID for an id that may be longer than others.
func checkLongID(name, id string, longest int) error {
	if len(id) < 1 || len(id) > longest {
		return fmt.Errorf("%s has %d characters, not 1 to %d", name, len(id), longest)
	}
	for _, r := range []byte(id) {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '-', r == '_':
		default:
			return fmt.Errorf("%s has a character other than a-z A-Z 0-9 - _", name)
		}
	}
	return nil
}

// checkText refuses a text that PayPay would not take, or that could not be shown
// to a customer as it is. An empty one is left out of the request.
func checkText(name, s string) error {
	switch n := utf8.RuneCountInString(s); {
	case !utf8.ValidString(s):
		return fmt.Errorf("%s is not UTF-8", name)
	case n > 255:
		return fmt.Errorf("%s has %d characters, not at most 255", name, n)
	case strings.ContainsFunc(s, unicode.IsControl):
		return fmt.Errorf("%s has a control character", name)
	}
	return nil
}

// checkEpoch refuses a time that is not in epoch seconds; 0 stands for none.
func checkEpoch(name string, t int64) error {
	// Milliseconds would be some 3000 years later than that.
	if year5138 := int64(1e11); t < 0 || t >= year5138 {
		return fmt.Errorf("%s %d is not in epoch seconds", name, t)
	}
	return nil
}

// checkEpochs refuses an answer with a time that is not in epoch seconds.
func checkEpochs(times ...int64) error {
	for _, t := range times {
		if checkEpoch("", t) != nil {
			return mismatch("a time that is not in epoch seconds")
		}
	}
	return nil
}

func checkIP(ip string) error {
	if ip == "" {
		return nil
	}
	if a, err := netip.ParseAddr(ip); err != nil || a.Zone() != "" {
		return errors.New("ipAddress is not an IP address")
	}
	return nil
}

// orNow is a time in epoch seconds, of which 0 means now.
func orNow(t int64) int64 {
	if t == 0 {
		return time.Now().Unix()
	}
	return t
}
