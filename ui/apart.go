package ui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// apart cuts names of goods to so many cells. Where different ones would then
// look the same, the middle is left out, and what tells them apart stays. The
// mark ends a name of which the end was cut.
func apart(names []string, width int, mark string) []string {
	cuts := make([]string, len(names))
	for i, n := range names {
		cuts[i] = clip(n, width, mark)
	}
	shown := cuts
	for i, n := range names {
		if cuts[i] == n {
			continue
		}
		same := 0
		for j, other := range names {
			if cuts[j] == cuts[i] && other != n {
				same = max(same, shared(n, other))
			}
		}
		if same == 0 {
			continue
		}
		if &shown[0] == &cuts[0] {
			shown = slices.Clone(cuts)
		}
		shown[i] = withoutMiddle(n, same, width, mark)
	}
	return shown
}

// clip is a name of at most so many cells. Where no mark says that it was cut,
// it ends before a number that does not fit: 50 is not 500 ml.
func clip(name string, width int, mark string) string {
	if len(name) <= width { // no character takes more cells than bytes
		return name
	}
	text := ansi.Truncate(name, max(width, 0), mark)
	const figures = "0123456789"
	if mark != "" || len(text) == len(name) || !strings.ContainsRune(figures, rune(name[len(text)])) {
		return text
	}
	if whole := strings.TrimRight(text, figures); whole != "" {
		return strings.TrimRight(whole, " ")
	}
	return text
}

// shared is how many bytes of a name are the beginning of another one too.
func shared(name, other string) int {
	at := 0
	for at < len(name) {
		cluster, _ := ansi.FirstGraphemeCluster(name[at:], ansi.GraphemeWidth)
		if !strings.HasPrefix(other[at:], cluster) {
			break
		}
		at += len(cluster)
	}
	return at
}

// withoutMiddle is a name with its beginning, and what stands behind so many of
// its bytes: from the beginning of the word, if there is room for that.
func withoutMiddle(name string, same, width int, mark string) string {
	const widestSign = 2
	room := width - len(cutMark) - max(widestSign, width/3)
	if room < widestSign {
		return ansi.Truncate(name, max(width, 0), mark)
	}
	word := strings.LastIndexByte(name[:same], ' ') + 1
	if cells(name[word:same])+widestSign > room {
		word = same
	}
	end := strings.TrimLeft(name[word:], " ")
	if cells(end) > room {
		end = ansi.Truncate(end, room, mark)
	}
	begin := ansi.Truncate(name[:word], width-len(cutMark)-cells(end), "")
	return strings.TrimRight(begin, " ") + cutMark + end
}
