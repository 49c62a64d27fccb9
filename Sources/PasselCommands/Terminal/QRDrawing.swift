import CQREncode
import PasselCore

/// A QR code in half blocks, two rows of it a line.
struct QRDrawing {
    /// Where it is looked at.
    enum Ground {
        /// Light on dark, as `qrencode -t utf8` draws it for a terminal.
        case screen
        /// Dark on light, as it is printed.
        case paper
    }

    let ground: Ground

    /// The code of a text.
    ///
    /// - Throws: a `Problem` for more than fits into one.
    func drawing(of secret: Secret) throws -> Secret {
        let terminated = Secret(joining: [secret, Secret(plain: "\0")])
        // Paper is folded and stained.
        let level = ground == .paper ? QR_ECLEVEL_M : QR_ECLEVEL_L
        let code = terminated.withBytes { bytes in
            QRcode_encodeString(
                bytes.baseAddress?.assumingMemoryBound(to: CChar.self), 0, level, QR_MODE_8, 1)
        }
        guard let code else {
            throw Problem("too long for a QR code", hints: ["choose a shorter line: --qrcode=N"])
        }
        defer {
            wipe(
                UnsafeMutableRawBufferPointer(
                    start: code.pointee.data, count: Int(code.pointee.width * code.pointee.width)))
            QRcode_free(code)
        }
        return halfBlocks(code.pointee)
    }

    private func halfBlocks(_ code: QRcode) -> Secret {
        let width = Int(code.width)
        let margin = 4
        let (full, half, otherHalf, empty) =
            ("\u{2588}".bytes, "\u{2580}".bytes, "\u{2584}".bytes, " ".bytes)
        let isInk = ground == .paper
        // By which of the two rows are dark: both, the upper one, the lower one, none.
        let both = isInk ? full : empty
        let upper = isInk ? half : otherHalf
        let lower = isInk ? otherHalf : half
        let none = isInk ? empty : full
        let blank = Array(repeatElement(none, count: width + 2 * margin).joined()) + [.newline]
        func isDark(_ x: Int, _ y: Int) -> Bool { y < width && code.data[y * width + x] & 1 != 0 }
        return Secret(capacity: (width + 2 * margin + 1) * 3 * (width / 2 + margin + 2)) { memory in
            var used = 0
            func add(_ bytes: [UInt8]) {
                for byte in bytes {
                    memory[used] = byte
                    used += 1
                }
            }
            for _ in 0..<margin / 2 { add(blank) }
            for y in stride(from: 0, to: width, by: 2) {
                for _ in 0..<margin { add(none) }
                for x in 0..<width {
                    switch (isDark(x, y), isDark(x, y + 1)) {
                    case (true, true): add(both)
                    case (true, false): add(upper)
                    case (false, true): add(lower)
                    case (false, false): add(none)
                    }
                }
                for _ in 0..<margin { add(none) }
                add([.newline])
            }
            for _ in 0..<margin / 2 { add(blank) }
            return used
        }
    }
}
