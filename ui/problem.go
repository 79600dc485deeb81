package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"example.jp/reji/paypay"
	"example.jp/reji/pos"
	"example.jp/reji/store"
)

// problem is what a cashier reads when something does not work. The zero
// problem is none.
type problem struct {
	says  string // what is the matter
	next  string // what to do now
	quote string // what to tell support; empty when there is nothing
}

// clockLimit is how far the till's clock may be off before PayPay refuses its
// signatures.
const clockLimit = 2 * time.Minute

// unauthorized is HTTP's status for a signature that was refused.
const unauthorized = 401

// Explain is an error in sentences for a person, one a line: what is the
// matter, what to do, and what was found. It is for what goes wrong before
// there is a screen, such as a journal that is refused or a catalogue with
// mistakes. The language is "ja" or "en".
func Explain(lang string, err error) string {
	if err == nil {
		return ""
	}
	w := newWords(lang).Problem
	if e, ok := errors.AsType[*pos.CatalogError](err); ok {
		return w.catalogue(e)
	}
	var lines []string
	if r, ok := errors.AsType[*store.Refusal](err); ok {
		a := w.refusal(r)
		lines = append(lines, fmt.Sprintf(a.Says, pos.Clean(r.Path, 300)), a.Do)
		if r.Detail != "" {
			lines = append(lines, "("+pos.Clean(r.Detail, 300)+")")
		}
		return strings.Join(lines, "\n")
	}
	p := w.of(err, pos.Status{})
	if p == w.Own.problem() {
		// There are no words for it, and no number to write down: its own text
		// says more.
		for l := range strings.SplitSeq(err.Error(), "\n") {
			lines = append(lines, pos.Clean(l, 300))
		}
		return "reji: " + strings.Join(lines, "\n")
	}
	lines = append(lines, p.says, p.next)
	if p.quote != "" {
		lines = append(lines, p.quote)
	}
	for l := range strings.SplitSeq(err.Error(), "\n") {
		lines = append(lines, "("+pos.Clean(l, 300)+")")
	}
	return strings.Join(lines, "\n")
}

// of is what an error means to the cashier. The status tells whether the
// clocks may be why PayPay refused.
func (w problemWords) of(err error, st pos.Status) problem {
	if err == nil {
		return problem{}
	}
	// The journal comes first: as long as it is in trouble, nothing else helps.
	if errors.Is(err, pos.ErrJournal) || errors.Is(err, store.ErrTrouble) {
		return w.Journal.problem()
	}
	if e, ok := errors.AsType[*paypay.Error](err); ok {
		p := w.paypay(e, st)
		p.quote = quote(e)
		return p
	}
	for _, known := range []struct {
		err error
		is  advice
	}{
		{pos.ErrUnsettled, w.Unsettled},
		{pos.ErrPaid, w.AlreadyPaid},
		{pos.ErrReturned, w.Returned},
		{pos.ErrCodes, w.Codes},
		{pos.ErrUnfit, w.Unfit},
		{pos.ErrSameAmount, w.Same},
		{pos.ErrNews, w.News},
		{pos.ErrNoSale, w.NoSale},
		{pos.ErrNoPrinter, w.NoPrinter},
		{pos.ErrManyPrints, w.ManyPrints},
		{pos.ErrClosed, w.Closing},
		{pos.ErrEmptyOrder, w.EmptyOrder},
		{pos.ErrAmount, w.Amount},
		{pos.ErrQuantity, w.Quantity},
		{pos.ErrTooManyLines, w.TooManyLines},
		{context.DeadlineExceeded, w.Slow},
	} {
		if errors.Is(err, known.err) {
			return known.is.problem()
		}
	}
	return w.Own.problem()
}

// unread is why the journal could not be read for a screen.
func (w problemWords) unread(err error) problem {
	p := w.of(err, pos.Status{})
	if p == w.Own.problem() { // there is no number to write down
		return w.Unreadable.problem()
	}
	return p
}

// refused is why a sale has no code, also after a restart, when only the
// journal still knows.
func (w problemWords) refused(s pos.Snapshot, st pos.Status) problem {
	a := s.Sale.Last()
	if e, ok := errors.AsType[*paypay.Error](s.Contact.Problem); ok && e.Op == paypay.OpCreateCode && e.Code == a.Code {
		return w.of(e, st)
	}
	if a.Code == "" {
		return w.NoCode.problem()
	}
	class := paypay.Bug
	for r := range paypay.Results() {
		if r.Code == a.Code && (r.Op == "" || r.Op == paypay.OpCreateCode) && !r.Class.MoneyMayHaveMoved() {
			class = r.Class
			break
		}
	}
	return w.of(&paypay.Error{Op: paypay.OpCreateCode, Class: class, Code: a.Code, CodeID: a.CodeNo}, st)
}

