"""Platforms are leaves: one module each, named for the platform."""

import sys

# nbgrader's jsonschema would compile a grammar of IRIs while it is imported, which is more than half of nbgrader's own
# import; it is optional there, and no schema of a notebook has an IRI in it.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type] # None: as if it were not installed
