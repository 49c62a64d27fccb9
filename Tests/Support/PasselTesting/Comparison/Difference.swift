/// Words for what differs between two texts.
enum Difference {
    /// Both texts line by line: `-` only expected, `+` only found.
    static func describe(actual: Bytes, expected: Bytes) -> String {
        let (actual, expected) = (actual.visibleLines, expected.visibleLines)
        var text: [String] = []
        var index = 0
        let changes = actual.difference(from: expected)
        var removed: [Int: String] = [:]
        var inserted: [Int: String] = [:]
        for change in changes {
            switch change {
            case .remove(let offset, let element, _): removed[offset] = element
            case .insert(let offset, let element, _): inserted[offset] = element
            }
        }
        for (offset, line) in expected.enumerated() {
            if removed[offset] != nil {
                text.append("- " + line)
                continue
            }
            while let added = inserted[index] {
                text.append("+ " + added)
                index += 1
            }
            text.append("  " + line)
            index += 1
        }
        while let added = inserted[index] {
            text.append("+ " + added)
            index += 1
        }
        let shown = text.prefix(60).map { $0.count > 300 ? $0.prefix(300) + "…" : $0[...] }
        return shown.joined(separator: "\n") + (text.count > 60 ? "\n…" : "")
    }
}

extension [UInt8] {
    /// Lines with control characters made visible; the last one says whether a newline ends it.
    fileprivate var visibleLines: [String] {
        var parts = text.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.unicodeScalars.map { $0.value < 0x20 ? $0.escaped(asASCII: true) : String($0) }
                .joined()
        }
        if parts.last?.isEmpty == true {
            parts.removeLast()
        } else {
            parts.append("(no newline at the end)")
        }
        return parts
    }
}
