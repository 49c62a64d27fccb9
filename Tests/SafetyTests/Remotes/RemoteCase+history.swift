import Foundation
import PasselTesting

extension RemoteCase {
    static let histories: [RemoteCase] = [
        RemoteCase(.history, "back to an older commit", .rewritten) {
            try $0.publish($0.git("rev-parse", "\(Smith.branch)~1"))
        },
        RemoteCase(.history, "another history with the same names", .rewritten) {
            try $0.publish($0.commit($0.git("rev-parse", "\(Smith.branch)^{tree}"), on: []))
        },
        RemoteCase(.history, "the last commit made again", .rewritten) {
            let message = try $0.message()
            let web = try $0.items("web").map { Smith.Item($0.mode, $0.name, message) }
            let top = try $0.items().filter { $0.name != Bytes("web".utf8) }
            try $0.publish(
                $0.commit(
                    $0.tree(top + [.init("40000", "web", $0.tree(web))]),
                    on: [$0.git("rev-parse", "\(Smith.branch)~1")]))
        },
        RemoteCase(
            .history, "a link that a later commit hides", .refused(["link"]), clone: .harmless
        ) {
            let tree = try $0.git("rev-parse", "\(Smith.branch)^{tree}")
            try $0.add("120000", "hidden", $0.blob($0.root + "/outside"))
            try $0.publish($0.commit(tree, on: [$0.head()]))
        },
        RemoteCase(.history, "a message of two megabytes", .refused(["object"])) {
            let tree = try $0.git("rev-parse", "\(Smith.branch)^{tree}")
            let message = String(repeating: "x", count: 2 << 20)
            try $0.publish($0.commit(tree, on: [$0.head()], message: message))
        },
        RemoteCase(.history, "a commit without people and times", .either) {
            let tree = try $0.git("rev-parse", "\(Smith.branch)^{tree}")
            try $0.publish(
                $0.object("commit", Bytes("tree \(tree)\nparent \($0.head())\n\nx\n".utf8)))
        },
        RemoteCase(.history, "escapes for the terminal in all that is said", .harmless) {
            let tree = try $0.git("rev-parse", "\(Smith.branch)^{tree}")
            let person = "\u{1b}]0;pwned\u{7} <\u{1b}[31m> 1800000000 +0000"
            let text =
                "tree \(tree)\nparent \(try $0.head())\nauthor \(person)\ncommitter \(person)\n\n\u{1b}[2J\u{9b}31m\n"
            try $0.publish($0.object("commit", Bytes(text.utf8)))
        },
    ]

    static let references: [RemoteCase] = [
        RemoteCase(.references, "a replacement of what is there", .harmless) {
            let evil = try $0.commit($0.tree([.init("120000", "x", $0.blob("/etc"))]), on: [])
            try $0.git("update-ref", "refs/replace/\($0.head())", evil)
        },
        RemoteCase(.references, "a branch that is a tag", .either) {
            let tag =
                "object \(try $0.head())\ntype commit\ntag x\ntagger M <m@example.org> 0 +0000\n\nx\n"
            try $0.publish($0.object("tag", Bytes(tag.utf8)))
        },
        RemoteCase(.references, "a branch that is a file", .refused(["object"])) {
            try $0.publish($0.message())
        },
        RemoteCase(.references, "names that look like options", .harmless, clone: .either) {
            let head = try $0.head()
            try Disk.write("\(head)\n", to: "\($0.remote)/refs/heads/--upload-pack=canary")
            try Disk.write("\(head)\n", to: "\($0.remote)/refs/heads/-x")
            try Disk.write("ref: refs/heads/--upload-pack=canary\n", to: "\($0.remote)/HEAD")
        },
        RemoteCase(.references, "ten thousand of them", .harmless) {
            let head = try $0.head()
            let lines = (0..<10_000).map { "\(head) refs/heads/b\(10_000 + $0)\n" }
            try Disk.write(
                "# pack-refs with: peeled fully-peeled sorted \n" + lines.joined(),
                to: "\($0.remote)/packed-refs")
        },
        RemoteCase(.references, "a HEAD that leads nowhere", .either) {
            try Disk.write("ref: refs/heads/../../../outside\n", to: "\($0.remote)/HEAD")
        },
    ]

