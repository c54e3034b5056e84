-- Statements that are easily answered wrong. Each gives the same rows on live tables
-- and on the plain copy; a blank line stands between two statements.

-- An IN list from a subquery that finds nothing.
select id from deals where id in (select id from deals where title is null);

select a.id from stages s join deals a where a.id in (select 1 where 0);

select id from deals where id not in (select org_id from persons);

select id from deals where person_id in (select id from persons where name = '');

-- Status words that Pipedrive does not know make it return everything.
select count(*) from deals where status = 'Won';

select count(*) from deals where status in ('won', 'nonsense');

select count(*) from deals where status in ('open,won');

select count(*) from deals where status = 'deleted';

select count(*) from deals where status = 'won' collate nocase;

select count(*) from deals where status like 'WON';

select count(*) from deals where status <> 'won' or status is null;

select count(*) from deals where not status = 'won';

-- Numbers in other spellings.
select id from deals where id = '5';

select id from deals where id = ' 5 ';

select id from deals where id = 5.0;

select id from deals where id = 5.5;

select id from deals where id = '5abc';

select id from deals where id = x'35';

select id from deals where id in (5, '6', 7.0, null, 'x', 9223372036854775807);

select id from deals where id = 1e400 or id = -1 or id = 0;

select id from deals where cast(id as text) = '5';

select id from deals where +id = 5;

select id from deals where id || '' = '5';

-- NULL compares with nothing.
select id from deals where person_id = null;

select count(*) from deals where person_id is null;

select count(*) from deals where person_id is not null;

select count(*) from deals where person_id not in (1, null);

select count(*) from deals where person_id is not distinct from null;

select count(*) from deals where (person_id = 5) is null;

-- Contradictions, and what only looks like one.
select id from deals where id = 5 and id = 6;

select id from deals where id = 5 and id = '5';

select id from deals where id = 5 and id = 5.0;

select id from deals where id in (5, 6) and id in (6, 7);

select id from deals where id = 5 and id is null;

select id from deals where id = 5 or id is null;

select id from deals where status = 'won' and status = 'lost';

select id from deals where owner_id = 1 and owner_id in (1, 2) and owner_id > 0;

-- Windows of time.
select id from deals where update_time >= '2025-06' order by id;

select id from deals where update_time > '2025-06-01 00:00:00' order by id;

select id from deals where update_time < '2025-06-01T00:00:00Z' order by id;

select id from deals where update_time <= (select min(update_time) from deals);

select id from deals where update_time = (select max(update_time) from deals);

select id from deals where update_time <= '2023-11-02 00:00:00';

select id from deals where update_time between '2023-11-02' and '2023-11-02 00:00:00';

select id from deals where update_time >= '2023-11-02 00:00:00' order by update_time, id
limit 1;

select id from deals where update_time between '2026' and '2025';

select id from deals where update_time > 2025;

select id from deals where update_time < 'soon' and update_time > '' order by id;

select id from deals where update_time >= '2025-06-31' order by id;

select id from deals where update_time >= '9999-12-31 23:59:59' or id = 5;

select id from deals where update_time < '0001-01-01' or id = 5;

select id from deals where update_time >= '0001-01-01';

select id from deals where update_time > '0999-12-31 23:59:59' and update_time < '9999';

select id from deals where update_time < '0999-01-01';

select id from deals where update_time > '10000-01-01';

select id from deals where date(update_time) >= '2025-06-01' order by id;

select count(*) from leads where update_time >= '2025-01-01' and update_time < '2026';

-- Order, limit and offset.
select id from deals order by update_time desc, id limit 3;

select id, add_time from deals order by add_time, id desc limit 5 offset 4;

select id from deals order by id desc limit 3 offset 40;

select id from deals order by -id limit 3;

select id from deals order by id limit 0;

select id from deals order by id limit -1 offset 3;

select id from deals where status = 'won' order by id limit 2;

select id from deals where title like '%a%' order by id limit 2;

select id from deals where status = 'won' and value > 100 order by id limit 2 offset 1;

select id from stages order by update_time nulls last, id;

select id from stages order by update_time desc nulls first, id;

select id from stages where pipeline_id in (2, 1) order by id;

select id from stages where pipeline_id in (2, 1) order by order_nr, id;

select id from deals where owner_id in (3, 2, 1) order by id limit 4;

select id from deals where status in ('lost', 'won') order by update_time, id limit 4;

select distinct owner_id from deals order by owner_id limit 3;

select owner_id, count(*) from deals group by owner_id order by 2 desc, 1 limit 3;

select id from (select id from deals limit 5) order by id desc limit 2 offset 100;

-- Archived and deleted rows do not come back by their id.
select id from deals where id in (select id from deals_archived);

select id from deals where id in (select id from deals_deleted);

select d.id from deals_archived a join deals d on d.id = a.id;

select count(*) from deal_products where deal_id in (select id from deals_archived);

select count(*) from deal_products where deal_id in (select id from deals_deleted);

select count(*) from deal_products where deal_id = (select min(id) from deals_archived);

