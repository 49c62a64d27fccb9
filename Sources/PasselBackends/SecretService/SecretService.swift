import CSecretService
import Glibc
import PasselCore
import PasselPosix

/// The Secret Service of a desktop's session: GNOME Keyring, KWallet, KeePassXC.
///
/// It compares nothing itself, so the state is looked at once more right before a change.
final class SecretService: RemoteBackend {
    private var service: UnsafeMutableRawPointer?

    /// gnome-keyring takes any size; a message of D-Bus has an end.
    let capabilities = BackendCapabilities(
        reads: true, lists: true, deletes: true, compares: false, largest: 16 << 20)

    /// A user who is asked to unlock a keyring is waited for, as for a passphrase.
    func begin(_ deadline: Deadline) throws {
        var problem = passel_keyring_problem()
        service = passel_keyring_open(&problem)
        guard service != nil else { throw Self.failure(problem) }
    }

    func begins(_ deadline: Deadline) {}

    func content(of location: Location) throws -> PlaceContent {
        guard let found = try found(SecretServiceItem(location)) else {
            return PlaceContent(.nothing, version: .absent)
        }
        return PlaceContent(.value(found.value), version: found.version)
    }

    func put(
        _ value: Secret, in location: Location, expected: PlaceVersion
    ) throws -> PlaceVersion {
        let item = try SecretServiceItem(location)
        let known = try found(item)
        try check(known, expected)
        var problem = passel_keyring_problem()
        let code = value.withBytes { bytes in
            if let known {
                return passel_keyring_set(known.item, bytes.baseAddress, bytes.count, &problem)
            }
            return item.attributes.withCAttributes { attributes in
                item.label.description.withCString { label in
                    passel_keyring_add(
                        service, attributes, label, bytes.baseAddress, bytes.count, &problem)
                }
            }
        }
        guard code == 0 else { throw Self.failure(problem) }
        return try found(item)?.version ?? .absent
    }

    func remove(_ location: Location, expected: PlaceVersion) throws -> PlaceVersion {
        let known = try found(SecretServiceItem(location))
        try check(known, expected)
        var problem = passel_keyring_problem()
        if let known, passel_keyring_remove(known.item, &problem) != 0 {
            throw Self.failure(problem)
        }
        return .absent
    }

    func places(below folder: Location) throws -> [Location] {
        var places: [Location] = []
        try search(SecretServiceItem.attributes(below: folder), unlocks: false) { item in
            guard
                let place = SecretServiceItem.place(
                    below: folder, { Self.attribute($0, of: item) })
            else { return }
            if let location = folder.below(place.place, field: place.field) {
                places.append(location)
            }
        }
        guard places.count <= BackendAnswer.mostPlaces else {
            throw BackendFailure(
                .validation, "there are more than \(BackendAnswer.mostPlaces) places")
        }
        return places.sorted { $0.spelling.bytes.precedes($1.spelling.bytes) }
    }

    // MARK: Items

    /// An item that was found, which is kept as long as this is.
    private final class Found {
        let item: UnsafeMutableRawPointer
        let value: Secret
        let version: PlaceVersion

        /// Nothing for an item without a value.
        init?(_ item: UnsafeMutableRawPointer) {
            var value: Secret?
            let code = withUnsafeMutablePointer(to: &value) { value in
                passel_keyring_value(item, value) { context, bytes, count in
                    context?.assumingMemoryBound(to: Secret?.self).pointee = Secret(
                        copying: UnsafeRawBufferPointer(start: bytes, count: count))
                }
            }
            guard code == 0, let value else { return nil }
            self.value = value
            // Its clock has whole seconds: two changes in one of them differ in their values.
            let digest = value.withBytes { Digest(of: $0) }
            version = .named("\(passel_keyring_modified(item)) \(digest.hex)")
            self.item = passel_keyring_keep(item)
        }

        deinit { passel_keyring_release(item) }
    }

    private func found(_ item: SecretServiceItem) throws -> Found? {
        var all: [Found] = []
        try search(item.sought, unlocks: true) { found in
            guard item.without.allSatisfy({ Self.attribute($0, of: found) == nil }) else { return }
            if let found = Found(found) { all.append(found) }
        }
        guard all.count <= 1 else {
            throw BackendFailure(
                .validation, "\(all.count) items are called so: remove all but one of them")
        }
        return all.first
    }

    private func check(_ known: Found?, _ expected: PlaceVersion) throws {
        guard expected == .unknown || expected == known?.version ?? .absent else {
            throw BackendFailure(.conflict, "")
        }
    }

    private func search(
        _ attributes: [(name: String, value: Text)], unlocks: Bool,
        _ found: (UnsafeMutableRawPointer) -> Void
    ) throws {
        var problem = passel_keyring_problem()
        let code = attributes.withCAttributes { attributes in
            withoutActuallyEscaping(found) { found in
                var found = found
                return withUnsafeMutablePointer(to: &found) { found in
                    passel_keyring_search(
                        service, attributes, unlocks ? 1 : 0, found,
                        { context, item in
                            guard let item else { return }
                            context?.assumingMemoryBound(
                                to: ((UnsafeMutableRawPointer) -> Void).self
                            ).pointee(item)
                        }, &problem)
                }
            }
        }
        guard code == 0 else { throw Self.failure(problem) }
    }

    private static func attribute(_ name: String, of item: UnsafeMutableRawPointer) -> Text? {
        guard let value = passel_keyring_attribute(item, name) else { return nil }
        defer { free(value) }
        return Text(String(cString: value).utf8)
    }

    // MARK: Failures

    private static func failure(_ problem: passel_keyring_problem) -> BackendFailure {
        var message = problem.message
        let told = withUnsafeBytes(of: &message) { Array($0.prefix { $0 != 0 }) }
        let text = Text(TerminalText.sanitised(told))
        let because: Text = told.isEmpty ? "" : ": \(text)"
        switch problem.failure {
        case PASSEL_KEYRING_NO_LIBRARY:
            return BackendFailure(
                .unsupported, "libsecret-1.so.0 is not installed: apt install libsecret-1-0")
        case PASSEL_KEYRING_NO_SERVICE:
            return BackendFailure(
                .transient, "nobody keeps secrets for this session\(because)")
        case PASSEL_KEYRING_LOCKED:
            return BackendFailure(.auth, "the keyring is locked, and nobody unlocked it")
        default: return BackendFailure(.transient, "the keyring did not do it\(because)")
        }
    }
}

extension [(name: String, value: Text)] {
    /// Names and values by turns, then NULL, each ended by a NUL.
    fileprivate func withCAttributes<R>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> R
    ) -> R {
        var words = flatMap { [strdup($0.name), strdup($0.value.description)] }.map {
            $0.map { UnsafePointer($0) }
        }
        defer { for word in words { free(UnsafeMutablePointer(mutating: word)) } }
        words.append(nil)
        return words.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { preconditionFailure("it has an end") }
            return body(start)
        }
    }
}
