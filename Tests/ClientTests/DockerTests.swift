import PasselTesting
import Testing

@Suite struct DockerTests {
    private let server = "https://registry.example/v1"

    @Test func `a registry password is stored, listed, read and erased`() throws {
        let home = try home()
        let stored = try docker(
            "store", #"{"ServerURL":"\#(server)","Username":"bob","Secret":"s3cr3t"}"#, in: home)
        #expect(stored.stdout.text == "")
        #expect(stored.status == 0)
        let got = try docker("get", server, in: home)
        #expect(
            got.stdout.text
                == #"{"ServerURL":"\#(server)","Username":"bob","Secret":"s3cr3t"}"# + "\n")
        #expect(try docker("list", "", in: home).stdout.text == #"{"\#(server)":"bob"}"# + "\n")

        #expect(try docker("erase", server, in: home).status == 0)
        #expect(try docker("list", "", in: home).stdout.text == "{}\n")
        #expect(try home.status() == "")
    }

    @Test func `storing again replaces the password`() throws {
        let home = try home()
        for secret in ["first", "second"] {
            _ = try docker(
                "store", #"{"ServerURL":"\#(server)","Username":"bob","Secret":"\#(secret)"}"#,
                in: home)
        }
        let got = try docker("get", server, in: home)
        #expect(got.stdout.text.contains(#""Secret":"second""#))
    }

    @Test func `a store that nobody initialised is reported`() throws {
        let home = try home(initialised: false)
        let answer = try docker(
            "store", #"{"ServerURL":"\#(server)","Username":"bob","Secret":"s3cr3t"}"#, in: home)
        #expect(answer.stdout.text.contains("pass not initialized"))
        #expect(answer.stdout.text.contains(#"password store is empty. Try "pass init"."#))
        #expect(answer.status == 1)
    }

    private func home(initialised: Bool = true) throws -> ClientHome {
        try ClientHome.require("docker-credential-pass")
        return try ClientHome(initialised: initialised)
    }

    private func docker(_ word: String, _ input: String, in home: ClientHome) throws -> Outcome {
        try home.run("docker-credential-pass", word, input: input)
    }
}
