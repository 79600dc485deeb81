package ui

// tongue is a language of customers. The zero one is the till's own.
type tongue int

const (
	tillsOwn tongue = iota
	japanese
	english
	chinese
	korean
)

// next is the language after the one that is shown, in the order of the key.
func (t tongue) next(till string) tongue {
	if t == tillsOwn {
		t = japanese
		if till == "en" {
			t = english
		}
	}
	return t%korean + 1
}

// customerWords are what the customer reads on the payment screen.
type customerWords struct {
	Asking, Wait, Waiting, Replacing, Doubled, Unpaid, Failed, Staff string
	HoldWaiting, HoldDoubled, HoldFailed                             string
}

// toCustomer is what a phase says to the customer in another language than the
// till's, and false where it is the till's own that is to be said.
func (t tongue) toCustomer(p phase, hold bool) (string, bool) {
	var w customerWords
	switch t {
	case chinese:
		w = customerZh()
	case korean:
		w = customerKo()
	case japanese:
		return paymentJa().phases(p, hold).Customer, true
	case english:
		return paymentEn().phases(p, hold).Customer, true
	case tillsOwn:
		return "", false
	}
	if hold {
		w.Waiting, w.Doubled, w.Failed = w.HoldWaiting, w.HoldDoubled, w.HoldFailed
	}
	switch p {
	case asking:
		return w.Asking, true
	case waiting:
		return w.Waiting, true
	case replacing:
		return w.Replacing, true
	case doubled:
		return w.Doubled, true
	case failed:
		return w.Failed, true
	case mismatched, unfit:
		return w.Staff, true
	case lost, closed, expired, refused:
		return w.Unpaid, true
	case unclear, checking, closing:
	}
	return w.Wait, true
}

func customerZh() customerWords {
	const moment = "请稍候。"
	return customerWords{
		Asking: "正在准备付款码。\n" + moment, Wait: "正在确认您的付款。\n" + moment,
		Waiting: "请使用PayPay应用扫描此码。", Replacing: "正在准备新的付款码。\n" + moment,
		Doubled: "已确认您的付款。\n" + moment, Unpaid: "尚未付款。\n" + moment,
		Failed: "付款未成功。\n请查看您的PayPay应用。", Staff: "很抱歉，工作人员正在确认。\n" + moment,
		HoldWaiting: "现在只是预授权，尚未付款。", HoldDoubled: "已确认预授权。\n" + moment,
		HoldFailed: "预授权未成功。\n请查看您的PayPay应用。",
	}
}

func customerKo() customerWords {
	const moment = "잠시만 기다려 주십시오."
	return customerWords{
		Asking: "코드를 준비하고 있습니다.\n" + moment, Wait: "결제를 확인하고 있습니다.\n" + moment,
		Waiting: "PayPay 앱으로 코드를 스캔해 주십시오.", Replacing: "새 코드를 준비하고 있습니다.\n" + moment,
		Doubled: "결제가 확인되었습니다.\n" + moment, Unpaid: "아직 결제되지 않았습니다.\n" + moment,
		Failed: "결제되지 않았습니다.\nPayPay 앱을 확인해 주십시오.", Staff: "죄송합니다. 직원이 확인하고 있습니다.\n" + moment,
		HoldWaiting: "승인만 진행되며 아직 결제되지 않습니다.", HoldDoubled: "승인이 확인되었습니다.\n" + moment,
		HoldFailed: "승인되지 않았습니다.\nPayPay 앱을 확인해 주십시오.",
	}
}
