package ui

import (
	"reflect"
	"strings"

	"example.jp/reji/pos"
)

// words is every text of the screens in one language. Each screen's part
// stands in that screen's file, both languages side by side.
type words struct {
	Common  commonWords
	Sale    saleWords
	Search  searchWords
	Entry   entryWords
	Park    parkWords
	Quick   quickWords
	Payment paymentWords
	Palette paletteWords
	Problem problemWords
	Receipt receiptWords
	Slip    slipWords
	Kept    holdPaperWords
	Paper   paperWords
	Printer printerWords
	Follow  followWords
	Hold    holdWords
	Holds   holdsWords
	Support supportWords
	Help    helpWords
	Keys    keyWords
	BadKey  badKeyWords
	Plain   plainWords
	Paid    paidWords
	List    listWords
	Detail  detailWords

	GiveBack giveBackWords
	Tasks    tasksWords

	Accounting accountingWords
}

// commonWords are those that more than one screen needs.
type commonWords struct {
	Lang string // "ja" or "en"

	// The modes, in the header.
	Training, Sandbox, Staging, Production string
	TrainingBanner                         string

	// The header: how PayPay was last heard of.
	PayPayOK      string // with seconds
	PayPayOKLong  string // with minutes
	PayPayUnsure  string
	PayPayDown    string
	PayPayTrouble string // PayPay answers, but not usefully
	JournalShort  string
	Unsettled     string // with a count
	Attention     string // with a count
	JournalBad    string
	TooSmall      string // with the size it is, width and height
	TooSmallTiny  string

	// States of a sale, in lists.
	Waiting, Unclear, Settled, LatePaid, Unpaid, Returned, Changing, HeldOpen, PartReturned, Released string

	// Tax rates.
	Standard, Reduced, Exempt string
	ReducedMark               string

	// The price line without a name.
	PriceLine string

	// Keys that many screens have.
	KeyHelp, KeyCommands, KeyBack, KeyConfirm string

	// Ending the program.
	QuitAgain   string
	QuitParks   string // with the total of the order in hand
	QuitLoses   string // the same
	QuitParking string
	QuitLosing  string
	QuitTitle   string
	QuitText    plural
	QuitKey     string
	StayKey     string
	TooSoon     string // with a key that answers a question, but not yet
	NotAnswered string // a command took too long
}

// newWords are the words of a language, with the till's own keys.
func newWords(lang string) *words { return keyedWords(lang, keymap{}) }

// keyedWords are the words of a language that name keys as the shop has put
// them: {sale.park} stands for the key that parks an order.
func keyedWords(lang string, m keymap) *words {
	w := unkeyedWords(lang)
	names := w.keyNames(m)
	var walk func(reflect.Value)
	walk = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.String:
			if text := v.String(); strings.Contains(text, "{") {
				v.SetString(names.Replace(text))
			}
		case reflect.Struct:
			for _, field := range v.Fields() {
				walk(field)
			}
		default: // words are texts
		}
	}
	walk(reflect.ValueOf(w).Elem())
	return w
}

// keyNames puts the names of keys into a text.
func (w *words) keyNames(m keymap) *strings.Replacer {
	var names []string
	for _, a := range w.actions() {
		if a.name != "" {
			names = append(names, "{"+string(a.at)+"."+a.name+"}", keyName(m.shown(a.at, a.keys[0])))
		}
	}
	return strings.NewReplacer(names...)
}

