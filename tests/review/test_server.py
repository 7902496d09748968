"""The server for reviewers against those who mean ill, and those who are just many."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from tests.review import rivers

from bookpress.review import server as serving
from bookpress.review.keys import Role, load
from bookpress.review.serving import Address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tests.review.rivers import Running

pytestmark = pytest.mark.slow

JSON = {"Content-Type": "application/json"}


class Client:
    """A browser of sorts: it holds a cookie and says where it comes from."""

    def __init__(self, running: Running, key: str = "") -> None:
        self.host = urlsplit(running.base).netloc
        self.origin = running.base
        self.cookie = ""
        if key:
            status, headers, _ = self.ask("GET", f"/enter/{key}")
            assert status == 303
            self.cookie = headers["set-cookie"].partition(";")[0]

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,  # noqa: ANN401
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection(self.host, timeout=60)
        given = {"Cookie": self.cookie} if self.cookie else {}
        given |= {"Origin": self.origin} if method == "POST" else {}
        wanted = {name: value for name, value in {**given, **(headers or {})}.items() if value}
        with closing(connection):
            connection.request(method, path, body, wanted)
            with connection.getresponse() as answer:
                named = {name.lower(): value for name, value in answer.getheaders()}
                return answer.status, named, answer.read()

    def post(self, data: object, path: str = "/api/comments", **headers: str) -> int:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("POST", path, json.dumps(data), {**JSON, **named})[0]

    def comments(self) -> list[dict[str, Any]]:
        status, _, body = self.ask("GET", "/api/comments")
        assert status == 200
        found: list[dict[str, Any]] = json.loads(body)["comments"]
        return found


def annotation(name: str = "urn:1", **more: object) -> dict[str, object]:
    quote = {"type": "TextQuoteSelector", "exact": "twelve minutes", "prefix": "", "suffix": ""}
    return {
        "id": name,
        "type": "Annotation",
        "creator": {"name": "Ana"},
        "body": {"type": "TextualBody", "value": "By whom?"},
        "target": {"source": "manuscript/weirs.md", "selector": quote},
        **more,
    }


@pytest.fixture
def ana(server: Running) -> Client:
    return Client(server, server.key)


@pytest.fixture
def tomas(server: Running) -> Client:
    return Client(server, server.author_key)


def test_a_comment_is_kept_with_its_place_in_the_manuscript(ana: Client) -> None:
    created = ana.post(annotation())

    [kept] = ana.comments()
    assert created == 201
    assert kept["annotation"]["body"][0]["value"] == "By whom?"
    assert kept["annotation"]["book:origin"] == "web"
    assert kept["place"]["line"] == 5


def test_a_comment_that_is_sent_again_is_kept_once(ana: Client) -> None:
    first = ana.ask("POST", "/api/comments", json.dumps(annotation()), JSON)

    second = ana.ask("POST", "/api/comments", json.dumps(annotation()), JSON)

    assert first[2] == second[2]
    assert len(ana.comments()) == 1


def test_words_that_are_in_no_draft_are_kept_as_an_orphan(ana: Client) -> None:
    gone = {"type": "TextQuoteSelector", "exact": "a sentence that was never in this book at all"}
    target = {"source": "manuscript/weirs.md", "selector": gone}

    assert ana.post(annotation(target=target)) == 201

    assert ana.comments()[0]["place"] is None


PROBES: dict[str, tuple[int, Callable[[Client], int]]] = {
    "no key": (401, lambda c: Client.ask(_anonymous(c), "GET", "/")[0]),
    "no key for comments": (401, lambda c: _anonymous(c).ask("GET", "/api/comments")[0]),
    "no key for events": (401, lambda c: _anonymous(c).ask("GET", "/api/events")[0]),
    "no key to write": (401, lambda c: _anonymous(c).post(annotation())),
    "a forged key": (401, lambda c: c.post(annotation(), Cookie=_forged(c))),
    "a forged link": (403, lambda c: c.ask("GET", "/enter/" + "A" * 32)[0]),
    "a foreign host": (400, lambda c: c.ask("GET", "/", None, {"Host": "evil.example"})[0]),
    "a host that begins like ours": (
        400,
        lambda c: c.ask("GET", "/", None, {"Host": "127.0.0.1.evil.example"})[0],
    ),
    "no origin": (403, lambda c: c.post(annotation(), Origin="")),
    "a foreign origin": (403, lambda c: c.post(annotation(), Origin="http://evil.example")),
    "an opaque origin": (403, lambda c: c.post(annotation(), Origin="null")),
    "our host on another port": (403, lambda c: c.post(annotation(), Origin="http://127.0.0.1:1")),
    "another site's page": (403, lambda c: c.post(annotation(), Sec_Fetch_Site="cross-site")),
    "a form": (
        415,
        lambda c: c.post(annotation(), Content_Type="application/x-www-form-urlencoded"),
    ),
    "text that could come from a form": (
        415,
        lambda c: c.post(annotation(), Content_Type="text/plain"),
    ),
    "half of JSON": (400, lambda c: c.ask("POST", "/api/comments", "{", JSON)[0]),
    "no text": (400, lambda c: c.ask("POST", "/api/comments", b"\xff\xfe", JSON)[0]),
    "a deep pit": (400, lambda c: c.ask("POST", "/api/comments", "[" * 100_000, JSON)[0]),
    "a number without end": (400, lambda c: c.ask("POST", "/api/comments", "9" * 9000, JSON)[0]),
    "a megabyte": (413, lambda c: c.ask("POST", "/api/comments", "a" * 1_000_000, JSON)[0]),
    "a megabyte, bit by bit": (
        413,
        lambda c: c.ask("POST", "/api/comments", (b"a" * 10_000 for _ in range(100)), JSON)[0],
    ),
    "no annotation": (422, lambda c: c.post([1])),
    "no words": (422, lambda c: c.post(annotation(body=[]))),
    "too many words": (422, lambda c: c.post(annotation(body={"value": "a" * 9000}))),
    "no chapter of ours": (
        422,
        lambda c: c.post(annotation(target={"source": "../../etc/passwd"})),
    ),
    "an answer to nothing": (422, lambda c: c.post(annotation(target=["urn:none", {}]))),
    "a decision by a reviewer": (
        403,
        lambda c: c.post({"status": "resolved"}, "/api/comments/urn:1/decision"),
    ),
    "a new place by a reviewer": (403, lambda c: c.post({}, "/api/comments/urn:1/place")),
    "a way up": (404, lambda c: c.ask("GET", "/../../book.yml")[0]),
    "a way up in disguise": (404, lambda c: c.ask("GET", "/..%2f..%2fbook.yml")[0]),
    "a file of the book": (404, lambda c: c.ask("GET", "/manuscript/weirs.md")[0]),
    "another method": (405, lambda c: c.ask("DELETE", "/api/comments")[0]),
}


def _anonymous(client: Client) -> Client:
    client.cookie = ""
    return client


def _forged(client: Client) -> str:
    name, _, value = client.cookie.partition("=")
    return f"{name}={'A' * len(value)}"


@pytest.fixture(scope="module")
def besieged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One server for all that is refused."""
    root = rivers.small_book(tmp_path_factory.mktemp("siege"))
    running = rivers.start(root)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def insider(besieged: Running) -> Client:
    return Client(besieged, besieged.key)


