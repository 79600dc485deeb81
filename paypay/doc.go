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
// Each method says which operation of PayPay it is, its time limit, and what to do
// when no answer comes. The examples of the package are whole programs.
//
// # A sale
//
// [Client.CreateCode] makes a code, whose URL the customer scans. From then on
// [Client.CodePayment] is asked every 2 to 3 seconds, until it says
// [StatusCompleted]: that alone is paid, and only with the amount of the order,
// which the client does not know at a look-up. Every error means: ask again; so do
// [StatusCreated] and [StatusFailed], because a customer may pay at the second try.
//
// A code ends when the shop gives it up or when its time is over: time.Now() plus
// [Client.Skew] is past [Code].ExpiryDate. Either way [Client.DeleteCode] shuts it, and
// CodePayment is asked on. Nobody has paid, and nobody can any more, when it then says
// [PaymentNotFound] twice in a row. StatusCreated is not that: a customer whose confirm
// screen was open may still pay until the code's time is over, and a PayPay that
// follows older documents says StatusCreated for ever, so that only the time tells.
// All this needs a context of its own: the one that ended with the shop's patience
// would stop these calls too.
//
//	code, err := client.CreateCode(ctx, request)
//	if err != nil {
//		return err // the class says whether the code may exist: see below
//	}
//	show(code.URL)
//	over := time.Unix(code.ExpiryDate, 0)
//	deleted, gone := false, 0
//	rest := context.WithoutCancel(ctx)
//	for gone < 2 {
//		<-time.After(3 * time.Second)
//		skew, _ := client.Skew()
//		late := time.Now().Add(skew).After(over)
//		if !deleted && (late || givenUp()) {
//			deleted = client.DeleteCode(rest, code.CodeID) == nil
//		}
//		payment, err := client.CodePayment(rest, code.MerchantPaymentID)
//		waiting := err == nil && (payment.Status == paypay.StatusCreated || payment.Status == paypay.StatusFailed)
//		switch {
//		case err == nil && payment.Status == paypay.StatusCompleted && payment.Amount == request.Amount:
//			return paid(payment)
//		case err == nil && !waiting:
//			return call(manager) // not the amount of this order, or given back since
//		case paypay.CodeOf(err) == paypay.PaymentNotFound && (deleted || late):
//			gone++
//		case waiting && time.Now().Add(skew).After(over.Add(time.Minute)):
//			gone++ // created, or failed, and too late to be paid
//		default:
//			gone = 0
//		}
//	}
//	return unpaid()
//
// [Client.CancelPayment] is for a code that was asked for and never came, and for a
// payment that PayPay does not tell about until the day is over. It is no part of an
// ordinary sale.
//
// # Giving back
//
// [Client.Refund] gives back a payment or a part of it, by PayPay's number of the
// payment ([Payment].PaymentID) and an id of our own. The same id again is the same
// refund, so after a lost answer it is asked for again with that id and never with
// another. [RefundCreated] is success already. [Client.RefundDetails] tells how far
// it has come, [Payment.Refunded] how much of a payment has gone back.
//
// # Holding, then taking
//
// An amount that is only held, [CodeRequest].IsAuthorization, is taken with
// [Client.Capture], released with [Client.Revert] or changed with
// [Client.Reauthorize]. Where more is to be taken than is held, the customer has to
// approve first, so the result is a [Consent]: what was done is only to be had from
// [Consent.Done], which says whether it was.
//
//	result, err := client.Capture(ctx, request)
//	if err != nil {
//		return err // look the order up
//	}
//	if payment, done := result.Done(); done {
//		show(payment.Status)
//	} else {
//		// the customer is asked: look the order up until it says how that ended
//	}
//
// Each try of a capture needs an id of its own, which is why the caller gives a
// maker of ids, [CaptureRequest].NewID.
//
// # Customers who have linked an account
//
// They pay without a code. [Client.CreateLinkSession], or [Credentials.LinkURL] for
// a web page, starts a link. The customer comes back with a token, and
// [Credentials.ReadLinkToken] verifies it against the [PendingLink] that was kept:
// a customer who declined is a [Link] that says so, not an error. It names the
// customer in calls from then on. [Client.Authorization] tells whether the link
// still holds, [Client.Unlink] ends it, and [Client.Profile], [Client.HasBalance],
// [Client.Wallet] and [Client.PaymentMethods] tell what the customer has agreed to
// show.
//
// [Client.Pay] takes a payment, [Client.Preauthorize] holds one,
// [Client.PayContinuous] takes one of a series and [Client.CreatePendingPayment]
// asks the customer for one. They are looked up with [Client.Payment], the last
// with [Client.PendingPayment], which [Client.CancelPendingPayment] withdraws.
// [Client.GiveCashback] goes the other way, and [Client.ReverseCashback] back again;
// [Client.Cashback] and [Client.CashbackReversal] tell how they ended.
//
// # What PayPay sends by itself
//
// [ReadNotification] reads what PayPay posts to a server of the shop. Nobody signs
// it, it may be lost or come twice, and there is none for a refund or a cancel: it
// is a reason to look an order up, never the answer. [Notification.Key] tells two
// of them apart, and [SentFrom] with [ProductionSenders] who may post at all.
//
// [ReadRecords] reads the reconciliation files that PayPay makes of each day, and the
// history of PayPay for Business, one [Record] after another in memory that does not
// grow. Refunds are negative, and a line that cannot be read is a [*LineError] that
// names it.
//
// # Repeats
//
// A call is repeated, with growing pauses and within the caller's context, where
// that cannot do anything twice: look-ups, a cancel, a delete, a refund with the same
// id, a capture with a new one, and whatever PayPay says it has not processed. What
// makes a code or a payment is never sent again after an outcome that is not known.
// When one try of several may have been done, the error says so, whatever the last
// one was refused for. [WithTries] limits the repeats or ends them. [WithTrace] and
// [WithLogger] show each [Try] with its X-REQUEST-ID, and nothing secret.
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
//		show(payment.Status) // an answer is no payment: the status says
//	case paypay.CodeOf(err) == paypay.PaymentNotFound:
//		// after DeleteCode or ExpiryDate, and twice in a row: nobody paid; before
//		// that PayPay may be late, so ask again
//	case paypay.ClassOf(err).MoneyMayHaveMoved():
//		// ask again before anything else
//	}
//
// [Results] lists the codes that are known, and the class of each.
//
// # What it promises
//
//   - A call that may have been acted on is sent again only where PayPay's
//     documents say that this does nothing twice.
//   - What PayPay would refuse for its form is not sent, and not mended either: the
//     error is of class [Bug] and names the field.
//   - Each try ends within the time limit that PayPay documents for the call, and
//     the whole of it when the caller's context does.
//   - An answer is read strictly. One that is too long, is cut, is not wholly
//     valid JSON, says one thing twice, or speaks of another order or amount
//     than the request did is an error of class [Unknown]. A look-up names no
//     amount, so there the caller compares it.
//   - Fields and values that PayPay adds later do no harm and are not lost: values
//     such as [Status] and [ResultCode] are kept as they came, and [Try.Data] gives
//     the whole data of each answer, of every operation, to [WithTrace]. A payment
//     has it in [Payment.Raw] too.
//   - Credentials cannot be printed, logged or marshalled. This package prints nothing
//     and logs only to [WithLogger]; of net/http, which does, see there.
//   - Amounts are whole yen, times are epoch seconds by PayPay's clock.
//
// PayPay describes the calls at https://www.paypay.ne.jp/opa/doc/v1.0/dynamicqrcode.
package paypay
