"""A bad line to a server on 127.0.0.1; prints its port. Ends when its input ends.

proxy.py CONTROL PORT

For each connection the file CONTROL says what happens: `MODE DIRECTION OFFSET`. After OFFSET bytes in the DIRECTION `up`
(to the server) or `down` the connection is closed (`cut`), reset (`rst`), or nothing more is passed on (`stall`).
`pass` leaves it alone. A cut happens to one connection; those after it are left alone. CONTROL.count gets how many bytes went up and down.
"""
import os
import socket
import struct
import sys
import threading

control, port = sys.argv[1], int(sys.argv[2])


def serve(client):
    with open(control) as file:
        mode, direction, offset = (file.read().split() + ["up", "0"])[:3]
    if mode == "cut":
        with open(control, "w") as file:
            file.write("pass\n")
    server = socket.create_connection(("127.0.0.1", port))
    counts = {"up": 0, "down": 0}
    left = {"up": int(offset), "down": int(offset)}
    ended = threading.Event()

    def finish():
        if mode == "rst":
            for one in (client, server):
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                # Whoever waits for its bytes keeps it open.
                one.shutdown(socket.SHUT_RD)
                one.close()
        ended.set()

    def forward(source, target, name):
        try:
            if mode != "pass" and name == direction and left[name] == 0:
                if mode != "stall":
                    finish()
                return
            while True:
                size = 65536
                if mode != "pass" and name == direction:
                    size = min(size, left[name])
                data = source.recv(size)
                if not data:
                    target.shutdown(socket.SHUT_WR)
                    if name == "down":
                        ended.set()
                    return
                target.sendall(data)
                counts[name] += len(data)
                left[name] -= len(data)
                if mode != "pass" and name == direction and left[name] == 0:
                    if mode != "stall":
                        finish()
                    return
        except OSError:
            ended.set()

    for arguments in ((client, server, "up"), (server, client, "down")):
        threading.Thread(target=forward, args=arguments, daemon=True).start()
    ended.wait()
    for one in (client, server):
        try:
            one.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        one.close()
    with open(control + ".count", "w") as file:
        file.write(f"{counts['up']} {counts['down']}\n")


listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)


def accept():
    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client,), daemon=True).start()


threading.Thread(target=accept, daemon=True).start()
sys.stdin.read()
os._exit(0)
