import Foundation
import PasselTesting
import Testing

/// What every backend's program does when the way to its server, or the server, goes wrong.
@Suite struct BackendFaultTests {
    private static let value = "example-value-of-the-fault-tests"

    /// A subject, and the look at its place that a change is after.
    private func seen(_ kind: BackendSubject.Kind) throws -> (
        BackendSubject, FaultyLine, BackendSubject.Answer
    ) {
        let subject = try BackendSubject(kind)
        guard let line = subject.line else { throw TestingProblem("no server") }
        return (subject, line, try subject.read("p#f"))
    }

    private func change(
        _ subject: BackendSubject, _ seen: BackendSubject.Answer, timeout: Int = 20
    ) throws -> BackendSubject.Answer {
        try subject.write(Bytes(Self.value.utf8), "p#f", after: seen, timeout: timeout)
    }

    @Test(arguments: BackendSubject.Kind.servers)
    func `who is asked too often says when to come again`(_ kind: BackendSubject.Kind) throws {
        let (subject, line, seen) = try seen(kind)
        try line.set("status 429,7", matching: kind.writing)
        let refused = try change(subject, seen)
        #expect(refused.problem == "rate-limit" && refused.retryAfter == 7, "\(refused.text)")
        #expect(try change(subject, seen).problem == nil)
    }

    @Test(arguments: BackendSubject.Kind.servers, [500, 502, 503, 504])
    func `a server that fails may be asked again`(_ kind: BackendSubject.Kind, _ status: Int) throws
    {
        let (subject, line, seen) = try seen(kind)
        try line.set("status \(status)", matching: kind.writing)
        let failed = try change(subject, seen)
        #expect(failed.problem == "transient" && failed.message.contains("\(status)"))
        #expect(try subject.read("p#f").isNothing)
    }

    @Test(arguments: BackendSubject.Kind.servers, [400, 403, 404, 409, 418, 429, 500])
    func `nothing that was sent is in what is told`(
        _ kind: BackendSubject.Kind, _ status: Int
    ) throws {
        let (subject, line, seen) = try seen(kind)
        for matching in [kind.writing, kind.reading] {
            // To whom that says that there is no such thing.
            let isBelieved = kind == .github || kind == .circleci
            if isBelieved, status == 404, matching == kind.reading { continue }
            try line.set("echo \(status)", matching: matching)
            let failed = try change(subject, seen)
            #expect(failed.problem != nil, "\(failed.text)")
            for secret in Array(subject.credentials.values) + [Self.value] {
                #expect(!failed.text.contains(secret))
                let hidden = Data(secret.utf8).base64EncodedString()
                #expect(!failed.text.contains(hidden))
            }
            try line.mend()
        }
    }

    @Test(arguments: BackendSubject.Kind.servers)
    func `no answer comes in time, and nothing was written`(_ kind: BackendSubject.Kind) throws {
        let (subject, line, seen) = try seen(kind)
        try line.set("stall", matching: kind.writing)
        let start = Date.now
        let failed = try change(subject, seen, timeout: 2)
        #expect(failed.problem == "transient", "\(failed.text)")
        #expect(Date.now.timeIntervalSince(start) < 15)
        #expect(try subject.read("p#f").isNothing)
    }

    @Test(arguments: BackendSubject.Kind.servers, ["mute", "drop", "cut"])
    func `where the answer is lost, another look tells what is there`(
        _ kind: BackendSubject.Kind, _ fault: String
    ) throws {
        // An answer without content is whole when half of it came.
        if kind == .vaultOne, fault == "cut" { return }
        let (subject, line, seen) = try seen(kind)
        try line.set(fault, matching: kind.writing)
        let failed = try change(subject, seen, timeout: 2)
        #expect(failed.problem == "transient", "\(failed.text)")
        let now = try subject.read("p#f")
        #expect(try subject.stored("p#f")?.text == Self.value)
        // What is tried again as it was cannot overwrite, and makes no second version.
        if kind != .vaultOne {
            #expect(try change(subject, seen).problem == "conflict")
            let later = try subject.read("p#f")
            #expect(later.members["version"] as? String == now.members["version"] as? String)
        }
    }

