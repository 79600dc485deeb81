package store

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	benchSales = flag.Int("store.sales", 20_000, "how many sales the benchmarks' journal holds")
	benchKeep  = flag.String("store.keep", "", "where BenchmarkOpen leaves its journal, for benchmarks of the program")
)

// big makes a journal of many sales, a thousand a day, in one transaction.
func big(b *testing.B) *DB {
	b.Helper()
	db := mustOpen(b, journalPath(b))
	fillFast(b, db, *benchSales, func(number int64) Change {
		c := saleChange(number)
		c.Sale.Day = benchDay(number - 1)
		c.Sale.Pending = false
		return c
	})
	if err := db.Checkpoint(b.Context()); err != nil {
		b.Fatal(err)
	}
	return db
}

func benchDay(number int64) string {
	return noon.AddDate(0, 0, int(number/1000)).Format(time.DateOnly)
}

// BenchmarkAppend times a whole durable append against the least that any
// durable write costs here, a bare append of 4 KiB and fsync, turn by turn.
func BenchmarkAppend(b *testing.B) {
	db := big(b)
	bare, err := os.Create(filepath.Join(b.TempDir(), "bare"))
	if err != nil {
		b.Fatal(err)
	}
	defer bare.Close() //nolint:errcheck // a benchmark's own
	block := make([]byte, 4096)
	body := []byte(`{"note":"` + strings.Repeat("x", 300) + `"}`)
	var ours, floor []time.Duration
	number := int64(*benchSales)
	for b.Loop() {
		number++
		c := saleChange(number)
		c.Entry.Body = body
		start := time.Now()
		if _, err := db.Append(b.Context(), c); err != nil {
			b.Fatal(err)
		}
		ours = append(ours, time.Since(start))
		start = time.Now()
		if _, err := bare.Write(block); err != nil {
			b.Fatal(err)
		}
		if err := bare.Sync(); err != nil {
			b.Fatal(err)
		}
		floor = append(floor, time.Since(start))
		if number%100 == 0 { // the idle loop's work
			if err := db.Checkpoint(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(0, "ns/op") // of both together, and so of nothing
	for _, p := range []int{50, 99} {
		o, f := percentile(ours, p), percentile(floor, p)
		b.ReportMetric(float64(o.Microseconds()), fmt.Sprintf("p%d-µs", p))
		b.ReportMetric(float64(o)/float64(f), fmt.Sprintf("p%d-times-bare", p))
	}
}

func percentile(d []time.Duration, p int) time.Duration {
	slices.Sort(d)
	return d[min(len(d)*p/100, len(d)-1)]
}

// BenchmarkDay lists and searches a day of a thousand sales.
func BenchmarkDay(b *testing.B) {
	db := big(b)
	for name, q := range map[string]Query{
		"page":   {},
		"all":    {Limit: 1000},
		"search": {Limit: 1000, Search: "梅 r-0"},
	} {
		q.Day = benchDay(int64(*benchSales) / 2)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				sales, err := db.Sales(b.Context(), q)
				if err != nil || len(sales) == 0 {
					b.Fatal(len(sales), err)
				}
			}
		})
	}
}

// BenchmarkOpen is what a start of the till costs here.
func BenchmarkOpen(b *testing.B) {
	db := big(b)
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		db, err := Open(b.Context(), db.path)
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	if *benchKeep != "" {
		for _, end := range []string{"", ".anchor"} { // without its anchor it would be a copy
			if err := os.Link(db.path+end, *benchKeep+end); err != nil {
				b.Fatal(err)
			}
		}
	}
}
