package paypay

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// column is what a column means.
type column int

const (
	columnOther column = iota
	columnPaymentID
	columnMerchantID
	columnBrandName
	columnStoreID
	columnStoreName
	columnTerminalID
	columnStatus
	columnAcceptedAt
	columnAmount
	columnReceiptNumber
	columnMethods
	columnOwnID
	columnDetails
	columnExpiresAt
	columnServiceType
)

// columnOf knows the names of the reconciliation files, and those that the
// history has for the same.
func columnOf(name string) column {
	switch name {
	case "決済番号", "取引番号", "orderId":
		return columnPaymentID
	case "加盟店ID", "merchantId":
		return columnMerchantID
	case "屋号", "brandName":
		return columnBrandName
	case "店舗ID", "storeId":
		return columnStoreID
	case "店舗名", "storeName":
		return columnStoreName
	case "端末番号/PosID", "terminalId":
		return columnTerminalID
	case "取引ステータス", "transactionStatus":
		return columnStatus
	case "取引日時", "acceptedAt":
		return columnAcceptedAt
	case "取引金額", "amount":
		return columnAmount
	case "レシート番号", "orderReceiptNumber":
		return columnReceiptNumber
	case "支払い方法", "methodOfPayment":
		return columnMethods
	case "マーチャント決済ID", "加盟店決済ID", "merchantPaymentId":
		return columnOwnID
	case "支払い詳細", "支払い詳細項目", "paymentDetails":
		return columnDetails
	case "取引確定期限":
		return columnExpiresAt
	case "サービスタイプ":
		return columnServiceType
	}
	return columnOther
}

// table is what the header of a file says.
type table struct {
	kind    FileKind
	names   []string
	columns []column
}

func readTable(lines *csvLines) (*table, error) {
	names, err := lines.header()
	switch {
	case errors.Is(err, io.EOF):
		return nil, errors.New("paypay: the file is empty")
	case errors.Is(err, errLongLine), errors.Is(err, errQuotes):
		return nil, &headerError{err.Error()}
	case err != nil:
		return nil, fmt.Errorf("paypay: reading a file: %w", err)
	}
	t := &table{names: slices.Clone(names)}
	for i, name := range names {
		c := columnOf(name)
		if c != columnOther && slices.Contains(t.columns, c) {
			return nil, &headerError{name + " stands twice"}
		}
		if c == columnOther {
			t.names[i] = cleanValue(name)
		}
		t.columns = append(t.columns, c)
	}
	for _, c := range [...]column{columnPaymentID, columnStatus, columnAcceptedAt, columnAmount} {
		if !slices.Contains(t.columns, c) {
			return nil, &headerError{fmt.Sprintf("it begins %q", cleanValue(strings.Join(names, ",")))}
		}
	}
	t.kind = kindOf(names)
	return t, nil
}

// headerError is a file that is none of PayPay's, or not one that is known.
type headerError struct{ why string }

func (e *headerError) Error() string {
	return "paypay: the header is not that of a file of PayPay: " + e.why
}

// kindOf tells the files apart. The columns of a history can be chosen, so it is
// any Japanese file that is not the whole of the reconciliation.
func kindOf(names []string) FileKind {
	if slices.Contains(names, "orderId") {
		return CaptureLaterFile
	}
	for _, name := range [...]string{
		"決済番号", "加盟店ID", "屋号", "店舗ID", "店舗名", "端末番号/PosID", "取引ステータス",
		"取引日時", "取引金額", "レシート番号", "支払い方法", "マーチャント決済ID", "支払い詳細",
	} {
		if !slices.Contains(names, name) {
			return HistoryFile
		}
	}
	if slices.Contains(names, "取引確定期限") || slices.Contains(names, "サービスタイプ") {
		return HistoryFile
	}
	return InstantFile
}
