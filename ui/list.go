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

const (
	// listPage is how many sales are read at a time.
	listPage = 500
	// listMost is more than a till sells in a day. What lies beyond is said to.
	listMost = 5000
)

// listedMsg is what a query of the list found.
type listedMsg struct {
	turn int
	rows []pos.Listed
	more bool // there are more than listMost
	day  pos.Report
	err  error
}

// list is the sales of one business day, newest first.
type list struct {
	env
	day    pos.Day
	today  pos.Day
	show   int // which of the filters
	search string
	typing bool

	rows    []pos.Listed
	texts   []listText // of rows
	more    bool
	cursor  int
	turn    int  // the query that is under way or was last answered
	loading bool // it is under way
	stale   bool // something has changed since it was asked
	first   bool // nothing of the day has been read yet
	problem problem

	amount     int        // width of the column of amounts
	report     pos.Report // of the whole day
	lateCount  int
	openCount  int
	bind       listKeys
	typingKeys []key.Binding
}

type listKeys struct{ open, giveBack, papers, named, find, filter, prev, next, up, down, leave key.Binding }

// listText is a row as it is written, but for what depends on the width. It is
// made once, because the list is drawn at every key.
type listText struct{ start, state, amount, goods string }

// filters are the choices of the filter key, by their place in
// listWords.Filters.
func filters() [][]pos.Standing {
	return [][]pos.Standing{
		nil,
		{pos.Settled},
		{pos.Waiting, pos.Unclear, pos.Changing},
		{pos.Unpaid},
		{pos.LatePaid},
		{pos.Returned, pos.PartReturned},
		{pos.HeldOpen, pos.Released},
	}
}

// newList is the list of the business day that it is.
func newList(e env) list {
	w := e.words.List
	today := e.register.Day()
	return list{
		env: e, day: today, today: today, loading: true, first: true, amount: leastAmount,
		bind: listKeys{
			open: bind(w.KeyOpen, "enter"), giveBack: bind(e.words.GiveBack.KeyGiveBack, "b"), find: bind(w.KeyFind, "/"), filter: bind(w.KeyFilter, "f"),
			papers: bind(e.words.Paper.KeyPapers, "p", "v"), named: bind(e.words.Paper.KeyAddressed, "o"),
			prev: bind(w.KeyPrev, "left"), next: bind(w.KeyNext, "right"),
			up: bind(w.KeyUp, "up"), down: bind(w.KeyDown, "down"), leave: bind(e.words.Common.KeyBack, "esc"),
		},
		typingKeys: []key.Binding{bind(w.KeyDone, "enter"), bind(w.KeyClear, "esc")},
	}
}

// init reads the list, also when the cashier comes back to it.
func (l list) init() tea.Cmd { return l.read() }

func (l list) title() string { return l.words.List.Title }

func (l list) keys() []key.Binding {
	if l.typing {
		return l.typingKeys
	}
	b := l.bind
	b.open.SetEnabled(len(l.rows) > 0)
	b.giveBack.SetEnabled(l.cursor < len(l.rows) && brings(l.rows[l.cursor].Standing))
	papers := l.cursor < len(l.rows) && hasPapers(l.rows[l.cursor].Standing)
	b.papers.SetEnabled(papers)
	b.named.SetEnabled(papers)
	b.next.SetEnabled(l.day < l.today)
	return []key.Binding{b.open, b.leave, b.giveBack, b.filter, b.find, b.papers, b.named, b.prev, b.next, b.up, b.down}
}

// takes: while something is being searched every character is text, and Enter
// only ends the typing, also a scanner's.
func (l list) takes(k tea.KeyMsg) bool {
	return l.typing && (k.Type == tea.KeyRunes || k.Type == tea.KeySpace || k.Type == tea.KeyEnter)
}

