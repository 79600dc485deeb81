package ui_test

import (
	"encoding/base64"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// secrets looks for the till's secrets in everything that a day leaves behind:
// what the terminal was sent, the journal, the log, and what Go prints when a
// program is made to crash.
func (p program) secrets(t *testing.T) {
	t.Helper()
	const plain = "CANARY-in-a-coal-mine"
	secret := base64.StdEncoding.EncodeToString([]byte(plain))
	paypay := p.serve(t, "--api-key", "CANARYkey", "--api-secret", secret, "--merchant-id", "CANARYmerchant")
	home := t.TempDir()
	till := p.open(
		t, home, "PAYPAY_ENV=sandbox", "PAYPAY_BASE_URL="+paypay.url, "PAYPAY_API_KEY=CANARYkey",
		"PAYPAY_API_SECRET="+secret, "PAYPAY_MERCHANT_ID=CANARYmerchant", "GOTRACEBACK=all",
	)
	till.await("Sandbox|SANDBOX", soon)
	// What goes wrong is what gets logged.
	paypay.fault("v2_createDynamicQRCode", "unauthorized", map[string]any{"times": 1})
	till.press("1", "2", "8", "0", "Enter", "F9")
	till.await("UNAUTHORIZED", soon)
	paypay.fault("v2_getQRPaymentDetails", "truncated", map[string]any{"times": 1})
	till.press("n")
	till.await("Waiting for payment", soon)
	code := ""
	for _, p := range paypay.state().Payments {
		code = p.CodeID
	}
	paypay.call("POST", "/simulator/codes/"+code+"/pay", nil, nil)
	till.await("P A I D", soon)
	if err := till.cmd.Process.Signal(syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	_ = till.cmd.Wait()
	till.kill()
	if said := till.raw.String(); !strings.Contains(said, "goroutine ") {
		t.Fatalf("the till did not crash, which would have been looked into too:\n%s", said)
	}

	left := map[string]string{"the terminal": till.raw.String()}
	err := filepath.WalkDir(home, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path) //nolint:gosec // the test's own folder
		left[path] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(left) < 4 { // journal, its write-ahead log, and the till's log at least
		t.Fatalf("only %d places were looked into", len(left))
	}
	for where, text := range left {
		for _, forbidden := range []string{secret, plain, "OPA-Auth", "hmac "} {
			if strings.Contains(text, forbidden) {
				t.Errorf("%q stands in %s", forbidden, where)
			}
		}
	}
}
