package pos

import "slices"

// PaperKind is what a paper is.
type PaperKind string

// The kinds.
const (
	ReceiptPaper   PaperKind = "receipt"
	AddressedPaper PaperKind = "addressed" // 領収書, with an addressee
	SlipPaper      PaperKind = "slip"      // for money that was given back
	HoldPaper      PaperKind = "hold"      // for an amount that is held: no receipt, because nothing is paid
)

// Paper is a paper that a customer gets about a sale.
type Paper struct {
	Kind         PaperKind `json:"kind"`
	Attempt      string    `json:"attempt"`                // that it is about
	Modification string    `json:"modification,omitempty"` // SlipPaper: by which money was given back
	Addressee    string    `json:"addressee,omitempty"`    // AddressedPaper; empty to be written by hand
	Purpose      string    `json:"purpose,omitempty"`      // AddressedPaper: what was paid for; empty for goods
	Copy         int       `json:"copy,omitempty"`         // 1 for the first of its kind, 2 for the next; given by Print
	Doubt        bool      `json:"-"`                      // the same copy may have been printed already
}

// same reports whether two papers are copies of each other. A 領収書 is one
// whoever it is addressed to: a second one stands for the same money.
func (p Paper) same(q Paper) bool {
	return p.Kind == q.Kind && p.Attempt == q.Attempt && p.Modification == q.Modification
}

// Modification is the modification with an id, and false when the attempt has
// none such.
func (a Attempt) Modification(id string) (Modification, bool) {
	i := a.modification(id)
	if i < 0 {
		return Modification{}, false
	}
	return a.Modifications[i], true
}

// Papers are the papers that there are of a sale, each as the first of its
// kind: a receipt for each payment, a note of what is held, and a slip for each
// time that money was given back or let go.
func (s Sale) Papers() []Paper {
	var all []Paper
	for _, a := range s.Attempts {
		if a.Taken > 0 {
			all = append(all, Paper{Kind: ReceiptPaper, Attempt: a.ID, Copy: 1})
		}
		if a.State == Held {
			all = append(all, Paper{Kind: HoldPaper, Attempt: a.ID, Copy: 1})
		}
		for _, m := range a.Modifications {
			if m.HasSlip() {
				all = append(all, Paper{Kind: SlipPaper, Attempt: a.ID, Modification: m.ID, Copy: 1})
			}
		}
	}
	return all
}

// HasSlip reports whether a customer gets a slip for a modification: PayPay has
// given the money back, or has said that it will.
func (m Modification) HasSlip() bool {
	gives := m.Way == WayRefund || m.Way == WayCancel || m.Way == WayRevert
	return gives && (m.State == Accepted || m.State == Carried)
}

// has reports whether there is such a paper of a sale.
func (s Sale) has(p Paper) bool {
	if p.Kind == AddressedPaper { // for what the shop still has a part of
		a, ok := s.Attempt(p.Attempt)
		return ok && a.Kept() > 0
	}
	return slices.ContainsFunc(s.Papers(), p.same)
}
