package paypay

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// service is a PayPay whose clock and Date header can be wrong, and which
// refuses signatures as PayPay does.
type service struct {
	t  *testing.T
	mu sync.Mutex

	clock    time.Duration // its clock minus that of the test
	date     time.Duration // its Date header minus that of the test
	accepted int
	refused  int
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Date", time.Now().Add(s.date).UTC().Format(http.TimeFormat))
	_, epoch := signature(s.t, r.Header)
	if time.Now().Add(s.clock).Sub(time.Unix(epoch, 0)).Abs() > 2*time.Minute {
		s.refused++
		answering(401, `{"resultInfo":{"code":"UNAUTHORIZED","message":"","codeId":"08100016"},"data":null}`)(w, r)
		return
	}
	s.accepted++
	answering(202, testdata(s.t, "cancel-payment.json"))(w, r)
}

func (s *service) set(clock, date time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock, s.date, s.accepted, s.refused = clock, date, 0, 0
}

func (s *service) counts() (accepted, refused int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.accepted, s.refused
}

// A register whose clock is wrong goes on selling, at the price of one refused
// request; so does one whose clock is put right while it runs.
func TestSkew_wrongClock(t *testing.T) {
	t.Parallel()
	for _, off := range []time.Duration{10 * time.Minute, -10 * time.Minute, 9 * time.Hour, -9 * time.Hour} {
		s := &service{t: t}
		s.set(off, off)
		c := serve(t, s.ServeHTTP)
		for range 6 {
			if err := c.CancelPayment(t.Context(), "R1-0001"); err != nil {
				t.Fatal(err)
			}
		}
		if accepted, refused := s.counts(); accepted != 6 || refused != 1 {
			t.Errorf("off by %s: %d accepted, %d refused", off, accepted, refused)
		}
		if got, ok := c.Skew(); !ok || (got-off).Abs() > 2*time.Second {
			t.Errorf("off by %s: skew %s", off, got)
		}

		s.set(0, 0)
		for range 6 {
			if err := c.CancelPayment(t.Context(), "R1-0001"); err != nil {
				t.Fatal(err)
			}
		}
		if accepted, refused := s.counts(); accepted != 6 || refused != 1 {
			t.Errorf("put right from %s: %d accepted, %d refused", off, accepted, refused)
		}
	}
}

// A clock that is set while the register sells costs one refused request too:
// the refusal's own Date is believed before those of earlier answers.
func TestSkew_clockIsSet(t *testing.T) {
	t.Parallel()
	s := &service{t: t}
	c := serve(t, s.ServeHTTP)
	refusals := 0
	for _, off := range []time.Duration{0, 4 * time.Minute, -3 * time.Hour, 0} {
		s.set(off, off)
		for n := range 6 {
			if err := c.CancelPayment(t.Context(), "R1-0001"); err != nil {
				t.Fatalf("set to %s, call %d: %v", off, n+1, err)
			}
			if got, _ := c.Skew(); (got - off).Abs() > 2*time.Second {
				t.Errorf("set to %s, call %d: skew %s", off, n+1, got)
			}
		}
		_, refused := s.counts()
		refusals += refused
	}
	if refusals != 3 {
		t.Errorf("%d requests were refused, want one for each setting", refusals)
	}
}

// A Date header that is wrong does not stop a register whose clock is right.
func TestSkew_wrongDate(t *testing.T) {
	t.Parallel()
	s := &service{t: t}
	c := serve(t, s.ServeHTTP)
	for _, date := range []time.Duration{5 * time.Hour, -100 * 24 * time.Hour, 0} {
		s.set(0, date)
		for range 6 {
			if err := c.CancelPayment(t.Context(), "R1-0001"); err != nil {
				t.Fatal(err)
			}
		}
		if _, refused := s.counts(); refused != 0 {
			t.Errorf("date off by %s: %d refused", date, refused)
		}
		if got, _ := c.Skew(); got.Abs() > 24*time.Hour {
			t.Errorf("skew %s", got)
		}
	}
}

