import Foundation
import PasselTesting
import Testing

/// What Vault and OpenBao have of their own.
@Suite struct VaultTests {
    private let vault: TestVault

    init() throws { vault = try TestVault.shared.get() }

    private func data(_ subject: BackendSubject, _ place: String) throws -> [String: Any] {
        let path = (subject.folder + place).replacing("secret/", with: "secret/data/")
        let answer = try vault.ask("GET", path)
        return answer["data"] as? [String: Any] ?? [:]
    }

    @Test func `version 2 compares, version 1 does not`() throws {
        #expect(try BackendSubject(.vault).open().can.contains("compare"))
        let old = try BackendSubject(.vaultOne)
        old.settings["mount"] = "old"
        #expect(try old.open().can == ["read", "list", "delete"])
        #expect(try old.ask(["do": "read", "place": "none", "field": "f"])[1].isNothing)
    }

    @Test func `what others keep beside the field stays as they wrote it`() throws {
        let subject = try BackendSubject(.vault)
        let path = subject.folder.replacing("secret/", with: "secret/data/") + "x"
        try vault.ask(
            "POST", path, #"{"data":{"n":1.5,"o":{"a":[1,null]},"é\"":"\u00e9\n","t":"old"}}"#)
        let before = try subject.read("x#t")
        #expect(try subject.write(Bytes("new".utf8), "x#t", after: before).problem == nil)
        let now = try data(subject, "x")["data"] as? NSDictionary
        let wanted: NSDictionary = [
            "n": 1.5, "o": ["a": [1, NSNull()]], "é\"": "é\n", "t": "new",
        ]
        #expect(now == wanted)
        #expect(try subject.read("x#n").value?.text == "1.5")
        #expect(try subject.read("x#o").problem == "validation")
    }

    @Test func `a version that was deleted is nothing, and is not written over blindly`() throws {
        let subject = try BackendSubject(.vault)
        let absent = try subject.read("x#t")
        #expect(absent.members["version"] is NSNull)
        _ = try subject.write(Bytes("one".utf8), "x#t", after: absent)
        let path = subject.folder.replacing("secret/", with: "secret/data/") + "x"
        try vault.ask("DELETE", path)
        let deleted = try subject.read("x#t")
        #expect(deleted.isNothing && deleted.members["version"] as? String == "1")
        #expect(try subject.write(Bytes("two".utf8), "x#t", after: absent).problem == "conflict")
        #expect(try subject.write(Bytes("two".utf8), "x#t", after: deleted).problem == nil)
        #expect(try subject.read("x#t").members["version"] as? String == "2")
    }

    @Test func `a token that is unknown is told apart from one that may not`() throws {
        let subject = try BackendSubject(.vault)
        _ = try subject.write(Bytes("v".utf8), "x#t", after: subject.read("x#t"))
        subject.credentials["token"] = "nobody-knows-this-one"
        let unknown = try subject.open()
        #expect(unknown.problem == "auth" && unknown.setting == "token", "\(unknown.text)")
        let path = subject.folder.replacing("secret/", with: "secret/data/")
        let name = subject.folder.split(separator: "/").last.map(String.init) ?? ""
        subject.credentials["token"] = try vault.token(
            "path \"\(path)*\" { capabilities = [\"read\"] }", name)
        #expect(try subject.read("x#t").value?.text == "v")
        let refused = try subject.write(Bytes("w".utf8), "x#t", after: subject.read("x#t"))
        #expect(refused.problem == "permission", "\(refused.text)")
        #expect(
            try subject.ask(["do": "list", "place": subject.folder])[1].problem == "permission")
        let elsewhere = try subject.ask(["do": "read", "place": "nowhere/x", "field": "f"])[1]
        #expect(elsewhere.problem == "permission")
        #expect(elsewhere.message.contains("no secrets engine is mounted at nowhere/x"))
    }

