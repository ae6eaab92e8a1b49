"""Rule kinds about publication that decide no more than where and how, said back."""

from shared.core.regime.explain import explain
from tests.catalogue.case import outcome, regime
from tests.support.builders import a_year
from tests.support.facts import a_matter
from tests.support.spec import plainly


def said(rules: str) -> list[str]:
    parts = explain(regime(f"publication: {{ {rules} }}"), plainly)
    return [line.text for part in parts for line in part.lines if line.pointer.startswith("/publication/")]


def test_n05_the_place_of_a_notice_board_at_the_town_is_said_in_the_rules_and_with_what_is_to_be_done() -> None:
    """000-5: 「制作项目建设进展公示牌」."""
    rules = "boards: [ { id: notice, columns: [name, progress], place: town } ]"
    assert said(rules)[0].startswith("board notice, at town: name, progress")
    (found,) = outcome(*a_year(regime=regime(f"publication: {{ {rules} }}"))).of("publication/boards/notice")
    assert found.facts["place"] == "town"


def test_n08_commentary_by_the_media_is_said_in_the_rules_and_opens_nothing() -> None:
    """004: 「接受社会各界监督」."""
    rules = "channels: [ { id: media, kind: commentary, opens_matter: false } ]"
    assert said(rules) == ["channel media: commentary in the media; received by the supervision office."]
    head = a_year(regime=regime(f"publication: {{ {rules} }}"))
    assert outcome(*head, a_matter(source="public_report")).of("publication/channels/media") == []


def test_n09_a_chart_hangs_on_the_site() -> None:
    """004: 「挂图作战」."""
    rules = "boards: [ { id: chart, columns: [name, milestones], place: site } ]"
    assert said(rules)[0].startswith("board chart, at site: name, milestones")
    (found,) = outcome(*a_year(regime=regime(f"publication: {{ {rules} }}"))).of("publication/boards/chart")
    assert found.facts["place"] == "site"
