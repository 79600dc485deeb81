// Package pos is the till itself: money, tax, goods, orders, sales, and the
// register that charges them with PayPay and follows every payment until
// PayPay has ended it. It knows no terminal, no SQL and no HTTP.
//
// # The laws
//
// The register keeps these whatever the network, the disk or the power does:
//
//   - An intent is durable before its request leaves (Charged, Recharged, Shut,
//     CancelSent), and what PayPay answered is durable before a screen shows it.
//   - One id stands for one intent. It may be sent again only when PayPay has
//     said that it was not processed.
//   - A sale has at most one attempt that may still be paid.
//   - Only PayPay's word makes an attempt paid, failed or closed. No method here
//     does it by hand.
//   - What is not known is Unknown, until PayPay answers.
//   - What has ended stays ended, but for one surprise: a code that failed, was
//     shut or timed out may turn out paid. That is a late payment, and a person
//     is told.
//
// # The life of an attempt
//
//	requested --code--> live --look-up--> paid
//	  |  |               |  \--shut--> closing --deleted, then looked up--> closed, expired or failed
//	  |  |               |                 \--looked up--> paid             |
//	  |  \--refused      \--odd answer--> unknown                           \--late payment--> paid
//	  \--no answer--> unknown --look-up--> lost (cancelled, watched) --> closed
//
// [Sale.Apply] is that diagram as a pure function from a sale and an [Event] to
// a sale. Every event is an entry of the journal, so replaying the entries
// gives the sale back. A code is shut by deleting it and looking it up
// afterwards; Cancel is sent only for an attempt that was lost before its code
// was shown, because for a live code it would lie in wait for the customer.
//
// # Where to start
//
// [Open] takes up the work where the journal leaves it, and gives a [Register].
// Its verbs ([Register.Charge], [Register.GiveUp], [Register.NewCode],
// [Register.MoveOn]) return as soon as the intent is durable; what comes of it
// is told by [Register.Changes] and read by [Register.Sale].
package pos
