"""Why somebody is not signed in, or may not act."""

from pages.parts.text.translation import message

# --- the list of roles

LIST_UNREADABLE = message("The list of roles cannot be read ({reason}). Nobody has a role until it can.")
LIST_UNKNOWN = message("The list of roles has [[{kind}]]. It may hold [[person]] and [[group]].")
LIST_INCOMPLETE = message("In the list of roles, each [[{kind}]] needs issuer and {field}.")
LIST_NO_ROLES = message("In the list of roles, {name} needs roles from {roles}.")

# --- who somebody is

SOMEBODY = message("Somebody")
UNNAMED = message("Your identity provider did not say who you are. Sign in again.")
MAIL_NOT_VERIFIED = message(
    "Your identity provider has not verified your e-mail address. Verify it there, then sign in again."
)
NO_SESSIONS = message(
    "The list of sessions cannot be used: the disk may be full or read-only. Nobody is signed in until "
    "it can."
)
NO_ROLE = message(
    "{name} is signed in but has no role here. An administrator can give one: issuer and subject are "
    "“{subject}”."
)
NOT_ADMIN = message("{name} may not end the sessions of others. This needs the role {role}.")

# --- why a session is over

SIGNED_OUT = message("You are signed out. Sign in again.")
ENDED = message("Your session was ended by an administrator. Sign in again if you still have a role.")
TOO_OLD = message("Your session is older than {hours} hours. Sign in again.")
IDLE = message("You did nothing here for {minutes} minutes. Sign in again.")
