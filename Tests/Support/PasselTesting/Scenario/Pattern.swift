import Foundation

/// A regular expression over the lines of an output.
enum Pattern {
    /// Whether `expression` matches somewhere in `bytes`; `^` and `$` match at lines.
    static func matches(_ expression: Bytes, in bytes: Bytes) throws -> Bool {
        let text = bytes.text
        let range = NSRange(text.startIndex..., in: text)
        return try compiled(expression).firstMatch(in: text, range: range) != nil
    }

    private static func compiled(_ expression: Bytes) throws -> NSRegularExpression {
        do {
            return try NSRegularExpression(pattern: expression.text, options: .anchorsMatchLines)
        } catch {
            throw TestingProblem("bad pattern: \(expression.text)")
        }
    }
}
