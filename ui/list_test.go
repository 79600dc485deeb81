package ui

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/google/go-cmp/cmp"

	"example.jp/reji/pos"
)

// listed is so many sales, newest first, with every standing among them.
func listed(n int) []pos.Listed {
	standings := []pos.Standing{pos.Waiting, pos.Settled, pos.Unclear, pos.Settled, pos.LatePaid, pos.Unpaid, pos.PartReturned, pos.Returned, pos.HeldOpen}
	goods := []string{"カフェラテ x2, クッキー", "おにぎり 鮭", "¥1,500", "数量限定 北海道産小豆のどら焼き詰め合わせ 贈答用 十二個入り, 緑茶 500ml x12", "緑茶 500ml"}
	english := []string{"Latte x2, Cookie", "Rice ball, salmon", "", "", "Green tea 500ml"} // some goods have no English name
	rows := make([]pos.Listed, 0, n)
	for i := range n {
		number := int64(200 - i)
		rows = append(rows, pos.Listed{
			ID: pos.SaleID(fmt.Sprintf("R1-20261123-%06d-abc", number)), Number: number, Day: "2026-11-23",
			Standing: standings[i%len(standings)], Total: pos.Yen(150 + i*i*370), OpenedAt: noon.Add(-time.Duration(i*7) * time.Minute),
			Goods: goods[i%len(goods)], GoodsEn: english[i%len(goods)],
		})
	}
	return rows
}

// answers runs a command, and gives the screen what comes of it.
func answers(s screen, cmd tea.Cmd) screen {
	for cmd != nil {
		s, _, cmd = s.update(cmd())
	}
	return s
}

// typed is the screen after keys, each with its command's answer.
func typed(s screen, keys ...string) (screen, move) {
	var m move
	for _, k := range keys {
		var cmd tea.Cmd
		s, m, cmd = s.update(keyNamed(k))
		s = answers(s, cmd)
	}
	return s, m
}

// dayOf is what a day's payments come to, with something given back of them.
func dayOf(rows []pos.Listed) pos.Report {
	var r pos.Report
	for _, row := range rows {
		switch row.Standing {
		case pos.Settled, pos.PartReturned, pos.LatePaid:
			r.Payments, r.Paid = r.Payments+1, r.Paid+row.Total
		case pos.Returned:
			r.Payments, r.Paid = r.Payments+1, r.Paid+row.Total
			r.Refunds, r.Refunded = r.Refunds+1, r.Refunded+row.Total
		default: // nothing was paid
		}
	}
	r.Net = r.Paid - r.Refunded
	return r
}

func listing(rows []pos.Listed) *fake {
	return &fake{report: func(pos.Day) (pos.Report, error) { return dayOf(rows), nil }, list: func(q pos.ListQuery) ([]pos.Listed, error) {
		var found []pos.Listed
		for _, r := range rows {
			if r.Day == q.Day && (q.Before == 0 || r.Number < q.Before) && strings.Contains(r.Goods, q.Search) &&
				(q.Standing == nil || slices.Contains(q.Standing, r.Standing)) && len(found) < q.Limit {
				found = append(found, r)
			}
		}
		return found, nil
	}}
}

func TestList_golden(t *testing.T) {
	t.Parallel()
	many := listing(listed(40))
	for _, c := range []struct {
		name string
		fake *fake
		keys []string
	}{
		{"List/day", listing(listed(9)), []string{"down"}},
		{"List/many", many, slices.Repeat([]string{"down"}, 20)},
		{"List/empty", listing(nil), nil},
		{"List/paid", many, []string{"f"}},
		{"List/typing", many, []string{"/", "緑", "茶"}},
		{"List/found-nothing", many, []string{"/", "z", "z", "enter"}},
		{"List/day-before", many, []string{"left"}},
		{"List/unreadable", &fake{list: func(pos.ListQuery) ([]pos.Listed, error) { return nil, errors.New("disk") }}, nil},
	} {
		goldens(t, c.name, c.fake, Production, func(e env) screen {
			l := newList(e)
			s, _ := typed(answers(l, l.init()), c.keys...)
			return s
		})
	}
	goldens(t, "List/reading", many, Production, func(e env) screen { return newList(e) })
}

