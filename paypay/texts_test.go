package paypay

import (
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// edits makes a call of each operation, after its request was edited. What an
// operation takes without a request is edited like one.
var edits = map[Op]func(t *testing.T, c *Client, edit func(request any)) error{
	OpCreateCode: func(t *testing.T, c *Client, edit func(any)) error {
		r := order()
		r.IsAuthorization = true
		edit(&r)
		_, err := c.CreateCode(t.Context(), r)
		return err
	},
	OpDeleteCode: func(t *testing.T, c *Client, edit func(any)) error {
		q := struct {
			ID string `json:"codeId"`
		}{"c1"}
		edit(&q)
		return c.DeleteCode(t.Context(), q.ID)
	},
	OpCodePayment: orderID(func(t *testing.T, c *Client, id string) error {
		_, err := c.CodePayment(t.Context(), id)
		return err
	}),
	OpPayment: orderID(func(t *testing.T, c *Client, id string) error {
		_, err := c.Payment(t.Context(), id)
		return err
	}),
	OpCancelPayment: orderID(func(t *testing.T, c *Client, id string) error { return c.CancelPayment(t.Context(), id) }),
	OpPendingPayment: orderID(func(t *testing.T, c *Client, id string) error {
		_, err := c.PendingPayment(t.Context(), id)
		return err
	}),
	OpCancelPendingPayment: orderID(func(t *testing.T, c *Client, id string) error {
		return c.CancelPendingPayment(t.Context(), id)
	}),
	OpRefund: func(t *testing.T, c *Client, edit func(any)) error {
		r := refund()
		edit(&r)
		_, err := c.Refund(t.Context(), r)
		return err
	},
	OpRefundDetails: func(t *testing.T, c *Client, edit func(any)) error {
		q := struct {
			Refund  string `json:"merchantRefundId"`
			Payment string `json:"paymentId"`
		}{"r1", "p1"}
		edit(&q)
		_, err := c.RefundDetails(t.Context(), q.Refund, q.Payment)
		return err
	},
	OpCapture: func(t *testing.T, c *Client, edit func(any)) error {
		q := struct {
			CaptureRequest
			ID string `json:"merchantCaptureId"`
		}{capture("c1"), "c1"}
		edit(&q)
		q.NewID = func() string { return q.ID }
		_, err := c.Capture(t.Context(), q.CaptureRequest)
		return err
	},
	OpRevert: func(t *testing.T, c *Client, edit func(any)) error {
		r := RevertRequest{MerchantRevertID: "v1", PaymentID: paymentID}
		edit(&r)
		_, err := c.Revert(t.Context(), r)
		return err
	},
	OpReauthorize: func(t *testing.T, c *Client, edit func(any)) error {
		r := reauthorize()
		edit(&r)
		_, err := c.Reauthorize(t.Context(), r)
		return err
	},
	OpPay: func(t *testing.T, c *Client, edit func(any)) error {
		r := PayRequest{OrderRequest: userOrder()}
		edit(&r)
		_, err := c.Pay(t.Context(), r)
		return err
	},
	OpPreauthorize: func(t *testing.T, c *Client, edit func(any)) error {
		r := PreauthorizeRequest{PayRequest: PayRequest{OrderRequest: userOrder()}}
		edit(&r)
		_, err := c.Preauthorize(t.Context(), r)
		return err
	},
	OpPayContinuous: func(t *testing.T, c *Client, edit func(any)) error {
		r := userOrder()
		edit(&r)
		_, err := c.PayContinuous(t.Context(), r)
		return err
	},
	OpCreatePendingPayment: func(t *testing.T, c *Client, edit func(any)) error {
		r := PendingPaymentRequest{OrderRequest: userOrder()}
		edit(&r)
		_, err := c.CreatePendingPayment(t.Context(), r)
		return err
	},
	OpCreateLinkSession: func(t *testing.T, c *Client, edit func(any)) error {
		r := linkSession()
		edit(&r)
		_, err := c.CreateLinkSession(t.Context(), r)
		return err
	},
	OpAuthorization: userID(func(t *testing.T, c *Client, id string) error { _, err := c.Authorization(t.Context(), id); return err }),
	OpUnlink:        userID(func(t *testing.T, c *Client, id string) error { return c.Unlink(t.Context(), id) }),
	OpProfile:       userID(func(t *testing.T, c *Client, id string) error { _, err := c.Profile(t.Context(), id); return err }),
	OpCheckBalance: walletOf(func(t *testing.T, c *Client, q WalletQuery, yen Money) error {
		_, err := c.HasBalance(t.Context(), q, yen)
		return err
	}),
	OpWalletBalance: walletOf(func(t *testing.T, c *Client, q WalletQuery, _ Money) error {
		_, err := c.Wallet(t.Context(), q)
		return err
	}),
	OpPaymentMethods: walletOf(func(t *testing.T, c *Client, q WalletQuery, _ Money) error {
		_, err := c.PaymentMethods(t.Context(), q)
		return err
	}),
	OpGiveCashback: func(t *testing.T, c *Client, edit func(any)) error {
		r := cashback()
		edit(&r)
		return c.GiveCashback(t.Context(), r)
	},
	OpCashback: func(t *testing.T, c *Client, edit func(any)) error {
		q := struct {
			ID string `json:"merchantCashbackId"`
		}{"b1"}
		edit(&q)
		_, err := c.Cashback(t.Context(), q.ID)
		return err
	},
	OpReverseCashback: func(t *testing.T, c *Client, edit func(any)) error {
		r := cashbackReversal()
		edit(&r)
		return c.ReverseCashback(t.Context(), r)
	},
	OpCashbackReversal: func(t *testing.T, c *Client, edit func(any)) error {
		q := struct {
			Reversal string `json:"merchantCashbackReversalId"`
			Cashback string `json:"merchantCashbackId"`
		}{"br1", "b1"}
		edit(&q)
		_, err := c.CashbackReversal(t.Context(), q.Reversal, q.Cashback)
		return err
	},
	OpExpectedCashback: func(t *testing.T, c *Client, edit func(any)) error {
		r := expectedCashback()
		edit(&r)
		_, err := c.ExpectedCashback(t.Context(), r)
		return err
	},
}

func orderID(call func(*testing.T, *Client, string) error) func(*testing.T, *Client, func(any)) error {
	return func(t *testing.T, c *Client, edit func(any)) error {
		q := struct {
			ID string `json:"merchantPaymentId"`
		}{"R1-0001"}
		edit(&q)
		return call(t, c, q.ID)
	}
}

func userID(call func(*testing.T, *Client, string) error) func(*testing.T, *Client, func(any)) error {
	return func(t *testing.T, c *Client, edit func(any)) error {
		q := struct {
			ID string `json:"userAuthorizationId"`
		}{authorizationID}
		edit(&q)
		return call(t, c, q.ID)
	}
}

func walletOf(call func(*testing.T, *Client, WalletQuery, Money) error) func(*testing.T, *Client, func(any)) error {
	return func(t *testing.T, c *Client, edit func(any)) error {
		q := struct {
			User    string      `json:"userAuthorizationId"`
			Product ProductType `json:"productType"`
		}{authorizationID, RealInvestment}
		edit(&q)
		return call(t, c, WalletQuery{q.User, q.Product}, Yen(1280))
	}
}

// text is a place of a request where a text stands.
type text struct {
	name  string // as PayPay calls it
	place reflect.Value
}

// texts are those of a request, in order. A list has one member at least.
func texts(v reflect.Value, name string) []text {
	switch v.Kind() {
	case reflect.String:
		return []text{{name, v}}
	case reflect.Slice:
		if v.Len() == 0 {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		}
		return texts(v.Index(0), name)
	case reflect.Struct:
		var all []text
		for i := range v.NumField() {
			key, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			if key != "-" {
				all = append(all, texts(v.Field(i), key)...)
			}
		}
		return all
	default:
		return nil
	}
}

// free are the texts that may say anything, in 255 characters.
var free = []string{
	"orderDescription", "storeInfo", "storeId", "terminalId", "userAgent", "orderReceiptNumber", "name", "category", "productId",
	"paymentMethodType", "paymentMethodId", "reason", "merchantComment", "nonce", "referenceId", "phoneNumber", "deviceId",
}

// A text that PayPay would refuse, or that could not be shown as it is, is neither
// sent nor changed, and the error names the field.
func TestCall_refusesTexts(t *testing.T) {
	t.Parallel()
	tried := map[string]bool{}
	for _, op := range ops {
		call := edits[op]
		if call == nil {
			t.Fatalf("%s is not tried", op)
		}
		sent := false
		c := serve(t, func(w http.ResponseWriter, r *http.Request) {
			sent = true
			answering(500, "")(w, r)
		})
		var names []string
		if err := call(t, c, func(r any) {
			for _, at := range texts(reflect.ValueOf(r).Elem(), "") {
				names = append(names, at.name)
			}
		}); len(names) == 0 {
			t.Fatalf("%s has no texts, error %v", op, err)
		}
		for i, name := range names {
			tried[name] = true
			with := func(s string) error {
				sent = false
				return call(t, c, func(r any) { texts(reflect.ValueOf(r).Elem(), "")[i].place.SetString(s) })
			}
			for _, wrong := range []string{strings.Repeat("あ", 256), "a\x00b", "a\nb", "\x1b[2J", "\x7f", "a\u0085b", "\xff"} {
				if err := with(wrong); ClassOf(err) != Bug || sent || !strings.Contains(err.Error(), name) {
					t.Errorf("%s: %s %.10q: sent %v, error %v", op, name, wrong, sent, err)
				}
			}
			if slices.Contains(free, name) {
				if err := with(strings.Repeat("あ", 255)); ClassOf(err) != Unknown || !sent {
					t.Errorf("%s: %s of 255 characters: sent %v, error %v", op, name, sent, err)
				}
			}
		}
	}
	for _, name := range free {
		if !tried[name] {
			t.Errorf("there is no %s", name)
		}
	}
}
