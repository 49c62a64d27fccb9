import CGit2
import PasselCore
import PasselPosix

/// Who may be shown to a server, without git: what the URL has, and what an askpass program or the
/// user says.
struct LibraryCredentials: Sendable {
    let askpass: Path?
    let environment: ProcessEnvironment
    let mayAsk: Bool

    func answer(_ question: Text, _ talk: Conversation) -> Secret? {
        if let askpass {
            let child = ChildProcess(askpass, [question.bytes], environment: environment)
            // One that fails answers nothing.
            guard let outcome = try? child.run(), outcome.status == 0 else { return nil }
            return outcome.output
        }
        return mayAsk ? talk.ask(question) : nil
    }
}

/// A remote that libgit2 talks to; closed by itself, and used by one thread.
final class LibraryConnection {
    let repository: GitRepository
    private let pointer: OpaquePointer  // git_remote *
    private let context: Context

    /// What the callbacks need; it lives as long as the connection.
    private final class Context {
        let server: RemoteAddress
        let talk: Conversation
        let credentials: LibraryCredentials
        var tries = 0
        var refused: [UInt8]?
        var shownProgress = ""

        init(_ server: RemoteAddress, _ talk: Conversation, _ credentials: LibraryCredentials) {
            self.server = server
            self.talk = talk
            self.credentials = credentials
        }
    }

    init(
        _ repository: GitRepository, _ url: [UInt8], _ talk: Conversation,
        _ credentials: LibraryCredentials
    ) throws {
        self.repository = repository
        passel_git_limit_objects(4_000_000)
        var found: OpaquePointer?
        let code = Path(url).withCString {
            git_remote_create_anonymous(&found, repository.pointer, $0)
        }
        try check("open the remote", code)
        guard let found else { throw GitProblem("open the remote", "nothing came back") }
        pointer = found
        // The URL may be one that the configuration puts in the place of another.
        let effective = git_remote_url(found).map { Array(cString: $0) } ?? url
        context = Context(RemoteAddress(effective), talk, credentials)
    }

    deinit { git_remote_free(pointer) }

    func connect(_ direction: git_direction) throws {
        var options = git_remote_connect_options()
        git_remote_connect_options_init(
            &options, UInt32(GIT_REMOTE_CONNECT_OPTIONS_VERSION))
        options.follow_redirects = GIT_REMOTE_REDIRECT_NONE
        options.proxy_opts.type = GIT_PROXY_AUTO
        options.callbacks = callbacks(options.callbacks)
        try check("connect", git_remote_connect_ext(pointer, direction, &options))
    }

    func heads() throws -> [RemoteHead] {
        var list: UnsafeMutablePointer<UnsafePointer<git_remote_head>?>?
        var count = 0
        try check("list the branches", git_remote_ls(&list, &count, pointer))
        return UnsafeBufferPointer(start: list, count: count).compactMap { head in
            guard let head = head?.pointee, let name = head.name else { return nil }
            return RemoteHead(
                name: String(cString: name), id: GitID(head.oid),
                target: head.symref_target.map { String(cString: $0) })
        }
    }

    func download(_ refspec: String) throws {
        var options = git_fetch_options()
        git_fetch_options_init(&options, UInt32(GIT_FETCH_OPTIONS_VERSION))
        options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE
        options.update_fetchhead = 0
        options.prune = GIT_FETCH_NO_PRUNE
        options.follow_redirects = GIT_REMOTE_REDIRECT_NONE
        options.proxy_opts.type = GIT_PROXY_AUTO
        options.callbacks = callbacks(options.callbacks)
        try withRefspec(refspec) { specs in
            var specs = specs
            try check("fetch", git_remote_download(pointer, &specs, &options))
        }
    }

    func upload(_ refspec: String) throws {
        var options = git_push_options()
        git_push_options_init(&options, UInt32(GIT_PUSH_OPTIONS_VERSION))
        options.pb_parallelism = 1
        options.follow_redirects = GIT_REMOTE_REDIRECT_NONE
        options.proxy_opts.type = GIT_PROXY_AUTO
        options.callbacks = callbacks(options.callbacks)
        try withRefspec(refspec) { specs in
            var specs = specs
            try check("push", git_remote_upload(pointer, &specs, &options))
        }
        if let refused = context.refused {
            throw GitProblem(
                "push", String(decoding: RemoteText.sanitised(refused).bytes, as: UTF8.self))
        }
    }

    private func withRefspec(_ refspec: String, _ body: (git_strarray) throws -> Void) throws {
        let result = withArguments([Array(refspec.utf8)]) { strings in
            Result { try body(git_strarray(strings: strings, count: 1)) }
        }
        try result.get()
    }

    // MARK: Callbacks

