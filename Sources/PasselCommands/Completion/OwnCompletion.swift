import PasselCore

/// What may stand next on a line that begins with one of our own commands.
///
/// The shells know nothing of these commands: they ask here, and complete values of a kind (names,
/// keys, files) as they do for pass's commands.
struct OwnCompletion {
    let commands: OwnCommands
    /// The names of what only the store or the machine knows: profiles, remotes, backends.
    var names: (Candidates) -> [[UInt8]] = { _ in [] }

    /// The kind of value that may come next (`entries`, `folders`, `keys`, `members`, `requests`,
    /// `files` or nothing), and then words, each with a tab and its meaning behind it where there is
    /// one.
    ///
    /// The last of `words` is being typed, the first is the command's; alone it is one of ours that
    /// is being typed. Nothing at all when it is not one of ours. Where the word being typed is an
    /// option together with its value, the kind has a tab behind it and then the option: what
    /// follows stands for the rest of the word.
    func candidates(_ words: [[UInt8]]) -> [[UInt8]] {
        guard let current = words.last else { return [] }
        guard words.count > 1 else {
            return offer("", commands.items.map { ($0.word, $0.summary) }, current)
        }
        guard let item = commands.item(words[0]) else { return [] }
        let before = words.dropFirst().dropLast()
        switch item {
        case .command(let command): return next(command, before, current)
        case .group(let group):
            if let verb = before.first {
                guard let command = group.commands.first(where: { $0.word.bytes == verb }) else {
                    return group.standard.map { next($0, before, current) } ?? [[]]
                }
                return next(command, before.dropFirst(), current)
            }
            if current.first == UInt8(ascii: "-"), let standard = group.standard {
                return next(standard, before, current)
            }
            let verbs = offer("", group.commands.map { ($0.word, $0.summary) }, current)
            guard group.takesOperands, let standard = group.standard else { return verbs }
            // The standard command's operand may stand in the place of a word.
            return next(standard, before, current) + verbs.dropFirst()
        }
    }

    private func next(
        _ command: any Command.Type, _ before: ArraySlice<[UInt8]>, _ current: [UInt8]
    ) -> [[UInt8]] {
        let shapes = command.parameters.map(\.shape)
        let typed = Typed(before, shapes)
        if let open = typed.openOption { return values(open, current) }
        if current.first == UInt8(ascii: "-"), !typed.optionsEnded {
            if let (option, length) = joined(current, shapes) {
                var found = values(option, Array(current.dropFirst(length)))
                found[0] += [0x09] + current.prefix(length)
                return found
            }
            let options = shapes.filter { shape in
                let isOption = shape.place == .flag || shape.place == .option
                return isOption && (shape.repeats || !typed.options.contains(shape.name))
            }
            let all = options.map { ($0.label, $0.help) } + [("--help", "show this text")]
            return offer("", all, current)
        }
        return operand(shapes, typed.operands).map { values($0, current) } ?? [[]]
    }

    /// The option whose value is being typed in the same word (`--path=x`, `-px`), and how much of
    /// the word comes before it.
    private func joined(
        _ word: [UInt8], _ shapes: [ParameterShape]
    ) -> (option: ParameterShape, length: Int)? {
        let options = shapes.filter { $0.place == .option }
        if word.starts(with: "--".utf8) {
            guard let sign = word.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            let name = word[2..<sign]
            return options.first { $0.name.utf8.elementsEqual(name) }.map { ($0, sign + 1) }
        }
        for (index, letter) in word.enumerated().dropFirst() {
            guard let shape = shapes.first(where: { $0.letter?.asciiValue == letter }) else {
                return nil
            }
            guard shape.place == .flag else {
                return index + 1 < word.count ? (shape, index + 1) : nil
            }
        }
        return nil
    }

    /// The parameter that takes the operand after so many others.
    private func operand(_ shapes: [ParameterShape], _ count: Int) -> ParameterShape? {
        var left = count
        for shape in shapes {
            guard case .operands(let range) = shape.place else { continue }
            if left < range.upperBound { return shape }
            left -= range.upperBound
        }
        return nil
    }

    private func values(_ shape: ParameterShape, _ current: [UInt8]) -> [[UInt8]] {
        switch shape.candidates {
        case .none: offer("", [], current)
        case .entries: offer("entries", [], current)
        case .folders: offer("folders", [], current)
        case .keys: offer("keys", [], current)
        case .members: offer("members", [], current)
        case .requests: offer("requests", [], current)
        case .files: offer("files", [], current)
        case .profiles, .remotes, .backends:
            [[]] + names(shape.candidates).filter { $0.starts(with: current) }
        case .words(let words): offer("", words.map { ($0, "") }, current)
        }
    }

    private func offer(
        _ kind: String, _ words: [(word: String, meaning: String)], _ current: [UInt8]
    ) -> [[UInt8]] {
        let fitting = words.filter { $0.word.utf8.starts(with: current) }
        return [kind.bytes]
            + fitting.map { ($0.word + ($0.meaning.isEmpty ? "" : "\t\($0.meaning)")).bytes }
    }

    /// What the words before the one being typed say about it.
    private struct Typed {
        var options: Set<String> = []
        var operands = 0
        var optionsEnded = false
        /// The option whose value is being typed.
        var openOption: ParameterShape?

        init(_ words: ArraySlice<[UInt8]>, _ shapes: [ParameterShape]) {
            for word in words {
                if openOption != nil {
                    openOption = nil
                } else if optionsEnded || word.first != UInt8(ascii: "-") || word.count == 1 {
                    operands += 1
                } else if word == "--".bytes {
                    optionsEnded = true
                } else if word.starts(with: "--".utf8) {
                    let name = word.dropFirst(2).prefix { $0 != UInt8(ascii: "=") }
                    let isWhole = name.count == word.count - 2
                    note(shapes.first { $0.name.utf8.elementsEqual(name) }, takesNext: isWhole)
                } else {
                    let last = word.dropFirst().last
                    note(shapes.first { $0.letter?.asciiValue == last }, takesNext: true)
                }
            }
        }

        private mutating func note(_ shape: ParameterShape?, takesNext: Bool) {
            guard let shape else { return }
            options.insert(shape.name)
            if takesNext, shape.place == .option { openOption = shape }
        }
    }
}
