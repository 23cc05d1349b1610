# Sourced by ./run, ./test and .ci/run: a virtual environment with the pinned packages, made once.
# A change of the lock file makes it again; nothing is installed outside .venv.

find_python() {
    for candidate in "${PYTHON:-}" python3.11 python3; do
        [ -n "$candidate" ] || continue
        if "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo "Foolbreeder needs Python 3.11; none was found. Install it, or name it: PYTHON=/path/to/python3.11 $0" >&2
    exit 1
}

install_torch() {
    # torch is not in the lock: its CPU build has a version of its own where pip is told of it.
    .venv/bin/python -c 'import torch' 2>/dev/null && return
    echo "Installing PyTorch ..." >&2
    .venv/bin/python -m pip install --quiet "torch==2.13.0+cpu" 2>/dev/null && return
    echo "No CPU build of PyTorch is known to pip here, so the general one follows: several GB on Linux." >&2
    echo "To get the small one, stop and set PIP_EXTRA_INDEX_URL to PyTorch's CPU index." >&2
    .venv/bin/python -m pip install --quiet "torch==2.13.0"
}

prepare() { # prepare requirements.lock|requirements-dev.lock
    lock="$1"
    stamp=".venv/installed-$1"
    if [ -f "$stamp" ] && cmp -s "$lock" "$stamp"; then
        return
    fi
    [ -x .venv/bin/python ] || {
        echo "Creating the environment .venv ..." >&2
        "$(find_python)" -m venv .venv || {
            echo "python -m venv failed. On Debian: apt-get install python3.11-venv" >&2
            exit 1
        }
    }
    echo "Installing the packages of $lock ..." >&2
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
    # The search's kernels compile on one core while PyTorch comes; they need none of it.
    .venv/bin/python -m evolution.warming &
    install_torch
    wait
    cp "$lock" "$stamp"
}
