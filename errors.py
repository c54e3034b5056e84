"""Every error a person can meet, as one tree under PEP 249's classes.

* Error
  * InterfaceError               the connection or cursor is used wrongly (closed, ...)
  * DatabaseError
    * ProgrammingError           the statement must change
      x UnknownTable
      x UnknownColumn
      x StatementSyntax
      x MissingConstraint        a table needs a condition that is not there
      x NotAllowed               SQL of others may not do this
    * OperationalError           wait, pay, or check the token
      x BudgetExceeded           the statement would cost more than it may
      x BudgetReserved           what is left of the day is kept for other programs
      x CeilingExceeded          the statement gives or needs more than it may
      x Interrupted              stopped by the user
      x StatementTimeout         it took longer than it may
      * RequestError             one request failed
        * Refused                Pipedrive refuses to answer this user
          x TokenRefused         the token is wrong, or no longer right (401)
          x AccountClosed        the company's account is closed or not paid for (402)
          x ScopeMissing         the sign-in does not reach so far (403)
          x SignedOut            nobody is signed in, or not any more
        x NotThere               Pipedrive has no such page (404 on a list)
        x Gone                   Pipedrive has it no longer (410)
        x RateLimited            too many requests in a moment
        x DailyBudgetSpent       no API tokens left today
        x Blocked                Pipedrive blocks this client for a while
        x Unavailable            Pipedrive does not answer, or with a fault
        x BadAnswer              Pipedrive answers what cannot be read
    * DataError, IntegrityError, InternalError, NotSupportedError

A message says what cannot be done, why with the numbers, and what to type instead.
The facts are attributes too, so that no program has to search the text.
"""

from __future__ import annotations


class Warning(Exception):  # PEP 249's own name
    """PEP 249: an important warning."""


class Error(Exception):
    """PEP 249: the base of every error of this package."""


class InterfaceError(Error):
    """PEP 249: the connection or the cursor is used in a way that cannot work."""


class DatabaseError(Error):
    """PEP 249: an error of the database."""


class DataError(DatabaseError):
    """PEP 249: a value that does not fit."""


class OperationalError(DatabaseError):
    """PEP 249: outside of the statement: network, limits, rights."""


class IntegrityError(DatabaseError):
    """PEP 249: a constraint of a local table failed."""


class InternalError(DatabaseError):
    """PEP 249: SQLite met an internal error."""


class ProgrammingError(DatabaseError):
    """PEP 249: the statement must change."""


class NotSupportedError(DatabaseError):
    """PEP 249: something this database does not do."""


class UnknownTable(ProgrammingError):
    """The statement names a table that does not exist; `table` is its name."""

    def __init__(self, message: str, *, table: str) -> None:
        super().__init__(message)
        self.table = table


class UnknownColumn(ProgrammingError):
    """The statement names a column that does not exist; `column` is its name."""

    def __init__(self, message: str, *, column: str) -> None:
        super().__init__(message)
        self.column = column


class StatementSyntax(ProgrammingError):
    """SQLite cannot read the statement."""


class MissingConstraint(ProgrammingError):
    """A table cannot be read without a condition on `column`."""

    def __init__(self, message: str, *, table: str, column: str) -> None:
        super().__init__(message)
        self.table = table
        self.column = column


class NotAllowed(ProgrammingError):
    """The connection is for SQL of others, which may not do `what`."""

    def __init__(self, message: str, *, what: str) -> None:
        super().__init__(message)
        self.what = what


class CeilingExceeded(OperationalError):
    """The statement gives or needs more than `ceiling` of `unit`, such as "rows"."""

    def __init__(self, message: str, *, unit: str, ceiling: int) -> None:
        super().__init__(message)
        self.unit = unit
        self.ceiling = ceiling


class BudgetExceeded(OperationalError):
    """The next request would pass the statement's ceiling.

    `spent`, `needed` and `budget` are API tokens; nothing was sent for `needed`.
    """

    def __init__(self, message: str, *, spent: int, needed: int, budget: int) -> None:
        super().__init__(message)
        self.spent = spent
        self.needed = needed
        self.budget = budget


class BudgetReserved(OperationalError):
    """The rest of the company's tokens for today is too little, or kept for others.

    `needed` API tokens would pass what is left: `remaining` of `budget`, of which
    `reserved` are kept. Nothing was sent for `needed`.
    """

    def __init__(
        self, message: str, *, needed: int, remaining: int, reserved: int, budget: int
    ) -> None:
        super().__init__(message)
        self.needed = needed
        self.remaining = remaining
        self.reserved = reserved
        self.budget = budget


class RequestError(OperationalError):
    """An answer (or its absence) to one request: `status` (None: no answer), `path`.

    `passing` says whether the same request may be answered in a moment; `after` is in
    how many seconds, if the answer told.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None,
        path: str,
        passing: bool = False,
        after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.path = path
        self.passing = passing
        self.after = after


class Refused(RequestError):
    """401, 402, 403: this user may not have it."""


class TokenRefused(Refused):
    """401: the token is wrong, or no longer right."""


class AccountClosed(Refused):
    """402: the company's account is closed or not paid for."""


class ScopeMissing(Refused):
    """403: the app that the user signed in to may not ask for this."""


class SignedOut(Refused):
    """A profile is not signed in, or its sign-in has ended: `pipedrive-sql login`."""


class NotThere(RequestError):
    """404, or a redirect: Pipedrive does not serve the path there."""


class Gone(RequestError):
    """410: Pipedrive has it no longer."""


class RateLimited(RequestError):
    """429: too many requests in a short time."""


class DailyBudgetSpent(RequestError):
    """429 with no API tokens left for today."""


class Blocked(RequestError):
    """403 as an HTML page: Pipedrive blocks this client for a while."""


class Unavailable(RequestError):
    """5xx, a refused connection, a time-out, a cut connection."""


class BadAnswer(RequestError):
    """An answer that is not what Pipedrive documents, so rows could be missing."""


class Interrupted(OperationalError):
    """The user stopped the statement."""


class StatementTimeout(OperationalError):
    """The statement took longer than `seconds`, which it may."""

    def __init__(self, message: str, *, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds
