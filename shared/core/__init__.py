"""What every service means by an event, a moment, a rule and a number; standard library only."""
