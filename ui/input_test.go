package ui

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// sifted is what is read of pieces that come so long after one another.
func sifted(gap time.Duration, pieces ...string) string {
	var s sieve
	var out []byte
	for i, p := range pieces {
		if i == 0 {
			out = append(out, s.sift([]byte(p), time.Hour, false)...)
		} else {
			out = append(out, s.sift([]byte(p), gap, false)...)
		}
	}
	return string(out)
}

func TestInput_sequencesAreWholeOrNothing(t *testing.T) {
	t.Parallel()
	const f9, touch = "\x1b[20~", "\x1b[<0;12;5M"
	for name, c := range map[string]struct {
		pieces    []string
		atOnce    string // when the pieces come at once
		afterward string // when they come slowly
	}{
		"text":                {[]string{"480\r", "おにぎり"}, "480\rおにぎり", "480\rおにぎり"},
		"a key":               {[]string{f9 + "\x1bOR" + "\x1b[[A" + "\x1b[7$"}, f9 + "\x1bOR\x1b[[A\x1b[7$", f9 + "\x1bOR\x1b[[A\x1b[7$"},
		"a key, cut":          {[]string{"\x1b[2", "0~"}, f9, "0~"},
		"a key, cut at the O": {[]string{"480\x1bO", "R"}, "480\x1bOR", "480R"},
		"a key, cut at Esc":   {[]string{"\x1b", "[20~"}, "\x1b", "\x1b[20~"},
		"Esc, then text":      {[]string{"\x1b", "12"}, "\x1b12", "\x1b12"},
		"Esc, Esc":            {[]string{"\x1b", "\x1b"}, "\x1b\x1b", "\x1b\x1b"},
		"with Alt":            {[]string{"\x1bx", "\x1b\x1b[A"}, "\x1bx\x1b\x1b[A", "\x1bx\x1b\x1b[A"},
		"a key, then a scan":  {[]string{"\x1b[20", "49\r"}, "\r", "49\r"},
		"a key, then another": {[]string{"\x1b[2", f9}, f9, f9},
		"a touch, cut":        {[]string{"\x1b[<0;1", "2;5M"}, touch, "2;5M"},
		"an old touch, cut":   {[]string{"\x1b[M !", "4"}, "\x1b[M !4", "4"},
		"a colour":            {[]string{"\x1b]11;rgb:0000/0000/0000\a1"}, "1", "1"},
		"a colour, cut":       {[]string{"\x1b]11;rgb:00", "00/0000/0000\x1b\\1"}, "1", "00/0000/0000\x1b\\1"},
		"its end, cut":        {[]string{"\x1b]11;rgb:0000\x1b", "\\1"}, "1", "\\1"},
		"a name":              {[]string{"\x1bP>|xterm(367)\x1b\\", "\x1b_G31;OK\x1b\\"}, "", ""},
		"without end":         {[]string{"\x1b[" + strings.Repeat("1;", 999) + "~2"}, "2", "2"},
		"a letter, cut":       {[]string{"\xe3\x81", "\x82"}, "あ", ""},
		"no letters":          {[]string{"1\xff\xfe\xc02\x80"}, "12", "12"},
		"a paste":             {[]string{pasteStart + "48\x1b[2", "0~0" + pasteEnd + "1"}, pasteStart + "48~0" + pasteEnd + "1", pasteStart + "48~0" + pasteEnd + "1"},
		"a paste, Esc cut":    {[]string{"\x1b", pasteStart[1:] + "480\r" + pasteEnd + "1"}, "\x1b1", "\x1b" + pasteStart[1:] + "480\r" + pasteEnd + "1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.atOnce, sifted(time.Millisecond, c.pieces...)); diff != "" {
				t.Errorf("at once (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.afterward, sifted(2*burstGap, c.pieces...)); diff != "" {
				t.Errorf("slowly (-want +got):\n%s", diff)
			}
		})
	}
}

// A paste that has lost its end takes no key with it.
func TestInput_pasteEnds(t *testing.T) {
	t.Parallel()
	if got, want := sifted(time.Second, pasteStart+"480", "1", "2"), pasteStart+"480"+pasteEnd+"12"; got != want {
		t.Errorf("read %q, want %q", got, want)
	}
	long := pasteStart + strings.Repeat("4", 10*maxPaste) + pasteEnd + "1"
	if got, want := sifted(0, long), pasteStart+strings.Repeat("4", maxPaste)+pasteEnd+"1"; got != want {
		t.Errorf("%d bytes of a long paste, want %d", len(got), len(want))
	}
}

// However a stream of keys is cut, the same keys are read, as long as the pieces
// come at once and no Esc stands alone.
func TestInput_cutsChangeNothing(t *testing.T) {
	t.Parallel()
	keys := []string{"480\r", "あ", "\x1b[20~", "\x1bOR", "\x1b[<0;12;5M", "\x1b[M !4", "\x1b]11;rgb:0000\a", "\x1b]4;1\x1b\\", pasteStart + "1\r" + pasteEnd}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.SampledFrom(keys)).Draw(t, "keys"), "")
		want := sifted(0, text)
		var pieces []string
		for rest := text; rest != ""; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "cut")
			for n < len(rest) && rest[n-1] == 0x1b {
				n++
			}
			pieces, rest = append(pieces, rest[:n]), rest[n:]
		}
		if got := sifted(time.Millisecond, pieces...); got != want {
			t.Fatalf("%q reads %q, want %q", pieces, got, want)
		}
	})
}

func TestInput_reads(t *testing.T) {
	t.Parallel()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	want := strings.Repeat("\x1b[20~おにぎり", 500)
	go func() { _, _ = fmt.Fprint(w, want); _ = w.Close() }()
	in := NewInput(r)
	in.now = func() time.Time { return noon }
	var got bytes.Buffer
	for _, size := range []int{256, 1, 7, 100, 4096} {
		p := make([]byte, size)
		for range 20 {
			n, err := in.Read(p)
			got.Write(p[:n])
			if err != nil {
				break
			}
		}
	}
	p := make([]byte, 256)
	for {
		n, err := in.Read(p)
		got.Write(p[:n])
		if err != nil {
			break
		}
	}
	if got.String() != want {
		t.Errorf("read %d bytes that are not the %d", got.Len(), len(want))
	}
}

func FuzzInput(f *testing.F) {
	f.Add([]byte("\x1b[20~480\r"), []byte("\x1b]11;\a"))
	f.Add([]byte("\x1b[200~a"), []byte("\x1b[201~\x1b[<0;1;1M"))
	f.Fuzz(func(t *testing.T, one, two []byte) {
		for _, gap := range []time.Duration{0, time.Second} {
			var s sieve
			for _, piece := range [][]byte{one, two} {
				if out := s.sift(piece, gap, false); len(out) > len(piece)+readRoom {
					t.Fatalf("%q gives %q", piece, out)
				}
				if len(s.held) > maxSequence {
					t.Fatalf("%d bytes are held back", len(s.held))
				}
			}
			// Whatever it was, a key after a pause is a key.
			if out := string(s.sift([]byte("7"), time.Second, false)); !strings.HasSuffix(out, "7") {
				t.Fatalf("after %q, %q: 7 reads %q", one, two, out)
			}
		}
	})
}
