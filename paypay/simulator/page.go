package simulator

import (
	_ "embed"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

//go:embed page.css
var pageStyle string

// listed is how many payments the list shows.
const listed = 50

// How soon a page that changes without the customer is loaded again.
const (
	livePace    = 5 // seconds
	raisingPace = 2 // seconds
)

// addPages adds the customer pages, and one that says so where there is none.
func (s *Simulator) addPages(mux *http.ServeMux) {
	for _, page := range []struct {
		path      string
		get, post http.HandlerFunc
	}{
		{"/{$}", s.listPage, s.listForm},
		{"/pay/{id}", s.payPage(s.codes), s.payForm(s.codes)},
		{"/payments/{id}", s.payPage(s.payments), s.payForm(s.payments)},
		{"/link/{id}", s.linkPage, s.linkForm},
		{linkPath, s.webLinkPage, nil},
		{"/page.css", stylePage, nil},
	} {
		allowed := "GET, HEAD"
		mux.HandleFunc("GET "+page.path, page.get)
		if page.post != nil {
			mux.HandleFunc("POST "+page.path, page.post)
			allowed += ", POST"
		}
		mux.HandleFunc(page.path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Allow", allowed)
			refusePage(w, r, http.StatusMethodNotAllowed, words{"このページではその操作はできません。", "This page cannot be used like that."})
		})
	}
	mux.HandleFunc("/", unknownPage)
}

func unknownPage(w http.ResponseWriter, r *http.Request) {
	refusePage(w, r, http.StatusNotFound, words{"そのようなコードやページはありません。", "There is no such code or page."})
}

func unknownAction(w http.ResponseWriter, r *http.Request) {
	refusePage(w, r, http.StatusBadRequest, words{"そのような操作はありません。", "There is no such action."})
}

// foreignForm refuses what the page of another site has sent.
func foreignForm(w http.ResponseWriter, r *http.Request) {
	refusePage(w, r, http.StatusForbidden, words{"ほかのサイトからの操作は受け付けません。", "Nothing is taken from the page of another site."})
}

func refusePage(w http.ResponseWriter, r *http.Request, status int, problem words) {
	render(w, r, status, problem)
}

func (s *Simulator) listPage(w http.ResponseWriter, r *http.Request) {
	now := s.lock()
	list := listView{Live: r.URL.Query().Has("live"), Now: moment(now)}
	list.More = max(len(s.order)-listed, 0)
	for _, p := range s.order[list.More:] {
		list.Payments = append(list.Payments, p.view(now))
	}
	slices.Reverse(list.Payments)
	newestFirst := func(a, b *session) int {
		if c := b.ends.Compare(a.ends); c != 0 {
			return c
		}
		return strings.Compare(a.id, b.id)
	}
	for _, l := range slices.SortedFunc(maps.Values(s.sessions), newestFirst) {
		if v := s.linkView(*l, now); v.Open && len(list.Links) < listed {
			list.Links = append(list.Links, v)
		}
	}
	for _, a := range s.faults {
		list.Faults = append(list.Faults, ArmedFault{a.Fault, a.left}.view())
	}
	s.mu.Unlock()
	if list.Live {
		w.Header().Set("Refresh", strconv.Itoa(livePace))
	}
	render(w, r, http.StatusOK, list)
}

// listForm clears the faults. Whoever can see the pages may do so: it makes nothing
// worse.
func (s *Simulator) listForm(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	if r.PostFormValue("action") != "clear" {
		unknownAction(w, r)
		return
	}
	s.ClearFaults()
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// payPage shows one of the payments in a map. It is loaded again when the time
// to pay is over, and while something is being done.
func (s *Simulator) payPage(in map[string]*payment) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		now := s.lock()
		p := in[r.PathValue("id")]
		if p == nil {
			s.mu.Unlock()
			unknownPage(w, r)
			return
		}
		v := p.view(now)
		s.mu.Unlock()
		switch {
		case v.Stage == StageRaising:
			w.Header().Set("Refresh", strconv.Itoa(raisingPace))
		case v.Left != "":
			w.Header().Set("Refresh", strconv.Itoa(int(v.ExpiresAt.Sub(now)/time.Second)+1))
		}
		render(w, r, http.StatusOK, s.offer(v, r.URL.Query().Get("customer")))
	}
}

