package ui

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/muesli/termenv"

	"example.jp/reji/pos"
)

// plain is the till as lines of text, for screen readers and for terminals on
// which nothing can be drawn. It makes the same sales of the same register.
type plain struct {
	env
	out     io.Writer
	order   pos.Order
	sale    pos.SaleID // that is being paid; empty while an order is taken
	said    string     // what was said of it last
	anyway  string     // the order that may be charged in spite of another of its amount
	leaving bool       // the last word was to end the till
	grown   int        // the age the customer was found to have, in years
}

// longPrice is from how many digits on a number that is no item's is taken for
// a mistyped or unknown code, and not for a price.
const longPrice = 6

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
				return leave(ctx, p.register, p.order, "")
			}
			if p.obey(ctx, l) {
				return nil
			}
		case <-p.register.Changes():
		case <-tick.C:
		case <-ctx.Done():
			return leave(ctx, p.register, p.order, "")
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
	if id, ok := p.register.Unfinished(); ok {
		p.sale = id
	}
	p.watch(ctx)
}

func (p *plain) fresh() {
	p.sale, p.said, p.anyway, p.grown = "", "", "", 0
	p.order = pos.NewOrder()
	p.order.Tax = p.register.Tax()
}

// obey does what a line says, and reports whether the till is to end.
func (p *plain) obey(ctx context.Context, line string) (end bool) {
	w := p.words.Plain
	text := strings.ToLower(strings.TrimSpace(strings.Map(halfWidth, pos.Clean(line, 100))))
	if text == "quit" {
		if n := p.register.Status().Unsettled; n > 0 && !p.leaving {
			p.leaving = true
			p.say(w.Unsettled, digits(int64(n)))
			return false
		}
		return true
	}
	p.leaving = false
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	switch text {
	case "":
	case "help", "?":
		for l := range strings.SplitSeq(w.Help, "\n") {
			p.say("%s", l)
		}
	case "list":
		p.list()
	default:
		if p.sale == "" {
			p.take(ctx, text)
		} else {
			p.attend(ctx, text)
		}
	}
	return false
}

// take is a line while an order is taken.
func (p *plain) take(ctx context.Context, text string) {
	w := p.words.Plain
	switch text {
	case "pay":
		p.charge(ctx)
	case "grown":
		p.grown = youngest(p.order)
		p.total()
	case "void":
		if n := len(p.order.Lines); n > 0 {
			name := p.words.Common.itemName(p.order.Lines[n-1])
			p.change(p.order.Remove(n - 1))
			p.say(p.words.Sale.Voided, name)
		}
		p.total()
	case "cancel", "check", "next", "new", "qr", "n", "back":
		p.say("%s", w.NotPaying)
	default:
		p.add(text)
	}
}

func (p *plain) change(o pos.Order, err error) bool {
	if err != nil {
		p.say("%s", newSale(p.env).problem(err).text)
		return false
	}
	p.order, p.anyway = o, ""
	return true
}

// add puts an item or a price into the order.
func (p *plain) add(text string) {
	w := p.words.Plain
	n, rest, err := quantity(text)
	if err != nil {
		p.say("%s", p.words.Sale.BadQuantity)
		return
	}
	line := pos.Line{Quantity: n, Rate: pos.Standard}
	long := false
	for _, prefix := range []string{"yen ", "r"} {
		if after, ok := strings.CutPrefix(rest, prefix); ok {
			rest, long = strings.TrimSpace(after), true
			if prefix == "r" {
				line.Rate = pos.Reduced
			}
			break
		}
	}
	code, amount, priced := strings.Cut(rest, " ")
	item, found := p.catalog.Find(code)
	switch {
	case found && !long && item.Department():
		line = item.Line(n)
		if line.Unit, err = pos.ParseYen(strings.TrimSpace(amount)); err != nil {
			p.say(w.Price, p.words.Common.itemName(line), code)
			return
		}
	case found && !long && !priced:
		line = item.Line(n)
	case rest == "" || strings.Trim(rest, "0123456789") != "":
		p.say(w.NotKnown, text)
		return
	case mistyped(rest), len(rest) >= longPrice && !long:
		p.say(w.NoItem, rest)
		return
	default:
		if line.Unit, err = pos.ParseYen(rest); err != nil {
			p.say("%s", p.words.Sale.BadAmount)
			return
		}
	}
	o, _, err := p.order.Add(line)
	if p.change(o, err) {
		p.say(w.Added, p.words.Common.itemName(line), yen(line.Unit), digits(n))
		p.total()
	}
}

