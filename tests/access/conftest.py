"""One application for all cells, on a database that is put back as it was after each change."""

from collections.abc import Iterator

import pytest

from hto_track.app import create_app
from hto_track.extensions import db
from tests.access.site import AccessSite, settings_of_all_ways_in
from tests.access.world import make_world
from tests.conftest import fill_schema
from tests.databases import SqliteFiles


@pytest.fixture(scope="package")
def access_site(sqlite: SqliteFiles) -> Iterator[AccessSite]:
    """The world, stored once, in an application that offers every way in."""
    url = sqlite.copy_of("schema", fill_schema)
    app = create_app(settings_of_all_ways_in(url))
    with app.app_context():
        world = make_world()
        db.session.remove()
        db.engine.dispose()
        site = AccessSite(app, world)
        yield site
        site.close()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def site(access_site: AccessSite) -> Iterator[AccessSite]:
    """The same, as it was in the beginning."""
    access_site.put_back()
    with access_site.app.app_context():
        yield access_site
        db.session.remove()
