import PasselCore
import PasselPosix
import PasselTesting
import Testing

@testable import PasselCommands

@Suite struct SettingsTests {
    private func settings(_ variables: [String: String]) -> Settings {
        // This umask is the one that the tests run with: reading settings sets it.
        let base = ["HOME": "/home/ann", "PATH": "/usr/bin:/bin", "PASSWORD_STORE_UMASK": "022"]
        let all = base.merging(variables) { _, new in new }
        return Settings(ProcessEnvironment(all.mapValues { Bytes($0.utf8) }))
    }

    @Test func `without variables everything is as pass has it`() {
        let settings = settings([:])
        #expect(settings.store == "/home/ann/.password-store")
        #expect(settings.extensionsFolder == "/home/ann/.password-store/.extensions")
        #expect(settings.recipientsOverride == [] && settings.signingKeys == [])
        #expect(settings.gpgOptions == [] && !settings.extensionsEnabled)
        #expect(settings.clipSelection.text == "clipboard" && settings.clipTime.text == "45")
        #expect(settings.generatedLength.text == "25")
        #expect(settings.characterSet.text == "[:punct:][:alnum:]")
        #expect(settings.characterSetNoSymbols.text == "[:alnum:]")
    }

    @Test func `an empty variable counts as unset`() {
        let names = [
            "PASSWORD_STORE_DIR", "PASSWORD_STORE_KEY", "PASSWORD_STORE_GPG_OPTS",
            "PASSWORD_STORE_X_SELECTION", "PASSWORD_STORE_CLIP_TIME", "EDITOR",
            "PASSWORD_STORE_GENERATED_LENGTH", "PASSWORD_STORE_CHARACTER_SET",
            "PASSWORD_STORE_CHARACTER_SET_NO_SYMBOLS", "PASSWORD_STORE_ENABLE_EXTENSIONS",
            "PASSWORD_STORE_EXTENSIONS_DIR", "PASSWORD_STORE_SIGNING_KEY", "GPG_AGENT_INFO",
        ]
        let empty = settings(Dictionary(uniqueKeysWithValues: names.map { ($0, "") }))
        let unset = settings([:])
        #expect(empty.store == unset.store && empty.editor == unset.editor)
        #expect(empty.clipTime == unset.clipTime && empty.clipSelection == unset.clipSelection)
        #expect(empty.generatedLength == unset.generatedLength)
        #expect(empty.characterSet == unset.characterSet)
        #expect(empty.extensionsFolder == unset.extensionsFolder)
        #expect(empty.gpgOptions == [] && empty.recipientsOverride == [] && !empty.gpgBatch)
    }

    @Test(arguments: [
        ("/s", "/s"), ("/s/", "/s"), ("/s//", "/s"), ("/", "/"), ("/a//b/", "/a//b"),
    ]) func `the store is where it is said to be, without slashes at its end`(
        given: String, store: String
    ) {
        #expect(settings(["PASSWORD_STORE_DIR": given]).store == Path(store))
    }

    @Test(
        arguments: [
            (["XDG_STATE_HOME": "/var/state"], "/var/state/passel"),
            (["XDG_STATE_HOME": ""], "/home/ann/.local/state/passel"),
            (["XDG_STATE_HOME": "relative"], "/home/ann/.local/state/passel"),
            ([:], "/home/ann/.local/state/passel"),
            (["HOME": "", "XDG_STATE_HOME": "/s"], "/s/passel"), (["HOME": ""], nil),
        ] as [([String: String], String?)])
    func `what this machine remembers lies in the state folder`(
        variables: [String: String], state: String?
    ) {
        #expect(settings(variables).state == state.map { Path($0) })
    }

    @Test func `lists are split at blanks and nothing is unquoted`() {
        let settings = settings([
            "PASSWORD_STORE_KEY": " ann\tbob\n'c d' ",
            "PASSWORD_STORE_GPG_OPTS": "--a  --b=\"c d\"",
            "PASSWORD_STORE_SIGNING_KEY": "X Y", "EDITOR": "vim -u  NONE 'x y'",
        ])
        #expect(settings.recipientsOverride.map(\.bytes.text) == ["ann", "bob", "'c", "d'"])
        #expect(settings.gpgOptions.map(\.text) == ["--a", "--b=\"c", "d\""])
        #expect(settings.signingKeys.map(\.bytes.text) == ["X", "Y"])
        #expect(settings.editor.map(\.text) == ["vim", "-u", "NONE", "'x", "y'"])
        #expect(settings.editorText == "vim -u  NONE 'x y'")
    }

    @Test(arguments: [
        ("true", true), ("1", false), ("TRUE", false), ("yes", false), (" true", false),
    ]) func `extensions are switched on by one word only`(word: String, enabled: Bool) {
        #expect(settings(["PASSWORD_STORE_ENABLE_EXTENSIONS": word]).extensionsEnabled == enabled)
    }

    @Test func `programs we start do not see what would mislead git`() {
        let misleading = [
            "GIT_DIR", "GIT_WORK_TREE", "GIT_NAMESPACE", "GIT_INDEX_FILE", "GIT_INDEX_VERSION",
            "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GPGME_DEBUG",
        ]
        var variables = Dictionary(uniqueKeysWithValues: misleading.map { ($0, "/elsewhere") })
        variables["GIT_AUTHOR_NAME"] = "Ann"
        variables["PASSWORD_STORE_DIR"] = "/data/store/"
        let environment = settings(variables).environment
        for name in misleading { #expect(environment[name] == nil, "\(name)") }
        #expect(environment["GIT_AUTHOR_NAME"]?.text == "Ann")
        #expect(environment["GIT_CEILING_DIRECTORIES"]?.text == "/data")
        #expect(environment["GPG_TTY"]?.isEmpty == false)
        #expect(settings(["GPG_TTY": "/dev/pts/9"]).environment["GPG_TTY"]?.text == "/dev/pts/9")
    }

    @Test func `an agent that is named makes gpg ask nothing on the terminal`() {
        #expect(settings(["GPG_AGENT_INFO": "/x:1:1"]).gpgBatch)
        #expect(settings(["GPG_AGENT_INFO": ""]).gpg == "gpg")
    }

    @Test func `gpg2 is used where there is one`() throws {
        let box = try Sandbox()
        try Disk.write("#!/bin/sh\n", to: box.bin + "/gpg2", mode: 0o755)
        let settings = settings(["PATH": "/nonexistent:\(box.bin):/usr/bin"])
        #expect(settings.gpg == "gpg2" && settings.gpgBatch)
        #expect(Programs.find("gpg2", path: Bytes(box.bin.utf8)) == Path(box.bin + "/gpg2"))
        #expect(Programs.find("no-such-program", path: Bytes("/usr/bin".utf8)) == nil)
        #expect(Programs.find("tmp", path: Bytes(box.root.utf8)) == nil, "a folder is no program")
    }
}
