import PasselCore
import Testing

@Suite struct VersionTests {
    private func release(_ text: String) -> ReleaseVersion? { ReleaseVersion(Array(text.utf8)) }
    private func debian(_ text: String) -> DebianVersion { DebianVersion(Array(text.utf8)) }

    @Test func `releases are compared by their numbers`() throws {
        let sorted = ["1.8.10", "1.9", "1.9.1", "1.10.0", "2", "2.4.9-beta3", "2.39.5"]
        let releases = try sorted.map { try #require(release($0)) }
        for (index, one) in releases.enumerated() {
            for (other, next) in releases.enumerated() { #expect((one < next) == (index < other)) }
        }
        #expect(release("1.9") == release("1.9.0"))
        #expect(release("1.9.0")?.line == release("1.9.7")?.line)
        #expect(release("v2") == nil && release("") == nil)
    }

    // Debian Policy §5.6.12, and cases of dpkg's own tests.
    @Test(arguments: [
        ("1.0~rc1", "1.0"), ("1.0", "1.0-1"), ("1.0-1", "1.0-1.1"), ("1.0-1", "1:0.1-1"),
        ("1.5.1+ds-1", "1.5.1+ds-1+deb12u1"), ("1.5.1+ds-1+deb12u2", "1.5.1+ds-1+deb12u10"),
        ("1:2.39.5-0+deb12u2", "1:2.39.5-0+deb12u3"), ("1:2.39.5-0+deb12u3", "1:2.47.3-0+deb13u1"),
        ("2.2.40-1.1", "2.2.40-1.1+deb12u2"), ("1.10.1-3", "1.10.1-3+deb12u1"),
        ("1.2a", "1.2+"), ("a~~", "a~"), ("1.9-1", "1.10-1"), ("0.9-2", "0.9-10"),
    ])
    func `packages are compared as dpkg does`(older: String, newer: String) {
        #expect(debian(older) < debian(newer))
        #expect(!(debian(newer) < debian(older)))
        #expect(debian(older) == debian(older))
    }

    @Test func `equal packages are spelled in more than one way`() {
        #expect(debian("1.0") == debian("0:1.0-0"))
        #expect(debian("1.01-1") == debian("1.1-1"))
        #expect(debian("1:2.39.5-0+deb12u2").release == release("2.39.5"))
    }
}

@Suite struct SecurityReleaseTests {
    private func finding(
        _ name: Text, version: String? = nil, package: (Text, String)? = nil,
        isPackaged: Bool = true, debian: Int? = 12
    ) throws -> Finding {
        var installed = InstalledProgram(name)
        installed.version = version.flatMap { ReleaseVersion(Array($0.utf8)) }
        installed.package = package.map { ($0.0, DebianVersion(Array($0.1.utf8))) }
        installed.isPackaged = isPackaged
        let table = try #require(SecurityRelease.all.first { $0.program == name })
        return table.finding(installed, debian: debian)
    }

    @Test func `a package with the correction is good though its release is old`() throws {
        let good = try finding("git", version: "2.39.5", package: ("git", "1:2.39.5-0+deb12u3"))
        #expect(good.state == .ok)
        let bad = try finding("git", version: "2.39.5", package: ("git", "1:2.39.5-0+deb12u2"))
        #expect(bad.state == .attention)
        #expect(bad.hints.last == "sudo apt-get install --only-upgrade git")
    }

    @Test func `of a distribution that is not known the number alone proves nothing bad`() throws {
        for debian in [nil, 11, 13] {
            let old = try finding(
                "git", version: "2.47.2", package: ("git", "1:2.47.2-0"), debian: debian)
            #expect(old.state == .unknown)
            #expect(old.hints == ["apt-get changelog git"])
        }
        #expect(try finding("git", version: "2.47.2", debian: nil).state == .unknown)
        #expect(try finding("git", version: "2.47.3", debian: nil).state == .ok)
        #expect(try finding("git", version: "2.52", debian: nil).state == .ok)
    }

    @Test func `what somebody installed by hand has the flaws of its release`() throws {
        func state(_ name: Text, _ version: String) throws -> Finding.State {
            try finding(name, version: version, isPackaged: false).state
        }
        #expect(try state("git", "2.43.6") == .attention)
        #expect(try state("git", "2.43.7") == .ok)
        #expect(try state("libgit2", "1.9.6") == .attention)
        #expect(try state("libgit2", "1.9.7") == .ok)
        #expect(try state("libgcrypt", "1.11.2") == .attention)
        #expect(try state("libgcrypt", "1.12.2") == .ok)
        #expect(try state("gpg", "2.4.8") == .attention)
        #expect(try state("gpg", "2.4.9") == .ok)
        // A line of releases of which it is not known whether it was mended.
        #expect(try state("gpg", "2.2.52") == .unknown)
        #expect(try finding("git", isPackaged: false).state == .unknown)
    }
}
