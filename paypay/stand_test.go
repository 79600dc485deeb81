package paypay_test

import (
	"context"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"example.jp/reji/paypay"
	"example.jp/reji/paypay/simulator"
)

// standSecret can sign tokens too.
const standSecret = "dGVzdC1zZWNyZXQ="

// stand is a client and the simulator it calls over HTTP, with what came of each
// request.
type stand struct {
	*paypay.Client

	sim  *simulator.Simulator
	keys paypay.Credentials

	mu    sync.Mutex
	tries []paypay.Try
}

// newStand makes a stand where calls go out through dial, and through the
// network of this machine where that is nil.
func newStand(c simulator.Config, base string, dial func(context.Context, string, string) (net.Conn, error)) (*stand, *http.Transport, error) {
	sim, err := simulator.New(c)
	if err != nil {
		return nil, nil, err
	}
	s := &stand{sim: sim}
	if s.keys, err = paypay.NewCredentials(c.APIKey, c.APISecret, c.MerchantID); err != nil {
		return nil, nil, err
	}
	tr := &http.Transport{DialContext: dial, MaxIdleConnsPerHost: 100}
	s.Client, err = paypay.New(s.keys, paypay.WithBaseURL(base), paypay.WithTries(1),
		paypay.WithHTTPClient(&http.Client{Transport: tr}), paypay.WithTrace(s.note))
	return s, tr, err
}

// standInBubble makes a stand on a network in memory and in virtual time.
func standInBubble(t *testing.T, change func(*simulator.Config)) *stand {
	t.Helper()
	c := standConfig()
	if change != nil {
		change(&c)
	}
	pipes := paypay.NewPipes()
	s, tr, err := newStand(c, "http://localhost", pipes.Dial)
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: s.sim, ReadHeaderTimeout: time.Hour}
	go func() { _ = srv.Serve(pipes) }()
	t.Cleanup(func() { _ = srv.Close() })
	t.Cleanup(tr.CloseIdleConnections)
	return s
}

// standConfig is a merchant who may hold money.
func standConfig() simulator.Config {
	return simulator.Config{
		APIKey: "key", APISecret: standSecret, MerchantID: "merchant", Capture: simulator.CaptureAllowed,
		Customers: []simulator.Customer{{ID: "ann", Phone: "08000001234", Balance: 1_000_000}},
	}
}

func (s *stand) note(_ context.Context, try paypay.Try) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tries = append(s.tries, try)
}

// last is the request that was made last.
func (s *stand) last() paypay.Try {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.tries) == 0 {
		return paypay.Try{}
	}
	return s.tries[len(s.tries)-1]
}

// wait lets time pass, in a bubble.
func (s *stand) wait(d time.Duration) { <-time.After(d) }