// paypay is what the table of result codes says, but for what it cannot know:
// our clock, an answer that is not about this sale, and one of somebody else.
func (w problemWords) paypay(e *paypay.Error, st pos.Status) problem {
	class, code := e.Class, e.Code
	switch {
	case errors.Is(e, paypay.ErrMismatch):
		if e.Op == paypay.OpCreateCode || slices.Contains(toLook, e.Op) {
			return w.Mismatch.problem()
		}
		return w.Stray.problem()
	case class == paypay.Bug && (e.Status == unauthorized || code == paypay.Unauthorized) && code != paypay.OutOfScope:
		if st.SkewKnown && st.Skew.Abs() > clockLimit {
			return w.clock(st.Skew)
		}
		code = paypay.Unauthorized // whatever it is called
	case class == paypay.Unknown && code == "" && 200 <= e.Status && e.Status < 400:
		return problem{says: w.NotPayPay, next: w.result(e.Op, class, "", "").Do}
	case class == taken: // but it is an error
		class = paypay.Unknown
	}
	return w.result(e.Op, class, code, e.CodeID).problem()
}

// result is what the table of result codes says, in our language.
func (w problemWords) result(op paypay.Op, class paypay.Class, code paypay.ResultCode, codeID string) advice {
	r := resultOf(op, class, code, codeID)
	if w.Lang == "en" {
		return r.en
	}
	return r.ja
}

// clock says by how much the till's clock is off. The skew is PayPay's clock
// minus ours.
func (w problemWords) clock(skew time.Duration) problem {
	says := w.ClockSlow
	if skew < 0 {
		says = w.ClockFast
	}
	return problem{says: fmt.Sprintf(says, w.span(skew.Abs())), next: w.ClockDo}
}

// span is a duration in its two largest units.
func (w problemWords) span(d time.Duration) string {
	s := int(d / time.Second)
	if s >= 3600 {
		return fmt.Sprintf(w.HoursMinutes, s/3600, s/60%60)
	}
	return fmt.Sprintf(w.MinutesSeconds, s/60, s%60)
}

// quote is what PayPay's support asks for.
func quote(e *paypay.Error) string {
	var parts []string
	for _, s := range []string{e.CodeID, string(e.Code)} {
		if s != "" {
			parts = append(parts, pos.Clean(s, 40))
		}
	}
	if len(parts) == 0 && e.Status != 0 {
		parts = append(parts, fmt.Sprintf("HTTP %d", e.Status))
	}
	if e.RequestID != "" {
		parts = append(parts, "X-REQUEST-ID "+pos.Clean(e.RequestID, 64))
	}
	return strings.Join(parts, " / ")
}

// nothingThere is the journal's word for a file that is missing.
const nothingThere = "there is nothing there"

// refusal is what to say about a journal that was refused. Says has a place
// for the file's name.
func (w problemWords) refusal(r *store.Refusal) advice {
	switch r.Reason {
	case store.NotAJournal, store.Foreign:
		if r.Detail == nothingThere {
			return w.NoJournal
		}
		return w.NotAJournal
	case store.OtherTill:
		return w.OtherTill
	case store.Newer:
		return w.Newer
	case store.Damaged:
		return w.Damaged
	case store.Emptied:
		return w.Emptied
	case store.Locked:
		return w.Locked
	case store.Unwritable:
		return w.Unwritable
	case store.Unprotected:
		return w.Unprotected
	case store.Taken:
		return w.Taken
	case store.PragmaDenied:
		return w.Unsafe
	}
	return w.Unwritable
}

// catalogue names every bad line with the rule of its column.
func (w problemWords) catalogue(e *pos.CatalogError) string {
	lines := []string{fmt.Sprintf(w.Catalogue, pos.Clean(e.Name, 300))}
	for _, l := range e.Bad {
		where := fmt.Sprintf(w.CatalogueLine, l.Line)
		if l.Column != "" {
			where += " " + l.Column
		}
		if l.Value != "" {
			where += fmt.Sprintf(" %q", l.Value)
		}
		lines = append(lines, "  "+where+": "+w.rule(l))
	}
	if e.More > 0 {
		lines = append(lines, "  "+w.CatalogueMore.of(int64(e.More)))
	}
	return strings.Join(lines, "\n")
}

