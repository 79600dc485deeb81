package ui_test

import (
	"flag"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.jp/reji/pos"
)

var (
	counterSales = flag.Int("counter.sales", 3, "how many sales TestCounter makes, one kind after the other")
	counterSeed  = flag.Uint64("counter.seed", 1, "with which goods and amounts")
)

// TestCounter has a cashier make different sales in a real terminal, with the
// keyboard and a scanner, while the simulated PayPay's customers pay. How many
// keys each kind took is printed; what is frequent may take only so many. In the
// end nothing is open, and cashier, till and PayPay agree to the yen.
func TestCounter(t *testing.T) {
	t.Parallel()
	p := build(t)
	paypay, home := p.serve(t), t.TempDir()
	lookOften(t, home)
	goods, err := pos.BuiltinCatalog()
	if err != nil {
		t.Fatal(err)
	}
	c := &cashier{
		till: p.open(t, home, paypay.sandbox()...), paypay: paypay,
		goods: goods, rand: rand.New(rand.NewPCG(*counterSeed, 0)),
	}
	c.await("Ready for the next", soon)
	most := map[string]int{}
	for i := range *counterSales {
		kind := kinds[i%len(kinds)]
		c.keys, c.order = 0, 0
		kind.does(c)
		if t.Failed() {
			t.Fatalf("in sale %d, %s:\n%s", i+1, kind.name, c.term.String())
		}
		if kind.most > 0 && c.keys > kind.most {
			t.Errorf("%s took %d keys, of at most %d", kind.name, c.keys, kind.most)
		}
		most[kind.name] = max(most[kind.name], c.keys)
	}
	for _, k := range kinds {
		if most[k.name] > 0 {
			t.Logf("%3d keys  %s", most[k.name], k.name)
		}
	}
	c.agrees(home)
}

// kinds are the sales of a day. most is how many keys one may take beside its
// scans; 0 where the sale is a rare one.
var kinds = []struct {
	name string
	most int
	does func(*cashier)
}{
	{"an amount of three figures", 6, func(c *cashier) { c.amount(); c.sells() }},
	{"three scans", 4, func(c *cashier) { c.scan(3); c.sells() }},
	{"three scans, parked and recalled", 4 + 5, func(c *cashier) { c.scan(3); c.parks(); c.recalls(); c.sells() }},
	{"three quick keys", 3 + 2, func(c *cashier) { c.types("asd"); c.order = 150 + 140 + 160; c.sells() }},
	{"three by one quick key", 0, func(c *cashier) { c.types("3*g"); c.order = 900; c.sells() }},
	{"an amount of a department", 0, func(c *cashier) { c.types("500v"); c.order = 500; c.sells() }},
	{"three of an amount", 0, func(c *cashier) { c.types("3*150"); c.key("Enter"); c.order = 450; c.sells() }},
	{"two of an item by its code", 0, func(c *cashier) { c.types("2*006"); c.key("Enter"); c.order = 840; c.sells() }},
	{"an item found by its name", 0, func(c *cashier) { c.types("/latte"); c.key("Enter"); c.order = 420; c.sells() }},
	{"an amount at the reduced rate", 0, func(c *cashier) { c.types("280r"); c.order = 280; c.sells() }},
	{"an item scanned twice", 0, func(c *cashier) { c.scan(1); c.scanned(c.last); c.sells() }},
	{"one more, one less", 0, func(c *cashier) { c.scan(1); c.types("++-"); c.order *= 2; c.sells() }},
	{"twelve of an item", 0, func(c *cashier) { c.scan(1); c.types("12"); c.key("F6"); c.order *= 12; c.sells() }},
	{"yen off an item", 0, func(c *cashier) { c.scan(2); c.types("50"); c.key("F8", "1"); c.order -= 50; c.sells() }},
	{"percent off the order", 0, func(c *cashier) {
		c.scan(3)
		c.types("10")
		c.key("F8", "4")
		c.order -= c.order * 10 / 100
		c.sells()
	}},
	{"an item taken back", 0, func(c *cashier) {
		c.scan(2)
		c.key("Del", "1")
		c.order -= int(c.last.Price)
		c.sells()
	}},
	{"undone, done again, undone", 0, func(c *cashier) { c.scan(2); c.types("uyu"); c.order -= int(c.last.Price); c.sells() }},
	{"another price", 0, func(c *cashier) {
		c.scan(1)
		c.types("100p")
		c.key("2")
		c.order = 100
		c.sells()
	}},
	{"eaten here", 0, func(c *cashier) { c.scan(2); c.types("e"); c.sells() }},
	{"given up, then sold", 0, func(c *cashier) {
		c.scan(2)
		c.charges()
		c.key("x")
		c.comes("Stop this payment")
		<-time.After(unpressed)
		c.key("x")
		c.comes("back to the order")
		c.key("Enter")
		c.comes("Input >")
		c.sells()
	}},
	{"failed, then sold by a new code", 0, func(c *cashier) {
		c.scan(1)
		c.charges()
		c.paypay.call(http.MethodPost, "/simulator/codes/"+c.code().CodeID+"/fail", nil, nil)
		c.comes("Payment failed")
		c.key("n")
		c.comes("Waiting for payment")
		c.pays()
		c.key("Enter")
		c.comes("Ready for the next")
	}},
	{"left waiting, paid while the next is served", 0, func(c *cashier) {
		c.scan(1)
		c.charges()
		c.key("l")
		c.comes("Ready for the next")
		first, order := c.code(), c.order
		c.order = 0
		c.amount()
		c.charges()
		c.paypay.call(http.MethodPost, "/simulator/codes/"+first.CodeID+"/pay", nil, nil)
		c.taken += order
		c.pays()
		c.key("Enter")
		c.comes("Ready for the next")
	}},
	{"sold, then given back", 0, func(c *cashier) {
		c.scan(2)
		c.charges()
		c.pays()
		c.key("b")
		c.comes("How much")
		c.key("Enter")
		c.comes("Reason")
		c.key("Enter")
		c.comes("cancel ¥")
		<-time.After(unpressed)
		c.key("b")
		c.comes("Cancelled")
		c.taken -= c.order
		c.key("Enter")
		c.comes("Enter next")
		c.key("Enter")
		c.comes("Ready for the next")
	}},
}

