"""Pure pursuit: from draws and signatures to reminders, notices and bulletins."""
