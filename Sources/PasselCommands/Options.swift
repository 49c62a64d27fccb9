import CPosix
import PasselCore
import PasselPosix

/// Thrown when options or operands are wrong: pass's usage line for the command.
struct OptionProblem: Error {
    let usage: Text
}

/// A command's options and operands, as glibc's `getopt_long` reads them: permuted, bundled,
/// abbreviated.
struct Options {
    /// An option that a command takes; one that pass has not has no letter.
    struct Definition {
        enum Argument: Int32 {
            case none = 0
            case required = 1
            case optional = 2
        }
        var letter: Character?
        let name: String
        var argument = Argument.none
    }

    private var found: [(name: String, argument: [UInt8]?)] = []
    private let definitions: [Definition]
    /// What is no option, in order.
    private(set) var operands: [[UInt8]] = []

    /// Reads `arguments`; diagnostics go to standard error under the program's name.
    ///
    /// - Throws: `OptionProblem` when an option is unknown, ambiguous or lacks its argument.
    init(_ definitions: [Definition], _ arguments: [[UInt8]], program: [UInt8], usage: Text) throws
    {
        self.definitions = definitions
        let short = definitions.map { definition in
            definition.letter.map {
                String($0) + String(repeating: ":", count: Int(definition.argument.rawValue))
            } ?? ""
        }.joined()
        let collector = Collector(definitions)
        let argv = [program] + arguments
        let names = definitions.map { Array($0.name.utf8) }
        let first = withArguments(argv) { vector in
            withArguments(names) { names in
                let table = definitions.enumerated().map { index, definition in
                    passel_option(
                        name: UnsafePointer(names[index]), argument: definition.argument.rawValue,
                        letter: Collector.code(definition, at: index))
                }
                let context = Unmanaged.passUnretained(collector).toOpaque()
                let first = passel_getopt(
                    Int32(argv.count), vector, short, table, Int32(table.count), context
                ) { context, letter, argument in
                    guard let context else { return }
                    Unmanaged<Collector>.fromOpaque(context).takeUnretainedValue()
                        .add(letter, argument)
                }
                if first >= 0 { collector.addOperands(vector, from: Int(first), count: argv.count) }
                return first
            }
        }
        guard first >= 0 else { throw OptionProblem(usage: usage) }
        found = collector.found
        operands = collector.operands
    }

    /// Whether the option was given.
    func has(_ letter: Character) -> Bool { argument(letter) != nil }

    /// The argument of the last of these options; empty when it was given without one, nothing when
    /// it was not given.
    func argument(_ letter: Character) -> [UInt8]? {
        guard let name = definitions.first(where: { $0.letter == letter })?.name else { return nil }
        return arguments(name).last
    }

    /// The arguments of every option of this name, in order.
    func arguments(_ name: String) -> [[UInt8]] {
        found.filter { $0.name == name }.map { $0.argument ?? [] }
    }

    /// What the C callback hands over.
    private final class Collector {
        var found: [(name: String, argument: [UInt8]?)] = []
        var operands: [[UInt8]] = []
        private let names: [Int32: String]

        init(_ definitions: [Definition]) {
            let pairs = definitions.enumerated().map { (Self.code($1, at: $0), $1.name) }
            names = Dictionary(pairs) { first, _ in first }
        }

        /// By what number getopt tells of the option: its letter, or one that is no letter's.
        static func code(_ definition: Definition, at index: Int) -> Int32 {
            definition.letter?.asciiValue.map { Int32($0) } ?? 0x100 + Int32(index)
        }

        func add(_ code: Int32, _ argument: UnsafePointer<CChar>?) {
            guard let name = names[code] else { return }
            found.append((name, argument.map(Self.bytes)))
        }

        func addOperands(
            _ vector: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>, from first: Int,
            count: Int
        ) {
            for index in first..<count {
                if let operand = vector[index] { operands.append(Self.bytes(operand)) }
            }
        }

        private static func bytes(_ string: UnsafePointer<CChar>) -> [UInt8] {
            var result: [UInt8] = []
            var next = string
            while next.pointee != 0 {
                result.append(UInt8(bitPattern: next.pointee))
                next += 1
            }
            return result
        }
    }
}
