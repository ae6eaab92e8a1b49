"""What intake decides, and how it reads what is sent."""
