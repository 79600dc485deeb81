package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"example.jp/reji/pos"
)

func TestAssign_keysAreSetWithoutARestart(t *testing.T) {
	t.Parallel()
	set := func(l *testTill) []pos.Line {
		return []pos.Line{ofSet("Lunch", sold(l, "034", 1), 1, 68), ofSet("Lunch", sold(l, "003", 2), 2, 32)}
	}
	for _, c := range []struct {
		name, keys string
		want       func(*testTill) []pos.Line
		file       string // what it has of the key
	}{
		{"an item", "f12 d 016 enter d", func(l *testTill) []pos.Line { return []pos.Line{sold(l, "016", 1)} }, `d = "016"`},
		{"an item by its sound", "f12 d biiru enter d", func(l *testTill) []pos.Line { return []pos.Line{sold(l, "015", 1)} }, `d = "015"`},
		{"the second that was found", "f12 d bentou down enter d", func(l *testTill) []pos.Line { return []pos.Line{sold(l, "035", 1)} }, `d = "035"`},
		{"a department", "f12 d 091 enter 500 d", func(l *testTill) []pos.Line { return []pos.Line{at(sold(l, "091", 1), 500)} }, `d = "091"`},
		{"several of an item, named", "f12 d 003*6 enter x enter d", func(l *testTill) []pos.Line { return []pos.Line{sold(l, "003", 6)} }, `x: 003*6"`},
		{"an item under a name of its own", "f12 d 016 f7 pan enter d", func(l *testTill) []pos.Line { return []pos.Line{sold(l, "016", 1)} }, `d = "pan: 016"`},
		{"named, and no more", "f12 d 016 f7 pan enter f12 d 016 enter d", func(l *testTill) []pos.Line { return []pos.Line{sold(l, "016", 1)} }, `d = "016"`},
		{"not named after all", "f12 d 016 f7 pan esc enter d", func(l *testTill) []pos.Line { return []pos.Line{sold(l, "016", 1)} }, `d = "016"`},
		{"a department under a name", "f12 d 091 f7 deli enter 500 d", func(l *testTill) []pos.Line { return []pos.Line{at(sold(l, "091", 1), 500)} }, `d = "deli: 091"`},
		{"freed", "f12 d delete d", func(*testTill) []pos.Line { return nil }, ""},
		{"dropped", "f12 d esc d", func(l *testTill) []pos.Line { return []pos.Line{sold(l, "003", 1)} }, ""},
		{"dropped before", "f12 esc d", func(l *testTill) []pos.Line { return []pos.Line{sold(l, "003", 1)} }, ""},
		{"on the next page", "f12 tab d 016 enter d", func(l *testTill) []pos.Line { return []pos.Line{sold(l, "016", 1)} }, `d = "016"`},
		{"on a page of its own", "f12 shift+tab d 016 enter d", func(l *testTill) []pos.Line { return []pos.Line{sold(l, "016", 1)} }, "[5]\nd = \"016\""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			withQuick(t, "en", "", &fake{}, func(l *testTill, file string) {
				l.types(c.keys)
				if diff := cmp.Diff(c.want(l), lines(l)); diff != "" {
					l.Errorf("order (-want +got):\n%s\n%s", diff, l.View())
				}
				text, _ := os.ReadFile(file)
				if !strings.Contains(string(text), c.file) {
					l.Errorf("the file has not %s:\n%s", c.file, text)
				}
			})
		})
	}
	withQuick(t, "en", "", &fake{}, func(l *testTill, file string) {
		l.types("f12 d 034")
		l.press(" ")
		l.types("003*2")
		l.press(" ")
		l.types("-100")
		l.sees("Set  034 003*2 -100")
		l.sees("¥900")
		l.types("enter Lunch enter d")
		if diff := cmp.Diff(set(l), lines(l)); diff != "" {
			l.Errorf("order (-want +got):\n%s\n%s", diff, l.View())
		}
		// The next start has it too, with what was there before.
		again := OpenQuickKeys(file)
		if got := again.pages[0][2].String(); got != "Lunch: 034 003*2 -100" || len(again.bad) > 0 {
			l.Errorf("the file has %q, %v", got, again.bad)
		}
		if diff := cmp.Diff(fmt.Sprint(l.saleScreen().quick), fmt.Sprint(again.pages)); diff != "" {
			l.Errorf("the file (-till +file):\n%s", diff)
		}
	})
}

