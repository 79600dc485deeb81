package ui

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// help is the keys of the screen below it, and what a cashier has to know.
type help struct {
	env
	of     string // the screen's title
	below  []key.Binding
	lesson [][2]string // how the screen is used, when its keys alone do not say
	scroll *scroll
	leave  key.Binding
}

// teacher is a screen on which more is typed than single keys.
type teacher interface {
	// lesson is what to type, and what comes of it.
	lesson() [][2]string
}

func newHelp(e env, below screen) help {
	h := help{
		env: e, of: below.title(), below: e.keymap.named(sceneOf(below), below.keys()), scroll: &scroll{},
		leave: bind(e.words.Common.KeyBack, "esc", "?", "f1", "enter"),
	}
	if t, ok := below.(teacher); ok {
		h.lesson = t.lesson()
	}
	if q, ok := below.(asker); ok && q.asking() != nil {
		h.lesson = nil
		for _, c := range q.asking().choices {
			h.below = append(h.below, bind(c.label, c.key))
		}
	}
	return h
}

func (h help) init() tea.Cmd { return nil }

func (h help) title() string { return h.words.Help.Title }

func (h help) keys() []key.Binding { return []key.Binding{h.leave} }

func (h help) update(msg tea.Msg) (screen, move, tea.Cmd) {
	k, ok := msg.(tea.KeyMsg)
	switch {
	case !ok, h.scroll.press(k):
	case key.Matches(k, h.leave):
		return h, move{kind: back}, nil
	}
	return h, move{}, nil
}

func (h help) view(width, height int) string {
	w, t := h.words.Help, h.theme
	inner := width - 4
	var lines []string
	head := func(s string) {
		if len(lines) > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, " "+t.strong.paint(cut(s, width-2)))
	}
	keys := func(bindings []key.Binding) {
		for _, k := range bindings {
			if n := k.Help(); k.Enabled() && n.Desc != "" {
				lines = append(lines, "   "+t.key.paint(left(allKeys(k), 12))+" "+cut(n.Desc, inner-12))
			}
		}
	}
	if len(h.lesson) > 0 {
		head(w.Lesson)
	}
	for _, l := range h.lesson {
		lines = append(lines, "   "+t.key.paint(left(l[0], 12))+" "+cut(l[1], inner-12))
	}
	head(strings.Replace(w.Keys, "%s", h.of, 1))
	keys(h.below)
	head(w.Everywhere)
	printing := bind(h.words.Printer.Key, printerKey)
	printing.SetEnabled(h.printer.Port != nil)
	keys([]key.Binding{
		bind(h.words.Common.KeyHelp, "f1", "?"), bind(h.words.Common.KeyCommands, ":"), printing, bind(w.Quit, "ctrl+c"),
	})
	head(w.Money)
	for rule := range strings.SplitSeq(w.Rules, "\n") {
		for i, l := range wrap(rule, inner-2) {
			mark := "・"
			if i > 0 {
				mark = "  "
			}
			lines = append(lines, "  "+mark+l)
		}
	}

	p := newPage(width, height)
	for _, l := range h.scroll.window(lines, width-1, height, t) {
		p.line(l)
	}
	return p.String()
}

// maxNames is how many keys for the same thing are named one by one.
const maxNames = 4

// allKeys are the keys of a binding as they are written on the keyboard.
func allKeys(b key.Binding) string {
	names := make([]string, 0, len(b.Keys()))
	for _, k := range b.Keys() {
		names = append(names, keyName(k))
	}
	if len(names) > maxNames {
		return b.Help().Key
	}
	return strings.Join(names, " ")
}

type helpWords struct {
	Title      string
	Lesson     string
	Keys       string // with the screen's title
	Everywhere string
	Quit       string
	Money      string
	Rules      string // one a line
}

func helpJa() helpWords {
	return helpWords{
		Title:      "ヘルプ",
		Lesson:     "入れ方",
		Keys:       "%s: 今使えるキー",
		Everywhere: "どの画面でも",
		Quit:       "レジを終了",
		Money:      "お支払いのきまり",
		Rules: "「支払い済み」はPayPayがそう答えたときだけ出ます。\n" +
			"「確認中」の間は別のお支払いを受けないでください。\n" +
			"やめると、コードを閉じて確かめ、未払いになります。\n" +
			"離れても、レジは確認を続け、件数を画面の上に出します。\n" +
			"レジが止まっても、起動し直せば続きから始まります。",
	}
}

func helpEn() helpWords {
	return helpWords{
		Title:      "Help",
		Lesson:     "How to sell",
		Keys:       "%s: keys that work now",
		Everywhere: "On every screen",
		Quit:       "end the till",
		Money:      "About payments",
		Rules: "Paid is shown only when PayPay has said so.\n" +
			"While it says checking, take no other payment.\n" +
			"Giving up shuts the code first, then asks PayPay.\n" +
			"The till goes on checking a payment that you leave.\n" +
			"Start a stopped till again: it goes on where it was.",
	}
}
