"""The student's kit: it travels with every notebook and needs numpy, sympy, matplotlib and pytest alone."""
