package simulator

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"
)

// The choices, as they stand in flags and in JSON. The first is the default.
var (
	goneAnswers    = []string{"not-found-400", "not-found-404", "created"}
	paidDeletes    = []string{"already-paid", "not-found"}
	deleteRaces    = []string{"payment-wins", "delete-wins"}
	badIDs         = []string{"bad-request", "invalid-params"}
	partialRefunds = []string{"completed", "refunded"}
	contracts      = []string{"out-of-scope", "unsupported", "allowed"}
)

func choiceText[T ~int](v T, names []string) ([]byte, error) {
	if v < 0 || int(v) >= len(names) {
		return nil, fmt.Errorf("simulator: %d is unknown", v)
	}
	return []byte(names[v]), nil
}

func choose[T ~int](v *T, text []byte, names []string) error {
	i := slices.Index(names, string(text))
	if i < 0 {
		return fmt.Errorf("simulator: %.64q must be one of %s", text, strings.Join(names, ", "))
	}
	*v = T(i)
	return nil
}

// MarshalText is "not-found-400", "not-found-404" or "created".
func (g GoneAnswer) MarshalText() ([]byte, error) { return choiceText(g, goneAnswers) }

// UnmarshalText reads what MarshalText writes.
func (g *GoneAnswer) UnmarshalText(text []byte) error { return choose(g, text, goneAnswers) }

// MarshalText is "already-paid" or "not-found".
func (p PaidDelete) MarshalText() ([]byte, error) { return choiceText(p, paidDeletes) }

// UnmarshalText reads what MarshalText writes.
func (p *PaidDelete) UnmarshalText(text []byte) error { return choose(p, text, paidDeletes) }

// MarshalText is "payment-wins" or "delete-wins".
func (d DeleteRace) MarshalText() ([]byte, error) { return choiceText(d, deleteRaces) }

// UnmarshalText reads what MarshalText writes.
func (d *DeleteRace) UnmarshalText(text []byte) error { return choose(d, text, deleteRaces) }

// MarshalText is "bad-request" or "invalid-params".
func (b BadID) MarshalText() ([]byte, error) { return choiceText(b, badIDs) }

// UnmarshalText reads what MarshalText writes.
func (b *BadID) UnmarshalText(text []byte) error { return choose(b, text, badIDs) }

// MarshalText is "completed" or "refunded".
func (p PartialRefund) MarshalText() ([]byte, error) { return choiceText(p, partialRefunds) }

// UnmarshalText reads what MarshalText writes.
func (p *PartialRefund) UnmarshalText(text []byte) error { return choose(p, text, partialRefunds) }

// MarshalText is "out-of-scope", "unsupported" or "allowed".
func (c CaptureContract) MarshalText() ([]byte, error) { return choiceText(c, contracts) }

// UnmarshalText reads what MarshalText writes.
func (c *CaptureContract) UnmarshalText(text []byte) error { return choose(c, text, contracts) }

// span is a duration that stands as text in JSON, such as "2s".
type span time.Duration

func (d span) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

func (d *span) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	*d = span(v)
	return err
}

// settings are what of a [Config] can be changed while the simulator runs, as
// the control call takes and tells them.
type settings struct {
	CodeLifetime       span            `json:"codeLifetime"`
	GoneAnswer         GoneAnswer      `json:"goneAnswer"`
	PaidDelete         PaidDelete      `json:"paidDelete"`
	DeleteRace         DeleteRace      `json:"deleteRace"`
	BadID              BadID           `json:"badId"`
	CancelDelay        span            `json:"cancelDelay"`
	NonceReuse         bool            `json:"nonceReuse"`
	NoRequestID        bool            `json:"noRequestId"`
	RequestedAtWindow  span            `json:"requestedAtWindow"`
	RateLimit          int             `json:"rateLimit"`
	PayAfterFailure    bool            `json:"payAfterFailure"`
	ExpiredCanceled    bool            `json:"expiredCanceled"`
	ProductTypes       []string        `json:"productTypes"`
	RefundHTTPStatus   int             `json:"refundHttpStatus"`
	RefundAtOnce       bool            `json:"refundAtOnce"`
	RefundDelay        span            `json:"refundDelay"`
	SingleRefund       bool            `json:"singleRefund"`
	PartialRefund      PartialRefund   `json:"partialRefund"`
	SimilarCodeFails   bool            `json:"similarCodeFails"`
	Capture            CaptureContract `json:"capture"`
	AuthorizationLimit span            `json:"authorizationLimit"`
	NoHigherCapture    bool            `json:"noHigherCapture"`
	TooCloseToExpiry   span            `json:"tooCloseToExpiry"`
	CaptureDelay       span            `json:"captureDelay"`
	PaymentHTTPStatus  int             `json:"paymentHttpStatus"`
	PaymentDelay       span            `json:"paymentDelay"`
	CashbackBudget     int64           `json:"cashbackBudget"` // yen that are left of it
	Scopes             []string        `json:"scopes"`
	RedirectDomains    []string        `json:"redirectDomains"`
	WebhookURL         string          `json:"webhookUrl"`
	WebhookLoss        float64         `json:"webhookLoss"`
	WebhookDouble      float64         `json:"webhookDouble"`
	WebhookReorder     float64         `json:"webhookReorder"`
	WebhookDelay       span            `json:"webhookDelay"`
	WebhookNumbers     bool            `json:"webhookNumbers"`
	WebhookEmptyOrder  bool            `json:"webhookEmptyOrder"`
}

