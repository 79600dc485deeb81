package config

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Flags are the settings given on the command line; empty means not given.
// There is none for a secret: every user of the machine sees the arguments of
// a running program.
type Flags struct {
	File    string // --config: this file instead of the default one; it must exist
	Lang    string // --lang
	Env     string // --env
	BaseURL string // --base-url
	DataDir string // --data-dir
	Catalog string // --catalog

	Offline bool // PayPay is not called, so that no credentials are needed; the Config holds none
}

// The environment variables that hold credentials.
//
//nolint:gosec // the variables' names, not their values
const (
	apiKeyVar    = "PAYPAY_API_KEY"
	merchantVar  = "PAYPAY_MERCHANT_ID"
	apiSecretVar = "PAYPAY_API_SECRET"
)

// SecretEnv names the environment variables to unset once Load is done, so
// that no program started from this one inherits them.
func SecretEnv() []string { return []string{apiKeyVar, apiSecretVar} }

// DefaultFile is where config.toml is looked for without --config, or empty
// when the environment names no home.
func DefaultFile(env func(string) string) string {
	return below(env, "XDG_CONFIG_HOME", ".config", "config.toml")
}

// Load gathers the settings: defaults, then the file, then the environment,
// then flags. env is os.Getenv and readFile is ReadFile, save in tests.
//
// The default file may be missing, one that flags name may not. The error is a
// Problems with all that is wrong; the Config is then empty.
func Load(flags Flags, env func(string) string, readFile func(string) (File, error)) (Config, error) {
	l := loader{flags: flags, env: env, readFile: readFile, found: map[string]value{}}
	read := l.readTOML()
	for _, s := range l.settings() {
		l.apply(s)
	}
	if read { // else the file may hold what seems to be missing
		l.together()
	}
	if len(l.problems) > 0 {
		return Config{}, l.problems
	}
	return l.config, nil
}

// source is where a value came from, in rising order.
type source int

const (
	fromDefault source = iota
	fromFile
	fromEnv
	fromFlag
)

// value is the text of a setting as somebody gave it.
type value struct {
	text  string
	place string
	from  source
}

type loader struct {
	flags    Flags
	env      func(string) string
	readFile func(string) (File, error)

	found    map[string]value // what was given, by key: the file's, then the winner of each
	config   Config
	problems Problems
}

func (l *loader) problem(key, text, place, sentence string) {
	l.problems = append(l.problems, Problem{Key: key, Value: text, Place: place, Sentence: sentence})
}

// readTOML puts the file's values into found, and says whether all that the
// file holds is there.
func (l *loader) readTOML() bool {
	name, place := l.flags.File, "--config"
	if name == "" {
		name, place = DefaultFile(l.env), "default"
	}
	if name == "" {
		return true
	}
	file, err := l.readFile(name)
	if errors.Is(err, fs.ErrNotExist) && l.flags.File == "" {
		return true
	}
	if err != nil {
		l.problem("config", name, place, "cannot be read: "+reason(err)+".")
		return false
	}
	var ok bool
	l.found, l.problems, ok = parse(name, string(file.Data), l.settings())
	if secret := l.found["api_secret"]; secret.text != "" {
		if why := file.exposed(); why != "" {
			l.problem("api_secret", "", secret.place, "must not stand in a file that "+why+".")
		}
	}
	return ok
}

// apply picks the winning value of one setting and keeps it.
func (l *loader) apply(s setting) {
	v := value{text: s.fallback, place: "default"}
	if given := l.found[s.key]; given.text != "" {
		v = given
	}
	if s.variable != "" {
		if text := l.env(s.variable); text != "" {
			v = value{text: text, place: s.variable, from: fromEnv}
		}
	}
	if s.given != "" {
		v = value{text: s.given, place: s.flag, from: fromFlag}
	}
	l.found[s.key] = v
	if v.text == "" {
		return
	}
	shown := v.text
	if s.secret {
		shown = ""
	}
	if hasControl(v.text) {
		l.problem(s.key, shown, v.place, "must hold no control characters.")
		return
	}
	if sentence := s.set(v); sentence != "" {
		l.problem(s.key, shown, v.place, sentence)
	}
}

// together checks what no setting shows by itself.
func (l *loader) together() {
	c := &l.config
	c.LogFile = below(l.env, "XDG_STATE_HOME", ".local/state", "reji.log")
	if c.LogFile == "" {
		c.LogFile = filepath.Join(c.DataDir, "reji.log")
	}
	if l.found["data_dir"].text == "" {
		l.problem("data_dir", "", "not given", "is needed where HOME is not set: set REJI_DATA_DIR.")
	}
	if l.told("env") {
		return // what follows depends on it
	}
	l.credentials()
	if c.BaseURL != "" && !l.told("env") {
		if sentence := checkHost(c.Env, c.BaseURL); sentence != "" {
			l.problem("base_url", c.BaseURL, l.found["base_url"].place, sentence)
		}
	}
}

