package simulator

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// before lets a fault happen in front of the service. It reports whether that
// was the end of the call.
func (f Fault) before(w http.ResponseWriter, r *http.Request, requestID string) bool {
	switch f.Kind {
	case DropBefore:
		panic(http.ErrAbortHandler)
	case DelayBefore:
		wait(r, f.Delay)
		return false
	case StatusBefore:
		write(w, f.refusal(), requestID)
	case HTMLBefore:
		writePage(w, f.Status, http.StatusOK)
	case Redirect:
		w.Header().Set("Location", "/") // where a page is that a careless client takes for an answer
		writePage(w, http.StatusFound, 0)
	case RateLimit:
		if f.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.FormatInt(int64(f.RetryAfter/time.Second), 10))
		}
		write(w, tooMany(), requestID)
	case Maintenance:
		write(w, refuse(http.StatusServiceUnavailable, "MAINTENANCE_MODE", "08100999", "the service is under maintenance"), requestID)
	case Unauthorized:
		write(w, unauthorized("a fault says so"), requestID)
	default:
		return false
	}
	return true
}

// after sends an answer, spoilt as the fault wants it.
func (s *Simulator) after(w http.ResponseWriter, q request, f Fault, a *answer, requestID string) {
	switch f.Kind { //nolint:exhaustive // the others leave the way back alone
	case DropAfter, Late, LateCreate:
		panic(http.ErrAbortHandler)
	case DelayAfter:
		wait(q.http, f.Delay)
	case StatusAfter:
		a = f.refusal()
	case HTMLAfter:
		writePage(w, f.Status, http.StatusBadGateway)
		return
	case WrongDate:
		at, err := http.ParseTime(w.Header().Get("Date"))
		if err == nil {
			w.Header().Set("Date", at.Add(f.Skew).UTC().Format(http.TimeFormat))
		}
	case NoDate:
		w.Header()["Date"] = nil // so that net/http adds none
	}
	a = s.distort(f, q.op, a)
	body := f.spoil(a.body(requestID), a)
	status, body := s.cache(w.Header(), q, f, a.status, body)
	f.deliver(w, q.http, status, body)
}

func (f Fault) refusal() *answer {
	return refuse(f.Status, f.Code, f.CodeID, "a fault says so")
}

// subject is what the data of an answer say, as far as they say such a thing.
type subject struct {
	id     *string
	amount *money
	status *string
}

func subjectOf(data any) subject {
	switch d := data.(type) {
	case *codeData:
		return subject{id: &d.MerchantPaymentID, amount: &d.Amount}
	case *deletedData:
		return subject{status: &d.QRStatus}
	case *paymentData:
		return subject{&d.MerchantPaymentID, &d.Amount, (*string)(&d.Status)}
	case *pendingData:
		return subject{&d.MerchantPaymentID, &d.Amount, (*string)(&d.Status)}
	case *refundData:
		return subject{&d.MerchantRefundID, &d.Amount, (*string)(&d.Status)}
	case *revertedData:
		return subject{id: &d.PaymentID, status: (*string)(&d.Status)}
	case *changeData:
		return subject{id: &d.RequestID, amount: &d.UpdatedAmount}
	case *userData:
		return subject{id: &d.UserAuthorizationID, status: &d.Status}
	case *balanceData:
		return subject{id: &d.UserAuthorizationID, amount: &d.TotalBalance}
	case *cashbackData:
		return subject{&d.MerchantCashbackID, &d.Amount, &d.Status}
	case *reversalData:
		return subject{&d.MerchantCashbackReversalID, &d.Amount, &d.Status}
	}
	return subject{}
}

// distort changes what an answer says. What has no such thing to say is left as
// it is. The lock is for the settings, by which things are not found.
func (s *Simulator) distort(f Fault, op Operation, a *answer) *answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	it := subjectOf(a.data)
	switch {
	case f.is(WrongAmount) && it.amount != nil:
		it.amount.Amount++
	case f.is(WrongCurrency) && it.amount != nil:
		it.amount.Currency = "USD"
	case f.is(WrongID) && it.id != nil:
		*it.id = "somebody-elses"
	case f.is(UnknownStatus) && it.status != nil:
		*it.status = "PENDING_REVIEW"
	case f.is(NotFound) && a.data != nil, f.is(Stale) && a.data != nil && (op == OpPayment || op == OpRefund):
		return s.notFound(op)
	case f.is(Stale):
		switch d := a.data.(type) {
		case *paymentData:
			d.PaymentID, d.Status, d.CanceledAt, d.PaymentMethods = nil, StatusCreated, nil, nil
			d.Refunds, d.Captures, d.Revert, d.ExpiresAt = nil, nil, nil, nil
			d.AcceptedAt, d.RequestedAt = 0, 0
		case *pendingData:
			d.PaymentID, d.Status, d.AcceptedAt, d.Refunds = nil, StatusCreated, 0, nil
		}
	}
	return a
}

// notFound is what a look-up says of what is not there.
func (s *Simulator) notFound(op Operation) *answer {
	switch op { //nolint:exhaustive // the others look nothing up
	case OpCodePayment:
		return s.noCodePayment()
	case OpRefund:
		return noRefund()
	case OpPending:
		return noPending()
	case OpCashback, OpReversal:
		return noTransaction()
	}
	return noPayment()
}

