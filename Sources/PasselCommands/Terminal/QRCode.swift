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
            session.output.exact(try QRDrawing(ground: .screen).drawing(of: secret))
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
}
