package ui

import (
	"slices"

	"example.jp/reji/paypay"
)

// result is a line of the table of PayPay's result codes: what an answer means
// to the cashier, and what to do about it.
type result struct {
	class  paypay.Class
	code   paypay.ResultCode // "" is every other code, and an answer without one
	codeID string            // "" is any
	ops    []paypay.Op       // nil is any
	ja, en advice            // one that does not say what to do leaves that to its class
}

// taken stands for the class of an answer that is no error: PayPay has done what
// it was asked for, or will. Codes to pay with are not among them: how they
// stand is for the payment's screen to say, which knows the state of the order.
const taken paypay.Class = -1

// resultOf is the first line of the table that fits. Code, codeId and operation
// say what happened, and the class what is known of the money: a code that comes
// with another class than its own says nothing any more, and the class is heard
// instead. A class that nobody knows is heard as an unknown outcome.
func resultOf(op paypay.Op, class paypay.Class, code paypay.ResultCode, codeID string) result {
	for i := range results {
		r := &results[i]
		if r.class != class || r.code != code ||
			r.codeID != "" && r.codeID != codeID || r.ops != nil && !slices.Contains(r.ops, op) {
			continue
		}
		found := *r
		if found.ja.Do == "" {
			rest := resultOf(op, class, "", "")
			found.ja.Do, found.en.Do = rest.ja.Do, rest.en.Do
		}
		return found
	}
	if code != "" {
		return resultOf(op, class, "", "")
	}
	return resultOf(op, paypay.Unknown, "", "")
}

// Operations in which an answer means the same to a cashier.
var (
	toPay     = []paypay.Op{paypay.OpPay, paypay.OpPreauthorize, paypay.OpPayContinuous}
	toCharge  = slices.Concat([]paypay.Op{paypay.OpCreateCode}, toPay)
	toLook    = []paypay.Op{paypay.OpCodePayment, paypay.OpPayment, paypay.OpPendingPayment, paypay.OpDeleteCode}
	toCancel  = []paypay.Op{paypay.OpCancelPayment, paypay.OpRevert, paypay.OpCancelPendingPayment}
	toRefund  = []paypay.Op{paypay.OpRefund, paypay.OpRefundDetails}
	toCapture = []paypay.Op{paypay.OpCapture}
	toChange  = []paypay.Op{paypay.OpReauthorize}
	toReward  = []paypay.Op{
		paypay.OpGiveCashback, paypay.OpCashback, paypay.OpReverseCashback, paypay.OpCashbackReversal,
	}
	// Nothing moves and nothing is settled by these.
	toAsk = []paypay.Op{
		paypay.OpCreateLinkSession, paypay.OpAuthorization, paypay.OpUnlink, paypay.OpProfile, paypay.OpCheckBalance,
		paypay.OpWalletBalance, paypay.OpPaymentMethods, paypay.OpExpectedCashback,
	}
)

// What to do, where many lines say the same.
const (
	callJa  = "責任者を呼んでください。"
	callEn  = "Call the manager."
	otherJa = "別の方法で会計してください。"
	otherEn = "Use another way to pay."
	appJa   = "PayPayアプリを確認していただくか、別の方法で会計してください。"
	appEn   = "Ask the customer to look at the PayPay app, or use another way to pay."
	wayJa   = "アプリで支払い方法を変えていただくか、別の方法で会計してください。"
	wayEn   = "Let the customer choose another method in the app, or pay another way."
	capJa   = "アプリで上限を変えていただくか、別の方法で会計してください。"
	capEn   = "Let the customer raise it in the app, or use another way to pay."
	linkJa  = "連携をやり直していただくか、別の方法で会計してください。"
	linkEn  = "Let the customer link again, or use another way to pay."
	heldJa  = "仮押さえの金額までで確定するか、責任者を呼んでください。"
	heldEn  = "Capture no more than is held, or call the manager."
	backJa  = "責任者を呼び、別の方法で返金してください。"
	backEn  = "Call the manager, and refund another way."
	waitJa  = "確認を続けています。まだ別のお支払いを受けないでください。"
	waitEn  = "The till goes on checking. Do not take another payment yet."
	keepJa  = "結果がわかるまで、再度の返金や、現金での返金をしないでください。"
	keepEn  = "Until the outcome is known, do not refund again and give no cash back."
)

