package config_test

import (
	"fmt"

	"example.jp/reji/config"
)

// A register without any settings practises; what is wrong is told at once.
func ExampleLoad() {
	nobody := func(name string) string { return map[string]string{"HOME": "/home/till"}[name] }
	c, err := config.Load(config.Flags{Lang: "en"}, nobody, config.ReadFile)
	fmt.Println(c.Env, c.Lang, c.Journal(), err)

	_, err = config.Load(config.Flags{Lang: "fr", Env: "production"}, nobody, config.ReadFile)
	fmt.Println(err)

	// Output:
	// training en /home/till/.local/share/reji/training/journal.db <nil>
	// lang = "fr" (--lang) must be ja or en.
	// api_key (not given) is needed in production: set PAYPAY_API_KEY or write it into config.toml.
	// api_secret (not given) is needed in production: set PAYPAY_API_SECRET or write it into config.toml.
	// merchant_id (not given) is needed in production: set PAYPAY_MERCHANT_ID or write it into config.toml.
}