// spoil changes the bytes of an answer.
func (f Fault) spoil(body []byte, a *answer) []byte {
	switch f.Kind { //nolint:exhaustive // the others leave the bytes alone
	case Garbage:
		return []byte("\x00\xff{]garbage")
	case EmptyBody:
		return nil
	case NullBody:
		return []byte("null")
	case NoResult:
		return bytes.Replace(body, []byte(`"resultInfo"`), []byte(`"info"`), 1)
	case WrongTypes:
		return []byte(`{"resultInfo":{"code":200,"message":null,"codeId":8100001},"data":"COMPLETED"}`)
	case ByteOrderMark:
		return append([]byte("\xef\xbb\xbf"), body...)
	case TrailingText:
		return append(body, "\n<!-- served by a gateway -->"...)
	case DuplicateKey:
		return repeat(body, a, "resultInfo", "data", "status")
	case OtherCase:
		return repeat(body, a, "RESULTINFO", "DATA", "STATUS")
	}
	return body
}

// repeat adds a second resultInfo that claims success and, for a payment, a
// second data that claims COMPLETED, which a careless decoder takes for true.
func repeat(body []byte, a *answer, resultInfo, data, status string) []byte {
	again := []byte(`,"` + resultInfo + `":{"code":"SUCCESS","message":"Success","codeId":"08100001"}`)
	if p, ok := a.data.(*paymentData); ok {
		paid := *p
		paid.Status = StatusCompleted
		if b, err := json.Marshal(paid); err == nil {
			b = bytes.Replace(b, []byte(`"status"`), []byte(`"`+status+`"`), 1)
			again = append(append(again, `,"`+data+`":`...), b...)
		}
	}
	return append(append(body[:len(body)-1], again...), '}')
}

// memory is an answer as a cache keeps it.
type memory struct {
	at     time.Time
	header http.Header
	status int
	body   []byte
}

// maxMemories bounds what the cache keeps.
const maxMemories = 4096

// cache keeps the answers of look-ups, and where the fault wants it gives back
// the one before.
func (s *Simulator) cache(h http.Header, q request, f Fault, status int, body []byte) (int, []byte) {
	if q.method != http.MethodGet {
		return status, body
	}
	key := q.http.URL.RequestURI()
	now := s.lock()
	defer s.mu.Unlock()
	m, ok := s.memories[key]
	if f.Kind == Cached && ok {
		maps.Copy(h, m.header)
		h.Set("Age", strconv.FormatInt(int64(now.Sub(m.at)/time.Second), 10))
		return m.status, m.body
	}
	if len(s.memories) >= maxMemories {
		clear(s.memories)
	}
	if f.Kind == "" {
		s.memories[key] = memory{now, h.Clone(), status, body}
	}
	return status, body
}

// padding is how much comes after an answer that is meant to be too long.
const padding = 64 << 20

// deliver puts an answer on the wire, in the way that the fault wants it.
func (f Fault) deliver(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	switch f.Kind { //nolint:exhaustive // the others are sent as they are
	case Truncated:
		writeHead(w, status, len(body))
		writeBody(w, body[:len(body)/2])
		flush(w)
		panic(http.ErrAbortHandler)
	case WrongLength:
		body = body[:len(body)/2]
	case SlowBody:
		writeHead(w, status, len(body))
		for i := range body {
			wait(r, f.Delay)
			writeBody(w, body[i:i+1])
			flush(w)
		}
		return
	case HugeBody:
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		pad(w, body)
		return
	case GzipBomb:
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		w.WriteHeader(status)
		spaces := packed(bytes.Repeat([]byte(" "), 1<<20))
		_, err := w.Write(packed(body))
		for n := 0; err == nil && n < padding; n += 1 << 20 {
			_, err = w.Write(spaces) // one archive may follow another
		}
		return
	case EndlessHeaders:
		for filler := strings.Repeat("x", 1<<10); len(w.Header()["X-Padding"]) < 12<<10; {
			w.Header().Add("X-Padding", filler)
		}
	case CutNext, Twice:
		if f.bare(w, status, body) {
			return
		}
	}
	send(w, status, body)
}

// flush sends what was written. Without a server there is nothing to flush.
func flush(w http.ResponseWriter) { _ = http.NewResponseController(w).Flush() }

// pad writes a body and spaces after it, as long as somebody takes them.
func pad(w io.Writer, body []byte) {
	spaces := bytes.Repeat([]byte(" "), 64<<10)
	_, err := w.Write(body)
	for n := 0; err == nil && n < padding; n += len(spaces) {
		_, err = w.Write(spaces)
	}
}

// packed is a body as one gzip archive.
func packed(body []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(body) // memory does not fail
	_ = z.Close()
	return b.Bytes()
}

// keptFor is how long a connection waits for the call that is to be cut.
const keptFor = time.Minute

// bare writes to the connection itself. It reports false where there is none.
func (f Fault) bare(w http.ResponseWriter, status int, body []byte) bool {
	conn, buffer, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return false
	}
	defer func() { _ = conn.Close() }()
	h := w.Header().Clone()
	h.Set("Content-Type", "application/json")
	copies := 1
	if f.Kind == Twice {
		copies = 2
	}
	for range copies {
		answer := http.Response{
			StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, Header: h, ContentLength: int64(len(body)), Body: io.NopCloser(bytes.NewReader(body)),
		}
		if answer.Write(buffer) != nil {
			return true
		}
	}
	if buffer.Flush() == nil && conn.SetReadDeadline(time.Now().Add(keptFor)) == nil {
		_, _ = buffer.ReadByte() // the next call begins, or nobody comes
	}
	return true
}

// wait lets real time pass. When the caller leaves, so does the call.
func wait(r *http.Request, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-r.Context().Done():
		panic(http.ErrAbortHandler)
	}
}

// writePage sends what something in front of PayPay sends: it knows no request
// id.
func writePage(w http.ResponseWriter, status, otherwise int) {
	if status == 0 {
		status = otherwise
	}
	w.Header().Del("X-Request-Id")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte("<!DOCTYPE html><html><head><title>Network login</title></head><body>{}</body></html>\n"))
}
