package simulator

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"
)

// routes serves what is not PayPay's: the control calls and the customer pages.
func (s *Simulator) routes() http.Handler {
	control := http.NewServeMux()
	control.HandleFunc("POST /simulator/codes/{id}/{action}", s.controlCode)
	control.HandleFunc("POST /simulator/payments/{id}/{action}", s.controlPayment)
	control.HandleFunc("POST /simulator/links/{answer}", s.controlLink)
	control.HandleFunc("POST /simulator/customers/{id}/{account}", s.controlCustomer)
	control.HandleFunc("POST /simulator/customers", s.controlAddCustomer)
	control.HandleFunc("POST /simulator/customers/{id}/means/{means}", s.controlMeans)
	control.HandleFunc("POST /simulator/authorizations/{id}/revoke", s.controlRevoke)
	control.HandleFunc("POST /simulator/faults", s.controlFault)
	control.HandleFunc("DELETE /simulator/faults", s.controlClear)
	control.HandleFunc("POST /simulator/clock", s.controlClock)
	control.HandleFunc("GET /simulator/settings", s.controlSettings)
	control.HandleFunc("POST /simulator/settings", s.controlSettings)
	control.HandleFunc("POST /simulator/files", s.controlFiles)
	control.HandleFunc("GET /simulator/files/{name}", s.controlFile)
	control.HandleFunc("GET /simulator/state", s.controlState)

	all := http.NewServeMux()
	all.Handle("/simulator/", s.localOnly(control))
	s.addPages(all)
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(foreignForm))
	return guard.Handler(all)
}

// localOnly keeps other machines out: who sets the clock and arms faults decides
// what the till sees. A caller without a network address, as in one process or
// over a pipe, is on this machine. A web page that is open on this machine is kept
// out too, even where its own name leads here: the call must be for a name that
// nobody else can give an address to.
func (s *Simulator) localOnly(next http.Handler) http.Handler {
	public := hostName(strings.TrimPrefix(strings.TrimPrefix(s.cfg.PublicURL, "http://"), "https://"))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if peer, err := netip.ParseAddr(hostName(r.RemoteAddr)); err == nil && !peer.IsLoopback() {
			reply(w, http.StatusForbidden, problem{Error: "control calls are served to this machine only"})
			return
		}
		host := hostName(r.Host)
		_, err := netip.ParseAddr(host)
		if err != nil && !strings.EqualFold(host, "localhost") && (public == "" || !strings.EqualFold(host, public)) {
			reply(w, http.StatusForbidden, problem{Error: "control calls must be for localhost, an address or the host of the public URL"})
			return
		}
		next.ServeHTTP(w, r)
	})
}

// hostName is a host without its port and brackets.
func hostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
}

// problem is why a control call was refused.
type problem struct {
	Error string `json:"error"`
	Field string `json:"field,omitempty"`
}

func (s *Simulator) controlCode(w http.ResponseWriter, r *http.Request) {
	s.control(w, r, s.codes, "codeId")
}

func (s *Simulator) controlPayment(w http.ResponseWriter, r *http.Request) {
	s.control(w, r, s.payments, "merchantPaymentId")
}

// control lets the customer act, and answers with the payment as it is then.
func (s *Simulator) control(w http.ResponseWriter, r *http.Request, in map[string]*payment, field string) {
	a := action(r.PathValue("action"))
	if !a.known() {
		reply(w, http.StatusNotFound, problem{"the action must be scan, pay, decline, fail or consent", "action"})
		return
	}
	var j struct {
		Customer string `json:"customer"`
	}
	if err := readControl(w, r, &j); err != nil && !errors.Is(err, io.EOF) { // a body may be left out
		done(w, err)
		return
	}
	v, err := s.actAndTell(in, r.PathValue("id"), a, payer{customer: j.Customer})
	switch {
	case errors.Is(err, ErrUnknownCustomer):
		reply(w, http.StatusNotFound, problem{err.Error(), "customer"})
	case errors.Is(err, ErrUnknownCode):
		reply(w, http.StatusNotFound, problem{err.Error(), field})
	case err != nil:
		reply(w, http.StatusConflict, problem{err.Error(), field})
	default:
		reply(w, http.StatusOK, v.Payment)
	}
}

