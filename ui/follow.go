package ui

import (
	"context"
	"fmt"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/paypay"
	"example.jp/reji/pos"
)

// following is what the screens have in common that show one sale as it goes
// on. They show what the register has written down, and nothing newer.
type following struct {
	env
	snap    pos.Snapshot
	status  pos.Status
	time    time.Time // as of the last message
	settled bool      // the register has let go of the sale; it is read from the journal
	reading bool      // that reading is under way
	working bool      // an answer to the last key is under way
	leaves  bool      // and that key leads to the sale screen
	checked time.Time // when the cashier last had PayPay asked
	note    note
}

// deed is what a key of such a screen makes the register do.
type deed int

const (
	givingUp deed = iota
	renewing
	capturing
	lettingGo
	leaving   // to the next customer; PayPay is asked on
	returning // to the order, which was not paid
	playing   // the customer, in training
)

// doneMsg is what came of a deed.
type doneMsg struct {
	sale pos.SaleID
	deed deed
	err  error
}

// recalledMsg is a sale that the register has let go of, from the journal.
type recalledMsg struct {
	id   pos.SaleID
	sale pos.Sale
	err  error
}

// answerSoon is how long PayPay may take before the till says that the outcome
// is not known.
const answerSoon = 10 * time.Second

func (f following) init() tea.Cmd { return nil }

func (f following) going() bool { return f.leaves }

// id is the sale's.
func (f following) id() pos.SaleID { return f.snap.Sale.ID }

// payPayNow is the time by PayPay's clock.
func (f following) payPayNow() time.Time { return f.time.Add(f.status.Skew) }

// fetch takes what the register has in memory.
func (f following) fetch() following {
	f.time, f.status = f.now(), f.register.Status()
	if snap, ok := f.register.Sale(f.id()); ok {
		f.snap, f.settled = snap, false
	}
	return f
}

// recall reads the sale from the journal when the register has let go of it,
// which it does with what is settled and left behind.
func (f following) recall() (following, tea.Cmd) {
	id := f.id()
	if _, ok := f.register.Sale(id); ok || f.settled || f.reading {
		return f, nil
	}
	f.reading = true
	read := readHistory(f.register, id)
	return f, func() tea.Msg {
		h, _ := read().(historyMsg)
		return recalledMsg{id: id, sale: h.sale, err: h.err}
	}
}

// readHistory reads a sale from the journal.
func readHistory(r Register, id pos.SaleID) tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		s, events, err := r.History(ctx, id)
		return historyMsg{id: id, sale: s, events: events, err: err}
	}
}

// recalled takes what was read.
func (f following) recalled(m recalledMsg) following {
	f.reading = false
	if m.err != nil {
		f.note = f.problem(m.err) // the next tick tries again
		return f
	}
	f.settled = true
	f.snap = pos.Snapshot{Sale: m.sale, Contact: f.snap.Contact}
	return f.fetch()
}

func (f following) problem(err error) note {
	is := f.words.Problem.of(err, f.status)
	return note{text: is.says + " " + is.next, bad: true}
}

// do makes the register do something, in the background.
func (f following) do(d deed, verb func(context.Context) error) (following, tea.Cmd) {
	f.working, f.leaves = true, d == leaving || d == returning
	id := f.id()
	return f, func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		return doneMsg{sale: id, deed: d, err: verb(ctx)}
	}
}

// moveOn turns to the next customer.
func (f following) moveOn(d deed) (following, tea.Cmd) {
	register, id, seen := f.register, f.id(), f.snap.Sale.Standing()
	return f.do(d, func(ctx context.Context) error { return register.MoveOn(ctx, id, seen) })
}

// leave goes to the next customer, or back to where the cashier came from when
// the sale was left before.
func (f following) leave() (following, move, tea.Cmd) {
	if f.snap.Sale.Left {
		return f, move{kind: back}, nil
	}
	f, cmd := f.moveOn(leaving)
	return f, move{}, cmd
}

// play is the customer in training.
func (f following) play(id, action string) (following, tea.Cmd) {
	customer := f.customer
	return f.do(playing, func(ctx context.Context) error { return customer(ctx, id, action) })
}

// check asks PayPay without waiting for the next round, at most once a second.
func (f following) check() following {
	w := f.words.Follow
	last := f.snap.Contact.AskedAt
	if f.checked.After(last) {
		last = f.checked
	}
	if since := f.time.Sub(last); 0 <= since && since < time.Second {
		f.note = note{text: w.TooSoon}
		return f
	}
	f.checked = f.time
	f.register.CheckNow(f.id())
	f.note = note{text: w.CheckedNow}
	return f
}

// row writes a name and a value beneath the others.
func (f following) row(b *page, name, value string, l look) {
	b.line(f.theme.faint.paint(left(name, timeLabel)) + l.paint(cut(value, b.width-timeLabel)))
}

// timeLabel is the width of the names of times.
const timeLabel = 11

