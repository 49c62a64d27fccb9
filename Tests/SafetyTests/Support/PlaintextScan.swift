import Foundation

/// Looks for a marker in any of the forms in which programs leave plaintext behind.
struct PlaintextScan: Sendable {
    private let forms: [(name: String, bytes: [UInt8])]

    init(_ marker: String) { self.init(Array(marker.utf8)) }

    init(_ raw: [UInt8]) {
        var forms: [(String, [UInt8])] = [("plain", raw)]
        for offset in 0..<3 {
            // Only whole groups of three bytes have characters that do not depend on what is around.
            let whole = raw.dropFirst(offset).prefix((raw.count - offset) / 3 * 3)
            forms.append(("base64", Array(Data(whole).base64EncodedString().utf8)))
        }
        forms.append(("hex", raw.flatMap { Array(String(format: "%02x", $0).utf8) }))
        forms.append(("hex", raw.flatMap { Array(String(format: "%02X", $0).utf8) }))
        forms.append(("URL", raw.flatMap { Array(String(format: "%%%02X", $0).utf8) }))
        forms.append(("UTF-16", raw.flatMap { [$0, 0] }))
        forms.append(("UTF-16", raw.flatMap { [0, $0] }))
        self.forms = forms
    }

    /// The form in which the bytes hold the marker, or nil.
    func find(in bytes: [UInt8]) -> String? {
        bytes.withUnsafeBytes { text in
            forms.first { form in form.bytes.withUnsafeBytes { Self.holds(text, $0) } }?.name
        }
    }

    private static func holds(
        _ text: UnsafeRawBufferPointer, _ word: UnsafeRawBufferPointer
    ) -> Bool {
        guard let first = word.first, let start = word.baseAddress, var place = text.baseAddress
        else { return false }
        var left = text.count
        while left >= word.count, let found = memchr(place, Int32(first), left - word.count + 1) {
            if memcmp(found, start, word.count) == 0 { return true }
            left -= UnsafeRawPointer(found) - place + 1
            place = UnsafeRawPointer(found) + 1
        }
        return false
    }

    /// Each file below the memory-backed folder of this machine that holds the marker; what other
    /// tests keep there is theirs, and may be much.
    func findInSharedMemory() -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/dev/shm")) ?? []
        return names.filter { !$0.hasPrefix("psf") && !$0.hasPrefix("psm") }
            .flatMap { find(at: ["/dev/shm/" + $0]) + find(below: "/dev/shm/" + $0) }
    }

    /// Each file below the folder that holds the marker.
    func find(below folder: String) -> [String] { find(at: paths(below: folder)) }

    private func find(at paths: some Sequence<String>) -> [String] {
        paths.compactMap { path in
            let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size]) as? Int
            guard let size, size < 4 << 20 else { return nil }
            guard let content = FileManager.default.contents(atPath: path) else { return nil }
            return find(in: [UInt8](content)).map { "\(path) (\($0))" }
        }
    }
}
