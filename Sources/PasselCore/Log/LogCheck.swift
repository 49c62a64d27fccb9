/// Whether a security log is whole: every event says what its name says, and none that another one
/// follows is missing.
public struct LogCheck: Sendable, Equatable {
    /// What became of one file.
    public enum Reading: Sendable, Equatable {
        /// It holds this text.
        case text([UInt8])
        /// Nobody here can read it; somebody else may.
        case unreadable
    }

    /// Something that is not as it was written.
    public enum Flaw: Sendable, Hashable, Comparable {
        /// The text is none that was written under the name.
        case altered(EventName)
        /// It is gone; an event that follows it knows of it, or this machine, or the history.
        case missing(EventName)
        /// A file that is called like no event.
        case stray(Text)

        /// What is wrong, with the name.
        public var description: Text {
            switch self {
            case .altered(let name): "\(name.text) is not what was written under that name"
            case .missing(let name): "\(name.text) is missing"
            case .stray(let name): "\(name) does not belong to the log"
            }
        }

        private var order: (Int, [UInt8]) {
            switch self {
            case .missing(let name): (0, name.text.bytes)
            case .altered(let name): (1, name.text.bytes)
            case .stray(let name): (2, name.bytes)
            }
        }

        /// What is missing first.
        public static func < (left: Flaw, right: Flaw) -> Bool {
            left.order.0 != right.order.0
                ? left.order.0 < right.order.0 : left.order.1.precedes(right.order.1)
        }
    }

    /// The events that are as they were written, each behind those that it follows, and the oldest
    /// first.
    public let events: [SecurityEvent]
    /// Events that nobody here can read.
    public let unreadable: [EventName]
    /// What is wrong, sorted.
    public let flaws: [Flaw]
    /// The events that nothing follows: what was written after them would name them.
    public let heads: [EventName]

    /// Checks files against each other, and against the names of events that were seen before.
    ///
    /// - Parameters:
    ///   - files: what lies in the log's folder.
    ///   - known: events of which this machine or the history knows.
    public init(_ files: [Text: Reading], known: Set<EventName> = []) {
        var events: [SecurityEvent] = []
        var unreadable: [EventName] = []
        var flaws: Set<Flaw> = []
        var present: Set<EventName> = []
        for (file, reading) in files {
            guard let name = EventName(file.bytes) else {
                flaws.insert(.stray(file))
                continue
            }
            present.insert(name)
            switch reading {
            case .unreadable: unreadable.append(name)
            case .text(let content):
                if let event = try? SecurityEvent(content), event.name == name {
                    events.append(event)
                } else {
                    // What is no event was not written as one.
                    flaws.insert(.altered(name))
                }
            }
        }
        let followed = Set(events.flatMap(\.previous))
        for name in followed.union(known).subtracting(present) { flaws.insert(.missing(name)) }
        self.events = Self.sorted(events)
        self.unreadable = unreadable.sorted()
        self.flaws = flaws.sorted()
        heads = present.subtracting(followed).sorted()
    }

    /// Clocks differ, and a second is long; what is named was there before.
    private static func sorted(_ events: [SecurityEvent]) -> [SecurityEvent] {
        let byName = Dictionary(uniqueKeysWithValues: events.map { ($0.name, $0) })
        var following: [EventName: [EventName]] = [:]
        var waiting: [EventName: Int] = [:]
        for event in events {
            let there = Set(event.previous).filter { byName[$0] != nil }
            waiting[event.name] = there.count
            for name in there { following[name, default: []].append(event.name) }
        }
        // The next one is at the end.
        var ready = events.map(\.name).filter { waiting[$0] == 0 }.sorted(by: >)
        var result: [SecurityEvent] = []
        while let name = ready.popLast() {
            if let event = byName[name] { result.append(event) }
            for next in following[name] ?? [] {
                let left = (waiting[next] ?? 0) - 1
                waiting[next] = left
                guard left == 0 else { continue }
                let place = ready.firstIndex { $0 < next } ?? ready.endIndex
                ready.insert(next, at: place)
            }
        }
        return result
    }
}
