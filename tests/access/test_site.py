"""The ground of the tables: what changes what is stored is seen, and is put back."""

from hto_track.models.cohorts import Cohort
from hto_track.services.transaction import writing
from tests.access.site import AccessSite


def test_what_was_stored_is_seen_and_put_back(site: AccessSite) -> None:
    assert site.changed() == []
    for name in ("another", "yet another"):
        with writing() as session:
            session.get_one(Cohort, site.world.cast.cohort_id).name = name
        assert site.changed() == ["cohorts"]
        site.put_back()
        assert site.changed() == []
        assert site.dump() == site.dump_of_beginning
