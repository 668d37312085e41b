"""What the measurements of /metrics mean, for those who operate the server."""

from pages.parts.text.translation import message

LOG_RECORDS = message("Warnings and errors in the log.")
QUESTIONS = message("What was asked of each cache.")
QUESTIONS_FROM_MEMORY = message("What of it was answered without work.")
QUEUE_LENGTH = message("What waits or is being made.")
QUEUE_LIMIT = message("What may wait or be made at once.")
CACHE_BYTES = message("Bytes that a cache holds.")
CACHE_LIMIT_BYTES = message("Bytes that a cache may hold.")
JOURNAL_EVENTS = message("Events in the journal.")
BUILDS = message("Builds that were published.")
UPLOADS_WAITING = message("Uploads that wait for a decision.")
RELEASES = message("Releases in the store.")
JOURNAL_READABLE = message("1 if the journal can be read.")
CURRENT_RELEASE = message("The release that the public sees.")
STORE_FREE_BYTES = message("Free on the disk of the store.")
PROCESS_RESIDENT_MEMORY_BYTES = message("Memory of this process.")
PROCESS_CPU_SECONDS = message("Processor time.")
PROCESS_START_TIME_SECONDS = message("Start, in seconds since 1970.")
REQUESTS = message("Requests that were answered.")
RERUNS = message("Runs of a page for a reader.")
CONNECTED_PAGES = message("Pages that are open in a browser.")
