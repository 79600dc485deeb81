package paypay

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxNotification is far above any notification of PayPay.
const maxNotification = 64 << 10 // bytes

// The kinds of notifications that are not about a customer.
const (
	transactionNotification = "Transaction"
	fileNotification        = "file.created"
)

// Notification is what PayPay posts to a shop's server when something happened
// by itself. One of Transaction, Customer and File is set, or none if the kind
// is one that PayPay added later.
//
// A notification is a hint and never a proof. It is not signed: whoever knows
// the address of a shop's server can post one. So ask PayPay about the order,
// with [Client.CodePayment] for a code, and act on its answer alone. PayPay does
// not promise to send one either, nor once only, nor in order, and sends none
// for a refund or a cancel: keep asking as if there were no notifications.
//
// PayPay waits one to two seconds for an answer. Answer with 200 and a short
// text, and look the order up after that.
type Notification struct {
	Type        string // notification_type as it came
	Transaction *TransactionEvent
	Customer    *CustomerEvent
	File        *FileEvent
	Raw         json.RawMessage // the whole of it as it came, for a journal

	id string // notification_id; empty for transactions
}

// TransactionEvent says that an order changed. It is sent when the customer
// paid, and for an amount that is held when it was held, changed, taken,
// released or has run out.
type TransactionEvent struct {
	MerchantID string
	StoreID    string
	TerminalID string // pos_id
	PaymentID  string // order_id, PayPay's number
	// MerchantPaymentID is merchant_order_id. It may be empty, most of all when
	// the state is [StatusAuthorized].
	MerchantPaymentID string
	Amount            int64  // yen; 0 when it is not said
	State             Status // COMPLETED, AUTHORIZED, CANCELED, EXPIRED, FAILED or a later one
	AuthorizedAt      int64  // epoch seconds; 0 when it is not said, as all times here
	ExpiresAt         int64  // when the held amount is released
	PaidAt            int64
	// ReauthRequestID names the change of a held amount that this is about.
	ReauthRequestID string
	// ConfirmationExpiresAt is set, with the state [StatusAuthorized], when the
	// customer let the time pass to agree to a higher amount.
	ConfirmationExpiresAt int64
}

// CustomerChange is what happened to the link with a customer's account.
type CustomerChange string

// The changes of a link.
const (
	CustomerLinked     CustomerChange = "succeeded"
	CustomerLinkFailed CustomerChange = "failed"
	CustomerRevoked    CustomerChange = "revoked"
	CustomerExtended   CustomerChange = "extended"
	CustomerCanceled   CustomerChange = "canceled"
)

// CustomerEvent says that the link with a customer's account changed. Which
// fields are set depends on the change.
type CustomerEvent struct {
	Change              CustomerChange
	ReferenceID         string // the shop's own name for the customer
	Nonce               string // of the request that the link began with
	UserAuthorizationID string
	ProfileIdentifier   string // phone number, masked
	Scopes              []string
	ExpiresAt           int64  // epoch seconds; 0 when it is not said
	CreatedAt           string // as it came; its form is not documented
	Result, Reason      string // why a link failed
}

// FileEvent says that a reconciliation file is ready for two hours.
type FileEvent struct {
	FileType string // transaction_recon or a later one
	// Path is the URL to fetch the file from: https, or http on this machine
	// for tests. Whoever posted the notification chose it: fetch only from hosts
	// that PayPay named to the shop, and believe the file no more than its place.
	Path        string
	RequestedAt int64 // epoch seconds
}

// ReadNotification reads the body of a request that PayPay posted, 64 KiB at
// most. It holds to the same strict JSON as answers do, but takes a kind, a
// state and fields that it does not know.
func ReadNotification(body io.Reader) (Notification, error) {
	doc, err := io.ReadAll(io.LimitReader(body, maxNotification+1))
	if err != nil {
		return Notification{}, fmt.Errorf("paypay: reading a notification: %w", err)
	}
	if len(doc) > maxNotification {
		return Notification{}, errors.New("paypay: the notification is longer than 64 KiB")
	}
	n, err := parseNotification(doc)
	if err != nil {
		return Notification{}, fmt.Errorf("paypay: the notification cannot be read: %w", err)
	}
	return n, nil
}

func parseNotification(doc []byte) (Notification, error) {
	var head struct {
		Type string `json:"notification_type"`
		ID   string `json:"notification_id"`
	}
	if err := decodeStrict(doc, &head); err != nil {
		return Notification{}, err
	}
	if !isToken(head.Type) {
		return Notification{}, errors.New("it has no proper notification_type")
	}
	n := Notification{Type: head.Type, Raw: compact(bytes.Clone(doc)), id: head.ID}
	var err error
	switch change, isCustomer := customerChange(head.Type); {
	case head.Type == transactionNotification:
		n.Transaction, err = readTransactionEvent(doc)
	case head.Type == fileNotification:
		n.File, err = readFileEvent(doc)
	case isCustomer:
		n.Customer, err = readCustomerEvent(doc, change)
	}
	if err != nil {
		return Notification{}, err
	}
	return n, nil
}

