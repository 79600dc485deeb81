package simulator_test

import (
	"strconv"
	"testing"
	"time"
)

func TestCancelPayment_failsWhatWasPaid(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	must(t, tl.sim.Pay(tl.create(t, "order-1", 100)))
	got := tl.cancel("order-1")
	got.says(t, 202, "REQUEST_ACCEPTED", "08100001")
	if got.data != nil {
		t.Error(got.raw)
	}
	tl.look("order-1").is(t, "COMPLETED")
	tl.advance(time.Second - 1)
	tl.cancel("order-1").says(t, 202, "REQUEST_ACCEPTED", "08100001")
	tl.look("order-1").is(t, "COMPLETED")
	tl.advance(1)
	got = tl.look("order-1")
	got.is(t, "FAILED")
	if want := strconv.FormatInt(start.Unix()+1, 10); got.text("canceledAt") != want {
		t.Errorf("canceledAt %s, want %s", got.text("canceledAt"), want)
	}
	tl.cancel("order-1").says(t, 202, "REQUEST_ACCEPTED", "08100001")
	st := tl.sim.State()
	if st.Taken != 0 || st.Payments[0].Stage != "cancelled" {
		t.Errorf("%+v", st)
	}
}

func TestCancelPayment_liesInWait(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	known := tl.create(t, "known", 100)
	tl.cancel("known").says(t, 202, "REQUEST_ACCEPTED", "08100001")
	tl.cancel("unseen").says(t, 202, "REQUEST_ACCEPTED", "08100001")
	if w := tl.sim.State().WaitingCancels; len(w) != 1 || w[0] != "unseen" {
		t.Errorf("waiting %v", w)
	}
	unseen := tl.create(t, "unseen", 200)
	for id, code := range map[string]string{"known": known, "unseen": unseen} {
		tl.look(id).is(t, "CREATED")
		must(t, tl.sim.Pay(code))
		tl.look(id).is(t, "COMPLETED")
	}
	tl.advance(time.Second)
	tl.look("known").is(t, "FAILED")
	tl.look("unseen").is(t, "FAILED")
	if st := tl.sim.State(); st.Taken != 0 || len(st.WaitingCancels) != 0 {
		t.Errorf("%+v", st)
	}
}

func TestCancelPayment_untilAQuarterPastMidnightInTokyo(t *testing.T) {
	t.Parallel()
	deadline := time.Date(2026, 11, 23, 15, 15, 0, 0, time.UTC) // 00:15 JST of the 24th
	for _, tt := range []struct {
		name   string
		paid   time.Time
		at     time.Time
		status int
	}{
		{"same day", start, start.Add(time.Hour), 202},
		{"last second", start, deadline.Add(-time.Second), 202},
		{"over", start, deadline, 400},
		{"paid just before midnight", deadline.Add(-15*time.Minute - time.Second), deadline, 400},
		{"paid just after midnight", deadline.Add(-15 * time.Minute), deadline.Add(24*time.Hour - time.Second), 202},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tl := newTill(t, config())
			tl.advance(tt.paid.Sub(start))
			must(t, tl.sim.Pay(tl.create(t, "order-1", 100)))
			tl.advance(tt.at.Sub(tt.paid))
			if tt.status == 202 {
				tl.cancel("order-1").says(t, 202, "REQUEST_ACCEPTED", "08100001")
				return
			}
			tl.cancel("order-1").says(t, 400, "ORDER_NOT_REVERSIBLE", "00200044")
			tl.advance(time.Hour)
			tl.look("order-1").is(t, "COMPLETED")
		})
	}
}
