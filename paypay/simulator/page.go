package simulator

import (
	_ "embed"
	"errors"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"time"
)

//go:embed page.html
var pageSource string

// pages are the templates "list" and "pay". They are only ever read.
var pages = template.Must(template.New("").Parse(pageSource))

// listed is how many codes the list shows.
const listed = 50

// view is a payment as a page shows it.
type view struct {
	Payment

	Yen         string
	Description string
	Shop        string
	Words       words
	Seconds     int // until the code expires
	Payable     bool
	Confirming  bool
	Problem     words
}

// words are one thing said twice.
type words struct{ Ja, En string }

func (g Stage) words() words {
	switch g {
	case StageWaiting:
		return words{"お支払い待ち", "Waiting to be scanned"}
	case StageConfirming:
		return words{"確認画面を表示中", "Confirm screen open"}
	case StagePaid:
		return words{"支払い済み", "Paid"}
	case StageFailed:
		return words{"支払い失敗", "Payment failed"}
	case StageCancelled:
		return words{"取消済み", "Cancelled"}
	case StageHeld:
		return words{"仮押さえ中", "Amount held"}
	case StageRaising:
		return words{"増額を処理中", "Raising the amount"}
	case StageRefunded:
		return words{"返金済み", "Refunded"}
	case StageReverted:
		return words{"お店が取りやめ", "Withdrawn by the shop"}
	case StageLapsed:
		return words{"仮押さえ期限切れ", "Hold has lapsed"}
	case StageDeleted:
		return words{"削除済み", "Deleted"}
	case StageExpired:
		return words{"期限切れ", "Expired"}
	}
	return words{}
}

func (p *payment) view(now time.Time) view {
	v := view{
		Payment:    p.public(),
		Yen:        groups(p.amount),
		Words:      p.stage().words(),
		Payable:    p.payable(),
		Confirming: p.scanned,
	}
	if v.Payable {
		v.Seconds = int(p.expiresAt.Sub(now) / time.Second)
	}
	if p.orderDescription != nil {
		v.Description = *p.orderDescription
	}
	if p.storeInfo != nil {
		v.Shop = *p.storeInfo
	}
	return v
}

// groups writes yen with a comma at every thousand.
func groups(yen int64) string {
	text := strconv.FormatInt(yen, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func (s *Simulator) listPage(w http.ResponseWriter, _ *http.Request) {
	now := s.lock()
	var views []view
	for _, p := range slices.Backward(s.order) {
		if len(views) == listed {
			break
		}
		views = append(views, p.view(now))
	}
	s.mu.Unlock()
	render(w, http.StatusOK, "list", views)
}

func (s *Simulator) payPage(w http.ResponseWriter, r *http.Request) {
	now := s.lock()
	p := s.codes[r.PathValue("codeId")]
	if p == nil {
		s.mu.Unlock()
		render(w, http.StatusNotFound, "unknown", nil)
		return
	}
	v := p.view(now)
	s.mu.Unlock()
	render(w, http.StatusOK, "pay", v)
}

// payForm lets the customer act, then leads back to the page, so that loading it
// again does not act twice.
func (s *Simulator) payForm(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	a := action(r.PostFormValue("action"))
	if !a.known() {
		render(w, http.StatusBadRequest, "unknown", nil)
		return
	}
	v, err := s.actAndTell(s.codes, r.PathValue("codeId"), a, "")
	switch {
	case errors.Is(err, ErrUnknownCode):
		render(w, http.StatusNotFound, "unknown", nil)
	case err != nil:
		v.Problem = words{"できませんでした。下の状態をご確認ください。", "That was not possible. See the state below."}
		render(w, http.StatusConflict, "pay", v)
	default:
		http.Redirect(w, r, "/pay/"+v.CodeID, http.StatusSeeOther)
	}
}

// render sends a page that may load nothing, run nothing and be framed by
// nobody. Its referrer policy keeps the Origin of its own forms, by which a form
// of another site is told apart.
func render(w http.ResponseWriter, status int, name string, data any) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy",
		"default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	w.WriteHeader(status)
	_ = pages.ExecuteTemplate(w, name, data) // what can fail here is only the caller's connection
}