func TestList_sweep(t *testing.T) {
	t.Parallel()
	rows := listed(60)
	rows[3].Total = pos.MaxYen
	rows[4].Number = 123_456_789
	sweep(t, func(e env) screen {
		e.register = listing(rows)
		l := newList(e)
		s, _ := typed(answers(l, l.init()), "down", "/", "a")
		return s
	})
	sweep(t, func(e env) screen {
		e.register = listing(rows)
		l := newList(e)
		s, _ := typed(answers(l, l.init()), "end")
		return s
	})
}

func TestList_filterAndSearchAndDay(t *testing.T) {
	t.Parallel()
	var asked []pos.ListQuery
	e := testEnv(t, "ja", &fake{list: func(q pos.ListQuery) ([]pos.Listed, error) {
		asked = append(asked, q)
		return nil, nil
	}})
	l := newList(e)
	s := answers(l, l.init())
	s, _ = typed(s, "f", "f", "right", "left", "right", "/", "1", "2", "backspace", "enter", "/", "esc")
	day := pos.Day("2026-11-23")
	open := []pos.Standing{pos.Waiting, pos.Unclear, pos.Changing}
	want := []pos.ListQuery{
		{Day: day},
		{Day: day, Standing: []pos.Standing{pos.Settled}},
		{Day: day, Standing: open},
		{Day: "2026-11-22", Standing: open}, // the key before did nothing: there is no tomorrow
		{Day: day, Standing: open},
		{Day: day, Standing: open, Search: "1"},
		{Day: day, Standing: open, Search: "12"},
		{Day: day, Standing: open, Search: "1"},
		{Day: day, Standing: open},
	}
	for i := range want {
		want[i].Limit = listPage
	}
	if d := cmp.Diff(want, asked); d != "" {
		t.Error(d)
	}
	s, _ = typed(s, "f", "f", "f", "f", "f")
	if got := s.(list); got.show != 0 {
		t.Errorf("seven filters, and then %d", got.show)
	}
}

func TestList_everyFilterHasAName(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ja", "en"} {
		if names := strings.Split(newWords(lang).List.Filters, ","); len(names) != len(filters()) {
			t.Errorf("%s: %q for %d filters", lang, names, len(filters()))
		}
	}
}

func TestList_readsEveryPage(t *testing.T) {
	t.Parallel()
	rows := make([]pos.Listed, 0, 1200)
	for i := range 1200 {
		rows = append(rows, pos.Listed{Number: int64(1200 - i), Day: "2026-11-23", Standing: pos.Settled, Total: 100})
	}
	e := testEnv(t, "ja", listing(rows))
	l := newList(e)
	s := answers(l, l.init())
	if got := s.(list); len(got.rows) != 1200 || got.more {
		t.Errorf("%d rows, more %v", len(got.rows), got.more)
	}
	if text := s.view(80, 20); !strings.Contains(text, "1,200件") || !strings.Contains(text, "支払い 1,200件 ¥120,000") {
		t.Error(text)
	}
}

func TestList_olderAnswersAreDropped(t *testing.T) {
	t.Parallel()
	e := testEnv(t, "ja", listing(listed(9)))
	l := newList(e)
	old := l.init()
	s, _, fresh := l.update(keyNamed("f"))
	s = answers(s, fresh)
	was := s.view(80, 20)
	if now := answers(s, old).view(80, 20); now != was {
		t.Errorf("the answer to the question before came late and shows:\n%s", now)
	}
}