// controlLink answers an account link, and tells what the customer brings back.
func (s *Simulator) controlLink(w http.ResponseWriter, r *http.Request) {
	var j struct {
		LinkQRCodeURL string `json:"linkQRCodeURL"`
		Customer      string `json:"customer"`
	}
	answer := r.PathValue("answer")
	if answer != "approve" && answer != "decline" {
		reply(w, http.StatusNotFound, problem{"the answer must be approve or decline", "answer"})
		return
	}
	if err := readControl(w, r, &j); err != nil {
		done(w, err)
		return
	}
	l, err := s.answerLink(j.LinkQRCodeURL, j.Customer, answer == "approve")
	switch {
	case errors.Is(err, ErrUnknownLink):
		reply(w, http.StatusNotFound, problem{err.Error(), "linkQRCodeURL"})
	case errors.Is(err, ErrUnknownCustomer):
		reply(w, http.StatusNotFound, problem{err.Error(), "customer"})
	case err != nil:
		reply(w, http.StatusConflict, problem{err.Error(), "linkQRCodeURL"})
	default:
		reply(w, http.StatusOK, map[string]string{"responseToken": l.answer, "redirectUrl": l.back})
	}
}

func (s *Simulator) controlCustomer(w http.ResponseWriter, r *http.Request) {
	err := s.SetAccount(r.PathValue("id"), Account(r.PathValue("account")))
	if errors.Is(err, ErrUnknownCustomer) {
		reply(w, http.StatusNotFound, problem{err.Error(), "customer"})
		return
	}
	if err != nil {
		err = &FieldError{"account", "must be active, suspended or closed"}
	}
	done(w, err)
}

func (s *Simulator) controlAddCustomer(w http.ResponseWriter, r *http.Request) {
	var c Customer
	err := readControl(w, r, &c)
	if err == nil {
		err = s.AddCustomer(c)
	}
	done(w, err)
}

// controlMeans chooses what a customer pays with.
func (s *Simulator) controlMeans(w http.ResponseWriter, r *http.Request) {
	err := s.PayWith(r.PathValue("id"), r.PathValue("means"))
	switch {
	case errors.Is(err, ErrUnknownCustomer):
		reply(w, http.StatusNotFound, problem{err.Error(), "customer"})
	case errors.Is(err, ErrUnknownMeans):
		reply(w, http.StatusNotFound, problem{err.Error(), "means"})
	default:
		done(w, err)
	}
}

func (s *Simulator) controlRevoke(w http.ResponseWriter, r *http.Request) {
	if err := s.Revoke(r.PathValue("id")); err != nil {
		reply(w, http.StatusNotFound, problem{err.Error(), "userAuthorizationId"})
		return
	}
	done(w, nil)
}

func (s *Simulator) controlFault(w http.ResponseWriter, r *http.Request) {
	var j faultJSON
	err := readControl(w, r, &j)
	if err == nil {
		var f Fault
		if f, err = j.fault(); err == nil {
			err = s.Fault(f)
		}
	}
	done(w, err)
}

func (s *Simulator) controlClear(w http.ResponseWriter, _ *http.Request) {
	s.ClearFaults()
	done(w, nil)
}

func (s *Simulator) controlClock(w http.ResponseWriter, r *http.Request) {
	var j struct {
		Advance string `json:"advance"`
	}
	if err := readControl(w, r, &j); err != nil {
		done(w, err)
		return
	}
	d, err := duration("advance", j.Advance)
	if err == nil && (d <= 0 || d > longest) {
		err = &FieldError{"advance", `must be more than nothing and at most a year, such as "10m"`}
	}
	if err != nil {
		done(w, err)
		return
	}
	s.Advance(d)
	now := s.lock()
	s.mu.Unlock()
	reply(w, http.StatusOK, map[string]time.Time{"now": now})
}

func (s *Simulator) controlState(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, s.State())
}

// readControl reads the body of a control call: one JSON object without unknown
// members.
func readControl(w http.ResponseWriter, r *http.Request, into any) error {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return &FieldError{cmp.Or(wrong.Field, "body"), "cannot be of the JSON type " + wrong.Value}
	}
	if err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("something follows the JSON object")
	}
	return nil
}

// done answers a control call that has nothing to tell but whether it worked.
func done(w http.ResponseWriter, err error) {
	if wrong, ok := errors.AsType[*FieldError](err); ok {
		reply(w, http.StatusBadRequest, problem{wrong.Problem, wrong.Field})
		return
	}
	if err != nil {
		reply(w, http.StatusBadRequest, problem{err.Error(), "body"})
		return
	}
	reply(w, http.StatusOK, struct{}{})
}

func reply(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		panic("simulator: an answer of our own cannot be encoded: " + err.Error())
	}
	send(w, status, body)
}
