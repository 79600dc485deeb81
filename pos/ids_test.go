package pos_test

import (
	"testing"
	"time"

	"example.jp/reji/pos"
)

// PayPay takes ids of 64 characters, and a receipt number of nine figures and a
// mark of seven are what many restored journals can come to.
func TestGiveBack_idsStayShort(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		r.restart(func(o *pos.Options) { o.Register = "ABCDEFGH" })
		id := r.paid(900)
		for range 3 {
			r.giveBack(id, 300)
			r.tick(time.Minute)
		}
		a := r.sale(id).Last()
		const longer = len("000000000") - len("000001") + len("-1z141z3") + len("10") - len("1") // of the attempt, its number too
		seen := map[string]bool{}
		for _, m := range a.Modifications {
			if n := len(m.ID) + longer + 1; n > 64 { // its own number too
				r.Errorf("%s can come to %d characters", m.ID, n)
			}
			seen[m.ID] = true
		}
		if len(seen) != 3 {
			r.Errorf("%d ids of 3", len(seen))
		}
	})
}