// rule is what a column of the catalogue has to hold.
func (w problemWords) rule(l pos.BadLine) string {
	switch l.Column {
	case "header":
		return w.RuleHeader
	case "code":
		return w.RuleCode
	case "barcode":
		return w.RuleBarcode
	case "price":
		return w.RulePrice
	case "tax":
		return w.RuleTax
	case "name", "name_en", "category":
		return w.RuleText
	case "kana":
		return w.RuleKana
	case "age":
		return w.RuleAge
	}
	return w.RuleLine
}

// advice is a sentence about what is the matter and one about what to do.
type advice struct{ Says, Do string }

func (a advice) problem() problem { return problem{says: a.Says, next: a.Do} }

type problemWords struct {
	Lang string // "ja" or "en"
	Tell string // before the code to quote

	// PayPay, beside the table of its result codes.
	NotPayPay string // something that is not PayPay has answered
	Mismatch  advice // the answer about a code is of another sale
	Stray     advice // the answer is not to what was asked
	NoCode    advice
	Own       advice

	ClockSlow, ClockFast         string // with a span
	ClockDo                      string
	HoursMinutes, MinutesSeconds string // with two numbers

	// The till.
	Journal, Unsettled, AlreadyPaid, News, NoSale, Closing       advice
	Returned, Codes, Unfit, Same, NotRepeated                    advice
	Unreadable, EmptyOrder, Amount, Quantity, TooManyLines, Slow advice
	NotAJournal, NoJournal, OtherTill, Newer, Damaged, Emptied   advice // with the file
	Locked, Unwritable, Unprotected, Taken, Unsafe               advice // with the file
	NoPrinter, ManyPrints                                        advice
	Catalogue                                                    string // with the file
	CatalogueLine                                                string // with a number
	CatalogueMore                                                plural
	RuleHeader, RuleCode, RuleBarcode, RulePrice                 string
	RuleTax, RuleText, RuleLine, RuleKana, RuleAge               string
}

