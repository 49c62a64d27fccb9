import PasselCore

/// `otp validate`: whether an URI is one that can be used.
struct OTPValidate: Command {
    static let word = "validate"
    static let summary = "tell by the status whether a key URI can be used"
    static let parameters: [any Parameter] = [uri]
    private static let uri = OptionalOperand(
        "URI", .text, "the URI; without it, standard input, where no other program sees it")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let uri: Secret
        if let given = arguments[Self.uri] {
            uri = given.bytes.withUnsafeBytes { Secret(copying: $0) }
        } else {
            let prompt = Prompt(output: session.output)
            uri =
                Prompt.isInteractive
                ? try prompt.pasted("Enter otpauth:// URI: ") : try prompt.line().secret
        }
        do {
            _ = try OneTimeURI(uri)
        } catch {
            throw error.problem
        }
        return .done
    }
}
