-- Who the file belongs to: "reji" in ASCII.
pragma application_id = 0x72656a69;

-- The journal's own id, random; the chain of entries starts from it.
create table meta (
    key   text primary key,
    value text not null
) strict, without rowid;

-- The record. Never changed, never shortened.
create table entry (
    seq     integer primary key,
    at      integer not null, -- milliseconds since 1970, UTC, the till's clock
    kind    text    not null check (kind <> ''),
    sale    text    not null,
    attempt text    not null,
    actor   text    not null,
    body    text    not null,
    prev    blob    not null check (length(prev) = 32),
    hash    blob    not null check (length(hash) = 32)
) strict;

create index entry_by_sale on entry (sale);

create trigger entry_follows before insert on entry
when new.seq is not (select coalesce(max(seq), 0) + 1 from entry)
  or (new.seq > 1 and new.prev is not (select hash from entry where seq = new.seq - 1))
begin
    select raise(abort, 'an entry must follow the last one');
end;

create trigger entry_is_never_changed before update on entry
begin
    select raise(abort, 'entries are never changed');
end;

create trigger entry_is_never_removed before delete on entry
begin
    select raise(abort, 'entries are never removed');
end;

-- What the screens show: each sale and attempt as its last entry left it.
create table sale (
    number    integer primary key check (number > 0), -- receipt number
    id        text    not null unique check (id <> ''),
    day       text    not null,
    state     text    not null,
    total     integer not null, -- yen
    opened_at integer not null, -- as entry.at
    payment   text    not null,
    search    text    not null,
    folded    text    not null, -- search in lower case
    pending   integer not null check (pending in (0, 1))
) strict;

create index sale_by_day on sale (day, number);
create index sale_pending on sale (number) where pending = 1;

create trigger sale_is_never_removed before delete on sale
begin
    select raise(abort, 'sales are never removed');
end;

create table attempt (
    id      text    primary key check (id <> ''),
    sale    text    not null references sale (id),
    number  integer not null,
    state   text    not null,
    amount  integer not null, -- yen
    open    integer not null check (open in (0, 1)),
    code    text    not null,
    payment text    not null
) strict, without rowid;

create unique index attempt_by_sale on attempt (sale, number);
create unique index attempt_open on attempt (sale) where open = 1;

create trigger attempt_is_never_removed before delete on attempt
begin
    select raise(abort, 'attempts are never removed');
end;
