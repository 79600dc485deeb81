package paypay

import (
	"context"
	"net"
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
