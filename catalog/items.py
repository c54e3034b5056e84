"""Deals, persons, organizations and products as parents of what hangs on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .table import Column, Endpoint, Parameter
from .values import Kind


@dataclass(frozen=True, slots=True)
class Item:
    """`name` stands before the names of its children's tables: "deal" for deal_files.

    `table` is also its part of the path, `column` refers to it. `counts` says that
    it has columns that count its children.
    """

    name: str
    table: str
    column: str
    counts: bool = True

    @property
    def key(self) -> Column:
        """The column of the parent, from what the request gave."""
        return Column(
            self.column,
            Kind.INTEGER,
            f"The {self.name}.",
            at="?.id",
            references=f"{self.table}.id",
            never_null=True,
        )

    def endpoint(self, tail: str, price: int, **rest: Any) -> Endpoint:
        """The endpoint of the children under `tail`; `rest` as of Endpoint."""
        parameters = (Parameter("id", self.column),)
        path = f"/{self.table}/{{id}}/{tail}"
        return Endpoint(path, price, parameters=parameters, echo=True, **rest)


DEAL = Item("deal", "deals", "deal_id")
PERSON = Item("person", "persons", "person_id")
ORGANIZATION = Item("organization", "organizations", "org_id")
PRODUCT = Item("product", "products", "product_id", counts=False)
