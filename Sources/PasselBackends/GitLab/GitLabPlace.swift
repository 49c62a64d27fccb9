import PasselCore

/// A variable of GitLab CI, or all of one project, group or server.
struct GitLabPlace {
    /// What variables are below, such as `/projects/GROUP%2FNAME/variables`.
    let variables: [UInt8]
    /// What is called so, for messages.
    let holder: Text
    /// The variable's key; empty for all of them.
    let key: [UInt8]
    /// For which environments it is; nothing where there are none.
    let scope: Text?

    /// The variable that a location means: `GROUP/PROJECT/KEY`, `groups/GROUP/KEY` or `admin/KEY`,
    /// with the environments in which it is set as the field.
    ///
    /// - Throws: a `BackendFailure` for what can be none.
    init(_ location: Location) throws {
        try self.init(location.place, field: location.field)
        guard (1...255).contains(key.count),
            key.allSatisfy({
                $0.isDigit || (0x61...0x7a).contains($0 | 0x20) || $0 == UInt8(ascii: "_")
            })
        else {
            throw BackendFailure(
                .validation, "a variable's key has at most 255 letters, digits and _")
        }
    }

    /// The place in which all variables are that a folder means.
    init(folder: Location) throws { try self.init(folder.place, field: nil) }

    private init(_ place: Text, field: Text?) throws {
        let parts = place.bytes.split(separator: .slash, omittingEmptySubsequences: false)
            .map(Array.init)
        let isWhole = parts.dropLast().allSatisfy { part in
            !part.isEmpty && !part.elementsEqual(".".utf8) && !part.elementsEqual("..".utf8)
        }
        guard parts.count >= 2, isWhole, let last = parts.last else { throw Self.failure }
        func joined(_ parts: ArraySlice<[UInt8]>) -> [UInt8] {
            parts.map { PercentEncoding.encode($0) }.joined(separator: Array("%2F".utf8)).map(
                \.self)
        }
        if parts[0].elementsEqual("admin".utf8) {
            // Names of the server's own pages are nobody's.
            guard parts.count == 2 else { throw Self.failure }
            guard field == nil else {
                throw BackendFailure(
                    .validation, "a variable of the server is for all environments: no #FIELD")
            }
            variables = Array("/admin/ci/variables".utf8)
            scope = nil
        } else if parts[0].elementsEqual("groups".utf8) {
            guard parts.count >= 3 else { throw Self.failure }
            variables =
                Array("/groups/".utf8) + joined(parts[1..<(parts.count - 1)])
                + Array("/variables".utf8)
            scope = field ?? "*"
        } else {
            variables =
                Array("/projects/".utf8) + joined(parts[..<(parts.count - 1)])
                + Array("/variables".utf8)
            scope = field ?? "*"
        }
        holder = Text(Array(parts.dropLast().joined(separator: [.slash])))
        key = last
    }

    private static let failure = BackendFailure(
        .validation, "a place is GROUP/PROJECT/KEY, groups/GROUP/KEY or admin/KEY")

    /// Where the variable is asked for, in the environments that are meant and no others.
    var path: [UInt8] {
        let filter = scope.map { scope in
            Array("?filter%5Benvironment_scope%5D=".utf8)
                + PercentEncoding.encode(scope.bytes).flatMap { byte in
                    byte == UInt8(ascii: "+") ? Array("%2B".utf8) : [byte]
                }
        }
        return variables + [.slash] + key + (filter ?? [])
    }
}
