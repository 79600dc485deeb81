package config

import (
	"fmt"
	"strings"
)

// Text is every problem in a language, one sentence a line.
func (ps Problems) Text(lang Lang) string {
	if lang != Japanese {
		return ps.Error()
	}
	lines := make([]string, len(ps))
	for i, p := range ps {
		p.Sentence, p.Place = japanese(p.Sentence), japanesePlace(p.Place)
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

func japanesePlace(place string) string {
	if place == "not given" {
		return "指定なし"
	}
	if file, line, ok := strings.Cut(place, " line "); ok {
		return file + " " + line + "行目"
	}
	return place
}

// japanese is a problem's sentence in Japanese. The sentences are few and made
// in this package; a test sees that none is left out.
func japanese(sentence string) string {
	for _, s := range [...]struct{ en, ja string }{
		{`must be a URL such as "https://paypay.example.jp".`, "は https://paypay.example.jp のようなURLにしてください。"},
		{"must be a URL.", "はURLにしてください。"},
		{"must name a host and nothing after it.", "はホスト名までにしてください。そのあとには何も書けません。"},
		{"must name a host in plain letters, or an address.", "のホスト名は英数字か、アドレスにしてください。"},
		{"must be https: plain http is for this machine only.", "は https にしてください。http はこの機械の中だけで使えます。"},
		{"must have a port from 1 to 65535.", "のポートは 1 から 65535 までです。"},
		{"must be left out in training, which has its own simulator.", "は練習では書かないでください。練習には専用のシミュレーターがあります。"},
		{"must not be this machine in production: use sandbox for a simulator.", "は本番ではこの機械にできません。シミュレーターには sandbox を使ってください。"},
		{"must hold no control characters.", "に制御文字は使えません。"},
		{"is needed where HOME is not set: set REJI_DATA_DIR.", "は HOME がないときに必要です。REJI_DATA_DIR を設定してください。"},
		{"must not stand beside api_secret: keep one of the two.", "は api_secret と同時には使えません。どちらか一つにしてください。"},
		{"must hold the secret alone, on one line, without spaces.", "には秘密鍵だけを、空白なしの一行で書いてください。"},
		{"must be a whole number from 2 to 5.", "は 2 から 5 までの整数にしてください。"},
		{"must be a whole number, without quotation marks.", "は引用符なしの整数にしてください。"},
		{"must be a text in quotation marks.", "は引用符で囲んだ文字にしてください。"},
		{`must be a time of day such as "05:00".`, "は 05:00 のような時刻にしてください。"},
		{`must be a time zone that this system knows, such as "Asia/Tokyo".`, "は Asia/Tokyo のような、この機械にある時間帯の名前にしてください。"},
		{"must be 1 to 8 letters and digits (a-z, A-Z, 0-9).", "は半角英数字 1 から 8 文字にしてください。"},
		{"must be a telephone number: at most 20 digits, hyphens, brackets, spaces and +.", "は電話番号にしてください。数字・ハイフン・かっこ・空白・+ で20文字までです。"},
		{"must be bell, none, or the path of a program.", "は bell か none か、プログラムのパスにしてください。"},
		{"must be T and 13 digits.", "は T と13桁の数字にしてください。"},
		{
			`must be days in order, each with its two rates, such as "2027-04-01 10/0, 2029-04-01 10/8".`,
			"は 2027-04-01 10/0, 2029-04-01 10/8 のように、日付と二つの税率を日付の順に書いてください。",
		},
		{"must be 1 or 2 signs that no price or code begins with.", "は、値段やコードの始まりにならない記号を 1 つか 2 つにしてください。"},
		{"must be whole yen, from 1 to 99999999999.", "は 1 から 99999999999 までの整数 (円) にしてください。"},
		{
			`must be such as "tcp://192.168.1.9:9100", "file:/dev/usb/lp0" or "cups:receipts".`,
			"は tcp://192.168.1.9:9100、file:/dev/usb/lp0、cups:receipts のように書いてください。",
		},
		{"must be 58 or 80.", "は 58 か 80 にしてください。"},
		{"must be plain letters, digits and signs without spaces.", "は半角の英数字と記号だけで、空白なしにしてください。"},
		{notAbsolute, "は / か ~/ で始まるパスにしてください。"},
		{"is not TOML here: a text needs quotation marks, and each key stands once.", "はここがTOMLになっていません。文字は引用符で囲み、同じキーは一度だけ書いてください。"},
		{"is no setting of reji.", "という設定は reji にありません。"},
		{"is empty.", "が空です。"},
		{"is a symbolic link: name the file itself.", "はリンクです。ファイルそのものを指定してください。"},
		{"belongs to another user: give it to the user who runs reji.", "は別の利用者のものです。reji を動かす利用者のものにしてください。"},
	} {
		if sentence == s.en {
			return s.ja
		}
	}
	for _, s := range [...]struct{ before, after, ja string }{
		{"cannot be read: ", ".", "を読めません (%s)。"},
		{"must not stand in a file that ", ".", "をこのファイルに書くのは危険です (%s)。"},
		{"is open to other users (mode ", "): chmod 600 it.", "はほかの利用者にも開かれています (モード %s)。chmod 600 にしてください。"},
		{"is not a host of ", ": PayPay's own hosts follow from env, so leave base_url out.", "は %s の接続先ではありません。PayPayの接続先は env で決まるので、base_url は書かないでください。"},
		{"must be named because there are credentials (", "): training, sandbox, staging or production.", "を指定してください。認証情報 (%s) があるためです: training, sandbox, staging, production のどれか。"},
		{"is needed in ", " or write it into config.toml.", "が必要です (%s)。環境変数か config.toml で設定してください。"},
		{"must be at most ", " characters.", "は %s 文字までにしてください。"},
		{"must be a table: ", " on a line of its own.", "は表です。%s を一行で書いてください。"},
		{"must be ", ".", "は次のどれかにしてください: %s。"},
	} {
		if rest, ok := strings.CutPrefix(sentence, s.before); ok {
			if middle, ok := strings.CutSuffix(rest, s.after); ok {
				return fmt.Sprintf(s.ja, middle)
			}
		}
	}
	return sentence
}
