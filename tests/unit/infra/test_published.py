"""Do the services tell in their AsyncAPI documents what they publish, and on which subjects?"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

import pytest
from fastapi import FastAPI

from services.intake import app as intake
from services.intake.settings import IntakeSettings
from services.notify import app as notify
from services.notify.settings import NotifySettings
from services.scoring import app as scoring
from services.scoring.settings import ScoringSettings
from shared.core.events import NoticesEvent, RecordEvent, StandingsEvent
from shared.infra.keys import make_key_pair
from tests.unit.infra.asgi import ask

CASES = [
    ("intake", RecordEvent, "record."),
    ("scoring", StandingsEvent, "standings."),
    ("notify", NoticesEvent, "notices."),
]


def _service(name: str, folder: Path) -> FastAPI:
    where = {
        "nats_url": "nats://127.0.0.1:1", "database_url": "sqlite+aiosqlite://", "port": 0,
        "public_key_file": make_key_pair(folder).public,
    }  # fmt: skip
    match name:
        case "intake":
            return intake.build(IntakeSettings.model_validate({**where, "monitor_url": "http://127.0.0.1:1"}))
        case "scoring":
            return scoring.build(ScoringSettings.model_validate(where))
        case _:
            return notify.build(NotifySettings.model_validate(where))


@pytest.mark.parametrize(("name", "events", "stream"), CASES, ids=[name for name, *_ in CASES])
def test_a_service_tells_what_it_publishes(name: str, events: Any, stream: str, tmp_path: Path) -> None:
    app, names = _service(name, tmp_path), [event.__name__ for event in get_args(events)]
    document = ask(app, "GET", "/asyncapi.json").json()
    schemas = document["components"]["schemas"]

    for event in names:
        sent = document["operations"][event]
        assert sent["action"] == "send"
        assert document["channels"][event]["address"].startswith(stream)
        message = document["components"]["messages"][f"{event}:Message"]
        assert message["payload"] == {"$ref": f"#/components/schemas/{event}Event"}
        assert schemas[f"{event}Event"]["properties"]["data"] == {"$ref": f"#/components/schemas/{event}"}
        assert schemas[event]["properties"]
    _assert_listed(ask(app, "GET", "/asyncapi").text, names)


def _assert_listed(page: str, names: Sequence[str]) -> None:
    assert [name for name in names if name not in page] == []


def test_intake_tells_the_shape_of_a_request_over_nats(tmp_path: Path) -> None:
    document = ask(_service("intake", tmp_path), "GET", "/asyncapi.json").json()
    message = document["components"]["messages"]["Submit:SubscribeMessage"]
    payload = document["components"]["schemas"][message["payload"]["$ref"].rpartition("/")[2].replace("%3A", ":")]
    assert payload["required"] == ["token", "submission"]
