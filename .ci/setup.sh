#!/bin/sh
# A fresh clone -> everything `make` needs: shared libraries, uv, the locked Python packages.
#
#   .ci/setup.sh                     what building the book and its tests need
#   .ci/setup.sh [checkers] [bench]  also the validators that judge the editions (on Debian alone:
#                                    Java, Node.js, Chromium and PDF tools come by apt), or the
#                                    rivals that `make bench` runs beside us
#
# Looks before it installs. Only as root, or where sudo asks for no password, are packages
# installed; elsewhere one line says what to type. UV=... names the uv to use.
set -eu
cd "$(dirname "$0")/.."

HOME_OF_SETUP=build/.setup
OWN_UV=$HOME_OF_SETUP/uv
APT_LIBRARIES="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
APT_CHECKERS="chromium default-jdk-headless ghostscript libjaxb-java nodejs poppler-utils qpdf"
CHECKER_PROGRAMS="chromium gs javac node npm pdfinfo qpdf"
JAXB=/usr/share/java/jaxb-runtime.jar
NODE_LOCK=src/bookpress/validators/node
NODE_HOME=$HOME_OF_SETUP/node
WORKFLOWS_LOCK=tests/workflows/node # reads the workflows of .github for our tests; no user needs it
WORKFLOWS_HOME=$HOME_OF_SETUP/workflows

say() { printf 'setup: %s\n' "$*" >&2; }

die() {
    say "$1"
    shift
    for line in "$@"; do printf '  %s\n' "$line" >&2; done
    exit 2
}

trim() { printf '%s' "${1# }"; }

# Run a command as root: 1 when that is not possible without asking for a password.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        sudo -n env DEBIAN_FRONTEND=noninteractive "$@"
    else
        return 1
    fi
}

# Install Debian packages; 1 when there is no apt or no right to use it.
apt_install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    as_root true || return 1
    say "installing $*"
    mkdir -p "$HOME_OF_SETUP"
    {
        as_root apt-get update &&
            as_root env DEBIAN_FRONTEND=noninteractive \
                apt-get install -y --no-install-recommends "$@"
    } >"$HOME_OF_SETUP/apt.log" 2>&1 || {
        tail -n 5 "$HOME_OF_SETUP/apt.log" >&2
        return 1
    }
}

# Print the first Python that is new enough.
find_python() {
    for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    die "Python 3.11 or later is not on this machine; type one of:" \
        "sudo apt-get install python3" "sudo dnf install python3" "brew install python"
}

# Say whether the libraries of WeasyPrint load, asked for by the names that it uses.
libraries_load() {
    "$python" - 2>/dev/null <<'PROBE'
import ctypes
import sys

NAMES = {
    "linux": ("gobject-2.0.so.0", "pango-1.0.so.0", "pangoft2-1.0.so.0", "harfbuzz.so.0",
              "harfbuzz-subset.so.0", "fontconfig.so.1"),
    "darwin": ("gobject-2.0.0.dylib", "pango-1.0.dylib", "pangoft2-1.0.dylib", "harfbuzz.0.dylib",
               "harfbuzz-subset.0.dylib", "fontconfig.1.dylib"),
}
for name in NAMES.get(sys.platform, ()):
    ctypes.CDLL("lib" + name)
PROBE
}

# Print a uv that works: one that is named, one on PATH, our own; nothing if there is none.
find_uv() {
    for candidate in ${UV:-} uv "$OWN_UV/bin/uv"; do
        if "$candidate" --version >/dev/null 2>&1; then
            command -v "$candidate"
            return
        fi
    done
}

# Install what typesetting and uv need of the system, all of it at once.
set_up_system() {
    apt='' dnf='' brew=''
    if ! libraries_load; then
        apt=$APT_LIBRARIES dnf='pango harfbuzz' brew=pango
    fi
    if [ -z "$(find_uv)" ] && ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        minor=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        apt="$apt python$minor-venv" dnf="$dnf uv" brew="$brew uv"
    fi
    [ -n "$apt" ] || return 0
    # shellcheck disable=SC2086
    apt_install $apt && libraries_load && return
    die "this machine lacks what typesetting and uv need; type one of these, then make again:" \
        "sudo apt-get install $(trim "$apt")" "sudo dnf install $(trim "$dnf")" \
        "brew install $(trim "$brew")"
}

# Install what validators need of the system: programs, and npm only where Node came without it.
set_up_checkers() {
    missing=
    for program in $CHECKER_PROGRAMS; do
        command -v "$program" >/dev/null 2>&1 || missing="$missing $program"
    done
    [ -f "$JAXB" ] || missing="$missing $JAXB"
    if [ -n "$missing" ]; then
        command -v npm >/dev/null 2>&1 || APT_CHECKERS="$APT_CHECKERS npm"
        # shellcheck disable=SC2086
        apt_install $APT_CHECKERS ||
            die "the validators need$missing; type this, then make again:" \
                "sudo apt-get install $APT_CHECKERS"
    fi
    install_node_packages "$NODE_LOCK" "$NODE_HOME"
    install_node_packages "$WORKFLOWS_LOCK" "$WORKFLOWS_HOME"
}

# Install locked packages of Node; none of them may bring a browser or run a script of its own.
install_node_packages() {
    cmp -s "$1/package-lock.json" "$2/node_modules/.package-lock.source" && return
    say "installing the locked Node packages into $2"
    mkdir -p "$2"
    cp "$1/package.json" "$1/package-lock.json" "$2"
    PUPPETEER_SKIP_DOWNLOAD=1 ELECTRON_SKIP_BINARY_DOWNLOAD=1 PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 \
        npm ci --prefix "$2" --ignore-scripts --no-audit --no-fund --loglevel=error >&2
    cp "$1/package-lock.json" "$2/node_modules/.package-lock.source"
}

install_uv() {
    say "installing uv into $OWN_UV"
    rm -rf "$OWN_UV"
    "$python" -m venv "$OWN_UV"
    "$OWN_UV/bin/python" -m pip install --quiet --disable-pip-version-check uv
}

groups=
python=$(find_python)
set_up_system
for extra in "$@"; do
    case $extra in
        checkers)
            set_up_checkers
            groups="$groups --group validators"
            ;;
        bench) groups="$groups --group bench" ;;
        *) die "there is no extra '$extra'; there are: checkers, bench" ;;
    esac
done
[ -n "$(find_uv)" ] || install_uv
say "installing the locked Python packages"
# Inexact: what was set up for another extra stays.
# shellcheck disable=SC2086
"$(find_uv)" sync --locked --quiet --inexact --no-python-downloads $groups
