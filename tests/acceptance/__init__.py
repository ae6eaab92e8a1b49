"""What the product promises, held against separate processes and a real broker."""
