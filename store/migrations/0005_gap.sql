-- Times of which the journal has lost its entries, because it is an older copy
-- of itself: each as its last entry left it.
create table gap (
    ended_at integer primary key, -- as entry.at: when the copy was put in place
    began_at integer not null,    -- as entry.at: the last entry of the copy
    first_day text   not null,    -- business days of both
    last_day  text   not null,
    missing  integer not null,    -- entries at least, 0 when nobody knows
    number   integer not null,    -- receipt numbers up to here are not given any more
    below    integer not null,    -- sales from this number on were looked up again
    open     integer not null check (open in (0, 1)) -- nobody has accounted for it yet
) strict;

create trigger gap_is_never_removed before delete on gap
begin
    select raise(abort, 'gaps are never removed');
end;
