/// Makes passwords of characters that are all equally likely.
public enum PasswordGenerator {
    /// A password of `length` characters of `set`, without a blank at either end (reading it back
    /// strips those).
    ///
    /// - Throws: pass's message when no such password exists.
    public static func password(length: Int, from set: CharacterSet) throws -> Secret {
        let ends = set.bytes.filter { !$0.isBlank }
        guard !ends.isEmpty else {
            throw Problem.pass("Could not generate password from /dev/urandom.")
        }
        return Secret(capacity: length) { memory in
            for index in 0..<length {
                let choice = index == 0 || index == length - 1 ? ends : set.bytes
                memory[index] = choice[Random.uniform(below: choice.count)]
            }
            return length
        }
    }
}
