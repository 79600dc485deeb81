package ui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.jp/reji/paypay"
	"example.jp/reji/pos"
	"example.jp/reji/store"
)

func TestProblem_whatTheCashierReads(t *testing.T) {
	t.Parallel()
	const wait = "確認を続けています。まだ別のお支払いを受けないでください。"
	ja := problemJa()
	setup := ja.result("", paypay.Bug, paypay.Unauthorized, "")
	slow := pos.Status{SkewKnown: true, Skew: 3*time.Minute + 12*time.Second}
	for _, c := range []struct {
		name string
		err  error
		st   pos.Status
		want problem
	}{
		{"nothing", nil, pos.Status{}, problem{}},
		{
			"offline before the code", &paypay.Error{Op: paypay.OpCreateCode, Class: paypay.Unsent, Err: errors.New("no route")},
			pos.Status{},
			problem{says: "PayPayにつながりません。請求は行われていません。", next: "回線を確認して、もう一度コードを出してください。"},
		},
		{
			"offline while looking", &paypay.Error{Op: paypay.OpCodePayment, Class: paypay.Unsent, Err: errors.New("no route")},
			pos.Status{},
			problem{says: "PayPayにつながりません。", next: "回線を確認してください。まだ別のお支払いを受けないでください。"},
		},
		{
			"no answer to a look-up", &paypay.Error{Op: paypay.OpCodePayment, Class: paypay.Unknown, Status: 502},
			pos.Status{},
			problem{says: "PayPayから答えが返ってきません。", next: wait, quote: "HTTP 502"},
		},
		{
			"a login page's answer to a look-up", &paypay.Error{Op: paypay.OpCodePayment, Class: paypay.Unknown, Status: 200},
			pos.Status{},
			problem{says: ja.NotPayPay, next: wait, quote: "HTTP 200"},
		},
		{
			"a proxy's answer to a refund", &paypay.Error{Op: paypay.OpRefund, Class: paypay.Unknown, Status: 302},
			pos.Status{},
			problem{says: ja.NotPayPay, next: "結果がわかるまで、再度の返金や、現金での返金をしないでください。", quote: "HTTP 302"},
		},
		{
			"no answer to a charge", &paypay.Error{Op: paypay.OpCreateCode, Class: paypay.Unknown, Status: 500, Code: "INTERNAL_SERVER_ERROR", CodeID: "08101000", RequestID: "r-1"},
			pos.Status{},
			problem{says: "PayPayから結果が返ってきません。", next: wait, quote: "08101000 / INTERNAL_SERVER_ERROR / X-REQUEST-ID r-1"},
		},
		{
			"keys refused", &paypay.Error{Op: paypay.OpCreateCode, Class: paypay.Bug, Status: 401, Code: paypay.Unauthorized, CodeID: "08100016"},
			pos.Status{SkewKnown: true, Skew: 2 * time.Minute},
			problem{says: setup.Says, next: setup.Do, quote: "08100016 / UNAUTHORIZED"},
		},
		{
			"clock behind", &paypay.Error{Op: paypay.OpCreateCode, Class: paypay.Bug, Status: 401, Code: paypay.Unauthorized, CodeID: "08100016"},
			slow,
			problem{says: "レジの時計がPayPayより3分12秒遅れているため、PayPayに断られました。", next: ja.ClockDo, quote: "08100016 / UNAUTHORIZED"},
		},
		{
			"clock ahead by a time zone", &paypay.Error{Op: paypay.OpCodePayment, Class: paypay.Bug, Status: 401},
			pos.Status{SkewKnown: true, Skew: -9 * time.Hour},
			problem{says: "レジの時計がPayPayより9時間0分進んでいるため、PayPayに断られました。", next: ja.ClockDo, quote: "HTTP 401"},
		},
		{
			"clock not known", &paypay.Error{Op: paypay.OpCodePayment, Class: paypay.Bug, Status: 401},
			pos.Status{Skew: -9 * time.Hour},
			problem{says: setup.Says, next: setup.Do, quote: "HTTP 401"},
		},
		{
			"not in the contract, whatever the clock", &paypay.Error{Class: paypay.Bug, Status: 401, Code: "OP_OUT_OF_SCOPE"},
			slow,
			problem{says: "この操作は、PayPayとの契約に入っていません。", next: "責任者を呼んでください。契約の確認が必要です。", quote: "OP_OUT_OF_SCOPE"},
		},
		{
			"the customer's account, whatever the clock", &paypay.Error{Op: paypay.OpRefund, Class: paypay.Failed, Status: 401, Code: "USER_STATE_IS_NOT_ACTIVE"},
			slow,
			problem{says: "お客さまのPayPayアカウントが使えないため、返金できません。", next: "責任者を呼び、別の方法で返金してください。", quote: "USER_STATE_IS_NOT_ACTIVE"},
		},
		{
			"busy", &paypay.Error{Class: paypay.Retry, Status: 429, Code: paypay.RateLimit, CodeID: "08100998"},
			pos.Status{},
			problem{says: "PayPayが混み合っています。", next: "少し待ってから、もう一度お試しください。", quote: "08100998 / RATE_LIMIT"},
		},
		{
			"maintenance, perhaps after the charge", &paypay.Error{Op: paypay.OpCreateCode, Class: paypay.Unknown, Status: 503, Code: paypay.MaintenanceMode, CodeID: "08100999"},
			pos.Status{},
			problem{says: "PayPayはメンテナンス中です。", next: wait, quote: "08100999 / MAINTENANCE_MODE"},
		},
		{
			"maintenance before anything is paid", &paypay.Error{Op: paypay.OpCheckBalance, Class: paypay.Retry, Status: 503, Code: paypay.MaintenanceMode},
			pos.Status{},
			problem{says: "PayPayはメンテナンス中です。", next: "別の方法で会計してください。", quote: "MAINTENANCE_MODE"},
		},
		{
			"failed", &paypay.Error{Op: paypay.OpPay, Class: paypay.Failed, Status: 500, Code: "TRANSACTION_FAILED"},
			pos.Status{},
			problem{says: "お支払いできませんでした。", next: "PayPayアプリを確認していただくか、別の方法で会計してください。", quote: "TRANSACTION_FAILED"},
		},
		{
			"a refund that failed", &paypay.Error{Op: paypay.OpRefund, Class: paypay.Failed, Status: 500, Code: "TRANSACTION_FAILED", CodeID: "00200002"},
			pos.Status{},
			problem{says: "この取引は返金できません。", next: "責任者を呼んでください。", quote: "00200002 / TRANSACTION_FAILED"},
		},
		{
			"a second refund", &paypay.Error{Op: paypay.OpRefund, Class: paypay.Failed, Status: 400, Code: paypay.Unacceptable, CodeID: "00200014"},
			pos.Status{},
			problem{says: "この取引は、すでに一度返金しています。返金は1回までです。", next: "責任者を呼んでください。", quote: "00200014 / UNACCEPTABLE_OP"},
		},
		{
			"a refund refused with a number that is new", &paypay.Error{Op: paypay.OpRefund, Class: paypay.Failed, Status: 400, Code: paypay.Unacceptable, CodeID: "00209999"},
			pos.Status{},
			problem{says: "この取引は、いまは返金できません。", next: "責任者を呼んでください。", quote: "00209999 / UNACCEPTABLE_OP"},
		},
		{
			"a refund refused, but an earlier try may have been done", &paypay.Error{Op: paypay.OpRefund, Class: paypay.Unknown, Status: 400, Code: "REFUND_WINDOW_EXCEED"},
			pos.Status{},
			problem{says: "返金の結果が、まだわかりません。", next: "結果がわかるまで、再度の返金や、現金での返金をしないでください。", quote: "REFUND_WINDOW_EXCEED"},
		},
		{
			"too late to cancel", &paypay.Error{Op: paypay.OpCancelPayment, Class: paypay.State, Status: 400, Code: paypay.OrderNotReversible, CodeID: "00200044"},
			pos.Status{},
			problem{says: "取消の期限(翌日0時15分)を過ぎたか、取り消せない状態です。", next: "レジに支払い済みと出たら、代わりに返金してください。", quote: "00200044 / ORDER_NOT_REVERSIBLE"},
		},
		{
			"too old", &paypay.Error{Class: paypay.Failed, Status: 400, Code: paypay.OrderTooOld},
			pos.Status{},
			problem{says: "古い取引のため、PayPayでは扱えません。", next: "責任者を呼んでください。", quote: "ORDER_NO_LONGER_AVAILABLE"},
		},
		{
			"another state", &paypay.Error{Op: paypay.OpCreateCode, Class: paypay.State, Status: 400, Code: paypay.DuplicateCode},
			pos.Status{},
			problem{says: "この番号のコードは、すでに作られています。", next: "状態を確認しています。まだ別のお支払いを受けないでください。", quote: "DUPLICATE_DYNAMIC_QR_REQUEST"},
		},
		{
			"another amount", &paypay.Error{Op: paypay.OpCodePayment, Class: paypay.Unknown, Status: 200, Code: paypay.Success, Err: paypay.ErrMismatch},
			pos.Status{},
			problem{says: ja.Mismatch.Says, next: ja.Mismatch.Do, quote: "SUCCESS"},
		},
		{
			"another refund", &paypay.Error{Op: paypay.OpRefund, Class: paypay.Unknown, Status: 200, Code: paypay.Success, Err: paypay.ErrMismatch},
			pos.Status{},
			problem{says: ja.Stray.Says, next: ja.Stray.Do, quote: "SUCCESS"},
		},
		{
			"an error that says it is a success", &paypay.Error{Op: paypay.OpRefund, Class: taken, Status: 200, Code: paypay.Success},
			pos.Status{},
			problem{says: "返金の結果が、まだわかりません。", next: "結果がわかるまで、再度の返金や、現金での返金をしないでください。", quote: "SUCCESS"},
		},
		{
			"our mistake, with a text that steers terminals", &paypay.Error{Class: paypay.Bug, Status: 400, Code: "BAD\x1b[2J"},
			pos.Status{},
			problem{says: ja.Own.Says, next: ja.Own.Do, quote: "BAD\uFFFD[2J"},
		},
		{"journal", fmt.Errorf("%w: %w", pos.ErrJournal, store.ErrTrouble), pos.Status{}, ja.Journal.problem()},
		{"journal before PayPay", errors.Join(&paypay.Error{Class: paypay.Retry}, store.ErrTrouble), pos.Status{}, ja.Journal.problem()},
		{"unsettled", fmt.Errorf("no code yet: %w", pos.ErrUnsettled), pos.Status{}, ja.Unsettled.problem()},
		{"paid", pos.ErrPaid, pos.Status{}, ja.AlreadyPaid.problem()},
		{"no printer", pos.ErrNoPrinter, pos.Status{}, ja.NoPrinter.problem()},
		{"too many papers", fmt.Errorf("one more: %w", pos.ErrManyPrints), pos.Status{}, ja.ManyPrints.problem()},
		{"too much", pos.ErrAmount, pos.Status{}, ja.Amount.problem()},
		{"slow", context.DeadlineExceeded, pos.Status{}, ja.Slow.problem()},
		{"anything else", errors.New("boom"), pos.Status{}, ja.Own.problem()},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := ja.of(c.err, c.st); got != c.want {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
			}
		})
	}
}

