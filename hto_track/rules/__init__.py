"""The ground floor: facts and a date in, a judgement out (RULES.md).

Pure functions over the frozen values of ``facts.py``, one module per section of RULES.md. Nothing here reads a clock, a
setting, a row or a request, and nothing from the project is imported but this floor itself.
"""
