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
    /// An option that a command takes.
    struct Definition {
        enum Argument: Int32 {
            case none = 0
            case required = 1
            case optional = 2
        }
        let letter: Character
        let name: String
        var argument = Argument.none
    }

    private var found: [(letter: Character, argument: [UInt8]?)] = []
    /// What is no option, in order.
    private(set) var operands: [[UInt8]] = []

    /// Reads `arguments`; diagnostics go to standard error under the program's name.
    ///
    /// - Throws: `OptionProblem` when an option is unknown, ambiguous or lacks its argument.
    init(_ definitions: [Definition], _ arguments: [[UInt8]], program: [UInt8], usage: Text) throws
    {
        let short = definitions.map { definition in
            String(definition.letter)
                + String(repeating: ":", count: Int(definition.argument.rawValue))
        }.joined()
        let collector = Collector()
        let argv = [program] + arguments
        let names = definitions.map { Array($0.name.utf8) }
        let first = withArguments(argv) { vector in
            withArguments(names) { names in
                let table = definitions.enumerated().map { index, definition in
                    passel_option(
                        name: UnsafePointer(names[index]), argument: definition.argument.rawValue,
                        letter: Int32(definition.letter.asciiValue ?? 0))
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
    func has(_ letter: Character) -> Bool { found.contains { $0.letter == letter } }

    /// The argument of the last of these options; empty when it was given without one, nothing when
    /// it was not given.
    func argument(_ letter: Character) -> [UInt8]? {
        found.last { $0.letter == letter }.map { $0.argument ?? [] }
    }

    /// What the C callback hands over.
    private final class Collector {
        var found: [(letter: Character, argument: [UInt8]?)] = []
        var operands: [[UInt8]] = []

        func add(_ letter: Int32, _ argument: UnsafePointer<CChar>?) {
            let character = Character(UnicodeScalar(UInt8(truncatingIfNeeded: letter)))
            found.append((character, argument.map(Self.bytes)))
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
