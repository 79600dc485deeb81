// Package paypay is a client of the PayPay Open Payment API: make a code, learn
// whether it was paid, shut it, undo or refund a payment, hold an amount and take
// it later.
//
// # Where to start
//
// [NewCredentials] takes what PayPay issued to the shop. [New] makes a [Client]
// for one environment, named by its base URL:
//
//	credentials, err := paypay.NewCredentials(key, secret, merchantID)
//	client, err := paypay.New(credentials, paypay.WithBaseURL(paypay.Sandbox))
//
// A sale is four calls. [Client.CreateCode] makes a code whose URL the customer
// scans. [Client.CodePayment] is asked every few seconds until the status is
// final. [Client.DeleteCode] shuts a code that nobody is to pay any more, and
// CodePayment has the last word after it. [Client.CancelPayment] undoes a
// payment whose outcome is not known.
//
// A customer who brings something back gets a [Client.Refund]. An amount that was
// only held, [CodeRequest].IsAuthorization, is taken with [Client.Capture], released
// with [Client.Revert] or changed with [Client.Reauthorize]. Where the customer may
// have to approve first, the result is a [Consent], which is not done until it says
// so.
//
// A customer who has linked an account pays without a code. [Client.CreateLinkSession]
// or [Credentials.LinkURL] starts a link, and [Client.Authorization] tells whether it
// holds. [Client.Pay] then takes a payment, [Client.Preauthorize] holds one,
// [Client.PayContinuous] takes one of a series and [Client.CreatePendingPayment] asks
// the customer for one. They are looked up with [Client.Payment], the last with
// [Client.PendingPayment]. [Client.GiveCashback] goes the other way.
//
// # What an error means
//
// Every error is an [*Error], and its [Class] answers the one question a till
// has: may money have moved? A call that timed out, an answer that was cut, or
// a page that is not PayPay's is never taken for a no. [ClassOf] reads the
// class and [CodeOf] PayPay's own code:
//
//	payment, err := client.CodePayment(ctx, id)
//	switch {
//	case err == nil:
//		show(payment.Status) // SUCCESS alone says nothing about money
//	case paypay.CodeOf(err) == paypay.PaymentNotFound:
//		// nobody paid, and nobody can any more
//	case paypay.ClassOf(err).MoneyMayHaveMoved():
//		// ask again before anything else
//	}
//
// # What it promises
//
//   - A call that may have been acted on is repeated only where PayPay's
//     documents say that this does nothing twice: look-ups, a cancel, a delete, a
//     refund with the same id, a capture with a new one. Nothing that makes a
//     payment or a code is. When one try of several may have been done, the error
//     says so, whatever the last one was refused for. [WithTries] limits the
//     repeats or ends them, [WithTrace] shows each try.
//   - Each try ends within the time limit that PayPay documents for the call, and
//     the whole of it when the caller's context does.
//   - An answer is read strictly. One that is too long, is cut, is not wholly
//     valid JSON, says one thing twice, or speaks of another order or amount
//     than the one asked about is an error of class [Unknown].
//   - Fields and values that PayPay adds later do no harm: values such as
//     [Status] and [ResultCode] are kept as they came, the rest of a payment in
//     [Payment.Raw].
//   - Credentials cannot be printed, logged or marshalled.
//   - Amounts are whole yen, times are epoch seconds by PayPay's clock.
//
// PayPay describes the calls at https://www.paypay.ne.jp/opa/doc/v1.0/dynamicqrcode.
package paypay
