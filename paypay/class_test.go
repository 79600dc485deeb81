package paypay

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// Every row of PayPay's tables of result codes that says no or not yet.
func TestCall_resultCodes(t *testing.T) {
	t.Parallel()
	one := func(op ...Op) []Op { return op }
	but := func(not ...Op) []Op {
		return slices.DeleteFunc(slices.Clone(ops), func(op Op) bool { return slices.Contains(not, op) })
	}
	capturing := one(OpCapture)
	tests := []struct {
		ops    []Op
		status int
		codeID string
		code   ResultCode
		want   Class
	}{
		// Common to all calls.
		{ops, 400, "08100006", "INVALID_REQUEST_PARAMS", Bug},
		{ops, 400, "08100024", "MISSING_REQUEST_PARAMS", Bug},
		{ops, 400, "", "INVALID_PARAMS", Bug},
		{ops, 401, "08100016", "UNAUTHORIZED", Bug},
		{ops, 401, "08100023", "OP_OUT_OF_SCOPE", Bug},
		{ops, 404, "08100007", "OPA_CLIENT_NOT_FOUND", Bug},
		{ops, 429, "08100998", "RATE_LIMIT", Retry},
		{ops, 500, "08100026", "SERVICE_ERROR", Unknown},
		{ops, 500, "08101000", "INTERNAL_SERVER_ERROR", Unknown},
		{ops, 500, "", "TRANSACTION_FAILED", Failed},
		{reads, 503, "08100999", "MAINTENANCE_MODE", Retry},
		{but(reads...), 503, "08100999", "MAINTENANCE_MODE", Unknown},
		{reads, 503, "", "SERVICE_UNDER_MAINTENANCE", Retry},
		{but(reads...), 503, "", "SERVICE_UNDER_MAINTENANCE", Unknown},

		// Create QR code.
		{one(OpCreateCode), 400, "01652073", "DUPLICATE_DYNAMIC_QR_REQUEST", State},
		{one(OpCreateCode), 400, "00400060", "PRE_AUTH_CAPTURE_UNSUPPORTED_MERCHANT", Bug},
		{one(OpCreateCode), 400, "00400061", "PRE_AUTH_CAPTURE_INVALID_EXPIRY_DATE", Bug},
		{one(OpCreateCode), 400, "01650000", "DYNAMIC_QR_BAD_REQUEST", Bug},

		// Get code payment details, get payment details.
		{one(OpCodePayment, OpPayment), 400, "01652075", "DYNAMIC_QR_PAYMENT_NOT_FOUND", Failed},
		{one(OpCodePayment, OpPayment), 404, "01652075", "DYNAMIC_QR_PAYMENT_NOT_FOUND", Failed},
		{one(OpCodePayment, OpPayment), 400, "01650000", "DYNAMIC_QR_BAD_REQUEST", Bug},
		{one(OpCodePayment, OpPayment), 404, "", "RESOURCE_NOT_FOUND", State},

		// Delete QR code.
		{one(OpDeleteCode), 400, "01652074", "DYNAMIC_QR_ALREADY_PAID", State},
		{one(OpDeleteCode), 400, "01650000", "DYNAMIC_QR_BAD_REQUEST", State},
		{one(OpDeleteCode), 404, "01652072", "DYNAMIC_QR_NOT_FOUND", State},

		// Cancel.
		{one(OpCancelPayment), 400, "00200044", "ORDER_NOT_REVERSIBLE", State},
		{ops, 400, "", "ORDER_NO_LONGER_AVAILABLE", Failed},
		{one(OpCancelPayment), 500, "00200034", "INTERNAL_SERVER_ERROR", Unknown},

		// Refund.
		{one(OpRefund), 400, "00200004", "INVALID_PARAMS", Bug},
		{one(OpRefund), 400, "00200015", "INVALID_PARAMS", Failed},
		{one(OpRefund), 400, "00200013", "UNACCEPTABLE_OP", Failed},
		{one(OpRefund), 400, "00200014", "UNACCEPTABLE_OP", Failed},
		{one(OpRefund), 403, "", "MERCHANT_MULTIPLE_REFUND_REJECTED", Failed},
		{one(OpRefund), 400, "", "THROTTLED_MULTIPLE_REFUND_REJECTED", Retry},
		{one(OpRefund), 400, "", "REFUND_LIMIT_EXCEEDED", Failed},
		{one(OpRefund), 400, "", "REFUND_WINDOW_EXCEED", Failed},
		{one(OpRefund), 400, "01103027", "CANCELED_USER", Failed},
		{one(OpRefund), 400, "", "ORDER_NO_LONGER_AVAILABLE", Failed},
		{one(OpRefund), 401, "", "USER_STATE_IS_NOT_ACTIVE", Failed},
		{one(OpRefund), 404, "00200001", "RESOURCE_NOT_FOUND", Bug},
		{one(OpRefund), 404, "", "NO_SUCH_REFUND_ORDER", State},
		{one(OpRefund), 500, "00200002", "TRANSACTION_FAILED", Failed},
		{one(OpRefund), 500, "00200003", "TRANSACTION_FAILED", Failed},
		{one(OpRefund), 500, "00800017", "TRANSACTION_FAILED", Failed},
		{one(OpRefund), 500, "00200034", "INTERNAL_SERVER_ERROR", Unknown},
		{one(OpRefund), 500, "08101000", "INTERNAL_SERVER_ERROR", Unknown},

		// Refund details.
		{one(OpRefundDetails), 404, "00200018", "NO_SUCH_REFUND_ORDER", State},
		{one(OpRefundDetails), 400, "", "INVALID_PARAMS", Bug},
		{one(OpRefundDetails), 400, "", "ORDER_NO_LONGER_AVAILABLE", Failed},
		{one(OpRefundDetails), 500, "00200034", "INTERNAL_SERVER_ERROR", Retry},

		// Capture.
		{capturing, 400, "00400035", "UNACCEPTABLE_OP", Failed},
		{capturing, 400, "", "LIMIT_EXCEEDED", Failed},
		{capturing, 400, "", "USER_DEFINED_DAILY_LIMIT_EXCEEDED", Failed},
		{capturing, 400, "", "USER_DEFINED_MONTHLY_LIMIT_EXCEEDED", Failed},
		{capturing, 400, "00200039", "ALREADY_CAPTURED", State},
		{capturing, 400, "01103027", "CANCELED_USER", Failed},
		{capturing, 400, "00400062", "HIGHER_CAPTURE_NOT_PERMITTED", Failed},
		{capturing, 400, "00200043", "ORDER_EXPIRED", State},
		{capturing, 400, "00200035", "ORDER_NOT_CAPTURABLE", State},
		{capturing, 400, "00200038", "REAUTHORIZATION_IN_PROGRESS", State}, // look it up before anything else
		{capturing, 400, "00400064", "TOO_CLOSE_TO_EXPIRY", Failed},
		{capturing, 400, "", "NO_SUFFICIENT_FUND", Failed},
		{capturing, 400, "", "ORDER_NO_LONGER_AVAILABLE", Failed},
		{capturing, 404, "", "RESOURCE_NOT_FOUND", Bug},

		// Revert.
		{one(OpRevert), 400, "00200042", "ORDER_NOT_CANCELABLE", State},
		{one(OpRevert), 400, "", "ORDER_NO_LONGER_AVAILABLE", Failed},
		{one(OpRevert), 404, "", "RESOURCE_NOT_FOUND", Bug},

		// Change of amount.
		{one(OpReauthorize), 400, "", "REAUTHORIZE_REJECTED", State},
		{one(OpReauthorize), 400, "", "PAY_METHOD_INVALIDATED", Failed},
		{one(OpReauthorize), 400, "", "REAUTH_AMOUNT_UNCHANGED", Bug},
		{one(OpReauthorize), 400, "", "REAUTH_MAX_LIMIT_EXCEEDED", Failed},
		{one(OpReauthorize), 400, "", "REAUTHORIZE_FAILED", Unknown},
		{one(OpReauthorize), 400, "", "ORDER_NO_LONGER_AVAILABLE", Failed},
		{one(OpReauthorize), 404, "", "RESOURCE_NOT_FOUND", Bug},

		// Native, pre-authorised, continuous.
		{userPays, 400, "00200017", "SUSPECTED_DUPLICATE_PAYMENT", State},
		{userPays, 400, "", "NO_SUFFICIENT_FUND", Failed},
		{userPays, 400, "", "LIMIT_EXCEEDED", Failed},
		{userPays, 400, "", "USER_DEFINED_DAILY_LIMIT_EXCEEDED", Failed},
		{userPays, 400, "", "USER_DEFINED_MONTHLY_LIMIT_EXCEEDED", Failed},
		{userPays, 400, "", "USER_DAILY_LIMIT_FOR_MERCHANT_EXCEEDED", Failed},
		{userPays, 400, "", "CC_LIMIT_EXCEEDED", Failed},
		{userPays, 400, "", "PPC_LIMIT_EXCEEDED", Failed},
		{userPays, 400, "", "PPC_EXPIRED", Failed},
		{userPays, 400, "", "NON_KYC_USER", Failed},
		{userPays, 400, "", "UNSUPPORTED_PAYMENT_METHOD", Failed},
		{userPays, 400, "", "PAY_METHOD_INVALIDATED", Failed},
		{userPays, 400, "01103027", "CANCELED_USER", Failed},
		{userPays, 400, "", "UNACCEPTABLE_OP", Failed},
		{userPays, 400, "00200004", "INVALID_PARAMS", Bug},
		{userPays, 401, "", "INVALID_USER_AUTHORIZATION_ID", Failed},
		{userPays, 401, "", "EXPIRED_USER_AUTHORIZATION_ID", Failed},
		{userPays, 401, "", "USER_STATE_IS_NOT_ACTIVE", Failed},
		{userPays, 404, "", "NO_VALID_PAYMENT_METHOD", Failed},
		{userPays, 404, "", "PAYMENT_METHOD_NOT_FOUND", Failed},
		{userPays, 500, "", "TRANSACTION_FAILED", Failed},
		{userPays, 500, "", "SOMETHING_ELSE", Unknown},

		// Pending payment, account link, authorization, cashback.
		{one(OpCreatePendingPayment), 400, "", "DUPLICATE_REQUEST_ORDER", State},
		{one(OpCreatePendingPayment), 400, "", "SUSPECTED_DUPLICATE_ORDER", State},
		{one(OpCreatePendingPayment), 400, "", "INVALID_PARAMS", Bug},
		{one(OpPendingPayment), 400, "08300005", "REQUEST_ORDER_NOT_FOUND", State},       // not there yet, perhaps
		{one(OpCancelPendingPayment), 404, "08300005", "REQUEST_ORDER_NOT_FOUND", State}, // not there yet, perhaps
		{one(OpRefund), 404, "08300005", "REQUEST_ORDER_NOT_FOUND", Failed},
		{one(OpCancelPendingPayment), 409, "", "INVALID_REQUEST_ORDER_STATE", State},
		{one(OpCreateLinkSession), 400, "08100017", "EXPECTATION_FAILED", Bug},
		{one(OpCreateLinkSession), 404, "", "SESSION_NOT_FOUND", State},
		{one(OpCreateLinkSession), 400, "08100019", "3RD_PARTY_BAD_REQUEST", Bug},
		{one(OpAuthorization), 401, "", "INVALID_USER_AUTHORIZATION_ID", Failed},
		{one(OpAuthorization), 400, "", "CANCELED_USER", Failed},
		{cashbacks, 400, "", "VALIDATION_FAILED_EXCEPTION", State},
		{cashbacks, 400, "", "FAILURE", Failed},
		{cashbacks, 400, "", "BALANCE_OUT_OF_LIMIT", Failed},
		{cashbacks, 400, "", "RESOURCE_NOT_FOUND", Failed},
		{cashbacks, 400, "", "UNAUTHORIZED_ACCESS", Failed},
		{one(OpCashback), 200, "WAL_500017", "NOT_ENOUGH_MONEY", Failed},
		{one(OpCashback), 400, "", "TRANSACTION_NOT_FOUND", State}, // not there yet, perhaps
		{cashbacks, 500, "", "INTERNAL_SERVICE_ERROR", Unknown},

		// Not in the tables.
		{ops, 400, "09999999", "NEW_REASON", State},
		{ops, 403, "", "NEW_REASON", State},
		{ops, 409, "", "NEW_REASON", State},
		{ops, 401, "", "NEW_REASON", Bug},
		{ops, 429, "", "NEW_REASON", Retry},
		{ops, 500, "", "NEW_REASON", Unknown},
		{ops, 502, "", "NEW_REASON", Unknown},
		{ops, 200, "", "NEW_REASON", Unknown},
		{ops, 200, "08100006", "INVALID_REQUEST_PARAMS", Unknown},
		{ops, 201, "", "RATE_LIMIT", Unknown},
		{ops, 302, "08100001", "SUCCESS", Unknown},
		{ops, 400, "08100001", "SUCCESS", Unknown},
		{ops, 500, "08100001", "SUCCESS", Unknown},
		{ops, 404, "08100001", "REQUEST_ACCEPTED", Unknown},
		{ops, 400, "08300103", "USER_CONFIRMATION_REQUIRED", Unknown},
		{ops, 500, "08100006", "INVALID_REQUEST_PARAMS", Unknown},
		{ops, 500, "01652075", "DYNAMIC_QR_PAYMENT_NOT_FOUND", Unknown},
		{ops, 502, "08100016", "UNAUTHORIZED", Unknown},
		{ops, 400, "", "TRANSACTION_FAILED", Unknown},
		// Codes that are known, with a codeId that is not.
		{one(OpRefund), 400, "09999999", "INVALID_PARAMS", Bug},
		{one(OpRefund), 400, "09999999", "UNACCEPTABLE_OP", Failed},
		{one(OpRefund), 404, "09999999", "RESOURCE_NOT_FOUND", Bug},
		{one(OpCodePayment), 404, "00200001", "RESOURCE_NOT_FOUND", State},
		// Taken, by operations that are done at once or not at all.
		{but(OpCancelPayment, OpCancelPendingPayment, OpUnlink, OpGiveCashback, OpReverseCashback), 202, "08100001", "REQUEST_ACCEPTED", Unknown},
		{but(OpCapture, OpReauthorize), 202, "08300103", "USER_CONFIRMATION_REQUIRED", Unknown},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.status, tt.code, tt.codeID), func(t *testing.T) {
			t.Parallel()
			body := fmt.Sprintf(`{"resultInfo":{"code":%q,"message":"why | [OPA1]","codeId":%q},"data":null}`, tt.code, tt.codeID)
			c := serve(t, answering(tt.status, body))
			for _, op := range tt.ops {
				if _, ok := calls[op]; !ok {
					continue
				}
				err := try(t, c, op)
				e, ok := errors.AsType[*Error](err)
				if !ok {
					t.Fatalf("%s: error %v", op, err)
				}
				want := Error{op, tt.want, tt.status, tt.code, tt.codeID, "why | [OPA1]", testRequestID, 0, nil}
				if tt.code == RefundThrottled {
					want.RetryAfter = time.Minute
				}
				if *e != want {
					t.Errorf("error %+v, want %+v", *e, want)
				}
				if CodeOf(err) != tt.code || ClassOf(err) != tt.want {
					t.Errorf("code %s, class %s", CodeOf(err), ClassOf(err))
				}
			}
		})
	}
}

