import PasselCore
import PasselPosix
import PasselStore

/// The variables that a command is to set, and what each is to hold; none is looked up before all
/// are known.
struct WantedVariables {
    /// What a variable is to hold.
    enum Content {
        /// What stands there already.
        case plain(Secret)
        /// What a reference stands for.
        case reference(Reference)
        /// A text with references in it.
        case template(Template)

        fileprivate var references: [Reference] {
            switch self {
            case .plain: []
            case .reference(let reference): [reference]
            case .template(let template): template.references
            }
        }
    }

    private var names: [VariableName] = []
    private var contents: [VariableName: Content] = [:]

    /// Whether there is none.
    var isEmpty: Bool { names.isEmpty }

    /// The entries whose secrets or fields are wanted.
    var entries: [Path] { references.map(\.name) }

    private var references: [Reference] {
        names.flatMap { contents[$0]?.references ?? [] }
    }

    /// The entry whose secret a variable is to hold, as it is; nothing for all else.
    func entry(of name: VariableName) -> Path? {
        guard case .reference(let reference) = contents[name], reference.field == nil else {
            return nil
        }
        return reference.name
    }

    /// Sets a variable, whatever it was to hold before.
    mutating func set(_ name: VariableName, to content: Content) {
        if contents.updateValue(content, forKey: name) == nil { names.append(name) }
    }

    /// Sets variables from one and the same source, where none can come before another.
    ///
    /// - Throws: a `Problem` when two of them have one name.
    mutating func set(_ bindings: [Binding]) throws {
        var seen: [VariableName: Reference] = [:]
        for binding in bindings {
            if let other = seen.updateValue(binding.reference, forKey: binding.variable),
                other != binding.reference
            {
                throw Problem(
                    "\(binding.variable.text) would be both \(other.spelling) and "
                        + "\(binding.reference.spelling)",
                    hints: ["name one of them: OTHER_NAME=\(binding.reference.spelling)"])
            }
            set(binding.variable, to: .reference(binding.reference))
        }
    }

    /// Refuses names that have a say in how programs run, unless `isForced`.
    func refuseDangerous(_ arguments: Arguments, isForced: Bool) throws {
        guard !isForced, let name = names.first(where: \.changesHowProgramsRun) else { return }
        throw Problem(
            "\(name.text) changes how programs run, so it is not set from an entry",
            hints: [arguments.commandLine(adding: "--force")])
    }

    /// The variables with their values: the entries are read together, with one operation of the
    /// user's key where the index knows them.
    ///
    /// - Throws: a `Problem` when one is not there, or holds what no variable can.
    func resolved(_ store: @autoclosure () -> Store) throws -> [Variable] {
        let references = references
        var values = (references.isEmpty ? [] : try store().values(of: references))[...]
        return names.compactMap { name in
            guard let content = contents[name] else { return nil }
            switch content {
            case .plain(let value): return Variable(name, value)
            case .reference: return values.popFirst().map { Variable(name, $0) }
            case .template(let template):
                let own = Array(values.prefix(template.references.count))
                values = values.dropFirst(own.count)
                return Variable(name, template.filled(with: own))
            }
        }
    }
}
