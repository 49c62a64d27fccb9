import Foundation
import PasselCore
import PasselGit
import PasselTesting
import Testing

@testable import PasselStore

/// What somebody does to a store in a case of the table.
enum Edit: Sendable {
    /// The entry says this, encrypted to these people.
    case put(String, String, for: [String])
    /// The entry says what it said, encrypted anew.
    case recrypt(String, for: [String])
    case rm(String)
    case mv(String, String)
    /// A file with this content.
    case file(String, String)
    /// What follows is another commit.
    case commit

    static func put(_ name: String, _ text: String) -> Edit { .put(name, text, for: ["ann"]) }
    static func recrypt(_ name: String) -> Edit { .recrypt(name, for: ["ann"]) }
}

/// A store with two branches, and what comes of merging them, with objects of git and no gpg.
final class MergeBox {
    let box: StoreBox
    private var clock = 1_700_000_000
    private var base = ""

    /// Ann's store, with what both sides start from.
    init(_ edits: [Edit]) throws {
        box = try StoreBox.team([.bob, .carol, .ann])
        try apply(edits)
        base = try commit()
        // What is here now is acknowledged.
        _ = try box.store.review()
    }

    /// A branch from the common commit with these edits; the later one is the newer.
    func branch(_ name: String, _ edits: [Edit]) throws {
        try box.git("checkout", "-q", "-B", name, base)
        try apply(edits)
        _ = try commit()
    }

    private func apply(_ edits: [Edit]) throws {
        for edit in edits {
            switch edit {
            case .put(let name, let text, let people):
                try write(encrypted(text, people), name + ".gpg")
            case .recrypt(let name, let people):
                try write(encrypted(box.text(name) ?? "", people), name + ".gpg")
            case .rm(let name): try box.git("rm", "-rq", name)
            case .mv(let old, let new):
                try Disk.makeFolder(Path(box.path(new)).parent.repaired)
                try box.git("mv", old, new)
            case .file(let name, let text): try write(Array(text.utf8), name)
            case .commit: _ = try commit()
            }
        }
    }

    private func encrypted(_ text: String, _ people: [String]) throws -> [UInt8] {
        try box.cipher.encrypt(
            Secret(plain: text), to: people.map { Recipient($0.utf8) })
    }

    private func write(_ content: [UInt8], _ name: String) throws {
        try Disk.makeFolder(Path(box.path(name)).parent.repaired)
        try Disk.write(content, to: Bytes(box.path(name).utf8))
    }

    private func commit() throws -> String {
        clock += 60
        box.sandbox.set("GIT_COMMITTER_DATE", "@\(clock) +0000")
        defer { box.sandbox.set("GIT_COMMITTER_DATE", nil) }
        try box.commitAll()
        return try box.git("rev-parse", "HEAD")
    }

    /// The plan of merging `theirs` into `ours`, which is checked out.
    func plan(predicting: Bool = false) throws -> MergePlan {
        try box.git("checkout", "-q", "ours")
        let repository = try #require(try box.store.repository(around: box.store.root))
        return try StoreMerge(
            store: box.store, repository: repository, ours: id("ours"), theirs: id("theirs"),
            label: "origin"
        ).plan(predicting: predicting)
    }

    private func id(_ branch: String) throws -> GitID {
        try #require(GitID(hex: try box.git("rev-parse", branch).utf8))
    }

    /// The files of a branch, or what a plan makes of ours.
    func files(_ branch: String, after plan: MergePlan? = nil) throws -> [String: [UInt8]] {
        let repository = try #require(try box.store.repository(around: box.store.root))
        var files: [String: [UInt8]] = [:]
        for (name, leaf) in try repository.leaves(in: id(branch)) {
            files[name.text] = try repository.content(of: leaf.id)
        }
        for step in plan?.steps ?? [] {
            let name = try #require(step.path.relative(to: box.store.root)).bytes.text
            switch step {
            case .write(_, let content, _): files[name] = content
            case .remove:
                #expect(files[name] != nil, "\(name) is removed and was not there")
                files[name] = nil
            default: Issue.record("a plan only writes and removes")
            }
        }
        return files
    }

    /// The lines by which a store is compared: each entry with what it says and each other file but
    /// the list of the top, the digits of kept copies left out.
    static func lines(_ files: [String: [UInt8]]) -> [String] {
        files.filter { $0.key != ".gpg-id" }.map { name, content in
            var shown = name
            if let mark = name.range(of: ".conflict-") {
                shown.replaceSubrange(
                    mark.upperBound..<name.index(mark.upperBound, offsetBy: 8), with: "*")
            }
            guard shown.hasSuffix(".gpg") else { return "\(shown): \(content.text)" }
            shown.removeLast(4)
            guard let secret = try? MemoryCipher().decrypt(content, name: "entry") else {
                return "\(shown) = unreadable"
            }
            let text = secret.withBytes { String(decoding: $0, as: UTF8.self) }
            return "\(shown) = \(text.split(separator: "\n").joined(separator: " | "))"
        }.sorted()
    }

    /// The first lines of all entries.
    static func secrets(_ files: [String: [UInt8]]) -> Set<String> {
        Set(
            files.filter { $0.key.hasSuffix(".gpg") }.compactMap { _, content in
                guard let secret = try? MemoryCipher().decrypt(content, name: "entry") else {
                    return nil
                }
                return secret.withBytes { bytes in
                    String(decoding: bytes.prefix { $0 != .newline }, as: UTF8.self)
                }
            })
    }
}
