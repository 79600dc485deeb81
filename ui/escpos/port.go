package escpos

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Why a printer has got nothing.
var (
	// ErrNotReached means that it has got nothing, for whatever reason.
	ErrNotReached = errors.New("the printer cannot be reached")
	// ErrCover means that it has said that it is open.
	ErrCover = errors.New("its cover is open")
	// ErrNoPaper means that it has said that it has no more paper.
	ErrNoPaper = errors.New("it is out of paper")
)

// Port takes papers to a printer.
type Port func(ctx context.Context, paper []byte) error

// The time limits of a port. A printer that is out of paper takes what its
// buffer holds and then waits.
const (
	dialPatience = 3 * time.Second
	sendPatience = 15 * time.Second
	// Printers answer at once or never.
	statusPatience = 300 * time.Millisecond
)

// Open is the port at an address: tcp://host:port, file:/dev/usb/lp0 or
// cups:name. Nothing is connected yet. If a paper is sent and the error is
// ErrNotReached, nothing was printed; after any other, something may have been.
func Open(address string) (Port, error) {
	kind, where, _ := strings.Cut(address, ":")
	switch kind {
	case "tcp":
		u, err := url.Parse(address)
		if err != nil || u.Host == "" {
			return nil, fmt.Errorf("printer %q is no tcp://host:port", address)
		}
		return network(u.Host), nil
	case "file":
		return device(where), nil
	case "cups":
		return queue(where), nil
	}
	return nil, fmt.Errorf("printer %q is neither tcp://host:port nor file:/path nor cups:name", address)
}

func network(host string) Port {
	return func(ctx context.Context, paper []byte) error {
		conn, err := (&net.Dialer{Timeout: dialPatience}).DialContext(ctx, "tcp", host)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrNotReached, err)
		}
		stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
		defer stop()
		if err := ready(conn); err != nil {
			return errors.Join(fmt.Errorf("%w: %w", ErrNotReached, err), conn.Close())
		}
		if err := conn.SetDeadline(time.Now().Add(sendPatience)); err != nil {
			return errors.Join(fmt.Errorf("%w: %w", ErrNotReached, err), conn.Close())
		}
		if ctx.Err() != nil { // the deadline just set may have come after that of the end
			return errors.Join(fmt.Errorf("%w: %w", ErrNotReached, ctx.Err()), conn.Close())
		}
		if _, err := conn.Write(paper); err != nil {
			return errors.Join(fmt.Errorf("printer: %w", err), conn.Close())
		}
		return conn.Close()
	}
}

// ready asks a printer whether it has paper and is not open. One that does not
// answer, as many simple ones do not, is taken to be ready.
func ready(conn net.Conn) error {
	if err := conn.SetDeadline(time.Now().Add(statusPatience)); err != nil {
		return err
	}
	if _, err := conn.Write([]byte(askOffline + askPaper)); err != nil {
		return err
	}
	var status [2]byte
	n, _ := io.ReadFull(conn, status[:])
	for i, s := range status[:n] {
		if s&0x93 != 0x12 {
			return nil // no answer to that question
		}
		switch {
		case i == 0 && s&0x04 != 0:
			return ErrCover
		case i == 0 && s&0x20 != 0, i == 1 && s&0x60 != 0:
			return ErrNoPaper
		}
	}
	return nil
}

// device writes to a device in a goroutine of its own, because opening and
// writing one that is busy may wait for ever, and nothing can stop that. While
// it waits, nothing else is sent.
func device(path string) Port {
	busy := make(chan struct{}, 1)
	return func(ctx context.Context, paper []byte) error {
		select {
		case busy <- struct{}{}:
		default:
			return fmt.Errorf("%w: %s still has not taken what was sent before", ErrNotReached, path)
		}
		done := make(chan error, 1)
		go func() {
			defer func() { <-busy }()
			f, err := os.OpenFile(path, os.O_WRONLY, 0)
			if err != nil {
				done <- fmt.Errorf("%w: %w", ErrNotReached, err)
				return
			}
			_, err = f.Write(paper)
			done <- errors.Join(err, f.Close())
		}()
		timer := time.NewTimer(sendPatience)
		defer timer.Stop()
		select {
		case err := <-done:
			return err
		case <-timer.C:
			return fmt.Errorf("%s takes nothing: %w", path, context.DeadlineExceeded)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// queue gives a paper to CUPS, which keeps it until the printer takes it.
func queue(name string) Port {
	return func(ctx context.Context, paper []byte) error {
		ctx, cancel := context.WithTimeout(ctx, sendPatience)
		defer cancel()
		lp := exec.CommandContext(ctx, "lp", "-d", name, "-o", "raw") //nolint:gosec // the name is from the settings, and no shell reads it
		lp.Stdin = bytes.NewReader(paper)
		lp.WaitDelay = time.Second
		switch out, err := lp.CombinedOutput(); {
		case errors.Is(err, exec.ErrNotFound):
			return fmt.Errorf("%w: %w", ErrNotReached, err)
		case ctx.Err() != nil:
			return fmt.Errorf("lp: %w", ctx.Err())
		case err != nil: // lp says no before it takes anything
			return fmt.Errorf("%w: lp: %w: %.200q", ErrNotReached, err, out)
		}
		return nil
	}
}
