import CImport
import PasselCore

/// zlib, loaded when something has to be unpacked.
struct Zlib: Inflater {
    /// More than any attachment has.
    private static let limit = 256 << 20

    func inflate(_ packed: Secret, _ form: PackedForm, size: Int) throws -> Secret {
        guard size <= Self.limit else { throw Problem("something in it is larger than 256 MiB") }
        // How zlib is told: `inflateInit2`, windowBits.
        let bits: Int32 =
            switch form {
            case .raw: -15
            case .gzip: 31
            }
        var result = 0
        let content = Secret(capacity: size) { memory in
            result = packed.withBytes {
                passel_inflate($0.baseAddress, $0.count, bits, memory.baseAddress, memory.count)
            }
            return result
        }
        guard result != -2 else {
            throw Problem("zlib is missing", hints: ["sudo apt install zlib1g"])
        }
        guard result == size else { throw Problem.damagedImport }
        return content
    }
}
