"""A package index on this machine that checks macaroons as PyPI does.

As a program: `upload_index.py serve FILE` answers until it is killed and writes its address to FILE,
`upload_index.py token` prints a new token that it takes, and `upload_index.py package` makes the package
tinyp-1.0.tar.gz. Its clock is ahead by the number that is the path of an address.
"""
import base64, email, http.server, io, os, sys, tarfile, threading, time, uuid
import pypitoken

KEY = "k"


class Index(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        form = {part.get_param("name", header="content-disposition"): part.get_payload()
                for part in email.message_from_bytes(head + body).get_payload()}
        user, _, token = base64.b64decode(
            self.headers["Authorization"].split()[1]).decode().partition(":")
        try:
            assert user == "__token__"
            pypitoken.Token.load(token).check(
                key=KEY, project_name=form["name"].strip(),
                now=int(time.time()) + int(self.path.strip("/")))
            status = 200
        except (AssertionError, pypitoken.PyPITokenException):
            status = 403
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


def start():
    """An index that answers on a thread of its own."""
    index = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Index)
    threading.Thread(target=index.serve_forever, daemon=True).start()
    return index


def token():
    return pypitoken.Token.create(
        domain="pypi.org", key=KEY, prefix="pypi",
        identifier=str(uuid.uuid4())).dump()


def package():
    text = b"Metadata-Version: 2.1\nName: tinyp\nVersion: 1.0\n"
    with tarfile.open("tinyp-1.0.tar.gz", "w:gz") as archive:
        for name in ["PKG-INFO", "tinyp.py"]:
            info = tarfile.TarInfo("tinyp-1.0/" + name)
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text))


if __name__ == "__main__":
    if sys.argv[1] == "token":
        print(token())
    elif sys.argv[1] == "package":
        package()
    else:
        index = start()
        with open(sys.argv[2] + ".new", "w") as file:
            file.write(f"http://127.0.0.1:{index.server_port}/0/\n")
        os.rename(sys.argv[2] + ".new", sys.argv[2])
        while True:
            time.sleep(60)
