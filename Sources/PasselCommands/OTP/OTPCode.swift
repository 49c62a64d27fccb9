import PasselCore
import PasselStore

/// `otp code`: the one-time password of now, or the next one.
struct OTPCode: Command {
    static let word = "code"
    static let summary = "show the one-time password of now"
    static let discussion = """
        Of a key that counts, the number in the entry is stepped first. If a password is refused, \
        look at the clock: it must be right to some seconds.
        """
    static let parameters: [any Parameter] = [name, clip, Flag.json]
    private static let name = Operand("NAME", .entry, "the entry with the key")
    private static let clip = Flag("clip", letter: "c", "copy it to the clipboard")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let name = arguments[Self.name]
        guard OTPFile.exists(name, session) else {
            throw Problem.pass("\(name): passfile not found.")
        }
        let entry = try OneTimeEntry(name, session: session)
        let uri = try entry.uri()
        let now = session.now
        let code: Secret
        if let counter = uri.key.counter {
            guard counter < .max else { throw Problem("\(name): the counter is at its end") }
            code = uri.key.password(counter + 1)
            try entry.entry.replace(
                by: entry.content(with: uri.stepped),
                subject: CommitSubject.stepOneTimeKey(Text(name.bytes)))
        } else {
            code = uri.key.password(at: now)
        }
        if arguments[Self.clip] {
            try Clipboard(session: session).copy(code, label: "OTP code for \(name)")
        }
        if arguments[Flag.json] {
            session.output.json(
                json(uri.key, now), secret: arguments[Self.clip] ? nil : ("code", code))
        } else if !arguments[Self.clip] {
            session.output.secret(Secret(joining: [code, Secret(plain: "\n")]))
        }
        return .done
    }

    private func json(_ key: OneTimeKey, _ now: Int64) -> JSON {
        let isTimed = key.counter == nil
        return [
            "name": .path(arguments[Self.name]), "type": .string(Text(key.kind.rawValue.utf8)),
            "issuer": .text(key.issuer), "account": .string(key.account),
            "algorithm": .string(key.algorithm), "digits": .int(Int64(key.digits)),
            "period": isTimed ? .int(key.period) : .null,
            "until": isTimed
                ? .string(Instant(second: key.end(ofPasswordAt: now)).spelling) : .null,
        ]
    }
}
