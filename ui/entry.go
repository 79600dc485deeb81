package ui

import "example.jp/reji/pos"

// Entry is how the cashier's and the scanner's input is taken.
type Entry struct {
	Prefix      string      // what each scan begins with, if the scanner is set so
	InStore     pos.InStore // what the shop's own barcodes carry; empty is the item alone
	Ceiling     pos.Yen     // a price above it is asked about; 0 never asks
	ReasonAbove pos.Yen     // a discount above it needs a reason
}
