/// An environment variable and its value.
public struct Variable: Sendable {
    /// Its name.
    public let name: VariableName
    /// Its value.
    public let value: Secret

    /// A variable with a value.
    public init(_ name: VariableName, _ value: Secret) {
        self.name = name
        self.value = value
    }
}