    @Test func `an AppRole gets its token, and another when that one has ended`() throws {
        let subject = try BackendSubject(.vault)
        let name = "role" + (subject.folder.split(separator: "/").last.map(String.init) ?? "")
        try vault.ask("POST", "sys/auth/\(name)", #"{"type":"approle"}"#)
        let policy =
            "path \"\(subject.folder.replacing("secret/", with: "secret/data/"))*\" "
            + "{ capabilities = [\"read\", \"create\", \"update\"] }"
        _ = try vault.token(policy, name)
        try vault.ask(
            "POST", "auth/\(name)/role/it",
            #"{"token_policies":["\#(name)"],"token_num_uses":0,"token_ttl":"1h"}"#)
        let role = try vault.ask("GET", "auth/\(name)/role/it/role-id")["data"] as? [String: Any]
        let secret = try vault.ask("POST", "auth/\(name)/role/it/secret-id", "{}")["data"]
        subject.settings["approle"] = name
        subject.settings["role-id"] = role?["role_id"] as? String
        subject.credentials = [
            "secret-id": (secret as? [String: Any])?["secret_id"] as? String ?? ""
        ]
        let written = try subject.write(Bytes("v".utf8), "x#t", after: subject.read("x#t"))
        #expect(written.problem == nil, "\(written.text)")
        let line = try #require(subject.line)
        try line.set("status 403", matching: "^GET./v1/secret/data/")
        #expect(try subject.read("x#t").problem == nil || line.requests.count > 0)
        subject.credentials["secret-id"] = "wrong"
        let refused = try subject.open()
        #expect(refused.problem == "auth" && refused.setting == "secret-id", "\(refused.text)")
    }

    @Test func `without settings it goes by the variables and the file of the tools`() throws {
        let subject = try BackendSubject(.vault)
        let address = subject.settings.removeValue(forKey: "address")
        subject.credentials = [:]
        let missing = try subject.open()
        #expect(missing.setting == "address" && missing.message.contains("VAULT_ADDR"))
        let sandbox = subject.home.sandbox
        sandbox.set("VAULT_ADDR", address)
        let nobody = try subject.open()
        #expect(nobody.problem == "auth" && nobody.message.contains("VAULT_TOKEN"))
        try Disk.write("\(TestVault.root)\n", to: sandbox.home + "/.vault-token")
        #expect(try subject.open().problem == nil)
        sandbox.set("VAULT_TOKEN", "wrong-one")
        #expect(try subject.open().message.contains("the token of VAULT_TOKEN"))
        sandbox.set("BAO_TOKEN", TestVault.root)
        #expect(try subject.open().problem == nil)
        sandbox.set("VAULT_NAMESPACE", "nowhere")
        #expect(try subject.open().problem != nil)
        sandbox.set("VAULT_NAMESPACE", nil)
        sandbox.set("VAULT_CACERT", "/none/such")
        #expect(try subject.open().message.contains("VAULT_CACERT"))
    }

    @Test func `passel brings a value there, and takes what is there`() throws {
        let subject = try BackendSubject(.vault)
        let home = try ClientHome(.passel)
        // What is on PATH does not come before passel's own program, and no other variable gets there.
        try home.program("passel-backend-vault", "#!/bin/sh\nexit 9\n")
        try home.insert("infra/vault", TestVault.root + "\n")
        try home.insert("ci/pypi", "example-value-1\nuser: bot\n")
        let sandbox = home.sandbox
        func passel(_ words: String...) throws -> Outcome { try sandbox.run("passel", words) }
        let address = subject.settings["address"] ?? ""
        try passel(
            "backend", "add", "it", "vault", "address=\(address)", "token=passel://infra/vault"
        ).demand()
        #expect(
            try passel("backend", "test", "it").demand().stdout.text
                == "it: ready; can write, read, list, delete, compare\n")
        try passel("location", "add", "ci/pypi", "it:\(subject.folder)ci/pypi#token").demand()
        let line = try #require(subject.line)
        // The answer to the first change is lost: the next look finds that it was done.
        try line.set("drop", matching: BackendSubject.Kind.vault.writing)
        let pushed = try passel("push", "ci/pypi").demand()
        #expect(!pushed.stdout.text.contains("failed"))
        #expect(
            try data(subject, "ci/pypi")["data"] as? [String: String] == [
                "token": "example-value-1"
            ])
        let metadata = try data(subject, "ci/pypi")["metadata"] as? [String: Any]
        #expect(metadata?["version"] as? Int == 1)
        #expect(
            try passel("status", "--locations").demand().stdout.text.contains(
                "equal\texact\tci/pypi"))
        #expect(try passel("push", "ci/pypi").demand().stdout.text.hasPrefix("equal\t"))
        let pulled = try passel("pull", "it:\(subject.folder)", "--into", "got").demand()
        #expect(pulled.stdout.text.contains("ci/pypi#token"), "\(pulled.stdout.text)")
        let unknown = try passel("backend", "add", "b", "vault", "adress=x")
        #expect(unknown.status == 2 && unknown.stderr.text.contains("vault has no setting adress"))
    }
}
