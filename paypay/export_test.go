package paypay

import (
	"context"
	"iter"
	"net"
	"reflect"
	"testing"
)

// Perform makes a call of an operation with ids of testdata.
func Perform(ctx context.Context, c *Client, op Op) error { return tryWith(ctx, c, op) }

// Operations are all of them.
func Operations() []Op { return ops }

// Pipes is a network in memory, for tests in virtual time.
type Pipes = pipes

// NewPipes makes a network that nobody listens on yet.
func NewPipes() Pipes { return pipes{make(chan net.Conn), make(chan struct{})} }

// Dial connects to whoever listens.
func (p pipes) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	return p.dial(ctx, network, address)
}

// Edit makes a call of an operation after its request was edited.
func Edit(t *testing.T, c *Client, op Op, edit func(request any)) error {
	t.Helper()
	return edits[op](t, c, edit)
}

// Texts are the places in a request where a text stands, by PayPay's names.
func Texts(request any) iter.Seq2[string, reflect.Value] {
	return func(yield func(string, reflect.Value) bool) {
		for _, at := range texts(reflect.ValueOf(request).Elem(), "") {
			if !yield(at.name, at.place) {
				return
			}
		}
	}
}
