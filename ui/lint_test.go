package ui

import (
	"slices"
	"strings"
	"testing"

	"example.jp/reji/pos"
)

func failing(all []Legal) []string {
	var names []string
	for _, l := range all {
		if l.Why != "" {
			names = append(names, l.Item)
		}
	}
	return names
}

func TestLint_passesOnAllOfOurs(t *testing.T) {
	t.Parallel()
	for _, c := range printCases() {
		for _, lang := range []string{"ja", "en"} {
			for _, columns := range []int{32, 48} {
				p := c.printer(t, lang, columns)
				paper, err := p.Preview(c.sale, c.paper)
				if err != nil {
					t.Fatal(err)
				}
				for _, l := range p.Lint(paper, c.sale, c.paper) {
					if l.Why != "" {
						t.Errorf("%s-%d-%s: %s: %s", c.name, columns, lang, l.Item, l.Why)
					}
				}
			}
		}
	}
}

// Each broken receipt fails for its own reason, and for no other.
func TestLint_failsForItsOwnReason(t *testing.T) {
	t.Parallel()
	swap := func(old, with string) func([]string) []string {
		return func(lines []string) []string {
			for i := range lines {
				lines[i] = strings.ReplaceAll(lines[i], old, with)
			}
			return lines
		}
	}
	drop := func(text string) func([]string) []string {
		return func(lines []string) []string {
			return slices.DeleteFunc(lines, func(l string) bool { return strings.Contains(l, text) })
		}
	}
	add := func(text string) func([]string) []string {
		return func(lines []string) []string { return append(lines, text) }
	}
	for _, b := range []struct {
		of     string
		broken func([]string) []string
		want   string
	}{
		{"sale", drop("むーんカフェ"), "issuer"},
		{"sale", drop("登録番号"), "registration number"},
		{"sale", swap(tNumber, "T1234567890123"), "registration number"},
		{"sale-unregistered", add("登録番号 " + tNumber), "registration number"},
		{"sale", drop("適格簡易請求書"), "name of the paper"},
		{"sale-unregistered", add("適格簡易請求書"), "name of the paper"},
		{"refund-goods", swap("適格返還請求書", "適格簡易請求書"), "name of the paper"},
		{"sale", swap("11月23日", "11月24日"), "date"},
		{"refund-goods", swap("11:59", "11:58"), "date of the sale"},
		{"sale", drop("ギフト券"), "goods"},
		{"refund-amount", drop("ご購入代金の一部"), "goods"},
		{"sale", swap("鮭 *", "鮭"), "reduced-rate mark"},
		{"sale", swap("ギフト券   ", "ギフト券 * "), "reduced-rate mark"},
		{"sale", drop("軽減税率"), "legend"},
		{"sale", swap("¥1,465", "¥1,466"), "total of each rate"},
		{"sale", drop("非課税対象     "), "total of each rate"},
		{"sale", swap("(内消費税 ¥133)", "(内消費税 ¥134)"), "tax of each rate"},
		{"sale-without-tax", swap("¥128", "¥129"), "tax of each rate"},
		{"sale", drop("PayPay支払い"), "amount"},
		{"refund-goods", drop("返金額"), "amount"},
		{"addressed", drop("御中"), "addressee"},
		{"addressed", drop("但し"), "what it was for"},
		{"addressed", swap("(PayPay)", ""), "means of payment"},
		{"addressed-blank", drop("再発行"), "copy"},
		{"reprint", drop("再発行"), "copy"},
		{"hold", add("登録番号 " + tNumber), "registration number"},
		{"hold", add("適格簡易請求書"), "name of the paper"},
		{"hold", add("(内消費税 ¥10)"), "tax of each rate"},
		{"hold", drop("仮押さえ額"), "amount"},
		{"training", func(lines []string) []string { return lines[1:] }, "practice"},
		{"sale", add(strings.Repeat("あ", 17)), "width"},
	} {
		i := slices.IndexFunc(printCases(), func(c printCase) bool { return c.name == b.of })
		c := printCases()[i]
		p := c.printer(t, "ja", 32)
		paper, err := p.Preview(c.sale, c.paper)
		if err != nil {
			t.Fatal(err)
		}
		broken := b.broken(slices.Clone(paper))
		if got := failing(p.Lint(broken, c.sale, c.paper)); !slices.Equal(got, []string{b.want}) {
			t.Errorf("%s, which should fail by its %s: %q\n%s", b.of, b.want, got, strings.Join(broken, "\n"))
		}
	}
}

func TestLint_ofAShopWithAnother(t *testing.T) {
	t.Parallel()
	c := printCases()[0]
	p := c.printer(t, "ja", 32)
	paper, err := p.Preview(c.sale, c.paper)
	if err != nil {
		t.Fatal(err)
	}
	p.Shop.Invoice = ""
	if got := failing(p.Lint(paper, c.sale, c.paper)); !slices.Contains(got, "registration number") || !slices.Contains(got, "name of the paper") {
		t.Errorf("fails only: %q", got)
	}
	if got := p.Lint(paper, pos.Sale{}, c.paper); len(failing(got)) == 0 {
		t.Error("a paper of no sale passes")
	}
}
