package ui

import (
	"context"
	"flag"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"
	"github.com/mattn/go-runewidth"
	"github.com/muesli/termenv"

	"example.jp/reji/pos"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestMain measures text as main does, whatever the locale.
func TestMain(m *testing.M) {
	runewidth.DefaultCondition.EastAsianWidth = false
	flag.Parse()
	said := false
	flag.Visit(func(f *flag.Flag) { said = said || f.Name == "test.parallel" })
	// The tests in a terminal wait for a person's pace and do little else: on two
	// processors, two at a time would take two minutes.
	if !said {
		if err := flag.Set("test.parallel", strconv.Itoa(max(4, runtime.GOMAXPROCS(0)))); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// fake is a register that answers what a test wants. What a test does not set
// answers with nothing.
type fake struct {
	charge   func(pos.Order) (pos.Sale, error)
	terms    func(pos.Order, pos.Terms) (pos.Sale, error) // before charge
	giveUp   func(pos.SaleID) error
	newCode  func(pos.SaleID) error
	renew    func(pos.SaleID, pos.Terms) error // before newCode
	account  func(gap time.Time, found string) error
	moveOn   func(pos.SaleID) error
	prints   func(pos.SaleID, pos.Paper) error
	checkNow func(pos.SaleID)
	list     func(pos.ListQuery) ([]pos.Listed, error)
	report   func(pos.Day) (pos.Report, error)
	history  func(pos.SaleID) (pos.Sale, []pos.Recorded, error)
	customer func(ctx context.Context, codeID, action string) error

	mu         sync.Mutex // of sales, where a charge takes its time
	sales      []pos.Snapshot
	unfinished pos.SaleID
	status     pos.Status
	day        pos.Day
	tasks      []pos.Task
	holds      []pos.Snapshot
	gaps       []pos.Gap
	tax        pos.Tax // the zero value is JapanTax
	parked     []pos.ParkedOrder
	park       func(pos.Order, string) error
	giveBack   func(pos.SaleID, pos.Return) error
	capture    func(id pos.SaleID, attempt string, amount pos.Yen) error
	attach     func(id pos.SaleID, attempt string) error
	drop       func(id pos.SaleID, attempt, modification, reason string) error
	tried      int // how often what waits for the printer was tried again
	dropped    int // and given up
	dropError  error
	changes    chan struct{}
	entry      Entry
	printer    Printer
	quick      QuickKeys
	keymap     keymap
	catalog    *pos.Catalog // nil is the built-in one
}

func (f *fake) Charge(_ context.Context, o pos.Order, t pos.Terms) (pos.Sale, error) {
	if f.terms != nil {
		return f.terms(o, t)
	}
	if f.charge == nil {
		return pos.Sale{}, nil
	}
	return f.charge(o)
}

func (f *fake) GiveUp(_ context.Context, id pos.SaleID) error { return maybe(f.giveUp, id) }
func (f *fake) NewCode(_ context.Context, id pos.SaleID, t pos.Terms) error {
	if f.renew != nil {
		return f.renew(id, t)
	}
	return maybe(f.newCode, id)
}

func (f *fake) Same(as pos.Sale) (pos.Sale, bool) {
	for _, s := range f.sales {
		if s.Sale.ID != as.ID && s.Sale.Totals.Total == as.Totals.Total && s.Sale.Last().State.Open() {
			return s.Sale, true
		}
	}
	return pos.Sale{}, false
}

func (f *fake) Gaps() []pos.Gap { return f.gaps }

func (f *fake) Account(_ context.Context, gap time.Time, found string) error {
	if f.account == nil {
		return nil
	}
	return f.account(gap, found)
}

func (f *fake) MoveOn(_ context.Context, id pos.SaleID, _ pos.Standing) error {
	return maybe(f.moveOn, id)
}

func maybe(do func(pos.SaleID) error, id pos.SaleID) error {
	if do == nil {
		return nil
	}
	return do(id)
}

func (f *fake) CheckNow(id pos.SaleID) {
	if f.checkNow != nil {
		f.checkNow(id)
	}
}

func (f *fake) Sale(id pos.SaleID) (pos.Snapshot, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range f.sales {
		if s.Sale.ID == id {
			return s, true
		}
	}
	return pos.Snapshot{}, false
}

func (f *fake) Unfinished() (pos.SaleID, bool) { return f.unfinished, f.unfinished != "" }

func (f *fake) Unsettled() []pos.Snapshot {
	f.mu.Lock()
	defer f.mu.Unlock()
	var open []pos.Snapshot
	for _, s := range f.sales {
		if s.Sale.Last().State.Open() {
			open = append(open, s)
		}
	}
	return open
}

func (f *fake) Status() pos.Status { return f.status }
func (f *fake) Tasks() []pos.Task  { return f.tasks }

func (f *fake) Holds() []pos.Snapshot { return f.holds }

func (f *fake) GiveBack(_ context.Context, id pos.SaleID, want pos.Return) error {
	if f.giveBack == nil {
		return nil
	}
	return f.giveBack(id, want)
}

func (f *fake) Capture(_ context.Context, id pos.SaleID, attempt string, amount pos.Yen) error {
	if f.capture == nil {
		return nil
	}
	return f.capture(id, attempt, amount)
}

func (f *fake) Attach(_ context.Context, id pos.SaleID, attempt string) error {
	if f.attach == nil {
		return nil
	}
	return f.attach(id, attempt)
}

func (f *fake) Drop(_ context.Context, id pos.SaleID, attempt, modification, reason string) error {
	if f.drop == nil {
		return nil
	}
	return f.drop(id, attempt, modification, reason)
}

func (f *fake) Print(_ context.Context, id pos.SaleID, p pos.Paper) error {
	if f.prints == nil {
		return pos.ErrNoPrinter
	}
	return f.prints(id, p)
}

func (f *fake) DropPrints(context.Context) error {
	f.dropped++
	return f.dropError
}

func (f *fake) TryPrints() { f.tried++ }

func (f *fake) Day() pos.Day { return f.day }

func (f *fake) Tax() pos.Tax {
	if f.tax == (pos.Tax{}) {
		return pos.JapanTax()
	}
	return f.tax
}

func (f *fake) Parked() []pos.ParkedOrder { return f.parked }

func (f *fake) Park(ctx context.Context, o pos.Order, name string) error {
	if f.park != nil {
		return f.park(o, name)
	}
	p := pos.ParkedOrder{Order: o, No: 1, Name: name, At: noon}
	for slices.ContainsFunc(f.parked, func(q pos.ParkedOrder) bool { return q.No == p.No }) {
		p.No++
	}
	if was, ok := parkedAs(f.parked, o.ID); ok {
		p.No = was.No
	}
	_ = f.Discard(ctx, o.ID)
	f.parked = append(f.parked, p)
	return nil
}

func (f *fake) Discard(_ context.Context, orderID string) error {
	f.parked = slices.DeleteFunc(slices.Clone(f.parked), func(p pos.ParkedOrder) bool { return p.Order.ID == orderID })
	return nil
}

func (f *fake) List(_ context.Context, q pos.ListQuery) ([]pos.Listed, error) {
	if f.list == nil {
		return nil, nil
	}
	return f.list(q)
}

func (f *fake) Report(_ context.Context, day pos.Day) (pos.Report, error) {
	if f.report == nil {
		return pos.Report{Day: day}, nil
	}
	return f.report(day)
}

func (f *fake) History(_ context.Context, id pos.SaleID) (pos.Sale, []pos.Recorded, error) {
	if f.history == nil {
		return pos.Sale{}, nil, pos.ErrNoSale
	}
	return f.history(id)
}

func (f *fake) Changes() <-chan struct{} { return f.changes }

// noon is when tests happen.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, tokyo)

var tokyo = time.FixedZone("JST", 9*60*60)

// testEnv is what screens work with in a test: no colours, and a clock that
// stands still at noon.
func testEnv(t testing.TB, lang string, r *fake) env {
	t.Helper()
	catalog, err := pos.BuiltinCatalog()
	if err != nil {
		t.Fatal(err)
	}
	if r.catalog != nil {
		catalog = *r.catalog
	}
	if r.day == "" {
		r.day = "2026-11-23"
	}
	if r.status.Contact == (pos.Contact{}) {
		r.status.Contact = pos.Contact{AskedAt: noon.Add(-3 * time.Second), AnsweredAt: noon.Add(-3 * time.Second)}
	}
	renderer := lipgloss.NewRenderer(io.Discard)
	renderer.SetColorProfile(termenv.Ascii)
	return env{
		register: r, catalog: catalog, words: keyedWords(lang, r.keymap), theme: newTheme(renderer),
		shop: Shop{
			Name: "むーんカフェ", Address: "東京都千代田区1-1", Phone: "03-0000-0000",
			Register: "R1", Mode: Production, Zone: tokyo,
		},
		now: func() time.Time { return noon }, profile: termenv.Ascii, entry: r.entry, printer: r.printer, quickKeys: r.quick, keymap: r.keymap, addressed: map[string]pos.Paper{},
	}
}

// keyNamed is the message of a key: a name such as "f9" or "enter", or else
// characters that come in one read.
func keyNamed(name string) tea.KeyMsg {
	if k, ok := keyMsg(name); ok {
		return k
	}
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(name)}
}

// sizes are the windows that goldens are drawn for.
var sizes = [][2]int{{60, 20}, {80, 24}, {120, 40}}

// golden compares a frame with the one that was looked at and found good. The
// file is plain text; trailing spaces are cut, because editors do.
func golden(t *testing.T, name string, width, height int, frame string) {
	t.Helper()
	fits(t, width, height, frame)
	var lines []string
	for l := range strings.SplitSeq(readable(frame), "\n") {
		lines = append(lines, strings.TrimRight(l, " "))
	}
	goldenText(t, name, strings.Join(lines, "\n")+"\n")
}

// goldenText compares a text with the one that was looked at and found good.
func goldenText(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test ./ui -update writes it)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// fits fails when a frame is wider or higher than its window.
func fits(t *testing.T, width, height int, frame string) {
	t.Helper()
	lines := strings.Split(frame, "\n")
	if len(lines) > height {
		t.Errorf("%dx%d: %d lines:\n%s", width, height, len(lines), ansi.Strip(frame))
	}
	for i, l := range lines {
		if w := cells(l); w > width {
			t.Errorf("%dx%d: line %d has %d cells: %q", width, height, i+1, w, ansi.Strip(l))
		}
	}
}

// sized is a name for a golden of a size and language.
func sized(name string, size [2]int, lang string) string {
	return name + "-" + strconv.Itoa(size[0]) + "x" + strconv.Itoa(size[1]) + "-" + lang
}

// testTill is the whole model, in a bubble where time is virtual.
type testTill struct {
	*testing.T
	*app
	fake *fake
	msgs chan tea.Msg
	quit bool
}

// inTill runs a test of the whole model at 80x24, from noon on.
func inTill(t *testing.T, lang string, r *fake, test func(*testTill)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		e := testEnv(t, lang, r)
		e.now = func() time.Time { return noon.Add(time.Since(began)) }
		r.changes = make(chan struct{}, 1)
		defer func() {
			close(r.changes)
			<-time.After(time.Minute) // every timer that is still under way
		}()
		if r.customer != nil {
			e.shop.Mode, e.customer = Training, r.customer
		}
		l := &testTill{T: t, app: newApp(e), fake: r, msgs: make(chan tea.Msg, 1000)}
		l.start(l.Init())
		l.send(tea.WindowSizeMsg{Width: 80, Height: 24})
		test(l)
	})
}

