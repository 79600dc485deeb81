-- Orders that wait for their customer, each as its last entry left it.
create table parked (
    id        text    primary key check (id <> ''), -- the order's
    parked_at integer not null, -- as entry.at
    name      text    not null,
    body      text    not null, -- the order, as in the entry
    open      integer not null check (open in (0, 1))
) strict, without rowid;

create index parked_open on parked (parked_at) where open = 1;

create trigger parked_is_never_removed before delete on parked
begin
    select raise(abort, 'parked orders are never removed');
end;
