extension Profile {
    /// The text of a profile with these lines in it, in the place of those for the same variables;
    /// everything else in it stays as it is.
    ///
    /// - Throws: a `Problem` for a line that is no assignment, and where two are for one variable.
    public static func setting(_ bindings: [Binding], in text: Secret) throws -> Secret {
        try DotenvLines().merging(
            bindings.map { binding in
                let reference = binding.reference.uri
                return ExportItem(
                    name: binding.variable.text, entry: Text(binding.reference.name.bytes),
                    reference: reference,
                    value: reference.bytes.withUnsafeBytes { Secret(copying: $0) })
            }, into: text)
    }

    /// The text of a profile without the lines for these variables.
    ///
    /// - Throws: a `Problem` for a line that is no assignment.
    public static func removing(_ names: [VariableName], from text: Secret) throws -> Secret {
        try names.reduce(text) { try DotenvLines().removing($1.text, from: $0) }
    }

    /// The text of a profile once entries have other names: what `rename` gives, nothing for those
    /// that keep theirs.
    ///
    /// - Returns: nothing where it stays as it is.
    /// - Throws: `Dotenv.Flaw` for what is no profile, a `Problem` for a name that no line can hold.
    public static func renaming(in text: Secret, _ rename: (Path) -> Path?) throws -> Secret? {
        let moved = try Profile(text).bindings.compactMap { binding in
            rename(binding.reference.name).map {
                Binding(binding.variable, Reference($0, field: binding.reference.field))
            }
        }
        return moved.isEmpty ? nil : try setting(moved, in: text)
    }
}
