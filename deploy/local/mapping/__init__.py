"""Any table as events: a mapping file says how; what is wrong in the table is counted, named and never guessed."""
