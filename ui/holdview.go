package ui

import (
	"fmt"
	"time"

	"example.jp/reji/pos"
)

// textWidth is how wide the text gets.
const textWidth = 76

// endsSoon reports whether a hold that has so long to go is to be marked: on its
// last day, and of a short one in the last tenth of its life.
func endsSoon(a pos.Attempt, rests time.Duration) bool {
	since := a.PaidAt
	if since.IsZero() {
		since = a.RequestedAt
	}
	return rests <= min(24*time.Hour, a.HoldEnds.Sub(since)/10)
}

func (h holding) view(width, height int) string {
	t := h.theme
	b := newPage(min(width-4, textWidth), height)
	a, m, busy := h.of()
	doubt := busy && h.doubt(m)
	is, l := h.stands(a, m, busy, doubt)
	// The words about a customer's consent need the room in a small window.
	small := height < 20 && busy && m.State == pos.Consenting && h.asked == nil
	if height > 16 && !small {
		b.line("")
	}
	number := fmt.Sprintf(h.words.Payment.Receipt, receiptNumber(h.snap.Sale.Number))
	b.line(between(l.paint(cut(is.Word, b.width-12)), t.faint.paint(number), b.width))
	b.line("")
	amount := a.OnHold
	if a.State != pos.Held {
		amount = a.Amount
	}
	figures := h.theme.bigDigits(yen(amount), b.width)
	if small {
		figures = []string{yen(amount)}
	}
	for _, line := range figures {
		b.line(t.strong.paint(cut(line, b.width)))
	}
	b.line("")
	switch {
	case h.asked != nil:
		box := min(b.width, 60)
		for _, line := range h.asked.draw(t, box, b.room()) {
			b.line(line)
		}
		return indent(b.lines)
	case h.typing:
		h.viewAmount(b, a)
	default:
		h.say(b, t.text, is.Cashier)
		h.viewNews(b, a, busy)
		b.gap()
		h.viewWork(b, a, m, busy, doubt)
		h.viewTimes(b, a, m, busy)
	}
	h.remark(b)
	foot := 0
	if h.playable() && b.room() > 3 {
		foot = 3
	}
	if !h.typing {
		h.viewTries(b, a, foot)
		h.viewOrder(b, foot)
	}
	if foot > 0 {
		b.until(foot)
		b.line(t.line(b.width))
		b.line(t.key.paint("t") + " " + cut(h.words.Follow.KeyAgree, b.width-2))
		b.line(t.key.paint("f") + " " + cut(h.words.Follow.KeyRefuse, b.width-2))
	}
	return indent(b.lines)
}

// stands is how the hold stands.
func (h holding) stands(a pos.Attempt, m pos.Modification, busy, doubt bool) (said, look) {
	w, t := h.words, h.theme
	switch {
	case busy:
		is, l := w.Hold.of(m, doubt, t)
		return is, l
	case a.State == pos.Held:
		return w.Hold.Holding, t.good
	case a.State == pos.Lapsed:
		return w.Hold.Lapsed, t.warn
	case a.State == pos.Cancelled:
		return w.Hold.Undone, t.warn
	case a.State == pos.Reverted:
		for _, m := range a.Modifications {
			if m.Way == pos.WayRevert && m.State == pos.Carried {
				return w.Hold.Revert.Carried, t.good
			}
		}
		return w.Hold.Elsewhere, t.warn
	}
	return w.Hold.Holding, t.warn
}

// viewNews says what a person has to know besides: why the last try came to
// nothing, that the hold came late, or that an answer did not fit.
func (h holding) viewNews(b *page, a pos.Attempt, busy bool) {
	w, t := h.words, h.theme
	if a.State != pos.Held {
		return
	}
	switch {
	case a.Mismatch:
		b.gap()
		h.say(b, t.bad, w.Payment.Mismatched.Cashier)
	case a.Late && !a.Attached:
		b.gap()
		h.say(b, t.warn, w.Hold.Late)
	}
	if m, ok := lastDenied(a); ok && !busy {
		is, l := w.Hold.of(m, false, t)
		b.gap()
		h.say(b, l, is.Word+" "+yen(m.Amount))
		why := w.Problem.denied(m, h.status)
		switch {
		case m.Code != "":
		case !m.Until.IsZero() && !h.payPayNow().Before(m.Until):
			why = problem{says: w.Hold.ConsentLate}
		case m.Way == pos.WayCapture:
			why = problem{says: w.Hold.ConsentNo}
		}
		h.say(b, t.text, why.says)
		h.say(b, t.text, why.next)
		if why.quote != "" {
			h.say(b, t.faint, w.Problem.Tell+" "+why.quote)
		}
	}
}