// customerChange reads the kind of a customer event. PayPay's documents misspell
// the second word; the day they mend it must not break a shop.
func customerChange(kind string) (CustomerChange, bool) {
	rest, ok := strings.CutPrefix(kind, "customer.authroization.")
	if !ok {
		rest, ok = strings.CutPrefix(kind, "customer.authorization.")
	}
	change := CustomerChange(rest)
	switch change {
	case CustomerLinked, CustomerLinkFailed, CustomerRevoked, CustomerExtended, CustomerCanceled:
		return change, ok
	}
	return "", false
}

func readTransactionEvent(doc []byte) (*TransactionEvent, error) {
	var w struct {
		MerchantID            string    `json:"merchant_id"`
		StoreID               string    `json:"store_id"`
		PosID                 string    `json:"pos_id"`
		OrderID               string    `json:"order_id"`
		MerchantOrderID       string    `json:"merchant_order_id"`
		OrderAmount           looseYen  `json:"order_amount"`
		State                 Status    `json:"state"`
		AuthorizedAt          looseTime `json:"authorized_at"`
		ExpiresAt             looseTime `json:"expires_at"`
		PaidAt                looseTime `json:"paid_at"`
		ReauthRequestID       string    `json:"reauth_request_id"`
		ConfirmationExpiresAt looseTime `json:"confirmation_expires_at"`
	}
	if err := decodeStrict(doc, &w); err != nil {
		return nil, err
	}
	switch {
	case w.OrderID == "" && w.MerchantOrderID == "":
		return nil, errors.New("it names no order")
	case !isToken(string(w.State)):
		return nil, errors.New("it has no proper state")
	}
	return &TransactionEvent{
		MerchantID:            w.MerchantID,
		StoreID:               w.StoreID,
		TerminalID:            w.PosID,
		PaymentID:             w.OrderID,
		MerchantPaymentID:     w.MerchantOrderID,
		Amount:                int64(w.OrderAmount),
		State:                 w.State,
		AuthorizedAt:          int64(w.AuthorizedAt),
		ExpiresAt:             int64(w.ExpiresAt),
		PaidAt:                int64(w.PaidAt),
		ReauthRequestID:       w.ReauthRequestID,
		ConfirmationExpiresAt: int64(w.ConfirmationExpiresAt),
	}, nil
}

func readCustomerEvent(doc []byte, change CustomerChange) (*CustomerEvent, error) {
	var w struct {
		CreatedAt           looseText   `json:"createdAt"`
		ReferenceID         string      `json:"referenceId"`
		Nonce               string      `json:"nonce"`
		Scopes              looseScopes `json:"scopes"`
		UserAuthorizationID string      `json:"userAuthorizationId"`
		ProfileIdentifier   string      `json:"profileIdentifier"`
		Expiry              looseTime   `json:"expiry"`
		Result              string      `json:"result"`
		Reason              string      `json:"reason"`
	}
	if err := decodeStrict(doc, &w); err != nil {
		return nil, err
	}
	if w.ReferenceID == "" && w.UserAuthorizationID == "" {
		return nil, errors.New("it names no customer")
	}
	return &CustomerEvent{
		Change:              change,
		ReferenceID:         w.ReferenceID,
		Nonce:               w.Nonce,
		UserAuthorizationID: w.UserAuthorizationID,
		ProfileIdentifier:   w.ProfileIdentifier,
		Scopes:              w.Scopes,
		ExpiresAt:           int64(w.Expiry),
		CreatedAt:           string(w.CreatedAt),
		Result:              w.Result,
		Reason:              w.Reason,
	}, nil
}

func readFileEvent(doc []byte) (*FileEvent, error) {
	var w struct {
		FileType    string    `json:"fileType"`
		Path        string    `json:"path"`
		RequestedAt looseTime `json:"requestedAt"`
	}
	if err := decodeStrict(doc, &w); err != nil {
		return nil, err
	}
	u, err := url.Parse(w.Path)
	if err != nil || !isPrivate(u) {
		return nil, errors.New("its path is not an https URL")
	}
	return &FileEvent{FileType: w.FileType, Path: w.Path, RequestedAt: int64(w.RequestedAt)}, nil
}

