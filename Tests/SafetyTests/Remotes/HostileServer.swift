/// A server that answers in a manner of its own; one line of Python after the other.
enum HostileServer {
    /// Called with the manner and a file for what it hears; prints its port.
    static let script = #"""
        import sys, socket, threading, time
        manner, log = sys.argv[1], sys.argv[2]
        def note(text):
            with open(log, "a") as file: file.write(text + "\n")
        def listen():
            sock = socket.socket()
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(("127.0.0.1", 0))
            sock.listen(8)
            return sock
        def packet(data): return b"%04x" % (len(data) + 4) + data
        def head(conn):
            data = b""
            while b"\r\n\r\n" not in data:
                more = conn.recv(65536)
                if not more: break
                data += more
            return data.decode("latin-1")
        other = listen()
        def elsewhere():
            while True:
                conn, _ = other.accept()
                asked = head(conn)
                note("elsewhere " + ("with credentials" if "uthorization" in asked else "without"))
                conn.sendall(b"HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                conn.close()
        threading.Thread(target=elsewhere, daemon=True).start()
        def answer(conn):
            if manner == "redirect":
                asked = head(conn)
                if "uthorization" not in asked:
                    conn.sendall(b"HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                else:
                    note("here with credentials")
                    where = "http://localhost:%d/store/info/refs?service=git-upload-pack" % other.getsockname()[1]
                    conn.sendall(("HTTP/1.1 302 There\r\nLocation: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % where).encode())
                return
            conn.recv(65536)
            if manner == "escapes":
                conn.sendall(packet(b"ERR \x1b]0;pwned\x07\x1b[2J no such store \xc2\x9b31m\n"))
            elif manner == "garbage":
                conn.sendall(b"zzzz" + bytes(range(256)) * 64)
            elif manner == "silence":
                time.sleep(30)
            elif manner == "endless":
                line = packet(b"%040d refs/heads/%s\n" % (1, b"x" * 200))
                first = packet(b"%040d HEAD\0 multi_ack side-band-64k ofs-delta agent=x\n" % 1)
                conn.sendall(first)
                end = time.time() + 8
                number = 0
                while time.time() < end:
                    block = b"".join(packet(b"%040d refs/heads/%s%09d\n" % (1, b"x" * 200, number + i)) for i in range(1000))
                    number += 1000
                    conn.sendall(block)
        sock = listen()
        print(sock.getsockname()[1], flush=True)
        def serve(conn):
            try: answer(conn)
            except OSError: pass
            finally: conn.close()
        while True:
            conn, _ = sock.accept()
            threading.Thread(target=serve, args=(conn,), daemon=True).start()
        """#
}
