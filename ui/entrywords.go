package ui

// entryWords are what the sale screen says about lines and what is typed.
type entryWords struct {
	TaxChanged string
	Not, Why   string

	// Lines.
	VoidTitle    string // with name and price
	VoidReasons  reasons
	VoidMark     string
	VoidAlready  string
	VoidOf       string // with the reason
	NumberOf     string // with a name
	QuantitySet  string // with name and number
	PriceOf      string // with a name
	PriceTitle   string // with name, old and new price
	PriceReasons reasons
	PriceSet     string // with name and price
	PriceMark    string
	PriceWas     string // with the old price and the reason
	Note         string
	NoteDone     string
	NoteMark     string
	NoteIs       string // with the note

	// Discounts.
	OffHow, OffTitle, OffText string
	OffLine                   string // with name and discount
	OffAll                    string // with discount
	OffLineNone, OffAllNone   string
	OffWhy                    string // with what it comes to
	OffDone                   string // with what and discount
	OffNone, OffOf, OffWhole  string // with what, twice; the whole order
	OffIs                     string // with discount and reason
	OffOrder                  string // with discount, and what it comes to
	SetGone                   string // with the set's name
	SetLeft                   string // with the set's name and how many are whole
	NothingToPay              string

	EatIn, TakeOut                     string // with a percentage
	EatInMark                          string // with a percentage
	Redone                             string // with what
	EatInName, AllName                 string // what a step back can be about
	NothingToRedo                      string
	AbandonTitle                       string // with the total
	AbandonText                        string
	AbandonParked                      string
	AbandonDo, AbandonNot              string
	Abandoned                          string
	LargeTitle                         string // with the amount
	LargeText                          string
	LargeDo, LargeNot                  string
	ManyTitle                          string // with name, quantity and amount
	ManyText                           string
	Man, Oku, Yen                      string // how large amounts are said; "-" where they are said in thousands
	Misread                            string // with the code
	ReturnHow                          string
	AgeTitle                           string // with an age
	AgeText                            string // with an age, and the goods
	And                                string // between goods
	AgeDo                              string // with an age
	AgeNot                             string
	AgeMark                            string // with an age
	KeySave                            string
	KeyDrop                            string
	KeyQuantity                        string
	KeyNote                            string
	KeyPrice                           string
	KeyOff                             string
	KeyEatIn                           string
	KeyRedo                            string
	KeyAbandon                         string
	LessonMany, LessonOff, LessonPrice string
}

func entryJa() entryWords {
	return entryWords{
		TaxChanged: "税率が変わりました。合計を確かめて、もう一度会計してください",
		Not:        "変えない (Esc)", Why: "理由を番号で選んでください。",
		VoidTitle: "取消: %s %s", VoidReasons: reasons{"打ち間違い", "お客さまの都合", "品切れ・不良", "その他"},
		VoidMark: "取消", VoidAlready: "この行は取消済みです。u で戻せます", VoidOf: "取消の理由: %s",
		NumberOf: "%s の個数", QuantitySet: "%s を %s個にしました",
		PriceOf: "%s の値段", PriceTitle: "%s: %s を %s にします",
		PriceReasons: reasons{"値札と違う", "見切り・期限", "きず・汚れ", "責任者の指示"},
		PriceSet:     "%s を %s にしました", PriceMark: "値替", PriceWas: "元の値段 %s (%s)",
		Note: "メモ", NoteDone: "メモを書きました", NoteMark: "メモ", NoteIs: "メモ: %s",
		OffHow: "値引き (円か%)", OffTitle: "値引き: %s", OffText: "何から、いくら引きますか。",
		OffLine: "%s から %s", OffAll: "会計全体から %s", OffLineNone: "%s の値引きをやめる", OffAllNone: "全体の値引きをやめる",
		OffWhy: "%s の値引き", OffDone: "%s を値引き: %s", OffNone: "%s の値引きをやめました", OffOf: "%s の値引き", OffWhole: "会計全体", OffIs: "値引き %s %s", OffOrder: "全体 %s",
		SetGone: "%s のセット値引きはなくなりました", SetLeft: "%s のセット値引きは %sセット分です",
		NothingToPay: "お支払いの金額がありません",
		EatIn:        "店内飲食: 飲食料品も%d%%です", TakeOut: "持ち帰り: 飲食料品は%d%%です", EatInMark: "店内飲食 %d%%",
		Redone: "やり直しました: %s", EatInName: "店内/持ち帰り", AllName: "注文", NothingToRedo: "やり直せる操作がありません",
		AbandonTitle: "この注文 (%s) を消しますか", AbandonText: "入れた商品がすべて画面から消えます。お支払いは始まっていません。",
		AbandonParked: "保留していた注文です。保留の一覧 ({sale.recall}) からも消えます。",
		AbandonNot:    "注文に戻る (Esc)", AbandonDo: "注文を消して、次のお客さまへ", Abandoned: "注文を消しました",
		LargeTitle: "%s で、まちがいありませんか", LargeText: "高い金額です。桁を確かめてください。", LargeDo: "このまま入れる", LargeNot: "入れない (Esc)",
		ManyTitle: "%s %s個、%s で、まちがいありませんか", ManyText: "個数か金額が大きいです。桁を確かめてください。",
		Man: "万", Oku: "億", Yen: "%s円", Misread: "読み違いです: %s。もう一度読み取ってください",
		ReturnHow: "返品は、一覧 ({sale.list}) で元の会計を開き、{detail.giveback} で返金します",
		AgeTitle:  "%d歳以上の方ですか", AgeText: "%d歳未満の方には売れません: %s\n身分証で確かめてください。", And: "、",
		AgeDo: "%d歳以上と確かめた", AgeNot: "注文に戻る (Esc)", AgeMark: "%d歳以上 確認済み",
		KeySave: "書く", KeyDrop: "やめる", KeyQuantity: "行の個数", KeyNote: "メモ", KeyPrice: "値段を変える", KeyOff: "値引き",
		KeyEatIn: "店内/持ち帰り", KeyRedo: "やり直す", KeyAbandon: "注文を消す",
		LessonMany: "選んだ行を10個に", LessonOff: "値引き (10円か10%、行か全体)", LessonPrice: "選んだ行の値段を120円に",
	}
}

