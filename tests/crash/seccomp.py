"""Every chosen system call of a process waits until its supervisor has decided about it; no privilege is needed.

A seccomp filter with user notification (Linux 5.5, seccomp_unotify(2)): threads, children and the programs that
these become inherit the filter. A process can't take it off again.
"""

import ctypes
import errno
import fcntl
import os
import struct
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from tests.crash.syscalls import HERE

_NO_NEW_PRIVS, _SET_FILTER, _NEW_LISTENER = 38, 1, 8
_ALLOW, _NOTIFY = 0x7FFF0000, 0x7FC00000
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_NUMBER_AT, _AUDIT_AT = 0, 4
_RECEIVE, _SEND, _CONTINUE = 0xC0502100, 0xC0182101, 1
_REQUEST = struct.Struct("=QIIiIQ6Q")
_RESPONSE = struct.Struct("=QqiI")


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One system call that waits: what thread makes it, and with which arguments."""

    id: int
    thread: int
    name: str
    arguments: tuple[int, ...]


@cache
def unavailable() -> str | None:
    """Why calls can't be supervised here; None where they can: a child has tried."""
    if not sys.platform.startswith("linux") or HERE is None:
        return "system calls are supervised on Linux, on x86_64 and aarch64"
    child = os.fork()
    if child == 0:
        try:
            supervise_me(("fsync",))
        except OSError as error:
            os._exit(error.errno or 1)
        os._exit(0)
    refused = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return f"this kernel supervises no system calls: {os.strerror(refused)}" if refused else None


def supervise_me(names: Sequence[str]) -> int:
    """From now on the calls of this thread, and of those that it starts, wait; the descriptor is the supervisor's.

    Raises `OSError` where the kernel is too old, or another supervisor is there already.
    """
    assert HERE is not None
    c_library = ctypes.CDLL(None, use_errno=True)
    program = _program(HERE.audit, [HERE.numbers[name] for name in names])
    instructions = ctypes.create_string_buffer(b"".join(program))
    pointer = struct.pack("@HP", len(program), ctypes.addressof(instructions))
    if c_library.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "no_new_privs")
    listener = int(c_library.syscall(HERE.seccomp, _SET_FILTER, _NEW_LISTENER, pointer))
    if listener < 0:
        raise OSError(ctypes.get_errno(), "seccomp")
    return listener


def receive(listener: int) -> Call | None:
    """The next call that waits; None where whoever made it has died."""
    assert HERE is not None
    request = bytearray(_REQUEST.size)
    try:
        fcntl.ioctl(listener, _RECEIVE, request)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.EINTR):
            return None
        raise
    number, thread, _, call, _, _, *arguments = _REQUEST.unpack(request)
    name = next(name for name, known in HERE.numbers.items() if known == call)
    return Call(id=number, thread=thread, name=name, arguments=tuple(arguments))


def let(listener: int, call: Call) -> None:
    """The call happens."""
    _respond(listener, call, flags=_CONTINUE)


def skip(listener: int, call: Call) -> None:
    """The call doesn't happen, and its caller is told that it has."""
    _respond(listener, call)


def refuse(listener: int, call: Call, error: int) -> None:
    """The call doesn't happen, and fails with this `errno`."""
    _respond(listener, call, error=-error)


def _respond(listener: int, call: Call, *, error: int = 0, flags: int = 0) -> None:
    try:
        fcntl.ioctl(listener, _SEND, bytearray(_RESPONSE.pack(call.id, 0, error, flags)))
    except OSError as gone:
        if gone.errno != errno.ENOENT:
            raise


def _program(audit: int, numbers: Sequence[int]) -> list[bytes]:
    """Classic BPF: calls of another machine's numbering, and those that are not named, happen."""
    jumps = [_step(_JUMP_IF_EQUAL, number, then=len(numbers) - place) for place, number in enumerate(numbers)]
    return [
        _step(_LOAD, _AUDIT_AT),
        _step(_JUMP_IF_EQUAL, audit, then=1),
        _step(_RETURN, _ALLOW),
        _step(_LOAD, _NUMBER_AT),
        *jumps,
        _step(_RETURN, _ALLOW),
        _step(_RETURN, _NOTIFY),
    ]


def _step(code: int, value: int, *, then: int = 0) -> bytes:
    return struct.pack("=HBBI", code, then, 0, value)
