import Foundation

/// A file of commands and expectations, with the files that they need.
public struct Scenario: Sendable, CustomStringConvertible {
    /// One line of a scenario that does something.
    public struct Step: Sendable {
        /// Its line number in the file, from one.
        public var line: Int
        /// The sentence that heads its phase.
        public var phase: String
        /// Whether it must succeed.
        public var demand: Demand
        /// Who does it, if not the person at the keyboard: `as PERSON VERB…`.
        public var person: String?
        /// The word that says what to do.
        public var verb: String
        /// The rest of the line, not yet split.
        public var rest: Bytes
    }

    /// What is expected of a command's exit status.
    public enum Demand: Sendable { case success, failure, nothing }

    /// The file.
    public let path: String
    /// Its path below the folder of scenarios, without suffix.
    public let description: String
    /// What happens, in order.
    public let steps: [Step]
    /// The files that it needs.
    public let sections: [Txtar.Section]

    /// Reads the scenario in `path`, which lies below the folder `root`.
    public init(path: String, below root: String) throws {
        guard let bytes = Disk.read(path) else { throw TestingProblem("cannot read \(path)") }
        let name = path.dropFirst(root.count).drop { $0 == "/" }
        self.init(bytes, path: path, name: String(name.replacing(".txtar", with: "")))
    }

    /// A scenario from its text; `path` is only reported.
    public init(_ bytes: Bytes, path: String, name: String) {
        let archive = Txtar(bytes)
        var steps: [Step] = []
        var phase = ""
        for (index, line) in Scenario.joined(archive.comment) {
            guard let first = line.first else { continue }
            if first == 0x23 {
                phase = Bytes(line.dropFirst()).trimmed.text
                continue
            }
            var rest = line[...]
            var demand = Demand.success
            if line.hasPrefix("! ") || line.hasPrefix("? ") {
                demand = first == 0x21 ? .failure : .nothing
                rest = line.dropFirst(2).drop { $0 == 0x20 }
            }
            func word() -> Bytes {
                rest = rest.drop { $0 == 0x20 || $0 == 0x09 }
                let word = Bytes(rest.prefix { $0 != 0x20 && $0 != 0x09 })
                rest = rest.dropFirst(word.count)
                return word
            }
            var step = Step(
                line: index + 1, phase: phase, demand: demand, verb: word().text, rest: [])
            step.rest = Bytes(rest)
            if step.verb == "as" {
                let person = word().text
                let verb = word().text
                if !verb.isEmpty {
                    (step.person, step.verb, step.rest) = (person, verb, Bytes(rest))
                }
            }
            steps.append(step)
        }
        self.path = path
        self.description = name
        self.steps = steps
        self.sections = archive.sections
    }

    /// The lines with their numbers, those within an open quote joined to the one that opened it.
    private static func joined(_ lines: [Bytes]) -> [(index: Int, line: Bytes)] {
        var result: [(index: Int, line: Bytes)] = []
        var open: Bytes?
        for (index, line) in lines.enumerated() {
            if let start = open, let last = result.indices.last {
                result[last].line = start + [0x0A] + line
            } else {
                result.append((index, line.trimmed))
            }
            let whole = result.last?.line ?? []
            open = whole.first != 0x23 && Words.endsInQuote(whole) ? whole : nil
        }
        return result
    }

    /// Whether a step with this verb occurs.
    public func uses(_ verb: String) -> Bool { steps.contains { $0.verb == verb } }

    /// All scenarios below `folder`, those only whose name contains `PASSEL_SCENARIO` if that is set.
    public static func all(below folder: String) -> [Scenario] {
        let filter = ProcessInfo.processInfo.environment["PASSEL_SCENARIO"]
        return Disk.walk(Bytes(folder.utf8)).map(\.text).filter { $0.hasSuffix(".txtar") }
            .filter { filter.map($0.contains) ?? true }
            // A file that vanishes while the folder is listed is no scenario any more.
            .compactMap { try? Scenario(path: folder + "/" + $0, below: folder) }
    }
}

/// A scenario that did not go as it says.
public struct ScenarioFailure: Error, Sendable, CustomStringConvertible {
    /// The scenario's file.
    public var path: String
    /// The line that failed.
    public var line: Int
    /// The phase, the command and what was wrong with it.
    public var description: String

    /// A failure at a line of the scenario in `path`.
    public init(path: String, line: Int, description: String) {
        self.path = path
        self.line = line
        self.description = description
    }
}
