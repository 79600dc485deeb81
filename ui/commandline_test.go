package ui_test

import (
	"bytes"
	"strings"
	"testing"
)

// commandLine calls the program as a person may type it.
func (p program) commandLine(t *testing.T) {
	t.Helper()
	for _, tt := range []struct {
		args   string
		code   int
		output string // some of it
	}{
		{"version", 0, "reji "},
		{"--lang ja version", 0, "reji "},
		{"version --lang=ja", 0, "reji "},
		{"--help", 0, "journal restore FILE"},
		{"-h", 0, "--data-dir DIR"},
		{"journal --help", 0, "journal verify"},
		{"simulator --help", 0, "(default already-paid)"},
		{"journal backup --help", 0, "--file FILE"},

		// Settings stand anywhere; what the till takes, it takes without its name.
		{"--env=prod", 2, "(--env)"},
		{"till --env prod", 2, "(--env)"},
		{"--env prod till --plain", 2, "(--env)"},
		{"--plain --env prod", 2, "(--env)"},
		{"--env prod journal verify", 2, "(--env)"},
		{"report day 2026-11-23 --env prod", 2, "(--env)"},
		{"report day yesterday", 2, "not a day"},
		{"receipt lint 1 --all", 2, "no receipt number"},
		{"simulator --refund-http-status 500", 2, "RefundHTTPStatus"},
		{"journal verify --file /none/journal.db", 1, "/none/journal.db"},
		{"journal backup --file /none/journal.db /none/copy.db", 1, "/none/journal.db"},
		{"journal backup /none/copy.db --file /none/journal.db", 1, "/none/journal.db"},
		{"journal restore /none/copy.db --file /none/journal.db", 1, "/none/copy.db"},

		// What calls nobody needs no credentials.
		{"--env sandbox journal restore /none/copy.db", 1, "/none/copy.db"},
		{"--env sandbox journal verify", 1, "/reji/sandbox/journal.db"},
		{"--env production journal backup copy.db", 1, "/reji/production/journal.db"},
		{"--env production report day", 1, "/reji/production/journal.db"},
		{"--env staging receipt lint", 1, "/reji/staging/journal.db"},
		{"--env staging till --plain", 2, "PAYPAY_API_KEY"},

		{"--none", 2, "reji: unknown flag --none\nreji --help lists commands and flags.\n"},
		{"simulator -n", 2, "reji: unknown flag -n\n"},
		{"simulator --gone-answer none", 2, "not-found-400, not-found-404, created"},
		{"simulator --seed none", 2, `reji: --seed cannot be "none"`},
		{"--env", 2, "reji: --env needs a value\n"},
		{"none", 2, "reji: unexpected argument none\n"},
		{"till none", 2, "reji: unexpected argument none\n"},
		{"completion", 2, "reji: unexpected argument completion\n"},
		{"journal", 2, "verify, backup, restore"},
		{"journal none", 2, "reji: unexpected argument none\n"},
		{"journal backup", 2, "reji: expected FILE\n"},
		{"journal backup one two", 2, "reji: unexpected argument two\n"},
		{"--lang ja --none", 2, "reji: --none というフラグはありません。\nコマンドとフラグの一覧は reji --help で見られます。\n"},
		{"journal backup --lang ja", 2, "reji: FILE を指定してください。\n"},
	} {
		c := p.command(t, []string{"HOME=" + t.TempDir(), "LC_ALL=en_GB.UTF-8"}, strings.Fields(tt.args)...)
		var stdout, stderr bytes.Buffer
		c.Stdout, c.Stderr = &stdout, &stderr
		err := c.Run()
		said, silent := &stdout, &stderr
		if tt.code != 0 {
			said, silent = silent, said
		}
		if c.ProcessState.ExitCode() != tt.code || !strings.Contains(said.String(), tt.output) || silent.Len() > 0 {
			t.Errorf("reji %s: %v\n%s%s", tt.args, err, &stdout, &stderr)
		}
		for line := range strings.Lines(stdout.String()) {
			if len(line) > 81 {
				t.Errorf("reji %s: too wide: %s", tt.args, line)
			}
		}
	}
}
