-- What SQL of others may ask, one statement a line: it gives the same rows as one's own.
select id, title, status, value, currency from deals order by id
select status, count(*) as deals, sum(value) from deals group by status order by status
select d.title, p.name, o.name from deals d left join persons p on p.id = d.person_id left join organizations o on o.id = d.org_id order by d.id
select * from deals where status = 'won' and value > 1000 order by value desc, id limit 10
select id from deals where title like '%e%' or title glob '*a*' order by id
select strftime('%Y-%m', add_time) as month, count(*) from deals group by 1 order by 1
select p.id, e.value from persons p, json_each(p.emails) e order by 1, 2
select id, json_extract(emails, '$[0].value') as email, emails ->> '$[0].label' from persons order by id
select name, upper(name), length(name), substr(name, 1, 3), replace(name, 'a', 'e'), instr(name, 'a'), trim(name), trim(name, 'A') from organizations order by id
select owner_id, title, value, row_number() over (partition by owner_id order by value desc, id) as place from deals order by owner_id, place
select id, sum(value) over (order by id rows between 2 preceding and current row) from deals order by id
with recursive month(n) as (select 1 union all select n + 1 from month where n < 12) select n, (select count(*) from deals where cast(strftime('%m', add_time) as integer) = n) from month
with won as (select * from deals where status = 'won'), lost as (select * from deals where status = 'lost') select (select count(*) from won), (select count(*) from lost)
select id from deals where person_id in (select id from persons where name > 'M') order by id
select id from deals where exists (select 1 from activities a where a.deal_id = deals.id) order by id
select id, title from deals union all select id, name from persons order by 1, 2
select id from deals intersect select deal_id from activities order by 1
select id, title from deals where id in (1, 2, 3, 4, 5) order by 1
select group_concat(title, ', ') from (select title from deals order by id limit 5)
select round(avg(value), 2), min(value), max(value), total(value) from deals
select case when value > 10000 then 'large' when value is null then 'none' else 'small' end as size, count(*) from deals group by size order by size
select coalesce(won_time, lost_time, 'open') as closed, iif(status = 'won', 1, 0) from deals order by id
select printf('%s: %.2f %s', title, value, currency) from deals order by id
select distinct currency from deals order by 1
select plans.title, deals.title from plans join deals on deals.id = plans.id order by 1
select * from plan_titles order by 1
select name, type from sqlite_schema order by 1
select name from sqlite_temp_schema where name = 'deals'
select name, type from pragma_table_info('deals') order by cid
select count(*) from pragma_table_list t, pragma_table_xinfo(t.name)
select name from pragma_index_list('plans')
select name, about from pipedrive_tables order by 1
select count(*) from pipedrive_columns where table_name = 'deals'
select entity, label from pipedrive_fields order by 1, 2
select title from deals_search('deal') order by 1
select title from deals where deals match 'deal' order by id
pragma table_info(deals)
pragma temp.table_xinfo('persons')
pragma table_list
pragma index_list(plans)
pragma index_info(plans_by_title)
pragma foreign_key_list(deals)
pragma database_list
pragma user_version
pragma schema_version
pragma foreign_keys
pragma compile_options
pragma collation_list
pragma encoding
select sqlite_version()
select date('now') > '2020-01-01', datetime(0, 'unixepoch'), julianday('2026-01-01')
values (1, 'a'), (2, 'b')
select 'drop table plans; --' as said
select /* a comment ; */ 1 -- and another
;; select 1 ; ;
