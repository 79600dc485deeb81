package ui_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// otherTill puts the backup of one till in the place of another's, which needs
// a flag: by the journal that is there, or by the till that has sold.
func (p program) otherTill(t *testing.T) {
	t.Helper()
	home, other := t.TempDir(), t.TempDir()
	backup := filepath.Join(t.TempDir(), "backup.db")
	run := func(home string, args ...string) (string, error) {
		out, err := p.command(t, []string{"HOME=" + home, "REJI_LANG=en"}, args...).CombinedOutput()
		return string(out), err
	}
	till := p.open(t, home)
	till.await("TRAINING", soon)
	till.press("5", "0", "0", "Enter", "F9")
	till.await("Waiting for payment", soon)
	till.kill()
	if out, err := run(home, "journal", "backup", backup); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}

	settings := filepath.Join(other, "config.toml")
	if err := os.WriteFile(settings, []byte("[shop]\nregister = \"R2\"\nstore_id = \"EKIMAE\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := run(other, "journal", "restore", backup, "--config", settings)
	if err == nil || !strings.Contains(out, "till R1") || !strings.Contains(out, "till R2 of store EKIMAE") {
		t.Errorf("put in the place of none: %v\n%s", err, out)
	}
	second := p.open(t, other)
	second.await("TRAINING", soon)
	second.press("ctrl+c", "ctrl+c")
	<-second.gone
	if out, err := run(other, "journal", "restore", backup); err == nil || !strings.Contains(out, "--other-till") || !strings.Contains(out, "and the one there is") {
		t.Errorf("put in the place of another: %v\n%s", err, out)
	}
	if out, err := run(other, "journal", "restore", backup, "--config", settings, "--other-till"); err != nil {
		t.Errorf("although it is meant: %v\n%s", err, out)
	}
	if out, err := run(home, "journal", "restore", backup); err != nil {
		t.Errorf("put in its own place: %v\n%s", err, out)
	}
}
