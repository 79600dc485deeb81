package ui

import (
	"fmt"
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

// scene is a screen, by the name that a key file has for it.
type scene string

// The screens on which keys do something of their own.
const (
	onSale     scene = "sale"
	onPayment  scene = "payment"
	onHold     scene = "hold"
	onPaid     scene = "paid"
	onList     scene = "list"
	onDetail   scene = "detail"
	onGiveBack scene = "giveback"
	onHolds    scene = "holds"
	onTasks    scene = "tasks"
	onPaper    scene = "paper"
	onPrinter  scene = "printer"
	elsewhere  scene = ""
)

// placeOf is where a screen is.
func sceneOf(s screen) scene {
	switch s.(type) {
	case sale:
		return onSale
	case payment:
		return onPayment
	case holding:
		return onHold
	case paid:
		return onPaid
	case list:
		return onList
	case detail:
		return onDetail
	case giveBack:
		return onGiveBack
	case holds:
		return onHolds
	case tasks:
		return onTasks
	case paperPage:
		return onPaper
	case printQueue:
		return onPrinter
	}
	return elsewhere
}

// title names a place.
func (w *words) title(p scene) string {
	switch p {
	case onSale:
		return w.Sale.Title
	case onPayment:
		return w.Payment.Title
	case onHold:
		return w.Hold.Title
	case onPaid:
		return w.Paid.Title
	case onList:
		return w.List.Title
	case onDetail:
		return w.Detail.Title
	case onGiveBack:
		return w.GiveBack.Title
	case onHolds:
		return w.Holds.Title
	case onTasks:
		return w.Tasks.Title
	case onPaper:
		return w.Paper.Title
	case onPrinter:
		return w.Printer.Title
	case elsewhere:
	}
	return ""
}

// action is what a key of a screen does. Two of one name on one screen are the
// same key at different times.
type action struct {
	at    scene
	name  string // in a key file; empty for one that is always on its own key
	label string
	keys  []string // the till's own, as screens know them
	money bool     // it has a sale charged without a question
}

// actions are what the keys of every screen do, screen by screen.
func (w *words) actions() []action {
	s, e, p, f, h, l, g, t := w.Sale, w.Entry, w.Payment, w.Follow, w.Hold, w.List, w.GiveBack, w.Tasks
	return []action{
		{at: onSale, name: "pay", label: s.KeyPayPay, keys: []string{"f9"}, money: true},
		{at: onSale, name: "hold", label: s.KeyHold, keys: []string{"f10"}, money: true},
		{at: onSale, name: "list", label: s.KeyList, keys: []string{"f3"}},
		{at: onSale, name: "attention", label: s.KeyLook, keys: []string{"!"}},
		{at: onSale, name: "attention", label: s.KeyOpen, keys: []string{"!"}},
		{at: onSale, name: "holds", label: w.Holds.KeyOpen, keys: []string{"f11"}},
		{at: onSale, name: "clear", label: s.KeyInputLine, keys: []string{"f2"}},
		{at: onSale, name: "void", label: s.KeyVoid, keys: []string{"delete"}},
		{at: onSale, name: "search", label: s.KeySearch, keys: []string{"/"}},
		{at: onSale, name: "reduced", label: s.KeyReduced, keys: []string{"r"}},
		{at: onSale, label: s.KeyQuantity, keys: []string{"*"}},
		{at: onSale, label: s.KeyMore, keys: []string{"+"}},
		{at: onSale, label: s.KeyLess, keys: []string{"-"}},
		{at: onSale, name: "undo", label: s.KeyUndo, keys: []string{"u"}},
		{at: onSale, name: "redo", label: e.KeyRedo, keys: []string{"y"}},
		{at: onSale, name: "park", label: w.Park.KeyPark, keys: []string{"f4"}},
		{at: onSale, name: "recall", label: w.Park.KeyRecall, keys: []string{"f5"}},
		{at: onSale, name: "quantity", label: e.KeyQuantity, keys: []string{"f6"}},
		{at: onSale, name: "note", label: e.KeyNote, keys: []string{"f7"}},
		{at: onSale, name: "discount", label: e.KeyOff, keys: []string{"f8"}},
		{at: onSale, name: "price", label: e.KeyPrice, keys: []string{"p"}},
		{at: onSale, name: "eatin", label: e.KeyEatIn, keys: []string{"e"}},
		{at: onSale, name: "abandon", label: e.KeyAbandon, keys: []string{"q"}},
		{at: onSale, name: "assign", label: w.Quick.KeyAssign, keys: []string{"f12"}},
		{at: onSale, name: "page", label: w.Quick.KeyPage, keys: []string{"tab"}},
		{at: onSale, name: "pageback", label: w.Quick.KeyPageBack, keys: []string{"shift+tab"}},

		{at: onPayment, name: "new", label: p.KeyNew, keys: []string{"n"}},
		{at: onPayment, name: "stop", label: p.KeyGiveUp, keys: []string{"x"}},
		{at: onPayment, name: "leave", label: f.KeyLeave, keys: []string{"l"}},
		{at: onPayment, name: "check", label: f.KeyCheck, keys: []string{"c"}},
		{at: onPayment, name: "support", label: f.KeyDetails, keys: []string{"i"}},
		{at: onPayment, name: "language", label: p.KeyTongue, keys: []string{"g"}},
		{at: onPayment, label: p.KeyBack, keys: []string{"enter"}},
		{at: onPayment, label: p.KeyEsc, keys: []string{"esc"}},

		{at: onHold, name: "take", label: h.KeyTake, keys: []string{"k"}},
		{at: onHold, name: "release", label: h.KeyRelease, keys: []string{"x"}},
		{at: onHold, name: "leave", label: f.KeyLeave, keys: []string{"enter", "l"}},
		{at: onHold, name: "check", label: f.KeyCheck, keys: []string{"c"}},
		{at: onHold, name: "support", label: f.KeyDetails, keys: []string{"i"}},
		{at: onHold, name: "slip", label: h.KeyPaper, keys: []string{"p", "v"}},
		{at: onHold, name: "slip", label: h.KeySlip, keys: []string{"p", "v"}},

		{at: onPaid, label: w.Paid.KeyNext, keys: []string{"enter"}},
		{at: onPaid, name: "receipt", label: w.Paper.KeyPapers, keys: []string{"p", "v"}},
		{at: onPaid, name: "addressed", label: w.Paper.KeyAddressed, keys: []string{"o"}},
		{at: onPaid, name: "giveback", label: g.KeyGiveBack, keys: []string{"b"}},

		{at: onList, label: l.KeyOpen, keys: []string{"enter"}},
		{at: onList, name: "giveback", label: g.KeyGiveBack, keys: []string{"b"}},
		{at: onList, name: "receipt", label: w.Paper.KeyPapers, keys: []string{"p", "v"}},
		{at: onList, name: "addressed", label: w.Paper.KeyAddressed, keys: []string{"o"}},
		{at: onList, name: "filter", label: l.KeyFilter, keys: []string{"f"}},
		{at: onList, name: "find", label: l.KeyFind, keys: []string{"/"}},
		{at: onList, label: l.KeyPrev, keys: []string{"left"}},
		{at: onList, label: l.KeyNext, keys: []string{"right"}},

		{at: onDetail, label: w.Detail.KeyTake, keys: []string{"enter"}},
		{at: onDetail, name: "giveback", label: g.KeyGiveBack, keys: []string{"b"}},
		{at: onDetail, name: "receipt", label: w.Paper.KeyPapers, keys: []string{"p", "v"}},
		{at: onDetail, name: "addressed", label: w.Paper.KeyAddressed, keys: []string{"o"}},

		{at: onPaper, label: w.Paper.KeyPrint, keys: []string{"enter"}},
		{at: onPaper, label: w.Paper.KeyAgain, keys: []string{"enter"}},
		{at: onPaper, name: "addressed", label: w.Paper.KeyAddressed, keys: []string{"o"}},
		{at: onPaper, name: "to", label: w.Paper.KeyTo, keys: []string{"n"}},
		{at: onPaper, name: "purpose", label: w.Paper.KeyPurpose, keys: []string{"t"}},
		{at: onPaper, label: w.Paper.KeyOther, keys: []string{"right"}},

		{at: onPrinter, name: "try", label: w.Printer.KeyTry, keys: []string{"r"}},
		{at: onPrinter, name: "drop", label: w.Printer.KeyDrop, keys: []string{"d"}},

		{at: onGiveBack, name: "again", label: g.KeyAgain, keys: []string{"b"}},
		{at: onGiveBack, name: "again", label: g.KeyInstead, keys: []string{"b"}},
		{at: onGiveBack, name: "again", label: g.KeyFurther, keys: []string{"b"}},
		{at: onGiveBack, name: "drop", label: g.KeyDrop, keys: []string{"d"}},
		{at: onGiveBack, name: "check", label: f.KeyCheck, keys: []string{"c"}},
		{at: onGiveBack, name: "support", label: f.KeyDetails, keys: []string{"i"}},
		{at: onGiveBack, name: "slip", label: w.Slip.Key, keys: []string{"v"}},
		{at: onGiveBack, name: "leave", label: f.KeyLeave, keys: []string{"enter", "l"}},
		{at: onGiveBack, label: g.KeyMore, keys: []string{"+"}},
		{at: onGiveBack, label: g.KeyLess, keys: []string{"-"}},

		{at: onHolds, label: w.Holds.KeyShow, keys: []string{"enter"}},

		{at: onTasks, label: t.KeyOpen, keys: []string{"enter"}},
		{at: onTasks, name: "giveback", label: g.KeyGiveBack, keys: []string{"b"}},
		{at: onTasks, name: "attach", label: t.KeyAttach, keys: []string{"a"}},
		{at: onTasks, name: "drop", label: g.KeyDrop, keys: []string{"d"}},
	}
}

// walks reports whether a key moves about, or answers, on every screen alike.
// Such keys are nobody's own, and say nothing when there is nowhere to go.
func walks(name string) bool {
	switch name {
	case "up", "down", "left", "right", "pgup", "pgdown", "home", "end", "tab", "shift+tab", "enter", "esc", "backspace":
		return true
	}
	return false
}

// keymap is where the shop has put keys. The zero keymap is the till's own.
type keymap struct {
	means map[scene]map[string]string // a key that is pressed, to the one that the screen knows
	shows map[scene]map[string]string // the other way round
}

// press is the key that a screen gets for one that was pressed on it, and false
// when the key does nothing there: what it did is on another key.
func (m keymap) press(s screen, k tea.KeyMsg) (tea.KeyMsg, bool) {
	at := sceneOf(s)
	if t, ok := s.(typist); m.means[at] == nil || ok && t.takes(k) && character(k) {
		return k, true // also a scan's characters
	}
	name := k.String()
	own, bound := m.means[at][name]
	if !bound {
		own = name
	}
	_, moved := m.shows[at][own]
	switch {
	case !bound && !moved:
		return k, true
	case bound && (works(s, own) || !character(k)):
		return keyMsg(own)
	case !bound && character(k) && !works(s, own):
		return k, true // as the answer to a question
	}
	return k, false
}

// works reports whether a key is among those that work on a screen now.
func works(s screen, name string) bool {
	return slices.ContainsFunc(s.keys(), func(b key.Binding) bool { return b.Enabled() && slices.Contains(b.Keys(), name) })
}

// named are a screen's keys as the shop knows them.
func (m keymap) named(at scene, keys []key.Binding) []key.Binding {
	shows := m.shows[at]
	if len(shows) == 0 {
		return keys
	}
	mine := slices.Clone(keys)
	for i, k := range mine {
		own := slices.Clone(k.Keys())
		for j, name := range own {
			if to, ok := shows[name]; ok {
				own[j] = to
			}
		}
		if len(own) > 0 && own[0] != k.Keys()[0] {
			mine[i] = bind(k.Help().Desc, own...)
			mine[i].SetEnabled(k.Enabled())
		}
	}
	return mine
}

// shown is a key of a place where the shop has put it.
func (m keymap) shown(at scene, own string) string {
	if to, ok := m.shows[at][own]; ok {
		return to
	}
	return own
}

// why says why a key does nothing on a screen.
func (w keyWords) why(e env, at scene, name string) string {
	shown := pos.Clean(keyName(name), 20)
	for _, here := range []bool{true, false} {
		for _, a := range e.words.actions() {
			if here != (a.at == at) || !slices.ContainsFunc(a.keys, func(own string) bool { return e.keymap.shown(a.at, own) == name }) {
				continue
			}
			if here {
				return fmt.Sprintf(w.NotNow, shown, a.label)
			}
			return fmt.Sprintf(w.Elsewhere, shown, a.label, e.words.title(a.at))
		}
	}
	return fmt.Sprintf(w.Nothing, shown)
}

type keyWords struct {
	Nothing   string // with the key
	NoAnswer  string // with the key, while there is a question
	NotNow    string // with the key and what it does
	Elsewhere string // with the key, what it does, and on which screen
	Now       string // a function that works on this screen, but not now
	There     string // one that works on the screen named
}

func keysJa() keyWords {
	return keyWords{
		Nothing:   "%s: この画面では使わないキーです。? で使えるキーを見られます。",
		NoAnswer:  "%s: この質問の答えではありません。Esc でやめて戻ります。",
		NotNow:    "%s %s: 今はできません。? で使えるキーを見られます。",
		Elsewhere: "%s %s: 「%s」の画面で使うキーです。",
		Now:       "今はできません", There: "「%s」の画面で",
	}
}

func keysEn() keyWords {
	return keyWords{
		Nothing:   "%s does nothing on this screen. ? lists the keys that do.",
		NoAnswer:  "%s does not answer this question. Esc leaves it as it is.",
		NotNow:    "%s (%s) cannot be done now. ? lists the keys that work.",
		Elsewhere: "%s (%s) works on the screen: %s.",
		Now:       "not now", There: "on: %s",
	}
}
