package simulator

import (
	_ "embed"
	"errors"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

//go:embed page.html
var pageSource string

// pages are the templates "list", "pay", "link" and "unknown". They are only ever read.
var pages = template.Must(template.New("").Parse(pageSource))

// listed is how many payments the list shows.
const listed = 50

// view is a payment as a page shows it.
type view struct {
	Payment

	Yen         string
	Description string
	Shop        string
	Words       words
	Seconds     int    // until the code expires
	Path        string // of the page
	Customers   []string
	Asked       string // yen that the customer is asked to agree to, or empty
	Pending     bool
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
		Pending:    p.asked != nil,
		Path:       "/pay/" + p.codeID,
	}
	if p.codeID == "" {
		v.Path = "/payments/" + p.merchantPaymentID
	}
	if p.question != nil {
		v.Asked = groups(p.question.amount)
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

// listView is what the list shows.
type listView struct {
	Payments []view
	Links    []linkView
}

// linkView is an account link as a page shows it.
type linkView struct {
	ID          string
	ReferenceID string
	Scopes      []string
	Customers   []string
	Open        bool   // to be answered
	Back        string // where the customer goes with the answer
	Problem     words
}

func (s *Simulator) linkView(l session, now time.Time) linkView {
	return linkView{
		ID: l.id, ReferenceID: l.referenceID, Scopes: l.scopes, Back: l.back,
		Open: l.answer == "" && now.Before(l.ends), Customers: s.customerIDs(),
	}
}

// customerIDs names the customers, where a person has a choice.
func (s *Simulator) customerIDs() []string {
	if len(s.wallets) < 2 {
		return nil
	}
	var ids []string
	for _, w := range s.wallets {
		ids = append(ids, w.ID)
	}
	return ids
}

func (s *Simulator) listPage(w http.ResponseWriter, _ *http.Request) {
	now := s.lock()
	var list listView
	for _, p := range slices.Backward(s.order) {
		if len(list.Payments) == listed {
			break
		}
		list.Payments = append(list.Payments, p.view(now))
	}
	for _, l := range slices.SortedFunc(maps.Values(s.sessions), func(a, b *session) int { return strings.Compare(a.id, b.id) }) {
		if v := s.linkView(*l, now); v.Open && len(list.Links) < listed {
			list.Links = append(list.Links, v)
		}
	}
	s.mu.Unlock()
	render(w, http.StatusOK, "list", list)
}

// payPage shows one of the payments in a map.
func (s *Simulator) payPage(in map[string]*payment) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		now := s.lock()
		p := in[r.PathValue("id")]
		if p == nil {
			s.mu.Unlock()
			render(w, http.StatusNotFound, "unknown", nil)
			return
		}
		v := p.view(now)
		v.Customers = s.customerIDs()
		s.mu.Unlock()
		render(w, http.StatusOK, "pay", v)
	}
}

// payForm lets the customer act, then leads back to the page, so that loading it
// again does not act twice.
func (s *Simulator) payForm(in map[string]*payment) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
		a := action(r.PostFormValue("action"))
		if !a.known() {
			render(w, http.StatusBadRequest, "unknown", nil)
			return
		}
		v, err := s.actAndTell(in, r.PathValue("id"), a, r.PostFormValue("customer"))
		switch {
		case errors.Is(err, ErrUnknownCode), errors.Is(err, ErrUnknownCustomer):
			render(w, http.StatusNotFound, "unknown", nil)
		case err != nil:
			v.Problem = words{"できませんでした。下の状態をご確認ください。", "That was not possible. See the state below."}
			render(w, http.StatusConflict, "pay", v)
		default:
			http.Redirect(w, r, v.Path, http.StatusSeeOther)
		}
	}
}

// webLinkPage leads from PayPay's page of an account link by web to ours.
func (s *Simulator) webLinkPage(w http.ResponseWriter, r *http.Request) {
	now := s.lock()
	l := s.findSession(r.URL.String(), now)
	s.mu.Unlock()
	if l == nil {
		render(w, http.StatusBadRequest, "unknown", nil)
		return
	}
	http.Redirect(w, r, "/link/"+l.id, http.StatusSeeOther)
}

func (s *Simulator) linkPage(w http.ResponseWriter, r *http.Request) {
	now := s.lock()
	l := s.sessions[r.PathValue("id")]
	if l == nil {
		s.mu.Unlock()
		render(w, http.StatusNotFound, "unknown", nil)
		return
	}
	v := s.linkView(*l, now)
	s.mu.Unlock()
	render(w, http.StatusOK, "link", v)
}

// linkForm answers an account link. The customer goes back to the shop by a link
// on the page, not by a redirect, since the page may post to itself alone.
func (s *Simulator) linkForm(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	a := r.PostFormValue("action")
	if a != "approve" && a != "decline" {
		render(w, http.StatusBadRequest, "unknown", nil)
		return
	}
	l, err := s.answerLink("/link/"+r.PathValue("id"), r.PostFormValue("customer"), a == "approve")
	switch {
	case errors.Is(err, ErrUnknownLink), errors.Is(err, ErrUnknownCustomer):
		render(w, http.StatusNotFound, "unknown", nil)
	case err != nil:
		render(w, http.StatusConflict, "link", linkView{
			ID: l.id, ReferenceID: l.referenceID, Scopes: l.scopes, Back: l.back,
			Problem: words{"できませんでした。", "That was not possible: it was answered before, its time is over, or the API secret is not Base64."},
		})
	default:
		http.Redirect(w, r, "/link/"+l.id, http.StatusSeeOther)
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
