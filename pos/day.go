package pos

import "time"

// Day is a business day, named by the calendar day it begins on: 2026-11-23.
type Day string

// Calendar decides what business day a moment belongs to.
type Calendar struct {
	Zone   *time.Location // the shop's time zone
	Starts time.Duration  // when its day begins, after midnight: 5 h for 05:00
}

// Day is the business day of a moment: [Starts, Starts + 24 h) on the shop's
// wall clock. A sale at 02:00 belongs to the evening before.
func (c Calendar) Day(t time.Time) Day {
	local := t.In(c.Zone)
	y, m, d := local.Date()
	wall := time.Duration(local.Hour())*time.Hour + time.Duration(local.Minute())*time.Minute +
		time.Duration(local.Second())*time.Second
	if wall < c.Starts {
		d--
	}
	return Day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
}

// Next is the day after.
func (d Day) Next() Day { return d.plus(1) }

// Prev is the day before.
func (d Day) Prev() Day { return d.plus(-1) }

func (d Day) plus(n int) Day {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return d
	}
	return Day(t.AddDate(0, 0, n).Format(time.DateOnly))
}
