"""A file as a form of a browser, or a program, sends it."""

from __future__ import annotations

import uuid


def multipart(name: str, file_name: str, content: bytes, **fields: str) -> tuple[bytes, dict[str, str]]:
    """(body, headers) of a form with one file under `name`."""
    line = uuid.uuid4().hex
    parts = [
        *(f'name="{key}"\r\n\r\n{value}'.encode() for key, value in fields.items()),
        f'name="{name}"; filename="{file_name}"\r\nContent-Type: application/octet-stream\r\n\r\n'.encode() + content,
    ]
    body = b"".join(f"--{line}\r\nContent-Disposition: form-data; ".encode() + part + b"\r\n" for part in parts)
    return body + f"--{line}--\r\n".encode(), {"Content-Type": f"multipart/form-data; boundary={line}"}
