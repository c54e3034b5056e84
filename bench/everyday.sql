-- Questions that people really ask of Pipedrive. "Today" is 30 September 2026.
--
-- Above each stands what is asked, and where it is no plain SELECT over tables:
--   needs: a plain SELECT that says what has to be brought (or "nothing"); several add up
--   counted by: the columns by whose values deals/summary would have to be asked, where
--     nothing but numbers of deals is wanted

-- # Pipeline reports

-- How many deals are there?
-- counted by: nothing
select count(*) from deals;

-- How many deals are open, won and lost?
-- counted by: status
select status, count(*)
from deals
group by status;

-- How many open deals has each pipeline?
-- counted by: pipeline_id
select pipeline_id, count(*)
from deals
where status = 'open'
group by pipeline_id;

-- What is open, stage by stage?
select s.name, count(*), sum(d.value)
from deals d
join stages s on s.id = d.stage_id
where d.status = 'open'
group by s.id
order by s.order_nr;

-- What is the weighted forecast, month by month?
select substr(expected_close_date, 1, 7) as month, currency,
  sum(value * probability / 100)
from deals
where status = 'open'
group by 1, 2
order by 1;

-- Which open deals should close in October?
select title, value, currency, expected_close_date
from deals
where status = 'open'
  and expected_close_date >= '2026-10-01' and expected_close_date < '2026-11-01'
order by expected_close_date;

-- What are the ten biggest open deals?
select title, value, currency
from deals
where status = 'open'
order by value desc limit 10;

-- How old are the open deals of the first pipeline?
select avg(julianday('2026-09-30') - julianday(add_time))
from deals
where status = 'open' and pipeline_id = 1;

-- Why were deals lost this year?
select lost_reason, count(*), sum(value)
from deals
where status = 'lost' and lost_time >= '2026-01-01'
group by lost_reason;

-- How much was won in September, pipeline by pipeline?
select p.name, d.currency, sum(d.value)
from deals d
join pipelines p on p.id = d.pipeline_id
where d.status = 'won' and d.won_time >= '2026-09-01'
group by 1, 2;

-- # Stale deals and leads

-- Which deals changed last?
select title, update_time
from deals
order by update_time desc limit 10;

-- What changed since Monday?
select id, title, status, update_time
from deals
where update_time >= '2026-09-28';

-- Which open deals has nobody touched since May?
select title, owner_id, update_time
from deals
where status = 'open' and update_time < '2026-05-01'
order by update_time;

-- Which deals are stuck in a stage since spring?
select title, stage_change_time
from deals
where status = 'open' and stage_id = 4 and stage_change_time < '2026-06-01';

-- Which open deals have no next activity?
select id, title, owner_id
from deals
where status = 'open' and next_activity_id is null;

-- Which open deals of one owner have no activity at all?
-- needs: select 1 from deals d left join activities a on a.deal_id = d.id where
--   d.status = 'open' and d.owner_id = 2
select d.title
from deals d
where d.status = 'open' and d.owner_id = 2
  and not exists (select 1 from activities a where a.deal_id = d.id);

-- How old are the leads, owner by owner?
select owner_id, count(*), avg(julianday('2026-09-30') - julianday(add_time))
from leads
group by owner_id;

-- Which leads of one owner are older than a quarter?
select title, add_time
from leads
where owner_id = 3 and add_time < '2026-07-01'
order by add_time;

-- Which new leads has nobody seen, and who should?
select l.title, u.name
from leads l
join users u on u.id = l.owner_id
where l.was_seen = 0 and l.add_time >= '2026-08-01';

-- # Activities

-- What has a team to do this week?
select owner_id, due_date, due_time, subject
from activities
where owner_id in (2, 3, 4) and done = 0
  and due_date between '2026-09-28' and '2026-10-04'
order by due_date;

-- What is overdue, owner by owner?
select u.name, count(*)
from activities a
join users u on u.id = a.owner_id
where a.done = 0 and a.due_date < '2026-09-30'
group by u.id
order by 2 desc;

-- Who made how many calls in September?
select owner_id, count(*)
from activities
where type = 'call' and done = 1 and marked_as_done_time >= '2026-09-01'
group by owner_id;

