"""Every service that somebody uses, with who may: one row for each, its pattern chosen on purpose, and a call of it."""

from tests.access.service import Service
from tests.access.services_of_ahead import AHEAD
from tests.access.services_of_assessing import ASSESSING
from tests.access.services_of_beforehand import BEFOREHAND
from tests.access.services_of_people import PEOPLE
from tests.access.services_of_planning import PLANNING
from tests.access.services_of_templates import TEMPLATES
from tests.access.services_of_work import WORK

SERVICES: tuple[Service, ...] = WORK + ASSESSING + PLANNING + TEMPLATES + PEOPLE + BEFOREHAND + AHEAD

WITHOUT_ACTOR: dict[str, str] = {
    "accounts.actor_by_email": "finds who is named; what they may is asked after",
    "accounts.demo_accounts": "the page to sign in shows them, in the demo alone",
    "attempts.count_attempt": "counts what nobody is signed in for yet",
    "attempts.require_room": "the same",
    "audit_chain.end_of_trail": "for the person at the machine: a number and a hash",
    "audit_chain.fault_of_end": "the same",
    "beforehand.open_cohorts": "what is open is for everybody, and about nobody",
    "beforehand.open_cohort_of": "the same",
    "beforehand.year_ahead": "the same; who is signed in is asked only whether it is their own cohort",
    "calendar_feed.read_feed": "the address is the key; what its owner may read by then is asked of the policy",
    "college_sign_in.finish_sign_in": "signing in: the college vouches for who it is",
    "demo.sign_in_as": "signing in, in the demo alone",
    "diploma_register.verify_document": "who holds a diploma may ask whether it is real, and is told what it says itself",
    "integrity.faults": "for the person at the machine, who reads the database itself",
    "jobs.find_run": "a part of a job, which asked before",
    "jobs.finish_job": "the same",
    "jobs.record_failure": "the same",
    "passkeys.ask_for_passkey": "signing in: a question that tells nothing of who has one",
    "passkeys.sign_in_with_passkey": "signing in: the passkey is the key",
    "passwords.sign_in_with_password": "signing in: the password is the key",
    "sessions.signed_in": "the word of a session is the key",
    "sign_in_links.ask_for_link": "signing in: whoever asks, the mail goes to the owner of the address",
    "sign_in_links.link_owner": "signing in: the link is the key",
    "sign_in_links.use_code": "signing in: the code is the key, in the browser that asked for it",
    "sign_in_links.use_link": "signing in: the link is the key",
    "supervisor_links.visit_by_link": "the link is the key; what its holder may do is asked of the policy",
    "supervisor_links.renew_link": "the new link goes to the address that the old one was for",
    "transaction.noting": "the transaction itself",
    "transaction.reading": "the transaction itself",
    "transaction.revision": "a number that tells nothing",
    "transaction.writing": "the transaction itself",
}
"""Services that read or write and are not told who asks, and why that is right."""
