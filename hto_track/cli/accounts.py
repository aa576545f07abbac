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
@click.option("--cohort", default=None, help="Where the role holds: needed by project_leader, college and participant.")
@with_application
def invite(email: str, role: str, cohort: str | None) -> None:
    """Give EMAIL a role; print the sign-in link and mail it."""
    click.echo(invite_user(CONSOLE, email, Role(role), cohort).link)
