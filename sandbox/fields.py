"""Field metadata: one field, and its shape in both dialects."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]

CREATABLE = frozenset(
    [
        "varchar",
        "text",
        "double",
        "phone",
        "date",
        "daterange",
        "time",
        "timerange",
        "set",
        "enum",
        "varchar_auto",
        "address",
        "monetary",
        "org",
        "people",
        "user",
    ]
)
ADDRESS = (
    ("street_number", "House number"),
    ("route", "Street/road name"),
    ("subpremise", "Apartment/suite no"),
    ("locality", "City/town/village/locality"),
    ("sublocality", "District/sublocality"),
    ("admin_area_level_1", "State/county"),
    ("admin_area_level_2", "Region"),
    ("country", "Country"),
    ("postal_code", "ZIP/Postal code"),
    ("formatted_address", "Full/combined address"),
)


# What no saved filter can look at: in the account's metadata, filtering_allowed.
_UNFILTERED = frozenset(["price_list", "smart_bcc_email", "origin_id", "channel_id"])


@dataclass(slots=True)
class Field:
    """A field of one entity. `number` is the v1 id that saved filters use."""

    code: str
    name: str
    type: str
    number: int
    custom: bool = False
    optional: bool = False
    description: str | None = None
    options: list[Row] | None = None
    options_deleted: list[Row] = field(default_factory=list)
    add_time: str = "2021-03-01 09:00:00"
    update_time: str = "2021-03-01 09:00:00"
    user_id: int | None = None
    settings: Row = field(default_factory=dict)

    @property
    def filterable(self) -> bool:
        """Whether saved filters may have conditions on it."""
        return not {self.code, self.type} & _UNFILTERED

    @property
    def subfields(self) -> list[tuple[str, str, str]]:
        """Code, name and type of each part of a value."""
        if self.type == "monetary":
            return [
                ("value", f"Amount of {self.name}", "double"),
                ("currency", f"Currency of {self.name}", "varchar"),
            ]
        if self.type == "address":
            return [("value", f"Address value of {self.name}", "varchar")] + [
                (code, f"{name} of {self.name}", "varchar") for code, name in ADDRESS
            ]
        return []

    def v2(self, entity: str, wanted: list[str] | None = None) -> Row:
        """The row of /api/v2/{entity}Fields; `wanted` are its include_fields."""
        parts = [
            {"field_code": code, "field_name": name, "field_type": kind}
            for code, name, kind in self.subfields
        ]
        row: Row = {
            "field_name": self.name,
            "field_code": self.code,
            "field_type": self.type,
            "options": self.options,
            "subfields": parts or None,
            "is_custom_field": self.custom,
            "is_optional_response_field": self.optional,
        }
        if entity in {"deal", "activity"}:
            row["description"] = self.description or ""
        for name in wanted or ():
            row[name] = self.settings.get(name) or default_setting(entity, name)
        return row

    def v1(self, position: int) -> Row:
        """The row of /v1/{entity}Fields; `position` is its order_nr."""
        row: Row = {
            "id": self.number,
            "key": self.code,
            "name": self.name,
            "order_nr": position,
            "field_type": self.type,
            "add_time": self.add_time,
            "update_time": self.update_time,
            "last_updated_by_user_id": self.user_id if self.custom else None,
            "created_by_user_id": self.user_id,
            "active_flag": True,
            "edit_flag": self.custom,
            "index_visible_flag": True,
            "details_visible_flag": True,
            "add_visible_flag": False,
            "important_flag": False,
            "bulk_edit_allowed": True,
            "searchable_flag": self.custom and self.type in SEARCHABLE,
            "filtering_allowed": self.filterable,
            "sortable_flag": True,
            "mandatory_flag": self.code in {"title", "name"},
            "options": [
                {k: v for k, v in option.items() if not k.endswith("_time")}
                for option in self.options
            ]
            if self.options is not None
            else None,
        }
        if self.options_deleted:
            row["options_deleted"] = self.options_deleted
        if self.custom and (parts := self._parts_v1()):
            row["subfields"] = parts
        return row

    def note_v1(self) -> Row:
        """The shorter row of /v1/noteFields."""
        row: Row = {
            "id": self.number,
            "key": self.code,
            "name": self.name,
            "field_type": self.type,
            "active_flag": True,
            "edit_flag": self.options is not None,
            "bulk_edit_allowed": True,
            "mandatory_flag": self.code == "content",
        }
        if self.options is not None:
            row["options"] = self.options
        return row

    def _parts_v1(self) -> list[Row]:
        """v1 keeps the parts of a value as flat keys beside the field's own."""
        parts = self.subfields[1:]
        if self.type in {"daterange", "timerange"}:
            parts = [("until", f"End of {self.name}", self.type.removesuffix("range"))]
        if self.type in {"time", "timerange"}:
            parts = [*parts, ("timezone_id", f"Timezone of {self.name}", "int")]
        return [
            {
                "id": None,
                "key": f"{self.code}_{code}",
                "name": name,
                "field_type": kind,
                "is_subfield": True,
            }
            for code, name, kind in parts
        ]


SEARCHABLE = {
    "address",
    "varchar",
    "text",
    "varchar_auto",
    "double",
    "monetary",
    "phone",
}
"""Types of custom fields that are searched."""


def default_setting(entity: str, name: str) -> Row:
    """ui_visibility, important_fields or required_fields as a new field has them."""
    if name == "important_fields":
        return {"enabled": False, "stage_ids": []}
    if name == "required_fields":
        if entity == "deal":
            return {"enabled": False, "stage_ids": [], "statuses": {}}
        return {"enabled": False}
    shown: Row = {"add_visible_flag": False, "details_visible_flag": True}
    dialog = {"show": False, "order": None}
    if entity == "deal":
        shown["projects_detail_visible_flag"] = False
        shown["show_in_pipelines"] = {"show_in_all": True, "pipeline_ids": []}
    if entity == "person":
        shown["show_in_add_deal_dialog"] = dialog
    if entity == "organization":
        for place in ("org", "person", "deal"):
            shown[f"{place}_detail_visible_flag"] = False
        shown["show_in_add_deal_dialog"] = dialog
        shown["show_in_add_person_dialog"] = dialog
    return shown
