package config

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTaxChanges(t *testing.T) {
	t.Parallel()
	got, ok := taxChanges("2027-04-01 10/0,  2029-04-01 12/8")
	want := []TaxChange{{"2027-04-01", 10, 0}, {"2029-04-01", 12, 8}}
	if d := cmp.Diff(want, got); !ok || d != "" {
		t.Errorf("%v, -want +got\n%s", ok, d)
	}
	for _, bad := range []string{
		"", "2027-04-01", "2027-04-01 10", "2027-04-31 10/0", "2027-04-01 10/0,", "2027-04-01 10/0, 2027-04-01 10/8",
		"2029-04-01 10/8, 2027-04-01 10/0", "2027-04-01 101/0", "2027-04-01 8/10", "2027-04-01 -1/0", "2027-04-01 10.5/8",
	} {
		if got, ok := taxChanges(bad); ok {
			t.Errorf("%q: %v", bad, got)
		}
	}
}

func TestPrinterAddress(t *testing.T) {
	t.Parallel()
	for address, good := range map[string]bool{
		"tcp://192.168.1.9:9100": true, "tcp://printer.local:9100": true, "file:/dev/usb/lp0": true, "cups:receipts_1": true,
		"tcp://192.168.1.9": false, "tcp://h:1/x": false, "tcp://u@h:1": false, "file:lp0": false, "file:": false, "cups:": false,
		"cups:a b": false, "http://h:1": false, "9100": false, "cups:-; rm": false,
	} {
		if printerAddress(address) != good {
			t.Errorf("%q", address)
		}
	}
}
