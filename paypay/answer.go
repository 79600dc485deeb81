package paypay

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	// maxAnswer is far above any answer of the calls here.
	maxAnswer = 1 << 20 // bytes
	// maxDepth is far above the nesting of any answer of the calls here.
	maxDepth = 32
	// maxRetryAfter keeps a wrong header from silencing a register.
	maxRetryAfter = 5 * time.Minute
)

// ErrMismatch is the cause of an error of class [Unknown] when PayPay says that
// a call was done, but what it says of the order is not what was asked for or
// cannot be.
var ErrMismatch = errors.New("the answer does not fit the request")

func mismatch(what string) error { return fmt.Errorf("%w: %s", ErrMismatch, what) }

// answer is what came back for one request.
type answer struct {
	status     int
	requestID  string
	retryAfter time.Duration
	info       resultInfo
	data       json.RawMessage // as it came; empty when there was none

	skew  time.Duration // PayPay's clock minus ours, by this answer alone
	dated bool          // it said
}

type resultInfo struct {
	Code    ResultCode `json:"code"`
	Message string     `json:"message"`
	CodeID  string     `json:"codeId"` // a number with leading zeros; stays text
}

// envelope is around everything PayPay answers.
type envelope struct {
	ResultInfo *resultInfo     `json:"resultInfo"`
	Data       json.RawMessage `json:"data"`
}

// readAnswer reads the parts that all answers have. With an error, what could be
// read is in the answer.
func readAnswer(resp *http.Response, received time.Time) (answer, error) {
	a := answer{
		status:     resp.StatusCode,
		requestID:  requestID(resp.Header),
		retryAfter: retryAfter(resp.Header, received),
	}
	if a.status < http.StatusOK {
		// Its body would be the bare connection, which no deadline ends.
		return a, errors.New("the answer leaves HTTP")
	}
	doc, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return a, fmt.Errorf("reading the answer: %w", withoutWords(err)) // a trailer may be wrong too
	}
	if len(doc) > maxAnswer {
		return a, errors.New("the answer is longer than 1 MiB")
	}
	var env envelope
	if err := decodeStrict(doc, &env); err != nil {
		return a, fmt.Errorf("the answer is not one of PayPay: %w", err)
	}
	switch i := env.ResultInfo; {
	case i == nil:
		return a, errors.New("the answer has no resultInfo")
	case !isToken(string(i.Code)) || i.CodeID != "" && !isToken(i.CodeID):
		return a, errors.New("the answer has no proper result code")
	}
	a.info, a.data = *env.ResultInfo, env.Data
	return a, nil
}

// ok reports whether PayPay says that the call was done, or where that is how
// the operation works, that it was taken.
func (a answer) ok(e endpoint) bool {
	return a.status/100 == 2 && (a.info.Code == Success || a.info.Code == e.takes)
}

// failure is an error about this answer.
func (a answer) failure(op Op, class Class, err error) *Error {
	return &Error{
		Op:         op,
		Class:      class,
		Status:     a.status,
		Code:       a.info.Code,
		CodeID:     a.info.CodeID,
		Message:    a.info.Message,
		RequestID:  a.requestID,
		RetryAfter: a.retryAfter,
		Err:        err,
	}
}

// decodeData decodes the data of an answer. No data decodes to nothing.
func decodeData[T any](a answer) (T, error) {
	var data T
	if len(a.data) == 0 {
		return data, nil
	}
	if err := decodeStrict(a.data, &data); err != nil {
		var none T
		return none, fmt.Errorf("the data of the answer: %w", err)
	}
	return data, nil
}

// decodeStrict decodes a whole JSON document. encoding/json alone takes the last
// of two equal keys, takes "Status" for "status", and mends invalid UTF-8; each
// of these would let an answer say two things.
func decodeStrict(doc []byte, into any) error {
	if !utf8.Valid(doc) {
		return errors.New("invalid UTF-8")
	}
	if err := json.Unmarshal(doc, into); err != nil {
		return err
	}
	w := walk{rest: string(doc), known: make([]member, 0, 48), keys: make([]string, 0, 32)}
	return w.value(reflect.TypeOf(into), 0)
}

// walk goes through a JSON document that is known to be valid, and refuses
// ambiguous keys. The tokens of encoding/json would be five of six allocations of
// a call.
type walk struct {
	rest  string   // of the document
	known []member // of the types that were met
	keys  []string // of the objects that are open
}

// member is a key that will be decoded, where an object stands for a type.
type member struct {
	of  reflect.Type
	key string
	is  reflect.Type
}