// The table of codes is one that a person can rely on.
func TestResults(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	n := 0
	for r := range Results() {
		n++
		key := fmt.Sprint(r.Op, r.Code, r.CodeID, r.Status/100)
		if seen[key] {
			t.Errorf("%+v stands twice", r)
		}
		seen[key] = true
		if !isToken(string(r.Code)) || r.Status < 200 || r.Status > 599 || r.Code.taken() || r.Class == Unsent {
			t.Errorf("%+v", r)
		}
		a := answer{status: r.Status, info: resultInfo{Code: r.Code, CodeID: r.CodeID}}
		if got := classify(r.Op, a); r.Op != "" && got != r.Class {
			t.Errorf("%+v is classified as %s", r, got)
		}
	}
	for r := range Results() {
		if n--; r.Code == "" || n < 0 {
			break
		}
	}
	if n != 0 {
		t.Error("the table is another one the second time")
	}
}

// A status that contradicts the code is no reason to send anything again, nor to
// call it a no.
func TestResults_statusOfAnotherFamily(t *testing.T) {
	t.Parallel()
	families := map[ResultCode][]int{}
	for r := range Results() {
		families[r.Code] = append(families[r.Code], r.Status/100)
	}
	for r := range Results() {
		for _, status := range []int{200, 302, 400, 401, 403, 404, 409, 429, 500, 502, 503} {
			if slices.Contains(families[r.Code], status/100) {
				continue
			}
			for _, op := range ops {
				a := answer{status: status, info: resultInfo{Code: r.Code, CodeID: r.CodeID}}
				if got := classify(op, a); got != Unknown {
					t.Errorf("%s of %s with HTTP %d is classified as %s", r.Code, op, status, got)
				}
			}
		}
	}
}

