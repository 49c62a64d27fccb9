import Glibc
import PasselCore
import PasselGPG
import PasselGit
import PasselPosix
import PasselStore

/// Looks at the machine for `doctor`, and judges nothing.
///
/// What cannot be found out stays unknown: a machine in disorder is what this is for.
struct MachineProbe {
    let session: Session
    private let settings: Settings
    private let environment: ProcessEnvironment

    init(session: Session) {
        self.session = session
        settings = session.settings
        environment = session.settings.environment
    }

    func facts() -> MachineFacts {
        var facts = MachineFacts(store: settings.store, now: session.now)
        facts.hasStore = session.store.isThere
        addGPG(&facts)
        addStore(&facts)
        addPrograms(&facts)
        addFolders(&facts)
        addDesk(&facts)
        facts.swap = swap()
        facts.codeset = Text(settings.codeset.utf8)
        if isatty(0) == 1 {
            facts.terminal = ttyname(0).map { Path(String(cString: $0).bytes) }
            facts.gpgTerminal = settings.inherited["GPG_TTY"].flatMap {
                $0.isEmpty ? nil : Path($0)
            }
        }
        return facts
    }

    private func find(_ name: String) -> Path? { Programs.find(name, path: environment["PATH"]) }

    /// What a program says; nothing where it is not there, or fails with nothing said.
    private func said(_ program: Path, _ words: [String]) -> [[UInt8]] {
        var child = ChildProcess(program, words, environment: environment)
        child.error = .discarded
        // A program that cannot be run says nothing.
        guard let outcome = try? child.run() else { return [] }
        return outcome.output.exposedBytes.split(separator: .newline).map(Array.init)
    }

    private func addGPG(_ facts: inout MachineFacts) {
        facts.gpg = find(settings.gpg.repaired)
        guard let gpg = facts.gpg else { return }
        for line in said(gpg, ["--version"]) {
            let words = line.split(separator: 0x20)
            guard let last = words.last, let version = ReleaseVersion(Array(last)) else { continue }
            if facts.gpgVersion == nil, words.first?.starts(with: "gpg".utf8) == true {
                facts.gpgVersion = version
                add("gpg", version, at: gpg, &facts)
            } else if words.first?.elementsEqual("libgcrypt".utf8) == true {
                add("libgcrypt", version, at: gpg, &facts)
            }
        }
        for line in said("gpgconf", ["--list-components"]) {
            let parts = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            guard parts.count > 2 else { continue }
            // A colon is `%3a` there.
            let place = Path(PercentEncoding.decodeLeniently(parts[2]))
            if parts[0].elementsEqual("gpg-agent".utf8) { facts.agent = place }
            if parts[0].elementsEqual("pinentry".utf8) { facts.pinentry = place }
        }
        let home = said("gpgconf", ["--list-dirs", "homedir"]).first.map { Path($0) }
        facts.gpgHome = home
        if let set = home.flatMap(pinentry) { facts.pinentry = set }
        facts.hasAgent = facts.agent.map(isProgram) ?? false
        facts.hasPinentry = facts.pinentry.map(isProgram) ?? false
        let answer = said("gpg-connect-agent", ["--no-autostart", "GETINFO version", "/bye"])
        if let line = answer.first, line.starts(with: "D ".utf8) {
            facts.agentVersion = ReleaseVersion(Array(line.dropFirst(2)))
        }
        // gpg itself says why not.
        facts.ownKeys = facts.hasAgent ? try? session.gpg.secretKeys() : nil
    }

    private func isProgram(_ path: Path) -> Bool {
        FileStatus.isFile(path) && path.withCString { access($0, X_OK) } == 0
    }

    /// The program for passphrases that the user set in `gpg-agent.conf`.
    private func pinentry(_ home: Path) -> Path? {
        // A file that cannot be read sets nothing.
        guard let content = try? Files.readIfPresent(home / "gpg-agent.conf", limit: 1 << 20)
        else { return nil }
        return content.split(separator: .newline).compactMap { line -> Path? in
            let words = Array(line).words
            return words.count > 1 && words[0] == "pinentry-program".bytes ? Path(words[1]) : nil
        }.last
    }

    private func addStore(_ facts: inout MachineFacts) {
        guard facts.hasStore else { return }
        // A store in disorder is for fsck to tell of.
        facts.recipients = (try? session.store.listedRecipients()) ?? []
        facts.repository = (try? session.store.repositoryFacts()) ?? nil
        let own = Set((facts.ownKeys ?? []).map(\.fingerprint))
        let ending = (try? session.store.briefStatus().keys) ?? []
        facts.endingKeys = ending.filter { key in
            key.key.fingerprint.map { !own.contains($0) } ?? true
        }.map { ($0.key.name, $0.standing.word, $0.standing.isGood) }
    }

    private func addPrograms(_ facts: inout MachineFacts) {
        facts.git = find("git")
        if let git = facts.git {
            let words = said(git, ["--version"]).first?.words ?? []
            add("git", words.dropFirst(2).first.flatMap(ReleaseVersion.init), at: git, &facts)
        }
        if let version = GitLibrary.version { add("libgit2", version, at: nil, &facts) }
        facts.debian = debianRelease()
        addPackages(&facts)
    }

