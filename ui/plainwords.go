package ui

type plainWords struct {
	Welcome   string // with the shop and the mode
	Help      string // one line each
	Added     string // with the name, the price and the quantity
	Item      string // with number, name, price, quantity, sum
	Pieces    plural
	Total     string // with pieces and yen
	NoItem    string // with the number
	NotKnown  string // with the line
	NotPaying string
	Price     string // with a department's name and code
	Age       string // with an age, and the word that charges
	Paying    string
	Over      string
	NotOver   string
	Same      string // with the word that charges
	SameNew   string
	Next      string
	Paid      string // with the amount, our number and PayPay's
	Screens   string
	Code      string // with the amount, the time left and the address
	Till      string
	PayPay    string // with a time
	Unsettled plural
	NextFirst string

	Waiting     string // with how many orders
	Parked      string // with a number
	WhichParked string
	RecallFirst string
	Losing      string

	Tasks      string // with how many
	Task       string
	WhichTask  string
	AllSettled string
	More       string
	NoMore     string
	WhichSale  string
	NoSale     string // with a number
	Looked     string

	Hold       string
	WhichHold  string
	CodeOfHold string // as Code
	HoldAmount string // with what is held
	HeldNow    string
	NotHeld    string

	Choose   string // how the questions are answered
	Answer   string // with a key and what it does
	NotYet   string
	Goods    string
	GoodsOf  string // with number, name, price, how many there are and come back
	Type     string
	Leave    string
	Outcome  string
	Stopped  string
	Found    string
	Printing string
}

