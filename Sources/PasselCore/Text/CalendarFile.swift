/// A calendar for other programs: RFC 5545.
public struct CalendarFile: Sendable {
    /// Something that is due.
    public struct Item: Sendable {
        /// What names it, today and in every later file: letters, digits and dashes.
        public let id: String
        /// The day or the second.
        public let date: TokenDate
        /// What it is called.
        public let title: Text
        /// What else there is to know, in lines.
        public let details: [Text]

        /// Something that is due on a date.
        public init(id: String, date: TokenDate, title: Text, details: [Text]) {
            self.id = id
            self.date = date
            self.title = title
            self.details = details
        }
    }

    /// What is due.
    public let items: [Item]
    /// The second in which the file is made.
    public let made: Instant
    /// How many days before it there is a reminder.
    public let reminder: Int64

    /// A calendar with a reminder so many days before each item.
    public init(_ items: [Item], made: Instant, reminder: Int64) {
        self.items = items
        self.made = made
        self.reminder = reminder
    }

    /// The file's bytes: lines of at most 75 bytes that end in CR LF, in UTF-8.
    public var content: [UInt8] {
        var lines: [Text] = [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//passel//due//EN", "CALSCALE:GREGORIAN",
        ]
        for item in items { lines += self.lines(of: item) }
        lines.append("END:VCALENDAR")
        return lines.flatMap { Self.folded($0.bytes) }
    }

    private func lines(of item: Item) -> [Text] {
        var lines: [Text] = [
            "BEGIN:VEVENT", "UID:\(item.id)@passel", "DTSTAMP:\(Self.compact(made))",
        ]
        switch item.date {
        case .day(let day): lines.append("DTSTART;VALUE=DATE:\(Self.digits(day.spelling))")
        case .instant(let instant): lines.append("DTSTART:\(Self.compact(instant))")
        }
        let title = Self.escaped(item.title)
        lines.append("SUMMARY:\(title)")
        if !item.details.isEmpty {
            lines.append(
                "DESCRIPTION:\(item.details.map(Self.escaped).joined(separator: "\\n"))")
        }
        // Nobody is busy while a token ends.
        lines.append("TRANSP:TRANSPARENT")
        lines += [
            "BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:\(title)", "TRIGGER:-P\(reminder)D",
            "END:VALARM", "END:VEVENT",
        ]
        return lines
    }

    /// `20270131T120000Z`.
    private static func compact(_ instant: Instant) -> Text { digits(instant.spelling) }

    /// A date without what stands between its numbers.
    private static func digits(_ spelling: Text) -> Text {
        Text(spelling.bytes.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: ":") })
    }

    /// A text as a value: §3.3.11.
    ///
    /// What is not UTF-8 is repaired, and control characters are blanks: neither may be in one.
    private static func escaped(_ text: Text) -> Text {
        var result: [UInt8] = []
        for scalar in String(decoding: text.bytes, as: UTF8.self).unicodeScalars {
            switch scalar {
            case "\\", ";", ",": result += [UInt8(ascii: "\\")] + Array(String(scalar).utf8)
            case "\n": result += "\\n".utf8
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
                result.append(0x20)
            default: result += String(scalar).utf8
            }
        }
        return Text(result)
    }

    /// A line as lines of at most 75 bytes, no character torn: §3.1.
    private static func folded(_ line: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var rest = line[...]
        var room = 75
        while rest.count > room {
            var end = rest.startIndex + room
            while rest[end] & 0xC0 == 0x80 { end -= 1 }
            result += rest[..<end] + [.carriageReturn, .newline, 0x20]
            rest = rest[end...]
            room = 74
        }
        return result + rest + [.carriageReturn, .newline]
    }
}