@pytest.mark.parametrize("name", PROBES)
def test_what_means_ill_is_refused(besieged: Running, insider: Client, name: str) -> None:
    status, probe = PROBES[name]
    prober = Client(besieged)
    prober.cookie = insider.cookie

    got = probe(prober)

    assert got == status
    assert insider.comments() == []


def test_every_answer_carries_the_headers_that_keep_browsers_careful(insider: Client) -> None:
    for path in ("/", "/api/comments", "/nowhere", "/enter/wrong"):
        _, headers, _ = insider.ask("GET", path)

        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "same-origin"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "server" not in headers


def test_the_page_has_a_policy_that_names_its_script_by_its_hash(insider: Client) -> None:
    _, headers, _ = insider.ask("GET", "/")

    policy = dict(
        rule.strip().split(" ", 1) for rule in headers["content-security-policy"].split(";")
    )
    assert policy["script-src"].startswith("'sha256-")
    assert policy["style-src"].startswith("'sha256-")
    assert policy["connect-src"] == "'self'"
    assert "unsafe-inline" not in policy["script-src"] + policy["style-src"]


def test_the_key_travels_in_a_cookie_that_no_script_reads(besieged: Running) -> None:
    status, headers, _ = Client(besieged).ask("GET", f"/enter/{besieged.key}")

    cookie = headers["set-cookie"]
    assert (status, headers["location"]) == (303, "/")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert besieged.key not in headers["location"]


def test_the_server_listens_to_no_other_address(besieged: Running) -> None:
    port = urlsplit(besieged.base).port
    elsewhere = http.client.HTTPConnection("127.0.0.2", port, timeout=10)

    with pytest.raises(OSError, match="refused"):
        elsewhere.request("GET", "/")


