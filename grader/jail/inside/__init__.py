"""All the code of ours that runs beside student code. It is self-contained and holds no secret."""
