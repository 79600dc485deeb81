package ui

type paymentWords struct {
	Title      string
	TitleHold  string
	Amount     string
	AmountHold string
	Receipt    string // with the receipt number
	MoreLines  plural

	// Times.
	TimeLeft, Elapsed string
	Seconds           string // with a number
	SeenAs            string // with PayPay's word
	NotKnown          string // PayPay denies a code that is shown

	// Phases.
	Asking, Unclear, Waiting, Checking, Mismatched, Closing, Replacing, Doubled phaseWords
	Lost, Failed, Closed, Expired, Unfit, Refused                               phaseWords

	// The same where the amount is only to be held.
	HoldUnclear, HoldWaiting, HoldDoubled, HoldFailed, HoldClosed, HoldRefused phaseWords

	// The code cannot be drawn.
	CodeTooBig string // with the size needed
	CodeBroken string

	// Dialogs.
	KeepWaiting             string
	GiveUpTitle, GiveUpText string
	NewTitle, NewText       string
	EscTitle, EscText       string
	SameNot, SameDo         string // another sale of the same amount is not settled

	// Keys.
	KeyGiveUp, KeyGiveUpHold, KeyNew, KeyBack, KeyEsc, KeyTongue string
}

// phaseWords say how a payment stands: in a word and a sentence to the
// cashier, and politely to the customer.
type phaseWords struct{ Word, Cashier, Customer string }

// phases are the words of a phase, of a payment or of a hold.
func (w paymentWords) phases(p phase, hold bool) phaseWords {
	if hold {
		w.Unclear, w.Waiting, w.Doubled = w.HoldUnclear, w.HoldWaiting, w.HoldDoubled
		w.Failed, w.Closed, w.Refused = w.HoldFailed, w.HoldClosed, w.HoldRefused
	}
	switch p {
	case asking:
		return w.Asking
	case unclear:
		return w.Unclear
	case waiting:
		return w.Waiting
	case checking:
		return w.Checking
	case mismatched:
		return w.Mismatched
	case closing:
		return w.Closing
	case replacing:
		return w.Replacing
	case doubled:
		return w.Doubled
	case lost:
		return w.Lost
	case failed:
		return w.Failed
	case closed:
		return w.Closed
	case expired:
		return w.Expired
	case unfit:
		return w.Unfit
	case refused:
		return w.Refused
	}
	return w.Unclear
}