func (p *plain) total() {
	totals, err := p.order.Totals()
	if err == nil {
		p.say(p.words.Plain.Total, digits(totals.Count), yen(totals.Total))
	}
}

// list reads the order out, or the one that is being paid.
func (p *plain) list() {
	o := p.order
	if s, ok := p.register.Sale(p.sale); ok {
		o = s.Sale.Order
	}
	for i, l := range o.Lines {
		total, err := l.Total()
		if err != nil {
			continue // an order takes no such line
		}
		p.say(p.words.Plain.Item, digits(int64(i+1)), p.words.Common.itemName(l), yen(l.Unit), digits(l.Quantity), yen(total))
	}
	if totals, err := o.Totals(); err == nil {
		p.say(p.words.Plain.Total, digits(totals.Count), yen(totals.Total))
	}
}

// charge is the only way to a payment.
func (p *plain) charge(ctx context.Context) {
	w := p.words
	if p.register.Status().Trouble != nil {
		p.say("%s", w.Common.JournalBad)
		return
	}
	if age := youngest(p.order); age > p.grown {
		p.say(w.Plain.Age, age)
		return
	}
	sold, err := p.register.Charge(ctx, p.order, pos.Terms{Anyway: p.anyway == p.order.ID})
	switch {
	case errors.Is(err, pos.ErrSameAmount):
		p.anyway = p.order.ID
		p.say("%s", w.Plain.Same)
	case errors.Is(err, pos.ErrTax):
		p.order.Tax = p.register.Tax()
		p.say("%s", newSale(p.env).problem(err).text)
		p.total()
	case err != nil:
		p.say("%s", newSale(p.env).problem(err).text)
	default:
		p.sale = sold.ID
	}
}

// attend is a line while a sale is being paid.
func (p *plain) attend(ctx context.Context, text string) {
	w := p.words.Plain
	snap, ok := p.register.Sale(p.sale)
	if !ok {
		p.fresh() // settled, and nobody waits for it
		p.say("%s", w.NotPaying)
		return
	}
	open, standing := snap.Sale.Last().State.Open(), snap.Sale.Standing()
	var err error
	switch text {
	case "cancel":
		if !open {
			p.say("%s", w.Over)
			return
		}
		err = p.register.GiveUp(ctx, p.sale)
	case "new", "n":
		if err = p.register.NewCode(ctx, p.sale, pos.Terms{Anyway: p.anyway == string(p.sale)}); errors.Is(err, pos.ErrSameAmount) {
			p.anyway = string(p.sale)
			p.say("%s", w.SameNew)
			return
		}
	case "check":
		p.register.CheckNow(p.sale)
	case "qr":
		p.said = ""
	case "next":
		if err = p.register.MoveOn(ctx, p.sale, standing); err == nil {
			p.fresh()
			p.say("%s", w.Next)
		}
	case "back":
		if standing != pos.Unpaid {
			p.say("%s", w.NotOver)
			return
		}
		if err = p.register.MoveOn(ctx, p.sale, standing); err == nil {
			lines := snap.Sale.Order.Lines
			p.fresh()
			p.order.Lines = append(p.order.Lines, lines...)
			p.total()
		}
	case "customer pays", "customer fails":
		if p.customer == nil || snap.Sale.Last().CodeID == "" {
			p.say(w.NotKnown, text)
			return
		}
		act := map[string]string{"customer pays": "pay", "customer fails": "fail"}[text]
		if err = p.customer(ctx, snap.Sale.Last().CodeID, act); err == nil {
			p.register.CheckNow(p.sale)
		}
	default:
		p.say("%s", w.Paying) // nothing that is typed now may go into an order
	}
	if err != nil {
		is := p.words.Problem.of(err, p.register.Status())
		p.say("%s %s", is.says, is.next)
	}
}

