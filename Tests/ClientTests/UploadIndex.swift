/// An index on this machine that checks macaroons as PyPI does, for programs in Python.
enum UploadIndex {
    /// Starts `index`, whose clock is ahead by the number in an address, and makes the project
    /// `tinyp`.
    static let source = """
        import base64, email, http.server, io, os, subprocess, sys, tarfile, threading, time
        import pypitoken

        class Index(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                head = f"Content-Type: {self.headers['Content-Type']}\\r\\n\\r\\n".encode()
                form = {part.get_param("name", header="content-disposition"): part.get_payload()
                        for part in email.message_from_bytes(head + body).get_payload()}
                user, _, token = base64.b64decode(
                    self.headers["Authorization"].split()[1]).decode().partition(":")
                try:
                    assert user == "__token__"
                    pypitoken.Token.load(token).check(
                        key="k", project_name=form["name"].strip(),
                        now=int(time.time()) + int(self.path.strip("/")))
                    status = 200
                except (AssertionError, pypitoken.PyPITokenException):
                    status = 403
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()
            def log_message(self, *args): pass

        index = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Index)
        threading.Thread(target=index.serve_forever, daemon=True).start()
        text = b"Metadata-Version: 2.1\\nName: tinyp\\nVersion: 1.0\\n"
        with tarfile.open("tinyp-1.0.tar.gz", "w:gz") as archive:
            for name in ["PKG-INFO", "tinyp.py"]:
                info = tarfile.TarInfo("tinyp-1.0/" + name)
                info.size = len(text)
                archive.addfile(info, io.BytesIO(text))

        """
}
