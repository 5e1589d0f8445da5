"""A line between Liuke and a database that a test can cut, stall or garble in the middle."""

from __future__ import annotations

import contextlib
import socket
import threading


class Proxy:
    """Passes on until `after` bytes of answers have come, then does what `mood` says: cut, stall, garble."""

    def __init__(self, host: str, port: int, mood: str = "", after: int = 0) -> None:
        self.target, self.mood, self.after = (host, port), mood, after
        self.seen = 0
        self.ended = threading.Event()
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.lines: list[socket.socket] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> Proxy:
        return self

    def __exit__(self, *_error: object) -> None:
        self.ended.set()
        for line in [self.server, *self.lines]:
            with contextlib.suppress(OSError):  # closing alone wakes nobody, and their database would keep its locks
                line.shutdown(socket.SHUT_RDWR)
            line.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while not self.ended.is_set():
                near, _address = self.server.accept()
                far = socket.create_connection(self.target)
                self.lines += [near, far]
                threading.Thread(target=self._pass, args=(near, far, False), daemon=True).start()
                threading.Thread(target=self._pass, args=(far, near, True), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, answers: bool) -> None:
        with contextlib.suppress(OSError):
            while part := source.recv(4096):
                if answers:
                    self.seen += len(part)
                    if self.seen > self.after and self.mood:
                        part = self._spoil(part)
                if part is None:
                    break
                target.sendall(part)
        for line in (source, target):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _spoil(self, part: bytes) -> bytes | None:
        if self.mood == "cut":
            return None
        if self.mood == "stall":
            self.ended.wait(60)
            return None
        return bytes(sign ^ 0xA5 for sign in part)
