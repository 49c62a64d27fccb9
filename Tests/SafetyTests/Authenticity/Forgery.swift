/// What somebody who can push, and has nobody's key of the team, makes of the remote.
struct Forgery: Sendable, CustomStringConvertible {
    /// How it reaches Alice.
    enum Way: String, Sendable {
        /// She syncs.
        case sync
        /// She clones the store anew.
        case clone
        /// She restores an entry from a commit that she was refused.
        case restore
        /// She lets git pull, outside of passel.
        case pull
    }

    /// The group, 1 to 11.
    let group: Int
    let name: String
    let way: Way
    /// The entry that is not what it was.
    let entry: String
    /// Seconds by which the clock is ahead while she looks.
    let clock: Int
    /// Makes the remote's branch what it is then.
    let make: @Sendable (Court) throws -> Void

    var description: String { "\(group) \(name), by \(way.rawValue)" }

    private static func each(
        _ group: Int, _ name: String, _ ways: [Way], entry: String = "web/site", clock: Int = 0,
        _ make: @escaping @Sendable (Court) throws -> Void
    ) -> [Forgery] {
        ways.map {
            Forgery(group: group, name: name, way: $0, entry: entry, clock: clock, make: make)
        }
    }

    private static let site = "web/site.gpg"

    static let all: [Forgery] =
        each(1, "a fresh encryption, unsigned", [.sync, .clone, .restore, .pull]) {
            try $0.publish([site: $0.sealed()])
        }
        + each(2, "signed by an unknown key", [.sync, .clone, .restore, .pull]) {
            try $0.publish([site: $0.sealed()], by: "mallory")
        }
        + each(3, "signed by somebody who was removed", [.sync, .pull]) {
            try $0.publish([site: $0.sealed()], by: "dave")
        }
        + each(3, "signed by a key that is revoked", [.sync, .pull]) {
            try $0.publish([site: $0.sealed()], by: "eve")
        }
        + each(3, "signed by a key that is expired", [.sync], clock: 7_200) {
            try $0.publish([site: $0.sealed()], by: "frank")
        }
        + each(3, "signed by a machine", [.sync]) {
            try $0.publish([site: $0.sealed()], by: "robot")
        }
        + each(4, "a signature of something else", [.sync, .clone, .restore, .pull]) {
            try $0.publish([site: $0.sealed()], by: "bob", signing: "tree of another commit\n")
        }
        + each(5, "merged by a server, which signed it", [.sync, .clone, .restore, .pull]) {
            let branch = try $0.commit([site: $0.sealed()])
            let tree = try $0.smith.git("rev-parse", "\(branch)^{tree}")
            try $0.smith.publish($0.signed(tree, on: [$0.smith.head(), branch], by: "forge"))
        }
        + each(6, "two entries exchanged", [.sync, .clone, .restore, .pull]) {
            try $0.publish([site: $0.id("web/other.gpg"), "web/other.gpg": $0.id(site)])
        }
        + each(
            7, "an entry under the name of another service", [.sync, .clone, .pull],
            entry: "web/evil"
        ) {
            try $0.publish(["prod/db.gpg": nil, "web/evil.gpg": $0.id("prod/db.gpg")])
        }
        + each(
            8, "an entry of a folder with other people", [.sync, .restore, .pull], entry: "prod/db"
        ) {
            try $0.publish(["prod/db.gpg": $0.id("low/token.gpg")])
        }
        + each(8, "the same, signed by one of those", [.sync], entry: "prod/db") {
            try $0.publish(["prod/db.gpg": $0.id("low/token.gpg")], by: "carol")
        }
        + each(9, "back to an older commit", [.sync, .pull]) {
            try $0.smith.publish($0.beforeLastValue())
        }
        + each(10, "another history with the same names", [.sync, .pull]) {
            let tree = try $0.tree([site: $0.sealed()])
            try $0.smith.publish($0.smith.commit(tree, on: [$0.beforeLastValue()]))
        }
        + each(11, "a merge that drops what one side changed", [.sync, .pull]) {
            let old = try $0.beforeLastValue()
            let side = try $0.smith.commit($0.smith.git("rev-parse", "\(old)^{tree}"), on: [old])
            let tree = try $0.tree([site: $0.smith.git("rev-parse", "\(old):\(site)")])
            try $0.smith.publish($0.smith.commit(tree, on: [$0.smith.head(), side]))
        }
        + each(11, "an old roster with its good signature", [.sync], entry: "") {
            try $0.publish(
                [
                    ".passel/roster": $0.oldRoster(".passel/roster"),
                    ".passel/roster.sig": $0.oldRoster(".passel/roster.sig"),
                ], by: "bob")
        }
}
