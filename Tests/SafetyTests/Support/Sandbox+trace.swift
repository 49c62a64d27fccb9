import Foundation

extension Sandbox {
    /// Every program that a command starts, with arguments and environment.
    func trace(
        _ words: [String], _ input: String = "", environment: [String: String]? = nil
    ) throws -> String {
        let file = folder + "/trace"
        let strace = [
            "strace", "-f", "--seccomp-bpf", "-qq", "-v", "-s", "65535", "-e", "trace=execve", "-o",
            file,
        ]
        let outcome = try Command(
            words: strace + words, environment: environment ?? self.environment,
            input: Array(input.utf8)
        ).run()
        guard outcome.status == 0 else { throw SafetyProblem("\(words): \(outcome.errorText)") }
        return try String(contentsOfFile: file, encoding: .utf8)
    }
}
