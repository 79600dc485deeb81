package paypay

import (
	"net/http"
	"slices"
	"sync"
	"time"
)

const (
	// maxSkew bounds the estimate. A clock may well be wrong by a time zone;
	// one that is wrong by more has to be set by a person in any case.
	maxSkew = 24 * time.Hour
	// suspectSkew is when the clock may be why PayPay refused a signature. It
	// refuses at 2 minutes; half of that leaves room for the estimate's error.
	suspectSkew = time.Minute
	// skewSamples is how many answers the estimate looks back on.
	skewSamples = 5
)

// clock tells the time to sign with.
type clock struct {
	mu      sync.Mutex
	samples []time.Duration // PayPay's clock minus ours, oldest first
	theirs  bool            // PayPay last took a signature by its clock, not by ours
}

// learn takes the Date header of an answer to a request sent at sent.
func (c *clock) learn(h http.Header, sent, received time.Time) {
	if h.Get("Age") != "" {
		return // A cache answered, with the time of an earlier answer.
	}
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return
	}
	// The header drops the fraction of a second: half of one on average.
	date = date.Add(500 * time.Millisecond)
	ours := sent.Add(received.Sub(sent) / 2)
	sample := min(max(date.Sub(ours), -maxSkew), maxSkew)

	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.samples) == skewSamples {
		c.samples = c.samples[1:]
	}
	c.samples = append(c.samples, sample)
}

// skew is the median of the samples, so that one wrong header or one slow call
// does not move it.
func (c *clock) skew() (time.Duration, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.median()
}

func (c *clock) median() (time.Duration, bool) {
	if len(c.samples) == 0 {
		return 0, false
	}
	s := slices.Sorted(slices.Values(c.samples))
	return s[len(s)/2], true
}

// suspect reports whether the clocks are so far apart that this may be why a
// signature was refused.
func (c *clock) suspect() bool {
	skew, _ := c.skew()
	return skew.Abs() > suspectSkew
}

// epoch is now for a signature, by the clock that PayPay last accepted or by
// the other one.
func (c *clock) epoch(other bool) (seconds int64, theirs bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	theirs = c.theirs != other
	now := time.Now()
	if theirs {
		skew, _ := c.median()
		now = now.Add(skew)
	}
	return now.Unix(), theirs
}

// accepted notes whose clock the signature that PayPay took was by.
func (c *clock) accepted(theirs bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.theirs = theirs
}
