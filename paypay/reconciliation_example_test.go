package paypay_test

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/text/encoding/japanese"

	"example.jp/reji/paypay"
)

// What a shop earned on a day, from the file that PayPay makes of it.
func ExampleReadRecords() {
	file, err := japanese.ShiftJIS.NewEncoder().String(
		"決済番号,加盟店ID,屋号,店舗ID,店舗名,端末番号/PosID,取引ステータス,取引日時,取引金額,レシート番号,支払い方法,マーチャント決済ID,支払い詳細\n" +
			"0390508182,4189,むね堂,S1,銀座店,REG-2,取引完了,2026/04/01 12:04:05,1280,,PayPay残高,R1-0001,\n" +
			"0390508183,4189,むね堂,S1,銀座店,REG-2,取引完了,2026/04/01 12:10:00,9OO,,PayPay残高,R1-0002,\n" +
			"0390508182,4189,むね堂,S1,銀座店,REG-2,返金完了,2026/04/01 13:00:00,-480,,PayPay残高,R1-0001,\n")
	if err != nil {
		fmt.Println(err)
		return
	}

	var total int64
	for record, err := range paypay.ReadRecords(strings.NewReader(file)) {
		if bad, ok := errors.AsType[*paypay.LineError](err); ok {
			fmt.Println("look at", bad) // and go on
			continue
		}
		if err != nil {
			fmt.Println(err) // the rest of the file is not to be had
			return
		}
		if record.Status == paypay.StatusCompleted || record.Status == paypay.StatusRefunded {
			total += record.Amount
			fmt.Println(record.OwnID, record.Status, record.Amount)
		}
	}
	fmt.Println("without that line:", total)

	// Output:
	// R1-0001 COMPLETED 1280
	// look at paypay: line 3: 取引金額 "9OO": not whole yen
	// R1-0001 REFUNDED -480
	// without that line: 800
}