// The name is seen where the key is, and it is offered when the key is set anew.
func TestAssign_anItemsNameIsTheKeys(t *testing.T) {
	t.Parallel()
	withQuick(t, "ja", "", &fake{}, func(l *testTill, _ string) {
		l.types("f12 d 016 f7")
		l.text("朝パン")
		l.types("enter")
		l.sees("d に 朝パン を入れました")
		l.sees("d 朝パン")
		l.types("f12 d 016 f7")
		l.sees("キーの名前 > 朝パン")
	})
}

// What the counter has just sold can be sold again by a key.
func TestAssign_theOrderIsOfferedAsASet(t *testing.T) {
	t.Parallel()
	withQuick(t, "ja", "", &fake{}, func(l *testTill, _ string) {
		l.types("034 enter 2* 003 enter f12 d")
		l.sees("034 003*2")
		l.types("enter enter")
		l.sees("d に セット を入れました")
		l.types("u u d")
		want := []pos.Line{sold(l, "034", 1), sold(l, "003", 2)}
		if diff := cmp.Diff(want, lines(l)); diff != "" {
			l.Errorf("order (-want +got):\n%s\n%s", diff, l.View())
		}
	})
}

func TestAssign_refusesWhatCannotBeSold(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"034 999": fmt.Sprintf(saleEn().NoItem, "999"), "034 091": quickEn().NotSet, "034 -9999": quickEn().NotSet,
	} {
		withQuick(t, "en", "", &fake{}, func(l *testTill, file string) {
			l.types("f12 d")
			for _, r := range text {
				l.press(string(r))
			}
			l.press("enter")
			l.sees(want)
			if _, err := os.Stat(file); err == nil {
				l.Errorf("%q was put on the key", text)
			}
		})
	}
}

// A scan finds the goods for a key, but only a person puts them there.
func TestAssign_scanFindsAndPutsNothing(t *testing.T) {
	t.Parallel()
	withQuick(t, "en", "", &fake{}, func(l *testTill, _ string) {
		l.types("f12")
		l.scan("2000000000169", "enter") // while the key is asked for it does nothing
		l.sees(quickEn().Title)
		l.types("d")
		l.scan("2000000000169", "enter")
		l.sees("sake 720ml")
		if a := l.saleScreen().assigning; a == nil || len(lines(l)) > 0 {
			l.Fatalf("the scan has acted: %+v, order %v", a, lines(l))
		}
		l.types("enter d")
		if diff := cmp.Diff([]pos.Line{sold(l, "016", 1)}, lines(l)); diff != "" {
			l.Errorf("order (-want +got):\n%s", diff)
		}
	})
}

func TestAssign_thatCannotBeKeptIsSaid(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	r := &fake{quick: OpenQuickKeys(filepath.Join(dir, "file", "quick.toml"))}
	inTill(t, "ja", r, func(l *testTill) {
		l.types("f12 d 016 enter")
		l.sees(quickJa().NotKept)
		l.types("d")
		if diff := cmp.Diff([]pos.Line{sold(l, "016", 1)}, lines(l)); diff != "" {
			l.Errorf("order (-want +got):\n%s", diff)
		}
	})
}

