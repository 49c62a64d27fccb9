import PasselCore
import PasselStore

/// `find`: the tree of what has one of the terms in its name.
struct Find {
    let session: Session
    let word: Text

    func run(_ terms: [[UInt8]]) throws -> Int32 {
        if !session.isPass, FindByField.isMeant(terms) {
            let arguments = try ArgumentReader.read(
                terms, for: FindByField.parameters, invocation: [session.program, word.bytes])
            return try FindByField(session: session, arguments: arguments).run().code
        }
        guard !terms.isEmpty else {
            throw OptionProblem(usage: "Usage: \(session.program) \(word) pass-names...")
        }
        session.output.line("Search Terms: \(terms.map { Text($0) }.joined(separator: ","))")
        let tree = StoreTree.read(session.store.root, matching: TreePattern(terms: terms))
        TreeRendering(session: session).print(tree)
        return 0
    }
}
