package config

import (
	"errors"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

const home = "/home/till"

const homeTOML = home + "/.config/reji/config.toml"

// disk is a readFile over a map.
type disk map[string]File

func (d disk) read(name string) (File, error) {
	f, ok := d[name]
	if !ok {
		return File{}, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return f, nil
}

// private is a file that only its owner can read, as text.
func private(text string) File { return File{Data: []byte(text), Perm: 0o600, Own: true} }

// shared is a file that everybody can read.
func shared(text string) File { return File{Data: []byte(text), Perm: 0o644, Own: true} }

// withHome is an environment with a home and what vars adds to it.
func withHome(vars map[string]string) func(string) string {
	all := map[string]string{"HOME": home}
	maps.Copy(all, vars)
	return func(name string) string { return all[name] }
}

// defaults is what a machine without any settings gets.
func defaults(t *testing.T) Config {
	t.Helper()
	return Config{
		Env:       Training,
		Lang:      Japanese,
		DataDir:   home + "/.local/share/reji",
		LogFile:   home + "/.local/state/reji/reji.log",
		Shop:      Shop{Name: "reji", Register: "R1"},
		Poll:      3 * time.Second,
		DayStarts: 5 * time.Hour,
		Zone:      tokyo,
		QR:        HalfBlocks,
		Theme:     AutoTheme,
		Sound:     "bell",
		Mouse:     true,
		Tax:       Tax{Rounding: "down"},
		Scan:      Scan{InStore: "item"},
		Order:     Order{Ceiling: 100_000, ReasonAbove: 1_000},
		Printer:   Printer{Paper: 58},
	}
}

var (
	sameSecret = cmp.Comparer(func(a, b Secret) bool { return a.Reveal() == b.Reveal() })
	sameZone   = cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })
)

// keys are the credentials as environment variables, with more beside them.
func keys(more map[string]string) map[string]string {
	all := map[string]string{
		"PAYPAY_ENV":         "sandbox",
		"PAYPAY_API_KEY":     "a_key",
		"PAYPAY_API_SECRET":  "CANARYsecret=",
		"PAYPAY_MERCHANT_ID": "1234567890",
	}
	maps.Copy(all, more)
	return all
}

// keysAndFile are the credentials without the secret itself, with more.
func keysAndFile(more map[string]string) map[string]string {
	all := keys(more)
	delete(all, "PAYPAY_API_SECRET")
	return all
}

