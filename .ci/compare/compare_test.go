// Package compare measures the client beside the least that a client can be, and
// so what its checks cost. It is a module of its own: another client to measure
// adds nothing to what the register needs.
//
//	go -C .ci/compare test -bench . -count 6
package compare

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"example.jp/reji/paypay"
	"example.jp/reji/paypay/simulator"
)

const (
	key, secret, merchant = "key", "dGVzdC1zZWNyZXQ=", "merchant"
	description           = "むね堂 お会計"
)

// serving tells the copy of this program that is to be PayPay.
const serving = "COMPARE_SERVES"

func TestMain(m *testing.M) {
	if os.Getenv(serving) != "" {
		panic(serve())
	}
	os.Exit(m.Run())
}

// serve is the simulator in a process of its own, whose work is no part of what
// is measured. It ends with its standard input.
func serve() error {
	service, err := simulator.New(simulator.Config{APIKey: key, APISecret: secret, MerchantID: merchant})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println("http://" + l.Addr().String())
	go func() {
		_, _ = os.Stdin.Read(make([]byte, 1))
		os.Exit(0)
	}()
	return http.Serve(l, service)
}

// service starts that process and says where it listens.
func service(b *testing.B) string {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), serving+"=1")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(line)
}

var order atomic.Int64

func nextID() string { return "C-" + strconv.FormatInt(order.Add(1), 10) }

// BenchmarkSale makes a code and looks it up, over a connection that stays open.
func BenchmarkSale(b *testing.B) {
	base := service(b)
	credentials, err := paypay.NewCredentials(key, secret, merchant)
	if err != nil {
		b.Fatal(err)
	}
	ours, err := paypay.New(credentials, paypay.WithBaseURL(base), paypay.WithTries(1))
	if err != nil {
		b.Fatal(err)
	}
	b.Run("client=paypay", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			id := nextID()
			code, err := ours.CreateCode(b.Context(), paypay.CodeRequest{
				MerchantPaymentID: id, Amount: paypay.Yen(1280), OrderDescription: description,
			})
			if err != nil || code.URL == "" {
				b.Fatal(code, err)
			}
			payment, err := ours.CodePayment(b.Context(), id)
			if err != nil || payment.Status != paypay.StatusCreated {
				b.Fatal(payment, err)
			}
		}
	})
	theirs := plain{base, key, secret, merchant, &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()}}
	b.Run("client=plain", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			id := nextID()
			code, err := theirs.createCode(b.Context(), id, 1280, description)
			if err != nil || code.URL == "" {
				b.Fatal(code, err)
			}
			payment, err := theirs.codePayment(b.Context(), id)
			if err != nil || payment.Status != "CREATED" {
				b.Fatal(payment, err)
			}
		}
	})
}
