"""git over https with a name and a password, on 127.0.0.1; prints its port. Ends when its input ends.

https.py REPOSITORIES CERTIFICATE KEY USER PASSWORD [LOG [REDIRECT]]

LOG gets a line for each request: its path, and whether it had an Authorization header. With REDIRECT, whoever is let in
is sent there.
"""
import base64
import os
import ssl
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

root, certificate, key, user, password = sys.argv[1:6]
log = sys.argv[6] if len(sys.argv) > 6 else None
redirect = sys.argv[7] if len(sys.argv) > 7 else None
wanted = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, headers, body=b""):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self):
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def serve(self):
        given = self.headers.get("Authorization")
        if log:
            with open(log, "a") as file:
                file.write(f"{self.path} {'Authorization' if given else '-'}\n")
        if given != wanted:
            self.answer(401, [("WWW-Authenticate", 'Basic realm="git"')])
            return
        if redirect:
            self.answer(302, [("Location", redirect + self.path)])
            return
        url = urlsplit(self.path)
        body = self.body()
        environment = dict(
            os.environ, GIT_PROJECT_ROOT=root, GIT_HTTP_EXPORT_ALL="1", PATH_INFO=url.path,
            QUERY_STRING=url.query, REQUEST_METHOD=self.command, REMOTE_USER=user,
            REMOTE_ADDR="127.0.0.1", CONTENT_TYPE=self.headers.get("Content-Type", ""),
            CONTENT_LENGTH=str(len(body)),
            HTTP_CONTENT_ENCODING=self.headers.get("Content-Encoding", ""),
            GIT_PROTOCOL=self.headers.get("Git-Protocol", ""))
        out = subprocess.run(
            ["git", "http-backend"], input=body, env=environment, stdout=subprocess.PIPE).stdout
        head, _, data = out.partition(b"\r\n\r\n")
        status, headers = 200, []
        for line in head.decode().split("\r\n"):
            name, _, value = line.partition(": ")
            if name.lower() == "status":
                status = int(value.split()[0])
            else:
                headers.append((name, value))
        self.answer(status, headers, data)

    do_GET = do_POST = serve


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
os._exit(0)
