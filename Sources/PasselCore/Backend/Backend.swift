/// Places of one kind, whoever keeps them.
///
/// What is put or taken away is so only while the place still is in the state that is `expected`; else
/// a `BackendFailure` of the kind `conflict` says that nothing was changed. No message ever has a
/// value in it.
public protocol Backend {
    /// What it can do.
    var capabilities: BackendCapabilities { get }

    /// What a place holds.
    func content(of location: Location) throws -> PlaceContent

    /// Puts a value into a place; the state that the place is in then.
    func put(
        _ value: Secret, in location: Location, expected: PlaceVersion
    ) throws -> PlaceVersion

    /// The places below a folder.
    func places(below folder: Location) throws -> [Location]
}

/// Places that can be emptied, too.
public protocol RemovingBackend: Backend {
    /// Takes away what is in a place; the state that the place is in then.
    func remove(_ location: Location, expected: PlaceVersion) throws -> PlaceVersion
}