// cashier works at a till, counts her keys, and reckons in her head what each
// order comes to.
type cashier struct {
	*till
	paypay *service
	goods  pos.Catalog
	rand   *rand.Rand

	keys  int      // pressed in this sale
	looks bool     // a screen has just come up, and she looks at it first
	order int      // what the order comes to
	last  pos.Item // what was scanned last
	taken int      // what all sales have brought
}

// key presses keys, one by one.
func (c *cashier) key(names ...string) {
	c.Helper()
	for _, name := range names {
		c.keys++
		c.send(keyOf(name))
	}
}

// types presses the keys of a text.
func (c *cashier) types(text string) {
	c.Helper()
	for _, r := range text {
		c.key(string(r))
	}
}

// send sends after a pause that no scanner makes, and a longer one when there
// is something to be looked at.
func (c *cashier) send(s string) {
	c.Helper()
	wait := 120 * time.Millisecond
	if c.looks {
		wait = pace
	}
	<-time.After(wait)
	c.looks = false
	if _, err := c.tty.WriteString(s); err != nil {
		c.Fatal(err)
	}
}

// comes waits for a screen.
func (c *cashier) comes(pattern string) {
	c.Helper()
	c.await(pattern, soon)
	c.looks = true
}

// amount enters an amount of three figures.
func (c *cashier) amount() {
	c.Helper()
	n := 100 + c.rand.IntN(900)
	c.types(strconv.Itoa(n))
	c.key("Enter")
	c.order += n
}

// scan scans so many goods, no two of a kind.
func (c *cashier) scan(n int) {
	c.Helper()
	all := slices.DeleteFunc(c.goods.Search("", 100), func(i pos.Item) bool {
		return i.Price < 60 || i.Barcode == "" || i.Rate == pos.Exempt || i.Age > 0
	})
	for _, i := range c.rand.Perm(len(all))[:n] {
		c.scanned(all[i])
	}
}

// scanned is what a scanner sends for an item, all at once.
func (c *cashier) scanned(i pos.Item) {
	c.Helper()
	c.send(i.Barcode + "\r")
	c.await("Scanned|Added", soon)
	c.last = i
	c.order += int(i.Price)
}

func (c *cashier) parks() {
	c.Helper()
	c.key("F4")
	c.comes("Parked")
}

func (c *cashier) recalls() {
	c.Helper()
	c.key("F5", "1")
	c.comes("is back")
}

// code is the newest code of PayPay's.
func (c *cashier) code() payment {
	c.Helper()
	all := c.paypay.books().Payments
	return slices.MaxFunc(all, func(a, b payment) int { return strings.Compare(a.MerchantPaymentID, b.MerchantPaymentID) })
}

// charges has the order charged, and sees that PayPay is asked for what it
// comes to.
func (c *cashier) charges() {
	c.Helper()
	c.key("F9")
	c.comes("Waiting for payment")
	if got := c.code().Amount; got != int64(c.order) {
		c.Errorf("PayPay is asked for %d yen, and the order comes to %d", got, c.order)
	}
}

// pays has the customer pay the newest code.
func (c *cashier) pays() {
	c.Helper()
	c.paypay.call(http.MethodPost, "/simulator/codes/"+c.code().CodeID+"/pay", nil, nil)
	c.comes("P A I D")
	c.taken += c.order
}

func (c *cashier) sells() {
	c.Helper()
	c.charges()
	c.pays()
	c.key("Enter")
	c.comes("Ready for the next")
}

// agrees compares what the cashier, the till's journal and PayPay have.
func (c *cashier) agrees(home string) {
	c.Helper()
	if screen := c.term.String(); strings.Contains(screen, "unsettled") || strings.Contains(screen, "attention") {
		c.Errorf("something is left open:\n%s", screen)
	}
	b := c.paypay.books()
	if b.Taken != int64(c.taken) {
		c.Errorf("PayPay has %d yen, and the cashier %d", b.Taken, c.taken)
	}
	for _, p := range b.Payments {
		if p.Status == "CREATED" && !p.Deleted {
			c.Errorf("%s can still be paid", p.MerchantPaymentID)
		}
	}
	var net pos.Yen
	for _, s := range replayed(c.TB, home) {
		for _, a := range s.Attempts {
			net += a.Kept()
		}
	}
	if int64(net) != b.Taken {
		c.Errorf("the journal has %d yen, and PayPay %d", net, b.Taken)
	}
}
