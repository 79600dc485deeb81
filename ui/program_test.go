package ui_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const (
	soon   = 20 * time.Second // more than a loaded machine needs for anything here
	resume = 2 * time.Second  // within which a till that was killed has to be back
)

// TestProgram runs the program itself in a terminal of its own.
func TestProgram(t *testing.T) {
	t.Parallel()
	p := build(t)
	for name, test := range map[string]func(*testing.T){
		"first sale in training": p.firstSale,
		"customer's page":        p.customerPage,
		"killed":                 p.killed,
		"second till":            p.secondTill,
		"another till's backup":  p.otherTill,
		"ended from outside":     p.endedFromOutside,
		"bad settings":           p.badSettings,
		"secrets":                p.secrets,
		"plain":                  p.plain,
		"bad keys":               p.badKeys,
		"command line":           p.commandLine,
		"storm":                  p.storm,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t)
		})
	}
}

func (p program) firstSale(t *testing.T) {
	t.Helper()
	till := p.open(t, t.TempDir())
	till.await("TRAINING", soon)
	till.press("1", "2", "8", "0", "Enter")
	till.await("¥1,280", soon)
	till.press("F9")
	till.await("Waiting for payment", soon)
	till.press("t")
	till.await("P A I D", soon)
	till.press("Enter")
	till.await("New order|Order", soon)
	till.press("F3")
	till.await(`000001 .* paid +¥1,280`, soon)
}

// sandbox points a till at a simulator.
func (s *service) sandbox() []string {
	return []string{
		"PAYPAY_ENV=sandbox", "PAYPAY_BASE_URL=" + s.url, "PAYPAY_API_KEY=test-key",
		"PAYPAY_API_SECRET=dGVzdC1zZWNyZXQ=", "PAYPAY_MERCHANT_ID=test-merchant",
	}
}

// code is the only code that the simulator knows.
func (s *service) code() string {
	s.Helper()
	payments := s.state().Payments
	if len(payments) != 1 {
		s.Fatalf("%d codes", len(payments))
	}
	return payments[0].CodeID
}

