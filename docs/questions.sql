-- deals: What is open, stage by stage?
select s.name as stage, count(*) as deals, sum(d.value) as value
from deals d join stages s on s.id = d.stage_id
where d.status = 'open'
group by s.id order by s.order_nr;

-- deals: Which ten deals changed last?
select title, status, update_time from deals order by update_time desc limit 10;

-- deals: Who won how much in 2026?
select u.name, count(*) as won, sum(d.value) as value
from deals d join users u on u.id = d.owner_id
where d.status = 'won' and d.won_time >= '2026-01-01'
group by u.id order by value desc;

-- deals_archived: What is in the archive, and since when?
select title, value, currency, archive_time from deals_archived order by archive_time;

-- deals_deleted: What was deleted since the middle of September?
select id, title, update_time from deals_deleted
where update_time >= '2026-09-15';

-- deal_labels: Which labels are used most?
select label, count(*) as deals from deal_labels group by label order by deals desc;

-- persons: Who works at an organization whose name begins with A?
select p.name, p.email, o.name as organization
from persons p join organizations o on o.id = p.org_id
where o.name glob 'A*';

-- persons: Which persons have no deal yet?
select name, email, add_time from persons p
where not exists (select 1 from deals d where d.person_id = p.id);

-- persons: Whom has nobody touched since April?
select name, owner_id, update_time from persons where update_time < '2026-04-01';

-- person_emails: Which addresses belong to more than one person?
select email, count(distinct person_id) as persons from person_emails
group by lower(email) having persons > 1;

-- person_phones: Which persons have a phone at work?
select p.name, f.phone from person_phones f join persons p on p.id = f.person_id
where f.label = 'work';

-- person_labels: Who has which label?
select p.name, l.label from person_labels l join persons p on p.id = l.person_id;

-- organizations: Which organizations have the most open deals?
select name, open_deals_count from organizations
order by open_deals_count desc limit 10;

-- organizations: Where are they?
select address_country as country, count(*) as organizations from organizations
group by country order by organizations desc;

-- organization_labels: How many organizations has each label?
select label, count(*) as organizations from organization_labels group by label;

-- activities: What was overdue in October, and whose is it?
select a.due_date, a.subject, u.name as owner
from activities a join users u on u.id = a.owner_id
where not a.done and a.due_date < '2026-10-01'
order by a.due_date;

-- activities: What happened on one deal?
select type, subject, due_date, done from activities where deal_id = 1
order by due_date;

-- activities: How many activities of each type were done, month by month?
select substr(marked_as_done_time, 1, 7) as month, type, count(*) as activities
from activities where done group by month, type order by month, type;

-- activity_participants: Who took part most often?
select p.name, count(*) as activities
from activity_participants a join persons p on p.id = a.person_id
group by p.id order by activities desc limit 10;

-- activity_attendees: Who has accepted the invitation?
select activity_id, email from activity_attendees where status = 'accepted';

-- products: Which products can be sold?
select name, code, category from products where is_linkable order by name;

-- product_prices: What does each product cost in euros?
select p.name, c.price from product_prices c join products p on p.id = c.product_id
where c.currency = 'EUR' order by p.name;

-- deal_products: What was sold in one deal?
select name, quantity, item_price, sum from deal_products where deal_id = 1;

-- deal_products: Which products bring the most?
select name, currency, sum(sum) as total from deal_products
where is_enabled group by name, currency order by total desc limit 10;

-- pipelines: Which pipelines are there?
select id, name from pipelines order by order_nr;

-- stages: Which steps has each pipeline?
select p.name as pipeline, s.name as stage, s.deal_probability
from stages s join pipelines p on p.id = s.pipeline_id
order by p.order_nr, s.order_nr;

-- leads: Which leads nobody has looked at?
select title, source_name, add_time from leads where not was_seen order by add_time;

-- leads: What are they worth together?
select currency, sum(value) as value, count(*) as leads from leads group by currency;

-- leads_archived: How many leads are archived, year by year?
select substr(add_time, 1, 4) as year, count(*) as leads from leads_archived
group by year;

-- lead_label_links: How many leads has each label?
select l.name, count(*) as leads
from lead_label_links k join lead_labels l on l.id = k.lead_label_id
group by l.id;

-- lead_labels: Which labels can leads have?
select name, color from lead_labels order by name;

-- notes: What was noted on one deal?
select add_time, user_name, content from notes where deal_id = 2 order by add_time;

-- notes: Which notes are pinned to their deal?
select deal_title, content from notes where is_pinned_to_deal;

-- users: Who is in the account, and when were they last here?
select name, email, last_login from users where is_active order by last_login desc;

-- user_access: Who is an admin of what?
select u.name, a.app from user_access a join users u on u.id = a.user_id
where a.admin;

-- activity_types: Which kinds of activities are in use?
select key_string, name from activity_types where is_active order by order_nr;

-- currencies: Which currencies have no cents?
select code, name, symbol from currencies where decimal_points = 0;

-- filters: Which filters are saved for deals?
select id, name from filters where type = 'deals' order by name;

-- deal_fields: Which custom fields have deals?
select field_name, field_type, field_code from deal_fields where is_custom_field;

-- person_fields: Which custom fields have persons?
select field_name, field_type from person_fields where is_custom_field;

-- organization_fields: Which custom fields have organizations?
select field_name, field_type from organization_fields where is_custom_field;

-- product_fields: Which custom fields have products?
select field_name, field_type from product_fields where is_custom_field;

-- activity_fields: What can be read of activities?
select field_code, field_name, field_type from activity_fields;

-- lead_fields: Which number does a filter of leads use for each field?
select id, field_name from lead_fields order by id;

-- note_fields: What can be read of notes?
select field_code, field_name from note_fields;

-- deal_field_options: What can be chosen in the fields of deals?
select field_code, label from deal_field_options order by field_code, position;

-- person_field_options: What can be chosen in the fields of persons?
select field_code, label from person_field_options order by field_code, position;

-- organization_field_options: Which industries are there?
select option_id, label from organization_field_options where field_code = 'industry';

-- product_field_options: What can be chosen in the fields of products?
select field_code, label from product_field_options order by field_code, position;

-- activity_field_options: Which priorities can activities have?
select option_id, label from activity_field_options where field_code = 'priority';

-- lead_field_options: What can be chosen in the fields of leads?
select field_code, label from lead_field_options order by field_code, position;

-- note_field_options: What can be chosen in the fields of notes?
select field_code, label from note_field_options;
