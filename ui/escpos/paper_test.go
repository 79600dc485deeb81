package escpos_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"example.jp/reji/ui/escpos"
	"example.jp/reji/ui/escpos/emulator"
)

func narrow(r rune) bool { return ansi.StringWidth(string(r)) < 2 }

// fold is the text as a screen would lay it out for paper.
func fold(s string) string { return escpos.Fold(s, narrow) }

func printed(t interface{ Fatalf(string, ...any) }, p escpos.Paper) emulator.Printed {
	out, err := emulator.Print(p.Columns, escpos.Encode(p))
	if err != nil {
		t.Fatalf("%v", err)
	}
	return out
}

func TestEncode_isWhatTextSays(t *testing.T) {
	t.Parallel()
	p := escpos.Paper{Columns: escpos.Columns58, Drawer: true, Lines: []escpos.Line{
		{Text: "むーんカフェ", Bold: true},
		{Rule: true},
		{Text: "¥1,280", Large: true},
		{Text: "領収", Large: true, Bold: true},
		{Text: "ｶﾌｪﾗﾃ   コーラ×2 ① *"},
		{Text: ""},
		{QR: "R1-20261123-000123-abc"},
		{Text: "ありがとうございました"},
	}}
	out := printed(t, p)
	if d := cmp.Diff(escpos.Text(p), out.Text()); d != "" {
		t.Errorf("-preview +paper\n%s", d)
	}
	if d := cmp.Diff([]string{"R1-20261123-000123-abc"}, out.QR); d != "" {
		t.Error(d)
	}
	if out.Cuts != 1 || out.Pulses != 1 {
		t.Errorf("%d cuts, %d pulses", out.Cuts, out.Pulses)
	}
	if !out.Lines[0].Bold || out.Lines[0].Large || !out.Lines[2].Large || out.Lines[2].Bold || !out.Lines[3].Bold {
		t.Errorf("looks: %+v", out.Lines)
	}
	p.Drawer = false
	if out := printed(t, p); out.Pulses != 0 {
		t.Error("the drawer was opened")
	}
}

func TestFold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, paper string }{
		{"おにぎり 鮭", "おにぎり 鮭"},
		{"コーラ×2 ※①", "コーラ×2 ※①"},
		{"café", "caf?"},
		{"𠮷野家", "〓野家"},
		{"髙島屋", "髙島屋"}, // in names
		{"お茶🍵", "お茶〓"},
		{"a\x1b@b\nc\x00d\x7f", "a?@b?c?d?"},
		{`\100`, "?100"},
		{"¥100", "¥100"},
		{"ﾊﾞﾅﾅ", "ﾊﾞﾅﾅ"},
		{"仼", "仼"},
		{"か\u3099", "か?"},
		{"\U00020001", "〓"}, // looks like a stand-in, and is none
	} {
		p := escpos.Paper{Columns: 32, Lines: []escpos.Line{{Text: fold(c.in)}}}
		if got := escpos.Text(p)[0]; got != c.paper {
			t.Errorf("%q: %q, not %q", c.in, got, c.paper)
		}
		if got := printed(t, p).Lines[0].Text; got != c.paper {
			t.Errorf("%q printed: %q, not %q", c.in, got, c.paper)
		}
	}
}

// Whatever a name contains, the printer prints it as one line, as wide as the
// screen counts it, and does nothing else.
func TestEncode_ofAnyText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := fold(rapid.OneOf(
			rapid.String(),
			rapid.StringMatching(`[ -~ｱ-ﾝぁ-んァ-ヶ一-龠①-⑳Α-ωА-я※×°±]{0,20}`),
		).Draw(t, "text"))
		if again := fold(text); again != text {
			t.Fatalf("%q folded twice: %q", text, again)
		}
		width := ansi.StringWidth(text)
		if columns := escpos.Columns(text); columns != width {
			t.Fatalf("%q: %d columns of paper, %d of the screen", text, columns, width)
		}
		p := escpos.Paper{Columns: max(2*width, 32), Lines: []escpos.Line{{
			Text: text, Bold: rapid.Bool().Draw(t, "bold"), Large: rapid.Bool().Draw(t, "large"),
		}, {QR: rapid.StringN(1, -1, 200).Draw(t, "code")}}}
		out := printed(t, p)
		if len(out.Lines) != 2 || out.Cuts != 1 || out.Pulses != 0 {
			t.Fatalf("printed: %+v", out)
		}
		if d := cmp.Diff(escpos.Text(p), out.Text()); d != "" {
			t.Fatalf("-preview +paper\n%s", d)
		}
	})
}

