package ui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/charmbracelet/bubbles/key"

	"example.jp/reji/pos"
)

// Whatever a screen offers stands in the list of all functions, so that the
// palette has it on every screen and a key file can name it.
func TestActions_haveEveryKeyOfEveryScreen(t *testing.T) {
	t.Parallel()
	e := testEnv(t, "en", paying(saleOf(pos.Live)))
	s, p := newSale(e).bind, newPayment(e, pos.Snapshot{Sale: saleOf(pos.Live)}).bind
	h, l := newHold(e, pos.Snapshot{Sale: saleOf(pos.Held)}, saleOf(pos.Held).Attempts[0].ID).bind, newList(e).bind
	d, g, k := newDetail(e, "x").bind, newGiveBack(e, "x", "", "").bind, newTasks(e).bind
	r, v := newPaid(e, saleOf(pos.Paid)), newPaperPage(e, "x", pos.Paper{}).bind
	q := newPrintQueue(e).bind
	all := e.words.actions()
	for at, keys := range map[scene][]key.Binding{
		onSale: {
			s.paypay, s.hold, s.holds, s.list, s.look, s.urgent, s.search, s.reduced, s.quantity, s.more, s.less, s.void, s.undo, s.input,
			s.redo, s.count, s.note, s.price, s.off, s.eatIn, s.abandon, s.park, s.recall, s.assign, s.page, s.pageBack,
		},
		onPayment:  {p.giveUp, p.renew, p.leave, p.check, p.details, p.back, p.esc, p.tongue},
		onHold:     {h.take, h.release, h.next, h.leave, h.check, h.details, h.slip},
		onPaid:     {r.next, r.papers, r.named, r.back},
		onList:     {l.open, l.giveBack, l.papers, l.named, l.find, l.filter, l.prev, l.next},
		onDetail:   {d.take, d.giveBack, d.papers, d.named},
		onPrinter:  {q.try, q.drop},
		onPaper:    {v.issue, v.addressed, v.to, v.purpose, v.other},
		onGiveBack: {g.again, g.instead, g.further, g.drop, g.check, g.details, g.slip, g.next, g.away},
		onTasks:    {k.open, k.giveBack, k.attach, k.drop},
	} {
		for _, b := range keys {
			if !slices.ContainsFunc(all, func(a action) bool {
				return a.at == at && a.label == b.Help().Desc && (a.keys[0] == b.Keys()[0] || slices.Contains(a.keys, b.Keys()[0]))
			}) {
				t.Errorf("%s: %v %q is no action", at, b.Keys(), b.Help().Desc)
			}
		}
	}
	for _, a := range all {
		for _, k := range a.keys {
			if _, ok := keyMsg(k); !ok {
				t.Errorf("%s: %q: nobody can press %q", a.at, a.label, k)
			}
		}
	}
}

func TestDeadKey_saysWhy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ key, says string }{
		{"z", "z does nothing on this screen. ? lists the keys that do."},
		{"f9", "F9 (PayPay) works on the screen: Order."},
		{"b", "works on the screen"},
		{"i", "i (for support) cannot be done now"},
		{"f12", "F12 (set quick keys) works on the screen: Order."},
	} {
		inTill(t, "en", paying(saleOf(pos.Live)), func(l *testTill) {
			var e ear
			l.play = e.play
			l.press(c.key)
			l.sees(c.says)
			l.hears(&e, soundRefused)
			onTop[payment](l)
			l.pass(hintFor + time.Second)
			l.seesNot(c.says)
			l.press(c.key, "c")
			l.seesNot(c.says) // the next key is another matter
		})
	}
}

func TestDeadKey_notForScans(t *testing.T) {
	t.Parallel()
	inTill(t, "en", paying(saleOf(pos.Live)), func(l *testTill) {
		var e ear
		l.play = e.play
		l.scan("4901234567894zq", "enter")
		l.seesNot("does nothing")
		l.hears(&e)
		l.press("up", "pgdown", "enter") // nowhere to go is no mistake
		l.seesNot("does nothing")
	})
}