-- What happened on a deal?
select type, subject, due_date, done
from activities
where deal_id = 4711
order by due_date;

-- What is planned with a person?
select subject, due_date
from activities
where person_id = 815 and done = 0;

-- What is due this week for one user, with its deals and organizations?
select a.due_date, a.subject, d.title, o.name
from activities a
left join deals d on d.id = a.deal_id
left join organizations o on o.id = a.org_id
where a.owner_id = 3 and a.done = 0
  and a.due_date between '2026-09-28' and '2026-10-04';

-- How many activities of each type, month by month?
select substr(due_date, 1, 7) as month, type, count(*)
from activities
group by 1, 2;

-- Which activities changed today?
select id, subject, done
from activities
where update_time >= '2026-09-30 00:00:00';

-- # Leaderboards

-- Who won how much this quarter?
select u.name, count(*), sum(d.value)
from deals d
join users u on u.id = d.owner_id
where d.status = 'won' and d.won_time >= '2026-07-01'
group by u.id
order by 3 desc;

-- Who has the best win rate?
select u.name, avg(d.status = 'won')
from deals d
join users u on u.id = d.owner_id
where d.status in ('won', 'lost')
group by u.id
order by 2 desc limit 5;

-- How many persons does everybody own?
select owner_id, count(*)
from persons
group by owner_id;

-- What has one owner open?
select title, value
from deals
where owner_id = 5 and status = 'open';

-- Which organizations brought most?
select o.name, sum(d.value)
from deals d
join organizations o on o.id = d.org_id
where d.status = 'won' and d.currency = 'EUR'
group by o.id
order by 2 desc limit 10;

-- # Products

-- Which products bring most in won deals?
select x.name, x.currency, sum(x.sum)
from deals d
join deal_products x on x.deal_id = d.id
where d.status = 'won'
group by 1, 2
order by 3 desc limit 10;

-- Which products were sold in September, by category?
select p.category, sum(x.quantity)
from deals d
join deal_products x on x.deal_id = d.id
join products p on p.id = x.product_id
where d.status = 'won' and d.won_time >= '2026-09-01'
group by p.category;

-- What is in one deal?
select name, quantity, item_price, sum
from deal_products
where deal_id = 4711;

-- What does everything cost in euros?
select p.name, c.price
from products p
join product_prices c on c.product_id = p.id
where c.currency = 'EUR';

-- Which product has this code?
select id, name
from products
where code = 'P-003';

-- # Looking somebody up

-- Who has this e-mail address?
select id, name, org_id
from persons
where email = 'person4711@example.com';

-- Who has this e-mail address, as any of theirs?
select p.id, p.name, e.label
from person_emails e
join persons p on p.id = e.person_id
where e.email = 'person4711@example.com';

-- Who is calling?
select id, name
from persons
where phone = '+372 5004712';

-- Who is called so?
select id, email, phone
from persons
where name = 'Dmitri Übel';

-- Who works there?
select name, email
from persons
where org_id = 321;

-- Which deal is called so?
select id, status, value
from deals
where title = 'Ēriks training 🎓';

-- Which deals has the person with this address?
select d.title, d.status, d.value
from persons p
join deals d on d.person_id = p.id
where p.email = 'person4711@example.com';

-- What is open with the organizations of a name?
select o.name, d.title, d.value
from organizations o
join deals d on d.org_id = o.id
where o.name = 'Tartu & Sons' and d.status = 'open';

-- Which organizations begin so?
select id, name
from organizations
where name glob 'Tartu*';

-- # Segments by custom fields

-- Which open deals are of a type?
select id, title, value
from deals
where status = 'open' and deal_type_7dd2 = 'Outbound';

-- What is a source worth?
select currency, count(*), sum(value)
from deals
where deal_source_790b = 'Inbound'
group by currency;

-- Which deals of two types come by a reseller?
select d.title, o.name
from deals d
join organizations o on o.id = d.reseller_id
where d.deal_type_7dd2 in ('Outbound', 'Inbound')
  and d.status = 'won' and d.pipeline_id = 2;

