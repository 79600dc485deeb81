package pos_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"example.jp/reji/paypay/simulator"
	"example.jp/reji/store"
)

// laws watch a till from outside, and know nothing of how it works: what
// arrives at PayPay, what is written into the journal, what the screen shows,
// and, as the truth, the simulated PayPay's own books. Of the journal they
// know the words.
type laws struct {
	broken func(format string, args ...any)
	truth  func() simulator.State
	poll   time.Duration

	mu       sync.Mutex
	entries  []written
	silent   bool             // what is taken up again was checked when it was written
	set      time.Time        // virtual, when the till's clock was set last
	intents  map[string]int64 // what may be asked of PayPay, and about how much
	coded    map[string]bool  // attempts whose code came, so that it was shown
	sales    map[string]store.Sale
	attempts map[string]store.Attempt
	moved    map[string]int64     // by attempt: what the journal says came, less what it says went
	news     []string             // sales that the screen has to show anew
	orders   map[string]int64     // what each order came to, by who made it
	since    map[string]time.Time // virtual, when each attempt was first written down

	ways    map[string]string      // by modification: cancel, refund, revert or capture
	sent    map[string]string      // by id: the body that it stood in
	watched map[string]*watch      // by attempt
	checks  map[string][]time.Time // by sale, when somebody has asked for a look at once
	due     map[string]time.Time
	life    int64

	// Of what needs a person, by attempt.
	became map[string]time.Time // virtual, when it came into its state
	late   map[string]bool      // it brought money after it had ended, and nobody has decided about that
	denied map[string]asked     // PayPay has refused this of what is held, and nobody has seen to it
	takes  map[string]bool      // what is held was to be taken, and nothing else was wanted of it since
	wishOf []*wish              // what customers are to get back
	asked  map[string]asked     // PayPay is asked for this, and has said nothing of it

	outside map[string]bool  // attempts with which somebody else has meddled
	gone    map[string]bool  // attempts that were lost with the journal's end
	marks   map[string]bool  // what follows the number of codes that were made since a gap which the journal knows of
	numbers map[int64]string // the sale that was given a receipt number
}

type written struct {
	store.Entry

	change store.Change
	at     time.Time // virtual
}

// watch is how PayPay was asked about one attempt.
type watch struct {
	life    int64 // of the till
	calls   []time.Time
	quiet   time.Time // PayPay wants no call until then
	refused time.Time // the last call found no connection
}

// said is what of an entry the laws look at.
type said struct {
	Charge *struct {
		Totals struct {
			Total int64 `json:"total"`
		} `json:"totals"`
		Order struct {
			ID    string `json:"id"`
			Lines []struct {
				Unit     int64 `json:"unit"`
				Quantity int64 `json:"quantity"`
			} `json:"lines"`
		} `json:"order"`
	} `json:"charge"`
	Request *struct {
		MerchantPaymentID string `json:"merchantPaymentId"`
		Amount            struct {
			Amount int64 `json:"amount"`
		} `json:"amount"`
	} `json:"request"`
	Modification *struct {
		ID     string `json:"id"`
		Claim  string `json:"claim"`
		Way    string `json:"way"`
		Amount int64  `json:"amount"`
	} `json:"modification"`
	Answer struct {
		Refunds []struct {
			ID     string `json:"id"`
			Status string `json:"status"`
		} `json:"refunds"`
	} `json:"answer"`
	Note string `json:"note"`
	Gap  *struct {
		Number int64 `json:"number"`
	} `json:"gap"`
	Found bool   `json:"found"`
	Try   int    `json:"try"`
	Done  string `json:"done"`
}

func newLaws(broken func(string, ...any), truth func() simulator.State, poll time.Duration) *laws {
	l := &laws{
		broken: broken, truth: truth, poll: poll,
		intents: map[string]int64{}, ways: map[string]string{}, sent: map[string]string{}, watched: map[string]*watch{}, checks: map[string][]time.Time{}, due: map[string]time.Time{},
		outside: map[string]bool{}, gone: map[string]bool{}, numbers: map[int64]string{},
	}
	l.forget()
	return l
}

