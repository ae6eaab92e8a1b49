"""Pure decisions of intake: accept or refuse, with a reason."""
