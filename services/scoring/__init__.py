"""Scoring: the judge.

In: RECORD. Decides: ratios, lights, points, ranks and rules hit at each moment. Out: STANDINGS, and reads over HTTP.
"""
