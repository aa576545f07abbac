"""How hard properties are tried: the same examples on every machine of the continuous integration, new ones elsewhere."""

import os

from hypothesis import HealthCheck, settings

# No deadline: a slow machine is no wrong figure.
settings.register_profile("house", deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("house"), derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "house")
