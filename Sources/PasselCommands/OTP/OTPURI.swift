import PasselCore

/// `otp uri`: the key itself, for another device.
struct OTPURI: Command {
    static let word = "uri"
    static let summary = "show the key to one-time passwords itself"
    static let parameters: [any Parameter] = [name, clip, qrcode]
    private static let name = Operand("NAME", .entry, "the entry with the key")
    private static let clip = Flag("clip", letter: "c", "copy it to the clipboard")
    private static let qrcode = Flag("qrcode", letter: "q", "show it as a QR code")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        guard !(arguments[Self.clip] && arguments[Self.qrcode]) else {
            throw arguments.problem("--clip and --qrcode exclude each other")
        }
        let name = arguments[Self.name]
        guard OTPFile.exists(name, session) else { throw Problem.pass("Passfile not found") }
        let uri = try OneTimeEntry(name, session: session).uri().source
        let label: Text = "OTP key URI for \(name)"
        if arguments[Self.clip] {
            try Clipboard(session: session).copy(uri, label: label)
        } else if arguments[Self.qrcode] {
            try QRCode(session: session).show(uri, label: label)
        } else {
            session.output.secret(Secret(joining: [uri, Secret(plain: "\n")]))
        }
        return .done
    }
}