    private func add(
        _ name: Text, _ version: ReleaseVersion?, at program: Path?, _ facts: inout MachineFacts
    ) {
        var installed = InstalledProgram(name)
        installed.version = version
        if let place = program.flatMap(Files.resolved) {
            installed.isPackaged =
                place.bytes.starts(with: "/usr/".utf8) && !place.isWithin("/usr/local")
        }
        facts.programs.append(installed)
    }

    private func debianRelease() -> Int? {
        // Where there is no such file, it is another system.
        guard let content = try? Files.readIfPresent("/etc/os-release", limit: 1 << 16) else {
            return nil
        }
        let lines = content.split(separator: .newline).map(Array.init)
        guard lines.contains("ID=debian".bytes) else { return nil }
        let key = "VERSION_ID=\"".bytes
        return lines.first { $0.starts(with: key) }.flatMap { line in
            let digits = line.dropFirst(key.count).prefix(while: \.isDigit)
            return Int(String(decoding: digits, as: UTF8.self))
        }
    }

    /// Which packages the programs are from, as dpkg knows them.
    private func addPackages(_ facts: inout MachineFacts) {
        var packages: [Text: Text] = ["gpg": "gpg", "libgcrypt": "libgcrypt20", "git": "git"]
        packages["libgit2"] = GitLibrary.package
        let wanted = facts.programs.filter(\.isPackaged).compactMap { packages[$0.name] }
        guard find("dpkg-query") != nil, !wanted.isEmpty else { return }
        let lines = said(
            "dpkg-query",
            ["--show", "--showformat=${db:Status-Abbrev} ${Package} ${Version}\\n", "--"]
                + wanted.map(\.description))
        for words in lines.map(\.words) where words.count == 3 && words[0] == "ii".bytes {
            guard
                let index = facts.programs.firstIndex(where: {
                    $0.isPackaged && packages[$0.name]?.bytes == words[1]
                })
            else { continue }
            facts.programs[index].package = (Text(words[1]), DebianVersion(words[2]))
        }
    }

    private func addFolders(_ facts: inout MachineFacts) {
        func add(_ path: Path?, mayBeRead: Bool = false) {
            // What cannot be looked at is told by whoever needs it.
            guard let path, let status = try? FileStatus(of: path), status.kind == .folder else {
                return
            }
            facts.folders.append(
                MachineFacts.Folder(
                    path, mode: status.mode, isOwn: status.owner == geteuid(),
                    mayBeRead: mayBeRead))
        }
        add(settings.store)
        add(facts.gpgHome)
        add(settings.state)
        add(PasselConfiguration.userFolder(environment), mayBeRead: true)
    }

    private func addDesk(_ facts: inout MachineFacts) {
        func isSet(_ name: String) -> Bool { environment[name].map { !$0.isEmpty } ?? false }
        if isSet("WAYLAND_DISPLAY") || isSet("DISPLAY") {
            facts.wantedClipboard = isSet("WAYLAND_DISPLAY") ? "wl-clipboard" : "xclip"
            // Not without a display, or without a program for it.
            facts.hasClipboard = (try? ClipboardTools(settings)) != nil
        }
        facts.hasDirenv = find("direnv") != nil
        if let place = try? SetupDirenv.place(environment),
            let content = (try? Files.readIfPresent(place, limit: 1 << 20)) ?? nil
        {
            facts.isUsePasselCurrent = content == SetupDirenv.library.bytes
        }
        guard let name = environment["SHELL"].map({ Path($0).name }),
            let shell = Shell.allCases.first(where: { $0.rawValue.utf8.elementsEqual(name) }),
            let home = environment["HOME"].map({ Path($0) })
        else { return }
        var found = MachineFacts.Shell(Text(name), startFile: home / shell.startFile)
        // A start file that cannot be read sets nothing up.
        let start = (try? Files.readIfPresent(found.startFile, limit: 1 << 20)) ?? nil
        found.completes =
            shell.installedCompletion != nil
            || start?.includes("passel setup shell".bytes) ?? false
            || FileStatus.isFile(home / ".local" / shell.completionFile)
        found.callsDirenv = start?.includes("direnv hook".bytes) ?? false
        facts.shell = found
    }

    private func swap() -> [SwapArea]? {
        // The kernel's own list has no size.
        guard let list = try? Files.read("/proc/swaps") else { return nil }
        return SwapArea.areas(list).map { area in
            var area = area
            guard area.kind == .plain, let device = Files.resolved(area.path) else { return area }
            let uuid = Path("/sys/block") / device.name / "dm/uuid"
            // Without that file it is no mapped device.
            let mapped = (try? Files.readIfPresent(uuid)) ?? nil
            if mapped?.starts(with: "CRYPT-".utf8) == true { area.kind = .encrypted }
            return area
        }
    }
}
