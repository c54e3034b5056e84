"""Answers as they go over the wire: whole, or as a fault has it."""

from __future__ import annotations

import asyncio
import socket
import struct
from dataclasses import dataclass, field

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .faults import Fault
from .refusal import JSON

_AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: close by a reset, drop what is unsent


@dataclass(slots=True)
class Answer:
    """What goes over the wire, and what of it is remembered; `token` has asked."""

    status: int
    content: bytes
    kind: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    rows: int = 0
    tokens: int = 0
    endpoint: str = ""
    token: str | None = None


class Protocol(HttpToolsProtocol):
    """uvicorn's, which lets an application see the connection, to break it."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {"connection": {"transport": self.transport}}


async def write(
    scope: Scope, receive: Receive, send: Send, answer: Answer, fault: Fault | None
) -> None:
    """Send the answer, or what the fault leaves of it."""
    how = fault.how if fault else ""
    if how == "hang":
        await _gone(receive)
        return
    transport: asyncio.Transport = scope["extensions"]["connection"]["transport"]
    if how in ("cut-head", "reset-head"):
        _close(transport, reset=how == "reset-head")
        await _gone(receive)
        return
    content = answer.content
    wrong = fault.by if fault and how == "length" else 0
    length = max(len(content) + wrong, 0)
    await send(
        {
            "type": "http.response.start",
            "status": answer.status,
            "headers": _headers(answer, length, fault),
        }
    )
    if fault and how == "drip":
        await _drip(send, transport, content, fault)
    elif how in ("cut-body", "reset-body"):
        await _part(send, content[: len(content) // 2])
        _close(transport, reset=how == "reset-body")
        await _gone(receive)
    elif wrong > 0:
        await _part(send, content)
        _close(transport)
        await _gone(receive)
    else:
        await _part(send, content[:length], last=True)
        if wrong:
            transport.write(content[length:])


def _headers(
    answer: Answer, length: int, fault: Fault | None
) -> list[tuple[bytes, bytes]]:
    told = {
        "content-length": str(length),
        "content-type": answer.kind,
        **{name.lower(): value for name, value in answer.headers.items()},
    }
    if fault is not None:
        told |= {name.lower(): value for name, value in fault.headers.items()}
        for name in fault.drop:
            told.pop(name.lower(), None)
    return [(name.encode(), value.encode("latin-1")) for name, value in told.items()]


async def _part(send: Send, content: bytes, last: bool = False) -> None:
    await send({"type": "http.response.body", "body": content, "more_body": not last})


async def _drip(
    send: Send, transport: asyncio.Transport, content: bytes, fault: Fault
) -> None:
    for start in range(0, len(content), fault.size):
        if transport.is_closing():
            return
        await _part(send, content[start : start + fault.size])
        await asyncio.sleep(fault.pause)
    await _part(send, b"", last=True)


def _close(transport: asyncio.Transport, reset: bool = False) -> None:
    if reset:
        own = transport.get_extra_info("socket")
        own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        transport.abort()
    else:
        transport.close()


async def _gone(receive: Receive) -> None:
    """Wait until the connection is closed, from either side."""
    while (await receive())["type"] != "http.disconnect":
        pass
