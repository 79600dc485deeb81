package ui

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"example.jp/reji/pos"
)

// Keys are where a shop has put the till's keys. The zero Keys are the till's
// own.
type Keys struct{ keymap keymap }

// BadKey is one thing that is wrong in a key file.
type BadKey struct {
	File  string
	Line  int    // 0 where the whole file is meant
	What  string // [screen] action = "key", as far as it goes
	about func(badKeyWords) string
}

// BadKeys is everything that is wrong in a key file, in the order of its lines.
type BadKeys []BadKey //nolint:errname // a list of BadKey; the plural says so better than an Error suffix

// Error is one English sentence a line.
func (b BadKeys) Error() string { return b.Text("en") }

// Text is one sentence a line in a language, "ja" or "en".
func (b BadKeys) Text(lang string) string {
	w := newWords(lang).BadKey
	lines := make([]string, 0, len(b))
	for _, bad := range b {
		at := pos.Clean(bad.File, 200)
		if bad.Line > 0 {
			at = fmt.Sprintf(w.Line, at, digits(int64(bad.Line)))
		}
		if bad.What != "" {
			at += ": " + pos.Clean(bad.What, 100)
		}
		lines = append(lines, at+" "+bad.about(w))
	}
	return strings.Join(lines, "\n")
}

// ReadKeys reads a key file: for each screen a table, and in it the new keys
// of actions.
//
//	[sale]
//	pay = "f8"
//
// The name is the file's, for the sentences. The error is a BadKeys with all
// that is wrong.
func ReadKeys(name, text string) (Keys, error) {
	var tree map[string]any
	if _, err := toml.Decode(text, &tree); err != nil {
		bad := BadKey{File: name, about: func(w badKeyWords) string { return w.NotTOML }}
		if at, ok := errors.AsType[toml.ParseError](err); ok {
			bad.Line = at.Position.Line
		}
		return Keys{}, BadKeys{bad}
	}
	r := keyReader{file: name, text: text, actions: newWords("en").actions(), bound: map[scene]map[string]string{}}
	for _, table := range slices.Sorted(maps.Keys(tree)) {
		r.table(table, tree[table])
	}
	m := r.keymap()
	if len(r.bad) > 0 {
		slices.SortStableFunc(r.bad, func(a, b BadKey) int { return a.Line - b.Line })
		return Keys{}, r.bad
	}
	return Keys{keymap: m}, nil
}

// keyReader collects what a key file binds, and what is wrong with it.
type keyReader struct {
	file, text string
	actions    []action
	bound      map[scene]map[string]string // action to key
	bad        BadKeys
}

func (r *keyReader) refuse(line int, what string, about func(badKeyWords) string) {
	r.bad = append(r.bad, BadKey{File: r.file, Line: line, What: what, about: about})
}

func (r *keyReader) table(name string, v any) {
	at := scene(name)
	entries, ok := v.(map[string]any)
	if !ok || at == elsewhere || !slices.ContainsFunc(r.actions, func(a action) bool { return a.at == at && a.name != "" }) {
		line := r.line(name, "")
		if !ok {
			line = r.line("", name)
		}
		r.refuse(line, "["+name+"]", func(w badKeyWords) string { return fmt.Sprintf(w.NoScreen, strings.Join(r.scenes(), ", ")) })
		return
	}
	r.bound[at] = map[string]string{}
	for _, action := range slices.Sorted(maps.Keys(entries)) {
		line := r.line(name, action)
		pressed, ok := entries[action].(string)
		what := fmt.Sprintf("[%s] %s = %q", name, action, pressed)
		if !ok {
			r.refuse(line, "["+name+"] "+action, func(w badKeyWords) string { return w.NotText })
			continue
		}
		if about := r.check(at, action, pressed); about != nil {
			r.refuse(line, what, about)
			continue
		}
		r.bound[at][action] = pressed
	}
}

// check says what is wrong with a binding by itself, or nothing.
func (r *keyReader) check(at scene, name, pressed string) func(badKeyWords) string {
	i := slices.IndexFunc(r.actions, func(a action) bool { return a.at == at && a.name == name })
	if name == "" || i < 0 {
		return func(w badKeyWords) string { return fmt.Sprintf(w.NoAction, strings.Join(r.names(at), ", ")) }
	}
	k, ok := keyMsg(pressed)
	runes := []rune(pressed)
	letter := len(runes) == 1
	switch {
	case letter && (runes[0] < '!' || runes[0] > '~'), !letter && !ok && pressed != " ":
		return func(w badKeyWords) string { return w.NoKey }
	case walks(pressed), pressed == "f1", pressed == printerKey, pressed == "?", pressed == ":", pressed == "ctrl+c", pressed == "ctrl+j", pressed == "delete" && name != "void":
		return func(w badKeyWords) string { return w.Taken }
	case letter && '0' <= runes[0] && runes[0] <= '9':
		return func(w badKeyWords) string { return w.Digit }
	case character(k) && at == onSale:
		return func(w badKeyWords) string { return w.Scanned }
	case character(k) && r.actions[i].money:
		return func(w badKeyWords) string { return w.Money }
	}
	return nil
}

