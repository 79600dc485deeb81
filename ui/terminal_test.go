package ui_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/hinshun/vt10x"
)

// program is the program itself, built for the tests that run it.
type program struct{ path string }

func build(t testing.TB) program {
	t.Helper()
	p := program{filepath.Join(t.TempDir(), "reji")}
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", p.path, "example.jp/reji").CombinedOutput()
	if err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return p
}

func (p program) command(t testing.TB, env []string, args ...string) *exec.Cmd {
	t.Helper()
	c := exec.CommandContext(t.Context(), p.path, args...)
	// Nothing of the environment that the test runs in may reach the till.
	c.Env = append([]string{"PATH=" + os.Getenv("PATH"), "TERM=xterm-256color", "LC_ALL=C.UTF-8"}, env...)
	return c
}

// service is a simulated PayPay in a process of its own.
type service struct {
	testing.TB
	url string
	cmd *exec.Cmd
}

func (p program) serve(t testing.TB, args ...string) *service {
	t.Helper()
	c := p.command(t, nil, append([]string{"simulator", "--listen", "127.0.0.1:0"}, args...)...)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if err != nil || !ok {
		t.Fatalf("the simulator says %q: %v", line, err)
	}
	return &service{TB: t, url: url, cmd: c}
}

func (s *service) call(method, path string, body, into any) {
	s.Helper()
	sent, err := json.Marshal(body)
	if err != nil {
		s.Fatal(err)
	}
	req, err := http.NewRequestWithContext(s.Context(), method, s.url+path, bytes.NewReader(sent))
	if err != nil {
		s.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	got, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode >= 300 {
		s.Fatalf("%s %s: %s: %s (%v)", method, path, resp.Status, got, err)
	}
	if into != nil {
		if err := json.Unmarshal(got, into); err != nil {
			s.Fatalf("%s: %v", got, err)
		}
	}
}

func (s *service) fault(operation, kind string, more map[string]any) {
	s.Helper()
	f := map[string]any{"operation": operation, "kind": kind}
	maps.Copy(f, more)
	s.call(http.MethodPost, "/simulator/faults", f, nil)
}

type truth struct {
	Taken    int64 `json:"taken"`
	Payments []struct {
		MerchantPaymentID string `json:"merchantPaymentId"`
		CodeID            string `json:"codeId"`
		URL               string `json:"url"`
		Status            string `json:"status"`
	} `json:"payments"`
	Calls []struct {
		Operation string `json:"operation"`
	} `json:"calls"`
}

func (s *service) state() truth {
	s.Helper()
	var t truth
	s.call(http.MethodGet, "/simulator/state", nil, &t)
	return t
}

// calls counts what the till asked for, by operation.
func (t truth) calls(operation string) int {
	n := 0
	for _, c := range t.Calls {
		if c.Operation == operation {
			n++
		}
	}
	return n
}

// till is the program in a terminal of its own.
type till struct {
	testing.TB
	cmd   *exec.Cmd
	tty   *os.File
	term  vt10x.Terminal
	drawn chan struct{} // something was drawn since it was last looked at
	gone  chan struct{}
	raw   bytes.Buffer // everything it has written; not to be read before it is gone
}

// open starts the till in English in a terminal of 80 by 24.
func (p program) open(t testing.TB, home string, env ...string) *till {
	t.Helper()
	const columns, rows = 80, 24
	c := p.command(t, append([]string{"HOME=" + home, "REJI_LANG=en"}, env...))
	tty, err := pty.StartWithSize(c, &pty.Winsize{Rows: rows, Cols: columns})
	if err != nil {
		t.Fatal(err)
	}
	l := &till{
		TB: t, cmd: c, tty: tty, term: vt10x.New(vt10x.WithSize(columns, rows)),
		drawn: make(chan struct{}, 1), gone: make(chan struct{}),
	}
	go func() {
		defer close(l.gone)
		buffer := make([]byte, 32*1024)
		for {
			n, err := tty.Read(buffer)
			_, _ = l.term.Write(buffer[:n])
			l.raw.Write(buffer[:n])
			select {
			case l.drawn <- struct{}{}:
			default:
			}
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(l.kill)
	return l
}

// kill ends the till as a power cut does.
func (l *till) kill() {
	_ = l.cmd.Process.Kill()
	_ = l.cmd.Wait()
	_ = l.tty.Close()
	<-l.gone
}

// pace is between two keys of a person who looks at the screen in between.
// Faster ones are a scanner's, or meant for the screen before, which
// keeps them from acting.
const pace = 350 * time.Millisecond

// press types as a person does: each of these after a pause.
func (l *till) press(keys ...string) {
	l.Helper()
	for _, k := range keys {
		<-time.After(pace)
		if _, err := l.tty.WriteString(keyOf(k)); err != nil {
			l.Fatal(err)
		}
	}
}

// keyOf is what a terminal sends for a key.
func keyOf(name string) string {
	if sent, ok := map[string]string{
		"Enter": "\r", "Esc": "\x1b", "Del": "\x1b[3~", "ctrl+c": "\x03",
		"F1": "\x1bOP", "F3": "\x1bOR", "F4": "\x1bOS", "F5": "\x1b[15~", "F6": "\x1b[17~", "F8": "\x1b[19~", "F9": "\x1b[20~",
	}[name]; ok {
		return sent
	}
	return name
}

// await waits until the screen matches, and fails if it does not within the
// limit.
func (l *till) await(pattern string, limit time.Duration) {
	l.Helper()
	match := regexp.MustCompile(pattern)
	timeout := time.NewTimer(limit)
	defer timeout.Stop()
	for {
		if match.MatchString(l.term.String()) {
			return
		}
		select {
		case <-l.drawn:
		case <-l.gone:
			l.Fatalf("the till ended while %q was awaited:\n%s", pattern, l.term.String())
		case <-timeout.C:
			l.Fatalf("%q did not appear within %s:\n%s", pattern, limit, l.term.String())
		}
	}
}

// eventually asks the simulator until it is so, and fails if it never is.
func (s *service) eventually(so func(truth) bool) {
	s.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	timeout := time.After(soon)
	for !so(s.state()) {
		select {
		case <-tick.C:
		case <-timeout:
			s.Fatal("the simulator never came to that")
		}
	}
}