-- Which deals kick off in October?
select title, kick_off_date
from deals
where kick_off_date between '2026-10-01' and '2026-10-31';

-- Which deals have this vendor?
select id, title
from deals
where vendor = 'Ximena';

-- Which deals have an interest?
select id, title
from deals
where status = 'open'
  and exists (select 1 from json_each(interests) where value = 'Inbound');

-- How many hot deals are open?
select count(*)
from deals d
join deal_labels l on l.deal_id = d.id
where d.status = 'open' and l.label = 'Hot';

-- # A deal with everything about it

-- One deal
select * from deals where id = 4711;

-- One deal with its person, organization, stage and owner
select d.title, p.name, p.email, o.name, s.name, u.name
from deals d
left join persons p on p.id = d.person_id
left join organizations o on o.id = d.org_id
left join stages s on s.id = d.stage_id
left join users u on u.id = d.owner_id
where d.id = 4711;

-- How much there is about a deal
-- needs: select 1 from activities where deal_id = 4711
-- needs: select 1 from notes where deal_id = 4711
-- needs: select 1 from deal_products where deal_id = 4711
-- needs: select 1 from deal_files where deal_id = 4711
-- needs: select 1 from deal_participants where deal_id = 4711
select
  (select count(*) from activities where deal_id = 4711),
  (select count(*) from notes where deal_id = 4711),
  (select count(*) from deal_products where deal_id = 4711),
  (select count(*) from deal_files where deal_id = 4711),
  (select count(*) from deal_participants where deal_id = 4711);

-- What happened on a deal, as one list
-- needs: select 1 from activities where deal_id = 4711
-- needs: select 1 from notes where deal_id = 4711
-- needs: select 1 from deal_changelog where deal_id = 4711
select due_date as day, type as what, subject as text
from activities
where deal_id = 4711
union all
select add_time, 'note', content
from notes
where deal_id = 4711
union all
select time, field_key, new_value
from deal_changelog
where deal_id = 4711
order by 1;

-- # BI tools

-- Which tables are there? (SQLAlchemy)
-- needs: nothing
select name
from sqlite_temp_master
where type = 'table' and name not like 'sqlite~_%' escape '~'
order by name;

-- Which columns has a table? (Metabase)
-- needs: nothing
select name, type, pk
from pragma_table_xinfo('deals');

-- A look at a table (Metabase)
select "deals"."id" as "id", "deals"."title" as "title",
  "deals"."value" as "value", "deals"."add_time" as "add_time"
from "deals" limit 2000;

-- The newest rows (SQL Lab of Superset)
-- needs: select id from deals order by add_time desc limit 1000
select * from (
  select id, title, status from deals order by add_time desc
) limit 1000;

-- A chart by month (Superset)
select datetime(strftime('%Y-%m-01T00:00:00', add_time)) as __timestamp,
  sum(value) as "SUM(value)"
from deals
where add_time >= '2026-01-01' and add_time < '2026-10-01'
group by 1
order by 2 desc limit 10000;

-- A chart by status of a joined model (Metabase)
-- needs: select 1 from deals d left join users u on d.owner_id = u.id
select "source"."status" as "status", count(*) as "count"
from (
  select "deals"."status" as "status", "Users"."is_active" as "active"
  from "deals" left join "users" "Users" on "deals"."owner_id" = "Users"."id"
) "source"
where "source"."active" = 1
group by "source"."status";

-- A page of rows (Datasette)
select id, title, status, update_time
from deals
order by id limit 101;

-- A facet (Datasette)
-- needs: select status from deals
-- counted by: status
select status as value, count(*) as count from (
  select * from deals
) where status is not null
group by status order by count desc, value limit 31;

-- What changed since the last load (pandas)
select id, title, status, value, update_time
from deals
where update_time > '2026-09-15 04:00:00';

-- The third page of a list (SQLAlchemy)
select deals.id, deals.title
from deals
where deals.status = 'open'
order by deals.id limit 50 offset 100;

-- How fresh is the table? (dbt)
-- needs: select id from deals order by update_time desc limit 1
select max(update_time) from deals;

-- How many persons are there? (Metabase)
select count(*) as count from persons;
