/// A value on its way out of the store, with what its entry says of where it belongs.
public struct ExportItem: Sendable {
    /// What it is called where it goes: a variable, a section, a key, the name of a file.
    public let name: Text
    /// The entry that it comes from, for messages.
    public let entry: Text
    /// The reference that leads to it, as it is written.
    public let reference: Text
    /// The value itself.
    public let value: Secret
    /// What kind of token it is.
    public let kind: Text?
    /// The service that takes it.
    public let url: Text?
    /// The user name that goes with it.
    public let username: Text?

    /// A value with a name.
    public init(
        name: Text, entry: Text, reference: Text, value: Secret, kind: Text? = nil,
        url: Text? = nil, username: Text? = nil
    ) {
        self.name = name
        self.entry = entry
        self.reference = reference
        self.value = value
        self.kind = kind
        self.url = url
        self.username = username
    }

    /// The user name, which the format cannot do without.
    func requiredUsername(for format: Text) throws -> Text {
        if let username { return username }
        throw Problem(
            "\(entry) has no user name, which \(format) needs",
            hints: ["passel token set \(ShellWord.text(entry.bytes)) username=NAME"])
    }

    /// The service's address, which the format cannot do without.
    func requiredURL(for format: Text) throws -> WebAddress {
        guard let url else {
            throw Problem(
                "\(entry) has no url, which \(format) needs",
                hints: ["passel token set \(ShellWord.text(entry.bytes)) url=https://..."])
        }
        if let address = WebAddress(url.bytes) { return address }
        throw Problem(
            "the url of \(entry) is not of the form https://HOST/PATH",
            hints: ["passel token set \(ShellWord.text(entry.bytes)) url=https://..."])
    }

    /// Refuses a value that a line cannot hold whatever the format: several lines, control
    /// characters, blanks around it, nothing at all.
    func requireLine(for format: Text) throws {
        guard let reason = Self.flaw(value) else { return }
        throw unfit(for: format, reason)
    }

    /// The longest header that servers take: 8 KiB with its line end, as nginx and Apache do.
    private static let longestHeader = 8190

    /// Refuses a value with which nobody could log in, for the header that is made of it is longer
    /// than servers take: `Authorization: Basic`, and user and value in Base64 (RFC 7617).
    func requireHeader(for format: Text, user: Text) throws {
        let pair = user.bytes.count + 1 + value.count
        guard "Authorization: Basic ".utf8.count + (pair + 2) / 3 * 4 > Self.longestHeader else {
            return
        }
        throw unfit(for: format, "servers take no login of its length: 8 KB are the limit")
    }

    /// What is wrong with a value for `format`, as a problem.
    func unfit(for format: Text, _ reason: Text, hints: [Text] = []) -> Problem {
        Problem("the value of \(entry) cannot be in \(format): \(reason)", hints: hints)
    }

    /// Why a line cannot hold a value.
    static func flaw(_ value: Secret) -> Text? {
        value.withBytes { bytes in
            if bytes.isEmpty { return "it is empty" }
            if bytes.contains(.newline) { return "it has several lines" }
            if bytes.contains(.carriageReturn) { return "it has a carriage return" }
            if bytes.contains(where: { $0 < 0x20 || $0 == 0x7f }) {
                return "it has a control character"
            }
            if bytes.first == 0x20 || bytes.last == 0x20 { return "it begins or ends in a blank" }
            if bytes.contains(where: { $0 >= 0x80 }), !bytes.isUTF8 { return "it is not UTF-8" }
            return nil
        }
    }
}
