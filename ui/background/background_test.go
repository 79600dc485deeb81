package background_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	_ "github.com/charmbracelet/bubbletea" // whose init would ask
	"github.com/creack/pty"

	_ "example.jp/reji/ui/background"
)

// This test binary imports what the till imports, so it starts as the till
// does. Both tests run it again, without any test.

func TestBackground_isToldBeforeBubbleTeaAsks(t *testing.T) {
	t.Parallel()
	c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$") //nolint:gosec // this test itself
	c.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	var trace bytes.Buffer
	c.Stderr = &trace
	if err := c.Run(); err != nil {
		t.Fatal(err)
	}
	ours := strings.Index(trace.String(), "init example.jp/reji/ui/background ")
	theirs := strings.Index(trace.String(), "init github.com/charmbracelet/bubbletea ")
	if ours < 0 || theirs < 0 || ours > theirs {
		t.Errorf("init order: background at %d, bubbletea at %d of\n%s", ours, theirs, trace.String())
	}
}

func TestBackground_nothingIsAskedOfTheTerminal(t *testing.T) {
	t.Parallel()
	c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$") //nolint:gosec // this test itself
	c.Env = append(os.Environ(), "TERM=xterm-256color", "COLORFGBG=")
	terminal, err := pty.Start(c)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = terminal.Close() }()
	shown, err := io.ReadAll(terminal)
	if err != nil && !errors.Is(err, syscall.EIO) { // how Linux says that the other side has hung up
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Fatal(err)
	}
	if bytes.ContainsRune(shown, '\x1b') {
		t.Errorf("the terminal was asked something: %q", shown)
	}
}