func (l list) update(msg tea.Msg) (screen, move, tea.Cmd) {
	switch m := msg.(type) {
	case tickMsg:
		l.today = l.register.Day()
	case changedMsg:
		if l.loading {
			l.stale = true // not a second query beside the first
			return l, move{}, nil
		}
		l.loading = true
		return l, move{}, l.read()
	case listedMsg:
		return l.listed(m)
	case tea.KeyMsg:
		if l.typing {
			return l.typed(m)
		}
		return l.key(m)
	}
	return l, move{}, nil
}

func (l list) listed(m listedMsg) (screen, move, tea.Cmd) {
	if m.turn != l.turn {
		return l, move{}, nil // an answer to an older question
	}
	l.loading = false
	l.problem = l.words.Problem.unread(m.err)
	if m.err == nil {
		l.report = m.day
		l = l.with(m.rows, m.more)
	}
	if l.stale {
		l.stale, l.loading = false, true
		return l, move{}, l.read()
	}
	return l, move{}, nil
}

// with is the list with other rows. The cursor stays on its sale.
func (l list) with(rows []pos.Listed, more bool) list {
	if l.cursor < len(l.rows) && l.cursor > 0 {
		id := l.rows[l.cursor].ID
		if i := slices.IndexFunc(rows, func(r pos.Listed) bool { return r.ID == id }); i >= 0 {
			l.cursor = i
		}
	}
	l.rows, l.texts, l.more, l.first = rows, make([]listText, 0, len(rows)), more, false
	l.cursor = max(min(l.cursor, len(rows)-1), 0)
	l.amount, l.lateCount, l.openCount = leastAmount, 0, 0
	for _, r := range rows {
		text := listText{
			start:  left(receiptNumber(r.Number), listNumber) + "  " + r.OpenedAt.In(l.shop.Zone).Format("15:04") + "  ",
			state:  left(l.words.Common.standing(r.Standing), listState),
			amount: yen(r.Total),
			goods:  pos.Clean(r.Goods, 200),
		}
		l.texts = append(l.texts, text)
		l.amount = max(l.amount, cells(text.amount))
		switch r.Standing {
		case pos.LatePaid:
			l.lateCount++
		case pos.Waiting, pos.Unclear, pos.Changing:
			l.openCount++
		case pos.Settled, pos.PartReturned, pos.Unpaid, pos.Returned, pos.HeldOpen, pos.Released:
		}
	}
	return l
}

// asked is the list that waits for the answer to another question.
func (l list) asked() (screen, move, tea.Cmd) {
	l.turn++
	l.cursor, l.loading, l.stale = 0, true, false
	return l, move{}, l.read()
}

func (l list) read() tea.Cmd {
	r, turn := l.register, l.turn
	q := pos.ListQuery{Day: l.day, Standing: filters()[l.show], Search: l.search, Limit: listPage}
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		var rows []pos.Listed
		for {
			found, err := r.List(ctx, q)
			if err != nil {
				return listedMsg{turn: turn, err: err}
			}
			rows = append(rows, found...)
			if len(found) < q.Limit || len(rows) >= listMost {
				day, err := r.Report(ctx, q.Day)
				return listedMsg{turn: turn, rows: rows, more: len(found) == q.Limit, day: day, err: err}
			}
			q.Before = found[len(found)-1].Number
		}
	}
}

func (l list) key(k tea.KeyMsg) (screen, move, tea.Cmd) {
	b := l.bind
	switch {
	case key.Matches(k, b.leave):
		return l, move{kind: back}, nil
	case key.Matches(k, b.open):
		if l.cursor < len(l.rows) {
			return l, move{kind: open, to: newDetail(l.env, l.rows[l.cursor].ID)}, nil
		}
	case key.Matches(k, b.giveBack):
		if l.cursor < len(l.rows) && brings(l.rows[l.cursor].Standing) {
			return l, move{kind: open, to: newGiveBack(l.env, l.rows[l.cursor].ID, "", "")}, nil
		}
	case key.Matches(k, b.papers):
		return l.paper(pos.ReceiptPaper)
	case key.Matches(k, b.named):
		return l.paper(pos.AddressedPaper)
	case key.Matches(k, b.find):
		l.typing = true
	case key.Matches(k, b.filter):
		l.show = (l.show + 1) % len(filters())
		return l.asked()
	case key.Matches(k, b.prev):
		return l.on(l.day.Prev())
	case key.Matches(k, b.next):
		if l.day < l.today {
			return l.on(l.day.Next())
		}
	default:
		return l.walk(k), move{}, nil
	}
	return l, move{}, nil
}