// results are read from the top. First what a code says, then at the end what a
// class says where no code says more.
//
// A line of the classes Unknown and State never asks for another payment or
// refund, unless the till has seen first that there was none.
var results = [...]result{
	// All operations.
	{
		paypay.Bug, "UNAUTHORIZED", "", nil,
		advice{"このレジのPayPay設定に問題があります。", "責任者を呼んでください。キー、加盟店ID、接続先の確認が必要です。"},
		advice{"PayPay is not set up correctly on this register.", "Call the manager: key, merchant id and host have to be checked."},
	},
	{
		paypay.Bug, "OP_OUT_OF_SCOPE", "", nil,
		advice{"この操作は、PayPayとの契約に入っていません。", "責任者を呼んでください。契約の確認が必要です。"},
		advice{"The contract with PayPay does not cover this.", "Call the manager: the contract has to be checked."},
	},
	{
		paypay.Bug, "OPA_CLIENT_NOT_FOUND", "", nil,
		advice{"このレジのキーがPayPayに見つかりません。", "責任者を呼んでください。キー、加盟店ID、接続先の確認が必要です。"},
		advice{"PayPay does not know this register's key.", "Call the manager: key, merchant id and host have to be checked."},
	},
	{
		paypay.Failed, "ORDER_NO_LONGER_AVAILABLE", "", nil,
		advice{"古い取引のため、PayPayでは扱えません。", callJa},
		advice{"This sale is too old for PayPay to handle.", callEn},
	},
	{
		paypay.Retry, "MAINTENANCE_MODE", "", toAsk,
		advice{"PayPayはメンテナンス中です。", otherJa},
		advice{"PayPay is under maintenance.", otherEn},
	},
	{
		paypay.Retry, "MAINTENANCE_MODE", "", nil,
		advice{Says: "PayPayはメンテナンス中です。"},
		advice{Says: "PayPay is under maintenance."},
	},
	{
		paypay.Unknown, "MAINTENANCE_MODE", "", nil,
		advice{Says: "PayPayはメンテナンス中です。"},
		advice{Says: "PayPay is under maintenance."},
	},
	{
		paypay.Retry, "SERVICE_UNDER_MAINTENANCE", "", toAsk,
		advice{"PayPayはメンテナンス中です。", otherJa},
		advice{"PayPay is under maintenance.", otherEn},
	},
	{
		paypay.Retry, "SERVICE_UNDER_MAINTENANCE", "", nil,
		advice{Says: "PayPayはメンテナンス中です。"},
		advice{Says: "PayPay is under maintenance."},
	},
	{
		paypay.Unknown, "SERVICE_UNDER_MAINTENANCE", "", nil,
		advice{Says: "PayPayはメンテナンス中です。"},
		advice{Says: "PayPay is under maintenance."},
	},
	{
		paypay.State, "RESOURCE_NOT_FOUND", "", nil,
		advice{Says: "PayPayに、この取引の記録が(まだ)ありません。"},
		advice{Says: "PayPay does not know this sale (yet)."},
	},
	{
		paypay.Bug, "RESOURCE_NOT_FOUND", "", nil,
		advice{Says: "PayPayに、この取引が見つかりません。"},
		advice{Says: "PayPay cannot find this sale."},
	},

	// Create a code.
	{
		paypay.State, "DUPLICATE_DYNAMIC_QR_REQUEST", "", nil,
		advice{Says: "この番号のコードは、すでに作られています。"},
		advice{Says: "There is a code with this number already."},
	},
	{
		paypay.Bug, "PRE_AUTH_CAPTURE_UNSUPPORTED_MERCHANT", "", nil,
		advice{"仮押さえは、PayPayとの契約に入っていません。", "仮押さえなしで会計するか、責任者を呼んでください。"},
		advice{"The contract with PayPay does not cover holding money.", "Charge without a hold, or call the manager."},
	},
	{
		paypay.Bug, "PRE_AUTH_CAPTURE_INVALID_EXPIRY_DATE", "", nil,
		advice{"仮押さえの期限を、PayPayが受け付けません。", "責任者を呼んでください。期限の設定の確認が必要です。"},
		advice{"PayPay does not accept how long the money is to be held.", "Call the manager: that setting has to be checked."},
	},

	// Look up or delete a code.
	{
		paypay.Failed, "DYNAMIC_QR_PAYMENT_NOT_FOUND", "", nil,
		advice{"PayPayに、このコードのお支払いはありません。", "レジに未払いと出たら、新しいコードを出してください。"},
		advice{"PayPay has no payment with this code.", "When the till says that it is not paid, show a new code."},
	},
	{
		paypay.State, "DYNAMIC_QR_ALREADY_PAID", "", nil,
		advice{"このコードは、すでに支払われています。", "お支払いを確認しています。別のお支払いを受けないでください。"},
		advice{"This code has been paid already.", "The till is looking it up. Do not take another payment."},
	},
	{
		paypay.State, "DYNAMIC_QR_NOT_FOUND", "", nil,
		advice{Says: "このコードは、もうPayPayにありません。"},
		advice{Says: "PayPay does not have this code any more."},
	},
	{
		paypay.State, "DYNAMIC_QR_BAD_REQUEST", "", nil,
		advice{Says: "PayPayはコードを消しませんでした。"},
		advice{Says: "PayPay did not take the code back."},
	},

	// Cancel.
	{
		paypay.State, "ORDER_NOT_REVERSIBLE", "", nil,
		advice{"取消の期限(翌日0時15分)を過ぎたか、取り消せない状態です。", "レジに支払い済みと出たら、代わりに返金してください。"},
		advice{"It is too late to cancel (after 00:15 the next day), or it cannot be.", "When the till says that it is paid, refund it instead."},
	},

	// Refund.
	{
		paypay.Failed, "INVALID_PARAMS", "00200015", toRefund,
		advice{"返金額が、返金できる残りの金額を超えています。", "金額を確かめて、入力し直してください。"},
		advice{"That is more than is left to refund.", "Check the amount and enter it again."},
	},
	{
		paypay.Failed, "UNACCEPTABLE_OP", "00200014", toRefund,
		advice{"この取引は、すでに一度返金しています。返金は1回までです。", callJa},
		advice{"This sale has a refund already, and only one is possible.", callEn},
	},
	{
		paypay.Failed, "UNACCEPTABLE_OP", "", toRefund,
		advice{"この取引は、いまは返金できません。", callJa},
		advice{"This sale cannot be refunded now.", callEn},
	},
	{
		paypay.Failed, "MERCHANT_MULTIPLE_REFUND_REJECTED", "", nil,
		advice{"この取引は、すでに一度返金しています。返金は1回までです。", callJa},
		advice{"This sale has a refund already, and only one is possible.", callEn},
	},
	{
		paypay.Retry, "THROTTLED_MULTIPLE_REFUND_REJECTED", "", nil,
		advice{"前の返金から、まだ1分たっていません。", "1分ほど待ってから、もう一度返金してください。"},
		advice{"It is less than a minute since the last refund.", "Wait a minute, then refund again."},
	},
	{
		paypay.Failed, "REFUND_LIMIT_EXCEEDED", "", nil,
		advice{"この取引の返金は、上限の20回に達しています。", callJa},
		advice{"This sale has been refunded 20 times, which is the limit.", callEn},
	},
	{
		paypay.Failed, "REFUND_WINDOW_EXCEED", "", nil,
		advice{"返金の期限(365日、商品券はその期限)を過ぎています。", callJa},
		advice{"It is too late to refund (365 days, or a gift voucher has expired).", callEn},
	},
	{
		paypay.State, "NO_SUCH_REFUND_ORDER", "", nil,
		advice{Says: "PayPayに、この返金の記録が(まだ)ありません。"},
		advice{Says: "PayPay does not know this refund (yet)."},
	},
	{
		paypay.Failed, "TRANSACTION_FAILED", "00800017", toRefund,
		advice{"お客さまの残高が上限に達するため、返金できません。", backJa},
		advice{"The refund would be too much for the customer's balance.", backEn},
	},

	// Capture an amount that is held.
	{
		paypay.Failed, "UNACCEPTABLE_OP", "", toCapture,
		advice{"PayPayの制限のため、売上を確定できません。", heldJa},
		advice{"PayPay's limits do not allow this capture.", heldEn},
	},
	{
		paypay.Failed, "LIMIT_EXCEEDED", "", toCapture,
		advice{"仮押さえを上回る分が、お客さまの利用上限を超えています。", heldJa},
		advice{"What is not yet held is over the customer's limit.", heldEn},
	},
	{
		paypay.Failed, "USER_DEFINED_DAILY_LIMIT_EXCEEDED", "", toCapture,
		advice{"仮押さえを上回る分が、お客さまの1日の上限を超えています。", heldJa},
		advice{"What is not yet held is over the customer's own limit for a day.", heldEn},
	},
	{
		paypay.Failed, "USER_DEFINED_MONTHLY_LIMIT_EXCEEDED", "", toCapture,
		advice{"仮押さえを上回る分が、お客さまの1か月の上限を超えています。", heldJa},
		advice{"What is not yet held is over the customer's own limit for a month.", heldEn},
	},
	{
		paypay.Failed, "NO_SUFFICIENT_FUND", "", toCapture,
		advice{"仮押さえを上回る分の、お客さまの残高が足りません。", heldJa},
		advice{"The customer's balance does not cover what is not yet held.", heldEn},
	},
	{
		paypay.Failed, "HIGHER_CAPTURE_NOT_PERMITTED", "", nil,
		advice{"仮押さえより高い金額では、売上を確定できません。", heldJa},
		advice{"No more can be captured than is held.", heldEn},
	},
	{
		paypay.Failed, "TOO_CLOSE_TO_EXPIRY", "", nil,
		advice{"仮押さえの期限が近いため、金額を上げられません。", heldJa},
		advice{"The hold ends too soon for a higher amount.", heldEn},
	},
	{
		paypay.State, "ALREADY_CAPTURED", "", nil,
		advice{"この取引の売上は、すでに確定しています。", "最新の状態を確認しています。別のお支払いを受けないでください。"},
		advice{"This sale has been captured already.", "The till is looking it up. Do not take another payment."},
	},
	{
		paypay.State, "ORDER_EXPIRED", "", nil,
		advice{"仮押さえの期限が切れています。", "レジに未払いと出たら、新しくお支払いを受けてください。"},
		advice{"The hold on the customer's money has ended.", "When the till says that it is not paid, take a new payment."},
	},
	{
		paypay.State, "ORDER_NOT_CAPTURABLE", "", nil,
		advice{Says: "この取引は、いまは売上を確定できない状態です。"},
		advice{Says: "This sale cannot be captured as it stands now."},
	},
	{
		paypay.State, "REAUTHORIZATION_IN_PROGRESS", "", nil,
		advice{Says: "金額の変更を、PayPayが処理している途中です。"},
		advice{Says: "PayPay is still changing the amount."},
	},

	// Revert what is held.
	{
		paypay.State, "ORDER_NOT_CANCELABLE", "", nil,
		advice{"この仮押さえは、もう取り消せない状態です。", "レジに支払い済みと出たら、代わりに返金してください。"},
		advice{"This hold cannot be released any more.", "When the till says that it is paid, refund it instead."},
	},

	// Change what is held.
	{
		paypay.State, "REAUTHORIZE_REJECTED", "", nil,
		advice{Says: "この仮押さえの金額は、変更できない状態です。"},
		advice{Says: "The amount of this hold cannot be changed as it stands now."},
	},
	{
		paypay.Failed, "PAY_METHOD_INVALIDATED", "", toChange,
		advice{"お客さまの支払い方法が、使えなくなっています。", heldJa},
		advice{"The customer's payment method no longer works.", heldEn},
	},
	{
		paypay.Bug, "REAUTH_AMOUNT_UNCHANGED", "", nil,
		advice{"仮押さえの金額と同じです。", "金額を確かめて、入力し直してください。"},
		advice{"That is the amount which is held already.", "Check the amount and enter it again."},
	},
	{
		paypay.Failed, "REAUTH_MAX_LIMIT_EXCEEDED", "", nil,
		advice{"金額の変更は、上限の10回に達しています。", heldJa},
		advice{"The amount has been changed 10 times, which is the limit.", heldEn},
	},
	{
		paypay.Unknown, "REAUTHORIZE_FAILED", "", nil,
		advice{Says: "PayPayが、金額を変更できなかったかもしれません。"},
		advice{Says: "PayPay may not have changed the amount."},
	},

	// Pay with an account that is linked.
	{
		paypay.State, "SUSPECTED_DUPLICATE_PAYMENT", "", nil,
		advice{"同じお客さまに、5分以内に同じ金額の会計があります。", "二重の会計でないか確かめるまで、お支払いを受けないでください。"},
		advice{"This customer paid the same amount less than 5 minutes ago.", "Take no payment before you know that it is not the same one."},
	},
	{
		paypay.Failed, "NO_SUFFICIENT_FUND", "", nil,
		advice{"お客さまのPayPay残高が足りません。", "チャージしていただくか、別の方法で会計してください。"},
		advice{"The customer's PayPay balance is too low.", "Let the customer top it up, or use another way to pay."},
	},
	{
		paypay.Failed, "LIMIT_EXCEEDED", "", nil,
		advice{"お客さまの利用上限を超えています。", otherJa},
		advice{"This is over the customer's limit.", otherEn},
	},
	{
		paypay.Failed, "USER_DEFINED_DAILY_LIMIT_EXCEEDED", "", nil,
		advice{"お客さまが決めた1日の上限を超えています。", capJa},
		advice{"This is over the limit that the customer has set for a day.", capEn},
	},
	{
		paypay.Failed, "USER_DEFINED_MONTHLY_LIMIT_EXCEEDED", "", nil,
		advice{"お客さまが決めた1か月の上限を超えています。", capJa},
		advice{"This is over the limit that the customer has set for a month.", capEn},
	},
	{
		paypay.Failed, "USER_DAILY_LIMIT_FOR_MERCHANT_EXCEEDED", "", nil,
		advice{"このお店での、お客さまの1日の上限を超えています。", otherJa},
		advice{"This is over the customer's limit for a day at this shop.", otherEn},
	},
	{
		paypay.Failed, "CC_LIMIT_EXCEEDED", "", nil,
		advice{"お客さまのクレジットカードの上限を超えています。", wayJa},
		advice{"This is over the limit of the customer's credit card.", wayEn},
	},
	{
		paypay.Failed, "PPC_LIMIT_EXCEEDED", "", nil,
		advice{"お客さまの支払い方法の上限を超えています。", wayJa},
		advice{"This is over the limit of the customer's payment method.", wayEn},
	},
	{
		paypay.Failed, "PPC_EXPIRED", "", nil,
		advice{"お客さまの支払い方法の期限が切れています。", wayJa},
		advice{"The customer's payment method has expired.", wayEn},
	},
	{
		paypay.Failed, "NON_KYC_USER", "", nil,
		advice{"お客さまの本人確認が済んでいません。", "アプリで本人確認をしていただくか、別の方法で会計してください。"},
		advice{"The customer has not been identified by PayPay.", "Let the customer do that in the app, or use another way to pay."},
	},
	{
		paypay.Failed, "UNSUPPORTED_PAYMENT_METHOD", "", nil,
		advice{"お客さまの支払い方法は、このお会計には使えません。", wayJa},
		advice{"The customer's payment method cannot be used here.", wayEn},
	},
	{
		paypay.Failed, "PAY_METHOD_INVALIDATED", "", nil,
		advice{"お客さまの支払い方法が、使えなくなっています。", wayJa},
		advice{"The customer's payment method no longer works.", wayEn},
	},
	{
		paypay.Failed, "NO_VALID_PAYMENT_METHOD", "", nil,
		advice{"お客さまのPayPayに、使える支払い方法がありません。", wayJa},
		advice{"The customer has no payment method that works.", wayEn},
	},
	{
		paypay.Failed, "PAYMENT_METHOD_NOT_FOUND", "", nil,
		advice{"お客さまが選んだ支払い方法が見つかりません。", wayJa},
		advice{"The payment method that was chosen cannot be found.", wayEn},
	},
	{
		paypay.Failed, "UNACCEPTABLE_OP", "", nil,
		advice{"PayPayの制限のため、お支払いできませんでした。", appJa},
		advice{"PayPay's limits do not allow this payment.", appEn},
	},

	// Requests that a customer pays later.
	{
		paypay.State, "DUPLICATE_REQUEST_ORDER", "", nil,
		advice{Says: "この番号の支払い依頼は、すでに送られています。"},
		advice{Says: "A request with this number has been sent already."},
	},
	{
		paypay.State, "SUSPECTED_DUPLICATE_ORDER", "", nil,
		advice{Says: "同じ内容の支払い依頼が、すでに送られているようです。"},
		advice{Says: "The same request seems to have been sent already."},
	},
	{
		paypay.State, "REQUEST_ORDER_NOT_FOUND", "", nil,
		advice{Says: "PayPayに、この支払い依頼がまだ見つかりません。"},
		advice{Says: "PayPay cannot find this request yet."},
	},
	{
		paypay.Failed, "REQUEST_ORDER_NOT_FOUND", "", nil,
		advice{"PayPayに、この支払い依頼が見つかりません。", callJa},
		advice{"PayPay cannot find this request.", callEn},
	},
	{
		paypay.State, "INVALID_REQUEST_ORDER_STATE", "", nil,
		advice{Says: "この支払い依頼は、もう取り消せない状態です。"},
		advice{Says: "This request cannot be cancelled any more."},
	},

	// Link an account.
	{
		paypay.Bug, "EXPECTATION_FAILED", "", nil,
		advice{"PayPay連携の設定が、契約と合っていません。", "責任者を呼んでください。契約と戻り先の確認が必要です。"},
		advice{"The account link is not set up as the contract says.", "Call the manager: scopes and return address have to be checked."},
	},
	{
		paypay.State, "SESSION_NOT_FOUND", "", nil,
		advice{"PayPay連携の受付が終わっています。", "連携をはじめからやり直してください。"},
		advice{"This account link has ended.", "Start the link from the beginning."},
	},
	{
		paypay.Bug, "3RD_PARTY_BAD_REQUEST", "", nil,
		advice{"PayPay連携のページを開けませんでした。", "表示の番号を控えて、サポートへ連絡してください。"},
		advice{"The page for the account link did not open.", "Write down the number shown and call support."},
	},

	// Give points.
	{
		paypay.State, "VALIDATION_FAILED_EXCEPTION", "", nil,
		advice{Says: "この番号のポイントは、すでに処理されています。"},
		advice{Says: "Points with this number have been handled already."},
	},
	{
		paypay.Failed, "FAILURE", "", nil,
		advice{"PayPayで、ポイントを処理できませんでした。", callJa},
		advice{"PayPay could not handle the points.", callEn},
	},
	{
		paypay.Failed, "BALANCE_OUT_OF_LIMIT", "", nil,
		advice{"お客さまの残高の制限のため、ポイントを処理できません。", callJa},
		advice{"The limits of the customer's balance do not allow these points.", callEn},
	},
	{
		paypay.Failed, "RESOURCE_NOT_FOUND", "", nil,
		advice{"ポイントのキャンペーンが見つかりません。", callJa},
		advice{"PayPay cannot find the campaign of these points.", callEn},
	},
	{
		paypay.Failed, "UNAUTHORIZED_ACCESS", "", nil,
		advice{"このお店では、ポイントを扱えません。", callJa},
		advice{"This shop may not handle points.", callEn},
	},
	{
		paypay.Failed, "NOT_ENOUGH_MONEY", "", nil,
		advice{"お店のポイントの予算が足りません。", callJa},
		advice{"The shop's budget for points is used up.", callEn},
	},
	{
		paypay.State, "TRANSACTION_NOT_FOUND", "", nil,
		advice{Says: "PayPayに、このポイントの記録が(まだ)ありません。"},
		advice{Says: "PayPay does not know these points (yet)."},
	},

	// The customer's account.
	{
		paypay.Failed, "CANCELED_USER", "", toRefund,
		advice{"お客さまがPayPayを退会しているため、返金できません。", backJa},
		advice{"The customer has closed the PayPay account.", backEn},
	},
	{
		paypay.Failed, "CANCELED_USER", "", slices.Concat(toCharge, toAsk),
		advice{"お客さまがPayPayを退会しています。", otherJa},
		advice{"The customer has closed the PayPay account.", otherEn},
	},
	{
		paypay.Failed, "CANCELED_USER", "", nil,
		advice{"お客さまがPayPayを退会しています。", callJa},
		advice{"The customer has closed the PayPay account.", callEn},
	},
	{
		paypay.Failed, "USER_STATE_IS_NOT_ACTIVE", "", toRefund,
		advice{"お客さまのPayPayアカウントが使えないため、返金できません。", backJa},
		advice{"The customer's PayPay account is not active.", backEn},
	},
	{
		paypay.Failed, "USER_STATE_IS_NOT_ACTIVE", "", slices.Concat(toCharge, toAsk),
		advice{"お客さまのPayPayアカウントが使えません。", otherJa},
		advice{"The customer's PayPay account is not active.", otherEn},
	},
	{
		paypay.Failed, "USER_STATE_IS_NOT_ACTIVE", "", nil,
		advice{"お客さまのPayPayアカウントが使えません。", callJa},
		advice{"The customer's PayPay account is not active.", callEn},
	},
	{
		paypay.Failed, "INVALID_USER_AUTHORIZATION_ID", "", slices.Concat(toCharge, toAsk),
		advice{"お客さまのPayPayとの連携が使えません。", linkJa},
		advice{"The link to the customer's PayPay account does not work.", linkEn},
	},
	{
		paypay.Failed, "INVALID_USER_AUTHORIZATION_ID", "", nil,
		advice{"お客さまのPayPayとの連携が使えません。", callJa},
		advice{"The link to the customer's PayPay account does not work.", callEn},
	},
	{
		paypay.Failed, "EXPIRED_USER_AUTHORIZATION_ID", "", slices.Concat(toCharge, toAsk),
		advice{"お客さまのPayPayとの連携の期限が切れています。", linkJa},
		advice{"The link to the customer's PayPay account has expired.", linkEn},
	},
	{
		paypay.Failed, "EXPIRED_USER_AUTHORIZATION_ID", "", nil,
		advice{"お客さまのPayPayとの連携の期限が切れています。", callJa},
		advice{"The link to the customer's PayPay account has expired.", callEn},
	},

	// It may or may not have happened.
	{
		paypay.Unknown, "", "", toRefund,
		advice{"返金の結果が、まだわかりません。", keepJa},
		advice{"PayPay has not said what became of the refund.", keepEn},
	},
	{
		paypay.Unknown, "", "", toCancel,
		advice{"取消の結果が、まだわかりません。", "結果がわかるまで、別のお支払いや返金をしないでください。"},
		advice{"PayPay has not said whether it will cancel this.", "Until the outcome is known, take no other payment and refund nothing."},
	},
	{
		paypay.Unknown, "", "", toCapture,
		advice{"売上を確定できたか、まだわかりません。", waitJa},
		advice{"PayPay has not said whether this was captured.", waitEn},
	},
	{
		paypay.Unknown, "", "", toChange,
		advice{"金額を変更できたか、まだわかりません。", waitJa},
		advice{"PayPay has not said whether the amount was changed.", waitEn},
	},
	{
		paypay.Unknown, "", "", toReward,
		advice{"ポイントの結果が、まだわかりません。", "結果がわかるまで、もう一度ポイントを付けないでください。"},
		advice{"PayPay has not said what became of the points.", "Until the outcome is known, do not give points again."},
	},
	{
		paypay.Unknown, "", "", toLook,
		advice{"PayPayから答えが返ってきません。", waitJa},
		advice{"PayPay does not answer.", waitEn},
	},
	{
		paypay.Unknown, "", "", toAsk,
		advice{"PayPayから答えが返ってきません。", "少し待ってから、もう一度お試しください。"},
		advice{"PayPay does not answer.", "Wait a moment, then try again."},
	},
	{
		paypay.Unknown, "", "", nil,
		advice{"PayPayから結果が返ってきません。", waitJa},
		advice{"PayPay has not said what happened.", waitEn},
	},

	// Refused, but what the order's state is has to be looked up.
	{
		paypay.State, "", "", toRefund,
		advice{"PayPayが返金を受け付けませんでした。", keepJa},
		advice{"PayPay did not accept this refund.", keepEn},
	},
	{
		paypay.State, "", "", toCancel,
		advice{"PayPayが取消を受け付けませんでした。", "状態がわかるまで、別のお支払いや返金をしないでください。"},
		advice{"PayPay did not accept the cancel.", "Until its state is known, take no other payment and refund nothing."},
	},
	{
		paypay.State, "", "", toReward,
		advice{"PayPayがポイントを受け付けませんでした。", "状態がわかるまで、もう一度ポイントを付けないでください。"},
		advice{"PayPay did not accept these points.", "Until their state is known, do not give points again."},
	},
	{
		paypay.State, "", "", toAsk,
		advice{"PayPayが受け付けませんでした。", callJa},
		advice{"PayPay did not accept this.", callEn},
	},
	{
		paypay.State, "", "", nil,
		advice{"PayPayが受け付けませんでした。", "状態を確認しています。まだ別のお支払いを受けないでください。"},
		advice{"PayPay did not accept this.", "The till is looking up the state. Do not take another payment yet."},
	},

	// Not processed.
	{
		paypay.Retry, "", "", toLook,
		advice{"PayPayが混み合っています。", waitJa},
		advice{"PayPay is busy.", waitEn},
	},
	{
		paypay.Retry, "", "",
		[]paypay.Op{paypay.OpRefundDetails},
		advice{"PayPayが混み合っています。返金の結果はまだわかりません。", keepJa},
		advice{"PayPay is busy and has not said what became of the refund.", keepEn},
	},
	{
		paypay.Retry, "", "", toCancel,
		advice{"PayPayが混み合っていて、まだ取り消せていません。", "別のお支払いを受けずに少し待ち、もう一度取り消してください。"},
		advice{"PayPay is busy, and nothing is cancelled yet.", "Wait a moment and cancel again. Do not take another payment yet."},
	},
	{
		paypay.Retry, "", "", nil,
		advice{"PayPayが混み合っています。", "少し待ってから、もう一度お試しください。"},
		advice{"PayPay is busy.", "Wait a moment, then try again."},
	},

	// Refused for good.
	{
		paypay.Failed, "", "", toCharge,
		advice{"お支払いできませんでした。", appJa},
		advice{"The payment did not go through.", appEn},
	},
	{
		paypay.Failed, "", "", toRefund,
		advice{"この取引は返金できません。", callJa},
		advice{"This sale cannot be refunded.", callEn},
	},
	{
		paypay.Failed, "", "", toCapture,
		advice{"売上を確定できませんでした。", callJa},
		advice{"The amount could not be captured.", callEn},
	},
	{
		paypay.Failed, "", "", toCancel,
		advice{"取り消せませんでした。", callJa},
		advice{"This could not be cancelled.", callEn},
	},
	{
		paypay.Failed, "", "", toChange,
		advice{"金額を変更できませんでした。", heldJa},
		advice{"The amount could not be changed.", heldEn},
	},
	{
		paypay.Failed, "", "", nil,
		advice{"PayPayで処理できませんでした。", callJa},
		advice{"PayPay could not do this.", callEn},
	},

	// The till's own mistake. What was looked for is not known after it.
	{
		paypay.Bug, "", "", slices.Concat(toLook, toCancel),
		advice{"レジのエラーです。", "別のお支払いを受けず、表示の番号を控えてサポートへ連絡してください。"},
		advice{"Register error.", "Take no other payment. Write down the number shown and call support."},
	},
	{
		paypay.Bug, "", "", toRefund,
		advice{"レジのエラーです。返金は確認できていません。", "表示の番号を控えて、サポートへ連絡してください。"},
		advice{"Register error. No refund has been confirmed.", "Write down the number shown and call support."},
	},
	{
		paypay.Bug, "", "", nil,
		advice{"レジのエラーです。", "表示の番号を控えて、サポートへ連絡してください。"},
		advice{"Register error.", "Write down the number shown and call support."},
	},

	// Nothing left this machine.
	{
		paypay.Unsent, "", "",
		[]paypay.Op{paypay.OpCreateCode},
		advice{"PayPayにつながりません。請求は行われていません。", "回線を確認して、もう一度コードを出してください。"},
		advice{"PayPay cannot be reached. Nothing was charged.", "Check the network, then show a new code."},
	},
	{
		paypay.Unsent, "", "", toPay,
		advice{"PayPayにつながりません。請求は行われていません。", "回線を確認して、もう一度会計してください。"},
		advice{"PayPay cannot be reached. Nothing was charged.", "Check the network, then charge again."},
	},
	{
		paypay.Unsent, "", "", toRefund,
		advice{"PayPayにつながりません。", "回線を確認してください。結果が出るまで、現金で返さないでください。"},
		advice{"PayPay cannot be reached.", "Check the network. Give no cash back before the till shows the outcome."},
	},
	{
		paypay.Unsent, "", "", slices.Concat(toAsk, toReward),
		advice{"PayPayにつながりません。", "回線を確認して、もう一度お試しください。"},
		advice{"PayPay cannot be reached.", "Check the network, then try again."},
	},
	{
		paypay.Unsent, "", "", nil,
		advice{"PayPayにつながりません。", "回線を確認してください。まだ別のお支払いを受けないでください。"},
		advice{"PayPay cannot be reached.", "Check the network. Do not take another payment yet."},
	},

	// No error.
	{
		taken, "REQUEST_ACCEPTED", "",
		[]paypay.Op{paypay.OpCancelPayment},
		advice{"取消を受け付けました。", "支払われていた場合は、お客さまのPayPayに戻ります。"},
		advice{"The cancel is accepted.", "If the customer paid, the money goes back."},
	},
	{
		taken, "SUCCESS", "", toRefund,
		advice{"返金を受け付けました。", "お客さまのPayPayに戻ります。現金では返さないでください。"},
		advice{"The refund is accepted.", "The money goes back to the customer's PayPay. Give no cash back."},
	},
	{
		taken, "SUCCESS", "", toCapture,
		advice{"売上を確定しました。", "お支払いは完了です。"},
		advice{"The amount is captured.", "The sale is paid."},
	},
	{
		taken, "SUCCESS", "",
		[]paypay.Op{paypay.OpRevert},
		advice{"仮押さえを取り消しました。", "お客さまには請求されません。"},
		advice{"The hold is released.", "The customer is not charged."},
	},
	{
		taken, "SUCCESS", "", toChange,
		advice{"仮押さえの金額を変更しました。", "新しい金額を、お客さまにお伝えください。"},
		advice{"The amount of the hold is changed.", "Tell the customer the new amount."},
	},
	{
		taken, "USER_CONFIRMATION_REQUIRED", "", nil,
		advice{"お客さまの承認を待っています。まだ完了していません。", "PayPayアプリで承認をお願いしてください。"},
		advice{"Waiting for the customer's approval. Nothing is done yet.", "Ask the customer to approve in the PayPay app."},
	},
}