// forget is what a journal without entries says.
func (l *laws) forget() {
	l.coded, l.sales, l.attempts = map[string]bool{}, map[string]store.Sale{}, map[string]store.Attempt{}
	l.moved, l.orders, l.since, l.news = map[string]int64{}, map[string]int64{}, map[string]time.Time{}, nil
	l.became, l.late, l.denied, l.asked = map[string]time.Time{}, map[string]bool{}, map[string]asked{}, map[string]asked{}
	l.takes = map[string]bool{}
	l.marks, l.wishOf = map[string]bool{"": true}, nil
}

// restored: an older copy of the journal is in its place, with so many entries.
// What PayPay was asked for it was asked for all the same.
func (l *laws) restored(entries int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	before := l.attempts
	l.forget()
	l.silent = true
	for _, w := range l.entries[:entries] {
		l.reads(w)
	}
	l.silent, l.entries = false, l.entries[:entries:entries]
	for id := range before {
		if _, known := l.attempts[id]; !known {
			l.gone[id] = true
		}
	}
	clear(l.due)
	clear(l.watched)
}

// next are the states that may follow on a state. What has ended stays ended,
// but for a code that turns out paid, and for money that moves on.
var next = map[string][]string{
	"":          {"requested", "closed"}, // closed: found out about when the sale was paid
	"requested": {"unknown", "live", "refused", "lost", "closed", "failed", "paid", "held", "cancelled", "refunded"},
	"unknown":   {"live", "closing", "lost", "closed", "expired", "failed", "paid", "held", "refunded", "cancelled"},
	"live":      {"unknown", "closing", "expired", "paid", "held", "refunded", "cancelled"},
	"closing":   {"closed", "expired", "failed", "paid", "held", "refunded", "cancelled"},
	"lost":      {"closed", "paid", "held", "refunded", "cancelled"},
	"closed":    {"paid", "held", "refunded", "cancelled"},
	"expired":   {"paid", "held", "refunded", "cancelled"},
	"failed":    {"paid", "held", "refunded", "cancelled"},
	"held":      {"paid", "reverted", "lapsed", "cancelled", "refunded"},
	"paid":      {"refunded", "cancelled"},
	"refunded":  {"paid"}, // PayPay could not give it back after all
}

// wrote is what the journal has taken.
func (l *laws) wrote(c store.Change, e store.Entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if want := int64(len(l.entries)) + 1; e.Seq != want {
		l.broken("I5: entry %d follows on %d", e.Seq, want-1)
	}
	l.entries = append(l.entries, written{e, c, time.Now()})
	l.reads(l.entries[len(l.entries)-1])
}

// reads takes up what an entry says.
func (l *laws) reads(w written) {
	c := w.change
	l.intend(w)
	l.wish(w)
	var truth simulator.State
	for _, a := range c.Attempts {
		was := l.attempts[a.ID]
		l.attempts[a.ID] = a
		if was.State == a.State {
			continue
		}
		if was.State == "" {
			l.since[a.ID] = w.at
		}
		l.became[a.ID] = w.at
		if a.State == "cancelled" {
			l.undone(a.ID, w.at)
		}
		if ended := was.State == "closed" || was.State == "expired" || was.State == "failed"; ended {
			l.late[a.ID] = true
		}
		if l.silent {
			continue
		}
		if !slices.Contains(next[was.State], a.State) {
			l.broken("I6: attempt %s is %s after %s", a.ID, a.State, was.State)
		}
		if truth.Now.IsZero() {
			truth = l.truth()
		}
		l.believes(truth, a.ID, a.State)
	}
	if c.Sale != nil {
		l.sales[c.Sale.ID] = *c.Sale
		if !slices.Contains(l.news, c.Sale.ID) {
			l.news = append(l.news, c.Sale.ID)
		}
		if has := l.numbers[c.Sale.Number]; has != "" && has != c.Sale.ID {
			l.broken("I22: sales %s and %s are both number %d", has, c.Sale.ID, c.Sale.Number)
		}
		l.numbers[c.Sale.Number] = c.Sale.ID
	}
	if m := c.Movement; m != nil {
		l.moved[m.Attempt] += m.Amount
		if l.silent {
			return
		}
		if truth.Now.IsZero() {
			truth = l.truth()
		}
		l.keeps(truth, m.Attempt, l.moved[m.Attempt], "the journal")
	}
}