func TestList_cursorStaysOnItsSale(t *testing.T) {
	t.Parallel()
	rows := listed(9)
	f := listing(rows)
	e := testEnv(t, "ja", f)
	l := newList(e)
	s, _ := typed(answers(l, l.init()), "down", "down")
	id := rows[2].ID
	newer := rows[0]
	newer.ID, newer.Number = "R1-20261123-000201-abc", 201
	f.list = listing(append([]pos.Listed{newer}, rows...)).list
	s, _, cmd := s.update(changedMsg{})
	s = answers(s, cmd)
	_, m := typed(s, "enter")
	d, ok := m.to.(detail)
	if m.kind != open || !ok || d.id != id {
		t.Errorf("opened %v, want %s", d.id, id)
	}
}

func TestList_cursorStopsAtBothEnds(t *testing.T) {
	t.Parallel()
	e := testEnv(t, "ja", listing(listed(25)))
	l := newList(e)
	s := answers(l, l.init())
	for _, c := range []struct {
		key  string
		want int
	}{
		{"up", 0},
		{"pgdown", 10},
		{"pgdown", 20},
		{"pgdown", 24},
		{"down", 24},
		{"pgup", 14},
		{"home", 0},
		{"end", 24},
		{"up", 23},
	} {
		s, _ = typed(s, c.key)
		if got, ok := s.(list); !ok || got.cursor != c.want {
			t.Errorf("%s: at %d, want %d", c.key, got.cursor, c.want)
		}
	}
	// A list that got shorter has its cursor on the last row.
	if got, _, _ := newList(e).with(listed(25), false).walk(keyNamed("end")).with(listed(3), false).update(tickMsg{}); !strings.Contains(got.view(80, 20), " > 000198") {
		t.Error(got.view(80, 20))
	}
}

func TestList_changeWhileReadingReadsAgain(t *testing.T) {
	t.Parallel()
	reads := 0
	e := testEnv(t, "ja", &fake{list: func(pos.ListQuery) ([]pos.Listed, error) {
		reads++
		return nil, nil
	}})
	l := newList(e)
	s, _, cmd := l.update(changedMsg{})
	if cmd != nil {
		t.Error("a second query beside the first")
	}
	s = answers(s, l.init())
	if reads != 2 {
		t.Errorf("read %d times", reads)
	}
	if _, _, cmd := s.update(tickMsg{}); cmd != nil {
		t.Error("the clock reads the journal")
	}
}

func TestList_scanOpensNothing(t *testing.T) {
	t.Parallel()
	inTill(t, "ja", listing(listed(9)), func(l *testTill) {
		l.press("f3")
		onTop[list](l)
		l.scan("4901234567894", "enter")
		if s := onTop[list](l); s.show != 0 || s.search != "" {
			t.Errorf("a scan filtered by %d and searched %q", s.show, s.search)
		}
		l.press("/")
		l.scan("4901234567894", "enter")
		if s := onTop[list](l); s.search != "4901234567894" || s.typing {
			t.Errorf("searches %q, still typing %v", s.search, s.typing)
		}
		l.press("esc")
		onTop[sale](l)
	})
}

func BenchmarkList_key(b *testing.B) {
	e := testEnv(b, "ja", listing(listed(listPage)))
	l := newList(e)
	a := newApp(e)
	a.width, a.height = 80, 24
	a.stack = append(a.stack, answers(l, l.init()))
	keys := []tea.KeyMsg{keyNamed("down"), keyNamed("up")}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		a.Update(keys[i%2])
		_ = a.View()
	}
}

// A day of which the journal has lost entries says so beside its totals.
func TestList_saysThatADayIsIncomplete(t *testing.T) {
	t.Parallel()
	f := listing(listed(3))
	f.day = "2026-11-23"
	whole := f.report
	inTill(t, "ja", f, func(l *testTill) {
		l.press("f3")
		l.seesNot(listJa().Incomplete)
		f.report = func(d pos.Day) (pos.Report, error) {
			r, err := whole(d)
			r.Incomplete = true
			return r, err
		}
		l.send(changedMsg{})
		l.sees(listJa().Incomplete)
	})
}
