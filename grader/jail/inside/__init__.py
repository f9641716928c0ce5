"""All that ever runs beside student code. Self-contained, and it holds no secret."""
