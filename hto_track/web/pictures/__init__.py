"""Pictures: what a page shows, worked out from what services return.

Frozen values with words, classes and geometry, made in the reader's language; templates only lay them out.
"""