func paymentJa() paymentWords {
	const wait = "お支払いの結果を確認しております。\n少々お待ちください。"
	const unpaid = "お支払いはまだ行われておりません。\n少々お待ちください。"
	return paymentWords{ //nolint:gosec // words for people, not credentials
		Title: "PayPayで会計", TitleHold: "PayPayで仮押さえ", Amount: "お支払い額", AmountHold: "仮押さえ額", Receipt: "No.%s", MoreLines: plural{"ほか%s行", "ほか%s行"},
		TimeLeft: "残り時間", Elapsed: "経過", Seconds: "%d秒",
		SeenAs:   "PayPayの状態: %s",
		NotKnown: "PayPayは、このコードを(まだ)知らないと答えています。続くときは {payment.new} で新しいコードを出してください。",

		Asking: phaseWords{
			"コード準備中", "PayPayにコードを頼んでいます。",
			"コードを準備しております。\n少々お待ちください。",
		},
		Unclear: phaseWords{
			"結果を確認しています", "PayPayの答えが届いていません。支払われたかどうかわかるまで、別のお支払いを受けないでください。", wait,
		},
		Waiting: phaseWords{
			"お支払い待ち", "お客さまがコードを読み取ります。", "PayPayアプリで読み取ってください。",
		},
		Checking: phaseWords{
			"結果を確認しています", "コードの時間が終わりました。支払われていないかPayPayに確かめています。", wait,
		},
		Mismatched: phaseWords{
			"内容が合いません", "PayPayの答えが、このお会計と違います。コードは見せられません。責任者を呼んでください。",
			"恐れ入ります。\n係の者が確認しております。\n少々お待ちください。",
		},
		Closing: phaseWords{
			"支払いを止めています", "コードを消し、支払われていないかPayPayに確かめています。", wait,
		},
		Replacing: phaseWords{
			"コードを替えています", "前のコードを消しています。支払われていなければ、新しいコードが出ます。",
			"新しいコードを準備しております。\n少々お待ちください。",
		},
		Doubled: phaseWords{
			"支払い済みです", "前のコードで支払われました。今のコードは自動で消しています。",
			"お支払いを確認いたしました。\n少々お待ちください。",
		},
		Lost: phaseWords{
			"コードを出せません", "PayPayの答えが届きませんでした。請求は行われません。{payment.new} で新しいコードを出せます。", unpaid,
		},
		Failed: phaseWords{
			"支払いできませんでした", "PayPayアプリを確認していただくか、別の方法でお願いします。",
			"お支払いできませんでした。\nPayPayアプリをご確認ください。",
		},
		Closed: phaseWords{
			"支払いをやめました", "未払いです。このコードは使えません。", unpaid,
		},
		Expired: phaseWords{
			"時間切れです", "未払いです。このコードは使えません。{payment.new} で新しいコードを出せます。", unpaid,
		},
		Unfit: phaseWords{
			"答えが合いません", "PayPayの答えが、金額か注文と合いませんでした。分かっている限り未払いです。責任者を呼んでください。",
			"恐れ入ります。\n係の者が確認しております。\n少々お待ちください。",
		},
		Refused: phaseWords{
			"コードを出せません", "未払いです。請求は行われていません。", unpaid,
		},

		HoldUnclear: phaseWords{
			"結果を確認しています", "仮押さえされたかどうか、まだわかりません。別のお支払いを受けないでください。", wait,
		},
		HoldWaiting: phaseWords{
			"仮押さえ待ち", "お客さまがコードを読み取ります。金額を押さえるだけで、代金はまだ受け取りません。",
			"お支払いはまだ確定しません",
		},
		HoldDoubled: phaseWords{
			"仮押さえ済みです", "前のコードで仮押さえされました。今のコードは自動で消しています。",
			"仮押さえを確認いたしました。\n少々お待ちください。",
		},
		HoldFailed: phaseWords{
			"仮押さえできませんでした", "PayPayアプリを確認していただくか、別の方法でお願いします。",
			"仮押さえできませんでした。\nPayPayアプリをご確認ください。",
		},
		HoldClosed: phaseWords{
			"仮押さえをやめました", "何も押さえられていません。このコードは使えません。", unpaid,
		},
		HoldRefused: phaseWords{
			"コードを出せません", "何も押さえられていません。請求は行われていません。", unpaid,
		},

		CodeTooBig: "コードを出すには、画面を%dx%d以上にしてください。",
		CodeBroken: "このコードは画面に出せません。責任者を呼んでください。",

		KeepWaiting: "このまま待つ (Esc)",
		GiveUpTitle: "支払いをやめますか",
		GiveUpText:  "コードを消してから、支払われていないかPayPayに確かめます。先に支払われていたら、支払い済みになります。",
		NewTitle:    "新しいコードを出しますか",
		NewText:     "今のコードを消します。支払われていないことを確かめてから、新しいコードを出します。",
		SameNot:     "コードを出さない (Esc)", SameDo: "別のお客さまなので、コードを出す",
		EscTitle: "お支払いの途中です",
		EscText:  "離れても、レジは確認を続けます。",

		KeyGiveUp: "支払いをやめる", KeyGiveUpHold: "仮押さえ中止", KeyNew: "新しいコード", KeyBack: "注文に戻る", KeyEsc: "離れる", KeyTongue: "お客さまの言語",
	}
}

