package ui

import (
	"encoding/xml"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.jp/reji/ui/escpos"
	"example.jp/reji/ui/escpos/emulator"
)

var pictures = flag.String("pictures", "", "a folder for pictures of what the emulated printer prints")

// picture draws what came out of the printer, as an SVG: each character at its
// place on the paper, in cells of 12 by 24 dots, which are what a printer of
// that width has.
func picture(t *testing.T, name string, columns int, out emulator.Printed) {
	t.Helper()
	if *pictures == "" {
		return
	}
	const dots, line, margin = 12, 30, 24
	var b strings.Builder
	y, codes := margin, 0
	for _, l := range out.Lines {
		if strings.TrimSpace(l.Text) == "[QR]" {
			y += printedQR(t, &b, out.QR[codes], columns*dots/2+margin, y) + line
			codes++
			continue
		}
		size, height, weight := dots, line, "normal"
		if l.Large {
			size, height = 2*dots, 2*line
		}
		if l.Bold {
			weight = "bold"
		}
		x := margin
		for _, r := range l.Text {
			width := size * escpos.Columns(string(r))
			var char strings.Builder
			_ = xml.EscapeText(&char, []byte(string(r))) // a builder takes everything
			fmt.Fprintf(&b, `<text x="%d" y="%d" font-size="%d" font-weight="%s" text-anchor="middle">%s</text>`+"\n",
				x+width/2, y+height*3/4, 2*size, weight, &char)
			x += width
		}
		y += height
	}
	width := columns*dots + 2*margin
	svg := fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="Noto Sans Mono CJK JP, monospace">`+"\n"+
		`<rect width="100%%" height="100%%" fill="white"/>`+"\n%s</svg>\n", width, y+margin, &b)
	if err := os.WriteFile(filepath.Join(*pictures, name+".svg"), []byte(svg), 0o600); err != nil {
		t.Fatal(err)
	}
}

// printedQR draws a code below a place, in modules of 4 dots, and says how high it
// is.
func printedQR(t *testing.T, b *strings.Builder, content string, middle, top int) int {
	t.Helper()
	const module = 4
	code, err := newMatrix(content)
	if err != nil {
		t.Fatal(err)
	}
	size := module * len(code)
	for y, row := range code {
		for x, dark := range row {
			if dark {
				fmt.Fprintf(b, `<rect x="%d" y="%d" width="%d" height="%d"/>`+"\n", middle-size/2+x*module, top+y*module, module, module)
			}
		}
	}
	return size
}
