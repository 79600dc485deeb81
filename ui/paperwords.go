package ui

import "example.jp/reji/pos"

type paperWords struct {
	Title                    string // of all of them
	Receipt, Addressed, Slip string
	HoldNote                 string

	None     string
	ByHand   string
	Exchange string
	Twice    string
	AllBack  string
	Before   string // with a date and time
	Printing string
	Printed  string
	Dropped  string

	AgainTitle                   string // with the number of the copy
	AgainText, AgainNot, AgainDo string

	KeyPapers                                                                                string
	KeyPrint, KeyAgain, KeyDone, KeyOther, KeyAddressed, KeyTo, KeyPurpose, KeySave, KeyDrop string
}

// name is what a paper is.
func (w paperWords) name(k pos.PaperKind) string {
	switch k {
	case pos.AddressedPaper:
		return w.Addressed
	case pos.SlipPaper:
		return w.Slip
	case pos.HoldPaper:
		return w.HoldNote
	case pos.ReceiptPaper:
	}
	return w.Receipt
}

func paperJa() paperWords {
	return paperWords{
		Title: "レシートと領収書", Receipt: "レシート", Addressed: "領収書", Slip: "返金票", HoldNote: "仮押さえ控え",
		None:     "この取引には、印刷するものがありません。",
		ByHand:   "(空欄: 手で書きます)",
		Exchange: "お渡ししたレシートと引き換えにしてください。",
		Twice:    "この代金の領収書は発行済みです。",
		AllBack:  "代金はお店に残っていないため、領収書は出せません。",
		Before:   "前回 %s",
		Printing: "印刷しています。Enter で戻れます。",
		Printed:  "印刷しました。",
		Dropped:  "印刷をやめました。",

		AgainTitle: "領収書は発行済みです。%s枚目を発行しますか",
		AgainText:  "同じ代金の領収書が2枚になります。前のものを返していただいてください。新しいものには「再発行」と印字します。",
		AgainNot:   "発行しない (Esc)", AgainDo: "再発行する",

		KeyPapers: "レシート",
		KeyPrint:  "印刷する", KeyAgain: "再発行する", KeyDone: "戻る", KeyOther: "ほかの用紙", KeyAddressed: "領収書",
		KeyTo: "宛名", KeyPurpose: "但し書き", KeySave: "決定", KeyDrop: "やめる",
	}
}

func paperEn() paperWords {
	return paperWords{
		Title: "Receipts", Receipt: "Receipt", Addressed: "Addressed receipt", Slip: "Refund slip", HoldNote: "Hold note",
		None:     "There is nothing to print of this sale.",
		ByHand:   "(empty: written by hand)",
		Exchange: "Take back the receipt that the customer has.",
		Twice:    "An addressed receipt has been issued for this money.",
		AllBack:  "The shop keeps nothing of this sale, so there is no receipt for it.",
		Before:   "Last %s",
		Printing: "Printing. Enter goes back.",
		Printed:  "Printed.",
		Dropped:  "The printing was given up.",

		AgainTitle: "There is an addressed receipt already. Issue copy %s?",
		AgainText:  "There will be two for the same money. Take the first one back. The new one says that it is reissued.",
		AgainNot:   "do not issue it (Esc)", AgainDo: "reissue it",

		KeyPapers: "receipt",
		KeyPrint:  "print", KeyAgain: "reprint", KeyDone: "back", KeyOther: "other papers", KeyAddressed: "addressed",
		KeyTo: "addressee", KeyPurpose: "paid for", KeySave: "done", KeyDrop: "leave it",
	}
}