func (p program) customerPage(t *testing.T) {
	t.Helper()
	paypay := p.serve(t)
	till := p.open(t, t.TempDir(), paypay.sandbox()...)
	till.await("Sandbox|SANDBOX", soon)
	till.press("1", "2", "8", "0", "Enter", "F9")
	till.await("Waiting for payment", soon)

	page := paypay.url + "/pay/" + paypay.code()
	if got := paypay.state().Payments[0].URL; got != page {
		t.Fatalf("the code says %s, the page is %s", got, page)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, page, strings.NewReader(url.Values{"action": {"pay"}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("the page answers %s", resp.Status)
	}
	till.await("P A I D", soon)
}

// killed kills the till at every step of a sale. Within two seconds of its
// next start the same sale is on the screen, with PayPay's true state.
func (p program) killed(t *testing.T) {
	t.Helper()
	for name, c := range map[string]struct {
		until func(*testing.T, *service, *till) // what happens before the power fails
		shows string                            // after the restart
		taken int64                             // by PayPay
	}{
		"before the code is asked for": {
			until: func(_ *testing.T, s *service, l *till) {
				s.fault("v2_createDynamicQRCode", "delay-before", map[string]any{"delay": "1m", "times": 1})
				l.press("F9")
				l.await("being prepared", soon)
			},
			shows: "No code",
		},
		"code asked for, not answered": {
			until: func(_ *testing.T, s *service, l *till) {
				s.fault("v2_createDynamicQRCode", "delay-after", map[string]any{"delay": "1m", "times": 1})
				l.press("F9")
				l.await("being prepared", soon)
				s.eventually(func(now truth) bool { return len(now.Payments) == 1 })
			},
			shows: "No code",
		},
		"code live": {
			until: func(_ *testing.T, _ *service, l *till) {
				l.press("F9")
				l.await("Waiting for payment", soon)
			},
			shows: "Waiting for payment",
		},
		"paid, not noticed": {
			until: func(_ *testing.T, s *service, l *till) {
				l.press("F9")
				l.await("Waiting for payment", soon)
				s.fault("v2_getQRPaymentDetails", "drop-before", nil)
				s.call(http.MethodPost, "/simulator/codes/"+s.code()+"/pay", nil, nil)
			},
			shows: "P A I D", taken: 1_280,
		},
		"receipt": {
			until: func(_ *testing.T, s *service, l *till) {
				l.press("F9")
				l.await("Waiting for payment", soon)
				s.call(http.MethodPost, "/simulator/codes/"+s.code()+"/pay", nil, nil)
				l.await("P A I D", soon)
			},
			shows: "P A I D", taken: 1_280,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			paypay, home := p.serve(t), t.TempDir()
			till := p.open(t, home, paypay.sandbox()...)
			till.await("Sandbox|SANDBOX", soon)
			till.press("1", "2", "8", "0", "Enter")
			till.await("¥1,280", soon)
			c.until(t, paypay, till)
			till.kill()
			paypay.call(http.MethodDelete, "/simulator/faults", nil, nil)

			till = p.open(t, home, paypay.sandbox()...)
			till.await(c.shows, resume)
			till.await("000001", resume)
			now := paypay.state()
			if n := now.calls("v2_createDynamicQRCode"); n > 1 {
				t.Errorf("%d codes were asked for", n)
			}
			if now.Taken != c.taken {
				t.Errorf("PayPay has taken %d yen, not %d", now.Taken, c.taken)
			}
		})
	}
}

func (p program) secondTill(t *testing.T) {
	t.Helper()
	home := t.TempDir()
	first := p.open(t, home)
	first.await("TRAINING", soon)
	out, err := p.command(t, []string{"HOME=" + home, "REJI_LANG=en"}).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "process") {
		t.Errorf("a second till on the same journal: %v\n%s", err, out)
	}
	// Beside the running till the journal can be looked at and copied, but not
	// replaced.
	copied := filepath.Join(home, "copy.db")
	for _, c := range []struct {
		args []string
		good bool
	}{
		{[]string{"journal", "verify"}, true},
		{[]string{"journal", "backup", copied}, true},
		{[]string{"journal", "verify", "--file", copied}, true},
		{[]string{"report", "day"}, true},
		{[]string{"journal", "restore", copied}, false},
	} {
		out, err := p.command(t, []string{"HOME=" + home, "REJI_LANG=en"}, c.args...).CombinedOutput()
		if (err == nil) != c.good {
			t.Errorf("%v under the running till: %v\n%s", c.args, err, out)
		}
	}
	first.press("ctrl+c", "ctrl+c")
	<-first.gone
	out, err = p.command(t, []string{"HOME=" + home, "REJI_LANG=en"}, "journal", "verify").CombinedOutput()
	if err != nil {
		t.Errorf("the journal of a till that ended: %v\n%s", err, out)
	}
	// Put back, the copy lacks the till's last words, and says so: the command,
	// the till's first screen, and every look at the journal from then on.
	lacks := "are missing, 1 at least"
	for lang, says := range map[string]string{"en": "that the backup lacks: 1.", "ja": "ない記録が 1 件"} {
		out, err = p.command(t, []string{"HOME=" + home, "REJI_LANG=" + lang}, "journal", "restore", copied).CombinedOutput()
		if err == nil || !strings.Contains(string(out), says) || !strings.Contains(string(out), "--yes") {
			t.Errorf("restored over a newer journal without a word: %v\n%s", err, out)
		}
	}
	out, err = p.command(t, []string{"HOME=" + home, "REJI_LANG=en"}, "journal", "restore", "--yes", copied).CombinedOutput()
	if err != nil || !strings.Contains(string(out), lacks) {
		t.Errorf("restored: %v\n%s", err, out)
	}
	out, err = p.command(t, []string{"HOME=" + home, "REJI_LANG=en"}, "journal", "verify").CombinedOutput()
	if err != nil || !strings.Contains(string(out), lacks) {
		t.Errorf("verified before a till has seen it: %v\n%s", err, out)
	}
	again := p.open(t, home)
	again.await("The journal was restored", soon)
	again.press("ctrl+c", "ctrl+c")
	<-again.gone
	for _, args := range [][]string{{"journal", "verify"}, {"report", "day"}} {
		out, err = p.command(t, []string{"HOME=" + home, "REJI_LANG=en"}, args...).CombinedOutput()
		if err != nil || strings.Count(string(out), "are missing") != 1 && !strings.Contains(string(out), "has lost entries") {
			t.Errorf("%v: %v\n%s", args, err, out)
		}
	}
}