// keymap is what the file makes, and tells of two actions on one key.
func (r *keyReader) keymap() keymap {
	m := keymap{means: map[scene]map[string]string{}, shows: map[scene]map[string]string{}}
	type claim struct{ name, label string }
	taken := map[scene]map[string]claim{}
	// Those that the file binds come first: they are told of where they clash.
	for _, byFile := range []bool{true, false} {
		for _, a := range r.actions {
			to, bound := r.bound[a.at][a.name]
			if bound != byFile || a.name == "" && byFile {
				continue
			}
			keys := a.keys
			if bound {
				keys = []string{to}
				if m.means[a.at] == nil {
					m.means[a.at], m.shows[a.at] = map[string]string{}, map[string]string{}
				}
				for _, own := range a.keys {
					turns := own == "tab" || own == "shift+tab"
					switch k, _ := keyMsg(own); {
					case own == to:
						continue
					case walks(own) && !turns:
						keys = append(keys, own) // stays where it is
						continue
					case a.at == onSale && character(k):
						keys = append(keys, own) // as a scanner may send it, it works there as well
					}
					m.means[a.at][to] = own
					m.shows[a.at][own] = to
				}
			}
			if taken[a.at] == nil {
				taken[a.at] = map[string]claim{}
			}
			for _, k := range keys {
				first, is := taken[a.at][k]
				if !is {
					taken[a.at][k] = claim{a.name, a.label}
					continue
				}
				if walks(k) || first.name == a.name && a.name != "" {
					continue
				}
				culprit := a
				if !bound {
					culprit.name = first.name
				}
				other := a.label
				if bound {
					other = first.label
				}
				r.refuse(r.line(string(a.at), culprit.name), fmt.Sprintf("[%s] %s = %q", a.at, culprit.name, k),
					func(w badKeyWords) string { return fmt.Sprintf(w.Twice, other) })
			}
		}
	}
	return m
}

// scenes are the screens that have actions.
func (r *keyReader) scenes() []string {
	var all []string
	for _, a := range r.actions {
		if a.name != "" && !slices.Contains(all, string(a.at)) {
			all = append(all, string(a.at))
		}
	}
	return all
}

// names are the actions of a screen.
func (r *keyReader) names(at scene) []string {
	var all []string
	for _, a := range r.actions {
		if a.at == at && a.name != "" && !slices.Contains(all, a.name) {
			all = append(all, a.name)
		}
	}
	return all
}

// line is where an action stands in the file, or a table where none is named.
func (r *keyReader) line(table, action string) int { return lineOf(r.text, table, action) }

// lineOf is the line of a key of a table, or of the table where no key is named.
// The decoder keeps no places of what it has read.
func lineOf(text, table, action string) int {
	now, n := "", 0
	for l := range strings.Lines(text) {
		n++
		l = strings.TrimSpace(l)
		if head, ok := strings.CutPrefix(l, "["); ok {
			head, _, _ = strings.Cut(head, "]")
			now = strings.Trim(head, " \"'")
			if now == table && action == "" {
				return n
			}
			continue
		}
		name, _, ok := strings.Cut(l, "=")
		name = strings.Trim(name, " \t\"'")
		if ok && action != "" && (now == table && name == action || now == "" && name == table+"."+action) {
			return n
		}
	}
	return 0
}

type badKeyWords struct {
	Line     string // with the file and the number
	NotTOML  string
	NotText  string
	NoScreen string // with those there are
	NoAction string // with those there are
	NoKey    string
	Taken    string
	Digit    string
	Scanned  string
	Money    string
	Twice    string // with what is on the key

	// Quick keys.
	Unread, NotQuick, NoSequence string
	NoPage                       string // with the last
	NoQuick                      string // with those there are
}

func badKeyJa() badKeyWords {
	return badKeyWords{
		Line:     "%s %s行目",
		NotTOML:  "TOMLになっていません。[sale] の下に pay = \"f8\" のように書いてください。",
		NotText:  "は \"f8\" のように、引用符で囲んだキーの名前にしてください。",
		NoScreen: "という画面はありません。次のどれかです: %s",
		NoAction: "という操作はこの画面にありません。次のどれかです: %s",
		NoKey:    "というキーはありません。f2 から f12、ctrl+a のような組み合わせ、半角の文字一つのどれかです。",
		Taken:    "には使えません。どの画面でも決まった働きをするキーです。",
		Digit:    "には使えません。数字は金額とコードを入れるキーです。",
		Scanned:  "には使えません。バーコードの読み取りでも届く文字です。f2 から f12 か ctrl+ の組み合わせにしてください。",
		Money:    "には使えません。お金が動く操作は f2 から f12 か ctrl+ の組み合わせだけです。",
		Twice:    "には使えません。同じ画面でほかの操作のキーです (%s)。",
		Unread:   "を読めません。早押しキーは最初の商品のままです。", NotQuick: "はTOMLになっていません。早押しキーは最初の商品のままです。",
		NoSequence: "は \"034\" や \"名前: 034 003*2 -100\" のように書きます。",
		NoPage:     "というページはありません。[1] から [%d] です。", NoQuick: "という早押しキーはありません。%s のどれかです。",
	}
}

func badKeyEn() badKeyWords {
	return badKeyWords{
		Line:     "%s line %s",
		NotTOML:  "is not TOML: write, below [sale], lines such as pay = \"f8\".",
		NotText:  "must be a key's name in quotation marks, such as \"f8\".",
		NoScreen: "is no screen with keys. There are: %s",
		NoAction: "is no action of this screen. There are: %s",
		NoKey:    "is no key. There are f2 to f12, combinations such as ctrl+a, and single plain characters.",
		Taken:    "is not possible: that key has its own meaning on every screen.",
		Digit:    "is not possible: digits enter amounts and codes.",
		Scanned:  "is not possible: a scanner sends that character too. Take f2 to f12, or a combination with ctrl+.",
		Money:    "is not possible: what moves money stays on f2 to f12, or on a combination with ctrl+.",
		Twice:    "is not possible: another action of the same screen has that key (%s).",
		Unread:   "cannot be read: the quick keys have the first goods.", NotQuick: "is not TOML: the quick keys have the first goods.",
		NoSequence: "must be such as \"034\" or \"name: 034 003*2 -100\".",
		NoPage:     "is no page: there are [1] to [%d].", NoQuick: "is no quick key: there are %s.",
	}
}
