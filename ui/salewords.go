package ui

type saleWords struct {
	Title string

	// The columns.
	ColumnName, ColumnUnit, ColumnQuantity, ColumnAmount string

	// The sums.
	Total   string
	Pieces  plural
	RateOf  string // with a rate
	RateTax string // with the tax inside

	// The input line.
	Input       string
	PreviewItem string // name and price of one
	PreviewAsk  string // name of a department
	PreviewPay  string // what Enter and r make of an amount
	Quantity    string // with a number

	// An empty order.
	EmptyTitle                                     string
	EmptyCode, EmptyPrice, EmptyReduced, EmptyMany string
	EmptyFind, EmptyScan                           string

	// The help, beside what an empty order says.
	LessonScan, LessonScanned, LessonNumber, LessonClear string

	// The goods beside the order.
	Goods, NoGoods string

	// What went wrong.
	UnknownCode   string // with the code
	NoItem        string // with what was typed
	BadAmount     string
	BadQuantity   string
	NoLetters     string
	NoLetter      string // with the key
	Percent       string
	NothingOpen   string
	NoPaste       string
	NoSuchKey     string
	Full          string
	EmptyOrder    string
	InputLeft     string
	NothingUndone string
	Charging      string
	TooLarge      string

	// What happened.
	Added    string // with a name
	Voided   string // with a name
	Undone   string // with what
	Resumed  string
	Kept     string // an unpaid order could not come back
	TimedOut string

	// Another sale of the same amount is under way.
	AgainTitle                   string // with its amount
	AgainText                    string // with number, how long ago, and how it stands
	AgainNot, AgainOpen, AgainDo string

	// The keys.
	KeyPayPay, KeyHold, KeyList, KeyLook, KeyOpen, KeySearch, KeyReduced, KeyQuantity string
	KeyMore, KeyLess, KeyVoid, KeyUndo, KeyUp, KeyDown, KeyInputLine                  string
}

func saleJa() saleWords {
	return saleWords{
		Title:      "注文入力",
		ColumnName: "品名", ColumnUnit: "単価", ColumnQuantity: "数量", ColumnAmount: "金額",
		Total: "合計", Pieces: plural{"%s点", "%s点"}, RateOf: "%s対象", RateTax: "(内税 %s)",
		Input: "入力", PreviewItem: "%s  %s", PreviewAsk: "%s  Enter で金額を打ちます",
		PreviewPay: "Enter %s (税%d%%)   r %s (税%d%%)", Quantity: "x%s",
		EmptyTitle:   "商品を入れてください",
		EmptyScan:    "バーコードを読み取るか、番号を打ちます",
		EmptyCode:    "商品コード",
		EmptyPrice:   "金額 (税%d%%)",
		EmptyReduced: "金額 (軽減税率 %d%%)",
		EmptyMany:    "個数を先に",
		EmptyFind:    "商品名で探す",
		LessonScan:   "読み取り", LessonScanned: "登録のある商品を入れる",
		LessonNumber: "商品コード、なければ金額 (税%d%%)",
		LessonClear:  "打ちかけの番号を消す",
		Goods:        "商品", NoGoods: "当てはまる商品がありません",
		UnknownCode:   "登録のないコードです: %s",
		NoItem:        "商品コード %s はありません",
		BadAmount:     "金額は1円から99,999,999,999円までです",
		BadQuantity:   "個数は1から9,999までです",
		NoLetters:     "文字は使えません。日本語入力を切ってください (半角/全角キー)",
		NoLetter:      "%s は、ここでは使いません",
		Percent:       "値引きは 10 {sale.discount} のように。円か%かは次に選びます",
		NothingOpen:   "要確認はありません",
		NoPaste:       "貼り付けは使えません。キーで打ってください",
		NoSuchKey:     "このキーは使いません。? で使えるキーが出ます",
		Full:          "一度に入れられるのは200行までです",
		EmptyOrder:    "商品がまだ入っていません",
		InputLeft:     "入力の途中です。Enter で入れるか、Esc で消してください",
		NothingUndone: "戻せる操作がありません",
		Charging:      "記録しています",
		TooLarge:      "合計が大きすぎるため、入れられません",
		Added:         "追加: %s",
		Voided:        "取消: %s",
		Undone:        "元に戻しました: %s",
		Resumed:       "お支払いは行われていません。注文を続けられます",
		Kept:          "お支払いのなかった注文は一覧 ({sale.list}) にあります",
		TimedOut:      "時間がかかっています。もう一度押してください",
		AgainTitle:    "同じ%sの会計が、まだ終わっていません",
		AgainText:     "No.%s (%s、%s) です。同じお客さまなら、二重に支払うおそれがあります。",
		AgainNot:      "注文に戻る (Esc)", AgainOpen: "その会計を開く", AgainDo: "別のお客さまなので、会計する",
		KeyPayPay: "PayPayで会計", KeyHold: "仮押さえ", KeyList: "一覧", KeyLook: "要確認を開く", KeyOpen: "未確定の会計", KeySearch: "探す",
		KeyReduced: "軽減税率で入力", KeyQuantity: "個数", KeyMore: "1つ増やす", KeyLess: "1つ減らす",
		KeyVoid: "取消", KeyUndo: "元に戻す", KeyUp: "上の行", KeyDown: "下の行", KeyInputLine: "入力をやり直す",
	}
}

