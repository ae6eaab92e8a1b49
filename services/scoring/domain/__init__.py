"""Pure judgement: from the ledger of a jurisdiction to lines, lights, points and ranks."""
