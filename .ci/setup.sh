#!/bin/sh
# A fresh clone -> everything `make` needs: shared libraries, uv, the locked Python packages.
#
#   .ci/setup.sh                     what building the book and its tests need
#   .ci/setup.sh [checkers] [bench]  also the optional checkers (Java for EPUBCheck, PDF tools; by
#                                    apt only), or the rivals that `make bench` runs beside us
#
# Looks before it installs. Only as root, or where sudo asks for no password, are packages
# installed; elsewhere one line says what to type. UV=... names the uv to use.
set -eu
cd "$(dirname "$0")/.."

HOME_OF_SETUP=build/.setup
OWN_UV=$HOME_OF_SETUP/uv
APT_LIBRARIES="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
APT_CHECKERS="default-jre-headless poppler-utils qpdf"

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

set_up_checkers() {
    if command -v java >/dev/null 2>&1 && command -v pdfinfo >/dev/null 2>&1 &&
        command -v qpdf >/dev/null 2>&1; then
        return
    fi
    # shellcheck disable=SC2086
    apt_install $APT_CHECKERS ||
        say "no Java, pdfinfo or qpdf: their tests are skipped (bookpress doctor says what to type)"
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
        checkers) set_up_checkers ;;
        bench) groups="--group bench" ;;
        *) die "there is no extra '$extra'; there are: checkers, bench" ;;
    esac
done
[ -n "$(find_uv)" ] || install_uv
say "installing the locked Python packages"
# shellcheck disable=SC2086
"$(find_uv)" sync --locked --quiet --no-python-downloads $groups
