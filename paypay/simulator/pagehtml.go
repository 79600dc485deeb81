package simulator

import (
	"fmt"
	"strconv"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// page is what a customer is shown. Text and attributes are escaped as they are
// written; an address from outside needs a look of its own, as some run things.
type page interface{ in(l language) g.Node }

// language is the one that a page is written in.
type language string

const (
	inJapanese language = "ja"
	inEnglish  language = "en"
)

// of picks what is said in the language.
func (l language) of(w words) string {
	if l == inEnglish {
		return w.En
	}
	return w.Ja
}

func (l language) say(ja, en string) g.Node { return g.Text(l.of(words{ja, en})) }

// whole puts the frame of every page around a content. An empty address is of a
// page that is not worth loading again.
func (l language) whole(title, address string, content ...g.Node) g.Node {
	simulator := l.of(words{"決済シミュレーター", "Payment simulator"})
	return h.Doctype(h.HTML(h.Lang(string(l)),
		h.Head(
			h.Meta(h.Charset("utf-8")),
			h.Meta(h.Name("viewport"), h.Content("width=device-width, initial-scale=1")),
			h.Meta(h.Name("color-scheme"), h.Content("light dark")),
			h.TitleEl(g.Text(title+" – "+simulator)),
			h.Link(h.Rel("stylesheet"), h.Href("/page.css")),
		),
		h.Body(
			h.Header(
				h.P(h.Class("brand"), h.A(h.Href("/"), g.Text(simulator))),
				h.P(h.Class("notice"), l.say("練習用です。実際のお金は動きません。", "For practice. No money moves.")),
			),
			h.Main(content...),
			h.Nav(h.Aria("label", l.of(words{"ページ", "Pages"})),
				g.If(address != "", h.A(h.Href(address), l.say("最新の状態を見る", "Reload"))), g.Text("\n"),
				h.A(h.Href("/"), l.say("コード一覧", "All codes")),
			),
		),
	))
}

func (l language) problem(w words) g.Node {
	return g.If(w != words{}, h.P(h.Class("problem"), h.Role("alert"), g.Text(l.of(w))))
}

// state is what a line of the list says of it.
func (l language) state(tone string, w words) g.Node {
	return h.Span(h.Class("state "+tone), g.Text(l.of(w)))
}

// who lets a person choose the customer, where there is a choice.
func (l language) who(customers []string, chosen string) g.Node {
	return g.If(len(customers) > 0, h.P(h.Label(l.say("お客さま", "Customer"), g.Text(" "),
		h.Select(h.Name("customer"), g.Map(customers, func(id string) g.Node {
			return h.Option(g.If(id == chosen, h.Selected()), g.Text(id))
		})))))
}

// purses let a person choose who pays and with what, where there is a choice.
func (l language) purses(all []purse) g.Node {
	if len(all) == 0 {
		return nil
	}
	label, several := l.say("支払い方法", "Pay with"), all[0].Customer != all[len(all)-1].Customer
	if several {
		label = l.say("お客さま", "Customer")
	}
	return h.P(h.Label(label, g.Text(" "), h.Select(h.Name("customer"), g.Map(all, func(p purse) g.Node {
		says := l.of(p.Says)
		if several && p.Means != "" {
			says = p.Customer + ": " + says
		}
		return h.Option(g.If(p.Means != "", h.Value(p.Customer+"/"+p.Means)), g.If(p.Chosen, h.Selected()), g.Text(says))
	}))))
}

// button does an action of the form that it stands in.
func button(action string, says g.Node, more ...g.Node) g.Node {
	return h.Button(append(more, h.Name("action"), h.Value(action), says)...)
}

// foreign is text from outside, whose direction of writing ends with it.
func foreign(text string) g.Node { return g.El("bdi", g.Text(text)) }

func number(text string) g.Node { return h.B(h.Class("number"), g.Text(text)) }

// in says a sentence, and nothing else.
func (w words) in(l language) g.Node {
	return l.whole(l.of(w), "", h.H1(h.Class("problem"), h.Role("alert"), g.Text(l.of(w))))
}

func (v view) in(l language) g.Node {
	shop := l.say("お店", "Shop")
	if v.Shop != "" {
		shop = foreign(v.Shop)
	}
	return l.whole("¥"+v.Yen+" "+l.of(v.State), v.Path,
		l.problem(v.Problem),
		h.Section(h.Class("card"), h.Aria("labelledby", "amount"),
			h.P(h.Class("shop"), shop),
			h.H1(h.Class("amount"), h.ID("amount"), g.Text("¥"+v.Yen)),
			g.If(v.Description != "", h.P(foreign(v.Description))),
			h.P(h.Class("state "+v.Tone), h.Role("status"), g.Text(l.of(v.State))),
			v.timeLeft(l),
			g.If(v.Payable && v.Deleted, h.P(l.say("お店がこのコードを削除しましたが、確認画面からはまだ支払えます。", "The shop has deleted this code, but the confirm screen can still pay."))),
		),
		g.If(v.Payable, v.payForm(l)),
		g.If(v.Asked != "", v.askedForm(l)),
		h.Dl(g.Map(v.Facts, func(f fact) g.Node {
			return h.Div(h.Dt(g.Text(l.of(f.Name))), h.Dd(g.Text(f.Text)))
		})),
		v.scannable(l),
	)
}

func (v view) timeLeft(l language) g.Node {
	switch {
	case v.Left != "":
		return h.P(l.say("残り", "Time left"), g.Text(" "), number(v.Left))
	case v.Until != "":
		return h.P(l.say("支払い期限", "To be paid by"), g.Text(" "), number(v.Until))
	}
	return nil
}

func (v view) payForm(l language) g.Node {
	second := button("scan", l.say("読み取って確認画面を開く", "Scan: open the confirm screen"))
	switch {
	case v.Confirming:
		second = button("decline", l.say("やめる", "Decline"))
	case v.Pending:
		second = button("scan", l.say("確認画面を開く", "Open the confirm screen"))
	}
	return h.Form(h.Method("post"), h.Action(v.Path),
		l.purses(v.Purses),
		button("pay", l.say("支払う", "Pay"), h.Class("first")),
		second,
		g.If(!v.Pending, button("fail", l.say("支払いを失敗させる", "Let the payment fail"), h.Class("last"))),
	)
}

func (v view) askedForm(l language) g.Node {
	return g.Group{
		h.Section(h.Class("card"), h.Aria("labelledby", "asked"),
			h.H2(h.ID("asked"), l.say("お店が金額の変更をお願いしています", "The shop asks for another amount")),
			h.P(h.Class("amount"), h.Span(h.Class("was"), g.Text("¥"+v.Yen+" →")), g.Text(" ¥"+v.Asked)),
		),
		h.Form(h.Method("post"), h.Action(v.Path),
			button("consent", l.say("承認する", "Agree"), h.Class("first")),
			button("decline", l.say("断る", "Decline")),
		),
	}
}

func (v view) scannable(l language) g.Node {
	code := v.QR()
	if code == nil {
		return nil
	}
	return h.Details(
		h.Summary(l.say("ほかの端末で読み取る", "Scan with another device")),
		g.El("svg", h.Role("img"), h.Aria("label", l.of(words{"このページのQRコード", "QR code of this page"})),
			g.Attr("viewBox", fmt.Sprintf("0 0 %d %d", code.Size, code.Size)), g.El("path", g.Attr("d", code.Path))),
		h.P(h.Class("address"), g.Text(v.URL)),
	)
}

func (v listView) in(l language) g.Node {
	reload := h.A(h.Href("/?live"), l.say(fmt.Sprintf("%d秒ごとに更新", livePace), fmt.Sprintf("Reload every %d s", livePace)))
	if v.Live {
		reload = h.A(h.Href("/"), l.say("自動更新を止める", "Stop reloading"))
	}
	payments := h.P(h.Class("card"), l.say("まだコードがありません。レジやプログラムがコードを作ると、ここに出ます。", "There is no code yet. What a till or a program makes appears here."))
	if len(v.Payments) > 0 {
		payments = h.Ul(h.Class("rows"), g.Map(v.Payments, func(p view) g.Node { return p.row(l) }))
	}
	return l.whole(l.of(words{"コード一覧", "Codes"}), "/",
		h.H1(l.say("コード一覧", "Codes")),
		h.P(h.Class("tools"), h.Span(h.Class("number"), g.Text(v.Now)), g.Text("\n"), reload),
		g.If(len(v.Links) > 0, g.Group{
			h.H2(l.say("アカウント連携", "Account links")),
			h.Ul(h.Class("rows"), g.Map(v.Links, func(k linkView) g.Node { return k.row(l) })),
			h.H2(l.say("支払い", "Payments")),
		}),
		payments,
		g.If(v.More > 0, h.P(l.say(fmt.Sprintf("ほかに古いものが%d件あります。", v.More), strconv.Itoa(v.More)+" older ones are not listed."))),
		l.faults(v.Faults),
	)
}

// faults tell what goes wrong now, and let a person end it.
func (l language) faults(all []faultView) g.Node {
	if len(all) == 0 {
		return nil
	}
	return h.Section(h.Aria("labelledby", "faults"),
		h.H2(h.ID("faults"), l.say("起こす障害", "Faults")),
		h.Ul(h.Class("card faults"), g.Map(all, func(f faultView) g.Node {
			return h.Li(h.Code(g.Text(f.Kind)), g.Text(" "), h.Code(g.Text(f.Operation)),
				g.Text(" "), h.Span(g.Text(l.of(f.Says))))
		})),
		h.Form(h.Method("post"), h.Action("/"), button("clear", l.say("障害をすべて解除する", "Clear all faults"))),
	)
}

func (v view) row(l language) g.Node {
	return h.Li(h.A(h.Href(v.Path),
		number("¥"+v.Yen), g.Text(" "),
		l.state(v.Tone, v.State), g.Text(" "),
		h.Span(h.Class("what"), g.If(v.Description != "", foreign(v.Description))), g.Text(" "),
		h.Span(h.Class("order"),
			h.Span(h.Class("number"), g.Text(v.Made)), g.Text(" "),
			h.Span(h.Class("id"), g.Text(v.MerchantPaymentID))),
	))
}

func (v linkView) row(l language) g.Node {
	return h.Li(h.A(h.Href("/link/"+v.ID),
		h.Span(h.Class("what"), foreign(v.ReferenceID)), g.Text(" "), l.state(v.Tone, v.State)))
}

func (v linkView) in(l language) g.Node {
	address := "/link/" + v.ID
	return l.whole(l.of(words{"アカウント連携", "Account link"}), address,
		l.problem(v.Problem),
		h.Section(h.Class("card"), h.Aria("labelledby", "link"),
			h.H1(h.ID("link"), l.say("アカウント連携", "Account link")),
			h.P(l.say("お店の会員番号など", "The shop's reference"), g.Text(": "), h.B(foreign(v.ReferenceID))),
			h.P(l.say("お店に許可すること", "What the shop may do"), g.Text(":")),
			h.Ul(h.Class("scopes"), g.Map(v.Scopes, func(scope string) g.Node { return h.Li(h.Code(g.Text(scope))) })),
			h.P(h.Class("state "+v.Tone), h.Role("status"), g.Text(l.of(v.State))),
		),
		g.If(v.Open, h.Form(h.Method("post"), h.Action(address),
			l.who(v.Customers, v.Customer),
			button("approve", l.say("許可する", "Allow"), h.Class("first")),
			button("decline", l.say("断る", "Decline")),
		)),
		// A shop may have asked for a way back that is a script: it gets none.
		g.If(strings.HasPrefix(v.Back, "https://") || strings.HasPrefix(v.Back, "http://"),
			h.P(h.A(h.Class("button"), h.Href(v.Back), l.say("お店に戻る", "Back to the shop")))),
	)
}
