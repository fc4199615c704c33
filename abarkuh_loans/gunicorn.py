"""gunicorn's settings: few processes with threads, because pages wait for the database more than they compute."""

import os

bind = f"{os.environ.get('BIND') or '127.0.0.1'}:{os.environ.get('PORT') or '8000'}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS") or 2)
threads = int(os.environ.get("WEB_THREADS") or 8)
timeout = 120
graceful_timeout = 8
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
control_socket_disable = True
loglevel = "warning"
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") and os.access("/dev/shm", os.W_OK) else None
