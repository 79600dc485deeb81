// Package simulator is the PayPay service in memory, as far as a till needs
// it: an [http.Handler] that answers the calls around a payment code, and a
// customer who scans and pays.
//
// Tests, demonstrations and training run on it. No money moves, nothing is
// kept when the program ends, and no phone can pay its codes.
//
// What it promises:
//
//   - It is stricter than PayPay, never kinder. Where the documents leave a
//     choice, a request is refused; where they contradict each other, [Config]
//     offers both behaviours. It shares no code with the client, so that a
//     mistake in one is not hidden by the same mistake in the other.
//   - One seed, one clock, one story. Every id and every decision is a function
//     of [Config.Seed] and of the calls, and time is [Config.Now] moved on by
//     [Simulator.Advance]. Calls made at the same moment by several goroutines
//     are safe, but only calls made one after another repeat exactly.
//   - It keeps books. [Simulator.State] tells what really happened, whatever
//     the answers said, for checks against what the till believes.
//   - It can fail in every way that a network or a service can: see [Fault].
//
// Start with [New]; any client that can be told its host works with it:
//
//	sim, err := simulator.New(simulator.Config{APIKey: "key", APISecret: "c2VjcmV0", MerchantID: "shop"})
//	server := httptest.NewServer(sim)
//	credentials, err := paypay.NewCredentials("key", "c2VjcmV0", "shop")
//	client, err := paypay.New(credentials, paypay.WithBaseURL(server.URL))
//
// What a customer does is [Simulator.Scan], [Simulator.Pay],
// [Simulator.Decline] and [Simulator.FailPayment].
//
// # Operations
//
//	POST   /v2/codes                                 create a code
//	DELETE /v2/codes/{codeId}                        delete a code
//	GET    /v2/codes/payments/{merchantPaymentId}    what became of a code
//	GET    /v2/payments/{merchantPaymentId}          payment details
//	DELETE /v2/payments/{merchantPaymentId}          cancel a payment
//	POST   /v2/refunds                               refund a payment
//	GET    /v2/refunds/{merchantRefundId}?paymentId= refund details
//	POST   /v2/payments/capture                      capture held money
//	POST   /v2/payments/preauthorize/revert          let held money go
//	POST   /v2/payments/reauthorize                  change how much is held
//	POST   /v2/payments                              take money of a linked customer
//	POST   /v2/payments/preauthorize                 hold it
//	POST   /v1/subscription/payments                 take it again and again
//	POST   /v1/requestOrder                          ask a linked customer to pay
//	GET    /v1/requestOrder/{merchantPaymentId}      pending payment details
//	DELETE /v1/requestOrder/{merchantPaymentId}      withdraw a pending payment
//	POST   /v1/qr/sessions                           begin an account link
//	GET    /v2/user/authorizations                   what a customer has agreed to
//	DELETE /v2/user/authorizations/{id}              unlink
//	GET    /v2/user/profile/secure                   masked phone number
//	GET    /v2/wallet/check_balance                  is there so much money
//	GET    /v6/wallet/balance                        how much money there is
//	GET    /v4/paymentMethods                        by what a customer can pay
//	POST   /v2/cashback                              give a cashback
//	GET    /v2/cashback/{merchantCashbackId}         cashback details
//	POST   /v2/cashback_reversal                     take a cashback back
//	GET    /v2/cashback_reversal/{merchantCashbackReversalId}/{merchantCashbackId}
//	POST   /v1/payments/cashback/expected            what would come back, in words
//
// There is no call for the status of an account link's code: PayPay's documents
// list one, but where it is found is not known.
//
// # Control
//
// Under /simulator/ are the calls that move the story on. They are answered in
// JSON, need no signature, and are served only to a peer on the same machine: a
// peer with a network address outside loopback gets 403. So does a call whose Host
// is neither localhost, an address, nor the host of [Config.PublicURL].
//
//	POST   /simulator/codes/{codeId}/{scan|pay|decline|fail}
//	POST   /simulator/payments/{merchantPaymentId}/{scan|pay|decline|fail|consent}
//	POST   /simulator/links/{approve|decline}   {"linkQRCodeURL": "..."}, answers {"responseToken": "..."}
//	POST   /simulator/customers a [Customer], who is added
//	POST   /simulator/customers/{id}/{active|suspended|closed}
//	POST   /simulator/customers/{id}/means/{id} what the customer pays with from now on; wallet is the balance
//	POST   /simulator/authorizations/{userAuthorizationId}/revoke the customer ends an account link
//	POST   /simulator/faults    a [Fault]; durations are text such as "2s"
//	DELETE /simulator/faults
//	POST   /simulator/clock     {"advance": "10m"}, see [Simulator.Advance]
//	GET    /simulator/settings  what of the [Config] can be changed
//	POST   /simulator/settings  some of it, such as {"capture": "allowed", "refundDelay": "2s"}
//	POST   /simulator/files     {"day": "2026-11-23"}, announces and names the day's files
//	GET    /simulator/files/{name}?expires=...  for two hours
//	GET    /simulator/state     a [State]
//
// The first three take a "customer" in their body to say who acts; the first two
// may come without a body. The linkQRCodeURL may also be the page of an account
// link by web, /app/opa/user_authorization, with its query. Decline also answers a question for consent with no.
//
// # Faults
//
// A [Fault] names what goes wrong, with which operation, how often or how
// probably. The state tells which are armed. What can be made with them:
//
//	a time-out, without effect or with it     drop-before, delay-before; drop-after, delay-after
//	a connection that ends in an answer       truncated, wrong-length
//	one that ends under the next call         cut-next
//	an answer that hardly comes               slow-body
//	an answer without end                     huge-body, gzip-bomb, endless-headers
//	an answer that comes twice, or too late   twice, delay-after
//	a captive portal, a gateway, a cache      html-before, redirect; html-after; cached
//	500 and its like, without effect or with  status-before, html-before; status-after, html-after
//	a limit, maintenance, a revoked key       rate-limit, maintenance, unauthorized
//	an answer that cannot be read             garbage, empty-body, null-body, no-result, wrong-types
//	one that says two things                  duplicate-key, other-case, byte-order-mark, trailing-text
//	a code or a status that nobody knows      status-after, unknown-status
//	the answer to another question            wrong-id, wrong-amount, wrong-currency
//	a look-up that lags behind                stale, not-found, cached
//	a call that arrives late                  late, late-create
//	a customer who pays while a code goes     pay-during
//	a clock that is wrong, or none            wrong-date, no-date; the clock call for the simulator's own
//
// cut-next and twice need a connection of their own: where ServeHTTP is called
// without a server, or over HTTP/2, the answer is sent as if there were no fault.
//
// # Customer pages
//
// A code's url leads to a page, /pay/{codeId}, on which a person plays the
// customer and chooses what to pay with; / lists the latest codes, and the faults
// that are armed, which can be cleared there. What is pending, or asks for consent,
// is on /payments/{merchantPaymentId}, and an account link on /link/{id}. They need
// no script, and speak Japanese or English as the browser asks. A phone in the
// same network may open them, so they are served to every peer. Neither they nor
// the control calls accept a form that another web site posts.
//
// # Notifications and files
//
// [Simulator.Deliver] posts notifications to [Config.WebhookURL]: of payments,
// of account links and of files. They can be lost, doubled, late and out of
// order. The reconciliation files of a day are made on request, in Shift_JIS;
// PayPay makes them in the night after it.
//
// # Without a server
//
// A transport may call ServeHTTP directly. A connection that is cut is a panic
// with [http.ErrAbortHandler], as net/http has it: such a transport must
// recover it and report an error, and must treat what was written until then as
// a body that ends unexpectedly.
package simulator
