package ui

import (
	"strings"
	"time"

	"example.jp/reji/pos"
)

type listWords struct {
	Title                              string
	Date                               string // a layout of package time
	Weekdays                           string // Sunday first, with spaces between
	Day, Today                         string
	Filter                             string // with one of Filters
	Filters                            string // with commas between
	Number, Time, State, Amount, Goods string
	Reading, None, NoneFits            string
	Count, CountMore                   plural
	PaidTotal, BackTotal               string // with how many, and yen
	NetTotal                           string // with yen
	LateCount, OpenCount               string // with how many
	Incomplete                         string // entries of the day are lost

	KeyOpen, KeyFind, KeyFilter, KeyPrev, KeyNext, KeyUp, KeyDown string
	KeyDone, KeyClear                                             string
}

func listJa() listWords {
	return listWords{
		Title:    "一覧",
		Date:     "2006年1月2日",
		Weekdays: "(日) (月) (火) (水) (木) (金) (土)",
		Day:      "営業日",
		Today:    " 今日",
		Filter:   "表示: %s",
		Filters:  "すべて,支払い済み,未確定,未払い,要確認,返金あり,仮押さえ",
		Number:   "番号", Time: "時刻", State: "状態", Amount: "金額", Goods: "品名",
		Reading:  "読み込んでいます",
		None:     "この日の取引はありません。",
		NoneFits: "当てはまる取引がありません。",
		Count:    plural{"%s件", "%s件"}, CountMore: plural{"%s件以上", "%s件以上"},
		PaidTotal: "支払い %s件 %s", BackTotal: "返金 %s件 %s", NetTotal: "差引 %s",
		LateCount: "要確認 %d", OpenCount: "未確定 %d", Incomplete: "記録の抜けあり",
		KeyOpen: "開く", KeyFind: "探す", KeyFilter: "表示を替える", KeyPrev: "前の日", KeyNext: "次の日",
		KeyUp: "新しい取引", KeyDown: "古い取引", KeyDone: "決定", KeyClear: "検索をやめる",
	}
}

func listEn() listWords {
	return listWords{
		Title:    "Sales",
		Date:     "2 Jan 2006",
		Weekdays: "Sun Mon Tue Wed Thu Fri Sat",
		Day:      "Business day",
		Today:    " today",
		Filter:   "Shown: %s",
		Filters:  "all,paid,unsettled,not paid,attention,given back,holds",
		Number:   "No.", Time: "Time", State: "State", Amount: "Amount", Goods: "Goods",
		Reading:  "Reading",
		None:     "No sales on this day.",
		NoneFits: "No sale fits.",
		Count:    plural{"%s sale", "%s sales"}, CountMore: plural{"more than %s sale", "more than %s sales"},
		PaidTotal: "Paid %s  %s", BackTotal: "back %s  %s", NetTotal: "net %s",
		LateCount: "attention %d", OpenCount: "unsettled %d", Incomplete: "entries lost",
		KeyOpen: "open", KeyFind: "find", KeyFilter: "show others", KeyPrev: "day before", KeyNext: "day after",
		KeyUp: "newer", KeyDown: "older", KeyDone: "done", KeyClear: "end the search",
	}
}

// date is a day with its day of the week.
func (w listWords) date(d pos.Day) string {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return pos.Clean(string(d), 20)
	}
	weekday := strings.Fields(w.Weekdays)[t.Weekday()]
	if strings.HasPrefix(weekday, "(") {
		return t.Format(w.Date) + weekday
	}
	return weekday + " " + t.Format(w.Date)
}
