/// An entry that is to be made of something another program kept.
public struct ImportedItem: Sendable {
    /// What its folders and it itself are called over there, the outermost first.
    public let place: [Text]
    /// Whose login it is: what tells it apart from another of the same name.
    public let account: Text?
    /// What the entry will hold.
    public let content: Secret
    /// Whether the value itself has more lines than the first, which is what references give.
    public let goesOn: Bool

    /// An entry for what is called so over there.
    public init(place: [Text], account: Text? = nil, content: Secret, goesOn: Bool = false) {
        self.place = place
        self.account = account
        self.content = content
        self.goesOn = goesOn
    }
}

/// What was found in a file that is imported.
public struct ImportedItems: Sendable {
    /// What entries can be made of, in the order of the file.
    public var items: [ImportedItem] = []
    /// What cannot be imported, and why; nothing secret in it.
    public var leftOut: [Text] = []

    /// Nothing.
    public init() {}
}
