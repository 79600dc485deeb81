package simulator_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"example.jp/reji/paypay/simulator"
)

func TestNew_namesTheSettingItCannotUse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		setting string
		change  func(*simulator.Config)
	}{
		{"APIKey", func(c *simulator.Config) { c.APIKey = "" }},
		{"APIKey", func(c *simulator.Config) { c.APIKey = "a:b" }},
		{"APISecret", func(c *simulator.Config) { c.APISecret = "" }},
		{"MerchantID", func(c *simulator.Config) { c.MerchantID = "" }},
		{"CodeLifetime", func(c *simulator.Config) { c.CodeLifetime = -time.Minute }},
		{"CodeLifetime", func(c *simulator.Config) { c.CodeLifetime = time.Millisecond }},
		{"CancelDelay", func(c *simulator.Config) { c.CancelDelay = -1 }},
		{"GoneAnswer", func(c *simulator.Config) { c.GoneAnswer = 3 }},
		{"PaidDelete", func(c *simulator.Config) { c.PaidDelete = 2 }},
		{"DeleteRace", func(c *simulator.Config) { c.DeleteRace = -1 }},
		{"BadID", func(c *simulator.Config) { c.BadID = 2 }},
		{"PartialRefund", func(c *simulator.Config) { c.PartialRefund = 2 }},
		{"Capture", func(c *simulator.Config) { c.Capture = 3 }},
		{"RefundHTTPStatus", func(c *simulator.Config) { c.RefundHTTPStatus = 202 }},
		{"PaymentHTTPStatus", func(c *simulator.Config) { c.PaymentHTTPStatus = 202 }},
		{"PaymentDelay", func(c *simulator.Config) { c.PaymentDelay = -1 }},
		{"RequestedAtWindow", func(c *simulator.Config) { c.RequestedAtWindow = -1 }},
		{"RateLimit", func(c *simulator.Config) { c.RateLimit = -1 }},
		{"ProductTypes", func(c *simulator.Config) { c.ProductTypes = []string{"GROCERIES"} }},
		{"Scopes", func(c *simulator.Config) { c.Scopes = []string{"cashback", "bogus"} }},
		{"WebhookLoss", func(c *simulator.Config) { c.WebhookLoss = 3 }},
		{"CashbackBudget", func(c *simulator.Config) { c.CashbackBudget = -1 }},
		{"RefundDelay", func(c *simulator.Config) { c.RefundDelay = -1 }},
		{"AuthorizationLimit", func(c *simulator.Config) { c.AuthorizationLimit = -1 }},
		{"TooCloseToExpiry", func(c *simulator.Config) { c.TooCloseToExpiry = -1 }},
		{"CaptureDelay", func(c *simulator.Config) { c.CaptureDelay = -1 }},
		{"Customers[0].id", func(c *simulator.Config) { c.Customers = []simulator.Customer{{}} }},
		{"Customers[1].id", func(c *simulator.Config) { c.Customers = []simulator.Customer{{ID: "a"}, {ID: "a"}} }},
		{"Customers[0].phone", func(c *simulator.Config) { c.Customers = []simulator.Customer{{ID: "a", Phone: "+81"}} }},
		{"Customers[0].balance", func(c *simulator.Config) {
			c.Customers = []simulator.Customer{{ID: "a", Balance: 2, MaxBalance: 1}}
		}},
		{"PublicURL", func(c *simulator.Config) { c.PublicURL = "till.example" }},
		{"PublicURL", func(c *simulator.Config) { c.PublicURL = "ftp://till.example" }},
		{"PublicURL", func(c *simulator.Config) { c.PublicURL = "http://till.example/path" }},
		{"PublicURL", func(c *simulator.Config) { c.PublicURL = "http://till.example?x" }},
		{"PublicURL", func(c *simulator.Config) { c.PublicURL = "http://user@till.example" }},
		{"PublicURL", func(c *simulator.Config) { c.PublicURL = "http://店.example" }},
	} {
		c := config()
		tt.change(&c)
		if _, err := simulator.New(c); err == nil || !strings.Contains(err.Error(), tt.setting+":") {
			t.Errorf("got %v, want %s named", err, tt.setting)
		}
	}
}

// What go doc says of a setting is what its help says.
func TestConfig_commentsAreTheHelp(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "simulator.go", nil, parser.ParseComments)
	must(t, err)
	help := map[string]string{}
	for f := range reflect.TypeFor[simulator.Config]().Fields() {
		help[f.Name] = f.Tag.Get("help")
	}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok || spec.Name.Name != "Config" {
			return true
		}
		config, _ := spec.Type.(*ast.StructType)
		for _, f := range config.Fields.List {
			name := f.Names[0].Name
			says := strings.TrimSpace(f.Doc.Text())
			if says == "" || help[name] != "" && says != help[name] {
				t.Errorf("%s: %q, but its help is %q", name, says, help[name])
			}
			delete(help, name)
		}
		return false
	})
	if len(help) != 0 {
		t.Errorf("not looked at: %v", help)
	}
}

func TestConfig_neverPrintsTheSecret(t *testing.T) {
	t.Parallel()
	c := config()
	sim := newSimulator(t, c)
	var logged bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&logged, nil))
	log.Info("x", "config", c, "group", slog.GroupValue(slog.Any("config", c)))
	asJSON, err := json.Marshal(c) //nolint:gosec,musttag // that the secret is not in it is what is tested
	must(t, err)
	logged.Write(asJSON)
	for _, v := range []any{c, &c, struct{ C simulator.Config }{c}, sim} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&logged, verb, v)
		}
	}
	fmt.Fprintln(&logged, sim.State())
	if out := logged.String(); strings.Contains(out, "CANARY") || strings.Contains(out, fmt.Sprintf("%x", "CANARY")) {
		t.Error("the secret was printed")
	} else if !strings.Contains(out, "a_key") {
		t.Errorf("nothing was printed: %s", out)
	}
}
