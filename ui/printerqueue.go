package ui

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
	"example.jp/reji/ui/escpos"
)

// printerKey leads to the printer from every screen.
const printerKey = "ctrl+p"

// slowPrinter is after how long a paper that is on its way is worth a word.
const slowPrinter = 5 * time.Second

// printsDroppedMsg says what became of giving up what waits.
type printsDroppedMsg struct{ err error }

// printQueue is the printer: what is the matter with it, what waits, and what
// can be done about that.
type printQueue struct {
	env
	status  pos.Status
	time    time.Time
	asked   *dialog
	working bool
	note    note
	bind    printQueueKeys
}

type printQueueKeys struct{ try, drop, leave key.Binding }

func newPrintQueue(e env) printQueue {
	w := e.words.Printer
	return printQueue{
		env: e, status: e.register.Status(), time: e.now(),
		bind: printQueueKeys{try: bind(w.KeyTry, "r"), drop: bind(w.KeyDrop, "d"), leave: bind(e.words.Common.KeyBack, "esc", "enter")},
	}
}

func (q printQueue) init() tea.Cmd { return nil }

func (q printQueue) title() string { return q.words.Printer.Title }

func (q printQueue) keys() []key.Binding {
	if q.asked != nil || q.working {
		return nil
	}
	b := q.bind
	b.try.SetEnabled(q.status.Prints > 0)
	b.drop.SetEnabled(q.status.Prints > 0)
	return []key.Binding{b.try, b.drop, b.leave}
}

// asking is the question that stands on the screen.
func (q printQueue) asking() *dialog { return q.asked }

func (q printQueue) update(msg tea.Msg) (screen, move, tea.Cmd) {
	switch m := msg.(type) {
	case changedMsg, tickMsg:
		q.status, q.time = q.register.Status(), q.now()
		if q.status.Prints == 0 {
			q.asked = nil // there is nothing to give up any more
		}
	case printsDroppedMsg:
		if !q.working {
			break
		}
		q.working, q.status = false, q.register.Status()
		q.note = note{text: q.words.Printer.Dropped}
		if m.err != nil {
			is := q.words.Problem.of(m.err, q.status)
			q.note = note{text: is.says + " " + is.next, bad: true}
		}
	case tea.KeyMsg:
		return q.key(m)
	}
	return q, move{}, nil
}

func (q printQueue) key(k tea.KeyMsg) (screen, move, tea.Cmd) {
	w := q.words.Printer
	if q.asked != nil {
		answer, done := q.asked.answer(k, q.now())
		if done {
			q.asked = nil
		}
		if answer == "d" {
			q.working = true
			return q, move{}, q.drop()
		}
		return q, move{}, nil
	}
	waits := q.status.Prints > 0 && !q.working
	switch {
	case key.Matches(k, q.bind.leave):
		return q, move{kind: back}, nil
	case key.Matches(k, q.bind.try) && waits:
		q.register.TryPrints()
		q.note = note{text: w.Trying}
	case key.Matches(k, q.bind.drop) && waits:
		q.note = note{}
		q.asked = &dialog{
			title: w.DropTitle.of(int64(q.status.Prints)), text: w.DropText, since: q.now(),
			choices: []choice{{"enter", w.DropNot}, {"d", w.DropDo}},
		}
	}
	return q, move{}, nil
}

func (q printQueue) drop() tea.Cmd {
	r := q.register
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		return printsDroppedMsg{err: r.DropPrints(ctx)}
	}
}

func (q printQueue) view(width, height int) string {
	w, t := q.words.Printer, q.theme
	b := newPage(width, height)
	if q.asked != nil {
		box := min(width-4, 60)
		return place(q.asked.draw(t, box, height), box, width, height)
	}
	say := func(l look, text string) {
		for _, part := range wrap(text, width-4) {
			b.line("  " + l.paint(part))
		}
	}
	b.line("")
	if q.status.Prints == 0 {
		say(t.good, w.Nothing)
	} else {
		l := t.busy
		if q.status.Unprinted != nil {
			l = t.warn
		}
		is := w.state(q.status)
		say(l, is.Says)
		say(t.text, is.Do)
		b.line("")
		since := q.status.Printing.In(q.shop.Zone).Format("15:04")
		say(t.strong, w.Waits.of(int64(q.status.Prints))+" "+fmt.Sprintf(w.Since, since))
		say(t.text, w.Calm)
		if q.status.Unprinted != nil {
			b.line("")
			say(t.faint, cut(pos.Clean(q.status.Unprinted.Error(), 200), 2*(width-4)))
		}
	}
	if q.note.text != "" {
		l := t.busy
		if q.note.bad {
			l = t.bad
		}
		b.line("")
		say(l, q.note.text)
	}
	return b.String()
}

