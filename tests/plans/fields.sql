-- Columns that Pipedrive always sends. Custom fields would come as well, so one of
-- them is named in place of all.
SELECT title, value FROM deals WHERE id = 7;
--> GET /api/v2/deals/7?custom_fields={score}
--> 1 token

-- A column of include_fields is asked for when it is used.
SELECT products_count FROM deals WHERE id = 7;
--> GET /api/v2/deals/7?include_fields=products_count&custom_fields={score}
--> 1 token

-- In a condition, an order or an aggregate it is used, too.
SELECT title FROM deals WHERE notes_count > 1 AND status = 'won';
--> GET /api/v2/deals?status=won&include_fields=notes_count&custom_fields={score}&limit=500
--> 10 tokens
SELECT title FROM deals ORDER BY files_count LIMIT 1;
--> GET /api/v2/deals?include_fields=files_count&custom_fields={score}&limit=500  (3 pages)
--> 30 tokens
SELECT sum(activities_count) FROM deals;
--> GET /api/v2/deals?include_fields=activities_count&custom_fields={score}&limit=500  (3 pages)
--> 30 tokens

-- One custom field.
SELECT title, interests FROM deals WHERE id = 7;
--> GET /api/v2/deals/7?custom_fields={interests}
--> 1 token

-- Parts of one custom field are one key.
SELECT title, interests, interests_ids FROM deals WHERE id = 7;
--> GET /api/v2/deals/7?custom_fields={interests}
--> 1 token

-- Fifteen custom fields can be named.
SELECT summary, score, hotline, kick_off_date, project_period, best_call_time,
    delivery_window, interests, vendor, delivery_address_country, reseller_id,
    decision_maker_id, presales_engineer_id, name, say_hi_now
FROM deals WHERE id = 7;
--> GET /api/v2/deals/7?custom_fields={delivery_address},{score},…,{delivery_window} (15)
--> 1 token

-- Sixteen cannot: all of them come.
SELECT summary, score, hotline, kick_off_date, project_period, best_call_time,
    delivery_window, interests, vendor, delivery_address_country, reseller_id,
    decision_maker_id, presales_engineer_id, name, say_hi_now, _2nd_choice
FROM deals WHERE id = 7;
--> GET /api/v2/deals/7
--> 1 token

-- Everything.
SELECT * FROM deals WHERE id = 7;
--> GET /api/v2/deals/7?include_fields=next_activity_id,last_activity_id,…,source_lead_id (16)
--> 1 token

-- Everything of one side of a join.
SELECT p.* FROM deals d JOIN persons p ON p.id = d.person_id WHERE d.id = 7;
--> GET /api/v2/deals/7?custom_fields={score}
--> GET /api/v2/persons/24?include_fields=next_activity_id,last_activity_id,…,smart_bcc_email (24)
--> 2 tokens

-- A star inside count() is nothing.
SELECT count(*) FROM deals WHERE id = 7;
--> GET /api/v2/deals/7?custom_fields={score}
--> 1 token

-- The names of one table in a statement are not those of another.
SELECT d.title, p.files_count FROM deals d JOIN persons p ON p.id = d.person_id
WHERE d.id = 7;
--> GET /api/v2/deals/7?custom_fields={score}
--> GET /api/v2/persons/24?include_fields=files_count&custom_fields={score}
--> 2 tokens

-- Without a name before it, it may be of either.
SELECT probability, won_deals_count FROM deals d JOIN persons p ON p.id = d.person_id
WHERE d.id = 7;
--> GET /api/v2/deals/7?custom_fields={score}
--> GET /api/v2/persons/24?include_fields=won_deals_count&custom_fields={score}
--> 2 tokens

-- A word that only stands in ORDER BY is no column.
SELECT title FROM deals WHERE id IN (1, 2) ORDER BY value;
--> GET /api/v2/deals/1?custom_fields={score}
--> GET /api/v2/deals/2?custom_fields={score}
--> 2 tokens
SELECT title, "order" FROM deals WHERE id = 7 ORDER BY value;
--> GET /api/v2/deals/7?custom_fields={order}
--> 1 token

-- A statement that reads a view may use every column.
CREATE TEMP VIEW won AS SELECT * FROM deals WHERE status = 'won';
--> no request
SELECT title FROM won WHERE id = 7;
--> GET /api/v2/deals/7?include_fields=next_activity_id,last_activity_id,…,source_lead_id (16)
--> 1 token

-- NATURAL JOIN uses what its text does not spell.
SELECT count(*) FROM stages NATURAL JOIN pipelines;
--> GET /api/v2/stages?limit=500
--> GET /api/v2/pipelines/1
--> GET /api/v2/pipelines/2
--> GET /api/v2/pipelines?limit=500
--> 12 tokens

-- A subquery's star.
SELECT title FROM (SELECT * FROM deals WHERE id = 7);
--> GET /api/v2/deals/7?include_fields=next_activity_id,last_activity_id,…,source_lead_id (16)
--> 1 token

-- A common table expression.
WITH hot AS (SELECT id, interests FROM deals WHERE id = 7) SELECT interests FROM hot;
--> GET /api/v2/deals/7?custom_fields={interests}
--> 1 token

-- Include fields of persons and organizations; attendees of activities.
SELECT won_deals_count FROM persons WHERE id = 7;
--> GET /api/v2/persons/7?include_fields=won_deals_count&custom_fields={score}
--> 1 token
SELECT people_count FROM organizations WHERE id = 7;
--> GET /api/v2/organizations/7?include_fields=people_count&custom_fields={score}
--> 1 token
SELECT attendees FROM activities WHERE id = 7;
--> GET /api/v2/activities/7?include_fields=attendees
--> 1 token
