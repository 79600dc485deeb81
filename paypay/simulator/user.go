package simulator

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

// linked finds the account of a userAuthorizationId that may be used for a
// scope; an empty one is any.
func (s *Simulator) linked(id, scope string, now time.Time) (*authorization, *answer) {
	a := s.authorizations[id]
	switch {
	case a == nil || a.unlinked:
		return nil, invalidAuthorization()
	case !a.active(now):
		return nil, refuse(http.StatusUnauthorized, "EXPIRED_USER_AUTHORIZATION_ID", "", "the authorization has expired")
	case a.wallet.account == AccountClosed:
		return nil, beyond(closed)
	case a.wallet.account == AccountSuspended:
		return nil, beyond(notActive)
	case scope != "" && !slices.Contains(a.scopes, scope):
		return nil, refuse(http.StatusUnauthorized, "OP_OUT_OF_SCOPE", "08100023", "the customer has not agreed to "+scope)
	}
	return a, nil
}

func invalidAuthorization() *answer {
	return refuse(http.StatusUnauthorized, "INVALID_USER_AUTHORIZATION_ID", "", "the userAuthorizationId is unknown or no longer linked")
}

// beyond refuses what a customer cannot pay.
func beyond(why limit) *answer {
	status, codeID := http.StatusBadRequest, ""
	switch why { //nolint:exhaustive // the others have no more to say
	case notActive:
		status = http.StatusUnauthorized
	case closed:
		codeID = "01103027"
	}
	return refuse(status, string(why), codeID, "the customer's account, balance or limits do not allow it")
}

// userStatus tells of an account link (Get User Authorization Status).
func (s *Simulator) userStatus(q request, _ Fault, now time.Time) *answer {
	a := s.authorizations[q.query.Get("userAuthorizationId")]
	switch {
	case a == nil:
		return invalidAuthorization()
	case a.wallet.account == AccountClosed:
		return beyond(closed)
	}
	status := "ACTIVE"
	if !a.active(now) {
		status = "INACTIVE"
	}
	return success(http.StatusOK, &userData{a.id, a.referenceIDs, status, a.scopes, a.expiresAt.Unix(), a.issuedAt.Unix()})
}

// unlinkUser ends an account link (Unlink User).
func (s *Simulator) unlinkUser(q request, _ Fault, now time.Time) *answer {
	a := s.authorizations[q.id]
	if a == nil || !a.active(now) {
		return invalidAuthorization()
	}
	a.unlinked = true
	s.notifyLink(a, "canceled", now)
	return accepted()
}

// userProfile tells a customer's phone number, masked (Get Masked User Profile).
func (s *Simulator) userProfile(q request, _ Fault, now time.Time) *answer {
	a, refused := s.linked(q.query.Get("userAuthorizationId"), "user_profile", now)
	if refused != nil {
		return refused
	}
	return success(http.StatusOK, &profileData{a.wallet.masked()})
}

// checkBalance tells whether a customer has so much money (Check Wallet Balance).
func (s *Simulator) checkBalance(q request, _ Fault, now time.Time) *answer {
	a, refused := s.linked(q.query.Get("userAuthorizationId"), "get_balance", now)
	if refused != nil {
		return refused
	}
	yen, err := strconv.ParseInt(q.query.Get("amount"), 10, 64)
	if err != nil || yen < 1 || yen > maxAmount {
		return invalidParams("amount: must be whole yen")
	}
	if refused := plainQuery(q); refused != nil {
		return refused
	}
	return success(http.StatusOK, &enoughData{a.wallet.balance >= yen})
}

// plainQuery checks what the calls about a wallet have in common.
func plainQuery(q request) *answer {
	if slices.Contains(q.operation.query, "currency") && q.query.Get("currency") != "JPY" {
		return invalidParams("currency: must be JPY")
	}
	if product := q.query.Get("productType"); product != "" && !knownProduct(product) {
		return invalidParams("productType: is unknown")
	}
	return nil
}

// products are the product types that PayPay names.
var products = []string{"VIRTUAL_BONUS_INVESTMENT", "PAY_LATER_REPAYMENT", "REAL_INVESTMENT", "UTILITY_BILL"}

func knownProduct(name string) bool { return slices.Contains(products, name) }

// walletBalance tells how much money a customer has (Get Wallet Balance).
func (s *Simulator) walletBalance(q request, _ Fault, now time.Time) *answer {
	a, refused := s.linked(q.query.Get("userAuthorizationId"), "get_balance", now)
	if refused != nil {
		return refused
	}
	if refused := plainQuery(q); refused != nil {
		return refused
	}
	return success(http.StatusOK, &balanceData{
		UserAuthorizationID: a.id, TotalBalance: money{a.wallet.balance, "JPY"}, Preference: preferenceData{UseCashback: true},
	})
}

// paymentMethods tells by what a customer can pay (Get Payment Methods).
func (s *Simulator) paymentMethods(q request, _ Fault, now time.Time) *answer {
	a, refused := s.linked(q.query.Get("userAuthorizationId"), "get_balance", now)
	if refused != nil {
		return refused
	}
	if refused := plainQuery(q); refused != nil {
		return refused
	}
	methods := []methodData{{
		PaymentMethodType: balanceType, ID: walletMethod, IssuerName: "PayPay", Authenticated: true, PaymentMethodStatus: usable,
	}}
	for _, m := range a.wallet.means {
		methods = append(methods, methodData{
			PaymentMethodType: m.Type, ID: m.ID, IssuerName: "PayPay", Authenticated: true,
			Disabled: m.Status != usable, UnderMaintenance: m.Status == "MAINTENANCE", PaymentMethodStatus: m.Status,
		})
	}
	return success(http.StatusOK, &methodsData{walletInfo{a.id, money{a.wallet.balance, "JPY"}}, methods})
}

type linkData struct {
	LinkQRCodeURL string `json:"linkQRCodeURL"`
}

type userData struct {
	UserAuthorizationID string   `json:"userAuthorizationId"`
	ReferenceIDs        []string `json:"referenceIds"`
	Status              string   `json:"status"`
	Scopes              []string `json:"scopes"`
	ExpireAt            int64    `json:"expireAt"`
	IssuedAt            int64    `json:"issuedAt"`
}

type profileData struct {
	PhoneNumber string `json:"phoneNumber"`
}

type enoughData struct {
	HasEnoughBalance bool `json:"hasEnoughBalance"`
}

type balanceData struct {
	UserAuthorizationID string         `json:"userAuthorizationId"`
	TotalBalance        money          `json:"totalBalance"`
	Preference          preferenceData `json:"preference"`
}

type preferenceData struct {
	UseCashback            bool `json:"useCashback"`
	CashbackAutoInvestment bool `json:"cashbackAutoInvestment"`
}

type methodsData struct {
	WalletInfo     walletInfo   `json:"walletInfo"`
	PaymentMethods []methodData `json:"paymentMethods"`
}

type walletInfo struct {
	UserAuthorizationID string `json:"userAuthorizationId"`
	TotalBalance        money  `json:"totalBalance"`
}

type methodData struct {
	PaymentMethodType   string  `json:"paymentMethodType"`
	ID                  string  `json:"id"`
	IssuerName          string  `json:"issuerName"`
	AccountNo           *string `json:"accountNo"`
	LogoURL             *string `json:"logoUrl"`
	Disabled            bool    `json:"disabled"`
	UnderMaintenance    bool    `json:"underMaintenance"`
	Authenticated       bool    `json:"authenticated"`
	Limited             bool    `json:"limited"`
	PaymentMethodStatus string  `json:"paymentMethodStatus"`
}
