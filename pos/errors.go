package pos

import "errors"

// Errors of an order.
var (
	ErrRate          = errors.New("no such tax rate")
	ErrQuantity      = errors.New("quantity must be 1 to 9,999")
	ErrTooManyLines  = errors.New("the order is full")
	ErrNoLine        = errors.New("no such line")
	ErrTooManyParked = errors.New("too many orders are parked")
	ErrDiscount      = errors.New("not a discount this till can give")
	ErrEmptyOrder    = errors.New("the order is empty")
)

// Errors of the register's verbs.
var (
	// ErrJournal means that the journal cannot be written: nothing is sold
	// until it can.
	ErrJournal = errors.New("the journal cannot be written, so nothing is sold")
	// ErrUnsettled means that the sale has an attempt PayPay has not ended
	// yet, so that a second code could be paid too.
	ErrUnsettled = errors.New("the sale has a payment that is not settled")
	// ErrPaid means that the sale is paid already.
	ErrPaid = errors.New("the sale is paid")
	// ErrReturned means that the sale was paid, and its money is given back or
	// let go: what is bought after that is another sale.
	ErrReturned = errors.New("the sale's money was given back")
	// ErrCodes means that the sale has had as many codes as a sale gets: it is
	// charged anew, as another sale.
	ErrCodes = errors.New("the sale has had too many codes")
	// ErrUnfit means that PayPay's last answer about the payment was about
	// another amount or order: no money is moved until one fits.
	ErrUnfit = errors.New("PayPay's answer does not fit the payment")
	// ErrSameAmount means that another sale of the same amount is not settled
	// yet: the customer may be about to pay twice.
	ErrSameAmount = errors.New("another sale of the same amount is not settled")
	// ErrTax means that another tax is in force than the order was begun with.
	ErrTax = errors.New("the tax has changed")
	// ErrNoSale means that the register does not know the sale.
	ErrNoSale = errors.New("no such sale")
	// ErrNews means that the sale is not what the caller has seen.
	ErrNews = errors.New("something has happened to the sale")
	// ErrNoPrinter means that the till has no printer.
	ErrNoPrinter = errors.New("the till has no printer")
	// ErrManyPrints means that the printer has not printed for a long time.
	ErrManyPrints = errors.New("too much waits for the printer")
	// ErrClosed means that the register has been shut down.
	ErrClosed = errors.New("the register is closed")
)

// ErrTransition means that an event does not fit the sale it was applied to.
var ErrTransition = errors.New("the event does not fit the sale")
