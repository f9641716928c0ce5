"""Find the misunderstanding behind a wrong answer."""
