package simulator_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/japanese"
)

// file reads a reconciliation file of the first day, without its head.
func (tl *till) file(t testing.TB, name string) []string {
	t.Helper()
	got := tl.control(t, "GET", fmt.Sprintf("/simulator/files/%s?expires=%d", name, tl.seconds()+7200), "")
	if got.Code != 200 {
		t.Fatal(got.Body)
	}
	text, err := japanese.ShiftJIS.NewDecoder().String(got.Body.String())
	must(t, err)
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")[1:]
}

func TestFiles_ofADay(t *testing.T) {
	t.Parallel()
	tl := newTill(t, capturing())
	number := tl.paid(t, "order-1", 1000)
	tl.refund("refund-1", number, 400)
	cancelled := tl.paid(t, "order-2", 500)
	tl.cancel("order-2")
	held := tl.held(t, "order-3", 700)
	tl.advance(time.Minute)
	tl.capture("capture-1", "order-3", 600)
	tl.refund("refund-1", held, 600)
	reverted := tl.held(t, "order-4", 50)
	tl.revert(reverted)
	tl.advance(24 * time.Hour)
	tl.paid(t, "tomorrow", 1)

	var told struct {
		Paths []string `json:"paths"`
	}
	must(t, json.Unmarshal(tl.control(t, "POST", "/simulator/files", `{"day":"2026-11-23"}`).Body.Bytes(), &told))
	const instant, later = "transaction_123456_20261123000000_20261123235959_v2.csv", "preauth_transaction_123456_20261123000000_20261123235959_v2.csv"
	ends := fmt.Sprintf("?expires=%d", tl.seconds()+7200)
	want := []string{"http://till.example:8080/simulator/files/" + instant + ends, "http://till.example:8080/simulator/files/" + later + ends}
	if diff := cmp.Diff(want, told.Paths); diff != "" {
		t.Error(diff)
	}
	line := func(number, stores, status, at, amount, method, id string, detailed bool) string {
		details := ""
		if detailed {
			details = `"[{""paymentMethod"":""` + method + `"",""amount"":` + amount + `,""breakdown"":[{""type"":""REGULAR"",""amount"":` + amount + `}]}]"`
		}
		return strings.Join([]string{number, "123456", "シミュレーター", stores, status, "2026-11-23T" + at + "+09:00", amount, "", method, id, details}, ",")
	}
	const s1 = "S1,S1,T1"
	if diff := cmp.Diff([]string{
		line(number, s1, "取引完了", "12:00:00", "1000", "PayPay残高", "order-1", true),
		line(number, s1, "返金完了", "12:00:10", "-400", "PayPay残高", "refund-1", true),
		line(cancelled, s1, "取引失敗", "12:00:00", "500", "PayPay残高", "order-2", true),
	}, tl.file(t, instant)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{
		line(held, ",,", "AUTHORIZED", "12:00:00", "700", "wallet", "order-3", false),
		line(held, ",,", "COMPLETED", "12:01:00", "600", "wallet", "capture-1", true),
		line(held, ",,", "REFUNDED", "12:01:10", "600", "wallet", "refund-1", true),
		line(reverted, ",,", "AUTHORIZED", "12:01:00", "50", "wallet", "order-4", false),
		line(reverted, ",,", "CANCELED", "12:01:00", "50", "wallet", "revert-1", false),
	}, tl.file(t, later)); diff != "" {
		t.Error(diff)
	}
	for _, name := range []string{"x", "transaction_123456_20261123000001_20261124000000_v2.csv", "transaction_9_20261123000000_20261123235959_v2.csv"} {
		if got := tl.control(t, "GET", "/simulator/files/"+name+ends, ""); got.Code != 404 {
			t.Errorf("%s: %d", name, got.Code)
		}
	}
	path := strings.TrimPrefix(told.Paths[0], "http://till.example:8080")
	if got := tl.control(t, "GET", path, ""); got.Code != 200 {
		t.Error(got.Body)
	}
	for _, address := range []string{strings.TrimSuffix(path, ends), path + "0"} {
		if got := tl.control(t, "GET", address, ""); got.Code != 403 {
			t.Errorf("%s: %d", address, got.Code)
		}
	}
	tl.advance(2 * time.Hour)
	if got := tl.control(t, "GET", path, ""); got.Code != 403 {
		t.Errorf("after two hours: %d", got.Code)
	}
	if got := tl.control(t, "POST", "/simulator/files", `{"day":"yesterday"}`); got.Code != 400 {
		t.Error(got.Body)
	}
}
