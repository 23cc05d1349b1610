"""A changed cell of a large archive arrives as one fragment, whatever else the archive holds."""

import re

import pytest
from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async

from evolution import live
from evolution.exhibits import changes, mosaics
from evolution.exhibits.mosaics import View
from evolution.models import Individual, Run
from tests.factories import make_large_run, take_cells
from tests.live.sockets import Socket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]


@database_sync_to_async
def shown_run() -> tuple[Run, str]:
    """A run whose page was opened, so that there is a sprite, and what it showed."""
    run = make_large_run()
    mosaics.mosaic(run, View())
    return run, changes.run_version(run)


async def test_a_takeover_arrives_with_its_picture_and_nothing_else_of_the_archive() -> None:
    run, version = await shown_run()
    socket = Socket(f"/live/runs/{run.pk}?since={version}")
    assert await socket.connect()
    await database_sync_to_async(take_cells)(run, [823], 1)
    await sync_to_async(live.announce, thread_sensitive=False)(run.pk)
    html = await socket.text()
    await socket.leave()
    assert re.findall(r'<a class="cell is-new" id="cell-\d+-(\d+)"', html) == ["823"]
    holder = await Individual.objects.filter(run=run, generation=1).aget()
    fragment = html[html.index('<a class="cell') :].split("</a>")[0]
    assert f'data-of="{holder.pk}"' in fragment
    assert '<img src="data:image/webp;base64,' in fragment
    assert "--x:23;--y:20;--v:0.9000" in fragment