// A damaged file stops nothing, loses nothing, and is named with its line.
func TestQuickFile_damaged(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, says, a string }{
		"no TOML":        {"[1]\na = \"001\nb", "quick.toml line 2 is not TOML", "001"},
		"one bad key":    {"[1]\na = \"002\"\nq = \"003\"\n", "quick.toml line 3: [1] q is no quick key", "002"},
		"one bad page":   {"[1]\na = \"002\"\n[77]\n", "quick.toml line 3: [77] is no page", "002"},
		"one bad text":   {"[1]\na = \"002\"\n\ns = 5", "quick.toml line 4: [1] s must be such as", "002"},
		"not a table":    {"a = \"002\"\n", "quick.toml line 1: [a] is no page", "001"},
		"a bad sequence": {"[1]\na = \"002\"\ns = \"弁当\"\n", "quick.toml line 3: [1] s must be such as", "002"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			withQuick(t, "en", c.text, &fake{}, func(l *testTill, file string) {
				l.sees(c.says)
				l.types("a")
				if diff := cmp.Diff([]pos.Line{sold(l, c.a, 1)}, lines(l)); diff != "" {
					l.Errorf("order (-want +got):\n%s", diff)
				}
				l.types("f12 d 016 enter f12 d 017 enter")
				if bad, err := os.ReadFile(file + ".bad"); err != nil || string(bad) != c.text {
					l.Errorf("the damaged file is lost: %q, %v", bad, err)
				}
				if again := OpenQuickKeys(file); len(again.bad) > 0 || again.pages[0][2].String() != "017" {
					l.Errorf("the file is still bad: %v, %v", again.bad, again.pages)
				}
			})
		})
	}
}

func TestQuickFile_isReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pages := make([]quickPage, rapid.IntRange(1, maxPages).Draw(t, "pages"))
		for n := range pages {
			for i := range pages[n] {
				text := rapid.OneOf(
					rapid.SampledFrom([]string{"", "001", "034 003*2 -100", "Aセット: 034", `a"b\: 1`}),
					rapid.StringMatching(`[ -9;-~あ-ん]{0,20}: [0-9]{1,5}( [A-Za-z-]{1,4}\*[1-9]){0,3}( -[1-9][0-9]{0,3})?`),
				).Draw(t, "key")
				pages[n][i], _ = readQuickKey(text)
				if pages[n][i].free() {
					pages[n][i] = quickKey{}
				}
			}
		}
		got, bad := readQuick("quick.toml", string(writeQuick(pages)))
		if len(bad) > 0 || fmt.Sprint(got) != fmt.Sprint(pages) {
			t.Fatalf("%v\n%s\nreads\n%v", bad, writeQuick(pages), got)
		}
	})
}

func FuzzReadQuick(f *testing.F) {
	f.Add(shopsKeys)
	f.Add("[1]\na = \"\\u001b[2J: 1\"\n")
	f.Add("1 = 2\n[[3]]\n")
	f.Fuzz(func(t *testing.T, text string) {
		pages, bad := readQuick("f", text)
		if len(pages) > maxPages {
			t.Fatalf("%d pages", len(pages))
		}
		if said := bad.Text("ja"); !pos.IsClean(strings.ReplaceAll(said, "\n", "")) {
			t.Fatalf("what is said has control characters: %q", said)
		}
		if again, worse := readQuick("f", string(writeQuick(pages))); len(worse) > 0 || fmt.Sprint(again) != fmt.Sprint(pages) {
			t.Fatalf("%q is written so that it reads differently: %v", text, worse)
		}
	})
}

func TestQuick_golden(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string]string{
		"page": "d s 480 enter tab", "which": "f12", "goods": "f12 d ko", "set": "f12 d", "price": "2* s", "name": "f12 d enter",
	} {
		for _, lang := range []string{"ja", "en"} {
			t.Run(name+"-"+lang, func(t *testing.T) {
				t.Parallel()
				withQuick(t, lang, shopsKeys, &fake{}, func(l *testTill, _ string) {
					l.types(keys)
					for _, size := range sizes {
						l.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
						golden(t, sized("Quick/"+name, size, lang), size[0], size[1], l.View())
					}
				})
			})
		}
	}
}
