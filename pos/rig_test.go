package pos_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"example.jp/reji/paypay"
	"example.jp/reji/paypay/simulator"
	"example.jp/reji/pos"
	"example.jp/reji/store"
)

const poll = 3 * time.Second

// wire carries the client's requests to the simulator without a socket, so
// that the whole till runs on virtual time.
type wire struct {
	to     http.Handler
	broken atomic.Bool  // no connection can be made
	panics atomic.Int32 // how many of the next calls end in a panic, after they were answered
	sent   atomic.Int64 // calls, also those that change nothing
}

func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	trace := httptrace.ContextClientTrace(req.Context())
	if trace != nil && trace.GetConn != nil {
		trace.GetConn("simulator")
	}
	if w.broken.Load() {
		return nil, errors.New("connection refused")
	}
	if trace != nil && trace.GotConn != nil {
		trace.GotConn(httptrace.GotConnInfo{})
	}
	w.sent.Add(1)
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
	}
	in := httptest.NewRequestWithContext(req.Context(), req.Method, req.URL.String(), bytes.NewReader(body))
	in.Header = req.Header.Clone()
	out := httptest.NewRecorder()
	answered := make(chan bool, 1)
	go func() {
		defer func() { answered <- recover() == nil }()
		w.to.ServeHTTP(out, in)
	}()
	select {
	case ok := <-answered:
		if w.panics.Add(-1) >= 0 {
			panic("a fault of the till's own")
		}
		if !ok {
			return nil, io.ErrUnexpectedEOF
		}
		return out.Result(), nil
	case <-req.Context().Done():
		<-answered
		return nil, req.Context().Err()
	}
}

// rig is a whole till: register, journal and client, with a simulated PayPay.
type rig struct {
	*testing.T
	printer pos.Printer // given at the next start
	*pos.Register
	sim     *simulator.Simulator
	wire    *wire
	path    string
	journal *store.DB
	disk    disk
}

// disk is a journal whose writes can fail, before or after they have happened.
type disk struct {
	*store.DB
	skips atomic.Int32 // how many appends succeed first
	fails atomic.Int32 // how many appends fail then
	kept  atomic.Bool  // what failed is in the file all the same

	used     atomic.Bool  // next to nothing is left of the disk
	crashed  atomic.Bool  // it was found as a crash leaves it
	cutShort atomic.Int32 // how many checks are cut short from now on
}

func (d *disk) Unclean() bool { return d.crashed.Load() }

func (d *disk) Free() (int64, error) {
	if d.used.Load() {
		return 99 << 20, nil
	}
	return 1 << 30, nil
}

func (d *disk) Check(ctx context.Context) error {
	if d.cutShort.Add(-1) >= 0 {
		return errors.New("the journal was closed meanwhile")
	}
	return d.DB.Check(ctx)
}

func (d *disk) Append(ctx context.Context, c store.Change) (store.Entry, error) {
	if d.fails.Load() == 0 || d.skips.Add(-1) >= 0 {
		return d.DB.Append(ctx, c)
	}
	d.fails.Add(-1)
	if d.kept.Load() {
		if _, err := d.DB.Append(ctx, c); err != nil {
			return store.Entry{}, err
		}
	}
	return store.Entry{}, fmt.Errorf("%w: input/output error", store.ErrTrouble)
}

func newRig(t *testing.T, set ...func(*simulator.Config)) *rig {
	t.Helper()
	config := simulator.Config{APIKey: "key", APISecret: "secret", MerchantID: "merchant", PublicURL: "http://pay.example"}
	for _, f := range set {
		f(&config)
	}
	sim, err := simulator.New(config)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{T: t, sim: sim, wire: &wire{to: sim}, path: filepath.Join(t.TempDir(), "journal", "journal.db")}
	r.start()
	return r
}

func (r *rig) start(set ...func(*pos.Options)) {
	r.Helper()
	credentials, err := paypay.NewCredentials("key", "secret", "merchant")
	if err != nil {
		r.Fatal(err)
	}
	client, err := paypay.New(credentials, paypay.WithTries(1), paypay.WithBaseURL("https://paypay.example"), paypay.WithHTTPClient(&http.Client{Transport: r.wire}))
	if err != nil {
		r.Fatal(err)
	}
	if r.journal, err = store.Open(r.Context(), r.path); err != nil {
		r.Fatal(err)
	}
	r.disk.DB = r.journal
	o := pos.Options{
		Register: "R1", Shop: "茶屋", Poll: poll, Printer: r.printer,
		Calendar: pos.Calendar{Zone: time.FixedZone("JST", 9*3600), Starts: 5 * time.Hour},
		Log:      slog.New(slog.NewTextHandler(r.Output(), nil)),
	}
	for _, f := range set {
		f(&o)
	}
	r.Register, err = pos.Open(r.Context(), client, &r.disk, o)
	if err != nil {
		r.Fatal(err)
	}
}

// stop ends the till and checks that its journal says what its screens said.
func (r *rig) stop() {
	r.Helper()
	if err := r.Close(); err != nil {
		r.Error(err)
	}
	if _, err := pos.Verify(context.WithoutCancel(r.Context()), r.journal); err != nil {
		r.Error(err)
	}
	if _, err := r.journal.Verify(context.WithoutCancel(r.Context())); err != nil {
		r.Error(err)
	}
	if err := r.journal.Close(); err != nil {
		r.Error(err)
	}
}

func (r *rig) restart(set ...func(*pos.Options)) {
	r.Helper()
	r.stop()
	r.start(set...)
}

// tick lets so much time pass, and everything that happens in it come to rest.
func (r *rig) tick(d time.Duration) {
	time.Sleep(d) //nolint:forbidigo // virtual time: it passes at once, when all else is at rest
	synctest.Wait()
}

func (r *rig) charge(yen pos.Yen) pos.SaleID {
	r.Helper()
	s, err := r.Charge(r.Context(), pos.NewOrder(pos.Line{Unit: yen, Quantity: 1, Rate: pos.Standard}), pos.Terms{Anyway: true})
	if err != nil {
		r.Fatal(err)
	}
	synctest.Wait()
	return s.ID
}

func (r *rig) sale(id pos.SaleID) pos.Sale {
	r.Helper()
	s, _, err := r.History(r.Context(), id)
	if err != nil {
		r.Fatal(err)
	}
	live, ok := r.Sale(id)
	if ok && live.Sale.Standing() != s.Standing() { // perhaps it was just being written down
		synctest.Wait()
		if s, _, err = r.History(r.Context(), id); err != nil {
			r.Fatal(err)
		}
		live, ok = r.Sale(id)
	}
	if ok && live.Sale.Standing() != s.Standing() {
		r.Errorf("the screen says %s and the journal %s", live.Sale.Standing(), s.Standing())
	}
	return s
}

func (r *rig) is(id pos.SaleID, state pos.State, standing pos.Standing) {
	r.Helper()
	if s := r.sale(id); s.Last().State != state || s.Standing() != standing {
		r.Errorf("the attempt is %s and the sale %s; want %s and %s", s.Last().State, s.Standing(), state, standing)
	}
}

func (r *rig) fault(f simulator.Fault) {
	r.Helper()
	if err := r.sim.Fault(f); err != nil {
		r.Fatal(err)
	}
}

func (r *rig) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// calls counts the creates, deletes and cancels that reached PayPay.
func (r *rig) calls(op simulator.Operation) int {
	n := 0
	for _, c := range r.sim.State().Calls {
		if c.Operation == op {
			n++
		}
	}
	return n
}
