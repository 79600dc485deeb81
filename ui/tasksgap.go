package ui

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

// accounting is the screen on which a person writes down what was found who has
// compared PayPay's books with a journal that has lost entries. Only that ends
// the task: PayPay cannot be asked what the till does not know.
type accounting struct {
	env
	gap     pos.Gap
	time    time.Time // as of the last message
	input   string
	asked   *dialog // nil when it is not open
	working bool
	note    note
	bind    accountingKeys
}

type accountingKeys struct{ forward, leave key.Binding }

// accountedMsg is what came of writing it down.
type accountedMsg struct {
	gap time.Time
	err error
}

func newAccounting(e env, gap pos.Gap) accounting {
	return accounting{env: e, gap: gap, time: e.now(), bind: accountingKeys{
		forward: bind(e.words.Accounting.KeyForward, "enter"), leave: bind(e.words.Common.KeyBack, "esc"),
	}}
}

func (a accounting) init() tea.Cmd { return nil }

func (a accounting) title() string { return a.words.Accounting.Title }

func (a accounting) keys() []key.Binding {
	if a.asked != nil || a.working {
		return nil
	}
	return []key.Binding{a.bind.forward, a.bind.leave}
}

// takes: what is typed goes in at once.
func (a accounting) takes(k tea.KeyMsg) bool {
	if a.asked != nil || a.working || k.Type != tea.KeyRunes && k.Type != tea.KeySpace {
		return false
	}
	return len(k.Runes) != 1 || !strings.ContainsRune("?:？：", k.Runes[0])
}

func (a accounting) update(msg tea.Msg) (screen, move, tea.Cmd) {
	switch m := msg.(type) {
	case changedMsg, tickMsg:
		a.time = a.now()
		if i := slices.IndexFunc(a.register.Gaps(), func(g pos.Gap) bool { return g.To.Equal(a.gap.To) }); i >= 0 {
			a.gap = a.register.Gaps()[i]
		}
	case accountedMsg:
		if !a.working || !m.gap.Equal(a.gap.To) {
			break
		}
		a.working = false
		if m.err == nil {
			return a, move{kind: back}, nil
		}
		is := a.words.Problem.of(m.err, a.register.Status())
		a.note = note{text: is.says + " " + is.next, bad: true}
	case tea.KeyMsg:
		a.time = a.now()
		return a.key(m)
	}
	return a, move{}, nil
}

func (a accounting) key(k tea.KeyMsg) (screen, move, tea.Cmd) {
	w := a.words.Accounting
	switch {
	case a.asked != nil:
		return a.answered(k)
	case a.working:
		return a, move{}, nil
	}
	a.note = note{}
	switch k.Type {
	case tea.KeyEsc:
		return a, move{kind: back}, nil
	case tea.KeyBackspace:
		runes := []rune(a.input)
		a.input = string(runes[:max(len(runes)-1, 0)])
	case tea.KeyEnter:
		found := strings.TrimSpace(a.input)
		if found == "" {
			a.note = note{text: w.NoNote, bad: true}
			break
		}
		a.asked = &dialog{
			title: w.AskTitle, text: w.AskText + "\n" + found, since: a.time,
			choices: []choice{{"enter", w.AskNot}, {"w", w.AskDo}},
		}
	case tea.KeyRunes, tea.KeySpace:
		a.input = pos.Clean(a.input+string(k.Runes), maxReason)
	default:
	}
	return a, move{}, nil
}

func (a accounting) answered(k tea.KeyMsg) (screen, move, tea.Cmd) {
	answer, done := a.asked.answer(k, a.time)
	if !done {
		return a, move{}, nil
	}
	a.asked = nil
	if answer != "w" {
		return a, move{}, nil
	}
	a.working = true
	register, gap, found := a.register, a.gap.To, strings.TrimSpace(a.input)
	return a, move{}, func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		return accountedMsg{gap: gap, err: register.Account(ctx, gap, found)}
	}
}