// told says whether something is already known to be wrong with one of keys.
func (l *loader) told(keys ...string) bool {
	return slices.ContainsFunc(l.problems, func(p Problem) bool { return slices.Contains(keys, p.Key) })
}

// credentials asks for all of them or, without an environment, for none.
func (l *loader) credentials() {
	c := &l.config
	if c.Env == Training || l.flags.Offline && c.Env != "" {
		c.APIKey, c.MerchantID = "", "" // nobody holds what is not needed
		return
	}
	secret := l.secret()
	if c.Env == "" {
		c.Env = Training
		for _, v := range []value{l.found["api_key"], secret, l.found["merchant_id"]} {
			if v.text != "" {
				l.problem("env", "", "not given", "must be named because there are credentials ("+printable(v.place)+
					"): training, sandbox, staging or production.")
				return
			}
		}
		return
	}
	c.APISecret = NewSecret(secret.text)
	needed := func(variable, text string, keys ...string) {
		if text == "" && !l.told(keys...) {
			l.problem(keys[0], "", "not given", fmt.Sprintf("is needed in %s: set %s or write it into config.toml.", c.Env, variable))
		}
	}
	needed(apiKeyVar, c.APIKey, "api_key")
	needed(apiSecretVar, secret.text, "api_secret", "api_secret_file")
	needed(merchantVar, c.MerchantID, "merchant_id")
}

// secret is the API secret from wherever it is kept, or no text where there is
// none or where it is told what is wrong with it.
func (l *loader) secret() value {
	direct, file := l.found["api_secret"], l.found["api_secret_file"]
	if dir := l.env("CREDENTIALS_DIRECTORY"); dir != "" && max(direct.from, file.from) < fromEnv {
		name := filepath.Join(dir, "paypay_api_secret")
		if _, err := l.readFile(name); !errors.Is(err, fs.ErrNotExist) {
			return l.secretFile(value{text: name, place: "CREDENTIALS_DIRECTORY", from: fromEnv})
		}
	}
	switch {
	case l.told("api_secret", "api_secret_file"):
		return value{}
	case file.text == "" || direct.from > file.from:
		return direct
	case direct.text != "" && direct.from == file.from:
		l.problem("api_secret_file", file.text, file.place, "must not stand beside api_secret: keep one of the two.")
		return value{}
	}
	return l.secretFile(file)
}

// secretFile reads the secret from the file that v names.
func (l *loader) secretFile(v value) value {
	refuse := func(sentence string) value {
		l.problem("api_secret_file", v.text, v.place, sentence)
		return value{}
	}
	name, ok := absolute(v, l.env("HOME"))
	if !ok {
		return refuse(notAbsolute)
	}
	file, err := l.readFile(name)
	if err != nil {
		return refuse("cannot be read: " + reason(err) + ".")
	}
	// systemd closes its folder to all but the service, by an access list that
	// shows as group bits and under root's name: the mode says nothing there.
	dir := l.env("CREDENTIALS_DIRECTORY")
	if dir == "" || filepath.Dir(name) != filepath.Clean(dir) {
		if why := file.exposed(); why != "" {
			return refuse(why + ".")
		}
	}
	text := strings.TrimRight(string(file.Data), "\r\n")
	switch {
	case text == "":
		return refuse("is empty.")
	case badToken(text):
		return refuse("must hold the secret alone, on one line, without spaces.")
	}
	return value{text: text, place: v.place, from: v.from}
}

// reason is an error without the file name that the problem already shows.
func reason(err error) string {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		err = pe.Err
	}
	return printable(err.Error())
}

// below is the file or folder of reji under an XDG base folder, or empty when
// there is no base. XDG asks to ignore relative ones.
func below(env func(string) string, xdg, fallback string, name ...string) string {
	base := env(xdg)
	if !filepath.IsAbs(base) {
		home := env("HOME")
		if !filepath.IsAbs(home) {
			return ""
		}
		base = filepath.Join(home, fallback)
	}
	return filepath.Join(append([]string{base, "reji"}, name...)...)
}

// sinceMidnight reads "05:00".
func sinceMidnight(text string) (time.Duration, bool) {
	t, err := time.Parse("15:04", text)
	if err != nil || len(text) != len("15:04") {
		return 0, false
	}
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, true
}
