-- What explain() tells of statements on an account of which nothing is known yet.
-- Below each statement stand its steps and their sum.

select title from deals where status = 'won' and value > 1000;
SCAN deals
  request      GET /api/v2/deals?status={status}
  Pipedrive    status = 'won'  (exactly)
  SQLite       value > 1000  (Pipedrive cannot filter deals by value)
  price        1 request or more, 10 tokens or more  (size not known: 1 page at least)
total        10 tokens or more

select title from deals where update_time > '2026-09-01';
SCAN deals
  request      GET /api/v2/deals?updated_since={>=update_time}
  Pipedrive    update_time > '2026-09-01'  (a superset: Pipedrive includes the second itself)
  price        1 request or more, 10 tokens or more  (size not known: 1 page at least)
total        10 tokens or more

select title from deals where id in (1, 2);
SCAN deals
  request      GET /api/v2/deals/{id...} or GET /api/v2/deals?ids={id...}
  Pipedrive    id IN (1, 2)  (exactly)
  price        2 requests, 2 tokens  (2 keys)
total        2 tokens

select title from deals where id = 1 and status = 'won' and person_id is null;
SCAN deals
  request      GET /api/v2/deals/{id} or GET /api/v2/deals?ids={id}, then stored rows by status
  Pipedrive    id = 1  (exactly)
  SQLite       status = 'won'  (the rows are asked for by key, which takes no filter)
               person_id IS NULL  (person_id may be NULL, and Pipedrive cannot ask for that)
  price        1 request, 1 token  (1 key)
total        1 token

select title from deals where status = 'nonsense';
SCAN deals
  request      GET /api/v2/deals?status={status}
  Pipedrive    status = 'nonsense'  (exactly)
  price        0 tokens  (no row can match)
total        0 tokens

select title from deals where 1 = 0;
SCAN deals
  request      GET /api/v2/deals
  price        0 tokens  (SQLite does not come to it)
total        0 tokens

select name from users;
SCAN users
  request      GET /v1/users
  price        1 request, 20 tokens  (one answer)
total        20 tokens

select title from deals order by update_time desc limit 5;
SCAN deals
  request      GET /api/v2/deals?sort_by=update_time&sort_direction=desc
  price        1 request, 10 tokens  (5 rows are enough)
total        10 tokens

select * from filters;
SCAN filters
  request      GET /v1/filters; GET /v1/filters/{id} for each row
  price        1 request or more, 20 tokens or more  (one answer)
total        20 tokens or more

select * from deal_products where deal_id = 3;
SCAN deal_products
  request      GET /api/v2/deals/products?deal_ids={deal_id} for each 100 of deals
  Pipedrive    deal_id = 3  (exactly)
  price        0 to 11 tokens  (1 of deals, if a page holds the rows of each)
total        0 to 11 tokens

select * from deal_followers;
SCAN deal_followers
  request      GET /api/v2/deals/{id}/followers for each of deals
  price        1 request or more, 10 tokens or more  (the size of deals is not known)
total        10 tokens or more

select p.name, d.title from persons p left join deals d on d.person_id = p.id where p.name <> 'x';
SCAN p
  request      GET /api/v2/persons
  SQLite       p.name <> 'x'  (Pipedrive filters by what a value is, not by what it is not)
  price        1 request or more, 10 tokens or more  (size not known: 1 page at least)
SCAN d
  request      GET /api/v2/deals?person_id={person_id}
  Pipedrive    d.person_id = p.id  (exactly)
  price        not known  (for rows of the steps before it)
total        10 tokens or more

select count(*) from deals where owner_id in (select id from users) union all select 1;
COMPOUND QUERY
  LEFT-MOST SUBQUERY
    SCAN deals
      request      GET /api/v2/deals?owner_id={owner_id}
      Pipedrive    owner_id IN (SELECT id FROM users)  (exactly)
      price        not known  (for rows of the steps before it)
    LIST SUBQUERY 1
      SCAN users
        request      GET /v1/users
        price        1 request, 20 tokens  (one answer)
  UNION ALL
    SCAN CONSTANT ROW
total        20 tokens or more