func TestProblem_refusedSaleAfterARestart(t *testing.T) {
	t.Parallel()
	en := problemEn()
	sale := func(code paypay.ResultCode, no string, contact error) pos.Snapshot {
		return pos.Snapshot{
			Sale:    pos.Sale{Attempts: []pos.Attempt{{State: pos.Refused, Code: code, CodeNo: no}}},
			Contact: pos.Contact{Problem: contact},
		}
	}
	offline := &paypay.Error{Op: paypay.OpCreateCode, Class: paypay.Unsent}
	for _, c := range []struct {
		s    pos.Snapshot
		want problem
	}{
		{sale("", "", offline), problem{says: "PayPay cannot be reached. Nothing was charged.", next: "Check the network, then show a new code."}},
		{sale("", "", nil), en.NoCode.problem()},
		{sale(paypay.RateLimit, "08100998", nil), problem{says: "PayPay is busy.", next: "Wait a moment, then try again.", quote: "08100998 / RATE_LIMIT"}},
		{sale("TRANSACTION_FAILED", "", nil), problem{says: "The payment did not go through.", next: appEn, quote: "TRANSACTION_FAILED"}},
		{sale("NEW_REFUSAL", "", nil), problem{says: en.Own.Says, next: en.Own.Do, quote: "NEW_REFUSAL"}},
		// What was heard last was about something else.
		{sale(paypay.Unauthorized, "08100016", offline), problem{
			says: "PayPay is not set up correctly on this register.", next: "Call the manager: key, merchant id and host have to be checked.",
			quote: "08100016 / UNAUTHORIZED",
		}},
	} {
		if got := en.refused(c.s, pos.Status{}); got != c.want {
			t.Errorf("got  %+v\nwant %+v", got, c.want)
		}
	}
}

