import PasselTesting
import Testing

/// icalendar, by which programs in Python read calendars.
@Suite struct CalendarTests {
    @Test func `the calendar of ends is read as it was meant`() throws {
        try ClientHome.require("python")
        let home = try ClientHome(.passel)
        try home.insert("ci/py, pi;\u{1F511}", "x\nkind: pypi\nexpires: 2099-01-31\nscope: a\\b\n")
        try home.insert("ci/exact", "x\nexpires: 2099-01-31T12:00:00+02:00\n")
        try home.insert("ci/own", "x\ncreated: 2098-12-02\nrotate-every: 60d\n")
        try home.check("passel", "due", "--calendar", "-o", "due.ics")
        let read = try home.python(
            """
            import icalendar
            with open("due.ics", "rb") as file:
                calendar = icalendar.Calendar.from_ical(file.read())
            for event in calendar.walk("VEVENT"):
                alarm, = event.walk("VALARM")
                print(event.errors, event["SUMMARY"], event.decoded("DTSTART"),
                      alarm.decoded("TRIGGER"), repr(str(event.get("DESCRIPTION", ""))), sep="|")
            print(len({str(event["UID"]) for event in calendar.walk("VEVENT")}), calendar.errors)
            """
        ).demand()
        try home.check("rm", "due.ics")
        #expect(
            read.stdout.text == """
                []|ci/own is to be replaced|2099-01-31|-7 days, 0:00:00|''
                []|ci/py, pi;\u{1F511} expires|2099-01-31|-7 days, 0:00:00|'kind: pypi\\nscope: a\\\\b'
                []|ci/exact expires|2099-01-31 10:00:00+00:00|-7 days, 0:00:00|''
                3 []

                """)
    }
}
