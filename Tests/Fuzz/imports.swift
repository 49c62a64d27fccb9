/// Whatever a file is that is imported: no trap, and names under which something can be stored.
func fuzzImports(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let source = Secret(copying: UnsafeRawBufferPointer(start: start, count: count))
    var found: [ImportedItems] = []
    for format in ImportFormat.allCases {
        if let items = try? format.items(source, inflater: Untouched()) { found.append(items) }
    }
    if let items = try? OnePasswordImport.items(source, file: { _, _ in nil }) {
        found.append(items)
    }
    if BitwardenEnvelope.isOne(source) { _ = try? BitwardenEnvelope(source) }
    for items in found {
        guard
            let plan = try? ImportPlan(
                items.items, into: "", .skip, names: [], content: { _ in nil })
        else { preconditionFailure("an imported name cannot be stored") }
        let written = plan.steps.filter(\.isWritten)
        precondition(Set(written.map(\.name)).count == written.count, "two have one name")
        for step in written {
            precondition(!step.content.isEmpty, "there is nothing in it")
            precondition(!step.name.components.contains { $0.first == UInt8(ascii: ".") })
        }
    }
    return 0
}

/// Takes packed bytes for what they hold.
private struct Untouched: Inflater {
    func inflate(_ packed: Secret, _ form: PackedForm, size: Int) throws -> Secret { packed }
}