func TestExplain_journalRefused(t *testing.T) {
	t.Parallel()
	for _, r := range []store.Reason{
		store.NotAJournal, store.Foreign, store.OtherTill, store.Newer, store.Damaged, store.Emptied, store.Taken,
		store.Locked, store.Unwritable, store.Unprotected, store.PragmaDenied, "a later reason",
	} {
		err := fmt.Errorf("opening: %w", &store.Refusal{Reason: r, Path: "/var/lib/reji/journal.db", Detail: "process 42 \x1b[2J"})
		for _, lang := range []string{"ja", "en"} {
			lines := strings.Split(Explain(lang, err), "\n")
			if len(lines) != 3 || !strings.Contains(lines[0], "/var/lib/reji/journal.db") || lines[2] != "(process 42 \uFFFD[2J)" {
				t.Errorf("%s %s: %q", lang, r, lines)
			}
			if lang == "ja" && strings.Contains(lines[1], "the ") {
				t.Errorf("%s is not in Japanese: %q", r, lines)
			}
		}
	}
}

func TestExplain_catalogue(t *testing.T) {
	t.Parallel()
	_, err := pos.ReadCatalog(strings.NewReader(
		"code,barcode,name,name_en,category,price,tax,kana,age\n1,,茶,,,1.5,standard,,\n2,,,,,10,zero,,\nx y,a,b,,,1,reduced,,\n3,,酒,,,1,standard,酒,young\n"), "goods.csv")
	want := `商品一覧 goods.csv を読み込めませんでした。次の行を直してください。
  2行目 price "1.5": 円を、1以上の整数で、区切りなしで書きます。部門は空にします
  3行目 name: 100文字まで、制御文字なし。name は必ず書きます
  3行目 tax "zero": standard、reduced、exempt のどれかにします
  4行目 code "x y": 英数字とハイフンで1から20文字、ほかの商品と重ならないようにします
  4行目 barcode "a": 数字だけで20桁まで、ほかの商品と重ならないようにします
  5行目 kana "酒": 読みを、ひらがなかカタカナで書きます
  5行目 age "young": 買える年齢を1から99で書きます。誰でも買えるものは空にします`
	if got := Explain("ja", err); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	_, err = pos.ReadCatalog(strings.NewReader("price;name\n"), "goods.csv")
	if got := Explain("en", err); !strings.Contains(got, "line 1 header \"price;name\": the first line must name code,barcode") {
		t.Error(got)
	}
	_, err = pos.ReadCatalog(strings.NewReader("code,barcode,name,name_en,category,price,tax\n1,2\n"+strings.Repeat("1\n", 60)), "goods.csv")
	if got := Explain("ja", err); !strings.Contains(got, "2行目: UTF-8のCSVで、1行目と同じ数の列にします") || !strings.HasSuffix(got, "ほか11行") {
		t.Error(got)
	}
}

