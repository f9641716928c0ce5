"""Reports for people: pages, tables and feedback cells."""