func (p program) badSettings(t *testing.T) {
	t.Helper()
	env := []string{"HOME=" + t.TempDir(), "PAYPAY_ENV=prod", "PAYPAY_BASE_URL=http://paypay.example", "PAYPAY_API_SECRET=CANARY", "REJI_LANG=fr"}
	cmd := p.command(t, env)
	out, err := cmd.CombinedOutput()
	if err == nil || cmd.ProcessState.ExitCode() != 2 {
		t.Errorf("%v, exit code %d", err, cmd.ProcessState.ExitCode())
	}
	for _, key := range []string{"PAYPAY_ENV", "PAYPAY_BASE_URL", "REJI_LANG"} {
		if !strings.Contains(string(out), key) {
			t.Errorf("nothing about %s:\n%s", key, out)
		}
	}
	if strings.Contains(string(out), "CANARY") {
		t.Errorf("the secret is printed:\n%s", out)
	}
}

// plain makes the first sale in lines of text.
func (p program) plain(t *testing.T) {
	t.Helper()
	c := p.command(t, []string{"HOME=" + t.TempDir(), "REJI_LANG=en"}, "--plain")
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	limit := time.AfterFunc(soon, func() { _ = c.Process.Kill() })
	defer limit.Stop()
	lines := bufio.NewScanner(out)
	for _, step := range []struct{ says, then string }{
		{"TRAINING", "1280"},
		{"total: 1 piece, ¥1,280", "pay"},
		{"The code's address: http", "customer pays"},
		{"¥1,280 was received", "next"},
		{"next customer's order", "quit"},
	} {
		found := false
		for !found && lines.Scan() {
			found = strings.Contains(lines.Text(), step.says)
		}
		if !found {
			t.Fatalf("it never said %q", step.says)
		}
		if _, err := io.WriteString(in, step.then+"\n"); err != nil {
			t.Fatal(err)
		}
	}
	for lines.Scan() {
		t.Errorf("after the end: %s", lines.Text())
	}
	if err := c.Wait(); err != nil {
		t.Error(err)
	}
}

// badKeys starts the till with a key file that cannot be.
func (p program) badKeys(t *testing.T) {
	t.Helper()
	home := t.TempDir()
	keys, settings := filepath.Join(home, "keys.toml"), filepath.Join(home, "config.toml")
	for name, text := range map[string]string{keys: "[sale]\npay = \"enter\"\nfly = \"f8\"\n", settings: "keys = \"" + keys + "\"\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := p.command(t, []string{"HOME=" + home, "REJI_LANG=ja"}, "--config", settings)
	out, err := c.CombinedOutput()
	if err == nil || c.ProcessState.ExitCode() != 2 {
		t.Errorf("%v, exit code %d", err, c.ProcessState.ExitCode())
	}
	for _, want := range []string{"keys.toml 2行目: [sale] pay = \"enter\" には使えません", "keys.toml 3行目"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("nothing about %q:\n%s", want, out)
		}
	}
}

