package paypay

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// FileKind is which of PayPay's files a record comes from.
type FileKind int

// The kinds of files.
const (
	InstantFile      FileKind = iota + 1 // reconciliation of payments that are taken at once
	CaptureLaterFile                     // reconciliation of amounts that are held first
	HistoryFile                          // what a merchant downloads from PayPay for Business
)

// String is the kind in words.
func (k FileKind) String() string {
	switch k {
	case InstantFile:
		return "instant payments"
	case CaptureLaterFile:
		return "capture-later payments"
	case HistoryFile:
		return "merchant history"
	}
	return "file kind " + strconv.Itoa(int(k))
}

// StatusRecordRefundFailed is a refund that failed, which only files speak of.
const StatusRecordRefundFailed Status = "REFUND_FAILED"

// Record is one line of a file. A column that a file does not have is empty.
type Record struct {
	Kind FileKind
	Line int // in the file; the header is line 1

	PaymentID  string // PayPay's number of the order
	MerchantID string
	BrandName  string
	StoreID    string
	StoreName  string
	TerminalID string

	// Status is COMPLETED, FAILED, REFUNDED or REFUND_FAILED for a text of a
	// Japanese file that is known to mean that. Any other is as it stands.
	Status     Status
	AcceptedAt int64 // epoch seconds; 0 when it is not said
	// Amount is in yen and negative for a refund, whatever the file. Only
	// COMPLETED and REFUNDED are money that moved.
	Amount        int64
	ReceiptNumber string

	// Methods are the means the customer used, by the names of
	// [PaymentMethod], or as they stand when they are not known.
	Methods []string
	Details []RecordDetail

	// OwnID is the shop's own id of what happened: the merchantPaymentId,
	// except in a [CaptureLaterFile], where it is the merchantRevertId of a
	// CANCELED line, the merchantCaptureId of a COMPLETED and the
	// merchantRefundId of a REFUNDED one.
	OwnID string

	// AuthorizationExpiresAt and ServiceType stand in a [HistoryFile] only, the
	// first in epoch seconds.
	AuthorizationExpiresAt int64
	ServiceType            string
}

// RecordDetail is the part of a record's amount that one means paid. PayPay
// does not document its sign.
type RecordDetail struct {
	Method    string // as in [Record.Methods]
	Amount    int64  // yen
	Breakdown []RecordPart
}

// RecordPart is a part of a detail.
type RecordPart struct {
	Type   string // REGULAR or a later one
	Amount int64  // yen
}

// LineError is a line that cannot be read. It says where and what, on one line
// and without control characters.
type LineError struct {
	Line   int    // in the file; the header is line 1
	Column string // as the header names it; empty when it is the line as a whole
	Value  string // what stands there, cleaned and cut
	Err    error  // what is wrong with it
}

// Error names the line, the column and the value.
func (e *LineError) Error() string {
	if e.Column == "" {
		return fmt.Sprintf("paypay: line %d: %v", e.Line, e.Err)
	}
	return fmt.Sprintf("paypay: line %d: %s %q: %v", e.Line, e.Column, e.Value, e.Err)
}

// Unwrap gives the cause.
func (e *LineError) Unwrap() error { return e.Err }

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

// ReadRecords reads a reconciliation file of instant or of capture-later
// payments, or the history that a merchant downloads from PayPay for Business,
// line by line, in memory that does not grow with the file. The header decides
// which of them it is, and whether it is Shift_JIS or UTF-8. Columns go by their
// names, and ones that PayPay adds later are passed over.
//
// A line that cannot be read is a [*LineError] without a record, and reading
// goes on after it. Any other error is about the whole file and the last of the
// sequence. A sum over the records is that of the file only if there was no
// error.
//
// Times without a zone are Japanese. Texts are as they stand; clean them before
// they go onto a screen. A line feed within a cell is not understood. The
// sequence can be ranged over once; closing r is for the caller.
func ReadRecords(r io.Reader) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		lines := newCSVLines(r)
		t, err := readTable(lines)
		if err != nil {
			yield(Record{}, err)
			return
		}
		for {
			line, err := lines.next()
			switch {
			case errors.Is(err, io.EOF):
				return
			case errors.Is(err, errLongLine):
				if !yield(Record{}, &LineError{Line: lines.number, Err: err}) {
					return
				}
				continue
			case err != nil:
				yield(Record{}, fmt.Errorf("paypay: reading a file after line %d: %w", lines.number, err))
				return
			case len(line) == 0:
				continue
			}
			record, err := t.record(lines, line)
			if !yield(record, err) {
				return
			}
		}
	}
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

// record reads one line.
func (t *table) record(lines *csvLines, line []byte) (Record, error) {
	cells, err := lines.split(line)
	if err != nil {
		return Record{}, &LineError{Line: lines.number, Err: err}
	}
	if len(cells) != len(t.columns) {
		return Record{}, &LineError{Line: lines.number, Err: fmt.Errorf("%d columns, not %d", len(cells), len(t.columns))}
	}
	r := Record{Kind: t.kind, Line: lines.number}
	amount := 0
	for i, cell := range cells {
		if t.columns[i] == columnAmount {
			amount = i
		}
		if err := r.set(t.columns[i], cell); err != nil {
			return Record{}, t.wrong(lines.number, i, cell, err)
		}
	}
	if err := r.signAmount(); err != nil {
		return Record{}, t.wrong(lines.number, amount, cells[amount], err)
	}
	return r, nil
}

func (t *table) wrong(line, i int, cell string, err error) *LineError {
	return &LineError{Line: line, Column: t.names[i], Value: cleanValue(cell), Err: err}
}

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
