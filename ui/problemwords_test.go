package ui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"

	"example.jp/reji/paypay"
	"example.jp/reji/pos"
)

// byClass are the result codes with no words of their own, and why the words of
// their class do.
var byClass = map[paypay.ResultCode]string{
	"INVALID_REQUEST_PARAMS": "the till's own mistake, about which a cashier can do nothing but report it",
	"MISSING_REQUEST_PARAMS": "the same",
	"INVALID_PARAMS":         "the same, but for the one codeId that is about the amount of a refund",
	"DYNAMIC_QR_BAD_REQUEST": "the same, but for the delete that may have come after a payment",
	"RATE_LIMIT":             "busy is what its class says",
	"SERVICE_ERROR":          "no more is known than that nothing is known",
	"INTERNAL_SERVER_ERROR":  "the same",
	"INTERNAL_SERVICE_ERROR": "the same",
	"TRANSACTION_FAILED":     "what failed is what was tried, but for the one codeId that is about a balance",
}

// anyOp is an operation of a later version.
const anyOp paypay.Op = "v9_anything"

// opsOf are the operations a line is for.
func (r *result) opsOf() []paypay.Op {
	if r.ops != nil {
		return r.ops
	}
	ops := append([]paypay.Op{anyOp}, toAsk...)
	for known := range paypay.Results() {
		if known.Op != "" && !slices.Contains(ops, known.Op) {
			ops = append(ops, known.Op)
		}
	}
	return ops
}

// name tells a line from all others.
func (r *result) name() string { return fmt.Sprint(r.class, " ", r.code, " ", r.codeID, " ", r.ops) }

func TestResults_everyCodeHasWords(t *testing.T) {
	t.Parallel()
	left := map[paypay.ResultCode]bool{}
	n := 0
	for known := range paypay.Results() {
		n++
		op := cmp.Or(known.Op, anyOp)
		switch found := resultOf(op, known.Class, known.Code, known.CodeID); {
		case found.class != known.Class:
			t.Errorf("%+v: class %s has no words", known, known.Class)
		case found.code == known.Code:
		case byClass[known.Code] == "":
			t.Errorf("%+v has neither words of its own nor a reason for having none", known)
		default:
			left[known.Code] = true
		}
	}
	if n < 100 {
		t.Errorf("only %d result codes were looked at", n)
	}
	for code := range byClass {
		if !left[code] {
			t.Errorf("%s has words of its own, or is not PayPay's any more", code)
		}
	}
}

func TestResults_noLineIsIdle(t *testing.T) {
	t.Parallel()
	for i := range results {
		r := &results[i]
		if !slices.ContainsFunc(r.opsOf(), func(op paypay.Op) bool {
			found := resultOf(op, r.class, r.code, r.codeID)
			return found.name() == r.name()
		}) {
			t.Errorf("%s stands below lines that answer for it", r.name())
		}
		if r.code == "" || r.class == taken {
			continue
		}
		known := false
		for k := range paypay.Results() {
			known = known || k.Code == r.code && k.Class == r.class && (r.codeID == "" || r.codeID == k.CodeID) &&
				(k.Op == "" || slices.Contains(r.opsOf(), k.Op))
		}
		if !known {
			t.Errorf("%s is none of PayPay's result codes", r.name())
		}
	}
}

func TestResults_areCompleteAndFitTheScreen(t *testing.T) {
	t.Parallel()
	eastAsian := &runewidth.Condition{EastAsianWidth: true}
	western := &runewidth.Condition{}
	for i := range results {
		r := &results[i]
		if r.code == "" && (r.ja.Do == "" || r.en.Do == "") || (r.ja.Do == "") != (r.en.Do == "") {
			t.Errorf("%s does not say what to do", r.name())
		}
		for _, op := range r.opsOf() {
			found := resultOf(op, r.class, r.code, r.codeID)
			for _, text := range []string{found.ja.Says, found.ja.Do} {
				if !strings.HasSuffix(text, "。") {
					t.Errorf("%s: %q is no Japanese sentence", r.name(), text)
				}
			}
			for _, text := range []string{found.en.Says, found.en.Do} {
				if !strings.HasSuffix(text, ".") || strings.ContainsFunc(text, func(c rune) bool { return c > '~' }) {
					t.Errorf("%s: %q is no English sentence", r.name(), text)
				}
			}
			for _, text := range []string{found.ja.Says, found.ja.Do, found.en.Says, found.en.Do} {
				if n := cells(text); n > 76 || n != western.StringWidth(text) || n != eastAsian.StringWidth(text) {
					t.Errorf("%s: %q is %d, %d or %d cells wide", r.name(), text, n,
						western.StringWidth(text), eastAsian.StringWidth(text))
				}
				if !pos.IsClean(text) {
					t.Errorf("%s: %q has control characters", r.name(), text)
				}
			}
		}
	}
}

