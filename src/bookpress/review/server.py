"""A desk and its keys -> the web application that reviewers and the author talk to.

/enter/KEY                    from a link; the key becomes a cookie
/                             the draft
/api/comments                 all comments; POST: one more, as a W3C annotation
/api/comments/ID/decision     POST, author only: resolve, decline, reopen
/api/comments/ID/place        POST, author only: attach to other words
/api/events                   server-sent events: `draft`, `comments`, `problem`

Nobody gets in without a key. What changes anything must be JSON, from a page of this very server.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections import deque
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from bookpress.review.desk import RefusedError
from bookpress.review.keys import Role
from bookpress.review.store import StoreError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from bookpress.review.desk import Desk
    from bookpress.review.keys import Keys

LARGEST_BODY = 128 * 1024
WRITES_A_MINUTE, ALL_WRITES_A_MINUTE, TRIES_A_MINUTE = 30, 300, 60
MOST_LISTENERS = 100
BEAT_SECONDS = 15.0
_MINUTE = 60.0
_MONTH = 30 * 86400
_AUTHORS_ONLY = frozenset({"problem"})
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_NOTHING = "default-src 'none'; frame-ancestors 'none'"


class Bell:
    """Tells open pages that something happened, from any thread."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listeners: dict[asyncio.Queue[str], bool] = {}
        self._closed = False

    def ring(self, event: str) -> None:
        """Tell all pages, or the author's alone where the event is for nobody else."""
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._put, event)

    def close(self) -> None:
        """Let all pages go."""
        self._closed = True
        self.ring("")

    async def listen(self, *, author: bool) -> AsyncIterator[str]:
        """Yield server-sent events, and a beat now and then, until the page is gone."""
        self._loop = asyncio.get_running_loop()
        own: asyncio.Queue[str] = asyncio.Queue(maxsize=100)
        self._listeners[own] = author
        try:
            yield ": hello\n\n"
            while not self._closed:
                try:
                    event = await asyncio.wait_for(own.get(), BEAT_SECONDS)
                except TimeoutError:
                    event = ""
                yield f"event: {event}\ndata: -\n\n" if event else ": beat\n\n"
        finally:
            del self._listeners[own]

    def full(self) -> bool:
        """Say whether no more pages can listen."""
        return len(self._listeners) >= MOST_LISTENERS

    def _put(self, event: str) -> None:
        for own, author in self._listeners.items():
            if not own.full() and (author or event not in _AUTHORS_ONLY):
                own.put_nowait(event)


