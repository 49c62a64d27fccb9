/// A variable and the reference whose value it gets.
public struct Binding: Sendable, Hashable {
    /// The variable.
    public let variable: VariableName
    /// What it gets.
    public let reference: Reference

    /// A variable that gets what `reference` stands for; without one named, the variable named
    /// after the entry.
    public init(_ variable: VariableName? = nil, _ reference: Reference) {
        self.variable = variable ?? VariableName(for: reference.name)
        self.reference = reference
    }

    /// What `VAR=REF` or `REF` means.
    ///
    /// With a `=` it is a pair; an entry whose name has one is spelled `passel://NAME`.
    ///
    /// - Throws: a `Problem` of usage for what is neither.
    public init(_ spelling: [UInt8]) throws(Problem) {
        var name: VariableName?
        var rest = spelling[...]
        if !spelling.starts(with: Reference.scheme),
            let equals = spelling.firstIndex(of: UInt8(ascii: "="))
        {
            guard let given = VariableName(spelling[..<equals]) else {
                throw Problem.usage(
                    "\(ShellWord.text(Array(spelling[..<equals]))) cannot be a variable's name",
                    hints: ["use letters, digits and _, no digit first"])
            }
            name = given
            rest = spelling[(equals + 1)...]
        }
        guard let reference = Reference(rest) else {
            throw Problem.usage(
                "\(ShellWord.text(Array(rest))) refers to no entry",
                hints: ["write VAR=NAME, VAR=NAME#FIELD or VAR=passel://NAME#FIELD"])
        }
        self.init(name, reference)
    }

    /// `VAR=passel://NAME[#FIELD]`.
    public var spelling: Text { "\(variable.text)=\(reference.uri)" }
}
