package pos_test

import (
	"net/http/httptest"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"example.jp/reji/paypay"
	"example.jp/reji/paypay/simulator"
	"example.jp/reji/pos"
	"example.jp/reji/store"
)

// BenchmarkCharge is what the till adds to PayPay's own answer time: from the
// cashier's key, through the durable intent, signed HTTP over loopback and the
// durable answer, to the snapshot that a screen draws the code from.
func BenchmarkCharge(b *testing.B) {
	sim, err := simulator.New(simulator.Config{APIKey: "key", APISecret: "secret", MerchantID: "merchant"})
	if err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(sim)
	defer server.Close()
	credentials, err := paypay.NewCredentials("key", "secret", "merchant")
	if err != nil {
		b.Fatal(err)
	}
	client, err := paypay.New(credentials, paypay.WithBaseURL(server.URL))
	if err != nil {
		b.Fatal(err)
	}
	journal, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "journal", "journal.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = journal.Close() }()
	register, err := pos.Open(b.Context(), client, journal, pos.Options{
		Register: "R1", Shop: "shop", Poll: poll, Calendar: pos.Calendar{Zone: time.UTC},
	})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = register.Close() }()

	var took []time.Duration
	for b.Loop() {
		start := time.Now()
		s, err := register.Charge(b.Context(), pos.NewOrder(pos.Line{Unit: 500, Quantity: 1, Rate: pos.Standard}), pos.Terms{Anyway: true})
		if err != nil {
			b.Fatal(err)
		}
		for now, _ := register.Sale(s.ID); now.Sale.Last().State != pos.Live; now, _ = register.Sale(s.ID) {
			<-register.Changes()
		}
		took = append(took, time.Since(start))
		b.StopTimer() // the code is shut, so that watchers do not pile up
		if err := register.GiveUp(b.Context(), s.ID); err != nil {
			b.Fatal(err)
		}
		for now, _ := register.Sale(s.ID); now.Sale.Last().State == pos.Closing; now, _ = register.Sale(s.ID) {
			<-register.Changes()
		}
		if err := register.MoveOn(b.Context(), s.ID, pos.Unpaid); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

// BenchmarkApply is one step of the transition function.
func BenchmarkApply(b *testing.B) {
	order := pos.NewOrder(pos.Line{Unit: 500, Quantity: 1, Rate: pos.Standard})
	totals, err := order.Totals()
	if err != nil {
		b.Fatal(err)
	}
	sale, err := pos.Sale{}.Apply(pos.Event{
		Kind: pos.Charged, Sale: "s", Attempt: "s-1", Charge: &pos.Charge{Number: 1, Order: order, Totals: totals},
	})
	if err != nil {
		b.Fatal(err)
	}
	event := pos.Event{Kind: pos.Coded, Sale: "s", Attempt: "s-1", Code: &pos.NewCode{CodeID: "04-a", URL: "u", ExpiresAt: 1}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := sale.Apply(event); err != nil {
			b.Fatal(err)
		}
	}
}
