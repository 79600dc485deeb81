package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"strings"
)

//go:embed migrations/*.sql
var migrations embed.FS

// applicationID marks a SQLite file as a journal of ours: "reji" in ASCII.
const applicationID = 0x72656a69

// latest stands for the newest schema version there is.
const latest = math.MaxInt

// scripts are the migrations in order; after the n-th the schema version is n.
// A released script is never edited: the next change is a new one.
func scripts(files fs.FS) ([]string, error) {
	names, err := fs.Glob(files, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	all := make([]string, len(names))
	for i, name := range names {
		if want := fmt.Sprintf("migrations/%04d_", i+1); !strings.HasPrefix(name, want) {
			return nil, fmt.Errorf("migration %s should be named %s", name, want)
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		all[i] = string(text)
	}
	return all, nil
}

// migrate brings the schema of conn up to version to. Each script and its
// version number are one transaction, so that a crash leaves the version
// before or the version after, never something between.
func migrate(ctx context.Context, conn *sql.Conn, files fs.FS, to int) error {
	all, err := scripts(files)
	if err != nil {
		return err
	}
	var version int
	if err := conn.QueryRowContext(ctx, "pragma user_version").Scan(&version); err != nil {
		return err
	}
	for n := version + 1; n <= min(to, len(all)); n++ {
		// The driver runs a text of many statements one after the other.
		script := fmt.Sprintf("begin immediate; %s\n; pragma user_version = %d; commit", all[n-1], n)
		if _, err := conn.ExecContext(ctx, script); err != nil {
			return fmt.Errorf("migrate to version %d: %w", n, errors.Join(err, rollback(ctx, conn)))
		}
	}
	return nil
}

// schema is everything that sqlite_schema says, to be compared as a whole.
func schema(ctx context.Context, db queryer) (map[string]string, error) {
	rows, err := db.QueryContext(ctx, "select type || ' ' || name, coalesce(sql, '') from sqlite_schema where name not like 'sqlite_%'")
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err below tells
	found := map[string]string{}
	for rows.Next() {
		var name, text string
		if err := rows.Scan(&name, &text); err != nil {
			return nil, err
		}
		found[name] = text
	}
	return found, rows.Err()
}

// wantedSchema is what a journal of that version must look like, found by
// running the migrations on an empty database in memory.
func wantedSchema(ctx context.Context, connect connect, version int) (map[string]string, error) {
	pool, err := open(connect, memoryDSN, 1, checked{})
	if err != nil {
		return nil, err
	}
	defer pool.Close() //nolint:errcheck // nothing is kept
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close() //nolint:errcheck // nothing is kept
	if err := migrate(ctx, conn, migrations, version); err != nil {
		return nil, err
	}
	return schema(ctx, conn)
}
