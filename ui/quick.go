package ui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"example.jp/reji/pos"
)

const (
	// quickLetters are the quick keys: two rows of six under the left hand,
	// which leave the right one to the digits.
	quickLetters = "asdfghzxcvbn"
	// quickRange is how they are written, row by row.
	quickRange = "a-h z-n"
	// maxPages is how many pages of them there can be.
	maxPages = 9
	// firstPages are filled with goods until the shop has keys of its own.
	firstPages = 5
)

// quickPage is what is on the twelve keys.
type quickPage [len(quickLetters)]quickKey

func (p quickPage) free() bool {
	return !slices.ContainsFunc(p[:], func(k quickKey) bool { return !k.free() })
}

// quickKey is what one key sells: an item, or goods as a set. The zero key is
// free.
type quickKey struct {
	name  string // empty for an item that goes by its own name
	goods []quickGoods
	off   pos.Yen // in all
}

// quickGoods are so many of an item.
type quickGoods struct {
	code string
	n    int64
}

func (k quickKey) free() bool { return len(k.goods) == 0 }

// set reports whether the key sells more than an item.
func (k quickKey) set() bool { return len(k.goods) > 1 || k.off > 0 }

// sequence is what the key sells as it is written: 034 003*2 -100.
func (k quickKey) sequence() string {
	var all []string
	for _, g := range k.goods {
		if g.n > 1 {
			g.code += "*" + strconv.FormatInt(g.n, 10)
		}
		all = append(all, g.code)
	}
	if k.off > 0 {
		all = append(all, "-"+strconv.FormatInt(int64(k.off), 10))
	}
	return strings.Join(all, " ")
}

// String is the key as a file has it: its name, if it has one, and its
// sequence.
func (k quickKey) String() string {
	if k.name == "" {
		return k.sequence()
	}
	return k.name + ": " + k.sequence()
}

// readQuickKey reads what String writes.
func readQuickKey(text string) (quickKey, bool) {
	var k quickKey
	if name, rest, named := strings.Cut(text, ":"); named {
		k.name, text = pos.Clean(strings.TrimSpace(name), maxNote), rest
	}
	for part := range strings.FieldsSeq(text) {
		if off, less := strings.CutPrefix(part, "-"); less {
			y, err := pos.ParseYen(off)
			if err != nil || k.off > 0 {
				return quickKey{}, false
			}
			k.off = y
			continue
		}
		code, times, many := strings.Cut(part, "*")
		g := quickGoods{code: code, n: 1}
		if many {
			n, err := strconv.ParseInt(times, 10, 64)
			if err != nil || n < 1 || n > pos.MaxQuantity {
				return quickKey{}, false
			}
			g.n = n
		}
		if code == "" || len(code) > 20 || strings.ContainsFunc(code, func(r rune) bool {
			return r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
		}) {
			return quickKey{}, false
		}
		k.goods = append(k.goods, g)
	}
	return k, len(k.goods) > 0 && len(k.goods) <= maxSet
}

// maxSet is more than is eaten at one meal.
const maxSet = 20

// firstQuick are the pages of a shop that has none of its own: the first goods
// of its catalogue, and its departments where the thumb finds them.
func firstQuick(c pos.Catalog) []quickPage {
	var goods, departments []string
	for _, i := range c.Search("", firstPages*len(quickLetters)) {
		if !i.Department() {
			goods = append(goods, i.Code)
		}
	}
	for _, i := range c.Departments() {
		departments = append(departments, i.Code)
	}
	departments = departments[:min(len(departments), 3)]
	goods = goods[:min(len(goods), firstPages*len(quickLetters)-len(departments))]
	at := min(len(goods), len(quickLetters)-len(departments))
	codes := slices.Insert(goods, at, departments...)
	pages := make([]quickPage, max(1, (len(codes)+len(quickLetters)-1)/len(quickLetters)))
	for i, code := range codes {
		pages[i/len(quickLetters)][i%len(quickLetters)] = quickKey{goods: []quickGoods{{code: code, n: 1}}}
	}
	return pages
}

