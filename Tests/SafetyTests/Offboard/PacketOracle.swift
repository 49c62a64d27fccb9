import Foundation

/// Which versions of which entries name bob, by git's and gpg's own words.
struct PacketOracle {
    let keys: OracleKeys
    let git: Git

    /// A version of an entry, by its name and git's id.
    struct Version: Hashable {
        let name: String
        let id: String
    }

    /// Every version in any commit that leads to a reference, and in the work tree.
    func versions() throws -> Set<Version> {
        let log = try git.run([
            "log", "--all", "-m", "--root", "--raw", "--no-abbrev", "--no-renames", "-z",
            "--format=",
        ])
        guard log.status == 0 else { throw SafetyProblem(log.errorText) }
        var found: Set<Version> = []
        let words = log.output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        var meta = ""
        for word in words {
            if word.hasPrefix(":") {
                meta = word
                continue
            }
            // `:100644 100644 OLD NEW M`
            let parts = meta.split(separator: " ")
            guard parts.count == 5, word.hasSuffix(".gpg"), parts[1] == "100644" else { continue }
            found.insert(Version(name: String(word.dropLast(4)), id: String(parts[3])))
        }
        let files = try git.run(["ls-files", "-z", "-c", "-o", "--", "*.gpg"])
        let names = files.output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            .filter { FileManager.default.fileExists(atPath: "\(git.folder)/\($0)") }
        let hashes = try git.run(
            ["hash-object", "--no-filters", "--stdin-paths"],
            bytes: Array(names.map { "\(git.folder)/\($0)\n" }.joined().utf8))
        for (name, id) in zip(names, hashes.text.split(separator: "\n")) {
            found.insert(Version(name: String(name.dropLast(4)), id: String(id)))
        }
        return found
    }

    /// Those of the versions that name bob.
    ///
    /// gpg lists messages in batches: it takes the square of their number in one stream.
    func readable(_ versions: Set<Version>) throws -> Set<Version> {
        var contents: [String: [UInt8]] = [:]
        for id in Set(versions.map(\.id)) { contents[id] = [] }
        let ids = contents.keys.sorted()
        let batch = try git.run(
            ["cat-file", "--batch"], bytes: Array(ids.map { $0 + "\n" }.joined().utf8))
        var rest = batch.output[...]
        for id in ids {
            guard let end = rest.firstIndex(of: 0x0A) else { throw SafetyProblem("no object") }
            let head = String(decoding: rest[..<end], as: UTF8.self).split(separator: " ")
            rest = rest[(end + 1)...]
            // What is only in the work tree git does not have.
            guard head.count == 3, let size = Int(head[2]) else { continue }
            contents[id] = Array(rest.prefix(size))
            rest = rest.dropFirst(size + 1)
        }
        for version in versions where contents[version.id]?.isEmpty == true {
            let file = URL(fileURLWithPath: "\(git.folder)/\(version.name).gpg")
            contents[version.id] = Array(try Data(contentsOf: file))
        }
        let armoured = ids.filter { contents[$0]?.first == UInt8(ascii: "-") }
        let plain = Set(ids).subtracting(armoured).sorted()
        var naming: Set<String> = []
        for first in stride(from: 0, to: plain.count, by: 32) {
            naming.formUnion(
                try list(Array(plain[first..<min(first + 32, plain.count)]), contents))
        }
        for id in armoured { naming.formUnion(try list([id], contents)) }
        return versions.filter { naming.contains($0.id) }
    }

    /// Those of the objects that name one of bob's keys.
    private func list(_ ids: [String], _ contents: [String: [UInt8]]) throws -> Set<String> {
        var starts: [Int] = []
        var stream: [UInt8] = []
        for id in ids {
            starts.append(stream.count)
            stream += contents[id] ?? []
        }
        let listing = try keys.gpg(["--list-packets", "--list-only"], stream)
        var naming: Set<String> = []
        var offset = 0
        for line in listing.text.split(separator: "\n") {
            if line.hasPrefix("# off=") {
                offset = Int(line.dropFirst(6).prefix { $0.isNumber }) ?? 0
            } else if line.hasPrefix(":pubkey enc packet:"),
                let id = line.split(separator: " ").last, keys.leaverIDs.contains(String(id)),
                let index = starts.lastIndex(where: { $0 <= offset })
            {
                naming.insert(ids[ids.count == 1 ? 0 : index])
            }
        }
        return naming
    }
}
