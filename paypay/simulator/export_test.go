package simulator

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"time"
)

// CheckSignature lets tests check the signature of paths that no operation has.
func CheckSignature(s *Simulator, r *http.Request, body []byte, now time.Time) error {
	if _, refused := s.checkSignature(r, body, now); refused != nil {
		return errors.New(refused.message)
	}
	return nil
}

// NextDue is when the next thing will happen by the clock alone.
func NextDue(s *Simulator) (time.Time, bool) {
	s.lock()
	defer s.mu.Unlock()
	if len(s.agenda) == 0 {
		return time.Time{}, false
	}
	return s.agenda[0].due, true
}

// Kinds are all kinds of fault.
func Kinds() []Kind { return slices.Sorted(maps.Keys(kinds)) }