// printerLine is one line about a printer that does not print, for the frame of
// every screen; empty while it does.
func (e env) printerLine(st pos.Status, now time.Time, width int) string {
	w := e.words.Printer
	if st.Prints == 0 || st.Unprinted == nil && now.Sub(st.Printing) < slowPrinter {
		return ""
	}
	is := w.state(st)
	text, do := " "+is.Says, " "+is.Do
	end := "  " + w.Count.of(int64(st.Prints)) + "   " + keyName(printerKey) + " "
	named := end + w.Key + " "
	switch used := cells(text); {
	case used+cells(do)+cells(named) <= width:
		text, end = text+do, named
	case used+cells(do)+cells(end) <= width:
		text += do
	case used+cells(named) <= width:
		end = named
	}
	return e.theme.warn.paint(left(text, width-cells(end)) + end)
}

type printerWords struct {
	Title string
	Key   string

	Off, Paper, Cover, Slow, Other advice

	Nothing   string
	Count     plural // papers that wait
	Waits     plural
	Since     string // with a time
	Calm      string
	Trying    string
	Dropped   string
	DropTitle plural
	DropText  string

	DropNot, DropDo string
	KeyTry, KeyDrop string
}

// state is what is the matter with the printer.
func (w printerWords) state(st pos.Status) advice {
	switch err := st.Unprinted; {
	case err == nil:
		return w.Slow
	case errors.Is(err, escpos.ErrNoPaper):
		return w.Paper
	case errors.Is(err, escpos.ErrCover):
		return w.Cover
	case errors.Is(err, escpos.ErrNotReached):
		return w.Off
	}
	return w.Other
}

func printerJa() printerWords {
	return printerWords{
		Title: "プリンター", Key: "プリンター",
		Off:     advice{"プリンターにつながりません。", "電源と接続を確かめてください。"},
		Paper:   advice{"プリンターの用紙切れです。", "用紙を入れてください。"},
		Cover:   advice{"プリンターのふたが開いています。", "閉めてください。"},
		Slow:    advice{"プリンターが印刷しています。", "終わるのを待っています。"},
		Other:   advice{"印刷できたか、わかりません。", "プリンターを確かめてください。"},
		Nothing: "印刷を待っているものはありません。",
		Count:   plural{"印刷待ち %s", "印刷待ち %s"},
		Waits:   plural{"%s枚が印刷を待っています。", "%s枚が印刷を待っています。"}, Since: "(%sから)",
		Calm:   "会計は続けられます。プリンターが直ると、順番に印刷します。",
		Trying: "もう一度印刷しています。", Dropped: "印刷をやめました。取引はそのままです。",
		DropTitle: plural{"印刷待ちの%s枚をやめますか", "印刷待ちの%s枚をやめますか"},
		DropText:  "やめたものは印刷されません。取引は変わりません。あとから、取引の画面の p で印刷できます(再発行になります)。",
		DropNot:   "やめない (Esc)", DropDo: "印刷をやめる",
		KeyTry: "今すぐ印刷", KeyDrop: "印刷をやめる",
	}
}

func printerEn() printerWords {
	return printerWords{
		Title: "Printer", Key: "printer",
		Off:     advice{"The printer cannot be reached.", "Check power and cable."},
		Paper:   advice{"The printer is out of paper.", "Put paper in."},
		Cover:   advice{"The printer's cover is open.", "Close it."},
		Slow:    advice{"The printer is printing.", "The till waits for it."},
		Other:   advice{"Perhaps it was printed, perhaps not.", "See to the printer."},
		Nothing: "Nothing waits for the printer.",
		Count:   plural{"%s waits", "%s wait"},
		Waits:   plural{"%s paper waits for the printer.", "%s papers wait for the printer."}, Since: "(since %s)",
		Calm:   "Sales go on. When the printer works again, it prints them in order.",
		Trying: "Trying again.", Dropped: "Given up. The sales stay as they are.",
		DropTitle: plural{"Give up %s paper?", "Give up %s papers?"},
		DropText:  "They will not be printed. The sales do not change. Each can be printed from its sale with p, as a reprint.",
		DropNot:   "keep them (Esc)", DropDo: "give them up",
		KeyTry: "try now", KeyDrop: "give up",
	}
}