// A signature that is wrong for another reason is not tried for ever.
func TestSkew_wrongSecret(t *testing.T) {
	t.Parallel()
	s := &service{t: t}
	c := serve(t, s.ServeHTTP)
	for _, tt := range []struct {
		date time.Duration
		want int
	}{{0, 1}, {time.Hour, 2}, {-48 * time.Hour, 2}} {
		s.set(100*24*time.Hour, tt.date)
		c.clock.samples = nil
		err := c.CancelPayment(t.Context(), "R1-0001")
		e, ok := errors.AsType[*Error](err)
		if !ok || e.Class != Bug || e.Code != Unauthorized {
			t.Errorf("error %v", err)
		}
		if _, refused := s.counts(); refused != tt.want {
			t.Errorf("date off by %s: sent %d times, want %d", tt.date, refused, tt.want)
		}
		if c.clock.stamp().theirs {
			t.Errorf("date off by %s: a clock is believed that was refused", tt.date)
		}
		if _, err := c.CodePayment(t.Context(), "R1-0001"); CodeOf(err) != Unauthorized {
			t.Errorf("error %v", err)
		}
		if _, refused := s.counts(); refused != 2*tt.want {
			t.Errorf("date off by %s: looked up %d times, want %d", tt.date, refused-tt.want, tt.want)
		}
	}
}

// When there is no time left for a second signature, the refusal stands.
func TestSkew_contextEndedMeanwhile(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	requests := 0
	refusing := roundTripper(func(*http.Request) (*http.Response, error) {
		requests++
		cancel()
		w := httptest.NewRecorder()
		w.Header().Set("Date", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat))
		answering(401, `{"resultInfo":{"code":"UNAUTHORIZED","message":"","codeId":"08100016"},"data":null}`)(w, nil)
		return w.Result(), nil
	})
	c, err := New(canary(t), WithBaseURL(Sandbox), WithHTTPClient(&http.Client{Transport: refusing}))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.CancelPayment(ctx, "R1-0001"); ClassOf(err) != Bug || requests != 1 {
		t.Errorf("%d requests, error %v", requests, err)
	}
}

func TestClock_learn(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)
	at := func(d time.Duration) http.Header {
		return http.Header{"Date": {now.Add(d).Format(http.TimeFormat)}}
	}
	tests := []struct {
		name    string
		headers []http.Header
		want    time.Duration
		ok      bool
	}{
		{"nothing", nil, 0, false},
		{"no date", []http.Header{{}}, 0, false},
		{"no date that can be read", []http.Header{{"Date": {"yesterday"}}}, 0, false},
		{"answer of a cache", []http.Header{{"Date": at(0)["Date"], "Age": {"3"}}}, 0, false},
		{"the same time", []http.Header{at(0)}, -500 * time.Millisecond, true},
		{"ahead", []http.Header{at(time.Hour)}, time.Hour - 500*time.Millisecond, true},
		{"far ahead", []http.Header{at(1000 * time.Hour)}, 24 * time.Hour, true},
		{"far behind", []http.Header{at(-1000 * time.Hour)}, -24 * time.Hour, true},
		{"wrong twice", []http.Header{at(0), at(time.Hour), at(0), at(-time.Hour), at(0)}, -500 * time.Millisecond, true},
		{"set anew", []http.Header{at(0), at(0), at(0), at(0), at(0), at(60 * time.Second), at(60 * time.Second), at(60 * time.Second)}, 59500 * time.Millisecond, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var c clock
			for _, h := range tt.headers {
				c.learn(h, now, now.Add(2*time.Second))
			}
			if got, ok := c.skew(); got != tt.want || ok != tt.ok {
				t.Errorf("skew %s, %v; want %s, %v", got, ok, tt.want, tt.ok)
			}
		})
	}
}

// A clock of ours that is set forward by less than PayPay refuses is seen at
// the next answer where it matters that nothing is over too soon.
func TestSkewAtLeast_clockIsSetForward(t *testing.T) {
	t.Parallel()
	s := &service{t: t}
	c := serve(t, s.ServeHTTP)
	if _, ok := c.SkewAtLeast(); ok {
		t.Error("a skew before the first answer")
	}
	for n, off := range []time.Duration{0, 0, 0, 0, -90 * time.Second, 0, 0} {
		s.set(off, off)
		if err := c.CancelPayment(t.Context(), "R1-0001"); err != nil {
			t.Fatal(err)
		}
		if got, _ := c.Skew(); got.Abs() > 2*time.Second {
			t.Errorf("answer %d: skew %s", n+1, got)
		}
		want := time.Duration(0)
		if n >= 4 {
			want = -90 * time.Second
		}
		if got, ok := c.SkewAtLeast(); !ok || (got-want).Abs() > 2*time.Second {
			t.Errorf("answer %d: at least %s, want %s", n+1, got, want)
		}
	}
}