// receipt has the receipt of a paid sale printed, once however often it is
// called. What is the matter with a printer is no matter of the sale.
func (p *plain) receipt(ctx context.Context, s pos.Sale) {
	first, ok := newPaid(p.env, s).automatic()
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := p.register.Print(ctx, s.ID, first); err != nil && !errors.Is(err, pos.ErrNoPrinter) {
		is := p.words.Problem.of(err, p.register.Status())
		p.say("%s %s", is.says, is.next)
	}
}

// watch says how the payment stands, when that is news.
func (p *plain) watch(ctx context.Context) {
	snap, ok := p.register.Sale(p.sale)
	if p.sale == "" || !ok {
		return
	}
	a, st := snap.Sale.Last(), p.register.Status()
	now := p.now()
	w := p.words
	var text string
	word := w.Common.standing(snap.Sale.Standing())
	_, further := beyond(p.env, snap)
	is := phaseOf(snap.Sale, now.Add(st.Skew))
	switch {
	case further && snap.Sale.Standing() == pos.Settled:
		text = fmt.Sprintf(w.Plain.Paid, yen(snap.Sale.Amount()), receiptNumber(snap.Sale.Number), pos.Clean(a.PaymentID, 64))
	case further:
		text = w.Plain.Screens
	default:
		said := w.Payment.phases(is, a.Hold)
		word, text = said.Word, said.Cashier
	}
	news := a.ID + " " + strconv.Itoa(int(is)) + word + text
	if news == p.said {
		return
	}
	p.said = news
	p.receipt(ctx, snap.Sale)
	who := w.Plain.Till
	if at := snap.Contact.AnsweredAt; !at.IsZero() {
		who = fmt.Sprintf(w.Plain.PayPay, at.In(p.shop.Zone).Format("15:04:05"))
	}
	p.say("%s %s. %s (%s)", now.In(p.shop.Zone).Format("15:04:05"), word, text, who)
	if !further && is == waiting && a.URL != "" {
		p.say(w.Plain.Code, yen(a.Amount), minutes(a.ExpiresAt.Sub(now.Add(st.Skew))), pos.Clean(a.URL, maxQRText))
		p.draw(a.URL)
	}
}

// draw draws the code. It is the one thing that must have colours.
func (p *plain) draw(url string) {
	const most = 100 // columns and lines; the smallest drawing is taken
	m, err := newMatrix(url)
	if err != nil {
		p.say("%s", p.words.Payment.CodeBroken)
		return
	}
	lines, err := drawQR(m, most/2+len(m)/2, most, false, p.profile)
	if err != nil {
		p.say("%s", p.words.Payment.CodeBroken)
		return
	}
	for _, l := range lines {
		p.say("%s", l)
	}
}

type plainWords struct {
	Welcome   string // with the shop and the mode
	Help      string // one line each
	Added     string // with the name, the price and the quantity
	Item      string // with number, name, price, quantity, sum
	Total     string // with pieces and yen
	NoItem    string // with the number
	NotKnown  string // with the line
	NotPaying string
	Price     string // with a department's name and code
	Age       string // with an age
	Paying    string
	Over      string
	NotOver   string
	Same      string
	SameNew   string
	Next      string
	Paid      string // with the amount, our number and PayPay's
	Screens   string
	Code      string // with the amount, the time left and the address
	Till      string
	PayPay    string // with a time
	Unsettled string // with a count
}

