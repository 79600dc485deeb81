package ui

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.jp/reji/pos"
)

func TestReadKeys_refusesEachByName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"[sale]\npay = \"enter\"", "k.toml line 2: [sale] pay = \"enter\" is not possible: that key has its own"},
		{"[sale]\npay = \"esc\"", "that key has its own"},
		{"[sale]\npay = \" \"", "is no key"},
		{"[sale]\npay = \"5\"", "digits enter amounts"},
		{"[payment]\nstop = \"5\"", "digits enter amounts"},
		{"[sale]\npay = \"p\"", "a scanner sends that"},
		{"[sale]\nlist = \"q\"", "a scanner sends that"},
		{"[payment]\nnew = \"?\"", "that key has its own"},
		{"[payment]\nnew = \"ctrl+c\"", "that key has its own"},
		{"[list]\nfind = \"ctrl+p\"", "that key has its own"},
		{"[payment]\nnew = \"f99\"", "is no key"},
		{"[payment]\nnew = \"あ\"", "is no key"},
		{"[sale]\n\n# this one\npay = \"f3\"", "line 4: [sale] pay = \"f3\" is not possible: another action of the same screen has that key (list)"},
		{"[payment]\nnew = \"q\"\nstop = \"q\"", "line 3: [payment] stop = \"q\" is not possible: another"},
		{"[sale]\nfly = \"f8\"", "is no action of this screen. There are: pay, hold, list"},
		{"[kitchen]\npay = \"f8\"", "line 1: [kitchen] is no screen with keys. There are: sale, payment"},
		{"pay = \"f8\"", "k.toml line 1: [pay] is no screen"},
		{"[sale]\npay = 8", "line 2: [sale] pay must be a key's name"},
		{"[sale\npay", " is not TOML"},
	} {
		_, err := ReadKeys("k.toml", c.text)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q:\n%v\nwant %s", c.text, err, c.want)
			continue
		}
		if ja := err.(BadKeys).Text("ja"); ja == err.Error() || !strings.Contains(ja, "k.toml") { //nolint:errorlint // as ReadKeys gives it
			t.Errorf("in Japanese: %s", ja)
		}
	}
}

func TestReadKeys_tellsEverythingAtOnce(t *testing.T) {
	t.Parallel()
	_, err := ReadKeys("k.toml", "[sale]\npay = \"enter\"\nfly = \"f8\"\n[payment]\nnew = \"1\"\n")
	if n := strings.Count(err.Error(), "\n") + 1; n != 3 {
		t.Errorf("%d sentences:\n%v", n, err)
	}
}

func TestReadKeys_swapsTwo(t *testing.T) {
	t.Parallel()
	if _, err := ReadKeys("k.toml", "[sale]\npay = \"f10\"\nhold = \"f9\"\n"); err != nil {
		t.Error(err)
	}
	for _, text := range []string{"", "[sale]\npay = \"f9\"\n", "[payment]\nnew = \"ctrl+n\"\n"} {
		if _, err := ReadKeys("k.toml", text); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// rebound is the till with a key file.
func rebound(t *testing.T, text string, r *fake, test func(*testTill)) {
	t.Helper()
	keys, err := ReadKeys("k.toml", text)
	if err != nil {
		t.Fatal(err)
	}
	r.keymap = keys.keymap
	inTill(t, "en", r, test)
}

// Sentences name a key where the shop has put it, and a key that a scanner
// sends works on its new place as well.
func TestKeys_movedAreNamedSo(t *testing.T) {
	t.Parallel()
	rebound(t, "[sale]\nrecall = \"ctrl+r\"\nquantity = \"f2\"\nclear = \"f6\"\nundo = \"ctrl+u\"\nassign = \"f5\"\npage = \"f7\"\nnote = \"f12\"\n", &fake{}, func(l *testTill) {
		l.types("001 enter f2")
		l.sees("Quantity of onigiri salmon > _")
		l.types("3 enter")
		l.sees("Ctrl+U undo")
		l.types("ctrl+u")
		if diff := cmp.Diff([]pos.Line{salmon(1)}, lines(l)); diff != "" {
			l.Errorf("undone (-want +got):\n%s", diff)
		}
		l.types("f4")
		l.sees("Parked as 1. Ctrl+R recalls it, F4 again gives it a name.")
		l.types("f7 z f5")
		l.sees(quickEn().Title)
		l.types("esc ?")
		l.sees("10 F2")
	})
}

func TestKeys_moved(t *testing.T) {
	t.Parallel()
	var charged []pos.Yen
	r := &fake{charge: func(o pos.Order) (pos.Sale, error) {
		totals, err := o.Totals()
		charged = append(charged, totals.Total)
		return pos.Sale{}, err
	}}
	rebound(t, "[sale]\npay = \"ctrl+k\"\nlist = \"ctrl+l\"\n", r, func(l *testTill) {
		l.text("480")
		l.press("enter")
		l.sees("Ctrl+K ")
		l.seesNot("F9 ")
		l.press("f9")
		l.sees("F9 does nothing")
		if charged != nil {
			t.Error("the old key still charges")
		}
		l.press("?")
		l.sees("Ctrl+K ")
		l.press("esc", ":")
		l.sees("Ctrl+K ")
		l.text("paypay")
		l.press("enter")
		if diff := cmp.Diff([]pos.Yen{480}, charged); diff != "" {
			t.Errorf("by the palette: %s", diff)
		}
	})
	charged = nil
	rebound(t, "[sale]\npay = \"f10\"\nhold = \"f9\"\n", r, func(l *testTill) {
		l.text("480")
		l.press("enter", "f10")
		if diff := cmp.Diff([]pos.Yen{480}, charged); diff != "" {
			t.Errorf("by the new key: %s", diff)
		}
	})
}

// A dialog keeps the keys that it names.
func TestKeys_movedKeepOutOfDialogs(t *testing.T) {
	t.Parallel()
	given := 0
	r := paying(saleOf(pos.Live))
	r.giveUp = func(pos.SaleID) error { given++; return nil }
	rebound(t, "[payment]\nstop = \"q\"\n", r, func(l *testTill) {
		l.press("x")
		l.sees("x (let go) works on the screen: Hold")
		l.press("q")
		l.pass(unpressed)
		l.press("q")
		if given != 0 {
			t.Error("the new key has answered the dialog")
		}
		l.press("x")
		if given != 1 {
			t.Error("the dialog's own key has not answered it")
		}
	})
}

// A scan is not changed on its way.
func TestKeys_movedLeaveScansAlone(t *testing.T) {
	t.Parallel()
	rebound(t, "[sale]\nholds = \"ctrl+o\"\nattention = \"ctrl+l\"\n", &fake{holds: []pos.Snapshot{{Sale: saleOf(pos.Held)}}}, func(l *testTill) {
		l.scan("12h456789", "enter")
		onTop[sale](l)
		l.sees("12h456789")
	})
}
