package pos_test

import (
	"fmt"
	"strings"
	"time"

	"example.jp/reji/pos"
)

func ExampleOrder_Totals() {
	order := pos.NewOrder()
	for _, l := range []pos.Line{
		{Name: "おにぎり", Unit: 150, Quantity: 2, Rate: pos.Reduced},
		{Name: "お茶", Unit: 160, Quantity: 1, Rate: pos.Reduced},
		{Name: "レジ袋", Unit: 3, Quantity: 1, Rate: pos.Standard},
	} {
		order, _, _ = order.Add(l)
	}
	totals, err := order.Totals()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range totals.Rates {
		fmt.Printf("%s: ¥%s, tax in it ¥%s\n", r.Rate, r.Total, r.Tax)
	}
	fmt.Printf("¥%s for %d pieces\n", totals.Total, totals.Count)
	// Output:
	// standard: ¥3, tax in it ¥0
	// reduced: ¥460, tax in it ¥34
	// ¥463 for 4 pieces
}

func ExampleReadCatalog() {
	_, err := pos.ReadCatalog(strings.NewReader(`code,barcode,name,name_en,category,price,tax
001,2000000000015,おにぎり,onigiri,food,150,reduced
002,,お茶,tea,drink,free,reduced
`), "goods.csv")
	fmt.Println(err)
	// Output:
	// catalogue goods.csv was not taken
	//   line 3, price "free": must be whole yen, 1 to 99999999999, without separators; empty for a department
}

func ExampleCalendar_Day() {
	shop := pos.Calendar{Zone: time.FixedZone("JST", 9*60*60), Starts: 5 * time.Hour}
	afterMidnight := time.Date(2026, 11, 24, 1, 30, 0, 0, shop.Zone)
	fmt.Println(shop.Day(afterMidnight))
	// Output: 2026-11-23
}
