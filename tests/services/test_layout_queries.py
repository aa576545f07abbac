"""What laying out asks of the database does not grow with the versions of a template."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

from hto_track.rules.template import Template
from hto_track.services.template_drafts import begin_draft
from tests.cast import Cast
from tests.services.test_layout import NEW, publish, published, store

__all__ = ["published"]


def test_a_version_after_many_that_wanted_something_else_costs_what_the_second_does(
    published: Cast, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    def laid_out(number: int) -> int:
        def stricter(template: Template) -> Template:
            return replace(template, requirements=replace(template.requirements, make_up_limit=10 + number))

        begin_draft(published.anja, "T-1")
        publish(published.anja, stricter, number=number)
        with count_queries() as queries:
            store(published.anja, new=replace(NEW, code=f"C-9{number}"), number=number)
        return len(queries)

    store(published.anja)
    few = laid_out(2)
    for number in (3, 4):
        laid_out(number)
    assert laid_out(5) == few