class Limits:
    """How much may be asked in a minute: of each browser, and of all of them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._asked: dict[str, deque[float]] = {}

    def admit(self, who: str, most: int) -> bool:
        """Count one more; say whether that is not too many."""
        now = self._clock()
        if len(self._asked) > ALL_WRITES_A_MINUTE:
            self._asked = {k: v for k, v in self._asked.items() if v and v[-1] > now - _MINUTE}
        asked = self._asked.setdefault(who, deque())
        while asked and asked[0] <= now - _MINUTE:
            asked.popleft()
        if len(asked) >= most:
            return False
        asked.append(now)
        return True


def application(
    desk: Desk, keys: Keys, bell: Bell, hosts: Sequence[str], limits: Limits | None = None
) -> Starlette:
    """Make the application.

    hosts: the names under which it may be asked; any other is somebody's rebound domain.
    """
    house = _House(desk, keys, bell, limits or Limits())
    routes = [
        Route("/", house.page),
        Route("/enter/{key}", house.enter),
        Route("/api/comments", house.comments),
        Route("/api/comments", house.add, methods=["POST"]),
        Route("/api/comments/{id:path}/decision", house.decide, methods=["POST"]),
        Route("/api/comments/{id:path}/place", house.move, methods=["POST"]),
        Route("/api/events", house.events),
    ]
    return Starlette(
        routes=routes,
        middleware=[
            Middleware(_Headers),
            Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False),
        ],
        exception_handlers={HTTPException: _say, Exception: _fail},
        max_body_size=LARGEST_BODY,
    )


class _House:
    """The answers, one method each."""

    def __init__(self, desk: Desk, keys: Keys, bell: Bell, limits: Limits) -> None:
        self.desk, self.keys, self.bell, self.limits = desk, keys, bell, limits
        # Cookies do not tell ports apart; two books on one machine must.
        self.cookie = f"review-{desk.served.draft.book.slug}"

    def enter(self, request: Request) -> Response:
        """Turn the key of a link into a cookie.

        It is no SameSite=Strict one: who came from a letter would stand before a closed door.
        """
        if not self.limits.admit("enter", TRIES_A_MINUTE):
            raise HTTPException(HTTPStatus.TOO_MANY_REQUESTS)
        key = request.path_params["key"]
        if self.keys.role(key) is None:
            raise HTTPException(HTTPStatus.FORBIDDEN, "this link is not, or no longer, valid")
        answer = RedirectResponse("/", HTTPStatus.SEE_OTHER)
        value = f"{key}.{secrets.token_hex(8)}"
        answer.set_cookie(self.cookie, value, max_age=_MONTH, httponly=True, samesite="lax")
        return answer

    def page(self, request: Request) -> Response:
        """Show the draft."""
        self._role(request)
        page = self.desk.served.page
        answer = Response(page.html, media_type="text/html; charset=utf-8")
        answer.headers["Content-Security-Policy"] = page.policy
        return answer

    def comments(self, request: Request) -> Response:
        """Give all comments."""
        author = self._role(request) is Role.AUTHOR
        return JSONResponse(self.desk.state(author=author))

    async def add(self, request: Request) -> Response:
        """Keep a comment; it is on the disk when this is answered."""
        data = await self._sent(request)
        kept = await run_in_threadpool(_refusable, self.desk.add, data)
        return JSONResponse({"id": kept}, HTTPStatus.CREATED)

    async def decide(self, request: Request) -> Response:
        """Keep a decision of the author's."""
        return await self._as_author(request, self.desk.decide)

    async def move(self, request: Request) -> Response:
        """Attach a comment to other words."""
        return await self._as_author(request, self.desk.move)

    async def events(self, request: Request) -> Response:
        """Tell an open page what happens, for as long as it is open."""
        author = self._role(request) is Role.AUTHOR
        if self.bell.full():
            raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE)
        return StreamingResponse(self.bell.listen(author=author), media_type="text/event-stream")

    async def _as_author(self, request: Request, act: Callable[[str, object], None]) -> Response:
        if self._role(request) is not Role.AUTHOR:
            raise HTTPException(HTTPStatus.FORBIDDEN, "only the author decides")
        data = await self._sent(request)
        await run_in_threadpool(_refusable, act, request.path_params["id"], data)
        return JSONResponse({"done": True})

    def _role(self, request: Request) -> Role:
        key = request.cookies.get(self.cookie, "").partition(".")[0]
        role = self.keys.role(key)
        if role is None:
            raise HTTPException(HTTPStatus.UNAUTHORIZED, "open the link that you were sent")
        return role

    async def _sent(self, request: Request) -> Any:  # noqa: ANN401  (JSON)
        """What a page of this server sent; raises HTTPException for anything else."""
        self._role(request)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "JSON only")
        origin = urlsplit(request.headers.get("origin", ""))
        here = request.headers.get("host", "")
        if origin.scheme not in ("http", "https") or origin.netloc != here:
            raise HTTPException(HTTPStatus.FORBIDDEN, "it comes from another site")
        if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            raise HTTPException(HTTPStatus.FORBIDDEN, "it comes from another site")
        browser = request.cookies[self.cookie]
        if not self.limits.admit(f"write {browser}", WRITES_A_MINUTE):
            raise HTTPException(HTTPStatus.TOO_MANY_REQUESTS)
        if not self.limits.admit("write", ALL_WRITES_A_MINUTE):
            raise HTTPException(HTTPStatus.TOO_MANY_REQUESTS)
        try:
            return json.loads(await request.body())
        except (ValueError, RecursionError):
            raise HTTPException(HTTPStatus.BAD_REQUEST, "this is no JSON") from None


def _refusable(act: Callable[..., Any], *given: object) -> Any:  # noqa: ANN401
    try:
        return act(*given)
    except RefusedError as error:
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, error.problem) from None
    except LookupError:
        raise HTTPException(HTTPStatus.NOT_FOUND, "there is no such comment") from None
    except StoreError:
        raise HTTPException(HTTPStatus.INSUFFICIENT_STORAGE, "it could not be kept") from None


async def _say(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    told = error.detail if isinstance(error, HTTPException) else ""
    return JSONResponse({"problem": told}, status)


async def _fail(_request: Request, _error: Exception) -> Response:
    """Answer without a word of what went wrong inside; the author's terminal has it."""
    return JSONResponse({"problem": "the server failed"}, HTTPStatus.INTERNAL_SERVER_ERROR)


class _Headers:
    """Puts the headers on every answer, errors included."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def forward(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message["headers"]}
                wanted = {**_HEADERS, "Content-Security-Policy": _NOTHING}
                message["headers"] = [
                    *message["headers"],
                    *(
                        (name.lower().encode(), value.encode())
                        for name, value in wanted.items()
                        if name.lower().encode() not in given
                    ),
                ]
            await send(message)

        await self.app(scope, receive, forward if scope["type"] == "http" else send)