// What stands in for PayPay's answer is never taken for a no.
func TestCall_notPayPaysAnswer(t *testing.T) {
	t.Parallel()
	const page = "<!DOCTYPE html><title>Sign in to Shop Wi-Fi</title>"
	good := `{"resultInfo":{"code":"REQUEST_ACCEPTED","message":"","codeId":"08100001"},"data":null}`
	for name, h := range map[string]http.HandlerFunc{
		"captive portal": answering(200, page),
		"gateway 502":    answering(502, page),
		"gateway 503":    answering(503, page),
		"gateway 504":    answering(504, ""),
		"firewall 403":   answering(403, page),
		"page 404":       answering(404, page),
		"empty":          answering(200, ""),
		"no content":     func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) },
		"null":           answering(200, "null"),
		"number":         answering(400, "1"),
		"gzip":           answering(200, "\x1f\x8b\x08\x00"),
		"cut": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "500")
			_, _ = io.WriteString(w, good)
		},
		"cut in chunks": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, good)
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		},
		"another protocol": func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				return
			}
			_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")
			_, _ = io.Copy(io.Discard, conn) // Held until the client gives up.
			_ = conn.Close()
		},
		"hung up":  func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"too long": answering(200, good+strings.Repeat(" ", maxAnswer)),
		"endless headers": func(w http.ResponseWriter, _ *http.Request) {
			for i := range 200 {
				w.Header().Set(fmt.Sprint("X-", i), strings.Repeat("x", 1000))
			}
			_, _ = io.WriteString(w, good)
		},
	} {
		for _, op := range ops {
			t.Run(name+" "+string(op), func(t *testing.T) {
				t.Parallel()
				err := try(t, serve(t, h), op)
				e, ok := errors.AsType[*Error](err)
				if !ok || e.Class != Unknown || e.Err == nil || e.Code != "" {
					t.Errorf("error %v", err)
				}
			})
		}
	}
}