    private func callbacks(_ initial: git_remote_callbacks) -> git_remote_callbacks {
        var callbacks = initial
        callbacks.payload = Unmanaged.passUnretained(context).toOpaque()
        callbacks.credentials = { out, url, user, allowed, payload in
            LibraryConnection.context(payload).map {
                LibraryConnection.credential(out, url, user, allowed, $0)
            } ?? GIT_EUSER.rawValue
        }
        callbacks.certificate_check = { certificate, valid, _, payload in
            guard valid == 0 else { return 0 }
            let isKey = certificate?.pointee.cert_type == GIT_CERT_HOSTKEY_LIBSSH2
            LibraryConnection.context(payload)?.talk.refuse(isKey ? .hostKeyUnknown : .certificate)
            return GIT_ECERTIFICATE.rawValue
        }
        callbacks.sideband_progress = { text, count, payload in
            guard let context = LibraryConnection.context(payload), let text, count > 0 else {
                return 0
            }
            let bytes = UnsafeRawBufferPointer(start: text, count: Int(count))
            context.talk.hear(Array("remote: ".utf8) + bytes + [.newline])
            return context.talk.move() ? 0 : GIT_EUSER.rawValue
        }
        callbacks.transfer_progress = { progress, payload in
            guard let context = LibraryConnection.context(payload),
                let progress = progress?.pointee
            else { return 0 }
            // As much as a file of the other way may have.
            if progress.received_bytes > 1 << 30 {
                context.talk.refuse(.tooMuch)
                return GIT_EUSER.rawValue
            }
            if progress.total_objects > 0 {
                let percent =
                    UInt64(progress.received_objects) * 100 / UInt64(progress.total_objects)
                let line = "Receiving objects: \(percent)%"
                if line != context.shownProgress {
                    context.shownProgress = line
                    context.talk.hear(Array((line + "\n").utf8))
                }
            }
            return context.talk.move() ? 0 : GIT_EUSER.rawValue
        }
        callbacks.push_transfer_progress = { _, _, _, payload in
            guard let context = LibraryConnection.context(payload) else { return 0 }
            return context.talk.move() ? 0 : GIT_EUSER.rawValue
        }
        callbacks.push_update_reference = { _, status, payload in
            if let status { LibraryConnection.context(payload)?.refused = Array(cString: status) }
            return 0
        }
        return callbacks
    }

    private static func context(_ payload: UnsafeMutableRawPointer?) -> Context? {
        payload.map { Unmanaged<Context>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func credential(
        _ out: UnsafeMutablePointer<UnsafeMutablePointer<git_credential>?>?,
        _ url: UnsafePointer<CChar>?, _ user: UnsafePointer<CChar>?, _ allowed: UInt32,
        _ context: Context
    ) -> Int32 {
        let given = RemoteAddress(url.map { Array(cString: $0) } ?? [])
        // Whoever asks is not who is configured: nothing is said.
        guard given.isSameServer(as: context.server) || given.kind == .local else {
            context.talk.refuse(.redirect)
            return GIT_EAUTH.rawValue
        }
        context.tries += 1
        let name = user.map { Array(cString: $0) } ?? context.server.user
        if allowed & GIT_CREDENTIAL_USERNAME.rawValue != 0 {
            return Path(name ?? Array("git".utf8)).withCString {
                git_credential_username_new(out, $0)
            }
        }
        let isPassword = allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT.rawValue != 0
        let isKey = allowed & GIT_CREDENTIAL_SSH_KEY.rawValue != 0
        // What was refused once is refused again.
        guard context.tries <= 3 else {
            context.talk.refuse(isKey ? .sshKey : .authentication)
            return GIT_EAUTH.rawValue
        }
        if isKey {
            if context.tries > 2 {
                context.talk.refuse(.sshKey)
                return GIT_EAUTH.rawValue
            }
            return Path(name ?? Array("git".utf8)).withCString {
                git_credential_ssh_key_from_agent(out, $0)
            }
        }
        guard isPassword, context.tries == 1, let (name, password) = password(name, context) else {
            context.talk.refuse(.authentication)
            return GIT_EAUTH.rawValue
        }
        return Path(name).withCString { name in
            password.withBytes { bytes in
                // plaintext: libgit2 wants it to end in NUL; wiped here, and by libgit2 its copy.
                let line = bytes.prefix { $0 != .newline && $0 != .carriageReturn && $0 != 0 }
                return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: line.count + 1) {
                    buffer in
                    for (index, byte) in line.enumerated() { buffer[index] = byte }
                    buffer[line.count] = 0
                    defer { for index in buffer.indices { buffer[index] = 0 } }
                    return buffer.withMemoryRebound(to: CChar.self) { text in
                        git_credential_userpass_plaintext_new(out, name, text.baseAddress)
                    }
                }
            }
        }
    }

    private static func password(
        _ name: [UInt8]?, _ context: Context
    ) -> (name: [UInt8], password: Secret)? {
        let server = context.server
        let scheme = server.kind == .https ? "https" : "http"
        let port = server.port.map { ":\($0)" } ?? ""
        let place: Text = "\(RemoteText.sanitised(server.host))\(port)"
        if let name = name ?? server.user, let password = server.password {
            return (name, password.withUnsafeBytes { Secret(copying: $0) })
        }
        let known =
            name
            ?? context.credentials.answer("Username for '\(scheme)://\(place)': ", context.talk)?
            .exposedBytes.prefix { $0 != .newline }.map(\.self)
        guard let known, !known.isEmpty,
            let password = context.credentials.answer(
                "Password for '\(scheme)://\(RemoteText.sanitised(known))@\(place)': ",
                context.talk)
        else { return nil }
        return (known, password)
    }
}
