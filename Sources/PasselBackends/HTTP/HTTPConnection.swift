import CCurl
import Glibc
import PasselCore
import PasselPosix

/// A way to one server, which credentials never leave.
///
/// TLS is checked against the authorities of the system, or those in a file. No redirect to another
/// server is followed; one to the same server is, with the same request. Proxies are as libcurl's
/// environment says, but never for this machine itself.
final class HTTPConnection {
    let server: ServerAddress
    private let authorities: BackendSetup.Found<Path>?
    private let handle: UnsafeMutableRawPointer
    private var isSet = true
    private static let (mostBytes, mostHops, longestConnect) = (16 << 20, 3, 10_000)

    /// - Parameter authorities: a file with certificates that are trusted instead of the system's.
    /// - Throws: a `BackendFailure` when there is no such file.
    init(_ server: ServerAddress, authorities: BackendSetup.Found<Path>?) throws {
        if let authorities, !FileStatus.isFile(authorities.value) {
            throw BackendFailure(
                .validation, "\(authorities.origin): there is no file \(authorities.value)",
                setting: authorities.setting)
        }
        self.server = server
        self.authorities = authorities
        guard curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK, let handle = curl_easy_init()
        else { throw BackendFailure(.transient, "libcurl does not start") }
        self.handle = handle
    }

    deinit { curl_easy_cleanup(handle) }

    /// What the server answers, whatever its status; nothing that was sent is in what is thrown.
    ///
    /// - Throws: a `BackendFailure` when there is no answer.
    func response(to request: HTTPRequest, by deadline: Deadline) throws -> HTTPResponse {
        var path = server.address.path + request.path
        for _ in 0..<Self.mostHops {
            let response = try once(request, path, deadline)
            guard [301, 302, 303, 307, 308].contains(response.status) else { return response }
            path = try target(of: response, request)
        }
        throw BackendFailure(.transient, "\(server.host) sends us around in circles")
    }

    /// Where an answer leads, on the same server.
    private func target(of response: HTTPResponse, _ request: HTTPRequest) throws -> [UInt8] {
        let target = response.location ?? []
        if target.first == .slash, !target.starts(with: "//".utf8), keepsMethod(response, request) {
            return target
        }
        let query = target.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        guard let address = WebAddress(Array(target[..<query])) else {
            throw BackendFailure(
                .validation, "\(server.host) leads to no address", setting: "address")
        }
        guard server.isSame(address) else {
            let other = Text(address.scheme) + "://" + Text(address.host)
            throw BackendFailure(
                .validation, "\(server.host) leads to \(other), to which nothing was sent",
                setting: "address")
        }
        guard keepsMethod(response, request) else {
            throw BackendFailure(
                .validation, "\(server.host) answers a change with a redirect", setting: "address")
        }
        return address.path + target[query...]
    }

    /// Whether the same question may be asked at the other path: RFC 9110 §15.4.
    private func keepsMethod(_ response: HTTPResponse, _ request: HTTPRequest) -> Bool {
        [307, 308].contains(response.status) || request.body == nil && request.method != "DELETE"
    }

    // MARK: libcurl

