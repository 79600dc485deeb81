package store

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hinshun/vt10x"
)

// deed is one thing that a program was seen to do: to its files, or to the
// world outside, where it cannot be taken back.
type deed struct {
	what     what
	path, to string
	at       int64  // written: where; cut: to which length
	data     []byte // written, said
	from     int    // synced: how many deeds came before its call; later ones are not covered
}

type what string

const (
	made    what = "made" // a file, by its name
	madeDir what = "made a folder"
	written what = "written"
	cut     what = "cut"
	synced  what = "synced"
	removed what = "removed"
	renamed what = "renamed"
	said    what = "said" // to the network, the terminal or a pipe
)

// call is one system call as strace prints it.
type call struct {
	name   string
	args   []string
	result string
	from   int
}

var (
	callLine   = regexp.MustCompile(`^\d+ +([a-z0-9_]+)\((.*)\) += (-?\d+.*|\?.*)$`)
	unfinished = regexp.MustCompile(`^(\d+ +)([a-z0-9_]+)\((.*) <unfinished \.\.\.>$`)
	resumed    = regexp.MustCompile(`^(\d+ +)<\.\.\. ([a-z0-9_]+) resumed>(.*)$`)
)

// deedsOf reads what strace -f -yy -xx has written down. A write counts from
// the moment its call began and a sync from the moment it ended, as a power
// cut between the two may find the one done and the other not.
func deedsOf(in io.Reader) ([]deed, error) {
	var calls []*call
	open := map[string]*call{} // by thread
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		line := lines.Text()
		if m := unfinished.FindStringSubmatch(line); m != nil {
			c := &call{name: m[2], result: m[3]}
			open[m[1]] = c
			calls = append(calls, c)
			continue
		}
		if m := resumed.FindStringSubmatch(line); m != nil {
			begun := open[m[1]]
			if begun == nil || begun.name != m[2] {
				return nil, fmt.Errorf("%.200q resumes nothing", line)
			}
			delete(open, m[1])
			line = m[1] + m[2] + "(" + begun.result + m[3]
			if c, ok := parse(line); ok {
				c.from = len(calls)
				if isSync(c.name) {
					for i := range calls {
						if calls[i] == begun {
							c.from = i
						}
					}
					calls = append(calls, c)
					begun.name = ""
				} else {
					*begun = *c
				}
			}
			continue
		}
		if c, ok := parse(line); ok {
			c.from = len(calls)
			calls = append(calls, c)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	// A call that never came back may have done its work all the same.
	for _, c := range open {
		if rest := c.result; c.args == nil && !isSync(c.name) {
			c.args, c.result = strings.Split(rest, ", "), "?"
		}
	}
	var deeds []deed
	before := make([]int, len(calls)+1) // how many deeds the calls up to there make
	tree := map[string]bool{}
	for i, c := range calls {
		before[i] = len(deeds)
		more, err := c.deeds(tree)
		if err != nil {
			return nil, err
		}
		for _, d := range more {
			d.from = before[c.from]
			deeds = append(deeds, d)
		}
	}
	return deeds, nil
}

func isSync(name string) bool { return name == "fsync" || name == "fdatasync" }

func parse(line string) (*call, bool) {
	m := callLine.FindStringSubmatch(line)
	if m == nil {
		return nil, false // a signal, an exit
	}
	return &call{name: m[1], args: strings.Split(m[2], ", "), result: m[3]}, true
}

// deeds is what a call did; tree are the names that are there.
func (c *call) deeds(tree map[string]bool) ([]deed, error) {
	if c.name == "" || strings.HasPrefix(c.result, "-1 ") {
		return nil, nil
	}
	switch c.name {
	case "open", "openat":
		args := c.args
		if c.name == "open" {
			args = append([]string{""}, args...)
		}
		path, flags := at(args[0], args[1]), args[2]
		var d []deed
		if strings.Contains(flags, "O_CREAT") && !tree[path] {
			tree[path] = true
			d = append(d, deed{what: made, path: path})
		}
		if strings.Contains(flags, "O_TRUNC") {
			d = append(d, deed{what: cut, path: path})
		}
		return d, nil
	case "mkdirat":
		return []deed{{what: madeDir, path: at(c.args[0], c.args[1])}}, nil
	case "pwrite64", "write":
		to, target := filed(c.args[0])
		data, err := text(c.args[1])
		if err != nil {
			return nil, fmt.Errorf("%s to %s: %w", c.name, to, err)
		}
		if n, err := strconv.Atoi(c.result); err == nil {
			data = data[:n]
		}
		switch {
		case target != "":
			return []deed{{what: said, path: target, data: data}}, nil
		case c.name == "write":
			return []deed{{what: written, path: to, at: -1, data: data}}, nil
		}
		at, err := strconv.ParseInt(c.args[3], 10, 64)
		return []deed{{what: written, path: to, at: at, data: data}}, err
	case "ftruncate":
		path, _ := filed(c.args[0])
		n, err := strconv.ParseInt(c.args[1], 10, 64)
		return []deed{{what: cut, path: path, at: n}}, err
	case "fsync", "fdatasync":
		path, _ := filed(c.args[0])
		return []deed{{what: synced, path: path}}, nil
	case "unlink":
		return []deed{remove(tree, at("", c.args[0]))}, nil
	case "unlinkat":
		return []deed{remove(tree, at(c.args[0], c.args[1]))}, nil
	case "rename":
		return []deed{rename(tree, at("", c.args[0]), at("", c.args[1]))}, nil
	case "renameat", "renameat2":
		return []deed{rename(tree, at(c.args[0], c.args[1]), at(c.args[2], c.args[3]))}, nil
	}
	return nil, fmt.Errorf("nobody has said what %s does", c.name)
}

func remove(tree map[string]bool, path string) deed {
	delete(tree, path)
	return deed{what: removed, path: path}
}

func rename(tree map[string]bool, path, to string) deed {
	delete(tree, path)
	tree[to] = true
	return deed{what: renamed, path: path, to: to}
}

// at is the path that a call with a folder and a name means.
func at(folder, name string) string {
	b, err := text(name)
	if err != nil {
		return ""
	}
	if filepath.IsAbs(string(b)) {
		return filepath.Clean(string(b))
	}
	in, _ := filed(folder)
	return filepath.Join(in, string(b))
}

// filed is what a file descriptor is of: a path, or something that is not a
// file.
func filed(arg string) (path, other string) {
	_, in, ok := strings.Cut(arg, "<")
	if !ok || strings.HasSuffix(in, "(deleted)") {
		return "", arg
	}
	name, _, device := strings.Cut(strings.TrimSuffix(in, ">"), "<")
	if device || !strings.HasPrefix(name, `\x2f`) {
		return "", in
	}
	return string(unescaped(name)), ""
}

var hexEscape = strings.NewReplacer(`\x`, "")

func unescaped(s string) []byte {
	b, _ := hex.DecodeString(hexEscape.Replace(s))
	return b
}

func text(arg string) ([]byte, error) {
	s, ok := strings.CutPrefix(arg, `"`)
	if !ok || !strings.HasSuffix(s, `"`) {
		return nil, fmt.Errorf("cut short: %.100s", arg)
	}
	return hex.DecodeString(hexEscape.Replace(strings.TrimSuffix(s, `"`)))
}

// witness is the world outside: it knows which entries the program has shown
// to have, and so must have for ever.
type witness struct {
	entries []Entry
	screens map[string]vt10x.Terminal
}

var (
	request  = regexp.MustCompile(`^(GET|POST|DELETE) (/v2/\S+) HTTP/1\.1\r\n`)
	body     = regexp.MustCompile(`(?s)\r\n\r\n(\{.*\})`)
	receipt  = regexp.MustCompile(`(?:No\.|Receipt +)0*([1-9][0-9]*)`)
	acked    = regexp.MustCompile(`^ACK (\d+) `)
	named    = regexp.MustCompile(`"merchant(?:Refund|Revert|Capture)Id":"([^"]+)"`)
	screened = map[string]func(Entry) bool{
		"P A I D":              kinds("looked", `"status":"COMPLETED"`),
		"Waiting for payment":  kinds("coded", ""),
		"Preparing":            kinds("charged", ""),
		"Stopping the payment": kinds("shut", ""),
		"Payment stopped":      kinds("deleted", ""),
		"PayPay holds this":    kinds("looked", `"status":"AUTHORIZED"`),
		"Cancel accepted":      kinds("answered", `"done":"accepted"`),
		"has the money back":   kinds("looked", `"canceledAt":`),
		"Refund accepted":      kinds("answered", `"done":"accepted"`),
		"Hold let go":          kinds("answered", `"done":"carried"`),
	}
)

func kinds(kind, has string) func(Entry) bool {
	return func(e Entry) bool { return e.Kind == kind && strings.Contains(string(e.Body), has) }
}

// requires is the number of the entry that has to be in the journal when that
// was said, and 0 when it shows none.
func (w *witness) requires(d deed) (int64, error) {
	if d.what != said {
		return 0, nil
	}
	if m := acked.FindSubmatch(d.data); m != nil {
		return strconv.ParseInt(string(m[1]), 10, 64)
	}
	if m := request.FindSubmatch(d.data); m != nil {
		return w.asked(string(m[1]), string(m[2]), d.data)
	}
	if strings.Contains(d.path, "char 136:") {
		return w.showed(d), nil
	}
	return 0, nil
}

// asked is the entry of the intent behind a request. Without one the till has
// asked for what it did not write down.
func (w *witness) asked(method, path string, data []byte) (int64, error) {
	intent := func(e Entry) bool { return e.Kind == "charged" || e.Kind == "recharged" }
	id, _, _ := strings.Cut(path[strings.LastIndex(path, "/")+1:], "?")
	switch {
	case method == "POST" && path != "/v2/codes":
		m := named.FindSubmatch(data)
		if m == nil {
			return 0, fmt.Errorf("no id in %.300q", data)
		}
		return w.modified(string(m[1]), method, path)
	case strings.HasPrefix(path, "/v2/refunds/"):
		return w.modified(id, method, path)
	case method == "POST" && path == "/v2/codes":
		var q struct {
			ID string `json:"merchantPaymentId"`
		}
		if m := body.FindSubmatch(data); m == nil || json.Unmarshal(m[1], &q) != nil {
			return 0, fmt.Errorf("no body in %.300q", data)
		}
		id = q.ID
	case method == "DELETE" && strings.HasPrefix(path, "/v2/codes/"):
		code, ok := w.first(func(e Entry) bool { return e.Kind == "coded" && strings.Contains(string(e.Body), `"`+id+`"`) })
		if !ok {
			return 0, fmt.Errorf("nobody wrote down code %s, which is deleted", id)
		}
		intent, id = kinds("shut", ""), code.Attempt
	case method == "DELETE": // of a code that nobody was shown, or of what was paid
		intent = func(e Entry) bool {
			return e.Kind == "cancel" || e.Kind == "asked" && strings.Contains(string(e.Body), `"way":"cancel"`)
		}
	}
	e, ok := w.first(func(e Entry) bool { return e.Attempt == id && intent(e) })
	if !ok {
		return 0, fmt.Errorf("nobody wrote down that %s %s would be asked", method, path)
	}
	return e.Seq, nil
}

// modified is the entry of the intent to give back, take or let go under an id.
// A capture has the number of its try behind it.
func (w *witness) modified(id, method, path string) (int64, error) {
	kind, has := "asked", `"id":"`+id+`"`
	if strings.HasSuffix(path, "/capture") {
		i := strings.LastIndex(id, "-")
		has = `"id":"` + id[:i] + `"`
		if try := id[i+1:]; try != "1" {
			kind, has = "tried", `"try":`+try
		}
	}
	e, ok := w.first(kinds(kind, has))
	if !ok {
		return 0, fmt.Errorf("nobody wrote down that %s %s would be asked as %s", method, path, id)
	}
	return e.Seq, nil
}

// showed is the entry behind what a screen says after something was drawn.
func (w *witness) showed(d deed) int64 {
	term := w.screens[d.path]
	if term == nil {
		term = vt10x.New(vt10x.WithSize(80, 24))
		w.screens[d.path] = term
	}
	_, _ = term.Write(d.data)
	screen := term.String()
	number := receipt.FindStringSubmatch(screen)
	if number == nil {
		return 0
	}
	sale, ok := w.first(func(e Entry) bool {
		return e.Kind == "charged" && strings.Contains(string(e.Body), `"number":`+number[1]+",")
	})
	if !ok {
		return 0
	}
	for words, entry := range screened {
		if !strings.Contains(screen, words) {
			continue
		}
		if e, ok := w.first(func(e Entry) bool { return e.Sale == sale.Sale && entry(e) }); ok {
			return e.Seq
		}
	}
	return 0
}

func (w *witness) first(is func(Entry) bool) (Entry, bool) {
	for _, e := range w.entries {
		if is(e) {
			return e, true
		}
	}
	return Entry{}, false
}

func TestDeedsOf_writesFromTheirBeginningSyncsFromTheirEnd(t *testing.T) {
	t.Parallel()
	const trace = `7  openat(AT_FDCWD<\x2f>, "\x2f\x61", O_RDWR|O_CREAT|O_CLOEXEC, 0600) = 3<\x2f\x61>
7  openat(AT_FDCWD<\x2f>, "\x2f\x62", O_RDONLY|O_CREAT|O_CLOEXEC, 0600) = -1 EACCES (Permission denied)
7  pwrite64(3<\x2f\x61>, "\x01\x02", 2, 4096) = 2
7  fsync(3<\x2f\x61> <unfinished ...>
8  pwrite64(3<\x2f\x61>, "\x03", 1, 0 <unfinished ...>
9  write(4<TCP:[127.0.0.1:1->127.0.0.1:2]>, "\x47\x45\x54", 3) = 3
7  <... fsync resumed>)               = 0
8  <... pwrite64 resumed>)            = 1
7  renameat(AT_FDCWD<\x2f>, "\x2f\x61", AT_FDCWD<\x2f>, "\x2f\x62") = 0
7  unlink("\x2f\x62")                 = 0
8  ftruncate(5<\x2f\x63>, 3 <unfinished ...>
8  +++ killed by SIGKILL +++
`
	got, err := deedsOf(strings.NewReader(trace))
	if err != nil {
		t.Fatal(err)
	}
	for i := range got {
		if got[i].what != synced {
			got[i].from = 0
		}
	}
	want := []deed{
		{what: made, path: "/a"},
		{what: written, path: "/a", at: 4096, data: []byte{1, 2}},
		{what: written, path: "/a", at: 0, data: []byte{3}},
		{what: said, path: "TCP:[127.0.0.1:1->127.0.0.1:2]>", data: []byte("GET")},
		{what: synced, path: "/a", from: 2},
		{what: renamed, path: "/a", to: "/b"},
		{what: removed, path: "/b"},
		{what: cut, path: "/c", at: 3},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(deed{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
