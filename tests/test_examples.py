"""The examples, run as a person runs them."""

import re
import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).parent.parent / "examples"


def test_the_demo_answers_four_questions_and_says_what_to_type_next() -> None:
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / "demo.py")],
        stdin=subprocess.DEVNULL,  # no question is asked
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert (done.stderr, done.returncode) == ("", 0)
    price = re.compile(r"^[1-9]\d* rows? · \d+ requests? · \d+ tokens? · .*s$", re.M)
    assert len(price.findall(done.stdout)) == 4
    assert done.stdout.count("\nselect ") == 4
    assert "pipedrive-sql --demo" in done.stdout.partition("your turn")[2]
