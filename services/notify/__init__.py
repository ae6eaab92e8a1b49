"""Notify: the process manager of matters, notices and bulletins.

In: RECORD in order, and scoring's draw at each moment. Decides: what is proposed, drafted, served and sealed.
Out: NOTICES, and reads over HTTP.
"""