// intend takes up what an entry says that PayPay may be asked for.
func (l *laws) intend(e written) {
	l.notice(e, "", "")
	switch e.Kind {
	case "shut":
		l.intents["delete "+e.Attempt] = 0
		return
	case "cancel":
		l.intents["cancel "+e.Attempt] = 0
		return
	case "coded":
		l.coded[e.Attempt] = true
		return
	case "charged", "recharged", "asked", "tried", "answered", "restored":
	default:
		return
	}
	var s said
	if err := json.Unmarshal(e.Body, &s); err != nil {
		l.broken("entry %d cannot be read: %v", e.Seq, err)
		return
	}
	if e.Kind == "restored" {
		l.marks[strconv.FormatInt(s.Gap.Number, 36)] = true
		return
	}
	if e.Kind == "asked" && s.Modification != nil {
		l.ways[s.Modification.ID] = s.Modification.Way
		if delete(l.takes, e.Attempt); s.Modification.Way == "capture" {
			l.takes[e.Attempt] = true
		}
		l.notice(e, s.Modification.ID, "")
	}
	if s.Charge != nil {
		sum := int64(0)
		for _, line := range s.Charge.Order.Lines {
			sum += line.Unit * line.Quantity
		}
		if sum != s.Charge.Totals.Total {
			l.broken("I16: sale %s of %d yen adds up to %d", e.Sale, s.Charge.Totals.Total, sum)
		}
		if n := l.orders[s.Charge.Order.ID]; n > 0 {
			l.broken("I3: order %s was charged twice", s.Charge.Order.ID)
		}
		l.orders[s.Charge.Order.ID] = sum
	}
	switch {
	case s.Request != nil:
		for id, a := range l.attempts { // it may still become known while the request is on its way
			if a.Sale == e.Sale && l.moved[id] > 0 && !s.Found && !l.silent {
				l.broken("I2: another code is wanted as %s, although %s is paid", e.Attempt, id)
			}
		}
		l.intents["create "+e.Attempt] = s.Request.Amount.Amount
		if total := l.total(e); s.Request.MerchantPaymentID != e.Attempt || s.Charge != nil && total != s.Charge.Totals.Total {
			l.broken("I16: the request of %s does not fit its order", e.Attempt)
		}
	case s.Modification == nil:
		l.broken("entry %d (%s) says nothing", e.Seq, e.Kind)
	case e.Kind == "answered":
		l.notice(e, s.Modification.ID, s.Done)
		if s.Done == "denied" && !l.silent {
			l.denies(e.Attempt, s.Modification.ID)
		}
	case e.Kind == "tried":
		l.intents["capture "+s.Modification.ID+"-"+strconv.Itoa(s.Try)] = l.intents["capture "+s.Modification.ID+"-1"]
	case s.Modification.Way == "capture":
		l.intents["capture "+s.Modification.ID+"-1"] = s.Modification.Amount
	case s.Modification.Way == "cancel":
		l.intents["cancel "+e.Attempt] = s.Modification.Amount
	default:
		l.intents[s.Modification.Way+" "+s.Modification.ID] = s.Modification.Amount
	}
}

func (l *laws) total(e written) int64 { return l.intents["create "+e.Attempt] }

func find(s simulator.State, id string) (simulator.Payment, bool) {
	for _, p := range slices.Backward(s.Payments) {
		if p.MerchantPaymentID == id {
			return p, true
		}
	}
	return simulator.Payment{}, false
}

