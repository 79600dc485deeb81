package pos_test

import (
	"flag"
	"fmt"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

var simHistories = flag.Int("sim.histories", 2, "how many histories are killed at each of their steps")

// TestCrashEverywhere lives through one history again and again, and kills the
// till at another step each time: before and after each write to the journal
// and each call, until there is no such step any more.
func TestCrashEverywhere(t *testing.T) {
	t.Parallel()
	steps := 0
	for h := range *simHistories {
		seed := *simSeed + uint64(h)
		folder, err := os.MkdirTemp(memory(), "reji-crash-") //nolint:usetesting // on a disk of memory
		if err != nil {
			t.Fatal(err)
		}
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, eventful(seed), folder)
			w.work.Go(w.run)
			wait(time.Millisecond)
			steps += w.everywhere(fmt.Sprintf("h%d", seed))
			if t.Failed() {
				t.Logf("replay: go test ./pos -run TestCrashEverywhere -sim.histories=1 -sim.seed=%d", seed)
			}
		})
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("%d histories, killed at %d steps", *simHistories, steps)
	if steps < 20**simHistories {
		t.Errorf("only %d steps", steps)
	}
}

// eventful is a seed whose histories are killed by plan and not by chance.
func eventful(seed uint64) swarm {
	s := newSwarm(seed)
	s.parallel = 1
	for _, c := range []class{failing, stepping, deadline, outages, meddling} {
		s.rates[c] = 0
	}
	s.config.AuthorizationLimit = 3 * time.Hour
	s.config.RefundDelay = 10 * time.Second
	return s
}

// everywhere lives through a history and comes to rest, killed at the first
// step, at the second and so on, until it ends before that.
func (w *world) everywhere(name string) int {
	for at := 1; ; at++ {
		w.mu.Lock()
		w.step0, w.killAt, w.killed = 0, at, false
		clear(w.counts) // the same story once more
		w.mu.Unlock()
		w.calm.Store(false)
		w.offset.Store(0)
		w.sell(fmt.Sprintf("%srun%d", name, at))
		w.settle()
		w.mu.Lock()
		killed := w.killed
		w.mu.Unlock()
		if !killed || w.Failed() {
			w.finish()
			return at - 1
		}
	}
}