func unkeyedWords(lang string) *words {
	if strings.HasPrefix(lang, "en") {
		return &words{
			Common: commonEn(),
			Detail: detailEn(),
			List:   listEn(),
			Paid:   paidEn(),
			Help:   helpEn(),
			Sale:   saleEn(), Search: searchEn(), Entry: entryEn(), Park: parkEn(), Quick: quickEn(), Payment: paymentEn(), Palette: paletteEn(),
			Keys: keysEn(), BadKey: badKeyEn(), Plain: plainEn(),
			Problem: problemEn(), Receipt: receiptEn(), Slip: slipEn(), Kept: holdPaperEn(), Paper: paperEn(), Printer: printerEn(),
			GiveBack: giveBackEn(), Tasks: tasksEn(), Accounting: accountingEn(),
			Follow: followEn(), Hold: holdEn(), Holds: holdsEn(), Support: supportEn(),
		}
	}
	return &words{
		Common: commonJa(),
		Detail: detailJa(),
		List:   listJa(),
		Paid:   paidJa(),
		Help:   helpJa(),
		Sale:   saleJa(), Search: searchJa(), Entry: entryJa(), Park: parkJa(), Quick: quickJa(), Payment: paymentJa(), Palette: paletteJa(),
		Keys: keysJa(), BadKey: badKeyJa(), Plain: plainJa(),
		Problem: problemJa(), Receipt: receiptJa(), Slip: slipJa(), Kept: holdPaperJa(), Paper: paperJa(), Printer: printerJa(),
		GiveBack: giveBackJa(), Tasks: tasksJa(), Accounting: accountingJa(),
		Follow: followJa(), Hold: holdJa(), Holds: holdsJa(), Support: supportJa(),
	}
}

// translated is the words in the other language.
func (w *words) translated() *words {
	if w.Common.Lang == "en" {
		return newWords("ja")
	}
	return newWords("en")
}

func commonJa() commonWords {
	return commonWords{
		Lang:     "ja",
		Training: "練習", Sandbox: "サンドボックス", Staging: "ステージング", Production: "本番",
		TrainingBanner: "*** 練習モード: お金は動きません ***",
		PayPayOK:       "PayPay %d秒前 OK", PayPayOKLong: "PayPay %d分前 OK",
		PayPayUnsure: "PayPay 未確認", PayPayDown: "PayPay つながりません", PayPayTrouble: "PayPay エラー",
		JournalShort: "記録できません",
		Unsettled:    "未確定 %d", Attention: "要確認 %d",
		JournalBad:   "記録できないため、会計を止めています。復旧を試みています。",
		TooSmall:     "画面は60x20以上が必要です(今は%dx%d)",
		TooSmallTiny: "60x20以上に",
		Waiting:      "支払い待ち", Unclear: "確認中", Settled: "支払い済み",
		LatePaid: "要確認", Unpaid: "未払い", Returned: "返金済み",
		Changing: "手続き中", HeldOpen: "仮押さえ中", PartReturned: "一部返金", Released: "解除済み",
		Standard: "10%", Reduced: "8%", Exempt: "非課税", ReducedMark: "*",
		PriceLine: "金額入力",
		KeyHelp:   "ヘルプ", KeyCommands: "操作一覧", KeyBack: "戻る", KeyConfirm: "決定",
		QuitAgain: "終了するには、もう一度 Ctrl+C を押してください",
		QuitParks: "もう一度 Ctrl+C で終了します。注文 %s は保留します",
		QuitLoses: "もう一度 Ctrl+C で終了。注文 %s は保留できず消えます", QuitParking: "入力中の注文は保留します。", QuitLosing: "入力中の注文は保留できず、消えます。",
		QuitTitle: "レジを終了しますか",
		QuitText: plural{
			"結果が確定していないお支払いが%s件あります。終了している間は確認が止まり、次に起動したときに続きを行います。",
			"結果が確定していないお支払いが%s件あります。終了している間は確認が止まり、次に起動したときに続きを行います。",
		},
		QuitKey:     "終了する",
		StayKey:     "終了しない",
		TooSoon:     "押し続けかもしれません。1 秒おいて %s を押してください",
		NotAnswered: "レジの応答がありません。もう一度お試しください。",
	}
}