func (c Config) settings() settings {
	return settings{
		CodeLifetime: span(c.CodeLifetime), GoneAnswer: c.GoneAnswer, PaidDelete: c.PaidDelete, DeleteRace: c.DeleteRace,
		BadID: c.BadID, CancelDelay: span(c.CancelDelay), NonceReuse: c.NonceReuse, NoRequestID: c.NoRequestID,
		RequestedAtWindow: span(c.RequestedAtWindow), RateLimit: c.RateLimit, PayAfterFailure: c.PayAfterFailure,
		ExpiredCanceled: c.ExpiredCanceled, ProductTypes: c.ProductTypes,
		RefundHTTPStatus: c.RefundHTTPStatus, RefundAtOnce: c.RefundAtOnce, RefundDelay: span(c.RefundDelay),
		SingleRefund: c.SingleRefund, PartialRefund: c.PartialRefund, SimilarCodeFails: c.SimilarCodeFails,
		Capture: c.Capture, AuthorizationLimit: span(c.AuthorizationLimit), NoHigherCapture: c.NoHigherCapture,
		TooCloseToExpiry: span(c.TooCloseToExpiry), CaptureDelay: span(c.CaptureDelay), PaymentHTTPStatus: c.PaymentHTTPStatus,
		PaymentDelay: span(c.PaymentDelay), CashbackBudget: c.CashbackBudget,
		Scopes: c.Scopes, RedirectDomains: c.RedirectDomains,
		WebhookURL: c.WebhookURL, WebhookLoss: c.WebhookLoss, WebhookDouble: c.WebhookDouble, WebhookReorder: c.WebhookReorder,
		WebhookDelay: span(c.WebhookDelay), WebhookNumbers: c.WebhookNumbers, WebhookEmptyOrder: c.WebhookEmptyOrder,
	}
}

// with returns a configuration with other settings.
func (c Config) with(j settings) Config {
	c.CodeLifetime, c.GoneAnswer, c.PaidDelete, c.DeleteRace = time.Duration(j.CodeLifetime), j.GoneAnswer, j.PaidDelete, j.DeleteRace
	c.BadID, c.CancelDelay, c.NonceReuse, c.NoRequestID = j.BadID, time.Duration(j.CancelDelay), j.NonceReuse, j.NoRequestID
	c.RequestedAtWindow, c.RateLimit, c.PayAfterFailure = time.Duration(j.RequestedAtWindow), j.RateLimit, j.PayAfterFailure
	c.ExpiredCanceled, c.ProductTypes = j.ExpiredCanceled, j.ProductTypes
	c.RefundHTTPStatus, c.RefundAtOnce, c.RefundDelay = j.RefundHTTPStatus, j.RefundAtOnce, time.Duration(j.RefundDelay)
	c.SingleRefund, c.PartialRefund, c.SimilarCodeFails = j.SingleRefund, j.PartialRefund, j.SimilarCodeFails
	c.Capture, c.AuthorizationLimit, c.NoHigherCapture = j.Capture, time.Duration(j.AuthorizationLimit), j.NoHigherCapture
	c.TooCloseToExpiry, c.CaptureDelay, c.PaymentHTTPStatus = time.Duration(j.TooCloseToExpiry), time.Duration(j.CaptureDelay), j.PaymentHTTPStatus
	c.PaymentDelay, c.CashbackBudget = time.Duration(j.PaymentDelay), j.CashbackBudget
	c.Scopes, c.RedirectDomains = j.Scopes, j.RedirectDomains
	c.WebhookURL, c.WebhookLoss, c.WebhookDouble, c.WebhookReorder = j.WebhookURL, j.WebhookLoss, j.WebhookDouble, j.WebhookReorder
	c.WebhookDelay, c.WebhookNumbers, c.WebhookEmptyOrder = time.Duration(j.WebhookDelay), j.WebhookNumbers, j.WebhookEmptyOrder
	return c
}

