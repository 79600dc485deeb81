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
// # How it is proven
//
// TestSim lives through days of a shop, with real journals and the simulated
// PayPay, on virtual time and under every fault that can be simulated, and
// TestCrashEverywhere kills the till at each step of many histories; the comment
// in sim_test.go tells how, and which laws hold in what way. The test of that
// test puts defects into the source, as people make them, and counts the sales
// until a law is broken, over the seeds that repeat:
//
//	defect                                                   law  sales
//	a time-out means declined                                I7      40
//	a 5xx means declined                                     I7     120
//	the intent is written after the request                  I4      20
//	a deletion that was sent means closed                    I1      20
//	a deletion that was answered means closed                I1      20
//	nothing is taken up at the start                         I13     20
//	our clock alone says expired                             I10    100
//	a refund is repeated under another id                    I4      20
//	a late payment is dropped                                I1     120
//	another code while the first is unknown                  I15     40
//	what the cashier has left is not followed                I13     20
//	the amount of an answer is believed                      I7     120
//	a cancel is sent to a live code                          I4      20
//	a capture is repeated under the same id                  I3     120
//	a refusal is believed after a try that was not answered  I7      60
//	the screen says what could not be written                I6     120
//	a write that failed is no trouble                        I15    200
//	PayPay's pause is not kept                               I14     80
//	PayPay's pause is cut short by a tenth                   I14     80
//	accepted is taken for done                               I7      20
//	nobody is told of a late payment                         I21    120
//	nobody is told of a refusal                              I21     20
//	nobody is told that a hold was let go instead of taken   I21    420
//	nobody is told of what was given back twice              I21    220
//	what was given back after all is called refused          I23    220
//	a restored journal goes on with its own numbers          I22     40
//	a restored journal is not looked up again                I1    1160
//	a capture takes what was held                            I7      40
//
// # Where to start
//
// [Open] takes up the work where the journal leaves it, and gives a [Register].
// Its verbs ([Register.Charge], [Register.GiveUp], [Register.NewCode],
// [Register.MoveOn]) return as soon as the intent is durable; what comes of it
// is told by [Register.Changes] and read by [Register.Sale].
package pos