    static let objects: [RemoteCase] = [
        RemoteCase(.objects, "an entry of 300 MiB in 300 KiB", .refused(["size"])) {
            try $0.add("100644", "bomb.gpg", $0.python(zeros, "300"))
        },
        RemoteCase(.objects, "an entry told apart from 300 MiB", .refused(["size"])) {
            let ids = try $0.python(deltas, "300").split(separator: " ").map(String.init)
            guard ids.count == 2 else { throw TestingProblem("no ids: \(ids)") }
            try $0.add(.init("100644", "a.gpg", ids[0]), .init("100644", "b.gpg", ids[1]))
        },
        RemoteCase(.objects, "an object that is missing", .refused(["object"])) {
            let file = try $0.blob("missing")
            try $0.add("100644", "x.gpg", file)
            Disk.remove("\($0.remote)/objects/\(file.prefix(2))/\(file.dropFirst(2))")
        },
        RemoteCase(
            .objects, "a folder that is a file, and a file that is a folder", .refused(["object"])
        ) {
            try $0.add(
                .init("40000", "a", $0.message()),
                .init("100644", "b.gpg", $0.git("rev-parse", "\(Smith.branch):web")))
        },
        RemoteCase(.objects, "a thousand folders in each other", .refused(["depth"])) {
            let top = try $0.python(deep, "1000", $0.message())
            try $0.add("40000", "deep", top)
        },
        RemoteCase(.objects, "a million names", .refused(["count"])) {
            try $0.add("40000", "many", $0.python(many, "1000000", $0.message()))
        },
        RemoteCase(.objects, "a thousand million names in ten folders", .refused(["count"])) {
            var folder = try $0.tree([.init("100644", "x.gpg", $0.message())])
            for _ in 0..<9 {
                folder = try $0.tree((0..<10).map { .init("40000", "d\($0)", folder) })
            }
            try $0.add("40000", "wide", folder)
        },
    ]

    /// Writes a file of so many MiB of nothing as an object of a few KiB.
    private static let zeros = """
        import sys, zlib, hashlib, os
        size = int(sys.argv[1]) << 20
        head = b"blob %d\\0" % size
        block = bytes(1 << 20)
        digest, packer, out = hashlib.sha1(head), zlib.compressobj(9), []
        out.append(packer.compress(head))
        for _ in range(size >> 20):
            digest.update(block)
            out.append(packer.compress(block))
        out.append(packer.flush())
        name = digest.hexdigest()
        folder = "objects/" + name[:2]
        os.makedirs(folder, exist_ok=True)
        with open(folder + "/" + name[2:], "wb") as file: file.write(b"".join(out))
        print(name)
        """

    /// Writes a pack of two: so many MiB of nothing, and a few bytes that are told as a part of it.
    private static let deltas = """
        import sys, zlib, hashlib, struct, subprocess
        size = int(sys.argv[1]) << 20
        def head(kind, size):
            first, size = kind << 4 | size & 15, size >> 4
            out = []
            while size:
                out.append(first | 128)
                first, size = size & 127, size >> 7
            return bytes(out + [first])
        def number(value):
            out = []
            while value > 127:
                out.append(value & 127 | 128)
                value >>= 7
            return bytes(out + [value])
        block = bytes(1 << 20)
        packer = zlib.compressobj(9)
        base = hashlib.sha1(b"blob %d\\0" % size)
        body = []
        for _ in range(size >> 20):
            base.update(block)
            body.append(packer.compress(block))
        body.append(packer.flush())
        first = head(3, size) + b"".join(body)
        # Copies 100 bytes from the start.
        delta = number(size) + number(100) + bytes([0x90, 100])
        small = hashlib.sha1(b"blob 100\\0" + bytes(100)).hexdigest()
        distance, offset = len(first), []
        offset.append(distance & 127)
        distance >>= 7
        while distance:
            distance -= 1
            offset.append(distance & 127 | 128)
            distance >>= 7
        second = head(6, len(delta)) + bytes(reversed(offset)) + zlib.compress(delta)
        pack = b"PACK" + struct.pack(">II", 2, 2) + first + second
        pack += hashlib.sha1(pack).digest()
        name = "objects/pack/pack-" + "1" * 40
        with open(name + ".pack", "wb") as file: file.write(pack)
        subprocess.run(["git", "index-pack", name + ".pack"], check=True, stdout=subprocess.DEVNULL)
        print(base.hexdigest(), small)
        """

    private static let write = """
        import sys, zlib, hashlib, os
        def write(kind, content):
            content = kind + b" %d\\0" % len(content) + content
            name = hashlib.sha1(content).hexdigest()
            os.makedirs("objects/" + name[:2], exist_ok=True)
            with open("objects/" + name[:2] + "/" + name[2:], "wb") as file:
                file.write(zlib.compress(content, 1))
            return name

        """

    private static let deep =
        write + """
            item = b"100644 x.gpg\\0" + bytes.fromhex(sys.argv[2])
            for _ in range(int(sys.argv[1])):
                item = b"40000 d\\0" + bytes.fromhex(write(b"tree", item))
            print(write(b"tree", item))
            """

    private static let many =
        write + """
            name = bytes.fromhex(sys.argv[2])
            items = (b"100644 %07d.gpg\\0" % number + name for number in range(int(sys.argv[1])))
            print(write(b"tree", b"".join(items)))
            """
}
