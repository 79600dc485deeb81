package ui

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"example.jp/reji/pos"
)

// cutMark ends a text that was cut. A real ellipsis is one cell on some
// terminals and two on others.
const cutMark = "~"

const spaces = "                                                                                                                                                                                                        "

// cells is how many cells of the terminal a text takes; looks take none.
func cells(s string) int { return ansi.StringWidth(s) }

// blank is so many spaces; none for a negative number.
func blank(n int) string {
	if n <= 0 {
		return ""
	}
	if n <= len(spaces) {
		return spaces[:n]
	}
	return strings.Repeat(" ", n)
}

// cut is a text of at most so many cells.
func cut(s string, width int) string {
	if width <= 0 {
		return ""
	}
	if len(s) <= width { // no character takes more cells than bytes
		return s
	}
	return ansi.Truncate(s, width, cutMark)
}

// widest is the width of the widest text.
func widest(texts []string) int {
	w := 0
	for _, s := range texts {
		w = max(w, cells(s))
	}
	return w
}

// left is a text of exactly so many cells, at the left.
func left(s string, width int) string {
	s = cut(s, width)
	return s + blank(width-cells(s))
}

// right is a text of exactly so many cells, at the right.
func right(s string, width int) string {
	s = cut(s, width)
	return blank(width-cells(s)) + s
}

// middle is a text of exactly so many cells, in the middle.
func middle(s string, width int) string {
	s = cut(s, width)
	before := (width - cells(s)) / 2
	return blank(before) + s + blank(width-cells(s)-before)
}

// between is a line of exactly so many cells with one text at each end. The
// left one is cut when both do not fit with a space between them.
func between(l, r string, width int) string {
	r = cut(r, width)
	room := width - cells(r)
	if r != "" && l != "" {
		room--
	}
	l = cut(l, room)
	return l + blank(width-cells(l)-cells(r)) + r
}

// noHead are characters that must not begin a line.
const noHead = "、。，．・：；？！）」』】〕〉》ーぁぃぅぇぉっゃゅょァィゥェォッャュョ,.:;?!)]"

// wrap breaks a text into lines of at most so many cells: after a space or the
// end of a Japanese sentence where one is near, never within a Latin word, and
// so that no line begins with a full stop or the like.
func wrap(s string, width int) []string {
	if width <= 0 {
		return nil
	}
	var lines []string
	for part := range strings.SplitSeq(s, "\n") {
		lines = append(lines, wrapLine(part, width)...)
	}
	return lines
}

// glyph is what a terminal draws as one: a character with its marks.
type glyph struct {
	r     rune // the character
	at    int  // where it begins in the text
	width int
}

func glyphs(s string) []glyph {
	all := make([]glyph, 0, len(s)/2)
	for at := 0; at < len(s); {
		cluster, width := ansi.FirstGraphemeCluster(s[at:], ansi.GraphemeWidth)
		r, _ := utf8.DecodeRuneInString(cluster)
		if r == ' ' && cluster != " " {
			r = utf8.RuneError // a space with a mark on it is no place to break
		}
		all = append(all, glyph{r: r, at: at, width: width})
		at += len(cluster)
	}
	return all
}

func wrapLine(s string, width int) []string {
	all := glyphs(s)
	var lines []string
	for begin := 0; begin < len(all) || lines == nil; {
		end, used := begin, 0
		for end < len(all) && used+all[end].width <= width {
			used += all[end].width
			end++
		}
		if end == len(all) {
			return append(lines, s[offset(s, all, begin):])
		}
		end = breakAt(all, begin, max(end, begin+1))
		lines = append(lines, strings.TrimRight(s[all[begin].at:offset(s, all, end)], " "))
		for begin = end; begin < len(all) && all[begin].r == ' '; {
			begin++
		}
	}
	return lines
}

// offset is where a glyph begins; the one after the last begins at the end.
func offset(s string, all []glyph, i int) int {
	if i == len(all) {
		return len(s)
	}
	return all[i].at
}

// breakAt is where to break a line of which the glyphs from begin to end fit.
func breakAt(all []glyph, begin, end int) int {
	if end == len(all) || all[end].r == ' ' {
		return end
	}
	if latin(all[end].r) && latin(all[end-1].r) {
		for i := end; i > begin; i-- {
			if !latin(all[i-1].r) {
				return i // before the word that is too long, after the space
			}
		}
		return end
	}
	for i := end; i > begin+1 && 3*(end-i) <= end-begin; i-- {
		if (strings.ContainsRune("、。」 ", all[i-1].r) || all[i].r == ' ') && !strings.ContainsRune(noHead, all[i].r) {
			return i
		}
	}
	for i := end; i > begin+1; i-- {
		if !strings.ContainsRune(noHead, all[i].r) {
			return i
		}
	}
	return end
}

// latin reports whether a character belongs to a word that is not broken.
func latin(r rune) bool { return r > ' ' && r < 0x300 }

// plural is a text with a count, for one and for any other number.
type plural struct{ One, Many string }

// of is the text with the count in it.
func (p plural) of(n int64) string {
	text := p.Many
	if n == 1 {
		text = p.One
	}
	return fmt.Sprintf(text, digits(n))
}

// digits is a number with its thousands separated.
func digits(n int64) string {
	var space [32]byte
	return string(appendDigits(space[:0], n))
}

// yen is an amount with its sign.
func yen(y pos.Yen) string {
	var space [32]byte
	return string(appendYen(space[:0], y))
}

// appendYen is yen for those who draw many of them.
func appendYen(b []byte, y pos.Yen) []byte {
	return appendDigits(append(b, "¥"...), int64(y))
}

// appendDigits is digits for those who draw many of them.
func appendDigits(b []byte, n int64) []byte {
	var space [24]byte
	digits := strconv.AppendInt(space[:0], n, 10)
	if digits[0] == '-' {
		b, digits = append(b, '-'), digits[1:]
	}
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b = append(b, ',')
		}
		b = append(b, d)
	}
	return b
}

// minutes is a duration as 4:07; a negative one is 0:00.
func minutes(d time.Duration) string {
	s := int(max(d, 0) / time.Second)
	rest := strconv.Itoa(s % 60)
	if len(rest) == 1 {
		rest = "0" + rest
	}
	return strconv.Itoa(s/60) + ":" + rest
}

// seconds is a duration in whole seconds, never negative.
func seconds(d time.Duration) int { return int(max(d, 0) / time.Second) }
