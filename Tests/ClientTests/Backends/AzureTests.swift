import Foundation
import PasselTesting
import Testing

/// What Azure Key Vault has of its own.
@Suite struct AzureTests {
    private let server: TestCI
    private let subject: BackendSubject

    init() throws {
        server = try TestCI.get("azure")
        subject = try BackendSubject(.azure)
    }

    private func ask(
        _ action: String, _ name: String, value: String? = nil
    ) throws -> BackendSubject.Answer {
        var request: [String: Any] = ["do": action, "place": "secrets/" + name]
        request["value"] = value.map { Data($0.utf8).base64EncodedString() }
        return try subject.ask(request)[1]
    }

    /// The secrets that the server keeps.
    private func kept() throws -> [String: String] {
        try server.own("secrets") as? [String: String] ?? [:]
    }

    @Test func `Azure's own client takes the server for a vault, and reads what passel wrote`()
        throws
    {
        let name = subject.prefix + "both"
        #expect(try ask("write", name, value: "of passel\n").problem == nil)
        let folder = subject.home.sandbox.root + "/tls"
        let servers = try GitServers(folder, repositories: folder)
        try servers.makeCertificates()
        let line = try subject.secureLine(servers)
        // A credential as azure-identity's, whose server may speak http.
        let script = """
            import json, sys, urllib.parse, urllib.request
            from azure.core.credentials import AccessToken
            from azure.keyvault.secrets import SecretClient
            authority, secret, vault, application, name, ca = sys.argv[1:]
            class Credential:
                def get_token(self, *scopes, **options):
                    form = {"grant_type": "client_credentials", "client_id": application,
                            "client_secret": secret, "scope": scopes[0]}
                    url = f"{authority}/{options['tenant_id']}/oauth2/v2.0/token"
                    opened = urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
                        url, urllib.parse.urlencode(form).encode())
                    return AccessToken(json.load(opened)["access_token"], 4102444800)
            client = SecretClient(vault, Credential(), verify_challenge_resource=False,
                                  connection_verify=ca, use_env_settings=False)
            print(repr(client.get_secret(name).value))
            client.set_secret(name, "of azure")
            print(sorted(item.name for item in client.list_properties_of_secrets() if item.name == name))
            client.set_secret(name + "x", "gone")
            client.begin_delete_secret(name + "x")
            try: client.get_secret(name + "x")
            except Exception as error: print(type(error).__name__)
            """
        let told = try server.client(
            script, line.address, TestCI.application, name, servers.authority)
        #expect(told == "'of passel\\n'\n['\(name)']\nResourceNotFoundError\n")
        #expect(try ask("read", name).value?.text == "of azure")
    }

    @Test func `names are what Azure takes, in any case`() throws {
        for place in ["a_b", "a/b", "", String(repeating: "n", count: 128), "é"] {
            #expect(try ask("read", place).problem == "validation")
        }
        #expect(try subject.ask(["do": "read", "place": "other/x"])[1].problem == "validation")
        #expect(try subject.open().text.contains("ignore-case"))
        let name = subject.prefix + "Case"
        #expect(try ask("write", name, value: "v").problem == nil)
        #expect(try ask("read", name.uppercased()).value?.text == "v")
    }

    @Test func `what was deleted is brought back when something is written there`() throws {
        let name = subject.prefix + "back"
        #expect(try ask("write", name, value: "one").problem == nil)
        #expect(try ask("delete", name).problem == nil)
        #expect(try ask("read", name).isNothing)
        #expect(try ask("write", name, value: "two").problem == nil)
        #expect(try kept()[name] == "two")
    }

    @Test func `all pages of a list are read`() throws {
        for number in 10..<70 {
            #expect(try ask("write", "\(subject.prefix)\(number)", value: "v").problem == nil)
        }
        let listed = try ask("list", "").members["places"] as? [[String: String]]
        #expect(listed?.count { $0["place"]?.contains(subject.prefix) == true } == 60)
    }

    @Test func `a vault says which tenant it is of, and is believed for our authority only`() throws
    {
        subject.settings["tenant"] = nil
        // The vault is asked past the line, for its answer names its own address.
        subject.settings["address"] = server.address
        #expect(try subject.open().problem == nil)
        subject.settings["authority"] = "https://login.example"
        let refused = try subject.open()
        #expect(refused.problem == "validation" && refused.setting == "authority")
        #expect(refused.message.contains("to which nothing was sent"), "\(refused.text)")
    }

    @Test func `a token goes to vaults only, where nobody said otherwise`() throws {
        subject.settings["address"] = nil
        subject.home.sandbox.set("AZURE_KEYVAULT_URL", server.address)
        let refused = try subject.open()
        #expect(refused.problem == "validation", "\(refused.text)")
        #expect(refused.message.contains("AZURE_KEYVAULT_URL is not the address of a vault"))
    }

    @Test func `what runs in a cluster is vouched for by a file`() throws {
        subject.credentials = [:]
        let file = subject.home.sandbox.root + "/token"
        try Disk.write("vouched-for\n", to: file)
        subject.home.sandbox.set("AZURE_FEDERATED_TOKEN_FILE", file)
        #expect(try subject.open().problem == nil)
        try Disk.write("forged\n", to: file)
        let refused = try subject.open()
        #expect(refused.problem == "auth" && refused.message.contains("AADSTS7000215"))
        #expect(refused.message.contains("AZURE_FEDERATED_TOKEN_FILE"))
        #expect(!refused.text.contains("forged"))
    }

    @Test func `what runs on a machine of Azure gets its tokens there`() throws {
        subject.credentials = [:]
        subject.settings["client-id"] = nil
        subject.home.sandbox.set("IDENTITY_ENDPOINT", server.address + "/msi/token")
        subject.home.sandbox.set("IDENTITY_HEADER", "shown")
        #expect(try subject.open().problem == nil)
        subject.home.sandbox.set("IDENTITY_HEADER", "wrong")
        #expect(try subject.open().problem == "auth")
        subject.home.sandbox.set("IDENTITY_ENDPOINT", "http://198.51.100.1/msi/token")
        #expect(try subject.open().message.contains("credentials do not travel in clear"))
        subject.home.sandbox.set("IDENTITY_HEADER", "")
        subject.settings["managed-identity"] = "yes"
        subject.home.sandbox.set("AZURE_POD_IDENTITY_AUTHORITY_HOST", server.address)
        #expect(try subject.open().problem == nil)
    }

    @Test func `else az is asked for a token`() throws {
        subject.credentials = [:]
        let without = try subject.open()
        #expect(without.problem == "auth" && without.setting == "client-secret")
        let script = """
            #!/bin/sh
            [ "$*" = "account get-access-token --resource https://vault.azure.net --query accessToken --output tsv" ] ||
                exit 2
            echo access-of-the-tests
            """
        try Disk.write(script, to: subject.home.sandbox.bin + "/az", mode: 0o700)
        #expect(try subject.open().problem == nil)
        try Disk.write("#!/bin/sh\nexit 1\n", to: subject.home.sandbox.bin + "/az", mode: 0o700)
        let failed = try subject.open()
        #expect(failed.problem == "auth" && failed.message.contains("az login"))
    }

    @Test func `who may only list may not read`() throws {
        subject.settings["client-id"] = "reader"
        let refused = try ask("read", subject.prefix + "x")
        #expect(refused.problem == "permission" && refused.message.contains("Forbidden"))
    }
}