func plainJa() plainWords {
	return plainWords{
		Welcome: "%s %s。商品コードか金額を入れてください。help で使い方が出ます。",
		Help: "12: 商品コード12の商品、なければ12円 (標準税率)。3*12: それを3個。r100: 100円 (軽減税率)。091 500: 部門091で500円。yen 150000: 6桁以上の金額。\n" +
			"list: 明細を読む。void: 最後の行を取り消す。pay: PayPayで会計。reserve: PayPayで仮押さえ (まだ受け取らない)。\n" +
			"会計中は、cancel: 支払いをやめる。new: 新しいコード。check: 今すぐ確認。qr: コードをもう一度。next: 次のお客さまへ。back: 注文に戻る。\n" +
			"park: 注文を保留。park 山田: 名前をつけて保留。parked: 保留中の注文。recall 1: 1番を呼び出す。\n" +
			"holds: 仮押さえ一覧。hold 123: 123番の仮押さえを確定するか、解除する。会計中は hold だけ。\n" +
			"sales: 今日の取引。more: その前の取引。sale 123: 123番の内容。refund 123: 123番のお金を返す。\n" +
			"tasks: 確認が必要なもの。task 1: その1番を扱う。unsettled: 結果がまだわからないお支払い。\n" +
			"練習では、customer pays: お客さまが払う。customer fails: 支払いが失敗する。\n" +
			"quit: レジを終了。注文は保留されます。",
		Added: "追加: %s %s x %s", Item: "%s行目 %s %s x %s = %s", Pieces: plural{"%s点", "%s点"}, Total: "合計 %s %s",
		NoItem:   "商品コード %s はありません。6桁以上の金額は yen をつけて入れてください。",
		NotKnown: "「%s」はわかりません。help で使い方が出ます。", NotPaying: "会計中ではありません。",
		Price: "%s の金額を、%s 500 のように入れてください。", Age: "%d歳未満の方には売れない商品があります。確かめたら grown と入れ、もう一度 %s を入れてください。",
		Paying: "会計中です。cancel、new、check、qr、next のどれかを入れてください。",
		Over:   "この支払いはもう終わっています。", NotOver: "結果がまだわからないか、支払い済みです。",
		Same:    "少し前に同じ金額の会計があり、結果がまだ確定していません。別のお客さまなら、もう一度 %s を入れてください。",
		SameNew: "同じ金額の別の会計が、まだ確定していません。別のお客さまなら、もう一度 new を入れてください。",
		Next:    "次のお客さまの注文を入れてください。", Paid: "%sを受け取りました。レシート番号 %s、PayPay決済番号 %s。next で次のお客さまへ。",
		Screens: "続きは、通常の画面で行ってください。next で次のお客さまへ。",
		Code:    "お支払い額 %s、残り時間 %s。コードのアドレス: %s", CodeOfHold: "仮押さえする額 %s、残り時間 %s。コードのアドレス: %s", Till: "レジ", PayPay: "PayPay %s",
		Unsettled: plural{
			"結果が確定していないお支払いが%s件あります。終了するには、もう一度 quit を入れてください。",
			"結果が確定していないお支払いが%s件あります。終了するには、もう一度 quit を入れてください。",
		},
		NextFirst: "先に next を入れてください。",
		Waiting:   "保留中の注文が%s件あります。parked で読み上げます。", Parked: "注文を%d番に保留しました。", WhichParked: "recall 1 のように、parked にある番号をつけてください。",
		RecallFirst: "先に、いまの注文を pay で会計するか、park で保留してください。",
		Losing:      "注文を保留できません。注文を捨てて終了するには、もう一度 quit を入れてください。",
		Tasks:       "確認が必要なものが%s件あります。tasks で読み上げます。", Task: "task 1 のように入れると、その番号を扱います。", WhichTask: "task 1 のように、tasks にある番号をつけてください。",
		AllSettled: "結果がわからないお支払いはありません。", More: "続きは more で読み上げます。", NoMore: "これより前の取引はありません。",
		WhichSale: "sale 123 や refund 123 のように、レシート番号をつけてください。", NoSale: "No.%s の取引はありません。",
		Looked: "レジが確かめ続けています。", Hold: "hold 123 のように入れると、その仮押さえを扱います。",
		WhichHold:  "hold 123 のように、レシート番号をつけてください。いまの注文を仮押さえするには reserve を入れてください。",
		HoldAmount: "確定する金額を入れてください。all: 仮押さえの全額 %s。",
		HeldNow:    "PayPayが金額を押さえています。まだ受け取っていません。hold で確定か解除。next で次のお客さまへ。",
		NotHeld:    "この取引に仮押さえはありません。",
		Choose:     "番号を入れてください。back: 1つ戻る。stop: やめる。", Answer: "%s を入れる: %s", NotYet: "ほかは何もしません。stop: やめる。",
		Goods: "1 2 のように、行と返す数を入れてください。done: 次へ。back: 1つ戻る。stop: やめる。", GoodsOf: "%s行目 %s %s x %s、返すのは%s個",
		Type: "入れてください。back: 1つ戻る。stop: やめる。", Leave: "stop: 終わる。", Outcome: "stop: 終わる。レジは確かめ続けます。", Stopped: "終わりました。注文に戻ります。",
		Found:    "PayPayの管理画面でこの間の取引を開き、sales にない支払いや返金を書き出してください。確かめた人と、わかったことを1行で入れてください。stop: やめる。",
		Printing: "印刷をもう一度試しています。",
	}
}

