/// Why a backend did not do what it was asked, as every backend puts it.
public struct BackendFailure: Error, Sendable, Equatable {
    /// The classes of failures; each asks for something else of the user.
    public enum Kind: String, Sendable, CaseIterable {
        /// The credentials are missing, wrong or expired.
        case auth
        /// The credentials are good, but not for this.
        case permission
        /// There is no such place.
        case missing
        /// The place is not what it was when it was read.
        case conflict
        /// It was asked too often.
        case rateLimit = "rate-limit"
        /// The place, the field or the value is none that it takes.
        case validation
        /// It may go well another time.
        case transient
        /// It cannot do that at all.
        case unsupported
    }

    /// What kind of failure it is.
    public var kind: Kind
    /// What happened, without any value.
    public var message: Text
    /// The setting of the backend that mends it.
    public var setting: Text?
    /// In how many seconds it may be asked again.
    public var retryAfter: Int?

    /// A failure.
    public init(_ kind: Kind, _ message: Text, setting: Text? = nil, retryAfter: Int? = nil) {
        self.kind = kind
        self.message = message
        self.setting = setting
        self.retryAfter = retryAfter
    }

    /// As it is told to the user.
    ///
    /// - Parameters:
    ///   - backend: whose failure it is.
    ///   - program: what the user called.
    public func problem(of backend: BackendName, program: Text = "passel") -> Problem {
        let name = backend.text
        var hints: [Text] = []
        if let setting {
            hints.append("look at \(setting): \(program) backend show \(name)")
        } else if kind == .auth || kind == .permission {
            hints.append("\(program) backend test \(name)")
        }
        if let retryAfter { hints.append("sleep \(retryAfter), then again") }
        return Problem(
            "\(name): \(message.bytes.isEmpty ? Text(kind.meaning.utf8) : message)",
            hints: hints)
    }
}

extension BackendFailure.Kind {
    /// What to say where the backend does not.
    public var meaning: String {
        switch self {
        case .auth: "the credentials are not accepted"
        case .permission: "the credentials do not allow that"
        case .missing: "there is no such place"
        case .conflict: "it was changed by somebody else meanwhile; nothing was written"
        case .rateLimit: "it was asked too often"
        case .validation: "it does not take this"
        case .transient: "it did not work this time"
        case .unsupported: "it cannot do that"
        }
    }
}
