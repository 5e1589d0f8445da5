"""A database server that takes whoever comes in, and then never says a word."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading

# Protocol 10 of MySQL, password by native hash, then "welcome".
_HELLO = (b"\x0a11.4.0\0" + struct.pack("<I", 7) + b"12345678\0" + struct.pack("<H", 0xF7FF) + b"\x2d"
          + struct.pack("<H", 2) + struct.pack("<H", 0x000F) + b"\x15" + b"\0" * 10 + b"123456789012\0"
          + b"mysql_native_password\0")  # fmt: skip
_OK = b"\0\0\0\x02\0\0\0"
GREETING = b"".join(struct.pack("<I", len(part))[:3] + bytes([place]) + part for place, part in ((0, _HELLO), (2, _OK)))


class Mute:
    """Answers everybody with `greeting`, without listening; silence afterwards."""

    def __init__(self, greeting: bytes) -> None:
        self.greeting = greeting
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.lines: list[socket.socket] = []

    def __enter__(self) -> Mute:
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        for line in [self.server, *self.lines]:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _address = self.server.accept()
                self.lines.append(line)
                line.sendall(self.greeting)
