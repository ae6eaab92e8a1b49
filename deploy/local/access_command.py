"""The `duban access` command: who may record what."""

from itertools import groupby

from deploy.local.language import LangOption, locale_of


def access(lang: LangOption = None) -> None:
    """Say of every event who may record it, and within which bounds."""
    from services.intake.domain.authority import access_rows
    from shared.infra.texts import Texts

    say = Texts.load(locale_of(lang))
    for event, rows in groupby(access_rows(), key=lambda row: row.event):
        print(event)
        for row in rows:
            print(say("  {who}: {scope}", who=say(row.capacity).replace("_", " "), scope=say(row.scope)))
