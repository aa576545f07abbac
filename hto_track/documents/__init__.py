"""Bytes and plain data for people and machines: tables, JSON, PDF, from what services hand over."""