func plainJa() plainWords {
	return plainWords{
		Welcome: "%s %s。商品コードか金額を入れてください。help で使い方が出ます。",
		Help: "12: 商品コード12の商品、なければ12円 (標準税率)。3*12: それを3個。r100: 100円 (軽減税率)。091 500: 部門091で500円。yen 150000: 6桁以上の金額。\n" +
			"list: 明細を読む。void: 最後の行を取り消す。pay: PayPayで会計。\n" +
			"会計中は、cancel: 支払いをやめる。new: 新しいコード。check: 今すぐ確認。qr: コードをもう一度。next: 次のお客さまへ。back: 注文に戻る。\n" +
			"練習では、customer pays: お客さまが払う。customer fails: 支払いが失敗する。\n" +
			"quit: レジを終了。",
		Added: "追加: %s %s x %s", Item: "%s行目 %s %s x %s = %s", Total: "合計 %s点 %s",
		NoItem:   "商品コード %s はありません。6桁以上の金額は yen をつけて入れてください。",
		NotKnown: "「%s」はわかりません。help で使い方が出ます。", NotPaying: "会計中ではありません。",
		Price: "%s の金額を、%s 500 のように入れてください。", Age: "%d歳未満の方には売れない商品があります。確かめたら grown と入れ、もう一度 pay を入れてください。",
		Paying: "会計中です。cancel、new、check、qr、next のどれかを入れてください。",
		Over:   "この支払いはもう終わっています。", NotOver: "結果がまだわからないか、支払い済みです。",
		Same:    "少し前に同じ金額の会計があり、結果がまだ確定していません。別のお客さまなら、もう一度 pay を入れてください。",
		SameNew: "同じ金額の別の会計が、まだ確定していません。別のお客さまなら、もう一度 new を入れてください。",
		Next:    "次のお客さまの注文を入れてください。", Paid: "%sを受け取りました。レシート番号 %s、PayPay決済番号 %s。next で次のお客さまへ。",
		Screens: "続きは、通常の画面で行ってください。next で次のお客さまへ。",
		Code:    "お支払い額 %s、残り時間 %s。コードのアドレス: %s", Till: "レジ", PayPay: "PayPay %s",
		Unsettled: "結果が確定していないお支払いが%s件あります。終了するには、もう一度 quit を入れてください。",
	}
}

func plainEn() plainWords {
	return plainWords{
		Welcome: "%s, %s. Enter a code or a price. help says how.",
		Help: "12: the item with code 12, else 12 yen at the standard rate. 3*12: three of it. r100: 100 yen at the reduced rate. 091 500: 500 yen of the department 091. yen 150000: a price of six digits or more.\n" +
			"list: read the order. void: take the last line out. pay: pay with PayPay.\n" +
			"While paying, cancel: stop the payment. new: new code. check: ask PayPay now. qr: the code again. next: next customer. back: back to the order.\n" +
			"In training, customer pays: the customer pays. customer fails: the payment fails.\n" +
			"quit: end the till.",
		Added: "added: %s %s x %s", Item: "line %s: %s %s x %s = %s", Total: "total: %s pieces, %s",
		NoItem:   "There is no item %s. For a price of six digits or more, write yen in front.",
		NotKnown: "\"%s\" is not understood. help says how.", NotPaying: "Nothing is being paid.",
		Price: "Enter the price of %s, such as %s 500.", Age: "Some goods may not be sold to anybody under %d. When you have checked, enter grown, then pay again.",
		Paying: "A payment is under way. Enter cancel, new, check, qr or next.",
		Over:   "This payment has ended.", NotOver: "Its result is not known yet, or it is paid.",
		Same:    "A payment of the same amount, a moment ago, is not settled. If this is another customer, enter pay again.",
		SameNew: "Another payment of the same amount is not settled. If it is another customer's, enter new again.",
		Next:    "Enter the next customer's order.", Paid: "%s was received. Receipt number %s, PayPay's number %s. next goes to the next customer.",
		Screens: "Go on with this one on the ordinary screens. next goes to the next customer.",
		Code:    "To pay: %s, time left %s. The code's address: %s", Till: "the till", PayPay: "PayPay at %s",
		Unsettled: "%s payments are not settled. Enter quit again to end all the same.",
	}
}
