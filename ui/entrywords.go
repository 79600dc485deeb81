package ui

// entryWords are what the sale screen says about lines and what is typed.
type entryWords struct {
	TaxChanged string
}

func entryJa() entryWords {
	return entryWords{
		TaxChanged: "税率が変わりました。合計を確かめて、もう一度会計してください",
	}
}

func entryEn() entryWords {
	return entryWords{
		TaxChanged: "The tax rates have changed. Check the total, then charge again.",
	}
}
