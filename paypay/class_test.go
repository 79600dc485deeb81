package paypay

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

var ops = []Op{OpCreateCode, OpDeleteCode, OpCodePayment, OpCancelPayment}

// try makes a call of an operation with ids of testdata.
func try(t *testing.T, c *Client, op Op) error {
	t.Helper()
	switch op {
	case OpCreateCode:
		_, err := c.CreateCode(t.Context(), order())
		return err
	case OpDeleteCode:
		return c.DeleteCode(t.Context(), "04-Zx3kQ9sLw7TbV2nM")
	case OpCodePayment:
		_, err := c.CodePayment(t.Context(), "R1-0001")
		return err
	case OpCancelPayment:
		return c.CancelPayment(t.Context(), "R1-0001")
	}
	panic("no such operation: " + op)
}

// Every row of PayPay's tables of result codes for these operations.
func TestCall_resultCodes(t *testing.T) {
	t.Parallel()
	all := ""
	tests := []struct {
		status int
		codeID string
		code   ResultCode
		op     string // one operation, or all of them
		want   Class
	}{
		{400, "08100006", "INVALID_REQUEST_PARAMS", all, Bug},
		{400, "08100024", "MISSING_REQUEST_PARAMS", all, Bug},
		{400, "", "INVALID_PARAMS", all, Bug},
		{401, "08100016", "UNAUTHORIZED", all, Bug},
		{401, "08100023", "OP_OUT_OF_SCOPE", all, Bug},
		{404, "08100007", "OPA_CLIENT_NOT_FOUND", all, Bug},
		{429, "08100998", "RATE_LIMIT", all, Retry},
		{500, "08100026", "SERVICE_ERROR", all, Unknown},
		{500, "08101000", "INTERNAL_SERVER_ERROR", all, Unknown},
		{500, "00200034", "INTERNAL_SERVER_ERROR", all, Unknown},
		{500, "", "TRANSACTION_FAILED", all, Failed},
		{503, "08100999", "MAINTENANCE_MODE", "v2_createDynamicQRCode", Unknown},
		{503, "08100999", "MAINTENANCE_MODE", "v2_deleteDynamicQRCode", Unknown},
		{503, "08100999", "MAINTENANCE_MODE", "v2_getQRPaymentDetails", Retry},
		{503, "08100999", "MAINTENANCE_MODE", "v2_cancelPayment", Unknown},
		{503, "", "SERVICE_UNDER_MAINTENANCE", "v2_createDynamicQRCode", Unknown},
		{503, "", "SERVICE_UNDER_MAINTENANCE", "v2_deleteDynamicQRCode", Unknown},
		{503, "", "SERVICE_UNDER_MAINTENANCE", "v2_getQRPaymentDetails", Retry},
		{503, "", "SERVICE_UNDER_MAINTENANCE", "v2_cancelPayment", Unknown},
		{400, "", "ORDER_NO_LONGER_AVAILABLE", all, Failed},
		{400, "01652073", "DUPLICATE_DYNAMIC_QR_REQUEST", "v2_createDynamicQRCode", State},
		{400, "00400060", "PRE_AUTH_CAPTURE_UNSUPPORTED_MERCHANT", "v2_createDynamicQRCode", Bug},
		{400, "00400061", "PRE_AUTH_CAPTURE_INVALID_EXPIRY_DATE", "v2_createDynamicQRCode", Bug},
		{400, "01650000", "DYNAMIC_QR_BAD_REQUEST", "v2_createDynamicQRCode", Bug},
		{400, "01652075", "DYNAMIC_QR_PAYMENT_NOT_FOUND", "v2_getQRPaymentDetails", Failed},
		{404, "01652075", "DYNAMIC_QR_PAYMENT_NOT_FOUND", "v2_getQRPaymentDetails", Failed},
		{400, "01650000", "DYNAMIC_QR_BAD_REQUEST", "v2_getQRPaymentDetails", Bug},
		{404, "", "RESOURCE_NOT_FOUND", all, State},
		{400, "01652074", "DYNAMIC_QR_ALREADY_PAID", "v2_deleteDynamicQRCode", State},
		{404, "01652072", "DYNAMIC_QR_NOT_FOUND", "v2_deleteDynamicQRCode", State},
		{400, "01650000", "DYNAMIC_QR_BAD_REQUEST", "v2_deleteDynamicQRCode", State},
		{400, "00200044", "ORDER_NOT_REVERSIBLE", "v2_cancelPayment", State},

		// Not in the tables.
		{400, "09999999", "NEW_REASON", all, State},
		{403, "", "NEW_REASON", all, State},
		{409, "", "NEW_REASON", all, State},
		{401, "", "NEW_REASON", all, Bug},
		{429, "", "NEW_REASON", all, Retry},
		{500, "", "NEW_REASON", all, Unknown},
		{502, "", "NEW_REASON", all, Unknown},
		{200, "", "NEW_REASON", all, Unknown},
		{200, "08100006", "INVALID_REQUEST_PARAMS", all, Unknown},
		{201, "", "RATE_LIMIT", all, Unknown},
		{302, "08100001", "SUCCESS", all, Unknown},
		{400, "08100001", "SUCCESS", all, Unknown},
		{500, "08100001", "SUCCESS", all, Unknown},
		{404, "08100001", "REQUEST_ACCEPTED", all, Unknown},
		{500, "08100006", "INVALID_REQUEST_PARAMS", all, Unknown},
		{500, "01652075", "DYNAMIC_QR_PAYMENT_NOT_FOUND", all, Unknown},
		{502, "08100016", "UNAUTHORIZED", all, Unknown},
		{400, "", "TRANSACTION_FAILED", all, State},
		{202, "08100001", "REQUEST_ACCEPTED", "v2_createDynamicQRCode", Unknown},
		{202, "08100001", "REQUEST_ACCEPTED", "v2_getQRPaymentDetails", Unknown},
	}
	for _, tt := range tests {
		for _, op := range ops {
			if tt.op != all && tt.op != string(op) {
				continue
			}
			t.Run(fmt.Sprint(tt.status, tt.code, op), func(t *testing.T) {
				t.Parallel()
				body := fmt.Sprintf(`{"resultInfo":{"code":%q,"message":"why | [OPA1]","codeId":%q},"data":null}`, tt.code, tt.codeID)
				err := try(t, serve(t, answering(tt.status, body)), op)
				e, ok := errors.AsType[*Error](err)
				if !ok {
					t.Fatalf("error %v", err)
				}
				want := Error{op, tt.want, tt.status, tt.code, tt.codeID, "why | [OPA1]", testRequestID, 0, nil}
				if *e != want {
					t.Errorf("error %+v, want %+v", *e, want)
				}
				if CodeOf(err) != tt.code || ClassOf(err) != tt.want {
					t.Errorf("code %s, class %s", CodeOf(err), ClassOf(err))
				}
			})
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
