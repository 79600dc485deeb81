package paypay_test

import (
	"context"
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

// newStand makes a stand on a network in memory. End ends it.
func newStand(c simulator.Config, opts ...paypay.Option) (s *stand, end func(), err error) {
	sim, err := simulator.New(c)
	if err != nil {
		return nil, nil, err
	}
	pipes := paypay.NewPipes()
	s = &stand{sim: sim}
	if s.keys, err = paypay.NewCredentials(c.APIKey, c.APISecret, c.MerchantID); err != nil {
		return nil, nil, err
	}
	tr := &http.Transport{DialContext: pipes.Dial, MaxIdleConnsPerHost: 100}
	opts = append([]paypay.Option{
		paypay.WithBaseURL("http://localhost"), paypay.WithTries(1), paypay.WithTrace(s.note),
		paypay.WithHTTPClient(&http.Client{Transport: tr}),
	}, opts...)
	if s.Client, err = paypay.New(s.keys, opts...); err != nil {
		return nil, nil, err
	}
	srv := &http.Server{Handler: sim, ReadHeaderTimeout: time.Hour}
	go func() { _ = srv.Serve(pipes) }()
	return s, func() { tr.CloseIdleConnections(); _ = srv.Close() }, nil
}

// standInBubble is newStand for a test in virtual time.
func standInBubble(t *testing.T, change func(*simulator.Config)) *stand {
	t.Helper()
	c := standConfig()
	if change != nil {
		change(&c)
	}
	s, end, err := newStand(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(end)
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
