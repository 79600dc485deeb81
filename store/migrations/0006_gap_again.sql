-- What is looked up after a gap is looked up once more a day later; and the
-- journal knows where the copy ended, and which gaps are noted down in what is
-- lost.
alter table gap add column entries integer not null default 0; -- of the copy
alter table gap add column again integer not null default 0 check (again in (0, 1)); -- below is about the second time
alter table gap add column lost  text    not null default '';                        -- the numbers of those gaps, with spaces between
