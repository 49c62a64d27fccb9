/// A deliberate difference from pass.
public struct Deviation: Sendable {
    /// The word by which scenarios claim it.
    public let id: String
    /// The commands that it concerns.
    public let command: String
    /// What pass 1.7.4 does.
    public let pass: String
    /// What passel does.
    public let passel: String
    /// Why.
    public let reason: String

    /// A row of the table of differences.
    public init(_ id: String, _ command: String, pass: String, passel: String, reason: String) {
        self.id = id
        self.command = command
        self.pass = pass
        self.passel = passel
        self.reason = reason
    }

    /// The table as Markdown.
    public static func table(_ deviations: [Deviation]) -> String {
        let rows = deviations.map {
            "| \($0.command) | \($0.pass) | \($0.passel) | \($0.reason) |\n"
        }
        return "| command | `pass` 1.7.4 | `passel` | why |\n|---|---|---|---|\n" + rows.joined()
    }
}
