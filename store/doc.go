// Package store keeps the till's journal: one SQLite file that remembers every
// intent, every answer and every approval, and that must never lie.
//
// # What it promises
//
//   - What [DB.Append] has returned is on the disk, and survives a crash or a
//     power cut (WAL with synchronous=FULL).
//   - Entries are never changed and never removed, and each carries the hash of
//     the one before: a changed letter, a missing row or a swapped pair shows in
//     [DB.Verify].
//   - An entry and the rows that screens read are written together or not at
//     all. A sale has at most one open attempt, and an attempt's id belongs to
//     one sale for ever; the database refuses anything else ([ErrDuplicate]).
//   - A write whose outcome is not known says so ([ErrTrouble]), and nothing
//     more is written until [DB.Reopen] has read the file again. Such an entry
//     may turn up later, so callers only append what is true or harmless then.
//   - One till at a time. A second one is refused at once and told who is first.
//   - [Open] refuses a file that is not a journal, is newer, damaged, emptied or
//     older than it was, with a [Refusal] that says what to do; the file is left
//     as it was found.
//   - A journal that is an older copy of itself says so ([DB.Restored]), whether
//     [Restore] put it there or a hand did, until its caller has written down
//     what is lost ([Gap]).
//
// The package knows rows, not meanings: what a state or an event says is for
// its callers. It reads no clock into the journal; every time is the caller's.
//
// # The files
//
//	journal.db          the journal
//	journal.db-wal      SQLite's log of the newest commits; part of the journal
//	journal.db-shm      SQLite's index into it
//	journal.db.lock     held while the till runs, with its process in it
//	journal.db.anchor   how far the journal had come, so that loss shows
//
// All are readable by their owner alone, in a folder that nobody else can
// write. Nothing but SQLite opens the journal while it is in use: closing any
// other handle to it would drop SQLite's locks on systems with POSIX locks
// only, and even with the locks we ask for there is never a need. To copy a
// journal, use [DB.Backup].
//
// # Where to start
//
// [Open], [DB.Append], and [DB.Sales] for a screen; [Verify] for a check from
// outside.
package store