// Key is the same for a notification that PayPay sends again, and differs
// between two that say different things.
//
// It tells which work was done already. Note it down only after PayPay has been
// asked: anybody can post a notification with the key of one that is to come,
// and the genuine one must not be passed over for it.
func (n Notification) Key() string {
	switch e := n.Transaction; {
	case e != nil:
		return n.Type + ":" + digest(fmt.Appendf(nil, "%q %d", []string{
			e.MerchantID, e.PaymentID, e.MerchantPaymentID, string(e.State), e.ReauthRequestID,
		}, []int64{e.Amount, e.AuthorizedAt, e.ExpiresAt, e.PaidAt, e.ConfirmationExpiresAt}))
	case n.id != "":
		return n.Type + ":" + digest([]byte(n.id))
	}
	return n.Type + ":" + digest(n.Raw)
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// looseYen is an amount that PayPay documents as text and that others met as a
// number. It is 0 to 11 digits of whole yen.
type looseYen int64

// UnmarshalJSON takes 1280, "1280" and null.
func (y *looseYen) UnmarshalJSON(b []byte) error {
	var text looseText
	if err := text.UnmarshalJSON(b); err != nil {
		return err
	}
	if text == "" {
		*y = 0
		return nil
	}
	n, err := strconv.ParseUint(string(text), 10, 63)
	if err != nil || n > maxAmount {
		return fmt.Errorf("%.40q is not an amount of whole yen", text)
	}
	*y = looseYen(n)
	return nil
}

// looseTime is a moment in epoch seconds, which some notifications write as
// text, and others in ISO 8601.
type looseTime int64

// UnmarshalJSON takes 1760000120, "1760000120", "2026-04-01T03:00:00Z" and null.
func (t *looseTime) UnmarshalJSON(b []byte) error {
	var text looseText
	if err := text.UnmarshalJSON(b); err != nil {
		return err
	}
	if text == "" {
		*t = 0
		return nil
	}
	if seconds, err := strconv.ParseUint(string(text), 10, 63); err == nil && seconds < 1e11 {
		*t = looseTime(seconds)
		return nil
	}
	moment, err := time.Parse(time.RFC3339, string(text))
	if err != nil || moment.Unix() <= 0 {
		return fmt.Errorf("%.40q is not a time", text)
	}
	*t = looseTime(moment.Unix())
	return nil
}

// looseText is a text, or the digits of a number as they stand.
type looseText string

// UnmarshalJSON takes a text, a number and null.
func (s *looseText) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && (b[0] == '-' || '0' <= b[0] && b[0] <= '9') {
		*s = looseText(b)
		return nil
	}
	return json.Unmarshal(b, (*string)(s))
}

// looseScopes is a list, or a text with commas.
type looseScopes []string

// UnmarshalJSON takes ["a","b"], "a,b" and null.
func (s *looseScopes) UnmarshalJSON(b []byte) error {
	if len(b) == 0 || b[0] != '"' {
		return json.Unmarshal(b, (*[]string)(s))
	}
	var joined string
	if err := json.Unmarshal(b, &joined); err != nil {
		return err
	}
	*s = strings.FieldsFunc(joined, func(r rune) bool { return r == ',' || r == ' ' })
	return nil
}

// SentFrom reports whether a request came from one of the allowed networks.
// remoteAddr is the RemoteAddr of an http.Request, or a bare address.
//
// It keeps strangers out, and does not make a notification a proof. Behind a
// proxy RemoteAddr is the proxy; the address in X-Forwarded-For is PayPay's only
// where that proxy wrote it.
func SentFrom(remoteAddr string, allowed []netip.Prefix) bool {
	address, err := netip.ParseAddr(remoteAddr)
	if err != nil {
		withPort, err := netip.ParseAddrPort(remoteAddr)
		if err != nil {
			return false
		}
		address = withPort.Addr()
	}
	address = address.Unmap()
	for _, network := range allowed {
		if network.Contains(address) {
			return true
		}
	}
	return false
}

// ProductionSenders are the addresses that [Production] is said to send
// notifications from. They are not confirmed: they come from a copy of a page of
// PayPay's help that is some years old. Compare them with what PayPay tells the
// shop, and hand that to [SentFrom].
func ProductionSenders() []netip.Prefix {
	return hosts("52.68.128.8", "52.192.112.175", "13.115.29.37", "13.208.67.224", "13.208.235.224", "13.208.127.89")
}

// SandboxSenders are the same for [Sandbox], and not confirmed either.
func SandboxSenders() []netip.Prefix {
	return hosts("13.112.237.64", "52.199.148.95", "54.199.212.149", "13.208.106.122", "13.208.115.200", "13.208.152.196")
}

func hosts(addresses ...string) []netip.Prefix {
	prefixes := make([]netip.Prefix, len(addresses))
	for i, a := range addresses {
		address := netip.MustParseAddr(a)
		prefixes[i] = netip.PrefixFrom(address, address.BitLen())
	}
	return prefixes
}
