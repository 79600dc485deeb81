package ui

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"
)

// scroll shows a part of a text that is longer than its place. How far down
// makes sense depends on the size of the window, which only drawing knows, so
// that drawing notes it here for the next key.
type scroll struct {
	top  int // first line shown
	most int // the furthest that top can go, as of the last drawing
	page int // lines that were shown then
}

// press takes a key and reports whether it was one that scrolls.
func (s *scroll) press(k tea.KeyMsg) bool {
	switch k.Type {
	case tea.KeyUp:
		s.top--
	case tea.KeyDown:
		s.top++
	case tea.KeyPgUp:
		s.top -= max(s.page-1, 1)
	case tea.KeyPgDown:
		s.top += max(s.page-1, 1)
	case tea.KeyHome:
		s.top = 0
	case tea.KeyEnd:
		s.top = s.most
	default:
		return false
	}
	s.top = max(min(s.top, s.most), 0)
	return true
}

// window is the lines that show in so much height. Where not all of them do,
// the last line says which ones.
func (s *scroll) window(lines []string, width, height int, t theme) []string {
	if len(lines) <= height || height < 2 {
		s.most, s.page = 0, height
		return lines[:max(min(len(lines), height), 0)]
	}
	s.page = height - 1
	s.most = len(lines) - s.page
	s.top = max(min(s.top, s.most), 0)
	shown := make([]string, 0, height)
	shown = append(shown, lines[s.top:s.top+s.page]...)
	where := fmt.Sprintf("PgUp PgDn  %d-%d / %d", s.top+1, s.top+s.page, len(lines))
	return append(shown, t.faint.paint(right(where, width)))
}
