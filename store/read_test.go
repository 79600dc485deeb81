package store

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// shop is a journal with some days of sales, and those sales.
func shop(t testing.TB) (*DB, []Sale) {
	t.Helper()
	db := mustOpen(t, journalPath(t))
	var sales []Sale
	for i := range int64(40) {
		c := saleChange(i + 1)
		c.Sale.Day = fmt.Sprintf("2026-11-%02d", 20+i/10)
		c.Sale.State = []string{"waiting", "paid", "closed"}[i%3]
		c.Sale.Search = []string{"Onigiri 梅", "ONIGIRI 鮭 50%", "緑茶 a_b", `Coffee \ "L"`}[i%4] + fmt.Sprint(" R-", i+1)
		c.Sale.Pending = i%7 == 0
		mustAppend(t, db, c)
		sales = append(sales, *c.Sale)
	}
	slices.Reverse(sales)
	return db, sales
}

// matches is Query's meaning, said once more in Go.
func matches(q Query, s Sale) bool {
	for word := range strings.FieldsSeq(q.Search) {
		if !strings.Contains(strings.ToLower(s.Search), strings.ToLower(word)) {
			return false
		}
	}
	return (q.Day == "" || q.Day == s.Day) &&
		(len(q.States) == 0 || slices.Contains(q.States, s.State)) &&
		(q.Before <= 0 || s.Number < q.Before)
}

func TestSales_isTheFilteredList(t *testing.T) {
	t.Parallel()
	db, sales := shop(t)
	rapid.Check(t, func(r *rapid.T) {
		q := Query{
			Day:    rapid.SampledFrom([]string{"", "2026-11-20", "2026-11-21", "2026-11-30"}).Draw(r, "day"),
			States: rapid.SliceOfN(rapid.SampledFrom([]string{"waiting", "paid", "closed", "no such"}), 0, 3).Draw(r, "states"),
			Search: strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{
				"onigiri", "ONI", "梅", "%", "_", `\`, `"`, "'", "r-1", "R-3", "no such", "50%", "a_b", "a?b",
			}), 0, 3).Draw(r, "words"), " "),
			Before: rapid.Int64Range(0, 45).Draw(r, "before"),
			Limit:  rapid.IntRange(0, 50).Draw(r, "limit"),
		}
		var want []Sale
		for _, s := range sales {
			if matches(q, s) && (q.Limit == 0 || len(want) < q.Limit) {
				want = append(want, s)
			}
		}
		got, err := db.Sales(t.Context(), q)
		if err != nil {
			r.Fatal(err)
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			r.Errorf("%+v (-want +got):\n%s", q, diff)
		}
	})
}

func TestSales_pageByPage(t *testing.T) {
	t.Parallel()
	db, sales := shop(t)
	var got []Sale
	q := Query{Limit: 7}
	for {
		next, err := db.Sales(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if len(next) == 0 {
			break
		}
		got = append(got, next...)
		q.Before = next[len(next)-1].Number
	}
	if diff := gocmp.Diff(sales, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPending_oldestFirst(t *testing.T) {
	t.Parallel()
	db, sales := shop(t)
	var want []Entry
	for _, s := range slices.SortedFunc(slices.Values(sales), func(a, b Sale) int { return cmp.Compare(a.Number, b.Number) }) {
		if s.Pending {
			entries, err := db.Entries(t.Context(), s.ID)
			if err != nil || len(entries) == 0 {
				t.Fatal(entries, err)
			}
			want = append(want, entries...)
		}
	}
	got, err := db.Pending(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	last, err := db.LastNumber(t.Context())
	if err != nil || last != 40 {
		t.Errorf("LastNumber = %d, %v", last, err)
	}
}

func TestSale_unknown(t *testing.T) {
	t.Parallel()
	db, _ := shop(t)
	if _, _, ok, err := db.Sale(t.Context(), "no such"); ok || err != nil {
		t.Errorf("%t, %v", ok, err)
	}
	entries, err := db.Entries(t.Context(), "no such")
	if len(entries) != 0 || err != nil {
		t.Errorf("%v, %v", entries, err)
	}
}

func TestAll_whileWriting(t *testing.T) {
	t.Parallel()
	db := mustOpen(t, journalPath(t))
	fillFast(t, db, 2*page-10, func(number int64) Change {
		return Change{Entry: Entry{At: noon, Kind: "k", Actor: strconv.FormatInt(number, 10)}}
	})
	var read int64
	for e, err := range db.All(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if read++; e.Seq != read {
			t.Fatalf("entry %d after %d", e.Seq, read-1)
		}
		if read <= 20 {
			mustAppend(t, db, Change{Entry: Entry{At: noon, Kind: "k", Actor: "while reading"}})
		}
	}
	if last, _, err := db.Head(t.Context()); err != nil || read != last || last != 2*page+10 {
		t.Errorf("read %d of %d entries, %v", read, last, err)
	}
	for e, err := range db.All(t.Context(), 5) {
		if err != nil || e.Seq != 6 {
			t.Errorf("entry %d after 5, %v", e.Seq, err)
		}
		break
	}
}

func TestEntry_anyTextComesBack(t *testing.T) {
	t.Parallel()
	db := mustOpen(t, journalPath(t))
	var seq int64
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "\x00", "a\x00b", "レジ", "\xff", "';--"}))
		e := Entry{
			At: noon, Kind: "k" + text.Draw(r, "kind"), Sale: text.Draw(r, "sale"),
			Attempt: text.Draw(r, "attempt"), Actor: text.Draw(r, "actor"),
		}
		written, err := db.Append(t.Context(), Change{Entry: e})
		if err != nil {
			r.Fatal(err)
		}
		for read, err := range db.All(t.Context(), seq) {
			if err != nil {
				r.Fatal(err)
			}
			if diff := gocmp.Diff(written, read); diff != "" {
				r.Errorf("(-written +read):\n%s", diff)
			}
			seq = read.Seq
		}
		e.Seq, e.Hash = written.Seq, written.Hash
		if diff := gocmp.Diff(e, written); diff != "" {
			r.Errorf("(-given +written):\n%s", diff)
		}
	})
	report, err := db.Verify(t.Context())
	if err != nil || report.Problem != "" {
		t.Errorf("Verify = %+v, %v", report, err)
	}
}
