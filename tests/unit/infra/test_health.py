"""Ready means that every check is good; alive means that the process answers."""

from __future__ import annotations

from fastapi import FastAPI

from shared.infra.health import Health, routes
from shared.infra.metrics import Metrics

from .asgi import ask


def an_app(health: Health) -> FastAPI:
    app = FastAPI()
    app.include_router(routes(health, Metrics("intake")))
    return app


def test_a_service_whose_checks_are_all_good_is_ready() -> None:
    health = Health("broker")
    health.report("broker", True)
    health.watch("folds", lambda: (True, "at position 7"))
    reply = ask(an_app(health), "GET", "/readyz")
    assert reply.status_code == 200
    assert reply.json() == {
        "status": "ready",
        "checks": {"broker": {"ok": True, "reason": ""}, "folds": {"ok": True, "reason": "at position 7"}},
    }


def test_an_expected_check_that_never_reported_is_bad() -> None:
    reply = ask(an_app(Health("database")), "GET", "/readyz")
    assert reply.status_code == 503
    assert reply.json()["checks"]["database"] == {"ok": False, "reason": "not reported yet"}


def test_progress_is_asked_at_every_probe() -> None:
    health, answers = Health(), iter([(True, ""), (False, "no progress for 40 s")])
    health.watch("folds", lambda: next(answers))
    app = an_app(health)
    assert [ask(app, "GET", "/readyz").status_code for _ in range(2)] == [200, 503]


def test_a_check_that_fails_itself_is_bad_and_named() -> None:
    health = Health()
    health.watch("folds", lambda: (_ for _ in ()).throw(ConnectionError("secret address")))
    reply = ask(an_app(health), "GET", "/readyz")
    assert (reply.status_code, reply.json()["checks"]["folds"]["reason"]) == (
        503,
        "the check itself failed: ConnectionError",
    )


def test_a_service_that_is_not_ready_is_still_alive() -> None:
    assert ask(an_app(Health("broker")), "GET", "/healthz").status_code == 200


def test_metrics_are_served_as_prometheus_text() -> None:
    reply = ask(an_app(Health()), "GET", "/metrics")
    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/plain; version=")
    assert reply.headers.get_list("content-type") == [reply.headers["content-type"]]