func TestCall_longestAnswer(t *testing.T) {
	t.Parallel()
	good := testdata(t, "cancel-payment.json")
	c := serve(t, answering(202, good+strings.Repeat(" ", maxAnswer-len(good))))
	if err := c.CancelPayment(t.Context(), "R1-0001"); err != nil {
		t.Error(err)
	}
}

func TestCall_rateLimitOfAnotherServer(t *testing.T) {
	t.Parallel()
	for _, op := range ops {
		err := try(t, serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(http.StatusTooManyRequests)
			_, _ = io.WriteString(w, "slow down")
		}), op)
		e, ok := errors.AsType[*Error](err)
		if !ok || e.Class != Retry || e.RetryAfter != 7*time.Second || e.Err == nil {
			t.Errorf("error %+v", e)
		}
	}
}

func TestError_text(t *testing.T) {
	t.Parallel()
	for want, e := range map[string]*Error{
		"v2_cancelPayment: ORDER_NOT_REVERSIBLE (00200044): HTTP 400 [state]": {
			Op: OpCancelPayment, Class: State, Status: 400, Code: OrderNotReversible, CodeID: "00200044", Message: "not shown",
		},
		"v2_createDynamicQRCode: unexpected EOF [unknown]": {Op: OpCreateCode, Err: io.ErrUnexpectedEOF},
		"v2_createDynamicQRCode: HTTP 502: EOF [class 9]":  {Op: OpCreateCode, Class: 9, Status: 502, Err: io.EOF},
	} {
		if got := e.Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
		if e.Err != nil && !errors.Is(e, e.Err) {
			t.Error("the cause is lost")
		}
	}
	if ClassOf(io.EOF) != Unknown || CodeOf(io.EOF) != "" {
		t.Error("an error of another kind says something")
	}
	wrapped := fmt.Errorf("charge: %w", &Error{Class: Unsent, Code: "X"})
	if ClassOf(wrapped) != Unsent || CodeOf(wrapped) != "X" {
		t.Error("a wrapped error is not found")
	}
}

func TestClass(t *testing.T) {
	t.Parallel()
	if Class(0) != Unknown {
		t.Error("the zero class is not the careful one")
	}
	moved := map[Class]bool{Unknown: true, State: true}
	words := map[string]bool{}
	for c := Unknown; c <= Unsent; c++ {
		if c.MoneyMayHaveMoved() != moved[c] {
			t.Errorf("%s: money may have moved: %v", c, c.MoneyMayHaveMoved())
		}
		words[c.String()] = true
	}
	if len(words) != 6 {
		t.Errorf("words %v", words)
	}
}
