"""What the servers of CI systems beside this have in common."""
import json
import os
import sys
import threading
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

lock = threading.Lock()


class Refusal(Exception):
    """An answer that is no success: its status and body."""

    def __init__(self, status, body):
        self.status, self.body = status, body


def now():
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Handler(BaseHTTPRequestHandler):
    """Takes a request apart, for `respond`, which answers a status and a body."""

    protocol_version = "HTTP/1.1"
    # Headers of the next answer beside the usual ones.
    more = {}

    def log_message(self, *_):
        pass

    def serve(self):
        size = int(self.headers.get("Content-Length") or 0)
        raw = self.rfile.read(size)
        url = urlsplit(self.path)
        # Encoded slashes are part of a name.
        self.parts = [unquote(part) for part in url.path.split("/")[1:]]
        self.query = {key: values[-1] for key, values in parse_qs(url.query).items()}
        try:
            self.body = self.parse(raw) if raw else {}
        except ValueError:
            self.body = None
        try:
            with lock:
                if raw and self.body is None:
                    raise Refusal(400, {"message": "Problems parsing JSON"})
                status, answer = self.respond()
        except Refusal as refusal:
            status, answer = refusal.status, refusal.body
        headers, self.more = self.more, {}
        content = b"" if status == 204 else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def parse(self, raw):
        return json.loads(raw)

    do_GET = do_PUT = do_POST = do_DELETE = do_PATCH = serve

    def page(self, items, size="30"):
        """The part of a list that is asked for."""
        size, number = min(int(self.query.get("per_page", size)), 100), int(self.query.get("page", "1"))
        return items[(number - 1) * size:number * size]


def run(handler):
    """Serves, prints the port, and ends when its input ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()
    os._exit(0)
