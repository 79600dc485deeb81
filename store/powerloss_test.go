package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/hinshun/vt10x"
)

// A power cut leaves of a disk what was synced, and of the rest anything: none
// of it, all of it, some of it in another order, single sectors. The replay
// takes what a program was seen to write, cuts the power after every call, and
// opens every journal that may then be found. Nothing that the program had
// told anybody may be missing from it, and no journal may be refused.

// node is a file or a folder: what of it is durable, what a running program
// sees, and the changes that lead from the one to the other.
type node struct {
	folder   bool
	durable  content
	now      content
	unsynced []change
}

// content is the bytes of a file, or the names in a folder.
type content struct {
	bytes []byte
	names map[string]*node
}

// change is one that a power cut can undo: bytes of a file, its length, or a
// name. A renaming is one change: never both names are lost.
type change struct {
	deed int // which of the deeds it was
	at   int64
	data []byte
	cut  bool
	drop string
	name string
	node *node
}

const sector = 512

func newFolder() *node {
	return &node{folder: true, durable: content{names: map[string]*node{}}, now: content{names: map[string]*node{}}}
}

// after is the content with these changes. It shares nothing with what was.
func (c *content) after(changes []change) content {
	if len(changes) == 0 {
		return *c
	}
	after := content{bytes: slices.Clone(c.bytes), names: maps.Clone(c.names)}
	for _, n := range changes {
		after.change(n)
	}
	return after
}

func (c *content) change(n change) {
	switch {
	case c.names != nil:
		if n.drop != "" {
			delete(c.names, n.drop)
		}
		if n.name != "" {
			c.names[n.name] = n.node
		}
	case n.cut:
		c.bytes = resized(c.bytes, n.at)
	default:
		if end := n.at + int64(len(n.data)); int64(len(c.bytes)) < end {
			c.bytes = resized(c.bytes, end)
		}
		copy(c.bytes[n.at:], n.data)
	}
}

// resized is a file cut, or filled up with zeros.
func resized(b []byte, n int64) []byte {
	if int64(len(b)) >= n {
		return b[:n]
	}
	return append(b, make([]byte, n-int64(len(b)))...)
}

func (n *node) change(c change) {
	n.unsynced = append(n.unsynced, c)
	n.now.change(c)
}

// sync makes durable what was there when the call began.
func (n *node) sync(from int) {
	i := slices.IndexFunc(n.unsynced, func(c change) bool { return c.deed >= from })
	if i < 0 {
		i = len(n.unsynced)
	}
	n.durable = n.durable.after(n.unsynced[:i])
	n.unsynced = n.unsynced[i:]
}

// fate is what becomes of unsynced changes when the power is cut.
type fate func(changes []change, r *rand.Rand) []change

func noneSurvive([]change, *rand.Rand) []change { return nil }

func allSurvive(changes []change, _ *rand.Rand) []change { return changes }

func firstSurvive(changes []change, r *rand.Rand) []change {
	return changes[:r.IntN(len(changes)+1)]
}

func someSurvive(changes []change, r *rand.Rand) []change {
	var left []change
	odds := []float64{0.1, 0.5, 0.9}[r.IntN(3)]
	for _, c := range changes {
		if r.Float64() < odds {
			left = append(left, c)
		}
	}
	return left
}

// sectorsSurvive tears writes: of each, some sectors. Where the rest should
// be, the file may have its new length already.
func sectorsSurvive(changes []change, r *rand.Rand) []change {
	var left []change
	odds := []float64{0.1, 0.5, 0.9}[r.IntN(3)]
	long := r.IntN(2) == 0
	for _, c := range changes {
		if c.cut || c.data == nil {
			if r.Float64() < odds {
				left = append(left, c)
			}
			continue
		}
		end := c.at + int64(len(c.data))
		if long { // one byte of what is there or of nothing does no more than lengthen the file
			left = append(left, change{at: end})
		}
		for at := c.at; at < end; {
			next := min(end, (at/sector+1)*sector)
			if r.Float64() < odds {
				left = append(left, change{at: at, data: c.data[at-c.at : next-c.at]})
			}
			at = next
		}
	}
	return left
}

// found is the files of a disk after a power cut, by path.
type found map[string][]byte

// powerless is what is found below a folder when its changes and those of the
// files in it meet these fates.
func (n *node) powerless(path string, names, files func() fate, r *rand.Rand, into found) {
	if !n.folder {
		if len(n.unsynced) == 0 {
			into[path] = n.durable.bytes
			return
		}
		into[path] = n.durable.after(files()(n.unsynced, r)).bytes
		return
	}
	left := n.durable.after(names()(n.unsynced, r)).names
	for _, name := range slices.Sorted(maps.Keys(left)) {
		left[name].powerless(filepath.Join(path, name), names, files, r, into)
	}
}