func (l *testTill) start(cmd tea.Cmd) {
	if cmd != nil {
		go func() { l.msgs <- cmd() }()
	}
}

// send gives messages to the till and lets what follows at once happen.
func (l *testTill) send(msgs ...tea.Msg) {
	for _, m := range msgs {
		l.msgs <- m
		l.settle()
	}
}

func (l *testTill) settle() {
	for {
		synctest.Wait()
		select {
		case m := <-l.msgs:
			l.handle(m)
		default:
			return
		}
	}
}

func (l *testTill) handle(m tea.Msg) {
	switch m := m.(type) {
	case nil:
	case tea.QuitMsg:
		l.quit = true
	case tea.BatchMsg:
		for _, c := range m {
			l.start(c)
		}
	default:
		_, cmd := l.Update(m)
		l.start(cmd)
	}
}

// pass lets time pass, and what happens in it happen at its moment.
func (l *testTill) pass(d time.Duration) {
	over := time.After(d)
	for {
		select {
		case m := <-l.msgs:
			l.handle(m)
		case <-over:
			l.settle()
			return
		}
	}
}

// press presses keys as a person does, with a pause after each.
func (l *testTill) press(names ...string) {
	for _, n := range names {
		l.send(keyNamed(n))
		l.pass(120 * time.Millisecond)
	}
}

