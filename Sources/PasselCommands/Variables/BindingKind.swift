import PasselCore

extension ValueKind<Binding> {
    /// A variable and what it gets: `VAR=REF`, or a reference alone.
    static var binding: ValueKind {
        ValueKind(
            placeholder: "VAR=REF",
            expected: "VAR=NAME, VAR=NAME#FIELD or a reference alone", candidates: .entries
        ) { try? Binding($0) }  // What is wrong with it is what is expected.
    }
}
