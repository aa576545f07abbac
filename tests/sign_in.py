"""Signing in without a browser: a session of its own, begun as the demo begins one."""

from hto_track.extensions import db
from hto_track.models.accounts import User
from hto_track.models.sign_in import SignInMethod
from hto_track.services import sessions
from hto_track.services.transaction import writing


def begin_session(user_id: int | None, method: SignInMethod = SignInMethod.DEMO) -> str:
    """A session of an account in the database of the current application: the word that its browser would keep."""
    assert user_id is not None
    with writing() as session:
        token = sessions.begin(session, session.get_one(User, user_id), method, "a test")
    db.session.remove()
    return token
