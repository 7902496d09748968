"""Stand in for the two servers of Trusted Publishing: GitHub's issuer of tokens, and the index.

What is registered at the index stands in `publisher.toml`. The tokens here are not signed; the real
index checks their signature against GitHub's public keys before it reads a single claim. Each
request is written to `state/requests`.
"""

import base64
import json
import re
import ssl
import tomllib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

HERE = Path(__file__).parent
STATE = HERE / "state"
PUBLISHER = tomllib.loads((HERE / "publisher.toml").read_text("utf-8"))
REPOSITORY = PUBLISHER["repository"]
REF = "refs/heads/main"
WORKFLOW = f"{REPOSITORY}/.github/workflows/publish.yml@{REF}"


def claims(audience: str, environment: str) -> dict[str, str]:
    """Say what GitHub says about the job that asks."""
    return {
        "iss": "https://token.actions.githubusercontent.com",
        "aud": audience,
        "sub": f"repo:{REPOSITORY}:environment:{environment}",
        "repository": REPOSITORY,
        "repository_owner": REPOSITORY.split("/")[0],
        "repository_owner_id": "1000001",
        "workflow_ref": WORKFLOW,
        "job_workflow_ref": WORKFLOW,
        "ref": REF,
        "environment": environment,
    }


def encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def decoded(token: str) -> dict[str, str]:
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def differing(told: dict[str, str]) -> list[str]:
    """Name the fields of the registered publisher that the claims do not match."""
    seen = {
        "repository": told["repository"],
        "workflow": told["job_workflow_ref"].split("@")[0].rpartition("/")[2],
        "environment": told["environment"],
    }
    return [name for name, value in PUBLISHER.items() if seen[name] != value]


class Handler(BaseHTTPRequestHandler):
    """Both servers behind one port."""

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path == "/_/oidc/audience":
            self.answer("index", 200, {"audience": "pypi"})
        else:
            query = parse_qs(url.query)
            told = claims(query["audience"][0], query["environment"][0])
            token = ".".join([encoded({"alg": "none"}), encoded(told), "unsigned"])
            self.answer("issuer", 200, {"value": token}, f"audience={told['aud']}")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/_/oidc/mint-token":
            wrong = differing(decoded(json.loads(body)["token"]))
            if wrong:
                reason = "valid token, but no corresponding publisher"
                error = {"code": "invalid-publisher", "description": reason}
                self.answer("index", 422, {"message": "refused", "errors": [error]}, *wrong)
            else:
                self.answer("index", 200, {"success": True, "token": "pypi-for-minutes"})
        elif self.path == "/_/oidc/burn-token":
            self.answer("index", 202, {})
        else:
            name = re.search(rb'filename="([^"]+)"', body)
            self.answer("index", 200, {}, name[1].decode() if name else "")

    def answer(self, who: str, status: int, document: object, *notes: str) -> None:
        path = urlsplit(self.path).path
        with (STATE / "requests").open("a", encoding="utf-8") as log:
            line = f"{who:<7} {self.command:<4} {path:<20} {status} {' '.join(notes)}"
            log.write(line.rstrip() + "\n")
        data = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(STATE / "server.pem", STATE / "server.key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    (STATE / "issuer.url").write_text(f"https://127.0.0.1:{server.server_port}", "utf-8")
    server.serve_forever()
