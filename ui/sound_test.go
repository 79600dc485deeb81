package ui

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.jp/reji/pos"
)

// ear remembers what was played.
type ear struct {
	lock  sync.Mutex
	heard []sound
}

func (e *ear) play(s sound) {
	e.lock.Lock()
	defer e.lock.Unlock()
	e.heard = append(e.heard, s)
}

// hears fails unless just these sounds were played since the last time.
func (l *testTill) hears(e *ear, want ...sound) {
	l.Helper()
	l.settle()
	e.lock.Lock()
	defer e.lock.Unlock()
	if diff := cmp.Diff(want, e.heard); diff != "" {
		l.Errorf("sounds (-want +got):\n%s", diff)
	}
	e.heard = nil
}

func TestSound_ofAPayment(t *testing.T) {
	t.Parallel()
	late := with(saleOf(pos.Paid), func(a *pos.Attempt) { a.Late = true })
	doubtful := with(saleOf(pos.Live), func(a *pos.Attempt) { a.Mismatch = true })
	for name, c := range map[string]struct {
		becomes pos.Sale
		want    []sound
		words   string
	}{
		"paid":      {saleOf(pos.Paid), []sound{soundPaid}, "P A I D"},
		"failed":    {saleOf(pos.Failed), []sound{soundFailed}, "Payment failed"},
		"refused":   {saleOf(pos.Refused), []sound{soundFailed}, "No code"},
		"lost":      {saleOf(pos.Lost), []sound{soundFailed}, "No code"},
		"expired":   {saleOf(pos.Expired), []sound{soundExpired}, "Time is over"},
		"late":      {late, []sound{soundAttention}, "Attention"},
		"mismatch":  {doubtful, []sound{soundAttention}, "does not fit"},
		"given up":  {saleOf(pos.Closed), nil, "Payment stopped"},
		"not known": {saleOf(pos.Unknown), nil, "Result not known yet"},
		"the same":  {saleOf(pos.Live), nil, "Waiting for payment"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inTill(t, "en", paying(saleOf(pos.Live)), func(l *testTill) {
				var e ear
				l.play = e.play
				l.pass(2 * time.Second)
				l.hears(&e) // nothing has happened
				l.becomes(c.becomes)
				l.hears(&e, c.want...)
				l.sees(c.words)
				l.pass(3 * time.Second)
				l.hears(&e) // once is enough
			})
		})
	}
}

// A payment that was left behind is not this customer's: it must not sound as
// if the one at the counter had paid.
func TestSound_notOfAPaymentElsewhere(t *testing.T) {
	t.Parallel()
	inTill(t, "en", &fake{sales: []pos.Snapshot{{Sale: saleOf(pos.Live)}}}, func(l *testTill) {
		var e ear
		l.play = e.play
		l.becomes(saleOf(pos.Paid))
		l.hears(&e)
		l.fake.status.Tasks = 1
		l.send(changedMsg{})
		l.hears(&e, soundAttention)
		l.sees("attention 1")
		l.fake.status.Tasks = 0
		l.send(changedMsg{})
		l.hears(&e)
	})
}

func TestSound_ofScansAndRefusals(t *testing.T) {
	t.Parallel()
	inTill(t, "en", &fake{}, func(l *testTill) {
		var e ear
		l.play = e.play
		item := l.catalog.Search("", 1)[0]
		if item.Barcode == "" {
			t.Fatal("the first item cannot be scanned")
		}
		l.scan(item.Barcode, "enter")
		l.hears(&e, soundScan)
		l.scan("2345678901234", "enter")
		l.hears(&e, soundRefused)
		l.text("480")
		l.press("enter")
		l.hears(&e)
		l.press("w")
		l.hears(&e, soundRefused)
	})
}

func TestBell_ringsTwiceWhenSomebodyHasToLook(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for s, want := range map[sound]string{
			soundPaid: "\a", soundScan: "\a", soundFailed: "\a\a", soundExpired: "\a\a", soundAttention: "\a\a", soundRefused: "\a\a",
		} {
			var out strings.Builder
			player(Bell, &out)(s)
			if out.String() != want {
				t.Errorf("%s: %q", s, out.String())
			}
		}
	})
}

func TestPlayer_none(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if player("", &out) != nil || player(Silent, &out) != nil || player(Bell, nil) != nil {
		t.Error("somebody plays")
	}
	if (env{}).sound(soundPaid) != nil {
		t.Error("without a player there is something to do")
	}
}

// script is a program that does what a shell's text says, in a folder.
func script(t *testing.T, text string) (path, dir string) {
	t.Helper()
	dir = t.TempDir()
	path = filepath.Join(dir, "play")
	if err := os.WriteFile(path, []byte("#!/bin/sh\ncd "+dir+"\n"+text+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return path, dir
}

func TestProgram_getsTheName(t *testing.T) {
	t.Parallel()
	path, dir := script(t, `echo "$# $1" >> heard`)
	play := program(path, playTime)
	play(soundPaid)
	play(soundExpired)
	heard, err := os.ReadFile(filepath.Join(dir, "heard"))
	if want := "1 paid\n1 expired\n"; err != nil || string(heard) != want {
		t.Errorf("%q, %v", heard, err)
	}
}

// playTime is more than a program for a sound needs.
const playTime = 20 * time.Second

func TestProgram_endsAtTheLimitWithWhatItStarted(t *testing.T) {
	t.Parallel()
	path, _ := script(t, "sleep 600 & sleep 600")
	begun := time.Now()
	program(path, 100*time.Millisecond)(soundPaid)
	if took := time.Since(begun); took > playTime {
		t.Errorf("it took %s", took)
	}
}

func TestProgram_oneOfAKindAtATime(t *testing.T) {
	t.Parallel()
	path, dir := script(t, `echo "$1" >> heard; mkfifo "$1" && read x < "$1"`)
	play := program(path, playTime)
	var all sync.WaitGroup
	all.Go(func() { play(soundFailed) })
	pipe := filepath.Join(dir, string(soundFailed))
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range tick.C {
		if _, err := os.Stat(pipe); err == nil {
			break // it plays
		}
	}
	play(soundFailed) // returns at once
	end, err := os.OpenFile(pipe, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_ = end.Close()
	all.Wait()
	heard, err := os.ReadFile(filepath.Join(dir, "heard"))
	if err != nil || string(heard) != "failed\n" {
		t.Errorf("%q, %v", heard, err)
	}
}

func TestProgram_thatIsNotThereIsSilent(t *testing.T) {
	t.Parallel()
	program(filepath.Join(t.TempDir(), "nothing"), playTime)(soundPaid)
}
