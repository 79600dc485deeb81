package ui

import (
	"strconv"
	"strings"
	"time"

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

// wrap breaks a text into lines of at most so many cells: at spaces where
// there are some, else between any two characters, but so that no line begins
// with a full stop or the like.
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

func wrapLine(s string, width int) []string {
	var lines []string
	runes := []rune(s)
	for len(runes) > 0 {
		n, used, space := 0, 0, -1
		for n < len(runes) {
			w := cells(string(runes[n]))
			if used+w > width {
				break
			}
			if runes[n] == ' ' {
				space = n
			}
			used += w
			n++
		}
		if n == len(runes) {
			return append(lines, string(runes))
		}
		if n == 0 {
			runes = runes[1:] // a character that is wider than the line
			continue
		}
		n = breakAt(runes, n, space)
		lines = append(lines, strings.TrimRight(string(runes[:n]), " "))
		runes = []rune(strings.TrimLeft(string(runes[n:]), " "))
	}
	if lines == nil {
		return []string{""}
	}
	return lines
}

// breakAt is where to break a line of which n characters fit.
func breakAt(runes []rune, n, space int) int {
	if runes[n] == ' ' {
		return n
	}
	latin := func(r rune) bool { return r > ' ' && r < 0x300 }
	if latin(runes[n]) && latin(runes[n-1]) {
		if space > 0 {
			return space
		}
		if start := wordStart(runes, n, latin); start > 0 {
			return start
		}
		return n
	}
	for m := n; m > 1 && n-m < 3; m-- {
		if !strings.ContainsRune(noHead, runes[m]) {
			return m
		}
	}
	return n
}

// wordStart is where the word begins that reaches over n.
func wordStart(runes []rune, n int, latin func(rune) bool) int {
	for n > 0 && latin(runes[n-1]) {
		n--
	}
	return n
}

// yen is an amount with its sign.
func yen(y pos.Yen) string { return "¥" + y.String() }

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