func saleEn() saleWords {
	return saleWords{
		Title:      "Order",
		ColumnName: "Item", ColumnUnit: "Price", ColumnQuantity: "Qty", ColumnAmount: "Amount",
		Total: "Total", Pieces: plural{"%s pc", "%s pcs"}, RateOf: "at %s", RateTax: "(tax %s)",
		Input: "Input", PreviewItem: "%s  %s", PreviewAsk: "%s  Enter asks for the price",
		PreviewPay: "Enter %s (%d%%)   r %s (%d%%)", Quantity: "x%s",
		EmptyTitle:   "Ready for the next customer",
		EmptyScan:    "Scan a bar code, or type a number",
		EmptyCode:    "item code",
		EmptyPrice:   "price (tax %d%%)",
		EmptyReduced: "price (reduced, %d%%)",
		EmptyMany:    "quantity first",
		EmptyFind:    "find by name",
		LessonScan:   "scanner", LessonScanned: "adds the item of a bar code",
		LessonNumber: "item code, or else price (tax %d%%)",
		LessonClear:  "clears what is typed",
		Goods:        "Goods", NoGoods: "no such goods",
		UnknownCode:   "Unknown code: %s",
		NoItem:        "No item %s",
		BadAmount:     "An amount is 1 to 99,999,999,999 yen",
		BadQuantity:   "A quantity is 1 to 9,999",
		NoLetters:     "Letters do nothing here. Is an input method on?",
		NoLetter:      "%s does nothing here",
		Percent:       "10 {sale.discount} takes off 10 yen or 10%: it asks which",
		NothingOpen:   "Nothing needs attention",
		NoPaste:       "Pasting is not possible here. Please type it.",
		NoSuchKey:     "This key does nothing here. ? shows the keys.",
		Full:          "An order has at most 200 lines",
		EmptyOrder:    "The order is empty",
		InputLeft:     "Still typed: press Enter to add it, or Esc to clear it.",
		NothingUndone: "Nothing to undo",
		Charging:      "Writing the sale down",
		TooLarge:      "The total would be too large",
		Added:         "Added: %s",
		Voided:        "Removed: %s",
		Undone:        "Undone: %s",
		Resumed:       "Not paid. The order is here again.",
		Kept:          "The unpaid order is in the list ({sale.list})",
		TimedOut:      "This takes long. Please press the key again.",
		AgainTitle:    "Another sale of %s is not settled",
		AgainText:     "It is No.%s (%s, %s). If this is the same customer, they may pay twice.",
		AgainNot:      "back to the order (Esc)", AgainOpen: "open that sale", AgainDo: "another customer: charge it",
		KeyPayPay: "PayPay", KeyHold: "hold", KeyList: "list", KeyLook: "needs attention", KeyOpen: "open payment", KeySearch: "find",
		KeyReduced: "at the reduced rate", KeyQuantity: "quantity", KeyMore: "one more", KeyLess: "one less",
		KeyVoid: "remove", KeyUndo: "undo", KeyUp: "line up", KeyDown: "line down", KeyInputLine: "clear the input",
	}
}
