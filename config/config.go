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
}

// Shop is what receipts say about the shop.
type Shop struct {
	Name     string
	Register string // id of this register, 1 to 8 of a-z, A-Z, 0-9; PayPay's terminalId
	StoreID  string // PayPay's storeId; may be empty, as all that follow
	Address  string
	Phone    string
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