// paper opens the papers of the selected sale.
func (l list) paper(k pos.PaperKind) (screen, move, tea.Cmd) {
	if l.cursor < len(l.rows) && hasPapers(l.rows[l.cursor].Standing) {
		return l, move{kind: open, to: newPaperPage(l.env, l.rows[l.cursor].ID, pos.Paper{Kind: k})}, nil
	}
	return l, move{}, nil
}

// brings reports whether a sale in that standing may have something to give
// back, a code to shut, or something given back to look at.
func brings(s pos.Standing) bool {
	switch s {
	case pos.Waiting, pos.Changing, pos.HeldOpen, pos.Settled, pos.PartReturned, pos.LatePaid:
		return true
	case pos.Unclear, pos.Unpaid, pos.Returned, pos.Released:
	}
	return false
}

// on is the list of another day.
func (l list) on(d pos.Day) (screen, move, tea.Cmd) {
	l.day, l.rows, l.first = d, nil, true
	return l.asked()
}

// walk moves the cursor.
func (l list) walk(k tea.KeyMsg) list {
	const far = 10
	switch k.Type {
	case tea.KeyUp:
		l.cursor--
	case tea.KeyDown:
		l.cursor++
	case tea.KeyPgUp:
		l.cursor -= far
	case tea.KeyPgDown:
		l.cursor += far
	case tea.KeyHome:
		l.cursor = 0
	case tea.KeyEnd:
		l.cursor = len(l.rows) - 1
	default:
	}
	l.cursor = max(min(l.cursor, len(l.rows)-1), 0)
	return l
}

// typed takes a key while a search is being typed. Enter only ends the typing,
// so that a scanned number is searched for and nothing is opened.
func (l list) typed(k tea.KeyMsg) (screen, move, tea.Cmd) {
	was := l.search
	switch k.Type {
	case tea.KeyEnter:
		l.typing = false
	case tea.KeyEsc:
		l.typing, l.search = false, ""
	case tea.KeyBackspace:
		runes := []rune(l.search)
		l.search = string(runes[:max(len(runes)-1, 0)])
	case tea.KeyRunes, tea.KeySpace:
		l.search = pos.Clean(l.search+string(k.Runes), 60)
	default:
		l = l.walk(k)
	}
	if l.search != was {
		return l.asked()
	}
	return l, move{}, nil
}

// Widths of the columns.
const (
	listNumber = 6
	listTime   = 5
	listState  = 10

	leastAmount = len("100,000") + 1
)

func (l list) view(width, height int) string {
	w, t := l.words.List, l.theme
	p := newPage(width, height)
	p.line(l.heading(width))
	p.line(t.faint.paint(l.head(width)))
	p.line(t.line(width))
	room := p.room() - 2
	switch {
	case l.problem.says != "":
		p.line("")
		p.line("  " + t.bad.paint(cut(l.problem.says, width-3)))
		p.line("  " + cut(l.problem.next, width-3))
	case l.first:
		p.line("")
		p.line("  " + t.faint.paint(cut(w.Reading, width-3)))
	case len(l.rows) == 0 && l.show == 0 && l.search == "":
		p.line("")
		p.line("  " + t.faint.paint(cut(w.None, width-3)))
	case len(l.rows) == 0:
		p.line("")
		p.line("  " + t.faint.paint(cut(w.NoneFits, width-3)))
	default:
		// The cursor stands in the middle, except at both ends.
		first := max(min(l.cursor-room/2, len(l.rows)-room), 0)
		for i := first; i < min(first+room, len(l.rows)); i++ {
			p.line(l.row(i, width))
		}
	}
	p.until(2)
	p.line(t.line(width))
	p.line(l.totals(width))
	return p.String()
}

