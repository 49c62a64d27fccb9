import PasselCore
import PasselPosix

extension Store {
    /// Acknowledges what a review showed.
    ///
    /// Lists that the roster does not say are taken into it, which only a signer can do.
    ///
    /// - Throws: a `Problem` when some of it cannot be accepted, or changed since.
    ///   Entries that are for others than their folder's recipients are encrypted anew, as far as we
    ///   can read them and as `passel.heal` says; what came of it is returned.
    @discardableResult
    public func accept(_ review: Review) throws -> Healing {
        try acceptAlone(review)
        guard settings.recipientsOverride.isEmpty, try settings.configuration.heal == .auto else {
            return Healing()
        }
        return try heal()
    }

    private func acceptAlone(_ review: Review) throws {
        try exclusively {
            try refuseStale(review)
            if let obstacle = review.differences.lazy.compactMap(\.obstacle).first {
                throw obstacle
            }
            guard let stored = storedPins else { return }
            if let divergence = review.divergence {
                return try settle(divergence, review.base, isRefused: false)
            }
            guard !review.foreignLists.isEmpty else { return try stored.save(review.accepted) }
            var draft = try draft(from: review.accepted)
            for (folder, content) in review.foreignLists {
                guard !content.isEmpty else {
                    draft.inherit(folder)
                    continue
                }
                let list = try RecipientList(content, path: folder / ".gpg-id")
                draft.set(try list.recipients.map { try person($0) }, as: nil, in: folder)
            }
            let folders = review.foreignLists.keys.map(shown).joined(separator: ", ")
            try performAlone(
                TeamChange(draft, subject: "Accept the changed recipients of \(folders)."))
        }
    }

    /// Puts back what this machine has acknowledged, as a new commit, and encrypts anew what was
    /// encrypted to others meanwhile.
    ///
    /// A newer roster that rightly follows the acknowledged one has been acknowledged elsewhere:
    /// it is followed by one that says what the older one said, which only a signer can make.
    ///
    /// - Throws: a `Problem` when nothing was changed, such as because an entry cannot be read.
    public func refuse(_ review: Review) throws {
        try exclusively {
            try refuseStale(review)
            if let divergence = review.divergence {
                if review.isRefusable {
                    return try settle(divergence, review.base, isRefused: true)
                }
                throw review.differences.lazy.compactMap(\.obstacle).first
                    ?? Problem("nobody here can sign for both")
            }
            let isRightful = review.accepted.roster != review.base.roster
            if isRightful, let old = review.base.roster?.roster {
                guard let stored = storedPins else { return }
                let keyring = PrivateKeyring(folder: stored.folder, cipher: cipher)
                var draft = try draft(from: review.accepted)
                draft.roster.folders = old.folders
                draft.roster.keys = old.keys
                draft.files = try review.base.keys.mapValues { try keyring.file($0) }
                try performAlone(TeamChange(draft, subject: "Refuse the changed recipients."))
            } else {
                try putBack(review.base)
            }
        }
    }

    private func refuseStale(_ review: Review) throws {
        guard try pins() == review.base, try isSame(reviewAlone(), review) else {
            throw Problem(
                "the recipients changed since they were shown",
                hints: ["look at them again: passel recipients review"])
        }
    }

    private func isSame(_ left: Review, _ right: Review) -> Bool {
        left.accepted == right.accepted && left.divergence == right.divergence
    }

    private func draft(from pins: Pins) throws -> TeamDraft {
        guard let stored = storedPins, let roster = pins.roster?.roster else {
            throw Problem("the store has no roster")
        }
        var draft = TeamDraft(roster: roster, files: [:], base: pins)
        let keyring = PrivateKeyring(folder: stored.folder, cipher: cipher)
        for (key, digest) in pins.keys { draft.files[key] = try keyring.file(digest) }
        return draft
    }

    /// Lists, roster and key files as they were acknowledged, and the entries that follow from
    /// them.
    private func putBack(_ pins: Pins) throws {
        var steps: [FileChange] = []
        func put(_ name: Path, _ content: [UInt8]?) throws {
            guard try Files.readIfPresent(root / name) != content else { return }
            try refuseLinks(above: name)
            if content != nil { try makeFolders((root / name).parent) }
            steps.append(
                content.map { .write(root / name, $0, mode: .fresh) } ?? .remove(root / name))
        }
        for folder in Set(pins.lists.keys).union(try lists().keys) {
            let file: Path = folder == Roster.top ? ".gpg-id" : folder / ".gpg-id"
            if let obstacle = try whatIsNoList(file) { throw obstacle }
            try put(file, pins.lists[folder])
        }
        try put(Roster.file, pins.roster?.content)
        try put(TeamFiles.signature, pins.roster?.signature)
        if let stored = storedPins {
            let keyring = PrivateKeyring(folder: stored.folder, cipher: cipher)
            for (key, digest) in pins.keys {
                try put(TeamFiles.keyFile(key), try keyring.file(digest))
            }
        }
        let result = try reencrypted(toFit: pins)
        try Change(
            store: self, steps: steps + result.changes, pins: pins, lines: result.lines,
            subject: { _ in "Put back the acknowledged recipients." }
        ).perform()
        guard result.failed.isEmpty else {
            let names = result.failed.map(\.name).joined(separator: ", ")
            throw Problem(
                "the recipients are put back, but you cannot read these to encrypt them anew: \(names)",
                hints: ["let somebody who can read them do it: passel recipients heal"], status: 3)
        }
    }

    private func reencrypted(toFit pins: Pins) throws -> Reencryption.Result {
        var pending: [Path: Audience?] = [:]
        for folder in Set(pins.lists.keys).union(try lists().keys) {
            let place = (folder == Roster.top ? root : root / folder).withoutTrailingSlashes
            guard let content = pins.lists[folder] else {
                pending.updateValue(nil, forKey: place)
                continue
            }
            if let readers = pins.roster?.roster.folders[folder],
                let keyring = try keyring(of: pins.keys)
            {
                pending[place] = .pinned(
                    try usable(readers, in: folder, pins), folder: folder, keyring: keyring)
            } else {
                let list = try RecipientList(content, path: folder / ".gpg-id")
                pending[place] = try listed(list.recipients, folder, pins)
            }
        }
        let candidates = try Reencryption.files(below: root).map {
            Reencryption.Candidate(source: $0, destination: $0, listChanged: false)
        }
        return try Reencryption(store: self, pending: pending, pins: pins).run(candidates)
    }
}
