"""Ten questions about a real sales pipeline: 8,800 opportunities of 35 agents.

    python examples/crm_opportunities.py FOLDER

FOLDER holds the four files of the data set "CRM Sales Opportunities" of Maven
Analytics. The program starts an empty sandbox, fills it through the same POST requests
that a real account takes, and then asks in SQL, over HTTP.
"""

import argparse
import csv
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import urllib3

import pipedrive_sql
from pipedrive_sql.cli.grid import draw
from pipedrive_sql.cli.price import price
from pipedrive_sql.sandbox import Sandbox

FILES = ("accounts.csv", "products.csv", "sales_pipeline.csv", "sales_teams.csv")
QUESTIONS = Path(__file__).with_suffix(".sql")

WHERE_TO_GET_IT = """\
Error: {folder} has no {missing}.
The data is "CRM Sales Opportunities", free at https://mavenanalytics.io/data-playground
Unpack its files into a folder, and type:
  python examples/crm_opportunities.py FOLDER"""

SHOWN = 8  # rows of each answer


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where the four CSV files are")
    folder = parser.parse_args().folder
    if missing := [name for name in FILES if not (folder / name).is_file()]:
        print(
            WHERE_TO_GET_IT.format(folder=folder, missing=", ".join(missing)),
            file=sys.stderr,
        )
        return 1
    with Sandbox(empty=True) as sandbox:
        started = time.perf_counter()
        requests = fill(folder, sandbox.url, sandbox.token)
        seconds = time.perf_counter() - started
        print(f"Filled an empty Pipedrive: {requests:,} requests, {seconds:.0f} s.")
        with pipedrive_sql.connect(
            api_url=sandbox.url, api_token=sandbox.token
        ) as connection:
            for question, sql in questions():
                show(question, sql, connection.execute(sql))
    return 0


def questions() -> Iterator[tuple[str, str]]:
    """Each question with the statement that answers it."""
    for part in QUESTIONS.read_text("utf-8").split("\n\n"):
        question, _, sql = part.partition("\n")
        yield question.removeprefix("-- "), sql.strip()


def show(question: str, sql: str, cursor: Any) -> None:
    """A question, its SQL, the first rows of the answer, and the price."""
    rows = cursor.fetchall()
    print(f"\n{question}\n\n{sql}\n")
    columns = [column[0] for column in cursor.description]
    for line in draw(columns, rows[:SHOWN]) or ():
        print(line)
    if len(rows) > SHOWN:
        print(f"... and {len(rows) - SHOWN} more rows")
    print(price(cursor.usage, len(rows), cursor.usage.seconds))


# Filling


