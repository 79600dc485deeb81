package paypay

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/japanese"
	"pgregory.net/rapid"
)

const (
	instantFile      = "files/transaction_418901234567890123_20260401000000_20260401235959_v2.csv"
	captureLaterFile = "files/preauth_transaction_418901234567890123_20260401000000_20260401235959_v2.csv"
	historyFile      = "files/history.csv"
)

// all reads a file to its end.
func all(r io.Reader) (records []Record, faults []error) {
	for record, err := range ReadRecords(r) {
		if err != nil {
			faults = append(faults, err)
			continue
		}
		records = append(records, record)
	}
	return records, faults
}

func readAll(t *testing.T, file string) []Record {
	t.Helper()
	records, faults := all(strings.NewReader(file))
	if faults != nil {
		t.Fatal(faults)
	}
	return records
}

// shiftJIS is a text as PayPay's files have it.
func shiftJIS(t testing.TB, text string) string {
	t.Helper()
	s, err := japanese.ShiftJIS.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func jst(t *testing.T, text string) int64 {
	t.Helper()
	at, err := time.ParseInLocation(time.DateTime, text, time.FixedZone("JST", 9*60*60))
	if err != nil {
		t.Fatal(err)
	}
	return at.Unix()
}

func TestReadRecords_instant(t *testing.T) {
	t.Parallel()
	common := Record{
		Kind:       InstantFile,
		MerchantID: "418901234567890123",
		BrandName:  "むね堂",
		StoreID:    "STORE-01",
		StoreName:  "銀座～本店①",
		TerminalID: "REG-2",
	}
	detail := func(method string, amount int64) RecordDetail {
		return RecordDetail{method, amount, []RecordPart{{"REGULAR", amount}}}
	}
	paid, mixed, refunded, failed := common, common, common, common
	paid.Line, paid.PaymentID, paid.OwnID = 2, "03905081820401237", "R1-0001"
	paid.Status, paid.AcceptedAt, paid.Amount = StatusCompleted, jst(t, "2026-04-01 12:04:05"), 1280
	paid.Methods, paid.Details = []string{"WALLET"}, []RecordDetail{detail("WALLET", 1280)}
	mixed.Line, mixed.PaymentID, mixed.OwnID = 3, "03905081820401238", "R1-0002"
	mixed.Status, mixed.AcceptedAt, mixed.Amount = StatusCompleted, jst(t, "2026-04-01 12:10:00"), 900
	mixed.Methods, mixed.Details = []string{"WALLET", "POINT"}, []RecordDetail{detail("WALLET", 800), detail("POINT", 100)}
	refunded.Line, refunded.PaymentID, refunded.OwnID = 4, "03905081820401237", "R1-0001"
	refunded.Status, refunded.AcceptedAt, refunded.Amount = StatusRefunded, jst(t, "2026-04-01 13:00:00"), -480
	refunded.Methods, refunded.Details = []string{"WALLET"}, []RecordDetail{detail("WALLET", -480)}
	failed.Line, failed.PaymentID, failed.OwnID = 5, "03905081820401239", "R1-0003"
	failed.Status, failed.AcceptedAt, failed.Amount = StatusFailed, jst(t, "2026-04-01 14:00:00"), 300
	failed.Methods = []string{"PAY_LATER_CC"}

	got := readAll(t, testdata(t, instantFile))
	if d := cmp.Diff([]Record{paid, mixed, refunded, failed}, got); d != "" {
		t.Error(d)
	}
}

// line is the part of a record that the files differ in.
type line struct {
	Status  Status
	At      int64
	Amount  int64
	OwnID   string
	Methods string
	Parts   int
	Expires int64
	Service string
}

func lines(records []Record) []line {
	var ls []line
	for _, r := range records {
		ls = append(ls, line{
			r.Status, r.AcceptedAt, r.Amount, r.OwnID, strings.Join(r.Methods, "+"), len(r.Details), r.AuthorizationExpiresAt, r.ServiceType,
		})
	}
	return ls
}

func TestReadRecords_captureLater(t *testing.T) {
	t.Parallel()
	got := readAll(t, testdata(t, captureLaterFile))
	want := []line{
		{StatusAuthorized, jst(t, "2026-04-01 10:53:25"), 3000, "P-1", "WALLET", 0, 0, ""},
		{StatusAuthorized, jst(t, "2026-04-01 11:00:00"), 3500, "P-1", "WALLET", 0, 0, ""},
		{StatusCompleted, jst(t, "2026-04-01 12:00:00"), 3500, "C-1", "WALLET+POINT", 2, 0, ""},
		{StatusRefunded, jst(t, "2026-04-01 13:00:00"), -480, "F-1", "WALLET", 1, 0, ""},
		{StatusRefunded, jst(t, "2026-04-01 14:00:00"), -20, "F-2", "WALLET", 1, 0, ""},
		{StatusCanceled, jst(t, "2026-04-01 15:00:00"), 700, "V-1", "PAY_LATER_CC", 0, 0, ""},
	}
	if d := cmp.Diff(want, lines(got)); d != "" {
		t.Error(d)
	}
	if got[0].Kind != CaptureLaterFile || got[0].StoreName != "銀座本店" {
		t.Errorf("%+v", got[0])
	}
}

func TestReadRecords_history(t *testing.T) {
	t.Parallel()
	inUTF8 := testdata(t, historyFile)
	want := []line{
		{StatusCompleted, jst(t, "2026-04-01 09:00:00"), 500, "", "WALLET", 1, 0, "オフライン決済"},
		{"取引受付完了", jst(t, "2026-04-01 10:00:00"), 800, "P-9", "PAY_LATER_CC", 0, jst(t, "2026-04-30 23:59:59"), "オンライン決済"},
		{StatusRefunded, jst(t, "2026-04-02 09:00:00"), -500, "", "WALLET", 0, 0, "オフライン決済"},
	}
	for name, file := range map[string]string{
		"UTF-8 with a mark": inUTF8,
		"UTF-8":             strings.TrimPrefix(inUTF8, byteOrderMark),
		"Shift_JIS":         shiftJIS(t, strings.ReplaceAll(strings.TrimPrefix(inUTF8, byteOrderMark), "–", "-")),
	} {
		got := readAll(t, file)
		if d := cmp.Diff(want, lines(got)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		if got[0].Kind != HistoryFile || got[0].ReceiptNumber != "" || got[0].BrandName != "むね堂" {
			t.Errorf("%s: %+v", name, got[0])
		}
	}
}

func TestReadRecords_historyOfChosenColumns(t *testing.T) {
	t.Parallel()
	got := readAll(t, "取引金額,取引日時,new,取引番号,取引ステータス\n-10,2026-04-01 00:00:00,x,1,返金失敗\n")
	want := []Record{{Kind: HistoryFile, Line: 2, PaymentID: "1", Status: StatusRecordRefundFailed, AcceptedAt: jst(t, "2026-04-01 00:00:00"), Amount: -10}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestReadRecords_columnAddedLater(t *testing.T) {
	t.Parallel()
	for file, kind := range map[string]FileKind{instantFile: InstantFile, captureLaterFile: CaptureLaterFile} {
		old := testdata(t, file)
		want := readAll(t, old)
		var wider strings.Builder
		for l := range strings.Lines(old) {
			wider.WriteString("new," + l)
		}
		if d := cmp.Diff(want, readAll(t, wider.String())); d != "" || want[0].Kind != kind {
			t.Errorf("%s: %s: %s", kind, want[0].Kind, d)
		}
	}
}

// captureLine is a line of a capture-later file with some cells in place of its
// own.
func captureLine(edit map[string]string) (header, line string) {
	names := []string{
		"orderId", "merchantId", "brandName", "storeId", "storeName", "terminalId", "transactionStatus", "acceptedAt",
		"amount", "orderReceiptNumber", "methodOfPayment", "merchantPaymentId", "paymentDetails",
	}
	cells := []string{"1", "2", "b", "s", "n", "t", "COMPLETED", "2026-04-01T10:53:25+09:00", "500", "", "wallet", "C-1", ""}
	for name, cell := range edit {
		cells[slices.Index(names, name)] = cell
	}
	return strings.Join(names, ",") + "\n", strings.Join(cells, ",") + "\n"
}

func TestReadRecords_namesBadLinesAndGoesOn(t *testing.T) {
	t.Parallel()
	header, good := captureLine(nil)
	for name, tt := range map[string]struct {
		column, cell string
		value        string // as the error shows it; the cell if empty
	}{
		"no payment":                {"orderId", "", ""},
		"payment with a space":      {"orderId", "1 2", ""},
		"payment damaged":           {"orderId", "1\x81", "1\uFFFD"},
		"no status":                 {"transactionStatus", "", ""},
		"status damaged":            {"transactionStatus", "COMP\x81\xff", ""},
		"status with an escape":     {"transactionStatus", "\x1b]52;c;AAAA\x07", "\uFFFD]52;c;AAAA\uFFFD"},
		"no zone and no day":        {"acceptedAt", "10:53:25", ""},
		"day that is none":          {"acceptedAt", "2026-02-30T10:53:25+09:00", ""},
		"year one":                  {"acceptedAt", "0001-01-01T00:00:00Z", ""},
		"no amount":                 {"amount", "", ""},
		"amount a fraction":         {"amount", "500.0", ""},
		"amount with a comma":       {"amount", `"1,280"`, "1,280"},
		"amount with a plus":        {"amount", "+500", ""},
		"amount with a space":       {"amount", " 500", ""},
		"amount in wide digits":     {"amount", "\x82\x54", "５"},
		"amount too large":          {"amount", "100000000000", ""},
		"amount far too small":      {"amount", "-9223372036854775808", ""},
		"negative, but completed":   {"amount", "-500", ""},
		"own id with a tab":         {"merchantPaymentId", "C\t1", "C\uFFFD1"},
		"details not JSON":          {"paymentDetails", "x", ""},
		"details cut":               {"paymentDetails", `"[{""amount"":1}"`, `[{"amount":1}`},
		"details say a thing twice": {"paymentDetails", `"[{""amount"":1,""Amount"":2}]"`, `[{"amount":1,"Amount":2}]`},
		"details of a fraction":     {"paymentDetails", `"[{""amount"":1.5}]"`, `[{"amount":1.5}]`},
		"details without amount":    {"paymentDetails", `"[{}]"`, `[{}]`},
		"breakdown of text":         {"paymentDetails", `"[{""amount"":1,""breakdown"":[{""amount"":""x""}]}]"`, `[{"amount":1,"breakdown":[{"amount":"x"}…`},
	} {
		_, bad := captureLine(map[string]string{tt.column: tt.cell})
		records, faults := all(strings.NewReader(header + good + bad + good))
		if len(records) != 2 || len(faults) != 1 {
			t.Errorf("%s: %+v, %v", name, records, faults)
			continue
		}
		e, ok := errors.AsType[*LineError](faults[0])
		if !ok || e.Line != 3 || e.Column != tt.column || e.Err == nil || records[1].Line != 4 {
			t.Errorf("%s: %#v", name, faults[0])
			continue
		}
		value := tt.value
		if value == "" {
			value = cleanValue(tt.cell)
		}
		if e.Value != value && name != "status damaged" {
			t.Errorf("%s: value %q, want %q", name, e.Value, value)
		}
		if !strings.Contains(e.Error(), "line 3") || !strings.Contains(e.Error(), tt.column) || strings.ContainsFunc(e.Error(), unicode.IsControl) {
			t.Errorf("%s: %q", name, e)
		}
	}
	for name, bad := range map[string]string{
		"too few":            "1,2,3\n",
		"too many":           strings.TrimSuffix(good, "\n") + ",x\n",
		"mark not closed":    `"` + good,
		"mark within":        `1"` + good,
		"mark, then text":    `"1"x` + good,
		"too long":           strings.Repeat("a", maxFileLine) + good,
		"far too long":       strings.Repeat("a", 10*maxFileLine) + good,
		"a space":            " \n",
		"end of a text file": "\x1a\n",
	} {
		records, faults := all(strings.NewReader(header + good + bad + good))
		e, ok := errors.AsType[*LineError](errors.Join(faults...))
		if len(records) != 2 || len(faults) != 1 || !ok || e.Line != 3 || e.Column != "" || !strings.Contains(e.Error(), "line 3") {
			t.Errorf("%s: %+v, %v", name, records, faults)
		}
	}
	for name, file := range map[string]string{
		"no end of the last line": header + good + strings.TrimSuffix(good, "\n"),
		"empty lines":             header + "\n" + good + "\r\n" + good + "\n\n",
		"all cells in marks":      header + good + `"` + strings.ReplaceAll(strings.TrimSuffix(good, "\n"), ",", `","`) + "\"\n",
	} {
		if records := readAll(t, file); len(records) != 2 {
			t.Errorf("%s: %+v", name, records)
		}
	}
	records, faults := all(strings.NewReader(header + good + good[:len(good)-6]))
	if len(records) != 1 || len(faults) != 1 {
		t.Errorf("a file that was cut: %+v, %v", records, faults)
	}
}

func TestReadRecords_signs(t *testing.T) {
	t.Parallel()
	const bad = 1 << 40
	for _, tt := range []struct {
		status        string
		amount        int64
		later, others int64
	}{
		{"COMPLETED", 500, 500, 500},
		{"COMPLETED", -500, bad, bad},
		{"FAILED", -500, bad, bad},
		{"AUTHORIZED", -500, bad, bad},
		{"CANCELED", 500, 500, 500},
		{"EXPIRED", 500, 500, 500},
		{"REFUNDED", 500, -500, bad},
		{"REFUNDED", -500, -500, -500},
		{"REFUNDED", 0, 0, 0},
		{"返金完了", -500, -500, -500},
		{"返金完了", 500, -500, bad},
		{"返金失敗", -500, -500, -500},
		{"返金失敗", 500, -500, -500},
		{"取引完了", -500, bad, bad},
		{"取引失敗", 500, 500, 500},
		{"LATER", -500, -500, -500},
		{"LATER", 500, 500, 500},
	} {
		header, text := captureLine(map[string]string{"transactionStatus": tt.status, "amount": strconv.FormatInt(tt.amount, 10)})
		history := strings.NewReplacer("orderId", "取引番号").Replace(header)
		for file, want := range map[string]int64{shiftJIS(t, header+text): tt.later, history + text: tt.others} {
			records, faults := all(strings.NewReader(file))
			switch {
			case want == bad:
				if e, ok := errors.AsType[*LineError](errors.Join(faults...)); len(records) != 0 || !ok || e.Column != "amount" || e.Value != strconv.FormatInt(tt.amount, 10) {
					t.Errorf("%s %d: %+v, %v", tt.status, tt.amount, records, faults)
				}
			case len(records) != 1 || faults != nil || records[0].Amount != want:
				t.Errorf("%s %d: %+v, %v", tt.status, tt.amount, records, faults)
			}
		}
	}
}

func TestReadRecords_methods(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string][]string{
		"": nil, "PayPay残高": {"WALLET"}, "PayPay（残高）": {"WALLET"}, "クレジットカード": {"CREDIT_CARD"}, "あと払い": {"PAY_LATER_CC"},
		`"PayPay商品券, PayPayポイント,PayPay(クレジット)"`: {"GIFT_VOUCHER", "POINT", "PAY_LATER_CC"},
		"wallet": {"WALLET"}, "later": {"later"}, "WALLET": {"WALLET"}, `","`: nil,
	} {
		header, text := captureLine(map[string]string{"methodOfPayment": cell})
		if got := readAll(t, shiftJIS(t, header+text))[0].Methods; !slices.Equal(got, want) {
			t.Errorf("%s: %q", cell, got)
		}
	}
}

func TestReadRecords_damagedTextIsNamed(t *testing.T) {
	t.Parallel()
	header, text := captureLine(map[string]string{"storeName": "a\x81\x20b\xfd"})
	_, faults := all(strings.NewReader(header + text))
	e, ok := errors.AsType[*LineError](errors.Join(faults...))
	if !ok || e.Line != 2 || e.Column != "storeName" || e.Value != "a\uFFFD b\uFFFD" {
		t.Errorf("%v", faults)
	}
}

// Money that was taken or given back was so at a time.
func TestReadRecords_completedAtNoTime(t *testing.T) {
	t.Parallel()
	for status, bad := range map[string]bool{"取引完了": true, "COMPLETED": true, "返金完了": true, "REFUNDED": true, "EXPIRED": false} {
		header, text := captureLine(map[string]string{"transactionStatus": status, "acceptedAt": ""})
		records, faults := all(strings.NewReader(shiftJIS(t, header+text)))
		e, ok := errors.AsType[*LineError](errors.Join(faults...))
		if bad && (!ok || e.Line != 2 || e.Column != "acceptedAt" || len(records) != 0) || !bad && (len(records) != 1 || faults != nil) {
			t.Errorf("%s: %+v, %v", status, records, faults)
		}
	}
}

func TestReadRecords_notAFileOfPayPay(t *testing.T) {
	t.Parallel()
	header, text := captureLine(nil)
	for name, file := range map[string]string{
		"empty":             "",
		"an empty line":     "\n" + header + text,
		"a page":            "<html>\x1b[2J\n</html>\n",
		"an archive":        "PK\x03\x04\x00\x00",
		"no header":         text + text,
		"no amount":         strings.Replace(header, "amount", "x", 1) + text,
		"amount twice":      strings.Replace(header, "storeName", "amount", 1) + text,
		"amount in two":     strings.Replace(header, "storeName", "取引金額", 1) + text,
		"mark not closed":   `"` + header + text,
		"header too long":   strings.Repeat("a,", maxFileLine) + header + text,
		"UTF-16":            "\xff\xfeo\x00r\x00d\x00e\x00r\x00I\x00d\x00,\x00\n\x00",
		"other separator":   strings.ReplaceAll(header+text, ",", ";"),
		"names in capitals": strings.ToUpper(header) + text,
	} {
		records, faults := all(strings.NewReader(file))
		if len(records) != 0 || len(faults) != 1 {
			t.Errorf("%s: %+v, %v", name, records, faults)
			continue
		}
		if _, ok := errors.AsType[*LineError](faults[0]); ok || len(faults[0].Error()) > 250 || strings.ContainsFunc(faults[0].Error(), unicode.IsControl) {
			t.Errorf("%s: %q", name, faults[0])
		}
	}
}

func TestReadRecords_readingFails(t *testing.T) {
	t.Parallel()
	header, text := captureLine(nil)
	broken := errors.New("broken")
	for _, tt := range []struct {
		before  string
		records int
	}{{"", 0}, {header[:5], 0}, {header, 0}, {header + text, 1}, {header + text + text[:9], 1}, {header + strings.Repeat("a", 2*maxFileLine), 0}} {
		records, faults := all(io.MultiReader(strings.NewReader(tt.before), iotest.ErrReader(broken)))
		if len(records) != tt.records || len(faults) != 1 || !errors.Is(faults[0], broken) {
			t.Errorf("after %d bytes: %d records, %v", len(tt.before), len(records), faults)
		}
	}
}

func TestReadRecords_stopsWhenTold(t *testing.T) {
	t.Parallel()
	header, good := captureLine(nil)
	for _, second := range []string{good, "bad\n", strings.Repeat("a", 2*maxFileLine) + "\n"} {
		n := 0
		ReadRecords(strings.NewReader(header + second + good))(func(Record, error) bool {
			n++
			return false
		})
		if n != 1 {
			t.Errorf("%d", n)
		}
	}
	ReadRecords(strings.NewReader(""))(func(Record, error) bool { return false })
}

func TestReadRecords_anyPieces(t *testing.T) {
	t.Parallel()
	file := testdata(t, instantFile)
	want := readAll(t, file)
	for name, r := range map[string]io.Reader{
		"byte by byte":  iotest.OneByteReader(strings.NewReader(file)),
		"end with data": iotest.DataErrReader(strings.NewReader(file)),
		"half":          iotest.HalfReader(strings.NewReader(file)),
	} {
		got, faults := all(r)
		if d := cmp.Diff(want, got); d != "" || faults != nil {
			t.Errorf("%s: %v %s", name, faults, d)
		}
	}
}

// Any texts come back as they went in, and with them the lines around.
func TestReadRecords_anyTexts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune(`a,"” 'ソ表能ァ～①\{}髙é`)))
		brand, store := text.Draw(t, "brand"), text.Draw(t, "store")
		quote := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
		amount := rapid.Int64Range(0, maxAmount).Draw(t, "amount")
		header, line := captureLine(map[string]string{
			"brandName": quote(brand), "storeName": quote(store), "amount": strconv.FormatInt(amount, 10),
		})
		_, good := captureLine(nil)
		file := good + line + good
		header = strings.NewReplacer("brandName", "屋号").Replace(header) // a header in UTF-8
		records, faults := all(strings.NewReader(header + file))
		if len(records) != 3 || faults != nil || records[1].BrandName != brand || records[1].StoreName != store || records[1].Amount != amount {
			t.Fatalf("%+v, %v", records, faults)
		}
		if records[2].BrandName != "b" || records[2].Line != 4 {
			t.Fatalf("%+v", records[2])
		}
	})
}

