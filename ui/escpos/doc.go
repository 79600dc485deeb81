// Package escpos speaks ESC/POS, which receipt printers understand.
//
// It promises that a printer gets nothing but commands of its own and the
// characters of a receipt: Encode replaces what Shift_JIS does not have by a
// mark, also control characters, so that nothing in a name can steer the
// printer. A Port takes the bytes to a printer, and says of a failure whether
// the printer may have got something.
//
// Start at Encode. Text is the same paper for the screen.
package escpos
