package ui

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/muesli/termenv"

	"example.jp/reji/pos"
)

// plain is the till as lines of text, for screen readers and for terminals on
// which nothing can be drawn. It makes the same sales of the same register.
type plain struct {
	env
	out    io.Writer
	order  pos.Order
	parked string     // the name of the order, if it was parked
	sale   pos.SaleID // that is being paid; empty while an order is taken
	said   string     // what was said of it last
	anyway string     // the order that may be charged in spite of another of its amount
	grown  int        // the age the customer was found to have, in years

	talk  screen // whose questions the lines answer; nil when there is none
	heard string // what was read out of it last
	older int64  // the last receipt number that was read out of the day's sales
	tasks int    // how many there were when that was last said

	leaving bool // the last word was to end the till
	losing  bool // and the order cannot be parked
}

// Plain runs the till in lines: it reads one command a line and writes one line
// for each thing that happens, without moving the cursor. Only the QR code has
// colours, because it is none without them. It ends with the command quit, or
// with the input or ctx: then an order that was begun is parked.
func Plain(ctx context.Context, o Options, in io.Reader, out io.Writer) error {
	if o.Register == nil || o.Shop.Zone == nil {
		return errors.New("the till needs a register and a time zone")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	p := &plain{out: out, env: env{
		register: o.Register, catalog: o.Catalog, words: newWords(o.Lang), shop: o.Shop, printer: o.Printer, now: o.Now,
		customer: o.Customer, entry: o.Entry, profile: termenv.ANSI,
	}}
	p.fresh()
	lines := make(chan string)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(in); s.Scan(); {
			select {
			case lines <- s.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	p.begin(ctx)
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case l, more := <-lines:
			if !more {
				return leave(ctx, p.register, p.order, p.parked)
			}
			if p.obey(ctx, l) {
				return nil
			}
		case <-p.register.Changes():
		case <-tick.C:
		case <-ctx.Done():
			return leave(ctx, p.register, p.order, p.parked)
		}
		p.watch(ctx)
	}
}

func (p *plain) say(format string, args ...any) {
	_, _ = fmt.Fprintf(p.out, format+"\n", args...) // a terminal that is gone ends the input too
}

func (p *plain) begin(ctx context.Context) {
	w := p.words
	if p.shop.Mode == Training {
		p.say("%s", w.Common.TrainingBanner)
	}
	p.say(w.Plain.Welcome, pos.Clean(p.shop.Name, 100), w.Common.mode(p.shop.Mode))
	for _, g := range p.register.Gaps() {
		if g.Open {
			p.say("%s", w.Accounting.lost(g, p.shop.Zone))
		}
	}
	if n := len(p.register.Parked()); n > 0 {
		p.say(w.Plain.Waiting, digits(int64(n)))
	}
	if id, ok := p.register.Unfinished(); ok {
		p.sale = id
	}
	p.watch(ctx)
}

func (p *plain) fresh() {
	p.sale, p.said, p.anyway, p.grown, p.parked = "", "", "", 0, ""
	p.order = pos.NewOrder()
	p.order.Tax = p.register.Tax()
}

// obey does what a line says, and reports whether the till is to end.
func (p *plain) obey(ctx context.Context, line string) (end bool) {
	line = strings.TrimSpace(pos.Clean(line, 100))
	text := strings.ToLower(strings.TrimSpace(strings.Map(halfWidth, line)))
	if text == "quit" {
		return p.quit(ctx)
	}
	p.leaving, p.losing = false, false
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	switch {
	case text == "help" || text == "?":
		for l := range strings.SplitSeq(p.words.Plain.Help, "\n") {
			p.say("%s", l)
		}
	case p.talk != nil:
		p.answer(text, line) //nolint:contextcheck // a screen sets a bound of its own
	case text == "", p.lookUp(ctx, text):
	case text == "list":
		p.list()
	case p.sale == "":
		p.take(ctx, text, line)
	default:
		p.attend(ctx, text)
	}
	return false
}

// quit ends the till. The order is parked first, and what is not settled is
// said first; the word again ends it all the same.
func (p *plain) quit(ctx context.Context) bool {
	w := p.words.Plain
	if n := p.register.Status().Unsettled; n > 0 && !p.leaving {
		p.leaving = true
		p.say("%s", w.Unsettled.of(int64(n)))
		return false
	}
	if p.losing {
		return true
	}
	if err := leave(ctx, p.register, p.order, p.parked); err != nil {
		p.leaving, p.losing = true, true
		p.trouble(err)
		p.say("%s", w.Losing)
		return false
	}
	if order, ok := parkedAs(p.register.Parked(), p.order.ID); ok {
		p.say(w.Parked, order.No)
	}
	return true
}

// trouble says what is the matter, and what to do.
func (p *plain) trouble(err error) {
	is := p.words.Problem.of(err, p.register.Status())
	p.say("%s %s", is.says, is.next)
}

// watch says what is news.
func (p *plain) watch(ctx context.Context) {
	p.watchPayment(ctx)
	p.watchTalk() //nolint:contextcheck // a screen sets a bound of its own, and so does a receipt
	n := p.register.Status().Tasks
	if n > p.tasks {
		p.say(p.words.Plain.Tasks, digits(int64(n)))
	}
	p.tasks = n
}