// at presses keys at a pace.
func (l *testTill) at(pace time.Duration, names ...string) {
	for _, n := range names {
		l.send(keyNamed(n))
		l.pass(pace)
	}
}

// text types characters as a person does.
func (l *testTill) text(s string) {
	for _, r := range s {
		l.press(string(r))
	}
}

// scan types characters and a key as a scanner does: nothing in between.
func (l *testTill) scan(code, end string) {
	for _, r := range code {
		l.send(keyNamed(string(r)))
		l.pass(10 * time.Millisecond)
	}
	l.send(keyNamed(end))
	l.pass(400 * time.Millisecond)
}

// sees fails unless the screen shows a text, with its keys as the till has them.
func (l *testTill) sees(text string) {
	l.Helper()
	text = l.words.keyNames(l.keymap).Replace(text)
	if frame := ansi.Strip(l.View()); !strings.Contains(frame, text) {
		l.Errorf("%q is not on the screen:\n%s", text, frame)
	}
}

// seesNot fails if the screen shows a text.
func (l *testTill) seesNot(text string) {
	l.Helper()
	if frame := ansi.Strip(l.View()); strings.Contains(frame, text) {
		l.Errorf("%q is on the screen:\n%s", text, frame)
	}
}

// order is the order on the sale screen.
func (l *testTill) order() pos.Order { return l.saleScreen().order }

func (l *testTill) saleScreen() sale {
	l.Helper()
	s, ok := l.stack[0].(sale)
	if !ok {
		l.Fatalf("the lowest screen is %T", l.stack[0])
	}
	return s
}

// onTop fails unless a screen of a kind is on top, and gives it.
func onTop[S screen](l *testTill) S {
	l.Helper()
	s, ok := l.top().(S)
	if !ok {
		l.Fatalf("on top is %T", l.top())
	}
	return s
}
