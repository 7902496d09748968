# Source this file in bash: it starts a package index on this machine and ends with the terminal.
#
# PUBLISH  where uv uploads to (pypiserver, which takes any name and password)
# INDEX    where installers read (pages.py)
# ISSUER   stands in for GitHub's issuer and for PyPI's side of Trusted Publishing (issuer.py)

unset UV_INDEX  # that of an index which has ended
_index=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
_python=$(uv python find 3.13)
mkdir -p "$_index/packages" "$_index/state"
rm -f "$_index"/state/*
_port=$("$_python" -c 'import socket; print(socket.create_server(("127.0.0.1", 0)).getsockname()[1])')

uvx --quiet --python 3.13 --from pypiserver==2.4.2 pypi-server run --interface 127.0.0.1 --port "$_port" \
  --authenticate . --passwords . --disable-fallback "$_index/packages" > "$_index/state/upload.log" 2>&1 &
(cd "$_index/state" && uv run --quiet --no-project --python 3.13 --with trustme==1.2.1 \
  python -m trustme --quiet --identities 127.0.0.1 && exec "$_python" ../issuer.py) > "$_index/state/issuer.log" 2>&1 &
"$_python" "$_index/pages.py" > "$_index/state/pages.log" 2>&1 &

# Wait until all three answer.
"$_python" - "$_index/state" "$_port" <<'END' || echo "the index did not start; see $_index/state"
import pathlib, socket, sys, time

state, port = pathlib.Path(sys.argv[1]), int(sys.argv[2])
for _ in range(600):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        if all((state / name).exists() for name in ("pages.url", "issuer.url")):
            sys.exit()
    except OSError:
        pass
    time.sleep(0.1)
sys.exit(1)
END

PUBLISH=http://127.0.0.1:$_port/
INDEX=$(cat "$_index/state/pages.url")/simple/
ISSUER=$(cat "$_index/state/issuer.url")
export PUBLISH INDEX ISSUER UV_INDEX=$INDEX UV_PUBLISH_USERNAME=ana UV_PUBLISH_PASSWORD=any

# Run a command with the variables that a job with `id-token: write` finds: in_job ENVIRONMENT COMMAND...
in_job() {
  local environment=$1
  shift
  rm -f "$_index/state/requests"
  env -u UV_PUBLISH_USERNAME -u UV_PUBLISH_PASSWORD -u UV_INDEX GITHUB_ACTIONS=true \
    ACTIONS_ID_TOKEN_REQUEST_URL="$ISSUER/token?environment=$environment" \
    ACTIONS_ID_TOKEN_REQUEST_TOKEN=given-to-this-job SSL_CERT_FILE="$_index/state/client.pem" "$@"
}
