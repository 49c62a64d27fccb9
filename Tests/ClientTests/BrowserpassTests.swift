import Foundation
import PasselTesting
import Testing

/// browserpass's native half reads the store by itself and answers length-prefixed JSON.
@Suite struct BrowserpassTests {
    private static let program = "/usr/lib/browserpass/browserpass-native"

    @Test func `entries are listed and fetched`() throws {
        try ClientHome.require(BrowserpassTests.program)
        let home = try ClientHome()
        try home.insert("web/site", "hunter2\nuser: alice\n")
        try home.insert("mail", "pw\n")

        let listed = try ask(["action": "list"], in: home)
        let files = listed["files"] as? [String: [String]]
        #expect(files == ["default": ["mail.gpg", "web/site.gpg"]])

        let fetched = try ask(["action": "fetch", "file": "web/site.gpg"], in: home)
        #expect(fetched["contents"] as? String == "hunter2\nuser: alice\n")
    }

    private func ask(_ request: [String: Any], in home: ClientHome) throws -> [String: Any] {
        let store = ["id": "default", "name": "pass", "path": home.sandbox.store]
        let settings: [String: Any] = ["gpgPath": "", "stores": ["default": store]]
        let message = try JSONSerialization.data(
            withJSONObject: request.merging(["storeId": "default", "settings": settings]) { $1 })
        let length = withUnsafeBytes(of: UInt32(message.count)) { Bytes($0) }
        let answer = try home.sandbox.run(
            BrowserpassTests.program, [], input: .bytes(length + Bytes(message)))
        let body = try JSONSerialization.jsonObject(with: Data(answer.stdout.dropFirst(4)))
        return (body as? [String: Any])?["data"] as? [String: Any] ?? [:]
    }
}
