package paypay_test

import (
	"bufio"
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.jp/reji/paypay"
	"example.jp/reji/paypay/simulator"
)

// shop is what the sale in the package's documentation leaves to the shop.
type shop struct {
	show    func(url string)
	givenUp func() bool
	paid    func(paypay.Payment) error
	call    func(who string) error
	unpaid  func() error
}

// sell stands in the package's documentation as it stands here.
func (s shop) sell(ctx context.Context, client *paypay.Client, request paypay.CodeRequest) error {
	const manager = "manager"
	show, givenUp, paid, call, unpaid := s.show, s.givenUp, s.paid, s.call, s.unpaid

	code, err := client.CreateCode(ctx, request)
	if err != nil {
		return err // the class says whether the code may exist: see below
	}
	show(code.URL)
	over := time.Unix(code.ExpiryDate, 0)
	deleted, gone := false, 0
	rest := context.WithoutCancel(ctx)
	for gone < 2 {
		<-time.After(3 * time.Second)
		skew, _ := client.Skew()
		late := time.Now().Add(skew).After(over)
		if !deleted && (late || givenUp()) {
			deleted = client.DeleteCode(rest, code.CodeID) == nil
		}
		payment, err := client.CodePayment(rest, code.MerchantPaymentID)
		waiting := err == nil && (payment.Status == paypay.StatusCreated || payment.Status == paypay.StatusFailed)
		switch {
		case err == nil && payment.Status == paypay.StatusCompleted && payment.Amount == request.Amount:
			return paid(payment)
		case err == nil && !waiting:
			return call(manager) // not the amount of this order, or given back since
		case paypay.CodeOf(err) == paypay.PaymentNotFound && (deleted || late):
			gone++
		case waiting && time.Now().Add(skew).After(over.Add(time.Minute)):
			gone++ // created, or failed, and too late to be paid
		default:
			gone = 0
		}
	}
	return unpaid()
}

func TestDoc_saleIsTested(t *testing.T) {
	t.Parallel()
	const first, last = "code, err := client.CreateCode(ctx, request)", "return unpaid()"
	var texts [2][]string
	for i, name := range []string{"doc.go", "doc_example_test.go"} {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close() //nolint:errcheck // It was only read.
		inside := false
		for lines := bufio.NewScanner(f); lines.Scan(); {
			line := strings.TrimPrefix(strings.TrimPrefix(lines.Text(), "//"), "\t")
			inside = inside || line == first
			if inside {
				texts[i] = append(texts[i], line)
			}
			if line == last {
				break
			}
		}
	}
	if d := cmp.Diff(texts[0], texts[1]); d != "" || len(texts[0]) < 20 {
		t.Errorf("%d lines; what is tested is another sale:\n%s", len(texts[0]), d)
	}
}

func TestDoc_saleKnowsWhatIsPaid(t *testing.T) {
	t.Parallel()
	var (
		errManager = errors.New("the manager was called")
		errUnpaid  = errors.New("unpaid")
	)
	scan := func(s *stand, codeID string) { _ = s.sim.Scan(codeID) }
	pay := func(s *stand, codeID string) { _ = s.sim.Pay(codeID) }
	for name, tt := range map[string]struct {
		change  func(*simulator.Config)
		after   time.Duration // the customer acts
		acts    func(s *stand, codeID string)
		givesUp time.Duration // the shop
		want    error
	}{
		"paid":                         {nil, time.Minute, pay, time.Hour, nil},
		"nobody comes":                 {nil, 0, func(*stand, string) {}, time.Hour, errUnpaid},
		"nobody comes, as it was once": {func(c *simulator.Config) { c.GoneAnswer = simulator.Created200 }, 0, func(*stand, string) {}, time.Hour, errUnpaid},
		"given up":                     {nil, 0, func(*stand, string) {}, time.Minute, errUnpaid},
		"given up, and paid after all": {nil, 50 * time.Second, func(s *stand, codeID string) {
			scan(s, codeID)
			time.AfterFunc(time.Minute, func() { pay(s, codeID) })
		}, time.Minute, nil},
		"given back since, and found late": {nil, time.Second, func(s *stand, codeID string) {
			pay(s, codeID)
			p, err := s.CodePayment(context.Background(), "R1-0012")
			if err == nil {
				_, err = s.Refund(context.Background(), paypay.RefundRequest{MerchantRefundID: "r", PaymentID: p.PaymentID, Amount: p.Amount})
			}
			if err != nil {
				panic(err)
			}
			s.sim.Advance(7 * time.Minute)
		}, time.Hour, errManager},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := standInBubble(t, tt.change)
				began := time.Now()
				err := shop{
					show: func(url string) {
						time.AfterFunc(tt.after, func() { tt.acts(s, url[strings.LastIndex(url, "/")+1:]) })
					},
					givenUp: func() bool { return time.Since(began) >= tt.givesUp },
					paid:    func(paypay.Payment) error { return nil },
					call:    func(string) error { return errManager },
					unpaid:  func() error { return errUnpaid },
				}.sell(t.Context(), s.Client, paypay.CodeRequest{MerchantPaymentID: "R1-0012", Amount: paypay.Yen(1280)})
				if !errors.Is(err, tt.want) || (err == nil) != (tt.want == nil) {
					t.Errorf("got %v, want %v", err, tt.want)
				}
			})
		})
	}
}
