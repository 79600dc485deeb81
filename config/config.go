package config

import (
	_ "embed"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Env is the PayPay service that the register works with.
type Env string

// The environments. Money moves in Production only.
const (
	Training   Env = "training"   // the built-in simulator; needs nothing, reaches nobody
	Sandbox    Env = "sandbox"    // PayPay's service for developers
	Staging    Env = "staging"    // PayPay's service for acceptance tests
	Production Env = "production" // real customers, real money
)

// Lang is the language of the screens.
type Lang string

// The languages.
const (
	Japanese Lang = "ja"
	English  Lang = "en"
)

// QR is how a code is drawn.
type QR string

// The ways to draw a code.
const (
	HalfBlocks QR = "half" // two modules in one cell: small, for most terminals
	FullBlocks QR = "full" // one module in two cells: for terminals that leave gaps between lines
)

// Config is every setting of the register, complete and checked. It is made by
// Load and not changed afterwards.
type Config struct {
	Env        Env
	BaseURL    string // another host than the environment's own, "https://host[:port]"; empty for its own
	APIKey     string // empty in training, as are the next two
	APISecret  Secret
	MerchantID string

	Lang    Lang
	DataDir string // absolute
	Catalog string // absolute path of the CSV file; empty for the built-in catalogue
	LogFile string // absolute

	Shop      Shop
	Poll      time.Duration  // between two looks at an unsettled payment, 2 to 5 s
	DayStarts time.Duration  // after midnight in Zone, in whole minutes
	Zone      *time.Location // the shop's; never nil
	QR        QR
	Theme     Theme
	Sound     string // bell, none, or the absolute path of a program
	Mouse     bool   // whether clicks and touches are taken
	Keys      string // absolute path of the file that binds keys; empty for the till's own

	Tax     Tax
	Scan    Scan
	Order   Order
	Printer Printer
}

// Theme is how the screens look.
type Theme string

// The themes.
const (
	AutoTheme  Theme = "auto"  // colours that can be read on a dark and on a light terminal
	Dark       Theme = "dark"  // brighter ones
	Light      Theme = "light" // darker ones
	Contrast   Theme = "contrast"
	NoColour   Theme = "none"
	PlainASCII Theme = "ascii" // no colours, and no lines but those of ASCII
)

// Tax is how the shop prices and rounds, and what laws will change.
type Tax struct {
	Excluded bool   // prices in the catalogue are without tax
	Rounding string // down, half-up or up
	Changes  []TaxChange
}

// TaxChange is new rates from a day on, in percent.
type TaxChange struct {
	From              string // 2027-04-01
	Standard, Reduced int64
}

// Scan is what the barcode scanner sends.
type Scan struct {
	Prefix  string // what each scan begins with, if the scanner is set so
	InStore string // item, price or weight: what the shop's own codes carry
}

// Order is when the till asks twice.
type Order struct {
	Ceiling     int64 // yen; a price above it is asked about
	ReasonAbove int64 // yen; a discount above it needs a reason
}

// Printer is the receipt printer.
type Printer struct {
	Address string // tcp://host:port, file:/dev/usb/lp0 or cups:name; empty for none
	Paper   int    // millimetres: 58 or 80
	Drawer  bool   // it opens the drawer
	Asked   bool   // it prints receipts only when asked to
	Blank   bool   // it leaves the addressee of a 領収書 to be written by hand
}

// Shop is what receipts say about the shop.
type Shop struct {
	Name     string
	Register string // id of this register, 1 to 8 of a-z, A-Z, 0-9; PayPay's terminalId
	StoreID  string // PayPay's storeId; may be empty, as all that follow
	Address  string
	Phone    string
	Invoice  string // T and 13 digits: the issuer of qualified invoices; may be empty
}

// Journal is the path of the journal file. Its folder is named after the
// environment, and after the host where base_url names another than the
// environment's own: one journal belongs to one service, so that practice and
// tests can neither write into production's books nor ask one service about
// another's payments.
func (c Config) Journal() string {
	folder := string(c.Env)
	if c.BaseURL != "" && !slices.Contains(ownHosts(c.Env), host(c.BaseURL)) {
		// A colon would be read as a list in too many places. The brackets of
		// an IPv6 address stay, so no two hosts get the same name.
		folder += "-" + strings.ReplaceAll(host(c.BaseURL), ":", "_")
	}
	return filepath.Join(c.DataDir, folder, "journal.db")
}

// host is the host and port of a checked base URL.
func host(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	return u.Host
}

// ownHosts are PayPay's documented hosts of an environment.
func ownHosts(e Env) []string {
	switch e {
	case Production:
		return []string{"apigw.paypay.ne.jp", "api.paypay.ne.jp"}
	case Staging:
		return []string{"apigw.stg.paypay.ne.jp", "stg-api.paypay.ne.jp"}
	case Sandbox:
		return []string{"apigw.sandbox.paypay.ne.jp", "stg-api.sandbox.paypay.ne.jp"}
	case Training:
	}
	return nil
}

//go:embed example.toml
var example string

// Example is a config.toml with every key, its default and a line on it.
// Loading it changes nothing.
func Example() string { return example }
