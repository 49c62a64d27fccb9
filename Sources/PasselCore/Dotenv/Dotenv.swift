/// The files that set variables, `.env` and the like, as their many readers have them in common.
public enum Dotenv {
    /// A line `NAME=VALUE`.
    public struct Assignment: Sendable {
        /// The number of the line that it begins in, from 1.
        public let line: Int
        /// The number of the line that it ends in.
        public let lastLine: Int
        /// What it sets.
        public let name: VariableName
        /// To what.
        public let value: Secret
        /// Why other readers may take the line for something else; nothing where they agree.
        public let doubt: Text?
    }

    /// A line that is no assignment, or one that some readers would run.
    public struct Flaw: Error, Equatable {
        /// The number of the line, from 1.
        public let line: Int
        /// What is wrong with it; nothing that stands in it but a name.
        public let reason: Text
    }

    /// Why a value cannot be written so that every reader gets it back.
    public enum Refusal: Error, Equatable, CaseIterable {
        /// It has a line end, which direnv's reader does not take.
        case newline
        /// It has a carriage return or a NUL byte.
        case control
        /// It is not UTF-8.
        case notUTF8
        /// It has both kinds of quotes, or a `'` beside what double quotes do not protect.
        case quotes
        /// It has `${`, or two backslashes, or one at its end, which readers undo even between `'`.
        case backslashes

        /// What is told of it.
        public var reason: Text {
            switch self {
            case .newline: "it has more than one line, which direnv cannot read from such a file"
            case .control: "it has a carriage return or a NUL byte, which readers drop"
            case .notUTF8: "it is not UTF-8"
            case .quotes:
                "it has a ' and one of \" $ ` \\ ! beside it, which no quoting protects everywhere"
            case .backslashes:
                "it has ${, or two backslashes, or one at its end, which readers undo in any quotes"
            }
        }
    }
}
