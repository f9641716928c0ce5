"""Which misunderstanding is it?"""
