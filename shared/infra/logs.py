"""One JSON line per happening, on standard error, from our code and from the libraries alike."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Final, TextIO

import structlog
from structlog.typing import EventDict, Processor

# Event names are what one searches for; everything else is a field.
LIBRARY_MESSAGE: Final = "library_message"
REQUEST_FAILED: Final = "request_failed"

_BROKER: Final = "duban.broker"
_LIBRARIES: Final = ("faststream", "nats", "uvicorn", "uvicorn.asgi", "uvicorn.error")
# One line a request and two a message at INFO: the metrics count those, the log shows them at DEBUG only.
_PER_MESSAGE: Final = (_BROKER, "faststream.access.nats", "uvicorn.access")
_SECRET_FIELDS: Final = frozenset({"authorization", "cookie", "password", "private_key", "token"})
_BROKER_FIELDS: Final = ("subject", "stream", "queue", "message_id", "reason")


def configure_logs(service: str, level: str, *, stream: TextIO | None = None) -> None:
    """Send every log of this process through one renderer; a second call replaces the first.

    `service` is the default of that field: in a process with several services, bind it on the logger.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_formatter(service))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    _take_over_libraries(level)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _take_over_libraries(level: str) -> None:
    for name in (*_LIBRARIES, *_PER_MESSAGE):
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True
        library.setLevel("WARNING" if name in _PER_MESSAGE and level != "DEBUG" else "NOTSET")


def broker_logger() -> logging.Logger:
    """The logger to give to NatsBroker.

    Without one, FastStream makes its own when the broker starts, with coloured text on standard output.
    """
    return logging.getLogger(_BROKER)


def _formatter(service: str) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.ExtraAdder(allow=_BROKER_FIELDS), _name_foreign],
        processors=[
            _add_origin(service),
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _remove_secrets,
            structlog.processors.JSONRenderer(serializer=_to_json),
        ],
    )


def _name_foreign(_logger: Any, _method: str, event: EventDict) -> EventDict:
    # A library's sentence is not an event name: one could not search or count by it.
    return {**event, "event": LIBRARY_MESSAGE, "message": event["event"]}


def _add_origin(service: str) -> Processor:
    def add(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        record: logging.LogRecord = event["_record"]
        origin = {"level": record.levelname.lower(), "service": service, "logger": record.name}
        return {**origin, **event}

    return add


def _remove_secrets(_logger: Any, _method: str, event: EventDict) -> EventDict:
    return {name: "[removed]" if name in _SECRET_FIELDS else value for name, value in event.items()}


def _to_json(event: Any, **_: Any) -> str:
    return json.dumps(event, ensure_ascii=False, default=str)
