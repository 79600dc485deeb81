package config

import (
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// tokyo keeps the time of Japan, which is the same all year, on a machine that
// has no files of time zones. Carrying them all would cost half a megabyte.
var tokyo = time.FixedZone("Asia/Tokyo", 9*60*60)

// setting is one key: where it may be given, and what becomes of its text.
type setting struct {
	key      string // its name in config.toml
	variable string // its environment variable, if it has one
	flag     string // its flag, if it has one, and
	given    string // what the flag was given
	fallback string // its default
	number   bool   // a whole number in config.toml, else a text
	secret   bool   // not to be shown, not even when it is wrong

	// set keeps a text that is not empty in the Config, or says what is wrong
	// with it.
	set func(value) string
}

// settings is the one list of them all, in the order of example.toml.
func (l *loader) settings() []setting {
	c, f := &l.config, l.flags
	return []setting{
		{
			key: "env", variable: "PAYPAY_ENV", flag: "--env", given: f.Env,
			set: oneOf(&c.Env, Training, Sandbox, Staging, Production),
		},
		{
			key: "base_url", variable: "PAYPAY_BASE_URL", flag: "--base-url", given: f.BaseURL,
			set: func(v value) (sentence string) {
				c.BaseURL, sentence = baseURL(v.text)
				return sentence
			},
		},
		{key: "api_key", variable: apiKeyVar, secret: true, set: token(&c.APIKey)},
		{key: "api_secret", variable: apiSecretVar, secret: true, set: token(new(string))},
		{key: "api_secret_file", variable: "PAYPAY_API_SECRET_FILE", set: l.path(new(string))},
		{key: "merchant_id", variable: merchantVar, set: token(&c.MerchantID)},
		{
			key: "lang", variable: "REJI_LANG", flag: "--lang", given: f.Lang, fallback: string(localeLang(l.env)),
			set: oneOf(&c.Lang, Japanese, English),
		},
		{
			key: "data_dir", variable: "REJI_DATA_DIR", flag: "--data-dir", given: f.DataDir,
			fallback: below(l.env, "XDG_DATA_HOME", ".local/share"), set: l.path(&c.DataDir),
		},
		{key: "catalog", variable: "REJI_CATALOG", flag: "--catalog", given: f.Catalog, set: l.path(&c.Catalog)},
		{
			key: "poll_seconds", fallback: "3", number: true,
			set: func(v value) string {
				n, err := strconv.Atoi(v.text)
				if err != nil || n < 2 || n > 5 {
					return "must be a whole number from 2 to 5."
				}
				c.Poll = time.Duration(n) * time.Second
				return ""
			},
		},
		{
			key: "day_starts", fallback: "05:00",
			set: func(v value) string {
				d, ok := sinceMidnight(v.text)
				if !ok {
					return `must be a time of day such as "05:00".`
				}
				c.DayStarts = d
				return ""
			},
		},
		{
			key: "time_zone", fallback: "Asia/Tokyo",
			set: func(v value) string {
				if v.text == "Asia/Tokyo" {
					c.Zone = tokyo
					return ""
				}
				zone, err := time.LoadLocation(v.text)
				if err != nil || zone == time.Local {
					return `must be a time zone that this system knows, such as "Asia/Tokyo".`
				}
				c.Zone = zone
				return ""
			},
		},
		{key: "qr", fallback: string(HalfBlocks), set: oneOf(&c.QR, HalfBlocks, FullBlocks)},
		{key: "theme", fallback: string(AutoTheme), set: oneOf(&c.Theme, AutoTheme, Dark, Light, Contrast, NoColour, PlainASCII)},
		{
			key: "sound", fallback: "bell",
			set: func(v value) string {
				if v.text == "bell" || v.text == "none" {
					c.Sound = v.text
					return ""
				}
				if l.path(&c.Sound)(v) != "" {
					return "must be bell, none, or the path of a program."
				}
				return ""
			},
		},
		{
			key: "mouse", fallback: "yes",
			set: func(v value) string {
				c.Mouse = v.text == "yes"
				return oneOf(new(string), "yes", "no")(v)
			},
		},
		{key: "keys", set: l.path(&c.Keys)},

		{key: "shop.name", fallback: "reji", set: atMost(40, &c.Shop.Name)},
		{
			key: "shop.register", fallback: "R1",
			set: matching(&c.Shop.Register, "must be 1 to 8 letters and digits (a-z, A-Z, 0-9).", func(s string) bool {
				return len(s) <= 8 && only(s, letters+digits)
			}),
		},
		{key: "shop.store_id", set: atMost(255, &c.Shop.StoreID)},
		{key: "shop.address", set: atMost(100, &c.Shop.Address)},
		{
			key: "shop.phone",
			set: matching(&c.Shop.Phone, "must be a telephone number: at most 20 digits, hyphens, brackets, spaces and +.", func(s string) bool {
				return len(s) <= 20 && only(s, digits+"-() +")
			}),
		},
		{
			key: "shop.invoice_number",
			set: matching(&c.Shop.Invoice, "must be T and 13 digits.", func(s string) bool {
				return len(s) == 14 && s[0] == 'T' && only(s[1:], digits)
			}),
		},

		{
			key: "tax.prices", fallback: "included",
			set: func(v value) string {
				c.Tax.Excluded = v.text == "excluded"
				return oneOf(new(string), "included", "excluded")(v)
			},
		},
		{key: "tax.rounding", fallback: "down", set: oneOf(&c.Tax.Rounding, "down", "half-up", "up")},
		{
			key: "tax.changes",
			set: func(v value) string {
				changes, ok := taxChanges(v.text)
				if !ok {
					return `must be days in order, each with its two rates, such as "2027-04-01 10/0, 2029-04-01 10/8".`
				}
				c.Tax.Changes = changes
				return ""
			},
		},

		{
			key: "scan.prefix",
			set: matching(&c.Scan.Prefix, "must be 1 or 2 signs that no price or code begins with.", func(s string) bool {
				return len(s) <= 2 && only(s, "~!#$%&@^_|")
			}),
		},
		{key: "scan.in_store", fallback: "item", set: oneOf(&c.Scan.InStore, "item", "price", "weight")},

		{key: "order.ceiling", fallback: "100000", number: true, set: yen(&c.Order.Ceiling)},
		{key: "order.reason_above", fallback: "1000", number: true, set: yen(&c.Order.ReasonAbove)},

		{
			key: "printer.address",
			set: matching(&c.Printer.Address, `must be such as "tcp://192.168.1.9:9100", "file:/dev/usb/lp0" or "cups:receipts".`, printerAddress),
		},
		{
			key: "printer.paper", fallback: "58", number: true,
			set: func(v value) string {
				if v.text != "58" && v.text != "80" {
					return "must be 58 or 80."
				}
				c.Printer.Paper, _ = strconv.Atoi(v.text) // one of the two
				return ""
			},
		},
		{
			key: "printer.drawer", fallback: "no",
			set: func(v value) string {
				c.Printer.Drawer = v.text == "yes"
				return oneOf(new(string), "yes", "no")(v)
			},
		},
		{
			key: "printer.receipts", fallback: "always",
			set: func(v value) string {
				c.Printer.Asked = v.text == "asked"
				return oneOf(new(string), "always", "asked")(v)
			},
		},
		{
			key: "printer.addressee", fallback: "general",
			set: func(v value) string {
				c.Printer.Blank = v.text == "blank"
				return oneOf(new(string), "general", "blank")(v)
			},
		},
	}
}

// yen is an amount that is asked about, from 1 yen to what PayPay's API takes.
func yen(to *int64) func(value) string {
	return func(v value) string {
		n, err := strconv.ParseInt(v.text, 10, 64)
		if err != nil || n < 1 || n > 99_999_999_999 {
			return "must be whole yen, from 1 to 99999999999."
		}
		*to = n
		return ""
	}
}

// taxChanges reads "2027-04-01 10/0, 2029-04-01 10/8".
func taxChanges(text string) ([]TaxChange, bool) {
	var all []TaxChange
	for part := range strings.SplitSeq(text, ",") {
		day, rates, _ := strings.Cut(strings.TrimSpace(part), " ")
		standard, reduced, ok := strings.Cut(strings.TrimSpace(rates), "/")
		_, badDay := time.Parse(time.DateOnly, day)
		s, badStandard := strconv.ParseUint(standard, 10, 7)
		r, badReduced := strconv.ParseUint(reduced, 10, 7)
		if !ok || badDay != nil || badStandard != nil || badReduced != nil || s > 100 || r > s {
			return nil, false
		}
		if n := len(all); n > 0 && all[n-1].From >= day {
			return nil, false
		}
		all = append(all, TaxChange{From: day, Standard: int64(s), Reduced: int64(r)})
	}
	return all, true
}

// printerAddress says whether a text is where a printer can be.
func printerAddress(s string) bool {
	kind, where, _ := strings.Cut(s, ":")
	switch kind {
	case "tcp":
		u, err := url.Parse(s)
		return err == nil && u.Hostname() != "" && u.Port() != "" && u.Path == "" && u.User == nil && u.RawQuery == ""
	case "file":
		return filepath.IsAbs(where)
	case "cups":
		return where != "" && only(where, letters+digits+"-_")
	}
	return false
}

const (
	digits  = "0123456789"
	letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

// only says whether s has no other characters than the allowed ones.
func only(s, allowed string) bool { return strings.Trim(s, allowed) == "" }

func matching(to *string, sentence string, ok func(string) bool) func(value) string {
	return func(v value) string {
		if !ok(v.text) {
			return sentence
		}
		*to = v.text
		return ""
	}
}

func oneOf[T ~string](to *T, allowed ...T) func(value) string {
	return func(v value) string {
		if !slices.Contains(allowed, T(v.text)) {
			return "must be " + orList(allowed) + "."
		}
		*to = T(v.text)
		return ""
	}
}

// orList is "a, b or c".
func orList[T ~string](words []T) string {
	last := len(words) - 1
	var s strings.Builder
	for i, w := range words {
		switch i {
		case 0:
		case last:
			s.WriteString(" or ")
		default:
			s.WriteString(", ")
		}
		s.WriteString(string(w))
	}
	return s.String()
}

// atMost is a text that people read, of so many characters.
func atMost(n int, to *string) func(value) string {
	return matching(to, "must be at most "+strconv.Itoa(n)+" characters.", func(s string) bool {
		return utf8.RuneCountInString(s) <= n
	})
}

// token is a text that goes into a request header.
func token(to *string) func(value) string {
	return matching(to, "must be plain letters, digits and signs without spaces.", func(s string) bool { return !badToken(s) })
}

func badToken(s string) bool {
	return len(s) > 255 || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

const notAbsolute = "must be a path from the root (/...) or from home (~/...)."

func (l *loader) path(to *string) func(value) string {
	return func(v value) string {
		name, ok := absolute(v, l.env("HOME"))
		if !ok {
			return notAbsolute
		}
		*to = name
		return ""
	}
}

// absolute is the full path of v. One that was typed on the command line is
// meant from the folder that its writer is in. Anywhere else such a path would
// name another journal each time the register is started from another folder.
func absolute(v value, home string) (string, bool) {
	name := v.text
	if rest, ok := strings.CutPrefix(name, "~/"); ok {
		name = filepath.Join(home, rest)
	}
	if filepath.IsAbs(name) {
		return filepath.Clean(name), true
	}
	if v.from != fromFlag {
		return "", false
	}
	name, err := filepath.Abs(name)
	return name, err == nil
}

// Language is the language to speak before, or instead of, a configuration that
// could be loaded: what --lang says, else REJI_LANG, else the file as far as it
// can be read, else the locale. The arguments are those of Load.
func Language(flags Flags, env func(string) string, readFile func(string) (File, error)) Lang {
	l := loader{flags: flags, env: env, readFile: readFile}
	l.readTOML()
	for _, lang := range []Lang{Lang(flags.Lang), Lang(env("REJI_LANG")), Lang(l.found["lang"].text)} {
		if lang == Japanese || lang == English {
			return lang
		}
	}
	return localeLang(env)
}

// localeLang is the language that the locale asks for. The till is made for
// Japan: it speaks Japanese unless the locale names another language.
func localeLang(env func(string) string) Lang {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		locale := env(name)
		if locale == "" {
			continue
		}
		language, _, _ := strings.Cut(locale, ".")
		if language == "C" || language == "POSIX" || strings.HasPrefix(language, "ja") {
			return Japanese
		}
		return English
	}
	return Japanese
}