func paymentEn() paymentWords {
	const wait = "We are checking your payment.\nOne moment, please."
	const unpaid = "Nothing has been paid yet.\nOne moment, please."
	return paymentWords{ //nolint:gosec // words for people, not credentials
		Title: "Pay with PayPay", TitleHold: "Hold with PayPay", Amount: "To pay", AmountHold: "To hold", Receipt: "No.%s", MoreLines: plural{"and %s more line", "and %s more lines"},
		TimeLeft: "Time left", Elapsed: "Elapsed", Seconds: "%d s",
		SeenAs:   "PayPay says: %s",
		NotKnown: "PayPay does not know this code (yet). If this stays, press {payment.new} for a new one.",

		Asking: phaseWords{
			"Preparing", "Asking PayPay for a code.", "Your code is being prepared.\nOne moment, please.",
		},
		Unclear: phaseWords{
			"Result not known yet", "PayPay has not answered. Until it is known whether it was paid, do not take another payment.", wait,
		},
		Waiting: phaseWords{
			"Waiting for payment", "The customer scans the code.", "Please scan the code with the PayPay app.",
		},
		Checking: phaseWords{
			"Result not known yet", "The code's time is over. Asking PayPay whether it was paid.", wait,
		},
		Mismatched: phaseWords{
			"This does not fit", "PayPay's answer is about another amount or order. The code is hidden. Call the manager.",
			"We are looking into this.\nOne moment, please.",
		},
		Closing: phaseWords{
			"Stopping the payment", "Deleting the code, then asking PayPay whether it was paid.", wait,
		},
		Replacing: phaseWords{
			"Changing the code", "Deleting the old code. If it was not paid, a new one follows.",
			"A new code is being prepared.\nOne moment, please.",
		},
		Doubled: phaseWords{
			"Paid already", "An earlier code was paid. This one is being deleted.",
			"Your payment has arrived.\nOne moment, please.",
		},
		Lost: phaseWords{
			"No code", "PayPay's answer did not arrive. Nothing is charged. {payment.new} makes a new code.", unpaid,
		},
		Failed: phaseWords{
			"Payment failed", "Ask the customer to look at the PayPay app, or use another way to pay.",
			"The payment did not go through.\nPlease look at your PayPay app.",
		},
		Closed: phaseWords{
			"Payment stopped", "Not paid. This code no longer works.", unpaid,
		},
		Expired: phaseWords{
			"Time is over", "Not paid. This code no longer works. {payment.new} makes a new one.", unpaid,
		},
		Unfit: phaseWords{
			"This did not fit", "PayPay's answer was about another amount or order. Not paid as far as is known. Call the manager.",
			"We are looking into this.\nOne moment, please.",
		},
		Refused: phaseWords{
			"No code", "Not paid. Nothing was charged.", unpaid,
		},

		HoldUnclear: phaseWords{
			"Result not known yet", "Whether the amount is held is not known yet. Do not take another payment.", wait,
		},
		HoldWaiting: phaseWords{
			"Waiting for the hold", "The customer scans the code. The amount is only held: nothing is taken yet.",
			"Held only: you do not pay yet.",
		},
		HoldDoubled: phaseWords{
			"Held already", "An earlier code was used: the amount is held. This one is being deleted.",
			"The amount is held.\nOne moment, please.",
		},
		HoldFailed: phaseWords{
			"The hold failed", "Ask the customer to look at the PayPay app, or use another way to pay.",
			"The hold did not go through.\nPlease look at your PayPay app.",
		},
		HoldClosed: phaseWords{
			"Hold stopped", "Nothing is held. This code no longer works.", unpaid,
		},
		HoldRefused: phaseWords{
			"No code", "Nothing is held, and nothing was charged.", unpaid,
		},

		CodeTooBig: "To show the code the window must be %dx%d or more.",
		CodeBroken: "This code cannot be shown. Call the manager.",

		KeepWaiting: "keep waiting (Esc)",
		GiveUpTitle: "Stop this payment?",
		GiveUpText:  "The code is deleted, and PayPay is asked whether it was paid. If the customer was faster, the sale is paid.",
		NewTitle:    "Make a new code?",
		NewText:     "The code on the screen is deleted. A new one follows when PayPay has confirmed that nobody paid it.",
		SameNot:     "no new code (Esc)", SameDo: "another customer: show a code",
		EscTitle: "A payment is under way",
		EscText:  "If you leave, the till goes on checking.",

		KeyGiveUp: "stop payment", KeyGiveUpHold: "stop hold", KeyNew: "new code", KeyBack: "back to the order", KeyEsc: "leave", KeyTongue: "customer's language",
	}
}