// Encode does not trust its caller to have folded.
func TestEncode_ofUnfoldedText(t *testing.T) {
	t.Parallel()
	out := printed(t, escpos.Paper{Columns: 32, Lines: []escpos.Line{{Text: "\x1bp0é🍵\n"}}})
	if len(out.Lines) != 1 || out.Lines[0].Text != "?p0?〓?" {
		t.Errorf("%+v", out)
	}
}

func TestEmulator_refuses(t *testing.T) {
	t.Parallel()
	const begin = "\x1b@\x1bR\x08\x1bt\x01\x1cC\x01\x1c."
	for name, c := range map[string]struct{ data, why string }{
		"an unknown command":           {begin + "\x1bZ\x01", "no such command"},
		"a control character":          {begin + "a\x07\n", "no such command"},
		"an unknown setting":           {begin + "\x1d!\x22a\n", "no such command"},
		"a line over the width":        {begin + strings.Repeat("a", 33) + "\n", "more than 32 columns"},
		"a large line over the width":  {begin + "\x1d!\x11" + strings.Repeat("a", 17) + "\n", "more than 32 columns"},
		"kanji over the width":         {begin + "\x1c&" + strings.Repeat("\x82\xa0", 17) + "\n", "more than 32 columns"},
		"kanji outside kanji mode":     {begin + "\x82\xa0\n", "outside kanji mode"},
		"kanji in no code":             {"\x1b@\x1c&\x82\xa0\n", "in Shift_JIS"},
		"half a pair":                  {begin + "\x1c&\x82\n", "no pair"},
		"a pair that is none":          {begin + "\x1c&\x82\x20\n", "no pair"},
		"a pair without a character":   {begin + "\x1c&\x85\x9f\n", "no character"},
		"a character of IBM's":         {begin + "\x1c&\xfb\xfc\n", "no pair"},
		"katakana in kanji mode":       {begin + "\x1c&\xb1\x20\n", "no pair"},
		"katakana without its table":   {"\x1b@\xb1\n", "none"},
		"a backslash":                  {"\x1b@\\\n", "backslash"},
		"a cut through a line":         {begin + "abc\x1dV\x42\x03", "through a line"},
		"a cut without an end":         {begin + "\x1dV\x42", "without the way"},
		"a line without an end":        {begin + "abc", "no end"},
		"large text with small kanji":  {begin + "\x1d!\x11\x1c&\x82\xa0\n", "another size"},
		"two sizes in a line":          {begin + "a\x1d!\x11b\n", "two looks"},
		"a code that says nothing":     {begin + "\x1ba\x01\x1d(k\x03\x001Q0", "says nothing"},
		"a code at the left":           {begin + "\x1d(k\x03\x001C\x04\x1d(k\x04\x001P0a\x1d(k\x03\x001Q0", "middle"},
		"a code longer than it says":   {begin + "\x1d(k\x09\x001P0a", "cut"},
		"a code with other parameters": {begin + "\x1d(k\x03\x001X0", "a code with"},
		"a reset within a line":        {begin + "a\x1b@", "thrown away"},
		"a place set within a line":    {begin + "a\x1ba\x01", "within a line"},
	} {
		if _, err := emulator.Print(32, []byte(c.data)); err == nil || !strings.Contains(err.Error(), c.why) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzEncode(f *testing.F) {
	for _, s := range []string{"", "おにぎり", "\x1b@", "①※×", "ｶﾅ", "a\\b", "\xff", "𠮷"} {
		f.Add(s, false)
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, s string, large bool) {
		text := fold(s)
		p := escpos.Paper{Columns: max(2*escpos.Columns(text), 32), Lines: []escpos.Line{{Text: text, Large: large}}}
		if d := cmp.Diff(escpos.Text(p), printed(t, p).Text()); d != "" {
			t.Error(d)
		}
		if _, err := emulator.Print(1<<30, escpos.Encode(escpos.Paper{Columns: 32, Lines: []escpos.Line{{Text: s}}})); err != nil {
			t.Error(err)
		}
	})
}
