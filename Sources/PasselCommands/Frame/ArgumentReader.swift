import PasselCore

/// Reads arguments as the GNU tools do: options anywhere, bundled letters, `--` before operands
/// that begin with a dash.
///
/// Unlike `getopt_long`, which pass's commands keep, it takes no abbreviated names: an option that
/// comes later must not change what scripts say. Its messages are ours.
struct ArgumentReader {
    private let invocation: [[UInt8]]
    private let shapes: [ParameterShape]
    private var values: [String: [any Sendable]] = [:]
    private var operands: [[UInt8]] = []
    private var trailing: [[UInt8]] = []

    /// Thrown when the user asks for help instead.
    struct HelpWanted: Error {}

    private init(_ shapes: [ParameterShape], invocation: [[UInt8]]) {
        self.shapes = shapes
        self.invocation = invocation
    }

    /// What the words mean to a command with these parameters.
    ///
    /// - Throws: `HelpWanted`, or a `Problem` with status 2 that tells what is wrong.
    static func read(
        _ words: [[UInt8]], for parameters: [any Parameter], invocation: [[UInt8]]
    ) throws -> Arguments {
        let shapes = parameters.map(\.shape)
        var reader = ArgumentReader(shapes, invocation: invocation)
        try reader.readOptions(words)
        try reader.distributeOperands()
        return Arguments(
            invocation: invocation, typed: words, declared: Set(shapes.map(\.label)),
            values: reader.values, trailing: reader.trailing)
    }

    private mutating func readOptions(_ words: [[UInt8]]) throws {
        var rest = words[...]
        while let word = rest.popFirst() {
            if word == "--".bytes {
                let hasTrailing = shapes.contains { $0.place == .trailing }
                if hasTrailing { trailing += rest } else { operands += rest }
                return
            } else if word.starts(with: "--".utf8) {
                try readLong(word.dropFirst(2), &rest)
            } else if word.first == UInt8(ascii: "-"), word.count > 1 {
                try readLetters(word.dropFirst(), &rest)
            } else {
                operands.append(word)
            }
        }
    }

    /// `name` or `name=value`.
    private mutating func readLong(
        _ word: ArraySlice<UInt8>, _ rest: inout ArraySlice<[UInt8]>
    ) throws {
        let name = word.prefix { $0 != UInt8(ascii: "=") }
        let value = name.endIndex < word.endIndex ? Array(word[(name.endIndex + 1)...]) : nil
        guard let shape = options.first(where: { $0.name.utf8.elementsEqual(name) }) else {
            if name.elementsEqual("help".utf8), value == nil { throw HelpWanted() }
            throw unknown(name)
        }
        if shape.place == .flag {
            guard value == nil else { throw problem("\(shape.label) takes no value") }
            keep(true, for: shape)
        } else {
            try add(value ?? rest.popFirst(), for: shape)
        }
    }

    /// Letters in one word; the first that takes a value takes what is left of the word, or else
    /// the next one.
    private mutating func readLetters(
        _ word: ArraySlice<UInt8>, _ rest: inout ArraySlice<[UInt8]>
    ) throws {
        var letters = word
        while let letter = letters.popFirst() {
            guard let shape = options.first(where: { $0.letter?.asciiValue == letter }) else {
                if letter == UInt8(ascii: "h") { throw HelpWanted() }
                throw problem("unknown option -\([letter])")
            }
            guard shape.place == .flag else {
                try add(letters.isEmpty ? rest.popFirst() : Array(letters), for: shape)
                return
            }
            keep(true, for: shape)
        }
    }

    private var options: [ParameterShape] {
        shapes.filter { $0.place == .flag || $0.place == .option }
    }

    /// From left to right each takes what it needs, then what is left over as far as it may.
    private mutating func distributeOperands() throws {
        let places = shapes.compactMap {
            shape -> (shape: ParameterShape, count: ClosedRange<Int>)? in
            guard case .operands(let count) = shape.place else { return nil }
            return (shape, count)
        }
        var spare = operands.count - places.reduce(0) { $0 + $1.count.lowerBound }
        var rest = operands[...]
        for (shape, count) in places {
            let more = min(max(spare, 0), count.upperBound - count.lowerBound)
            spare -= more
            let own = rest.prefix(count.lowerBound + more)
            guard own.count >= count.lowerBound else { throw problem("\(shape.name) is missing") }
            for word in own { try add(word, for: shape) }
            rest = rest.dropFirst(own.count)
        }
        if let word = rest.first { throw problem("one argument too many: \(word)") }
    }

    private mutating func add(_ word: [UInt8]?, for shape: ParameterShape) throws {
        guard let word else { throw problem("\(shape.label) needs a value: \(shape.expected)") }
        guard let value = shape.read(word) else {
            throw problem("\(shape.label): \(ShellWord.text(word)) is not \(shape.expected)")
        }
        keep(value, for: shape)
    }

    private mutating func keep(_ value: any Sendable, for shape: ParameterShape) {
        values[shape.label, default: []].append(value)
    }

    private func unknown(_ name: ArraySlice<UInt8>) -> Problem {
        var problem = problem("unknown option --\(Array(name))")
        if let near = Nearest.word(to: Array(name), among: options.map(\.name)) {
            problem.hints.insert("did you mean --\(near)?", at: 0)
        }
        return problem
    }

    private func problem(_ message: Text) -> Problem {
        Problem.usage(message, invocation: invocation)
    }
}

extension Problem {
    /// A command was typed in a way that it cannot mean anything.
    static func usage(_ message: Text, invocation: [[UInt8]]) -> Problem {
        let words = invocation.map { Text($0) }.joined(separator: " ")
        return usage(message, hints: ["\(words) --help"])
    }
}

/// The word that somebody probably meant.
enum Nearest {
    /// The word that the fewest changes of letters lead to; nothing when it takes more than two, or
    /// more than half of a short word.
    static func word(to typed: [UInt8], among words: [String]) -> String? {
        let distances = words.map { (word: $0, distance: distance(typed, Array($0.utf8))) }
        guard let best = distances.min(by: { $0.distance < $1.distance }),
            best.distance <= max(1, min(2, best.word.utf8.count / 2))
        else { return nil }
        return best.word
    }

    /// Levenshtein's: insertions, removals and replacements.
    private static func distance(_ from: [UInt8], _ to: [UInt8]) -> Int {
        var row = Array(0...to.count)
        for (index, letter) in from.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in to.indices {
                let replaced = diagonal + (to[column] == letter ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
            }
        }
        return row[to.count]
    }
}
