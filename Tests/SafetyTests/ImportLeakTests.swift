import Foundation
import Testing

/// Who else sees a secret while it is imported, in every form that can be.
@Suite(.serialized) struct ImportLeakTests {
    /// A file of each form, all with the value of `VALUE` in them.
    private let sources = #"""
        import base64, json, os, zipfile
        value = open("value").read()
        def write(name, text):
            with open(name, "w") as file:
                file.write(text)
        login = base64.b64encode(f"u:{value}".encode()).decode()
        write("pypirc", f"[pypi]\nusername = __token__\npassword = {value}\n")
        write("dotenv", f"A={value}\n")
        write("netrc", f"machine a.example login ann password {value}\n")
        write("npmrc", f"//registry.npmjs.org/:_authToken={value}\n")
        write("docker", json.dumps({"auths": {"ghcr.io": {"auth": login}}}))
        write("json", json.dumps({"A": value}))
        write("bitwarden", json.dumps({"folders": [], "items": [
            {"name": "site", "notes": value, "login": {"username": "ann", "password": value}}]}))
        write("1password", "Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes\n"
              f"site,,ann,{value},,false,false,,{value}\n")
        write("lastpass", "url,username,password,totp,extra,name,grouping,fav\r\n"
              f"https://x.example,ann,{value},,{value},site,,0\r\n")
        write("keepass", "<KeePassFile><Root><Group><Name>R</Name><Entry><String><Key>Title</Key>"
              "<Value>site</Value></String><String><Key>Password</Key>"
              f"<Value>{value}</Value></String></Entry></Group></Root></KeePassFile>")
        write("csv", f"name,url,username,password\nsite,,ann,{value}\n")
        with zipfile.ZipFile("1pux", "w", zipfile.ZIP_DEFLATED) as z:
            z.writestr("export.data", json.dumps({"accounts": [{"vaults": [
                {"attrs": {"name": "V"}, "items": [{"overview": {"title": "site"}, "details":
                    {"loginFields": [{"designation": "password", "value": value}]}}]}]}]}))
        """#

    /// Stands in for gpg: looks around, and then is gpg.
    private func watcher(_ box: Sandbox) -> String {
        """
        #!/usr/bin/env python3
        import base64, os, sys
        marker = open("\(box.folder)/value", "rb").read()
        wanted = [marker, marker.hex().encode(), base64.b64encode(marker)[:-4]]
        def found(place, content):
            if any(form in content for form in wanted):
                with open("\(box.folder)/found", "a") as file:
                    file.write(place + "\\n")
        for pid in filter(str.isdigit, os.listdir("/proc")):
            for name in ["cmdline", "environ"]:
                try:
                    found(name, open(f"/proc/{pid}/{name}", "rb").read())
                except OSError:
                    pass
        for top in ["\(box.home)", "\(box.temporaryFolder)", "\(box.runtimeFolder)", "\(box.store)"]:
            for folder, _, files in os.walk(top):
                for file in files:
                    path = os.path.join(folder, file)
                    try:
                        if os.path.isfile(path):
                            found(path, open(path, "rb").read())
                    except OSError:
                        pass
        with open("\(box.folder)/looks", "a") as file:
            file.write(".")
        os.execv("/usr/bin/gpg", sys.argv)
        """
    }

    @Test(.enabled(if: Binaries.exists("strace"), "strace is not installed"))
    func `no import shows its secrets to another program or leaves them in a file`() throws {
        let keyring = try Keyring(["ann"])
        defer { keyring.close() }
        let box = try Sandbox(keyring, "imports")
        try box.reset()
        try Sandbox.write(box.marker, to: box.folder + "/value", mode: 0o600)
        let made = try Command(
            words: ["sh", "-c", "cd \"$0\" && exec python3 -c \"$1\"", box.folder, sources],
            environment: box.environment
        ).run()
        #expect(made.status == 0, "\(made.errorText)")
        try Sandbox.write(watcher(box), to: box.folder + "/bin/gpg", mode: 0o700)
        var watched = box.environment
        watched["PATH"] = box.folder + "/bin:" + (watched["PATH"] ?? "")
        let forms = [
            "pypirc", "dotenv", "netrc", "npmrc", "docker", "json", "bitwarden", "1password",
            "lastpass", "keepass", "csv", "1pux",
        ]
        for form in forms {
            let words = ["import", form, "\(box.folder)/\(form)", "--into", "in/\(form)"]
            let trace = try box.trace([Binaries.passel] + words, environment: watched)
            #expect(!trace.contains(box.marker), "\(form): told to a program")
        }
        #expect(content(box, "looks").count >= forms.count, "nobody looked")
        #expect(content(box, "found") == "")
        let scan = PlaintextScan(box.marker)
        let left =
            [box.home, box.temporaryFolder, box.runtimeFolder, box.store]
            .flatMap(scan.find(below:)) + scan.findInSharedMemory()
        #expect(left == [])
        let count = try Command(
            words: [Binaries.passel, "ls", "in"], environment: box.environment
        ).run().text
        #expect(forms.allSatisfy { count.contains($0) }, "\(count)")

        // Who looks would find it.
        _ = try Command(
            words: [
                "env", "VALUE=\(box.marker)", Binaries.passel, "import", "csv",
                box.folder + "/csv", "--into", "again",
            ], environment: watched
        ).run()
        #expect(content(box, "found").contains("environ"))
    }

    private func content(_ box: Sandbox, _ name: String) -> String {
        (try? String(contentsOfFile: "\(box.folder)/\(name)", encoding: .utf8)) ?? ""
    }
}