// heading is the day, the filter and the search.
func (l list) heading(width int) string {
	w, t := l.words.List, l.theme
	day := w.date(l.day)
	s := " " + t.key.paint("<") + " " + t.strong.paint(day)
	if l.day == l.today {
		s += w.Today
	} else {
		s += " " + t.key.paint(">")
	}
	room := width - cells(s) - 1
	filter := fmt.Sprintf(w.Filter, strings.Split(w.Filters, ",")[l.show])
	s += "   " + cut(filter, room-3)
	room = width - cells(s) - 1
	switch {
	case l.typing:
		s += "   " + t.key.paint("/") + t.field.paint(tail(l.search, room-5)+"_")
	case l.search != "":
		s += "   " + t.key.paint("/") + tail(l.search, room-4)
	}
	return s
}

// tail is the end of a text, where the typing goes on.
func tail(s string, width int) string {
	runes := []rune(s)
	for len(runes) > 0 && cells(string(runes)) > max(width, 0) {
		runes = runes[1:]
	}
	return string(runes)
}

// rest is how many cells are left for the goods.
func (l list) rest(width int) int {
	return max(width-1-2-listNumber-2-listTime-2-listState-2-l.amount-2, 0)
}

func (l list) head(width int) string {
	w := l.words.List
	return "   " + left(w.Number, listNumber) + "  " + left(w.Time, listTime) + "  " + left(w.State, listState) + "  " +
		right(w.Amount, l.amount) + "  " + cut(w.Goods, l.rest(width))
}

func (l list) row(i, width int) string {
	x, t := l.texts[i], l.theme
	amount := blank(l.amount - cells(x.amount))
	goods := cut(x.goods, l.rest(width))
	if i == l.cursor {
		s := t.selected
		return s.on + ">  " + x.start + x.state + "  " + amount + x.amount + "  " + goods + blank(l.rest(width)-cells(goods)) + s.off
	}
	s := t.standing(l.rows[i].Standing)
	return "   " + x.start + s.on + x.state + s.off + "  " + amount + x.amount + "  " + goods
}

// standing is how a sale's standing looks; the word beside it says the same.
func (t theme) standing(s pos.Standing) look {
	switch s {
	case pos.Waiting, pos.Changing, pos.HeldOpen:
		return t.busy
	case pos.Unclear, pos.LatePaid:
		return t.warn
	case pos.Settled, pos.PartReturned:
		return t.good
	case pos.Unpaid, pos.Returned, pos.Released:
		return t.faint
	}
	return t.text
}

// totals is the last line: how many are listed, and what the whole day has
// brought. The amounts are the journal's: a payment and what was given back of
// it each count on the day on which the till learned of them.
func (l list) totals(width int) string {
	w, t := l.words.List, l.theme
	if l.first || l.problem.says != "" {
		return ""
	}
	count := w.Count.of(int64(len(l.rows)))
	if l.more {
		count = w.CountMore.of(int64(len(l.rows)))
	}
	var news []string
	if l.lateCount > 0 {
		news = append(news, fmt.Sprintf(w.LateCount, l.lateCount))
	}
	if l.openCount > 0 {
		news = append(news, fmt.Sprintf(w.OpenCount, l.openCount))
	}
	inner := width - 2
	left, warn := cut(count, inner), strings.Join(news, "  ")
	for _, money := range l.money() {
		room := inner - cells(money) - 2
		switch {
		case warn != "" && cells(left)+2+cells(warn) <= room:
			used := cells(left) + 2 + cells(warn)
			return " " + left + "  " + t.warn.paint(warn) + blank(inner-used-cells(money)) + t.strong.paint(money)
		case warn == "" && cells(left) <= room:
			return " " + left + blank(inner-cells(left)-cells(money)) + t.strong.paint(money)
		}
	}
	return " " + t.strong.paint(cut(l.money()[1], inner))
}

