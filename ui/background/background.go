// Package background tells lipgloss that the terminal is dark, so that nobody
// asks the terminal.
//
// Bubble Tea asks it in a package init, for every program that imports it, and
// waits five seconds for an answer. Serial consoles, web terminals and kiosks
// give none, so that a till would stand still for five seconds before its first
// frame, and longer if somebody types meanwhile. Once lipgloss has been told,
// the question is not asked.
//
// That has to happen before Bubble Tea's init. Go runs the init of packages
// that wait for nothing else in the order of their import paths, so this
// package imports lipgloss and nothing more, and its path sorts before
// github.com/charmbracelet/bubbletea. A module path that sorts later would
// lose the cure; the package's test says so.
//
// Which answer is given does not matter: the till's colours are chosen to be
// readable on dark and on light alike.
package background

import "github.com/charmbracelet/lipgloss"

func init() { //nolint:gochecknoinits // only an init can come before Bubble Tea's
	lipgloss.SetHasDarkBackground(true)
}