func TestFileKindString(t *testing.T) {
	t.Parallel()
	got := fmt.Sprint(InstantFile, CaptureLaterFile, HistoryFile, FileKind(9))
	if got != "instant payments capture-later payments merchant history file kind 9" {
		t.Error(got)
	}
}

// manyLines is a file of so many lines that stands nowhere as a whole.
type manyLines struct {
	header, line []byte
	left         int
	rest         []byte
}

func newManyLines(t testing.TB, n int) *manyLines {
	t.Helper()
	header, lines, _ := bytes.Cut([]byte(testdata(t, instantFile)), []byte("\n"))
	line, _, _ := bytes.Cut(lines, []byte("\n"))
	return &manyLines{header: header, line: append(line, '\n'), left: n, rest: append(header, '\n')}
}

func (m *manyLines) Read(b []byte) (int, error) {
	n := 0
	for n < len(b) {
		if len(m.rest) == 0 {
			if m.left == 0 {
				break
			}
			m.left--
			m.rest = m.line
		}
		k := copy(b[n:], m.rest)
		m.rest = m.rest[k:]
		n += k
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// heapInUse is what the process holds on to.
func heapInUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func TestReadRecords_memoryDoesNotGrow(t *testing.T) { //nolint:paralleltest // It measures the memory of the process.
	const total, step = 20_000, 4_000
	var after []uint64
	n := 0
	for _, err := range ReadRecords(newManyLines(t, total)) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n%step == 0 {
			after = append(after, heapInUse())
		}
	}
	// A line has more than 200 bytes, so that keeping one in ten would show. What
	// other tests have left may go meanwhile.
	const most = (total - step) / 10 * 200
	if n != total || after[len(after)-1] > after[0]+most {
		t.Errorf("after %d lines the memory in use went %v", n, after)
	}
}

func BenchmarkReadRecords(b *testing.B) {
	const lines = 1_000_000
	b.ReportAllocs()
	grown := uint64(0)
	for b.Loop() {
		n, before := 0, uint64(0)
		for r, err := range ReadRecords(newManyLines(b, lines)) {
			if err != nil || r.Amount != 1280 {
				b.Fatal(r, err)
			}
			if n++; n == 1000 {
				before = heapInUse()
			} else if n%(lines/10) == 0 {
				now := heapInUse()
				grown = max(grown, now-min(before, now))
			}
		}
		if n != lines || grown > 1<<20 {
			b.Fatalf("%d lines, memory grew by %d bytes", n, grown)
		}
	}
	b.ReportMetric(lines*float64(b.N)/b.Elapsed().Seconds(), "lines/s")
	b.ReportMetric(float64(grown), "B-grown")
}

// FuzzReadRecords reads any file, FuzzReadRecords_reconciliation and
// FuzzReadRecords_history such as begin well.
func FuzzReadRecords(f *testing.F) {
	for _, name := range []string{instantFile, captureLaterFile, historyFile} {
		f.Add([]byte(testdata(f, name)))
	}
	header, text := captureLine(map[string]string{"amount": "\x1b", "storeName": "\"\x81\""})
	f.Add([]byte(header + text + "\"\n"))
	f.Fuzz(readsEachLineOnce)
}

func FuzzReadRecords_reconciliation(f *testing.F) {
	headers := map[bool]string{}
	for later, name := range map[bool]string{false: instantFile, true: captureLaterFile} {
		header, lines, _ := strings.Cut(testdata(f, name), "\n")
		headers[later] = header + "\n"
		f.Add(later, []byte(lines))
	}
	_, text := captureLine(map[string]string{"amount": "-500", "transactionStatus": "REFUNDED", "storeName": `"a""\x81\x5c"`})
	f.Add(true, []byte("\r\n"+text+"\n\r\r\n"+text+"x"))
	f.Fuzz(func(t *testing.T, later bool, lines []byte) {
		readsEachLineOnce(t, append([]byte(headers[later]), lines...))
	})
}

func FuzzReadRecords_history(f *testing.F) {
	inUTF8 := strings.TrimPrefix(testdata(f, historyFile), byteOrderMark)
	headers := map[bool]string{}
	for narrow, file := range map[bool]string{false: inUTF8, true: shiftJIS(f, strings.ReplaceAll(inUTF8, "–", "-"))} {
		header, lines, _ := strings.Cut(file, "\n")
		headers[narrow] = header + "\n"
		f.Add(narrow, []byte(lines))
	}
	f.Fuzz(func(t *testing.T, narrow bool, lines []byte) {
		readsEachLineOnce(t, append([]byte(headers[narrow]), lines...))
	})
}

// readsEachLineOnce holds that no file makes the reader panic or go round for
// ever, that each line of it that is not empty becomes one record or one error
// that names it, that a record says what encoding/csv finds on that line, and
// that errors are clean.
func readsEachLineOnce(t *testing.T, file []byte) {
	t.Helper()
	lines := bytes.Split(file, []byte("\n"))
	var names []string
	last, ended := 1, false
	for r, err := range ReadRecords(bytes.NewReader(file)) {
		if ended {
			t.Fatal("it goes on after an error of the whole file")
		}
		if err != nil {
			e, ok := errors.AsType[*LineError](err)
			if d := cmp.Diff(Record{}, r); d != "" || len(err.Error()) > 600 || strings.ContainsFunc(err.Error(), unicode.IsControl) {
				t.Fatalf("%s beside %q", d, err)
			}
			if ended = !ok; ended {
				if last > 1 {
					t.Fatalf("the whole file is bad after line %d: %v", last, err)
				}
				continue
			}
			if !strings.Contains(err.Error(), "line "+strconv.Itoa(e.Line)+":") {
				t.Fatalf("%q does not name line %d", err, e.Line)
			}
			r.Line = e.Line
		}
		if r.Line <= last || r.Line > len(lines) {
			t.Fatalf("line %d after %d", r.Line, last)
		}
		for n := last + 1; n < r.Line; n++ {
			if len(bytes.TrimSuffix(lines[n-1], []byte("\r"))) != 0 {
				t.Fatalf("line %d is lost: %q", n, lines[n-1])
			}
		}
		last = r.Line
		if err != nil {
			continue
		}
		inUTF8 := bytes.HasPrefix(file, []byte(byteOrderMark)) || !isASCII(lines[0]) && utf8.Valid(lines[0])
		if names == nil {
			names = plainCells(t, lines[0], inUTF8)
		}
		saysWhatStands(t, r, names, plainCells(t, lines[r.Line-1], inUTF8))
	}
	for n := last + 1; n <= len(lines) && !ended; n++ {
		if len(bytes.TrimSuffix(lines[n-1], []byte("\r"))) != 0 {
			t.Fatalf("line %d is lost: %q", n, lines[n-1])
		}
	}
}

// plainCells takes a line apart with the standard library.
func plainCells(t *testing.T, line []byte, inUTF8 bool) []string {
	t.Helper()
	line = bytes.TrimSuffix(bytes.TrimPrefix(line, []byte(byteOrderMark)), []byte("\r"))
	text := strings.ToValidUTF8(string(line), "\uFFFD")
	if !inUTF8 {
		var err error
		if text, err = japanese.ShiftJIS.NewDecoder().String(string(line)); err != nil {
			t.Fatal(err)
		}
	}
	cells, err := csv.NewReader(strings.NewReader(text + "\r\n")).Read()
	if err != nil {
		t.Fatalf("read, but %v: %q", err, line)
	}
	return cells
}

// saysWhatStands holds that a record has the order, the status and the money of
// its line.
func saysWhatStands(t *testing.T, r Record, names, cells []string) {
	t.Helper()
	cell := func(titles ...string) string {
		i := slices.IndexFunc(names, func(name string) bool { return slices.Contains(titles, name) })
		if i < 0 || r.Kind == HistoryFile && (cells[i] == "-" || cells[i] == "–") {
			return "" // The history writes a dash where there is nothing.
		}
		return cells[i]
	}
	if len(cells) != len(names) || r.StoreName != cell("storeName", "店舗名") || r.PaymentID != cell("orderId", "決済番号", "取引番号") || !isToken(r.PaymentID) || r.AcceptedAt < 0 {
		t.Fatalf("%+v from %q", r, cells)
	}
	status := cell("transactionStatus", "取引ステータス")
	if known, ok := map[string]Status{
		"取引完了": "COMPLETED", "取引失敗": "FAILED", "返金完了": "REFUNDED", "返金失敗": "REFUND_FAILED",
	}[status]; ok {
		status = string(known)
	}
	amount, err := strconv.ParseInt(cell("amount", "取引金額"), 10, 64)
	if status == "REFUNDED" || status == "REFUND_FAILED" {
		amount = -max(amount, -amount)
	}
	if err != nil || string(r.Status) != status || r.Amount != amount || max(amount, -amount) > maxAmount || status == "COMPLETED" && amount < 0 {
		t.Fatalf("%+v from %q", r, cells)
	}
}
