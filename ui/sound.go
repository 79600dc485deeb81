package ui

import (
	"context"
	"io"
	"os/exec"
	"slices"
	"sync"
	"syscall"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"example.jp/reji/pos"
)

// sound is what can be heard, by the name that a program is started with. None
// tells anything that does not stand on the screen too.
type sound string

// The sounds. Those about money follow what the screen shows of the journal,
// and nothing sooner. They are about the sale on the screen alone: a payment
// that was left behind must not be taken for this customer's.
const (
	silence        sound = ""
	soundPaid      sound = "paid"      // the customer has paid
	soundFailed    sound = "failed"    // the payment failed, or there is no code
	soundExpired   sound = "expired"   // the code's time is over, and it was not paid
	soundAttention sound = "attention" // there is more that needs a person
	soundScan      sound = "scan"      // a scan has put an item into the order
	soundRefused   sound = "refused"   // the last key or scan could not be done
)

// teller is a screen about one sale.
type teller interface{ about() pos.Sale }

func (f following) about() pos.Sale { return f.snap.Sale }

func (p paid) about() pos.Sale { return p.sale }

// about is the sale on the screen, or none.
func (a *app) about() pos.Sale {
	if t, ok := a.top().(teller); ok {
		return t.about()
	}
	return pos.Sale{}
}

// news is the sound of what has happened to a sale.
func news(before, after pos.Sale) sound {
	if before.ID == "" || before.ID != after.ID {
		return silence
	}
	for i, a := range after.Attempts {
		var was pos.Attempt
		if i < len(before.Attempts) {
			was = before.Attempts[i]
		}
		switch {
		case a.Mismatch && !was.Mismatch:
			return soundAttention
		case a.State == was.State:
		case a.State == pos.Paid && a.Late:
			return soundAttention
		case a.State == pos.Paid && was.State != pos.Refunded:
			return soundPaid
		case i < len(after.Attempts)-1: // an older code ended: the screen is about the newest
		case a.State == pos.Failed, a.State == pos.Refused, a.State == pos.Lost:
			return soundFailed
		case a.State == pos.Expired:
			return soundExpired
		}
	}
	return silence
}

// noter is a screen that says something about the last key.
type noter interface{ noted() note }

func (s sale) noted() note { return s.note }

func (f following) noted() note { return f.note }

// answer is the sound of what a key has done on the top screen.
func (a *app) answer() sound {
	n, ok := a.top().(noter)
	switch {
	case !ok:
	case n.noted().bad:
		return soundRefused
	case n.noted().scan:
		return soundScan
	}
	return silence
}

// sound plays a sound, if there is one and somebody plays it.
func (e env) sound(s sound) tea.Cmd {
	if s == silence || e.play == nil {
		return nil
	}
	return func() tea.Msg {
		e.play(s)
		return nil
	}
}

// bell rings the terminal's bell: once when all is well, twice when somebody
// has to look. The bell is one byte in one write to the same file that frames
// are written to, each in one write too, so that it comes between two frames
// and never into one.
func bell(terminal io.Writer) func(sound) {
	const ring, pause = "\a", 250 * time.Millisecond
	return func(s sound) {
		_, _ = io.WriteString(terminal, ring) // nothing can be done about a bell that does not ring
		if s == soundPaid || s == soundScan {
			return
		}
		<-time.After(pause)
		_, _ = io.WriteString(terminal, ring)
	}
}

// programTime is how long a program may take to play a sound.
const programTime = 5 * time.Second

// program starts a program with the name of the sound. Of each sound one is
// played at a time, so that a program that hangs cannot pile up, and none
// longer than the limit.
func program(path string, limit time.Duration) func(sound) {
	var lock sync.Mutex
	var playing []sound
	begin := func(s sound) bool {
		lock.Lock()
		defer lock.Unlock()
		if slices.Contains(playing, s) {
			return false
		}
		playing = append(playing, s)
		return true
	}
	end := func(s sound) {
		lock.Lock()
		defer lock.Unlock()
		playing = slices.DeleteFunc(playing, func(p sound) bool { return p == s })
	}
	return func(s sound) {
		if !begin(s) {
			return
		}
		defer end(s)
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		c := exec.CommandContext(ctx, path, string(s)) //nolint:gosec // the settings name the program, and the sounds are ours
		// A group of its own: what the program has started ends with it, and
		// none of them can read from the till's terminal.
		c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
		_ = c.Run() // a sound that fails must not hold up the till; its words are on the screen
	}
}

// Sounds that need no program.
const (
	Bell   = "bell" // the terminal's
	Silent = "none"
)

// player is who plays sounds, by what the settings say; nil plays none.
func player(setting string, terminal io.Writer) func(sound) {
	switch {
	case setting == "" || setting == Silent, setting == Bell && terminal == nil:
		return nil
	case setting == Bell:
		return bell(terminal)
	}
	return program(setting, programTime)
}
