"""The nbgrader platform. A platform is a leaf package, named for it."""

import sys

# On import, nbgrader's jsonschema would compile a grammar of IRIs, which takes more than half of nbgrader's import
# time. The grammar is optional, and no notebook schema contains an IRI.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type] # None: as if it were not installed
