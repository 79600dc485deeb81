package ui

import (
	"fmt"
	"slices"
	"strings"

	"example.jp/reji/pos"
	"example.jp/reji/ui/escpos"
)

// Legal is one item that a paper has to have, or must not have.
type Legal struct {
	Item string // its name, such as "tax"
	Why  string // why it fails; empty when it passes
}

// Lint looks at a paper as its customer reads it, line by line, and says of
// each legal item of a simplified qualified invoice, or of a return invoice,
// whether it is there. What the sale says is the measure: the paper's own sums
// are not believed. It needs no printer.
func (p Printer) Lint(paper []string, s pos.Sale, which pos.Paper) []Legal {
	a, _ := s.Attempt(which.Attempt)
	m, _ := a.Modification(which.Modification)
	w := newWords(p.Lang)
	c := check{words: w, r: w.Receipt, shop: p.Shop, lines: paper, sale: s, by: a, of: m, paper: which, columns: p.Columns}
	c.text = strings.Join(strings.Fields(strings.Join(paper, "")), "")
	c.slip = which.Kind == pos.SlipPaper
	return c.all()
}

// check is a paper that is being looked at.
type check struct {
	words   *words
	r       receiptWords
	shop    Shop
	lines   []string
	text    string // of all lines, without spaces: names and ids are broken over lines
	sale    pos.Sale
	by      pos.Attempt
	of      pos.Modification
	paper   pos.Paper
	slip    bool
	columns int
}

