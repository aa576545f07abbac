"""The commands of FORMATS.md: they translate words into service calls and results into text, JSON and exit statuses."""
