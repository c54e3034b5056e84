"""A Pipedrive that listens on 127.0.0.1, for the demo, tests and benchmarks.

Written from Pipedrive's documentation; it shares nothing with the rest of the package.
"""

from .company import Company
from .faults import Fault
from .heard import Heard
from .oauth import App
from .server import Sandbox, run
from .switches import Switches

__all__ = ["App", "Company", "Fault", "Heard", "Sandbox", "Switches", "run"]
