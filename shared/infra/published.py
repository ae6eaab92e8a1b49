"""What a service publishes, told to its AsyncAPI document. The publishing itself is the relay's, or the writer's."""

from collections.abc import Mapping
from typing import Any

from faststream.nats import NatsBroker
from pydantic import create_model

from shared.core.events import SHAPES
from shared.infra.wire import Envelope


def declare_published(broker: NatsBroker, subjects: Mapping[type, str]) -> None:
    """Declare events with the subject that each is published on, `*` for what varies."""
    for event, subject in subjects.items():
        # A model of the whole message: of a plain dataclass FastStream may show a part as if it were the whole.
        message: Any = create_model(f"{event.__name__}Event", __base__=Envelope, data=(event, ...))
        broker.publisher(subject, schema=message, title=event.__name__, description=f"`{SHAPES[event].type}`")