func entryEn() entryWords {
	return entryWords{
		TaxChanged: "The tax rates have changed. Check the total, then charge again.",
		Not:        "leave it as it is (Esc)", Why: "Choose the reason by its number.",
		VoidTitle: "Take back: %s %s", VoidReasons: reasons{"typed wrong", "the customer's wish", "sold out or faulty", "other"},
		VoidMark: "void", VoidAlready: "This line is void. u brings it back.", VoidOf: "Void because: %s",
		NumberOf: "Quantity of %s", QuantitySet: "%s: quantity %s",
		PriceOf: "Price of %s", PriceTitle: "%s: %s becomes %s",
		PriceReasons: reasons{"another price on the label", "marked down", "damaged", "the manager's order"},
		PriceSet:     "%s now costs %s", PriceMark: "price", PriceWas: "listed at %s (%s)",
		Note: "Note", NoteDone: "Note written", NoteMark: "note", NoteIs: "Note: %s",
		OffHow: "Discount (yen or %)", OffTitle: "Discount: %s", OffText: "Off what, and how much?",
		OffLine: "off %s: %s", OffAll: "off the whole order: %s", OffLineNone: "no discount on %s", OffAllNone: "no discount on the whole order",
		OffWhy: "Discount of %s", OffDone: "Off %s: %s", OffNone: "No discount on %s now", OffOf: "discount on %s", OffWhole: "the whole order", OffIs: "Discount %s %s", OffOrder: "all %s",
		SetGone: "No price off for %s now", SetLeft: "Price off for %s: %s of it",
		NothingToPay: "There is nothing to pay",
		EatIn:        "Eating in: food and drink too at %d%%", TakeOut: "Taking out: food and drink at %d%%", EatInMark: "eat in %d%%",
		Redone: "Done again: %s", EatInName: "eat in/take out", AllName: "the order", NothingToRedo: "Nothing to redo",
		AbandonTitle: "Give this order (%s) up?", AbandonText: "All of it leaves the screen. Nothing has been charged.",
		AbandonParked: "It was parked: it leaves the list of parked orders ({sale.recall}) too.",
		AbandonNot:    "back to the order (Esc)", AbandonDo: "give it up, next customer", Abandoned: "Order given up",
		LargeTitle: "Is %s right?", LargeText: "That is a large amount. Please check its digits.", LargeDo: "add it", LargeNot: "do not add it (Esc)",
		ManyTitle: "%s: is %s of it, %s, right?", ManyText: "That is a large quantity or amount. Please check its digits.",
		Man: "-", Oku: "-", Yen: "¥%s", Misread: "Misread: %s. Please scan again.",
		ReturnHow: "To take goods back, open their sale in the list ({sale.list}) and press {detail.giveback}.",
		AgeTitle:  "Is the customer %d or older?", AgeText: "Not to be sold to anybody under %d: %s\nPlease check.", And: ", ",
		AgeDo: "checked: %d or older", AgeNot: "back to the order (Esc)", AgeMark: "%d or older: checked",
		KeySave: "save", KeyDrop: "cancel", KeyQuantity: "line quantity", KeyNote: "note", KeyPrice: "line price", KeyOff: "discount",
		KeyEatIn: "eat in/take out", KeyRedo: "redo", KeyAbandon: "give the order up",
		LessonMany: "ten of the selected line", LessonOff: "discount (10 yen or 10%, line or order)", LessonPrice: "the selected line for 120 yen",
	}
}