func TestExplain_anything(t *testing.T) {
	t.Parallel()
	if got := Explain("en", nil); got != "" {
		t.Errorf("no error: %q", got)
	}
	got := Explain("en", fmt.Errorf("first\nsecond\x07: %w", &paypay.Error{Op: paypay.OpCreateCode, Class: paypay.Retry, Code: paypay.RateLimit}))
	want := "PayPay is busy.\nWait a moment, then try again.\nRATE_LIMIT\n(first)\n(second\uFFFD: v2_createDynamicQRCode: RATE_LIMIT [retry])"
	if got != want {
		t.Errorf("got %q", got)
	}
}

func TestExplain_whatHasNoWordsSpeaksForItself(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("PAYPAY_ENV: %w", errors.Join(errors.New("no such mode\x1b[2J"), errors.New("use training")))
	for _, lang := range []string{"ja", "en"} {
		want := "reji: PAYPAY_ENV: no such mode\uFFFD[2J\nuse training"
		if got := Explain(lang, err); got != want {
			t.Errorf("%s: got %q, want %q", lang, got, want)
		}
	}
}

func TestExplain_namesTheWayBackToAJournal(t *testing.T) {
	t.Parallel()
	for _, r := range []store.Reason{store.Damaged, store.Emptied} {
		for _, lang := range []string{"ja", "en"} {
			if got := Explain(lang, &store.Refusal{Reason: r, Path: "j.db"}); !strings.Contains(got, "`reji journal restore FILE`") {
				t.Errorf("%s %s: %q", lang, r, got)
			}
		}
	}
}

func TestExplain_missingJournalIsNotToBeMoved(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "till")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "journal.db")
	_, err := store.Inspect(t.Context(), path)
	for lang, w := range map[string]problemWords{"ja": problemJa(), "en": problemEn()} {
		if got, want := Explain(lang, err), fmt.Sprintf(w.NoJournal.Says, path)+"\n"+w.NoJournal.Do; !strings.HasPrefix(got, want) {
			t.Errorf("%s: got %q, want %q", lang, got, want)
		}
	}
}
