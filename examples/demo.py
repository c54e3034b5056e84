"""Four questions to a made-up company: what `make demo` shows."""

import sys
from pathlib import Path
from typing import Any

import pipedrive_sql
from pipedrive_sql.cli.grid import draw
from pipedrive_sql.cli.price import price

QUESTIONS = (
    (
        "What are the largest open deals in dollars?",
        "Pipedrive picks the open ones, SQLite sorts them by value.",
        """\
select title, value, currency, expected_close_date
from deals
where status = 'open' and currency = 'USD'
order by value desc
limit 5""",
    ),
    (
        "What changed last?",
        "Pipedrive sorts, so one page is enough, however many deals there are.",
        """\
select update_time, status, title
from deals
order by update_time desc
limit 5""",
    ),
    (
        "What is in each stage of the pipeline?",
        "Three collections in one statement.",
        """\
select s.name as stage, count(*) as deals, round(avg(d.value)) as average
from deals d
join stages s on s.id = d.stage_id
join pipelines p on p.id = s.pipeline_id
where d.status = 'open' and d.currency = 'EUR' and d.value < 1e9
  and p.name = 'Pipeline'
group by s.id
order by s.order_nr""",
    ),
    (
        "Who decides about the deals that kick off in 2026?",
        "Custom fields are columns; this one leads to persons.",
        """\
select d.kick_off_date, d.title, p.name as decision_maker, p.email
from deals d
join persons p on p.id = d.decision_maker_id
where d.status = 'open' and d.kick_off_date like '2026-%'
order by d.kick_off_date
limit 5""",
    ),
)


def main() -> int:
    with pipedrive_sql.connect(demo=True) as connection:
        print("A made-up company, in a Pipedrive that listens on this machine.")
        for question, how, sql in QUESTIONS:
            cursor = connection.execute(sql)
            print(f"\n{question}\n{how}\n\n{sql};")
            show(cursor)
    # Where the command was installed, which may not be on the path.
    command = Path(sys.executable).with_name("pipedrive-sql")
    if command.is_relative_to(Path.cwd()):
        command = command.relative_to(Path.cwd())
    print(f"""
Now it is your turn:
  {command} --demo     a shell on such a company; .help tells more
  {command} --help     the rest, and how to ask your own Pipedrive""")
    return 0


def show(cursor: Any) -> None:
    """The rows of a cursor, and their price."""
    rows = cursor.fetchall()
    for line in draw([column[0] for column in cursor.description], rows) or ():
        print(line)
    print(price(cursor.usage, len(rows), cursor.usage.seconds))


if __name__ == "__main__":
    sys.exit(main())
