package ui

import "example.jp/reji/pos"

type giveBackWords struct {
	Title   string
	Reading string

	// The payment.
	Number                           string // with the receipt number
	Paid, OnHold, Live               string
	Returned, Left                   string
	Settled                          string // in another way than by PayPay
	SettledToo                       string // with that amount, when it would be given back as well
	Nothing, NothingYet, NothingLate string // why nothing can be given back

	// The steps.
	WhichHead, HowHead, GoodsHead, AmountHead, AgainHead string
	ReasonHead, OtherHead, DropHead                      string
	Late                                                 string // of one payment among several
	Whole, Rest, ByGoods, ByAmount, AllHeld, AllCode     string
	Most                                                 string // with the most that can be typed
	FirstTyped                                           string // with the amount typed first
	GoodsAgain                                           string
	GoodsChosen                                          string // with what they are worth
	Reasons                                              string // one a line; the last is typed
	Sum                                                  string
	Of                                                   string // two numbers: how many of how many
	Before                                               string // with how many that came back before
	Earlier                                              string // over what was given back before

	// The way.
	Way, Until, Customer, Reason                          string // labels
	UntilTime                                             string // with a time in Japan
	DaysLeft                                              string // with a number
	TimeLeft                                              string // with a time
	Over                                                  string
	Delete, Cancel, Refund, Revert, Capture               routeWords
	WayWhy                                                string // with a way, and why
	WhyPart, WhyAfter, WhyOver, WhyDenied, WhyCapture     string // why it is a refund
	AskText                                               string // with an amount
	NotYet                                                string
	DropTitle, DropText, DropNot                          string
	OutcomeAsked, OutcomeThrottled, OutcomeDropped        said
	OutcomeDenied, OutcomeAgain                           said
	OutcomeLands, LandsTwice                              string // with a time: until when an earlier try may yet go through
	AskedAt, Answered, NextLook, OurNumber, SupportNumber string // labels

	// What a modification has come to, in a list.
	StateAsked, StateAccepted, StateConsenting, StateCarried, StateDenied, StateDropped string
	Outside                                                                             string

	// What is wrong.
	BadAmount, TooMuch string // with what is left
	Differs            string
	NoPaste, NoLetters string
	StillOpen          string // with the key that leaves
	NoScan             string
	NoGoods            string
	NoReason           string
	AllPicked          string
	News               string
	CheckedNow         string
	DropDone           string
	Instead            string // what b does after a cancel that was denied

	// The keys.
	KeyGiveBack, KeyForward, KeyUp, KeyDown, KeyMore, KeyLess, KeyNumber string
	KeyCheck, KeyDone, KeyAgain, KeyInstead, KeyDrop, KeyFurther         string
}

// routeWords are about one of PayPay's operations.
type routeWords struct {
	Name     string
	Why      string // why this one
	Customer string // what the customer will see
	Ask      string // the question, with an amount
	Do       string // the key, with an amount
	Accepted said
	Carried  said
}

func (w giveBackWords) way(v pos.Way) routeWords {
	switch v {
	case pos.WayDelete:
		return w.Delete
	case pos.WayCancel:
		return w.Cancel
	case pos.WayRefund:
		return w.Refund
	case pos.WayRevert:
		return w.Revert
	case pos.WayCapture:
		return w.Capture
	}
	return routeWords{Name: pos.Clean(string(v), 20)}
}

// state is how far a modification has come, in a word.
func (w giveBackWords) state(m pos.Modification) string {
	switch m.State {
	case pos.Asked:
		return w.StateAsked
	case pos.Accepted:
		return w.StateAccepted
	case pos.Consenting:
		return w.StateConsenting
	case pos.Carried:
		return w.StateCarried
	case pos.Denied:
		if m.Dropped {
			return w.StateDropped
		}
		return w.StateDenied
	}
	return pos.Clean(string(m.State), 20)
}