func TestDeadKey_fitsEveryWidth(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ja", "en"} {
		e := testEnv(t, lang, paying(saleOf(pos.Live)))
		a := newApp(e)
		for _, k := range []string{"z", "f9", "i"} {
			for w := leastWidth; w <= 200; w++ {
				a.width, a.height = w, 24
				a.refuse(keyNamed(k))
				fits(t, w, 24, a.View())
			}
		}
	}
}

func TestPalette_hasEveryFunctionInBothLanguages(t *testing.T) {
	t.Parallel()
	for lang, want := range map[string][]string{"ja": {"新しいコード", "支払いをやめる"}, "en": {"new code", "stop payment"}} {
		inTill(t, lang, &fake{}, func(l *testTill) {
			l.press(":")
			if n := len(l.palette.all); n < len(l.words.actions()) {
				t.Errorf("%d functions of %d", n, len(l.words.actions()))
			}
			for _, narrow := range []string{"新しいコード", "new code"} {
				l.palette.narrow(narrow)
				l.sees(want[0])
			}
			l.palette.narrow("stop payment")
			l.sees(want[1])
			l.press("enter") // it works on another screen: it stays, and says where
			l.sees(want[1])
			l.sees(l.words.Payment.Title)
			l.press("esc")
			onTop[sale](l)
		})
	}
}

func TestPalette_findsJapaneseNamesWithoutAnInputMethod(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ja", "en"} {
		inTill(t, lang, &fake{}, func(l *testTill) {
			l.press(":")
			for typed, want := range map[string]string{
				"kaikei": "F9", "かいけい": "F9", "PAYPAY": "F9", "ｋａｉｋｅｉ": "F9", "karioSae": "F10", "itiran": "F3", "ichiran": "F3", "syuryo": "Ctrl+C",
				"yobidashi": "F5", "hayaoshi ki": "F12", "ryoushuusho": "o", "ryosyusyo": "o", "hyakushou": "", "horyuu": "F4", "herupu": "F1",
			} {
				l.palette.narrow(typed)
				var keys []string
				for _, c := range l.palette.shown {
					keys = append(keys, c.key)
				}
				if want == "" && len(keys) > 0 || want != "" && !slices.Contains(keys, want) {
					l.Errorf("%s finds %q, not %q", typed, keys, want)
				}
			}
		})
	}
}

// A question is what a key is about while it stands there: the keys of the
// screen beneath are no help then.
func TestKeys_noAnswerIsSaidToBeNone(t *testing.T) {
	t.Parallel()
	inTill(t, "en", &fake{}, func(l *testTill) {
		l.types("001 enter 002 enter up delete wait x")
		l.sees(fmt.Sprintf(l.words.Keys.NoAnswer, "x"))
	})
}

// Whoever adds a function adds how its name is read.
func TestPalette_everyJapaneseNameCanBeTyped(t *testing.T) {
	t.Parallel()
	inTill(t, "ja", &fake{}, func(l *testTill) {
		l.press(":")
		for _, c := range l.palette.all {
			if kana := readings.Replace(c.label); c.other != "" && strings.ContainsFunc(kana, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
				l.Errorf("%s is read as %s", c.label, kana)
			}
		}
	})
}

func TestPalette_turnsPages(t *testing.T) {
	t.Parallel()
	inTill(t, "en", &fake{}, func(l *testTill) {
		l.press(":", "pgdown", "pgdown", "down", "pgup")
		if l.palette.cursor != 11 {
			t.Errorf("at %d", l.palette.cursor)
		}
		for range 50 {
			l.press("pgdown")
		}
		if l.palette.cursor != len(l.palette.all)-1 {
			t.Errorf("at %d of %d", l.palette.cursor, len(l.palette.all))
		}
	})
}

func TestPalette_aKeyByItsNameComesFirst(t *testing.T) {
	t.Parallel()
	inTill(t, "en", paying(saleOf(pos.Live)), func(l *testTill) {
		l.press(":", "l")
		if first := l.palette.shown[0]; !strings.EqualFold(first.key, "l") || first.where != "" {
			t.Errorf("first is %+v", first)
		}
	})
}