// contact says how old PayPay's last answer is, and when the next one is asked
// for.
func (f following) contact(b *page) {
	f.heard(b)
	f.next(b)
}

// heard says how old PayPay's last answer is.
func (f following) heard(b *page) {
	w, t, c := f.words.Follow, f.theme, f.snap.Contact
	if c.AnsweredAt.IsZero() {
		f.row(b, w.LastAnswer, w.NoAnswerYet, t.text)
		return
	}
	f.row(b, w.LastAnswer, f.ago(f.time.Sub(c.AnsweredAt)), t.text)
}

// next says when PayPay is asked next.
func (f following) next(b *page) {
	w, t, c := f.words.Follow, f.theme, f.snap.Contact
	switch wait := c.NextAt.Sub(f.time); {
	case wait <= 0:
		f.row(b, w.NextLook, w.Now, t.text)
	case wait >= 2*time.Minute:
		f.row(b, w.NextLook, fmt.Sprintf(w.InMinutes, int(wait/time.Minute)+1), t.text)
	default:
		f.row(b, w.NextLook, fmt.Sprintf(w.InSeconds, seconds(wait)+1), t.text)
	}
}

// since says when something began, and how long ago that is.
func (f following) since(b *page, name string, at time.Time) {
	text := f.clock(at) + " (" + f.ago(f.time.Sub(at)) + ")"
	f.row(b, name, text, f.theme.text)
}

// clock is a moment as a cashier reads it: with the day, if that is another.
func (f following) clock(at time.Time) string {
	at, now := at.In(f.shop.Zone), f.time.In(f.shop.Zone)
	if at.YearDay() == now.YearDay() && at.Year() == now.Year() {
		return at.Format("15:04:05")
	}
	return at.Format("1/2 15:04")
}

func (f following) ago(d time.Duration) string {
	w := f.words.Follow
	switch {
	case d >= 48*time.Hour:
		return fmt.Sprintf(w.DaysAgo, int(d/(24*time.Hour)))
	case d >= 2*time.Hour:
		return fmt.Sprintf(w.HoursAgo, int(d/time.Hour))
	case d >= 2*time.Minute:
		return fmt.Sprintf(w.MinutesAgo, int(d/time.Minute))
	}
	return fmt.Sprintf(w.SecondsAgo, seconds(d))
}

// say writes a text that may take several lines.
func (f following) say(b *page, l look, text string) {
	if text == "" {
		return
	}
	for _, line := range wrap(text, b.width) {
		b.line(l.paint(line))
	}
}

// advise says what is the matter, what to do and what to tell support.
func (f following) advise(b *page, is problem) {
	b.gap()
	f.say(b, f.theme.warn, is.says)
	f.say(b, f.theme.text, is.next)
	if is.quote != "" {
		f.say(b, f.theme.faint, f.words.Problem.Tell+" "+is.quote)
	}
}

// remark writes what there is to say about the last key.
func (f following) remark(b *page) {
	if f.note.text == "" {
		return
	}
	l := f.theme.text
	if f.note.bad {
		l = f.theme.warn
	}
	b.gap()
	f.say(b, l, f.note.text)
}

// waits reports whether it is still open what PayPay does.
func waits(m pos.Modification) bool {
	return m.State == pos.Asked || m.State == pos.Consenting || m.State == pos.Accepted && m.Way == pos.WayCancel
}

// indent puts lines a little away from the edge.
func indent(lines []string) string {
	p := page{lines: make([]string, 0, len(lines))}
	for _, l := range lines {
		if l != "" {
			l = "  " + l
		}
		p.lines = append(p.lines, l)
	}
	return p.String()
}

// doubt reports whether PayPay has left the till in the dark about something.
func (f following) doubt(m pos.Modification) bool {
	return m.State == pos.Asked && (f.snap.Contact.Problem != nil || f.time.Sub(m.AskedAt) >= answerSoon)
}

// progress says since when something is under way, and what is done about it.
func (f following) progress(b *page, m pos.Modification, doubt bool) {
	w := f.words
	if !waits(m) {
		return
	}
	f.since(b, w.Follow.Since, m.AskedAt)
	if doubt {
		f.row(b, w.Follow.Doing, w.Follow.Asking, f.theme.text)
	}
	f.contact(b)
}

// trouble says why PayPay's last answer about something under way was none.
// What to do is said above: while money may still move, no other advice may
// stand beside that.
func (f following) trouble(b *page, m pos.Modification) {
	if err := f.snap.Contact.Problem; err != nil && waits(m) {
		is := f.words.Problem.of(err, f.status)
		is.next = ""
		f.advise(b, is)
	}
}

