"""Intake: the only writer of the record.

In: submissions of people and of the clock (HTTP, NATS request). Decides: accept or refuse, with a reason.
Out: RECORD.
"""