func giveBackJa() giveBackWords {
	return giveBackWords{
		Title: "返金", Reading: "読み込んでいます",
		Number: "No.%s", Paid: "支払い", OnHold: "仮押さえ", Live: "支払い待ち",
		Returned: "返金済み", Left: "返せる残り",
		Settled: "ほかの方法で", SettledToo: "記録では、%sをほかの方法で返してあります。二重に返さないよう、確かめてください。",
		Nothing:     "この取引に、返せるお金はありません。",
		NothingYet:  "PayPayの答えを待っています。支払われたかどうかが決まるまで、返金できません。",
		NothingLate: "このお支払いは、全額が返金済みです。",

		WhichHead: "どのお支払いを返しますか", HowHead: "いくら返しますか", GoodsHead: "返す商品",
		AmountHead: "返す金額", AgainHead: "確認のため、同じ金額をもう一度", ReasonHead: "理由を選んでください",
		OtherHead: "理由を入力してください", DropHead: "どのように済ませたか、入力してください",
		Late: "予定外", Whole: "全額", Rest: "残り全額", ByGoods: "商品を選ぶ", ByAmount: "金額を打つ",
		AllHeld: "仮押さえの全額", AllCode: "コードを閉じる",
		Most: "%s まで", FirstTyped: "先に打った金額: %s", GoodsAgain: "確認のため、返す金額を打ってください", GoodsChosen: "選んだ商品の金額: %s",
		Reasons: "返品\n金額の間違い\nお客さまの都合\nそのほか (入力する)",
		Sum:     "合計", Of: "%s / %s", Before: "返品済み %s", Earlier: "これまで",

		Way: "方法", Until: "期限", Customer: "お客さま", Reason: "理由",
		UntilTime: "%s (日本時間) まで", DaysLeft: "あと%s日", TimeLeft: "あと %s", Over: "過ぎています",
		Delete: routeWords{
			Name: "コードを閉じる", Why: "まだ支払われていないため",
			Customer: "コードが使えなくなります。通知はありません。",
			Ask:      "%sのコードを閉じますか", Do: "コードを閉じる (%s)",
			Accepted: said{"コードを閉じています", "支払われていないかPayPayに確かめています。"},
			Carried:  said{"コードを閉じました", "未払いです。"},
		},
		Cancel: routeWords{
			Name: "取消", Why: "全額で、取消の期限の前のため",
			Customer: "通知はありません。お支払いが取り消され、お金が戻ります。",
			Ask:      "%sのお支払いを取り消しますか", Do: "%sを取り消す",
			Accepted: said{"取消を受け付けました", "PayPayが取り消しています。済んだことを、レジが確かめます。"},
			Carried:  said{"取り消しました", "お金はお客さまに戻りました。お客さまへの通知はありません。"},
		},
		Refund: routeWords{
			Name: "返金", Why: "取消の期限を過ぎているため",
			Customer: "PayPayから通知が届き、アプリの履歴に出ます。",
			Ask:      "%sを返金しますか", Do: "%sを返金する",
			Accepted: said{"返金を受け付けました", "お客さまに、返金の受付が済んだことをお伝えください。"},
			Carried:  said{"返金しました", "お金はお客さまに戻りました。"},
		},
		Revert: routeWords{
			Name: "解除", Why: "まだ受け取っていない仮押さえのため",
			Customer: "PayPayから通知が届き、押さえた金額が戻ります。",
			Ask:      "%sの仮押さえを解除しますか", Do: "%sの仮押さえを解除する",
			Accepted: said{"解除を受け付けました", "PayPayが解除しています。"},
			Carried:  said{"仮押さえを解除しました", "押さえた金額は、お客さまに戻りました。"},
		},
		Capture: routeWords{
			Name: "確定", Why: "押さえた金額を受け取るため",
			Customer: "PayPayから通知が届きます。",
			Ask:      "%sを確定しますか", Do: "%sを確定する",
			Accepted: said{"確定を受け付けました", "PayPayが確定しています。"},
			Carried:  said{"確定しました", "お金を受け取りました。"},
		},
		WayWhy:  "%s (%s)",
		WhyPart: "一部なので、取消はできないため", WhyAfter: "一部を返金済みのため", WhyOver: "取消の期限を過ぎているため",
		WhyDenied: "PayPayが取消を受け付けなかったため", WhyCapture: "仮押さえから確定した支払いのため",
		AskText: "返したあとの残りは%sです。", NotYet: "まだ返さない (Esc)",
		DropTitle: "別の方法で済ませたことにしますか",
		DropText:  "お金は動きません。PayPayには何も頼みません。要確認から消え、理由が記録に残ります。",
		DropNot:   "まだ済んでいない (Esc)",
		OutcomeAsked: said{
			"PayPayに頼んでいます", "結果がわかるまで、もう一度返したり、現金で返したりしないでください。",
		},
		OutcomeThrottled: said{
			"1分待っています", "続けての返金は1分に1回までです。レジが自動で、もう一度頼みます。",
		},
		OutcomeDropped: said{"別の方法で済ませました", "PayPayでは、お金は動いていません。"},
		OutcomeDenied:  said{"PayPayが受け付けませんでした", "お金は動いていません。"},
		OutcomeLands:   "ただし%sまでは、先に頼んだ分があとから行われることがあります。レジが確かめ続けています。",
		LandsTwice:     "ご注意: %sまでに、先に頼んだ分が行われると、お客さまに二重に返すことになります。",
		OutcomeAgain:   said{"二重に返しています", "PayPayが断った返金が、あとから行われました。お金は別の方法でも返しています。お客さまに確かめてください。"},
		AskedAt:        "依頼", Answered: "PayPay", NextLook: "次の確認", OurNumber: "番号", SupportNumber: "問い合わせ番号",

		StateAsked: "依頼中", StateAccepted: "受付済み", StateConsenting: "お客さま待ち", StateCarried: "完了",
		StateDenied: "できず", StateDropped: "別の方法", Outside: "このレジの外",

		BadAmount: "金額は1円からです", TooMuch: "返せるのは%sまでです",
		Differs:   "金額が違います。はじめから打ち直してください",
		StillOpen: "まだ終わっていません。%s で次のお客さまへ",
		NoPaste:   "貼り付けは使えません。キーで打ってください", NoLetters: "数字で打ってください。日本語入力を切ってください (半角/全角キー)",
		NoScan: "読み取りは使えません。キーで打ってください", NoGoods: "商品を選んでください",
		NoReason: "理由を入力してください", AllPicked: "これ以上は選べません",
		News: "状態が変わりました。もう一度確かめてください", CheckedNow: "PayPayに確認しています",
		DropDone: "記録しました", Instead: "{giveback.again} を押すと、返金に替えて頼みます。",

		KeyGiveBack: "返金", KeyForward: "次へ", KeyUp: "上", KeyDown: "下", KeyMore: "1つ増やす", KeyLess: "1つ減らす",
		KeyNumber: "番号で選ぶ", KeyCheck: "今すぐ確認", KeyDone: "戻る", KeyAgain: "もう一度返金", KeyInstead: "返金に替える",
		KeyDrop: "別の方法で済ませた", KeyFurther: "続けて返金",
	}
}

