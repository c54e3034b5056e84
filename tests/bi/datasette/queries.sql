-- A table: one row more than a page, to know whether there is another.
select {deals: [$]} from deals order by id limit 101
--> deals: GET /api/v2/deals?sort_by=id&sort_direction=asc
--> 30 tokens

-- How many there are.
select count(*) from deals 
--> deals: GET /api/v2/deals
--> 30 tokens

-- The same on the page of all tables, once for each.
select count(*) from [deals]
--> deals: GET /api/v2/deals
--> 30 tokens

-- The names of its columns.
select * from (select {deals: [$]} from deals ) limit 0
--> deals: GET /api/v2/deals
--> 0 tokens

-- The next page.
-- with {"p0": "20"}
select {deals: [$]} from deals where ((id > :p0)) order by id limit 21
--> deals: GET /api/v2/deals?sort_by=id&sort_direction=asc
--> 20 tokens

-- Sorted.
select {activities: [$]} from activities order by update_time desc limit 21
--> activities: GET /api/v2/activities?sort_by=update_time&sort_direction=desc
--> 20 tokens

-- Sorted, the next page.
-- with {"p0": "3", "p1": "2026-09-01 00:00:00"}
select {activities: [$]} from activities where (update_time < :p1 or update_time is null or (update_time = :p1 and ((id > :p0)))) order by update_time desc, id limit 21
--> activities: GET /api/v2/activities
--> 60 tokens

-- Sorted by what Pipedrive does not sort by, the next page.
-- with {"p0": "3", "p1": "2"}
select {stages: [$]} from stages where (order_nr > :p1 or (order_nr = :p1 and ((id > :p0)))) order by order_nr, id limit 4
--> stages: GET /api/v2/stages
--> 5 tokens

-- A filter. Values are texts.
-- with {"p0": "won"}
select {deals: [$]} from deals where "status" = :p0 order by id limit 101
--> deals: GET /api/v2/deals?status={status}&sort_by=id&sort_direction=asc
--> 10 tokens

-- A number as a text.
-- with {"p0": "3"}
select {deals: [$]} from deals where "owner_id" = :p0 order by id limit 101
--> deals: GET /api/v2/deals?owner_id={owner_id}&sort_by=id&sort_direction=asc
--> 10 tokens

-- How many the filter finds.
-- with {"p0": "won"}
select count(*) from deals where "status" = :p0
--> deals: GET /api/v2/deals?status={status}
--> 10 tokens

-- Contains, and at least.
-- with {"p0": "%e%", "p1": 1000}
select {deals: [$]} from deals where "title" like :p0 and "value" >= :p1 order by id limit 101
--> deals: GET /api/v2/deals/search?term={title}&exact_match=true&fields=title, then GET /api/v2/deals/{id...} or GET /api/v2/deals?ids={id...}, beside the latest of GET /api/v2/deals
--> 30 tokens

-- On a day, is null, is not, starts with.
-- with {"p0": "2025-08-05", "p1": "Demo", "p2": "Z%"}
select {deals: [$]} from deals where date("add_time") = :p0 and "person_id" is null and "title" != :p1 and "title" like :p2 order by id limit 101
--> deals: GET /api/v2/deals/search?term={title}&exact_match=true&fields=title, then GET /api/v2/deals/{id...} or GET /api/v2/deals?ids={id...}, beside the latest of GET /api/v2/deals
--> 30 tokens

-- One of several, and SQL of one's own.
-- with {"p0": "1", "p1": "2"}
select {deals: [$]} from deals where pipeline_id in (:p0, :p1) and value>1 order by id limit 101
--> deals: GET /api/v2/deals?pipeline_id={pipeline_id...}
--> 30 tokens

-- A glob.
-- with {"p0": "T*"}
select {deals: [$]} from deals where "title" glob :p0 order by id limit 101
--> deals: GET /api/v2/itemSearch/field?term={title}&entity_type=deal&field=title&match={how}, then GET /api/v2/deals/{id...} or GET /api/v2/deals?ids={id...}, beside the latest of GET /api/v2/deals
--> 30 tokens

-- One row.
-- with {"p0": "7"}
select * from deals where "id"=:p0
--> deals: GET /api/v2/deals/{id} or GET /api/v2/deals?ids={id}
--> 1 token

-- A facet.
select status as value, count(*) as count from ( select {deals: [$]} from deals ) where status is not null group by status order by count desc, value limit 31
--> deals: GET /api/v2/deals
--> 30 tokens

-- A facet of what a filter finds.
-- with {"p0": "won"}
select owner_id as value, count(*) as count from ( select {deals: [$]} from deals where "status" = :p0 ) where owner_id is not null group by owner_id order by count desc, value limit 31
--> deals: GET /api/v2/deals?status={status}
--> 10 tokens

-- A facet by day.
select date(add_time) as value, count(*) as count from ( select {deals: [$]} from deals ) where date(add_time) is not null group by date(add_time) order by count desc, value limit 31
--> deals: GET /api/v2/deals
--> 30 tokens

-- A facet of the elements of a list.
with inner as (select {deals: [$]} from deals ), deduped_array_items as ( select distinct j.value, inner.* from json_each([inner].label_ids) j join inner ) select value as value, count(*) as count from deduped_array_items group by value order by count(*) desc, value limit 31
--> deals: GET /api/v2/deals
--> 30 tokens

-- Is a column worth a facet? Each is asked this.
select pipeline_id as value, count(*) as n from ( select {stages: [$]} from stages ) where value is not null group by value limit 31
--> stages: GET /api/v2/stages
--> 5 tokens

-- Where the table has a column `value`, its rows are meant.
select owner_id as value, count(*) as n from ( select {deals: [$]} from deals ) where value is not null group by value limit 31
--> deals: GET /api/v2/deals
--> 30 tokens

-- Is it a list?
select distinct json_type(label_ids) from (select {deals: [$]} from deals ) where label_ids is not null and label_ids != ''
--> deals: GET /api/v2/deals
--> 30 tokens

-- The first elements of it.
select label_ids from (select {deals: [$]} from deals ) where label_ids is not null and label_ids != '' and json_array_length(label_ids) > 0 limit 100
--> deals: GET /api/v2/deals
--> 30 tokens

-- Is it a date? A pattern in double quotes is a text.
select date(add_time) from ( select {stages: [$]} from stages ) where add_time glob "????-??-*" limit 100;
--> refused: There is no column "????-??-*".

-- A statement of one's own, with values from the address that it does not name.
-- with {"status": "won", "_trace": "1"}
select * from deals where status = :status order by update_time desc
--> deals: GET /api/v2/deals?status={status}
--> 10 tokens

-- The labels of foreign keys.
-- with ["1", "2", "3"]
select id, name from stages where id in (?, ?, ?)
--> stages: GET /api/v2/stages/{id...}
--> 3 tokens