// believes checks that PayPay's own books say what the till says, whether on
// the screen or in the journal.
func (l *laws) believes(truth simulator.State, attempt, state string) {
	p, known := find(truth, attempt)
	right := true
	switch state {
	case "paid":
		right = !p.PaidAt.IsZero()
	case "held":
		right = !p.HeldAt.IsZero()
	case "refunded":
		right = !p.PaidAt.IsZero() && p.Refunded+p.Refunding == p.Amount
	case "cancelled":
		right = p.Stage == simulator.StageCancelled
	case "reverted":
		right = p.Stage == simulator.StageReverted
	case "lapsed":
		right = p.Stage == simulator.StageLapsed
	case "refused":
		right = !known || p.Stage == simulator.StageDeleted || p.Stage == simulator.StageExpired
	case "live":
		right = known
	}
	if !right {
		l.broken("I7: attempt %s is called %s, and PayPay has it %s (paid %d, refunded %d+%d)", attempt, state, p.Stage, p.Amount, p.Refunded, p.Refunding)
	}
}

// doubts is longer than the till doubts a refusal.
const doubts = 30 * time.Second

// denies checks that PayPay has not done, and is not doing, what the till says
// that it has refused: a person would give the money back once more, by hand.
// The capture that waits for a customer's consent may still be refused.
func (l *laws) denies(attempt, id string) {
	way := l.ways[id]
	if way == "cancel" && l.outside[attempt] {
		return // that was perhaps somebody else's
	}
	if !l.set.IsZero() && time.Since(l.set) < doubts {
		return // the ten seconds for which a refusal is doubted were set with the clock
	}
	operation := map[string]simulator.Operation{
		"cancel": simulator.OpCancelPayment, "refund": simulator.OpCreateRefund, "revert": simulator.OpRevert, "capture": simulator.OpCapture,
	}[way]
	bodies := map[string]bool{}
	for intent, body := range l.sent {
		if sum := sha256.Sum256([]byte(body)); intent == way+" "+id || way == "capture" && strings.HasPrefix(intent, way+" "+id+"-") {
			bodies[hex.EncodeToString(sum[:])] = true
		}
	}
	for _, c := range l.truth().Calls {
		done := c.Result == "SUCCESS" || c.Result == "REQUEST_ACCEPTED"
		if done && c.Operation == operation && c.MerchantPaymentID == attempt && (way == "cancel" || bodies[c.BodyHash]) {
			l.broken("I7: the %s of %s is called denied, and PayPay has agreed to it", way, attempt)
			return
		}
	}
}

// keeps checks an amount that the till says the shop has of an attempt: never
// more than PayPay took, and never less than it has after all that it has
// given back or has agreed to give back.
func (l *laws) keeps(truth simulator.State, attempt string, yen int64, who string) {
	most, least := kept(truth, attempt)
	if yen > most || yen < least {
		l.broken("I7: %s has %d yen of attempt %s, and PayPay %d to %d", who, yen, attempt, least, most)
	}
}

// kept is what PayPay took for an attempt, and what is left of it.
func kept(truth simulator.State, attempt string) (taken, left int64) {
	p, _ := find(truth, attempt)
	switch {
	case p.PaidAt.IsZero():
		return 0, 0
	case p.Stage == simulator.StageCancelled:
		return p.Amount, 0
	}
	return p.Amount, p.Amount - p.Refunded - p.Refunding
}

// hurried is a person who asks for a look at once.
func (l *laws) hurried(sale string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.checks[sale] = append(l.checks[sale], time.Now())
}