// learn collects the members of a type.
func (w *walk) learn(of, t reflect.Type) {
	for i := range t.NumField() { //nolint:modernize // The iterator allocates for each field.
		f := t.Field(i)
		if key, _, _ := strings.Cut(f.Tag.Get("json"), ","); key != "" && key != "-" {
			w.known = append(w.known, member{of, key, f.Type})
		} else if f.Anonymous {
			w.learn(of, f.Type)
		}
	}
}

// member is the type that a key of an object is decoded into, nil where it is not.
// An object that stands for another type may have keys of its own, whatever their
// case.
func (w *walk) member(of reflect.Type, key string) (reflect.Type, error) {
	if of == nil || of.Kind() != reflect.Struct {
		return nil, nil
	}
	if !slices.ContainsFunc(w.known, func(m member) bool { return m.of == of }) {
		w.learn(of, of)
	}
	another := ""
	for _, m := range w.known {
		switch {
		case m.of != of:
		case m.key == key:
			return m.is, nil
		case strings.EqualFold(m.key, key):
			another = m.key
		}
	}
	if another != "" {
		return nil, fmt.Errorf("a key stands for %q", another)
	}
	return nil, nil
}

// value steps over a value that is decoded into a type, nil where it is not.
func (w *walk) value(t reflect.Type, depth int) error {
	if depth > maxDepth {
		return errors.New("nested too deeply")
	}
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch w.next() {
	case '{':
		return w.object(t, depth)
	case '[':
		return w.list(t, depth)
	case '"':
		w.text()
	default: // a number, or a word without quotation marks
		end := strings.IndexAny(w.rest, ",]} \t\r\n")
		if end < 0 {
			end = len(w.rest)
		}
		w.rest = w.rest[end:]
	}
	return nil
}

func (w *walk) list(t reflect.Type, depth int) error {
	if t != nil && t.Kind() == reflect.Slice {
		t = t.Elem()
	} else {
		t = nil
	}
	for w.more(']') {
		if err := w.value(t, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) object(t reflect.Type, depth int) error {
	outer := len(w.keys)
	for w.more('}') {
		key := w.text()
		is, err := w.member(t, key)
		if err != nil {
			return err
		}
		w.keys = append(w.keys, key)
		w.next()
		w.rest = w.rest[1:] // the colon
		if err := w.value(is, depth+1); err != nil {
			return err
		}
	}
	keys := w.keys[outer:]
	slices.Sort(keys)
	for i := range keys {
		if i > 0 && keys[i-1] == keys[i] {
			return errors.New("a key stands twice")
		}
	}
	w.keys = w.keys[:outer]
	return nil
}

// more steps over what stands before a member of a list or an object. It steps
// over its end instead, and reports false, when there is no other one.
func (w *walk) more(end byte) bool {
	if w.next() != end {
		w.rest = w.rest[1:] // the bracket that opens it, or a comma
	}
	if w.next() != end {
		return true
	}
	w.rest = w.rest[1:]
	return false
}

// next steps over space, and is the byte after it.
func (w *walk) next() byte {
	w.rest = strings.TrimLeft(w.rest, " \t\r\n")
	return w.rest[0]
}

// text steps over a text and is what it says.
func (w *walk) text() string {
	end, plain := 1, true
	for ; w.rest[end] != '"'; end++ {
		if w.rest[end] == '\\' {
			plain = false
			end++
		}
	}
	quoted := w.rest[:end+1]
	w.rest = w.rest[end+1:]
	if plain {
		return quoted[1:end]
	}
	var said string
	if err := json.Unmarshal([]byte(quoted), &said); err != nil {
		return quoted // Not reached: the document is valid.
	}
	return said
}

// requestID is PayPay's id of the request, or "" when it is not of the form that
// PayPay documents: it goes into logs and onto screens.
func requestID(h http.Header) string {
	id := h.Get("X-REQUEST-ID")
	if checkID("", id) != nil {
		return ""
	}
	return id
}

// retryAfter is how long an answer asks us to wait. A date in it is taken by the
// clock of whoever wrote it.
func retryAfter(h http.Header, received time.Time) time.Duration {
	v := h.Get("Retry-After")
	if v == "" {
		return 0
	}
	if s, err := strconv.ParseUint(v, 10, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(min(s, uint64(maxRetryAfter/time.Second))) * time.Second
	}
	until, err := http.ParseTime(v)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		now = received
	}
	return min(max(until.Sub(now), 0), maxRetryAfter)
}
