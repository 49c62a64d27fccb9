import Foundation
import PasselTesting
import Testing

/// `run` with programs that really need a secret, and who else can see it.
@Suite struct RunTests {
    /// A value that nothing else has.
    private let canary = "canary-" + String(UInt64.random(in: 0 ... .max), radix: 36)

    @Test func `the values are in the environment of the program and nowhere else`() throws {
        let home = try ClientHome(.passel)
        try home.insert("ci/token", canary + "\nuser: \(canary)\n")
        let script = """
            import os, sys
            want = os.environb[b"TOKEN"]
            assert os.environb[b"OTHER"] == want and open(os.environb[b"KEY"], "rb").read() == want
            own = str(os.getpid())
            for pid in filter(str.isdigit, os.listdir("/proc")):
                for name in ["cmdline", "environ"]:
                    try:
                        content = open(f"/proc/{pid}/{name}", "rb").read()
                    except OSError:
                        continue
                    if want in content and (pid, name) != (own, "environ"):
                        print("found in", pid, name, content.split(bytes(1))[0])
            for top in sys.argv[1:]:
                for folder, _, files in os.walk(top):
                    for file in files:
                        path = os.path.join(folder, file)
                        try:
                            if os.path.isfile(path) and want in open(path, "rb").read():
                                print("found in", path)
                        except OSError:
                            continue
            """
        let outcome = try home.sandbox.run(
            "passel",
            [
                "run", "--map", "ci/token", "--map", "OTHER=ci/token#user", "--file",
                "KEY=ci/token", "--", "python3", "-c", script, home.sandbox.root, "/dev/shm",
            ]
        ).demand()
        #expect(outcome.stdout.text == "")
        #expect(!outcome.stderr.text.contains(canary))
    }

    @Test func `a program that it starts reads the file, too`() throws {
        let home = try ClientHome(.passel)
        try home.insert("ci/token", "value\n")
        // Python closes descriptors that it did not open before it starts a program.
        let script = """
            import os, subprocess
            print(subprocess.check_output(["cat", os.environ["TOKEN"]]).decode())
            """
        #expect(
            try home.check(
                "passel", "run", "--file", "ci/token", "--", "python3", "-c", script)
                == "value\n")
    }

    @Test func `ssh-keygen takes a private key from the file`() throws {
        let home = try ClientHome(.passel)
        try home.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", home.path("key")).demand()
        let key = try #require(home.read("key"))
        try home.insert("ssh/key", key)
        let made = try home.check(
            "passel", "run", "--file", "KEY=ssh/key", "--", "sh", "-c", #"ssh-keygen -y -f "$KEY""#)
        #expect(
            try #require(home.read("key.pub")).hasPrefix(made.trimmingCharacters(in: .newlines)))
    }
}
