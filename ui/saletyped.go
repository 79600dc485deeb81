package ui

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

// letter is a command letter, held back to see whether a scan begins with it.
type letter struct {
	r  rune
	at time.Time
}

// typed is the screen with another input.
func (s sale) typed(input string) sale {
	if input == s.input {
		return s
	}
	s.input = input
	if input == "" {
		s.read = typedIn
	}
	_, number, _ := quantity(input)
	s.offers = s.catalog.Search(number, maxFound)
	s.preview = s.foresee()
	return s
}

// foresee says what Enter will make of the input.
func (s sale) foresee() string {
	w := s.words
	n, number, err := quantity(s.input)
	if err != nil {
		return w.Sale.BadQuantity
	}
	if number == "" {
		return ""
	}
	if returns(number) {
		return w.Entry.ReturnHow
	}
	many := ""
	if n > 1 {
		many = "  " + fmt.Sprintf(w.Sale.Quantity, digits(n))
	}
	if item, ok := s.catalog.Find(number); ok && item.Department() {
		return fmt.Sprintf(w.Sale.PreviewAsk, w.Common.itemName(item.Line(1))) + many
	} else if ok {
		return fmt.Sprintf(w.Sale.PreviewItem, w.Common.itemName(item.Line(1)), yen(item.Price)) + many
	}
	if s.read != typedIn {
		return ""
	}
	if mistyped(number) {
		return fmt.Sprintf(w.Sale.NoItem, pos.Clean(number, 30))
	}
	price, err := pos.ParseYen(number)
	if err != nil {
		return w.Sale.BadAmount
	}
	tax := s.order.Tax
	return fmt.Sprintf(w.Sale.PreviewPay, yen(price), tax.Standard, yen(price), tax.Reduced) + many
}

// quantity takes an input apart: 3*12 is three of what 12 stands for.
func quantity(input string) (n int64, rest string, err error) {
	before, after, multiplied := strings.Cut(input, "*")
	if !multiplied {
		return 1, input, nil
	}
	n, err = strconv.ParseInt(before, 10, 64)
	if err != nil || n < 1 || n > pos.MaxQuantity {
		return 0, after, pos.ErrQuantity
	}
	return n, after, nil
}

// runes takes typed characters. A Japanese keyboard sends full-width ones
// whenever its input method is on; those mean the same.
func (s sale) runes(runes []rune, now time.Time) (sale, tea.Cmd) {
	var cmd tea.Cmd
	for _, r := range runes {
		s, cmd = s.rune(r, now)
	}
	return s, cmd
}

const (
	// commands are the characters that stand for something, besides the quick
	// keys. A scan may have any of them.
	commands = "ruyepq+-!"
	// heldSigns is how many equal signs together no scan begins with: the key is
	// held down, and need not wait any more.
	heldSigns = 2
)

// signed is a number of pieces more or less.
func signed(r rune, n int64) int64 {
	if r == '-' {
		return -n
	}
	return n
}

func (s sale) rune(key rune, now time.Time) (sale, tea.Cmd) {
	w, r := s.words.Sale, halfWidth(key)
	if !s.burst.running(now) {
		if s.read == scanned && '0' <= r && r <= '9' {
			s = s.typed("")
		}
		s.before = s.input
	}
	s.burst = s.burst.add(r, now)
	switch {
	case '0' <= r && r <= '9':
		if len(s.input) >= maxInput {
			s.note = note{text: w.BadAmount, bad: true}
			return s, nil
		}
		return s.typed(s.input + string(r)), nil
	case r == '*':
		if s.input == "" || strings.Contains(s.input, "*") {
			s.note = note{text: w.BadQuantity, bad: true}
			return s, nil
		}
		if s.read == scanned {
			s.read = mended
		}
		return s.typed(s.input + "*"), nil
	case r == '-' && (strings.HasSuffix(s.input, "*") || s.input == "" && len(s.order.Lines) == 0):
		return s.typed(s.input + "-"), nil
	case (r == '+' || r == '-') && s.input == "" && s.burst.n > heldSigns && s.burst.only(r):
		n := int64(1)
		if s.burst.n == heldSigns+1 {
			n += heldSigns // those that have waited
		}
		return s.step(signed(r, n)), nil
	case (r == '+' || r == '-') && s.input != "":
		s.note = note{text: w.InputLeft}
		return s, nil
	case r == '/':
		return s.openSearch(), nil
	case r == '%':
		s.note = note{text: w.Percent}
		return s, nil
	case r == ' ':
		return s, nil
	case r < unicode.MaxASCII && strings.ContainsRune(commands+quickLetters, unicode.ToLower(r)):
		turn := s.turn
		s.waits = letter{r: unicode.ToLower(r), at: now}
		return s, tea.Tick(holdFor, func(time.Time) tea.Msg { return letterMsg{turn: turn} })
	}
	s.note = w.useless(key)
	return s, nil
}