// lastDenied is what PayPay or the customer refused last, if nothing has come
// after it.
func lastDenied(a pos.Attempt) (pos.Modification, bool) {
	if len(a.Modifications) == 0 {
		return pos.Modification{}, false
	}
	m := a.Modifications[len(a.Modifications)-1]
	return m, m.State == pos.Denied && !m.Dropped
}

// viewWork says how far what was asked of PayPay has come.
func (h holding) viewWork(b *page, a pos.Attempt, m pos.Modification, busy, doubt bool) {
	if !busy {
		return
	}
	if m.State == pos.Consenting {
		h.viewConsent(b, a, m)
	} else {
		h.progress(b, m, doubt)
	}
	h.trouble(b, m)
	b.gap()
}

// viewTimes says until when the amount is held, and how old that news is.
func (h holding) viewTimes(b *page, a pos.Attempt, m pos.Modification, busy bool) {
	w, t := h.words.Hold, h.theme
	if !a.PaidAt.IsZero() {
		h.row(b, w.Since, h.clock(a.PaidAt), t.text)
	}
	if a.State == pos.Lapsed && !a.HoldEnds.IsZero() {
		h.row(b, w.Ends, h.clock(a.HoldEnds), t.text)
	}
	if a.State != pos.Held {
		return
	}
	switch left := a.HoldEnds.Sub(h.payPayNow()); {
	case a.HoldEnds.IsZero():
		h.row(b, w.Ends, w.EndsUnknown, t.text)
	case left <= 0:
		h.row(b, w.Ends, h.clock(a.HoldEnds)+"  "+w.Over, t.warn)
	case endsSoon(a, left):
		h.row(b, w.Ends, h.clock(a.HoldEnds)+"  "+fmt.Sprintf(w.EndsSoon, h.words.Follow.span(left)), t.warn)
	default:
		h.row(b, w.Ends, h.clock(a.HoldEnds)+"  "+fmt.Sprintf(w.Left, h.words.Follow.span(left)), t.text)
	}
	if !busy || m.State == pos.Consenting {
		h.contact(b)
	}
}

// viewConsent says what the customer is asked, until when, and what happens if
// nothing comes.
func (h holding) viewConsent(b *page, a pos.Attempt, m pos.Modification) {
	w, t := h.words.Hold, h.theme
	h.say(b, t.text, fmt.Sprintf(w.ConsentIf, yen(a.OnHold)))
	h.say(b, t.text, w.ConsentBusy)
	b.gap()
	h.row(b, w.Wanted, yen(m.Amount), t.strong)
	if m.Until.IsZero() {
		h.row(b, w.ConsentUntil, w.ConsentHours, t.text)
		return
	}
	until := m.Until
	if !a.HoldEnds.IsZero() && a.HoldEnds.Before(until) {
		until = a.HoldEnds // there is nothing to agree to any more then
	}
	left := h.words.Follow.span(until.Sub(h.payPayNow()))
	h.row(b, w.ConsentUntil, h.clock(until)+"  "+fmt.Sprintf(w.Left, left), t.strong)
}

// viewAmount is the amount being typed, and what it will mean.
func (h holding) viewAmount(b *page, a pos.Attempt) {
	w, t := h.words.Hold, h.theme
	typed := "¥" + h.input
	if amount, err := h.wanted(); err == nil {
		typed = yen(amount)
	}
	b.line(t.strong.paint(w.Amount) + "  " + t.field.paint(typed+"_"))
	b.line("")
	if amount, err := h.wanted(); err == nil {
		h.say(b, t.text, w.means(amount, a.OnHold))
	} else if h.note.text == "" { // that says it already
		h.say(b, t.warn, h.words.Sale.BadAmount)
	}
	b.gap()
	h.say(b, t.faint, w.AmountHint)
}

// viewTries lists what was tried before, where there is room.
func (h holding) viewTries(b *page, a pos.Attempt, foot int) {
	w, t := h.words, h.theme
	if len(a.Modifications) == 0 || b.room() < len(a.Modifications)+3+foot {
		return
	}
	b.gap()
	b.line(t.faint.paint(w.Hold.Tries))
	for _, m := range a.Modifications {
		is, l := w.Hold.of(m, false, t)
		b.line(left(h.clock(m.AskedAt), 10) + right(yen(m.Amount), 12) + "  " + l.paint(cut(is.Word, b.width-24)))
	}
}