// payForm lets the customer act, then leads back to the page, so that loading it
// again does not act twice.
func (s *Simulator) payForm(in map[string]*payment) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
		a := action(r.PostFormValue("action"))
		if !a.known() {
			unknownAction(w, r)
			return
		}
		customer, means, _ := strings.Cut(r.PostFormValue("customer"), "/")
		v, err := s.actAndTell(in, r.PathValue("id"), a, payer{customer, means})
		switch {
		case errors.Is(err, ErrUnknownCode):
			unknownPage(w, r)
		case err != nil:
			v.Problem = problemWords(err)
			render(w, r, problemStatus(err), s.offer(v, customer))
		default:
			if customer != "" {
				v.Path += "?customer=" + url.QueryEscape(customer)
			}
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
		refusePage(w, r, http.StatusBadRequest, words{
			"お店からの連携リクエストを読み取れないか、期限が切れています。", "The shop's request for a link cannot be read, or its time is over.",
		})
		return
	}
	http.Redirect(w, r, "/link/"+l.id, http.StatusSeeOther)
}

func (s *Simulator) linkPage(w http.ResponseWriter, r *http.Request) {
	now := s.lock()
	l := s.sessions[r.PathValue("id")]
	if l == nil {
		s.mu.Unlock()
		unknownPage(w, r)
		return
	}
	v := s.linkView(*l, now)
	s.mu.Unlock()
	render(w, r, http.StatusOK, v)
}

// linkForm answers an account link. The customer goes back to the shop by a link
// on the page, not by a redirect, since the page may post to itself alone.
func (s *Simulator) linkForm(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	a := r.PostFormValue("action")
	if a != "approve" && a != "decline" {
		unknownAction(w, r)
		return
	}
	l, err := s.answerLink("/link/"+r.PathValue("id"), r.PostFormValue("customer"), a == "approve")
	switch {
	case errors.Is(err, ErrUnknownLink):
		unknownPage(w, r)
	case err != nil:
		now := s.lock()
		v := s.linkView(l, now)
		s.mu.Unlock()
		v.Problem = problemWords(err)
		render(w, r, problemStatus(err), v)
	default:
		http.Redirect(w, r, "/link/"+l.id, http.StatusSeeOther)
	}
}

// problemStatus is the status of a page that says why something was not done.
func problemStatus(err error) int {
	if errors.Is(err, ErrUnknownCustomer) || errors.Is(err, ErrUnknownMeans) {
		return http.StatusNotFound
	}
	return http.StatusConflict
}

// render sends a page that may load nothing but its style, run nothing and be
// framed by nobody. Its referrer policy keeps the Origin of its own forms, by
// which a form of another site is told apart.
func render(w http.ResponseWriter, r *http.Request, status int, p page) {
	l := preferred(r.Header.Get("Accept-Language"))
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(l))
	h.Set("Vary", "Accept-Language")
	h.Set("Content-Security-Policy",
		"default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	w.WriteHeader(status)
	_ = p.in(l).Render(w) // what can fail here is only the caller's connection
}

// preferred is the language of the pages for a reader. Browsers name the
// languages in the order in which they are liked; who likes neither gets
// Japanese.
func preferred(accepted string) language {
	for tag := range strings.SplitSeq(accepted, ",") {
		tag, _, _ = strings.Cut(tag, ";")
		tag, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
		if l := language(tag); l == inJapanese || l == inEnglish {
			return l
		}
	}
	return inJapanese
}

func stylePage(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = w.Write([]byte(pageStyle)) // likewise
}