// denied is why PayPay did not do what it was asked for. That the money has not
// moved is known.
func (w problemWords) denied(m pos.Modification, st pos.Status) problem {
	if m.Code == pos.NotRepeated {
		return w.NotRepeated.problem()
	}
	ops := map[pos.Way]paypay.Op{
		pos.WayRefund: paypay.OpRefund, pos.WayCancel: paypay.OpCancelPayment, pos.WayRevert: paypay.OpRevert,
		pos.WayCapture: paypay.OpCapture, pos.WayDelete: paypay.OpDeleteCode,
	}
	class := paypay.Failed
	for r := range paypay.Results() {
		if r.Code != m.Code || r.Op != "" && r.Op != ops[m.Way] {
			continue
		}
		if class = r.Class; !class.MoneyMayHaveMoved() {
			break
		}
	}
	is := w.of(&paypay.Error{Op: ops[m.Way], Class: class, Code: m.Code, CodeID: m.CodeNo}, st)
	if class.MoneyMayHaveMoved() && m.Code != paypay.OrderNotReversible {
		is.next = w.result(ops[m.Way], paypay.Failed, "", "").Do // there is nothing to wait for any more
	}
	return is
}

// said is how something stands: in a word, and in a sentence to the cashier.
type said struct{ Word, Cashier string }

// viewOrder shows what was bought, where there is room for some of it.
func (f following) viewOrder(b *page, foot int) {
	const least = 6
	if b.room()-foot < least+2 {
		return
	}
	w, t := f.words, f.theme
	b.gap()
	b.line(t.line(b.width))
	lines := f.snap.Sale.Order.Sold()
	room := b.room() - foot - 1
	for i, l := range lines {
		if i == room-1 && len(lines) > room {
			b.line(t.faint.paint(cut(w.Payment.MoreLines.of(int64(len(lines)-i)), b.width)))
			return
		}
		total, err := l.Total()
		if err != nil {
			return // a sale whose lines do not add up cannot be made
		}
		name := w.Common.itemName(l)
		if l.Quantity > 1 {
			name += "  " + fmt.Sprintf(w.Sale.Quantity, digits(l.Quantity))
		}
		b.line(between(name, yen(total), b.width))
	}
}

type followWords struct {
	LastAnswer, NoAnswerYet, NextLook, Now                               string
	InSeconds, InMinutes, SecondsAgo, MinutesAgo, HoursAgo, DaysAgo      string // with a number
	Since, Doing, Asking                                                 string
	CheckedNow, TooSoon                                                  string
	DaysHours, HoursMinutes                                              string // with two numbers
	KeyLeave, KeyCheck, KeyDetails, KeyPay, KeyFail, KeyAgree, KeyRefuse string
	KeyApprove, KeyHoldFail                                              string // of a hold
}

// span is how long something still takes, in its two largest units.
func (w followWords) span(d time.Duration) string {
	d = max(d, 0)
	switch {
	case d >= 24*time.Hour:
		return fmt.Sprintf(w.DaysHours, int(d/(24*time.Hour)), int(d/time.Hour)%24)
	case d >= time.Hour:
		return fmt.Sprintf(w.HoursMinutes, int(d/time.Hour), int(d/time.Minute)%60)
	}
	return minutes(d)
}

func followJa() followWords {
	return followWords{
		LastAnswer: "PayPay", NoAnswerYet: "まだ答えなし", NextLook: "次の確認", Now: "確認中",
		InSeconds: "%d秒後", InMinutes: "%d分以内", SecondsAgo: "%d秒前", MinutesAgo: "%d分前", HoursAgo: "%d時間前", DaysAgo: "%d日前",
		Since: "頼んだ時刻", Doing: "レジは", Asking: "結果を問い合わせています",
		CheckedNow: "PayPayに確認しています", TooSoon: "いま確認したところです。確認は1秒に1回までです。",
		DaysHours: "%d日%d時間", HoursMinutes: "%d時間%d分",
		KeyLeave: "次のお客さまへ", KeyCheck: "今すぐ確認", KeyDetails: "問い合わせ内容",
		KeyPay: "お客さまが払う", KeyFail: "支払いが失敗する", KeyApprove: "お客さまが承認する", KeyHoldFail: "仮押さえが失敗する", KeyAgree: "お客さま同意", KeyRefuse: "お客さま拒否",
	}
}

func followEn() followWords {
	return followWords{
		LastAnswer: "PayPay", NoAnswerYet: "no answer yet", NextLook: "Next look", Now: "now",
		InSeconds: "in %d s", InMinutes: "within %d min", SecondsAgo: "%d s ago", MinutesAgo: "%d min ago", HoursAgo: "%d h ago", DaysAgo: "%d d ago",
		Since: "Asked at", Doing: "The till", Asking: "is asking PayPay",
		CheckedNow: "Asking PayPay", TooSoon: "PayPay has just been asked: once a second at most.",
		DaysHours: "%d d %d h", HoursMinutes: "%d h %d min",
		KeyLeave: "next customer", KeyCheck: "check now", KeyDetails: "for support",
		KeyPay: "customer pays", KeyFail: "payment fails", KeyApprove: "customer approves", KeyHoldFail: "hold fails", KeyAgree: "customer agrees", KeyRefuse: "customer declines",
	}
}