def test_the_author_decides_and_gives_a_reason(ana: Client, tomas: Client) -> None:
    ana.post(annotation())
    path = "/api/comments/urn%3A1/decision"

    without = tomas.post({"status": "declined"}, path)
    given = tomas.post({"status": "declined", "reason": "The clock was wrong."}, path)
    unknown = tomas.post({"status": "resolved"}, "/api/comments/urn:none/decision")
    nonsense = tomas.post({"status": "burnt"}, path)

    assert (without, given, unknown, nonsense) == (422, 200, 404, 422)
    [kept] = ana.comments()
    [decision] = kept["decisions"]
    assert (decision["status"], decision["reason"]) == ("declined", "The clock was wrong.")


def test_a_reviewer_cannot_pass_an_answer_off_as_a_new_place(ana: Client) -> None:
    ana.post(annotation())
    body = {"value": "Attached to these words."}
    quote = {"type": "TextQuoteSelector", "exact": "the flood"}
    target = ["urn:1", {"source": "manuscript/weirs.md", "selector": quote}]

    ana.post(annotation("urn:2", body=body, target=target))
    ana.post(annotation("urn:3"))

    places = [kept["place"] for kept in ana.comments()]
    assert places[0] == places[2]
    assert places[1] is None


def test_too_many_at_once_are_asked_to_wait(ana: Client) -> None:
    statuses = [ana.post(annotation(f"urn:{n}")) for n in range(serving.WRITES_A_MINUTE + 2)]

    assert statuses == [201] * serving.WRITES_A_MINUTE + [429] * 2


def test_a_minute_later_writing_goes_on() -> None:
    now = [0.0]
    limits = serving.Limits(clock=lambda: now[0])

    first = [limits.admit("ana", 2) for _ in range(3)]
    other = limits.admit("tomas", 2)
    now[0] = 61.0

    assert (first, other, limits.admit("ana", 2)) == ([True, True, False], True, True)


def test_open_pages_hear_of_a_new_comment(ana: Client) -> None:
    listening = http.client.HTTPConnection(ana.host, timeout=60)
    with closing(listening):
        listening.request("GET", "/api/events", headers={"Cookie": ana.cookie})
        with listening.getresponse() as stream:
            hello = stream.readline()

            ana.post(annotation())

            heard = [stream.readline() for _ in range(2)]
    assert hello == b": hello\n"
    assert b"event: comments\n" in heard


def test_links_last_until_new_ones_are_made(book: Path, start: Callable[..., Running]) -> None:
    first = start(book)
    client = Client(first, first.key)
    first.stop()
    second = start(book)
    second.stop()
    third = start(book, "--new-links")
    client.host = urlsplit(third.base).netloc

    old = [client.ask("GET", "/")[0], client.ask("GET", f"/enter/{first.key}")[0]]
    third.stop()

    assert (first.key, first.author_key) == (second.key, second.author_key)
    assert len({first.key, first.author_key, third.key, third.author_key}) == 4
    assert old == [401, 403]


def test_keys_are_for_their_owner_alone(tmp_path: Path) -> None:
    keys = load(tmp_path / "keys")

    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o600
    assert load(tmp_path / "keys") == keys
    assert [keys.role(k) for k in (keys.author, keys.reviewer, "", keys.author[:-1], "ä")] == [
        Role.AUTHOR,
        Role.REVIEWER,
        None,
        None,
        None,
    ]


def test_other_machines_are_let_in_only_when_that_is_asked_for(book: Path) -> None:
    command = [sys.executable, "-m", "bookpress", "-C", str(book), "review", "serve"]

    done = subprocess.run(
        [*command, "--host", "0.0.0.0"],  # noqa: S104
        capture_output=True,
        check=False,
        text=True,
    )

    assert done.returncode == 2
    assert "can be reached from other machines" in done.stderr
    assert "--open" in done.stderr


def test_who_opens_the_server_is_warned(book: Path, start: Callable[..., Running]) -> None:
    running = start(book, "--host", "0.0.0.0", "--open", "--name", "tower.example")  # noqa: S104
    running.stop()

    assert any(line.startswith("warning: 0.0.0.0") for line in running.said)
    assert running.base.startswith("http://tower.example:")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_an_address_of_this_machine_is_local(host: str) -> None:
    assert Address(host).is_local


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "tower.example"])  # noqa: S104
def test_an_address_that_others_reach_is_not(host: str) -> None:
    assert not Address(host).is_local


def test_without_its_packages_the_command_says_what_to_install(book: Path) -> None:
    code = (
        "import sys; sys.modules['uvicorn'] = None\n"
        "from bookpress.cli import run\n"
        "sys.exit(run(['review', 'serve', '--port', '0']))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=book, capture_output=True, check=False, text=True
    )

    assert done.returncode == 2
    assert "uvicorn is not installed" in done.stderr
    assert "bookpress[review]" in done.stderr
