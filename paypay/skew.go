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

// learn takes the Date header of an answer to a request sent at sent, and tells
// what it alone says of the clocks: false when there was none.
func (c *clock) learn(h http.Header, sent, received time.Time) (time.Duration, bool) {
	if h.Get("Age") != "" {
		return 0, false // A cache answered, with the time of an earlier answer.
	}
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return 0, false
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
	return sample, true
}

// skew is the median of the samples, so that one wrong header or one slow call
// does not move it.
func (c *clock) skew() (time.Duration, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.median()
}

// atLeast is the least of the samples.
func (c *clock) atLeast() (time.Duration, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.samples) == 0 {
		return 0, false
	}
	return slices.Min(c.samples), true
}

func (c *clock) median() (time.Duration, bool) {
	if len(c.samples) == 0 {
		return 0, false
	}
	s := slices.Sorted(slices.Values(c.samples))
	return s[len(s)/2], true
}

// stamp is by how much our clock is corrected for a signature.
type stamp struct {
	offset time.Duration
	theirs bool // it is PayPay's clock, as far as we know it
	jumped bool // one answer alone says so: a clock may just have been set
}

// stamp is the correction that PayPay last accepted.
func (c *clock) stamp() stamp {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.theirs {
		return stamp{}
	}
	skew, _ := c.median()
	return stamp{offset: skew, theirs: true}
}

// other is another correction than one that was refused, if the clocks are so
// far apart that this may be why. The refusal's own Date comes first: after a
// clock has been set, the median of earlier answers is behind.
func (c *clock) other(refused stamp, a answer) (stamp, bool) {
	if a.dated && (a.skew-refused.offset).Abs() > suspectSkew {
		return stamp{offset: a.skew, theirs: a.skew.Abs() > suspectSkew, jumped: true}, true
	}
	skew, _ := c.skew()
	switch {
	case a.dated || skew.Abs() <= suspectSkew:
		return stamp{}, false
	case refused.theirs:
		return stamp{}, true
	}
	return stamp{offset: skew, theirs: true}, true
}

// accepted notes what PayPay has taken a signature by.
func (c *clock) accepted(s stamp) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.theirs = s.theirs
	if s.jumped {
		c.samples = append(c.samples[:0], s.offset)
	}
}