// tried is a call that the till makes, before anything can happen to it.
func (l *laws) tried(c call, life int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.due, c.about)
	for id, at := range l.due {
		if c.at.After(at) {
			l.broken("I13: nobody has looked at %s since the till was started (%s), by %v", id, l.attempts[id].State, at)
			delete(l.due, id)
		}
	}
	w := l.watched[c.about]
	if w == nil || w.life != life {
		w = &watch{life: life}
		l.watched[c.about] = w
	}
	w.calls = append(w.calls, c.at)
	for _, limit := range []struct {
		calls  int
		within time.Duration
	}{{12, l.poll}, {40, 10 * l.poll}} {
		calls := limit.calls
		for _, at := range l.checks[l.attempts[c.about].Sale] {
			if c.at.Sub(at) < limit.within {
				calls += 2 // what was next, and a look at what came of it
			}
		}
		if i := len(w.calls) - calls - 1; i >= 0 && c.at.Sub(w.calls[i]) < limit.within {
			l.broken("I14: %d calls about %s within %v", calls+1, c.about, c.at.Sub(w.calls[i]))
			w.calls = nil
		}
	}
	if c.at.Before(w.quiet) {
		l.broken("I14: PayPay is asked about %s %v too early", c.about, w.quiet.Sub(c.at))
	}
	if a := l.attempts[c.about]; !w.refused.IsZero() && a.Open && c.at.Sub(w.refused) > l.poll*11/10+2*time.Second {
		l.broken("I13: the network was tried again about %s after %v", c.about, c.at.Sub(w.refused))
	}
	w.refused = time.Time{}
}

// stepped: the till's clock was set. Its pauses are measured by the same clock
// here, which never happens where time is kept by the machine.
func (l *laws) stepped() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.set = time.Now()
	for _, w := range l.watched {
		w.quiet, w.refused = time.Time{}, time.Time{}
	}
}

// unreached is a call that found no connection.
func (l *laws) unreached(c call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.watched[c.about].refused = time.Now()
}

// arrives is a call that reaches PayPay, whatever is done to it there.
func (l *laws) arrives(c call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var verb string
	id := c.about
	switch c.op {
	case simulator.OpCreateCode:
		verb = "create"
	case simulator.OpDeleteCode:
		verb = "delete"
	case simulator.OpCancelPayment:
		verb = "cancel"
	case simulator.OpCreateRefund:
		verb, id = "refund", c.id
	case simulator.OpRevert:
		verb, id = "revert", c.id
	case simulator.OpCapture:
		verb, id = "capture", c.id
	default:
		return // it only asks
	}
	intent := verb + " " + id
	yen, meant := l.intents[intent]
	if !meant {
		l.broken("I4: PayPay is asked to %s, which the journal knows nothing of", intent)
	} else if c.yen != yen && c.body != "" && c.op != simulator.OpRevert {
		l.broken("I16: PayPay is asked to %s %d yen, the journal says %d", intent, c.yen, yen)
	}
	if body, again := l.sent[intent]; again && (body != c.body || c.op == simulator.OpCapture) {
		l.broken("I3: PayPay is asked a second time to %s: %s after %s", intent, c.body, body)
	}
	l.sent[intent] = c.body
	switch c.op {
	case simulator.OpCancelPayment:
		if p, ok := find(l.truth(), c.about); ok && l.coded[c.about] && (p.Stage == simulator.StageWaiting || p.Stage == simulator.StageConfirming) {
			l.broken("I11: a cancel is sent to %s, whose code is shown and not paid", c.about)
		}
	case simulator.OpCreateCode:
		l.opens(c)
	default:
	}
}

// opens checks what else the sale has when another code is asked for.
func (l *laws) opens(c call) {
	sale := l.attempts[c.about].Sale
	truth := l.truth()
	for id, a := range l.attempts {
		if a.Sale != sale || id == c.about {
			continue
		}
		p, _ := find(truth, id)
		switch {
		case a.Open:
			l.broken("I10: a code is asked for as %s, while %s is %s", c.about, id, a.State)
		case p.Stage == simulator.StageWaiting && l.coded[id]:
			l.broken("I10: a code is asked for as %s, while that of %s can be paid", c.about, id)
		}
	}
}

// answered is a call that PayPay has answered.
func (l *laws) answered(c call, status int, retryAfter time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if status == http.StatusUnauthorized { // it was not let in, so that its id is not used
		delete(l.sent, "capture "+c.id)
	}
	if retryAfter > 0 {
		l.watched[c.about].quiet = time.Now().Add(retryAfter)
	}
}

// shown is a sale as the screen has it.
type shown struct {
	id, standing string
	attempts     []shownAttempt
}

