/// What somebody who left could ever read: a list that is worked off entry by entry.
///
/// A file of text in the store, one fact a line, names percent-encoded, with one spelling only:
///
///     passel offboard 1
///     person FINGERPRINT USER-ID
///     day YYYY-MM-DD
///     key KEY-ID
///     entry NAME NAME-NOW CONTENT,CONTENT… [CONTENT=CONTENT,…]
///     unknown NAME NAME-NOW CONTENT,CONTENT… [CONTENT=CONTENT,…]
///     done NAME YYYY-MM-DD
///
/// `entry` says under which name they could read what, newest first, and where that entry is now,
/// `-` when it is gone. `unknown` is what hides its readers. Pairs at the end are guesses: that the
/// entry was renamed is certain only if both hold the same secret.
public struct OffboardingList: Sendable, Equatable {
    /// A version of an entry's file, by the digits of its git id, or of its SHA-256 where there is
    /// no git.
    public struct Content: Sendable, Hashable, Comparable {
        /// 40 or 64 lower-case hexadecimal digits.
        public let hex: String

        /// The version that these digits name; nothing for any other spelling.
        public init?(_ digits: some Collection<UInt8>) {
            let isSpelled = digits.allSatisfy { $0.hexValue != nil && !(0x41...0x46).contains($0) }
            guard [40, 64].contains(digits.count), isSpelled else { return nil }
            hex = String(decoding: Array(digits), as: UTF8.self)
        }

        /// Order of the digits.
        public static func < (left: Content, right: Content) -> Bool { left.hex < right.hex }
    }

    /// A rename that nothing states: one version vanished, the other appeared under a new name.
    public struct Guess: Sendable, Hashable, Comparable {
        /// What vanished.
        public let old: Content
        /// What appeared.
        public let new: Content

        /// A rename that is certain only if both hold the same secret.
        public init(old: Content, new: Content) {
            self.old = old
            self.new = new
        }

        /// Order of the spellings.
        public static func < (left: Guess, right: Guess) -> Bool {
            (left.old, left.new) < (right.old, right.new)
        }
    }

    /// Where an entry is now.
    public struct Place: Sendable, Hashable {
        /// Its name; nothing when it is gone.
        public let name: [UInt8]?
        /// What has to be true for that.
        public let guesses: Set<Guess>

        /// A name, or nothing, on condition that the guesses are right.
        public init(_ name: [UInt8]?, guesses: Set<Guess> = []) {
            self.name = name
            self.guesses = guesses
        }
    }

    /// What they could read under one name, and where it is now.
    public struct Item: Sendable, Equatable {
        /// The entry's name at the time.
        public let name: [UInt8]
        /// Where it is now; a name can have been given to one entry after the other.
        public let place: Place
        /// Whether they are named as a reader; otherwise the readers are hidden, and it cannot be
        /// told.
        public let isCertain: Bool
        /// The versions, newest first.
        public var contents: [Content]

        /// What they could read, or perhaps could.
        public init(_ name: [UInt8], _ place: Place, isCertain: Bool, contents: [Content]) {
            self.name = name
            self.place = place
            self.isCertain = isCertain
            self.contents = contents
        }
    }

    /// Whose list it is.
    public let person: Fingerprint
    /// The user id by which they were known; for reading only.
    public var name: [UInt8]
    /// The day on which they left.
    public var day: Day
    /// The ids of every part of their key that ever encrypted.
    public var keyIDs: Set<KeyID>
    /// The entries.
    public var items: [Item] = []
    /// The names that somebody declared to be settled, and when.
    public var done: [[UInt8]: Day] = [:]

    /// A list without entries.
    public init(_ person: Fingerprint, name: [UInt8], day: Day, keyIDs: Set<KeyID>) {
        self.person = person
        self.name = name
        self.day = day
        self.keyIDs = keyIDs
    }

    /// The folder of all lists below the store's top.
    public static let folder: Path = ".passel/offboard"

    /// Where it lies below the store's top.
    public var file: Path { Self.folder / Path(person.hex.utf8) }
}
