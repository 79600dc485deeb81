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
// Start with [New]. What a customer does is [Simulator.Scan], [Simulator.Pay],
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
//
// # Control
//
// Under /simulator/ are the calls that move the story on. They are answered in
// JSON, need no signature, and are served only to a peer on the same machine: a
// peer with a network address outside loopback gets 403.
//
//	POST   /simulator/codes/{codeId}/{scan|pay|decline|fail}
//	POST   /simulator/payments/{merchantPaymentId}/{scan|pay|decline|fail|consent}
//	POST   /simulator/faults    a [Fault]; durations are text such as "2s"
//	DELETE /simulator/faults
//	POST   /simulator/clock     {"advance": "10m"}
//	GET    /simulator/state     a [State]
//
// The first two take a body {"customer": "..."} to say who acts, which may be
// left out. Decline also answers a question for consent with no.
//
// # Customer pages
//
// A code's url leads to a page, /pay/{codeId}, on which a person plays the
// customer; / lists the latest codes. A phone in the same network may open
// them, so they are served to every peer. Neither they nor the control calls
// accept a form that another web site posts.
//
// # Without a server
//
// A transport may call ServeHTTP directly. A connection that is cut is a panic
// with [http.ErrAbortHandler], as net/http has it: such a transport must
// recover it and report an error, and must treat what was written until then as
// a body that ends unexpectedly.
package simulator
