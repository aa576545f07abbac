"""THE table of the site: every route, its view, and what it takes to be let in; in parts by whose pages they are.

``access.py`` registers the routes from it and checks each request against it, so that what is routed and what is allowed
cannot differ. A new page is one row here and one view function; ``tests/web`` walks the table with every role.
"""

from hto_track.web.access import Page
from hto_track.web.urls import cohorts, everybody, installation, participants

PAGES: tuple[Page, ...] = (*everybody.PAGES, *participants.PAGES, *cohorts.PAGES, *installation.PAGES)
