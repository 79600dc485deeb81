package ui_test

import (
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A journal of a million sales is made by the benchmarks of package store,
// which see to it that no sale in it waits for anything.
var programJournal = flag.String("program.journal", "", "the journal that the benchmarked program starts with; empty for a new one")

// busyHome is the home of a till with 100,000 goods, and with the journal of
// the flag.
func busyHome(b *testing.B) (home, catalog string) {
	b.Helper()
	home = b.TempDir()
	var csv strings.Builder
	csv.WriteString("code,barcode,name,name_en,category,price,tax\n")
	for i := range 100_000 {
		fmt.Fprintf(&csv, "%06d,29%011d,商品その%d,goods number %d,food,%d,reduced\n", i, i, i, i, 100+i%1000)
	}
	catalog = filepath.Join(home, "goods.csv")
	if err := os.WriteFile(catalog, []byte(csv.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	if *programJournal == "" {
		return home, catalog
	}
	folder := filepath.Join(home, ".local/share/reji/training")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		b.Fatal(err)
	}
	for _, end := range []string{"", ".anchor"} {
		copyFile(b, *programJournal+end, filepath.Join(folder, "journal.db"+end))
	}
	return home, catalog
}

func copyFile(b *testing.B, from, to string) {
	b.Helper()
	in, err := os.Open(from)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = in.Close() }()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		b.Fatal(err)
	}
	if err := out.Close(); err != nil {
		b.Fatal(err)
	}
}

// percentiles reports how long it took, but for what b itself measures, which
// has the pauses in it.
func percentiles(b *testing.B, took []time.Duration) {
	b.Helper()
	b.ReportMetric(0, "ns/op")
	slices.Sort(took)
	for _, p := range []int{50, 99} {
		ms := float64(took[min(len(took)*p/100, len(took)-1)].Microseconds()) / 1000
		b.ReportMetric(ms, fmt.Sprintf("p%d-ms", p))
	}
}

// BenchmarkProgram_key is the time from a key to the first byte of what it
// changes on the screen.
func BenchmarkProgram_key(b *testing.B) {
	home, catalog := busyHome(b)
	till := build(b).open(b, home, "REJI_CATALOG="+catalog)
	till.await("TRAINING", soon)
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		// No scanner's speed, and at every moment of a frame.
		<-time.After(60*time.Millisecond + rand.N(9*time.Millisecond))
		select {
		case <-till.drawn:
		default:
		}
		start := time.Now()
		if _, err := till.tty.WriteString([]string{"1", "\x7f"}[i%2]); err != nil {
			b.Fatal(err)
		}
		<-till.drawn
		took = append(took, time.Since(start))
	}
	percentiles(b, took)
}

// BenchmarkProgram_start is the time from the start of the process to its first
// frame, in a terminal that answers no question.
func BenchmarkProgram_start(b *testing.B) {
	for _, c := range []struct {
		name  string
		goods bool
	}{{"goods=40", false}, {"goods=100000", true}} {
		b.Run(c.name, func(b *testing.B) {
			p := build(b)
			home, catalog := busyHome(b)
			var env []string
			if c.goods {
				env = append(env, "REJI_CATALOG="+catalog)
			}
			var took []time.Duration
			for b.Loop() {
				start := time.Now()
				till := p.open(b, home, env...)
				till.await("TRAINING", soon)
				took = append(took, time.Since(start))
				till.kill()
			}
			percentiles(b, took)
		})
	}
}

// BenchmarkProgram_code is the time from F9 to the code on the screen, with a
// PayPay that answers at once.
func BenchmarkProgram_code(b *testing.B) {
	home, catalog := busyHome(b)
	till := build(b).open(b, home, "REJI_CATALOG="+catalog)
	till.await("TRAINING", soon)
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		till.press(strconv.Itoa(i%9+1), "0", "0", "Enter")
		till.await("Total.*", soon)
		<-time.After(pace)
		start := time.Now()
		if _, err := till.tty.WriteString("\x1b[20~"); err != nil {
			b.Fatal(err)
		}
		till.await("Waiting for payment", soon)
		took = append(took, time.Since(start))
		till.press("t")
		till.await("P A I D", soon)
		till.press("Enter")
		till.await("Ready for the next", soon)
	}
	percentiles(b, took)
}

// BenchmarkProgram_rest is what a till that nobody touches takes of the
// machine, a second at a time.
func BenchmarkProgram_rest(b *testing.B) {
	home, _ := busyHome(b)
	till := build(b).open(b, home)
	till.await("TRAINING", soon)
	<-time.After(pace)
	before, start := till.processor(), time.Now()
	for b.Loop() {
		<-time.After(time.Second)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(100*float64(till.processor()-before)/float64(time.Since(start)), "%-of-a-core")
	b.ReportMetric(till.memory(), "MB")
}

// processor is the time that the till has computed for.
func (l *till) processor() time.Duration {
	l.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", l.cmd.Process.Pid))
	if err != nil {
		l.Fatal(err)
	}
	_, after, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(after)
	var ticks time.Duration
	for _, f := range fields[11:13] {
		n, err := strconv.Atoi(f)
		if err != nil {
			l.Fatal(err)
		}
		ticks += time.Duration(n)
	}
	return ticks * 10 * time.Millisecond // 100 ticks a second, on every Linux
}

// memory is how much of the machine's memory the till has in hand, in MB.
func (l *till) memory() float64 {
	l.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", l.cmd.Process.Pid))
	if err != nil {
		l.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if kb, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(kb), " kB"))
			if err != nil {
				l.Fatal(err)
			}
			return float64(n) / 1024
		}
	}
	l.Fatal("no memory")
	return 0
}
