package simulator

import (
	"slices"
	"time"
)

// agenda is what will happen by the clock alone, in the order in which it is
// due. Of two things due at one moment the one arranged first happens first, so
// that one story is told.
type agenda []appointment

type appointment struct {
	due    time.Time
	happen func(at time.Time) // with the lock held, at the time it was due
}

func (a *agenda) add(due time.Time, happen func(at time.Time)) {
	i, _ := slices.BinarySearchFunc(*a, due, func(e appointment, t time.Time) int {
		if e.due.After(t) {
			return 1
		}
		return -1
	})
	*a = slices.Insert(*a, i, appointment{due, happen})
}

// settle lets everything happen that is due by now. What happens may arrange
// more. It is kept as a fact, so that nothing comes back to life when the clock
// below is set back.
func (a *agenda) settle(now time.Time) {
	for len(*a) > 0 && !now.Before((*a)[0].due) {
		first := (*a)[0]
		(*a)[0] = appointment{}
		*a = (*a)[1:]
		first.happen(first.due)
	}
}
