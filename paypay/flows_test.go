package paypay_test

import (
	"errors"
	"testing"
	"time"

	"example.jp/reji/paypay"
	"example.jp/reji/paypay/simulator"
)

// held makes a payment F1 of 5,000 yen that is held for the shop.
func held(t *testing.T, client *paypay.Client, service *simulator.Simulator) paypay.Payment {
	t.Helper()
	code, err := client.CreateCode(t.Context(), paypay.CodeRequest{MerchantPaymentID: "F1", Amount: paypay.Yen(5000), IsAuthorization: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := service.Pay(code.CodeID); err != nil {
		t.Fatal(err)
	}
	p, err := client.CodePayment(t.Context(), "F1")
	if err != nil || p.Status != paypay.StatusAuthorized {
		t.Fatalf("payment %+v, error %v", p, err)
	}
	return p
}

// linked is the authorization of the simulator's customer.
func linked(t *testing.T, client *paypay.Client, service *simulator.Simulator, credentials paypay.Credentials) string {
	t.Helper()
	pending := paypay.PendingLink{Nonce: "n1", ReferenceID: "member-1"}
	session, err := client.CreateLinkSession(t.Context(), paypay.LinkSessionRequest{
		Scopes: []string{
			paypay.ScopePay, paypay.ScopeContinuous, paypay.ScopePending, paypay.ScopePreauthorize,
			paypay.ScopeBalance, paypay.ScopeCashback, paypay.ScopeProfile,
		},
		Nonce: pending.Nonce, RedirectURL: "https://shop.example/", ReferenceID: pending.ReferenceID,
	})
	if err != nil {
		t.Fatal(err)
	}
	token, err := service.Approve(session.URL, "")
	if err != nil {
		t.Fatal(err)
	}
	link, err := credentials.ReadLinkToken(token, pending)
	if err != nil || link.Result != paypay.LinkSucceeded {
		t.Fatalf("link %+v, error %v", link, err)
	}
	return link.UserAuthorizationID
}

func TestFlow_captureLess(t *testing.T) {
	t.Parallel()
	client, service, _ := practice()
	held(t, client, service)
	capture := paypay.CaptureRequest{
		MerchantPaymentID: "F1", Amount: paypay.Yen(4000), OrderDescription: "宿泊", NewID: func() string { return "F1-C1" },
	}
	got, err := client.Capture(t.Context(), capture)
	if p, done := got.Done(); err != nil || !done || p.Status != paypay.StatusCompleted {
		t.Fatalf("payment %+v, error %v", p, err)
	}
	capture.NewID = func() string { return "F1-C2" }
	if _, err := client.Capture(t.Context(), capture); paypay.CodeOf(err) != paypay.AlreadyCaptured || paypay.ClassOf(err) != paypay.State {
		t.Errorf("error %v", err)
	}
}

// An answer that is lost after the capture was done leaves no second one behind.
func TestFlow_captureLost(t *testing.T) {
	t.Parallel()
	client, service, _ := practice()
	held(t, client, service)
	if err := service.Fault(simulator.Fault{Operation: "v2_captureAuthorizedOrder", Kind: simulator.DropAfter, Times: 1}); err != nil {
		t.Fatal(err)
	}
	ids := []string{"F1-C1", "F1-C2"}
	_, err := client.Capture(t.Context(), paypay.CaptureRequest{
		MerchantPaymentID: "F1", Amount: paypay.Yen(5000), OrderDescription: "宿泊",
		NewID: func() string { id := ids[0]; ids = ids[1:]; return id },
	})
	if paypay.CodeOf(err) != paypay.AlreadyCaptured || !paypay.ClassOf(err).MoneyMayHaveMoved() {
		t.Fatalf("error %v", err)
	}
	p, err := client.Payment(t.Context(), "F1")
	if err != nil || p.Status != paypay.StatusCompleted || len(p.Captures.Data) != 1 {
		t.Errorf("payment %+v, error %v", p, err)
	}
}

func TestFlow_revert(t *testing.T) {
	t.Parallel()
	client, service, _ := practice()
	p := held(t, client, service)
	r := paypay.RevertRequest{MerchantRevertID: "F1-V1", PaymentID: p.PaymentID, Reason: "在庫なし"}
	if v, err := client.Revert(t.Context(), r); err != nil || v.Status != paypay.StatusCanceled {
		t.Fatalf("revert %+v, error %v", v, err)
	}
	if _, err := client.Revert(t.Context(), r); paypay.ClassOf(err) != paypay.State {
		t.Errorf("error %v", err)
	}
	if p, err := client.Payment(t.Context(), "F1"); err != nil || p.Status != paypay.StatusCanceled {
		t.Errorf("payment %+v, error %v", p, err)
	}
}

func TestFlow_changeAmount(t *testing.T) {
	t.Parallel()
	client, service, _ := practice()
	p := held(t, client, service)
	lower, err := client.Reauthorize(t.Context(), paypay.ReauthorizeRequest{RequestID: "F1-A1", PaymentID: p.PaymentID, UpdatedAmount: paypay.Yen(4000)})
	if v, done := lower.Done(); err != nil || !done || v.UpdatedAmount != paypay.Yen(4000) {
		t.Fatalf("change %+v, error %v", v, err)
	}
	higher, err := client.Reauthorize(t.Context(), paypay.ReauthorizeRequest{
		RequestID: "F1-A2", PaymentID: p.PaymentID, UpdatedAmount: paypay.Yen(6000),
		RedirectURL: "https://shop.example/", RedirectType: paypay.RedirectWeb,
	})
	if page, waits := higher.Waits(); err != nil || !waits || page.URL == "" || page.ExpiresAt == 0 {
		t.Fatalf("page %+v, error %v", page, err)
	}
}

func TestFlow_refundWhole(t *testing.T) {
	t.Parallel()
	client, service, _ := practice()
	code, err := client.CreateCode(t.Context(), paypay.CodeRequest{MerchantPaymentID: "F1", Amount: paypay.Yen(900)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Payment(t.Context(), "F1"); paypay.CodeOf(err) != paypay.ResourceNotFound || paypay.ClassOf(err) != paypay.State {
		t.Errorf("before it is paid: error %v", err)
	}
	if err := service.Pay(code.CodeID); err != nil {
		t.Fatal(err)
	}
	p, err := client.Payment(t.Context(), "F1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.RefundDetails(t.Context(), "F1-R1", p.PaymentID); paypay.CodeOf(err) != paypay.NoSuchRefund {
		t.Errorf("before it is asked for: error %v", err)
	}
	whole := paypay.RefundRequest{MerchantRefundID: "F1-R1", PaymentID: p.PaymentID, Amount: paypay.Yen(900)}
	for range 2 { // the same refund
		if r, err := client.Refund(t.Context(), whole); err != nil || r.Amount != paypay.Yen(900) {
			t.Fatalf("refund %+v, error %v", r, err)
		}
	}
	service.Advance(20 * time.Second)
	if r, err := client.RefundDetails(t.Context(), "F1-R1", p.PaymentID); err != nil || r.Status != paypay.RefundDone {
		t.Errorf("refund %+v, error %v", r, err)
	}
	if p, err := client.CodePayment(t.Context(), "F1"); err != nil || p.Status != paypay.StatusRefunded || p.Refunded() != 900 {
		t.Errorf("payment %+v, error %v", p, err)
	}
	service.Advance(70 * time.Second) // a minute between refunds, and less than 2 minutes between the clocks
	more := paypay.RefundRequest{MerchantRefundID: "F1-R2", PaymentID: p.PaymentID, Amount: paypay.Yen(1)}
	if _, err := client.Refund(t.Context(), more); paypay.ClassOf(err) != paypay.Failed {
		t.Errorf("more than was paid: error %v", err)
	}
}

func TestFlow_linkedCustomer(t *testing.T) {
	t.Parallel()
	client, service, credentials := practice()
	ctx := t.Context()
	user := linked(t, client, service, credentials)
	wallet := paypay.WalletQuery{UserAuthorizationID: user}

	if a, err := client.Authorization(ctx, user); err != nil || a.Status != paypay.AuthorizationActive || a.ReferenceIDs[0] != "member-1" {
		t.Errorf("authorization %+v, error %v", a, err)
	}
	if p, err := client.Profile(ctx, user); err != nil || p.PhoneNumber == "" {
		t.Errorf("profile %+v, error %v", p, err)
	}
	if yes, err := client.HasBalance(ctx, wallet, paypay.Yen(1000)); err != nil || !yes {
		t.Errorf("balance %v, error %v", yes, err)
	}
	if w, err := client.Wallet(ctx, wallet); err != nil || w.TotalBalance.Amount == 0 {
		t.Errorf("wallet %+v, error %v", w, err)
	}
	if m, err := client.PaymentMethods(ctx, wallet); err != nil || len(m.Methods) == 0 {
		t.Errorf("methods %+v, error %v", m, err)
	}

	order := paypay.OrderRequest{MerchantPaymentID: "U1", UserAuthorizationID: user, Amount: paypay.Yen(100)}
	for range 2 { // the same payment
		if p, err := client.Pay(ctx, paypay.PayRequest{OrderRequest: order}); err != nil || p.Status != paypay.StatusCompleted {
			t.Errorf("payment %+v, error %v", p, err)
		}
	}
	order.MerchantPaymentID, order.Amount = "U2", paypay.Yen(200)
	if p, err := client.PayContinuous(ctx, order); err != nil || p.Status != paypay.StatusCompleted {
		t.Errorf("payment %+v, error %v", p, err)
	}
	order.MerchantPaymentID, order.Amount = "U3", paypay.Yen(300)
	hold := paypay.PreauthorizeRequest{PayRequest: paypay.PayRequest{OrderRequest: order}}
	if p, err := client.Preauthorize(ctx, hold); err != nil || p.Status != paypay.StatusAuthorized {
		t.Errorf("payment %+v, error %v", p, err)
	}
	order.MerchantPaymentID, order.Amount = "U4", paypay.Yen(400)
	if _, err := client.CreatePendingPayment(ctx, paypay.PendingPaymentRequest{OrderRequest: order}); err != nil {
		t.Error(err)
	}
	if p, err := client.PendingPayment(ctx, "U4"); err != nil || p.Status != paypay.StatusCreated {
		t.Errorf("payment %+v, error %v", p, err)
	}
	if err := client.CancelPendingPayment(ctx, "U4"); err != nil {
		t.Error(err)
	}
	if p, err := client.PendingPayment(ctx, "U4"); err != nil || p.Status != paypay.StatusCanceled {
		t.Errorf("payment %+v, error %v", p, err)
	}

	if err := client.Unlink(ctx, user); err != nil {
		t.Error(err)
	}
	order.MerchantPaymentID = "U5"
	_, err := client.Pay(ctx, paypay.PayRequest{OrderRequest: order})
	if e, ok := errors.AsType[*paypay.Error](err); !ok || e.Class != paypay.Failed {
		t.Errorf("after unlinking: error %v", err)
	}
}

func TestFlow_cashback(t *testing.T) {
	t.Parallel()
	client, service, credentials := practice()
	ctx := t.Context()
	user := linked(t, client, service, credentials)
	give := paypay.CashbackRequest{MerchantCashbackID: "B1", UserAuthorizationID: user, Amount: paypay.Yen(50)}
	if err := client.GiveCashback(ctx, give); err != nil {
		t.Fatal(err)
	}
	if err := client.GiveCashback(ctx, give); paypay.ClassOf(err) != paypay.State {
		t.Errorf("the same id again: error %v", err)
	}
	service.Advance(20 * time.Second)
	if b, err := client.Cashback(ctx, "B1"); err != nil || b.Status != paypay.CashbackSuccess || b.Amount != paypay.Yen(50) {
		t.Errorf("cashback %+v, error %v", b, err)
	}
	take := paypay.CashbackReversalRequest{MerchantCashbackReversalID: "BR1", MerchantCashbackID: "B1", Amount: paypay.Yen(50)}
	if err := client.ReverseCashback(ctx, take); err != nil {
		t.Fatal(err)
	}
	service.Advance(20 * time.Second)
	if r, err := client.CashbackReversal(ctx, "BR1", "B1"); err != nil || r.Status != paypay.CashbackSuccess {
		t.Errorf("reversal %+v, error %v", r, err)
	}
	give.MerchantCashbackID, give.Amount = "B2", paypay.Yen(100_000_000)
	if err := client.GiveCashback(ctx, give); err != nil {
		t.Fatal(err)
	}
	service.Advance(20 * time.Second)
	if _, err := client.Cashback(ctx, "B2"); paypay.CodeOf(err) != paypay.NotEnoughBudget || paypay.ClassOf(err) != paypay.Failed {
		t.Errorf("more than the budget: error %v", err)
	}
}
