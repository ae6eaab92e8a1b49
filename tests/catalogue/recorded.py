"""Rule kinds that decide nothing: stated in a regime or an event and shown, or not needed; each with its reason.

A recorded one names the field that states it; `test_recorded.py` shows that each of them is said back.
"""

from collections.abc import Mapping

RECORDED: Mapping[str, str] = {
    # --- C: reporting calendar and report quality
    "C22": "reporting/fields: experience and suggestions, in words of the unit's own; in the explanation of the return",
    # --- I: bulletins
    "I13": "bulletins/channels: by which media it goes out; in the explanation and with the decision to issue it",
    # --- N: publication and public participation
    "N05": "publication/boards/place: town; in the explanation and with the decision to put the board up",
    "N08": "publication/channels/kind: commentary by media and public, which opens no matter; in the explanation",
    "N09": "publication/boards/place: site; in the explanation and with the decision to put the chart up",
}

NOT_NEEDED: Mapping[str, str] = {}