func giveBackEn() giveBackWords {
	return giveBackWords{
		Title: "Give back", Reading: "Reading",
		Number: "No.%s", Paid: "Paid", OnHold: "Held", Live: "Waiting",
		Returned: "given back", Left: "left to give back",
		Settled: "otherwise", SettledToo: "The journal says that %s was settled in another way. Make sure that the customer does not get it twice.",
		Nothing:     "There is no money of this sale to give back.",
		NothingYet:  "Waiting for PayPay's answer. Nothing can be given back before it is known whether this was paid.",
		NothingLate: "All of this payment has been given back.",

		WhichHead: "Which payment?", HowHead: "How much?", GoodsHead: "Goods that come back",
		AmountHead: "Amount to give back", AgainHead: "The same amount once more", ReasonHead: "Reason",
		OtherHead: "Type the reason", DropHead: "Type how it was settled",
		Late: "unexpected", Whole: "all of it", Rest: "all that is left", ByGoods: "by goods", ByAmount: "by amount",
		AllHeld: "all that is held", AllCode: "shut the code",
		Most: "up to %s", FirstTyped: "typed first: %s", GoodsAgain: "To be sure: type the amount to give back", GoodsChosen: "The goods come to %s",
		Reasons: "goods returned\nwrong amount\ncustomer changed their mind\nother (to be typed)",
		Sum:     "Sum", Of: "%s / %s", Before: "%s came back", Earlier: "So far",

		Way: "Way", Until: "Until", Customer: "Customer", Reason: "Reason",
		UntilTime: "%s in Japan", DaysLeft: "%s days left", TimeLeft: "%s left", Over: "over",
		Delete: routeWords{
			Name: "shut the code", Why: "nobody has paid yet",
			Customer: "The code no longer works. There is no message.",
			Ask:      "Shut the code for %s?", Do: "shut the code (%s)",
			Accepted: said{"Shutting the code", "Asking PayPay whether it was paid."},
			Carried:  said{"The code is shut", "Not paid."},
		},
		Cancel: routeWords{
			Name: "cancel", Why: "all of it, and in time",
			Customer: "No message. The payment is undone, and the money comes back.",
			Ask:      "Cancel the payment of %s?", Do: "cancel %s",
			Accepted: said{"Cancel accepted", "PayPay is cancelling. The till checks that it is done."},
			Carried:  said{"Cancelled", "The customer has the money back. PayPay sends no message."},
		},
		Refund: routeWords{
			Name: "refund", Why: "it is too late to cancel",
			Customer: "A message from PayPay, and a line in the app's history.",
			Ask:      "Refund %s?", Do: "refund %s",
			Accepted: said{"Refund accepted", "Tell the customer that the refund has been accepted."},
			Carried:  said{"Refunded", "The customer has the money back."},
		},
		Revert: routeWords{
			Name: "let go", Why: "nothing has been taken yet",
			Customer: "A message from PayPay. What was held comes back.",
			Ask:      "Let go of the %s that are held?", Do: "let go of %s",
			Accepted: said{"Accepted", "PayPay is letting the amount go."},
			Carried:  said{"Let go", "The customer has back what was held."},
		},
		Capture: routeWords{
			Name: "capture", Why: "to take what is held",
			Customer: "A message from PayPay.",
			Ask:      "Take %s of what is held?", Do: "take %s",
			Accepted: said{"Accepted", "PayPay is taking the amount."},
			Carried:  said{"Taken", "The money has been taken."},
		},
		WayWhy:  "%s: %s",
		WhyPart: "a part cannot be cancelled", WhyAfter: "a part was refunded before", WhyOver: "it is too late to cancel",
		WhyDenied: "PayPay did not cancel it", WhyCapture: "it was held first, then captured",
		AskText: "After this, %s are left.", NotYet: "not yet (Esc)",
		DropTitle: "Was it settled in another way?",
		DropText:  "This moves no money, and PayPay is asked for nothing. It goes off the list, and the reason is written down.",
		DropNot:   "not settled yet (Esc)",
		OutcomeAsked: said{
			"Asking PayPay", "Until the outcome is known, do not give it back again and give no cash back.",
		},
		OutcomeThrottled: said{
			"Waiting a minute", "PayPay takes one refund a minute. The till asks again by itself.",
		},
		OutcomeDropped: said{"Settled in another way", "PayPay has moved no money."},
		OutcomeDenied:  said{"PayPay did not do it", "No money has moved."},
		OutcomeLands:   "But until %s, an earlier try may still go through. The till goes on checking.",
		LandsTwice:     "Careful: the earlier try may still go through until %s. Then the customer gets it twice.",
		OutcomeAgain:   said{"Given back twice", "PayPay had refused this, and did it after all. It was given back in another way too: see to it with the customer."},
		AskedAt:        "Asked", Answered: "PayPay", NextLook: "Next look", OurNumber: "Number", SupportNumber: "For support",

		StateAsked: "asking", StateAccepted: "accepted", StateConsenting: "customer asked", StateCarried: "done",
		StateDenied: "not done", StateDropped: "another way", Outside: "outside this till",

		BadAmount: "An amount is 1 yen or more", TooMuch: "At most %s can be given back",
		Differs:   "The amounts differ. Please type it again.",
		StillOpen: "This has not come to its end. %s goes to the next customer.",
		NoPaste:   "Pasting is not possible here. Please type it.", NoLetters: "Digits only. Is an input method on?",
		NoScan: "Scanning is not possible here. Please type it.", NoGoods: "Choose the goods first",
		NoReason: "Type a reason first", AllPicked: "There are no more of it",
		News: "Something has changed. Please look again.", CheckedNow: "Asking PayPay",
		DropDone: "Written down", Instead: "{giveback.again} asks for a refund instead.",

		KeyGiveBack: "give back", KeyForward: "go on", KeyUp: "up", KeyDown: "down", KeyMore: "one more", KeyLess: "one less",
		KeyNumber: "choose", KeyCheck: "check now", KeyDone: "back", KeyAgain: "give back again", KeyInstead: "refund instead",
		KeyDrop: "settled another way", KeyFurther: "give back more",
	}
}