func plainEn() plainWords {
	return plainWords{
		Welcome: "%s, %s. Enter a code or a price. help says how.",
		Help: "12: the item with code 12, else 12 yen at the standard rate. 3*12: three of it. r100: 100 yen at the reduced rate. 091 500: 500 yen of the department 091. yen 150000: a price of six digits or more.\n" +
			"list: read the order. void: take the last line out. pay: pay with PayPay. reserve: have PayPay hold the amount, to be taken later.\n" +
			"While paying, cancel: stop the payment. new: new code. check: ask PayPay now. qr: the code again. next: next customer. back: back to the order.\n" +
			"park: put the order aside. park SMITH: with a name. parked: the orders that wait. recall 1: take up number 1.\n" +
			"holds: what PayPay holds. hold 123: take what is held of number 123, or let it go. While paying, hold alone.\n" +
			"sales: today's sales. more: earlier ones. sale 123: what number 123 is. refund 123: give its money back.\n" +
			"tasks: what needs attention. task 1: see to the first of them. unsettled: payments without an outcome.\n" +
			"In training, customer pays: the customer pays. customer fails: the payment fails.\n" +
			"quit: end the till. The order is parked.",
		Added: "added: %s %s x %s", Item: "line %s: %s %s x %s = %s", Pieces: plural{"%s piece", "%s pieces"}, Total: "total: %s, %s",
		NoItem:   "There is no item %s. For a price of six digits or more, write yen in front.",
		NotKnown: "\"%s\" is not understood. help says how.", NotPaying: "Nothing is being paid.",
		Price: "Enter the price of %s, such as %s 500.", Age: "Some goods may not be sold to anybody under %d. When you have checked, enter grown, then %s again.",
		Paying: "A payment is under way. Enter cancel, new, check, qr or next.",
		Over:   "This payment has ended.", NotOver: "Its result is not known yet, or it is paid.",
		Same:    "A payment of the same amount, a moment ago, is not settled. If this is another customer, enter %s again.",
		SameNew: "Another payment of the same amount is not settled. If it is another customer's, enter new again.",
		Next:    "Enter the next customer's order.", Paid: "%s was received. Receipt number %s, PayPay's number %s. next goes to the next customer.",
		Screens: "Go on with this one on the ordinary screens. next goes to the next customer.",
		Code:    "To pay: %s, time left %s. The code's address: %s", CodeOfHold: "To hold: %s, time left %s. The code's address: %s", Till: "the till", PayPay: "PayPay at %s",
		Unsettled: plural{
			"%s payment is not settled. Enter quit again to end all the same.",
			"%s payments are not settled. Enter quit again to end all the same.",
		},
		NextFirst: "Enter next first.",
		Waiting:   "Parked orders: %s. parked reads them out.", Parked: "The order is parked as number %d.", WhichParked: "Enter a number that parked reads out, such as recall 1.",
		RecallFirst: "First pay or park this order.",
		Losing:      "The order cannot be parked. Enter quit again to end without it.",
		Tasks:       "Needing attention: %s. tasks reads them out.", Task: "task 1, and so on, sees to one of them.", WhichTask: "Enter a number that tasks reads out, such as task 1.",
		AllSettled: "Every payment is settled.", More: "more goes on.", NoMore: "There are no earlier ones.",
		WhichSale: "Enter a receipt number, such as sale 123 or refund 123.", NoSale: "There is no sale No.%s.",
		Looked: "The till goes on checking.", Hold: "hold 123, and so on, sees to one of them.",
		WhichHold:  "Enter a receipt number, such as hold 123. To hold the amount of this order, enter reserve.",
		HoldAmount: "Enter the amount to capture. all: all that is held, %s.",
		HeldNow:    "PayPay holds the amount. Nothing is taken yet. hold takes it or lets it go. next goes to the next customer.",
		NotHeld:    "Nothing is held of this sale.",
		Choose:     "Enter a number. back: one step back. stop: leave.", Answer: "enter %s: %s", NotYet: "Nothing else does anything. stop: leave.",
		Goods: "Enter a line and how many come back, such as 1 2. done: go on. back: one step back. stop: leave.", GoodsOf: "line %s: %s %s x %s, %s of them come back",
		Type: "Enter it. back: one step back. stop: leave.", Leave: "stop: leave.", Outcome: "stop: leave. The till goes on checking.", Stopped: "Left. The order goes on.",
		Found:    "Open the payments of that time in PayPay for Business, and note every payment and refund that sales does not have. Then enter, in one line, who compared and what was found. stop: leave.",
		Printing: "Trying the printer again.",
	}
}
