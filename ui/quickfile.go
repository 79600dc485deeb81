package ui

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"
)

// QuickKeys are a shop's quick keys, and the file that keeps them. The zero
// QuickKeys are those of a shop that has none, and are kept nowhere.
type QuickKeys struct {
	file  string
	pages []quickPage // nil when the shop has none of its own
	bad   BadKeys
}

// OpenQuickKeys reads the quick keys that a file keeps. It need not be there
// yet. What cannot be read is left out, and said on the sale screen: without
// quick keys a till still sells.
func OpenQuickKeys(file string) QuickKeys {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return QuickKeys{file: file}
	}
	if err != nil {
		return QuickKeys{file: file, bad: BadKeys{{File: filepath.Base(file), about: func(w badKeyWords) string { return w.Unread }}}}
	}
	pages, bad := readQuick(filepath.Base(file), string(text))
	return QuickKeys{file: file, pages: pages, bad: bad}
}

// readQuick reads pages of quick keys:
//
//	[1]
//	a = "001"
//	s = "Aセット: 034 003*2 -100"
func readQuick(name, text string) ([]quickPage, BadKeys) {
	var tree map[string]any
	if _, err := toml.Decode(text, &tree); err != nil {
		bad := BadKey{File: name, about: func(w badKeyWords) string { return w.NotQuick }}
		if at, ok := errors.AsType[toml.ParseError](err); ok {
			bad.Line = at.Position.Line
		}
		return nil, BadKeys{bad}
	}
	var bad BadKeys
	refuse := func(line int, what string, about func(badKeyWords) string) {
		bad = append(bad, BadKey{File: name, Line: line, What: what, about: about})
	}
	var pages []quickPage
	for _, table := range slices.Sorted(maps.Keys(tree)) {
		keys, ok := tree[table].(map[string]any)
		n, err := strconv.Atoi(table)
		if !ok || err != nil || n < 1 || n > maxPages || table != strconv.Itoa(n) {
			line := lineOf(text, table, "")
			if !ok {
				line = lineOf(text, "", table)
			}
			refuse(line, "["+table+"]", func(w badKeyWords) string { return fmt.Sprintf(w.NoPage, maxPages) })
			continue
		}
		for len(pages) < n {
			pages = append(pages, quickPage{})
		}
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			line, what := lineOf(text, table, key), "["+table+"] "+key
			if len(key) != 1 || !strings.Contains(quickLetters, key) {
				refuse(line, what, func(w badKeyWords) string { return fmt.Sprintf(w.NoQuick, quickLetters) })
				continue
			}
			sold, ok := keys[key].(string)
			k, reads := readQuickKey(sold)
			if !ok || !reads && strings.TrimSpace(sold) != "" {
				refuse(line, what, func(w badKeyWords) string { return w.NoSequence })
				continue
			}
			pages[n-1][strings.Index(quickLetters, key)] = k
		}
	}
	slices.SortStableFunc(bad, func(a, b BadKey) int { return a.Line - b.Line })
	return pages, bad
}

// writeQuick is what readQuick reads.
func writeQuick(pages []quickPage) []byte {
	var b bytes.Buffer
	b.WriteString("# Quick keys. The till writes this file when a key is set in it (F12); it may\n" +
		"# be edited by hand while the till is closed. A page has the keys " + quickLetters + ".\n" +
		"# A key sells an item by its code, or a set: \"name: code code*2 -yen\".\n")
	for n, page := range pages {
		fmt.Fprintf(&b, "\n[%d]\n", n+1)
		for i, k := range page {
			if !k.free() {
				text := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(k.String())
				fmt.Fprintf(&b, "%c = \"%s\"\n", quickLetters[i], text)
			}
		}
	}
	return b.Bytes()
}

// keep writes quick keys to their file, all at once: a power cut leaves the old
// ones or the new ones. A file that could not be read is kept beside it.
func (q QuickKeys) keep() error {
	if q.file == "" {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(q.file), 0o700); err != nil {
		return fmt.Errorf("quick keys: %w", err)
	}
	if len(q.bad) > 0 {
		if err := os.Rename(q.file, q.file+".bad"); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("quick keys: %w", err)
		}
	}
	f, err := os.CreateTemp(filepath.Dir(q.file), ".quick-*")
	if err != nil {
		return fmt.Errorf("quick keys: %w", err)
	}
	_, err = f.Write(writeQuick(q.pages))
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), q.file)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // it is of no use
		return fmt.Errorf("quick keys: %w", err)
	}
	return nil
}
