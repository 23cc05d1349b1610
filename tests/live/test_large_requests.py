"""A request that is larger than any form: refused before it has come, whatever it claims."""

import asyncio

import pytest

from tests.processes import Processes

pytestmark = pytest.mark.django_db(transaction=True)


async def answer_to(site: str, head: str, chunks: list[bytes]) -> bytes:
    host, port = site.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"POST /breed/bring/ HTTP/1.1\r\nhost: {host}\r\n{head}\r\n\r\n".encode())
    answer = asyncio.create_task(reader.readuntil(b"got more."))  # before all is sent
    for chunk in chunks:
        if answer.done():
            break
        writer.write(chunk)
        await asyncio.sleep(0.05)
    words = await asyncio.wait_for(answer, 10)
    writer.close()
    return words


class TestLargeRequests:
    async def test_one_that_says_so_is_refused_at_once(self, processes: Processes) -> None:
        site = await asyncio.to_thread(processes.start_site)
        answer = await answer_to(site, f"content-length: {10**9}", [])
        assert answer.startswith(b"HTTP/1.1 413")
        assert b"6,000,000 bytes" in answer

    async def test_one_that_does_not_is_refused_on_the_way(self, processes: Processes) -> None:
        site = await asyncio.to_thread(processes.start_site)
        piece = b"f4240\r\n" + bytes(1_000_000) + b"\r\n"
        answer = await answer_to(site, "transfer-encoding: chunked", [piece] * 10)
        assert answer.startswith(b"HTTP/1.1 413")
