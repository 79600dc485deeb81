package simulator

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"rsc.io/qr"
)

// words are one thing said twice.
type words struct{ Ja, En string }

// view is a payment as a page shows it.
type view struct {
	Payment

	Path        string // of the page
	Yen         string
	Description string
	Shop        string
	State       words
	Tone        string  // of the state: open, busy, good, bad or over
	Made        string  // by the clock, in Japan
	Left        string  // until the time to pay is over, in minutes and seconds; empty if that is long
	Until       string  // when it is over
	Purses      []purse // that a person can choose from, each customer's together
	Asked       string  // yen that the customer is asked to agree to, or empty
	Pending     bool
	Payable     bool
	Confirming  bool
	Facts       []fact
	Problem     words
}

// purse is what a customer can pay with.
type purse struct {
	Customer string
	Means    string // empty where there is no choice of them
	Says     words
	Chosen   bool
}

// fact is something to know about a payment.
type fact struct {
	Name words
	Text string
}

// listView is what the list shows.
type listView struct {
	Payments []view
	More     int // payments that are not listed
	Links    []linkView
	Faults   []faultView
	Live     bool // it is loaded again and again
	Now      string
}

// faultView is an armed fault as the list shows it.
type faultView struct {
	Kind, Operation string
	Says            words // how often, how probably, how late
}

// linkView is an account link as a page shows it.
type linkView struct {
	ID          string
	ReferenceID string
	Scopes      []string
	Customers   []string
	Customer    string
	State       words
	Tone        string
	Open        bool   // to be answered
	Back        string // where the customer goes with the answer
	Problem     words
}

func (p *payment) view(now time.Time) view {
	v := view{
		Payment:    p.public(),
		Path:       "/pay/" + p.codeID,
		Yen:        groups(p.amount),
		Made:       moment(p.createdAt),
		Payable:    p.payable(),
		Confirming: p.scanned,
		Pending:    p.asked != nil,
	}
	if p.codeID == "" {
		v.Path = "/payments/" + p.merchantPaymentID
	}
	if p.orderDescription != nil {
		v.Description = *p.orderDescription
	}
	if p.storeInfo != nil {
		v.Shop = *p.storeInfo
	}
	v.State, v.Tone = v.Stage.words()
	switch {
	case p.question != nil:
		v.Asked = groups(p.question.amount)
		v.State, v.Tone = words{"承認待ち", "Asked to agree"}, "busy"
	case v.Stage == StageWaiting && v.Pending:
		v.State = words{"お支払い待ち", "Waiting to be paid"}
	}
	if left := p.expiresAt.Sub(now); v.Payable {
		v.Until = moment(p.expiresAt)
		if left < time.Hour {
			v.Left = fmt.Sprintf("%d:%02d", left/time.Minute, left%time.Minute/time.Second)
		}
	}
	v.Facts = v.facts()
	for _, paid := range p.parts {
		v.Facts = append(v.Facts, fact{paid.words(), "¥" + groups(paid.yen)})
	}
	return v
}

// words say what a stage is, and in which tone.
func (g Stage) words() (state words, tone string) {
	switch g {
	case StageWaiting:
		return words{"読み取り待ち", "Waiting to be scanned"}, "open"
	case StageConfirming:
		return words{"確認画面を表示中", "Confirm screen open"}, "busy"
	case StageDeciding:
		return words{"処理中", "Being decided"}, "busy"
	case StagePaid:
		return words{"支払い済み", "Paid"}, "good"
	case StageFailed:
		return words{"支払い失敗", "Payment failed"}, "bad"
	case StageCancelled:
		return words{"取消済み", "Cancelled"}, "over"
	case StageHeld:
		return words{"仮押さえ中", "Amount held"}, "good"
	case StageRaising:
		return words{"増額を処理中", "Raising the amount"}, "busy"
	case StageRefunded:
		return words{"返金済み", "Refunded"}, "over"
	case StageReverted:
		return words{"お店が取りやめ", "Withdrawn by the shop"}, "over"
	case StageLapsed:
		return words{"仮押さえ期限切れ", "Hold has lapsed"}, "over"
	case StageDeleted:
		return words{"削除済み", "Deleted"}, "over"
	case StageExpired:
		return words{"期限切れ", "Expired"}, "over"
	}
	return words{}, "over"
}

