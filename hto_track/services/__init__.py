"""Use cases: one function is one transaction that asks, in order: may this be done, is it sound, store, audit, outbox.

Every function takes the acting user first. What a person may run into is raised as ``Refused`` (refusals.py), so that the
transaction rolls back and nothing is stored; web, cli and api turn it into a page, an exit status, an answer.
"""
