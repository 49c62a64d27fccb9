/// A set of variables and the references that they get: lines `NAME=passel://ENTRY#FIELD`, as
/// `Dotenv` reads them.
///
/// It holds no value, so that it may lie in any repository.
public struct Profile: Sendable {
    /// The name of a project's own, which is looked for in the current folder and those above it.
    public static let projectFile: Path = ".env.passel"
    /// Where those of a store are.
    public static let folder: Path = ".passel/profiles"

    /// The variables, in order; of two lines for one variable the later counts.
    public let bindings: [Binding]

    /// Reads a profile.
    ///
    /// - Throws: `Dotenv.Flaw` for the first line that is no assignment of a reference.
    public init(_ source: Secret) throws(Dotenv.Flaw) {
        var bindings: [Binding] = []
        for line in try Dotenv.assignments(in: source) {
            guard let reference = line.value.withBytes(Reference.init(marked:)) else {
                throw Dotenv.Flaw(
                    line: line.line,
                    reason: "\(line.name.text) has a value that is not a reference such as "
                        + "passel://ci/pypi")
            }
            bindings.removeAll { $0.variable == line.name }
            bindings.append(Binding(line.name, reference))
        }
        self.bindings = bindings
    }

    /// The file of the profile with this name below a store's top; nothing for what is no name of a
    /// file.
    public static func file(_ name: Text) -> Path? {
        let parts = Path(name.bytes).components
        guard parts.count == 1, let part = parts.first, part.first != UInt8(ascii: "."),
            !name.bytes.contains(.slash)
        else { return nil }
        return folder / part
    }
}