class Pipedrive:
    """Sends POST requests, several at a time, and counts them."""

    def __init__(self, url: str, token: str) -> None:
        self.requests = 0
        self._threads = ThreadPoolExecutor(4)
        self._url = url
        self._pool = urllib3.PoolManager(headers={"x-api-token": token}, maxsize=4)

    def __enter__(self) -> "Pipedrive":
        return self

    def __exit__(self, *error: object) -> None:
        self._threads.shutdown()
        self._pool.clear()

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The row that came of it."""
        answer = self._pool.request("POST", self._url + path, json=body)
        if answer.status not in (200, 201):
            raise RuntimeError(f"POST {path}: {answer.status} {answer.data!r}")
        row: dict[str, Any] = answer.json()["data"]
        return row

    def post_all(self, posts: Iterable[tuple[str, dict[str, Any]]]) -> list[int]:
        """The ids of the new rows, in the order of the posts."""
        rows = list(self._threads.map(lambda post: self.post(*post), posts))
        self.requests += len(rows)
        return [row["id"] for row in rows]

    def add_fields(self, entity: str, **types: str | list[str]) -> "Fields":
        """Custom fields by name: a type, or the options of an enum."""
        return Fields(self, entity, types)


class Fields:
    """Custom fields of an entity, known by their names."""

    def __init__(
        self, pipedrive: Pipedrive, entity: str, types: dict[str, str | list[str]]
    ) -> None:
        self._codes: dict[str, str] = {}
        self._options: dict[str, dict[str, int]] = {}
        for name, kind in types.items():
            body: dict[str, Any] = {"field_name": name.replace("_", " ").capitalize()}
            if isinstance(kind, list):
                options = [{"label": label} for label in kind]
                body |= {"field_type": "enum", "options": options}
            else:
                body |= {"field_type": kind}
            field = pipedrive.post(f"/api/v2/{entity}Fields", body)
            pipedrive.requests += 1
            self._codes[name] = field["field_code"]
            known = field.get("options") or []
            self._options[name] = {option["label"]: option["id"] for option in known}

    def values(self, **values: Any) -> dict[str, Any]:
        """The `custom_fields` of a body; what is None is left out."""
        return {
            self._codes[name]: self._options[name].get(value, value)
            for name, value in values.items()
            if value is not None
        }


def fill(folder: Path, url: str, token: str) -> int:
    """Post the data set to an empty Pipedrive; returns the number of requests."""
    with Pipedrive(url, token) as pipedrive:
        accounts = add_accounts(pipedrive, read(folder / "accounts.csv"))
        products = add_products(pipedrive, read(folder / "products.csv"))
        teams = read(folder / "sales_teams.csv")
        agents = add_agents(pipedrive, teams)
        add_opportunities(
            pipedrive,
            read(folder / "sales_pipeline.csv"),
            {team["sales_agent"]: team for team in teams},
            accounts=accounts,
            products=products,
            agents=agents,
        )
        return pipedrive.requests


def read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def add_accounts(
    pipedrive: Pipedrive, accounts: list[dict[str, str]]
) -> dict[str, int]:
    """Organizations by name, parents before their subsidiaries."""
    fields = pipedrive.add_fields(
        "organization",
        sector=sorted({account["sector"] for account in accounts}),
        revenue="double",  # in millions of USD
        employees="double",
        year_established="double",
        office_location="varchar",
        parent="org",
    )
    ids: dict[str, int] = {}
    for is_subsidiary in (False, True):
        some = [a for a in accounts if bool(a["subsidiary_of"]) == is_subsidiary]
        posts = [
            (
                "/api/v2/organizations",
                {
                    "name": account["account"],
                    "custom_fields": fields.values(
                        sector=account["sector"],
                        revenue=float(account["revenue"]),
                        employees=int(account["employees"]),
                        year_established=int(account["year_established"]),
                        office_location=account["office_location"],
                        parent=ids.get(account["subsidiary_of"]),
                    ),
                },
            )
            for account in some
        ]
        names = [account["account"] for account in some]
        ids |= zip(names, pipedrive.post_all(posts), strict=True)
    return ids


def add_products(
    pipedrive: Pipedrive, products: list[dict[str, str]]
) -> dict[str, tuple[int, int]]:
    """Products by name: id and list price."""
    fields = pipedrive.add_fields(
        "product", series=sorted({product["series"] for product in products})
    )
    prices = [int(product["sales_price"]) for product in products]
    ids = pipedrive.post_all(
        (
            "/api/v2/products",
            {
                "name": product["product"],
                "prices": [{"price": price, "currency": "USD"}],
                "custom_fields": fields.values(series=product["series"]),
            },
        )
        for product, price in zip(products, prices, strict=True)
    )
    names = [product["product"] for product in products]
    return dict(zip(names, zip(ids, prices, strict=True), strict=True))


def add_agents(pipedrive: Pipedrive, teams: list[dict[str, str]]) -> dict[str, int]:
    """Users by name. Users are invited by e-mail, and named after it."""
    names = [team["sales_agent"] for team in teams]
    emails = [f"{name.replace(' ', '.')}@crm.example" for name in names]
    ids = pipedrive.post_all(("/v1/users", {"email": email}) for email in emails)
    return dict(zip(names, ids, strict=True))


def add_opportunities(
    pipedrive: Pipedrive,
    opportunities: list[dict[str, str]],
    teams: dict[str, dict[str, str]],
    *,
    accounts: dict[str, int],
    products: dict[str, tuple[int, int]],
    agents: dict[str, int],
) -> None:
    """Deals in a pipeline of their own, each with its product."""
    (pipeline,) = pipedrive.post_all([("/api/v2/pipelines", {"name": "Opportunities"})])
    stages: dict[str, int] = {}
    for name in ("Prospecting", "Engaging"):  # one by one: their order counts
        stage = {"name": name, "pipeline_id": pipeline}
        (stages[name],) = pipedrive.post_all([("/api/v2/stages", stage)])
    fields = pipedrive.add_fields(
        "deal",
        opportunity="varchar",
        engaged_on="date",
        regional_office=sorted({team["regional_office"] for team in teams.values()}),
        manager=sorted({team["manager"] for team in teams.values()}),
    )
    deals: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    for row in opportunities:
        # The pipeline's file writes the name of one product in another way.
        product = row["product"].replace("GTXPro", "GTX Pro")
        team = teams[row["sales_agent"]]
        deal: dict[str, Any] = {
            "title": " for ".join(filter(None, (product, row["account"]))),
            "owner_id": agents[row["sales_agent"]],
            "stage_id": stages.get(row["deal_stage"], stages["Engaging"]),
            "currency": "USD",
            "custom_fields": fields.values(
                opportunity=row["opportunity_id"],
                engaged_on=day(row["engage_date"]),
                regional_office=team["regional_office"],
                manager=team["manager"],
            ),
        }
        if row["account"]:
            deal["org_id"] = accounts[row["account"]]
        if row["deal_stage"] in ("Won", "Lost"):
            status = row["deal_stage"].lower()
            deal |= {"status": status, "value": int(row["close_value"])}
            deal[f"{status}_time"] = f"{day(row['close_date'])} 00:00:00"
        deals.append(deal)
        key, list_price = products[product]
        price = deal.get("value", list_price)
        lines.append({"product_id": key, "item_price": price, "quantity": 1})
    ids = pipedrive.post_all(("/api/v2/deals", deal) for deal in deals)
    pipedrive.post_all(
        (f"/api/v2/deals/{key}/products", line)
        for key, line in zip(ids, lines, strict=True)
    )


def day(text: str) -> str | None:
    """`3/1/2017`, the first of March, as `2017-03-01`."""
    return f"{datetime.strptime(text, '%m/%d/%Y'):%Y-%m-%d}" if text else None


if __name__ == "__main__":
    sys.exit(main())
