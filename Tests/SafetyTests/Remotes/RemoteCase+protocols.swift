extension RemoteCase {
    static let protocols: [RemoteCase] = [
        server("sends who comes with a password to another server", "redirect", as: "http"),
        server("says escapes for the terminal", "escapes", as: "git"),
        server("answers with garbage", "garbage", as: "git"),
        server("never answers", "silence", as: "git"),
        server("never ends", "endless", as: "git"),
        RemoteCase(.protocols, "an address that is a program", .refused([]), clone: .refused([])) {
            $0.redirect(to: "ext::canary %S")
        },
    ]

    private static func server(
        _ what: String, _ manner: String, as scheme: String
    ) -> RemoteCase {
        RemoteCase(.protocols, "a server that \(what)", .refused([]), clone: .refused([])) {
            try $0.serve(manner, as: scheme)
        }
    }
}