// waits reports whether anything is left that a power cut could undo.
func (n *node) waits() bool {
	if len(n.unsynced) > 0 {
		return true
	}
	for _, below := range n.now.names {
		if below.waits() {
			return true
		}
	}
	for _, below := range n.durable.names {
		if len(below.unsynced) > 0 {
			return true
		}
	}
	return false
}

// volume is everything below one folder, which is itself durable.
type volume struct {
	path string
	root *node
	kept func(path string) bool // which files matter
}

// do does one deed.
func (d *volume) do(i int, e deed) error {
	if e.what == said || !strings.HasPrefix(e.path, d.path) || e.what != madeDir && e.what != synced && !d.kept(e.path) {
		return nil
	}
	parent, name := d.find(filepath.Dir(e.path)), filepath.Base(e.path)
	n := d.find(e.path)
	switch e.what {
	case made:
		parent.change(change{deed: i, name: name, node: &node{}})
		return nil
	case madeDir:
		parent.change(change{deed: i, name: name, node: newFolder()})
		return nil
	case synced:
		if n != nil { // else it is a file that does not matter
			n.sync(e.from)
		}
		return nil
	case said, written, cut, removed, renamed:
	}
	if n == nil {
		return fmt.Errorf("deed %d: %s %s, which is not there", i, e.what, e.path)
	}
	switch e.what {
	case written:
		at := e.at
		if at < 0 {
			at = int64(len(n.now.bytes))
		}
		n.change(change{deed: i, at: at, data: e.data})
	case cut:
		n.change(change{deed: i, at: e.at, cut: true})
	case removed:
		parent.change(change{deed: i, drop: name})
	case renamed:
		parent.change(change{deed: i, drop: name, name: filepath.Base(e.to), node: n})
	case said, made, madeDir, synced:
	}
	return nil
}

// find is the node that a running program sees at a path.
func (d *volume) find(path string) *node {
	n := d.root
	for part := range strings.SplitSeq(strings.Trim(strings.TrimPrefix(path, d.path), "/"), "/") {
		if part != "" && n != nil {
			n = n.now.names[part]
		}
	}
	return n
}

// recording is what a program was seen to do below a folder, and what it had
// there in the end.
type recording struct {
	root    string
	journal string // below root
	deeds   []deed
	entries []Entry // all that there ever were
}

func newRecording(root, trace string) (*recording, error) {
	in, err := os.Open(trace)
	if err != nil {
		return nil, err
	}
	defer in.Close() //nolint:errcheck // only read
	rec := &recording{root: root}
	if rec.deeds, err = deedsOf(in); err != nil {
		return nil, err
	}
	err = filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if filepath.Base(path) == "journal.db" {
			rec.journal, _ = filepath.Rel(root, path)
		}
		return err
	})
	if err == nil && rec.journal == "" {
		err = errors.New("no journal was written")
	}
	if err != nil {
		return nil, err
	}
	return rec, rec.end()
}

func (rec *recording) volume() *volume {
	journal := filepath.Join(rec.root, rec.journal)
	return &volume{path: rec.root, root: newFolder(), kept: func(path string) bool { return strings.HasPrefix(path, journal) }}
}

// end reads the entries at the end of the recording, and makes sure that
// nothing was missed: the files must be there just as the deeds leave them.
func (rec *recording) end() error {
	d := rec.volume()
	for i, e := range rec.deeds {
		if err := d.do(i, e); err != nil {
			return err
		}
	}
	files := found{}
	d.root.powerless("", always(allSurvive), always(allSurvive), nil, files)
	for path, want := range files {
		got, err := os.ReadFile(filepath.Join(rec.root, path))
		if err != nil {
			return err
		}
		// SQLite writes its index of the log through memory, unseen.
		if string(got) != string(want) && !strings.HasSuffix(path, "-shm") {
			return fmt.Errorf("%s has %d bytes and by its deeds %d, or others", path, len(got), len(want))
		}
	}
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	if err := files.write(dir); err != nil {
		return err
	}
	db, err := Inspect(context.Background(), filepath.Join(dir, rec.journal))
	if err != nil {
		return err
	}
	for e, err := range db.All(context.Background(), 0) {
		if err != nil {
			return errors.Join(err, db.Close())
		}
		rec.entries = append(rec.entries, e)
	}
	return db.Close()
}

func always(f fate) func() fate { return func() fate { return f } }

