# Sourced by the commands in bin/: finds Python, keeps .local/venv in step with the pinned requirements.
# Expects $root (the project folder) and $wanted ("site" or "dev"); leaves $venv_python.

umask 022
setup_fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

python=
for candidate in ${PYTHON:-python3 python3.11 python3.12 python3.13 python3.14}; do
    if command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || setup_fail "Python 3.11 or newer is needed and was not found (Debian, Ubuntu: apt install python3 python3-venv)." \
    "پایتون ۳٫۱۱ یا تازه‌تر لازم است و پیدا نشد."

venv_python=$root/.local/venv/bin/python
stamp=$root/.local/venv/installed-$wanted
now=$(cat "$root/requirements.txt" "$root/requirements-dev.txt" "$root/constraints.txt" | cksum)
if [ ! -x "$venv_python" ] || [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$now" ]; then
    "$python" "$root/devservices/install.py" "$wanted" "$now" || exit 1
fi
