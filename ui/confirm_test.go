package ui

import (
	"testing"
	"time"

	"example.jp/reji/pos"
)

// The Linux console repeats a key that is held down every 92 ms.
func TestDialog_aHeldKeyDoesNotAnswerIt(t *testing.T) {
	t.Parallel()
	f, did := calls(saleOf(pos.Live))
	inTill(t, "en", f, func(l *testTill) {
		for range 30 {
			l.at(92*time.Millisecond, "x")
		}
		if len(*did) != 0 {
			l.Errorf("did %v", *did)
		}
		l.sees(l.words.Payment.GiveUpTitle)
		l.pass(disarmed)
		l.press("x")
		if len(*did) != 1 {
			l.Errorf("let go and pressed again: did %v", *did)
		}
	})
}
