package paypay_test

import (
	"errors"
	"strings"
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

// PayPay takes longer ids of a change than of anything else.
func TestFlow_changeAmountWithALongID(t *testing.T) {
	t.Parallel()
	client, service, _ := practice()
	p := held(t, client, service)
	r := paypay.ReauthorizeRequest{RequestID: strings.Repeat("a", 255), PaymentID: p.PaymentID, UpdatedAmount: paypay.Yen(4000)}
	if got, err := client.Reauthorize(t.Context(), r); err != nil {
		t.Errorf("change %+v, error %v", got, err)
	}
	r.RequestID += "a"
	if _, err := client.Reauthorize(t.Context(), r); paypay.ClassOf(err) != paypay.Bug {
		t.Errorf("256 characters: error %v", err)
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
	expected := paypay.ExpectedCashbackRequest{RequestID: "E1", UserAuthorizationID: user, Amount: paypay.Yen(1000), English: true}
	if e, err := client.ExpectedCashback(ctx, expected); err != nil || e.CampaignMessage != "You would get 5 yen back for this payment." {
		t.Errorf("expected %+v, error %v", e, err)
	}
	expected.English = false
	if e, err := client.ExpectedCashback(ctx, expected); err != nil || e.CampaignMessage != "このお支払いで5円相当が戻る予定です。" {
		t.Errorf("expected %+v, error %v", e, err)
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

// A customer is asked to pay, pays when it suits, and gets the money back.
func TestFlow_pendingPaidAndRefunded(t *testing.T) {
	t.Parallel()
	client, service, credentials := practice()
	ctx := t.Context()
	user := linked(t, client, service, credentials)
	asked, err := client.CreatePendingPayment(ctx, paypay.PendingPaymentRequest{
		OrderRequest: paypay.OrderRequest{
			MerchantPaymentID: "Q1", UserAuthorizationID: user, Amount: paypay.Yen(700), StoreID: "S1", OrderDescription: "月謝",
			OrderItems: []paypay.OrderItem{{Name: "書道", Quantity: 1, UnitPrice: paypay.Yen(700)}},
		},
		ExpiryDate: time.Now().Add(time.Hour).Unix(),
	})
	if err != nil || asked.StoreID != "S1" || len(asked.OrderItems) != 1 || asked.UserAuthorizationID != user {
		t.Fatalf("asked %+v, error %v", asked, err)
	}
	if p, err := client.PendingPayment(ctx, "Q1"); err != nil || p.Status != paypay.StatusCreated || p.PaymentID != "" || p.AcceptedAt != 0 {
		t.Errorf("before it is paid: %+v, error %v", p, err)
	}
	if err := service.PayPending("Q1"); err != nil {
		t.Fatal(err)
	}
	paid, err := client.PendingPayment(ctx, "Q1")
	if err != nil || paid.Status != paypay.StatusCompleted || paid.PaymentID == "" || paid.AcceptedAt == 0 {
		t.Fatalf("paid %+v, error %v", paid, err)
	}
	if err := client.CancelPendingPayment(ctx, "Q1"); paypay.ClassOf(err) != paypay.State {
		t.Errorf("cancelled after it was paid: error %v", err)
	}
	back := paypay.RefundRequest{MerchantRefundID: "Q1-R1", PaymentID: paid.PaymentID, Amount: paypay.Yen(300)}
	if r, err := client.Refund(ctx, back); err != nil || r.Amount != paypay.Yen(300) {
		t.Errorf("refund %+v, error %v", r, err)
	}
	service.Advance(20 * time.Second)
	if r, err := client.RefundDetails(ctx, "Q1-R1", paid.PaymentID); err != nil || r.Status != paypay.RefundDone {
		t.Errorf("refund %+v, error %v", r, err)
	}
	p, err := client.PendingPayment(ctx, "Q1")
	if err != nil || len(p.Refunds.Data) != 1 || p.Refunds.Data[0].Amount != paypay.Yen(300) {
		t.Errorf("after the refund: %+v, error %v", p, err)
	}
}

// A pending payment whose making is in doubt is looked up, withdrawn, and not
// asked for again under the same id.
func TestFlow_pendingLostAndWithdrawn(t *testing.T) {
	t.Parallel()
	client, service, credentials := practice()
	ctx := t.Context()
	r := paypay.PendingPaymentRequest{OrderRequest: paypay.OrderRequest{
		MerchantPaymentID: "Q1", UserAuthorizationID: linked(t, client, service, credentials), Amount: paypay.Yen(700),
	}}
	if err := service.Fault(simulator.Fault{Operation: simulator.OpCreatePending, Kind: simulator.DropAfter, Times: 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.CreatePendingPayment(ctx, r); err == nil || paypay.ClassOf(err) != paypay.Unknown {
		t.Fatalf("the answer was lost: error %v", err)
	}
	if p, err := client.PendingPayment(ctx, "Q1"); err != nil || p.Status != paypay.StatusCreated {
		t.Errorf("pending %+v, error %v", p, err)
	}
	if _, err := client.CreatePendingPayment(ctx, r); paypay.ClassOf(err) != paypay.State {
		t.Errorf("the same id again: error %v", err)
	}
	if err := client.CancelPendingPayment(ctx, "Q1"); err != nil {
		t.Error(err)
	}
	if p, err := client.PendingPayment(ctx, "Q1"); err != nil || p.Status != paypay.StatusCanceled {
		t.Errorf("pending %+v, error %v", p, err)
	}
	if err := service.PayPending("Q1"); err == nil {
		t.Error("the customer paid what was withdrawn")
	}
	if _, err := client.PendingPayment(ctx, "Q2"); paypay.CodeOf(err) != paypay.PendingNotFound || paypay.ClassOf(err) != paypay.State {
		t.Errorf("nobody was asked: error %v", err)
	}
}

// A refund whose first try was lost is still in doubt when PayPay refuses the
// second, and ends as one refund.
func TestFlow_refundLostThenRefused(t *testing.T) {
	t.Parallel()
	client, service, _ := practice()
	code, err := client.CreateCode(t.Context(), paypay.CodeRequest{MerchantPaymentID: "F1", Amount: paypay.Yen(900)})
	if err != nil {
		t.Fatal(err)
	}
	if err := service.Pay(code.CodeID); err != nil {
		t.Fatal(err)
	}
	p, err := client.Payment(t.Context(), "F1")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []simulator.Fault{
		{Kind: simulator.DropAfter, Times: 1},
		{Kind: simulator.StatusBefore, Times: 1, Status: 400, Code: "UNACCEPTABLE_OP", CodeID: "00200013"},
	} {
		f.Operation = simulator.OpCreateRefund
		if err := service.Fault(f); err != nil {
			t.Fatal(err)
		}
	}
	back := paypay.RefundRequest{MerchantRefundID: "F1-R1", PaymentID: p.PaymentID, Amount: paypay.Yen(900)}
	if _, err := client.Refund(t.Context(), back); paypay.ClassOf(err) != paypay.Unknown || paypay.CodeOf(err) != paypay.Unacceptable {
		t.Fatalf("lost, then refused: error %v", err)
	}
	if r, err := client.Refund(t.Context(), back); err != nil || r.Amount != paypay.Yen(900) {
		t.Errorf("refund %+v, error %v", r, err)
	}
	if p, err := client.Payment(t.Context(), "F1"); err != nil || len(p.Refunds.Data) != 1 {
		t.Errorf("payment %+v, error %v", p, err)
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
