package paypay_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"example.jp/reji/paypay"
)

// A server takes notifications as hints to ask PayPay.
func ExampleReadNotification() {
	allowed := paypay.ProductionSenders() // or better, what PayPay told the shop
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !paypay.SentFrom(r.RemoteAddr, allowed) {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		n, err := paypay.ReadNotification(r.Body)
		if err != nil {
			http.Error(w, "no", http.StatusBadRequest)
			return
		}
		if e := n.Transaction; e != nil {
			// Hand it to a goroutine that calls Client.CodePayment, and believe
			// what that says.
			fmt.Println("look up", e.MerchantPaymentID, "which is said to be", e.State)
		}
		if _, err := w.Write([]byte("OK")); err != nil {
			fmt.Println(err)
		}
	})

	for _, from := range []string{"52.68.128.8:4430", "203.0.113.7:4430"} {
		r := httptest.NewRequest(http.MethodPost, "/paypay", strings.NewReader(`{
			"notification_type": "Transaction", "order_id": "03905081820401237", "merchant_order_id": "R1-0001",
			"paid_at": "2026-04-01T03:04:05Z", "order_amount": "1280", "state": "COMPLETED"}`))
		r.RemoteAddr = from
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		fmt.Println(w.Code)
	}

	// Output:
	// look up R1-0001 which is said to be COMPLETED
	// 200
	// 403
}
