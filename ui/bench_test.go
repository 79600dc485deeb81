package ui

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

// manyGoods is a catalogue of 100,000 items.
func manyGoods(b *testing.B) pos.Catalog {
	b.Helper()
	var csv strings.Builder
	csv.WriteString("code,barcode,name,name_en,category,price,tax\n")
	for i := range 100_000 {
		fmt.Fprintf(&csv, "%06d,29%011d,商品その%d,goods number %d,food,%d,reduced\n", i, i, i, i, 100+i%1000)
	}
	c, err := pos.ReadCatalog(strings.NewReader(csv.String()), "many")
	if err != nil {
		b.Fatal(err)
	}
	c.Search("a", 1) // it is made ready to be searched beside the till
	return c
}

// BenchmarkKey is one key on a screen and the frame that follows.
func BenchmarkKey(b *testing.B) {
	goods := manyGoods(b)
	order := func(a *app) {
		s := newSale(a.env)
		for i := range 40 {
			s = s.put(pos.Line{Code: strconv.Itoa(i), Name: "商品", Unit: 480, Quantity: 1, Rate: pos.Standard}, "")
		}
		a.stack[0] = s
	}
	for _, c := range []struct {
		name    string
		size    tea.WindowSizeMsg
		prepare func(*app)
		fake    *fake
		keys    []string
	}{
		{"Sale/digit", tea.WindowSizeMsg{Width: 80, Height: 24}, order, &fake{}, []string{"1", "9", "backspace", "backspace"}},
		{"Sale/digit-wide", tea.WindowSizeMsg{Width: 160, Height: 50}, order, &fake{}, []string{"1", "9", "backspace", "backspace"}},
		{"Sale/arrows", tea.WindowSizeMsg{Width: 80, Height: 24}, order, &fake{}, []string{"up", "up", "down", "down"}},
		{"Sale/plus", tea.WindowSizeMsg{Width: 80, Height: 24}, order, &fake{}, []string{"+", "-"}},
		{"Sale/quick", tea.WindowSizeMsg{Width: 80, Height: 24}, order, &fake{}, []string{"tab", "tab", "shift+tab", "shift+tab"}},
		{"Sale/quick-wide", tea.WindowSizeMsg{Width: 160, Height: 50}, order, &fake{}, []string{"tab", "tab", "shift+tab", "shift+tab"}},
		{"Search/sound", tea.WindowSizeMsg{Width: 80, Height: 24}, func(a *app) { order(a); a.press(keyNamed("/")) }, &fake{}, []string{"s", "h", "o", "backspace", "backspace", "backspace"}},
		{"Search/letter", tea.WindowSizeMsg{Width: 80, Height: 24}, func(a *app) { order(a); a.press(keyNamed("/")) }, &fake{}, []string{"z", "7", "backspace", "backspace"}},
		{"Payment/check", tea.WindowSizeMsg{Width: 80, Height: 24}, nil, paying(saleOf(pos.Live)), []string{"c"}},
		{"Payment/dialog", tea.WindowSizeMsg{Width: 80, Height: 24}, nil, paying(saleOf(pos.Live)), []string{"x", "esc"}},
		{"Hold/amount", tea.WindowSizeMsg{Width: 80, Height: 24}, func(a *app) { a.press(keyNamed("k")) }, paying(held()), []string{"1", "2", "backspace", "backspace"}},
		{"Holds/arrows", tea.WindowSizeMsg{Width: 120, Height: 40}, func(a *app) { a.press(keyNamed("f11")) }, &fake{holds: openHolds(200)}, []string{"up", "down"}},
		{"List/arrows", tea.WindowSizeMsg{Width: 80, Height: 24}, func(a *app) { a.press(keyNamed("f3")) }, &fake{}, []string{"up", "down"}},
	} {
		b.Run(c.name, func(b *testing.B) {
			e := testEnv(b, "ja", c.fake)
			e.catalog = goods
			a := newApp(e)
			a.Update(c.size)
			if c.prepare != nil {
				c.prepare(a)
			}
			keys := make([]tea.KeyMsg, len(c.keys))
			for i, k := range c.keys {
				keys[i] = keyNamed(k)
			}
			b.ReportAllocs()
			i, shown := 0, 0
			for b.Loop() {
				a.press(keys[i%len(keys)])
				shown += len(a.View())
				i++
			}
			if shown == 0 {
				b.Error("nothing was shown")
			}
		})
	}
}
