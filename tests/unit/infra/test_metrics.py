"""Series are bounded by the code, never by ids."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from faststream.nats import NatsBroker, TestNatsBroker
from prometheus_client.parser import text_string_to_metric_families

from shared.infra.metrics import AtMost, Metrics, broker_middleware, measure_requests

from .asgi import ask


def series(metrics: Metrics, prefix: str) -> list[tuple[str, dict[str, str], float]]:
    families = text_string_to_metric_families(metrics.render()[0].decode())
    samples = (sample for family in families for sample in family.samples)
    return [(each.name, each.labels, each.value) for each in samples if each.name.startswith(prefix)]


def values_of(metrics: Metrics, name: str, label: str) -> dict[str, float]:
    return {labels[label]: value for each, labels, value in series(metrics, name) if each == name}


def test_names_follow_the_convention() -> None:
    metrics = Metrics("intake")
    metrics.counter("refused", "submissions", "Refused.").at().inc()
    metrics.gauge("parked", "events", "Parked.").at().set(3)
    metrics.histogram("decision", "seconds", "Decisions.").at().observe(0.1)
    names = {name for name, _, _ in series(metrics, "duban_")}
    assert {
        "duban_intake_refused_submissions_total",
        "duban_intake_parked_events",
        "duban_intake_decision_seconds_count",
    } <= names


@pytest.mark.parametrize("name", ["Parked", "parked events", "", "parked__x", "_parked"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="snake_case"):
        Metrics("intake").gauge(name, "events", "Parked.")


@pytest.mark.parametrize("label", ["unit", "project", "person", "jurisdiction"])
def test_labels_that_hold_ids_are_refused(label: str) -> None:
    with pytest.raises(ValueError, match="closed set"):
        Metrics("intake").counter("refused", "submissions", "Refused.", labels={label: {"a"}})


def test_a_value_outside_its_set_is_counted_as_other() -> None:
    metrics = Metrics("intake")
    refused = metrics.counter("refused", "submissions", "Refused.", labels={"reason": {"sealed", "late"}})
    for reason in ("sealed", *(f"P-{number}" for number in range(200))):
        refused.at(reason=reason).inc()
    assert values_of(metrics, "duban_intake_refused_submissions_total", "reason") == {"sealed": 1, "other": 200}


def test_missing_and_additional_labels_are_refused() -> None:
    refused = Metrics("intake").counter("refused", "submissions", "Refused.", labels={"reason": {"late"}})
    for labels in ({}, {"reason": "late", "unit": "u1"}):
        with pytest.raises(ValueError, match="exactly"):
            refused.at(**labels)


def test_a_learnt_set_stops_growing_at_its_limit() -> None:
    learnt = AtMost(2)
    assert [value in learnt for value in ("a", "b", "c", "a")] == [True, True, False, True]


def test_services_in_one_process_do_not_mix() -> None:
    first, second = Metrics("intake"), Metrics("scoring")
    first.gauge("parked", "events", "Parked.").at().set(1)
    second.gauge("parked", "events", "Parked.").at().set(2)
    assert not series(second, "duban_intake")


def a_measured_app(metrics: Metrics) -> FastAPI:
    app, nested = FastAPI(), APIRouter(prefix="/lists/{list_id}")

    @nested.get("/projects/{project}")
    async def project(list_id: str, project: str) -> str:
        return project

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError

    app.include_router(nested, prefix="/api")
    app.add_middleware(measure_requests, metrics=metrics)
    return app


def test_200_paths_make_the_series_of_one_route() -> None:
    metrics = Metrics("intake")
    app = a_measured_app(metrics)
    for number in range(200):
        ask(app, "GET", f"/api/lists/l{number}/projects/p{number}")
    counted = values_of(metrics, "duban_intake_http_requests_total", "route")
    assert counted == {"/api/lists/{list_id}/projects/{project}": 200}
    assert len(series(metrics, "duban_intake_http")) < 25


def test_200_unknown_paths_and_odd_methods_make_the_series_of_one_route() -> None:
    metrics = Metrics("intake")
    app = a_measured_app(metrics)
    for number in range(200):
        ask(app, f"VERB{number}", f"/nowhere/{number}")
    assert values_of(metrics, "duban_intake_http_requests_total", "route") == {"other": 200}
    assert values_of(metrics, "duban_intake_http_requests_total", "method") == {"other": 200}
    assert values_of(metrics, "duban_intake_http_requests_total", "status") == {"4xx": 200}


def test_a_failure_is_counted_once_as_a_server_error() -> None:
    metrics = Metrics("intake")
    app = a_measured_app(metrics)
    assert ask(app, "GET", "/broken").status_code == 500
    assert values_of(metrics, "duban_intake_http_requests_total", "status") == {"5xx": 1}


def after_messages(metrics: Metrics, subjects: list[str], **patterns: Any) -> list[tuple[str, dict[str, str], float]]:
    async def exchange() -> None:
        broker = NatsBroker(middlewares=[broker_middleware(metrics, **patterns)])

        @broker.subscriber("record.>")
        async def take(body: str) -> None: ...

        async with TestNatsBroker(broker):
            for subject in subjects:
                await broker.publish("x", subject)

    asyncio.run(exchange())
    return series(metrics, "duban_intake_broker")


def test_200_subjects_make_the_series_of_one_pattern() -> None:
    one, many = Metrics("intake"), Metrics("intake")
    few = after_messages(one, ["record.0.j0.project.p0.listed"])
    all_ = after_messages(many, [f"record.{n % 16}.j{n}.project.p{n}.listed" for n in range(200)])
    assert len(all_) == len(few) < 70
    received = values_of(many, "duban_intake_broker_received_messages_total", "handler")
    published = values_of(many, "duban_intake_broker_published_messages_total", "destination")
    assert received == published == {"record.>": 200}


def test_subjects_without_a_pattern_are_other() -> None:
    metrics = Metrics("intake")
    after_messages(metrics, ["record.1.j", "record.2.j", "record.1.j.x"], patterns=("record.*.j",))
    received = values_of(metrics, "duban_intake_broker_received_messages_total", "handler")
    assert received == {"record.*.j": 2, "other": 1}