type holdWords struct {
	Title                          string
	Holding, Lapsed, Undone        said
	Elsewhere                      said
	Late                           string
	Since, Ends, EndsUnknown, Over string
	EndsSoon, Left                 string // with a span
	Amount, AmountHint             string
	All, Wanted                    string
	Less, More                     string // with the difference
	TakeTitle                      string // with the amount
	TakeNot                        string
	ReleaseTitle                   string // with the amount
	ReleaseText, ReleaseNot        string
	ConsentIf                      string // with what is held
	ConsentBusy, Busy              string
	ConsentUntil, ConsentHours     string
	ConsentNo, ConsentLate         string
	Capture, Revert                stepWords
	Consenting                     said
	Tries                          string
	OnlyDigits, NoScan             string
	TakeDo, ReleaseDo              string // what the keys that are asked for do
	KeyTake, KeyRelease, KeyAmount string
	KeySlip, KeyPaper              string
	NoReceipt                      string
}

// stepWords are those about one thing that is asked of PayPay about a hold.
type stepWords struct {
	Asked, Doubt, Carried, Denied said
}

// of is how a capture or a letting go stands, and its look.
func (w holdWords) of(m pos.Modification, doubt bool, t theme) (said, look) {
	way := w.Capture
	if m.Way == pos.WayRevert {
		way = w.Revert
	}
	switch m.State {
	case pos.Carried:
		return way.Carried, t.good
	case pos.Denied:
		return way.Denied, t.bad
	case pos.Consenting:
		return w.Consenting, t.busy
	case pos.Asked, pos.Accepted:
	}
	if doubt {
		return way.Doubt, t.warn
	}
	return way.Asked, t.busy
}

// means is what it means to take an amount of what is held.
func (w holdWords) means(amount, held pos.Yen) string {
	switch {
	case amount < held:
		return fmt.Sprintf(w.Less, yen(held-amount))
	case amount > held:
		return fmt.Sprintf(w.More, yen(amount-held))
	}
	return w.All
}

func holdJa() holdWords {
	return holdWords{
		Title:     "仮押さえ",
		Holding:   said{"仮押さえ中", "PayPayがこの金額を押さえています。代金はまだ受け取っていません。"},
		Lapsed:    said{"仮押さえの期限が切れました", "押さえていた金額は、お客さまに戻りました。代金は受け取っていません。"},
		Undone:    said{"仮押さえは取り消されました", "押さえていた金額は、お客さまに戻りました。代金は受け取っていません。"},
		Elsewhere: said{"仮押さえは解除されています", "このレジの外で解除されました。代金は受け取っていません。"},
		Late:      "お会計をやめた後に、お客さまが手続きしました。確定するか解除するか、責任者が決めてください。",
		Since:     "押さえた", Ends: "期限", EndsUnknown: "PayPayが期限を答えていません", Over: "過ぎました",
		EndsSoon: "あと%s  まもなく解除されます", Left: "あと%s",
		Amount: "確定する金額", AmountHint: "数字を入れて Enter。入れなければ全額です。",
		All: "仮押さえの全額を受け取ります。", Wanted: "確定額",
		Less:      "残りの%sは解除され、もう受け取れません。",
		More:      "仮押さえより%s多い金額です。お客さまが6時間以内、仮押さえの期限までに、アプリで同意すると確定します。",
		TakeTitle: "%sを確定しますか", TakeNot: "まだ確定しない (Esc)",
		ReleaseTitle: "%sの仮押さえを解除しますか",
		ReleaseText:  "解除すると、この代金は受け取れなくなります。お客さまには、アプリに通知が届きます。",
		ReleaseNot:   "解除しない (Esc)",
		ConsentIf:    "同意がなければ確定されず、%sの仮押さえのままです。",
		ConsentBusy:  "返事が来るまで、PayPayはほかの確定や解除を受けません。",
		Busy:         "前の手続きの結果を待っています。結果が出るまで、ほかの手続きはできません。",
		ConsentUntil: "同意の期限", ConsentHours: "6時間以内",
		ConsentNo:   "お客さまが同意しませんでした。仮押さえは元の金額のまま続いています。",
		ConsentLate: "期限までに、お客さまの同意がありませんでした。仮押さえは元の金額のまま続いています。",
		Capture: stepWords{
			said{"確定を頼んでいます", "PayPayに売上の確定を頼みました。答えを待っています。"},
			said{"確定の結果がまだわかりません", "代金を受け取ったかどうか、まだわかりません。レジが確かめています。別のお支払いを受けないでください。"},
			said{"確定しました", "代金を受け取りました。"},
			said{"確定できませんでした", "代金は受け取っていません。仮押さえは続いています。"},
		},
		Revert: stepWords{
			said{"解除を頼んでいます", "PayPayに仮押さえの解除を頼みました。答えを待っています。"},
			said{"解除の結果がまだわかりません", "解除されたかどうか、まだわかりません。レジが確かめています。"},
			said{"仮押さえを解除しました", "代金は受け取っていません。お客さまには、アプリに通知が届きます。"},
			said{"解除できませんでした", "仮押さえは続いています。"},
		},
		Consenting: said{"お客さまの同意待ち", "仮押さえより多い金額です。お客さまにPayPayアプリで同意していただいています。"},
		Tries:      "これまでの手続き",
		OnlyDigits: "数字だけを入れてください。", NoScan: "バーコードは金額になりません。金額を入れてください。",
		TakeDo: "確定する", ReleaseDo: "解除する", KeyTake: "確定", KeyRelease: "解除", KeyAmount: "次へ", KeySlip: "解除票", KeyPaper: "控え",
		NoReceipt: "領収書は、確定してからお渡しします。代金はまだ受け取っていません。",
	}
}

