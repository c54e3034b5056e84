"""The sample company: reproducible, in proportion, and as odd as real ones."""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import Any

import pytest

from pipedrive_sql.sandbox import Company

from .front_door import Row

COLLECTIONS = ("deals", "persons", "organizations", "activities", "products", "notes")
CREATABLE = {
    *("varchar", "varchar_auto", "text", "double", "monetary", "date", "daterange"),
    *("time", "timerange", "set", "enum", "address", "phone", "user", "org", "people"),
}


@pytest.fixture(scope="module")
def company() -> Company:
    return Company.sample(deals=300)


def custom(company: Company, entity: str) -> list[Row]:
    return [f for f in company.fields(entity) if f["is_custom_field"]]


def values(company: Company, kind: str) -> list[Any]:
    """What deals have in their custom fields of a type."""
    codes = [
        f["field_code"] for f in custom(company, "deal") if f["field_type"] == kind
    ]
    return [row["custom_fields"][c] for row in company.rows("deals") for c in codes]


def test_the_same_seed_gives_the_same_company(company: Company) -> None:
    again, other = Company.sample(deals=300), Company.sample(seed=8, deals=300)
    for name in (*COLLECTIONS, "leads", "deal_products", "users"):
        assert again.rows(name) == company.rows(name)
        assert other.rows(name) != company.rows(name)
    assert again.token == company.token != other.token


@pytest.mark.parametrize("deals", [10, 300, 2000])
def test_everything_grows_with_the_deals(deals: int) -> None:
    company = Company.sample(deals=deals)
    counts = {name: len(company.rows(name)) for name in COLLECTIONS}
    assert counts["deals"] == deals
    assert counts["persons"] == max(deals // 2, 10)
    assert counts["organizations"] == max(deals // 4, 5)
    assert counts["activities"] == 2 * deals
    assert company.rows("deals_archived") and company.rows("deals_deleted")
    assert company.rows("leads") and company.rows("leads_archived")
    statuses = Counter(row["status"] for row in company.rows("deals"))
    if deals > 100:
        assert 0.4 < statuses["open"] / deals < 0.7
        assert 0.1 < statuses["won"] / deals < 0.4


@pytest.mark.parametrize("entity", ["deal", "person", "organization", "product"])
def test_there_are_custom_fields_of_every_type(company: Company, entity: str) -> None:
    assert {f["field_type"] for f in custom(company, entity)} == CREATABLE


def test_labels_of_fields_clash(company: Company) -> None:
    labels = Counter(f["field_name"] for f in company.fields("deal"))
    assert {"Deal source", "Title", "Status"} <= {n for n in labels if labels[n] > 1}
    folded = Counter(name.casefold() for name in labels)
    assert max(folded.values()) > 1, "labels that differ by case only"
    assert {"", "id", "---"} <= set(labels)


def test_names_are_in_several_scripts(company: Company) -> None:
    names = "".join(
        row["name"] for t in ("persons", "organizations") for row in company.rows(t)
    )
    scripts = {unicodedata.name(c).split()[0] for c in names if c.isalpha()}
    assert {"LATIN", "CYRILLIC", "CJK", "ARABIC", "GREEK"} <= scripts


def test_nothing_has_all_its_faces(company: Company) -> None:
    birthdays = {row["birthday"] for row in company.rows("persons")}
    assert {None, "0000-00-00", "-0001-11-30"} <= birthdays
    assert "" in {row["job_title"] for row in company.rows("persons")}
    assert [] in [row["emails"] for row in company.rows("persons")]
    assert {"", None} <= {row["due_time"] for row in company.rows("activities")}
    assert None in [row["value"] for row in company.rows("leads")]
    codes = {f["field_code"] for f in custom(company, "deal")}
    assert any(codes - set(row) for row in company.rows("leads")), "a missing key"


def test_texts_are_html_and_dates_impossible(company: Company) -> None:
    assert any("<p>" in row["content"] for row in company.rows("notes"))
    assert any("&amp;" in (r["description"] or "") for r in company.rows("products"))
    assert "2026-02-29" in values(company, "date")
    dates = [
        f["field_code"] for f in custom(company, "deal") if f["field_type"] == "date"
    ]
    leads = [*company.rows("leads"), *company.rows("leads_archived")]
    assert any(row.get(code) == "2026-02-29" for row in leads for code in dates)


def test_options_and_labels_are_there_that_no_list_has(company: Company) -> None:
    enums = [f for f in custom(company, "deal") if f["field_type"] == "enum"]
    listed = {option["id"] for field in enums for option in field["options"]}
    retired = {
        option["id"]
        for field in company.fields_v1("deal")
        for option in field.get("options_deleted", ())
    }
    used = set(values(company, "enum")) - {None}
    assert used & retired and used - retired - listed
    labels = {i for row in company.rows("deals") for i in row["label_ids"]}
    assert 99 in labels


def test_references_lead_to_rows_that_are_gone(company: Company) -> None:
    gone = {row["id"] for row in company.rows("organizations_deleted")}
    assert gone & {row["org_id"] for row in company.rows("deals")}
    gone = {row["id"] for row in company.rows("persons_deleted")}
    assert gone & {row["person_id"] for row in company.rows("deals")}
    assert None in {row["product_id"] for row in company.rows("deal_products")}
    users = {row["id"] for row in company.rows("users") if row["is_deleted"]}
    assert users & {row["owner_id"] for row in company.rows("deals")}
    types = {
        r["key_string"] for r in company.rows("activity_types") if not r["active_flag"]
    }
    assert types & {row["type"] for row in company.rows("activities")}


def test_numbers_and_times_are_hard(company: Company) -> None:
    assert 9007199254740993 in values(company, "double")
    amounts = [row["value"] for row in company.rows("deals")]
    assert None in amounts and min(a for a in amounts if a is not None) < 0
    assert {int, float} <= {type(amount) for amount in amounts}
    times = Counter(row["update_time"] for row in company.rows("deals"))
    assert max(times.values()) > 1, "equal update times"
    assert None in {row["update_time"] for row in company.rows("stages")}
    lengths = {len(row["due_time"] or "") for row in company.rows("activities")}
    assert lengths == {0, 5, 8}, "with and without seconds"