// quickAt is which of the quick keys a letter is, and -1 for one that is none.
func quickAt(r rune) int { return strings.IndexRune(quickLetters, unicode.ToLower(r)) }

// quickLines are the lines of an order that a key puts there, or the code of an
// item that is not in the catalogue.
func (e env) quickLines(k quickKey) (lines []pos.Line, missing string) {
	for _, g := range k.goods {
		item, ok := e.catalog.Find(g.code)
		if !ok {
			return nil, g.code
		}
		lines = append(lines, item.Line(g.n))
	}
	return lines, ""
}

// sell does what a quick key stands for.
func (s sale) sell(i int) sale {
	w := s.words.Quick
	k, letter := s.quick[s.page][i], string(quickLetters[i])
	n, number, err := quantity(s.input)
	switch {
	case k.free():
		s.note = note{text: fmt.Sprintf(w.Free, letter), bad: true}
		return s
	case err != nil:
		s.note = note{text: s.words.Sale.BadQuantity, bad: true}
		return s
	case s.read != typedIn:
		s.note = note{text: s.words.Sale.InputLeft, bad: true}
		return s
	case returns(number):
		s.note = note{text: s.words.Entry.ReturnHow, bad: true}
		return s
	}
	lines, missing := s.quickLines(k)
	if missing != "" {
		s.note = note{text: fmt.Sprintf(w.Gone, letter, missing), bad: true}
		return s
	}
	if !k.set() {
		lines[0].Quantity *= n
	}
	if !k.set() && lines[0].Unit == 0 {
		return s.department(lines[0], number)
	}
	if number != "" {
		s.note = note{text: fmt.Sprintf(w.Priced, s.quickName(k), number), bad: true}
		return s
	}
	if !k.set() {
		return s.put(lines[0], "")
	}
	price, _ := s.quickPrice(k)
	whole, _ := price.Times(n) // the order refuses one that does not add up
	return s.sure(pos.Line{Name: s.quickName(k)}, n, whole, func(s sale) sale {
		next, at, err := s.order.AddSet(s.quickName(k), k.off, n, lines...)
		if err != nil {
			s.note = s.problem(err)
			return s
		}
		s = s.changed(next).typed("")
		s.cursor = at
		s.note = note{text: fmt.Sprintf(s.words.Sale.Added, s.quickName(k))}
		return s
	})
}

// department adds a line at the price that is typed, or asks for one.
func (s sale) department(l pos.Line, number string) sale {
	if number == "" {
		return s.put(l, "")
	}
	price, err := pos.ParseYen(number)
	if err != nil || mistyped(number) {
		s.note = note{text: s.words.Sale.BadAmount, bad: true}
		return s
	}
	l.Unit = price
	return s.putPrice(l)
}

// quickName is what a key is called.
func (s sale) quickName(k quickKey) string {
	if k.name != "" {
		return pos.Clean(k.name, maxNote)
	}
	if k.free() {
		return ""
	}
	item, ok := s.catalog.Find(k.goods[0].code)
	if !ok {
		return k.goods[0].code + "?"
	}
	name := s.words.Common.itemName(item.Line(1))
	if n := k.goods[0].n; n > 1 {
		name += " " + fmt.Sprintf(s.words.Sale.Quantity, digits(n))
	}
	return name
}

// turned is the next page on which there are quick keys, or the one before.
func (s sale) turned(by int) sale {
	for range s.quick {
		s.page = (s.page + by + len(s.quick)) % len(s.quick)
		if !s.quick[s.page].free() {
			break
		}
	}
	return s
}

