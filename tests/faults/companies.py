"""The companies that are read under faults: small, as each is read very often."""

from __future__ import annotations

from pipedrive_sql.sandbox import Company

from ..front_door import opened

DEALS = 8
FEW = 6  # products: each of them is asked for its files, its followers and so on
CALLED = {
    "deals": ("title", "renewal"),
    "leads": ("title", "renewal"),
    "projects": ("title", "pilot"),
    "persons": ("name", "Anna"),
    "organizations": ("name", "acme"),
    "products": ("name", "training"),
}
"""What rows are called that the tables of searches are to find."""


def small() -> Company:
    """What has many children asks for those of each."""
    made = Company.sample(deals=DEALS)
    for key in list(made["products"].rows)[FEW:]:
        made["products"].change(key, {"is_deleted": True})
    return made


def paged() -> Company:
    """Every list has three rows, or two where its pages may have a single one."""
    made = Company.sample(deals=20)
    for lead in made.rows("leads")[:2]:
        made["leads"].change(lead["id"], {"is_archived": True})
    for name, (column, word) in CALLED.items():
        for number, row in enumerate(list(made[name].on("live"))[:4]):
            made[name].change(row["id"], {column: f"{word} {number}"})
    with opened(company=made) as door:
        for number in range(3):
            door.add("/v1/notes/1/comments", content=f"comment {number}")
        product = {"product_id": 33, "item_price": 5, "quantity": 1}
        for deal in made.rows("deals")[:4]:
            door.add(f"/api/v2/deals/{deal['id']}/products", **product)
    return made