func problemJa() problemWords {
	return problemWords{
		Lang: "ja", Tell: "問い合わせ番号",

		NotPayPay: "PayPayではない相手が答えました。回線やログイン画面を確認してください。",
		Mismatch:  advice{"PayPayの答えが、このお会計の内容と合いません。", "お客さまにコードを見せずに、責任者を呼んでください。"},
		Stray:     advice{"PayPayの答えが、頼んだ内容と合いません。", "何もせずに、責任者を呼んでください。"},
		NoCode:    advice{"コードを出せませんでした。請求は行われていません。", "もう一度コードを出してください。"},
		Own:       resultOf("", paypay.Bug, "", "").ja,

		ClockSlow:    "レジの時計がPayPayより%s遅れているため、PayPayに断られました。",
		ClockFast:    "レジの時計がPayPayより%s進んでいるため、PayPayに断られました。",
		ClockDo:      "このレジの日付と時刻を合わせて、もう一度コードを出してください。",
		HoursMinutes: "%d時間%d分", MinutesSeconds: "%d分%d秒",

		Journal:      advice{"取引を記録できないため、会計を止めています。", "レジが復旧を試みています。続くときは責任者を呼んでください。"},
		News:         advice{"お支払いの状態が変わりました。", "画面を確かめてください。"},
		Unsettled:    advice{"PayPayの答えを待っているお支払いがあります。", "結果が決まるまでお待ちください。"},
		AlreadyPaid:  advice{"このお会計は支払い済みです。", "新しいコードは必要ありません。"},
		Returned:     advice{"このお会計は支払われ、お金は返してあります。", "同じ商品を売るときは、新しいお会計にしてください。"},
		Codes:        advice{"このお会計では、もうコードを出せません。", "Esc で離れ、同じ商品を新しいお会計にしてください。"},
		Unfit:        advice{"PayPayの答えが、このお会計の金額や注文と違います。", "お金は動かせません。PayPayの管理画面で確かめてください。"},
		Same:         advice{"同じ金額の別の会計が、まだ確定していません。", "先にその会計を確かめてください。"},
		NotRepeated:  advice{"記録を戻す前の依頼です。PayPayは受け取っていません。", "その後にどう決めたかをPayPayの管理画面で確かめ、必要ならもう一度行ってください。"},
		NoSale:       advice{"この取引は記録にありません。", "一覧を開き直してください。"},
		NoPrinter:    advice{"プリンターが設定されていません。", "この画面を見せるか、書き写してください。"},
		ManyPrints:   advice{"印刷待ちが多すぎます。", "プリンターを直すか、Ctrl+P の画面で印刷をやめてください。"},
		Closing:      advice{"レジは終了しています。", "レジを起動し直してください。"},
		Unreadable:   advice{"取引の記録を読み込めませんでした。", "少し待ってから、もう一度開いてください。"},
		EmptyOrder:   advice{"商品がありません。", "商品か金額を入力してください。"},
		Amount:       advice{"この金額は扱えません。", "1円から99,999,999,999円までで入力してください。"},
		Quantity:     advice{"この数量は扱えません。", "1から9,999までで入力してください。"},
		TooManyLines: advice{"明細がいっぱいです(200行)。", "ここまでを先に会計してください。"},
		Slow:         advice{"レジの応答がありません。", "もう一度お試しください。"},

		NoJournal:   advice{"%s に記録ファイルがありません。", "このレジの記録の場所を指定するか、レジを一度起動して作ってください。"},
		NotAJournal: advice{"%s は、このレジの記録ファイルではありません。", "別の場所を指定するか、このファイルを移してください。"},
		OtherTill:   advice{"%s は、別のレジの記録です。", "このレジのバックアップを指定してください。それを戻してよいときは、--other-till を付けます。"},
		Newer:       advice{"%s は、新しいバージョンのrejiの記録です。", "そのバージョン以降のrejiを使ってください。"},
		Damaged:     advice{"%s は壊れています。このままでは使えません。", "ファイルに触れずに責任者を呼び、`reji journal restore FILE` でバックアップから戻してください。"},
		Emptied:     advice{"%s の記録が失われています。", "ファイルに触れずに責任者を呼び、`reji journal restore FILE` でバックアップから戻してください。"},
		Locked:      advice{"%s は、別のレジが使っています。", "先に起動しているレジを終了してください。"},
		Unwritable:  advice{"%s に書き込めません。", "ディスクの空きと、フォルダーの権限を確認してください。"},
		Taken:       advice{"%s は、もうあるファイルです。", "上書きはしません。別の名前を付けてください。"},
		Unprotected: advice{"%s は、この機械のほかの利用者も変更できます。", "フォルダーの権限を、このレジの利用者だけにしてください。"},
		Unsafe:      advice{"%s の場所では、記録を安全に残せません。", "この機械のディスクにあるフォルダーを指定してください。"},

		Catalogue:     "商品一覧 %s を読み込めませんでした。次の行を直してください。",
		CatalogueLine: "%d行目", CatalogueMore: plural{"ほか%s行", "ほか%s行"},
		RuleHeader:  "1行目に code,barcode,name,name_en,category,price,tax の名前を一つずつ書きます。順は自由で、kana と age も使えます",
		RuleCode:    "英数字とハイフンで1から20文字、ほかの商品と重ならないようにします",
		RuleBarcode: "数字だけで20桁まで、ほかの商品と重ならないようにします",
		RulePrice:   "円を、1以上の整数で、区切りなしで書きます。部門は空にします",
		RuleTax:     "standard、reduced、exempt のどれかにします",
		RuleKana:    "読みを、ひらがなかカタカナで書きます",
		RuleAge:     "買える年齢を1から99で書きます。誰でも買えるものは空にします",
		RuleText:    "100文字まで、制御文字なし。name は必ず書きます",
		RuleLine:    "UTF-8のCSVで、1行目と同じ数の列にします",
	}
}