// quickPrice is what a key sells for, 0 for a department, and false when goods
// of it are gone from the catalogue.
func (s sale) quickPrice(k quickKey) (pos.Yen, bool) {
	var whole pos.Yen
	for _, g := range k.goods {
		item, ok := s.catalog.Find(g.code)
		if !ok {
			return 0, false
		}
		price, err := item.Price.Times(g.n)
		if err != nil {
			return 0, false
		}
		if whole, err = whole.Add(price); err != nil || item.Department() && k.set() {
			return 0, false
		}
	}
	return whole - k.off, whole >= k.off
}

type quickWords struct {
	Free    string // with the key
	Gone    string // with the key and a code
	Priced  string // with a name and a number
	Ask     string // with a name
	Which   string
	Title   string
	Page    string // with a page and how many there are
	NewPage string
	How     string
	Goods   string // with the key
	Hint    string
	Set     string
	Name    string
	NotSet  string
	Put     string // with the key and a name
	Freed   string // with the key

	NotKept, Dept             string
	TooFast                   string // with the keys
	Heading                   string
	LessonQuick, LessonDept   string
	KeyAssign, KeyPage        string
	KeyPageBack, KeyPut       string
	KeyName                   string
	KeyFree, KeyThis, KeyGood string
}

func quickJa() quickWords {
	return quickWords{
		Free: "%s には、まだ何も入っていません。{sale.assign} で入れられます", Gone: "%s の商品 %s は、もう登録がありません。{sale.assign} で入れ直せます",
		Priced: "%s は値段の決まった商品です。%s個なら、* をつけてから押してください",
		Ask:    "%s の金額", Which: "入れるキーを押してください (a-h、z-n)",
		Title: "早押しキーに商品を入れる", Page: "%d/%dページ  Tab で次", NewPage: "新しいページ  Tab で次",
		How:   "キーを押すと、そこに入れる商品を探せます。セットにもできます。",
		Goods: "%s に入れる", Hint: "商品を探すか、セットを書きます (例: 034 003*2 -100)",
		Set: "セット", Name: "キーの名前", NotSet: "セットにできません。部門は入れられず、値引きは合計までです",
		Put: "%s に %s を入れました", Freed: "%s を空にしました", NotKept: "キーは変わりましたが、保存できませんでした", Dept: "部門",
		TooFast: "キーが速すぎたため、入れていません: %s", Heading: "早押し",
		LessonQuick: "早押しキー: 商品をひとつ入れる", LessonDept: "部門のキー: 500円で入れる",
		KeyAssign: "早押しキーを決める", KeyPage: "次のページ", KeyPageBack: "前のページ", KeyPut: "入れる", KeyName: "名前", KeyFree: "空にする", KeyThis: "このキー", KeyGood: "早押し",
	}
}

func quickEn() quickWords {
	return quickWords{
		Free: "Nothing is on %s yet. {sale.assign} puts goods there.", Gone: "%s: there is no item %s any more. {sale.assign} mends the key.",
		Priced: "%s has its own price. For %s of it, type * before the key.",
		Ask:    "Price of %s", Which: "Press the key to set (a-h, z-n)",
		Title: "Set a quick key", Page: "page %d/%d  Tab turns", NewPage: "new page  Tab turns",
		How:   "Press a key, then find what it is to sell: an item, or a set.",
		Goods: "On %s", Hint: "Find an item, or write a set such as 034 003*2 -100",
		Set: "Set", Name: "Name of the key", NotSet: "No set: departments cannot be in it, and no more can be off than it costs",
		Put: "On %s now: %s", Freed: "%s is free", NotKept: "The key is set, but could not be kept", Dept: "dept.",
		TooFast: "Too fast, so nothing was added: %s", Heading: "Quick keys",
		LessonQuick: "quick key: one of its goods", LessonDept: "a department's key: for 500 yen",
		KeyAssign: "set quick keys", KeyPage: "next page", KeyPageBack: "page before", KeyPut: "put", KeyName: "name it", KeyFree: "free the key", KeyThis: "this key", KeyGood: "quick key",
	}
}
