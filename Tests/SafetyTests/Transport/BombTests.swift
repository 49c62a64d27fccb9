import PasselTesting
import Testing

/// A few bytes that stand for more than any memory holds.
@Suite struct BombTests {
    private static let limit = 256 << 20
    private let box: RemoteBox

    init() throws { box = try RemoteBox() }

    private func python(_ script: String, _ arguments: String...) throws {
        let outcome = try Invocation.tool("/usr/bin/python3", ["-c", script] + arguments)
        guard outcome.status == 0 else { throw TestingProblem(outcome.stderr.text) }
    }

    /// Makes a bundle whose pack has the objects that a script writes.
    private func bundle(_ objects: String) throws -> String {
        let path = box.sandbox.root + "/bomb.bundle"
        try python(
            """
            import sys, zlib, hashlib, struct
            def head(kind, size):
                out = bytearray([kind << 4 | size & 15]); size >>= 4
                while size: out[-1] |= 128; out.append(size & 127); size >>= 7
                return bytes(out)
            def number(value):
                out = bytearray([value & 127]); value >>= 7
                while value: out[-1] |= 128; out.append(value & 127); value >>= 7
                return bytes(out)
            def zeros(count):
                packer = zlib.compressobj(9); out = b''
                while count > 0: out += packer.compress(bytes(min(count, 1 << 20))); count -= 1 << 20
                return out + packer.flush()
            objects = []
            \(objects)
            pack = b'PACK' + struct.pack('>II', 2, len(objects)) + b''.join(objects)
            with open(sys.argv[1], 'wb') as file:
                file.write(b'# v2 git bundle\\n' + b'12' * 20 + b' refs/heads/main\\n\\n')
                file.write(pack + hashlib.sha1(pack).digest())
            """, path)
        return path
    }

    @Test(arguments: [
        ("a blob", "objects.append(head(3, 1 << 30) + zeros(1 << 30))"),
        ("a tree", "objects.append(head(2, 1 << 30) + zeros(1 << 30))"),
        ("a commit", "objects.append(head(1, 1 << 30) + zeros(1 << 30))"),
        (
            "a difference",
            """
            base = bytes(1 << 16)
            name = hashlib.sha1(b'blob %d\\0' % len(base) + base).digest()
            objects.append(head(3, len(base)) + zeros(len(base)))
            copy = b'\\xb0\\xff\\xff' * (1 << 14)
            delta = number(len(base)) + number(65535 << 14) + copy
            objects.append(head(7, len(delta)) + name + zlib.compress(delta))
            """
        ),
    ]) func `what unpacks to more than memory is refused`(bomb: (name: String, script: String))
        throws
    {
        let path = try bundle(bomb.script)
        let said = try box.go("fetch", path, timeout: 60)
        #expect(said.status == 1 && said.problem != nil, "\(said.raw.text)")
        #expect(said.memory < Self.limit, "\(said.memory >> 20) MiB")
        print("\(bomb.name): \(said.memory >> 20) MiB, \(said.problem ?? "")")
        #expect(try box.isSound(box.folder))
        let left = Disk.names(in: Bytes((box.folder + "/.git/objects/pack").utf8)).map(\.text)
        #expect(!left.contains { $0.hasPrefix("tmp_") })
    }
}
