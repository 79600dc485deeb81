package pos_test

import (
	"slices"
	"time"

	"example.jp/reji/paypay/simulator"
)

// dice decide what is left to chance in a simulation. Each decision is a hash
// of the seed, of what is decided and of how often that was decided before, so
// that none depends on the order in which goroutines run.
type dice uint64

func (d dice) roll(n int, words ...string) uint64 {
	const prime = 1099511628211
	h := uint64(14695981039346656037)
	for _, w := range words {
		for i := range len(w) {
			h = (h ^ uint64(w[i])) * prime
		}
		h = (h ^ 0xff) * prime
	}
	h ^= uint64(d)*0x9e3779b97f4a7c15 + uint64(n)*0xd1342543de82ef95 //nolint:gosec // the bits as they are
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// chance is true with a probability.
func (d dice) chance(p float64, n int, words ...string) bool {
	return d.share(n, words...) < p
}

// share is a number from 0 to 1.
func (d dice) share(n int, words ...string) float64 {
	return float64(d.roll(n, words...)>>11) / (1 << 53)
}

// below is a number from 0 to limit-1.
func (d dice) below(limit, n int, words ...string) int {
	return int(d.roll(n, words...) % uint64(limit)) //nolint:gosec // below the limit
}

// between is a duration, to the nanosecond, so that hardly any two things
// happen at one moment.
func (d dice) between(low, high time.Duration, n int, words ...string) time.Duration {
	return low + time.Duration(d.roll(n, words...)%uint64(high-low+1)) //nolint:gosec // below the difference
}

func one[T any](d dice, of []T, n int, words ...string) T {
	return of[d.below(len(of), n, words...)]
}

// class is a class of faults that is on or off for a whole seed: a mix of all
// would hide the pairs that break a till.
type class string

const (
	unreached class = "unreached" // no connection is made
	before    class = "before"    // the request is lost
	after     class = "after"     // the answer is lost
	cut       class = "cut"       // the answer ends too soon
	garbled   class = "garbled"   // the answer makes no sense
	busy      class = "busy"      // 429
	keys      class = "keys"      // 401
	lagging   class = "lagging"   // a look-up answered from a moment ago
	lying     class = "lying"     // another id or amount
	strange   class = "strange"   // a status that no document names
	dates     class = "dates"     // Date headers that are wrong or missing
	delayed   class = "delayed"   // not answered, and done later
	racing    class = "racing"    // the customer pays while the code is deleted
	panicking class = "panicking" // the till's own fault, after an answer
	outages   class = "outages"   // minutes without a network, hours of maintenance, an hour of refused keys
	failing   class = "failing"   // the journal cannot be written
	stepping  class = "stepping"  // the till's clock is set
	crashing  class = "crashing"  // the till is killed
	deadline  class = "deadline"  // work is done around 00:15 in Japan
	restoring class = "restoring" // an older copy of the journal is put in its place
	refusing  class = "refusing"  // PayPay refuses to give back, take or let go what it could
	meddling  class = "meddling"  // somebody gives money back in PayPay's own tools
)

// perCall are the classes of which at most one happens to a call.
var perCall = []class{unreached, before, after, cut, garbled, busy, keys, lagging, lying, strange, dates, delayed, racing, panicking, refusing}

// swarm is what one seed is like.
type swarm struct {
	dice  dice
	rates map[class]float64 // of those that are on
	crash float64           // of each step

	parallel int           // sales at once; 1 repeats exactly
	poll     time.Duration // of the till
	begins   time.Duration // after midnight, UTC
	skew     time.Duration // PayPay's clock minus the till's
	zone     *time.Location
	config   simulator.Config
}

// repeats reports whether a seed makes the same journal each time, because its
// customers are served one after another.
func repeats(seed uint64) bool { return seed%4 != 3 }

func newSwarm(seed uint64) swarm {
	d := dice(seed)
	s := swarm{dice: d, rates: map[class]float64{}, parallel: 1}
	sum := 0.0
	for _, c := range append(slices.Clone(perCall), outages, failing, stepping, deadline, meddling, restoring) {
		if d.chance(0.7, 0, "class", string(c)) {
			continue
		}
		s.rates[c] = 0.01 + 0.39*d.share(0, "rate", string(c))*d.share(1, "rate", string(c))
		if slices.Contains(perCall, c) {
			sum += s.rates[c]
		}
	}
	for _, c := range perCall { // or no call would ever work
		s.rates[c] *= min(1, 0.45/max(sum, 0.01))
	}
	if d.chance(0.5, 0, "class", string(crashing)) {
		s.crash = 0.03 * d.share(0, "crash") * d.share(1, "crash")
	}
	if !repeats(seed) {
		s.parallel = 2 + d.below(3, 0, "parallel")
	}
	s.poll = one(d, []time.Duration{3 * time.Second, 5 * time.Second, 10 * time.Second, 10 * time.Second, 20 * time.Second, 20 * time.Second}, 0, "poll")
	s.begins = d.between(0, 24*time.Hour, 0, "begins")
	s.skew = d.between(-10*time.Minute, 10*time.Minute, 0, "skew")
	if s.rates[deadline] > 0 { // 00:15 in Japan is 15:15 UTC; PayPay's clock counts
		s.poll = min(s.poll, 5*time.Second) // so that it asks again before a cancel is done
		// Until 00:00 what is paid belongs to the day whose cancels end then.
		s.begins = 15*time.Hour + 15*time.Minute - s.skew - d.between(15*time.Minute, 40*time.Minute, 1, "begins")
	}
	s.zone = one(d, []*time.Location{time.UTC, time.FixedZone("JST", 9*3600), time.FixedZone("EST", -5*3600)}, 0, "zone")
	s.config = simulator.Config{
		APIKey: "key", APISecret: "secret", MerchantID: "merchant", PublicURL: "http://pay.example", Seed: seed,
		GoneAnswer:         one(d, []simulator.GoneAnswer{simulator.NotFound400, simulator.NotFound404, simulator.Created200}, 0, "gone"),
		PaidDelete:         one(d, []simulator.PaidDelete{simulator.AlreadyPaid400, simulator.PaidNotFound404}, 0, "paid delete"),
		DeleteRace:         one(d, []simulator.DeleteRace{simulator.PaymentWins, simulator.DeleteWins}, 0, "race"),
		CancelDelay:        one(d, []time.Duration{time.Nanosecond, time.Second, 8 * time.Second}, 0, "cancel delay"),
		RefundHTTPStatus:   one(d, []int{200, 201}, 0, "refund status"),
		RefundAtOnce:       d.chance(0.2, 0, "refund at once"),
		RefundDelay:        one(d, []time.Duration{time.Second, 10 * time.Second, 20 * time.Minute, 10 * time.Hour}, 0, "refund delay"),
		SingleRefund:       d.chance(0.15, 0, "single refund"),
		PartialRefund:      one(d, []simulator.PartialRefund{simulator.PartialCompleted, simulator.PartialRefunded}, 0, "partial refund"),
		SimilarCodeFails:   d.chance(0.1, 0, "similar code"),
		Capture:            one(d, []simulator.CaptureContract{simulator.CaptureAllowed, simulator.CaptureAllowed, simulator.CaptureAllowed, simulator.CaptureUnsupported400}, 0, "capture"),
		AuthorizationLimit: one(d, []time.Duration{10 * time.Minute, 3 * time.Hour, 26 * time.Hour}, 0, "hold"),
		NoHigherCapture:    d.chance(0.1, 0, "higher capture"),
		TooCloseToExpiry:   time.Minute,
		CaptureDelay:       one(d, []time.Duration{time.Second, 9 * time.Second}, 0, "capture delay"),
	}
	if s.rates[deadline] > 0 {
		s.config.CancelDelay = max(s.config.CancelDelay, 8*time.Second) // so that it is asked for again before it is done
	}
	return s
}

// fault is what happens to a call: a class, and where the simulated PayPay is
// to do it, how. recent says that something has happened to the payment
// within the last few seconds, which is what a look-up may not know yet.
func (s swarm) fault(op simulator.Operation, about string, n int, recent bool) (class, simulator.Fault, bool) {
	if late := op == simulator.OpCancelPayment && s.rates[deadline] > 0 || op == simulator.OpRevert && s.rates[after] > 0; late && s.dice.chance(0.5, n, "answered too late", about) {
		return after, simulator.Fault{Operation: op, Kind: simulator.DropAfter, Times: 1}, true // done in time, and refused when it is asked for again
	}
	if s.rates[refusing] > 0 && op == simulator.OpCreateRefund && s.dice.chance(0.4, n, "in doubt", about) {
		c := []class{delayed, refusing}[n%2] // refused after a try that is not answered
		f := s.spell(c, op, about, n)
		f.Operation, f.Times = op, 1
		return c, f, true
	}
	if recent && s.rates[lagging] > 0 && slices.Contains(looked, op) && s.dice.chance(0.6, n, "lags", about) {
		f := s.spell(lagging, op, about, n) // of what has just happened a copy knows nothing
		f.Operation, f.Times = op, 1
		return lagging, f, true
	}
	p := s.dice.share(n, "fault", string(op), about)
	if slices.Contains(modifying, op) {
		p /= 1.8 // they are few, and what goes wrong with one is what this is about
	}
	for _, c := range perCall {
		if p -= s.rates[c]; p >= 0 {
			continue
		}
		f := s.spell(c, op, about, n)
		f.Operation, f.Times = op, 1
		switch {
		case c == unreached, c == panicking:
			return c, simulator.Fault{}, true
		case c == lagging && !recent, f.Kind == "", !canHappen(f.Kind, op):
			return "", simulator.Fault{}, false
		}
		return c, f, true
	}
	return "", simulator.Fault{}, false
}

var (
	named  = []simulator.Operation{simulator.OpCreateCode, simulator.OpCodePayment, simulator.OpCapture, simulator.OpCreateRefund, simulator.OpRefund}
	stated = []simulator.Operation{
		simulator.OpDeleteCode, simulator.OpCodePayment, simulator.OpCapture, simulator.OpRevert, simulator.OpCreateRefund, simulator.OpRefund,
	}
	looked    = []simulator.Operation{simulator.OpCodePayment, simulator.OpRefund}
	modifying = []simulator.Operation{simulator.OpCancelPayment, simulator.OpCreateRefund, simulator.OpRevert, simulator.OpCapture}
)

func canHappen(k simulator.Kind, op simulator.Operation) bool {
	switch k {
	case simulator.WrongAmount, simulator.WrongCurrency:
		return slices.Contains(named, op)
	case simulator.WrongID:
		return op == simulator.OpRevert || slices.Contains(named, op)
	case simulator.UnknownStatus:
		return slices.Contains(stated, op)
	case simulator.Stale, simulator.NotFound, simulator.Cached:
		return slices.Contains(looked, op)
	case simulator.Late:
		return !slices.Contains(looked, op)
	case simulator.PayDuring:
		return op == simulator.OpDeleteCode
	default:
		return true
	}
}

func (s swarm) spell(c class, op simulator.Operation, about string, n int) simulator.Fault {
	d, in := s.dice, []string{"spell", string(c), string(op), about}
	internal := one(d, []simulator.Fault{
		{Status: 500, Code: "INTERNAL_SERVER_ERROR"},
		{Status: 500, Code: "SERVICE_ERROR", CodeID: "08100026"},
		{Status: 502, Code: "BAD_GATEWAY"},
		{Status: 503, Code: "MAINTENANCE_MODE", CodeID: "08100999"},
		{Status: 504, Code: "TIMEOUT"},
	}, n, in...)
	slow := d.between(time.Second, 60*time.Second, n, in...)
	with := func(k simulator.Kind) simulator.Fault {
		internal.Kind = k
		return internal
	}
	switch c {
	case before:
		return one(d, []simulator.Fault{
			{Kind: simulator.DropBefore},
			{Kind: simulator.DelayBefore, Delay: slow},
			with(simulator.StatusBefore),
			{Kind: simulator.HTMLBefore},
			{Kind: simulator.HTMLBefore, Status: 502},
			{Kind: simulator.Redirect},
			{Kind: simulator.Maintenance},
		}, n, in...)
	case after:
		return one(d, []simulator.Fault{
			{Kind: simulator.DropAfter},
			{Kind: simulator.DelayAfter, Delay: slow},
			with(simulator.StatusAfter),
			{Kind: simulator.HTMLAfter},
			{Kind: simulator.HTMLAfter, Status: 200},
		}, n, in...)
	case cut:
		return one(d, []simulator.Fault{{Kind: simulator.Truncated}, {Kind: simulator.WrongLength}, {Kind: simulator.SlowBody, Delay: 10 * time.Second}}, n, in...)
	case garbled:
		return simulator.Fault{Kind: one(d, []simulator.Kind{
			simulator.Garbage, simulator.EmptyBody, simulator.NullBody, simulator.NoResult, simulator.WrongTypes, simulator.ByteOrderMark,
			simulator.TrailingText, simulator.DuplicateKey, simulator.OtherCase,
		}, n, in...)}
	case busy:
		return simulator.Fault{Kind: simulator.RateLimit, RetryAfter: one(d, []time.Duration{0, 3 * time.Second, 20 * time.Second, time.Minute}, n, in...)}
	case keys:
		return simulator.Fault{Kind: simulator.Unauthorized}
	case lagging:
		return simulator.Fault{Kind: one(d, []simulator.Kind{simulator.Stale, simulator.NotFound, simulator.Cached}, n, in...)}
	case lying:
		return simulator.Fault{Kind: one(d, []simulator.Kind{simulator.WrongAmount, simulator.WrongCurrency, simulator.WrongID}, n, in...)}
	case strange:
		return simulator.Fault{Kind: simulator.UnknownStatus}
	case dates:
		if d.chance(0.3, n, "no date", about) {
			return simulator.Fault{Kind: simulator.NoDate}
		}
		return simulator.Fault{Kind: simulator.WrongDate, Skew: d.between(-5*time.Hour, 5*time.Hour, n, in...)}
	case delayed:
		late := 25 * time.Second
		if op == simulator.OpCreateRefund && d.chance(0.5, n, "much later", about) {
			late = one(d, []time.Duration{2 * time.Minute, time.Hour, 8 * time.Hour}, n, "later", about)
		}
		return simulator.Fault{Kind: simulator.Late, Delay: d.between(time.Millisecond, late, n, in...)}
	case racing:
		return simulator.Fault{Kind: simulator.PayDuring}
	case refusing:
		switch op { //nolint:exhaustive // what moves money that is there
		case simulator.OpCreateRefund, simulator.OpCancelPayment, simulator.OpCapture, simulator.OpRevert:
			return simulator.Fault{Kind: simulator.StatusBefore, Status: 400, Code: "INVALID_PARAMS"}
		}
		return simulator.Fault{}
	default:
		return simulator.Fault{}
	}
}

// down is how the network is at a moment, by the clock alone: fine, gone, or
// with a PayPay that answers everything in one way.
func (s swarm) down(at time.Time) (class, simulator.Fault, bool) {
	if s.rates[outages] == 0 {
		return "", simulator.Fault{}, false
	}
	within := func(what string, every, least, most time.Duration, p float64) bool {
		i := int(at.UnixNano() / int64(every))
		from := time.Unix(0, int64(i)*int64(every))
		return s.dice.chance(p, i, "outage", what) && at.Sub(from) < s.dice.between(least, most, i, "length", what)
	}
	switch {
	case within("network", 10*time.Minute, 5*time.Second, 4*time.Minute, 3*s.rates[outages]):
		return unreached, simulator.Fault{}, true
	case within("line", 3*time.Hour, 5*time.Minute, 50*time.Minute, s.rates[outages]):
		return unreached, simulator.Fault{}, true
	case within("maintenance", 4*time.Hour, time.Minute, 2*time.Hour, s.rates[outages]):
		return before, simulator.Fault{Kind: simulator.Maintenance, Times: 1}, true
	case within("keys", 3*time.Hour, time.Minute, time.Hour, s.rates[outages]):
		return keys, simulator.Fault{Kind: simulator.Unauthorized, Times: 1}, true
	}
	return "", simulator.Fault{}, false
}
