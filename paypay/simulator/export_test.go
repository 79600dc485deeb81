package simulator

import (
	"errors"
	"net/http"
	"time"
)

// CheckSignature lets tests check the signature of paths that no operation has.
func CheckSignature(s *Simulator, r *http.Request, body []byte, now time.Time) error {
	if _, refused := s.checkSignature(r, body, now); refused != nil {
		return errors.New(refused.message)
	}
	return nil
}