type shownAttempt struct {
	id, state, code       string
	taken, kept, onHold   int64
	late, attached, wants bool // wants: something about it is being asked for
	changes               []shownChange
}

type shownChange struct {
	id, way, state string
	amount         int64
}

// shows checks a screen against PayPay's own books.
func (l *laws) shows(s shown) {
	l.mu.Lock()
	defer l.mu.Unlock()
	truth := l.truth()
	paid, open := 0, 0
	for _, a := range s.attempts {
		l.believes(truth, a.id, a.state)
		p, _ := find(truth, a.id)
		if a.state == "paid" || a.state == "refunded" || a.state == "cancelled" {
			l.keeps(truth, a.id, a.kept, "the screen")
			if a.taken != p.Amount && !p.PaidAt.IsZero() {
				l.broken("I7: the screen says %d yen were paid for %s, and PayPay took %d", a.taken, a.id, p.Amount)
			}
		}
		if a.kept > 0 && !l.evened(a.id, a.kept) {
			paid++
		}
		if l.attempts[a.id].Open {
			open++
		}
		var back int64
		for _, m := range a.changes {
			if m.way == "refund" && m.state == "carried" {
				back += m.amount
			}
		}
		if back > p.Refunded {
			l.broken("I7: the screen says that %d yen of %s are given back, and PayPay has given %d", back, a.id, p.Refunded)
		}
	}
	if open > 1 {
		l.broken("I10: %d attempts of sale %s are open", open, s.id)
	}
	if paid > 1 && s.standing != "late" && s.standing != "changing" {
		l.broken("I2: %d attempts of sale %s are paid, and it is called %s", paid, s.id, s.standing)
	}
}

// payment is a payment as PayPay's own books have it.
func (l *laws) payment(attempt string) (simulator.Payment, bool) { return find(l.truth(), attempt) }

// paid are the attempts that are paid, and their sales.
func (l *laws) paid() map[string]string {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := map[string]string{}
	for id, a := range l.attempts {
		if a.State == "paid" {
			all[id] = a.Sale
		}
	}
	return all
}

// meddled: somebody else has changed a payment.
func (l *laws) meddled(attempt string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.outside[attempt] = true
}

// changed are the sales whose rows were written since the last time.
func (l *laws) changed() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	news := l.news
	l.news = nil
	return news
}

// expired checks that no code is left whose time was over long ago. The till's
// clock may have been set back, by which it counts how long a code lives that it
// never saw.
func (l *laws) expired(after, setBack time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, a := range l.attempts {
		allowed := after
		if a.Code == "" {
			allowed += setBack
		}
		if a.Open && time.Since(l.since[id]) > allowed {
			l.broken("I15: %s is %s long after its code has expired", id, a.State)
		}
	}
}

