package pos

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// maxRanked is among how many goods that fit a search those are chosen that
// fit it best. It bounds the work for a text that fits nearly everything.
const maxRanked = 1_000

// goods is what a search looks through: for each item, by its index, one text
// with a field a line. Three of the fields are what people know goods by, and
// stand first.
type goods struct {
	text   strings.Builder
	ends   [][2]uint32 // of the item's fields, folded, and of how its kana sound
	signs  []bits2
	pairs  []bits4
	threes []bits2
}

// trace says in a few bits what can be in a text, so that a search of 100,000
// items reads few of their texts.
type trace struct {
	signs  bits2 // letters, digits and kana
	pairs  bits4 // neighbours, and other characters, by their hash
	threes bits2 // three digits in a row, by theirs: any two are in most barcodes
}

type (
	bits2 [2]uint64
	bits4 [4]uint64
)

func (b *bits2) lacks(o *bits2) bool { return o[0]&^b[0]|o[1]&^b[1] != 0 }

func (b *bits4) lacks(o *bits4) bool {
	return o[0]&^b[0]|o[1]&^b[1]|o[2]&^b[2]|o[3]&^b[3] != 0
}

func hash(x, y rune) uint32 {
	h := uint32(x)*0x9E3779B1 ^ uint32(y)*0x85EBCA6B //nolint:gosec // only bits
	return h ^ h>>15
}

func (b *bits4) set(x, y rune) {
	h := hash(x, y)
	b[h>>6&3] |= 1 << (h & 63)
}

func traceOf(s string) trace {
	var t trace
	digits, number := 0, rune(0)
	last := '\n'
	for _, r := range s {
		switch {
		case '0' <= r && r <= '9':
			t.signs[0] |= 1 << (r - '0')
			number = (number*10 + r - '0') % 1000
			if digits++; digits >= 3 {
				h := hash(number, 0)
				t.threes[h>>6&1] |= 1 << (h & 63)
			}
			last = r
			continue
		case 'a' <= r && r <= 'z':
			t.signs[0] |= 1 << (r - 'a' + 10)
		case 'ぁ' <= r && r <= 'ゖ':
			at := r - 'ぁ' + 36
			t.signs[at/64] |= 1 << (at % 64)
		default:
			t.pairs.set(r, 0)
		}
		if last != '\n' && r != '\n' {
			t.pairs.set(last, r)
		}
		digits, last = 0, r
	}
	return t
}

// may reports whether an item's text can have what a trace is of.
func (g *goods) may(i int, t *trace) bool {
	return !g.signs[i].lacks(&t.signs) &&
		(t.threes == bits2{} || !g.threes[i].lacks(&t.threes)) &&
		(t.pairs == bits4{} || !g.pairs[i].lacks(&t.pairs))
}

func goodsOf(items []Item) *goods {
	g := &goods{}
	for _, i := range items {
		g.add(i)
	}
	return g
}

func (g *goods) add(i Item) {
	begin := g.text.Len()
	for _, field := range []string{i.Name, i.Kana, i.NameEn, i.Code, i.Barcode, i.Category} {
		if field != "" {
			g.text.WriteString(fold(field))
			g.text.WriteByte('\n')
		}
	}
	text := g.text.Len()
	for _, field := range []string{i.Name, i.Kana} {
		if s := sound(field); s != "" {
			g.text.WriteString(s)
			g.text.WriteByte('\n')
		}
	}
	t := traceOf(g.text.String()[begin:])
	g.signs, g.pairs, g.threes = append(g.signs, t.signs), append(g.pairs, t.pairs), append(g.threes, t.threes)
	g.ends = append(g.ends, [2]uint32{uint32(text), uint32(g.text.Len())}) //nolint:gosec // a million items of seven fields of 100 characters
}

// of is an item's fields, and how they sound.
func (g *goods) of(i int) (text, sound string) {
	begin := uint32(0)
	if i > 0 {
		begin = g.ends[i-1][1]
	}
	all := g.text.String()
	return all[begin:g.ends[i][0]], all[g.ends[i][0]:g.ends[i][1]]
}

