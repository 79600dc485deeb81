package paypay

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// set takes one cell into the record.
func (r *Record) set(c column, cell string) error {
	if r.Kind == HistoryFile && (cell == "-" || cell == "–") {
		cell = "" // So the history writes what there is none of.
	}
	var err error
	switch c {
	case columnPaymentID:
		r.PaymentID, err = cell, checkCellID(cell)
	case columnMerchantID:
		r.MerchantID = cell
	case columnBrandName:
		r.BrandName = cell
	case columnStoreID:
		r.StoreID = cell
	case columnStoreName:
		r.StoreName = cell
	case columnTerminalID:
		r.TerminalID = cell
	case columnStatus:
		r.Status, err = parseStatus(cell)
	case columnAcceptedAt:
		r.AcceptedAt, err = parseCellTime(cell)
	case columnAmount:
		r.Amount, err = parseYen(cell)
	case columnReceiptNumber:
		r.ReceiptNumber = cell
	case columnMethods:
		r.Methods = parseMethods(cell)
	case columnOwnID:
		if cell != "" {
			r.OwnID, err = cell, checkCellID(cell)
		}
	case columnDetails:
		r.Details, err = parseDetails(cell)
	case columnExpiresAt:
		r.AuthorizationExpiresAt, err = parseCellTime(cell)
	case columnServiceType:
		r.ServiceType = cell
	case columnOther:
	}
	return err
}

// signAmount makes a refund negative. The Japanese files write it so; that of
// capture-later payments is documented both with and without the sign.
func (r *Record) signAmount() error {
	switch r.Status {
	case StatusRefunded:
		if r.Kind != CaptureLaterFile && r.Amount > 0 {
			return errors.New("a refund that is not negative")
		}
		r.Amount = -max(r.Amount, -r.Amount)
	case StatusRecordRefundFailed:
		r.Amount = -max(r.Amount, -r.Amount)
	case StatusAuthorized, StatusCanceled, StatusCompleted, StatusExpired, StatusFailed:
		if r.Amount < 0 {
			return errors.New("negative, but not a refund")
		}
	default: // Nobody knows what its sign means.
	}
	return nil
}

// checkCellID refuses an id that was damaged, since records are matched by it.
func checkCellID(cell string) error {
	if !isToken(cell) {
		return errors.New("not an id")
	}
	return nil
}

// parseStatus reads a status. Texts of the Japanese files become the words of
// the API.
func parseStatus(cell string) (Status, error) {
	switch cell {
	case "取引完了":
		return StatusCompleted, nil
	case "取引失敗":
		return StatusFailed, nil
	case "返金完了":
		return StatusRefunded, nil
	case "返金失敗":
		return StatusRecordRefundFailed, nil
	}
	if strings.TrimSpace(cell) == "" || cleanValue(cell) != cell || strings.ContainsRune(cell, utf8.RuneError) {
		return "", errors.New("not a status")
	}
	return Status(cell), nil
}

// parseCellTime reads a time in epoch seconds. No text is zero.
func parseCellTime(cell string) (int64, error) {
	if cell == "" {
		return 0, nil
	}
	if strings.Contains(cell, "T") {
		if t, err := time.Parse(time.RFC3339, cell); err == nil && t.Unix() > 0 {
			return t.Unix(), nil
		}
		return 0, errors.New("not a time")
	}
	const jst = 9 * 60 * 60 // Japan has no summer time.
	for _, layout := range [...]string{"2006/1/2 15:04:05", "2006-1-2 15:04:05"} {
		if t, err := time.Parse(layout, cell); err == nil && t.Unix() > jst {
			return t.Unix() - jst, nil
		}
	}
	return 0, errors.New("not a time")
}

// parseYen reads whole yen, with or without a minus.
func parseYen(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || strings.HasPrefix(text, "+") || n > maxAmount || n < -maxAmount {
		return 0, errors.New("not whole yen")
	}
	return n, nil
}

// parseMethods reads names with commas between them.
func parseMethods(cell string) []string {
	var methods []string
	for name := range strings.SplitSeq(cell, ",") {
		if name = strings.TrimSpace(name); name != "" {
			methods = append(methods, methodOf(name))
		}
	}
	return methods
}

// methodOf is the API's name of a means to pay.
func methodOf(name string) string {
	switch name {
	case "wallet", "PayPay残高", "PayPay(残高)", "PayPay（残高）":
		return "WALLET"
	case "credit_card", "クレジットカード":
		return "CREDIT_CARD"
	case "pay_later_cc", "PayPay(クレジット)", "PayPay（クレジット）", "PayPayクレジット", "あと払い", "PayPayあと払い":
		return "PAY_LATER_CC"
	case "point", "PayPayポイント":
		return "POINT"
	case "gift_voucher", "PayPay商品券":
		return "GIFT_VOUCHER"
	}
	return name
}

// parseDetails reads the one column that is JSON.
func parseDetails(cell string) ([]RecordDetail, error) {
	if cell == "" {
		return nil, nil
	}
	var wire []struct {
		PaymentMethod string      `json:"paymentMethod"`
		Amount        json.Number `json:"amount"`
		Breakdown     []struct {
			Type   string      `json:"type"`
			Amount json.Number `json:"amount"`
		} `json:"breakdown"`
	}
	if err := decodeStrict([]byte(cell), &wire); err != nil {
		return nil, errors.New("not the JSON that is documented")
	}
	details := make([]RecordDetail, len(wire))
	for i, w := range wire {
		amount, err := parseYen(w.Amount.String())
		if err != nil {
			return nil, errors.New("an amount in it is not whole yen")
		}
		details[i] = RecordDetail{Method: methodOf(w.PaymentMethod), Amount: amount}
		for _, b := range w.Breakdown {
			amount, err := parseYen(b.Amount.String())
			if err != nil {
				return nil, errors.New("an amount in it is not whole yen")
			}
			details[i].Breakdown = append(details[i].Breakdown, RecordPart{Type: b.Type, Amount: amount})
		}
	}
	return details, nil
}

// cleanValue is the beginning of a text without anything that would move a
// cursor or hide other text.
func cleanValue(s string) string {
	const most = 40 // characters
	n := 0
	clean := strings.Map(func(r rune) rune {
		n++
		switch {
		case n > most:
			return -1
		case !unicode.IsPrint(r):
			return utf8.RuneError
		}
		return r
	}, s[:min(len(s), most*utf8.UTFMax)])
	if n > most {
		clean += "…"
	}
	return clean
}
