"""Which scopes of an OAuth app let it ask what (v1 and v2 specs, `security`)."""

from __future__ import annotations

import re

SCOPES = (
    *("base", "deals:read", "deals:full", "contacts:read", "contacts:full"),
    *("activities:read", "activities:full", "products:read", "products:full"),
    *("leads:read", "leads:full", "projects:read", "projects:full"),
    *("goals:read", "goals:full", "mail:read", "mail:full"),
    *("users:read", "recents:read", "search:read", "admin"),
    *("deal-fields:full", "contact-fields:full", "product-fields:full"),
    *("project-fields:full", "phone-integration", "video-calls"),
    "messengers-integration",
)
"""All that an app can be given."""

# By the first segment of a path: words of scopes that read, and that write. A word
# without a colon that names a family stands for its :read and :full, or its :full.
_FAMILIES = {
    "activities": ("activities", "activities"),
    "activityFields": ("activities", ""),
    "activityTypes": ("activities admin", "admin"),
    "billing": ("users:read", ""),
    "boards": ("projects", "projects"),
    "callLogs": ("phone-integration", "phone-integration"),
    "channels": ("", "messengers-integration"),
    "currencies": ("base", ""),
    "dealFields": ("deals deal-fields admin", "deal-fields admin"),
    "deals": ("deals", "deals"),
    "files": ("activities contacts deals", "activities contacts deals"),
    "filters": ("activities contacts deals", "activities contacts deals"),
    "goals": ("goals", "goals"),
    "itemSearch": ("search:read", ""),
    "leadFields": ("leads admin", ""),
    "leadLabels": ("leads", "leads"),
    "leadSources": ("leads", ""),
    "leads": ("leads", "leads"),
    "legacyTeams": ("users:read", "admin"),
    "mailbox": ("mail", "mail"),
    "meetings": ("", "video-calls"),
    "noteFields": ("contacts deals", ""),
    "notes": ("contacts deals", "contacts deals"),
    "organizationFields": ("contacts contact-fields admin", "contact-fields admin"),
    "organizationRelationships": ("contacts", "contacts"),
    "organizations": ("contacts", "contacts"),
    "permissionSets": ("admin", ""),
    "personFields": ("contacts contact-fields admin", "contact-fields admin"),
    "persons": ("contacts", "contacts"),
    "phases": ("projects", "projects"),
    "pipelines": ("deals admin", "admin"),
    "productFields": ("products product-fields", "products product-fields"),
    "products": ("products", "products"),
    "projectFields": ("projects project-fields", "project-fields"),
    "projectTemplates": ("projects", ""),
    "projects": ("projects", "projects"),
    "recents": ("recents:read search:read", ""),
    "roles": ("admin", "admin"),
    "stages": ("deals admin", "admin"),
    "tasks": ("projects", "projects"),
    "userConnections": ("base", ""),
    "userSettings": ("base", ""),
    "users": ("users:read", "admin"),
    "webhooks": ("admin", "admin"),
}

# What goes before its family, in this order; the name is `METHOD version path`.
_EXCEPTIONS = (
    (r"GET 2 /activityFields.*", "admin"),
    (r"GET 1 /users/me", "base"),
    (r"GET 1 /(deals|persons|organizations)/\{id\}/(changelog|flow)", "recents:read"),
    (r"GET 1 /\w+/\{id\}/mailMessages", "mail"),
    (r"GET . /(deals|leads|products|projects)/search", r"\1 search:read"),
    (r"GET . /(persons|organizations)/search", "contacts search:read"),
    (r"GET . /(pipelines|stages|products)/\{id\}/deals", "deals"),
    (r"GET 1 /pipelines/\{id\}/\w+_statistics", "deals"),
    (r"GET 1 /projects/phases/\{id\}", "projects:read"),
    (r"GET 2 /deals/(\{id\}/)?products", "deals products"),
    (r"\w+ 2 /deals/\{id\}/products.*", "deals:full products:full"),
    (r"\w+ 2 /deals/\{id\}/(discounts|installments).*", "deals:read deals:full"),
    (r"(PATCH 2|\w+ 2 (?=.*/options)) ?/dealFields.*", "deals:full deal-fields admin"),
    (
        r"(PATCH 2|\w+ 2 (?=.*/options)) ?/(person|organization)Fields.*",
        "contacts:full contact-fields admin",
    ),
)

_ONLY_FULL = {"deal-fields", "contact-fields", "product-fields", "project-fields"}


def scopes(method: str, version: int, path: str) -> frozenset[str]:
    """Any of them lets an app ask; `path` is an endpoint's, with its blanks."""
    name = f"{method} {version} {path}"
    for pattern, words in _EXCEPTIONS:
        if found := re.fullmatch(pattern, name):
            return _all(found.expand(words).split(), reads=method == "GET")
    reading, writing = _FAMILIES[path.split("/")[1]]
    return _all((reading if method == "GET" else writing).split(), method == "GET")


def _all(words: list[str], reads: bool) -> frozenset[str]:
    found: set[str] = set()
    for word in words:
        if word in _ONLY_FULL or (f"{word}:full" in SCOPES and not reads):
            found.add(f"{word}:full")
        elif f"{word}:full" in SCOPES:
            found |= {f"{word}:read", f"{word}:full"}
        else:
            found.add(word)
    return frozenset(found)
