import PasselCore
import PasselPosix

/// The colours of a tree: `TREE_COLORS`, else `LS_COLORS`, else tree(1)'s own.
///
/// Nothing is coloured when TERM is unset; that the output is no terminal changes nothing, as pass
/// forces colours.
struct TreeColours {
    private var classes: [String: [UInt8]] = [:]
    /// The rules for the ends of names, by the last byte: most names have nothing to do with most
    /// rules.
    private var suffixes = [[(place: Int, suffix: [UInt8], code: [UInt8])]](
        repeating: [], count: 256)
    /// The last rule `*=CODE`, which fits every name.
    private var anyName: (place: Int, code: [UInt8])?
    /// The classes of ordinary files, looked up once.
    private var file: (setUser: [UInt8]?, setGroup: [UInt8]?, program: [UInt8]?, plain: [UInt8]?)
    private let active: Bool

    init(_ environment: ProcessEnvironment) {
        active = environment["TERM"] != nil
        file = (nil, nil, nil, nil)
        guard active else { return }
        let scheme = ["TREE_COLORS", "LS_COLORS"].compactMap { name in
            environment[name].flatMap { $0.isEmpty ? nil : $0 }
        }.first
        let rules = (scheme ?? Self.standard.bytes).split(separator: UInt8(ascii: ":"))
        for (place, rule) in rules.enumerated() {
            guard let equals = rule.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let (key, code) = (rule[..<equals], Array(rule[(equals + 1)...]))
            // A class without a code has no colour.
            guard !code.isEmpty else { continue }
            if key.first == UInt8(ascii: "*") {
                let suffix = Array(key.dropFirst())
                if let last = suffix.last {
                    suffixes[Int(last)].append((place, suffix, code))
                } else {
                    anyName = (place, code)
                }
            } else {
                classes[String(decoding: key, as: UTF8.self)] = code
            }
        }
        file = (classes["su"], classes["sg"], classes["ex"], classes["fi"])
    }

    /// Whether links have no colour of their own.
    var linksLookLikeTargets: Bool { classes["ln"] == "target".bytes }

    /// Appends the name between the control sequences of its class, or bare where the class has
    /// none.
    func append(
        _ shown: ArraySlice<UInt8>, as name: [UInt8], _ status: FileStatus?, isOrphan: Bool = false,
        to text: inout [UInt8]
    ) {
        guard active, let code = code(name, status, isOrphan: isOrphan) else {
            text += shown
            return
        }
        text.append(.escape)
        text.append(UInt8(ascii: "["))
        text += code
        text.append(UInt8(ascii: "m"))
        text += shown
        text += Self.end
    }

    private static let end = "\u{1b}[0m".bytes

    private func code(_ name: [UInt8], _ status: FileStatus?, isOrphan: Bool) -> [UInt8]? {
        if isOrphan, let code = classes["or"] { return code }
        guard let status else { return classes["mi"] ?? classes["no"] }
        switch status.kind {
        case .fifo: return classes["pi"]
        case .characterDevice: return classes["cd"]
        case .blockDevice: return classes["bd"]
        case .socket: return classes["so"]
        case .link: return classes["ln"]
        case .folder: return folderCode(status.mode)
        case .file: return fileCode(name, status.mode)
        }
    }

    private func folderCode(_ mode: UInt32) -> [UInt8]? {
        let (sticky, open) = (mode & 0o1000 != 0, mode & 0o002 != 0)
        if sticky, open, let code = classes["tw"] { return code }
        if sticky, !open, let code = classes["st"] { return code }
        if open, let code = classes["ow"] { return code }
        return classes["di"]
    }

    private func fileCode(_ name: [UInt8], _ mode: UInt32) -> [UInt8]? {
        if mode & 0o4000 != 0, let code = file.setUser { return code }
        if mode & 0o2000 != 0, let code = file.setGroup { return code }
        if mode & 0o111 != 0, let code = file.program { return code }
        let special = name.last.flatMap { suffixes[Int($0)].last { name.ends(with: $0.suffix) } }
        guard let anyName, anyName.place > special?.place ?? -1 else {
            return special?.code ?? file.plain
        }
        return anyName.code
    }

    /// tree 2.1.0's scheme: archives red, media magenta, programs of DOS green.
    private static let standard: String = {
        func rules(_ suffixes: String, _ code: String) -> String {
            suffixes.split(separator: " ").map { "*.\($0)=\(code)" }.joined(separator: ":")
        }
        return [
            "no=00:rs=0:fi=00:di=01;34:ln=01;36:pi=40;33:so=01;35:bd=40;33;01:cd=40;33;01:or=40;31;01:ex=01;32",
            rules("bat BAT btm BTM cmd CMD com COM dll DLL exe EXE", "01;32"),
            rules("arj bz2 deb gz lzh rpm tar taz tb2 tbz2 tbz tgz tz2 z Z zip ZIP zoo", "01;31"),
            rules(
                "asf ASF avi AVI bmp BMP flac FLAC gif GIF jpg JPG jpeg JPEG m2a M2a m2v M2V mov MOV mp3 MP3 mpeg MPEG mpg MPG ogg OGG ppm rm RM tga TGA tif TIF wav WAV wmv WMV xbm xpm",
                "01;35"),
        ].joined(separator: ":")
    }()
}
