import PasselCore

/// What was typed behind a command's word, read as the command declares it.
struct Arguments {
    /// The words that called the command, the program's name first.
    let invocation: [[UInt8]]
    /// Everything behind those words, as it was typed.
    let typed: [[UInt8]]
    private let declared: Set<String>
    private let values: [String: [any Sendable]]
    private let trailing: [[UInt8]]

    init(
        invocation: [[UInt8]], typed: [[UInt8]], declared: Set<String>,
        values: [String: [any Sendable]], trailing: [[UInt8]]
    ) {
        self.invocation = invocation
        self.typed = typed
        self.declared = declared
        self.values = values
        self.trailing = trailing
    }

    /// Whether the flag was given.
    subscript(_ flag: Flag) -> Bool { !values(flag, of: Bool.self).isEmpty }

    /// The option's value; nothing when it was not given.
    subscript<Value>(_ option: Option<Value>) -> Value? { values(option, of: Value.self).last }

    /// The values of an option that may be repeated, in order.
    subscript<Value>(_ option: ListOption<Value>) -> [Value] { values(option, of: Value.self) }

    /// The operand.
    subscript<Value>(_ operand: Operand<Value>) -> Value {
        guard let value = values(operand, of: Value.self).first else {
            preconditionFailure("an operand that must be there was not asked for")
        }
        return value
    }

    /// The operand, if it was given.
    subscript<Value>(_ operand: OptionalOperand<Value>) -> Value? {
        values(operand, of: Value.self).first
    }

    /// The operands, in order.
    subscript<Value>(_ operands: Operands<Value>) -> [Value] { values(operands, of: Value.self) }

    /// What stood behind `--`.
    subscript(_ parameter: Trailing) -> [[UInt8]] { trailing }

    /// The command as it was typed, fit for a shell, with `option` behind the command's words.
    func commandLine(adding option: String) -> Text {
        (invocation + [option.bytes] + typed).map(ShellWord.text).joined(separator: " ")
    }

    /// What is wrong with arguments that are each right, such as two options that exclude each
    /// other.
    func problem(_ message: Text) -> Problem { Problem.usage(message, invocation: invocation) }

    private func values<Value>(_ parameter: some Parameter, of type: Value.Type) -> [Value] {
        let label = parameter.shape.label
        precondition(declared.contains(label), "\(label) is not among the command's parameters")
        return (values[label] ?? []).compactMap { $0 as? Value }
    }
}
