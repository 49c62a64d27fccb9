/// The manifest of a Kubernetes Secret, in YAML.
///
/// Values stand in `data` in base64, so there is nothing to quote, and `kubectl apply` copies none
/// of them in clear into its annotation.
public struct KubernetesSecret: WholeFile {
    /// The types that a Secret can have here.
    public enum Kind: String, Sendable, CaseIterable {
        case opaque
        case dockerconfigjson
        case tls

        fileprivate var name: Text {
            switch self {
            case .opaque: "Opaque"
            case .dockerconfigjson: "kubernetes.io/dockerconfigjson"
            case .tls: "kubernetes.io/tls"
            }
        }
    }

    private static let format: Text = "a Kubernetes Secret"
    private let name: Text
    private let namespace: Text?
    private let kind: Kind

    /// - Throws: a `Problem` for a name that no object can have.
    public init(name: Text, namespace: Text?, kind: Kind) throws {
        for (word, longest) in [(name, 253)] + (namespace.map { [($0, 63)] } ?? []) {
            guard Self.isName(word, longest) else {
                throw Problem(
                    "\(word) cannot be a name in Kubernetes: small letters and digits with - and . "
                        + "between them")
            }
        }
        self.name = name
        self.namespace = namespace
        self.kind = kind
    }

    /// RFC 1123 subdomain: `[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.…)*`.
    private static func isName(_ name: Text, _ longest: Int) -> Bool {
        let isWord: (UInt8) -> Bool = { $0.isDigit || (0x61...0x7a).contains($0) }
        guard (1...longest).contains(name.bytes.count) else { return false }
        return name.bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .allSatisfy { part in
                guard let first = part.first, let last = part.last else { return false }
                return isWord(first) && isWord(last)
                    && part.allSatisfy { isWord($0) || $0 == UInt8(ascii: "-") }
            }
    }

    /// As the protocol says.
    public func content(_ items: [ExportItem]) throws -> Secret {
        var pieces: [ContentPiece] = [
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: \"\(name)\"\n"
        ]
        if let namespace { pieces.append("  namespace: \"\(namespace)\"\n") }
        pieces.append("  labels:\n    app.kubernetes.io/managed-by: passel\n")
        pieces.append("type: \(kind.name)\ndata:\n")
        var size = 0
        for (key, value) in try data(items) {
            size += value.count
            pieces += ["  \"\(key)\": \"", .secret(Base64.padded(value)), "\"\n"]
        }
        guard size <= 1 << 20 else {
            throw Problem("\(size) bytes are more than a Kubernetes Secret can hold: 1 MiB")
        }
        return Secret(pieces)
    }

    private func data(_ items: [ExportItem]) throws -> [(key: Text, value: Secret)] {
        switch kind {
        case .opaque:
            try ExportItem.requireDistinctNames(items)
            return try items.map { (try Self.key($0), $0.value) }
        case .tls: return try tls(items)
        case .dockerconfigjson:
            let config = try DockerAuths().merging(items, into: Secret(plain: ""))
            return [(".dockerconfigjson", config)]
        }
    }

    private static func key(_ item: ExportItem) throws -> Text {
        let isKey = item.name.bytes.allSatisfy {
            $0.isDigit || (0x61...0x7a).contains($0 | 0x20) || "-._".utf8.contains($0)
        }
        guard isKey, (1...253).contains(item.name.bytes.count),
            ![".", ".."].contains(where: { item.name.bytes.elementsEqual($0.utf8) })
        else {
            throw Problem(
                "\(item.name) cannot be a key of \(format): letters, digits, - _ and . only")
        }
        return item.name
    }

    private func tls(_ items: [ExportItem]) throws -> [(key: Text, value: Secret)] {
        let wanted: [Text] = ["tls.crt", "tls.key"]
        guard items.count == 2, wanted.allSatisfy({ name in items.contains { $0.name == name } })
        else {
            throw Problem(
                "a Secret of the type tls has two values, tls.crt and tls.key",
                hints: ["passel export kubernetes --type tls tls.crt=ENTRY#FIELD tls.key=ENTRY"])
        }
        for item in items {
            guard item.value.withBytes({ $0.starts(with: "-----BEGIN ".utf8) }) else {
                throw item.unfit(for: Self.format, "\(item.name) is no PEM block")
            }
        }
        return wanted.compactMap { name in
            items.first { $0.name == name }.map { item in
                let ends = item.value.withBytes { $0.last == .newline }
                return (name, ends ? item.value : Secret([.secret(item.value), "\n"]))
            }
        }
    }
}
