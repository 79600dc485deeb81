package ui

import (
	"context"
	"slices"

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
	holds := papers && l.rows[l.cursor].Standing == pos.HeldOpen
	if holds {
		b.papers = bind(l.words.Hold.KeyPaper, b.papers.Keys()...)
	}
	b.papers.SetEnabled(papers)
	b.named.SetEnabled(papers && !holds)
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
			state:  cut(l.words.Common.standing(r.Standing), listState),
			amount: yen(r.Total),
			goods:  l.words.Common.goods(r.Goods, r.GoodsEn, 200),
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
