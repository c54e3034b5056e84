"""`pipedrive-sql`: one statement, a file, standard input, or a shell."""

import contextlib
import io
import os
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from ..errors import Error
from .account import opened, refreshed
from .app import app
from .arguments import parse, parse_check, parse_refresh, parse_schema
from .check import check
from .log import shown
from .output import whole_file
from .progress import ProgressLine
from .sandbox_arguments import parse_sandbox
from .schema import Schema
from .shell import Shell
from .sync import sync
from .sync_arguments import parse_sync
from .trouble import faults
from .which import parse_login, parse_logout, parse_whoami

BROKEN_PIPE = 141  # as shells do: 128 and the number of the signal


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status: 0, 1 or 141.

    Wrong options leave with SystemExit(2), `.exit N` in a shell with SystemExit(N),
    and Ctrl-C with KeyboardInterrupt.
    """
    words = sys.argv[1:] if arguments is None else list(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        if sys.stdout.isatty():
            sys.stdout.reconfigure(errors="replace")
        else:
            sys.stdout.reconfigure(encoding="utf-8")
    try:
        if words[:1] == ["sandbox"]:
            return _sandbox(parse_sandbox(words[1:]))
        if words[:1] == ["schema"]:
            return _schema(parse_schema(words[1:]))
        if words[:1] == ["check"]:
            return _check(parse_check(words[1:]))
        if words[:1] == ["sync"]:
            return _sync(parse_sync(words[1:]))
        if words[:1] == ["refresh"]:
            return _refresh(parse_refresh(words[1:]))
        if words[:1] in (["login"], ["logout"], ["whoami"]):
            return _sign_in(words[0], words[1:])
        if words[:1] == ["explain"]:
            return _query(parse(words[1:], explaining=True))
        return _query(parse(words))
    except (Error, Shell.Error) as error:
        return _complain(str(error))
    except BrokenPipeError:
        _drop_output()
        return BROKEN_PIPE
    except UnicodeEncodeError:
        return _complain(
            "The statement has letters that are not in the encoding of this terminal."
            " Type: export LC_ALL=C.UTF-8"
        )
    except KeyboardInterrupt:
        _complain("Interrupted.")
        raise
    except OSError as error:
        if error.filename is None:  # no file was being opened: rows went out
            _drop_output()
            return _complain(f"Cannot write the rows: {error.strerror}.")
        return _complain(f"Cannot use {error.filename}: {error.strerror}.")


def _query(options: Namespace) -> int:
    with contextlib.ExitStack() as stack:
        text = stack.enter_context(_input(options))
        output = stack.enter_context(_rows(options))
        at_terminal = sys.stderr.isatty()
        progress = ProgressLine(sys.stderr)
        shows_progress = options.progress
        if shows_progress is None:
            dumb = os.environ.get("TERM") == "dumb"  # it has no place to draw again
            shows_progress = at_terminal and not dumb and not options.verbose
        connection = stack.enter_context(
            opened(
                options,
                options.attach,
                database=options.database,
                mirror=options.mirror,
                max_age=options.max_age,
                archive_age=options.archive_age,
                max_tokens=options.max_tokens,
                max_rows=options.max_rows,
                timeout=options.timeout,
                untrusted=options.untrusted,
                search=options.search,
                temporary_filters=options.temporary_filters,
                summaries=options.summaries,
                progress=progress if shows_progress else False,
            )
        )
        shell = Shell(
            connection,
            whose=_whose(options),
            stdin=text or sys.stdin,
            stdout=output,
            stderr=sys.stderr,
            show_price=at_terminal if options.usage is None else options.usage,
            explaining=options.explain,
            analyzing=options.analyze,
            progress=progress,
        )
        mode = options.mode or ("box" if output.isatty() else "csv")
        shell.command_mode([mode])
        shell.header = mode != "list" if options.header is None else options.header
        if options.interactive:
            shell.cmdloop()
            return 0
        shell.interactive = False
        shell.bail = True
        if options.sql is not None:
            shell.process_complete_line(options.sql.strip())
        else:
            _run_all(shell)
        output.flush()
    return 0


def _schema(options: Namespace) -> int:
    with opened(options) as connection:
        print(Schema(connection).text(options.format, options.table), end="")
    return 0


def _check(options: Namespace) -> int:
    with shown(options.verbose):
        report = check(options)
    if options.json:
        print(report.json())
    else:
        for line in report.lines():
            print(line)
    return 0 if report.ok else 1


def _sync(options: Namespace) -> int:
    with opened(options, max_tokens=None) as connection:
        return sync(connection, options)


def _refresh(options: Namespace) -> int:
    with opened(options) as connection:
        for line in refreshed(connection):
            print(line)
    return 0


def _sign_in(command: str, words: Sequence[str]) -> int:
    from . import signin  # with what browsers need

    steps = {
        "login": (parse_login, signin.login),
        "logout": (parse_logout, signin.logout),
        "whoami": (parse_whoami, signin.whoami),
    }
    parse_words, told = steps[command]
    options = parse_words(words)
    with shown(options.verbose):
        for line in told(options):
            print(line, flush=True)
    return 0


def _run_all(shell: Shell) -> None:
    """Run a file to its end, or to its first error, which is told with its line."""
    try:
        while (command := shell.get_complete_line()) is not None:
            shell.process_complete_line(command)
    except (Error, Shell.Error) as error:
        place = f"{_name(shell)}, line {shell.input_line_number}"
        raise Shell.Error(f"{place}: {error}") from error
    except UnicodeDecodeError as error:
        raise Shell.Error(f"{_name(shell)} holds what is no text in UTF-8.") from error


def _name(shell: Shell) -> str:
    return str(getattr(shell.stdin, "name", "input")).strip("<>")


@contextlib.contextmanager
def _input(options: Namespace) -> Iterator[TextIO | None]:
    if options.file is None:
        yield None
    else:
        with Path(options.file).open(encoding="utf-8-sig") as text:
            yield text


@contextlib.contextmanager
def _rows(options: Namespace) -> Iterator[TextIO]:
    if options.output is None:
        yield sys.stdout
    else:
        with whole_file(options.output) as stream:
            yield stream


def _sandbox(options: Namespace) -> int:
    try:
        from ..sandbox import Switches, run
    except ModuleNotFoundError as error:
        return _complain(
            f"The sandbox needs {error.name}, which is not installed. Type:"
            " pip install 'pipedrive-sql[sandbox]'"
        )
    try:
        allowed, rules = app(options), faults(options)
    except ValueError as error:
        return _complain(f"{error}.")
    run(
        host=options.host,
        port=options.port,
        seed=options.seed,
        deals=options.deals,
        empty=options.empty,
        token=options.token,
        latency=options.latency_ms / 1000,
        role=options.role,
        switches=Switches(
            has_projects="projects" not in options.without,
            has_installments="installments" not in options.without,
        ),
        persons=options.persons,
        search_lag=options.search_lag,
        daily_tokens=options.daily_tokens,
        app=allowed,
        plan=options.plan,
        seats=options.seats,
        faults=rules,
    )
    return 0


def _whose(options: Namespace) -> str:
    """Whose Pipedrive it is, as far as the options and the environment tell."""
    if options.demo:
        return "the demo company, in a sandbox"
    said = (
        options.profile
        or options.api_url
        or os.environ.get("PIPEDRIVE_PROFILE")
        or os.environ.get("PIPEDRIVE_API_URL")
        or options.company_domain
        or os.environ.get("PIPEDRIVE_COMPANY_DOMAIN")
    )
    return said or "Pipedrive"


def _drop_output() -> None:
    """Python flushes standard output once more at its end, to nobody."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(sentence: str) -> int:
    with contextlib.suppress(BrokenPipeError):
        print(f"Error: {sentence}", file=sys.stderr)
    return 1
