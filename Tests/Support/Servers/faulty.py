"""In front of a server of HTTP on 127.0.0.1: passes on what it is asked, or does what CONTROL says; prints its port.
Ends when its input ends.

faulty.py PORT CONTROL LOG [CERTIFICATE KEY]

CONTROL is empty or has one line `TIMES MATCH ACTION [ARGUMENT]`: the next TIMES requests whose line of LOG matches the
regular expression MATCH, which has no blanks,
  status NUMBER[,SECONDS]  are answered so, perhaps with Retry-After
  refuse TYPE WORDS        are answered as AWS refuses
  echo NUMBER              are answered so, with everything that was sent as the message
  stall                    get no answer, and go nowhere
  late SECONDS             are passed on after so long
  mute                     are passed on, and get no answer
  drop                     are passed on, and the connection ends without an answer
  cut                      are passed on, and half of the answer comes
  redirect ADDRESS         are sent there, to the same path
  huge                     are answered with 64 MB
  text                     are answered with what is no JSON
LOG gets a line for each request: its method, path, X-Amz-Target or -, and whether it had credentials.
"""
import http.client
import json
import os
import re
import ssl
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

target, control, log = int(sys.argv[1]), sys.argv[2], sys.argv[3]
lock = threading.Lock()


def action(line):
    """What to do with a request, and one time less for the next."""
    with lock:
        with open(log, "a") as file:
            file.write(line + "\n")
        try:
            with open(control) as file:
                words = file.read().split()
        except FileNotFoundError:
            words = []
        if len(words) < 3 or not re.search(words[1], line) or int(words[0]) < 1:
            return ["pass"]
        with open(control + ".new", "w") as file:
            file.write(" ".join([str(int(words[0]) - 1), *words[1:]]))
        os.rename(control + ".new", control)
        return words[2:]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def forward(self, body):
        connection = http.client.HTTPConnection("127.0.0.1", target, timeout=60)
        # Host stays as it was: it is signed.
        connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in ("connection", "expect"):
                connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        headers = [
            pair for pair in answer.getheaders()
            if pair[0].lower() not in ("content-length", "transfer-encoding", "connection")
        ]
        return answer.status, answer.read(), headers

    def serve(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        known = any(self.headers.get(name) for name in ("Authorization", "Circle-Token", "X-Vault-Token"))
        known = known or self.path.endswith("/login")
        line = " ".join([
            self.command, self.path, self.headers.get("X-Amz-Target") or "-",
            "credentials" if known else "-",
        ])
        what, *more = action(line)
        if what == "status":
            number, *seconds = more[0].split(",")
            self.answer(int(number), b"{}", [("Retry-After", s) for s in seconds])
        elif what == "refuse":
            text = json.dumps({"__type": more[0], "Message": " ".join(more[1:])})
            self.answer(400, text.encode())
        elif what == "echo":
            said = str(self.headers) + body.decode("utf-8", "replace")
            text = json.dumps({"errors": [said], "__type": "Strange", "message": said})
            self.answer(int(more[0]), text.encode())
        elif what == "redirect":
            self.answer(307, b"", [("Location", more[0] + self.path)])
        elif what == "text":
            self.answer(200, b"<html>Please log in</html>")
        elif what == "huge":
            self.send_response(200)
            self.end_headers()
            self.close_connection = True
            try:
                for _ in range(64):
                    self.wfile.write(b" " * (1 << 20))
            except OSError:
                pass
        elif what == "stall":
            time.sleep(60)
            self.close_connection = True
        else:
            if what == "late":
                time.sleep(int(more[0]))
            status, answer, headers = self.forward(body)
            if what == "mute":
                time.sleep(60)
                self.close_connection = True
            elif what == "drop":
                self.close_connection = True
            elif what == "cut":
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer[: len(answer) // 2])
                self.close_connection = True
            else:
                self.answer(status, answer, headers)

    do_GET = do_POST = do_PUT = do_DELETE = do_LIST = do_PATCH = serve


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass


server = Server(("127.0.0.1", 0), Handler)
if len(sys.argv) > 4:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[4], sys.argv[5])
    server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
os._exit(0)
