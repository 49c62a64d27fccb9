import Testing

@testable import PasselTesting

/// People with homes of their own share nothing but what travels through git.
@Suite struct PeopleTests {
    private func failure(of text: String) throws -> ScenarioFailure? {
        try ScenarioRun(Scenario(Bytes(text.utf8), path: "inline.txtar", name: "inline")).run()
    }

    @Test func `each has a home, a store and only the own key`() throws {
        let failure = try failure(
            of: """
                people alice bob
                exec sh -c 'gpg --list-keys --with-colons | grep -c ^pub'
                stdout '^1$'
                exec gpg --list-secret-keys $alice
                ! exec gpg --list-keys $bob
                as bob exec gpg --list-secret-keys $bob
                exec sh -c 'echo $HOME $PASSWORD_STORE_DIR'
                stdout /alice/.password-store$
                as bob exec sh -c 'echo $HOME'
                stdout /bob$
                as bob exec git config --global user.email
                stdout ^bob@example.org$
                as bob
                exec echo $PASSWORD_STORE_DIR
                stdout /bob/.password-store$
                as me
                exec echo $PASSWORD_STORE_DIR
                stdout /home/.password-store$
                """)
        #expect(failure?.description == nil)
    }

    @Test func `what one pushes the others pull`() throws {
        let failure = try failure(
            of: """
                people alice bob
                exec git init -q $PASSWORD_STORE_DIR
                write $PASSWORD_STORE_DIR/a 1
                exec git -C $PASSWORD_STORE_DIR add a
                exec git -C $PASSWORD_STORE_DIR commit -qm one
                publish
                as bob clone
                as bob exists $PASSWORD_STORE_DIR/a
                write $PASSWORD_STORE_DIR/b 1
                exec git -C $PASSWORD_STORE_DIR add b
                exec git -C $PASSWORD_STORE_DIR commit -qm two
                push
                ! as bob exists $PASSWORD_STORE_DIR/b
                as bob pull
                as bob exists $PASSWORD_STORE_DIR/b
                as bob commits two one
                exec git -C $PASSWORD_STORE_DIR commit -q --allow-empty -m three
                push
                as bob exec git -C $PASSWORD_STORE_DIR commit -q --allow-empty -m four
                ! as bob push
                as bob pull
                as bob push
                pull
                exec git -C $PASSWORD_STORE_DIR log --format=%an%s
                stdout ^bobfour$
                """)
        #expect(failure?.description == nil)
    }

    @Test func `keys of people stay with them`() throws {
        let failure = try failure(
            of: """
                people alice bob
                as bob key other
                ! exec gpg --list-keys $other
                as bob exec gpg --list-secret-keys $other
                """)
        #expect(failure?.description == nil)
    }

    @Test(arguments: [
        ("as", true), ("as bob", true), ("people alice\n! as alice exec false", true),
        ("people alice\nas alice exec false", false), ("people alice\n! as alice exec true", false),
        ("people alice bob\nas bob exec test $HOME = $WORK/alice", false),
        ("people alice bob\nas bob exec true\nexec test $HOME = $WORK/alice", true),
    ])
    func `a line by somebody else passes or fails as any`(_ lines: String, _ passes: Bool) throws {
        #expect((try failure(of: lines) == nil) == passes)
    }

    @Test func `every store and what is remembered of it is looked at afterwards`() throws {
        let failure = try failure(
            of: """
                people alice bob
                as bob mkdir $PASSWORD_STORE_DIR
                as bob write $PASSWORD_STORE_DIR/x.gpg x
                """)
        #expect(failure?.description.contains("x.gpg has no .gpg-id above it") == true)
        let state = try self.failure(
            of: "mkdir home/.local/state/passel\nwrite home/.local/state/passel/pins.lock x")
        #expect(state?.description.contains("was left behind") == true)
    }
}
