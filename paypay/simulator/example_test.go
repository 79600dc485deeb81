package simulator_test

import (
	"context"
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // part of the signature
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"time"

	"example.jp/reji/paypay/simulator"
)

// A code is made over HTTP by a request that is signed by hand, a customer pays
// it, and the books tell.
func Example() {
	sim, err := simulator.New(simulator.Config{APIKey: "key", APISecret: "secret", MerchantID: "1"})
	if err != nil {
		fmt.Println(err)
		return
	}
	server := httptest.NewServer(sim)
	defer server.Close()

	const body = `{"merchantPaymentId":"order-1","amount":{"amount":1200,"currency":"JPY"},"codeType":"ORDER_QR"}`
	const contentType = "application/json"
	epoch := strconv.FormatInt(time.Now().Unix(), 10)
	sum := md5.Sum([]byte(contentType + body)) //nolint:gosec // part of the signature
	hash := base64.StdEncoding.EncodeToString(sum[:])
	mac := hmac.New(sha256.New, []byte("secret"))
	mac.Write([]byte(strings.Join([]string{"/v2/codes", "POST", "nonce", epoch, contentType, hash}, "\n")))
	signature := base64.StdEncoding.EncodeToString(mac.Sum(nil))

	request, err := http.NewRequestWithContext(context.Background(), http.MethodPost, server.URL+"/v2/codes", strings.NewReader(body))
	if err != nil {
		fmt.Println(err)
		return
	}
	request.Header.Set("Content-Type", contentType)
	request.Header.Set("X-ASSUME-MERCHANT", "1")
	request.Header.Set("Authorization", "hmac OPA-Auth:key:"+signature+":nonce:"+epoch+":"+hash)
	answer, err := server.Client().Do(request)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = answer.Body.Close() }()
	fmt.Println(answer.Status)

	fmt.Println(sim.State().Payments[0].Status)
	if err := sim.Pay(sim.State().Payments[0].CodeID); err != nil {
		fmt.Println(err)
	}
	fmt.Println(sim.State().Payments[0].Status, sim.State().Taken)
	// Output:
	// 201 Created
	// CREATED
	// COMPLETED 1200
}