func (c *check) all() []Legal {
	var found []Legal
	item := func(name, why string) { found = append(found, Legal{Item: name, Why: why}) }
	item("issuer", c.has(c.shop.Name))
	item("registration number", c.number())
	item("name of the paper", c.title())
	item("date", c.date())
	if c.slip {
		item("date of the sale", c.has(c.by.PaidAt.In(c.shop.Zone).Format(c.r.Time)))
	}
	item("goods", c.goods())
	item("reduced-rate mark", c.marks())
	item("legend", c.legend())
	total, tax := c.rates()
	item("total of each rate", total)
	item("tax of each rate", tax)
	item("amount", c.amount())
	if c.paper.Kind == pos.AddressedPaper {
		item("addressee", c.addressee())
		item("what it was for", c.purpose())
		item("means of payment", c.has(c.r.Received)) // without it a 領収書 may need a revenue stamp
	}
	item("copy", c.copies())
	item("practice", c.practice())
	item("width", c.width())
	return found
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

// has says that a text is missing.
func (c *check) has(want string) string {
	clean := (&paper{forPaper: true}).fold(pos.Clean(want, 100))
	if strings.Contains(c.text, squeeze(escpos.Text(escpos.Paper{Lines: []escpos.Line{{Text: clean}}})[0])) {
		return ""
	}
	return fmt.Sprintf("%q is missing", want)
}

// unpaid reports whether the paper is about money that nobody paid: it is no
// invoice, whoever the shop is.
func (c *check) unpaid() bool { return c.hold() || c.slip && c.of.Way == pos.WayRevert }

func (c *check) hold() bool { return c.paper.Kind == pos.HoldPaper }

func (c *check) number() string {
	found := ""
	for i := range max(len(c.text)-13, 0) {
		if n := c.text[i : i+14]; n[0] == 'T' && strings.Trim(n[1:], "0123456789") == "" {
			found = n
			break
		}
	}
	switch {
	case !c.shop.qualified() && (found != "" || strings.Contains(c.text, squeeze(fmt.Sprintf(c.r.Registered, "")))):
		return "a registration number that the shop does not have"
	case c.unpaid() && found != "":
		return "a registration number on a paper that is no invoice"
	case !c.shop.qualified() || c.unpaid():
		return ""
	case found != c.shop.Invoice:
		return fmt.Sprintf("it is %q, not %q", found, c.shop.Invoice)
	}
	return c.has(fmt.Sprintf(c.r.Registered, c.shop.Invoice))
}

func (c *check) title() string {
	want, other := c.r.Invoice, c.r.Return
	if c.slip {
		want, other = other, want
	}
	invoice, wrong := c.has(want) == "", c.has(other) == ""
	switch {
	case wrong, invoice && (!c.shop.qualified() || c.unpaid()):
		return "it is called what it is not"
	case !invoice && c.shop.qualified() && !c.unpaid():
		return fmt.Sprintf("it is not called %q", want)
	}
	return ""
}

func (c *check) date() string {
	at := c.by.PaidAt
	if c.hold() {
		at = heldSince(c.by)
	}
	if c.slip {
		if at = c.of.DoneAt; at.IsZero() {
			at = c.of.AskedAt
		}
	}
	return c.has(at.In(c.shop.Zone).Format(c.r.Time))
}

// expected are the lines of the order that the paper has to name.
func (c *check) expected() []pos.Line {
	var want []pos.Line
	if !c.slip {
		return slices.DeleteFunc(slices.Clone(c.sale.Order.Lines), func(l pos.Line) bool { return l.Void != "" })
	}
	if c.unpaid() {
		return nil
	}
	for _, g := range goodsReturned(c.sale, c.of) {
		want = append(want, c.sale.Order.Lines[g.Line])
	}
	return want
}

func (c *check) goods() string {
	want := c.expected()
	if len(want) == 0 && c.slip && !c.unpaid() {
		return c.has(c.words.Slip.Part)
	}
	for _, l := range want {
		if why := c.has(c.words.Common.itemName(l)); why != "" {
			return why
		}
	}
	return ""
}

func (c *check) marks() string {
	if c.hold() {
		return ""
	}
	for _, l := range c.expected() {
		name := c.words.Common.itemName(l)
		marked := c.has(name+c.words.Common.ReducedMark) == ""
		twin := slices.ContainsFunc(c.expected(), func(m pos.Line) bool { // one name at both rates
			return c.words.Common.itemName(m) == name && c.sale.Order.Rate(m) != c.sale.Order.Rate(l)
		})
		switch reduced := c.sale.Order.Rate(l) == pos.Reduced; {
		case reduced && !marked:
			return fmt.Sprintf("%q has no mark", name)
		case !reduced && marked && !twin:
			return fmt.Sprintf("%q has a mark and is not reduced", name)
		}
	}
	return ""
}

// owed is what the paper has to say of each rate.
func (c *check) owed() []pos.RateTotal {
	if c.hold() {
		return nil
	}
	if c.slip {
		return c.sale.ReturnedAt(c.by, c.of.ID)
	}
	return c.sale.RatesOf(c.by.Taken)
}

func (c *check) legend() string {
	for _, t := range c.owed() {
		if t.Rate == pos.Reduced {
			return c.has(fmt.Sprintf(c.r.Legend, t.Percent))
		}
	}
	return ""
}

func (c *check) rates() (total, tax string) {
	if mark, _, _ := strings.Cut(c.r.TaxInside, "%s"); c.hold() && c.has(strings.Trim(mark, "( ")) == "" {
		return "", "tax of what nobody has paid"
	}
	apart := !c.slip && c.sale.Order.Tax.Excluded && c.by.Taken == c.sale.Totals.Total
	for _, t := range c.owed() {
		label, sum := c.r.rate(t, c.r.With), yen(t.Total)
		inside := fmt.Sprintf(c.r.TaxInside, yen(t.Tax))
		if apart {
			label, sum = c.r.rate(t, c.r.Without), yen(t.Total-t.Tax)
			inside = c.r.TaxApart + yen(t.Tax)
		}
		if t.Rate == pos.Exempt {
			if c.has(c.r.Exempt+sum) != "" {
				total = fmt.Sprintf("%s is not %s", c.r.Exempt, sum)
			}
			continue
		}
		if c.has(label+sum) != "" {
			total = fmt.Sprintf("%s is not %s", label, sum)
			continue
		}
		if c.has(label+sum+inside) != "" {
			tax = fmt.Sprintf("%s has not %s", label, inside)
		}
	}
	return total, tax
}

func (c *check) amount() string {
	if c.hold() {
		return c.has(c.words.Kept.Amount + yen(heldAmount(c.by)))
	}
	if c.slip {
		return c.has(c.words.Slip.amount(c.of.Way) + yen(c.of.Amount))
	}
	if why := c.has(c.r.Total.of(c.sale.Totals.Count) + yen(c.sale.Totals.Total)); why != "" {
		return why
	}
	return c.has(c.r.PaidBy + yen(c.by.Taken)) // the means of payment, too
}

func (c *check) addressee() string {
	name := pos.Clean(c.paper.Addressee, 60)
	if name == "" {
		name = strings.Repeat("_", c.columns/2)
	}
	return c.has(c.r.addressee(name))
}

func (c *check) purpose() string {
	purpose := pos.Clean(c.paper.Purpose, 60)
	if purpose == "" {
		purpose = c.r.Goods
	}
	return c.has(fmt.Sprintf(c.r.Purpose, purpose))
}

func (c *check) copies() string {
	if c.paper.Copy > 1 {
		return c.has(fmt.Sprintf(c.r.Again, digits(int64(c.paper.Copy))))
	}
	return ""
}

func (c *check) practice() string {
	says := c.r.Practice
	if c.slip {
		says = c.words.Slip.Practice
	}
	says = squeeze(fmt.Sprintf(says, c.words.Common.mode(c.shop.Mode)))
	if n := strings.Count(strings.ReplaceAll(c.text, "**", ""), says); c.shop.Mode != Production && n < 2 {
		return "it does not say at both ends that it is practice"
	}
	return ""
}

func (c *check) width() string {
	for _, l := range c.lines {
		if escpos.Columns(l) > c.columns {
			return fmt.Sprintf("%q is wider than %d columns", l, c.columns)
		}
	}
	return ""
}