// As long as money may have moved, no words may lead to it moving twice,
// whatever the operation, the class and the code.
func TestResults_loseNoMoney(t *testing.T) {
	t.Parallel()
	ja, en := problemJa(), problemEn()
	everywhere := result{}
	codes := []paypay.ResultCode{"", "CODE_OF_A_LATER_YEAR"}
	for known := range paypay.Results() {
		codes = append(codes, known.Code)
	}
	for i := range results { // those of answers that are no errors, too
		codes = append(codes, results[i].code)
	}
	slices.Sort(codes)
	codes = slices.Compact(codes)
	// Unless the till has seen first that nothing was paid, or that it was.
	seen := strings.NewReplacer(
		"レジに未払いと出たら、", "", "レジに支払い済みと出たら、代わりに返金してください。", "別のお支払いを受けないで",
		"When the till says that it is not paid, ", "", "When the till says that it is paid, refund it instead.", "Take no",
	)
	for _, op := range append(everywhere.opsOf(), "") {
		if slices.Contains(toAsk, op) {
			continue // moves nothing
		}
		for class := paypay.Class(-2); class < 8; class++ {
			if paypay.Unknown <= class && class <= paypay.Unsent && !class.MoneyMayHaveMoved() {
				continue
			}
			for _, code := range codes {
				for _, status := range []int{0, 302, 401} {
					err := &paypay.Error{Op: op, Class: class, Code: code, Status: status}
					where := fmt.Sprintf("%s %s %s HTTP %d", op, class, code, status)
					do := ja.of(err, pos.Status{SkewKnown: true, Skew: 3 * clockLimit}).next
					own := code != "" && resultOf(op, class, code, "").code == code
					if !own && !strings.Contains(do, "しないで") && !strings.Contains(do, "受けないで") && !strings.Contains(do, "付けないで") {
						t.Errorf("%s: %q warns of nothing", where, do)
					}
					for _, bad := range []string{"別の方法", "もう一度会計", "もう一度お試し", "もう一度返金", "新しいコード", "現金で返してください"} {
						if strings.Contains(seen.Replace(do), bad) {
							t.Errorf("%s: %q may cost money", where, do)
						}
					}
					do = en.of(err, pos.Status{}).next
					if lower := strings.ToLower(do); !own && !strings.Contains(lower, "do not") && !strings.Contains(lower, "take no") {
						t.Errorf("%s: %q warns of nothing", where, do)
					}
					for _, bad := range []string{"another way", "charge again", "try again", "then refund", "refund it", "new code"} {
						if strings.Contains(seen.Replace(do), bad) {
							t.Errorf("%s: %q may cost money", where, do)
						}
					}
				}
			}
		}
	}
}

// The whole table as a person reads it.
func TestResults_asAPersonReadsThem(t *testing.T) {
	t.Parallel()
	var p book
	p.title("PayPay's result codes, and what the cashier reads.")
	for known := range paypay.Results() {
		for _, op := range opsToTell(known) {
			found := resultOf(op, known.Class, known.Code, known.CodeID)
			head := fmt.Sprintf("%d %-8s %s [%s] %s", known.Status, cmp.Or(known.CodeID, "-"), known.Code, known.Class, op)
			if found.code == "" {
				head += ", by its class"
			}
			p.tell(head, found)
		}
	}
	p.title("Any other code, and answers without one.")
	for i := range results {
		for _, op := range results[i].opsToTell() {
			if r := results[i]; r.code == "" {
				p.tell(fmt.Sprintf("[%s] %s", r.class, op), r)
			}
		}
	}
	p.title("Answers that are no errors.")
	for i := range results {
		for _, op := range results[i].opsToTell() {
			if r := results[i]; r.class == taken {
				p.tell(fmt.Sprintf("%s %s", r.code, op), r)
			}
		}
	}
	p.title("")
	goldenText(t, "Problem/results", strings.TrimSpace(p.String())+"\n")
}

// opsToTell are the operations in which a code has words that are worth telling
// apart.
func opsToTell(known paypay.Result) []paypay.Op {
	if known.Op != "" {
		return []paypay.Op{known.Op}
	}
	ops := []paypay.Op{"any operation"}
	general := resultOf(ops[0], known.Class, known.Code, known.CodeID)
	for _, op := range general.opsOf() {
		own := resultOf(op, known.Class, known.Code, known.CodeID)
		if own.code != known.Code || own.ja == general.ja && own.en == general.en {
			continue
		}
		elsewhere := false // the code says something else there
		for k := range paypay.Results() {
			elsewhere = elsewhere || k.Code == known.Code && k.Op == op
		}
		if !elsewhere {
			ops = append(ops, op)
		}
	}
	slices.SortStableFunc(ops[1:], func(a, b paypay.Op) int {
		return cmp.Compare(
			resultOf(a, known.Class, known.Code, known.CodeID).ja.Do, resultOf(b, known.Class, known.Code, known.CodeID).ja.Do,
		)
	})
	return ops
}

func (r *result) opsToTell() []paypay.Op {
	if r.ops == nil {
		return []paypay.Op{"any operation"}
	}
	return r.ops
}

// book is a text in which what is said several times in a row is said once.
type book struct {
	strings.Builder
	last result
}

func (b *book) tell(head string, r result) {
	if r.ja != b.last.ja || r.en != b.last.en {
		b.end()
		b.last = r
		b.WriteByte('\n')
	}
	b.WriteString(head + "\n")
}

func (b *book) title(s string) {
	b.end()
	b.WriteString("\n\n" + s + "\n")
}

func (b *book) end() {
	if b.last.ja.Says != "" {
		ja, en := b.last.ja, b.last.en
		b.WriteString("    " + strings.Join([]string{ja.Says, ja.Do, en.Says, en.Do}, "\n    ") + "\n")
	}
	b.last = result{}
}
