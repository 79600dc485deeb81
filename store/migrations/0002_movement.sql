-- Money that came or went, each with the entry that says so: what the reports
-- add up.
create table movement (
    seq     integer primary key references entry (seq),
    day     text    not null check (day <> ''), -- business day of the entry
    sale    text    not null references sale (id),
    attempt text    not null references attempt (id),
    kind    text    not null check (kind <> ''),
    amount  integer not null check (amount <> 0) -- yen; negative when it went
) strict;

create index movement_by_day on movement (day, kind, amount);
create index movement_by_sale on movement (sale);

create trigger movement_is_never_changed before update on movement
begin
    select raise(abort, 'movements are never changed');
end;

create trigger movement_is_never_removed before delete on movement
begin
    select raise(abort, 'movements are never removed');
end;
