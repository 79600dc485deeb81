package paypay

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"
)

const (
	defaultTries = 4
	firstPause   = 500 * time.Millisecond
	longestPause = 30 * time.Second
)

// Try is one request of a call, as a trace sees it. It has nothing secret in it
// and names no customer.
type Try struct {
	Op        Op
	Method    string
	Path      string        // without its query, which may name a customer
	Number    int           // 1 is the first try; one that is only signed anew keeps its number
	Status    int           // HTTP status; 0 when there was no answer
	Code      ResultCode    // resultInfo.code; empty when there was none
	CodeID    string        // resultInfo.codeId
	RequestID string        // X-REQUEST-ID
	Err       error         // nil, or an [*Error] about this try alone
	Duration  time.Duration // of the request and its answer, with connecting and TLS where that was needed

	data func() json.RawMessage // where no print reaches it
}

// Data is the data of the answer with every field that PayPay sent, those too that
// this package does not know. An answer that is a refusal, or that is not believed,
// has it too. It is nil where none came that could be read.
//
//	paypay.WithTrace(func(ctx context.Context, t paypay.Try) {
//		if t.Op == paypay.OpRefund {
//			keep(ctx, t.Data()) // the context is that of the call
//		}
//	})
//
// It may name a customer and hold what a code is paid with, so it is not for a log;
// whatever prints a Try leaves it out.
func (t Try) Data() json.RawMessage {
	if t.data == nil {
		return nil
	}
	return t.data()
}

// do makes one call and returns its answer if PayPay says in it that it was
// done. It repeats the call where that cannot do anything twice.
func (c *Client) do(ctx context.Context, e endpoint, body any) (answer, error) {
	unknown := false // an earlier try may have been done
	for number := 1; ; number++ {
		a, failure := c.once(ctx, e, body, number)
		if failure == nil {
			return a, nil
		}
		again := e.again(failure.Class)
		if unknown && failure.Class != State {
			// This try was refused, or not even sent. It says nothing of the
			// others.
			failure.Class = Unknown
		}
		unknown = unknown || failure.Class == Unknown && e.method != http.MethodGet
		if !again || number >= c.tries {
			return a, failure
		}
		if !pause(ctx, number, failure.RetryAfter) {
			if err := ctx.Err(); err != nil { // the caller ended it, whatever the try has met
				if failure.Err != nil {
					err = fmt.Errorf("%w, then %w", failure.Err, err)
				}
				failure.Err = err
			}
			return a, failure
		}
	}
}

// again reports whether a call that ended so may be sent again.
func (e endpoint) again(class Class) bool {
	return class == Retry || class == Unsent || class == Unknown && e.repeatable
}

// pause waits before the next try. It reports false, at once if it can, when
// there is not to be one.
func pause(ctx context.Context, number int, asked time.Duration) bool {
	d := min(firstPause<<min(number-1, 10), longestPause)
	// Registers that lost PayPay at the same moment must not come back at the
	// same moment.
	d = max(d/2+rand.N(d/2), asked+rand.N(d)) //nolint:gosec // Nobody gains by guessing a pause.
	if asked > longestPause {
		return false
	}
	if end, ok := ctx.Deadline(); ok && time.Until(end) <= d {
		return false
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// report tells the log and the trace of one request.
func (c *Client) report(ctx context.Context, e endpoint, a answer, failure *Error, number int, took time.Duration) {
	path := e.shown
	if path == "" {
		path, _, _ = strings.Cut(e.path, "?")
	}
	t := Try{
		Op: e.op, Method: e.method, Path: path, Number: number,
		Status: a.status, Code: a.info.Code, CodeID: a.info.CodeID, RequestID: a.requestID, Duration: took,
	}
	if len(a.data) > 0 && string(a.data) != "null" {
		t.data = func() json.RawMessage { return compact(a.data) }
	}
	attrs := []slog.Attr{
		slog.String("op", string(t.Op)),
		slog.String("path", t.Path),
		slog.Int("try", t.Number),
		slog.Int("status", t.Status),
		slog.String("code", string(t.Code)),
		slog.String("request_id", t.RequestID),
		slog.Duration("duration", t.Duration),
	}
	if failure != nil {
		own := *failure // do may change the class of the other one
		t.Err = &own
		attrs = append(attrs, slog.String("class", own.Class.String()))
	}
	c.log.LogAttrs(ctx, slog.LevelDebug, "paypay", attrs...)
	c.trace(ctx, t)
}
