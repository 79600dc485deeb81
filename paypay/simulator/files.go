package simulator

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
)

// fileLifetime is how long the address of a file is good.
const fileLifetime = 2 * time.Hour

// fileTime is how a file's name has the ends of its day.
const fileTime = "20060102150405"

// fileName names a day's file, of instant payments or of those captured later.
func (s *Simulator) fileName(day time.Time, later bool) string {
	name := "transaction_" + s.cfg.MerchantID + "_" + day.Format(fileTime) + "_" + day.AddDate(0, 0, 1).Add(-time.Second).Format(fileTime) + "_v2.csv"
	if later {
		return "preauth_" + name
	}
	return name
}

// controlFiles announces the files of a day, as PayPay does in the night after
// it, and tells where they are.
func (s *Simulator) controlFiles(w http.ResponseWriter, r *http.Request) {
	var j struct {
		Day string `json:"day"`
	}
	if err := readControl(w, r, &j); err != nil {
		done(w, err)
		return
	}
	day, err := time.ParseInLocation(time.DateOnly, j.Day, jst)
	if err != nil {
		done(w, &FieldError{"day", "must be a day in Japan, such as 2026-11-23"})
		return
	}
	now := s.lock()
	defer s.mu.Unlock()
	paths := []string{}
	for _, later := range []bool{false, true} {
		path := s.publicURL(r) + "/simulator/files/" + s.fileName(day, later) + "?expires=" + strconv.FormatInt(now.Add(fileLifetime).Unix(), 10)
		paths = append(paths, path)
		s.notify(map[string]string{
			"notification_type": "file.created", "notification_id": s.newID("file"), "fileType": "transaction_recon",
			"path": path, "requestedAt": strconv.FormatInt(now.Unix(), 10),
		})
	}
	reply(w, http.StatusOK, map[string][]string{"paths": paths})
}

// controlFile serves a reconciliation file.
func (s *Simulator) controlFile(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	ends, err := strconv.ParseInt(r.URL.Query().Get("expires"), 10, 64)
	now := s.lock()
	if left := time.Unix(ends, 0).Sub(now); err != nil || left <= 0 || left > fileLifetime {
		s.mu.Unlock()
		reply(w, http.StatusForbidden, problem{"the address was good for 2 hours; have the file announced again", "expires"})
		return
	}
	content, ok := s.file(name)
	s.mu.Unlock()
	if !ok {
		reply(w, http.StatusNotFound, problem{"there is no such file", "name"})
		return
	}
	w.Header().Set("Content-Type", "text/csv; charset=Shift_JIS")
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	writeBody(w, content)
}

// file is the content of a day's file, as far as the day has gone.
func (s *Simulator) file(name string) ([]byte, bool) {
	rest, later := strings.CutPrefix(name, "preauth_")
	from, _, _ := strings.Cut(strings.TrimPrefix(rest, "transaction_"+s.cfg.MerchantID+"_"), "_")
	day, err := time.ParseInLocation(fileTime, from, jst)
	if err != nil || name != s.fileName(day, later) || !day.Equal(startOfDay(day)) {
		return nil, false
	}
	var text bytes.Buffer
	lines := csv.NewWriter(encoding.ReplaceUnsupported(japanese.ShiftJIS.NewEncoder()).Writer(&text))
	head := []string{"決済番号", "加盟店ID", "屋号", "店舗ID", "店舗名", "端末番号/PosID", "取引ステータス", "取引日時", "取引金額", "レシート番号", "支払い方法", "マーチャント決済ID", "支払い詳細"}
	if later {
		head = []string{"orderId", "merchantId", "brandName", "storeId", "storeName", "terminalId", "transactionStatus", "acceptedAt", "amount", "orderReceiptNumber", "methodOfPayment", "merchantPaymentId", "paymentDetails"}
	}
	_ = lines.Write(head) // memory does not fail; what cannot be encoded is replaced
	for _, p := range s.order {
		for _, e := range p.history {
			if p.isAuthorization == later && startOfDay(e.at).Equal(day) {
				if line := s.line(p, e); line != nil {
					_ = lines.Write(line)
				}
			}
		}
	}
	lines.Flush()
	return text.Bytes(), true
}

func startOfDay(t time.Time) time.Time {
	y, m, d := t.In(jst).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, jst)
}

// fileMethods are the names of the means in a file, of instant payments and of
// those captured later.
var fileMethods = map[string][2]string{
	balanceType: {"PayPay残高", "wallet"},
	voucherType: {"PayPay商品券", "gift_voucher"},
	pointType:   {"PayPayポイント", "point"},
	cardType:    {"クレジットカード", "credit_card"},
	laterType:   {"PayPay(クレジット)", "pay_later_cc"},
}

// line is what a file says of something that happened, or nil. An instant payment
// that was cancelled is one that failed: the time to cancel ends before files
// are made.
func (s *Simulator) line(p *payment, e event) []string {
	status, amount, id, sign, column := string(e.status), e.amount, e.id, int64(1), 0
	if p.isAuthorization {
		column = 1
	}
	detailed := e.status == StatusCompleted || e.status == StatusRefunded
	switch {
	case p.isAuthorization && (e.status == StatusAuthorized || e.status == StatusExpired || e.status == StatusFailed):
		id = p.merchantPaymentID
	case p.isAuthorization:
	case e.status == StatusCompleted && p.stage() == StageCancelled, e.status == StatusFailed && p.stage() == StageFailed:
		status = "取引失敗"
	case e.status == StatusCompleted:
		status = "取引完了"
	case e.status == StatusRefunded:
		status, amount, sign = "返金完了", -amount, -1
	default:
		return nil
	}
	type kind struct {
		Type   string `json:"type"`
		Amount int64  `json:"amount"`
	}
	type detail struct {
		PaymentMethod string `json:"paymentMethod"`
		Amount        int64  `json:"amount"`
		Breakdown     []kind `json:"breakdown"`
	}
	var names []string
	var each []detail
	for _, t := range e.parts {
		name := fileMethods[t.method().Type][column]
		names = append(names, name)
		each = append(each, detail{name, sign * t.yen, []kind{{"REGULAR", sign * t.yen}}})
	}
	if len(each) == 0 { // it failed before anything was to pay with
		names, each = []string{fileMethods[balanceType][column]}, []detail{{fileMethods[balanceType][column], amount, []kind{{"REGULAR", amount}}}}
	}
	details := ""
	if detailed || !p.isAuthorization {
		if b, err := json.Marshal(each); err == nil {
			details = string(b)
		}
	}
	return []string{
		p.paymentID, s.cfg.MerchantID, "シミュレーター", text(p.storeID), text(p.storeID), text(p.terminalID), status,
		e.at.In(jst).Format(time.RFC3339), strconv.FormatInt(amount, 10), "", strings.Join(names, ","), id, details,
	}
}

func text(t *string) string {
	if t == nil {
		return ""
	}
	return *t
}
