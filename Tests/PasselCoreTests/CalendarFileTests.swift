import Testing

@testable import PasselCore

@Suite struct CalendarFileTests {
    private func lines(_ item: CalendarFile.Item) -> [String] {
        let content = CalendarFile(
            [item], made: Instant(second: 1_800_000_000), reminder: 7
        ).content
        return String(decoding: content, as: UTF8.self).split(
            separator: "\r\n", omittingEmptySubsequences: false
        ).map(String.init)
    }

    private func item(_ title: Text, _ date: String, _ details: [Text] = []) -> CalendarFile.Item {
        CalendarFile.Item(
            id: "abc", date: TokenDate(date.utf8) ?? .instant(Instant(second: 0)), title: title,
            details: details)
    }

    @Test func `an item has what RFC 5545 asks for`() {
        #expect(
            lines(item("ci/pypi expires", "2027-01-31", ["kind: pypi", "owner: ann"])) == [
                "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//passel//due//EN",
                "CALSCALE:GREGORIAN", "BEGIN:VEVENT", "UID:abc@passel",
                "DTSTAMP:20270115T080000Z", "DTSTART;VALUE=DATE:20270131",
                "SUMMARY:ci/pypi expires", "DESCRIPTION:kind: pypi\\nowner: ann",
                "TRANSP:TRANSPARENT", "BEGIN:VALARM", "ACTION:DISPLAY",
                "DESCRIPTION:ci/pypi expires", "TRIGGER:-P7D", "END:VALARM", "END:VEVENT",
                "END:VCALENDAR", "",
            ])
        #expect(
            lines(item("x", "2027-01-31T12:00:00Z")).contains("DTSTART:20270131T120000Z"))
    }

    @Test func `what means something in a calendar is escaped`() {
        #expect(
            lines(item("a;b,c\\d\ne\rf\u{1b}g", "2027-01-31")).contains(
                "SUMMARY:a\\;b\\,c\\\\d\\ne f g"))
        #expect(
            lines(item(Text([0x63, 0xFF]), "2027-01-31")).contains("SUMMARY:c\u{FFFD}"))
    }

    @Test func `no line is longer than 75 bytes and no character is torn`() {
        for count in 20...90 {
            for character in ["a", "é", "€", "🔑"] {
                let title = String(repeating: character, count: count)
                let lines = lines(item(Text(title.utf8), "2027-01-31"))
                #expect(lines.allSatisfy { $0.utf8.count <= 75 && !$0.contains("\u{FFFD}") })
                var whole = ""
                for line in lines {
                    if line.hasPrefix(" ") {
                        whole += line.dropFirst()
                    } else {
                        whole += "\n" + line
                    }
                }
                #expect(whole.split(separator: "\n").contains { $0 == "SUMMARY:\(title)" })
            }
        }
    }
}
