import PasselCore
import PasselStore

extension Catalogue {
    /// The entries that could not be read and why, for programs.
    var unreadableJSON: JSON {
        .array(
            unreadable.map { item in
                ["name": .path(item.name), "problem": .string(item.problem.message)]
            })
    }
}
