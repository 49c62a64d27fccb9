import CQREncode
import PasselCore
import PasselPosix

/// A secret as a QR code: in a window where there is a display and a viewer, else drawn in the
/// terminal.
struct QRCode {
    let session: Session

    /// Shows the code.
    func show(_ secret: Secret, label: Text) throws {
        let environment = session.settings.environment
        let hasDisplay = ["DISPLAY", "WAYLAND_DISPLAY"].contains {
            environment[$0]?.isEmpty == false
        }
        if hasDisplay,
            let viewer = Self.viewers.first(where: {
                Programs.find($0.program, path: environment["PATH"]) != nil
            })
        {
            try window(secret, title: "pass: \(label)", viewer, environment)
        } else {
            session.output.exact(try drawing(secret))
        }
    }

    /// The viewers that pass knows, in its order; TITLE stands for the window's title.
    private static let viewers: [(program: String, arguments: [String])] = [
        ("feh", ["-x", "--title", "TITLE", "-g", "+200+200", "-"]),
        ("gm", ["display", "-title", "TITLE", "-geometry", "+200+200", "-"]),
        ("display", ["-title", "TITLE", "-geometry", "+200+200", "-"]),
    ]

    private func window(
        _ secret: Secret, title: Text, _ viewer: (program: String, arguments: [String]),
        _ environment: ProcessEnvironment
    ) throws {
        var drawing = ChildProcess(
            "qrencode", ["--size", "10", "-o", "-"], environment: environment)
        drawing.input = .secret(secret)
        let image = try drawing.run()
        guard image.status == 0 else {
            throw Problem("qrencode could not draw the code", hints: ["apt install qrencode"])
        }
        var showing = ChildProcess(
            Path(viewer.program), viewer.arguments.map { $0 == "TITLE" ? title.bytes : $0.bytes },
            environment: environment)
        showing.input = .secret(image.output)
        showing.output = .inherited
        _ = try showing.run()
    }

    /// The code in half blocks, two rows of it a line, light on dark as `qrencode -t utf8` draws
    /// it.
    private func drawing(_ secret: Secret) throws -> Secret {
        let terminated = Secret(joining: [secret, Secret(plain: "\0")])
        let code = terminated.withBytes { bytes in
            QRcode_encodeString(
                bytes.baseAddress?.assumingMemoryBound(to: CChar.self), 0, QR_ECLEVEL_L, QR_MODE_8,
                1)
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
        return Self.halfBlocks(code.pointee)
    }

    private static func halfBlocks(_ code: QRcode) -> Secret {
        let width = Int(code.width)
        let margin = 4
        let full = "\u{2588}".bytes
        let blank = Array(repeatElement(full, count: width + 2 * margin).joined()) + [.newline]
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
                for _ in 0..<margin { add(full) }
                for x in 0..<width {
                    switch (isDark(x, y), isDark(x, y + 1)) {
                    case (true, true): add(" ".bytes)
                    case (true, false): add("\u{2584}".bytes)
                    case (false, true): add("\u{2580}".bytes)
                    case (false, false): add(full)
                    }
                }
                for _ in 0..<margin { add(full) }
                add([.newline])
            }
            for _ in 0..<margin / 2 { add(blank) }
            return used
        }
    }
}
