"""Values kept as long as nothing is written."""

from hto_track.kept import Kept


def test_a_value_is_made_once_while_its_revision_stands() -> None:
    kept: Kept[list[int]] = Kept(2)
    first = kept.under(1, "a", lambda: [1])
    assert kept.under(1, "a", lambda: [2]) is first


def test_a_raised_revision_makes_it_anew() -> None:
    kept: Kept[str] = Kept(2)
    kept.under(1, "a", lambda: "old")
    assert kept.under(2, "a", lambda: "new") == "new"
    assert kept.under(2, "a", lambda: "newer") == "new"


def test_the_value_used_longest_ago_goes_first() -> None:
    kept: Kept[str] = Kept(2)
    kept.under(1, "a", lambda: "a")
    kept.under(1, "b", lambda: "b")
    kept.under(1, "a", lambda: "not made")
    kept.under(1, "c", lambda: "c")
    assert kept.under(1, "a", lambda: "made again") == "a"
    assert kept.under(1, "b", lambda: "made again") == "made again"
