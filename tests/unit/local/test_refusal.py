"""What is told where something between us and the service answers in a form of its own?"""

import httpx

from deploy.local.client import refusal_of


def test_a_page_of_a_proxy_is_told_by_its_status() -> None:
    assert str(refusal_of(httpx.Response(502, text="<html>Bad Gateway</html>"))).startswith("http_502: <html>")


def test_a_problem_is_told_by_its_code() -> None:
    assert str(refusal_of(httpx.Response(403, json={"code": "no_post", "title": "No."}))) == "no_post: No."