func TestLoad(t *testing.T) {
	t.Parallel()
	sandbox := func(c *Config) {
		c.Env, c.APIKey, c.APISecret, c.MerchantID = Sandbox, "a_key", NewSecret("CANARYsecret="), "1234567890"
	}
	tests := []struct {
		name  string
		flags Flags
		vars  map[string]string
		disk  disk
		want  func(*Config)
	}{
		{name: "nothing at all is training", want: func(*Config) {}},
		{
			name:  "no credentials where PayPay is not called",
			flags: Flags{Env: "production", Offline: true},
			want:  func(c *Config) { c.Env = Production },
		},
		{
			name:  "none that are there, either",
			flags: Flags{Offline: true},
			vars:  keys(nil),
			want:  func(c *Config) { c.Env = Sandbox },
		},
		{
			name: "file over default",
			disk: disk{homeTOML: shared("lang = \"en\"\npoll_seconds = 5\nday_starts = \"04:30\"\ntime_zone = \"UTC\"\nqr = \"full\"\n" +
				"[shop]\nname = \"喫茶れじ\"\nregister = \"B2\"\nstore_id = \"S 1\"\naddress = \"東京都千代田区\"\nphone = \"+81 (3) 1234-5678\"\n")},
			want: func(c *Config) {
				c.Lang, c.Poll, c.DayStarts, c.Zone, c.QR = English, 5*time.Second, 4*time.Hour+30*time.Minute, time.UTC, FullBlocks
				c.Shop = Shop{Name: "喫茶れじ", Register: "B2", StoreID: "S 1", Address: "東京都千代田区", Phone: "+81 (3) 1234-5678"}
			},
		},
		{
			name: "environment over file",
			disk: disk{homeTOML: shared("lang = \"en\"\ndata_dir = \"/file\"\n")},
			vars: map[string]string{"REJI_LANG": "ja", "REJI_DATA_DIR": "/env", "REJI_CATALOG": "~/goods.csv"},
			want: func(c *Config) { c.DataDir, c.Catalog = "/env", home+"/goods.csv" },
		},
		{
			name:  "flags over environment",
			flags: Flags{Lang: "en", Env: "training", DataDir: "/flag/", Catalog: "/goods.csv"},
			vars:  map[string]string{"REJI_LANG": "ja", "REJI_DATA_DIR": "/env", "PAYPAY_ENV": "production"},
			want:  func(c *Config) { c.Lang, c.DataDir, c.Catalog = English, "/flag", "/goods.csv" },
		},
		{
			name:  "named file in place of the default one",
			flags: Flags{File: "other.toml"},
			disk:  disk{"other.toml": shared(`lang = "en"`), homeTOML: shared(`lang = "fr"`)},
			want:  func(c *Config) { c.Lang = English },
		},
		{
			name: "empty values hide nothing",
			disk: disk{homeTOML: shared("lang = \"en\"\n[shop]\nname = \"\"\n")},
			vars: map[string]string{"REJI_LANG": "", "PAYPAY_API_KEY": ""},
			want: func(c *Config) { c.Lang = English },
		},
		{
			name: "folders of XDG",
			vars: map[string]string{"XDG_CONFIG_HOME": "/x/config", "XDG_DATA_HOME": "/x/data", "XDG_STATE_HOME": "/x/state"},
			disk: disk{"/x/config/reji/config.toml": shared(`lang = "en"`)},
			want: func(c *Config) { c.Lang, c.DataDir, c.LogFile = English, "/x/data/reji", "/x/state/reji/reji.log" },
		},
		{
			name: "relative XDG folders are ignored",
			vars: map[string]string{"XDG_CONFIG_HOME": "x", "XDG_DATA_HOME": "x", "XDG_STATE_HOME": "x"},
			want: func(*Config) {},
		},
		{
			name: "no home, but a data folder",
			vars: map[string]string{"HOME": "", "REJI_DATA_DIR": "/var/lib/reji"},
			want: func(c *Config) { c.DataDir, c.LogFile = "/var/lib/reji", "/var/lib/reji/reji.log" },
		},
		{name: "credentials from the environment", vars: keys(nil), want: sandbox},
		{
			name: "credentials from a private file",
			disk: disk{homeTOML: private("env = \"sandbox\"\napi_key = \"a_key\"\napi_secret = \"CANARYsecret=\"\nmerchant_id = \"1234567890\"\n")},
			want: sandbox,
		},
		{
			name: "secret from a file of its own, its last line end left out",
			vars: keysAndFile(map[string]string{"PAYPAY_API_SECRET_FILE": "~/secret"}),
			disk: disk{home + "/secret": private("CANARYsecret=\r\n")},
			want: sandbox,
		},
		{
			name: "secret as a systemd credential, which root keeps",
			vars: keysAndFile(map[string]string{"CREDENTIALS_DIRECTORY": "/run/credentials/reji.service"}),
			disk: disk{
				"/run/credentials/reji.service/paypay_api_secret": {Data: []byte("CANARYsecret="), Perm: 0o440, Own: true},
				homeTOML: private(`api_secret = "old"`),
			},
			want: sandbox,
		},
		{
			name: "systemd credentials of other kinds",
			vars: keys(map[string]string{"CREDENTIALS_DIRECTORY": "/run/credentials/reji.service"}),
			want: sandbox,
		},
		{
			name: "secret variable over a secret file in config.toml",
			vars: keys(nil),
			disk: disk{homeTOML: shared(`api_secret_file = "/gone"`)},
			want: sandbox,
		},
		{
			name: "secret file variable over a secret in config.toml",
			vars: keysAndFile(map[string]string{"PAYPAY_API_SECRET_FILE": "/secret"}),
			disk: disk{homeTOML: private(`api_secret = "old"`), "/secret": private("CANARYsecret=\n")},
			want: sandbox,
		},
		{
			name: "practice never holds the credentials, and needs none of their files",
			vars: keys(map[string]string{"PAYPAY_ENV": "training", "PAYPAY_API_SECRET_FILE": "/gone"}),
			want: func(*Config) {},
		},
		{
			name: "production by its name",
			vars: keys(map[string]string{"PAYPAY_ENV": "production"}),
			want: func(c *Config) { sandbox(c); c.Env = Production },
		},
		{
			name: "simulator on this machine",
			vars: keys(map[string]string{"PAYPAY_BASE_URL": "HTTP://LocalHost:08080/"}),
			want: func(c *Config) { sandbox(c); c.BaseURL = "http://localhost:8080" },
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			want := defaults(t)
			tt.want(&want)
			got, err := Load(tt.flags, withHome(tt.vars), tt.disk.read)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, sameSecret, sameZone); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestLoad_flagPathIsTakenFromHere(t *testing.T) {
	t.Parallel()
	got, err := Load(Flags{DataDir: "till"}, withHome(nil), disk{}.read)
	if err != nil {
		t.Fatal(err)
	}
	want, err := filepath.Abs("till")
	if err != nil {
		t.Fatal(err)
	}
	if got.DataDir != want {
		t.Errorf("got %s, want %s", got.DataDir, want)
	}
}

func TestLoad_problems(t *testing.T) {
	t.Parallel()
	at := func(line string) string { return " (" + homeTOML + " line " + line + ") " }
	tests := []struct {
		name  string
		flags Flags
		vars  map[string]string
		disk  disk
		want  []string
	}{
		{
			name:  "all at once, in the order of the settings",
			flags: Flags{Lang: "fr", BaseURL: "http://paypay.example.jp", DataDir: "/d\x1b[2J"},
			vars:  map[string]string{"PAYPAY_ENV": "prod", "REJI_CATALOG": "goods.csv", "PAYPAY_API_KEY": "a key", "PAYPAY_MERCHANT_ID": "店"},
			disk: disk{homeTOML: shared("pol_seconds = 3\npoll_seconds = 9\nday_starts = \"24:00\"\ntime_zone = \"Local\"\nqr = \"tiny\"\n\n[shop]\n" +
				"name = \"" + strings.Repeat("あ", 41) + "\"\nregister = \"R-1\"\nphone = \"03x\"\n")},
			want: []string{
				"pol_seconds" + at("1") + "is no setting of reji.",
				`env = "prod" (PAYPAY_ENV) must be training, sandbox, staging or production.`,
				`base_url = "http://paypay.example.jp" (--base-url) must be https: plain http is for this machine only.`,
				"api_key (PAYPAY_API_KEY) must be plain letters, digits and signs without spaces.",
				`merchant_id = "店" (PAYPAY_MERCHANT_ID) must be plain letters, digits and signs without spaces.`,
				`lang = "fr" (--lang) must be ja or en.`,
				`data_dir = "/d\x1b[2J" (--data-dir) must hold no control characters.`,
				`catalog = "goods.csv" (REJI_CATALOG) must be a path from the root (/...) or from home (~/...).`,
				`poll_seconds = "9"` + at("2") + "must be a whole number from 2 to 5.",
				`day_starts = "24:00"` + at("3") + `must be a time of day such as "05:00".`,
				`time_zone = "Local"` + at("4") + `must be a time zone that this system knows, such as "Asia/Tokyo".`,
				`qr = "tiny"` + at("5") + "must be half or full.",
				`shop.name = "` + strings.Repeat("あ", 41) + `"` + at("8") + "must be at most 40 characters.",
				`shop.register = "R-1"` + at("9") + "must be 1 to 8 letters and digits (a-z, A-Z, 0-9).",
				`shop.phone = "03x"` + at("10") + "must be a telephone number: at most 20 digits, hyphens, brackets, spaces and +.",
			},
		},
		{
			name: "tax, scanner, printer",
			disk: disk{homeTOML: shared("sound = \"loud\"\nmouse = \"left\"\n[shop]\ninvoice_number = \"7000012050002\"\n[tax]\nprices = \"gross\"\nrounding = \"even\"\nchanges = \"2027-04-01 8/10\"\n" +
				"[scan]\nprefix = \"1\"\nin_store = \"size\"\n[order]\nceiling = 0\nreason_above = -1\n[printer]\naddress = \"lp0\"\npaper = 60\ndrawer = \"true\"\nreceipts = \"never\"\naddressee = \"you\"\n")},
			want: []string{
				`sound = "loud"` + at("1") + "must be bell, none, or the path of a program.",
				`mouse = "left"` + at("2") + "must be yes or no.",
				`shop.invoice_number = "7000012050002"` + at("4") + "must be T and 13 digits.",
				`tax.prices = "gross"` + at("6") + "must be included or excluded.",
				`tax.rounding = "even"` + at("7") + "must be down, half-up or up.",
				`tax.changes = "2027-04-01 8/10"` + at("8") + `must be days in order, each with its two rates, such as "2027-04-01 10/0, 2029-04-01 10/8".`,
				`scan.prefix = "1"` + at("10") + "must be 1 or 2 signs that no price or code begins with.",
				`scan.in_store = "size"` + at("11") + "must be item, price or weight.",
				`order.ceiling = "0"` + at("13") + "must be whole yen, from 1 to 99999999999.",
				`order.reason_above = "-1"` + at("14") + "must be whole yen, from 1 to 99999999999.",
				`printer.address = "lp0"` + at("16") + `must be such as "tcp://192.168.1.9:9100", "file:/dev/usb/lp0" or "cups:receipts".`,
				`printer.paper = "60"` + at("17") + "must be 58 or 80.",
				`printer.drawer = "true"` + at("18") + "must be yes or no.",
				`printer.receipts = "never"` + at("19") + "must be always or asked.",
				`printer.addressee = "you"` + at("20") + "must be general or blank.",
			},
		},
		{
			name: "wrong types",
			disk: disk{homeTOML: shared("env = 1\npoll_seconds = \"3\"\nday_starts = 05:00:00\nlang = [\"ja\"]\nshop = 3\n")},
			want: []string{
				"env" + at("1") + "must be a text in quotation marks.",
				"poll_seconds" + at("2") + "must be a whole number, without quotation marks.",
				"day_starts" + at("3") + "must be a text in quotation marks.",
				"lang" + at("4") + "must be a text in quotation marks.",
				"shop" + at("5") + "must be a table: [shop] on a line of its own.",
			},
		},
		{
			name: "unknown keys, their values never shown",
			disk: disk{homeTOML: shared("api_secert = \"CANARY\"\n\"a\\u001b\" = 1\n\n[shop]\nenv = \"CANARY\"\n[extra]\nx = { y = \"CANARY\" }\n[[more]]\na = 1\n[[more]]\nb = 1\n")},
			want: []string{
				"api_secert" + at("1") + "is no setting of reji.",
				`"a\u001b" (` + homeTOML + ") is no setting of reji.",
				"shop.env" + at("5") + "is no setting of reji.",
				"extra" + at("6") + "is no setting of reji.",
				"more" + at("8") + "is no setting of reji.",
			},
		},
		{
			name: "an inline table has one line",
			disk: disk{homeTOML: shared("\nshop = { name = \"a\", register = \"\\u200b\" }")},
			want: []string{`shop.register = "\u200b"` + at("2") + "must hold no control characters."},
		},
		{
			name: "several shops",
			disk: disk{homeTOML: shared("[[shop]]\nname = \"a\"\n[[shop]]\nname = \"b\"\n")},
			want: []string{"shop" + at("1") + "must be a table: [shop] on a line of its own."},
		},
		{
			name: "a file that is not TOML, its text never shown",
			vars: keys(map[string]string{"PAYPAY_ENV": "", "REJI_LANG": "de"}),
			disk: disk{homeTOML: shared("env = \"sandbox\"\napi_secret = CANARY\n")},
			want: []string{
				"config" + at("2") + "is not TOML here: a text needs quotation marks, and each key stands once.",
				`lang = "de" (REJI_LANG) must be ja or en.`,
			},
		},
		{
			name:  "a named file that is not there",
			flags: Flags{File: "/gone.toml"},
			want:  []string{`config = "/gone.toml" (--config) cannot be read: file does not exist.`},
		},
		{
			name: "no home and no data folder",
			vars: map[string]string{"HOME": ""},
			want: []string{"data_dir (not given) is needed where HOME is not set: set REJI_DATA_DIR."},
		},
		{
			name: "credentials without an environment",
			vars: keys(map[string]string{"PAYPAY_ENV": ""}),
			want: []string{"env (not given) must be named because there are credentials (PAYPAY_API_KEY): training, sandbox, staging or production."},
		},
		{
			name: "a secret alone, without an environment",
			vars: map[string]string{"PAYPAY_API_SECRET": "CANARY"},
			want: []string{"env (not given) must be named because there are credentials (PAYPAY_API_SECRET): training, sandbox, staging or production."},
		},
		{
			name: "an environment without credentials",
			vars: map[string]string{"PAYPAY_ENV": "production"},
			want: []string{
				"api_key (not given) is needed in production: set PAYPAY_API_KEY or write it into config.toml.",
				"api_secret (not given) is needed in production: set PAYPAY_API_SECRET or write it into config.toml.",
				"merchant_id (not given) is needed in production: set PAYPAY_MERCHANT_ID or write it into config.toml.",
			},
		},
		{
			name: "what is wrong is not missing as well",
			vars: keys(map[string]string{"PAYPAY_API_KEY": "CANARY key", "PAYPAY_API_SECRET": "CANARY secret"}),
			want: []string{
				"api_key (PAYPAY_API_KEY) must be plain letters, digits and signs without spaces.",
				"api_secret (PAYPAY_API_SECRET) must be plain letters, digits and signs without spaces.",
			},
		},
		{
			name: "a secret in a shared config.toml, even where another one wins",
			vars: keys(nil),
			disk: disk{homeTOML: shared(`api_secret = "CANARY"`)},
			want: []string{"api_secret" + at("1") + "must not stand in a file that is open to other users (mode 0644): chmod 600 it."},
		},
		{
			name: "two secrets in one place",
			vars: keys(map[string]string{"PAYPAY_API_SECRET_FILE": "/secret"}),
			want: []string{`api_secret_file = "/secret" (PAYPAY_API_SECRET_FILE) must not stand beside api_secret: keep one of the two.`},
		},
		{
			name: "shared secret file",
			vars: keysAndFile(map[string]string{"PAYPAY_API_SECRET_FILE": "/secret"}),
			disk: disk{"/secret": shared("CANARY")},
			want: []string{`api_secret_file = "/secret" (PAYPAY_API_SECRET_FILE) is open to other users (mode 0644): chmod 600 it.`},
		},
		{
			name: "linked secret file",
			vars: keysAndFile(map[string]string{"PAYPAY_API_SECRET_FILE": "/secret"}),
			disk: disk{"/secret": {Data: []byte("CANARY"), Perm: 0o600, Own: true, Linked: true}},
			want: []string{`api_secret_file = "/secret" (PAYPAY_API_SECRET_FILE) is a symbolic link: name the file itself.`},
		},
		{
			name: "secret file of another user",
			vars: keysAndFile(map[string]string{"PAYPAY_API_SECRET_FILE": "/secret"}),
			disk: disk{"/secret": {Data: []byte("CANARY"), Perm: 0o600}},
			want: []string{`api_secret_file = "/secret" (PAYPAY_API_SECRET_FILE) belongs to another user: give it to the user who runs reji.`},
		},
		{
			name: "empty secret file",
			vars: keysAndFile(map[string]string{"PAYPAY_API_SECRET_FILE": "/secret"}),
			disk: disk{"/secret": private("\n")},
			want: []string{`api_secret_file = "/secret" (PAYPAY_API_SECRET_FILE) is empty.`},
		},
		{
			name: "secret file with more than a secret",
			vars: keysAndFile(map[string]string{"PAYPAY_API_SECRET_FILE": "/secret"}),
			disk: disk{"/secret": private("CANARY\nCANARY\n")},
			want: []string{`api_secret_file = "/secret" (PAYPAY_API_SECRET_FILE) must hold the secret alone, on one line, without spaces.`},
		},
		{
			name: "no such secret file",
			vars: keysAndFile(map[string]string{"PAYPAY_API_SECRET_FILE": "/gone"}),
			want: []string{`api_secret_file = "/gone" (PAYPAY_API_SECRET_FILE) cannot be read: file does not exist.`},
		},
		{
			name: "a host in training",
			vars: map[string]string{"PAYPAY_BASE_URL": "http://127.0.0.1:8080"},
			want: []string{`base_url = "http://127.0.0.1:8080" (PAYPAY_BASE_URL) must be left out in training, which has its own simulator.`},
		},
		{
			name: "a simulator as production",
			vars: keys(map[string]string{"PAYPAY_ENV": "production", "PAYPAY_BASE_URL": "https://127.0.0.1:8443"}),
			want: []string{`base_url = "https://127.0.0.1:8443" (PAYPAY_BASE_URL) must not be this machine in production: use sandbox for a simulator.`},
		},
		{
			name: "production under another name",
			vars: keys(map[string]string{"PAYPAY_BASE_URL": "https://apigw.paypay.ne.jp"}),
			want: []string{`base_url = "https://apigw.paypay.ne.jp" (PAYPAY_BASE_URL) is not a host of sandbox: PayPay's own hosts follow from env, so leave base_url out.`},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := Load(tt.flags, withHome(tt.vars), tt.disk.read)
			problems, ok := errors.AsType[Problems](err)
			if !ok {
				t.Fatalf("got %v, want Problems", err)
			}
			if diff := cmp.Diff(tt.want, strings.Split(problems.Error(), "\n")); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			for _, p := range problems {
				if ja := japanese(p.Sentence); ja == p.Sentence {
					t.Errorf("there is no Japanese for %q", p.Sentence)
				}
			}
			if strings.Contains(problems.Text(Japanese), "CANARY") || problems.Text(English) != problems.Error() {
				t.Error("another language says something else")
			}
			if strings.Contains(problems.Error(), "CANARY") {
				t.Error("a problem shows a secret")
			}
			if diff := cmp.Diff(Config{}, got, sameSecret, sameZone); diff != "" {
				t.Errorf("there is a config beside the problems:\n%s", diff)
			}
		})
	}
}

func TestLoad_localeChoosesTheLanguage(t *testing.T) {
	t.Parallel()
	tests := []struct {
		all, messages, lang string
		want                Lang
	}{
		{"", "", "", Japanese},
		{"", "", "C", Japanese},
		{"", "", "C.UTF-8", Japanese},
		{"", "", "POSIX", Japanese},
		{"", "", "ja_JP.UTF-8", Japanese},
		{"", "", "en_US.UTF-8", English},
		{"", "", "de_DE", English},
		{"", "en_GB", "ja_JP", English},
		{"ja_JP", "en_GB", "en_GB", Japanese},
	}
	for _, tt := range tests {
		t.Run(tt.all+","+tt.messages+","+tt.lang, func(t *testing.T) {
			t.Parallel()
			vars := map[string]string{"LC_ALL": tt.all, "LC_MESSAGES": tt.messages, "LANG": tt.lang}
			got, err := Load(Flags{}, withHome(vars), disk{}.read)
			if err != nil {
				t.Fatal(err)
			}
			if got.Lang != tt.want {
				t.Errorf("got %s, want %s", got.Lang, tt.want)
			}
		})
	}
}

func TestSecretEnv_namesWhatHoldsTheSecrets(t *testing.T) {
	t.Parallel()
	var l loader
	l.env = withHome(nil)
	secret := map[string]bool{}
	for _, name := range SecretEnv() {
		secret[name] = true
	}
	for _, s := range l.settings() {
		if s.secret != secret[s.variable] {
			t.Errorf("%s: secret %v, but listed %v", s.key, s.secret, secret[s.variable])
		}
	}
}

func TestExample_mentionsEveryKeyAndIsTheDefaults(t *testing.T) {
	t.Parallel()
	got, err := Load(Flags{}, withHome(nil), disk{homeTOML: shared(Example())}.read)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(defaults(t), got, sameSecret, sameZone); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	l := loader{env: withHome(nil)}
	values, _, _ := parse("example.toml", Example(), l.settings())
	for _, s := range l.settings() {
		v, ok := values[s.key]
		switch {
		case !ok:
			t.Errorf("%s is missing", s.key)
		case v.text != s.fallback && s.key != "lang" && s.key != "data_dir": // they depend on the machine
			t.Errorf("%s is %q, its default %q", s.key, v.text, s.fallback)
		}
		for _, name := range []string{s.variable, s.flag} {
			if !strings.Contains(Example(), name) {
				t.Errorf("%s: %s is not told", s.key, name)
			}
		}
	}
	comment := regexp.MustCompile(`(?m)^(#.*|phone = "")\n[a-z_]+ = `)
	if n := len(comment.FindAllString(Example(), -1)); n < len(l.settings())-1 { // address and phone share one
		t.Errorf("%d of %d keys have a line on them", n, len(l.settings()))
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(Example())
	f.Add("env = \"sandbox\"\napi_key = \"k\"\napi_secret = \"s\"\nmerchant_id = \"m\"\nbase_url = \"https://[::1%25x]:8080\"\n")
	f.Add("[[shop]]\nname = 'a'\n[shop.x]\n\"\\u0000\" = 1\nshop.name = 2\n")
	f.Add("a.b = 1\r\na = { b = 2, c = [ { d = 1979-05-27 } ] }")
	f.Add("poll_seconds = 0x3\nday_starts = \"\"\"\nlang = 1\n\"\"\"")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Load(Flags{}, withHome(nil), disk{homeTOML: private(text)}.read)
		if err != nil {
			problems, ok := errors.AsType[Problems](err)
			if !ok || len(problems) == 0 {
				t.Fatalf("got %#v, want Problems", err)
			}
			for _, p := range problems {
				if strings.ContainsFunc(p.String(), unicode.IsControl) {
					t.Errorf("a control character in %q", p)
				}
			}
			return
		}
		if c.Zone == nil || c.Poll < 2*time.Second || c.Poll > 5*time.Second || c.Shop.Register == "" {
			t.Errorf("incomplete: %+v", c)
		}
		if c.Env != Training && (c.APIKey == "" || c.APISecret.IsZero() || c.MerchantID == "") {
			t.Errorf("no credentials in %s", c.Env)
		}
		folder, err := filepath.Rel(c.DataDir, c.Journal())
		if err != nil || !strings.HasPrefix(folder, string(c.Env)) || strings.Count(folder, "/") != 1 {
			t.Errorf("journal %q is not in a folder of %q", c.Journal(), c.DataDir)
		}
	})
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	english := map[string]string{"LANG": "en_US.UTF-8"}
	for name, c := range map[string]struct {
		flag string
		env  map[string]string
		file string
		want Lang
	}{
		"nothing said":                 {"", nil, "", Japanese},
		"locale":                       {"", english, "", English},
		"variable wins":                {"", map[string]string{"LANG": "en_US.UTF-8", "REJI_LANG": "ja"}, "", Japanese},
		"flag wins":                    {"en", map[string]string{"REJI_LANG": "ja"}, "", English},
		"nonsense is no language":      {"fr", map[string]string{"REJI_LANG": "de", "LANG": "ja_JP.UTF-8"}, `lang = "it"`, Japanese},
		"file before locale":           {"", english, `lang = "ja"`, Japanese},
		"variable before file":         {"", map[string]string{"REJI_LANG": "ja"}, `lang = "en"`, Japanese},
		"flag before file":             {"ja", nil, `lang = "en"`, Japanese},
		"of a file with mistakes":      {"", nil, "lang = \"en\"\nport = 3\npoll_seconds = 99", English},
		"before what is not TOML":      {"", nil, "lang = \"en\"\nenv = sandbox", English},
		"behind what is not TOML":      {"", nil, "env = sandbox\nlang = \"en\"", Japanese},
		"within a text without an end": {"", nil, "env = \"\"\"\nlang = \"en\"\n", Japanese},
		"twice":                        {"", nil, "lang = \"en\"\nlang = \"ja\"", English},
		"not a text":                   {"", nil, "lang = 1\nenv = sandbox", Japanese},
	} {
		got := Language(Flags{Lang: c.flag, File: "till.toml"}, func(k string) string { return c.env[k] }, func(string) (File, error) {
			return File{Data: []byte(c.file)}, nil
		})
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	missing := func(string) (File, error) { return File{}, fs.ErrNotExist }
	if got := Language(Flags{File: "till.toml"}, func(k string) string { return english[k] }, missing); got != English {
		t.Errorf("without the file: %s", got)
	}
}