// storm sends a till what no person types, in the middle of a sale and of giving
// its money back. PayPay must not be asked for anything, and the till must go on.
func (p program) storm(t *testing.T) {
	t.Helper()
	const salmon = "2000000000015" // ¥150
	pay := func(s *service) { s.call(http.MethodPost, "/simulator/codes/"+s.code()+"/pay", nil, nil) }
	charges := func(l *till) {
		l.press("F9")
		l.await("Waiting for payment", soon)
	}
	for name, c := range map[string]struct {
		before func(*service, *till)
		shows  string // before and after
		after  func(*service, *till)
		due    int64 // what the sale comes to
	}{
		"order": {
			before: func(*service, *till) {}, shows: "¥1,280",
			after: func(s *service, l *till) {
				l.press("Esc")
				charges(l)
				pay(s)
			},
			due: 1_280 + 3*150,
		},
		"payment": {
			before: func(_ *service, l *till) { charges(l) }, shows: "Waiting for payment",
			after: func(s *service, _ *till) { pay(s) }, due: 1_280,
		},
		"give up": {
			before: func(_ *service, l *till) {
				charges(l)
				l.press("x")
			},
			shows: "Stop this payment",
			after: func(s *service, _ *till) { pay(s) }, due: 1_280,
		},
		"paid": {
			before: func(s *service, l *till) {
				charges(l)
				pay(s)
			},
			shows: "P A I D", after: func(*service, *till) {}, due: 1_280,
		},
		"give back": {
			before: func(s *service, l *till) {
				charges(l)
				pay(s)
				l.await("P A I D", soon)
				l.press("b")
				l.await("How much", soon)
				l.press("Enter")
				l.await("Reason", soon)
				l.press("Enter")
			},
			shows: "cancel ¥1,280",
			after: func(_ *service, l *till) {
				for range 4 {
					l.press("Esc")
				}
			},
			due: 1_280,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			paypay, home := p.serve(t), t.TempDir()
			lookOften(t, home)
			till := p.open(t, home, paypay.sandbox()...)
			till.await("Ready for the next", soon)
			till.press("1", "2", "8", "0", "Enter")
			till.await("¥1,280", soon)
			c.before(paypay, till)
			till.await(c.shows, soon)
			before := paypay.state()

			<-time.After(pace)
			for i, sent := range storms(salmon) {
				if _, err := till.tty.WriteString(sent); err != nil {
					t.Fatal(err)
				}
				<-time.After([]time.Duration{20, 150}[i%2] * time.Millisecond)
			}
			<-time.After(time.Second) // a paste without an end is over
			till.await(c.shows, soon)
			now := paypay.state()
			if now.Taken != before.Taken {
				t.Errorf("PayPay has taken %d yen, %d before", now.Taken, before.Taken)
			}
			if n := now.calls("v2_createDynamicQRCode"); n != before.calls("v2_createDynamicQRCode") {
				t.Errorf("%d codes were asked for", n)
			}

			till.press("Enter") // nothing, or the harmless answer
			c.after(paypay, till)
			till.await("P A I D", soon)
			till.press("Enter")
			till.await("Ready for the next", soon)
			till.press("6", "5", "0", "Enter", "F9")
			till.await("Waiting for payment", soon)
			paypay.customer()
			till.await("P A I D", soon)
			now = paypay.state()
			if now.Taken != c.due+650 {
				t.Errorf("PayPay has taken %d yen, not %d", now.Taken, c.due+650)
			}
			for _, call := range now.Calls {
				if call.Operation != "v2_createDynamicQRCode" && call.Operation != "v2_getQRPaymentDetails" {
					t.Errorf("the till has asked for %s", call.Operation)
				}
			}
			till.kill()
			if out, err := p.command(t, append(paypay.sandbox(), "HOME="+home, "REJI_LANG=en"), "journal", "verify").CombinedOutput(); err != nil {
				t.Errorf("the journal: %v\n%s", err, out)
			}
		})
	}
}

// storms are what is sent, each at once. The code is scanned three times in all.
func storms(code string) []string {
	var touches, motions strings.Builder
	for y := range 24 {
		for x := 0; x < 80; x += 4 {
			fmt.Fprintf(&touches, "\x1b[<0;%d;%dM\x1b[<0;%d;%dm", x+1, y+1, x+1, y+1)
			fmt.Fprintf(&motions, "\x1b[<35;%d;%dM", x+1, y+1)
		}
	}
	long := strings.Repeat("xnlbk1y\r480\nF9\x1b[20", 10<<10/20)
	return []string{
		"4912345678904\r", "xxxxxxxx\r", "nnnnnnnn\r\n", "llllllll\n", "bbbbbbbb\t", "yyyyyyyy\r", "tttttttt\r", "ABC-123+4/5!?:\r",
		code + "\r", code + "\r\n", code + "\t",
		touches.String(), "\x1b[<0;1", "2;5M", motions.String(), "\x1b[M !", "\"",
		"\x1b[2", "5;9~", "\x1b[20", "4912345678904\r", "\x1bO", "\x1b[", "\x1b[1;", "\x1b[999;999H", "\x1b[?2026;2$y", "\x1b[" + strings.Repeat("1;", 500) + "~",
		"\x1b]11;rgb:0000/0000/0000\a", "\x1b]52;c;eHh4\x1b", "\\", "\x1bP>|xterm(367)\x1b\\", "\x1bP1$r0", "xxxxxx\r", "\x1b_Gi=1;OK\x1b\\",
		"\xff\xfe\x80xxxxxx\xc0\r", "\xe3\x81", "\x00\x1d\x1e",
		"\x1b[200~" + long + "\x1b[201~", "\x1b[200~" + long,
	}
}
