"""Statements, what they may cost, and what other ways of asking would cost."""

from __future__ import annotations

from dataclasses import dataclass

PAGE = 500  # rows of a list's page
LIST = 10  # tokens for a page (spec v2)
ONE = 1  # tokens for a row by its id, of a deal or person (spec v2)
BATCH = 100  # ids, or parents, that one request takes (spec v2)


@dataclass(frozen=True, slots=True)
class Part:
    """Requests of one `price`, each for `at_once` of `rows`: the text after FROM."""

    rows: str
    at_once: int
    price: int


@dataclass(frozen=True, slots=True)
class Question:
    """A statement and its ceiling; `requests` None leaves their number open.

    `best` is the cheapest way in hindsight, `row_by_row` a client that sends a request
    for every row that it has to look up, `whole` one that loads whole tables.
    """

    what: str
    sql: str
    tokens: int
    best: tuple[Part, ...]
    whole: tuple[Part, ...]
    row_by_row: tuple[Part, ...] = ()
    requests: int | None = None


def pages(rows: str) -> Part:
    """A list, read to its end."""
    return Part(rows, PAGE, LIST)


def each(rows: str, price: int) -> Part:
    """A request for each row."""
    return Part(rows, 1, price)


DEALS = pages("deals")
PERSONS = pages("persons")
ORGANIZATIONS = pages("organizations")
ACTIVITIES = pages("activities")
WON = pages("deals where status = 'won'")
PRODUCTS = Part("deals where products_count > 0", BATCH, LIST)
PRODUCTS_OF_WON = Part("deals where status = 'won' and products_count > 0", BATCH, LIST)
TEN_DEALS = pages("(select 1 from deals limit 10)")
IDS = ", ".join(str(number) for number in range(1, 1001, 4))
IN_IDS = f"(select 1 from deals limit {IDS.count(',') + 1})"

# For 10,000 deals, 5,000 persons, 2,500 organizations, 20,000 activities. Where more
# than one way leads to the rows, the ceiling is about twice the best in hindsight.
QUESTIONS = (
    Question(
        "count and sum of all deals",
        "select count(*), sum(value) from deals",
        tokens=200,
        requests=20,
        best=(DEALS,),
        whole=(DEALS,),
    ),
    Question(
        "250 deals by id",
        f"select * from deals where id in ({IDS})",
        tokens=30,
        requests=3,
        best=(Part(IN_IDS, BATCH, LIST),),
        whole=(DEALS,),
        row_by_row=(each(IN_IDS, ONE),),
    ),
    Question(
        "the ten deals that changed last",
        "select title from deals order by update_time desc limit 10",
        tokens=LIST,
        requests=1,
        best=(TEN_DEALS,),
        whole=(DEALS,),
    ),
    Question(
        "any five deals",
        "select title from deals limit 5",
        tokens=LIST,
        requests=1,
        best=(TEN_DEALS,),
        whole=(DEALS,),
    ),
    Question(
        "each deal with its person",
        "select d.title, p.name from deals d join persons p on p.id = d.person_id",
        tokens=700,
        best=(DEALS, PERSONS),
        whole=(DEALS, PERSONS),
        row_by_row=(DEALS, each("deals where person_id is not null", ONE)),
    ),
    Question(
        "each person with all deals, if any",
        "select p.name, d.title from persons p left join deals d on d.person_id = p.id",
        tokens=600,
        best=(PERSONS, DEALS),
        whole=(PERSONS, DEALS),
        row_by_row=(PERSONS, each("persons", LIST)),
    ),
    Question(
        "organizations with a won deal",
        "select o.name from organizations o where exists "
        "(select 1 from deals d where d.org_id = o.id and d.status = 'won')",
        tokens=220,
        best=(ORGANIZATIONS, WON),
        whole=(ORGANIZATIONS, DEALS),
        row_by_row=(ORGANIZATIONS, each("organizations", LIST)),
    ),
    Question(
        "won deals of more than 1,000",
        "select title, value from deals where status = 'won' and value > 1000",
        tokens=60,
        best=(WON,),
        whole=(DEALS,),
    ),
    Question(
        "deals by a custom field",
        "select title from deals where kick_off_date > '2026-01-01'",
        tokens=200,
        best=(DEALS,),
        whole=(DEALS,),
    ),
    Question(
        "all products on deals",
        "select count(*), sum(quantity) from deal_products",
        tokens=500,
        best=(DEALS, PRODUCTS),
        whole=(DEALS, Part("deals", BATCH, LIST)),
        row_by_row=(DEALS, each("deals", LIST)),
    ),
    Question(
        "products on won deals",
        "select d.title, x.name, x.sum from deals d join deal_products x "
        "on x.deal_id = d.id where d.status = 'won'",
        tokens=280,
        best=(WON, PRODUCTS_OF_WON),
        whole=(DEALS, Part("deals", BATCH, LIST)),
        row_by_row=(WON, each("deals where status = 'won'", LIST)),
    ),
    Question(
        "activities with a deal's title as subject",
        "select count(*) from activities a join deals d on d.title = a.subject",
        tokens=600,
        best=(ACTIVITIES, DEALS),
        whole=(ACTIVITIES, DEALS),
    ),
    Question(
        "deals against deals: a table read twice",
        "select count(*) from deals a join deals b on b.id = a.id + 1",
        tokens=400,
        best=(DEALS,),
        whole=(DEALS,),
    ),
)