    @Test(arguments: BackendSubject.Kind.servers)
    func `credentials do not follow to another server`(_ kind: BackendSubject.Kind) throws {
        let (subject, line, seen) = try seen(kind)
        let other = try FaultyLine(to: 1, subject.home.sandbox.root + "/other")
        try line.set("redirect \(other.address)", times: 9)
        let opened = try subject.open()
        #expect(opened.problem == "validation" && opened.setting == "address", "\(opened.text)")
        #expect(opened.message.contains("leads to \(other.address)"))
        try line.set("redirect \(other.address)", times: 9, matching: kind.writing)
        let failed = try change(subject, seen)
        #expect(failed.message.contains("leads to \(other.address)"), "\(failed.text)")
        #expect(other.requests == [])
        // To another path of the same server they may.
        try line.set("redirect \(line.address)", matching: kind.writing)
        #expect(try change(subject, seen).problem == nil)
        #expect(try subject.stored("p#f")?.text == Self.value)
        try line.set("redirect \(line.address)", times: 9)
        #expect(try subject.open().problem == "transient")
    }

    @Test(arguments: BackendSubject.Kind.servers)
    func `a server that nobody vouches for gets nothing`(_ kind: BackendSubject.Kind) throws {
        let subject = try BackendSubject(kind)
        let folder = subject.home.sandbox.root + "/tls"
        let servers = try GitServers(folder, repositories: folder)
        try servers.makeCertificates()
        let line = try subject.secureLine(servers)
        subject.settings["address"] = line.address
        let refused = try subject.open()
        #expect(refused.problem == "auth" && refused.setting == "ca", "\(refused.text)")
        #expect(line.requests == [])
        subject.settings["ca"] = servers.authority
        #expect(try subject.open().problem == nil)
        #expect(!line.requests.isEmpty)
        subject.settings["ca"] = folder + "/none"
        let missing = try subject.open()
        #expect(missing.problem == "validation" && missing.setting == "ca")
    }

    @Test(arguments: BackendSubject.Kind.servers)
    func `credentials do not travel in clear`(_ kind: BackendSubject.Kind) throws {
        let subject = try BackendSubject(kind)
        for address in ["http://vault.example.org:8200", "http://127.0.0.1.example.org", "ftp://x"]
        {
            subject.settings["address"] = address
            let refused = try subject.open()
            #expect(refused.problem == "validation" && refused.setting == "address")
        }
    }

    @Test(arguments: BackendSubject.Kind.servers, ["huge", "text"])
    func `an answer that is none is refused`(_ kind: BackendSubject.Kind, _ answer: String) throws {
        let (subject, line, _) = try seen(kind)
        try line.set(answer, matching: kind.reading)
        let failed = try subject.read("p#f")
        #expect(failed.problem == "validation", "\(failed.text)")
    }

    @Test(arguments: BackendSubject.Kind.servers)
    func `a server that is not there may be later`(_ kind: BackendSubject.Kind) throws {
        let subject = try BackendSubject(kind)
        subject.settings["address"] = "http://127.0.0.1:\(try Server.freePort())"
        let failed = try subject.open()
        #expect(failed.problem == "transient" && failed.message.contains("cannot be reached"))
    }

    @Test(arguments: BackendSubject.Kind.servers)
    func `settings that there are not are named`(_ kind: BackendSubject.Kind) throws {
        let subject = try BackendSubject(kind)
        subject.settings["adress"] = "x"
        let refused = try subject.open()
        #expect(refused.problem == "validation" && refused.setting == "adress")
    }

    @Test(arguments: BackendSubject.Kind.servers)
    func `it ends at once when it is told to`(_ kind: BackendSubject.Kind) throws {
        let (subject, line, _) = try seen(kind)
        try line.set("stall", times: 9)
        let program = try subject.start()
        let deadline = Date.now + 10
        let before = line.requests.count
        try program.say(subject.opening())
        while line.requests.count == before, Date.now < deadline { usleep(10_000) }
        kill(program.pid, SIGTERM)
        let start = Date.now
        program.wait()
        #expect(Date.now.timeIntervalSince(start) < 2)
    }
}
