/// Whatever stands behind `pypi-`: no trap, and what is read can be narrowed and read again.
func fuzzMacaroon(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let input = UnsafeRawBufferPointer(start: start, count: count)
    let bytes = Array(input)
    if let macaroon = Macaroon(input) {
        let more: [[UInt8]] = [Array(#"[1,["a"]]"#.utf8), Array("[0,2,1]".utf8)]
        guard let narrowed = Macaroon.narrowed(Secret(copying: bytes), by: more) else {
            preconditionFailure("not narrowed")
        }
        let again = narrowed.withBytes { Macaroon($0) }
        precondition(again?.identifier == macaroon.identifier)
        precondition(again?.location == macaroon.location)
        precondition(again?.caveats.dropLast(2).elementsEqual(macaroon.caveats) == true)
        precondition(again?.caveats.suffix(2).map(\.text) == more)
        let text = Secret(joining: [Secret(plain: "pypi-"), Base64.encode(bytes, .url)])
        precondition(text.tokenFinding?.isMistyped == false)
    }
    if let caveat = PyPICaveat(bytes) {
        // What we write ourselves is read as what it is.
        if case .times = caveat { precondition(PyPICaveat(caveat.encoded) == caveat) }
    }
    let text = Secret(joining: [Secret(plain: "pypi-"), Secret(copying: bytes)])
    if let token = PyPIToken(text) {
        precondition(PyPIToken(token.narrowed(to: ["x"], times: nil)) != nil)
    }
    return 0
}