// useless says of a character that it does nothing. Only one that an input
// method makes is blamed on it.
func (w saleWords) useless(r rune) note {
	if r > unicode.MaxASCII {
		return note{text: w.NoLetters, bad: true}
	}
	return note{text: fmt.Sprintf(w.NoLetter, string(r)), bad: true}
}

// letter does what the letter that waits stands for: it came alone, or after
// digits. Of two that came together nobody can tell which were meant.
func (s sale) letter() (screen, move, tea.Cmd) {
	r := s.waits.r
	s.waits = letter{}
	if r == 0 || s.busy || s.occupied() || s.burst.n >= burstLeast {
		return s, move{}, nil
	}
	if (r == '+' || r == '-') && s.burst.only(r) {
		return s.step(signed(r, int64(s.burst.n))), move{}, nil
	}
	if before := s.burst.text[:max(len(s.burst.text)-1, 0)]; strings.Trim(before, "0123456789*") != "" {
		s.note = note{text: fmt.Sprintf(s.words.Quick.TooFast, pos.Clean(s.burst.text, 10)), bad: true}
		return s, move{}, nil
	}
	if i := quickAt(r); i >= 0 {
		return s.sell(i), move{}, nil
	}
	switch r {
	case 'r':
		return s.price(pos.Reduced), move{}, nil
	case 'u':
		return s.undone(), move{}, nil
	case 'y':
		return s.redone(), move{}, nil
	case 'e':
		return s.here(), move{}, nil
	case 'p':
		return s.reprice(), move{}, nil
	case 'q':
		return s.abandon(), move{}, nil
	case '!':
		return s.attention()
	}
	return s, move{}, nil
}

// enter adds what is typed: an item, if its code is typed, or else a price.
func (s sale) enter() sale {
	if s.input == "" {
		return s
	}
	n, number, err := quantity(s.input)
	if err != nil || number == "" {
		s.note = note{text: s.words.Sale.BadQuantity, bad: true}
		return s
	}
	if returns(number) {
		s.note = note{text: s.words.Entry.ReturnHow, bad: true}
		return s
	}
	if s.read != typedIn {
		return s.lookAgain()
	}
	if item, ok := s.catalog.Find(number); ok {
		return s.put(item.Line(n), "")
	}
	if _, own := s.entry.InStore.Unpack(number); own {
		return s.lookAgain()
	}
	return s.price(pos.Standard)
}

// mistyped reports whether a number that is no item's can only have been meant
// for one: nobody writes a price with a zero in front.
func mistyped(number string) bool { return len(number) > 1 && number[0] == '0' }

// returns reports whether a number was meant to give money back, which is done
// in the sale that took it.
func returns(number string) bool { return strings.HasPrefix(number, "-") }

// price adds a line of the amount that is typed.
func (s sale) price(r pos.Rate) sale {
	w := s.words.Sale
	n, number, err := quantity(s.input)
	if err != nil {
		s.note = note{text: w.BadQuantity, bad: true}
		return s
	}
	if returns(number) {
		s.note = note{text: s.words.Entry.ReturnHow, bad: true}
		return s
	}
	if s.read != typedIn {
		s.note = note{text: fmt.Sprintf(w.UnknownCode, pos.Clean(number, 30)), bad: true}
		return s
	}
	if mistyped(number) {
		s.note = note{text: fmt.Sprintf(w.NoItem, pos.Clean(number, 30)), bad: true}
		return s
	}
	price, err := pos.ParseYen(number)
	if err != nil {
		s.note = note{text: w.BadAmount, bad: true}
		return s
	}
	return s.putPrice(pos.Line{Unit: price, Quantity: n, Rate: r})
}

// halfWidth is a full-width character's ordinary form, or the character.
func halfWidth(r rune) rune {
	switch {
	case '！' <= r && r <= '～':
		return r - '！' + '!'
	case r == '　':
		return ' '
	case r == '・':
		return '/' // the same key with the input method on
	case r == '×':
		return '*'
	case r == 'ー' || r == '−':
		return '-'
	}
	return r
}
