package paypay

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/transform"
)

// maxFileLine is far above any line of PayPay's files.
const maxFileLine = 64 << 10 // bytes

// byteOrderMark stands before the first line of some UTF-8 files.
const byteOrderMark = "\xef\xbb\xbf"

// The faults of a line as a whole.
var (
	errLongLine = errors.New("longer than 64 KiB")
	errQuotes   = errors.New("a quotation mark stands where none may, or is not closed")
)

// csvLines reads the lines of a CSV file in memory that does not grow with the
// file.
//
// A line feed ends a line, also between quotation marks. encoding/csv would let
// one stray mark take the rest of the file with it; here the damage ends with
// the line.
type csvLines struct {
	r       *bufio.Reader
	number  int // of the line that was read last, from 1
	utf8    bool
	decoder transform.Transformer
	decoded []byte
	cells   []string
}

func newCSVLines(r io.Reader) *csvLines {
	return &csvLines{r: bufio.NewReaderSize(r, maxFileLine), decoder: japanese.ShiftJIS.NewDecoder()}
}

// next is the next line as it stands, without its end. It is good until the
// next call. A line that is too long is read to its end and given as
// errLongLine; the end of the file is io.EOF.
func (l *csvLines) next() ([]byte, error) {
	line, err := l.r.ReadSlice('\n')
	if len(line) == 0 && err != nil {
		return nil, err
	}
	l.number++
	if errors.Is(err, bufio.ErrBufferFull) {
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = l.r.ReadSlice('\n')
		}
		if err == nil || errors.Is(err, io.EOF) {
			err = errLongLine
		}
		return nil, err
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r")), nil
}

// header reads the first line and learns from it how the file is encoded.
func (l *csvLines) header() ([]string, error) {
	line, err := l.next()
	if err != nil {
		return nil, err
	}
	if rest, ok := bytes.CutPrefix(line, []byte(byteOrderMark)); ok {
		line, l.utf8 = rest, true
	}
	// No Japanese header in Shift_JIS is valid UTF-8 by accident, and one of
	// ASCII is that of a file in Shift_JIS.
	l.utf8 = l.utf8 || !isASCII(line) && utf8.Valid(line)
	return l.split(line)
}

// split decodes a line and takes it apart. The cells are good until the next
// call; their texts for ever.
func (l *csvLines) split(line []byte) ([]string, error) {
	rest := l.decode(line)
	l.cells = l.cells[:0]
	for {
		cell, after, more, err := cutCell(rest)
		if err != nil {
			return nil, err
		}
		l.cells = append(l.cells, cell)
		if !more {
			return l.cells, nil
		}
		rest = after
	}
}

// decode is a line as text. What cannot be decoded becomes U+FFFD.
func (l *csvLines) decode(line []byte) string {
	if l.utf8 {
		return strings.ToValidUTF8(string(line), string(utf8.RuneError))
	}
	if isASCII(line) {
		return string(line)
	}
	// A byte of Shift_JIS is three of UTF-8 at most.
	if need := 3 * len(line); cap(l.decoded) < need {
		l.decoded = make([]byte, need)
	}
	l.decoder.Reset()
	n, _, err := l.decoder.Transform(l.decoded[:cap(l.decoded)], line, true)
	if err != nil {
		return string(utf8.RuneError) // Not reached: the decoder replaces what is wrong, and has room.
	}
	return string(l.decoded[:n])
}

// cutCell cuts the first cell off a line. more says that a comma followed it.
func cutCell(line string) (cell, after string, more bool, err error) {
	if !strings.HasPrefix(line, `"`) {
		cell, after, more = strings.Cut(line, ",")
		if strings.Contains(cell, `"`) {
			return "", "", false, errQuotes
		}
		return cell, after, more, nil
	}
	rest := line[1:]
	for end := 0; ; end += 2 {
		i := strings.IndexByte(rest[end:], '"')
		if i < 0 {
			return "", "", false, errQuotes
		}
		end += i
		if strings.HasPrefix(rest[end+1:], `"`) {
			continue // Two marks within marks stand for one.
		}
		cell, after = strings.ReplaceAll(rest[:end], `""`, `"`), rest[end+1:]
		if after == "" {
			return cell, "", false, nil
		}
		after, more = strings.CutPrefix(after, ",")
		if !more {
			return "", "", false, errQuotes
		}
		return cell, after, true, nil
	}
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