func holdEn() holdWords {
	return holdWords{
		Title:     "Hold",
		Holding:   said{"Held", "PayPay holds this amount. Nothing is taken yet."},
		Lapsed:    said{"The hold has run out", "What was held went back to the customer. Nothing was taken."},
		Undone:    said{"The hold was cancelled", "What was held went back to the customer. Nothing was taken."},
		Elsewhere: said{"The hold was let go", "It was let go outside this till. Nothing was taken."},
		Late:      "The customer approved after the sale had been given up. The manager decides whether to capture it or let it go.",
		Since:     "Held since", Ends: "Until", EndsUnknown: "PayPay has not said", Over: "over",
		EndsSoon: "%s left, then it is let go", Left: "%s left",
		Amount: "To capture", AmountHint: "Type an amount and press Enter. Without one it is all of it.",
		All: "All that is held is taken.", Wanted: "To capture",
		Less:      "The other %s are let go and can no longer be taken.",
		More:      "It is %s more than is held. It is captured when the customer agrees in the PayPay app within 6 hours, before the hold ends.",
		TakeTitle: "Capture %s?", TakeNot: "not yet (Esc)",
		ReleaseTitle: "Let go of %s?",
		ReleaseText:  "This amount can no longer be taken then. The customer is told in the app.",
		ReleaseNot:   "keep it (Esc)",
		ConsentIf:    "Without consent nothing is captured, and the hold of %s goes on.",
		ConsentBusy:  "Until then PayPay takes no other capture or letting go.",
		Busy:         "Something is under way already. Until it has ended, nothing else can be asked for.",
		ConsentUntil: "Consent by", ConsentHours: "within 6 hours",
		ConsentNo:   "The customer did not agree. The hold goes on as it was.",
		ConsentLate: "The customer did not agree in time. The hold goes on as it was.",
		Capture: stepWords{
			said{"Asking for the capture", "PayPay has been asked to capture this. Waiting for its answer."},
			said{"Capture not known yet", "Whether the money was taken is not known yet. The till is finding out. Do not take another payment."},
			said{"Captured", "The money is taken."},
			said{"Not captured", "Nothing was taken. The hold goes on."},
		},
		Revert: stepWords{
			said{"Asking to let go", "PayPay has been asked to let go of the hold. Waiting for its answer."},
			said{"Letting go not known yet", "Whether the hold was let go is not known yet. The till is finding out."},
			said{"Hold let go", "Nothing was taken. The customer is told in the app."},
			said{"Not let go", "The hold goes on."},
		},
		Consenting: said{"Waiting for the customer's consent", "It is more than is held. The customer is being asked to agree in the PayPay app."},
		Tries:      "So far",
		OnlyDigits: "Type digits only.", NoScan: "A bar code is no amount. Type the amount.",
		TakeDo: "capture", ReleaseDo: "let go", KeyTake: "take", KeyRelease: "let go", KeyAmount: "go on", KeySlip: "release slip", KeyPaper: "hold note",
		NoReceipt: "There is no receipt before the capture: nothing has been taken yet.",
	}
}