// withDefaults fills in what was left out.
func (c Config) withDefaults() Config {
	if !c.Exact {
		c.CancelDelay = cmp.Or(c.CancelDelay, time.Second)
		c.RefundDelay = cmp.Or(c.RefundDelay, 10*time.Second)
		c.CaptureDelay = cmp.Or(c.CaptureDelay, time.Second)
		c.CashbackBudget = cmp.Or(c.CashbackBudget, 1_000_000)
	}
	c.CodeLifetime = cmp.Or(c.CodeLifetime, 5*time.Minute)
	c.RequestedAtWindow = cmp.Or(c.RequestedAtWindow, 24*time.Hour)
	c.RefundHTTPStatus = cmp.Or(c.RefundHTTPStatus, http.StatusOK)
	c.AuthorizationLimit = cmp.Or(c.AuthorizationLimit, 30*24*time.Hour)
	c.TooCloseToExpiry = cmp.Or(c.TooCloseToExpiry, time.Hour)
	c.PaymentHTTPStatus = cmp.Or(c.PaymentHTTPStatus, http.StatusCreated)
	if c.Scopes == nil {
		c.Scopes = knownScopes
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if len(c.Customers) == 0 {
		c.Customers = []Customer{anyone}
	}
	return c
}

// controlSettings changes the settings that its body names, for what happens
// from then on. An empty value is the default, except that a delay of nothing is
// at once, and a budget of nothing is empty.
func (s *Simulator) controlSettings(w http.ResponseWriter, r *http.Request) {
	var changes map[string]json.RawMessage
	if r.Method == http.MethodPost {
		body, err := readBody(w, r)
		if err == nil {
			changes, err = parseObject(body)
		}
		if err != nil {
			done(w, err)
			return
		}
	}
	j, err := s.changeSettings(changes)
	if err != nil {
		done(w, err)
		return
	}
	reply(w, http.StatusOK, j)
}

// changeSettings changes all the settings that are named, or none, and returns
// them as they are then. Its error is a [*FieldError].
func (s *Simulator) changeSettings(changes map[string]json.RawMessage) (settings, error) {
	s.lock()
	defer s.mu.Unlock()
	s.cfg.CashbackBudget = s.budget
	j := s.cfg.settings()
	// Lists are not decoded into those in use.
	j.Scopes, j.RedirectDomains, j.ProductTypes = slices.Clone(j.Scopes), slices.Clone(j.RedirectDomains), slices.Clone(j.ProductTypes)
	if len(changes) == 0 {
		return j, nil
	}
	for _, name := range slices.Sorted(maps.Keys(changes)) {
		if err := j.set(name, changes[name]); err != nil {
			return settings{}, err
		}
	}
	c := s.cfg.with(j)
	if err := c.check(); err != nil {
		if wrong, ok := errors.AsType[*FieldError](err); ok {
			return settings{}, &FieldError{settingOf(wrong.Field), wrong.Problem}
		}
		return settings{}, err
	}
	s.cfg = c.withDefaults()
	s.budget = s.cfg.CashbackBudget
	return s.cfg.settings(), nil
}

// set takes one setting from JSON.
func (j *settings) set(name string, value json.RawMessage) error {
	if settingOf(name) != name {
		return &FieldError{name, "is no setting"}
	}
	one, err := json.Marshal(map[string]json.RawMessage{name: value})
	if err == nil {
		err = json.Unmarshal(one, j)
	}
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return &FieldError{name, "cannot be of the JSON type " + wrong.Value}
	}
	if err != nil {
		return &FieldError{name, strings.TrimPrefix(err.Error(), "simulator: ")}
	}
	return nil
}

// settingOf is the name in JSON of a setting, whatever its case, or "".
func settingOf(field string) string {
	for f := range reflect.TypeFor[settings]().Fields() {
		if name := f.Tag.Get("json"); strings.EqualFold(name, field) {
			return name
		}
	}
	return ""
}
