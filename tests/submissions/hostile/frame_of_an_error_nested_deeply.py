"""Says of a cell that it failed, with a name nested nearly as deep as can be read. Writing it out must not be our fault."""
# %%
FRAMES
nest = b"\x91" * 940 + b"\x90"
body = b"\x82\xa2op\xa6opened\xa6errors\x91\x83\xa6number" + nest + b"\xa4kind" + nest + b"\xa7message" + nest
shout(struct.pack("<I", len(body)) + body)