func (v view) facts() []fact {
	facts := []fact{{words{"注文番号", "Order"}, v.MerchantPaymentID}, {words{"作成", "Made"}, v.Made}}
	add := func(name words, text string) { facts = append(facts, fact{name, text}) }
	yen := func(name words, yen int64) {
		if yen > 0 {
			add(name, "¥"+groups(yen))
		}
	}
	at := func(name words, t time.Time) {
		if !t.IsZero() {
			add(name, moment(t))
		}
	}
	if v.CodeID != "" {
		add(words{"コード", "Code"}, v.CodeID)
	}
	if v.PaymentID != "" {
		add(words{"決済番号", "Payment number"}, v.PaymentID)
	}
	at(words{"支払い", "Paid"}, v.PaidAt)
	yen(words{"仮押さえ", "Held"}, v.Held)
	if v.Held > 0 {
		at(words{"仮押さえ期限", "Held until"}, v.HoldEnds)
	}
	at(words{"失敗・取消", "Failed or cancelled"}, v.FailedAt)
	yen(words{"返金処理中", "Being refunded"}, v.Refunding)
	yen(words{"返金済み", "Refunded"}, v.Refunded)
	return facts
}

// offer lets a person choose who pays and with what, where there is a choice. What
// is pending can be paid only by who is asked.
func (s *Simulator) offer(v view, customer string) view {
	s.lock()
	defer s.mu.Unlock()
	wallets := s.wallets
	if p := s.payments[v.MerchantPaymentID]; p.asked != nil {
		wallets = []*wallet{p.asked.wallet}
	}
	for _, w := range wallets {
		v.Purses = append(v.Purses, w.purses(w.ID == customer || customer == "" && w == wallets[0])...)
	}
	if len(v.Purses) == 1 {
		v.Purses = nil // no choice
	}
	return v
}

// purses are what a customer can pay with.
func (w *wallet) purses(pays bool) []purse {
	if len(w.means) == 0 {
		return []purse{{Customer: w.ID, Says: words{w.ID, w.ID}, Chosen: pays}}
	}
	rest := words{"残高 ¥" + groups(w.balance), "Balance ¥" + groups(w.balance)}
	for _, kind := range []string{pointType, voucherType} { // which go before it, the last of them first
		if i := slices.IndexFunc(w.means, func(m *Means) bool { return m.Type == kind && m.Status == usable }); i >= 0 {
			says := part{from: w.means[i]}.words()
			rest = words{says.Ja + " → " + rest.Ja, says.En + " → " + rest.En}
		}
	}
	all := []purse{{w.ID, walletMethod, rest, pays && w.chosen == nil}}
	for _, m := range w.means {
		says := part{from: m}.words()
		more := " " + m.ID + " ¥" + groups(m.Yen)
		if m.Status != usable {
			more += " " + m.Status
		}
		all = append(all, purse{w.ID, m.ID, words{says.Ja + more, says.En + more}, pays && w.chosen == m})
	}
	return all
}

// customerIDs names the customers, where a person has a choice.
func (s *Simulator) customerIDs() []string {
	if len(s.wallets) < 2 {
		return nil
	}
	var ids []string
	for _, w := range s.wallets {
		ids = append(ids, w.ID)
	}
	return ids
}

func (s *Simulator) linkView(l session, now time.Time) linkView {
	v := linkView{
		ID: l.id, ReferenceID: l.referenceID, Scopes: l.scopes, Back: l.back,
		Open: l.answer == "" && now.Before(l.ends), Customers: s.customerIDs(),
	}
	switch {
	case v.Open:
		v.State, v.Tone = words{"回答待ち", "Waiting for your answer"}, "open"
	case l.answer == "":
		v.State, v.Tone = words{"期限切れ", "Expired"}, "over"
	case l.result == "succeeded":
		v.State, v.Tone = words{"連携しました", "Allowed"}, "good"
	case l.result == "declined":
		v.State, v.Tone = words{"断りました", "Declined"}, "over"
	default:
		v.State, v.Tone = words{"お店の依頼に誤りがあり、連携できません", "The shop may not ask for this"}, "bad"
	}
	return v
}

