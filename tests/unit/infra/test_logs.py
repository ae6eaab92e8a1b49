"""Every line is one JSON object with the service, a UTC time and an event name one can search for."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import structlog

from shared.infra.logs import broker_logger, configure_logs


@pytest.fixture
def output() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logs("intake", "INFO", stream=stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(output: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.getvalue().splitlines()]


def test_a_line_carries_event_fields_service_level_and_utc_time(output: io.StringIO) -> None:
    structlog.stdlib.get_logger("duban").info(
        "event_parked", reason="unknown_type", 单位="发改委", share=Decimal("0.1")
    )
    (line,) = lines(output)
    assert datetime.fromisoformat(line.pop("time")).utcoffset() == timedelta(0)
    assert line == {
        "event": "event_parked",
        "reason": "unknown_type",
        "单位": "发改委",
        "share": "0.1",
        "service": "intake",
        "level": "info",
        "logger": "duban",
    }


@pytest.mark.parametrize(
    "library", ["uvicorn.error", "uvicorn.access", "faststream", "faststream.access.nats", "nats.aio.client"]
)
def test_libraries_go_through_the_same_renderer(output: io.StringIO, library: str) -> None:
    logging.getLogger(library).warning("reconnected to %s", "n1")
    (line,) = lines(output)
    assert (line["event"], line["message"], line["logger"]) == ("library_message", "reconnected to n1", library)
    assert (line["service"], line["level"]) == ("intake", "warning")


def test_the_broker_logger_keeps_the_subject_as_a_field(output: io.StringIO) -> None:
    broker_logger().warning("Received", extra={"subject": "record.1.j", "other": 1})
    (line,) = lines(output)
    assert line["subject"] == "record.1.j"
    assert "other" not in line


def test_an_exception_stays_on_its_line(output: io.StringIO) -> None:
    try:
        raise RuntimeError("broken")
    except RuntimeError:
        structlog.stdlib.get_logger("duban").exception("request_failed")
    (line,) = lines(output)
    assert "RuntimeError: broken" in line["exception"]


def test_the_level_and_the_bound_service_are_respected(output: io.StringIO) -> None:
    log = structlog.stdlib.get_logger("duban").bind(service="scoring")
    log.debug("unseen")
    log.info("seen")
    assert [(line["event"], line["service"]) for line in lines(output)] == [("seen", "scoring")]


def test_secrets_are_removed(output: io.StringIO) -> None:
    structlog.stdlib.get_logger("duban").info("token_refused", token="abc.def.ghi")
    assert "abc.def.ghi" not in output.getvalue()


def test_configuring_again_does_not_double_the_lines(output: io.StringIO) -> None:
    configure_logs("intake", "INFO", stream=output)
    logging.getLogger("uvicorn.error").info("started")
    assert len(lines(output)) == 1


def test_a_line_for_every_message_is_for_debugging_only(output: io.StringIO) -> None:
    broker_logger().info("Received")
    assert lines(output) == []
    configure_logs("intake", "DEBUG", stream=output)
    broker_logger().info("Received")
    assert [line["message"] for line in lines(output)] == ["Received"]
