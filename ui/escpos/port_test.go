package escpos_test

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.jp/reji/ui/escpos"
)

// A printer on the network, that answers what it is asked with two bytes, and
// gives everything it got when the till has hung up.
func listen(t *testing.T, answer string) (address string, got <-chan string) {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	all := make(chan string, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		_, _ = conn.Write([]byte(answer))
		data, _ := io.ReadAll(conn)
		all <- string(data)
	}()
	return "tcp://" + l.Addr().String(), all
}

func open(t *testing.T, address string) escpos.Port {
	t.Helper()
	port, err := escpos.Open(address)
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func TestOpen_network(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{"ready": "\x12\x12", "silent": "", "of another kind": "\xff\xff"} {
		address, got := listen(t, answer)
		if err := open(t, address)(t.Context(), []byte("paper")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if data := <-got; !strings.HasSuffix(data, "paper") {
			t.Errorf("%s: the printer got %q", name, data)
		}
	}
}

func TestOpen_networkNotReady(t *testing.T) {
	t.Parallel()
	for want, answer := range map[error]string{escpos.ErrNoPaper: "\x12\x72", escpos.ErrCover: "\x16\x12"} {
		address, got := listen(t, answer)
		err := open(t, address)(t.Context(), []byte("receipt"))
		if !errors.Is(err, escpos.ErrNotReached) || !errors.Is(err, want) {
			t.Errorf("%v: %v", want, err)
		}
		if data := <-got; strings.Contains(data, "receipt") {
			t.Errorf("%v: the printer got %q", want, data)
		}
	}
}

func TestOpen_networkOff(t *testing.T) {
	t.Parallel()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if err := open(t, "tcp://"+address)(t.Context(), nil); !errors.Is(err, escpos.ErrNotReached) {
		t.Error(err)
	}
}

func TestOpen_device(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lp0")
	if err := open(t, "file:"+path)(t.Context(), []byte("paper")); !errors.Is(err, escpos.ErrNotReached) {
		t.Errorf("no such device: %v", err)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := open(t, "file:"+path)(t.Context(), []byte("paper")); err != nil {
		t.Error(err)
	}
	if data, err := os.ReadFile(path); err != nil || string(data) != "paper" {
		t.Errorf("the device got %q, %v", data, err)
	}
}

func TestOpen_cups(t *testing.T) {
	if err := open(t, "cups:receipts")(t.Context(), nil); err == nil {
		t.Error("a printer of that name took it") // no test machine has one
	}
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	if err := open(t, "cups:receipts")(t.Context(), nil); !errors.Is(err, escpos.ErrNotReached) {
		t.Errorf("without lp: %v", err)
	}
	t.Setenv("PATH", dir+":/usr/bin:/bin")
	script := "#!/bin/sh\necho \"$@\" > " + dir + "/arguments\ncat > " + dir + "/paper\n"
	if err := os.WriteFile(filepath.Join(dir, "lp"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := open(t, "cups:receipts")(t.Context(), []byte("\x1b@paper")); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{"arguments": "-d receipts -o raw\n", "paper": "\x1b@paper"} {
		if data, err := os.ReadFile(filepath.Join(dir, file)); err != nil || string(data) != want {
			t.Errorf("%s: %q, %v", file, data, err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := open(t, "cups:receipts")(ended, nil); err == nil {
		t.Error("it was printed after the end")
	}
}

func TestOpen_refuses(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "lp0", "http://printer", "tcp:", "tcp://"} {
		if _, err := escpos.Open(address); err == nil {
			t.Errorf("%q is an address", address)
		}
	}
}
