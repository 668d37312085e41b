"""/api/v1/sql: one select on a release, answered by a locked-down child process: no files, 5 seconds, 100,000
rows, 50 MB, bounded memory.
"""

from collections.abc import Callable
from contextlib import ExitStack

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pages.http import table_response
from pages.http.api_errors_and_headers import METHODS, for_machines
from pages.http.column_docs import Described
from pages.http.concurrency_limits import Full, Slots, visitor
from pages.http.request_params import Problem, answers, chosen, wanted_release, word
from pages.parts.text import http as text
from pages.parts.text.translation import Message, say
from pipelines import as_of_days, release_row_stream
from pipelines.user_sql import ask_confined

PATH = "/api/v1/sql"
AT_ONCE = 2  # questions that are being answered
READ_AT_ONCE, READ_EACH = (
    8,
    2,
)  # and questions with those whose answers are being read: the server holds an answer until its reader has all of it
BODY = 50_000
FORMATS = ("json", "csv")
EXAMPLE = "select stage, basis, count(*) as entries, sum(amount_eur) as amount_eur from ledger group by stage, basis order by stage, basis"

asked = Slots(AT_ONCE, 1)
held = Slots(READ_AT_ONCE, READ_EACH)


def ask(request: Request, body: bytes) -> Response:
    """The rows of one select: by GET in `query`, or by POST as text. `format` is json (or nothing) or csv."""
    chosen(request, [], ("query", "format"))
    ending = word(request, "format", ("", *FORMATS)) or "json"
    sql = _question(request, body)
    release_id = answers(wanted_release(request)).release_id
    with ExitStack() as undone:
        # Given back here if there is no answer, and by the answer when its reader has it or has gone.
        undone.callback(_take_slot(request, held, text.ANSWERS_OWN, text.ANSWERS_ALL))
        answer = _answer(request, sql, release_id, ending)
        if isinstance(answer, table_response.Download):
            answer.undone.push(undone.pop_all())
    return answer


def _answer(request: Request, sql: str, release_id: str, ending: str) -> Response:
    with ExitStack() as undone:
        undone.callback(_take_slot(request, asked, text.QUESTIONS_OWN, text.QUESTIONS_ALL))
        rows = ask_confined.ask(sql, release_id)
    columns = [Described(field.name, str(field.type), "", "") for field in rows.schema]
    about = {
        "sql": sql,
        **as_of_days.words(release_id),
        "count": rows.num_rows,
        "licence": table_response.LICENCE_URL,
        "citation": table_response.citation(release_id),
        "caveat": table_response.CAVEAT,
        "columns": [{"name": column.name, "type": column.kind} for column in columns],
    }
    content = table_response.Content(
        f"eu-ai-question-{release_id}",
        "",
        release_id,
        about,
        {},
        columns,
        release_row_stream.of_table(rows),
        rows.num_rows,
    )
    return table_response.answer(request, content, ending, "", {"cache-control": "no-store"})


def _take_slot(request: Request, slots: Slots, own: Message, every: Message) -> Callable[[], None]:
    """Takes a slot for the visitor; gives what gives it back.

    own, every: say that the visitor has all of one's own, and that all are taken. Raises Problem 429 and 503.
    """
    later = {"retry-after": "2"}
    try:
        return slots.take(visitor(request))
    except Full as full:
        if full.is_own:
            detail = say(own, most=slots.each)
            raise Problem(429, say(text.TOO_MANY_QUESTIONS_OWN), detail, headers=later) from None
        detail = say(every, most=slots.most)
        raise Problem(503, say(text.TOO_MANY_QUESTIONS), detail, headers=later) from None


def _question(request: Request, body: bytes) -> str:
    """The text of the question. Raises Problem if there is none, or one too many."""
    questions = request.query_params.getlist("query")
    if request.method == "POST":
        try:
            questions = [*questions, body.decode("utf-8")]
        except UnicodeDecodeError:
            raise Problem(400, say(text.QUESTION_UNREADABLE), say(text.QUESTION_UTF8)) from None
    if len(questions) != 1 or not questions[0].strip():
        raise Problem(400, say(text.NO_QUESTION), say(text.ONE_QUESTION), {"example": EXAMPLE})
    return questions[0]


ROUTES = [Route(PATH, for_machines(ask, ("GET", "HEAD", "POST"), BODY), methods=METHODS)]
