import PasselCore
import PasselPosix

/// The profiles in the two files that the tools of AWS share.
struct AWSProfiles {
    /// The profile that is used.
    let name: Text
    /// Whether a setting says so.
    let isSet: Bool
    private let sections: [Section]

    private struct Section {
        /// The profile; empty for a section that is none.
        let name: [UInt8]
        var values: [(key: [UInt8], value: Secret)] = []
    }

    private static let longest = 1 << 20

    /// - Throws: a `BackendFailure` when the setting means nothing; a `Problem` or a `SystemError`
    ///   when a file cannot be read.
    init(_ setup: BackendSetup) throws {
        let profile = try setup.text("profile", "AWS_PROFILE", "AWS_DEFAULT_PROFILE")
        name = profile?.value ?? "default"
        isSet = profile?.setting != nil
        var sections: [Section] = []
        for (variable, usual, isConfiguration) in [
            ("AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials", false),
            ("AWS_CONFIG_FILE", ".aws/config", true),
        ] {
            let named = setup.variable(variable)?.withBytes { Array($0) }
            let own = setup.home.map { $0 / Path(Array(usual.utf8)) }
            guard let path = named.map({ setup.path(Text($0)) }) ?? own, FileStatus.isFile(path)
            else { continue }
            sections += Self.sections(
                try Files.readSecret(path, limit: Self.longest), isConfiguration)
        }
        self.sections = sections
    }

    /// The sections of a file; in the one with the configuration, profiles are called so.
    private static func sections(
        _ content: Secret, _ isConfiguration: Bool
    ) -> [Section] {
        var sections: [Section] = []
        content.withBytes { bytes in
            for line in bytes.split(whereSeparator: { $0 == .newline || $0 == .carriageReturn }) {
                guard let first = line.first, !"#;".utf8.contains(first) else { continue }
                if first == UInt8(ascii: "[") {
                    let words = line.dropFirst().prefix { $0 != UInt8(ascii: "]") }
                        .split(whereSeparator: \.isBlank).map { Array($0) }
                    let isProfile = words.count == 2 && words[0].elementsEqual("profile".utf8)
                    let isDefault = words.count == 1 && words[0].elementsEqual("default".utf8)
                    let name =
                        isConfiguration && isProfile
                        ? words[1]
                        : words.count == 1 && (!isConfiguration || isDefault) ? words[0] : []
                    sections.append(Section(name: name))
                    continue
                }
                // What is indented belongs to the line before it.
                guard !first.isBlank, let last = sections.indices.last,
                    let equals = line.firstIndex(of: UInt8(ascii: "="))
                else { continue }
                let key = line[..<equals].trimmingBlanks.map(\.asciiLowercased)
                let raw = line[(equals + 1)...]
                let start = raw.firstIndex { !$0.isBlank } ?? raw.endIndex
                let end = (raw.lastIndex { !$0.isBlank } ?? start - 1) + 1
                let value = Secret(copying: UnsafeRawBufferPointer(rebasing: raw[start..<end]))
                sections[last].values.append((key, value))
            }
        }
        return sections
    }

    private func value(_ key: String, of profile: Text) -> Secret? {
        for section in sections where section.name == profile.bytes {
            if let found = section.values.last(where: { $0.key.elementsEqual(key.utf8) }),
                !found.value.isEmpty
            {
                return found.value
            }
        }
        return nil
    }

    /// Where the profile has all services.
    var address: Text? { text("endpoint_url", of: name) }

    private func text(_ key: String, of profile: Text) -> Text? {
        value(key, of: profile).map { Text($0.withBytes { Array($0) }) }
    }

    /// The region.
    ///
    /// - Throws: a `BackendFailure` when there is none.
    func region(_ setup: BackendSetup) throws -> Text {
        let region =
            try setup.text("region", "AWS_REGION", "AWS_DEFAULT_REGION")?.value
            ?? text("region", of: name)
        guard let region else {
            throw BackendFailure(
                .validation, "neither region nor AWS_REGION says which region", setting: "region")
        }
        guard !region.bytes.isEmpty, region.bytes.count <= 32,
            region.bytes.allSatisfy({
                $0.isDigit || (0x61...0x7a).contains($0) || $0 == UInt8(ascii: "-")
            })
        else { throw BackendFailure(.validation, "the region is none", setting: "region") }
        return region
    }

    /// The key of the profile that is used, and the role that it is for.
    ///
    /// - Throws: a `BackendFailure` when there is none.
    func credentials(
        _ setup: BackendSetup, _ region: Text
    ) throws -> (AWSCredentials, AWSRole?) {
        guard let arn = text("role_arn", of: name) else { return (try key(of: name), nil) }
        guard let source = text("source_profile", of: name) else {
            throw refusal("the profile \(name) has a role_arn without a source_profile")
        }
        let role = AWSRole(
            arn: arn, external: text("external_id", of: name),
            session: text("role_session_name", of: name) ?? "passel", region: region,
            connection: try AWSServer.connection(
                setup, "sts", self, region, setting: "sts-address", "AWS_ENDPOINT_URL_STS"))
        return (try key(of: source), role)
    }

    private func key(of profile: Text) throws -> AWSCredentials {
        guard let id = value("aws_access_key_id", of: profile),
            let secret = value("aws_secret_access_key", of: profile)
        else {
            let other = ["sso_session", "sso_start_url", "credential_process", "role_arn"].first {
                value($0, of: profile) != nil
            }
            throw refusal(
                other.map {
                    "the profile \(profile) goes by \($0): "
                        + "eval \"$(aws configure export-credentials --format env)\""
                } ?? "there is no access key: set AWS_ACCESS_KEY_ID, or profile")
        }
        return AWSCredentials(
            id: id, secret: secret, session: value("aws_session_token", of: profile),
            origin: "the profile \(profile)", setting: "profile")
    }

    private func refusal(_ message: Text) -> BackendFailure {
        BackendFailure(.auth, message, setting: "profile")
    }
}