func commonEn() commonWords {
	return commonWords{
		Lang:     "en",
		Training: "TRAINING", Sandbox: "SANDBOX", Staging: "STAGING", Production: "LIVE",
		TrainingBanner: "*** TRAINING: no money moves ***",
		PayPayOK:       "PayPay OK %ds ago", PayPayOKLong: "PayPay OK %dm ago",
		PayPayUnsure: "PayPay not asked yet", PayPayDown: "PayPay unreachable", PayPayTrouble: "PayPay error",
		JournalShort: "cannot record",
		Unsettled:    "unsettled %d", Attention: "attention %d",
		JournalBad:   "Nothing can be recorded, so nothing is sold. Trying to recover.",
		TooSmall:     "The till needs 60x20 (this is %dx%d)",
		TooSmallTiny: "needs 60x20",
		Waiting:      "waiting", Unclear: "checking", Settled: "paid",
		LatePaid: "attention", Unpaid: "not paid", Returned: "refunded",
		Changing: "in progress", HeldOpen: "held", PartReturned: "part back", Released: "released",
		Standard: "10%", Reduced: "8%", Exempt: "no tax", ReducedMark: "*",
		PriceLine: "price entered",
		KeyHelp:   "help", KeyCommands: "commands", KeyBack: "back", KeyConfirm: "choose",
		QuitAgain: "Press Ctrl+C again to end",
		QuitParks: "Ctrl+C again ends; the order (%s) will be parked",
		QuitLoses: "Ctrl+C again ends and LOSES the order (%s): not parked", QuitParking: "The order in hand will be parked.", QuitLosing: "The order in hand cannot be parked, and will be lost.",
		QuitTitle: "End the till?",
		QuitText: plural{
			"%s payment is not settled. While the till is off nobody checks it; that goes on when the till starts again.",
			"%s payments are not settled. While the till is off nobody checks them; that goes on when the till starts again.",
		},
		QuitKey:     "end",
		StayKey:     "do not end",
		TooSoon:     "Held down, or too soon: wait a second, then press %s.",
		NotAnswered: "The till did not answer. Please try again.",
	}
}

// standing is a sale's standing in a word.
func (w commonWords) standing(s pos.Standing) string {
	switch s {
	case pos.Waiting:
		return w.Waiting
	case pos.Unclear:
		return w.Unclear
	case pos.Settled:
		return w.Settled
	case pos.LatePaid:
		return w.LatePaid
	case pos.Unpaid:
		return w.Unpaid
	case pos.Returned:
		return w.Returned
	case pos.Changing:
		return w.Changing
	case pos.HeldOpen:
		return w.HeldOpen
	case pos.PartReturned:
		return w.PartReturned
	case pos.Released:
		return w.Released
	}
	return pos.Clean(string(s), 20)
}

// rate is a tax rate in a word.
func (w commonWords) rate(r pos.Rate) string {
	switch r {
	case pos.Standard:
		return w.Standard
	case pos.Reduced:
		return w.Reduced
	case pos.Exempt:
		return w.Exempt
	}
	return pos.Clean(string(r), 20)
}

// mode is which PayPay the till talks to, in a word.
func (w commonWords) mode(m Mode) string {
	switch m {
	case Training:
		return w.Training
	case Sandbox:
		return w.Sandbox
	case Staging:
		return w.Staging
	case Production:
		return w.Production
	}
	return pos.Clean(string(m), 20)
}

// itemName is a line's name in the language of the screen, safe to show.
func (w commonWords) itemName(l pos.Line) string {
	name := l.Name
	if w.Lang == "en" && l.NameEn != "" {
		name = l.NameEn
	}
	if name == "" {
		name = w.PriceLine
	}
	return pos.Clean(name, 100)
}

// mark is what stands behind goods of a rate.
func (w commonWords) mark(r pos.Rate) string {
	if r == pos.Reduced {
		return w.ReducedMark
	}
	return ""
}

// goods is what was sold as it is called on this screen, at most so many
// characters of it.
func (w commonWords) goods(japanese, english string, most int) string {
	if w.Lang == "en" && english != "" {
		return pos.Clean(english, most)
	}
	return pos.Clean(japanese, most)
}
