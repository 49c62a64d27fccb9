import Glibc

/// What libFuzzer runs: the target that `FUZZ_TARGET` names.
///
/// All are in one program, so that the core is compiled once.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt { target(start, count) }

private let target: @Sendable (UnsafePointer<UInt8>, Int) -> CInt = {
    guard let name = getenv("FUZZ_TARGET").map({ String(cString: $0) }) else {
        fatalError("FUZZ_TARGET names no target")
    }
    switch name {
    case "backends": return fuzzBackends
    case "dotenv": return fuzzDotenv
    case "exports": return fuzzExports
    case "fields": return fuzzFields
    case "gate": return fuzzGate
    case "imports": return fuzzImports
    case "jwt": return fuzzTokens
    case "log": return fuzzLog
    case "macaroon": return fuzzMacaroon
    case "merge": return fuzzMerge
    case "names": return fuzzNames
    case "otpauth": return fuzzOneTimeURI
    case "packets": return fuzzPackets
    case "recipients": return fuzzRecipients
    case "team": return fuzzTeam
    case "terminal": return fuzzTerminal
    default: fatalError("there is no target \(name)")
    }
}()
