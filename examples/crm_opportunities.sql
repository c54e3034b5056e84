-- How often does each agent win, quarter by quarter?
select u.name as agent,
       strftime('%Y-Q', d.close_time) || ((strftime('%m', d.close_time) + 2) / 3)
         as quarter,
       count(*) as closed,
       round(100.0 * sum(d.status = 'won') / count(*), 1) as won_percent
from deals d join users u on u.id = d.owner_id
where d.status in ('won', 'lost')
group by agent, quarter
order by quarter, won_percent desc, agent;

-- Which sectors bring the money?
select o.sector, count(*) as won, sum(d.value) as value
from deals d join organizations o on o.id = d.org_id
where d.status = 'won'
group by o.sector
order by value desc;

-- Which products make up what is won, and at what part of their list price?
select p.name as product,
       count(*) as won,
       sum(d.value) as value,
       round(100 * sum(d.value) / sum(sum(d.value)) over (), 1) as value_percent,
       round(100 * sum(d.value) / sum(l.price * i.quantity), 1) as list_price_percent
from deals d
join deal_products i on i.deal_id = d.id
join products p on p.id = i.product_id
join product_prices l on l.product_id = p.id and l.currency = d.currency
where d.status = 'won'
group by p.id
order by value desc;

-- How many days does it take to win, and to lose?
select regional_office as office, status, count(*) as deals,
       round(avg(julianday(date(close_time)) - julianday(engaged_on)), 1) as days,
       max(julianday(date(close_time)) - julianday(engaged_on)) as longest
from deals
where status in ('won', 'lost')
group by office, status
order by office, status;

-- Which agents have won nothing?
select name as agent, is_active
from users
where not is_you
  and id not in (select owner_id from deals where status = 'won')
order by agent;

-- What is open, at list price, stage by stage?
select s.name as stage, d.regional_office as office, count(*) as deals,
       sum(i.quantity * l.price) as list_price
from deals d
join stages s on s.id = d.stage_id
join deal_products i on i.deal_id = d.id
join product_prices l on l.product_id = i.product_id and l.currency = d.currency
where d.status = 'open'
group by s.id, office
order by s.order_nr, office;

-- Who are the ten best customers?
select o.name as customer, o.sector, o.office_location as location,
       count(*) as won, sum(d.value) as value
from organizations o join deals d on d.org_id = o.id
where d.status = 'won'
group by o.id
order by value desc, customer
limit 10;

-- What do parent companies bring together with their subsidiaries?
select parent.name as parent, count(distinct o.id) - 1 as subsidiaries,
       sum(d.status = 'won') as won, sum(d.value) as value
from organizations parent
join organizations o on parent.id in (o.id, o.parent_id)
join deals d on d.org_id = o.id
where parent.id in (select parent_id from organizations)
group by parent.id
order by value desc;

-- How did each manager's team do in each month?
select manager, strftime('%Y-%m', close_time) as month,
       count(*) as won, sum(value) as value
from deals
where status = 'won'
group by manager, month
order by manager, month;

-- Which open deals have no organization yet, and how long have they waited?
select s.name as stage, count(*) as deals,
       sum(d.org_id is null) as without_organization,
       min(iif(d.org_id is null, d.engaged_on, null)) as oldest
from deals d join stages s on s.id = d.stage_id
where d.status = 'open'
group by s.id
order by s.order_nr;
