// Fetches, pushes or clones by the library's own means, and says what came of it: in a process of
// its own, whose environment, memory and end tests can look at.
//
//     passel-transporter FOLDER SECONDS fetch|head|push|clone URL BRANCH
//
// Lines on standard output: `told TEXT`, `problem TEXT`, `hint TEXT`, `ok RESULT`, and at the end
// `memory KIBIBYTES`: the most that any program had that was started.
import Glibc
import PasselCore
import PasselGit
import PasselPosix

func say(_ word: String, _ text: Text) {
    let line = Array(word.utf8) + [0x20] + text.bytes + [0x0a]
    _ = line.withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
}

func end(_ status: Int32) -> Never {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage)
    say("memory", "\(usage.ru_maxrss)")
    exit(status)
}

// As in every run of passel.
signal(SIGPIPE, SIG_IGN)
MemoryBudget.ownsProcess()

let words = CommandLine.arguments.dropFirst().map { $0 }
guard words.count == 5, let seconds = Int(words[1]) else { exit(2) }
let (folder, url, branch) = (Path(words[0].utf8), Text(words[3].utf8), words[4])
let incoming = "refs/passel/incoming/office"
let environment = ProcessEnvironment.current

do {
    if words[2] == "clone" {
        let made = try Transport.clone(
            url, into: folder, reference: incoming, environment: environment, timeout: seconds
        ) { say("told", $0) }
        say("ok", "\(made.branch) \(made.head?.hex ?? "nothing")")
        end(0)
    }
    guard
        let repository = try GitRepository.enclosing(
            folder, store: folder, environment: environment)
    else { exit(2) }
    let transport = Transport(repository, timeout: seconds) { say("told", $0) }
    let remote = GitRemote(name: "office", url: url)
    switch words[2] {
    case "fetch":
        let id = try transport.fetch(remote, branch: branch, into: incoming)
        say("ok", "\(id?.hex ?? "nothing")")
    case "head":
        say("ok", "\(try transport.head(of: remote, branch: branch)?.hex ?? "nothing")")
    default:
        guard let head = try repository.headID() else { exit(2) }
        say("ok", "\(String(describing: try transport.push(head, to: remote, branch: branch)))")
    }
} catch let problem as Problem {
    say("problem", problem.message)
    for hint in problem.hints { say("hint", hint) }
    end(1)
} catch {
    say("problem", "unworded: \(String(describing: error))")
    end(3)
}
end(0)