// wanted is one word of a search.
type wanted struct {
	word, sound  string // sound is empty for a word that is none
	trace, heard trace
}

func want(word string) wanted {
	w := wanted{word: word, trace: traceOf(word)}
	spelt := word
	if strings.IndexFunc(word, func(r rune) bool { return !isKana(r) }) < 0 {
		spelt = sound(word) // こおひい is コーヒー too
	}
	if s, ok := typed(spelt); ok {
		w.sound, w.heard = s, traceOf(s)
	}
	return w
}

func wants(text string) []wanted {
	var words []wanted
	for f := range strings.FieldsSeq(text) {
		if word := fold(f); word != "" {
			words = append(words, want(word))
		}
	}
	return words
}

// may reports whether the word can be in an item's text.
func (w *wanted) may(g *goods, i int) bool {
	return g.may(i, &w.trace) || w.sound != "" && g.may(i, &w.heard)
}

// in reports whether the word is in an item's text, and whether a field begins
// with it.
func (w *wanted) in(g *goods, i int) (found, first bool) {
	text, sound := g.of(i)
	found, first = within(text, w.word)
	if w.sound != "" && !first {
		heard, begins := within(sound, w.sound)
		return found || heard, begins
	}
	return found, first
}

// have reports whether every word is in an item's text, and whether each begins
// a field.
func (g *goods) have(i int, words []wanted) (found, first bool) {
	for w := range words {
		if !words[w].may(g, i) {
			return false, false
		}
	}
	first = true
	for w := range words {
		in, begins := words[w].in(g, i)
		if !in {
			return false, false
		}
		first = first && begins
	}
	return true, first
}

func within(text, word string) (found, first bool) {
	for at := 0; ; {
		n := strings.Index(text[at:], word)
		if n < 0 {
			return found, false
		}
		at += n
		if at == 0 || text[at-1] == '\n' {
			return true, true
		}
		found = true
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
}

// Search is the goods, at most so many, in which every word of the text occurs:
// in code, barcode, either name, reading or category. Hiragana, katakana and
// letters typed without an input method (koohii) find each other. The item with
// that code comes first, then those of which a field begins with the words, in
// the order of the catalogue. An empty text finds the first goods.
func (c Catalog) Search(text string, limit int) []Item {
	words := wants(text)
	if len(words) == 0 || len(c.items) == 0 {
		return slices.Clone(c.items[:min(max(limit, 0), len(c.items))])
	}
	best, rest := make([]int, 0, maxRanked/4), make([]int, 0, maxRanked)
	exact, known := c.find[FoldDigits(strings.TrimSpace(text))]
	if known {
		best = append(best, exact)
	}
	goods := c.goods()
	for i := range c.items {
		if len(best)+len(rest) >= max(maxRanked, limit) {
			break
		}
		switch found, first := goods.have(i, words); {
		case !found || known && i == exact:
		case first:
			best = append(best, i)
		default:
			rest = append(rest, i)
		}
	}
	best = append(best, rest...)
	found := make([]Item, 0, min(limit, len(best)))
	for _, i := range best[:min(max(limit, 0), len(best))] {
		found = append(found, c.items[i])
	}
	return found
}

// Names are what something is called, ready to be looked through.
type Names struct{ text, sound string }

// NewNames makes names ready to be looked through.
func NewNames(names ...string) Names {
	var n Names
	for _, name := range names {
		n.text += fold(name) + "\n"
		n.sound += sound(name) + "\n"
	}
	return n
}

// Find gives the indexes of those in whose names every word of a text occurs,
// found as Search finds goods: in letters of any width and case, in either kana,
// and typed without an input method. An empty text finds all.
func Find(text string, among []Names) []int {
	words := wants(text)
	var found []int
	for i, n := range among {
		if !slices.ContainsFunc(words, func(w wanted) bool {
			return !strings.Contains(n.text, w.word) && (w.sound == "" || !strings.Contains(n.sound, w.sound))
		}) {
			found = append(found, i)
		}
	}
	return found
}

// Departments are the items whose price is typed each time.
func (c Catalog) Departments() []Item { return slices.Clone(c.departments) }
