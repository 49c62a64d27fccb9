extension OffboardingList {
    /// Takes over what was found anew, and keeps what was known before and was not found again,
    /// such as what a rewritten history or a shallow clone does not show any more.
    public mutating func update(with found: [Item], keyIDs: Set<KeyID>) {
        self.keyIDs.formUnion(keyIDs)
        var seen: [[UInt8]: Set<Content>] = [:]
        for item in found { seen[item.name, default: []].formUnion(item.contents) }
        var items = found
        for var item in self.items {
            item.contents.removeAll { seen[item.name]?.contains($0) ?? false }
            guard !item.contents.isEmpty else { continue }
            let place = items.firstIndex {
                $0.name == item.name && $0.place == item.place && $0.isCertain == item.isCertain
            }
            // What is not in history any more is older than what is.
            if let place {
                items[place].contents += item.contents
            } else {
                items.append(item)
            }
        }
        self.items = items
    }

    /// Every version that they could read under a name.
    public func contents(of name: [UInt8]) -> Set<Content> {
        Set(items.filter { $0.name == name }.flatMap(\.contents))
    }
}
