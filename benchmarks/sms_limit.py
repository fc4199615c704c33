"""The limit: the same bulk calls from an async client that has no database and no queue."""

import asyncio
import json
from collections.abc import Sequence
from urllib.parse import urlencode, urlsplit

CALL_SIZE, IN_FLIGHT = 200, 8


def post_all(base_url: str, messages: Sequence[tuple[int, str, str]], *, line: str, key: str) -> int:
    """Send (number, receptor, text) in calls of 200, eight in flight; says how many the gateway took."""
    return asyncio.run(_post_all(base_url, messages, line=line, key=key))


async def _post_all(base_url: str, messages, *, line: str, key: str) -> int:
    calls = [messages[start : start + CALL_SIZE] for start in range(0, len(messages), CALL_SIZE)]
    waiting = iter(calls)
    taken = await asyncio.gather(*(_post_some(base_url, waiting, line=line, key=key) for _ in range(IN_FLIGHT)))
    return sum(taken)


async def _post_some(base_url: str, waiting, *, line: str, key: str) -> int:
    parts = urlsplit(base_url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=4 * 1024 * 1024)
    head = f"POST {parts.path}/{key}/sms/sendarray.json HTTP/1.1\r\nHost: {parts.netloc}\r\n"
    taken = 0
    for call in waiting:
        writer.write(_request(head, call, line))
        size = 0
        while (header := await reader.readline()) != b"\r\n":
            name, _, value = header.partition(b":")
            size = int(value) if name.lower() == b"content-length" else size
        taken += len(json.loads(await reader.readexactly(size))["entries"])
    writer.close()
    await writer.wait_closed()
    return taken


def _request(head: str, call, line: str) -> bytes:
    numbers, receptors, texts = zip(*call, strict=True)
    lists = {"receptor": receptors, "sender": [line] * len(call), "message": texts, "localmessageids": numbers}
    body = urlencode({name: json.dumps(values, ensure_ascii=False) for name, values in lists.items()}).encode()
    kind = "Content-Type: application/x-www-form-urlencoded; charset=utf-8"
    return f"{head}{kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