select p.id from leads_archived a join leads p on p.id = a.id;

-- Joins over keys that are null, missing, twice, or of another type.
select d.id, p.name from deals d left join persons p on p.id = d.person_id order by d.id;

select d.id, p.id from deals d left join persons p on p.id = d.person_id and p.id < 5;

select d.id from deals d left join persons p on p.id = d.person_id where p.id is null;

select p.id, d.id from persons p left join deals d on d.person_id = p.id order by 1, 2;

select count(*) from deals a join deals b on a.id = b.id + 1;

select count(*) from deals a join deals b on a.update_time < b.update_time;

select count(*) from deals d join users u on u.id = d.owner_id || '';

select count(*) from deals d join organizations o on o.name = d.title collate nocase;

select count(*) from stages s full join pipelines p on p.id = s.pipeline_id + 1;

select count(*) from stages natural join pipelines;

select count(*) from deals join persons using (org_id);

select count(*) from deals d, persons p, organizations o
where d.person_id = p.id and p.org_id = o.id;

select d.id, (select count(*) from activities a where a.deal_id = d.id) from deals d
order by d.id;

select d.id from deals d
where not exists (select 1 from deal_products l where l.deal_id = d.id) order by d.id;

select l.id, d.title, p.name from deal_products l
join deals d on d.id = l.deal_id left join products p on p.id = l.product_id
order by l.id;

-- Arrays as tables.
select p.id, e.email, e.position from persons p join person_emails e
on e.person_id = p.id order by p.id, e.position;

select count(*) from person_emails where person_id = 5;

select count(*) from person_emails where person_id in (5, 6, 7) and is_primary;

select p.id from persons p
where (select count(*) from person_phones f where f.person_id = p.id) > 1 order by p.id;

select deal_id, json_group_array(label) from (select * from deal_labels order by 1, 2)
group by deal_id order by deal_id;

select d.id, j.value from deals d, json_each(d.label_ids) j order by d.id, j.key;

-- More columns than SQLite's mask has bits.
select d.* from deals d where d.id = 5;

select * from deals a join deals b using (id) where id = 5;

select count(*) from deals where coalesce(score, 0) > 0;

with d as (select * from deals) select id, score from d order by id;

select id, score from (select * from deals where owner_id = 1) order by id;

select count(score), count(*) from deals where score is not null or hotline is not null;

select "order", "источник" from deals order by id;

select x.id, (select score from deals y where y.id = x.id) from deals x order by x.id;

-- One statement, the same table in many ways.
select id from deals where owner_id = 1 union select id from deals where owner_id = 2
order by 1;

select id from deals except select id from deals where status = 'open' order by 1;

select id from deals intersect select deal_id from activities order by 1;

with recursive n(i) as (select 1 union all select i + 1 from n where i < 9)
select n.i, d.title from n left join deals d on d.id = n.i order by 1;

select id, row_number() over (partition by owner_id order by id) from deals order by id;

select a.id from deals a where a.value > (select avg(value) from deals b
where b.owner_id = a.owner_id) order by a.id;

select case when exists (select 1 from deals where status = 'won') then 'yes' end;

select min(id), max(id), count(*), sum(id) from deals where owner_id in (1, 2, 3);

select max(update_time) from deals;

select min(update_time) from deals where status = 'open';

select count(*) from users where is_you;

select count(*) from users where is_you = true;

select count(*) from activities where done is true;

select count(*) from activities where not done;

select count(*) from activities where done = '1';

select count(*) from activities where done = 2 or done = 'true';

select count(*) from notes where is_pinned_to_deal in (0, 1);

select count(*) from notes where is_pinned_to_deal = 'yes';

select count(*) from notes where lead_id = 'not a uuid';

select count(*) from notes where lead_id = '' or lead_id like '%-%';

select count(*) from leads where id = upper((select min(id) from leads));

select id from leads where id in (select min(id) from leads);

select count(*) from leads where id like (select upper(min(id)) from leads);

select field_code from deal_fields where field_code = 'title';

select field_code from deal_fields where field_code = '../deals/1';

select field_code from deal_fields where field_code in ('title', 'status', 'nothing');

select count(*) from deal_fields where field_code = 'TITLE' collate nocase;

select count(*) from filters where type = 'deals';

select count(*) from filters where type in ('deals', 'everything');

-- Columns that need a request of their own, compared with each other.
select f.id, g.id from filters f join filters g on f.conditions = g.conditions;

select f.id, g.id from filters f left join filters g
on f.conditions = g.conditions and f.id < g.id;

select a.id, b.id from permission_sets a join permission_sets b using (contents);

-- Comparisons with values that come one by one, of every type.
select x.column1, d.id from (values (5), ('6'), (7.0), (null), ('abc'), (5)) x
left join deals d on d.id = x.column1;

select x.column1, count(d.id) from (values ('2025-01'), ('0001'), ('9999-12-31'), (null),
('soon'), (5)) x left join deals d on d.update_time >= x.column1 group by 1;

select u.id, (select d.id from deals d where d.owner_id = u.id order by d.id limit 1
offset 1) from users u;
