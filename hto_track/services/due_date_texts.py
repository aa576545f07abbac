"""What is told of dates of assignments that were moved, alone or beside lessons that changed: one mail with all of it."""

# mypy: disable-error-code="no-any-return"
# ... because flask_babel has no types.

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from hto_track.formats import day
from hto_track.rules.due_dates import AssignmentDates
from hto_track.services.lesson_news_texts import LessonNews, about_lesson, lesson_news
from hto_track.services.letters import LANGUAGE, Button, MailText, address_of, greeting, letter


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDateNews:
    """What became of the dates of one assignment since its people were last told: for one participant, or for the cohort."""

    title: str
    was: AssignmentDates
    now: AssignmentDates
    reason: str | None


def plan_news(
    name: str | None, cohort_name: str, page: str, lessons: Sequence[LessonNews], dates: Sequence[DueDateNews]
) -> MailText:
    """To somebody for whom lessons changed, dates of assignments, or both; ``page`` is where they see what stands now."""
    if not dates:
        return lesson_news(name, cohort_name, page, lessons)
    with force_locale(LANGUAGE):
        return MailText(
            subject=_subject(cohort_name, lessons, dates),
            body=letter(
                greeting(name),
                _("Something changed in %(cohort)s:", cohort=cohort_name),
                *map(about_lesson, lessons),
                *map(_about, dates),
                question=_("Does this suit you? On this page you see everything as it stands now."),
                button=Button(label=_("See what stands now"), address=address_of(page)),
            ),
        )


def _subject(cohort_name: str, lessons: Sequence[LessonNews], dates: Sequence[DueDateNews]) -> str:
    if not lessons and len(dates) == 1:
        [one] = dates
        if one.was.due_on == one.now.due_on:
            return _("‘%(title)s’ now opens on %(day)s", title=one.title, day=day(one.now.opens_on))
        return _("‘%(title)s’ is now due on %(day)s", title=one.title, day=day(one.now.due_on))
    of_dates = ngettext("%(num)s date of an assignment", "%(num)s dates of assignments", len(dates))
    if not lessons:
        return _("%(what)s of %(cohort)s changed", what=of_dates, cohort=cohort_name)
    of_lessons = ngettext("%(num)s lesson", "%(num)s lessons", len(lessons))
    return _("%(first)s and %(last)s of %(cohort)s changed", first=of_lessons, last=of_dates, cohort=cohort_name)


def _about(one: DueDateNews) -> str:
    lines = [f"‘{one.title}’"]
    if one.was.opens_on != one.now.opens_on:
        lines.append(_("Opens: %(now)s (was %(was)s)", now=day(one.now.opens_on), was=day(one.was.opens_on)))
    if one.was.due_on != one.now.due_on:
        lines.append(_("To hand in: %(now)s (was %(was)s)", now=day(one.now.due_on), was=day(one.was.due_on)))
    else:
        lines.append(_("To hand in: %(now)s, as it was", now=day(one.now.due_on)))
    if one.reason:
        lines.append(_("Why: %(reason)s", reason=one.reason))
    return "\n".join(lines)