// problemWords say why a customer cannot do something.
func problemWords(err error) words {
	for _, p := range []struct {
		err   error
		words words
	}{
		{ErrDeleted, words{"お店がこのコードを削除しました。", "The shop has deleted this code."}},
		{ErrExpired, words{"支払いの期限が切れました。", "The time to pay is over."}},
		{ErrPaid, words{"すでに支払い済みです。二重には支払われていません。", "This was paid before. It has not been paid twice."}},
		{ErrFailed, words{"この支払いは失敗したか、取り消されました。", "This payment failed or was cancelled."}},
		{ErrNotScanned, words{"確認画面は開いていません。", "The confirm screen is not open."}},
		{ErrNotAsked, words{"お店からの承認のお願いは、もうありません。", "The shop no longer asks you to agree to anything."}},
		{ErrUnlinked, words{"お店とのアカウント連携が終了しています。", "Your account is no longer linked to the shop."}},
		{ErrLimit, words{"残高が足りないか、上限額を超えています。", "Your balance or your limits do not allow it."}},
		{ErrUnknownCustomer, words{"このお客さまはいないか、利用できません。", "There is no such customer, or the account is not active."}},
		{ErrUnknownMeans, words{"この支払い方法はありません。", "There is no such means of payment."}},
		{ErrLinkClosed, words{"すでに回答済みか、期限が切れています。", "It was answered before, or its time is over."}},
		{ErrNoTokenKey, words{"APIシークレットがBase64ではないため、回答に署名できません。", "The API secret is not Base64, so the answer cannot be signed."}},
	} {
		if errors.Is(err, p.err) {
			return p.words
		}
	}
	return words{"できませんでした。", "That was not possible."}
}

// view is a fault as the list shows it.
func (a ArmedFault) view() faultView {
	f := a.Fault
	v := faultView{Kind: string(f.Kind), Operation: string(cmp.Or(f.Operation, OpAll))}
	say := func(ja, en string) { v.Says = words{v.Says.Ja + " · " + ja, v.Says.En + " · " + en} }
	if a.Left > 0 {
		say(fmt.Sprintf("あと%d回", a.Left), fmt.Sprintf("%d left", a.Left))
	} else {
		say("解除するまで", "until cleared")
	}
	if f.Probability > 0 && f.Probability < 1 {
		percent := strconv.FormatFloat(f.Probability*100, 'g', 3, 64)
		say("確率 "+percent+"%", percent+"% likely")
	}
	if f.Delay > 0 {
		say("遅れ "+f.Delay.String(), f.Delay.String()+" late")
	}
	if f.Status > 0 {
		code := strings.TrimSpace(strconv.Itoa(f.Status) + " " + f.Code)
		say(code, code)
	}
	return v
}

// moment is a time as the pages show it, in Japan.
func moment(t time.Time) string { return t.In(jst).Format("2006-01-02 15:04:05") }

// groups writes yen with a comma at every thousand.
func groups(yen int64) string {
	text := strconv.FormatInt(yen, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// quiet is the light margin of a code that scanners ask for, in modules.
const quiet = 4

// drawing is a code to be scanned: the dark modules as the path of an SVG.
type drawing struct {
	Size int // modules on a side, with the margin
	Path string
}

// QR is the code as another phone can scan it, or nil where there is nothing to
// scan.
func (v view) QR() *drawing {
	if !v.Payable || v.URL == "" {
		return nil
	}
	code, err := qr.Encode(v.URL, qr.M)
	if err != nil {
		return nil // too long an address: the page is whole without it
	}
	var path strings.Builder
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	return &drawing{code.Size + 2*quiet, path.String()}
}
