-- Papers that are to be printed, each as its last entry left it.
create table print (
    id       text    primary key check (id <> ''),
    sale     text    not null references sale (id),
    asked_at integer not null, -- as entry.at
    body     text    not null, -- which paper, as in the entry
    open     integer not null check (open in (0, 1)) -- not printed yet
) strict, without rowid;

create index print_open on print (asked_at) where open = 1;

create trigger print_is_never_removed before delete on print
begin
    select raise(abort, 'prints are never removed');
end;
