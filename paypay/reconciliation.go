package paypay

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
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
	AcceptedAt int64 // epoch seconds; 0 when it is not said, which COMPLETED and REFUNDED always do
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

// ReadRecords reads a reconciliation file of instant or of capture-later
// payments, or the history that a merchant downloads from PayPay for Business,
// line by line, in memory that does not grow with the file. The header decides
// which of them it is, and whether it is Shift_JIS or UTF-8. Columns go by their
// names, and ones that PayPay adds later are passed over.
//
// A line that cannot be read is a [*LineError] without a record, and reading
// goes on after it. So is one with bytes that are no text, and one that is
// completed or refunded at no time. Any other error is about the whole file and the last of the
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
	amount, accepted := 0, 0
	for i, cell := range cells {
		switch t.columns[i] { //nolint:exhaustive // the others are not asked for again
		case columnAmount:
			amount = i
		case columnAcceptedAt:
			accepted = i
		}
		if strings.ContainsRune(cell, utf8.RuneError) {
			return Record{}, t.wrong(lines.number, i, cell, errors.New("not text in the encoding of the file"))
		}
		if err := r.set(t.columns[i], cell); err != nil {
			return Record{}, t.wrong(lines.number, i, cell, err)
		}
	}
	if err := r.signAmount(); err != nil {
		return Record{}, t.wrong(lines.number, amount, cells[amount], err)
	}
	if (r.Status == StatusCompleted || r.Status == StatusRefunded) && r.AcceptedAt == 0 {
		return Record{}, t.wrong(lines.number, accepted, cells[accepted], errors.New("completed or refunded, but at no time"))
	}
	return r, nil
}

func (t *table) wrong(line, i int, cell string, err error) *LineError {
	return &LineError{Line: line, Column: t.names[i], Value: cleanValue(cell), Err: err}
}