    private func once(
        _ request: HTTPRequest, _ path: [UInt8], _ deadline: Deadline
    ) throws -> HTTPResponse {
        let left = deadline.milliseconds
        guard left > 0 else { throw BackendFailure(.transient, "\(server.host) takes too long") }
        isSet = true
        // Nothing that libcurl would wait for, or add by itself. What is signed cannot have that line,
        // which libcurl would sign and then leave out.
        let headers = request.headers + (request.signature == nil ? [Secret(plain: "Expect:")] : [])
        let (reception, lines) = (HTTPReception(limit: Self.mostBytes), HeaderLines(headers))
        curl_easy_reset(handle)
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_TIMEOUT_MS, left)
        set(CURLOPT_CONNECTTIMEOUT_MS, min(left, Self.longestConnect))
        set(CURLOPT_PATH_AS_IS, 1)
        set(CURLOPT_PROTOCOLS_STR, server.isEncrypted ? "https" : "http")
        set(CURLOPT_USERAGENT, "passel")
        if server.isLocal { set(CURLOPT_NOPROXY, "*") }
        if let authorities {
            set(CURLOPT_CAINFO, authorities.value.bytes)
            point(CURLOPT_CAPATH, nil)
        }
        set(
            CURLOPT_URL,
            server.address.scheme + Array("://".utf8) + server.address.host + path)
        point(CURLOPT_HTTPHEADER, lines.list.map { UnsafeRawPointer($0) })
        passel_curl_set_writer(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            HTTPConnection.reception(context) { reception in
                guard let bytes else { return 0 }
                let raw = UnsafeRawBufferPointer(start: bytes, count: size * count)
                reception.head.take(Array(raw.prefix(16_384)))
                return size * count
            }
        }
        passel_curl_set_writer(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            HTTPConnection.reception(context) { reception in
                guard let bytes else { return 0 }
                return reception.take(UnsafeRawBufferPointer(start: bytes, count: size * count))
            }
        }
        let context = Unmanaged.passUnretained(reception).toOpaque()
        point(CURLOPT_HEADERDATA, context)
        point(CURLOPT_WRITEDATA, context)
        if let signature = request.signature {
            set(CURLOPT_AWS_SIGV4, signature.scope.bytes)
            signature.key.withText { point(CURLOPT_USERPWD, $0) }
        }
        let code = perform(request)
        var status = 0
        passel_curl_status(handle, &status)
        // What libcurl keeps of it goes with the next request or with the connection.
        curl_easy_reset(handle)
        withExtendedLifetime((reception, lines)) {}
        guard code == CURLE_OK else { throw failure(code, reception, deadline) }
        return HTTPResponse(
            status: status, body: reception.body, retryAfter: reception.head.retryAfter,
            location: reception.head.location, challenge: reception.head.challenge,
            isExhausted: reception.head.isExhausted)
    }

    private func perform(_ request: HTTPRequest) -> CURLcode {
        guard let body = request.body else {
            set(CURLOPT_HTTPGET, 1)
            set(CURLOPT_CUSTOMREQUEST, request.method)
            return run()
        }
        let content = HTTPContent(body)
        set(CURLOPT_POST, 1)
        set(CURLOPT_CUSTOMREQUEST, request.method)
        let size = curl_off_t(body.count)
        isSet =
            passel_curl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, size) == CURLE_OK && isSet
        isSet =
            passel_curl_set_reader(handle) { buffer, size, count, context in
                guard let buffer, let context else { return 0 }
                return Unmanaged<HTTPContent>.fromOpaque(context).takeUnretainedValue()
                    .fill(UnsafeMutableRawBufferPointer(start: buffer, count: size * count))
            } == CURLE_OK && isSet
        // Where a server ends a connection instead of answering, libcurl would send the same once
        // more by itself, and a change that was done would be done again.
        isSet =
            passel_curl_set_seeker(handle) { _, _, _ in Int32(CURL_SEEKFUNC_FAIL) } == CURLE_OK
            && isSet
        let context = Unmanaged.passUnretained(content).toOpaque()
        point(CURLOPT_READDATA, context)
        point(CURLOPT_SEEKDATA, context)
        return withExtendedLifetime(content) { run() }
    }

    private static func reception(
        _ context: UnsafeMutableRawPointer?, _ body: (HTTPReception) -> Int
    ) -> Int {
        guard let context else { return 0 }
        return body(Unmanaged<HTTPReception>.fromOpaque(context).takeUnretainedValue())
    }

    /// Nothing is sent unless every option holds.
    private func run() -> CURLcode {
        isSet ? curl_easy_perform(handle) : CURLE_UNKNOWN_OPTION
    }

    private func set(_ option: CURLoption, _ value: Int) {
        isSet = passel_curl_set_number(handle, option, value) == CURLE_OK && isSet
    }

    private func point(_ option: CURLoption, _ value: UnsafeRawPointer?) {
        isSet = passel_curl_set_pointer(handle, option, value) == CURLE_OK && isSet
    }

    private func set(_ option: CURLoption, _ text: String) { set(option, Array(text.utf8)) }

    private func set(_ option: CURLoption, _ bytes: [UInt8]) {
        // libcurl copies texts.
        (bytes + [0]).withUnsafeBytes { point(option, $0.baseAddress) }
    }

    private func failure(
        _ code: CURLcode, _ reception: HTTPReception, _ deadline: Deadline
    ) -> BackendFailure {
        let host = server.host
        if reception.isTooLarge {
            return BackendFailure(
                .validation, "\(host) answers more than \(Self.mostBytes) bytes")
        }
        let reason = Text(String(cString: curl_easy_strerror(code)).utf8)
        switch code {
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR:
            return BackendFailure(
                .auth, "\(host) does not prove that it is \(host): \(reason)", setting: "ca")
        case CURLE_OPERATION_TIMEDOUT:
            return BackendFailure(.transient, "no answer of \(host) in time")
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_PROXY:
            return BackendFailure(.transient, "\(host) cannot be reached: \(reason)")
        default:
            return BackendFailure(
                .transient, "the connection to \(host) ended without an answer: \(reason)")
        }
    }
}
