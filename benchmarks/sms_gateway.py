"""A gateway that answers every call after 50 ms and does nothing else: ``python -m benchmarks.sms_gateway``.

The simulator keeps messages in a file and shows them; that work would stand between the benchmark and what it measures.
"""

import asyncio
import itertools
import json
from urllib.parse import unquote_to_bytes

LATENCY_SECONDS = 0.05
_numbers = itertools.count(1_000_000)


async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection, kept open for call after call."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            size = next(
                int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")
            )
            body = await reader.readexactly(size)
            await asyncio.sleep(LATENCY_SECONDS)
            answer = accepted(body)
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(answer)
            )
            writer.write(answer)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def accepted(body: bytes) -> bytes:
    receptor = next(part[9:] for part in body.split(b"&") if part.startswith(b"receptor="))
    words = unquote_to_bytes(receptor.replace(b"+", b" "))
    receptors = json.loads(words) if words.startswith(b"[") else [words.decode()]
    entries = [
        {"messageid": next(_numbers), "status": 1, "statustext": "در صف ارسال", "receptor": number, "cost": 1_200}
        for number in receptors
    ]
    return json.dumps({"return": {"status": 200, "message": "تایید شد"}, "entries": entries}).encode()


async def main() -> None:
    server = await asyncio.start_server(converse, "127.0.0.1", 0, limit=4 * 1024 * 1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