func problemEn() problemWords {
	return problemWords{
		Lang: "en", Tell: "For support",

		NotPayPay: "Something other than PayPay answered: check the network for a login page.",
		Mismatch:  advice{"PayPay's answer does not fit this sale.", "Do not show the code to the customer. Call the manager."},
		Stray:     advice{"PayPay's answer does not fit what it was asked.", "Do nothing more with this sale. Call the manager."},
		NoCode:    advice{"There is no code. Nothing was charged.", "Show a new code."},
		Own:       resultOf("", paypay.Bug, "", "").en,

		ClockSlow:    "This till's clock is %s behind PayPay's, so PayPay refused.",
		ClockFast:    "This till's clock is %s ahead of PayPay's, so PayPay refused.",
		ClockDo:      "Set the date and time of this till, then show a new code.",
		HoursMinutes: "%d h %d min", MinutesSeconds: "%d min %d s",

		Journal:      advice{"Sales cannot be recorded, so nothing is sold.", "The till is trying to recover. If it goes on, call the manager."},
		News:         advice{"Something has happened to this sale.", "Look at the screen again."},
		Unsettled:    advice{"A payment is still waiting for PayPay's answer.", "Wait until it is settled."},
		AlreadyPaid:  advice{"This sale is paid.", "It needs no other code."},
		Returned:     advice{"This sale was paid, and its money was given back.", "To sell the same goods, make another sale."},
		Codes:        advice{"This sale has had as many codes as a sale gets.", "Leave it with Esc, and enter the same goods as another sale."},
		Unfit:        advice{"PayPay's answer does not fit this sale's amount or order.", "No money of it can be moved. Look into PayPay for Business."},
		Same:         advice{"Another sale of the same amount is not settled.", "See to that one first."},
		NotRepeated:  advice{"This was asked for before the journal was restored, and PayPay knows nothing of it.", "See in PayPay for Business what was decided since, and ask again if it is needed."},
		NoSale:       advice{"This sale is not in the journal.", "Open the list again."},
		NoPrinter:    advice{"No printer is set up.", "Show this screen, or copy it by hand."},
		ManyPrints:   advice{"Too many papers wait for the printer.", "See to the printer, or give the papers up with Ctrl+P."},
		Closing:      advice{"The till has been shut down.", "Start it again."},
		Unreadable:   advice{"The journal could not be read.", "Wait a moment, then open this again."},
		EmptyOrder:   advice{"There is nothing to sell.", "Enter an item or a price."},
		Amount:       advice{"The till cannot take this amount.", "Enter 1 to 99,999,999,999 yen."},
		Quantity:     advice{"The till cannot take this quantity.", "Enter 1 to 9,999."},
		TooManyLines: advice{"The order is full (200 lines).", "Charge what is there first."},
		Slow:         advice{"The till did not answer.", "Please try again."},

		NoJournal:   advice{"There is no journal at %s.", "Name the place of the till's journal, or start the till once, which makes one."},
		NotAJournal: advice{"%s is not a journal of this till.", "Name another place, or move this file away."},
		OtherTill:   advice{"%s is another till's.", "Name a backup of this till. If that one is meant, add --other-till."},
		Newer:       advice{"%s was written by a newer reji.", "Use that version or a later one."},
		Damaged:     advice{"%s is damaged and cannot be used as it is.", "Leave the file alone, call the manager, and bring back a backup with `reji journal restore FILE`."},
		Emptied:     advice{"%s has lost what it held.", "Leave the file alone, call the manager, and bring back a backup with `reji journal restore FILE`."},
		Locked:      advice{"%s is in use by another till.", "Close the till that was started first."},
		Unwritable:  advice{"%s cannot be written.", "Check the space on the disk and the rights on the folder."},
		Taken:       advice{"%s is there already.", "It is not written over. Give the backup another name."},
		Unprotected: advice{"%s can be changed by other users of this machine.", "Give the rights on the folder to the till's user alone."},
		Unsafe:      advice{"%s is at a place where a journal cannot be kept safely.", "Name a folder on this machine's own disk."},

		Catalogue:     "The catalogue %s was not taken. These lines need mending:",
		CatalogueLine: "line %d", CatalogueMore: plural{"and %s more line", "and %s more lines"},
		RuleHeader:  "the first line must name code,barcode,name,name_en,category,price,tax once each, in any order; kana and age are possible too",
		RuleCode:    "must be 1 to 20 letters, digits and hyphens, and no other item's",
		RuleBarcode: "must be digits, at most 20, and no other item's",
		RulePrice:   "must be whole yen, 1 or more, without separators; empty for a department",
		RuleTax:     "must be standard, reduced or exempt",
		RuleKana:    "must be how the name is read, in hiragana or katakana",
		RuleAge:     "must be the least age in years, 1 to 99; empty for anybody",
		RuleText:    "at most 100 characters and no control characters; a name is needed",
		RuleLine:    "must be CSV in UTF-8, with as many columns as the first line",
	}
}
