import PasselCore

/// A variable of CircleCI, or all of one project or context.
struct CircleCIPlace {
    /// Whose it is.
    enum Holder {
        case project
        case context
    }

    let holder: Holder
    /// Where all variables of the holder are asked for.
    let variables: [UInt8]
    /// The variable's name; empty for all of them.
    let name: [UInt8]

    /// The variable that a location means: `gh/OWNER/REPOSITORY/NAME` or `context/ID/NAME`.
    ///
    /// - Throws: a `BackendFailure` for what can be none.
    init(_ location: Location) throws {
        guard location.field == nil else {
            throw BackendFailure(.validation, "a variable has one value: leave #FIELD out")
        }
        try self.init(location.place)
        guard VariableName(name) != nil else {
            throw BackendFailure(
                .validation, "a variable's name has letters, digits and _, no digit first")
        }
    }

    /// The place in which all variables are that a folder means.
    init(folder: Location) throws { try self.init(folder.place) }

    private init(_ place: Text) throws {
        let parts = place.bytes.split(separator: .slash, omittingEmptySubsequences: false)
            .map(Array.init)
        let isWhole = parts.dropLast().allSatisfy { part in
            !part.isEmpty && !part.elementsEqual(".".utf8) && !part.elementsEqual("..".utf8)
        }
        let isContext = parts[0].elementsEqual("context".utf8)
        guard isWhole, let last = parts.last, parts.count == (isContext ? 3 : 4) else {
            throw BackendFailure(
                .validation, "a place is gh/OWNER/REPOSITORY/NAME or context/ID/NAME")
        }
        let path = parts.dropLast().flatMap { [.slash] + PercentEncoding.encode($0) }
        holder = isContext ? .context : .project
        variables =
            isContext
            ? path + Array("/environment-variable".utf8)
            : Array("/project".utf8) + path + Array("/envvar".utf8)
        name = last
    }

    /// Where the variable is asked for.
    var path: [UInt8] { variables + [.slash] + name }
}
