import Glibc

extension Verbs {
    static let files: [String: Verb] = [
        "mkdir": { run, _, words in
            for word in words { try Disk.makeFolder(run.absolute(word)) }
        },
        "cp": { run, _, words in
            guard words.count == 2 else { throw TestingProblem("cp FROM TO") }
            var target = run.absolute(words[1])
            if Disk.facts(target)?.kind == .folder {
                target += [0x2F] + (words[0].split(separator: 0x2F).last.map { Bytes($0) } ?? [])
            }
            try Disk.write(try run.content(words[0]), to: target)
            run.exempt.insert(target.text)
        },
        "rm": { run, _, words in
            for word in words { Disk.remove(run.absolute(word).text) }
        },
        "write": { run, _, words in
            guard words.count == 2 else { throw TestingProblem("write PATH TEXT") }
            let path = run.absolute(words[0])
            try Disk.write(words[1], to: path)
            run.exempt.insert(path.text)
        },
        "symlink": { run, _, words in
            guard words.count == 2 else { throw TestingProblem("symlink TARGET PATH") }
            let path = run.absolute(words[1])
            let status = Disk.withCString(words[0]) { target in
                Disk.withCString(path) { symlink(target, $0) }
            }
            if status != 0 { throw TestingProblem("cannot link \(path.text)") }
        },
        "chmod": { run, _, words in
            guard words.count == 2, let mode = UInt32(words[0].text, radix: 8) else {
                throw TestingProblem("chmod MODE PATH")
            }
            let status = Disk.withCString(run.absolute(words[1])) { chmod($0, mode_t(mode)) }
            if status != 0 { throw TestingProblem("cannot chmod \(words[1].text)") }
        },
        "cd": { run, _, words in
            run.sandbox.directory = run.absolute(words.first ?? []).text
        },
    ]
}
