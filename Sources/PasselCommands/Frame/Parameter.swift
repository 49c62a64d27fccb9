import PasselCore

/// Something that a command takes on its command line.
///
/// One of the types below; `Arguments` gives back what was typed for it.
protocol Parameter: Sendable {
    var shape: ParameterShape { get }
}

/// What reading and `--help` need to know of a parameter.
struct ParameterShape: Sendable {
    enum Place: Sendable, Equatable {
        case flag
        case option
        case operands(ClosedRange<Int>)
        /// Everything behind `--`.
        case trailing
    }

    let place: Place
    /// An option's name without dashes, or what stands for an operand, such as `NAME`.
    let name: String
    var letter: Character?
    /// What stands for an option's value, such as `DATE`.
    var value = ""
    let help: String
    var candidates = Candidates.none
    /// Whether more than one is taken.
    var repeats = false
    /// What the value must be, such as `a day`.
    var expected = ""
    /// The value that bytes mean; nothing when they mean none.
    var read: @Sendable ([UInt8]) -> (any Sendable)? = { $0 }

    /// How messages name it: `--until` or `NAME`.
    var label: String {
        switch place {
        case .flag, .option: "--\(name)"
        case .operands, .trailing: name
        }
    }
}

/// `--name` or `-n`: is given or not.
struct Flag: Parameter {
    let shape: ParameterShape

    init(_ name: String, letter: Character? = nil, _ help: String) {
        shape = ParameterShape(place: .flag, name: name, letter: letter, help: help)
    }

    /// `--json`, for every command that reports something.
    static let json = Flag("json", "print the result as JSON")
    /// `--yes`, for every command that asks for consent.
    static let yes = Flag("yes", letter: "y", "do not ask before anything is changed")
}

/// `--name=VALUE`, `--name VALUE`, `-nVALUE` or `-n VALUE`; of several the last counts.
struct Option<Value: Sendable>: Parameter {
    let shape: ParameterShape

    init(_ name: String, letter: Character? = nil, _ kind: ValueKind<Value>, _ help: String) {
        shape = kind.shape(.option, name, letter: letter, help: help)
    }
}

/// An option of which all count that are given.
struct ListOption<Value: Sendable>: Parameter {
    private(set) var shape: ParameterShape

    init(_ name: String, letter: Character? = nil, _ kind: ValueKind<Value>, _ help: String) {
        shape = kind.shape(.option, name, letter: letter, help: help)
        shape.repeats = true
    }
}

/// An operand that must be there.
struct Operand<Value: Sendable>: Parameter {
    let shape: ParameterShape

    init(_ name: String, _ kind: ValueKind<Value>, _ help: String) {
        shape = kind.shape(.operands(1...1), name, help: help)
    }
}

/// An operand that may be there.
struct OptionalOperand<Value: Sendable>: Parameter {
    let shape: ParameterShape

    init(_ name: String, _ kind: ValueKind<Value>, _ help: String) {
        shape = kind.shape(.operands(0...1), name, help: help)
    }
}

/// Any number of operands, or at least so many.
struct Operands<Value: Sendable>: Parameter {
    let shape: ParameterShape

    init(_ name: String, _ kind: ValueKind<Value>, atLeast least: Int = 0, _ help: String) {
        shape = kind.shape(.operands(least...Int.max), name, help: help)
    }
}

/// Everything behind `--`, as it stands: another program and its arguments.
struct Trailing: Parameter {
    let shape: ParameterShape

    init(_ name: String, _ help: String) {
        shape = ParameterShape(place: .trailing, name: name, help: help)
    }
}
