// Package ui is the face of the till: Bubble Tea screens for a cashier with a
// keyboard and a barcode scanner, in Japanese or English.
//
// It promises that money moves only on the key that a screen names for it, that
// a scan never acts as commands, that nothing on a screen is newer than what the
// register has written down, and that every screen fits from 60x20 up.
//
// Start at [New], which gives the model for tea.NewProgram. app.go routes
// messages and draws the frame; every screen has a file of its own, with its
// words in both languages beside it.
package ui
