package paypay

import (
	"errors"
	"strconv"
	"time"
)

// Class says what an answer, or the lack of one, means for the money.
// Its zero value is Unknown, the class that cannot lose any.
type Class int

// The classes, from the one that needs most care to the ones that need least.
const (
	// Unknown: it may or may not have happened. Look the order up, or cancel
	// it, before anything else.
	Unknown Class = iota
	// State: refused because the order is in another state than the request
	// supposes. Look the order up and show what it really is.
	State
	// Retry: not processed. The same request may be sent again after a pause.
	Retry
	// Failed: refused for good. This request moved no money.
	Failed
	// Bug: our request or our configuration is wrong. This request moved no
	// money, and sending it again will not help until a person has mended that:
	// what was under way before, such as a code that a customer is paying, is
	// followed on.
	Bug
	// Unsent: the request never left this machine.
	Unsent
)

// String is the class in one word, for logs.
func (c Class) String() string {
	switch c {
	case Unknown:
		return "unknown"
	case State:
		return "state"
	case Retry:
		return "retry"
	case Failed:
		return "failed"
	case Bug:
		return "bug"
	case Unsent:
		return "unsent"
	}
	return "class " + strconv.Itoa(int(c))
}

// MoneyMayHaveMoved reports whether money may be in another place than before
// the call: true for Unknown and State. When it is true, nothing else may be done with the order until it
// has been looked up.
func (c Class) MoneyMayHaveMoved() bool { return c == Unknown || c == State }

// Error is the one error type of calls to PayPay. It carries what PayPay said
// (if it said anything), and what that means for the money.
type Error struct {
	Op         Op            // the operation that was tried
	Class      Class         // what it means for the money
	Status     int           // HTTP status; 0 when there was no answer
	Code       ResultCode    // resultInfo.code; empty when there was none
	CodeID     string        // resultInfo.codeId, the number PayPay's support asks for
	Message    string        // resultInfo.message as sent; for logs, never to be matched on
	RequestID  string        // X-REQUEST-ID
	RetryAfter time.Duration // how long PayPay asked us to wait; 0 when it did not
	Err        error         // the cause, when it was not PayPay's answer
}

// Error names the operation, what came back, and the class.
func (e *Error) Error() string {
	s := string(e.Op)
	if e.Code != "" {
		s += ": " + string(e.Code)
	}
	if e.CodeID != "" {
		s += " (" + e.CodeID + ")"
	}
	if e.Status != 0 {
		s += ": HTTP " + strconv.Itoa(e.Status)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s + " [" + e.Class.String() + "]"
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// ClassOf is the class of an error that a call returned. An error that is not
// an *Error is Unknown: nobody can say that nothing happened.
func ClassOf(err error) Class {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Class
	}
	return Unknown
}

// CodeOf is PayPay's result code in an error, or "" when there is none.
func CodeOf(err error) ResultCode {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}