func (a accounting) view(width, height int) string {
	w, t := a.words.Accounting, a.theme
	if a.asked != nil {
		box := min(width-4, 72)
		return place(a.asked.draw(t, box, height), box, width, height)
	}
	inner := min(width-4, 90)
	p := newPage(width, height)
	say := func(l look, text string) {
		for _, part := range wrap(text, inner) {
			p.line("  " + l.paint(part))
		}
	}
	say(t.warn, w.lost(a.gap, a.shop.Zone))
	if height > 18 {
		p.line("")
	}
	for i, step := range strings.Split(w.Steps, "\n") {
		for n, part := range wrap(step, inner-3) {
			number := "   "
			if n == 0 {
				number = left(digits(int64(i+1)), 3)
			}
			p.line("  " + t.strong.paint(number) + part)
		}
	}
	if p.room() > 7 {
		p.line("")
	}
	say(t.faint, w.review(a.gap))
	say(t.faint, fmt.Sprintf(w.Numbers, receiptNumber(a.gap.Number+1)))
	p.until(3)
	p.line("  " + t.strong.paint(cut(w.Head, width-4)))
	p.line("  > " + t.field.paint(tail(a.input, width-8)+"_"))
	l := t.text
	if a.note.bad {
		l = t.warn
	}
	p.line("  " + l.paint(cut(a.note.text, width-3)))
	return p.String()
}

type accountingWords struct {
	Title                  string
	Lost                   string // with two times
	AtLeast                string // with a number
	Steps                  string // one a line
	Looking                string // with a number
	Looked                 string
	Numbers                string // with a receipt number
	Head, NoNote           string
	AskTitle, AskText      string
	AskNot, AskDo          string
	KeyForward, KeyAccount string
}

// lost says from when to when entries are missing.
func (w accountingWords) lost(g pos.Gap, zone *time.Location) string {
	const layout = "2006-01-02 15:04"
	text := fmt.Sprintf(w.Lost, g.From.In(zone).Format(layout), g.To.In(zone).Format(layout))
	if g.Missing > 0 {
		text += " " + fmt.Sprintf(w.AtLeast, digits(g.Missing))
	}
	return text
}

// review says how far the till itself has come with what it can find out.
func (w accountingWords) review(g pos.Gap) string {
	if !g.Again && g.Below > 1 {
		return fmt.Sprintf(w.Looking, receiptNumber(g.Below))
	}
	return w.Looked
}

func accountingJa() accountingWords {
	return accountingWords{
		Title: "記録の抜け",
		Lost:  "記録はバックアップから戻されたもので、%s から %s までの記録がありません。", AtLeast: "(少なくとも%s件)",
		Steps: "PayPayの管理画面で、この間の取引を開きます。\n" +
			"一覧 ({sale.list}) にない支払いや返金を書き出します。\n" +
			"保留中の注文 ({sale.recall}) は会計済みのことがあります。\n" +
			"わかったことを下に書きます。",
		Looking: "レジは No.%s より前の売上を、返金されていないか確かめ直しています。",
		Looked:  "残っている売上が返金されていないかは、レジが確かめ直しました。",
		Numbers: "レシート番号は重ならないように %s から続けます。",
		Head:    "確かめた人と、わかったこと", NoNote: "確かめた人と、わかったことを入力してください",
		AskTitle: "確かめ終えたと記録しますか", AskText: "お金は動きません。「要確認」から外れ、記録に残ります。",
		AskNot: "まだ (Esc)", AskDo: "確かめ終えたと記録する",
		KeyForward: "書き終えた", KeyAccount: "確かめたことを書く",
	}
}

func accountingEn() accountingWords {
	return accountingWords{
		Title: "Lost entries",
		Lost:  "The journal was restored from a backup: entries from %s to %s are missing.", AtLeast: "(%s at least)",
		Steps: "Open the payments of that time in PayPay for Business.\n" +
			"Note every payment, refund and hold that the list ({sale.list}) does not have.\n" +
			"Parked orders ({sale.recall}) may have been charged.\n" +
			"Write down below what you found.",
		Looking: "The till is looking again whether sales before No.%s were given back.",
		Looked:  "The till has looked again whether the sales it knows were given back.",
		Numbers: "Receipt numbers go on from %s, so that none comes twice.",
		Head:    "Who compared, and what was found", NoNote: "Type who compared, and what was found",
		AskTitle: "Write down that the books were compared?", AskText: "No money moves. It leaves the list of tasks and stays in the journal.",
		AskNot: "not yet (Esc)", AskDo: "write it down",
		KeyForward: "done", KeyAccount: "write it down",
	}
}
