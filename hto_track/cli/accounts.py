"""``hto-track user invite``: an account, a role and a link to sign in with."""

import click

from hto_track.cli.application import with_application
from hto_track.models.accounts import Role
from hto_track.services.invitations import invite_user
from hto_track.services.policy import CONSOLE


@click.group()
def user() -> None:
    """Accounts."""


@user.command()
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option(
    "--cohort",
    default=None,
    help="Where the role holds: needed by project_leader, participant, college and college_administration; "
    "for an observer it names its programme.",
)
@click.option("--programme", default=None, help="The programme of an observer.")
@click.option("--route", default=None, help="The route that an examination_board judges; all of them without it.")
@click.option("--name", default="", help="What a new account is called; without it, by its address.")
@with_application
def invite(email: str, role: str, cohort: str | None, programme: str | None, route: str | None, name: str) -> None:
    """Give EMAIL a role; print the sign-in link and mail it."""
    invitation = invite_user(CONSOLE, email, Role(role), cohort, programme_code=programme, route_code=route, name=name)
    click.echo(invitation.link)