func (f found) write(dir string) error {
	for path, b := range f {
		name := filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(name, b, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// cutAt is one power cut: after which deed, and which of the states that may
// then be found.
type cutAt struct {
	pass, deed, try int
	required        int64 // entries that somebody has been told of
	files           found
}

func (c *cutAt) String() string { return fmt.Sprintf("cut %d/%d/%d", c.pass, c.deed, c.try) }

// replay cuts the power in as many ways as there are different ones, up to a
// number, and calls what is found.
func (rec *recording) replay(seed uint64, states int, call func(cutAt)) (int, error) {
	seen := map[uint64]bool{}
	hash := maphash.MakeSeed()
	const passes = 1000
	for pass := 0; pass < passes && len(seen) < states; pass++ {
		d, w := rec.volume(), witness{entries: rec.entries, screens: map[string]vt10x.Terminal{}}
		var required int64
		begun := len(seen)
		for i, e := range rec.deeds {
			if err := d.do(i, e); err != nil {
				return 0, err
			}
			shows, err := w.requires(e)
			if err != nil {
				return 0, fmt.Errorf("deed %d: %w", i, err)
			}
			required = max(required, shows)
			share := begun + ((states-begun)*(i+1)+len(rec.deeds)-1)/len(rec.deeds) // so many by now
			for try, again := 0, 0; again < 5 && len(seen) < share; try++ {
				if try > 0 && !d.root.waits() {
					break
				}
				c := cutAt{pass: pass, deed: i, try: try, required: required, files: found{}}
				c.choose(d.root, rand.New(rand.NewPCG(seed, uint64(pass)<<48|uint64(i)<<16|uint64(try))))
				key := c.key(hash)
				if seen[key] {
					again++
					continue
				}
				seen[key] = true
				call(c)
			}
		}
	}
	return len(seen), nil
}

// choose decides what the power cut leaves.
func (c *cutAt) choose(root *node, r *rand.Rand) {
	plain := [][2]fate{{noneSurvive, noneSurvive}, {allSurvive, allSurvive}, {noneSurvive, allSurvive}, {allSurvive, noneSurvive}}
	if c.pass == 0 && c.try < len(plain) {
		root.powerless("", always(plain[c.try][0]), always(plain[c.try][1]), r, c.files)
		return
	}
	fates := []fate{noneSurvive, allSurvive, firstSurvive, someSurvive}
	names := func() fate { return fates[r.IntN(len(fates))] }
	fates = append(fates, sectorsSurvive, sectorsSurvive)
	files := func() fate { return fates[r.IntN(len(fates))] }
	root.powerless("", names, files, r, c.files)
	for path, b := range c.files {
		if strings.HasSuffix(path, "-shm") && r.IntN(2) == 0 { // never synced, so anything
			c.files[path] = bytes.Repeat([]byte{byte(r.Uint32()), byte(r.Uint32()), byte(r.Uint32())}, len(b)/3) //nolint:gosec // any byte
		}
	}
}

func (c *cutAt) key(seed maphash.Seed) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	maphash.WriteComparable(&h, c.required)
	for _, path := range slices.Sorted(maps.Keys(c.files)) {
		_, _ = h.WriteString(path)
		maphash.WriteComparable(&h, len(c.files[path]))
		if !strings.HasSuffix(path, "-shm") {
			_, _ = h.Write(c.files[path])
		}
	}
	return h.Sum64()
}

// loss is what is wrong with a journal that was found.
type loss string

const (
	lost    loss = "acknowledged entries lost"
	refused loss = "refused"
	corrupt loss = "corrupt"
	stuck   loss = "unusable"
)

// check opens what was found as the next start of the till would, and goes on
// to sell.
func (rec *recording) check(dir string, c cutAt) (loss, error) {
	if err := c.files.write(dir); err != nil {
		return stuck, err
	}
	// What a machine with much else to do is late with is not what is asked.
	ctx, cancel := context.WithTimeout(context.Background(), checkPatience)
	defer cancel()
	path := filepath.Join(dir, rec.journal)
	db, err := Open(ctx, path)
	if err != nil {
		return refused, err
	}
	l, err := rec.holds(ctx, db, c.required)
	if err = errors.Join(err, db.Close()); err != nil || c.try%16 > 0 {
		return l, err
	}
	report, err := Verify(ctx, path)
	if err == nil && report.Problem != "" {
		err = errors.New(report.Problem)
	}
	return corrupt, err
}

// holds compares an open journal with everything that was written, and writes
// on. That the entries follow one another was seen when it was opened, as far
// back as these recordings go.
func (rec *recording) holds(ctx context.Context, db *DB, required int64) (loss, error) {
	seq, hash, err := db.Head(ctx)
	switch {
	case err != nil:
		return corrupt, err
	case seq < required:
		return lost, fmt.Errorf("it ends at entry %d, and entry %d was told", seq, required)
	case seq > int64(len(rec.entries)) || seq > 0 && hash != rec.entries[seq-1].Hash:
		return corrupt, fmt.Errorf("entry %d was never written", seq)
	}
	problem, err := inspection{db.path, db.connect, db.readers}.structure(ctx, "integrity_check")
	if err == nil && problem != "" {
		err = errors.New(problem)
	}
	if err != nil {
		return corrupt, err
	}
	_, err = db.Append(ctx, saleChange(1_000_000))
	return stuck, err
}

// tally is what came of all the power cuts.
type tally struct {
	sync.Mutex
	states int
	losses map[loss]int
	first  []string
}

func (t *tally) String() string {
	var s strings.Builder
	fmt.Fprintf(&s, "%d disk states", t.states)
	for _, l := range []loss{lost, refused, corrupt, stuck} {
		fmt.Fprintf(&s, ", %d %s", t.losses[l], l)
	}
	return strings.Join(append([]string{s.String()}, t.first...), "\n")
}

func (rec *recording) run(seed uint64, states int, scratch string) (*tally, error) {
	t := &tally{losses: map[loss]int{}}
	cuts := make(chan cutAt, 16)
	var work sync.WaitGroup
	for worker := range runtime.GOMAXPROCS(0) {
		work.Go(func() {
			for c := range cuts {
				dir := filepath.Join(scratch, strconv.Itoa(worker))
				if l, err := rec.check(dir, c); err != nil {
					t.Lock()
					if t.losses[l]++; len(t.first) < 10 {
						t.first = append(t.first, fmt.Sprintf("%s: %s: %v", &c, l, err))
					}
					t.Unlock()
				}
				_ = os.RemoveAll(dir)
			}
		})
	}
	var err error
	t.states, err = rec.replay(seed, states, func(c cutAt) { cuts <- c })
	close(cuts)
	work.Wait()
	return t, err
}

// cutPower is the replay as a program of its own: the folder below which a
// program was recorded, what strace wrote down, how many states, the seed and
// a folder in memory to work in.
func cutPower(out io.Writer, root string) error {
	args := os.Args[2:]
	if len(args) != 4 {
		return errors.New("wanted: ROOT TRACE STATES SEED SCRATCH")
	}
	states, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	seed, err := strconv.ParseUint(args[2], 10, 64)
	if err != nil {
		return err
	}
	rec, err := newRecording(root, args[0])
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "%d deeds, %d entries\n", len(rec.deeds), len(rec.entries))
	t, err := rec.run(seed, states, args[3])
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintln(out, t)
	if len(t.losses) > 0 {
		return errors.New("a power cut is not survived")
	}
	return nil
}

// A journal that is copied byte by byte, and told of, shows whether the replay
// sees what it is there to see.
func TestPowerLoss_seesWhatWasNotSynced(t *testing.T) {
	t.Parallel()
	journal := filled(t, 3)
	b, err := os.ReadFile(journal)
	if err != nil {
		t.Fatal(err)
	}
	entries := all(t, mustOpen(t, journal))
	const path = "/root/shop/journal.db"
	copied := []deed{{what: madeDir, path: "/root/shop"}, {what: made, path: path}, {what: written, path: path, data: b}}
	sync := func(path string) deed { return deed{what: synced, path: path, from: 10} }
	file, folder, above := sync(path), sync("/root/shop"), sync("/root")
	told := deed{what: said, data: []byte("ACK 3 ")}
	for name, c := range map[string]struct {
		then []deed
		lost bool
	}{
		"nothing synced":              {[]deed{told}, true},
		"the file alone":              {[]deed{file, told}, true},
		"not the folder's own name":   {[]deed{file, folder, told}, true},
		"not the file":                {[]deed{folder, above, told}, true},
		"synced too late":             {[]deed{folder, above, told, file}, true},
		"synced before it was called": {[]deed{folder, above, {what: synced, path: path, from: 2}, told}, true},
		"all of it":                   {[]deed{file, folder, above, told}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rec := &recording{root: "/root", journal: "shop/journal.db", deeds: slices.Concat(copied, c.then), entries: entries}
			got, err := rec.run(1, 30, t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			if is := got.losses[lost] > 0; is != c.lost {
				t.Errorf("lost: %t, want %t\n%s", is, c.lost, got)
			}
		})
	}
}