// pending are the sales that the journal says something is left to do about.
func (l *laws) pending() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var ids []string
	for id, s := range l.sales {
		if s.Pending {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// started is a till that has begun to work.
func (l *laws) started(life int64, asked []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.life = life
	l.due = map[string]time.Time{}
	at := time.Now().Add(l.poll*11/10 + time.Second)
	for id, a := range l.attempts {
		if a.Open || a.State == "lost" || a.State == "held" {
			l.due[id] = at
		}
	}
	for _, id := range asked {
		l.due[id] = at
	}
	l.news = slices.Collect(maps.Keys(l.sales))
}

// excused: the till was killed, or cannot write, and need not look at anything.
func (l *laws) excused() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.due = map[string]time.Time{}
	for _, w := range l.watched { // what cannot be written down waits a round, and its look-up with it
		w.refused = time.Time{}
	}
}

// holds checks what a journal holds, which was closed or lost its till.
func (l *laws) holds(all []store.Entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(all) != len(l.entries) {
		l.broken("I5: %d entries of %d are in the journal", len(all), len(l.entries))
		return
	}
	for i, w := range l.entries {
		if all[i].Seq != w.Seq || all[i].Hash != w.Hash {
			l.broken("I5: entry %d is not what was written", w.Seq)
		}
	}
}

// lost reports whether the till cannot know of a payment that is not in the
// journal: PayPay has no list of payments. Of another code for a sale that it
// knows it finds out, if that was paid, unless it was made after a gap which is
// itself lost.
func (l *laws) lost(p simulator.Payment) bool {
	if !l.gone[p.MerchantPaymentID] || p.PaidAt.IsZero() && p.HeldAt.IsZero() {
		return l.gone[p.MerchantPaymentID]
	}
	for sale := range l.sales {
		if rest, of := strings.CutPrefix(p.MerchantPaymentID, sale+"-"); of {
			_, mark, _ := strings.Cut(rest, "-")
			return !l.marks[mark]
		}
	}
	return true
}

// ended checks everything that has to be so when all is over: no fault is left,
// all deadlines have passed, and somebody has seen to what needs a person.
func (l *laws) ended(screens []shown, journal map[string]int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	truth := l.truth()
	for _, p := range truth.Payments {
		_, known := l.attempts[p.MerchantPaymentID]
		if !known && !l.lost(p) {
			l.broken("I4: PayPay has %s, which the journal knows nothing of", p.MerchantPaymentID)
		}
		if p.Refunded+p.Refunding > p.Amount && !p.PaidAt.IsZero() {
			l.broken("I9: %d+%d yen of %d are given back for %s", p.Refunded, p.Refunding, p.Amount, p.MerchantPaymentID)
		}
	}
	l.wished()
	bySale := map[string]int{}
	for _, id := range slices.Sorted(maps.Keys(l.attempts)) {
		a := l.attempts[id]
		_, left := kept(truth, id)
		exact := l.moved[id] == left && journal[id] == left
		// The till has no reason to look at a payment that is settled: what somebody
		// else gives back of it later it cannot know.
		if known := l.moved[id] == journal[id] && l.moved[id] >= left; !exact && (!l.outside[id] || !known) {
			p, _ := find(truth, id)
			l.broken("I1: the journal has %d (%d) yen of %s, which is %s, and PayPay has %d: %s", l.moved[id], journal[id], id, a.State, left, p.Stage)
		}
		p, known := find(truth, id)
		if (left > 0 || p.Held > 0) && !l.evened(id, left) {
			bySale[a.Sale]++
		}
		switch a.State {
		case "requested", "unknown", "live", "closing", "lost":
			l.broken("I15: %s is %s for ever", id, a.State)
		case "held":
			if p.Held == 0 {
				l.broken("I1: %s is held here, and %s at PayPay", id, p.Stage)
			}
		}
		if p.Held > 0 && a.State != "held" {
			l.broken("I1: PayPay holds %d yen of %s, which is called %s", p.Held, id, a.State)
		}
		if known && (p.Stage == simulator.StageWaiting || p.Stage == simulator.StageConfirming) {
			l.broken("I15: the code of %s can be paid for ever", id)
		}
	}
	for sale, n := range bySale {
		if n > 1 {
			l.broken("I2: %d payments of sale %s are kept", n, sale)
		}
	}
	for _, s := range screens {
		for _, a := range s.attempts {
			for _, m := range a.changes {
				if m.state == "denied" {
					l.denies(a.id, m.id)
				}
			}
		}
		row := l.sales[s.id]
		if row.State != s.standing {
			l.broken("I8: the screen says that sale %s is %s, and the journal %s", s.id, s.standing, row.State)
		}
		if s.standing == "waiting" || s.standing == "unknown" {
			l.broken("I15: sale %s is %s for ever", s.id, s.standing)
		}
		for _, a := range s.attempts {
			if l.attempts[a.id].State != a.state {
				l.broken("I8: the screen says that %s is %s, and the journal %s", a.id, a.state, l.attempts[a.id].State)
			}
			if p, _ := find(truth, a.id); a.onHold != p.Held {
				l.broken("I1: the screen says that %d yen of %s are held, and PayPay holds %d", a.onHold, a.id, p.Held)
			}
			if a.wants {
				l.broken("I15: something about %s is asked for for ever: %+v", a.id, a.changes)
			}
		}
	}
}
