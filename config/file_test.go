package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// write puts a file with exactly this mode into a new folder.
func write(t *testing.T, text string, mode fs.FileMode) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(name, mode); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestReadFile_tellsWhoCanReadIt(t *testing.T) {
	t.Parallel()
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(write(t, "text", 0o600), link); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, file string
		want       File
		exposed    bool
	}{
		{"private", write(t, "text", 0o600), File{Perm: 0o600, Own: true}, false},
		{"read only", write(t, "text", 0o400), File{Perm: 0o400, Own: true}, false},
		{"group", write(t, "text", 0o640), File{Perm: 0o640, Own: true}, true},
		{"others may only write", write(t, "text", 0o602), File{Perm: 0o602, Own: true}, true},
		{"link", link, File{Perm: 0o600, Own: true, Linked: true}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := ReadFile(tt.file)
			if err != nil {
				t.Fatal(err)
			}
			tt.want.Data = []byte("text")
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if why := got.exposed(); (why != "") != tt.exposed {
				t.Errorf("exposed is %q", why)
			}
		})
	}
}

func TestReadFile_refuses(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, file, want string }{
		{"a folder", t.TempDir(), "not a regular file"},
		{"a pipe that nobody writes to", pipe, "not a regular file"},
		{"a device", "/dev/zero", "not a regular file"},
		{"more than 1 MiB", write(t, strings.Repeat("a", maxFile+1), 0o600), "larger than 1 MiB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := ReadFile(tt.file)
			if err == nil || reason(err) != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
	if _, err := ReadFile(filepath.Join(t.TempDir(), "gone")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want a file that is not there", err)
	}
}