// money is what the day has brought, the long way and the short one.
func (l list) money() []string {
	w, r := l.words.List, l.report
	paid := fmt.Sprintf(w.PaidTotal, digits(r.Payments), yen(r.Paid))
	back := r.Refunded + r.Cancelled
	if back == 0 {
		return []string{paid, paid}
	}
	net := fmt.Sprintf(w.NetTotal, yen(r.Net))
	return []string{paid + "  " + fmt.Sprintf(w.BackTotal, digits(r.Refunds+r.Cancels), yen(back)) + "  " + net, net}
}

type listWords struct {
	Title                              string
	Date                               string // a layout of package time
	Weekdays                           string // Sunday first, with spaces between
	Today                              string
	Filter                             string // with one of Filters
	Filters                            string // with commas between
	Number, Time, State, Amount, Goods string
	Reading, None, NoneFits            string
	Count, CountMore                   plural
	PaidTotal, BackTotal               string // with how many, and yen
	NetTotal                           string // with yen
	LateCount, OpenCount               string // with how many

	KeyOpen, KeyFind, KeyFilter, KeyPrev, KeyNext, KeyUp, KeyDown string
	KeyDone, KeyClear                                             string
}

func listJa() listWords {
	return listWords{
		Title:    "一覧",
		Date:     "2006年1月2日",
		Weekdays: "(日) (月) (火) (水) (木) (金) (土)",
		Today:    " 今日",
		Filter:   "表示: %s",
		Filters:  "すべて,支払い済み,未確定,未払い,要確認,返金あり,仮押さえ",
		Number:   "番号", Time: "時刻", State: "状態", Amount: "金額", Goods: "品名",
		Reading:  "読み込んでいます",
		None:     "この日の取引はありません。",
		NoneFits: "当てはまる取引がありません。",
		Count:    plural{"%s件", "%s件"}, CountMore: plural{"%s件以上", "%s件以上"},
		PaidTotal: "支払い %s件 %s", BackTotal: "返金 %s件 %s", NetTotal: "差引 %s",
		LateCount: "要確認 %d", OpenCount: "未確定 %d",
		KeyOpen: "開く", KeyFind: "探す", KeyFilter: "表示を替える", KeyPrev: "前の日", KeyNext: "次の日",
		KeyUp: "新しい取引", KeyDown: "古い取引", KeyDone: "決定", KeyClear: "検索をやめる",
	}
}

func listEn() listWords {
	return listWords{
		Title:    "Sales",
		Date:     "2 Jan 2006",
		Weekdays: "Sun Mon Tue Wed Thu Fri Sat",
		Today:    " today",
		Filter:   "Shown: %s",
		Filters:  "all,paid,unsettled,not paid,attention,given back,holds",
		Number:   "No.", Time: "Time", State: "State", Amount: "Amount", Goods: "Goods",
		Reading:  "Reading",
		None:     "No sales on this day.",
		NoneFits: "No sale fits.",
		Count:    plural{"%s sale", "%s sales"}, CountMore: plural{"more than %s sale", "more than %s sales"},
		PaidTotal: "Paid %s  %s", BackTotal: "back %s  %s", NetTotal: "net %s",
		LateCount: "attention %d", OpenCount: "unsettled %d",
		KeyOpen: "open", KeyFind: "find", KeyFilter: "show others", KeyPrev: "day before", KeyNext: "day after",
		KeyUp: "newer", KeyDown: "older", KeyDone: "done", KeyClear: "end the search",
	}
}

// date is a business day with its day of the week.
func (w listWords) date(d pos.Day) string {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return pos.Clean(string(d), 20)
	}
	weekday := strings.Fields(w.Weekdays)[t.Weekday()]
	if strings.HasPrefix(weekday, "(") {
		return t.Format(w.Date) + weekday
	}
	return weekday + " " + t.Format(w.Date)
}
